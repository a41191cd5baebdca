"""A served instance in trouble: a run cancelled, a run killed, the Prefect server gone for a while."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.session import LEASE
from models.accounts import RunInfo, RunState
from tests.connectors.site import Site, government_pages, serve
from tests.flows.conftest import Api, Place, free_port, make_place, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ARTICLES = 40
PACE = 0.5  # seconds between two requests: a run of the whole site takes 20 s at least
SLOW = "慢网站 · slow"  # as the form offers it


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(government_pages(articles=ARTICLES, faults=False)) as site:
        yield site


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[tuple[Place, Api]]:
    """`dangjian serve` whose schedule does not come up during the tests."""
    place = make_place(tmp_path_factory.mktemp("served"), {"DANGJIAN_SCHEDULE": "0 0 1 1 *"})
    place.add_source("slow", site.source_file("慢网站", delay=PACE))
    port = free_port()
    process = place.start("serve", "--port", str(port))
    try:
        wait_for(f"http://127.0.0.1:{port}/api/health", process)
        yield place, place.api(port)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def wait_until(found: Callable[[], Any], seconds: float) -> Any:
    """What ``found`` answers once it answers something; fails after that many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, f"nothing within {seconds} s"
        time.sleep(0.5)
    return answer


def start_run(api: Api, deployment: str, **parameters: Any) -> str:
    [found] = wait_until(lambda: api.ask("deployments/filter", deployments={"name": {"any_": [deployment]}}), 60)
    run = api.ask(f"deployments/{found['id']}/create_flow_run", parameters=parameters)
    return str(run["id"])


def state_of(api: Api, run: str) -> tuple[str, str]:
    [found] = api.ask("flow_runs/filter", flow_runs={"id": {"any_": [run]}})
    return found["state"]["type"], found["state"]["message"] or ""


def is_over(api: Api, run: str) -> str:
    kind, _ = state_of(api, run)
    return kind if kind in ("COMPLETED", "FAILED", "CANCELLED", "CRASHED") else ""


def row_of(place: Place, flow_run: str) -> RunInfo | None:
    with place.store() as store:
        return next((run for run in store.runs() if run.flow_run_id == flow_run), None)


def articles(place: Place) -> int:
    with place.store() as store:
        return store.totals().articles


def ask_to_cancel(api: Api, run: str) -> None:
    """What the button Cancel of the UI sends."""
    api.ask(f"flow_runs/{run}/set_state", state={"type": "CANCELLING", "name": "Cancelling"}, force=False)


def test_a_cancelled_run_ends_cleanly_and_keeps_what_it_had(served: tuple[Place, Api]) -> None:
    place, api = served
    run = start_run(api, "抓取一个来源", source=SLOW)
    wait_until(lambda: articles(place) >= 10, 120)
    asked = time.monotonic()
    ask_to_cancel(api, run)
    assert wait_until(lambda: is_over(api, run), 30) == "CANCELLED"
    row = wait_until(
        lambda: (r := row_of(place, run)) and r.state is not RunState.RUNNING and r, 30 - (time.monotonic() - asked)
    )
    assert row.state is RunState.CANCELLED, row
    assert "保留" in row.message
    kept = articles(place)
    assert 10 <= kept < ARTICLES

    again = start_run(api, "抓取一个来源", source=SLOW)
    assert wait_until(lambda: is_over(api, again), 120) == "COMPLETED"
    assert articles(place) == ARTICLES


def processes_of(flow_run: str) -> list[int]:
    """Processes that work on a flow run, by the environment that the runner has given them."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            if flow_run.encode() in environment:
                found.append(int(folder.name))
    return found


def kill(victims: list[int]) -> None:
    """All of them, of which some end by themselves as soon as the one that started them is gone."""
    assert victims, "nobody works on the run"
    for victim in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


def test_a_killed_run_is_marked_within_minutes_and_the_next_goes_on(served: tuple[Place, Api]) -> None:
    place, api = served
    before = articles(place)
    with serve(government_pages(articles=ARTICLES, faults=False)) as other:
        place.add_source("other", other.source_file("另一个慢网站", delay=PACE))
        run = start_run(api, "夜间采集")
        wait_until(lambda: articles(place) > before, 180)
        kill(processes_of(run))
        killed = time.monotonic()
        assert wait_until(lambda: is_over(api, run), LEASE.total_seconds()) == "CRASHED"
        print(f"marked {time.monotonic() - killed:.0f} s after the kill")
        again = start_run(api, "夜间采集")
        assert wait_until(lambda: is_over(api, again), 180) == "COMPLETED"
        row = row_of(place, run)
        assert row is not None
        assert row.state is RunState.CRASHED
        assert articles(place) == 2 * ARTICLES, "all of both sites"
        assert sum("/t2026" in path for path in other.paths) <= ARTICLES + 4, "only pages under way came twice"
