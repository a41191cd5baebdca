"""A Record as the values of a row, and back."""

from __future__ import annotations

from dataclasses import dataclass

from models.records import Record

__all__ = ["Prints", "prints_of"]


@dataclass(frozen=True, slots=True)
class Prints:
    """Three hashes of a record, 64 hex digits each; they decide what a change is."""

    record: str
    content: str
    text: str | None


def prints_of(record: Record) -> Prints:
    """Hash a record."""
    raise NotImplementedError
