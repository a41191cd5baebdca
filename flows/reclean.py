"""Cleaning stored pages again, in spans of keys that may run side by side. Knows nothing of Prefect.

    count_raw -> cut -> spans -> Recleaning.clean(span), a hundred pages at a time

Keys are hashes, so pages lie evenly over them: a source is cut into spans without listing what is in them, and memory
does not grow with the corpus.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from cleaning.pipeline import RULES_VERSION
from connectors.register import Register
from flows.changes import Changes, compare
from flows.ingest import Batch, Brought, Order, Tools, clean_pages
from models.accounts import RunKind, RunState, Selection, StoredPage
from models.decide import Cleaned, Result
from models.records import Candidate
from models.store import Store

__all__ = ["Recleaned", "Recleaning", "Span", "cut", "digest_of", "spans_done"]

# Pages of a span at the most: a task of some 20 s, so that a kill costs little and 100,000 pages make some 60 to 400
# tasks, which is what Prefect bears well.
SPAN_PAGES = 2_000
# Failures and quarantined pages told of per span; all are counted, and all stand in the database.
KEPT = 200
DIGITS = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Span:
    """The pages of a source whose keys begin with these hexadecimal digits."""

    source: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.source}/{self.prefix}"

    def is_in(self, done: Collection[str]) -> bool:
        """Whether this span, or one around it, is among those done."""
        return any(f"{self.source}/{self.prefix[:length]}" in done for length in range(len(self.prefix) + 1))


def cut(counts: Mapping[str, int], pages: int = SPAN_PAGES) -> list[Span]:
    """Spans of at most about so many pages each."""
    spans = []
    for source, number in counts.items():
        prefixes = [""]
        while number > pages * len(prefixes):
            prefixes = [prefix + digit for prefix in prefixes for digit in DIGITS]
        spans += [Span(source, prefix) for prefix in prefixes]
    return spans


def digest_of(selection: Selection) -> str:
    """Names a selection under these rules: a run that asks for the same goes on where the last one stopped."""
    asked = {name: str(value) for name, value in asdict(selection).items()}
    return hashlib.sha256(f"{RULES_VERSION} {sorted(asked.items())}".encode()).hexdigest()[:16]


def spans_done(store: Store, digest: str) -> list[str]:
    """What the last run of this selection has done, if it was stopped before its end."""
    for run in store.runs(limit=100):
        same = run.kind is RunKind.REPROCESS and run.parameters.get("selection") == digest
        if same and run.state is not RunState.RUNNING:
            done = run.parameters.get("done", [])
            whole = bool(run.parameters.get("whole"))
            return [] if whole or not isinstance(done, list) else [str(span) for span in done]
    return []


@dataclass(frozen=True, slots=True)
class Recleaned:
    """What became of a span."""

    batch: Batch
    changes: Changes = field(default_factory=Changes)

    def __add__(self, other: Recleaned) -> Recleaned:
        one, two = self.batch, other.batch
        batch = Batch(
            run=one.run,
            counts=dict(Counter(one.counts) + Counter(two.counts)),
            failed=(*one.failed, *two.failed)[:KEPT],
            quarantined=(*one.quarantined, *two.quarantined)[:KEPT],
            filled=dict(Counter(one.filled) + Counter(two.filled)),
            records=one.records + two.records,
            repairs=dict(Counter(one.repairs) + Counter(two.repairs)),
            doubts=dict(Counter(one.doubts) + Counter(two.doubts)),
        )
        return Recleaned(batch, self.changes + other.changes)


@dataclass(slots=True)
class Recleaning:
    """One run of cleaning again: what it works with, and how far each span has come.

    A span that broke off (the database was gone) goes on after the last hundred that was written: pages that are done
    by these rules are no longer part of the selection, and would be missing from the counts.
    """

    tools: Tools
    order: Order
    register: Register
    selection: Selection
    begun: dict[Span, tuple[str, Recleaned]] = field(default_factory=dict)  # last key done, and what became of it all
    count: Callable[[int], None] = lambda pages: None  # told how many pages were done just now

    async def clean(self, span: Span) -> Recleaned:
        """All pages of a span, a hundred at a time. Raises DatabaseBusy; called again it goes on."""
        after, total = self.begun.get(span, ("", Recleaned(Batch(self.order.run))))
        part = replace(self.selection, sources=(span.source,), prefix=span.prefix)
        while stored := await self._next(replace(part, after=after, limit=self._left(total))):
            total += await self._clean_some(span.source, stored)
            after = stored[-1].raw.key
            self.begun[span] = after, total
            self.count(len(stored))
        return total

    async def clean_these(self, slug: str, candidates: Sequence[Candidate]) -> Batch:
        """Single pages once more, whatever the selection says."""
        keys = tuple(candidate.key for candidate in candidates)
        stored = await self._next(Selection(sources=(slug,), keys=keys))
        return (await self._clean_some(slug, stored)).batch

    async def _next(self, selection: Selection) -> list[StoredPage]:
        pages = await asyncio.to_thread(self.tools.store.some_raw, selection)
        [slug] = selection.sources
        # A page that was fetched by the rules of another source belongs to the one that brought its address first.
        return [
            page if page.raw.source == slug else replace(page, raw=replace(page.raw, source=slug)) for page in pages
        ]

    def _left(self, total: Recleaned) -> int | None:
        return None if self.order.limit is None else self.order.limit - sum(total.batch.counts.values())

    async def _clean_some(self, slug: str, stored: Sequence[StoredPage]) -> Recleaned:
        source = self.register.sources.get(slug)
        seen: list[Changes] = []

        async def look(results: Sequence[Result]) -> None:
            seen.append(await asyncio.to_thread(self._compare, results))

        batch = await clean_pages(
            self.tools,
            self.order,
            [candidate_of(one) for one in stored],
            [Brought(one.raw, one.page) for one in stored],
            source.article if source else (),
            source.relevance if source else 0.0,
            look=look,
        )
        return Recleaned(batch, seen[0])

    def _compare(self, results: Sequence[Result]) -> Changes:
        cleaned = [result.record for result in results if isinstance(result, Cleaned)]
        known = self.tools.store.records(record.key for record in cleaned)
        changes = (compare(known[record.key], record) for record in cleaned if record.key in known)
        return sum(changes, Changes())


def candidate_of(stored: StoredPage) -> Candidate:
    page = stored.raw
    return Candidate(page.source, page.url, page.key, page.hints)
