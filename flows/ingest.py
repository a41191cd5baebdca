"""One source, or one batch of articles, on its way into the database. Knows nothing of Prefect.

    discover_source -> queued candidates -> work_batch (fetch, save raw, clean, apply) -> Batch

Everything that a run needs is in ``Tools`` (what it works with) and ``Order`` (what it was asked to do).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from connectors.declaration import Source
from connectors.failures import FailureKind, FetchError
from connectors.kinds import brings_text, connector_for
from connectors.protocol import Discovery, Fetcher, Known, ListRead, Stop, Unread, Validators, Window
from connectors.protocol import ListState as ReadState
from flows.revisits import choose_revisits, find_relisted, worth_comparing
from flows.workshop import Broken, Workshop, weigh
from models.accounts import ListState, Visited
from models.decide import Cleaned, Failed, Failure, NotModified, OffTopic, PassedOver, Rejected, Result, Stage, UrlState
from models.records import LACKS, PAGES_MISSING, Candidate, Outcome, RawPage, Record, sha256
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
HITS_SHOWN = 20  # words of an off-topic page; such a page has few


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
    until: date | None = None
    limit: int | None = None  # candidates per source
    backfill: bool = False

    @property
    def whole(self) -> bool:
        """Whether the run takes all that is due, and so says something about the habits of its sources."""
        return not (self.since or self.until or self.limit or self.backfill)


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A URL that finally failed in this run, with all that its own page in the UI shows."""

    candidate: Candidate
    stage: str
    kind: str
    message: str
    traceback: str = ""
    answer: str = ""  # status and headers of the answer, if there was one
    task: str = ""  # id of the task run that shows it

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
    listed: int | None = None  # articles that the lists named; None if none was read anew
    left_out: tuple[str, ...] = ()  # why addresses are no articles of this source, how many each, and one of them
    empty: bool = False
    unreachable: str = ""  # why, if every list failed
    blocked: bool = False  # ... because the site refuses us
    notes: tuple[str, ...] = ()
    failed: tuple[FailedItem, ...] = ()  # lists that could not be read


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one batch: outcomes add up to the number of its candidates."""

    run: str
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    failed: tuple[FailedItem, ...] = ()
    quarantined: tuple[str, ...] = ()  # "address: reason"
    filled: Mapping[str, int] = field(default_factory=dict)  # field of the record -> records that have it, "length"
    records: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)  # rule -> places repaired
    doubts: Mapping[str, int] = field(default_factory=dict)  # rule -> places only flagged
    flapping: tuple[str, ...] = ()  # addresses that go to and fro between texts, and keep the one they have


# ---- discover --------------------------------------------------------------------------------------------------


async def discover_source(tools: Tools, order: Order, source: Source) -> Discovered:
    """Ask a source what is new, remember it in the database, and answer all that is to be worked on."""
    window = Window(order.now, order.since, order.until, order.limit, order.backfill)
    memory = await _remembered(tools, source)
    if order.dry_run:  # it shows what the lists hold, changed or not
        memory = {name: Validators(read_at=before.read_at) for name, before in memory.items()}
    found = await connector_for(source).discover(source, tools.fetcher, _known(tools), window, memory)
    if order.dry_run:
        work = found.candidates
    else:
        relisted = await asyncio.to_thread(_compare, tools, order, source, found)
        await asyncio.to_thread(_remember, tools, order, source, found, relisted)
        work = tuple(await asyncio.to_thread(_due, tools, order, source, relisted))
    return Discovered(
        run=order.run,
        seen=found.seen,
        work=work,
        lists=len(found.reads),
        listed=_count_listed(found.reads),
        left_out=tuple(_sum_up_left_out(found.left_out)),
        empty=found.empty,
        unreachable=_why_unreachable(found),
        blocked=_is_blocked(found),
        notes=(*source.tls.exceptions, *_list_trouble(found.reads), *map(_tell_unread, found.unread)),
        failed=tuple(_failed_lists(source, found.reads)),
    )


def _failed_lists(source: Source, reads: Sequence[ListRead]) -> Iterator[FailedItem]:
    for read in reads:
        if read.error:
            failure = replace(_failure_of(read.error), stage=Stage.DISCOVER)
            yield failed_item(Candidate(source.slug, read.url, ""), failure)


def _count_listed(reads: Sequence[ListRead]) -> int | None:
    named = [read.items for read in reads if read.state in (ReadState.READ, ReadState.EMPTY)]
    return sum(named) if named else None


def _compare(tools: Tools, order: Order, source: Source, found: Discovery) -> list[Candidate]:
    """Known articles of which the lists now say something else, as they now name them."""
    named = worth_comparing(found.named, order.now, source.limits)
    stored = tools.store.visited([one.key for one in named])
    return find_relisted(named, stored)


def _due(tools: Tools, order: Order, source: Source, relisted: Sequence[Candidate]) -> list[Candidate]:
    """What is not done yet, and what may have been edited: sites correct their articles in the first days."""
    work = tools.store.unfinished(order.now, source=source.slug, limit=order.limit)
    if not order.whole or not source.limits.revisit_days or brings_text(source):
        return work
    recent = tools.store.visited(source=source.slug, since=order.now - timedelta(days=source.limits.revisit_days))
    by_key = {one.candidate.key: one.candidate for one in recent} | {one.key: one for one in relisted}
    return work + [by_key[key] for key in choose_revisits(recent, relisted, order.now, source.limits)]


def _known(tools: Tools) -> Known:
    async def look_up(keys: Sequence[str]) -> dict[str, datetime]:
        known = await asyncio.to_thread(tools.store.known, keys)
        return {key: url.first_seen_at for key, url in known.items() if url.first_seen_at is not None}

    return look_up


async def _remembered(tools: Tools, source: Source) -> dict[str, Validators]:
    """Validators of the source's lists from the last time they were read well."""

    def read() -> dict[str, Validators]:
        states = tools.store.list_states(source.slug)
        return {url: Validators(s.etag, s.last_modified, s.body_hash, s.onward, s.good_at) for url, s in states.items()}

    return await asyncio.to_thread(read)


def _remember(tools: Tools, order: Order, source: Source, found: Discovery, relisted: Sequence[Candidate]) -> None:
    """Candidates, pages that came with the lists, and validators. The order makes a kill harmless: a list counts
    as read only in the transaction that holds its candidates."""
    items = {read.url: read.items for read in found.reads}
    lists = [
        ListState(source.slug, url, v.etag, v.last_modified, v.digest, items.get(url, 0), onward=v.onward)
        for url, v in found.validators.items()
    ]
    tools.store.enqueue(order.run, found.candidates, order.now, lists=lists, relisted=relisted)
    tools.store.save_pages(found.pages)


def _why_unreachable(found: Discovery) -> str:
    if not found.failed:
        return ""
    errors = [read.error for read in found.reads if read.error]
    return f"{errors[0].kind.chinese} ({errors[0].kind})：{errors[0].message}" if errors else "列表无法读取"


def _is_blocked(found: Discovery) -> bool:
    """Whether the site answers and refuses: time does not heal that, a person has to talk to it or look."""
    errors = [read.error for read in found.reads if read.error]
    return found.failed and bool(errors) and all(_refuses(error) for error in errors)


def _refuses(error: FetchError) -> bool:
    return error.kind in (FailureKind.CHALLENGE_PAGE, FailureKind.ROBOTS) or error.status in _REFUSING


_REFUSING = (401, 403, 451)


def _list_trouble(reads: Sequence[ListRead]) -> list[str]:
    return [f"列表 {read.url}：{read.error or '没有找到任何文章'}" for read in reads if read.error or _is_empty(read)]


def _tell_unread(list_: Unread) -> str:
    """Nothing is left out in silence: where articles may stand that nobody has read."""
    oldest = f"，读到 {list_.oldest}" if list_.oldest else ""
    return f"列表 {list_.url}：{_UNREAD.get(list_.why, _UNREAD[Stop.END])}{oldest}"


_UNREAD = {
    Stop.LIMIT: "达到每次的文章上限，其余下次继续 / the cap on articles was reached, the rest comes with the next run",
    Stop.PAGE_CAP: (
        "读到页数上限时仍有新文章，更早的请补采（dangjian backfill）"
        " / still new articles at the page cap, backfill those before"
    ),
    Stop.END: "列表没有列到所要的最早日期 / the list does not go back to the first day asked for",
}


def _sum_up_left_out(left_out: Sequence[tuple[str, str]]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for url, reason in left_out:
        by_reason.setdefault(reason, []).append(url)
    for reason, urls in by_reason.items():
        yield f"略去 {len(urls)} 个地址，{reason}：{urls[0]}"


def _is_empty(read: ListRead) -> bool:
    return read.state is ReadState.EMPTY


# ---- work ------------------------------------------------------------------------------------------------------


def in_batches(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


async def work_batch(
    tools: Tools, order: Order, source: Source, candidates: Sequence[Candidate], *, anew: bool = False
) -> Batch:
    """Fetch, keep, clean and store a batch. One bad page costs itself only; doing it again changes nothing.

    ``anew``: fetch pages that are stored already as well, without asking whether they changed.
    """
    known = {} if order.dry_run or anew else await asyncio.to_thread(tools.store.known, [c.key for c in candidates])
    fetched = {key for key, url in known.items() if url.state is UrlState.FETCHED}
    done = [key for key, url in known.items() if url.state is UrlState.DONE]
    visited = {one.candidate.key: one for one in await asyncio.to_thread(tools.store.visited, done)} if done else {}

    def bring(candidate: Candidate) -> Awaitable[Arrived]:
        if candidate.key in visited:
            return _look_again(tools, source, visited[candidate.key])
        return _bring(tools, source, candidate, stored=candidate.key in fetched)

    coming = {asyncio.ensure_future(bring(candidate)): place for place, candidate in enumerate(candidates)}
    try:
        arrived = [await task for task in coming] if order.dry_run else await _keep_all(tools, coming)
    finally:
        for task in coming:
            task.cancel()
    return await clean_pages(tools, order, candidates, arrived, source.article, source.relevance)


@dataclass(frozen=True, slots=True)
class Brought:
    """A page and its id in the database; None before it is stored, and in a dry run."""

    page: RawPage
    stored_as: str | None = None


@dataclass(frozen=True, slots=True)
class LaidAside:
    """A large page that waits in the database for its turn to be cleaned: a batch of them would take all memory."""

    key: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class Missed:
    """An article that is stored and could not be looked at again: nothing is lost, so it is no failure."""

    reason: str


Arrived = Brought | LaidAside | Failure | Missed | None  # None: not modified


async def _look_again(tools: Tools, source: Source, visited: Visited) -> Arrived:
    """A page that is stored, if it has changed since. What an edit took away stays: it becomes a version."""
    headers = visited.headers
    validators = Validators(headers.get("etag"), headers.get("last-modified"), visited.digest)
    # The first of several pages says nothing of the others: an edit there, or a page that was missing, is seen only
    # where all of them are asked for.
    in_pages = bool(visited.further) or LACKS in headers
    try:
        page = await connector_for(source).fetch(
            visited.candidate, source, tools.fetcher, None if in_pages else validators
        )
    except FetchError as error:
        return Missed(f"再次查看未成功 / not seen again: {error}")
    if page is None or (in_pages and _is_as_before(page, visited)):
        return None
    if page.lacks == PAGES_MISSING and len(page.more) < len(visited.further):
        return Missed("后续页这次没有取到，保留已存的全文 / a later page was not there, the whole text is kept")
    return Brought(page)


def _is_as_before(page: RawPage, visited: Visited) -> bool:
    return (page.digest, *map(sha256, page.more)) == (visited.digest, *visited.further)


# Pages that arrive together are stored together: a sync to disk costs more than a page. Who kills the run loses a
# second of fetching, and no more than so many pages.
KEPT_TOGETHER = 16
KEPT_AFTER_SECONDS = 1.0
KEPT_BYTES = 1 << 24  # of pages that wait to be stored
LARGE_PAGE = 1 << 20  # bytes; a hundredth of all pages is larger than a quarter of this


async def _keep_all(tools: Tools, coming: dict[asyncio.Task[Arrived], int]) -> list[Arrived]:
    """Store the bytes of pages as they come, before anything is parsed; answer what came, in the order of places.

    ``coming`` is emptied on the way: a task that is held holds its page.
    """
    arrived: dict[int, Arrived] = {}
    fresh: dict[int, Brought] = {}
    deadline = 0.0
    while coming or fresh:
        left = max(deadline - time.monotonic(), 0.0) if fresh else None
        done: set[asyncio.Task[Arrived]] = set()
        if coming:
            done, _ = await asyncio.wait(coming, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            place = coming.pop(task)
            arrived[place] = one = task.result()
            if isinstance(one, Brought) and one.stored_as is None:
                deadline = deadline if fresh else time.monotonic() + KEPT_AFTER_SECONDS
                fresh[place] = one
        if fresh and (_is_enough(fresh) or not coming or time.monotonic() >= deadline):
            arrived |= await _keep(tools, fresh)
            fresh = {}
    return [arrived[place] for place in sorted(arrived)]


def _is_enough(fresh: Mapping[int, Brought]) -> bool:
    return len(fresh) >= KEPT_TOGETHER or sum(weigh(one.page) for one in fresh.values()) >= KEPT_BYTES


async def _keep(tools: Tools, fresh: Mapping[int, Brought]) -> dict[int, Arrived]:
    saved = await asyncio.to_thread(tools.store.save_pages, [one.page for one in fresh.values()])
    return {
        place: _lay_aside(Brought(one.page, kept.page)) for (place, one), kept in zip(fresh.items(), saved, strict=True)
    }


def _lay_aside(brought: Brought) -> Brought | LaidAside:
    if brought.stored_as is None or weigh(brought.page) <= LARGE_PAGE:
        return brought
    return LaidAside(brought.page.key, brought.stored_as)


async def _bring(tools: Tools, source: Source, candidate: Candidate, *, stored: bool) -> Arrived:
    """The page from the database if an earlier run got that far, else from the site."""
    if stored and (kept := await asyncio.to_thread(tools.store.load_raw, candidate.key)):
        return _lay_aside(Brought(kept.raw, kept.page))
    try:
        page = await connector_for(source).fetch(candidate, source, tools.fetcher)
    except FetchError as error:
        return _failure_of(error)
    return Brought(page) if page is not None else None


def _failure_of(error: FetchError) -> Failure:
    plain = Failure.of(Stage.FETCH, error, retry_after=error.retry_after)
    message = f"{error}\n{error.head}" if error.head else str(error)
    return Failure(
        Stage.FETCH,
        error.kind.value,
        message,
        error.kind.weight.value,
        plain.traceback,
        retry_after=error.retry_after,
        answer=_answer_of(error),
    )


def _answer_of(error: FetchError) -> str:
    """Status and headers, as they came; without what identifies us to the site."""
    if error.status is None:
        return ""
    shown = [f"{name}: {value}" for name, value in error.headers.items() if not name.startswith("set-cookie")]
    return "\n".join([f"HTTP {error.status}", *shown])


async def clean_pages(
    tools: Tools,
    order: Order,
    candidates: Sequence[Candidate],
    arrived: Sequence[Arrived],
    rules: Sequence[ArticleRules] = (),
    relevance: float = 0.0,
    look: Callable[[Sequence[Result]], Awaitable[None]] | None = None,
) -> Batch:
    """Clean what arrived and write all results of the batch in one transaction.

    Below ``relevance`` a page is off-topic; the default takes everything, as seeds are chosen by people. ``look`` is
    shown the results before they are written.
    """
    cleaned = await _clean_all(tools, arrived, rules)
    results = [
        _judge(candidate, one, cleaned[place], relevance)
        if isinstance(one, Brought | LaidAside)
        else _without_page(candidate, one)
        for place, (candidate, one) in enumerate(zip(candidates, arrived, strict=True))
    ]
    if look is not None:
        await look(results)
    outcomes = await asyncio.to_thread(tools.store.apply, order.run, results, order.now, dry_run=order.dry_run)
    flapping = await asyncio.to_thread(tools.store.flapping, _read_again(results, outcomes))
    return replace(_sum_up(order, candidates, results, outcomes), flapping=tuple(flapping))


async def _clean_all(
    tools: Tools, arrived: Sequence[Arrived], rules: Sequence[ArticleRules]
) -> dict[int, Record | Broken]:
    """What became of the pages, by their places. Large ones are taken out of the database one by one."""
    at_hand = {place: one.page for place, one in enumerate(arrived) if isinstance(one, Brought)}
    others = asyncio.ensure_future(tools.workshop.clean(list(at_hand.values()), rules))
    try:
        cleaned: dict[int, Record | Broken] = {}
        for place, one in enumerate(arrived):
            if isinstance(one, LaidAside):
                cleaned[place] = await _clean_laid_aside(tools, one, rules)
        return cleaned | dict(zip(at_hand, await others, strict=True))
    finally:
        others.cancel()


async def _clean_laid_aside(tools: Tools, one: LaidAside, rules: Sequence[ArticleRules]) -> Record | Broken:
    stored = await asyncio.to_thread(tools.store.load_raw, one.key)
    if stored is None:
        return Broken("cleaning-error", "the page is no longer in the database")
    return (await tools.workshop.clean([stored.raw], rules))[0]


def _read_again(results: Sequence[Result], outcomes: Sequence[Outcome]) -> list[str]:
    """Keys of articles that were there before, and whose page came with other bytes than then."""
    stayed = (Outcome.UPDATED, Outcome.UNCHANGED)
    return [r.key for r, outcome in zip(results, outcomes, strict=True) if isinstance(r, Cleaned) and outcome in stayed]


def _without_page(candidate: Candidate, arrived: Failure | Missed | None) -> Result:
    if arrived is None:
        return NotModified(candidate.key, candidate.source, candidate.url)
    if isinstance(arrived, Missed):
        return PassedOver(candidate.key, candidate.source, candidate.url, arrived.reason)
    return Failed(candidate.key, candidate.source, candidate.url, arrived)


def _judge(candidate: Candidate, brought: Brought | LaidAside, cleaned: Record | Broken, relevance: float) -> Result:
    """What to do with a page that was read: keep the record, or say why there is none."""
    if isinstance(cleaned, Broken):
        failure = Failure(Stage.CLEAN, cleaned.kind, cleaned.message, traceback=cleaned.trace)
        return Failed(candidate.key, candidate.source, candidate.url, failure)
    if not cleaned.paragraphs and not cleaned.images:
        reason = "没有正文 / no article on the page"
        return Rejected(candidate.key, candidate.source, candidate.url, Stage.EXTRACT, reason, cleaned.extractor)
    if cleaned.relevance.score < relevance:
        return OffTopic(candidate.key, candidate.source, candidate.url, _tell_off_topic(cleaned, relevance))
    return Cleaned(cleaned, brought.stored_as)


def _tell_off_topic(record: Record, least: float) -> str:
    """Enough to judge the threshold of a source by: title, score, and the words that speak for the field."""
    hits = sorted(record.relevance.hits.items(), key=lambda hit: -hit[1])[:HITS_SHOWN]
    words = "、".join(f"{word} {times}" for word, times in hits) or "没有 / none"
    score = f"党建相关度 / relevance {record.relevance.score:.2f} < {least:.2f}"
    return f"《{record.title or '无题'}》{score}；词语 / words: {words}"


def failed_item(candidate: Candidate, failure: Failure) -> FailedItem:
    return FailedItem(candidate, failure.stage.value, failure.kind, failure.message, failure.traceback, failure.answer)


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
            failed_item(c, r.failure) for c, r in zip(candidates, results, strict=True) if isinstance(r, Failed)
        ),
        quarantined=tuple(f"{r.url}: {r.reason}" for r in results if isinstance(r, Rejected)),
        filled={name: sum(bool(getattr(record, name)) for record in records) for name in WATCHED}
        | {"length": sum(len(record.text) for record in records)},
        records=len(records),
        repairs=_count_repairs(records, applied=True),
        doubts=_count_repairs(records, applied=False),
    )


def _count_repairs(records: Sequence[Record], *, applied: bool) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for record in records:
        for repair in record.repairs:
            if repair.applied is applied:
                counts[repair.rule] += repair.count
    return dict(counts)
