"""How the databases are opened, and what is said when they can not be."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from models.database import dump_json, is_outage, open_engine, reading, writing
from models.errors import DangjianError, DatabaseBusy, DatabaseUrlWrong, PageGone, TryAgainLater
from models.store import Store
from models.tables import storable
from tests.models.corpus import NOW, candidate


def test_sqlite_is_opened_with_wal_full_sync_and_foreign_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new/folder/a.db")
    with reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_writer_holds_the_lock_from_its_first_moment(tmp_path: Path) -> None:
    """A deferred transaction would let both read and then refuse one of them, however long it waits."""
    address = f"sqlite:///{tmp_path}/a.db"
    engine = open_engine(address)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count() -> None:
        own = open_engine(address)  # as another process would
        for _ in range(25):
            with writing(own) as connection:
                n = connection.execute(text("SELECT n FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
        own.dispose()

    run_at_once(count)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 100
    engine.dispose()


def run_at_once(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_that_write_take_turns_with_one_connection(tmp_path: Path) -> None:
    """What a connection has in memory of the file is worth nothing once another one has written."""
    engine = open_engine(f"sqlite:///{tmp_path}/a.db")
    connections: set[object] = set()

    def write() -> None:
        for _ in range(10):
            with writing(engine) as connection:
                connections.add(connection.connection.driver_connection)

    run_at_once(write)
    assert len(connections) == 1
    engine.dispose()


def test_a_writer_that_breaks_off_gives_its_turn_away(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/a.db")
    for _ in range(2):
        with pytest.raises(DatabaseUrlWrong), writing(engine):
            raise DatabaseUrlWrong("any error")
    engine.dispose()


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_an_address_we_do_not_know_is_refused_with_advice(address: str) -> None:
    with pytest.raises(DatabaseUrlWrong, match="数据库地址有误"):
        open_engine(address)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(DatabaseUrlWrong) as caught:
        open_engine("mysql://user:geheim@host/db")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://u:p@h/d", "postgresql+pg8000://u:p@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+pg8000://u@h/d"),
        ("postgresql://u@/d?host=/run/pg", "postgresql+pg8000://u@/d?unix_sock=%2Frun%2Fpg%2F.s.PGSQL.5432"),
    ],
)
def test_postgresql_is_always_spoken_through_pg8000(address: str, expected: str) -> None:
    engine = open_engine(address)
    assert engine.url.render_as_string(hide_password=False) == expected
    engine.dispose()


def test_a_server_out_of_reach_is_tried_again_later(tmp_path: Path) -> None:
    with (
        Store.open(f"postgresql://u@/d?host={tmp_path}") as store,
        pytest.raises(DatabaseBusy, match="数据库繁忙"),
    ):
        store.totals()


def test_a_writer_that_waits_too_long_says_that_the_database_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.BUSY_TIMEOUT", 50)
    with Store.open(f"sqlite:///{tmp_path}/a.db", migrate=True) as store, writing(store._engine):
        with pytest.raises(DatabaseBusy, match="locked"):
            store.enqueue(None, [candidate("甲")], NOW)
        assert store.unfinished(NOW) == []  # readers never wait


def test_a_missing_table_is_our_mistake_not_an_outage(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/a.db") as store, pytest.raises(Exception, match="no such table") as caught:
        store.totals()
    assert not is_outage(caught.value)


def test_a_full_disk_loses_the_batch_and_nothing_else(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/a.db", migrate=True) as store:
        store.enqueue(None, [candidate("甲")], NOW)
        with writing(store._engine) as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        # Every connection of the pool is the same one here; the limit is the connection's.
        with reading(store._engine) as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DatabaseBusy, match="full"):
            store.enqueue(None, [candidate(f"n{i}") for i in range(5_000)], NOW)
        assert store.unfinished(NOW) == [candidate("甲")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("党建", "党建"),
        ("党\x00建", "党建"),
        ("党\ud800建", "党\ufffd建"),
        ("😀", "😀"),
    ],
)
def test_text_is_made_storable(given: str, kept: str) -> None:
    assert storable(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"a\x00": ["党\ud800", 1, None]}, '{"a": ["党\ufffd", 1, null]}'),
        (["\\u0000"], '["\\\\u0000"]'),
        ({"b": 1, "a": "建"}, '{"a": "建", "b": 1}'),
    ],
)
def test_json_is_made_storable(given: object, kept: str) -> None:
    assert dump_json(given) == kept


# Errors


def every_error() -> list[type[DangjianError]]:
    """The tree itself; rooms that grow errors of their own on it test them there."""
    found, waiting = [], [DangjianError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ == DangjianError.__module__]


@pytest.mark.parametrize("kind", every_error())
def test_an_error_says_on_one_line_what_where_and_what_to_do_in_both_languages(kind: type[DangjianError]) -> None:
    error = kind("没有回应", source="demo", url="https://x/\n伪造的日志", expected="HTTP 200", advice="看一看网站")
    line = str(error)
    assert "\n" not in line
    assert line.startswith(f"{kind.zh} ({kind.en}): 没有回应 | 来源 demo | 网址 'https://x/\\n")
    assert line.endswith(f"应为 HTTP 200 | 办法 看一看网站 | 说明 docs/errors/{kind.page}.md")


@pytest.mark.parametrize("kind", every_error())
def test_an_error_comes_back_whole_from_a_worker_process(kind: type[DangjianError]) -> None:
    error = kind("x", source="demo", url="u", expected="e", advice="a")
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert str(back) == str(error)
    assert back.kind == kind.__name__


def test_the_tree_is_drawn_with_every_error_in_it() -> None:
    import models.errors

    drawing = models.errors.__doc__ or ""
    assert [kind.__name__ for kind in every_error() if kind.__name__ not in drawing] == []
    assert {kind.zh for kind in every_error()[1:] if kind.zh not in drawing} == set()
    assert issubclass(DatabaseBusy, TryAgainLater)
    assert PageGone.weight == 1.0
