"""One morning's digest as values: what ``gather`` reads from the database and the renderers print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.month import Night
from models.accounts import SourceHealth

__all__ = ["Edition", "Group", "Item", "Line", "Named"]


@dataclass(frozen=True, slots=True)
class Named:
    """How a source stands, with its name for people."""

    name: str
    health: SourceHealth


@dataclass(frozen=True, slots=True)
class Item:
    """A new story. ``copies``: where it was reprinted, each as "medium（relation）"."""

    key: str
    title: str
    url: str
    link: str  # of the reading room; empty if there is none
    medium: str
    published: str  # as precise as the page was
    place: str
    topics: tuple[str, ...]
    extract: str
    copies: tuple[str, ...] = ()
    more_copies: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """New stories of one province, or of none."""

    name: str
    items: tuple[Item, ...]
    left_out: int = 0  # further ones, not printed


@dataclass(frozen=True, slots=True)
class Line:
    """One line about an article that is not new."""

    title: str
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest of what came from ``since`` to ``until``."""

    since: datetime
    until: datetime
    alarms: tuple[str, ...]  # about the nights themselves: none came, one crashed
    trouble: tuple[Named, ...]
    quiet: tuple[Named, ...]
    well: int  # sources without trouble
    remarks: tuple[str, ...]
    groups: tuple[Group, ...]
    stories: int  # all that are new
    topics: tuple[tuple[str, int], ...]
    reprinted: tuple[Line, ...]
    updated: tuple[Line, ...]
    nights: tuple[Night, ...]  # thirty days, oldest first

    @property
    def last(self) -> Night:
        return self.nights[-1]

    @property
    def usual(self) -> float:
        """New stories a day, over the days before that had a run with news."""
        counts = [night.new for night in self.nights[:-1] if night.new]
        return sum(counts) / len(counts) if counts else 0.0
