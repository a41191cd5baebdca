"""What an examination finds: a level, what was looked at, what was found, what to do."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass

__all__ = ["Finding", "Level", "bad", "good", "warn"]


class Level(enum.StrEnum):
    """How bad it is. The signs stand for colour-blind readers and for logs."""

    GOOD = "ok"
    WARN = "warn"  # works, but somebody should look
    BAD = "bad"  # does not work, or soon will not

    @property
    def sign(self) -> str:
        return {"ok": "✓", "warn": "!", "bad": "✗"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination. ``topic`` is for programs, the rest for people, Chinese first."""

    level: Level
    topic: str
    found: str
    advice: str = ""

    def as_json(self) -> dict[str, str]:
        return {**asdict(self), "level": self.level.value}


def good(topic: str, found: str) -> Finding:
    return Finding(Level.GOOD, topic, found)


def warn(topic: str, found: str, advice: str) -> Finding:
    return Finding(Level.WARN, topic, found, advice)


def bad(topic: str, found: str, advice: str) -> Finding:
    return Finding(Level.BAD, topic, found, advice)
