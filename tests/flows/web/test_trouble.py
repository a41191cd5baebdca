"""When the database is missing, old, gone, slow or being written: the room says so, goes on, and never writes."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from flows.web import today
from flows.web.app import create_app
from models import database
from models.accounts import RunKind, RunState, SourceReport
from models.browse import Browse
from models.database import reading
from models.decide import Cleaned
from models.store import Store
from tests.flows.conftest import Place, free_port
from tests.flows.web.conftest import Client, open_room
from tests.flows.web.corpus import NOW
from tests.models.corpus import record

PAGES = ["/", "/search?q=议事", "/sources", "/runs", "/story/0123456789abcdef", "/feed.atom"]


def client_of(url: str) -> Client:
    return Client(create_app(open_room(url)))


@pytest.fixture
def copy(sqlite_url: str, tmp_path: Path) -> Path:
    """The corpus in a file of the test's own."""
    source, target = sqlite3.connect(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db"
    with sqlite3.connect(target) as connection:
        source.backup(connection)
    source.close()
    connection.close()
    return target


@pytest.mark.parametrize("path", PAGES)
def test_without_a_database_every_page_says_how_to_make_one_and_makes_none(tmp_path: Path, path: str) -> None:
    answer = client_of(f"sqlite:///{tmp_path}/none/corpus.db").get(path)
    assert answer.status_code == 503
    assert "dangjian migrate" in answer.text
    assert answer.headers["retry-after"]
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_left_alone(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    client = client_of(f"sqlite:///{tmp_path}/empty.db")
    assert "数据库需要升级" in client.get("/").text
    assert client.get("/health").json() | {"version": ""} == {
        "status": "unavailable",
        "database": "old",
        "version": "",
    }
    with sqlite3.connect(tmp_path / "empty.db") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


def test_an_old_database_is_said_to_be_old_and_a_newer_one_newer(copy: Path) -> None:
    client = client_of(f"sqlite:///{copy}")
    for revision, said in (("0001", "数据库需要升级"), ("9999", "数据库比本程序新")):
        with sqlite3.connect(copy) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            connection.execute("ALTER TABLE search_entry RENAME TO gone" if revision == "0001" else "SELECT 1")
        connection.close()
        answer = client.get("/")
        assert answer.status_code == 503
        assert said in answer.text
        assert client.get("/health").status_code == 503


def test_a_server_that_does_not_answer_is_said_to_be_away() -> None:
    client = client_of("postgresql://nobody@127.0.0.1:9/none")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "数据库暂时无法读取" in answer.text
    assert client.get("/health").json()["database"] == "unreachable"


def test_a_broken_file_is_a_page_and_no_crash(copy: Path) -> None:
    copy.write_bytes(b"this is no database" * 1000)
    for path in PAGES:
        assert client_of(f"sqlite:///{copy}").get(path).status_code == 503


def test_a_fault_of_ours_is_a_page_that_tells_nothing_of_the_inside(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("inner secret")

    monkeypatch.setattr(today, "sum_month", fail)
    answer = client_of(sqlite_url).get("/")
    assert answer.status_code == 500
    assert "程序出错了" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]
    assert "inner secret" in caplog.text


def test_a_question_that_takes_too_long_is_stopped(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "READER_PATIENCE", 0.2)
    room = open_room(sqlite_url)
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    monkeypatch.setattr(Browse, "sources", lambda self: self._rows(endless))
    answer = Client(create_app(room)).get("/sources")
    assert answer.status_code == 503
    assert "用时过长" in answer.text
    monkeypatch.undo()
    assert Client(create_app(room)).get("/sources").status_code == 200
    room.browse.close()


def test_the_room_can_not_write(room: object, client: Client) -> None:
    browse: Browse = room.browse  # type: ignore[attr-defined]
    for statement in ("DELETE FROM article", "CREATE TABLE x (y int)", "UPDATE run SET state = 'x'"):
        with (
            pytest.raises((SQLAlchemyError, Exception), match=r"(?i)read-?only"),
            reading(browse._engine) as connection,
        ):
            connection.execute(text(statement))
    assert client.get("/").status_code == 200


def test_nothing_is_left_behind_by_reading(copy: Path) -> None:
    before = copy.read_bytes()
    client = client_of(f"sqlite:///{copy}")
    for path in PAGES:
        client.get(path)
    assert copy.read_bytes() == before


def test_pages_are_served_while_a_night_is_written(copy: Path) -> None:
    """A reader sees whole batches only, is never turned away, and sees what is new at once."""
    url = f"sqlite:///{copy}"
    client = client_of(url)
    statuses: list[int] = []
    stop = threading.Event()

    def read_on() -> None:
        while not stop.is_set():
            statuses.append(client.get("/").status_code)
            statuses.append(client.get("/search?q=社区").status_code)

    readers = [threading.Thread(target=read_on, daemon=True) for _ in range(2)]
    with Store.open(url) as store:
        run = store.begin_run(RunKind.NIGHTLY, now=NOW)
        for reader in readers:
            reader.start()
        try:
            for batch in range(10):
                store.apply(run, [Cleaned(record(f"夜{batch}-{n}")) for n in range(20)], NOW)
            store.record_source(run, SourceReport("demo", 200))
            store.finish_run(run, now=NOW + timedelta(minutes=1), state=RunState.COMPLETED)
        finally:
            stop.set()
            for reader in readers:
                reader.join()
    assert len(statuses) > 10
    assert set(statuses) == {200}
    assert "200 篇" in client.get("/").text


def test_a_database_that_comes_back_is_read_again(copy: Path, tmp_path: Path) -> None:
    client = client_of(f"sqlite:///{copy}")
    away = tmp_path / "away.db"
    shutil.move(copy, away)
    assert client.get("/").status_code == 503
    shutil.move(away, copy)
    assert client.get("/").status_code == 200


def wait_until_it_listens(home: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        try:
            httpx.get(f"{home}/style.css", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("it does not listen")


def test_the_command_serves_before_there_is_a_database_until_ctrl_c(place: Place) -> None:
    port = free_port()
    process = place.start("web", "--port", str(port))
    home = f"http://127.0.0.1:{port}"
    wait_until_it_listens(home, process)
    assert httpx.get(f"{home}/health").json()["database"] == "missing"
    place.store().close()
    assert httpx.get(home).status_code == 200
    assert "还没有运行过采集" in httpx.get(home).text
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert "dangjian migrate" in said
