"""The sources and the runs: how each stands, since when, what it brought night by night, and what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from flows.charts import skyline, sparkline, stacked
from flows.health import FIELDS
from flows.report import CHINA
from flows.web import words
from flows.web.room import Here
from models.accounts import WORST_FIRST, HealthState, SourceEntry, SourceHealth, SourceTotals
from models.browse import SourceNight
from models.records import Outcome

__all__ = ["router"]

router = APIRouter()

DAYS = 30
COVERAGE_RUNS = 7  # runs whose records the share of filled fields is taken from
HISTORY = 60  # runs on the page of a source, as many as its judge looks at
RUNS_SHOWN = 60
WIDE = 560  # pixels of a chart on the page of a source
LISTED = 50  # failed addresses and quarantined pages of a source
NEW_SHOWN = 200  # stories of one run


@dataclass(frozen=True, slots=True)
class Standing:
    """A source in the table: how it stands and what its last thirty days looked like."""

    entry: SourceEntry
    health: SourceHealth
    last: SourceNight | None
    chart: str
    month: int  # new articles and reprints of the thirty days
    coverage: Mapping[str, float]


@router.get("/sources", response_class=HTMLResponse)
def list_sources(here: Here) -> HTMLResponse:
    nights = here.browse.source_nights(here.now - timedelta(days=DAYS))
    of_source: dict[str, list[SourceNight]] = {}
    for night in nights:
        of_source.setdefault(night.source, []).append(night)
    judged = {one.source: one for one in here.browse.health()}
    recent = list(dict.fromkeys(night.run for night in nights))[:COVERAGE_RUNS]
    lines = [line for run in recent for line in here.browse.run_sources(run)]
    days = _days(here.now.astimezone(CHINA).date())
    rows = [
        _stand(entry, judged.get(entry.slug), of_source.get(entry.slug, []), lines, days)
        for entry in here.browse.sources()
    ]
    rows.sort(key=lambda row: (WORST_FIRST.index(row.health.state), row.entry.slug))
    counts = {state: sum(row.health.state is state for row in rows) for state in WORST_FIRST}
    return here.show("sources.html", rows=rows, fields=FIELDS, counts=counts)


def _days(today: date) -> list[date]:
    return [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]


def _stand(
    entry: SourceEntry,
    judged: SourceHealth | None,
    nights: Sequence[SourceNight],
    lines: Sequence[SourceTotals],
    days: Sequence[date],
) -> Standing:
    last = nights[0] if nights else None
    came = dict.fromkeys(days, 0)
    for night in nights:
        day = night.started_at.astimezone(CHINA).date()
        if day in came:
            came[day] += night.new + night.duplicate
    chart = skyline(list(came.values()), width=150, height=28, label=_chart_label(came))
    mine = [line for line in lines if line.source == entry.slug]
    health = judged or _judge_by_last(entry, last)
    return Standing(entry, health, last, chart, sum(came.values()), average_coverage(mine))


def _chart_label(came: Mapping[date, int]) -> str:
    return f"最近 {DAYS} 天共 {sum(came.values())} 篇，有 {sum(map(bool, came.values()))} 天有新文章"


def _judge_by_last(entry: SourceEntry, last: SourceNight | None) -> SourceHealth:
    """A source that no judge has seen yet: by its own last run, without a date."""
    if not entry.enabled:
        return SourceHealth(entry.slug, HealthState.DISABLED)
    if last is None or last.state is None:
        return SourceHealth(entry.slug, HealthState.QUIET, "尚未运行" if last is None else "正在运行")
    return SourceHealth(entry.slug, words.HEALTH_OF[last.state], last.message)


def average_coverage(lines: Sequence[SourceTotals]) -> dict[str, float]:
    """Share of the records of these runs that have each field; empty if there were no records."""
    records = sum(line.coverage.get("records", 0) for line in lines)
    if not records:
        return {}
    return {
        name: sum(line.coverage.get(name, 0) * line.coverage.get("records", 0) for line in lines) / records
        for name in FIELDS
    }


# One source


@router.get("/source/{slug}", response_class=HTMLResponse)
def show_source(here: Here, slug: str) -> HTMLResponse:
    entry = next((entry for entry in here.browse.sources() if entry.slug == slug), None)
    if entry is None:
        raise HTTPException(404, "没有这个来源。全部来源见“来源”一页。")
    history = here.browse.source_history(slug, limit=HISTORY)
    judged = next((one for one in here.browse.health() if one.source == slug), None)
    return here.show(
        "source.html",
        entry=entry,
        health=judged,
        history=history,
        articles=here.browse.count_articles(slug),
        coverage=average_coverage(history[:COVERAGE_RUNS]),
        fields=FIELDS,
        charts=draw_history(history[::-1]) if history else [],
        recent=here.browse.recent_articles(20, source=slug),
        failed=here.browse.failed_urls(source=slug, limit=LISTED),
        quarantined=here.browse.quarantined(source=slug, limit=LISTED),
        listed=LISTED,
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what a reader wants to know of it at a glance."""

    name: str
    note: str
    svg: str


def draw_history(history: Sequence[SourceTotals]) -> list[Chart]:
    """What the source brought, how its lists and its texts were, run by run, oldest first."""
    news = [_bar_of(line) for line in history]
    label = f"最近 {len(news)} 次运行的新文章、转载和失败"
    return [
        Chart("新文章、转载、失败", "", stacked(news, width=WIDE, height=90, label=label)),
        _line("列表篇数", [line.coverage.get("listed") for line in history], "篇"),
        _line("正文平均字数", [line.coverage.get("length") for line in history], "字"),
        _line("用时", [line.seconds for line in history], "秒"),
    ]


def _bar_of(line: SourceTotals) -> tuple[str, list[tuple[str, float]]]:
    new, copies = line.counts[Outcome.NEW], line.counts[Outcome.DUPLICATE]
    faults = line.counts[Outcome.FAILED] + line.counts[Outcome.QUARANTINED]
    caption = f"{line.day}：新 {new}，转载 {copies}，失败或隔离 {faults}"
    return caption, [("new", new), ("copy", copies), ("fault", faults)]


def _line(name: str, values: Sequence[float | None], unit: str) -> Chart:
    known = [value for value in values if value is not None]
    note = f"最近 {known[-1]:,.0f} {unit}，最多 {max(known):,.0f} {unit}" if known else "没有记录"
    return Chart(name, note, sparkline(values, width=WIDE, height=40, label=f"{name}，{note}"))


# Runs


@router.get("/runs", response_class=HTMLResponse)
def list_runs(here: Here) -> HTMLResponse:
    return here.show(
        "runs.html", runs=here.browse.run_counts(limit=RUNS_SHOWN), prefect=here.room.prefect_ui(), shown=RUNS_SHOWN
    )


@router.get("/run/{run_id}", response_class=HTMLResponse)
def show_run(here: Here, run_id: str) -> HTMLResponse:
    run = here.browse.run(run_id)
    if run is None:
        raise HTTPException(404, "没有这次运行。最近的运行见“运行”一页。")
    lines = here.browse.run_sources(run_id)
    lines.sort(key=lambda line: (-_weight(line), line.source))
    return here.show(
        "run.html",
        run=run,
        lines=lines,
        stories=here.browse.new_stories(run.run.started_at, run.run.finished_at, limit=NEW_SHOWN),
        names={source.slug: source.name for source in here.browse.sources()},
        prefect=here.room.prefect_ui(),
    )


def _weight(line: SourceTotals) -> int:
    """What a person has to look at first."""
    attention = line.state is not None and words.HEALTH_OF[line.state].needs_attention
    return 2 * attention + bool(line.counts[Outcome.FAILED] or line.counts[Outcome.QUARANTINED])
