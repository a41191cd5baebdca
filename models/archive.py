"""Backups: all tables of one moment in one file that either database can be restored from.

    backup.zip
      manifest.json            format, moment, schema revision, and per table its columns, rows and digest
      tables/<name>.jsonl.zst  one row per line, a JSON array in the order of the columns

The file is an ordinary zip of ordinary zstd: with neither this program nor a database at hand every row can be read.
A snapshot transaction makes it consistent while a run goes on writing. The digest of a table is the sum of the
SHA-256 of its lines: it does not depend on the order of the rows, which two databases sort differently.
"""

from __future__ import annotations

import enum
import hashlib
import json
import os
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from backports import zstd
from sqlalchemy import JSON, Boolean, Column, Connection, Engine, Float, Integer, LargeBinary, String, select
from sqlalchemy import Table as CoreTable

from models.database import reading
from models.errors import BackupUnusable, DatabaseNotReady
from models.migrate import revision
from models.migrations import HEAD
from models.tables import Table, UtcDateTime

__all__ = [
    "DERIVED",
    "Archive",
    "Columns",
    "Counted",
    "Kind",
    "TableEntry",
    "Tally",
    "columns_of",
    "rows_of",
    "write_archive",
]

FORMAT, VERSION = "dangjian-backup", 1
_MANIFEST = "manifest.json"
# The search index is made anew from the articles: each database has its own kind.
DERIVED = frozenset({"search_entry"})
# Rows held in memory at a time: raw pages are 10 to 30 KB each.
_ROWS_AT_ONCE = 200
# Lists of tables are a few KB; a manifest beyond this is not ours.
_LARGEST_MANIFEST = 1 << 20
_DIGEST_SPACE = 1 << 256


class Kind(enum.StrEnum):
    """What a column holds, said so that no database and no version of this program is needed to read it."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    MOMENT = "moment"  # ISO 8601, UTC
    JSON = "json"
    BYTES = "bytes"  # base64


Columns = tuple[tuple[str, Kind], ...]
"""Names and kinds, in the order of a line."""

# Looked through in this order: our own moments are the only times there are.
_KINDS: tuple[tuple[type[Any] | tuple[type[Any], ...], Kind], ...] = (
    (UtcDateTime, Kind.MOMENT),
    (Boolean, Kind.BOOLEAN),
    (Float, Kind.REAL),
    (Integer, Kind.INTEGER),
    (LargeBinary, Kind.BYTES),
    (JSON, Kind.JSON),
)

_TO_JSON: dict[Kind, Callable[[Any], Any]] = {
    Kind.MOMENT: lambda moment: moment.astimezone(UTC).isoformat(),
    Kind.BYTES: lambda body: b64encode(body).decode("ascii"),
}
_FROM_JSON: dict[Kind, Callable[[Any], Any]] = {Kind.MOMENT: datetime.fromisoformat, Kind.BYTES: b64decode}


def kind_of(column: Column[Any]) -> Kind:
    """The kind of a column of ours."""
    if found := next((kind for types, kind in _KINDS if isinstance(column.type, types)), None):
        return found
    # Our texts are a decorated type, so the kind of what they are made of counts.
    plain = getattr(column.type, "impl_instance", column.type)
    if isinstance(plain, String):
        return Kind.TEXT
    raise TypeError(f"{column}: no way to back up {column.type!r}")


def columns_of(table: CoreTable) -> Columns:
    return tuple((column.name, kind_of(column)) for column in table.columns)


@dataclass(slots=True)
class Tally:
    """Rows counted and summed up while they pass."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.total += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def counted(self) -> Counted:
        return Counted(self.rows, f"{self.total % _DIGEST_SPACE:064x}")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a table holds: how many rows, and their digest (64 hex digits)."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of a backup. Tables stand in the order in which their foreign keys can be filled."""

    name: str
    columns: Columns
    counted: Counted


def encode(values: Any, kinds: tuple[Kind, ...]) -> bytes:
    """One row as a line: the same bytes from either database."""
    packed = [
        value if value is None or (turn := _TO_JSON.get(kind)) is None else turn(value)
        for value, kind in zip(values, kinds, strict=True)
    ]
    return json.dumps(packed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(line: bytes, columns: Columns) -> dict[str, Any]:
    return {
        name: value if value is None or (turn := _FROM_JSON.get(kind)) is None else turn(value)
        for (name, kind), value in zip(columns, json.loads(line), strict=True)
    }


def rows_of(connection: Connection, table: CoreTable, columns: Columns) -> Iterator[bytes]:
    """Every row of a table as a line, a few hundred in memory at a time."""
    kinds = tuple(kind for _, kind in columns)
    query = select(*(table.c[name] for name, _ in columns))
    with connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}) as found:
        for row in found:
            yield encode(row, kinds)


# Writing


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One moment of the database for as long as it takes, while others go on writing.

    SQLite's WAL gives every transaction such a snapshot, PostgreSQL only from REPEATABLE READ on.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading(engine) as connection:
        yield connection


def write_archive(engine: Engine, file: Path, now: datetime) -> Archive:
    """Back the database up into ``file``, read it again to be sure, and answer it.

    The file appears under its name only when it is complete. Raises DatabaseNotReady where the tables are not those
    of this program, DatabaseBusy where they are out of reach, OSError where the file can not be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".part")
    try:
        with snapshot(engine) as connection, draft.open("wb") as out:
            _write(connection, out, now)
            out.flush()
            os.fsync(out.fileno())
        Archive.open(draft).verify()
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return Archive.open(file)


def _write(connection: Connection, out: IO[bytes], now: datetime) -> None:
    found = revision(connection)
    if found != HEAD:
        raise DatabaseNotReady(f"revision {found}", expected=HEAD, advice="dangjian migrate")
    with zipfile.ZipFile(out, "w") as archive:
        kept = [table for table in Table.metadata.sorted_tables if table.name not in DERIVED]
        tables = [_write_table(connection, table, archive) for table in kept]
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": now.astimezone(UTC).isoformat(),
            "revision": found,
            "database": connection.dialect.name,
            "tables": [
                {"name": t.name, "columns": t.columns, "rows": t.counted.rows, "digest": t.counted.digest}
                for t in tables
            ],
        }
        archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


def _write_table(connection: Connection, table: CoreTable, archive: zipfile.ZipFile) -> TableEntry:
    tally, columns = Tally(), columns_of(table)
    with archive.open(_member(table.name), "w", force_zip64=True) as member, zstd.open(member, "wb") as packed:
        for line in rows_of(connection, table, columns):
            tally.add(line)
            packed.write(line + b"\n")
        packed.flush()  # an empty table as well leaves a frame, so that nothing can be told from something cut off
    return TableEntry(table.name, columns, tally.counted)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl.zst"


# Reading


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is there to be read."""

    file: Path
    made_at: datetime
    revision: str
    database: str  # what it was taken from: sqlite, postgresql
    tables: tuple[TableEntry, ...]

    @property
    def rows(self) -> int:
        return sum(table.counted.rows for table in self.tables)

    @classmethod
    def open(cls, file: Path) -> Archive:
        """Read what the backup says of itself. Raises BackupUnusable."""
        with _explained(file), zipfile.ZipFile(file) as archive:
            if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
                raise BackupUnusable(str(file), expected="a manifest of a few KB")
            said = json.loads(archive.read(_MANIFEST))
            if said["format"] != FORMAT or said["version"] > VERSION:
                raise BackupUnusable(
                    f"{file}: {said['format']} {said['version']}",
                    expected=f"{FORMAT} {VERSION}",
                    advice="用写它的版本或更新的版本恢复 / restore it with the version that wrote it, or a later one",
                )
            return cls(
                file,
                datetime.fromisoformat(said["made_at"]),
                said["revision"],
                said["database"],
                tuple(_entry(table) for table in said["tables"]),
            )

    def rows_in(self, table: TableEntry) -> Iterator[dict[str, Any]]:
        """The rows of a table. Raises BackupUnusable where the file is damaged; what came before is not to be used."""
        tally = Tally()
        with (
            _explained(self.file),
            zipfile.ZipFile(self.file) as archive,
            archive.open(_member(table.name)) as member,
            zstd.open(member, "rb") as lines,
        ):
            for line in lines:
                bare = line.rstrip(b"\n")
                tally.add(bare)
                yield decode(bare, table.columns)
        if tally.counted != table.counted:
            raise _damaged(self.file, f"{table.name}: {tally.rows} 行 / rows, {table.counted.rows} expected")

    def verify(self) -> None:
        """Read everything once. Raises BackupUnusable unless every row is there as it was written."""
        for table in self.tables:
            for _ in self.rows_in(table):
                pass


def _entry(said: dict[str, Any]) -> TableEntry:
    columns = tuple((name, Kind(kind)) for name, kind in said["columns"])
    return TableEntry(said["name"], columns, Counted(said["rows"], said["digest"]))


# What reading a cut, altered or foreign file may raise, from the zip down to the value.
_DAMAGE = (zipfile.BadZipFile, zstd.ZstdError, EOFError, KeyError, ValueError, TypeError, NotImplementedError)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Turn what a damaged or foreign file raises into one error that says so."""
    try:
        yield
    except BackupUnusable:
        raise
    except FileNotFoundError as error:
        raise BackupUnusable(f"没有这个文件 / no such file: {file}") from error
    except (
        zipfile.BadZipFile,
        zstd.ZstdError,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        NotImplementedError,
    ) as error:
        raise _damaged(file, f"{type(error).__name__}: {error}") from error


def _damaged(file: Path, detail: str) -> BackupUnusable:
    return BackupUnusable(
        f"{file}: 文件已损坏或不完整 / damaged or incomplete ({detail})",
        advice="换另一份备份；数据库没有改动 / take another backup; the database was not touched",
    )
