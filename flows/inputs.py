"""The inputs of a run: everything that can be discovered and worked on in batches, whatever it is.

A source site, the seed folder, URLs to try again and raw pages to clean again differ only in these two functions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from connectors.declaration import Floor, Source
from connectors.register import Register, single_page
from connectors.urls import article_key, host_of
from flows.ingest import Batch, Discovered, Order, Tools, discover_source, work_batch
from flows.settings import Settings
from flows.stored_pages import SEED_NAME, SEED_SOURCE, read_folder, work_seeds
from models.accounts import SourceEntry
from models.records import Candidate

__all__ = ["Input", "entries", "retry_input", "seed_input", "source_input", "url_inputs"]

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


def url_inputs(
    tools: Tools, order: Order, register: Register, urls: Sequence[str], chosen: Source | None
) -> list[Input]:
    """Single addresses, by the source whose rules they are read with.

    That is the chosen one, else the one that brought the address before, else one that declares its host. What a
    person names is an article, whatever it is about; and a page that is stored already is fetched anew.
    """
    named: dict[str, dict[str, str]] = {}
    for url in urls:
        slug = chosen.slug if chosen else _source_of(tools, register, url)
        aliases = register.sources[slug].hosts.alias if slug in register.sources else {}
        named.setdefault(slug, {})[article_key(url, aliases)] = url
    return [_named_input(tools, order, register, slug, keys) for slug, keys in named.items()]


def _source_of(tools: Tools, register: Register, url: str) -> str:
    known = tools.store.known([article_key(url)]).get(article_key(url))
    if known and known.source and known.source in register.sources:
        return known.source
    host = host_of(url)
    of_host = (s.slug for s in register.sources.values() if host and host in {host_of(at) for at in _addresses(s)})
    return next(of_host, single_page(url).slug)


def _addresses(source: Source) -> tuple[str, ...]:
    declared = getattr(source.discover, "urls", ())
    return (*declared, source.home) if source.home else declared


def _named_input(tools: Tools, order: Order, register: Register, slug: str, keys: Mapping[str, str]) -> Input:
    declared = register.sources.get(slug) or single_page(next(iter(keys.values())))
    source = declared.model_copy(update={"relevance": 0.0})
    work = tuple(Candidate(slug, url, key) for key, url in keys.items())

    async def discover() -> Discovered:
        if not order.dry_run:
            await asyncio.to_thread(tools.store.enqueue, order.run, work, order.now)
        return Discovered(order.run, work=work)

    return Input(
        slug,
        source.name,
        discover,
        lambda batch: work_batch(tools, order, source, batch, anew=True),
        URL_SECONDS + source.pace.delay,
    )


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


def entries(register: Register) -> list[SourceEntry]:
    """The sources as the database registers them, seeds included."""
    seeds = SourceEntry(SEED_SOURCE, SEED_NAME, kind="seeds")
    return [
        seeds,
        *(SourceEntry(s.slug, s.name, s.discover.kind, s.home, s.enabled) for s in register.sources.values()),
    ]
