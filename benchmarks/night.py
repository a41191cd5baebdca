"""One night over sources of the benchmark site: the way through of the flows, without Prefect around it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml

from benchmarks.columns import Column
from cleaning.kinship import relate
from connectors.declaration import Source
from connectors.http import open_fetcher
from connectors.settings import FetchSettings
from flows.collector import collect_rarely
from flows.ingest import Batch, Discovered, Order, Tools, discover_source, in_batches, work_batch
from flows.workshop import Workshop
from models.accounts import RunKind, RunState, SourceReport, SourceState, SourceTotals
from models.records import Outcome
from models.store import Store

__all__ = ["Night", "read_sources", "sources_of", "spend_night"]

BATCH = 50  # as flows.settings
AT_ONCE = 4  # sources, likewise


@dataclass(slots=True)
class Night:
    """What came of it. CPU in seconds of this process; its children are counted by who waits for them."""

    lines: list[SourceTotals] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)  # by stage
    wall: float = 0.0

    @property
    def counts(self) -> Counter[Outcome]:
        return sum((Counter(line.counts) for line in self.lines), Counter())

    @property
    def discovered(self) -> int:
        return sum(line.discovered for line in self.lines)


class MeteredStore(Store):
    """A store that knows the CPU its calls have cost. They run in threads of their own."""

    spent: float = 0.0

    def known(self, *given: Any, **named: Any) -> Any:
        return self._meter(super().known, *given, **named)

    def save_pages(self, *given: Any, **named: Any) -> Any:
        return self._meter(super().save_pages, *given, **named)

    def apply(self, *given: Any, **named: Any) -> Any:
        return self._meter(super().apply, *given, **named)

    def _meter(self, work: Any, *given: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return work(*given, **named)
        finally:
            self.spent += time.thread_time() - start


def sources_of(columns: Sequence[Column], pace: str = "{delay: 0}") -> list[Source]:
    """The columns as the register would give them."""
    return read_sources({column.slug: column.source_file(pace) for column in columns})


def read_sources(files: Mapping[str, str]) -> list[Source]:
    """Sources from the text of their files, by slug."""
    sources = []
    for slug, text in files.items():
        source = Source.model_validate({"slug": slug, **yaml.safe_load(text)})
        sources.append(source.model_copy(update={"article": source.rules}))
    return sources


async def spend_night(
    database: str, sources: Sequence[Source], hosts: tuple[str, ...], now: datetime, *, workers: int = 2
) -> Night:
    """Discover everything, then fetch, clean and store in batches; raises OutcomesDoNotBalance."""
    collect_rarely()
    night, start = Night(), time.perf_counter()
    settings = FetchSettings(loopback_hosts=hosts, backoff_seconds=0.05, retries=1)
    with MeteredStore.open(database, migrate=True, relate=relate) as store, Workshop(workers) as workshop:
        run = store.begin_run(RunKind.NIGHTLY, now=now)
        night.cpu["start"] = time.process_time()
        async with open_fetcher(settings) as fetcher:
            tools, order = Tools(store, fetcher, workshop), Order(run, now)
            await _work_on_all(night, tools, order, sources)
        store.finish_run(run, now=now, state=RunState.COMPLETED)
    night.wall = time.perf_counter() - start
    return night


async def _work_on_all(night: Night, tools: Tools, order: Order, sources: Sequence[Source]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def discover(source: Source) -> Discovered:
        async with gate:
            return await discover_source(tools, order, source)

    async def work(source: Source, found: Discovered) -> list[Batch]:
        async with gate:
            return [await work_batch(tools, order, source, batch) for batch in in_batches(found.work, BATCH)]

    store: Any = tools.store
    start = time.process_time()
    found = await asyncio.gather(*(discover(source) for source in sources))
    night.cpu["discover"] = time.process_time() - start
    start, here, stored = time.process_time(), time.thread_time(), store.spent
    done = await asyncio.gather(*(work(source, one) for source, one in zip(sources, found, strict=True)))
    night.cpu["fetch"] = time.thread_time() - here
    night.cpu["store"] = store.spent - stored
    night.cpu["hand over"] = time.process_time() - start - night.cpu["fetch"] - night.cpu["store"]
    for source, one, batches in zip(sources, found, done, strict=True):
        night.troubles += [*one.notes, *filter(None, [one.unreachable])]
        night.troubles += [f"{item.url}: {item.kind} {item.message}" for batch in batches for item in batch.failed]
        night.lines.append(tools.store.record_source(order.run, _report(source, one)))


def _report(source: Source, found: Discovered) -> SourceReport:
    keys = {candidate.key for candidate in found.work}
    return SourceReport(
        source=source.slug,
        discovered=len({*found.seen, *keys}),
        known=len(set(found.seen) - keys),
        passed_over=0,
        seconds=0.0,
        state=SourceState.OK,
        message="",
        coverage={},
    )
