"""Writes an export to a file: beside it first, and in its place only when it is complete."""

from __future__ import annotations

import enum
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import islice
from pathlib import Path

from flows.export.columns import choose_columns
from flows.export.plan import Plan, Write
from models.accounts import Selection, StoredPage
from models.questions import Questions, chunks
from models.search import Filters
from models.search.days import CHINA

__all__ = ["Exported", "Format", "Wish", "export", "suggest_name"]


class Format(enum.StrEnum):
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    MARKDOWN = "markdown"
    RSS = "rss"
    ATOM = "atom"
    WARC = "warc"

    @property
    def suffix(self) -> str:
        return _SUFFIXES.get(self, f".{self.value}")

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    def load(self) -> Write:
        """What writes this format; a module is loaded only when it is needed."""
        module, _, function = _WRITERS[self].partition(":")
        write: Write = getattr(import_module(f"flows.export.{module}"), function or "write")
        return write


_SUFFIXES = {Format.MARKDOWN: ".md", Format.RSS: ".rss.xml", Format.ATOM: ".atom.xml", Format.WARC: ".warc.gz"}
_MEDIA_TYPES = {
    Format.JSONL: "application/x-ndjson",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.RSS: "application/rss+xml",
    Format.ATOM: "application/atom+xml",
    Format.WARC: "application/warc",
}
_WRITERS = {
    Format.JSONL: "jsonl",
    Format.CSV: "comma",
    Format.XLSX: "excel",
    Format.PARQUET: "parquet",
    Format.MARKDOWN: "markdown",
    Format.RSS: "feeds:write_rss",
    Format.ATOM: "feeds:write_atom",
    Format.WARC: "warc",
}


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
