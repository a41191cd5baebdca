"""What a format is given to write, and what it must be: the protocol of all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flows.export.columns import Column
from models.accounts import StoredPage
from models.listing import Listed

__all__ = ["Plan", "Write"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write. ``articles`` and ``pages`` may each be gone through once; nothing is read before that."""

    columns: tuple[Column, ...]
    articles: Callable[[], Iterator[Listed]]
    pages: Callable[[], Iterator[StoredPage]]  # the raw pages of the articles
    now: datetime
    title: str = "党建新闻"


class Write(Protocol):
    """Writes a whole export into an empty file, a row at a time, and answers how many rows that were."""

    def __call__(self, plan: Plan, file: Path) -> int: ...
