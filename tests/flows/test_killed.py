"""kill -9 at any moment and running again gives the rows of one undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from models.store import Store
from tests.connectors.site import Site
from tests.flows.conftest import Api, Place, make_place

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

# A few in every check of the project; DANGJIAN_KILLS=10 for a thorough one.
KILLS = int(os.environ.get("DANGJIAN_KILLS", "3"))
EARLIEST = 2.0  # seconds; before that Python is still importing


def new_place(folder: Path, api: Api, site: Site) -> Place:
    place = make_place(folder, {"PREFECT_API_URL": api.url})
    place.add_seeds()
    place.add_source("county", site.source_file(delay=0.02))
    return place


def rows(store: Store) -> dict[str, Any]:
    """What the corpus holds, apart from the moments at which it was written."""
    found = {}
    for article in store.recent_articles(limit=10_000):
        found[article.url] = (store.record(article.key), article.story, article.version)
    totals = store.totals()
    return {"articles": found, "pages": totals.pages, "urls": dict(totals.urls), "stories": totals.stories}


def test_a_run_killed_at_random_moments_ends_like_an_undisturbed_one(
    tmp_path: Path, prefect_server: Api, county: Site
) -> None:
    calm = new_place(tmp_path / "calm", prefect_server, county)
    start = time.monotonic()
    assert calm.dangjian("nightly").returncode == 0
    whole = time.monotonic() - start
    with calm.store() as store:
        expected = rows(store)

    chance = random.Random(20261122)
    for number in range(KILLS):
        place = new_place(tmp_path / f"killed-{number}", prefect_server, county)
        process = place.start("nightly")
        try:
            process.wait(chance.uniform(EARLIEST, whole))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        # At once: the lock went with the process, nobody waits for a lease to run out.
        again = place.dangjian("nightly")
        assert again.returncode == 0, again.stderr
        with place.store() as store:
            assert rows(store) == expected, f"kill number {number}"
