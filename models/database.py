"""Engines: how SQLite and PostgreSQL are opened so that both keep the same promises.

SQLite: WAL, foreign keys on, writers begin with BEGIN IMMEDIATE (a deferred transaction that reads and then writes
fails at once when another one wrote in between; no busy timeout helps). Every commit is synced to disk: a batch
costs one sync, and raw pages are worth it. PostgreSQL through pg8000; writers take turns by an advisory lock, which
is what BEGIN IMMEDIATE is to SQLite, so that decisions are made on what is true and never deadlock.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Connection, Engine, Transaction, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError, SQLAlchemyError

from models.errors import DatabaseBusy, DatabaseUrlWrong
from models.tables import storable

__all__ = ["be_patient", "compact", "open_engine", "open_reader", "reading", "sqlite_path", "writing"]

# A batch is written in well under a second; who waits longer than this is waiting for something stuck (ms).
BUSY_TIMEOUT = 30_000

# Pages of the log (4 kB each) that are copied into the database together. Keys are hashes, so that each batch touches
# pages all over the file: copied four times as rarely, most of them are copied once for several batches.
WAL_PAGES = 4_000

# Names our lock among all advisory locks of the server: "dangjian" in bytes, cut to 63 bits.
WRITER_LOCK = int.from_bytes(b"dangjian") & (2**63 - 1)

# What a writing connection keeps of the file in memory (kB): a batch touches pages all over the indexes, and with
# SQLite's 2 MB reads most of them again from the file, and puts some into the log twice.
WRITER_CACHE = 16_000

_WRITES = "dangjian_writes"
_PATIENCE = "dangjian_patience"
_TURN = "dangjian_turn"

# Between two attempts to begin: short enough to be there soon after the database is (seconds).
_TRY_AGAIN = 1.0

# What PostgreSQL says when it stops, starts, cuts a connection or is out of room: no row is to blame (SQLSTATE).
_OUTAGES = ("08", "53", "57P", "58")

# A page that a person waits for is of no use after this long, and holds a connection meanwhile (seconds).
READER_PATIENCE = 10
# How often SQLite looks at the clock: about every millisecond of work (virtual machine instructions).
_LOOK_EVERY = 50_000


def open_engine(address: str) -> Engine:
    """An engine for ``address``. Raises DatabaseUrlWrong; connects to nothing yet."""
    url = _understand(address)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    served = url.get_backend_name() == "postgresql"
    # The connection used last is used next: what others keep in memory is old once this one has written.
    engine = create_engine(url, json_serializer=dump_json, pool_pre_ping=served, pool_use_lifo=True)
    if not served:
        engine.update_execution_options(**{_TURN: threading.Lock()})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_reader(address: str) -> Engine:
    """An engine for ``address`` that can not write, whatever it is asked to. It makes no file, connects to nothing yet.

    A statement that takes longer than READER_PATIENCE seconds is stopped. Raises DatabaseUrlWrong.
    """
    url = _understand(address)
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url, pool_pre_ping=True, connect_args={"timeout": 2 * READER_PATIENCE})
        event.listen(engine, "connect", _set_up_postgres_reader)
        return engine
    file = f"file:{quote(url.database or '')}"
    engine = create_engine(url.set(database=file, query={"mode": "ro", "uri": "true"}))
    event.listen(engine, "connect", _set_up_sqlite_reader)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_path(engine: Engine) -> Path:
    """The file of an engine of SQLite, also of a reader."""
    return Path(unquote((engine.url.database or "").removeprefix("file:")))


def _set_up_postgres_reader(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    cursor.execute(f"SET SESSION statement_timeout = '{READER_PATIENCE}s'")
    cursor.close()
    connection.commit()


def _set_up_sqlite_reader(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # Readers wait for nobody in WAL mode; only while the file is being recovered after a crash.
    cursor.execute(f"PRAGMA busy_timeout = {READER_PATIENCE * 1000}")
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()
    record.info[_DEADLINE] = float("inf")
    connection.set_progress_handler(lambda: time.monotonic() > record.info[_DEADLINE], _LOOK_EVERY)


_DEADLINE = "dangjian_deadline"


def _understand(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise DatabaseUrlWrong(
            f"{address!r}", expected="sqlite:///… / postgresql://…", advice="DANGJIAN_DATABASE_URL"
        ) from error
    if url.get_backend_name() == "sqlite":
        return _sqlite_file(url)
    if url.get_backend_name() in ("postgresql", "postgres"):
        return _with_socket(url.set(drivername="postgresql+pg8000"))
    raise DatabaseUrlWrong(
        url.render_as_string(hide_password=True), expected="SQLite, PostgreSQL", advice="DANGJIAN_DATABASE_URL"
    )


def _sqlite_file(url: URL) -> URL:
    if not url.database or url.database == ":memory:":
        raise DatabaseUrlWrong("SQLite without a file", expected="sqlite:///data/dangjian.db")
    return url.set(drivername="sqlite+pysqlite")


def _with_socket(url: URL) -> URL:
    """Understand libpq's ``?host=/folder`` for a Unix socket, which pg8000 spells otherwise."""
    folder = url.query.get("host")
    if not isinstance(folder, str) or not folder.startswith("/"):
        return url
    port = url.query.get("port", "5432")
    socket = f"{folder}/.s.PGSQL.{port}"
    return url.difference_update_query(["host", "port"]).update_query_dict({"unix_sock": socket})


def dump_json(value: Any) -> str:
    """JSON that both databases take: readable Chinese, no NUL, no lone surrogate."""
    if not value and value in ([], {}):
        return "[]" if value == [] else "{}"  # most lists of an article are empty
    dumped = _encode(value)
    return dumped if "\\u0000" not in dumped and storable(dumped) is dumped else _encode(_storable_json(value))


# Made once: json.dumps makes an encoder for each of the sixteen JSON columns of an article.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(part) for part in value]
    return value


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    _use_wal(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    cursor.execute(f"PRAGMA cache_size = -{WRITER_CACHE}")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Switch to WAL. Two processes that open a new file at once: the busy timeout does not cover the switch."""
    for wait in (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 0.0):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or not wait:
                raise
            time.sleep(wait)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    if _DEADLINE in connection.info:
        connection.info[_DEADLINE] = time.monotonic() + READER_PATIENCE
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads. Raises DatabaseBusy if the database is out of reach."""
    with _translated(), _begin(engine, writes=False)[0] as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The one writing transaction at a time: commits at the end, rolls back on any error.

    Raises DatabaseBusy if the database is locked, full or out of reach.
    """
    with _translated(), _turn(engine):
        connection, transaction = _begin(engine, writes=True)
        with connection, transaction:
            yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the threads of this process write one after the other, by one connection: it has in memory what it wrote.

    SQLite would let them wait as well, each with a connection of its own. Who waits too long is left to it.
    """
    turn: threading.Lock | None = engine.get_execution_options().get(_TURN)
    taken = turn is not None and turn.acquire(timeout=BUSY_TIMEOUT / 1_000)
    try:
        yield
    finally:
        if turn is not None and taken:
            turn.release()


def be_patient(engine: Engine, seconds: float) -> None:
    """Let every transaction of this engine wait so long for a database that is locked or gone before it begins.

    Nothing has been read or written by then, so waiting is always safe; what breaks later is for the caller.
    """
    engine.update_execution_options(**{_PATIENCE: seconds})


def compact(engine: Engine) -> None:
    """Give free pages back to the disk and renew the statistics that queries are planned by. Raises DatabaseBusy."""
    with _translated(), engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if engine.dialect.name == "postgresql":
            raw.rollback()  # the check whether the connection is alive has begun a transaction
            raw.autocommit = True
            try:
                raw.cursor().execute("VACUUM (ANALYZE)")
            finally:
                raw.autocommit = False
            return
        for statement in ("VACUUM", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.execute(statement)


def _begin(engine: Engine, *, writes: bool) -> tuple[Connection, Transaction]:
    deadline = time.monotonic() + float(engine.get_execution_options().get(_PATIENCE, 0.0))
    while True:
        try:
            return _begin_once(engine, writes=writes)
        except SQLAlchemyError as error:
            if not is_outage(error) or time.monotonic() >= deadline:
                raise
        time.sleep(_TRY_AGAIN)


def _begin_once(engine: Engine, *, writes: bool) -> tuple[Connection, Transaction]:
    connection = engine.connect()
    try:
        connection = connection.execution_options(**{_WRITES: writes})
        transaction = connection.begin()
        if writes and engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})
    except BaseException:
        connection.close()
        raise
    return connection, transaction


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        if is_outage(error):
            raise DatabaseBusy(str(error.__cause__ or error), advice="disk, locks, server") from error
        raise


def is_outage(error: BaseException) -> bool:
    """Whether the database itself is in trouble, rather than the row at hand."""
    if isinstance(error, OperationalError | InterfaceError):
        # SQLite's code 1 is a statement that is wrong (no such table): our mistake, not its trouble.
        return getattr(error.orig, "sqlite_errorcode", None) != 1
    return bool(getattr(error, "connection_invalidated", False)) or _sqlstate(error).startswith(_OUTAGES)


def _sqlstate(error: BaseException) -> str:
    """The five characters by which PostgreSQL names an error, as pg8000 hands them on; empty for any other."""
    said = getattr(getattr(error, "orig", None), "args", ())
    return str(said[0].get("C", "")) if said and isinstance(said[0], dict) else ""
