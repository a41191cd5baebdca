"""Writes an export to a file: beside it first, and in its place only when it is complete."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from flows.export.columns import choose_columns
from flows.export.formats import Format
from flows.export.plan import Plan
from models.accounts import Selection, StoredPage
from models.questions import Questions, chunks
from models.search import Filters
from models.search.days import CHINA

__all__ = ["Exported", "Wish", "export", "suggest_name"]


_EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export: what ``search`` would find with these words and filters, newest first."""

    format: Format
    words: str = ""
    filters: Filters = _EVERYTHING
    per_story: bool = True
    columns: tuple[str, ...] = ()  # names or labels; empty: all
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    file: Path
    rows: int
    size: int  # bytes


def suggest_name(wish: Wish, now: datetime) -> str:
    return f"dangjian-{now.astimezone(CHINA):%Y%m%d-%H%M%S}{wish.format.suffix}"


def export(store: Questions, wish: Wish, file: Path, now: datetime) -> Exported:
    """Write ``file``, replacing what is there. If anything goes wrong, what was there stays and nothing else does.

    Raises ConfigurationWrong for a column that does not exist, or a format whose library is not installed.
    """

    def keys() -> Iterator[str]:
        return islice(store.find_keys(wish.words, wish.filters, per_story=wish.per_story), wish.limit)

    plan = Plan(
        columns=choose_columns(wish.columns),
        articles=lambda: store.list_articles(keys()),
        pages=lambda: _pages(store, keys()),
        now=now,
    )
    write = wish.format.load()
    file.parent.mkdir(parents=True, exist_ok=True)
    with _complete_or_not(file) as part:
        rows = write(plan, part)
    return Exported(file, rows, file.stat().st_size)


def _pages(store: Questions, keys: Iterator[str]) -> Iterator[StoredPage]:
    for some in chunks(keys):
        yield from store.iter_raw(Selection(keys=tuple(some)))


@contextmanager
def _complete_or_not(file: Path) -> Iterator[Path]:
    """A file beside ``file`` that takes its place at the end, or is gone."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
