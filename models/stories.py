"""Which articles are one story, decided from the whole group at once. Pure; no database, no clock.

    articles + bonds + decisions by hand -> arrange() -> where each article stands

The answer depends on the set of articles and their bonds alone, never on the order in which they came: a run that was
killed and repeated, two runs at once, and a reprocess end with the same stories. An article joins a story only if it
is bonded to the story's leader itself, so two unlike stories never meet through a third text that resembles both.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from models.records import Precision, Script
from models.wording import Kinship, Relation, flip

__all__ = [
    "Bond",
    "Decision",
    "Member",
    "Place",
    "Verdict",
    "arrange",
    "choose_representative",
    "compare_further",
    "find_wholes",
    "group_stories",
]

# A text that holds two others whole, side by side, is a page of several stories, not the original of both.
WHOLE = 0.9

# A pair joined by hand is tied more strongly than any two texts can be.
BY_HAND = 2.0


class Verdict(enum.StrEnum):
    """What a person decided about two articles."""

    JOIN = "join"
    SPLIT = "split"  # the first is out of any story that holds the second


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision by hand; of a split, ``first`` is the article that has to go."""

    first: str
    second: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Member:
    """What the grouping knows of one article."""

    key: str
    length: int = 0  # folded characters
    wording: int | None = None  # articles with equal wording share their bonds; None for an article without text
    published_at: datetime | None = None
    precision: Precision | None = None
    medium: str | None = None  # 来源: the medium it names as its origin
    platform: str | None = None  # the site that carries it
    damage: int = 0  # repairs of damaged text, open ones included
    script: Script = Script.HANS  # it came in


@dataclass(frozen=True, slots=True)
class Bond:
    """Two wordings that were found to be copies: ``first`` as a copy of ``second``."""

    first: int
    second: int
    kin: Kinship

    def seen_from(self, wording: int) -> Kinship:
        """The kinship with that wording as the copy."""
        if wording == self.first:
            return self.kin
        return Kinship(flip(self.kin.relation), self.kin.shared, self.kin.sentences, self.kin.containment)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands. ``copy_of``: the article that it is compared with; None for the representative."""

    key: str
    story: str  # key of the article that represents the story
    relation: Relation | None = None  # None: joined by hand, the texts do not say why
    copy_of: str | None = None
    shared: int | None = None
    sentences: int | None = None
    containment: float | None = None


Tie = dict[str, dict[str, float]]
_Kin = dict[frozenset[int | None], Bond]


def arrange(
    members: Collection[Member],
    bonds: Collection[Bond],
    decisions: Collection[Decision] = (),
    marks: Mapping[int, frozenset[int]] | None = None,
) -> list[Place]:
    """Where each article stands, by key. ``marks``: of the wordings that ``find_wholes`` names."""
    leaders = group_stories(members, bonds, decisions, marks or {})
    stories: dict[str, list[Member]] = {}
    for member in members:
        stories.setdefault(leaders[member.key], []).append(member)
    by_key = {member.key: member for member in members}
    kin: _Kin = {frozenset((bond.first, bond.second)): bond for bond in bonds}
    places = []
    for leader, story in stories.items():
        first = choose_representative(story)
        places += [_place(member, by_key[first], by_key[leader], kin) for member in story]
    return sorted(places, key=lambda place: place.key)


def _place(member: Member, first: Member, leader: Member, kin: _Kin) -> Place:
    if member.key == first.key:
        return Place(member.key, first.key, Relation.ORIGINAL)
    # Two shortened copies may have nothing in common; then each is compared with the whole.
    for other in (first, leader):
        bond = kin.get(frozenset((member.wording, other.wording)))
        if member.wording is not None and member.wording == other.wording and member.key != other.key:
            return Place(member.key, first.key, _same_or_converted(member, other), other.key, containment=1.0)
        if bond and member.wording is not None:
            found = bond.seen_from(member.wording)
            relation = _same_or_converted(member, other) if found.relation is Relation.SAME else found.relation
            shares = (found.shared, found.sentences, found.containment)
            return Place(member.key, first.key, relation, other.key, *shares)
    return Place(member.key, first.key, copy_of=first.key)


def _same_or_converted(member: Member, other: Member) -> Relation:
    converted = member.script in (Script.HANT, Script.MIXED) and member.script is not other.script
    return Relation.CONVERTED if converted or member.damage > other.damage else Relation.SAME


# Grouping


@dataclass(slots=True)
class _Unit:
    """Articles that can only stand together: one wording, or one article about which somebody decided."""

    key: str  # the smallest of its articles
    length: int
    wording: int | None
    keys: list[str] = field(default_factory=list)


def group_stories(
    members: Collection[Member],
    bonds: Collection[Bond],
    decisions: Collection[Decision] = (),
    marks: Mapping[int, frozenset[int]] | None = None,
) -> dict[str, str]:
    """The leader of each member's story, by key. A leader leads itself. Decisions stand above what the texts say."""
    units = _unite(members, decisions)
    ties = _tie(units, bonds, decisions)
    apart = {(d.first, d.second) for d in decisions if d.verdict is Verdict.SPLIT}
    joined = {frozenset((d.first, d.second)) for d in decisions if d.verdict is Verdict.JOIN}
    leaders = _follow(units, ties, apart, joined, marks or {})
    leaders = _join_by_hand(leaders, decisions, apart)
    return {key: leaders[unit.key] for unit in units for key in unit.keys}


def _unite(members: Collection[Member], decisions: Collection[Decision]) -> list[_Unit]:
    named = {key for d in decisions for key in (d.first, d.second)}
    units: dict[str | int, _Unit] = {}
    for member in sorted(members, key=lambda member: member.key):
        own = member.wording is None or member.key in named
        unit = units.setdefault(
            member.key if own or member.wording is None else member.wording,
            _Unit(member.key, member.length, member.wording),
        )
        unit.keys.append(member.key)
    return list(units.values())


def _tie(units: Collection[_Unit], bonds: Iterable[Bond], decisions: Iterable[Decision]) -> Tie:
    ties: Tie = {unit.key: {} for unit in units}
    worded: dict[int, list[str]] = {}
    for unit in units:
        if unit.wording is not None:
            worded.setdefault(unit.wording, []).append(unit.key)
    pairs = [(a, b, 1.0) for same in worded.values() for a in same for b in same if a < b]
    for bond in bonds:
        sides = worded.get(bond.first, ()), worded.get(bond.second, ())
        pairs += [(a, b, bond.kin.containment) for a in sides[0] for b in sides[1]]
    pairs += [(d.first, d.second, BY_HAND) for d in decisions if d.verdict is Verdict.JOIN]
    for a, b, strength in pairs:
        if a in ties and b in ties and a != b:
            ties[a][b] = ties[b][a] = max(strength, ties[a].get(b, 0.0))
    return ties


def _follow(
    units: Collection[_Unit],
    ties: Tie,
    apart: Collection[tuple[str, str]],
    joined: Collection[frozenset[str]],
    marks: Mapping[int, frozenset[int]],
) -> dict[str, str]:
    by_key = {unit.key: unit for unit in units}
    outcasts = {first for first, _ in apart}
    leaders: dict[str, str] = {}
    # The longest text leads: a shortened copy resembles the whole, but not another shortened copy. Who was split off
    # by hand comes last, when the story it may not join is complete.
    for unit in sorted(units, key=lambda unit: (unit.key in outcasts, -unit.length, unit.key)):
        leaders[unit.key] = unit.key
        for home in _homes(unit.key, ties, leaders):
            firm = frozenset((unit.key, home)) in joined
            if not _barred(unit.key, home, leaders, apart) and (firm or not _composite(home, ties, by_key, marks)):
                leaders[unit.key] = home
                break
    return leaders


def _homes(key: str, ties: Tie, leaders: Mapping[str, str]) -> list[str]:
    ranked = sorted(ties[key].items(), key=lambda tie: (-tie[1], tie[0]))
    return [other for other, _ in ranked if leaders.get(other) == other]


def _barred(key: str, home: str, leaders: Mapping[str, str], apart: Collection[tuple[str, str]]) -> bool:
    """Whether the story holds an article that this one was split from."""
    others = {b if a == key else a for a, b in apart if key in (a, b)}
    return any(leaders.get(other) == home for other in others)


def _composite(home: str, ties: Tie, by_key: Mapping[str, _Unit], marks: Mapping[int, frozenset[int]]) -> bool:
    """Whether a text holds two others whole that have nothing in common: a digest, a page with two articles."""
    whole = by_key[home].wording
    if whole is None or whole not in marks:
        return False
    parts = [
        marks[wording] & marks[whole]
        for wording in {by_key[key].wording for key in _parts(home, ties, by_key)}
        if wording is not None and wording in marks
    ]
    return any(a and b and not a & b for i, a in enumerate(parts) for b in parts[:i])


def _parts(home: str, ties: Tie, by_key: Mapping[str, _Unit]) -> list[str]:
    return [
        key
        for key, strength in ties[home].items()
        if WHOLE <= strength <= 1.0 and by_key[key].length < WHOLE * by_key[home].length
    ]


def find_wholes(members: Collection[Member], bonds: Collection[Bond]) -> set[int]:
    """Wordings whose marks the grouping needs: texts that hold two others whole, and these."""
    units = _unite(members, ())
    ties, by_key = _tie(units, bonds, ()), {unit.key: unit for unit in units}
    found: set[int] = set()
    for unit in units:
        parts = _parts(unit.key, ties, by_key)
        if len(parts) > 1:
            found |= {w for key in (unit.key, *parts) if (w := by_key[key].wording) is not None}
    return found


def compare_further(
    members: Collection[Member], bonds: Collection[Bond], leaders: Mapping[str, str]
) -> set[tuple[int, int]]:
    """Pairs of wordings that were not compared, though the one leads a story that holds a copy of the other."""
    of_key = {member.key: member.wording for member in members}
    leads = {member.wording: of_key[leaders[member.key]] for member in members}
    known = {frozenset((bond.first, bond.second)) for bond in bonds}
    pairs: set[tuple[int, int]] = set()
    for bond in bonds:
        for one, other in ((bond.first, bond.second), (bond.second, bond.first)):
            leader = leads.get(other)
            if leader is not None and leader != one and leads.get(one) == one and frozenset((one, leader)) not in known:
                pairs.add((min(one, leader), max(one, leader)))
    return pairs


def _join_by_hand(
    leaders: dict[str, str], decisions: Iterable[Decision], apart: Collection[tuple[str, str]]
) -> dict[str, str]:
    """Stories joined by hand become one, also where neither of the named articles leads its own."""
    joined = [(d.first, d.second) for d in decisions if d.verdict is Verdict.JOIN]
    for a, b in sorted((min(pair), max(pair)) for pair in joined):
        if a not in leaders or b not in leaders or leaders[a] == leaders[b]:
            continue
        keep, lose = sorted((leaders[a], leaders[b]))
        merged = {key: keep if leader == lose else leader for key, leader in leaders.items()}
        if not any(x in merged and merged[x] == merged.get(y) for x, y in apart):
            leaders = merged
    return leaders


# Who stands for a story

_BEIJING = timezone(timedelta(hours=8))


def choose_representative(members: Sequence[Member]) -> str:
    """The article that stands for a story; order never decides.

    The copy on the site of the medium that others name as their origin; else the earliest, then the least damaged,
    then the most complete. An article known to the day only is not taken for earlier than one of the same day with
    a time of day.
    """
    origins = {member.medium for member in members if member.medium}

    def rank(member: Member) -> tuple[bool, tuple[bool, str, bool, str], int, int, str]:
        at_home = member.platform is not None and member.platform in origins
        return (not at_home, _moment(member), member.damage, -member.length, member.key)

    return min(members, key=rank).key


def _moment(member: Member) -> tuple[bool, str, bool, str]:
    if member.published_at is None:
        return True, "", True, ""
    local = member.published_at.astimezone(_BEIJING)
    to_the_day = member.precision in (None, Precision.DAY)
    return False, local.date().isoformat(), to_the_day, local.time().isoformat()
