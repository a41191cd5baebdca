"""Migrations lead from nothing to exactly the tables that the program works with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, column, insert, inspect, table, text

from cleaning.kinship import relate
from models.database import open_engine, reading, writing
from models.decide import Cleaned
from models.errors import DatabaseTooNew
from models.migrate import FOLDER, migrate, revision, upgrade
from models.migrations import HEAD
from models.records import Record, Repair
from models.rows import prints_of, repair_rows, row_of
from models.store import Store
from models.tables import ARTICLE, REPAIR, SOURCE, STORY, Table
from tests.models.corpus import NOW, begin, contents, copies_of, passage, record
from tests.models.indexed import index_due, index_of


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


def test_a_database_of_the_first_revision_keeps_its_articles_and_finds_its_stories(
    engine: Engine, new_database: Callable[[], str]
) -> None:
    texts = {**copies_of("甲"), "reprint": copies_of("甲")["whole"], "乙": passage("乙")}
    records = [
        record(name, text=words, published_at=NOW + timedelta(hours=at), repairs=(Repair("pinyin", "zhī", "支"),))
        for at, (name, words) in enumerate(texts.items())
    ]
    with writing(engine) as connection:
        upgrade(connection, "0001")
        write_as_at_first(connection, records)
    migrate(engine)
    with Store(engine, relate) as old, Store.open(new_database(), migrate=True, relate=relate) as new:
        assert old.totals().articles == 7
        assert old.totals().stories == 6, "exact copies were one story from the beginning"
        assert old.rebuild_stories() == 7
        assert old.rebuild_search() == 7
        new.apply(begin(new), [Cleaned(one) for one in records], NOW)
        tables = ("article", "repair", "story", "sentence_mark", "wording_bond")
        assert contents(old, *tables) == contents(new, *tables)
        assert index_of(old) == index_due(old)


def write_as_at_first(connection: Connection, records: list[Record]) -> None:
    """Rows as the first revision knew them: a story went by the hash of its text."""
    connection.execute(insert(SOURCE), [{"slug": "demo", "name": "", "kind": "", "enabled": True}])
    columns = {name["name"] for name in inspect(connection).get_columns("article")}
    of_then = table("article", *(column(c.name, c.type) for c in ARTICLE.columns if c.name in columns))
    stories: dict[str, str] = {}
    for one in records:
        prints = prints_of(one)
        stories.setdefault(str(prints.text), one.key)
        hashes = {"record_hash": prints.record, "content_hash": prints.content, "text_hash": prints.text}
        row = row_of(one) | hashes | {"story": prints.text, "version": 1, "flaps": 0}
        row |= {"first_seen_at": NOW, "updated_at": NOW}
        if stories[str(prints.text)] == one.key:
            first = {"id": prints.text, "representative": one.key, "articles": 1, "published_at": one.published_at}
            connection.execute(insert(STORY), [first])
        connection.execute(insert(of_then), [{name: value for name, value in row.items() if name in columns}])
        connection.execute(insert(REPAIR), repair_rows(one))


@pytest.mark.parametrize("number", [4])
def test_processes_that_start_at_once_migrate_once(new_database: Callable[[], str], number: int) -> None:
    url = new_database()
    program = "import sys; from models.store import Store\nwith Store.open(sys.argv[1], migrate=True) as s: s.totals()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True) for _ in range(number)
    ]
    complaints = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * number, complaints
