"""A team: a Prefect server with a login, `dangjian deploy`, and a worker that takes a run and does it to the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.catalogue import FLOWS
from flows.deploying import POOL
from tests.flows.conftest import Api, Place, free_port, make_place, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LOGIN = "team:a-long-secret"


@contextmanager
def running(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[Any]]:
    with log.open("wb") as output:
        command = [sys.executable, "-m", "prefect", *arguments]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Api, Path]]:
    """The environments that the compose file gives to server and workers, on loopback and SQLite."""
    folder = tmp_path_factory.mktemp("team")
    port = free_port()
    client = {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_API_AUTH_STRING": LOGIN}
    home = {"PREFECT_HOME": str(folder / "worker"), "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30", "DO_NOT_TRACK": "1"}
    place = make_place(folder, client | home)
    place.add_seeds()
    server = place.environment | {
        "PREFECT_HOME": str(folder / "server"),
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "server" / "ui"),
        "PREFECT_SERVER_API_AUTH_STRING": LOGIN,
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    start = ["server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with running(start, server, folder / "server.log") as process:
        wait_for(f"http://127.0.0.1:{port}/api/health", process)
        yield place, Api(f"http://127.0.0.1:{port}/api", LOGIN), folder


def test_all_flows_are_deployed_once_however_often_it_is_said(team: tuple[Place, Api, Path]) -> None:
    place, api, _ = team
    for _ in range(2):
        done = place.dangjian("deploy")
        assert done.returncode == 0, done.stdout + done.stderr
    found = api.ask("deployments/filter")
    assert {d["name"] for d in found} == {offer.label for offer in FLOWS}
    assert {d["work_pool_name"] for d in found} == {POOL}
    [nightly] = [d for d in found if d["name"] == "夜间采集"]
    [schedule] = nightly["schedules"]
    assert (schedule["active"], schedule["schedule"]["cron"]) == (True, "30 2 * * *")
    limit = nightly["parameter_openapi_schema"]["properties"]["limit"]
    assert (limit["title"], bool(limit["description"])) == ("最多几篇 limit", True)
    assert [automation["name"] for automation in api.ask("automations/filter")] == ["标记中断的运行"]


def test_a_worker_takes_a_run_and_does_it_to_the_end(team: tuple[Place, Api, Path]) -> None:
    place, api, folder = team
    [seeds] = [d for d in api.ask("deployments/filter") if d["name"] == "载入种子"]
    start = ["worker", "start", "--pool", POOL, "--type", "process", "--limit", "2"]
    with running(start, place.environment, folder / "worker.log"):
        run = api.ask(f"deployments/{seeds['id']}/create_flow_run", parameters={"dry_run": False})
        state = wait_for_end(api, run["id"], folder / "worker.log")
        assert place.dangjian("health").returncode == 0
    assert (state["type"], state["name"]) == ("COMPLETED", "Completed"), state
    with place.store() as store:
        assert store.totals().articles == 5


def test_nobody_gets_in_without_the_login(team: tuple[Place, Api, Path]) -> None:
    _, api, _ = team
    assert httpx.post(f"{api.url}/deployments/filter", json={}, timeout=30).status_code == 401
    assert httpx.get(f"{api.url}/ready", timeout=30).status_code == 200


def wait_for_end(api: Api, run: str, log: Path, seconds: float = 300) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        [found] = api.ask("flow_runs/filter", flow_runs={"id": {"any_": [run]}})
        if found["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return dict(found["state"])
        time.sleep(1)
    raise AssertionError(f"the run did not end: {found['state']}\n{log.read_text('utf8')[-3000:]}")
