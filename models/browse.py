"""What the reading room asks of the database: whole pages of answers, each from a few indexed look-ups. Read-only."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from models.accounts import RunInfo, RunKind, SourceState
from models.database import open_reader, reading, sqlite_path
from models.migrate import revision
from models.migrations import HEAD
from models.questions import Questions, run_info
from models.records import Record
from models.rows import record_of
from models.tables import (
    ARTICLE,
    ARTICLE_VERSION,
    CANDIDATE,
    PAGE_FETCH,
    RAW_PAGE,
    REPAIR,
    RUN,
    RUN_SOURCE,
    SEARCH_ENTRY,
    STORY,
)
from models.wording import Relation

__all__ = [
    "ArticleInFull",
    "Browse",
    "Edition",
    "Fetch",
    "NewStory",
    "RunCounts",
    "Schema",
    "SourceNight",
]

# Letters of the text that stand for a story without a title, or below it.
OPENING = 120

# Repairs read with an article: a page torn all over has thousands, and nobody reads them.
MOST_REPAIRS = 2000


@dataclass(frozen=True, slots=True)
class NewStory:
    """A story in a list. ``articles`` counts the reprints and the original."""

    key: str
    title: str | None
    opening: str
    medium: str | None
    source: str
    url: str
    published_at: datetime | None
    published_precision: str | None
    region: str | None
    region_code: str | None
    topics: tuple[str, ...]
    articles: int
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class RunCounts:
    """A run as a whole: what all its sources did."""

    run: RunInfo
    sources: int
    discovered: int
    new: int
    duplicate: int
    updated: int
    unchanged: int
    off_topic: int
    quarantined: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class SourceNight:
    """A source in one run, in short."""

    source: str
    run: str
    kind: RunKind
    started_at: datetime
    state: SourceState | None
    message: str
    new: int
    duplicate: int
    updated: int
    failed: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """How the bytes of an article came."""

    url: str
    final_url: str | None
    status: int
    media_type: str
    headers: Mapping[str, str]
    digest: str
    size: int  # bytes
    further: int  # pages of the same article after the first
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of an article, an earlier one or (``until`` is None) the present one."""

    number: int
    since: datetime
    until: datetime | None
    title: str | None
    text: str
    medium: str | None
    rules_version: str


@dataclass(frozen=True, slots=True)
class ArticleInFull:
    """An article with everything that is known of it but its story and its earlier texts."""

    record: Record
    story: str
    relation: Relation | None
    copy_of: str | None
    shared: int | None
    sentences: int | None
    version: int
    flaps: int
    first_seen_at: datetime
    updated_at: datetime
    fetch: Fetch | None
    run: str | None  # the last run that worked on it
    flow_run_id: str | None  # of that run


class Schema(enum.StrEnum):
    """What may be wrong with a database that can be reached."""

    MISSING = "missing"  # no file
    OLD = "old"  # no tables, or those of an earlier version of the program
    NEW = "new"  # tables of a later one


class Browse(Questions):
    """The reading half of the store, on connections that can not write."""

    @classmethod
    def open(cls, address: str) -> Self:
        """Open the database at ``address``. Connects to nothing yet; raises DatabaseUrlWrong."""
        return cls(open_reader(address))

    def close(self) -> None:
        self._engine.dispose()

    def schema_problem(self) -> Schema | None:
        """Why this program can not read the database; None if it can. Raises DatabaseBusy if it is out of reach."""
        if self._engine.dialect.name == "sqlite" and not sqlite_path(self._engine).exists():
            return Schema.MISSING
        with reading(self._engine) as connection:
            found = revision(connection)
        if found == HEAD:
            return None
        return Schema.OLD if found is None or found < HEAD else Schema.NEW

    # Stories

    def new_stories(self, since: datetime, until: datetime | None = None, *, limit: int) -> list[NewStory]:
        """Stories of which nothing was known before ``since``, latest publication first."""
        query = select(*_STORY_COLUMNS).join(STORY, STORY.c.id == ARTICLE.c.story).where(*_new_between(since, until))
        # The latest to arrive, so that the index answers; a person reads them by their date.
        query = query.order_by(ARTICLE.c.first_seen_at.desc(), ARTICLE.c.id).limit(limit)
        found = [_new_story(row) for row in self._rows(query)]
        return sorted(found, key=_by_publication, reverse=True)

    def count_new_stories(self, since: datetime, until: datetime | None = None, *, limit: int) -> int:
        """How many stories are new, counted no further than ``limit``."""
        some = select(ARTICLE.c.id).where(*_new_between(since, until)).limit(limit).subquery()
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(some)).scalar_one()

    def latest_stories(self, limit: int) -> list[NewStory]:
        """The stories that were found last, latest first."""
        query = select(*_STORY_COLUMNS).join(STORY, STORY.c.id == ARTICLE.c.story).where(ARTICLE.c.id == STORY.c.id)
        query = query.where(~_OFF_TOPIC)
        query = query.order_by(ARTICLE.c.first_seen_at.desc(), ARTICLE.c.id).limit(limit)
        return [_new_story(row) for row in self._rows(query)]

    def article_in_full(self, key: str) -> ArticleInFull | None:
        """An article by its whole key."""
        for row in self._rows(select(ARTICLE).where(ARTICLE.c.id == key)):
            repairs = select(REPAIR).where(REPAIR.c.article == key).order_by(REPAIR.c.number).limit(MOST_REPAIRS)
            return self._in_full(row, self._rows(repairs))
        return None

    def _in_full(self, row: RowMapping, repairs: Sequence[RowMapping]) -> ArticleInFull:
        run = next(iter(self._rows(_run_of(row["id"]))), None)
        names = "story copy_of shared sentences version flaps first_seen_at updated_at".split()
        return ArticleInFull(
            record=record_of(dict(row), [dict(repair) for repair in repairs]),
            relation=Relation(row["relation"]) if row["relation"] else None,
            fetch=self._fetch(row["page"]),
            run=run["id"] if run else None,
            flow_run_id=run["flow_run_id"] if run else None,
            **{name: row[name] for name in names},
        )

    def _fetch(self, page: str | None) -> Fetch | None:
        query = select(PAGE_FETCH, RAW_PAGE.c.size).join(RAW_PAGE, RAW_PAGE.c.digest == PAGE_FETCH.c.digest)
        for row in self._rows(query.where(PAGE_FETCH.c.id == page)) if page else ():
            names = "url final_url status media_type headers digest size fetched_at".split()
            return Fetch(further=len(row["more"]), **{name: row[name] for name in names})
        return None

    def editions(self, key: str, limit: int) -> list[Edition]:
        """The texts of an article, latest first, the present one included."""
        names = ("title", "text", "medium", "rules_version")
        present = select(*(ARTICLE.c[n] for n in (*names, "version", "first_seen_at", "updated_at")))
        rows = self._rows(present.where(ARTICLE.c.id == key))
        earlier = select(*(ARTICLE_VERSION.c[n] for n in (*names, "number", "since", "until")))
        earlier = earlier.where(ARTICLE_VERSION.c.article == key).order_by(ARTICLE_VERSION.c.number.desc())
        older = [Edition(**row) for row in self._rows(earlier.limit(limit))]
        since = older[0].until if older else None
        return [
            Edition(row["version"], since or row["first_seen_at"], None, *(row[n] for n in names)) for row in rows
        ] + older

    # Runs and sources

    def run(self, run: str) -> RunCounts | None:
        return next(iter(self._run_counts(RUN.c.id == run, limit=1)), None)

    def run_counts(self, *, since: datetime | None = None, limit: int) -> list[RunCounts]:
        """The last runs with the sums of their sources, newest first."""
        return self._run_counts(*([] if since is None else [RUN.c.started_at >= since]), limit=limit)

    def _run_counts(self, *where: ColumnElement[bool], limit: int) -> list[RunCounts]:
        chosen = select(RUN.c.id).where(*where).order_by(RUN.c.started_at.desc(), RUN.c.id.desc()).limit(limit)
        names = [name for name in RunCounts.__slots__ if name not in ("run", "sources")]
        sums = [func.coalesce(func.sum(RUN_SOURCE.c[name]), 0).label(name) for name in names]
        # What never went through the store is counted where it belongs, as in the report of a run.
        known = func.coalesce(func.sum(RUN_SOURCE.c.known), 0).label("known")
        passed = func.coalesce(func.sum(RUN_SOURCE.c.passed_over), 0).label("passed_over")
        number = func.count(RUN_SOURCE.c.source).label("sources")
        totals = (
            select(RUN_SOURCE.c.run, number, known, passed, *sums)
            .where(RUN_SOURCE.c.run.in_(chosen))
            .group_by(RUN_SOURCE.c.run)
            .subquery()
        )
        query = select(RUN, *(c for c in totals.c if c.name != "run")).outerjoin(totals, totals.c.run == RUN.c.id)
        query = query.where(RUN.c.id.in_(chosen)).order_by(RUN.c.started_at.desc(), RUN.c.id.desc())
        return [_run_counts(row, names) for row in self._rows(query)]

    def source_nights(self, since: datetime) -> list[SourceNight]:
        """Every source in every run that began since then, newest first."""
        names = "source run state message new duplicate updated failed".split()
        query = (
            select(*(RUN_SOURCE.c[name] for name in names), RUN.c.kind, RUN.c.started_at)
            .join(RUN, RUN.c.id == RUN_SOURCE.c.run)
            .where(RUN.c.started_at >= since)
            .order_by(RUN.c.started_at.desc(), RUN.c.id.desc(), RUN_SOURCE.c.source)
        )
        return [_source_night(row) for row in self._rows(query)]

    def count_articles(self, source: str) -> int:
        with reading(self._engine) as connection:
            query = select(func.count()).select_from(ARTICLE).where(ARTICLE.c.source == source)
            return connection.execute(query).scalar_one()


_STORY_COLUMNS = (
    *(
        ARTICLE.c[name]
        for name in (
            "id title medium source url published_at published_precision region region_code topics first_seen_at"
        ).split()
    ),
    func.substr(ARTICLE.c.text, 1, OPENING).label("opening"),
    STORY.c.articles,
)


# What turned out to be about something else is still there, and is no news.
_OFF_TOPIC = (
    select(SEARCH_ENTRY.c.number)
    .where(SEARCH_ENTRY.c.article == ARTICLE.c.id, SEARCH_ENTRY.c.relevant.is_(False))
    .exists()
)


def _new_between(since: datetime, until: datetime | None) -> list[ColumnElement[bool]]:
    """Representatives that came in this time, of stories without an article from before it."""
    other = ARTICLE.alias("other")
    older = select(other.c.id).where(other.c.story == ARTICLE.c.story, other.c.first_seen_at < since).exists()
    where = [ARTICLE.c.first_seen_at >= since, ARTICLE.c.id == ARTICLE.c.story, ~older, ~_OFF_TOPIC]
    return where if until is None else [*where, ARTICLE.c.first_seen_at < until]


def _new_story(row: RowMapping) -> NewStory:
    values = {name: value for name, value in row.items() if name not in ("id", "topics")}
    topics = sorted(row["topics"], key=lambda topic: -topic.get("score", 0))
    return NewStory(key=row["id"], topics=tuple(topic["name"] for topic in topics), **values)


def _by_publication(story: NewStory) -> tuple[bool, float, str]:
    moment = story.published_at
    return (moment is not None, moment.timestamp() if moment else 0.0, story.key)


def _run_of(key: str) -> Select[Any]:
    query = select(RUN.c.id, RUN.c.flow_run_id).join(CANDIDATE, CANDIDATE.c.run == RUN.c.id)
    return query.where(CANDIDATE.c.key == key)


def _run_counts(row: RowMapping, names: Sequence[str]) -> RunCounts:
    sums = {name: int(row[name] or 0) for name in names}
    sums["unchanged"] += int(row["known"] or 0)
    sums["skipped"] += int(row["passed_over"] or 0)
    return RunCounts(run=run_info(row), sources=int(row["sources"] or 0), **sums)


def _source_night(row: RowMapping) -> SourceNight:
    values = {name: value for name, value in row.items() if name not in ("state", "kind")}
    return SourceNight(kind=RunKind(row["kind"]), state=SourceState(row["state"]) if row["state"] else None, **values)
