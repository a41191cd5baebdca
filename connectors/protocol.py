"""What every kind of source offers: ``discover`` names articles, ``fetch`` brings one; and what both are given."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from connectors.declaration import Source
from connectors.failures import FetchError
from models.records import Candidate, RawPage, sha256

__all__ = [
    "Answer",
    "Connector",
    "Discovery",
    "Expect",
    "Fetcher",
    "Known",
    "ListRead",
    "ListState",
    "Request",
    "Stop",
    "Unread",
    "Validators",
    "Window",
]

Known = Callable[[Sequence[str]], Awaitable[Mapping[str, datetime]]]
"""Of these candidate keys, those the database has already, with the time of the run that first heard of them. One
indexed lookup per list page."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request for the same address conditional. From good answers (200) only."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None  # sha256 of the body, for servers that answer 200 with the same bytes
    onward: str | None = None  # of a list: the address it led on to, if that was read well too
    read_at: datetime | None = None  # of a list: the time of the run that read it to its end

    @classmethod
    def of_page(cls, page: RawPage) -> Validators:
        """Validators for asking again for an article page that was fetched before."""
        return cls(page.headers.get("etag"), page.headers.get("last-modified"), page.digest)


class Expect(enum.Enum):
    """What an answer has to be; anything else is ``wrong-type``."""

    PAGE = "page"  # HTML
    XML = "xml"  # feed, sitemap, XML list; also when served as text/html
    DATA = "data"  # JSON or JSONP, also when served as text/html or JavaScript


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask for."""

    url: str
    expect: Expect = Expect.PAGE
    method: str = "GET"
    form: Mapping[str, str] | None = None  # sent as application/x-www-form-urlencoded
    json: str | None = None  # sent as application/json
    referer: str | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: status 200 (or 304), the whole body, decompressed, within all limits."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    fetched_at: datetime  # aware, UTC
    not_modified: bool = False  # 304, or the same bytes as before
    redirects: tuple[str, ...] = ()

    @property
    def validators(self) -> Validators:
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"), sha256(self.body))


class Fetcher(Protocol):
    """The one door to the network; shared by all sources of a run, in one event loop."""

    async def get(self, request: Request, source: Source) -> Answer:
        """Ask politely. Raises FetchError and nothing else."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a source is wanted, and what the time is."""

    now: datetime  # aware
    since: date | None = None  # articles of this day and later; listed dates only, undated ones are kept
    until: date | None = None
    limit: int | None = None  # at most so many candidates
    backfill: bool = False  # do not stop at what is known


class Stop(enum.StrEnum):
    """Why reading a list ended."""

    END = "end"  # no further page
    KNOWN = "known"  # only known articles, beyond the overlap
    UNCHANGED = "unchanged"  # the list is what it was last time, as far as the overlap reaches
    SINCE = "since"  # older than asked for
    LIMIT = "limit"
    PAGE_CAP = "page-cap"
    REPEATED = "repeated"  # a page brought nothing that the pages before had not
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Unread:
    """A list that may name more than was read of it."""

    url: str
    why: Stop
    oldest: date | None = None  # the oldest day that was read of


class ListState(enum.StrEnum):
    READ = "read"
    UNCHANGED = "unchanged"
    EMPTY = "empty"  # the page came, but no item was found: the source is suspect
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ListRead:
    """One list page, feed or sitemap that was asked for."""

    url: str
    state: ListState
    items: int = 0  # articles named on it
    new: int = 0  # of these, not known
    error: FetchError | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one source named in this run.

    ``candidates`` are new to the database and each once. ``seen`` are the keys of known articles that the lists
    still name, ``named`` what the lists now say of them. A source whose every list failed has no candidates and
    ``failed`` is true.
    """

    candidates: tuple[Candidate, ...] = ()
    seen: tuple[str, ...] = ()
    named: tuple[Candidate, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # (address, reason): foreign host, wrong type, outside the window
    reads: tuple[ListRead, ...] = ()
    stopped: tuple[Stop, ...] = ()  # one per list declared
    unread: tuple[Unread, ...] = ()  # lists that end before, or go on behind, what was to be read of them
    validators: Mapping[str, Validators] = field(default_factory=dict)  # of lists read anew, to keep for the next run
    pages: tuple[RawPage, ...] = ()  # articles whose text came with the list itself: nothing more to fetch

    @property
    def failed(self) -> bool:
        return bool(self.reads) and all(read.state is ListState.FAILED for read in self.reads)

    @property
    def empty(self) -> bool:
        """Lists came, and none named a single article: the structure has changed, or the source is not what it was."""
        came = [read for read in self.reads if read.state in (ListState.READ, ListState.EMPTY)]
        return bool(came) and not any(read.items for read in came)


class Connector(Protocol):
    """One kind of source."""

    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """Name the articles of the source that are not known yet, newest first.

        ``memory`` holds the validators that earlier runs returned. A list that fails is a ``ListRead`` with its
        error, not an exception; a mistake in the program is.
        """
        ...

    async def fetch(
        self, candidate: Candidate, source: Source, fetcher: Fetcher, validators: Validators | None = None
    ) -> RawPage | None:
        """Bring one article, or None if it has not changed since ``validators``. Raises FetchError."""
        ...
