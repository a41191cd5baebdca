"""Which articles are one story, decided from the whole group at once. Pure; no database, no clock.

The answer depends on the set of articles and their bonds alone, never on the order in which they came: a run that was
killed and repeated, two runs at once, and a reprocess end with the same stories. An article joins a story only if it
is bonded to the story's leader itself, so two unlike stories never meet through a third text that resembles both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Bond", "Member", "choose_representative", "group_stories"]

# A text that holds two others whole, side by side, is a page of several stories, not the original of both.
WHOLE = 0.9


@dataclass(frozen=True, slots=True)
class Member:
    """What the grouping knows of one article. ``marks``: the marks of its sentences."""

    key: str
    length: int  # folded characters
    marks: frozenset[int] = frozenset()
    published_at: datetime | None = None
    medium: str | None = None  # 来源: the medium it names as its origin
    platform: str | None = None  # the site that carries it
    damage: int = 0  # repairs of damaged text, open ones included


@dataclass(frozen=True, slots=True)
class Bond:
    """Two articles that were found to be copies; ``containment``: shared part of the shorter one."""

    first: str
    second: str
    containment: float


def group_stories(
    members: Collection[Member],
    bonds: Iterable[Bond],
    joined: Iterable[tuple[str, str]] = (),
    split: Iterable[tuple[str, str]] = (),
) -> dict[str, str]:
    """The leader of each member's story, by key. A leader leads itself.

    ``joined`` and ``split`` are pairs decided by hand: they stand above what the texts say.
    """
    apart = {frozenset(pair) for pair in split}
    ties = _ties(bonds, joined, apart)
    by_key = {m.key: m for m in members}
    firm = {frozenset(pair) for pair in joined}
    leaders: dict[str, str] = {}
    # The longest text leads: a shortened copy resembles the whole, but not another shortened copy.
    for member in sorted(members, key=lambda m: (-m.length, m.key)):
        ranked = sorted(ties.get(member.key, {}).items(), key=lambda tie: (-tie[1], tie[0]))
        homes = [key for key, _ in ranked if leaders.get(key) == key]
        open_homes = [
            key for key in homes if frozenset((member.key, key)) in firm or not _composite(by_key[key], ties, by_key)
        ]
        leaders[member.key] = open_homes[0] if open_homes else member.key
    return _follow_hands(leaders, joined)


def _ties(
    bonds: Iterable[Bond], joined: Iterable[tuple[str, str]], apart: Collection[frozenset[str]]
) -> dict[str, dict[str, float]]:
    ties: dict[str, dict[str, float]] = {}
    pairs = [(b.first, b.second, b.containment) for b in bonds] + [(a, b, 2.0) for a, b in joined]
    for a, b, strength in pairs:
        if frozenset((a, b)) not in apart:
            ties.setdefault(a, {})[b] = max(strength, ties.get(a, {}).get(b, 0.0))
            ties.setdefault(b, {})[a] = max(strength, ties.get(b, {}).get(a, 0.0))
    return ties


def _composite(leader: Member, ties: Mapping[str, Mapping[str, float]], by_key: Mapping[str, Member]) -> bool:
    """Whether a text holds two others whole that have nothing in common: a digest, a page with two articles."""
    parts = [
        by_key[key].marks & leader.marks
        for key, strength in ties.get(leader.key, {}).items()
        if key in by_key and WHOLE <= strength <= 1.0 and by_key[key].length < WHOLE * leader.length
    ]
    return any(a and b and not a & b for i, a in enumerate(parts) for b in parts[:i])


def _follow_hands(leaders: dict[str, str], joined: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Stories joined by hand become one, also where neither of the named articles leads its own."""
    for a, b in sorted(tuple(sorted(pair)) for pair in joined):
        if a not in leaders or b not in leaders or leaders[a] == leaders[b]:
            continue
        keep, lose = sorted((leaders[a], leaders[b]))
        leaders = {key: keep if leader == lose else leader for key, leader in leaders.items()}
    return leaders


def choose_representative(members: Sequence[Member]) -> str:
    """The article that stands for a story.

    The copy on the site of the medium that others name as their origin; else the earliest, then the least damaged,
    then the most complete.
    """
    origins = {m.medium for m in members if m.medium}

    def rank(member: Member) -> tuple[bool, bool, float, int, int, str]:
        at_home = member.platform is not None and member.platform in origins
        printed = member.published_at.timestamp() if member.published_at else 0.0
        return (not at_home, member.published_at is None, printed, member.damage, -member.length, member.key)

    return min(members, key=rank).key
