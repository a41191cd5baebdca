"""`dangjian doctor` finds what breaks in practice. Names are looked up in a table of the test, never in the DNS."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from connectors.register import load_register
from flows.backup import run_backup
from flows.doctor.corpus import Known, check_database, check_refusals, check_runs, check_sources, read_corpus
from flows.doctor.finding import Finding, Level
from flows.doctor.machine import check_backup, check_clock, check_disk, check_passwords, check_versions
from flows.doctor.network import check_names, check_server, hosts_of
from flows.doctor.own_server import Server, find_own_server
from flows.login import find_login, login_file
from flows.prefect_env import remember_server
from flows.settings import Settings, load_settings
from models.accounts import HealthState, RunInfo, RunKind, RunState
from models.migrations import HEAD
from models.store import Store
from tests.flows.conftest import Place

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
GOOD, WARN, BAD = Level.GOOD, Level.WARN, Level.BAD


def levels(found: Iterator[Finding]) -> list[Level]:
    return [finding.level for finding in found]


def only(found: Iterator[Finding]) -> Finding:
    [finding] = list(found)
    return finding


# Versions


REQUIRES = ["prefect<4,>=3.8.8", "fastapi<0.151,>=0.139", "sqlalchemy<2.1,>=2.0.58", 'pyarrow<26; extra == "parquet"']


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("fastapi", "0.165.0", "does not start"),
        ("sqlalchemy", "2.1.0", "schedules never fire"),
        ("prefect", "4.0.1", "not tested"),
    ],
)
def test_a_version_that_breaks_silently_is_found_with_what_it_breaks(name: str, version: str, said: str) -> None:
    installed = {"prefect": "3.8.8", "fastapi": "0.150.0", "sqlalchemy": "2.0.58"} | {name: version}
    finding = only(check_versions(lambda _: REQUIRES, installed.__getitem__, (3, 11)))
    assert finding.level is BAD
    assert name in finding.found
    assert said in finding.advice
    assert "make setup" in finding.advice


def test_a_missing_package_and_an_old_python_are_found() -> None:
    def version_of(name: str) -> str:
        if name == "fastapi":
            raise metadata.PackageNotFoundError(name)
        return {"prefect": "3.8.8", "sqlalchemy": "2.0.58"}[name]

    python, package = check_versions(lambda _: REQUIRES, version_of, (3, 10))
    assert (python.level, package.level) == (BAD, BAD)
    assert "3.10" in python.found
    assert "fastapi" in package.found


def test_what_is_installed_here_is_within_its_ranges() -> None:
    assert only(check_versions()).level is GOOD


# Machine


@pytest.mark.parametrize(("free_mb", "level"), [(100, BAD), (1000, WARN), (9000, GOOD)])
def test_a_disk_that_fills_up_is_found(tmp_path: Path, free_mb: int, level: Level) -> None:
    finding = only(check_disk(Settings(data_dir=tmp_path), lambda _: (0, 0, free_mb << 20)))
    assert finding.level is level


def test_a_folder_that_can_not_be_written_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write everywhere
    assert only(check_disk(Settings(data_dir=tmp_path / "data"))).level is BAD


def test_a_clock_that_was_set_back_is_found_by_a_run_in_the_future() -> None:
    future = [("运行 / run 1", NOW + timedelta(hours=3))]
    finding = only(check_clock(Settings(), NOW, future))
    assert finding.level is BAD
    assert "future" in finding.found
    assert only(check_clock(Settings(), NOW, [("运行 / run 1", NOW + timedelta(minutes=2))])).level is GOOD


def test_a_clock_without_battery_and_missing_zones_are_found() -> None:
    assert only(check_clock(Settings(), datetime(1970, 1, 1, 5, tzinfo=UTC), [])).level is BAD
    assert "tzdata" in only(check_clock(Settings(), NOW, [], zone="Asia/Nowhere")).advice


def test_passwords_that_others_can_read_are_found(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    environment = tmp_path / ".env"
    assert only(check_passwords(settings, environment)).level is GOOD
    find_login(settings)
    login_file(settings).chmod(0o644)
    environment.write_text("DANGJIAN_WEB_PASSWORD=x\n", "utf8")
    environment.chmod(0o644)
    assert levels(check_passwords(settings, environment)) == [BAD, WARN]
    environment.write_text("DANGJIAN_CONTACT=office@example.org\n", "utf8")
    assert levels(check_passwords(settings, environment)) == [BAD]


def test_the_age_of_the_last_backup_is_told(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANGJIAN_DATA_DIR", str(place.folder / "data"))
    load_settings.cache_clear()
    now = datetime.now(UTC)
    assert only(check_backup(place.settings, now)).level is WARN
    assert run_backup(tmp_path / "kept") == 0
    assert only(check_backup(place.settings, now)).level is GOOD
    assert "天前" in only(check_backup(place.settings, now + timedelta(days=20))).found
    shutil.rmtree(tmp_path / "kept")
    assert "不在了" in only(check_backup(place.settings, now)).found


# Database and runs


def test_no_database_is_a_warning_and_looking_makes_none(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    assert only(check_database(settings)).level is WARN
    assert read_corpus(settings) == Known()
    assert not (tmp_path / "data").exists()


def test_a_sound_database_is_good(place: Place) -> None:
    place.store().close()
    finding = only(check_database(place.settings))
    assert (finding.level, HEAD in finding.found) == (GOOD, True)


@pytest.mark.parametrize(("revision", "advice"), [("0001", "dangjian migrate"), ("9999", "install the version")])
def test_a_database_of_another_version_is_found(place: Place, revision: str, advice: str) -> None:
    place.store().close()
    with closing(sqlite3.connect(place.folder / "data" / "dangjian.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    finding = only(check_database(place.settings))
    assert finding.level is BAD
    assert advice in finding.advice


def test_a_damaged_file_is_found_and_restoring_is_the_advice(place: Place) -> None:
    place.store().close()
    file = place.folder / "data" / "dangjian.db"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(file.read_bytes())
    body[4096 * 3 : 4096 * 6] = b"\x5a" * (4096 * 3)
    file.write_bytes(body)
    findings = list(check_database(place.settings))
    assert findings[0].level is BAD
    assert "restore" in findings[0].advice


def test_a_file_that_is_no_database_and_an_address_that_is_none_are_found(tmp_path: Path) -> None:
    (tmp_path / "dangjian.db").write_bytes(b"holiday pictures" * 1000)
    assert only(check_database(Settings(data_dir=tmp_path))).level is BAD
    assert only(check_database(Settings(data_dir=tmp_path, database_url="mysql://user:secret@host/x"))).level is BAD


def test_a_server_that_is_gone_is_found_without_showing_its_password(tmp_path: Path) -> None:
    gone = Settings(data_dir=tmp_path, database_url="postgresql://office:secret@127.0.0.1:9/corpus")
    finding = only(check_database(gone))
    assert finding.level is BAD
    assert "secret" not in finding.found + finding.advice


def run_of(state: RunState, hours: float, kind: RunKind = RunKind.NIGHTLY) -> RunInfo:
    began = NOW - timedelta(hours=hours)
    return RunInfo("r1", kind, state, began, began, began, None, {}, "新增 3")


@pytest.mark.parametrize(
    ("run", "level"),
    [
        (run_of(RunState.COMPLETED, 5), GOOD),
        (run_of(RunState.PARTIAL, 5), WARN),
        (run_of(RunState.FAILED, 5), BAD),
        (run_of(RunState.CRASHED, 5), BAD),
        (run_of(RunState.COMPLETED, 40), WARN),
        (run_of(RunState.COMPLETED, 90), BAD),
    ],
)
def test_the_last_night_is_judged_by_its_end_and_its_age(run: RunInfo, level: Level) -> None:
    assert only(check_runs(Known((run,)), NOW)).level is level


def test_a_retry_by_hand_does_not_hide_that_the_nights_stopped() -> None:
    runs = (run_of(RunState.COMPLETED, 1, RunKind.RETRY), run_of(RunState.COMPLETED, 100))
    assert only(check_runs(Known(runs), NOW)).level is BAD


def test_what_the_database_knows_is_read(place: Place) -> None:
    with place.store() as store:
        run = store.begin_run(RunKind.NIGHTLY, now=NOW)
        store.finish_run(run, now=NOW, state=RunState.COMPLETED)
    known = read_corpus(place.settings)
    assert [run.state for run in known.runs] == [RunState.COMPLETED]
    assert known.moments == [(f"运行 / run {run}", NOW)]


# Sources


SOURCE = """\
name: 县委组织部
verified: own-page
discover:
  kind: list
  urls: [http://www.county.example/dj/]
hosts:
  allow: [news.county.example, "*.town.example", 192.0.2.7]
"""


def test_mistakes_in_source_files_and_troubled_sources_are_found(place: Place) -> None:
    place.add_source("county", SOURCE)
    register = load_register(place.folder / "sources")
    assert levels(check_sources(register, Known())) == [GOOD]
    known = Known(
        health=(("county", HealthState.BROKEN, "列表为空"), ("gone", HealthState.BROKEN, "文件已删除的来源不再提起"))
    )
    finding = only(check_sources(register, known))
    assert finding.level is WARN
    assert "county：列表为空" in finding.found
    assert "gone" not in finding.found
    place.add_source("wrong", "name: 没有列表\n")
    assert set(levels(check_sources(load_register(place.folder / "sources"), Known()))) == {BAD}


def test_no_source_at_all_is_a_warning(place: Place) -> None:
    assert only(check_sources(load_register(place.folder / "sources"), Known())).level is WARN


def test_refusals_are_told_by_source(place: Place) -> None:
    assert only(check_refusals(Known())).level is GOOD
    finding = only(check_refusals(Known(refusals=Counter({("county", "challenge-page"): 7}))))
    assert finding.level is WARN
    assert "docs/errors/challenge-page.md" in finding.advice


# Names


def resolver_of(answers: dict[str, Sequence[str] | Exception]) -> Callable[[str, int], Any]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        answer = answers[host]
        if isinstance(answer, Exception):
            raise answer
        if answer == ["never"]:
            await asyncio.sleep(60)
        return answer

    return resolve


def names(place: Place, *answers: Sequence[str] | Exception, **more: Any) -> list[Finding]:
    place.add_source("county", SOURCE)
    register = load_register(place.folder / "sources")
    assert hosts_of(register) == ["news.county.example", "www.county.example"]
    table = dict(zip(hosts_of(register), answers, strict=True))
    settings = Settings(data_dir=place.folder / "data", **more)
    return list(check_names(settings, register, resolver_of(table)))


PUBLIC, FAKE, PRIVATE = ["93.184.216.34"], ["198.18.0.23"], ["10.0.0.7"]


def test_names_that_resolve_are_good(place: Place) -> None:
    assert [f.level for f in names(place, PUBLIC, PUBLIC)] == [GOOD]


def test_a_name_that_is_gone_is_a_warning_and_no_name_at_all_is_bad(place: Place) -> None:
    [finding] = names(place, PUBLIC, OSError("Name or service not known"))
    assert finding.level is WARN
    assert "www.county.example" in finding.found
    [finding] = names(place, OSError("x"), OSError("x"))
    assert finding.level is BAD


def test_a_name_server_that_never_answers_costs_seconds_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.doctor.network.LOOK_UP_SECONDS", 0.05)
    assert [f.level for f in names(place, ["never"], ["never"])] == [BAD]


def test_fake_answers_of_a_proxy_are_found_with_the_setting_that_allows_them(place: Place) -> None:
    [finding] = names(place, FAKE, FAKE)
    assert finding.level is BAD
    assert "DANGJIAN_OPEN_NETWORKS=198.18.0.0/15" in finding.advice
    assert [f.level for f in names(place, FAKE, FAKE, open_networks=("198.18.0.0/15",))] == [GOOD]


def test_private_addresses_are_told(place: Place) -> None:
    [finding] = names(place, PUBLIC, PRIVATE)
    assert finding.level is WARN
    assert "www.county.example" in finding.found


def test_hosts_that_the_settings_name_are_not_looked_up(place: Place) -> None:
    place.add_source("county", SOURCE)
    register = load_register(place.folder / "sources")
    stubs = tuple(f"{host}=127.0.0.1" for host in hosts_of(register))
    assert [f.level for f in check_names(Settings(resolve=stubs), register, resolver_of({}))] == [GOOD]


# Prefect


class FakeServer:
    """Answers as Prefect's API does, from a table."""

    def __init__(self) -> None:
        later = (NOW + timedelta(hours=10)).isoformat()
        self.statuses = {"health": 200, "ready": 200}
        self.login = "admin:word"
        self.deployments: list[dict[str, Any]] = [{"id": "d", "paused": False, "schedules": [{"active": True}]}]
        self.scheduled = [{"state": {"name": "Scheduled"}, "expected_start_time": later}]
        self.running: list[dict[str, Any]] = []

    def answer(self, path: str, body: dict[str, Any], authorization: str) -> tuple[int, object]:
        if path in self.statuses:
            return self.statuses[path], True
        if authorization != "Basic " + base64.b64encode(self.login.encode()).decode():
            return 401, {}
        if path == "deployments/filter":
            return 200, self.deployments
        if path == "flow_runs/filter":
            kinds = body["flow_runs"]["state"]["type"]["any_"]
            return 200, self.scheduled if kinds == ["SCHEDULED"] else self.running
        return 200, "3.8.8"


@pytest.fixture
def prefect() -> Iterator[tuple[FakeServer, Server]]:
    fake = FakeServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say({})

        def do_POST(self) -> None:
            self.say(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def say(self, body: dict[str, Any]) -> None:
            path = self.path.removeprefix("/api/")
            status, answer = fake.answer(path, body, self.headers.get("authorization", ""))
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield fake, Server(f"http://127.0.0.1:{http.server_port}/api", "admin:word")
        http.shutdown()
        thread.join()


def test_a_server_with_a_planned_night_is_good(prefect: tuple[FakeServer, Server]) -> None:
    finding = only(check_server(prefect[1], NOW))
    assert finding.level is GOOD
    assert "2026-11-23 02:00" in finding.found  # Beijing


Change = Callable[[FakeServer], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.statuses.update(ready=503), "数据库不可用"),
        (lambda s: s.statuses.update(health=500), "HTTP 500"),
        (lambda s: setattr(s, "login", "admin:other"), "口令不对"),
        (lambda s: s.deployments.clear(), "没有部署"),
        (lambda s: s.deployments[0].update(paused=True), "已暂停"),
        (lambda s: s.deployments[0].update(schedules=[{"active": False}]), "已暂停"),
        (lambda s: s.scheduled.clear(), "没有安排下一次运行"),
        (lambda s: s.scheduled[0].update(state={"name": "Late"}, expected_start_time=NOW.isoformat()), "没有执行器"),
    ],
)
def test_a_server_that_will_not_run_the_next_night_is_found(
    prefect: tuple[FakeServer, Server], change: Change, said: str
) -> None:
    change(prefect[0])
    findings = [finding for finding in check_server(prefect[1], NOW) if finding.level is BAD]
    assert said in findings[0].found
    assert findings[0].advice


def test_a_run_that_never_ends_is_found(prefect: tuple[FakeServer, Server]) -> None:
    began = (NOW - timedelta(hours=20)).isoformat()
    prefect[0].running = [{"name": "夜间采集", "start_time": began, "state": {"name": "Running"}}]
    assert levels(check_server(prefect[1], NOW)) == [GOOD, WARN]


def test_no_server_is_a_warning_and_a_silent_one_is_bad() -> None:
    assert only(check_server(None, NOW)).level is WARN
    assert only(check_server(Server("http://127.0.0.1:9/api"), NOW)).level is BAD


def test_the_server_of_serve_is_found_with_its_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings(data_dir=tmp_path)
    assert find_own_server(settings) is None
    login = find_login(settings)
    remember_server(settings, "http://127.0.0.1:4200/api", os.getpid())
    assert find_own_server(settings) == Server("http://127.0.0.1:4200/api", login or "")
    monkeypatch.setenv("PREFECT_API_URL", "http://other.example/api/")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "theirs:word")
    assert find_own_server(settings) == Server("http://other.example/api", "theirs:word")


# The commands


def test_the_command_prints_a_sign_a_finding_and_what_to_do(place: Place) -> None:
    done = place.dangjian("doctor", "--offline")
    assert "✓ 版本" in done.stdout
    assert "! 数据库" in done.stdout
    assert "→ make run" in done.stdout
    assert "域名" not in done.stdout
    assert done.returncode == 0, done.stdout


def test_json_is_for_programs_and_the_exit_status_counts_what_is_bad(place: Place) -> None:
    place.add_source("wrong", "name: 没有列表\n")
    done = place.dangjian("doctor", "--offline", "--json")
    findings = json.loads(done.stdout)
    assert {"level", "topic", "found", "advice"} == set(findings[0])
    assert {f["topic"] for f in findings if f["level"] == "bad"} == {"sources"}
    assert done.returncode == 1


def test_health_needs_a_server_and_a_database(
    place: Place, prefect: tuple[FakeServer, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.doctor.vital import run_health

    monkeypatch.setenv("DANGJIAN_DATA_DIR", str(place.folder / "data"))
    monkeypatch.setenv("PREFECT_API_URL", prefect[1].url)
    load_settings.cache_clear()
    assert run_health() == 1
    Store.open(place.settings.database, migrate=True).close()
    assert run_health() == 0
    prefect[0].statuses["ready"] = 503
    assert run_health() == 1
