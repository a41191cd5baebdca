"""Seed files: a folder of files enters as raw pages, like pages from the web."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.records import RawPage

__all__ = ["SEED_SOURCE", "SkippedSeed", "read_seeds"]

SEED_SOURCE = "seeds"


@dataclass(frozen=True, slots=True)
class SkippedSeed:
    """A file, line or record that is not an article, and why."""

    file: str  # name within the folder
    place: str  # "", "line 7" or "record 3"
    reason: str  # Chinese, for the report


def read_seeds(folder: Path, *, fetched_at: datetime) -> Iterator[RawPage | SkippedSeed]:
    """Every article of the folder in the order of names. A bad line or record costs only itself."""
    raise NotImplementedError
    yield
