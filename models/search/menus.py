"""Menus for filters: which topics, regions, media, sources and months there are, and how much of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, Subquery, func, select, true

from models.search.days import NUMBERS_A_DAY
from models.search.question import Filters, Question
from models.search.words import parse_query
from models.tables import SEARCH_ENTRY

__all__ = ["Facet", "Facets", "facets"]

MOST_MEDIA = 200  # in a menu


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """For menus: the values there are, most frequent first; months ("2026-11") latest first."""

    topics: tuple[Facet, ...]
    regions: tuple[Facet, ...]  # codes of provinces, two digits
    media: tuple[Facet, ...]
    sources: tuple[Facet, ...]
    months: tuple[Facet, ...]


def facets(
    connection: Connection, filters: Filters | None = None, words: str = "", *, per_story: bool = True
) -> Facets:
    """What the articles or stories that pass ``filters`` (and may have ``words``) are about and where they are from."""
    query = parse_query(words)
    if query.impossible:
        return Facets((), (), (), (), ())
    places = Question.of(connection, query, filters or Filters()).places().subquery()
    of_entry = select(SEARCH_ENTRY).join(places, places.c.number == SEARCH_ENTRY.c.number).subquery()
    counted = func.count(of_entry.c.story.distinct()) if per_story else func.count()

    def count(value: ColumnElement[str | None]) -> Counter[str]:
        rows = connection.execute(select(value, counted).select_from(of_entry).group_by(value))
        return Counter({name: number for name, number in rows if name is not None})

    return Facets(
        topics=_ordered(_count_topics(connection, of_entry, counted)),
        regions=_ordered(count(func.substr(of_entry.c.region_code, 1, 2))),
        media=_ordered(count(of_entry.c.medium))[:MOST_MEDIA],
        sources=_ordered(count(of_entry.c.source)),
        months=_months(connection.execute(_days(of_entry, counted)).tuples()),
    )


def _ordered(counts: Counter[str]) -> tuple[Facet, ...]:
    return tuple(Facet(*pair) for pair in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _count_topics(connection: Connection, of_entry: Subquery, counted: ColumnElement[int]) -> Counter[str]:
    spread = func.jsonb_array_elements_text if connection.dialect.name == "postgresql" else func.json_each
    topic = spread(of_entry.c.topics).table_valued("value")
    query = select(topic.c.value, counted).select_from(of_entry.join(topic, true())).group_by(topic.c.value)
    return Counter(dict(connection.execute(query).tuples().all()))


def _days(of_entry: Subquery, counted: ColumnElement[int]) -> Select[tuple[int, int]]:
    day = of_entry.c.number // NUMBERS_A_DAY
    return select(day, counted).group_by(day)


def _months(days: Iterable[tuple[int, int]]) -> tuple[Facet, ...]:
    counts: Counter[str] = Counter()
    for day, number in days:
        counts[f"{date.fromordinal(day):%Y-%m}"] += number
    return tuple(Facet(*pair) for pair in sorted(counts.items(), reverse=True))
