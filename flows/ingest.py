"""One source, or one batch of articles, on its way into the database. Knows nothing of Prefect.

    discover_source -> queued candidates -> work_batch (fetch, save raw, clean, apply) -> Batch

Everything that a run needs is in ``Tools`` (what it works with) and ``Order`` (what it was asked to do).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from connectors.declaration import Source
from connectors.failures import FetchError
from connectors.kinds import connector_for, list_names
from connectors.protocol import Discovery, Fetcher, ListRead, Validators, Window
from connectors.protocol import ListState as ReadState
from flows.workshop import Broken, Workshop
from models.accounts import ListState
from models.decide import Cleaned, Failed, Failure, NotModified, Rejected, Result, Stage, UrlState
from models.records import Candidate, Outcome, RawPage, Record
from models.rules import ArticleRules
from models.store import Store

__all__ = [
    "Arrived",
    "Batch",
    "Brought",
    "Discovered",
    "FailedItem",
    "Order",
    "Tools",
    "clean_pages",
    "discover_source",
    "in_batches",
    "work_batch",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run works with, opened once per run."""

    store: Store
    fetcher: Fetcher
    workshop: Workshop


@dataclass(frozen=True, slots=True)
class Order:
    """What a run was asked to do. ``run`` is the id of its row; empty in a dry run, which has none."""

    run: str
    now: datetime  # aware
    dry_run: bool = False
    since: date | None = None
    limit: int | None = None  # candidates per source
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A URL that finally failed in this run, with all that its own page in the UI shows."""

    candidate: Candidate
    stage: str
    kind: str
    message: str
    traceback: str = ""

    @property
    def url(self) -> str:
        return self.candidate.url


@dataclass(frozen=True, slots=True)
class Discovered:
    """What one source named: keys known before and keys to work on."""

    run: str
    seen: tuple[str, ...] = ()  # known already, still listed
    work: tuple[Candidate, ...] = ()
    lists: int = 0
    left_out: int = 0  # addresses that are no articles of this source
    empty: bool = False
    unreachable: str = ""  # why, if every list failed
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one batch: outcomes add up to the number of its candidates."""

    run: str
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    failed: tuple[FailedItem, ...] = ()
    quarantined: tuple[str, ...] = ()  # "address: reason"
    filled: Mapping[str, int] = field(default_factory=dict)  # field of the record -> records that have it
    records: int = 0


# ---- discover --------------------------------------------------------------------------------------------------


async def discover_source(tools: Tools, order: Order, source: Source) -> Discovered:
    """Ask a source what is new, remember it in the database, and answer all that is to be worked on."""
    window = Window(now=order.now, since=order.since, limit=order.limit, backfill=order.backfill)
    memory = {} if order.dry_run else await _remembered(tools, order, source)
    found = await connector_for(source).discover(source, tools.fetcher, _known(tools), window, memory)
    if order.dry_run:
        work = found.candidates
    else:
        await asyncio.to_thread(_remember, tools, order, source, found)
        work = tuple(await asyncio.to_thread(tools.store.unfinished, order.now, source=source.slug, limit=order.limit))
    return Discovered(
        run=order.run,
        seen=found.seen,
        work=work,
        lists=len(found.reads),
        left_out=len(found.left_out),
        empty=found.empty,
        unreachable=_why_unreachable(found),
        notes=tuple(_list_trouble(found.reads)),
    )


def _known(tools: Tools) -> Callable[[Sequence[str]], Awaitable[set[str]]]:
    async def look_up(keys: Sequence[str]) -> set[str]:
        return set(await asyncio.to_thread(tools.store.known, keys))

    return look_up


async def _remembered(tools: Tools, order: Order, source: Source) -> dict[str, Validators]:
    """Validators of the source's lists from the last time they were read well."""

    def read() -> dict[str, Validators]:
        states = {url: tools.store.list_state(source.slug, url) for url in list_names(source, order.now)}
        return {url: Validators(s.etag, s.last_modified, s.body_hash) for url, s in states.items() if s}

    return await asyncio.to_thread(read)


def _remember(tools: Tools, order: Order, source: Source, found: Discovery) -> None:
    """Candidates, pages that came with the lists, and validators. The order makes a kill harmless: a list counts
    as read only in the transaction that holds its candidates."""
    items = {read.url: read.items for read in found.reads}
    lists = [
        ListState(source.slug, url, v.etag, v.last_modified, v.digest, items.get(url, 0))
        for url, v in found.validators.items()
        if url not in {read.url for read in found.reads if read.state is not ReadState.READ}
    ]
    tools.store.enqueue(order.run, found.candidates, order.now, lists=lists)
    for page in found.pages:
        tools.store.save_raw(page)


def _why_unreachable(found: Discovery) -> str:
    if not found.failed:
        return ""
    errors = [read.error for read in found.reads if read.error]
    return f"{errors[0].kind.chinese} ({errors[0].kind})：{errors[0].message}" if errors else "列表无法读取"


def _list_trouble(reads: Sequence[ListRead]) -> list[str]:
    return [f"列表 {read.url}：{read.error or '没有找到任何文章'}" for read in reads if read.error or _is_empty(read)]


def _is_empty(read: ListRead) -> bool:
    return read.state is ReadState.EMPTY


# ---- work ------------------------------------------------------------------------------------------------------


def in_batches(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


async def work_batch(tools: Tools, order: Order, source: Source, candidates: Sequence[Candidate]) -> Batch:
    """Fetch, keep, clean and store a batch. One bad page costs itself only; doing it again changes nothing."""
    known = {} if order.dry_run else await asyncio.to_thread(tools.store.known, [c.key for c in candidates])
    fetched = {key for key, url in known.items() if url.state is UrlState.FETCHED}
    arrived = await asyncio.gather(
        *(_bring(tools, order, source, candidate, stored=candidate.key in fetched) for candidate in candidates)
    )
    return await clean_pages(tools, order, candidates, arrived, source.article)


@dataclass(frozen=True, slots=True)
class Brought:
    """A page and its id in the database; None in a dry run."""

    page: RawPage
    stored_as: str | None = None


Arrived = Brought | Failure | None  # None: not modified


async def _bring(tools: Tools, order: Order, source: Source, candidate: Candidate, *, stored: bool) -> Arrived:
    """The page from the database if an earlier run got that far, else from the site; raw bytes are kept first."""
    if stored and (kept := await asyncio.to_thread(tools.store.load_raw, candidate.key)):
        return Brought(kept.raw, kept.page)
    try:
        page = await connector_for(source).fetch(candidate, source, tools.fetcher)
    except FetchError as error:
        return _failure_of(error)
    if page is None:
        return None
    if order.dry_run:
        return Brought(page)
    saved = await asyncio.to_thread(tools.store.save_raw, page)
    return Brought(page, saved.page)


def _failure_of(error: FetchError) -> Failure:
    plain = Failure.of(Stage.FETCH, error, retry_after=error.retry_after)
    message = f"{error}\n{error.head}" if error.head else str(error)
    return Failure(
        Stage.FETCH, error.kind.value, message, error.kind.weight.value, plain.traceback, retry_after=error.retry_after
    )


async def clean_pages(
    tools: Tools,
    order: Order,
    candidates: Sequence[Candidate],
    arrived: Sequence[Arrived],
    rules: Sequence[ArticleRules] = (),
) -> Batch:
    """Clean what arrived and write all results of the batch in one transaction."""
    pages = [brought.page for brought in arrived if isinstance(brought, Brought)]
    records = iter(await tools.workshop.clean(pages, rules))
    results = [
        _judge(candidate, one, next(records)) if isinstance(one, Brought) else _without_page(candidate, one)
        for candidate, one in zip(candidates, arrived, strict=True)
    ]
    outcomes = await asyncio.to_thread(tools.store.apply, order.run, results, order.now, dry_run=order.dry_run)
    return _sum_up(order, candidates, results, outcomes)


def _without_page(candidate: Candidate, arrived: Failure | None) -> Result:
    if arrived is None:
        return NotModified(candidate.key, candidate.source, candidate.url)
    return Failed(candidate.key, candidate.source, candidate.url, arrived)


def _judge(candidate: Candidate, brought: Brought, cleaned: Record | Broken) -> Result:
    """What to do with a page that was read: keep the record, or say why there is none."""
    if isinstance(cleaned, Broken):
        failure = Failure(Stage.CLEAN, cleaned.kind, cleaned.message, traceback=cleaned.trace)
        return Failed(candidate.key, candidate.source, candidate.url, failure)
    if not cleaned.paragraphs and not cleaned.images:
        reason = "没有正文 / no article on the page"
        return Rejected(candidate.key, candidate.source, candidate.url, Stage.EXTRACT, reason, cleaned.extractor)
    return Cleaned(cleaned, brought.stored_as)


# Fields whose filling is watched per source: a site that stops giving one of them has changed.
WATCHED = ("title", "published_at", "medium", "authors")


def _sum_up(
    order: Order, candidates: Sequence[Candidate], results: Sequence[Result], outcomes: Sequence[Outcome]
) -> Batch:
    records = [result.record for result in results if isinstance(result, Cleaned)]
    return Batch(
        run=order.run,
        counts=dict(Counter(outcomes)),
        failed=tuple(
            FailedItem(c, r.failure.stage.value, r.failure.kind, r.failure.message, r.failure.traceback)
            for c, r in zip(candidates, results, strict=True)
            if isinstance(r, Failed)
        ),
        quarantined=tuple(f"{r.url}: {r.reason}" for r in results if isinstance(r, Rejected)),
        filled={name: sum(bool(getattr(record, name)) for record in records) for name in WATCHED},
        records=len(records),
    )
