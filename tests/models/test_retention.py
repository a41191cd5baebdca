"""Dropping what nobody needs: replaced pages, runs of long ago; never an article, a version, a repair, a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cleaning.pipeline import process
from models.accounts import RunKind, RunState, Selection
from models.decide import Cleaned, Rejected, Stage
from models.records import RawPage, sha256
from models.retention import Leavings, Retention
from models.store import Store
from tests.connectors.site import article_page

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=200)
DAY = timedelta(days=1)


def page_of(number: int, *, at: datetime = LONG_AGO, more: str = "", source: str = "county") -> RawPage:
    url = f"http://county.example/{number}.html"
    body = article_page(number) + more.encode()
    return RawPage(source, url, sha256(url.encode()), body, at)


def take_in(store: Store, page: RawPage) -> None:
    run = store.begin_run(RunKind.INGEST, now=page.fetched_at, exclusive=False)
    saved = store.save_raw(page)
    store.apply(run, [Cleaned(process(page, (), now=page.fetched_at), saved.page)], page.fetched_at)
    store.finish_run(run, now=page.fetched_at, state=RunState.FAILED)  # its sums are not what this is about


@pytest.fixture
def filled(store: Store) -> Store:
    """Article 1 in three editions, the last of yesterday; articles 2 and 3 of long ago; a seed; a quarantined page."""
    take_in(store, page_of(1))
    take_in(store, page_of(1, at=LONG_AGO + DAY, more="<!-- counter 1 -->"))
    take_in(store, page_of(1, at=NOW - DAY, more="<!-- counter 2 -->"))
    take_in(store, page_of(2))
    take_in(store, replace(page_of(3), more=(b"<p>second page</p>",)))
    take_in(store, page_of(4, source="seeds"))
    bad = page_of(5)
    run = store.begin_run(RunKind.INGEST, now=LONG_AGO, exclusive=False)
    store.save_raw(bad)
    store.apply(run, [Rejected(bad.key, "county", bad.url, Stage.EXTRACT, "没有正文")], LONG_AGO)
    return store


def kept(store: Store) -> object:
    """All that is never dropped."""
    totals = store.totals()
    keys = [article.key for article in store.recent_articles(limit=100)]
    return totals.articles, totals.versions, totals.stories, totals.quarantined, totals.urls, store.records(keys)


def test_pages_that_were_replaced_go_and_all_else_stays(filled: Store) -> None:
    before = kept(filled)
    retention = Retention(unneeded_before=NOW - 90 * DAY)
    would = filled.count_leavings(retention)
    gone = filled.drop_leavings(retention)
    # The first edition still is the page of the stored text: counters made no change of it.
    assert (would.pages, gone.pages) == (1, 1)
    assert gone.bodies == would.bodies == 1
    assert gone.size == would.size > 0
    assert kept(filled) == before
    assert all(filled.load_raw(page_of(number).key) for number in (1, 2, 3, 5))
    assert filled.drop_leavings(retention) == Leavings()


def test_pages_of_finished_articles_go_only_by_choice_and_their_articles_stay(filled: Store) -> None:
    before = kept(filled)
    retention = Retention(NOW - 90 * DAY, pages_before=NOW - 90 * DAY, spared=("seeds",))
    would = filled.count_leavings(retention)
    gone = filled.drop_leavings(retention)
    assert would.finished == gone.finished == 3  # of articles 1, 2 and 3
    assert kept(filled) == before
    left = {stored.raw.key for stored in filled.iter_raw(Selection())}
    assert left == {page_of(1).key, page_of(4).key, page_of(5).key}, "yesterday's, the seed and the quarantined one"


def test_bytes_that_two_pages_share_stay_until_the_last_goes(store: Store) -> None:
    shared = page_of(1)
    take_in(store, shared)
    other = replace(shared, url="http://county.example/x.html", key=sha256(b"x"), fetched_at=NOW - DAY)
    take_in(store, other)
    retention = Retention(NOW - 90 * DAY, pages_before=NOW - 90 * DAY)
    assert store.drop_leavings(retention).bodies == 0
    assert store.load_raw(other.key) is not None


def test_a_second_page_of_an_article_is_no_orphan(store: Store) -> None:
    take_in(store, replace(page_of(3), more=(b"<p>second page</p>",)))
    assert store.drop_leavings(Retention(NOW)).bodies == 0
    stored = store.load_raw(page_of(3).key)
    assert stored is not None
    assert stored.raw.more == (b"<p>second page</p>",)


def test_runs_of_long_ago_go_with_their_lines_and_one_at_work_stays(filled: Store) -> None:
    alive = filled.begin_run(RunKind.NIGHTLY, now=LONG_AGO - DAY, exclusive=False)
    runs = {run.id: run for run in filled.runs(limit=100)}
    old = [run for run in runs.values() if run.started_at < NOW - 90 * DAY and run.state is not RunState.RUNNING]
    assert filled.count_leavings(Retention(runs_before=NOW - 90 * DAY)).runs == len(old) > 0
    assert filled.drop_leavings(Retention(runs_before=NOW - 90 * DAY)).runs == len(old)
    left = {run.id for run in filled.runs(limit=100)}
    assert left == set(runs) - {run.id for run in old}
    assert alive in left


def test_compacting_gives_the_room_back(database_url: str, new_database: Callable[[], str]) -> None:
    with Store.open(database_url, migrate=True) as store:
        take_in(store, page_of(1))
        store.compact()
        assert store.totals().articles == 1
