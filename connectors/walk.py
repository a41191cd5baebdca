"""Read a list page by page: leave out what is known, stop where nothing new is to be expected."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from connectors.declaration import Selection, Source
from connectors.failures import FailureKind, FetchError
from connectors.list_dates import date_in_address, read_day
from connectors.protocol import (
    Answer,
    Discovery,
    Fetcher,
    Known,
    ListRead,
    ListState,
    Request,
    Stop,
    Unread,
    Validators,
    Window,
)
from connectors.urls import BadAddressError, article_key, check_address, fits_host, host_of
from models.records import Candidate, Hints, Origin, RawPage

__all__ = ["ELSEWHERE", "Course", "Entry", "Leaf", "ListError", "merge", "source_hosts", "walk"]

# One thread: a tree of a large list needs a hundred megabytes, and every thread would keep what it has once needed.
_LARGE_LISTS = ThreadPoolExecutor(1, "large-lists")
LARGEST_AT_ONCE = 200_000  # bytes of a list; most have 50,000 and take some 20 ms
MOST_LEFT_OUT = 200  # reported per list: enough to see what a selector caught by mistake
ELSEWHERE = "在另一个网站 / on another host"
OUTSIDE = "不在所要的日期内 / outside the dates asked for"
LONGEST_TITLE = 300  # characters; a longer "title" is a paragraph that a selector caught
# Attachments and media that lists link beside articles; they are no pages.
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar|7z|jpe?g|png|gif|bmp|svg|webp|mp[34]|avi|mov|flv|wmv|m3u8|apk|exe|css|js)$",
    re.IGNORECASE,
)
_FRONT_PAGE = re.compile(r"https?://[^/?#]+/?")


class ListError(ValueError):
    """A list that is not what the source file says; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a list names it."""

    url: str  # absolute
    title: str | None = None
    published: str | None = None
    medium: str | None = None
    author: str | None = None
    summary: str | None = None
    changed: str | None = None  # when the list says it was last changed
    page: Callable[[Candidate, Answer], RawPage] | None = None  # the text came with the list


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list, read."""

    entries: tuple[Entry, ...]
    next: Request | None = None


Read = Callable[[Answer, int], Leaf]
"""From an answer and its number (1 = first) to what stands on it. Raises ListError."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one list is asked for, page by page, and what its pages are remembered by.

    ``turn`` makes the request of a page from its number (1 = first); without it, pages are at the addresses that the
    pages before them name. ``name`` is what the list is remembered by, if not the address of its first page.
    """

    first: Request
    turn: Callable[[int], Request] | None = None
    name: str | None = None
    origin: Origin = Origin.LIST
    whole: int | None = None  # the list has an end, like an issue of a newspaper: read all of it, up to so many pages
    sparse: bool = False  # pages without articles are nothing unusual
    beyond: Callable[[], Request | None] | None = None  # the page behind one that failed, if that is known

    def name_of(self, request: Request, number: int) -> str:
        if self.name is None:
            return _identity(request)
        return self.name if number == 1 else f"{self.name} #{number}"

    def follow(self, before: Validators, number: int) -> Request | None:
        """The page of this number, as the last good reading of the page before it led there."""
        if before.onward is None:
            return None
        if self.turn is not None:
            return self.turn(number)
        return Request(before.onward, self.first.expect, referer=self.first.url)


@dataclass(slots=True)
class _Walk:
    """One list being read: what is wanted, and what has been found so far."""

    source: Source
    known: Known
    window: Window
    memory: Mapping[str, Validators]
    course: Course
    candidates: list[Candidate] = field(default_factory=list)
    pages: list[RawPage] = field(default_factory=list)
    named: list[Candidate] = field(default_factory=list)  # known ones, as the list names them now
    left_out: list[tuple[str, str]] = field(default_factory=list)
    reads: list[ListRead] = field(default_factory=list)
    met: set[str] = field(default_factory=set)  # keys of everything the list has named
    kept: list[tuple[str, Validators]] = field(default_factory=list)  # of pages read anew
    settled: datetime | None = None  # when the list was last read to its end: the run in which it was
    oldest: date | None = None  # of all days that entries are dated with
    quiet: bool = True  # nothing has been read anew yet
    only_known: int = 0  # pages in a row without anything new

    @property
    def page_cap(self) -> int:
        limits = self.source.limits
        return self.course.whole or (limits.backfill_pages if self.window.backfill else limits.pages)

    def recall(self, name: str, number: int) -> Validators | None:
        """What is remembered of a page, as long as nothing was new: behind a changed page all others have moved."""
        return self.memory.get(name) if self.quiet and number <= self.source.limits.overlap + 1 else None


async def walk(
    source: Source,
    fetcher: Fetcher,
    known: Known,
    window: Window,
    memory: Mapping[str, Validators],
    course: Course,
    read: Read,
) -> Discovery:
    """Read one list from its first page on. Failures are part of the result, not exceptions.

    A page that is what it was when it was last read well counts as one that holds nothing new: the ``overlap`` pages
    behind it are asked for all the same, on condition, so an article slipped in behind an unchanged first page is met.

    What the database knows ends a list only if it was known when the list was last read to its end. Articles that a
    backfill, a limited run or a walk that failed half-way has brought say nothing of those that stand between them.
    """
    whole_window = not (window.backfill or window.since or window.until)
    remembering = whole_window and window.limit is None
    state = _Walk(source, known, window, memory if remembering else {}, course)
    before = memory.get(course.name_of(course.first, 1))
    state.settled = before.read_at if before else None
    stop = await _read_pages(state, fetcher, read)
    # A list of which something was left unread must be read again next time, even if it has not changed; so must one
    # that named nothing, to be told of again.
    finished = whole_window and stop not in (Stop.LIMIT, Stop.FAILED) and (bool(state.met) or course.sparse)
    return Discovery(
        candidates=tuple(state.candidates),
        seen=tuple(candidate.key for candidate in state.named),
        named=tuple(state.named),
        left_out=tuple(state.left_out[:MOST_LEFT_OUT]),
        reads=tuple(state.reads),
        stopped=(stop,),
        unread=(Unread(course.first.url, stop, state.oldest),) if _is_cut_short(state, stop) else (),
        validators=dict(state.kept) if finished else {},
        pages=tuple(state.pages),
    )


def _is_cut_short(state: _Walk, stop: Stop) -> bool:
    """Whether articles that were asked for may stand where nobody has read.

    A first reading ends at the page cap by intent: what is older is for a backfill.
    """
    since = state.window.since
    if since is not None:
        one_of_many = state.course.sparse or state.course.whole is not None
        reached = stop in (Stop.SINCE, Stop.FAILED) or (state.oldest is not None and state.oldest <= since)
        return not (reached or one_of_many)
    if stop is Stop.LIMIT:
        return state.window.limit is None
    return stop is Stop.PAGE_CAP and state.settled is not None and not state.only_known


def _identity(request: Request) -> str:
    """What a list is remembered by: its address, and what is posted to it."""
    posted = request.json or "&".join(f"{name}={value}" for name, value in (request.form or {}).items())
    return f"{request.url} {posted}".strip()


async def _read_pages(state: _Walk, fetcher: Fetcher, read: Read) -> Stop:
    request: Request | None = state.course.first
    asked: set[str] = set()
    for number in range(1, state.page_cap + 1):
        if request is None or _identity(request) in asked:
            return _end(state)
        asked.add(_identity(request))
        name = state.course.name_of(request, number)
        before = state.recall(name, number)
        try:
            answer = await fetcher.get(replace(request, validators=before), state.source)
            leaf = None if before and answer.not_modified else await _read_apart(read, answer, number)
        except (FetchError, ListError) as error:
            ending = _note_failure(state, request, error, number)
            if number == 1 or state.course.beyond is None or _is_given_up(error):
                return ending
            request = state.course.beyond()
            continue
        if leaf is None:
            state.reads.append(ListRead(request.url, ListState.UNCHANGED))
            stop, new = None, 0
            request = state.course.follow(before, number + 1) if before else None
        else:
            state.quiet = False
            stop, new = await _take(state, leaf, answer)
            if stop is not Stop.REPEATED and state.reads[-1].state is ListState.READ:
                _keep(state, name, request, answer, number)
            request = leaf.next
        stop = stop or _stop_at_known(state, new, anew=leaf is not None)
        if stop is not None:
            return stop
    return _end(state) if request is None else Stop.PAGE_CAP


async def _read_apart(read: Read, answer: Answer, number: int) -> Leaf:
    """A large list is read in a thread: it takes seconds, in which the requests of other sources would run out."""
    if len(answer.body) <= LARGEST_AT_ONCE:
        return read(answer, number)
    return await asyncio.get_running_loop().run_in_executor(_LARGE_LISTS, read, answer, number)


def _end(state: _Walk) -> Stop:
    if any(read.error for read in state.reads):
        return Stop.FAILED  # a page in the middle is missing: to be read again next time
    return Stop.UNCHANGED if state.quiet and state.reads else Stop.END


def _is_given_up(error: FetchError | ListError) -> bool:
    return isinstance(error, FetchError) and error.kind is FailureKind.CIRCUIT_OPEN


def _stop_at_known(state: _Walk, new: int, *, anew: bool) -> Stop | None:
    """Enough pages without anything new; a whole issue of which a page changed is read to its end."""
    state.only_known = 0 if new else state.only_known + 1
    if state.only_known <= state.source.limits.overlap or state.window.backfill or (state.course.whole and anew):
        return None
    return Stop.UNCHANGED if state.quiet else Stop.KNOWN


def _keep(state: _Walk, name: str, request: Request, answer: Answer, number: int) -> None:
    """Remember a page as far as the overlap reaches, and on the page before it that it led here."""
    if number > state.source.limits.overlap + 1:
        return
    if len(state.kept) == number - 1 and state.kept:
        before, validators = state.kept[-1]
        state.kept[-1] = before, replace(validators, onward=request.url)
    state.kept.append((name, replace(answer.validators, read_at=answer.fetched_at)))


def _note_failure(state: _Walk, request: Request, error: FetchError | ListError, number: int) -> Stop:
    if isinstance(error, ListError):
        error = FetchError(FailureKind.PARSE, request.url, str(error), source=state.source.slug)
    if number > 1 and error.kind is FailureKind.HTTP_4XX and state.course.beyond is None:
        return _end(state)  # numbered pages are asked for until there is none
    state.reads.append(ListRead(request.url, ListState.FAILED, error=error))
    return Stop.FAILED


async def _take(state: _Walk, leaf: Leaf, answer: Answer) -> tuple[Stop | None, int]:
    """Sort the entries of one page; returns why to stop, if so, and how many were not known at the last reading."""
    articles = _sift(state, leaf.entries)
    fresh = [(key, entry) for key, entry in articles.items() if key not in state.met]
    if not fresh:
        leads_on = leaf.next is not None and not articles  # a page of advertisements, or one that only refreshes
        empty = not articles and not state.met and not state.course.sparse and not leads_on
        state.reads.append(ListRead(answer.url, ListState.EMPTY if empty else ListState.READ, len(articles)))
        if leads_on:
            return None, 0
        return Stop.REPEATED if articles else Stop.END, 0
    state.met.update(articles)
    have = await state.known([key for key, _ in fresh])
    new = late = 0
    ages = []
    for key, entry in fresh:
        day = read_day(entry.published, answer.fetched_at) or date_in_address(entry.url)
        ages.append(day)
        if key in have:
            late += state.settled is None or have[key] > state.settled
            _name_again(state, entry, key, answer)
        elif _is_outside(day, state.window):
            state.left_out.append((entry.url, OUTSIDE))
        else:
            new += 1
            _add(state, entry, key, answer)
    state.reads.append(ListRead(answer.url, ListState.READ, len(articles), new))
    return _stop_after(state, ages), new + late


def _stop_after(state: _Walk, ages: list[date | None]) -> Stop | None:
    window, limits = state.window, state.source.limits
    limit = min(window.limit or limits.articles, limits.articles)
    if window.backfill:
        limit = window.limit or limits.backfill_pages * limits.articles
    dated = [day for day in ages if day is not None]
    state.oldest = min((*dated, state.oldest) if state.oldest else dated, default=None)
    if len(state.candidates) >= limit:
        del state.candidates[limit:]
        return Stop.LIMIT
    # Pinned old entries stand above new ones: only a page that is old as a whole ends the list.
    if window.since is not None and dated and all(day < window.since for day in dated):
        return Stop.SINCE
    return None


def _is_outside(day: date | None, window: Window) -> bool:
    if day is None:
        return False
    return (window.since is not None and day < window.since) or (window.until is not None and day > window.until)


def _candidate(state: _Walk, entry: Entry, key: str, answer: Answer) -> Candidate:
    hints = Hints(
        title=entry.title[:LONGEST_TITLE] if entry.title else None,
        published=entry.published,
        published_origin=state.course.origin,
        medium=entry.medium,
        author=entry.author,
        summary=entry.summary,
        listed_at=answer.fetched_at,
        changed=entry.changed,
    )
    return Candidate(state.source.slug, entry.url, key, hints, found_on=answer.url)


def _name_again(state: _Walk, entry: Entry, key: str, answer: Answer) -> None:
    """A known article; its text, if it comes with the list, may have been edited."""
    candidate = _candidate(state, entry, key, answer)
    state.named.append(candidate)
    if entry.page is not None:
        state.pages.append(entry.page(candidate, answer))


def _add(state: _Walk, entry: Entry, key: str, answer: Answer) -> None:
    candidate = _candidate(state, entry, key, answer)
    state.candidates.append(candidate)
    if entry.page is not None:
        state.pages.append(entry.page(candidate, answer))


def _sift(state: _Walk, entries: Iterable[Entry]) -> dict[str, Entry]:
    """Those entries of a page that are articles of the source, by key, each once."""
    articles: dict[str, Entry] = {}
    hosts = source_hosts(state.source)
    for entry in entries:
        reason = explain_foreign(entry.url, state.source, hosts)
        if reason:
            state.left_out.append((entry.url, reason))
        else:
            key = article_key(entry.url, state.source.hosts.alias)
            articles[key] = _join(articles[key], entry) if key in articles else entry
    return articles


def _join(first: Entry, again: Entry) -> Entry:
    """An article that a page names twice: once by its picture, once by its title."""
    return replace(first, title=first.title or again.title, published=first.published or again.published)


def explain_foreign(url: str, source: Source, hosts: Sequence[str] = ()) -> str | None:
    """Why an address is not an article of the source, or None. ``hosts`` spares asking for those of the source."""
    try:
        check_address(url)
    except BadAddressError as error:
        return str(error)
    host, hosts = host_of(url), hosts or source_hosts(source)
    if host not in hosts and not any(fits_host(host, allowed) for allowed in hosts):
        return ELSEWHERE
    if _FRONT_PAGE.fullmatch(url):
        return "网站首页 / the front page of a site"
    path = url.partition("?")[0]
    if _FILE.search(path):
        return "是文件，不是网页 / a file, not a page"
    rules = source.discover
    if isinstance(rules, Selection):
        if rules.accept and not any(re.search(pattern, url) for pattern in rules.accept):
            return "不符合来源文件的 accept / not accepted by the source file"
        if any(re.search(pattern, url) for pattern in rules.reject):
            return "被来源文件的 reject 排除 / rejected by the source file"
    return None


def source_hosts(source: Source) -> tuple[str, ...]:
    """Hosts of articles of the source: those declared, those of its lists and their aliases."""
    lists = getattr(source.discover, "urls", ())
    own = [host_of(url) for url in lists] + ([host_of(source.home)] if source.home else [])
    return (*source.hosts.allow, *own, *source.hosts.alias, *source.hosts.alias.values())


def merge(parts: Iterable[Discovery]) -> Discovery:
    """What several lists of one source named, each article once: the first that named it."""
    parts = tuple(parts)
    candidates: dict[str, Candidate] = {}
    pages: dict[str, RawPage] = {}
    for part in parts:
        for candidate in part.candidates:
            candidates.setdefault(candidate.key, candidate)
        for page in part.pages:
            pages.setdefault(page.key, page)
    return Discovery(
        candidates=tuple(candidates.values()),
        seen=tuple(dict.fromkeys(key for part in parts for key in part.seen)),
        named=tuple({one.key: one for part in reversed(parts) for one in reversed(part.named)}.values())[::-1],
        left_out=tuple(dict.fromkeys(line for part in parts for line in part.left_out))[:MOST_LEFT_OUT],
        reads=tuple(read for part in parts for read in part.reads),
        stopped=tuple(stop for part in parts for stop in part.stopped),
        unread=tuple(one for part in parts for one in part.unread),
        validators={url: value for part in parts for url, value in part.validators.items()},
        pages=tuple(pages.values()),
    )


async def walk_all(lists: Iterable[Awaitable[Discovery]]) -> Discovery:
    """Walk the lists of one source one after the other: they are mostly on one host."""
    return merge([await part for part in lists])
