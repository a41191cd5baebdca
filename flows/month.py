"""The last thirty days in numbers and as two small charts, for the digest and the reading room. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.charts import stacked
from flows.report import CHINA
from models.browse import RunCounts

__all__ = ["DAYS", "Night", "draw_faults", "draw_news", "nights_of_month"]

DAYS = 30


@dataclass(frozen=True, slots=True)
class Night:
    """What all runs of one day brought."""

    day: date
    new: int = 0
    copies: int = 0
    failed: int = 0  # failed or quarantined URLs


def nights_of_month(runs: Iterable[RunCounts], today: date) -> tuple[Night, ...]:
    """One night for each of the thirty days that end today in China, oldest first."""
    days = {today - timedelta(days=ago): [0, 0, 0] for ago in range(DAYS - 1, -1, -1)}
    for run in runs:
        counts = days.get(run.run.started_at.astimezone(CHINA).date())
        if counts is not None:
            counts[0] += run.new
            counts[1] += run.duplicate
            counts[2] += run.failed + run.quarantined
    return tuple(Night(day, *counts) for day, counts in days.items())


def draw_news(nights: Sequence[Night], width: int) -> str:
    """New stories and, above them, reprints of each day, as SVG."""
    columns = [(f"{n.day:%m-%d} 新报道 {n.new}，转载 {n.copies}", [("new", n.new), ("copy", n.copies)]) for n in nights]
    return stacked(columns, width=width, height=72, label=f"最近 {DAYS} 天每天的新报道和转载")


def draw_faults(nights: Sequence[Night], width: int) -> str:
    """Failed or quarantined URLs of each day, as SVG."""
    columns = [(f"{n.day:%m-%d} 失败或隔离 {n.failed}", [("fault", n.failed)]) for n in nights]
    return stacked(columns, width=width, height=36, label=f"最近 {DAYS} 天每天失败或隔离的网址")
