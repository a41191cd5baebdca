"""What to do about each result of a run: pure decisions, from what arrived and what is known to intents.

    Result + Known -> decide() -> Intent -> Store.apply()

Nothing here touches the database, the network or the clock; ``now`` is passed in.
"""

from __future__ import annotations

import enum
import traceback
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.errors import DangjianError
from models.records import Outcome, Record
from models.rows import Prints

__all__ = [
    "ArticleChange",
    "Cleaned",
    "Failed",
    "Failure",
    "How",
    "Intent",
    "Known",
    "KnownArticle",
    "KnownUrl",
    "NotModified",
    "OffTopic",
    "PassedOver",
    "Rejected",
    "Result",
    "Stage",
    "UrlState",
    "decide",
    "next_try",
]

# A URL is given up when its strikes reach this: three times gone (404), six times refused, or twelve times
# unanswered. With the waits below twelve attempts span about two months.
STRIKES_OUT = 3.0

# Ten hours, not twelve or twenty-four: the next nightly run must find the URL due even if it starts earlier.
FIRST_WAIT = timedelta(hours=10)
LONGEST_WAIT = timedelta(days=7)

# A server may ask us to wait a day; what asks for more is treated as a day.
LONGEST_RETRY_AFTER = timedelta(days=1)

# How often an article may return to a text it had before; then it keeps the text it has, and is reported.
FLAP_LIMIT = 3

# Old texts kept per article; no real article was corrected that often, a page that changes daily is a list.
VERSION_LIMIT = 50

# What a database column and a person's patience hold of a message and of a traceback (characters).
MESSAGE_LENGTH = 2_000
TRACEBACK_LENGTH = 8_000


class Stage(enum.StrEnum):
    """Where on its way an article was when something happened to it."""

    DISCOVER = "discover"
    FETCH = "fetch"
    EXTRACT = "extract"
    CLEAN = "clean"
    STORE = "store"


class UrlState(enum.StrEnum):
    """What is left to do for a URL."""

    QUEUED = "queued"  # named by a source, not fetched yet
    FETCHED = "fetched"  # bytes stored, not worked through yet
    DONE = "done"
    RETRY = "retry"  # failed, to be tried again at next_try
    GIVEN_UP = "given-up"  # failed too often; only a person tries it again
    QUARANTINED = "quarantined"  # waits for new rules or a person


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a URL failed. ``weight``: hard 1.0, soft 0.5, temporary 0.25 (see models.errors)."""

    stage: Stage
    kind: str  # short name for tables and filters: "ServerBusy", "timeout", "http 404"
    message: str
    weight: float = 0.5
    traceback: str = ""
    retry_after: timedelta | None = None  # as asked for by the server

    @classmethod
    def of(cls, stage: Stage, error: BaseException, *, retry_after: timedelta | None = None) -> Failure:
        """A failure from an exception, with its traceback."""
        known = isinstance(error, DangjianError)
        return cls(
            stage=stage,
            kind=type(error).__name__,
            message=str(error)[:MESSAGE_LENGTH],
            weight=error.weight if known else 0.5,  # type: ignore[attr-defined]
            traceback="".join(traceback.format_exception(error))[-TRACEBACK_LENGTH:],
            retry_after=retry_after,
        )


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A record came out. ``page`` is the page id that ``Store.save_raw`` gave, if known."""

    record: Record
    page: str | None = None

    @property
    def key(self) -> str:
        return self.record.key

    @property
    def source(self) -> str:
        return self.record.source

    @property
    def url(self) -> str:
        return self.record.url


@dataclass(frozen=True, slots=True)
class Failed:
    """No record: the failure is kept with the URL, which is tried again later."""

    key: str
    source: str
    url: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Read well, but not about party building; the page is kept, no article is made."""

    key: str
    source: str
    url: str
    reason: str = ""  # e.g. "relevance 0.02"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The record is bad: into the quarantine, with the stage and the reason."""

    key: str
    source: str
    url: str
    stage: Stage
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Not worked on in this run. It stays queued, unless ``for_good`` (too old, not wanted)."""

    key: str
    source: str
    url: str
    reason: str = ""
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class NotModified:
    """The site says nothing changed (304), or sent the bytes we have."""

    key: str
    source: str
    url: str


Result = Cleaned | Failed | OffTopic | Rejected | PassedOver | NotModified


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """What is known of a URL. ``known(keys)`` of the store answers with these."""

    state: UrlState
    outcome: Outcome | None = None  # of the last run that worked on it
    attempts: int = 0  # failed ones in a row
    strikes: float = 0.0  # their weights added up
    next_try: datetime | None = None
    page: str | None = None  # id of the last page fetched
    checked_at: datetime | None = None  # when it was last fetched
    first_seen_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether a run at ``now`` has work to do on this URL."""
        if self.state is UrlState.RETRY:
            return self.next_try is None or self.next_try <= now
        return self.state in (UrlState.QUEUED, UrlState.FETCHED)


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is known of an article that is stored already."""

    story: str
    prints: Prints
    rules_version: str
    version: int = 1
    flaps: int = 0
    page: str | None = None
    past: frozenset[str] = frozenset()  # content hashes it had before


@dataclass(frozen=True, slots=True)
class Known:
    """All that a decision about one result needs; None where nothing is known."""

    url: KnownUrl | None = None
    article: KnownArticle | None = None
    story_of_text: str | None = None  # the story in which another article has the very same text


class How(enum.StrEnum):
    """What happens to the row of an article."""

    INSERT = "insert"
    REPLACE = "replace"
    STAMP = "stamp"  # only rules_version and flaps


@dataclass(frozen=True, slots=True)
class ArticleChange:
    how: How
    story: str
    version: int
    flaps: int = 0
    keep_old: bool = False  # the text it had goes into article_version


@dataclass(frozen=True, slots=True)
class Intent:
    """What the store shall do about one result, in the transaction of its batch."""

    result: Result
    outcome: Outcome
    url: KnownUrl  # the URL's state from now on
    article: ArticleChange | None = None
    prints: Prints | None = None
    failure: Failure | None = None
    quarantine: Rejected | None = None
    warnings: tuple[str, ...] = field(default=())


def next_try(attempts: int, now: datetime, retry_after: timedelta | None = None) -> datetime:
    """When to try again after that many failed attempts in a row."""
    raise NotImplementedError


def decide(result: Result, known: Known, now: datetime) -> Intent:
    """What to do about one result."""
    raise NotImplementedError
