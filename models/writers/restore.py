"""Restoring a backup: in one transaction, so that a database is either filled and proven, or as it was before."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    LargeBinary,
    MetaData,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy import Table as CoreTable
from sqlalchemy.dialects.postgresql import JSONB

from models.archive import Archive, Kind, TableEntry, Tally, rows_of
from models.database import writing
from models.errors import BackupUnusable, DatabaseNotEmpty
from models.migrate import upgrade
from models.tables import SafeText, UtcDateTime
from models.writers.runs import refuse_if_taken
from models.writers.statements import add, send

__all__ = ["restore"]

# As many as a run stores at once; raw pages are 10 to 30 KB each.
_ROWS_AT_ONCE = 200

# The columns of a backup are typed by what it says of itself: its tables may be those of an older revision.
_TYPES: dict[Kind, Any] = {
    Kind.TEXT: SafeText(),
    Kind.INTEGER: BigInteger(),
    Kind.REAL: Float(),
    Kind.BOOLEAN: Boolean(),
    Kind.MOMENT: UtcDateTime(),
    Kind.JSON: JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
    Kind.BYTES: LargeBinary(),
}


def restore(engine: Engine, archive: Archive, *, replace: bool) -> None:
    """Fill an empty database, or with ``replace`` any other, and bring it to the revision of this program.

    Every row is read back and compared before anything is committed. Raises DatabaseNotEmpty, BackupUnusable,
    DatabaseTooNew for a backup of a later version, RunInProgress, DatabaseBusy.
    """
    with writing(engine) as connection:
        names = set(inspect(connection).get_table_names())
        if not replace:
            _refuse_if_filled(connection, names)
        if "run" in names:
            refuse_if_taken(connection)
        _drop_everything(connection)
        upgrade(connection, archive.revision)
        for entry in archive.tables:
            _fill(connection, archive, entry)
        upgrade(connection)


def _refuse_if_filled(connection: Connection, names: set[str]) -> None:
    virtual = tuple(_virtual_tables(connection))
    for name in sorted(names - {"alembic_version"}):
        # What stands behind a virtual table has rows from the beginning.
        if name.startswith(virtual):
            continue
        if connection.execute(select(literal(1)).select_from(CoreTable(name, MetaData())).limit(1)).first():
            raise DatabaseNotEmpty(
                f"{connection.engine.url.render_as_string(hide_password=True)}: {name}",
                expected="空数据库 / an empty database",
                advice="恢复到新的数据库，或加 --replace 覆盖 / restore into a new one, or add --replace",
            )


def _virtual_tables(connection: Connection) -> list[str]:
    """SQLite's tables that are programs of their own, such as full-text indexes."""
    if connection.dialect.name != "sqlite":
        return []
    query = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    return [str(name) for name in connection.execute(text(query)).scalars()]


def _drop_everything(connection: Connection) -> None:
    # Virtual tables own the tables behind them, so they go first.
    for name in _virtual_tables(connection):
        connection.execute(text(f'DROP TABLE "{name}"'))
    further = " CASCADE" if connection.dialect.name == "postgresql" else ""
    in_order = [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names() if name]
    for name in reversed(in_order):
        connection.execute(text(f'DROP TABLE IF EXISTS "{name}"{further}'))


def _fill(connection: Connection, archive: Archive, entry: TableEntry) -> None:
    """Insert all rows of a table, then read them back."""
    table = CoreTable(entry.name, MetaData(), *(Column(name, _TYPES[kind]) for name, kind in entry.columns))
    rows = archive.rows_in(entry)
    while part := list(itertools.islice(rows, _ROWS_AT_ONCE)):
        send(connection, add(table), part)
    tally = Tally()
    for line in rows_of(connection, table, entry.columns):
        tally.add(line)
    if tally.counted != entry.counted:
        raise BackupUnusable(
            f"{entry.name}: {tally.rows} 行读回，与备份不符 / what was read back differs ({entry.counted.rows} rows)",
            advice="数据库没有改动 / the database was not touched",
        )
