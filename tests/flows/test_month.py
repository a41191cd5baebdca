"""A month of real nights: every true event is told within two nights, once, and hardly anything else is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import ROOT, Api, Place
from tests.flows.month import EVENTS, NIGHTS, WELL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, prefect_server: Api) -> list[dict[str, Any]]:
    from tests.flows.conftest import make_place

    place: Place = make_place(tmp_path_factory.mktemp("month"))
    environment = place.environment | {"PREFECT_API_URL": prefect_server.url}
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.month"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=850,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    Path(place.folder / "month.jsonl").write_text(done.stdout, "utf8")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def told_of(month: list[dict[str, Any]], name: str) -> list[int]:
    """The nights in which people were told that a source needs attention."""
    bad = ("可疑", "失效", "被拦截")
    return [
        night["night"]
        for night in month
        for message in night["told"]
        for line in message.splitlines()
        if f" {name}：" in line and any(word in line for word in bad)
    ]


def test_every_event_is_told_within_two_nights(month: list[dict[str, Any]]) -> None:
    assert len(month) == NIGHTS
    first = {name: told_of(month, name)[:1] for name in EVENTS}
    # The night of a weekend says nothing of a source that rests on weekends: silence counts from its next working day.
    late = {name: at for name, at in first.items() if not at or not EVENTS[name] <= at[0] <= EVENTS[name] + 2}
    assert late == {}


def test_nobody_is_alarmed_for_nothing_and_nobody_is_told_the_same_every_night(month: list[dict[str, Any]]) -> None:
    false = {name: told_of(month, name) for name in WELL if told_of(month, name)}
    early = {name: at for name in EVENTS for at in told_of(month, name) if at < EVENTS[name]}
    assert sum(map(len, false.values())) + len(early) <= 1, (false, early)
    assert max(len(told_of(month, name)) for name in EVENTS) <= 3  # suspect, then broken, and no more


def test_the_outcomes_of_all_nights_add_up_and_every_article_came_once(month: list[dict[str, Any]]) -> None:
    assert all(night["balanced"] for night in month)
    assert [night["started"][:10] for night in month] == sorted({night["started"][:10] for night in month})
    for name in WELL:
        assert sum(night["new"].get(name, 0) for night in month) == month[-1]["published"][name]


def test_the_last_night_says_how_each_source_stands(month: list[dict[str, Any]]) -> None:
    health = month[-1]["health"]
    assert {name: health[name] for name in ("redesigned", "dying", "moved")} == dict.fromkeys(
        ("redesigned", "dying", "moved"), "broken"
    )
    assert health["refused"] == "blocked"
    assert health["steady"] == "ok"
    assert month[-1]["state"] == "完成但有问题"
