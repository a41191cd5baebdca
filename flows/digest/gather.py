"""Read a digest out of the database: trouble, new stories by place, reprints and corrections of old ones, numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flows.digest.edition import Edition, Group, Item, Line, Named
from flows.digest.sentences import extract
from flows.month import DAYS, nights_of_month
from flows.report import CHINA
from flows.web.words import RELATIONS, name_province, province_of
from models.accounts import HealthState, RunKind, RunState
from models.browse import NewStory, RunCounts
from models.news import Copy, News
from models.records import Precision

__all__ = ["gather", "span_of"]

RUNS_READ = 300  # of thirty days: nights and what was started by hand
STORIES_READ = 2000  # the first night of a corpus brings thousands; they are counted, not printed
ITEMS_PER_GROUP = 12  # what three minutes are enough for
LINES = 15  # of reprints and corrections
COPIES = 6  # media named at a story
MOST_TITLE = 120  # letters; a page may put its whole text into its title
OPENING = 1500  # letters to find two sentences in
NIGHTS = (RunKind.NIGHTLY,)
BRINGING = (RunKind.NIGHTLY, RunKind.INGEST, RunKind.SEEDS, RunKind.BACKFILL, RunKind.RETRY)
# Nobody reads a digest of more than a week; without a limit the first one after a holiday is the whole corpus.
LONGEST = timedelta(days=7)


def span_of(news: News, now: datetime) -> tuple[datetime, datetime]:
    """From the end of the nightly run before the last one until now: what the last digest could not know yet."""
    nights = [run for run in news.runs(limit=RUNS_READ) if run.kind in NIGHTS]
    if not nights:
        return now - timedelta(days=1), now
    before = [run.finished_at or run.heartbeat_at for run in nights[1:2]]
    return max(*before, now - LONGEST) if before else now - LONGEST, now


def gather(
    news: News, since: datetime, until: datetime, *, web_url: str = "", names: Mapping[str, str] | None = None
) -> Edition:
    """The digest of a span of time. ``names``: slug to name, where the database does not know better."""
    named = {**(names or {}), **{one.slug: one.name for one in news.sources() if one.name}}
    runs = news.run_counts(since=until - timedelta(days=DAYS + 1), limit=RUNS_READ)
    brought = [run for run in runs if run.run.kind in BRINGING and run.run.started_at < until]
    stories = news.new_stories(since, until, limit=STORIES_READ)
    health = news.health()
    return Edition(
        since=since,
        until=until,
        alarms=tuple(_alarms(runs, since, until)),
        trouble=tuple(Named(named.get(h.source, h.source), h) for h in health if h.state.needs_attention),
        quiet=tuple(Named(named.get(h.source, h.source), h) for h in health if h.state is HealthState.QUIET),
        well=sum(h.state in (HealthState.OK, HealthState.QUIET) for h in health),
        remarks=tuple(_remarks(runs, since, until)),
        groups=tuple(_groups(news, stories, until, named, web_url)),
        stories=news.count_new_stories(since, until, limit=STORIES_READ * 10),
        topics=tuple(Counter(topic for story in stories for topic in story.topics[:1]).most_common()),
        reprinted=tuple(
            Line(_name(one.title), one.url, f"新增转载 {one.copies} 篇") for one in news.reprinted(since, until, LINES)
        ),
        updated=tuple(
            Line(_name(one.title), one.url, f"第 {one.version} 版，{named.get(one.source, one.source)}")
            for one in news.updated(since, until, LINES)
        ),
        nights=nights_of_month(brought, until.astimezone(CHINA).date()),
    )


def _alarms(runs: Sequence[RunCounts], since: datetime, until: datetime) -> list[str]:
    nights = [run.run for run in runs if run.run.kind in NIGHTS and since <= run.run.started_at <= until]
    said = {
        RunState.FAILED: "夜间采集失败",
        RunState.CRASHED: "夜间采集中断（进程被终止），下一次会接着做",
    }
    alarms = [
        f"{run.started_at.astimezone(CHINA):%m月%d日 %H:%M} {said[run.state]}：{run.message}".rstrip("：")
        for run in nights
        if run.state in said
    ]
    return alarms if nights else ["这段时间没有运行过夜间采集，请检查定时任务 / no nightly run", *alarms]


def _remarks(runs: Sequence[RunCounts], since: datetime, until: datetime) -> list[str]:
    late = [run for run in runs if since <= run.run.started_at < until]
    failed, held = sum(run.failed for run in late), sum(run.quarantined for run in late)
    remarks = [f"{failed} 个网址失败，到期会自动重试，也可在 Prefect 界面运行“重试失败”"] if failed else []
    return remarks + ([f"{held} 个页面被隔离，原因见运行报告"] if held else [])


# Stories


def _groups(
    news: News, stories: Sequence[NewStory], until: datetime, named: Mapping[str, str], web_url: str
) -> list[Group]:
    """By province, the fullest first, stories without a place last; within one, by topic."""
    found: dict[str, list[NewStory]] = {}
    for story in stories:
        found.setdefault(province_of(story.region_code), []).append(story)
    ordered = sorted(found.items(), key=lambda item: (not item[0], -len(item[1]), item[0]))
    shown = {code: sorted(some, key=_by_topic)[:ITEMS_PER_GROUP] for code, some in ordered}
    keys = [story.key for some in shown.values() for story in some]
    openings, copies = news.openings(keys, OPENING), news.copies(keys)
    return [
        Group(
            name_province(code),
            tuple(_item(s, until, openings.get(s.key, ""), copies.get(s.key, []), named, web_url) for s in shown[code]),
            len(some) - len(shown[code]),
        )
        for code, some in ordered
    ]


def _by_topic(story: NewStory) -> tuple[bool, int, str, float]:
    """What many reprint first; then topic by topic, latest first."""
    age = -story.published_at.timestamp() if story.published_at else 0.0
    return (not story.topics, -story.articles, story.topics[0] if story.topics else "", age)


def _item(
    story: NewStory, until: datetime, opening: str, copies: Sequence[Copy], named: Mapping[str, str], web_url: str
) -> Item:
    return Item(
        key=story.key,
        title=_name(story.title or story.opening[:40]),
        url=story.url,
        link=f"{web_url.rstrip('/')}/story/{story.key}" if web_url else "",
        medium=story.medium or f"采自 {named.get(story.source, story.source)}",
        published=_say_when(story, until),
        place=story.region or "",
        topics=story.topics[:3],
        extract=extract(opening, story.title),
        copies=tuple(
            f"{copy.medium or named.get(copy.source, copy.source)}（{RELATIONS[copy.relation]}）"
            for copy in copies[:COPIES]
        ),
        more_copies=max(len(copies) - COPIES, 0),
    )


def _name(title: str | None) -> str:
    shown = " ".join((title or "").split()) or "（无标题）"
    return shown if len(shown) <= MOST_TITLE else shown[:MOST_TITLE] + "……"


def _say_when(story: NewStory, until: datetime) -> str:
    """As precise as the page was; with the year where it is not this one."""
    if story.published_at is None:
        return ""
    moment = story.published_at.astimezone(CHINA)
    day = f"{moment:%m-%d}" if moment.year == until.astimezone(CHINA).year else f"{moment:%Y-%m-%d}"
    return day if story.published_precision == Precision.DAY.value else f"{day} {moment:%H:%M}"
