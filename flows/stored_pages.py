"""Seed files: an input that needs no network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.seeds import SEED_SOURCE, read_seeds
from flows.ingest import Batch, Brought, Order, Tools, clean_pages
from models.decide import UrlState
from models.records import Candidate, RawPage

__all__ = ["SEED_NAME", "SEED_SOURCE", "SeedsRead", "read_folder", "work_seeds"]

SEED_NAME = "种子文件"


@dataclass(frozen=True, slots=True)
class SeedsRead:
    """What a seed folder holds: keys whose very bytes the database knows, and candidates to work on."""

    run: str
    seen: tuple[str, ...] = ()
    work: tuple[Candidate, ...] = ()
    skipped: tuple[str, ...] = ()  # "file place: reason"


def candidate_of(page: RawPage) -> Candidate:
    return Candidate(page.source, page.url, page.key, page.hints)


def read_folder(tools: Tools, order: Order, folder: Path) -> SeedsRead:
    """Read the seed files and keep the raw pages of those that are new or changed."""
    seen: list[str] = []
    work: list[Candidate] = []
    skipped: list[str] = []
    for seed in read_seeds(folder, fetched_at=order.now):
        if not isinstance(seed, RawPage):
            skipped.append(f"{seed.file} {seed.place}".rstrip() + f"：{seed.reason}")
        elif is_known(tools, seed):
            seen.append(seed.key)
        else:
            work.append(candidate_of(seed))
            if not order.dry_run:
                tools.store.enqueue(order.run, [candidate_of(seed)], order.now)
                tools.store.save_raw(seed)
    return SeedsRead(order.run, tuple(seen), tuple(work), tuple(skipped))


def is_known(tools: Tools, page: RawPage) -> bool:
    """Whether the database is done with these very bytes of this article: then nothing is written."""
    known = tools.store.known([page.key]).get(page.key)
    if known is None or known.state is not UrlState.DONE:
        return False
    stored = tools.store.load_raw(page.key)
    return stored is not None and stored.raw.digest == page.digest


async def work_seeds(tools: Tools, order: Order, folder: Path, candidates: Sequence[Candidate]) -> Batch:
    """Clean and store seeds whose raw pages are kept already; in a dry run they are read again from the folder."""
    arrived = await asyncio.to_thread(_raw_seeds, tools, order, folder, {c.key for c in candidates})
    return await clean_pages(tools, order, candidates, [arrived[c.key] for c in candidates])


def _raw_seeds(tools: Tools, order: Order, folder: Path, keys: set[str]) -> dict[str, Brought]:
    if order.dry_run:
        pages = read_seeds(folder, fetched_at=order.now)
        return {p.key: Brought(p) for p in pages if isinstance(p, RawPage) and p.key in keys}
    kept = (tools.store.load_raw(key) for key in keys)
    return {stored.raw.key: Brought(stored.raw, stored.page) for stored in kept if stored}
