"""What the search index is asked: words and filters as one condition, in the language of each database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy import table as plain_table
from sqlalchemy.dialects import postgresql

from models.search.days import first_of_day, last_of_day
from models.search.words import OFF_TOPIC, Query, mark_of, region_mark, title_word
from models.tables import SEARCH_ENTRY

__all__ = ["PAGE", "Filters", "Place", "Question", "newest", "read_index"]

# Candidates looked at in one query beyond the ranked ones.
PAGE = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look through. All are combined with "and", several values of one with "or"; empty means no restriction.

    ``since`` and ``until`` are days of publication in China, both included; an article without a date counts by the
    day it was found. ``new_since``: found at or after. ``regions``: official codes of the primary place; the code of a
    province finds its towns. ``relevant`` leaves out what turned out to be off topic.
    """

    since: date | None = None
    until: date | None = None
    new_since: datetime | None = None
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    relevant: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """An article in the index."""

    number: int
    article: str
    story: str


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its filters, in the words of the index."""

    query: Query
    filters: Filters
    postgres: bool
    groups: tuple[tuple[str, ...], ...]  # of each, one word at least
    begins: tuple[str, ...]  # words beginning with each of these
    without: tuple[str, ...]
    without_begins: tuple[str, ...]

    @classmethod
    def of(cls, connection: Connection, query: Query, filters: Filters) -> Question:
        groups = [(word,) for term in query.wanted for word in term.words]
        marks = [
            [region_mark(code) for code in filters.regions],
            *(
                [mark_of(kind, value) for value in values]
                for kind, values in (
                    ("topic", filters.topics),
                    ("medium", filters.media),
                    ("source", filters.sources),
                    ("method", filters.methods),
                )
            ),
        ]
        surely_unwanted = [term for term in query.unwanted if term.sure]
        return cls(
            query=query,
            filters=filters,
            postgres=connection.dialect.name == "postgresql",
            groups=(*groups, *(tuple(group) for group in marks if group)),
            begins=tuple(term.begins for term in query.wanted if term.begins),
            without=tuple(word for term in surely_unwanted for word in term.words),
            without_begins=tuple(term.begins for term in surely_unwanted if term.begins),
        )

    @property
    def sure(self) -> bool:
        """Whether the index alone decides."""
        return all(term.sure for term in self.query.terms)

    def only_titles(self) -> Question | None:
        """The same, with all words in the title; None for single letters alone, which the index has no titles of."""
        words = [(title_word(word),) for term in self.query.wanted for word in term.words]
        return replace(self, groups=(*self.groups, *words)) if words else None

    def places(self, limit: int, *, before: int | None = None, ordered: bool = True) -> Select[tuple[int, str, str]]:
        """Entries that may be what is wanted, ``limit`` of them; the newest first if they are to be ``ordered``."""
        entry = SEARCH_ENTRY.c
        return self.entries(entry.number, entry.article, entry.story, limit=limit, before=before, ordered=ordered)

    def entries(
        self,
        *columns: ColumnElement[Any],
        limit: int | None = None,
        before: int | None = None,
        ordered: bool = False,
    ) -> Select[Any]:
        """The same with these columns; all of them without a ``limit``."""
        if self.postgres and self._has_words():
            return self._entries_of_postgres(columns, limit, before, ordered=ordered)
        number = self._number()
        query = select(*columns).select_from(self._tables()).where(true(), *self._conditions())
        if before is not None:
            query = query.where(number < before)
        return (query.order_by(number.desc()) if ordered else query).limit(limit)

    def _entries_of_postgres(
        self, columns: Sequence[ColumnElement[Any]], limit: int | None, before: int | None, *, ordered: bool
    ) -> Select[Any]:
        """First the numbers of all that have the words, from the index of words and nothing else; then their entries.

        The words of an entry lie outside its row. Reading them takes a hundred times as long as the index, which the
        planner does not know: left to itself it goes through the newest, or a year, and looks at the words of each.
        """
        number = _INDEXED_NUMBER
        found = select(_WORDS.c.number).where(self._matches(self._expression()), *self._span())
        of_entry = tuple(self._entry_conditions())
        if before is not None:
            found = found.where(number < before)
        if not of_entry:
            found = (found.order_by(number.desc()) if ordered else found).limit(limit)
        numbers = found.cte("found").prefix_with("MATERIALIZED")
        joined = numbers.join(SEARCH_ENTRY, SEARCH_ENTRY.c.number == numbers.c.number)
        query = select(*columns).select_from(joined).where(true(), *of_entry).limit(limit)
        return query.order_by(numbers.c.number.desc()) if ordered else query

    def _number(self) -> ColumnElement[int]:
        """What to order by, and find days by: of the table that the database reads first."""
        if not self._has_words():
            return SEARCH_ENTRY.c.number
        return _INDEXED_NUMBER if self.postgres else _WORDS.c.rowid

    def _has_words(self) -> bool:
        return bool(self.groups or self.begins)

    def _tables(self) -> FromClause:
        if not self._has_words():
            return SEARCH_ENTRY
        return _WORDS.join(SEARCH_ENTRY, SEARCH_ENTRY.c.number == _WORDS.c.rowid)

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        yield from self._span()
        yield from self._entry_conditions()
        if self._has_words():
            yield self._matches(self._expression())
        elif self.without or self.without_begins:
            unwanted = self._matches(self._any_of(self.without, self.without_begins))
            number = _WORDS.c.number if self.postgres else _WORDS.c.rowid
            yield SEARCH_ENTRY.c.number.not_in(select(number).where(unwanted))

    def _span(self) -> Iterator[ColumnElement[bool]]:
        """Of the numbers: the days that are asked for."""
        if self.filters.since:
            yield self._number() >= first_of_day(self.filters.since)
        if self.filters.until:
            yield self._number() <= last_of_day(self.filters.until)
        if self.filters.new_since:
            # What was found lately was nearly always published lately: the older part of the index need not be read.
            found = SEARCH_ENTRY.c.first_seen_at >= self.filters.new_since
            # PostgreSQL would look for the first of them by going through all numbers.
            number = SEARCH_ENTRY.c.number + literal_column("0") if self.postgres else SEARCH_ENTRY.c.number
            yield self._number() >= select(func.min(number)).where(found).scalar_subquery()

    def _entry_conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.filters.new_since:
            yield SEARCH_ENTRY.c.first_seen_at >= self.filters.new_since
        if self.filters.relevant and not self._has_words():
            yield SEARCH_ENTRY.c.relevant.is_(True)

    def _matches(self, expression: str) -> ColumnElement[bool]:
        if self.postgres:
            return _WORDS.c.words.op("@@")(cast(literal(expression), postgresql.TSQUERY))
        return _WORDS.c.search_words.op("MATCH")(expression)

    def _expression(self) -> str:
        """The words in the language of the database. They hold letters, digits and our own marks, nothing else."""
        wanted = [self._any_of(group, ()) for group in self.groups]
        wanted += [self._any_of((), (first,)) for first in self.begins]
        without = [*self.without, *([OFF_TOPIC] if self.filters.relevant else [])]
        expression = (" & " if self.postgres else " AND ").join(wanted)
        if without or self.without_begins:
            unwanted = self._any_of(without, self.without_begins)
            expression = f"{expression} & !{unwanted}" if self.postgres else f"({expression}) NOT {unwanted}"
        return expression

    def _any_of(self, words: Sequence[str], begins: Sequence[str]) -> str:
        if self.postgres:
            return "(" + " | ".join([*(f"'{word}'" for word in words), *(f"'{first}':*" for first in begins)]) + ")"
        return "(" + " OR ".join([*(f'"{word}"' for word in words), *(f'"{first}" *' for first in begins)]) + ")"


# The words of the entries: a virtual table of SQLite (its hidden column of the same name is what MATCH is asked of), a
# table of PostgreSQL.
_WORDS = plain_table(
    "search_words",
    column("rowid"),
    column("number", SEARCH_ENTRY.c.number.type),
    column("search_words"),
    column("words", postgresql.TSVECTOR),
)


# The same number, and nothing that PostgreSQL could look up in the index of numbers.
_INDEXED_NUMBER = _WORDS.c.number + literal_column("0")


# Words are found by their index alone, see Question; an entry is found by its number, for the index of numbers is in
# memory; and compiling a plan takes longer than any of ours does.
_PLANS = {"enable_seqscan": "off", "random_page_cost": "1.1", "jit": "off"}
_PLAN = select(*(func.set_config(name, value, True) for name, value in _PLANS.items()))


def read_index(connection: Connection) -> None:
    """Tell PostgreSQL's planner, until the end of the transaction, what it can not know."""
    if connection.dialect.name == "postgresql":
        connection.execute(_PLAN)


def newest(connection: Connection, question: Question, *, before: int | None = None, limit: int = PAGE) -> list[Place]:
    """A page of places; ``read_index`` comes before."""
    return [Place(*row) for row in connection.execute(question.places(limit, before=before))]
