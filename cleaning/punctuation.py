"""Half-width marks in Chinese context become full-width."""

from __future__ import annotations

from models.records import Edit

__all__ = ["repair"]


def repair(text: str) -> Edit:
    return Edit(text)
