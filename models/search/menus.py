"""Menus for filters: which topics, regions, media, sources and months there are, and how much of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select, type_coerce

from models.search.days import NUMBERS_A_DAY
from models.search.question import Filters, Question, read_index
from models.search.words import parse_query
from models.tables import SEARCH_ENTRY, STORY

__all__ = ["Facet", "Facets", "facets"]

MOST_MEDIA = 200  # in a menu
ROWS = 5_000  # fetched at a time


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
    connection: Connection,
    filters: Filters | None = None,
    words: str = "",
    *,
    per_story: bool = True,
    newest: int | None = None,
) -> Facets:
    """What the articles or stories that pass ``filters`` (and may have ``words``) are about and where they are from.

    Every article is counted, which takes a quarter of a second for 100,000 of them; or only the ``newest`` so many.
    """
    query = parse_query(words)
    tally = _Tally(_several(connection) if per_story else frozenset())
    if not query.impossible:
        question = Question.of(connection, query, filters or Filters())
        entries = question.entries(*_columns(connection), limit=newest, ordered=newest is not None)
        read_index(connection)
        rows = connection.execution_options(yield_per=ROWS).execute(entries)
        for some in rows.partitions():
            tally.add(some)
    return tally.facets()


def _columns(connection: Connection) -> Iterator[ColumnElement[Any]]:
    entry = SEARCH_ENTRY.c
    # As text: there are few different lists, and each is read once.
    topics = cast(entry.topics, Text) if connection.dialect.name == "postgresql" else type_coerce(entry.topics, Text)
    day = entry.number // NUMBERS_A_DAY
    yield from (entry.story, topics, func.substr(entry.region_code, 1, 2), entry.medium, entry.source, day)


def _several(connection: Connection) -> frozenset[str]:
    """The stories that have several articles, each of which counts once."""
    return frozenset(connection.execute(select(STORY.c.id).where(STORY.c.articles > 1)).scalars())


class _Tally:
    """Counts values of articles, or of stories: a story of several articles once for each value they have."""

    def __init__(self, several: frozenset[str]) -> None:
        self._several = several
        self._counts: tuple[Counter[Any], ...] = tuple(Counter() for _ in range(5))
        self._seen: set[tuple[str, int, Any]] = set()

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """``rows``: story, and the values in the order of ``_columns``."""
        # A column at a time: five times as fast as a row at a time.
        columns = zip(*(row for row in rows if row[0] not in self._several), strict=True)
        for counts, values in zip(self._counts, islice(columns, 1, None), strict=False):
            counts.update(values)
        for story, *of_story in (row for row in rows if row[0] in self._several):
            for place, value in enumerate((*of_story[:-1], _month(of_story[-1]))):
                if (story, place, value) not in self._seen:
                    self._seen.add((story, place, value))
                    self._counts[place][value] += 1

    def facets(self) -> Facets:
        lists, regions, media, sources, days = self._counts
        topics: Counter[str] = Counter()
        for listed, number in lists.items():
            topics.update(dict.fromkeys(json.loads(listed), number))
        months: Counter[str] = Counter()
        for day, number in days.items():
            months[day if isinstance(day, str) else _month(day)] += number
        return Facets(
            topics=_ordered(topics),
            regions=_ordered(regions),
            media=_ordered(media)[:MOST_MEDIA],
            sources=_ordered(sources),
            months=tuple(Facet(*pair) for pair in sorted(months.items(), reverse=True)),
        )


def _month(day: int) -> str:
    return f"{date.fromordinal(day):%Y-%m}"


def _ordered(counts: Counter[Any]) -> tuple[Facet, ...]:
    known = [(value, number) for value, number in counts.items() if value is not None]
    return tuple(Facet(*pair) for pair in sorted(known, key=lambda pair: (-pair[1], pair[0])))
