"""Migrations lead from nothing to exactly the tables that the program works with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from models.database import open_engine, reading, writing
from models.errors import DatabaseTooNew
from models.migrate import FOLDER, migrate, revision
from models.migrations import HEAD
from models.store import Store
from models.tables import Table


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def test_migrations_equal_the_tables(engine: Engine) -> None:
    migrate(engine)
    with reading(engine) as connection:
        opts = {"compare_type": True, "render_as_batch": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Table.metadata) == []
        tables = {name for name in inspect(connection).get_table_names() if is_ours(name)}
        assert tables == {*Table.metadata.tables, "alembic_version"}


def is_ours(name: str | None, *_: object) -> bool:
    """The words of the search index are a virtual table on one database and a plain one on the other."""
    return not (name or "").startswith("search_words")


def test_the_revision_we_name_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_empty_database_has_no_revision_and_migrating_twice_is_no_work(engine: Engine) -> None:
    with reading(engine) as connection:
        assert revision(connection) is None
    assert migrate(engine) == HEAD
    assert migrate(engine) == HEAD
    with reading(engine) as connection:
        assert revision(connection) == HEAD


def test_a_database_of_a_later_version_is_left_alone(engine: Engine) -> None:
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999"):
        migrate(engine)
    with reading(engine) as connection:
        assert revision(connection) == "9999"


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(connection: object) -> None:
        text_of_table = text("CREATE TABLE half_done (id INTEGER)")
        connection.execute(text_of_table)  # type: ignore[attr-defined]
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("models.migrate.upgrade", fall)
        with pytest.raises(RuntimeError):
            migrate(engine)
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == []
    assert migrate(engine) == HEAD


def test_an_up_to_date_database_starts_without_alembic(database_url: str) -> None:
    with Store.open(database_url, migrate=True):
        pass
    program = (
        "import sys; from models.store import Store\n"
        "with Store.open(sys.argv[1], migrate=True): pass\n"
        "assert not any(name.split('.')[0] in ('alembic', 'prefect') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, database_url], check=True, cwd=Path.cwd())


@pytest.mark.parametrize("number", [4])
def test_processes_that_start_at_once_migrate_once(new_database: Callable[[], str], number: int) -> None:
    url = new_database()
    program = "import sys; from models.store import Store\nwith Store.open(sys.argv[1], migrate=True) as s: s.totals()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True) for _ in range(number)
    ]
    complaints = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * number, complaints
