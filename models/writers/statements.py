"""Statements that both databases take: INSERT with ON CONFLICT, many rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite

from models.rows import Row

__all__ = ["insert_into", "send", "upsert", "without_repeats"]


def insert_into(connection: Connection, table: Table) -> Any:
    """INSERT that knows ON CONFLICT: both databases spell it alike, SQLAlchemy has a class for each."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def send(connection: Connection, insert: Any, rows: Sequence[Row]) -> None:
    """Send all rows. To PostgreSQL in one statement: pg8000 would otherwise go there and back three times per row.

    Asking for an answer per row is what makes SQLAlchemy do that; SQLite needs no round trips and is faster without.
    """
    if rows:
        if connection.dialect.name == "postgresql":
            insert = insert.returning(literal(1))
        connection.execute(insert, rows)


def upsert(connection: Connection, table: Table, key: list[str], columns: Iterable[str]) -> Any:
    insert = insert_into(connection, table)
    changes = {name: insert.excluded[name] for name in columns if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=changes)


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
