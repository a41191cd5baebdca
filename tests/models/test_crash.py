"""Killed at any moment and run again: the rows of one undisturbed run."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaning.kinship import relate
from models.store import Store
from tests.models.corpus import contents
from tests.models.indexed import index_due, index_of
from tests.models.ingest_until_killed import ingest, prepare

PROGRAM = Path(__file__).with_name("ingest_until_killed.py")
Contents = dict[str, list[dict[str, Any]]]


def settled(rows: Contents) -> Contents:
    """Without what says how often a run looked: the outcome of a second look, and counted attempts."""
    looks = {"outcome", "attempts", "strikes"}
    rows["candidate"] = [{k: v for k, v in row.items() if k not in looks} for row in rows["candidate"]]
    return rows


@pytest.fixture
def undisturbed(new_database: Callable[[], str]) -> Contents:
    with Store.open(new_database(), migrate=True, relate=relate) as store:
        prepare(store)
        ingest(store)
        rows = settled(contents(store))
    assert len(rows["article"]) == 36
    assert len(rows["article_version"]) == 8
    assert len(rows["story"]) < 30
    assert {article["relation"] for article in rows["article"]} >= {"same", "shortened", "edited"}
    return rows


def statements() -> list[int]:
    """Ten moments spread over the statements of the run (about 400), the same in every test run."""
    return sorted(random.Random(20261122).sample(range(2, 380), 10))


def test_killed_at_ten_statements_and_run_again(undisturbed: Contents, new_database: Callable[[], str]) -> None:
    for deadly in statements():
        url = new_database()
        with Store.open(url, migrate=True, relate=relate) as store:
            prepare(store)
        killed = subprocess.run(
            [sys.executable, str(PROGRAM), url, str(deadly)], check=False, stdout=subprocess.DEVNULL
        )
        assert killed.returncode == -signal.SIGKILL, f"it should have died at statement {deadly}"
        with Store.open(url, migrate=True, relate=relate) as store:
            ingest(store)
            assert settled(contents(store)) == undisturbed, f"killed at statement {deadly}"
            assert index_of(store) == index_due(store), f"killed at statement {deadly}"


@pytest.mark.slow
def test_killed_after_ten_delays_and_run_again(undisturbed: Contents, new_database: Callable[[], str]) -> None:
    for tenth in range(10):
        url = new_database()
        with Store.open(url, migrate=True, relate=relate) as store:
            prepare(store)
        process = subprocess.Popen([sys.executable, str(PROGRAM), url, "0"], stdout=subprocess.PIPE)
        with process:
            assert process.stdout is not None
            process.stdout.readline()  # it has begun; importing is over
            time.sleep(0.04 * tenth)  # the whole of it takes about half a second
            process.kill()
        with Store.open(url, migrate=True, relate=relate) as store:
            ingest(store)
            assert settled(contents(store)) == undisturbed, f"killed after delay {tenth}"
            assert index_of(store) == index_due(store), f"killed after delay {tenth}"


def test_two_runs_at_once_one_of_them_killed(undisturbed: Contents, new_database: Callable[[], str]) -> None:
    url = new_database()
    with Store.open(url, migrate=True, relate=relate) as store:
        prepare(store)
    command = [sys.executable, str(PROGRAM), url]
    with (
        subprocess.Popen([*command, "150"], stdout=subprocess.DEVNULL) as doomed,
        subprocess.Popen([*command, "0"], stdout=subprocess.DEVNULL) as survivor,
    ):
        pass
    assert (doomed.returncode, survivor.returncode) == (-signal.SIGKILL, 0)
    with Store.open(url, relate=relate) as store:
        assert settled(contents(store)) == undisturbed
        assert index_of(store) == index_due(store)
