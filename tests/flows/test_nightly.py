"""The flows under a real Prefect server, run by the command line against a site on this machine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.report import CHINA
from models.records import Outcome
from models.store import Store
from tests.connectors.site import Page, Site, article_number
from tests.flows.conftest import NOWHERE, Api, Place, make_place

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def place(tmp_path: Path, prefect_server: Api) -> Place:
    place = make_place(tmp_path, {"PREFECT_API_URL": prefect_server.url})
    place.add_seeds()
    return place


def counts(store: Store) -> dict[str, dict[Outcome, int]]:
    """Outcomes that are not zero, by source, of the last run."""
    lines = store.run_sources(store.runs(limit=1)[0].id)
    return {line.source: {o: n for o, n in line.counts.items() if n} for line in lines}


def last_run(api: Api, name: str) -> dict[str, Any]:
    return next(run for run in api.flow_runs() if run["name"].startswith(name))


def contents(store: Store) -> dict[str, Any]:
    """Everything that a reader of the corpus sees, without clocks of runs."""
    articles = store.recent_articles(limit=10_000)
    return {a.key: (store.record(a.key), a.version, a.updated_at) for a in articles}


def test_the_first_night_loads_the_seeds_and_the_second_changes_nothing(place: Place) -> None:
    first = place.dangjian("nightly")
    assert first.returncode == 0, first.stderr
    with place.store() as store:
        assert counts(store) == {"seeds": {Outcome.NEW: 5}}
        before = contents(store)
    second = place.dangjian("nightly")
    assert second.returncode == 0, second.stderr
    assert "没有任何变化" in second.stderr
    with place.store() as store:
        assert counts(store) == {"seeds": {Outcome.UNCHANGED: 5}}
        assert contents(store) == before


def test_a_night_with_failures_says_so_everywhere(place: Place, county: Site, prefect_server: Api) -> None:
    broken, _, _ = article_number(3)
    county.pages[broken] = Page(b"oops", status=500)
    place.add_source("county", county.source_file())
    place.add_source("nowhere", NOWHERE)
    done = place.dangjian("nightly")
    # An unreachable source is one clear line, not a failed night.
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stderr.splitlines() if line.strip().startswith("不存在的网站")]
    assert "域名无法解析" in line

    run = last_run(prefect_server, "夜间采集")
    assert run["name"] == f"夜间采集 {datetime.now(CHINA):%Y-%m-%d}"
    assert (run["state"]["type"], run["state"]["name"]) == ("COMPLETED", "完成但有问题")

    tasks = {task["name"]: task for task in prefect_server.task_runs(run["id"])}
    failed = {name for name, task in tasks.items() if task["state"]["type"] == "FAILED"}
    [url] = [name for name in failed if broken in name]
    assert "discover nowhere" in failed
    assert all(name.isascii() for name in tasks)
    assert "500" in prefect_server.logs(tasks[url]["id"])
    assert "Traceback" in prefect_server.logs(tasks[url]["id"])

    artifacts = {a["key"]: a for a in prefect_server.artifacts(run["id"])}
    report = artifacts["report-nightly"]["data"]
    assert report.index("不存在的网站") < report.index("县委组织部")
    assert "一致" in report
    assert artifacts["progress"]["data"] == 100
    with place.store() as store:
        found = counts(store)["county"]
        assert found[Outcome.FAILED] == len(failed) - 1
        assert sum(found.values()) == 25


def test_nothing_worked_is_a_failed_run(place: Place, prefect_server: Api) -> None:
    place.add_source("nowhere", NOWHERE)
    done = place.dangjian("ingest", "nowhere")
    assert done.returncode == 1
    run = last_run(prefect_server, "抓取 不存在的网站")
    assert run["state"]["type"] == "FAILED"
    assert "没有一个来源成功" in run["state"]["message"]


def test_a_dry_run_reports_and_writes_nothing(place: Place, county: Site) -> None:
    place.add_source("county", county.source_file())
    done = place.dangjian("ingest", "county", "--dry-run", "--limit", "7")
    assert done.returncode == 0, done.stderr
    assert "试运行" in place.report()
    assert "发现 7 篇" in place.report()
    with place.store() as store:
        assert store.totals().articles == 0
        assert store.totals().pages == 0
        assert store.runs() == []


@pytest.mark.slow
def test_a_healed_site_is_retried_by_hand_and_reprocessing_needs_no_network(place: Place, county: Site) -> None:
    broken, _, _ = article_number(2)
    good = county.pages[broken]
    county.pages[broken] = Page(b"oops", status=500)
    place.add_source("county", county.source_file())
    assert place.dangjian("ingest", "county").returncode == 0
    county.pages[broken] = good
    assert place.dangjian("retry", "--kind", "http-5xx").returncode == 0
    asked = len(county.hits)
    with place.store() as store:
        articles = store.totals().articles
        assert any(broken in a.url for a in store.recent_articles(limit=100))
    look = place.dangjian("reprocess", "--all", "--dry-run")
    assert look.returncode == 0, look.stderr
    assert f"比较了 {articles} 篇文章，会改变 0 篇" in look.stderr
    again = place.dangjian("reprocess", "--all")
    assert again.returncode == 0, again.stderr
    assert len(county.hits) == asked
    with place.store() as store:
        assert counts(store)["county"] == {Outcome.UNCHANGED: articles}
