"""What the search index holds, and what it must hold: for tests of whatever writes articles."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select, text

from models.database import reading
from models.search.days import china_day, day_of_number
from models.store import Store
from models.tables import ARTICLE, CANDIDATE, SEARCH_ENTRY
from models.writers.search import indexed

Index = dict[str, dict[str, Any]]


def words_in_index(connection: Connection) -> dict[int, frozenset[str]]:
    """The words under each number, read back from the index itself."""
    found: dict[int, set[str]] = defaultdict(set)
    if connection.dialect.name == "postgresql":
        rows = text("SELECT number, lexeme FROM search_words, unnest(words)")
    else:
        connection.execute(text("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, search_words, instance)"))
        rows = text("SELECT doc, term FROM temp.v")
    for number, word in connection.execute(rows):
        found[number].add(word)
    if connection.dialect.name != "postgresql":
        connection.execute(text("DROP TABLE temp.v"))
    return {number: frozenset(words) for number, words in found.items()}


def index_of(store: Store) -> Index:
    """By article: its words, day and columns, as the index has them."""
    with reading(store._engine) as connection:
        words = words_in_index(connection)
        entries = {row["number"]: row for row in connection.execute(select(SEARCH_ENTRY)).mappings()}
    assert words.keys() == entries.keys(), "every entry has words, and no words are left without an entry"
    columns = ("story", "relevant", "source", "medium", "region_code", "topics", "first_seen_at")
    return {
        row["article"]: {
            "words": words[number],
            "day": day_of_number(number),
            **{name: row[name] for name in columns},
        }
        for number, row in entries.items()
    }


def index_due(store: Store) -> Index:
    """The same, as it follows from the articles."""
    off_topic = select(CANDIDATE.c.key).where(CANDIDATE.c.outcome == "off-topic")
    with reading(store._engine) as connection:
        off = set(connection.execute(off_topic).scalars())
        articles = {row["id"]: row for row in connection.execute(select(ARTICLE)).mappings()}
        one_by_one = indexed(connection, articles)
    due = {}
    for key, row in articles.items():
        one = one_by_one[key]
        due[key] = {
            "words": one.words,
            "day": china_day(row["published_at"] or row["first_seen_at"]),
            "story": row["story"],
            "relevant": key not in off,
            "source": row["source"],
            "medium": row["medium"],
            "region_code": row["region_code"],
            "topics": [topic["name"] for topic in row["topics"]],
            "first_seen_at": row["first_seen_at"],
        }
    return due
