"""Statements that both databases take: INSERT with ON CONFLICT, many rows at a time."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Insert, Table, literal, text

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


def send(connection: Connection, insert: Any, rows: Sequence[Row]) -> None:
    """Send all rows. To PostgreSQL in one statement: pg8000 would otherwise go there and back three times per row.

    Asking for an answer per row is what makes SQLAlchemy do that; SQLite needs no round trips and is faster without.
    """
    if rows:
        if connection.dialect.name == "postgresql":
            insert = insert.returning(literal(1))
        connection.execute(insert, rows)


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
