"""`dangjian backfill` and what `dangjian status` says first, under a real Prefect server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.site import Page, article_number, government_pages, serve
from tests.flows.conftest import Api, make_place

pytestmark = pytest.mark.timeout(300)


def test_a_span_of_days_is_fetched_and_a_changed_list_is_said_first(tmp_path: Path, prefect_server: Api) -> None:
    place = make_place(tmp_path, {"PREFECT_API_URL": prefect_server.url})
    with serve(government_pages(articles=45, faults=False)) as county:
        place.add_source("county", county.source_file())
        since, until = article_number(30)[2], article_number(26)[2]
        done = place.dangjian("backfill", "county", "--since", str(since), "--until", str(until))
        assert done.returncode == 0, done.stderr
        run = next(run for run in prefect_server.flow_runs() if run["name"].startswith("补采 县委组织部"))
        assert (run["parameters"]["since"], run["parameters"]["until"]) == (str(since), str(until))
        with place.store() as store:
            assert store.totals().articles == 5
            assert store.list_states("county").get(county.base + "/dj/") is None
        county.pages["/dj/"] = Page("<html><p>栏目已改版</p></html>".encode())
        assert place.dangjian("ingest", "county").returncode == 0
        status = place.dangjian("status").stdout
    assert status.splitlines()[0].startswith("需要处理 / needs attention: 1")
    assert "网站结构可能已改变" in status.splitlines()[1]
