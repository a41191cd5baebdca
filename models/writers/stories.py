"""Writes stories: the marks by which copies are found, the bonds between them, and where each article stands."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, delete, select, text, update

from models.decide import KnownArticle
from models.errors import ConfigurationWrong
from models.kindred import MOST_PAIRS, Kindred, Pair, bonded, find_pairs, gather, held, texts_of
from models.questions import chunks
from models.stories import Bond, Place, arrange, compare_further, find_wholes, group_stories
from models.tables import ARTICLE, STORY, WORDING_BOND
from models.wording import Relate, Wording, wording_of
from models.writers.search import move_stories
from models.writers.statements import add_missing, send, upsert

__all__ = ["Shift", "compare_some", "require_articles", "settle_stories"]


def require_articles(connection: Connection, keys: Collection[str]) -> None:
    found = set(connection.execute(select(ARTICLE.c.id).where(ARTICLE.c.id.in_(keys))).scalars())
    for key in keys:
        if key not in found:
            raise ConfigurationWrong(f"no article {key!r}", advice="dangjian story show")


def compare_some(connection: Connection, after: str, relate: Relate) -> list[str]:
    """A batch of articles that were never compared, by key; answers which."""
    query = select(ARTICLE.c.id, ARTICLE.c.title, ARTICLE.c.text)
    query = query.where(ARTICLE.c.id > after, ARTICLE.c.wording.is_(None)).order_by(ARTICLE.c.id).limit(_REBUILT)
    wordings = {row.id: wording_of(row.title, row.text) for row in connection.execute(query)}
    shift = Shift.begin(connection, wordings.values(), ())
    worded = [{"of": key, "is": one.id, "letters_": one.letters} for key, one in wordings.items() if one]
    if worded:
        wording = update(ARTICLE).where(ARTICLE.c.id == bindparam("of"))
        wording = wording.values(wording=bindparam("is"), letters=bindparam("letters_"))
        connection.execute(wording, worded)
    if wordings:
        shift.finish(connection, wordings, relate)
    return list(wordings)


# Articles compared in one transaction while stories are rebuilt: under a second.
_REBUILT = 200


@dataclass(slots=True)
class Shift:
    """What a batch does to wordings: taken before its articles are written, settled after."""

    left: dict[int, Wording]  # that articles of the batch have had
    known: set[int]  # of those they get: stored and compared already

    @classmethod
    def begin(
        cls, connection: Connection, wordings: Iterable[Wording | None], articles: Iterable[KnownArticle | None]
    ) -> Shift:
        after = {wording.id for wording in wordings if wording}
        before = {article.wording for article in articles if article and article.wording is not None}
        return cls(texts_of(connection, before - after), held(connection, after))

    def finish(self, connection: Connection, wordings: Mapping[str, Wording | None], relate: Relate) -> dict[str, str]:
        """Bring marks, bonds and stories up to date; answer the story of every article that this touched."""
        gone = self.left.keys() - held(connection, self.left.keys())
        orphans = {side for bond in bonded(connection, gone) for side in (bond.first, bond.second)} - gone
        _forget_wordings(connection, [self.left[wording] for wording in sorted(gone)])
        fresh = {wording.id: wording for wording in wordings.values() if wording and wording.id not in self.known}
        _learn_wordings(connection, fresh, relate)
        return settle_stories(connection, wordings.keys(), orphans, relate)


def _learn_wordings(connection: Connection, wordings: Mapping[int, Wording], relate: Relate) -> None:
    pairs = find_pairs(connection, wordings.values())
    connection.execute(_ADD_MARKS[connection.dialect.name], {"given": _marks_of(wordings.values())})
    _compare(connection, pairs, wordings, relate)


def _forget_wordings(connection: Connection, wordings: Sequence[Wording]) -> None:
    if wordings:
        connection.execute(_DROP_MARKS[connection.dialect.name], {"given": _marks_of(wordings)})
    for some in chunks([one.id for one in wordings]):
        connection.execute(delete(WORDING_BOND).where(WORDING_BOND.c.first.in_(some) | WORDING_BOND.c.second.in_(some)))


def _marks_of(wordings: Iterable[Wording]) -> str:
    return json.dumps({str(one.id): sorted(one.marks) for one in wordings})


# As one parameter, like the search for them: some thirty rows an article. In the order of the index.
_ADD_MARKS = {
    "sqlite": text("""
        INSERT INTO sentence_mark (mark, wording)
        SELECT mark.value, CAST(own.key AS INTEGER) FROM json_each(:given) AS own, json_each(own.value) AS mark
        WHERE true ORDER BY 1 ON CONFLICT DO NOTHING"""),
    "postgresql": text("""
        INSERT INTO sentence_mark (mark, wording)
        SELECT mark::bigint, own.key::bigint
        FROM jsonb_each(CAST(:given AS jsonb)) AS own, jsonb_array_elements_text(own.value) AS mark
        ORDER BY 1 ON CONFLICT DO NOTHING"""),
}
_DROP_MARKS = {
    "sqlite": text("""
        DELETE FROM sentence_mark WHERE (mark, wording) IN (
            SELECT mark.value, CAST(own.key AS INTEGER)
            FROM json_each(:given) AS own, json_each(own.value) AS mark)"""),
    "postgresql": text("""
        DELETE FROM sentence_mark USING (
            SELECT mark::bigint AS mark, own.key::bigint AS wording
            FROM jsonb_each(CAST(:given AS jsonb)) AS own, jsonb_array_elements_text(own.value) AS mark) AS gone
        WHERE sentence_mark.mark = gone.mark AND sentence_mark.wording = gone.wording"""),
}


def _compare(connection: Connection, pairs: Iterable[Pair], known: Mapping[int, Wording], relate: Relate) -> list[Bond]:
    """Look at the texts of each pair; keep and answer the bonds of those that are copies."""
    wanted = sorted(pairs)
    missing = {wording for pair in wanted for wording in pair} - known.keys()
    texts = {**known, **texts_of(connection, missing)}
    bonds = []
    for first, second in wanted:
        kin = relate(texts[first], texts[second]) if first in texts and second in texts else None
        if kin:
            bonds.append(Bond(first, second, kin))
    rows = [
        {"first": bond.first, "second": bond.second, **asdict(bond.kin), "relation": bond.kin.relation.value}
        for bond in bonds
    ]
    send(connection, add_missing(WORDING_BOND), rows)
    return bonds


def settle_stories(
    connection: Connection, keys: Iterable[str], wordings: Collection[int], relate: Relate
) -> dict[str, str]:
    """Arrange the stories of these articles, and all that hangs together with them; answer who is in which."""
    kindred = gather(connection, list(keys), wordings)
    members = list(kindred.members.values())
    # Where a text was compared with some of its likes only, the leaders of the stories may be missing among them.
    if len(members) > MOST_PAIRS:
        _compare_with_leaders(connection, kindred, relate)
    bonds = list(kindred.bonds.values())
    wholes = texts_of(connection, find_wholes(members, bonds))
    marks = {i: frozenset(sentence.mark for sentence in one.sentences) for i, one in wholes.items()}
    places = arrange(members, bonds, list(kindred.decisions.values()), marks)
    _write_places(connection, kindred, places)
    return {place.key: place.story for place in places}


def _compare_with_leaders(connection: Connection, kindred: Kindred, relate: Relate) -> None:
    members, decisions = list(kindred.members.values()), list(kindred.decisions.values())
    tried: set[Pair] = set()
    while True:
        bonds = list(kindred.bonds.values())
        further = compare_further(members, bonds, group_stories(members, bonds, decisions)) - tried
        if not further:
            return
        tried |= further
        kindred.bonds |= {(bond.first, bond.second): bond for bond in _compare(connection, further, {}, relate)}


def _write_places(connection: Connection, kindred: Kindred, places: Sequence[Place]) -> None:
    stories: dict[str, int] = Counter(place.story for place in places)
    rows = [
        {
            "id": story,
            "representative": story,
            "articles": number,
            "published_at": kindred.members[story].published_at,
        }
        for story, number in sorted(stories.items())
    ]
    if rows:
        send(connection, upsert(STORY, ["id"], rows[0]), rows)
    moved = [place for place in places if place != kindred.places[place.key]]
    if moved:
        columns = [column.name for column in dataclasses.fields(Place) if column.name != "key"]
        statement = update(ARTICLE).where(ARTICLE.c.id == bindparam("of"))
        statement = statement.values({name: bindparam(f"new_{name}") for name in columns})
        rows = [{f"new_{name}": getattr(place, name) for name in columns} | {"of": place.key} for place in moved]
        connection.execute(statement, rows)
    move_stories(connection, {p.key: p.story for p in moved if p.story != kindred.places[p.key].story})
    left = {place.story for place in kindred.places.values()} - stories.keys()
    for some in chunks(sorted(left)):
        connection.execute(delete(STORY).where(STORY.c.id.in_(some)))
