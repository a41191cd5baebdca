"""The first page: what needs somebody, what is new since the last night, and the last thirty days in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from flows.month import DAYS, draw_faults, draw_news, nights_of_month
from flows.report import CHINA
from flows.web import words
from flows.web.room import Here
from models.accounts import WORST_FIRST, RunKind, RunState, SourceHealth
from models.browse import Browse, NewStory, RunCounts

__all__ = ["Group", "arrange_by_region", "arrange_by_topic", "router"]

router = APIRouter()

CHART_WIDTH = 300  # pixels
RUNS_READ = 200  # of thirty days; a few by hand besides the nightly ones
SHOWN = 400  # stories on the page; the first night of a corpus brings thousands
COUNTED = 5000
OPEN_PER_GROUP = 8  # the rest of a group unfolds
# A night that is a few hours late is no alarm; one that is missing is.
LATE = timedelta(hours=30)

FETCHING = (RunKind.NIGHTLY, RunKind.INGEST, RunKind.SEEDS, RunKind.BACKFILL)


@dataclass(frozen=True, slots=True)
class Group:
    """Stories under one heading; the first few are shown, the others unfold."""

    name: str
    code: str
    shown: Sequence[NewStory]
    folded: Sequence[NewStory]

    @property
    def size(self) -> int:
        return len(self.shown) + len(self.folded)


@router.get("/", response_class=HTMLResponse)
def show_today(here: Here, by: Literal["region", "topic"] = "region") -> HTMLResponse:
    runs = here.browse.run_counts(since=here.now - timedelta(days=DAYS + 1), limit=RUNS_READ)
    night = find_night(runs)
    since = night.run.started_at if night else here.now
    stories = here.browse.new_stories(since, limit=SHOWN) if night else []
    arrange = arrange_by_topic if by == "topic" else arrange_by_region
    return here.show(
        "today.html",
        night=night,
        alarm=alarm_of(night, runs, here.now),
        trouble=find_trouble(here.browse, night),
        groups=arrange(stories),
        by=by,
        total=here.browse.count_new_stories(since, limit=COUNTED) if night else 0,
        counted=COUNTED,
        names={source.slug: source.name for source in here.browse.sources()},
        month=sum_month(runs, here.now.astimezone(CHINA).date()),
        totals=here.browse.totals() if night else None,
        runs=runs[:6],
    )


def find_night(runs: Iterable[RunCounts]) -> RunCounts | None:
    """The last nightly run; before there was one, the last that fetched anything."""
    fetching = [run for run in runs if run.run.kind in FETCHING]
    return next((run for run in fetching if run.run.kind is RunKind.NIGHTLY), fetching[0] if fetching else None)


def alarm_of(night: RunCounts | None, runs: Sequence[RunCounts], now: datetime) -> str:
    """What is wrong with the nights themselves, in a sentence; empty if nothing is."""
    if night is None:
        return "最近三十天没有运行过采集" if runs else ""
    if night.run.state is RunState.CRASHED:
        return "上一次采集中断了（进程被终止），下一次会接着做"
    if night.run.state is RunState.FAILED:
        return f"上一次采集失败：{night.run.message}" if night.run.message else "上一次采集失败"
    if night.run.kind is RunKind.NIGHTLY and now - night.run.started_at > LATE:
        return f"昨夜没有采集：上一次是 {night.run.started_at.astimezone(CHINA):%m月%d日 %H:%M}，请检查定时任务"
    return ""


def find_trouble(browse: Browse, night: RunCounts | None) -> list[SourceHealth]:
    """Sources that somebody has to look at, worst first; those never judged, by what the last night said."""
    judged = browse.health()
    known = {one.source for one in judged}
    fresh = [
        SourceHealth(line.source, words.HEALTH_OF[line.state], line.message, night.run.started_at)
        for line in (browse.run_sources(night.run.id) if night else ())
        if night and line.state and line.source not in known
    ]
    trouble = [one for one in (*judged, *fresh) if one.state.needs_attention]
    return sorted(trouble, key=lambda one: (WORST_FIRST.index(one.state), one.source))


# Groups


def arrange_by_region(stories: Sequence[NewStory]) -> list[Group]:
    """By province, the fullest first, stories without a place last."""
    return _arrange(stories, lambda story: words.province_of(story.region_code), words.name_province)


def arrange_by_topic(stories: Sequence[NewStory]) -> list[Group]:
    """By the topic that a story is most about."""
    return _arrange(stories, lambda story: story.topics[0] if story.topics else "", lambda name: name or "其他")


def _arrange(
    stories: Sequence[NewStory], code_of: Callable[[NewStory], str], name_of: Callable[[str], str]
) -> list[Group]:
    found: dict[str, list[NewStory]] = {}
    for story in stories:
        found.setdefault(code_of(story), []).append(story)
    ordered = sorted(found.items(), key=lambda item: (not item[0], -len(item[1]), item[0]))
    return [Group(name_of(code), code, some[:OPEN_PER_GROUP], some[OPEN_PER_GROUP:]) for code, some in ordered]


# Charts


@dataclass(frozen=True, slots=True)
class Month:
    """The last thirty days: two charts (SVG), and what they add up to."""

    first: date
    last: date
    new: int
    copies: int
    faults: int
    news_chart: str
    fault_chart: str


def sum_month(runs: Iterable[RunCounts], today: date) -> Month:
    nights = nights_of_month(runs, today)
    return Month(
        first=nights[0].day,
        last=nights[-1].day,
        new=sum(night.new for night in nights),
        copies=sum(night.copies for night in nights),
        faults=sum(night.failed for night in nights),
        news_chart=draw_news(nights, CHART_WIDTH),
        fault_chart=draw_faults(nights, CHART_WIDTH),
    )
