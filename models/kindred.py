"""Finding the articles that may be copies of each other, in the database; read-only.

    wordings of a batch -> find_pairs -> (compared by the store) -> bonds -> gather -> all that hang together

The cost of a lookup does not grow with the corpus: a mark is read up to a limit, a text is compared with a limited
number of others, and what is gathered is the texts that were found to be copies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Row, column, func, or_, select, values

from models.questions import chunks
from models.records import Precision, Script
from models.stories import Bond, Decision, Member, Place, Verdict
from models.tables import ARTICLE, SENTENCE_MARK, STORY, STORY_DECISION, WORDING_BOND
from models.wording import Kinship, Relation, Wording, wording_of

__all__ = ["Kindred", "bonded", "find_pairs", "gather", "held", "shared_marks", "texts_of"]

# A sentence that stands in more texts than this is a formula, unless they all are of a few stories.
COMMON = 30
# ... of this many: a report of the news agency is reprinted, edited and cut by hundreds.
FEW_STORIES = 3
# A text is compared with the texts that share the most with it, and no more than these.
MOST_PAIRS = 20

Pair = tuple[int, int]


# Candidates


def find_pairs(connection: Connection, wordings: Collection[Wording]) -> set[Pair]:
    """Pairs to compare: each of these wordings with those that share marks with it, or all of its letters."""
    owners: dict[int, list[int]] = {}
    for wording in wordings:
        for mark in wording.marks:
            owners.setdefault(mark, []).append(wording.id)
    shares: dict[int, Counter[int]] = {wording.id: Counter() for wording in wordings}
    for mark, other in shared_marks(connection, owners):
        for own in owners[mark]:
            if own != other:
                shares[own][other] += 1
    pairs: set[Pair] = set()
    for own, found in shares.items():
        nearest = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_PAIRS]
        pairs |= {(min(own, other), max(own, other)) for other, _ in nearest}
    return pairs


def shared_marks(connection: Connection, marks: Iterable[int]) -> list[Pair]:
    """(mark, wording) of every wording that holds one of the marks, without formulas."""
    found: list[Pair] = []
    for some in chunks(sorted(marks)):
        common = _common(connection, some)
        rare = select(SENTENCE_MARK.c.mark, SENTENCE_MARK.c.wording)
        rare = rare.where(SENTENCE_MARK.c.mark.in_([mark for mark in some if mark not in common]))
        found += [(mark, wording) for mark, wording in connection.execute(rare)]
        for mark in sorted(common):
            holders = _first_holders(connection, mark)
            if _count_stories(connection, holders) <= FEW_STORIES:
                found += [(mark, wording) for wording in holders]
    return found


def _common(connection: Connection, marks: Sequence[int]) -> set[int]:
    """Marks in more than COMMON wordings; reads no further than that, however common they are."""
    wanted = values(column("mark", BigInteger), name="given").data([(mark,) for mark in marks]).cte("wanted")
    beyond = (
        select(SENTENCE_MARK.c.wording)
        .where(SENTENCE_MARK.c.mark == wanted.c.mark)
        .order_by(SENTENCE_MARK.c.wording)
        .offset(COMMON)
        .limit(1)
        .correlate(wanted)
        .scalar_subquery()
    )
    return {
        row.mark for row in connection.execute(select(wanted.c.mark, beyond.label("beyond"))) if row.beyond is not None
    }


def _first_holders(connection: Connection, mark: int) -> list[int]:
    query = select(SENTENCE_MARK.c.wording).where(SENTENCE_MARK.c.mark == mark).order_by(SENTENCE_MARK.c.wording)
    return list(connection.execute(query.limit(COMMON)).scalars())


def _count_stories(connection: Connection, wordings: Sequence[int]) -> int:
    """How many stories hold these; articles that just arrived are in none yet."""
    query = select(func.count(ARTICLE.c.story.distinct())).join(STORY, STORY.c.id == ARTICLE.c.story)
    return connection.execute(query.where(ARTICLE.c.wording.in_(wordings), STORY.c.articles > 0)).scalar_one()


# What is stored


def held(connection: Connection, wordings: Collection[int]) -> set[int]:
    """Those of the wordings that an article has."""
    found: set[int] = set()
    for some in chunks(sorted(wordings)):
        found.update(
            connection.execute(select(ARTICLE.c.wording.distinct()).where(ARTICLE.c.wording.in_(some))).scalars()
        )
    return found


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
        either = or_(WORDING_BOND.c.first.in_(some), WORDING_BOND.c.second.in_(some))
        for row in connection.execute(select(WORDING_BOND).where(either)):
            kin = Kinship(Relation(row.relation), row.shared, row.sentences, row.containment)
            bonds[row.first, row.second] = Bond(row.first, row.second, kin)
    return list(bonds.values())


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
        found = [*_load(connection, ARTICLE.c.id, keys), *_load(connection, ARTICLE.c.wording, wordings)]
        stories = {row.story for row in found} - {place.story for place in kindred.places.values()}
        found += _load(connection, ARTICLE.c.story, stories)
        fresh = {row.id: row for row in found if row.id not in kindred.members}
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


def _load(connection: Connection, where: Column[Any], wanted: Iterable[Any]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for some in chunks(sorted(wanted)):
        found += connection.execute(select(*_COLUMNS).where(where.in_(some))).all()
    return found


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
        either = or_(STORY_DECISION.c.first.in_(some), STORY_DECISION.c.second.in_(some))
        for row in connection.execute(select(STORY_DECISION).where(either)):
            found[row.first, row.second] = Decision(row.first, row.second, Verdict(row.verdict))
    return found
