"""Read a list page by page: leave out what is known, stop where nothing new is to be expected."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

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
    Validators,
    Window,
)
from connectors.urls import BadAddressError, article_key, check_address, fits_host, host_of
from models.records import Candidate, Hints, Origin, RawPage

__all__ = ["Entry", "Leaf", "ListError", "merge", "source_hosts", "walk"]

MOST_LEFT_OUT = 200  # reported per list: enough to see what a selector caught by mistake
LONGEST_TITLE = 300  # characters; a longer "title" is a paragraph that a selector caught
# Attachments and media that lists link beside articles; they are no pages.
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar|7z|jpe?g|png|gif|bmp|svg|webp|mp[34]|avi|mov|flv|wmv|m3u8|apk|exe|css|js)$",
    re.IGNORECASE,
)


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
    page: Callable[[Candidate, Answer], RawPage] | None = None  # the text came with the list


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list, read."""

    entries: tuple[Entry, ...]
    next: Request | None = None


Read = Callable[[Answer, int], Leaf]
"""From an answer and its number (1 = first) to what stands on it. Raises ListError."""


@dataclass(slots=True)
class _Walk:
    """What has been found so far on one list."""

    candidates: list[Candidate] = field(default_factory=list)
    pages: list[RawPage] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    reads: list[ListRead] = field(default_factory=list)
    met: set[str] = field(default_factory=set)  # keys of everything the list has named
    validators: Validators | None = None  # of the first page


async def walk(
    source: Source,
    fetcher: Fetcher,
    known: Known,
    window: Window,
    memory: Mapping[str, Validators],
    first: Request,
    read: Read,
    *,
    origin: Origin = Origin.LIST,
    whole: int | None = None,
    name: str | None = None,
) -> Discovery:
    """Read one list from its first page on. Failures are part of the result, not exceptions.

    ``name``: what the list is remembered by, if not the address of its first page.

    ``whole``: the list has an end of its own, like an issue of a newspaper; read all of it, up to so many pages.
    """
    state = _Walk()
    identity = name or _identity(first)
    if not window.backfill and window.since is None and window.limit is None:
        first = _with_validators(first, memory.get(identity))
    stop = await _read_pages(state, source, fetcher, known, window, first, read, origin, whole)
    # A list of which something was left unread must be read again next time, even if it has not changed.
    keep = state.validators is not None and stop not in (Stop.LIMIT, Stop.FAILED) and not window.backfill
    return Discovery(
        candidates=tuple(state.candidates),
        seen=tuple(state.seen),
        left_out=tuple(state.left_out[:MOST_LEFT_OUT]),
        reads=tuple(state.reads),
        stopped=(stop,),
        validators={identity: state.validators} if keep and state.validators else {},
        pages=tuple(state.pages),
    )


def _identity(request: Request) -> str:
    """What a list is remembered by: its address, and what is posted to it."""
    posted = request.json or "&".join(f"{name}={value}" for name, value in (request.form or {}).items())
    return f"{request.url} {posted}".strip()


def _with_validators(request: Request, validators: Validators | None) -> Request:
    return Request(request.url, request.expect, request.method, request.form, request.json, request.referer, validators)


async def _read_pages(
    state: _Walk,
    source: Source,
    fetcher: Fetcher,
    known: Known,
    window: Window,
    first: Request,
    read: Read,
    origin: Origin,
    whole: int | None,
) -> Stop:
    request: Request | None = first
    asked: set[str] = set()
    only_known = 0
    cap = whole or (source.limits.backfill_pages if window.backfill else source.limits.pages)
    for number in range(1, cap + 1):
        if request is None or _identity(request) in asked:
            return Stop.END
        asked.add(_identity(request))
        try:
            answer = await fetcher.get(request, source)
            if answer.not_modified:
                state.reads.append(ListRead(request.url, ListState.UNCHANGED))
                state.validators = request.validators
                return Stop.UNCHANGED
            leaf = read(answer, number)
        except (FetchError, ListError) as error:
            return _note_failure(state, source, request, error, number)
        if number == 1:
            state.validators = answer.validators
        stop, new = await _take(state, source, known, window, leaf, answer, origin)
        if stop is not None:
            return stop
        only_known = 0 if new else only_known + 1
        if only_known > source.limits.overlap and not window.backfill and not whole:
            return Stop.KNOWN
        request = leaf.next
    return Stop.PAGE_CAP if request is not None else Stop.END


def _note_failure(state: _Walk, source: Source, request: Request, error: FetchError | ListError, number: int) -> Stop:
    if isinstance(error, ListError):
        error = FetchError(FailureKind.PARSE, request.url, str(error), source=source.slug)
    if number > 1 and error.kind is FailureKind.HTTP_4XX:
        return Stop.END  # numbered pages are asked for until there is none
    state.reads.append(ListRead(request.url, ListState.FAILED, error=error))
    return Stop.FAILED


async def _take(
    state: _Walk, source: Source, known: Known, window: Window, leaf: Leaf, answer: Answer, origin: Origin
) -> tuple[Stop | None, int]:
    """Sort the entries of one page; returns why to stop, if so, and how many were new to the database."""
    articles = _sift(state, source, leaf.entries)
    fresh = [(key, entry) for key, entry in articles.items() if key not in state.met]
    if not fresh:
        empty = not articles and not state.met
        state.reads.append(ListRead(answer.url, ListState.EMPTY if empty else ListState.READ, len(articles)))
        if leaf.next is not None and not articles:
            return None, 0  # a page of advertisements, or one that only leads on
        return Stop.REPEATED if articles else Stop.END, 0
    state.met.update(articles)
    have = await known([key for key, _ in fresh])
    new = 0
    ages = []
    for key, entry in fresh:
        day = read_day(entry.published, answer.fetched_at) or date_in_address(entry.url)
        ages.append(day)
        if key in have:
            state.seen.append(key)
        elif _is_outside(day, window):
            state.left_out.append((entry.url, f"outside the dates asked for ({day})"))
        else:
            new += 1
            _add(state, source, entry, key, answer, origin)
    state.reads.append(ListRead(answer.url, ListState.READ, len(articles), new))
    return _stop_after(state, source, window, ages), new


def _stop_after(state: _Walk, source: Source, window: Window, ages: list[date | None]) -> Stop | None:
    limit = min(window.limit or source.limits.articles, source.limits.articles)
    if window.backfill:
        limit = window.limit or source.limits.backfill_pages * source.limits.articles
    if len(state.candidates) >= limit:
        del state.candidates[limit:]
        return Stop.LIMIT
    dated = [day for day in ages if day is not None]
    # Pinned old entries stand above new ones: only a page that is old as a whole ends the list.
    if window.since is not None and dated and all(day < window.since for day in dated):
        return Stop.SINCE
    return None


def _is_outside(day: date | None, window: Window) -> bool:
    if day is None:
        return False
    return (window.since is not None and day < window.since) or (window.until is not None and day > window.until)


def _add(state: _Walk, source: Source, entry: Entry, key: str, answer: Answer, origin: Origin) -> None:
    hints = Hints(
        title=entry.title[:LONGEST_TITLE] if entry.title else None,
        published=entry.published,
        published_origin=origin,
        medium=entry.medium,
        author=entry.author,
        summary=entry.summary,
        listed_at=answer.fetched_at,
    )
    candidate = Candidate(source.slug, entry.url, key, hints, found_on=answer.url)
    state.candidates.append(candidate)
    if entry.page is not None:
        state.pages.append(entry.page(candidate, answer))


def _sift(state: _Walk, source: Source, entries: Iterable[Entry]) -> dict[str, Entry]:
    """Those entries of a page that are articles of the source, by key, each once."""
    articles: dict[str, Entry] = {}
    for entry in entries:
        reason = explain_foreign(entry.url, source)
        if reason:
            state.left_out.append((entry.url, reason))
        else:
            articles.setdefault(article_key(entry.url, source.hosts.alias), entry)
    return articles


def explain_foreign(url: str, source: Source) -> str | None:
    """Why an address is not an article of the source, or None."""
    try:
        check_address(url)
    except BadAddressError as error:
        return str(error)
    if not any(fits_host(host_of(url), allowed) for allowed in source_hosts(source)):
        return "another host"
    path = url.partition("?")[0]
    if _FILE.search(path):
        return "a file, not a page"
    rules = source.discover
    if isinstance(rules, Selection):
        if rules.accept and not any(re.search(pattern, url) for pattern in rules.accept):
            return "not accepted by the source file"
        if any(re.search(pattern, url) for pattern in rules.reject):
            return "rejected by the source file"
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
        left_out=tuple(dict.fromkeys(line for part in parts for line in part.left_out))[:MOST_LEFT_OUT],
        reads=tuple(read for part in parts for read in part.reads),
        stopped=tuple(stop for part in parts for stop in part.stopped),
        validators={url: value for part in parts for url, value in part.validators.items()},
        pages=tuple(pages.values()),
    )


async def walk_all(lists: Iterable[Awaitable[Discovery]]) -> Discovery:
    """Walk the lists of one source one after the other: they are mostly on one host."""
    return merge([await part for part in lists])
