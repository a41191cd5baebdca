"""What the store takes and answers besides records: runs, sources, lists, failed URLs, totals. Values only."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from models.decide import Stage, UrlState
from models.records import Candidate, Outcome, RawPage
from models.wording import Relation

__all__ = [
    "WORST_FIRST",
    "ArticleEntry",
    "FailedUrl",
    "HealthState",
    "ListState",
    "QuarantineEntry",
    "RunInfo",
    "RunKind",
    "RunState",
    "Saved",
    "Selection",
    "SourceEntry",
    "SourceHealth",
    "SourceReport",
    "SourceState",
    "SourceTotals",
    "StoredPage",
    "StoryArticle",
    "StoryEntry",
    "Totals",
    "Visited",
]


class RunKind(enum.StrEnum):
    NIGHTLY = "nightly"
    INGEST = "ingest"
    SEEDS = "seeds"
    REPROCESS = "reprocess"
    RETRY = "retry"
    BACKFILL = "backfill"
    HOUSEKEEPING = "housekeeping"


class RunState(enum.StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"  # finished, but a source failed or is suspect
    FAILED = "failed"
    CRASHED = "crashed"  # its heartbeat stopped
    CANCELLED = "cancelled"  # stopped from outside: by a person, or with the service; what was done is kept


class SourceState(enum.StrEnum):
    """How a source did in a run."""

    OK = "ok"
    SUSPECT = "suspect"  # empty list, fields missing, silence beyond its habit
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"  # the site answers, and refuses us: a wall, robots.txt, 403
    FAILED = "failed"
    SKIPPED = "skipped"  # not due, or switched off


class HealthState(enum.StrEnum):
    """How a source stands, judged from its last runs together."""

    OK = "ok"
    QUIET = "quiet"  # nothing new for a while, within its habit
    SUSPECT = "suspect"  # something is missing
    BROKEN = "broken"  # gives nothing any more: only a person can help
    BLOCKED = "blocked"
    DISABLED = "disabled"

    @property
    def needs_attention(self) -> bool:
        return self in (HealthState.SUSPECT, HealthState.BROKEN, HealthState.BLOCKED)


# What somebody has to look at first.
WORST_FIRST = (
    HealthState.BROKEN,
    HealthState.BLOCKED,
    HealthState.SUSPECT,
    HealthState.QUIET,
    HealthState.OK,
    HealthState.DISABLED,
)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source stands, why, and since when. ``told`` is the state that people were last told of."""

    source: str
    state: HealthState
    reason: str = ""
    since: datetime | None = None  # set by the store
    judged_at: datetime | None = None  # set by the store
    told: HealthState | None = None  # set by the store; None while nobody was told anything


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source as the registry of the database knows it; the YAML file says the rest."""

    slug: str
    name: str = ""
    kind: str = ""
    homepage: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ListState:
    """Validators of a list or feed page, from the last time it was read to the end and found good."""

    source: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    items: int = 0  # candidates it named
    good_at: datetime | None = None  # set by the store
    onward: str | None = None  # where it led on to, if that was read well too


@dataclass(frozen=True, slots=True)
class Saved:
    """What ``save_raw`` did. ``fresh`` is False when the very same bytes were stored before."""

    page: str  # page id, 64 hex digits
    fresh: bool


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A raw page out of the store, with what the store knows of it."""

    page: str
    raw: RawPage
    rules_version: str | None = None  # of the article made from this URL; None if there is none
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    """An article page that is stored and done with, and what makes the next request for it conditional."""

    candidate: Candidate
    headers: Mapping[str, str]  # of the answer that is stored; lower-case names
    digest: str  # sha256 of its body
    first_seen_at: datetime  # when a list first named it
    checked_at: datetime | None = None  # when it was last asked for
    further: tuple[str, ...] = ()  # sha256 of the bodies of its further pages, in order


@dataclass(frozen=True, slots=True)
class Selection:
    """Which raw pages to go through again. Empty means all; conditions are combined with "and"."""

    sources: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()  # last outcome of the URL, e.g. only the quarantined
    not_rules_version: str | None = None  # only where no article exists yet made by this version of the rules
    states: tuple[UrlState, ...] = ()
    rules_version: str | None = None  # only articles made by this version of the rules
    since: datetime | None = None  # articles published then or later; by when it was found if there is no date
    until: datetime | None = None  # ... and before then
    prefix: str = ""  # keys that begin with these hexadecimal digits
    after: str = ""  # keys up to and including this one are done: to resume
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What the flow knows of one source at the end of a run; outcomes of applied results the store counts itself.

    ``discovered`` counts distinct keys. It must equal the outcomes counted by ``apply`` plus ``known``
    (already done, not fetched: unchanged) plus ``passed_over`` (never given to ``apply``: skipped).
    """

    source: str
    discovered: int
    known: int = 0
    passed_over: int = 0
    seconds: float = 0.0
    state: SourceState = SourceState.OK
    message: str = ""
    coverage: Mapping[str, float] = field(default_factory=dict)  # field -> share; see SourceTotals


@dataclass(frozen=True, slots=True)
class SourceTotals:
    """One line of the report of a run."""

    run: str
    source: str
    discovered: int
    counts: Mapping[Outcome, int]  # every outcome is there, zero or more
    seconds: float
    state: SourceState | None  # None while the source is still being worked on
    message: str
    # Field -> share of this run's records that have it; also how many "records", their mean "length" in characters,
    # and how many articles the lists that were read "listed".
    coverage: Mapping[str, float]
    kind: RunKind | None = None  # of the run, and when it began: only where several runs are told apart
    started_at: datetime | None = None

    @property
    def balanced(self) -> bool:
        return sum(self.counts.values()) == self.discovered

    @property
    def day(self) -> date | None:
        """The day of the run in China."""
        return self.started_at.astimezone(_CHINA).date() if self.started_at else None


_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class RunInfo:
    id: str
    kind: RunKind
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    heartbeat_at: datetime
    flow_run_id: str | None
    parameters: Mapping[str, object]
    message: str


@dataclass(frozen=True, slots=True)
class FailedUrl:
    """A URL that failed, given up or not, with all that a person needs to understand it."""

    candidate: Candidate
    state: UrlState
    stage: Stage | None
    kind: str
    message: str
    traceback: str
    attempts: int
    next_try: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    key: str
    source: str
    url: str
    stage: Stage
    reason: str
    detail: str
    page: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article in a list: what a report prints of it."""

    key: str
    source: str
    url: str
    story: str
    title: str | None
    medium: str | None
    published_at: datetime | None
    region: str | None
    relevance: float
    version: int
    first_seen_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story, and how it relates to ``copy_of``: shares ``shared`` of ``sentences`` sentences."""

    key: str
    source: str
    url: str
    title: str | None
    medium: str | None
    platform: str | None
    published_at: datetime | None
    relation: Relation | None  # None: joined by hand
    copy_of: str | None
    shared: int | None
    sentences: int | None
    version: int
    flaps: int  # how often it returned to a text it had before


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """A story: its representative first, then its reprints by date."""

    key: str
    articles: tuple[StoryArticle, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole corpus in numbers."""

    articles: int
    stories: int
    versions: int
    pages: int
    urls: Mapping[UrlState, int]
    quarantined: int
    sources: int
