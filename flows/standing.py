"""How a source stands, judged from its last runs together: a state that people are told of when it changes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile

from flows.health import nights_of
from models.accounts import HealthState, RunKind, SourceHealth, SourceState, SourceTotals

__all__ = ["HEALTH_NAMES", "MARKS", "HealthLine", "coverage_of", "month_of", "news_of", "stand", "strip"]

HEALTH_NAMES = {
    HealthState.BROKEN: "失效",
    HealthState.BLOCKED: "被拦截",
    HealthState.SUSPECT: "可疑",
    HealthState.QUIET: "安静",
    HealthState.OK: "正常",
    HealthState.DISABLED: "已停用",
}

MARKS = {
    HealthState.OK: "🟢",
    HealthState.QUIET: "⚪",
    HealthState.SUSPECT: "🟡",
    HealthState.BROKEN: "🔴",
    HealthState.BLOCKED: "⛔",
    HealthState.DISABLED: "⏸",
}


@dataclass(frozen=True, slots=True)
class HealthLine:
    """A source on the page of all sources: how it stands, what a month of it looks like, how full its records are."""

    name: str
    health: SourceHealth
    month: tuple[int, ...] = ()  # new articles a day, oldest first
    coverage: Mapping[str, float] = field(default_factory=dict)  # of the last night with records; see SourceTotals


DAYS = 30
QUIET_NIGHTS = 2  # a single night without news is what every site has
BROKEN_NIGHTS = 2  # a host that is down for one night is back on the next more often than not
BLOCKS = "▁▂▃▄▅▆▇█"


def stand(slug: str, *, enabled: bool, lines: Sequence[SourceTotals]) -> SourceHealth | None:
    """The state of a source by its lines of the last runs, newest first. None before its first run."""
    if not enabled:
        return SourceHealth(slug, HealthState.DISABLED, "来源文件中已停用")
    judged = [line for line in lines if _tells(line)]
    if not judged:
        return None
    last = judged[0]
    if last.state is SourceState.BLOCKED:
        return SourceHealth(slug, HealthState.BLOCKED, last.message)
    if last.state is SourceState.FAILED:
        return SourceHealth(slug, HealthState.BROKEN, last.message)
    if last.state is SourceState.UNREACHABLE:
        return _unreachable(slug, judged)
    if last.state is SourceState.SUSPECT:
        return SourceHealth(slug, HealthState.SUSPECT, last.message)
    return _silent(slug, judged)


def _tells(line: SourceTotals) -> bool:
    """Retries, backfills and runs that are not closed say nothing about a source."""
    return line.kind in (RunKind.NIGHTLY, RunKind.INGEST) and line.state not in (None, SourceState.SKIPPED)


def _unreachable(slug: str, judged: Sequence[SourceTotals]) -> SourceHealth:
    down = {line.day for line in takewhile(lambda line: line.state is SourceState.UNREACHABLE, judged)}
    if len(down) < BROKEN_NIGHTS:
        return SourceHealth(slug, HealthState.SUSPECT, f"无法访问：{judged[0].message}")
    return SourceHealth(slug, HealthState.BROKEN, f"连续 {len(down)} 天无法访问：{judged[0].message}")


def _silent(slug: str, judged: Sequence[SourceTotals]) -> SourceHealth:
    counts = news_of(judged)
    silent = list(takewhile(lambda day: not counts[day], sorted(counts, reverse=True)))
    if len(silent) < QUIET_NIGHTS or len(silent) == len(counts):
        return SourceHealth(slug, HealthState.OK)
    return SourceHealth(slug, HealthState.QUIET, f"{len(silent)} 天没有新文章，在它的习惯之内")


def news_of(lines: Sequence[SourceTotals]) -> dict[date, int]:
    """New articles per day in China, oldest day first. ``lines``: newest first."""
    days: dict[date, int] = {}
    for night in nights_of(lines):
        days[night.day] = days.get(night.day, 0) + night.new
    return dict(sorted(days.items()))


def month_of(lines: Sequence[SourceTotals], today: date) -> tuple[int, ...]:
    """New articles of each of the last thirty days."""
    counts = news_of(lines)
    return tuple(counts.get(today - timedelta(days=ago), 0) for ago in range(DAYS - 1, -1, -1))


def coverage_of(lines: Sequence[SourceTotals]) -> Mapping[str, float]:
    """Field coverage of the last run that read any article."""
    return next((line.coverage for line in lines if line.coverage.get("records")), {})


def strip(values: Sequence[float]) -> str:
    """Numbers as a row of blocks, for places that show text only: ``▁▃█``."""
    top = max(values, default=0) or 1
    return "".join(BLOCKS[round(value / top * (len(BLOCKS) - 1))] for value in values)
