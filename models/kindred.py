"""Finding the articles that may be copies of each other, in the database; read-only.

    wordings of a batch -> find_pairs -> (compared by the store) -> bonds -> gather -> all that hang together

The cost of a lookup does not grow with the corpus: a mark is read up to a limit, a text is compared with a limited
number of others, and what is gathered is the texts that were found to be copies.
"""

from __future__ import annotations

import functools
import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, bindparam, func, or_, select, text

from models.questions import chunks
from models.records import Precision, Script
from models.stories import Bond, Decision, Member, Place, Verdict
from models.tables import ARTICLE, STORY_DECISION, WORDING_BOND
from models.wording import Kinship, Relation, Wording, count_marks, wording_of

__all__ = ["Kindred", "are_worth_comparing", "bonded", "find_pairs", "gather", "held", "holders_of", "texts_of"]

# A sentence that stands in more texts than this is a formula, unless they all are of a few stories.
COMMON = 30
# ... of this many: a report of the news agency is reprinted, edited and cut by hundreds.
FEW_STORIES = 3
# A text is compared with the texts that share the most with it, and no more than these.
MOST_PAIRS = 20
# A sentence or two in common is a quotation. A copy, even one that was cut and edited, shares far more than this part
# of the marks of the shorter text; one with fewer marks than MANY is compared for a single one.
SHARE = 0.1
MANY = 8

Pair = tuple[int, int]


# Candidates


def find_pairs(connection: Connection, wordings: Collection[Wording]) -> set[Pair]:
    """Pairs to compare: each of these wordings with those that share marks with it, or all of its letters.

    The marks of these wordings need not be stored yet: most stand nowhere else, and are looked up for less then.
    """
    owners: dict[int, list[int]] = {}
    for wording in wordings:
        for mark in wording.marks:
            owners.setdefault(mark, []).append(wording.id)
    met: dict[int, list[int]] = {wording.id: [] for wording in wordings}
    for mark, holders in holders_of(connection, owners).items():
        for own in owners[mark]:
            met[own] += holders
    pairs: set[Pair] = set()
    for own, others in met.items():
        enough = [
            (-number, other)
            for other, number in Counter(others).items()
            if other != own and are_worth_comparing(own, other, number)
        ]
        pairs |= {(min(own, other), max(own, other)) for _, other in sorted(enough)[:MOST_PAIRS]}
    return pairs


def are_worth_comparing(one: int, other: int, shared: int) -> bool:
    """Whether two wordings share enough marks; the same from either side."""
    fewest = min(count_marks(one), count_marks(other))
    return shared >= (max(2, math.ceil(SHARE * fewest)) if fewest >= MANY else 1)


def holders_of(connection: Connection, owners: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    """The wordings that hold each mark: stored ones and those given, at most COMMON of a mark; formulas are left out.

    ``owners``: mark -> wordings that hold it. A mark that only its one owner holds is left out as well.
    One statement for all marks: each is read up to the limit, however common it is.
    """
    found = {mark: sorted(own)[: COMMON + 1] for mark, own in owners.items() if len(own) > 1}
    given = {"numbers": json.dumps(sorted(owners)), "most": COMMON + 1}
    for mark, stored in connection.execute(_HOLDERS[connection.dialect.name], given).all():
        found[mark] = sorted({*map(int, stored.split(",")), *owners[mark]})[: COMMON + 1]
    common = {mark: holders[:COMMON] for mark, holders in found.items() if len(holders) > COMMON}
    spread = _widespread(connection, {mark: holders[: FEW_STORIES + 1] for mark, holders in common.items()})
    few = {mark: holders for mark, holders in common.items() if mark not in spread}
    spread |= _widespread(connection, few)
    return {mark: common.get(mark, holders) for mark, holders in found.items() if mark not in spread}


def _widespread(connection: Connection, holders: Mapping[int, Sequence[int]]) -> set[int]:
    """Those of the marks whose holders are of more than a few stories."""
    stories = _stories_of(connection, {wording for some in holders.values() for wording in some})
    return {
        mark
        for mark, some in holders.items()
        if len({story for wording in some for story in stories.get(wording, ())}) > FEW_STORIES
    }


# The numbers come as one parameter, so that the statement is the same for any number of them.
_HOLDERS = {
    "sqlite": text("""
        SELECT given.value, (SELECT group_concat(held.wording) FROM (
            SELECT wording FROM sentence_mark WHERE mark = given.value ORDER BY wording LIMIT :most) AS held)
        FROM json_each(:numbers) AS given
        WHERE EXISTS (SELECT 1 FROM sentence_mark WHERE mark = given.value)"""),
    "postgresql": text("""
        SELECT given.value, (SELECT string_agg(held.wording::text, ',') FROM (
            SELECT wording FROM sentence_mark WHERE mark = given.value ORDER BY wording LIMIT :most) AS held)
        FROM (SELECT one::bigint AS value FROM jsonb_array_elements_text(CAST(:numbers AS jsonb)) AS one) AS given
        WHERE EXISTS (SELECT 1 FROM sentence_mark WHERE mark = given.value)"""),
}
_STORIES = {
    "sqlite": text("""
        SELECT article.wording, article.story FROM json_each(:numbers) AS given
        JOIN article ON article.wording = given.value JOIN story ON story.id = article.story
        WHERE story.articles > 0"""),
    "postgresql": text("""
        SELECT article.wording, article.story
        FROM (SELECT one::bigint AS value FROM jsonb_array_elements_text(CAST(:numbers AS jsonb)) AS one) AS given
        JOIN article ON article.wording = given.value JOIN story ON story.id = article.story
        WHERE story.articles > 0"""),
}


def _stories_of(connection: Connection, wordings: Collection[int]) -> dict[int, set[str]]:
    """The stories of the articles with these wordings; articles that just arrived are in none yet."""
    found: dict[int, set[str]] = {}
    if wordings:
        query = _STORIES[connection.dialect.name]
        for wording, story in connection.execute(query, {"numbers": json.dumps(sorted(wordings))}):
            found.setdefault(wording, set()).add(story)
    return found


# What is stored


def held(connection: Connection, wordings: Collection[int]) -> set[int]:
    """Those of the wordings that an article has."""
    found: set[int] = set()
    for some in chunks(sorted(wordings)):
        found.update(connection.execute(_HELD, {"wordings": some}).scalars())
    return found


_HELD = select(ARTICLE.c.wording.distinct()).where(ARTICLE.c.wording.in_(bindparam("wordings")))


def texts_of(connection: Connection, wordings: Collection[int]) -> dict[int, Wording]:
    """The wordings again, from an article that has each; all of its articles give the same."""
    found: dict[int, Wording] = {}
    for some in chunks(sorted(wordings)):
        one = select(func.min(ARTICLE.c.id)).where(ARTICLE.c.wording.in_(some)).group_by(ARTICLE.c.wording)
        for row in connection.execute(select(ARTICLE.c.title, ARTICLE.c.text).where(ARTICLE.c.id.in_(one))):
            if wording := wording_of(row.title, row.text):
                found[wording.id] = wording
    return found


def bonded(connection: Connection, wordings: Collection[int]) -> list[Bond]:
    """All bonds of these wordings."""
    bonds: dict[Pair, Bond] = {}
    for some in chunks(sorted(wordings)):
        for row in connection.execute(_BONDED, {"wordings": some}):
            kin = Kinship(Relation(row.relation), row.shared, row.sentences, row.containment)
            bonds[row.first, row.second] = Bond(row.first, row.second, kin)
    return list(bonds.values())


_BONDED = select(WORDING_BOND).where(
    or_(WORDING_BOND.c.first.in_(bindparam("wordings")), WORDING_BOND.c.second.in_(bindparam("wordings")))
)


# Everything that stands or falls together


@dataclass(slots=True)
class Kindred:
    """Articles that may share stories, closed: no bond, decision or story leads out of it."""

    members: dict[str, Member] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)  # where they stand now
    bonds: dict[Pair, Bond] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)


def gather(connection: Connection, keys: Collection[str], wordings: Collection[int] = ()) -> Kindred:
    """Everything that is tied to these articles and wordings, directly or through others."""
    kindred = Kindred()
    keys, wordings = set(keys), set(wordings)
    loaded: set[int] = set()
    while keys or wordings:
        loaded |= wordings
        keys |= _keys_with(connection, ARTICLE.c.wording, wordings)
        fresh = _load(connection, keys - kindred.members.keys())
        stories = {row.story for row in fresh.values()} - {place.story for place in kindred.places.values()}
        in_these = _keys_with(connection, ARTICLE.c.story, stories)
        fresh |= _load(connection, in_these - kindred.members.keys() - fresh.keys())
        kindred.members |= {key: _member(row) for key, row in fresh.items()}
        kindred.places |= {key: _place(row) for key, row in fresh.items()}
        held_now = {row.wording for row in fresh.values() if row.wording is not None}
        bonds = bonded(connection, held_now)
        kindred.bonds |= {(bond.first, bond.second): bond for bond in bonds}
        decisions = _decided(connection, fresh)
        kindred.decisions |= decisions
        wordings = (held_now | {side for bond in bonds for side in (bond.first, bond.second)}) - loaded
        joined = [d for d in decisions.values() if d.verdict is Verdict.JOIN]
        keys = {key for d in joined for key in (d.first, d.second)} - kindred.members.keys()
    return kindred


def _keys_with(connection: Connection, where: Column[Any], wanted: Iterable[Any]) -> set[str]:
    """The articles that have one of these values."""
    found: set[str] = set()
    for some in chunks(sorted(wanted)):
        found.update(connection.execute(_select_where(where, ARTICLE.c.id), {"wanted": some}).scalars())
    return found


def _load(connection: Connection, keys: Iterable[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for some in chunks(sorted(keys)):
        found |= {row.id: row for row in connection.execute(_select_where(ARTICLE.c.id, *_COLUMNS), {"wanted": some})}
    return found


@functools.cache
def _select_where(where: Column[Any], *columns: Column[Any]) -> Select[Any]:
    """Made once: to make a statement and to name it for SQLAlchemy's cache costs more than ten rows."""
    return select(*columns).where(where.in_(bindparam("wanted")))


_COLUMNS = tuple(
    ARTICLE.c[name]
    for name in (
        "id story wording letters published_at published_precision medium platform damage script "
        "relation copy_of shared sentences containment".split()
    )
)


def _member(row: Row[Any]) -> Member:
    return Member(
        key=row.id,
        length=row.letters,
        wording=row.wording,
        published_at=row.published_at,
        precision=Precision(row.published_precision) if row.published_precision else None,
        medium=row.medium,
        platform=row.platform,
        damage=row.damage,
        script=Script(row.script),
    )


def _place(row: Row[Any]) -> Place:
    relation = Relation(row.relation) if row.relation else None
    return Place(row.id, row.story, relation, row.copy_of, row.shared, row.sentences, row.containment)


def _decided(connection: Connection, keys: Collection[str]) -> dict[tuple[str, str], Decision]:
    found: dict[tuple[str, str], Decision] = {}
    for some in chunks(sorted(keys)):
        for row in connection.execute(_DECIDED, {"keys": some}):
            found[row.first, row.second] = Decision(row.first, row.second, Verdict(row.verdict))
    return found


_DECIDED = select(STORY_DECISION).where(
    or_(STORY_DECISION.c.first.in_(bindparam("keys")), STORY_DECISION.c.second.in_(bindparam("keys")))
)
