"""What to do about each result of a run: pure decisions, from what arrived and what is known to intents.

    Result + Known -> decide() -> Intent -> Store.apply()

An article that is known:

    same content, same rules           nothing is written (counters, clocks and ads are no change)
    other record, other rules or code  the row is replaced, no version: the page did not change
    other content, other page          the row is replaced, the text it had becomes a version
    content it had before              the page flaps: three times it may, then it keeps what it has

Nothing here touches the database, the network or the clock; ``now`` is passed in.
"""

from __future__ import annotations

import enum
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.errors import DangjianError
from models.records import Outcome, Record
from models.rows import Prints, prints_of

__all__ = [
    "FLAP_LIMIT",
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
    "name_duplicates",
    "next_try",
]

# A URL is given up when its strikes reach this: three times gone (404), six times refused, or twelve times
# unanswered. With the waits below twelve attempts span more than a month.
STRIKES_OUT = 3.0

# Ten hours, not twelve or twenty-four: the next nightly run must find the URL due even if it starts earlier. What is
# temporary is over in an hour as often as not: a run started by hand in the morning brings what the night missed.
FIRST_WAIT = timedelta(hours=10)
TEMPORARY_WAIT = timedelta(hours=1)
TEMPORARY = 0.25  # the weight of failures that heal by themselves
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
    answer: str = ""  # status and headers, for the page of the failed task; not kept in the database

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
    reason: str = ""  # title, score and words, kept with the URL


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
    source: str | None = None  # the first to name it; counted once, another source that names it leaves it alone
    outcome: Outcome | None = None  # of the last run that worked on it
    attempts: int = 0  # failed ones in a row
    strikes: float = 0.0  # their weights added up
    next_try: datetime | None = None
    page: str | None = None  # id of the last page fetched
    checked_at: datetime | None = None  # when it was last fetched
    first_seen_at: datetime | None = None
    run: str | None = None  # the last run that worked on it

    def is_of(self, run: str | None, source: str) -> bool:
        """Whether this run has worked on it already, for this source."""
        return run is not None and self.run == run and self.source == source

    def is_open(self, now: datetime) -> bool:
        """Whether a run at ``now`` has work to do on this URL."""
        if self.state is UrlState.RETRY:
            return self.next_try is None or self.next_try <= now
        return self.state in (UrlState.QUEUED, UrlState.FETCHED)


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is known of an article that is stored already."""

    prints: Prints
    rules_version: str
    version: int = 1
    flaps: int = 0
    page: str | None = None
    past: frozenset[str] = frozenset()  # content hashes it had before
    wording: int | None = None  # of its text, see models.wording


@dataclass(frozen=True, slots=True)
class Known:
    """All that a decision about one result needs; None where nothing is known."""

    run: str | None = None  # the run that asks
    url: KnownUrl | None = None
    article: KnownArticle | None = None
    prints: Prints | None = None  # of the record in the result, if computed already


class How(enum.StrEnum):
    """What happens to the row of an article."""

    INSERT = "insert"
    REPLACE = "replace"
    STAMP = "stamp"  # only rules_version and flaps


@dataclass(frozen=True, slots=True)
class ArticleChange:
    how: How
    record: Record
    prints: Prints
    version: int = 1
    flaps: int = 0
    keep_old: bool = False  # the text it had goes into article_version
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What the store shall do about one result, in the transaction of its batch."""

    result: Result
    outcome: Outcome
    url: KnownUrl  # the URL's state from now on
    article: ArticleChange | None = None
    failure: Failure | None = None  # kept with the URL; None wipes an earlier one
    quarantine: Rejected | None = None  # None lets an earlier one go, if the URL is done now


def decide(result: Result, known: Known, now: datetime) -> Intent:
    """What to do about one result.

    The same result again, in the same run, leads to the same outcome and counts no further strike.
    """
    intent = _decide(result, known, now)
    before = known.url
    if before and before.is_of(known.run, result.source) and intent.outcome is Outcome.UNCHANGED:
        intent = replace(intent, outcome=before.outcome if before.outcome in _SETTLED else intent.outcome)
    return replace(intent, url=replace(intent.url, outcome=intent.outcome, run=known.run))


# Outcomes that a second look in the same run only confirms.
_SETTLED = frozenset({Outcome.NEW, Outcome.UPDATED, Outcome.DUPLICATE, Outcome.UNCHANGED})


def _decide(result: Result, known: Known, now: datetime) -> Intent:
    match result:
        case Cleaned():
            return _settle(result, known, now)
        case Failed(failure=failure):
            return Intent(result, Outcome.FAILED, _after_failure(known, failure, now), failure=failure)
        case Rejected():
            return _reject(result, known, now)
        case OffTopic():
            return Intent(result, Outcome.OFF_TOPIC, _done(known, now))
        case NotModified():
            return Intent(result, Outcome.UNCHANGED, replace(_done(known, now), checked_at=now))
        case PassedOver(for_good=for_good):
            url = _done(known, now) if for_good else (known.url or KnownUrl(UrlState.QUEUED, first_seen_at=now))
            return Intent(result, Outcome.SKIPPED, url)


def _settle(result: Cleaned, known: Known, now: datetime) -> Intent:
    record = result.record
    fault = _fault(record)
    if fault:
        rejected = Rejected(record.key, record.source, record.url, Stage.CLEAN, fault)
        return _reject(rejected, known, now)
    prints = known.prints or prints_of(record)
    page = result.page or (known.url.page if known.url else None)
    url = _done(known, now)
    if known.article is None:
        return Intent(result, Outcome.NEW, url, ArticleChange(How.INSERT, record, prints, page=page))
    outcome, revised = _revise(record, prints, page, known.article)
    return Intent(result, outcome, url, revised)


def _fault(record: Record) -> str | None:
    """Why a record can not be an article at all."""
    if not record.text.strip() and not record.images and not record.captions:
        return "没有正文 (neither text nor picture)"
    return None


def _revise(
    record: Record, prints: Prints, page: str | None, article: KnownArticle
) -> tuple[Outcome, ArticleChange | None]:
    """What becomes of an article that is known; see the table at the top."""
    same_page = page is None or page == article.page
    same_rules = record.rules_version == article.rules_version
    same_content = prints.content == article.prints.content
    stay = ArticleChange(How.STAMP, record, prints, article.version, article.flaps, page=article.page)
    if same_content and same_rules and not same_page:
        return Outcome.UNCHANGED, None
    if prints.record == article.prints.record:
        return Outcome.UNCHANGED, None if same_rules else stay
    if same_content or same_page:
        return Outcome.UPDATED, replace(stay, how=How.REPLACE, page=page or article.page)
    return _new_version(prints, stay, page, article)


def _new_version(
    prints: Prints, stay: ArticleChange, page: str | None, article: KnownArticle
) -> tuple[Outcome, ArticleChange | None]:
    returns = prints.content in article.past
    if returns and article.flaps >= FLAP_LIMIT:
        return Outcome.UNCHANGED, None
    change = replace(
        stay,
        how=How.REPLACE,
        version=article.version + 1,
        flaps=article.flaps + int(returns),
        keep_old=len(article.past) < VERSION_LIMIT,
        page=page or article.page,
    )
    return Outcome.UPDATED, change


def name_duplicates(intents: Sequence[Intent], stories: Mapping[str, str]) -> list[Intent]:
    """Call new articles that joined a story duplicates. ``stories``: key -> story, of all articles of these stories.

    Of a story that came whole in this batch, the first to arrive is the new one.
    """
    size = Counter(stories.values())
    arrived = Counter(stories[i.result.key] for i in intents if _is_new(i))
    led = {story for story, number in arrived.items() if size[story] > number}
    named = []
    for intent in intents:
        if _is_new(intent):
            story = stories[intent.result.key]
            if story in led:
                intent = replace(intent, outcome=Outcome.DUPLICATE, url=replace(intent.url, outcome=Outcome.DUPLICATE))
            led.add(story)
        named.append(intent)
    return named


def _is_new(intent: Intent) -> bool:
    return intent.article is not None and intent.article.how is How.INSERT


def _reject(result: Rejected, known: Known, now: datetime) -> Intent:
    url = replace(_done(known, now), state=UrlState.QUARANTINED)
    return Intent(result, Outcome.QUARANTINED, url, quarantine=result)


def _done(known: Known, now: datetime) -> KnownUrl:
    url = known.url or KnownUrl(UrlState.DONE, first_seen_at=now)
    return replace(url, state=UrlState.DONE, attempts=0, strikes=0.0, next_try=None)


def _after_failure(known: Known, failure: Failure, now: datetime) -> KnownUrl:
    url = known.url or KnownUrl(UrlState.QUEUED, first_seen_at=now)
    if url.run is not None and url.run == known.run and url.outcome is Outcome.FAILED:
        return url  # one run, one strike
    strikes = url.strikes + failure.weight
    attempts = url.attempts + 1
    if strikes >= STRIKES_OUT:
        return replace(url, state=UrlState.GIVEN_UP, attempts=attempts, strikes=strikes, next_try=None)
    due = next_try(attempts, now, failure.retry_after, temporary=failure.weight <= TEMPORARY)
    return replace(url, state=UrlState.RETRY, attempts=attempts, strikes=strikes, next_try=due)


def next_try(
    attempts: int, now: datetime, retry_after: timedelta | None = None, *, temporary: bool = False
) -> datetime:
    """When to try again after that many failed attempts in a row: 10, 20, 40 hours ... at most a week.

    After a temporary failure 1, 2, 4 hours ..., and so every night at first.
    """
    # Beyond ten doublings the week is reached many times over; the cap keeps the power small.
    doublings = min(max(attempts, 1) - 1, 10)
    wait = min((TEMPORARY_WAIT if temporary else FIRST_WAIT) * (1 << doublings), LONGEST_WAIT)
    asked = min(retry_after, LONGEST_RETRY_AFTER) if retry_after else timedelta(0)
    return now + max(wait, asked)
