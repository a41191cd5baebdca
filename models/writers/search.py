"""Writes the search index: for each article an entry, and its words under the entry's number.

A number is the day of publication and a count within the day, so that the newest article has the highest one: the
index is read from its end, and a span of days is a span of numbers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, bindparam, column, delete, select, text, update
from sqlalchemy import table as plain_table
from sqlalchemy.dialects import postgresql

from models.decide import ArticleChange
from models.questions import chunks
from models.records import Outcome, Record
from models.rows import Row, primary_region
from models.search.days import NUMBERS_A_DAY, china_day, day_of_number, first_of_day
from models.search.words import (
    BLANKS,
    INDEX_VERSION,
    OFF_TOPIC,
    lay_out_words,
    mark_of,
    region_marks,
    title_word,
    words_of,
)
from models.tables import ARTICLE, CANDIDATE, SEARCH_ENTRY, storable
from models.writers.statements import add, send

__all__ = ["Indexed", "index_articles", "index_missing", "indexed", "mark_relevance", "move_stories", "reset_index"]

# Articles indexed in one transaction while the index is filled: under half a second.
FILLED = 200

_PUT = "INSERT INTO search_words(rowid, words) VALUES (?, ?)"
_TAKE = text("INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', :number, :words)")
_POSTGRES = plain_table("search_words", column("number"), column("words", postgresql.TSVECTOR))


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article as the index sees it. ``number`` and ``story`` are None before it has an entry."""

    article: str
    heading: str  # title, kicker and subtitle
    text: str
    published_at: datetime | None
    source: str
    medium: str | None
    region_code: str | None
    topics: tuple[str, ...]
    methods: tuple[str, ...]
    relevant: bool = True
    number: int | None = None
    story: str | None = None
    first_seen_at: datetime | None = None

    @property
    def words(self) -> set[str]:
        """Made anew each time: a thousand and more."""
        heading = words_of(self.heading)
        return words_of(self.text) | heading | self._marks(heading)

    @property
    def line(self) -> str:
        """``words``, each once, with ``BLANKS`` between them; made anew each time as well, for much less."""
        read = lay_out_words(f"{self.heading}\n{self.text}")
        if read is None:
            return BLANKS.join(self.words)
        return read + BLANKS.join(self._marks(words_of(self.heading)))

    def _marks(self, heading: Iterable[str]) -> set[str]:
        """What the article is found by besides its letters."""
        found = {mark_of("source", self.source), *map(title_word, heading), *region_marks(self.region_code)}
        found.update(mark_of("topic", topic) for topic in self.topics)
        found.update(mark_of("method", method) for method in self.methods)
        if self.medium:
            found.add(mark_of("medium", self.medium))
        if not self.relevant:
            found.add(OFF_TOPIC)
        return found


def of_record(record: Record) -> Indexed:
    region = primary_region(record.regions)
    return Indexed(
        article=record.key,
        heading=storable(_heading(record.title, record.kicker, record.subtitle)),
        text=storable(record.text),
        published_at=record.published_at,
        source=record.source,
        medium=storable(record.medium) if record.medium else None,
        region_code=region.code if region else None,
        topics=tuple(storable(topic.name) for topic in record.topics),
        methods=tuple(map(storable, record.methods)),
    )


def _heading(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _of_row(row: RowMapping) -> Indexed:
    entry = {"number": row["number"], "story": row["story"], "relevant": row["number"] is None or row["relevant"]}
    return Indexed(
        article=row["id"],
        heading=_heading(row["title"], row["kicker"], row["subtitle"]),
        text=row["text"],
        published_at=row["published_at"],
        source=row["source"],
        medium=row["medium"],
        region_code=row["region_code"],
        topics=tuple(topic["name"] for topic in row["topics"]),
        methods=tuple(row["methods"]),
        first_seen_at=row["first_seen_at"],
        **entry,
    )


_ROW = (
    *(ARTICLE.c[name] for name in "id title kicker subtitle text published_at source medium".split()),
    *(ARTICLE.c[name] for name in "region_code topics methods first_seen_at".split()),
)


def indexed(connection: Connection, keys: Iterable[str]) -> dict[str, Indexed]:
    """These articles as they are stored now, with the number of their entry where they have one."""
    query = select(*_ROW, ARTICLE.c.story, SEARCH_ENTRY.c.number, SEARCH_ENTRY.c.relevant)
    query = query.outerjoin(SEARCH_ENTRY, SEARCH_ENTRY.c.article == ARTICLE.c.id)
    found: dict[str, Indexed] = {}
    for some in chunks(keys):
        for row in connection.execute(query.where(ARTICLE.c.id.in_(some))).mappings():
            found[row["id"]] = _of_row(row)
    return found


def index_articles(
    connection: Connection,
    changes: Sequence[ArticleChange],
    before: Mapping[str, Indexed],
    stories: Mapping[str, str],
    now: datetime,
) -> None:
    """Bring the index up to date with articles that were just written; ``before``: as they were until then."""
    after = []
    for change in changes:
        one, old = of_record(change.record), before.get(change.record.key)
        one = replace(one, story=stories.get(one.article, one.article), first_seen_at=now)
        if old is not None:
            # The first source that brought an article keeps it.
            one = replace(one, source=old.source, first_seen_at=old.first_seen_at)
        after.append(one)
    _renew(connection, before, after)


def _renew(connection: Connection, before: Mapping[str, Indexed], after: Sequence[Indexed]) -> None:
    """Replace entries whose words or day are others than before; the rest only get their columns."""
    gone: list[tuple[int, str]] = []
    fresh: list[tuple[Indexed, str]] = []
    kept: list[Indexed] = []
    for one in after:
        old, line = before.get(one.article), one.line
        if old is None or old.number is None:
            fresh.append((one, line))
        elif day_of_number(old.number) == _day(one) and _same_words(old.line, line):
            kept.append(replace(one, number=old.number))
        else:
            gone.append((old.number, old.line))
            fresh.append((one, line))
    _take(connection, gone)
    _put(connection, fresh)
    changing = ("story", "relevant", "source", "medium", "region_code", "topics")
    if kept:
        statement = update(SEARCH_ENTRY).where(SEARCH_ENTRY.c.number == bindparam("of"))
        statement = statement.values({name: bindparam(f"new_{name}") for name in changing})
        rows = [_entry(one, one.number or 0) for one in kept]
        values = [{"of": row["number"], **{f"new_{name}": row[name] for name in changing}} for row in rows]
        connection.execute(statement, values)


def _same_words(one: str, other: str) -> bool:
    return one == other or set(one.split(BLANKS)) == set(other.split(BLANKS))


def _moment(one: Indexed) -> datetime:
    """What an article is dated by: its publication, else when it was found."""
    moment = one.published_at or one.first_seen_at
    assert moment is not None, "every article was found at some time"
    return moment


def _day(one: Indexed) -> date:
    return china_day(_moment(one))


def _entry(one: Indexed, number: int) -> Row:
    return {
        "number": number,
        "article": one.article,
        "story": one.story,
        "relevant": one.relevant,
        "source": one.source,
        "medium": one.medium,
        "region_code": one.region_code,
        "topics": list(one.topics),
        "first_seen_at": one.first_seen_at,
        "version": INDEX_VERSION,
    }


def _take(connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
    numbers = sorted(number for number, _ in entries)
    for some in chunks(numbers):
        connection.execute(delete(SEARCH_ENTRY).where(SEARCH_ENTRY.c.number.in_(some)))
        if connection.dialect.name == "postgresql":
            connection.execute(delete(_POSTGRES).where(_POSTGRES.c.number.in_(some)))
    if entries and connection.dialect.name != "postgresql":
        # The index keeps no copy of the words: it must be told which ones to forget.
        connection.execute(_TAKE, [{"number": number, "words": words} for number, words in sorted(entries)])


def _put(connection: Connection, entries: Sequence[tuple[Indexed, str]]) -> None:
    if not entries:
        return
    # In the order of the day, and in that of the numbers: SQLite writes a piece of its index for each step back.
    ordered = sorted(entries, key=lambda entry: (_moment(entry[0]), entry[0].article))
    numbers = _free_numbers(connection, [_day(one) for one, _ in ordered])
    send(
        connection,
        add(SEARCH_ENTRY),
        [_entry(one, number) for (one, _), number in zip(ordered, numbers, strict=True)],
    )
    pairs = [(number, words) for (_, words), number in zip(ordered, numbers, strict=True)]
    if connection.dialect.name == "postgresql":
        rows = [{"number": number, "words": "'" + words.replace(BLANKS, "' '") + "'"} for number, words in pairs]
        send(connection, add(_POSTGRES), rows)
    else:
        connection.exec_driver_sql(_PUT, pairs)


def _free_numbers(connection: Connection, days: Sequence[date]) -> list[int]:
    """The next numbers of each day, in order."""
    firsts = [first_of_day(day) for day in days]
    given = {"firsts": json.dumps(sorted(set(firsts))), "span": NUMBERS_A_DAY}
    following: dict[int, int] = {}
    for first, last in connection.execute(_LAST_OF_DAY[connection.dialect.name], given):
        following[first] = first if last is None else last + 1
    numbers = []
    for first in firsts:
        numbers.append(following[first])
        following[first] += 1
    return numbers


# One statement for all days: articles that are loaded for the first time are of as many days as there are of them.
_LAST_OF_DAY = {
    "sqlite": text("""
        SELECT given.value, (
            SELECT max(number) FROM search_entry WHERE number >= given.value AND number < given.value + :span)
        FROM json_each(:firsts) AS given"""),
    "postgresql": text("""
        SELECT given.value, (
            SELECT max(number) FROM search_entry WHERE number >= given.value AND number < given.value + :span)
        FROM (SELECT one::bigint AS value FROM jsonb_array_elements_text(CAST(:firsts AS jsonb)) AS one) AS given"""),
}


def move_stories(connection: Connection, stories: Mapping[str, str]) -> None:
    """Note the story of articles (key -> story) that went from one to another."""
    if stories:
        statement = update(SEARCH_ENTRY).where(SEARCH_ENTRY.c.article == bindparam("of"))
        statement = statement.values(story=bindparam("to"))
        connection.execute(statement, [{"of": article, "to": story} for article, story in sorted(stories.items())])


def mark_relevance(connection: Connection, off: Collection[str], on: Collection[str]) -> None:
    """Note which articles turned out to be off topic, and which are on topic again."""
    wrong = dict.fromkeys(_entries_that_are(connection, off, relevant=True), False)
    wrong |= dict.fromkeys(_entries_that_are(connection, on, relevant=False), True)
    before = indexed(connection, wrong)
    _renew(connection, before, [replace(one, relevant=wrong[key]) for key, one in before.items()])


def _entries_that_are(connection: Connection, keys: Collection[str], *, relevant: bool) -> list[str]:
    found: list[str] = []
    query = select(SEARCH_ENTRY.c.article).where(SEARCH_ENTRY.c.relevant.is_(relevant))
    for some in chunks(keys):
        found += connection.execute(query.where(SEARCH_ENTRY.c.article.in_(some))).scalars()
    return found


def index_missing(connection: Connection, after: str) -> list[str]:
    """Index a batch of articles without an entry, by key; answer which."""
    query = select(ARTICLE.c.id).outerjoin(SEARCH_ENTRY, SEARCH_ENTRY.c.article == ARTICLE.c.id)
    query = query.where(ARTICLE.c.id > after, SEARCH_ENTRY.c.number.is_(None)).order_by(ARTICLE.c.id).limit(FILLED)
    keys = list(connection.execute(query).scalars())
    off = _off_topic(connection, keys)
    _renew(connection, {}, [replace(one, relevant=key not in off) for key, one in indexed(connection, keys).items()])
    return keys


def reset_index(connection: Connection, *, everything: bool) -> None:
    """Empty the index if all of it is wanted, or where an earlier version of the words filled it."""
    old = select(SEARCH_ENTRY.c.number).where(SEARCH_ENTRY.c.version != INDEX_VERSION).limit(1)
    if not everything and connection.execute(old).first() is None:
        return
    connection.execute(delete(SEARCH_ENTRY))
    if connection.dialect.name == "postgresql":
        connection.execute(delete(_POSTGRES))
    else:
        connection.execute(text("INSERT INTO search_words(search_words) VALUES ('delete-all')"))


def _off_topic(connection: Connection, keys: Collection[str]) -> list[str]:
    query = select(CANDIDATE.c.key).where(CANDIDATE.c.outcome == Outcome.OFF_TOPIC.value)
    return [
        key for some in chunks(keys) for key in connection.execute(query.where(CANDIDATE.c.key.in_(some))).scalars()
    ]
