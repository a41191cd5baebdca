"""Killed at any moment and run again: the rows of one undisturbed run."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaning.kinship import relate
from models.store import Store
from tests.models.corpus import contents, rows_with_clocks
from tests.models.indexed import index_due, index_of
from tests.models.ingest_until_killed import BETTER, ingest, prepare, reprocess

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


@pytest.mark.slow
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


# The same twice, and reprocessing


def ready(url: str) -> str:
    """A database in which everything has been ingested once."""
    with Store.open(url, migrate=True, relate=relate) as store:
        prepare(store)
        ingest(store)
    return url


@pytest.fixture
def reprocessed(new_database: Callable[[], str]) -> Contents:
    """The rows of one reprocess that nobody disturbed."""
    with Store.open(ready(new_database()), relate=relate) as store:
        before = settled(contents(store))
        reprocess(store)
        rows = settled(contents(store))
    # Two of the earlier night could not be read this time: they keep what they were.
    assert Counter(article["rules_version"] for article in rows["article"]) == {"2": 34, "1": 2}
    assert any(article["text"].endswith(BETTER) for article in rows["article"])
    assert [row["id"] for row in rows["article"]] == [row["id"] for row in before["article"]]
    assert rows["article_version"] == before["article_version"], "other rules make no version: the page is the same"
    return rows


def test_a_second_ingest_writes_nothing(undisturbed: Contents, new_database: Callable[[], str]) -> None:
    with Store.open(ready(new_database()), relate=relate) as store:
        before = rows_with_clocks(store, "article", "story", "article_version", "repair", "raw_page", "page_fetch")
        ingest(store)
        assert rows_with_clocks(store, *before) == before
        assert settled(contents(store)) == undisturbed
        assert index_of(store) == index_due(store)


def test_a_second_reprocess_writes_nothing(reprocessed: Contents, new_database: Callable[[], str]) -> None:
    with Store.open(ready(new_database()), relate=relate) as store:
        reprocess(store)
        before = rows_with_clocks(store, "article", "story", "article_version", "repair", "raw_page", "page_fetch")
        reprocess(store)
        assert rows_with_clocks(store, *before) == before
        assert settled(contents(store)) == reprocessed


@pytest.mark.slow
def test_a_reprocess_killed_at_six_statements_and_run_again(
    reprocessed: Contents, new_database: Callable[[], str]
) -> None:
    for deadly in sorted(random.Random(7).sample(range(2, 130), 6)):
        url = ready(new_database())
        killed = subprocess.run(
            [sys.executable, str(PROGRAM), url, str(deadly), "reprocess"], check=False, stdout=subprocess.DEVNULL
        )
        assert killed.returncode == -signal.SIGKILL, f"it should have died at statement {deadly}"
        with Store.open(url, relate=relate) as store:
            reprocess(store)
            assert settled(contents(store)) == reprocessed, f"killed at statement {deadly}"
            assert index_of(store) == index_due(store), f"killed at statement {deadly}"


@pytest.mark.slow
@pytest.mark.parametrize("other", ["reprocess", "ingest-again"])
@pytest.mark.parametrize("deadly", ["0", "60"])
def test_a_reprocess_beside_another_run(
    reprocessed: Contents, new_database: Callable[[], str], other: str, deadly: str
) -> None:
    """Two at once, by the same rules; the reprocess lives, or is killed and the other has to do all of the work."""
    url = ready(new_database())
    command = [sys.executable, str(PROGRAM), url]
    with (
        subprocess.Popen([*command, deadly, "reprocess"], stdout=subprocess.DEVNULL) as first,
        subprocess.Popen([*command, "0", other], stdout=subprocess.DEVNULL) as second,
    ):
        pass
    assert (first.returncode, second.returncode) == (-signal.SIGKILL if deadly != "0" else 0, 0)
    with Store.open(url, relate=relate) as store:
        assert settled(contents(store)) == reprocessed
        assert index_of(store) == index_due(store)


def test_two_ingests_at_once_leave_the_rows_of_one(undisturbed: Contents, new_database: Callable[[], str]) -> None:
    url = new_database()
    with Store.open(url, migrate=True, relate=relate) as store:
        prepare(store)
    command = [sys.executable, str(PROGRAM), url, "0"]
    with (
        subprocess.Popen(command, stdout=subprocess.DEVNULL) as one,
        subprocess.Popen(command, stdout=subprocess.DEVNULL) as two,
    ):
        pass
    assert (one.returncode, two.returncode) == (0, 0)
    with Store.open(url, relate=relate) as store:
        assert settled(contents(store)) == undisturbed
        assert index_of(store) == index_due(store)
