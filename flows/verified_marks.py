"""Which sources were found alive, and when: a small file in the data directory.

Not in the source files: those belong to the checkout, are shared and may be read-only; that a site answered belongs
to this network and this day. A mark counts only as long as the source file is the one that was tried.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

__all__ = ["Mark", "add_marks", "fingerprint", "read_marks"]


@dataclass(frozen=True, slots=True)
class Mark:
    """That a source was verified live."""

    on: str  # ISO day
    listed: int
    file: str  # sha256 of the source file

    @property
    def day(self) -> date:
        return date.fromisoformat(self.on)


def fingerprint(source_file: Path) -> str:
    """Of a source file; empty if there is none, which fits no mark."""
    return hashlib.sha256(source_file.read_bytes()).hexdigest() if source_file.is_file() else ""


def read_marks(file: Path) -> dict[str, Mark]:
    """Marks by slug; none if the file is missing or is not what we wrote."""
    try:
        return {slug: Mark(**mark) for slug, mark in json.loads(file.read_text("utf8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def add_marks(file: Path, marks: Mapping[str, Mark]) -> None:
    """Add or renew marks. Written beside and moved into place: a crash leaves the old file or the new one."""
    whole = {slug: asdict(mark) for slug, mark in sorted({**read_marks(file), **marks}.items())}
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{os.getpid()}.tmp")
    beside.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf8")
    beside.replace(file)
