"""The inputs of a run: everything that can be discovered and worked on in batches, whatever it is.

A source site, the seed folder, URLs to try again and raw pages to clean again differ only in these two functions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from connectors.declaration import Floor, Source
from connectors.register import Register
from flows.ingest import Batch, Discovered, Order, Tools, discover_source, work_batch
from flows.settings import Settings
from flows.stored_pages import SEED_NAME, SEED_SOURCE, read_folder, reclean_batch, stored_keys, work_seeds
from models.accounts import Selection, SourceEntry
from models.records import Candidate

__all__ = ["Input", "entries", "reprocess_input", "retry_input", "seed_input", "source_input"]

# A batch may take this long plus this much per URL (beyond the pace asked for): a slow site is cut off, what came is
# kept, and the rest is left for the next run.
BATCH_SECONDS = 120.0
URL_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Input:
    """One line of the report, and how its articles are found and worked on."""

    slug: str
    name: str
    discover: Callable[[], Awaitable[Discovered]]
    work: Callable[[Sequence[Candidate]], Awaitable[Batch]]
    url_seconds: float = URL_SECONDS
    watched: bool = False  # a site whose habits are learned
    floor: Floor | None = None


def source_input(tools: Tools, order: Order, source: Source) -> Input:
    """A site: its lists, then its articles."""
    return Input(
        source.slug,
        source.name,
        lambda: discover_source(tools, order, source),
        lambda batch: work_batch(tools, order, source, batch),
        URL_SECONDS + source.pace.delay,
        watched=order.whole and not order.dry_run,
        floor=source.floor,
    )


def seed_input(tools: Tools, order: Order, settings: Settings) -> Input:
    """The seed folder."""

    async def discover() -> Discovered:
        read = await asyncio.to_thread(read_folder, tools, order, settings.seeds_dir)
        return Discovered(order.run, read.seen, read.work[: order.limit], notes=read.skipped)

    return Input(SEED_SOURCE, SEED_NAME, discover, lambda batch: work_seeds(tools, order, settings.seeds_dir, batch))


def retry_input(tools: Tools, order: Order, source: Source, *, kind: str | None, given_up: bool) -> Input:
    """The failed URLs of a source, due or not."""

    async def discover() -> Discovered:
        work = await asyncio.to_thread(
            tools.store.due_retries, order.now, source=source.slug, kind=kind, given_up=given_up, due_only=False
        )
        return Discovered(order.run, work=tuple(work)[: order.limit])

    return Input(
        source.slug,
        source.name,
        discover,
        lambda batch: work_batch(tools, order, source, batch),
        URL_SECONDS + source.pace.delay,
    )


def reprocess_input(tools: Tools, order: Order, slug: str, register: Register, *, everything: bool) -> Input:
    """The raw pages of a source that no article made by the current rules stands for; or all of them."""
    from cleaning.pipeline import RULES_VERSION

    source = register.sources.get(slug)
    selection = Selection(sources=(slug,), not_rules_version=None if everything else RULES_VERSION, limit=order.limit)

    async def discover() -> Discovered:
        found = await asyncio.to_thread(stored_keys, tools, selection)
        return Discovered(order.run, work=tuple(found.get(slug, ())))

    rules = source.article if source else ()
    least = source.relevance if source else 0.0
    name = source.name if source else SEED_NAME if slug == SEED_SOURCE else slug
    return Input(slug, name, discover, lambda batch: reclean_batch(tools, order, rules, batch, least))


def entries(register: Register) -> list[SourceEntry]:
    """The sources as the database registers them, seeds included."""
    seeds = SourceEntry(SEED_SOURCE, SEED_NAME, kind="seeds")
    return [
        seeds,
        *(SourceEntry(s.slug, s.name, s.discover.kind, s.home, s.enabled) for s in register.sources.values()),
    ]
