"""The formats of an export: their names for files and browsers, and what writes each. Light: loads no database."""

from __future__ import annotations

import enum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.export.plan import Write

__all__ = ["Format"]


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
