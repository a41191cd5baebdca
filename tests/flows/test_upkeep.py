"""Single addresses, a check of all sources, and housekeeping, as flows under a real Prefect server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.catalogue import FLOWS
from flows.choices import label_of
from flows.verified_marks import read_marks
from models.records import Outcome
from tests.connectors.site import Page, Site, article_number
from tests.flows.conftest import NOWHERE, Api, Place, make_place
from tests.flows.test_nightly import counts, last_run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

RUN_FLOW = """
import asyncio
from flows.settings import load_settings
from flows.prefect_env import prepare_prefect
prepare_prefect(load_settings())
from flows.catalogue import FLOWS, load_flow
[offer] = [offer for offer in FLOWS if offer.name == {name!r}]
state = asyncio.run(load_flow(offer)(return_state=True))
print(state.name, state.message)
"""


@pytest.fixture
def place(tmp_path: Path, prefect_server: Api) -> Place:
    return make_place(tmp_path, {"PREFECT_API_URL": prefect_server.url})


def run_flow(place: Place, name: str) -> str:
    command = [sys.executable, "-c", RUN_FLOW.format(name=name)]
    done = subprocess.run(command, env=place.environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_offer_is_a_flow_of_that_name_with_a_description_for_every_parameter() -> None:
    from flows.catalogue import load_flow

    for offer in FLOWS:
        flow = load_flow(offer)
        assert flow.name == offer.name
        described = flow.parameters.properties
        assert all(value.get("description") for value in described.values()), offer.name
    assert len({offer.label for offer in FLOWS}) == len(FLOWS)


def test_addresses_are_fetched_by_the_rules_of_their_site_whatever_was_known_of_them(
    place: Place, county: Site
) -> None:
    place.add_source("county", county.source_file())
    urls = [county.base + article_number(number)[0] for number in (1, 2)]
    done = place.dangjian("ingest", *urls)
    assert done.returncode == 0, done.stderr
    with place.store() as store:
        assert counts(store) == {"county": {Outcome.NEW: 2}}
    asked = len(county.hits)
    assert place.dangjian("ingest", urls[0]).returncode == 0
    assert [path for path in county.paths[asked:] if path != "/robots.txt"] == [article_number(1)[0]]
    with place.store() as store:
        assert counts(store) == {"county": {Outcome.UNCHANGED: 1}}


def test_an_address_of_no_source_is_an_article_whatever_it_is_about(place: Place, county: Site) -> None:
    text = "<h1>县城周末天气</h1>" + "<p>周六多云转晴，气温五到十二度，适合出行，请注意早晚添衣。</p>" * 4
    county.pages["/weather.html"] = Page(text.encode())
    done = place.dangjian("ingest", f"{county.base}/weather.html", "--dry-run")
    assert done.returncode == 0, done.stderr
    done = place.dangjian("ingest", f"{county.base}/weather.html")
    assert done.returncode == 0, done.stderr
    with place.store() as store:
        assert counts(store) == {"single": {Outcome.NEW: 1}}


def test_what_is_no_address_is_refused_with_the_reason(place: Place) -> None:
    done = place.dangjian("ingest", "http://[::1")
    assert done.returncode == 1
    assert "网址有误" in done.stderr
    assert place.dangjian("ingest", "http://127.0.0.1/", "county").returncode == 2


def test_a_failed_task_says_what_was_expected_what_came_and_how_to_retry(
    place: Place, county: Site, prefect_server: Api
) -> None:
    path = article_number(1)[0]
    county.pages[path] = Page("系统维护\x1b[31m中".encode(), status=500, headers={"X-Served-By": "proxy-7"})
    place.add_source("county", county.source_file())
    assert place.dangjian("ingest", county.base + path).returncode == 1
    run = last_run(prefect_server, "抓取网址")
    [failed] = [task for task in prefect_server.task_runs(run["id"]) if task["name"].startswith("url ")]
    said = prefect_server.logs(failed["id"])
    for part in (
        county.base + path,
        "县委组织部 (county)",
        "抓取 / fetch",
        "http-5xx",
        "应为 / expected: HTTP 200",
        "HTTP 500",
        "x-served-by: proxy-7",
        "系统维护\\x1b[31m中",
        "dangjian retry --source county --kind http-5xx",
        "Traceback",
    ):
        assert part in said, (part, said)
    report = next(a for a in prefect_server.artifacts(run["id"]) if a["key"] == "report-ingest-url")
    assert f"/runs/task-run/{failed['id']}" in report["data"]


def test_the_check_of_sources_shows_each_and_marks_what_works(place: Place, county: Site, prefect_server: Api) -> None:
    place.add_source("county", county.source_file())
    place.add_source("nowhere", NOWHERE)
    assert "完成但有问题" in run_flow(place, "check-sources")
    run = last_run(prefect_server, "检查来源")
    tasks = {task["name"]: task for task in prefect_server.task_runs(run["id"])}
    assert tasks["check county"]["state"]["type"] == "COMPLETED"
    assert tasks["check nowhere"]["state"]["type"] == "FAILED"
    assert "dangjian sources check nowhere" in prefect_server.logs(tasks["check nowhere"]["id"])
    [report] = prefect_server.artifacts(run["id"])
    assert report["data"].index("不存在的网站") < report["data"].index("县委组织部")
    assert list(read_marks(place.folder / "data" / "verified.json")) == ["county"]


def test_housekeeping_says_what_it_would_drop_and_drops_it(place: Place, prefect_server: Api) -> None:
    place.add_seeds()
    assert place.dangjian("seeds").returncode == 0
    old = place.folder / "data" / "reports" / "2024-01-01-023000-nightly.md"
    old.write_text("x" * 1000, "utf8")
    os.utime(old, (0, 0))
    look = place.dangjian("housekeeping", "--dry-run")
    assert look.returncode == 0, look.stderr
    assert "旧报告和中间结果文件：1 个" in look.stderr
    assert old.exists()
    done = place.dangjian("housekeeping", "--compact")
    assert done.returncode == 0, done.stderr
    assert "整理数据库文件：已完成" in done.stderr
    assert not old.exists()
    with place.store() as store:
        assert store.totals().articles == 5
        assert len(list(store.iter_raw())) == 5


def test_old_history_of_prefect_goes_through_its_api(
    place: Place, prefect_server: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.tidy import drop_history

    place.add_seeds()
    assert place.dangjian("seeds").returncode == 0
    run = last_run(prefect_server, "载入种子")
    assert prefect_server.artifacts(run["id"])
    soon = datetime.now(UTC) + timedelta(minutes=1)
    with temporary_settings({PREFECT_API_URL: prefect_server.url}):
        would = asyncio.run(drop_history(soon, dry=True))
        assert run["id"] in {found["id"] for found in prefect_server.flow_runs()}
        gone = asyncio.run(drop_history(soon, dry=False))
    assert gone.number == would.number > 0
    assert run["id"] not in {found["id"] for found in prefect_server.flow_runs()}
    assert prefect_server.artifacts(run["id"]) == []


def test_the_form_offers_sources_by_name(place: Place, county: Site) -> None:
    from connectors.register import load_register

    place.add_source("county", county.source_file())
    [source] = load_register(place.folder / "sources").sources.values()
    assert label_of(source) == "县委组织部 · county"
