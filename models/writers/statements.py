"""Statements that both databases take: INSERT with ON CONFLICT, many rows at a time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Insert, Table, Update, literal, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from models.database import dump_json
from models.rows import Row

__all__ = ["add", "add_missing", "send", "upsert", "without_repeats"]


class _Add(Insert):
    """INSERT with an ON CONFLICT that both databases spell alike.

    SQLAlchemy has a class for each of them, and compiles those anew every time; that would cost as much as the rows.
    """

    inherit_cache = True

    @classmethod
    def into(cls, table: Table, conflict: str) -> _Add:
        made = cls(table)
        made._post_values_clause = text(conflict)
        return made


@functools.cache
def add(table: Table) -> Insert:
    """INSERT of rows that are not there."""
    return Insert(table)


@functools.cache
def add_missing(table: Table) -> Insert:
    """INSERT of those that are not there; the others stay as they are."""
    return _Add.into(table, "ON CONFLICT DO NOTHING")


def upsert(
    table: Table, key: Sequence[str], columns: Iterable[str], changes: Mapping[str, str] | None = None
) -> Insert:
    """INSERT that replaces these columns of rows that are there.

    ``changes``: column -> SQL for its new value, where that is not simply the one given.
    """
    return _upsert(
        table, tuple(key), tuple(name for name in columns if name not in key), tuple((changes or {}).items())
    )


@functools.cache
def _upsert(
    table: Table, key: tuple[str, ...], columns: tuple[str, ...], changes: tuple[tuple[str, str], ...]
) -> Insert:
    values = {name: f'excluded."{name}"' for name in columns} | dict(changes)
    listed = ", ".join(f'"{name}"' for name in key)
    return _Add.into(
        table, f"ON CONFLICT ({listed}) DO UPDATE SET " + ", ".join(f'"{name}" = {new}' for name, new in values.items())
    )


def send(connection: Connection, statement: Insert | Update, rows: Sequence[Row]) -> None:
    """Send all rows, of the same columns each. To PostgreSQL an INSERT goes as one: pg8000 would otherwise go there
    and back three times per row.

    Asking for an answer per row is what makes SQLAlchemy do that; SQLite needs no round trips and is faster without.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        if isinstance(statement, Insert):
            statement = statement.returning(literal(1))
        connection.execute(statement, rows)
        return
    spoken = _speak(statement, tuple(rows[0]))
    connection.exec_driver_sql(spoken.sql, [spoken.values(row) for row in rows])


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A statement as SQLite's driver takes it: for each place in it a name, and what makes its value storable."""

    sql: str
    places: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    defaults: Row  # of columns that no row names

    def values(self, row: Row) -> tuple[Any, ...]:
        if self.defaults:
            row = self.defaults | row
        return tuple([row[name] if convert is None else convert(row[name]) for name, convert in self.places])


@functools.cache
def _speak(statement: Insert | Update, names: tuple[str, ...]) -> _Spoken:
    """Made once. What SQLAlchemy does for each row of a wide table costs more than SQLite's part."""
    compiled = statement.compile(dialect=_SQLITE, column_keys=list(names))
    places = []
    for name in compiled.positiontup or ():
        kind = compiled.binds[name].type
        places.append((name, kind.dialect_impl(_SQLITE).bind_processor(_SQLITE)))
    defaults = {column.key: getattr(column.default, "arg", None) for column in compiled.insert_prefetch}
    return _Spoken(str(compiled), tuple(places), defaults)


_SQLITE = SQLiteDialect_pysqlite(json_serializer=dump_json)


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def without_repeats(items: Sequence[K]) -> Iterator[list[K]]:
    """Cut a batch where a key comes again: within a part every key is decided once."""
    part: list[K] = []
    keys: set[str] = set()
    for item in items:
        if item.key in keys:
            yield part
            part, keys = [], set()
        part.append(item)
        keys.add(item.key)
    if part:
        yield part
