"""Which script a text is in, and Traditional to simplified."""

from __future__ import annotations

from models.records import Edit, Script

__all__ = ["detect", "repair", "to_simplified"]


def detect(text: str) -> Script:
    return Script.HANS


def to_simplified(text: str) -> str:
    return text


def repair(text: str) -> Edit:
    return Edit(text)
