"""What is not about party building is kept as off-topic, by the threshold of its source; seeds are never dropped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.declaration import Source
from connectors.register import Register
from flows.ingest import Batch, Brought, Order, Tools, clean_pages
from flows.reclean import Recleaning, Span
from flows.stored_pages import read_folder, work_seeds
from flows.workshop import Workshop
from models.accounts import RunKind, Selection
from models.decide import UrlState
from models.records import Candidate, MediaType, Outcome, RawPage
from models.store import Store
from tests.flows.conftest import make_place

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PARTY = "东风街道党工委把支部建在小区，党员到社区报到，党群服务中心开展主题党日，党建引领基层治理见到实效。"
MARKET = "两市股指周一放量上涨，半导体板块领涨，分析师认为短线仍有震荡，建议投资者控制仓位，等待回调的机会。"
SOURCE: dict[str, Any] = {
    "slug": "county",
    "name": "县委组织部",
    "verified": "own-page",
    "discover": {"kind": "list", "urls": ["http://county.example/dj/"]},
}


def page(name: str, text: str) -> RawPage:
    body = f"<html><head><title>{text[:8]}</title></head><body><h1>{text[:8]}</h1><p>{text}</p></body></html>"
    return RawPage("county", f"http://county.example/{name}.html", name * 64, body.encode(), NOW, MediaType.HTML)


def begin(folder: Path) -> tuple[Tools, Order]:
    store = Store.open(make_place(folder).settings.database, migrate=True)
    run = store.begin_run(RunKind.NIGHTLY, now=NOW)
    return Tools(store, None, Workshop(1)), Order(run, NOW)  # type: ignore[arg-type]


async def clean(tools: Tools, order: Order, least: float) -> tuple[Batch, list[Candidate]]:
    pages = [page("a", PARTY), page("b", MARKET)]
    candidates = [Candidate(p.source, p.url, p.key) for p in pages]
    tools.store.enqueue(order.run, candidates, order.now)
    kept = [Brought(p, tools.store.save_raw(p).page) for p in pages]
    return await clean_pages(tools, order, candidates, kept, relevance=least), candidates


def messages(folder: Path) -> dict[str, str | None]:
    [file] = folder.rglob("*.db")
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT key, message FROM candidate").fetchall())


async def test_a_page_below_the_threshold_is_off_topic_and_its_row_and_bytes_stay(tmp_path: Path) -> None:
    tools, order = begin(tmp_path)
    with tools.workshop, tools.store as store:
        batch, candidates = await clean(tools, order, Source(**SOURCE).relevance)
        assert dict(batch.counts) == {Outcome.NEW: 1, Outcome.OFF_TOPIC: 1}
        off = candidates[1].key
        assert store.known([off])[off].state is UrlState.DONE
        assert store.load_raw(off) is not None
        assert store.record(off) is None
        said = messages(tmp_path)[off] or ""
        assert said.startswith(f"《{MARKET[:8]}》党建相关度 / relevance 0.")
        assert "< 0.30；词语 / words: " in said
        # A lower threshold makes an article of it, from the stored bytes.
        again = await Recleaning(tools, order, Register({}), Selection(keys=(off,))).clean(Span("county"))
        assert dict(again.batch.counts) == {Outcome.NEW: 1}
        assert store.record(off) is not None
    assert messages(tmp_path)[off] is None


async def test_a_source_that_takes_everything_loses_nothing(tmp_path: Path) -> None:
    tools, order = begin(tmp_path)
    with tools.workshop, tools.store:
        batch, _ = await clean(tools, order, Source(**SOURCE, relevance=0).relevance)
        assert dict(batch.counts) == {Outcome.NEW: 2}


async def test_a_seed_is_never_off_topic(tmp_path: Path) -> None:
    tools, order = begin(tmp_path)
    (tmp_path / "seeds" / "market.txt").write_text(f"收盘\n\n{MARKET}\n", "utf8")
    with tools.workshop, tools.store:
        read = read_folder(tools, order, tmp_path / "seeds")
        batch = await work_seeds(tools, order, tmp_path / "seeds", read.work)
        assert dict(batch.counts) == {Outcome.NEW: 1}


def test_the_threshold_of_a_source_file_lies_between_none_and_all() -> None:
    assert Source(**SOURCE).relevance == 0.3
    with pytest.raises(ValueError, match="relevance"):
        Source(**SOURCE, relevance=1.5)
