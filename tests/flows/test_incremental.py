"""Nights of one source without Prefect: edited articles, late arrivals, backfills, and what stays asked for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest

from connectors.declaration import Source
from connectors.http import open_fetcher
from connectors.register import read_source
from flows.ingest import Batch, Discovered, Order, Tools, discover_source, work_batch
from flows.workshop import Workshop
from models.accounts import RunKind
from models.records import Outcome
from models.store import Store
from tests.connectors.site import Page, Site, article_number, government_pages, list_page, serve
from tests.flows.conftest import Place

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)  # two days after the newest article of the county


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(1) as workshop:
        yield workshop


@pytest.fixture
def county() -> Iterator[Site]:
    with serve(government_pages(articles=45, faults=False)) as site:
        yield site


def source_of(place: Place, site: Site, more: str = "") -> Source:
    place.add_source("county", site.source_file() + more)
    source, mistakes = read_source(place.folder / "sources" / "county.yaml")
    assert source is not None, mistakes
    return source


def spend(
    place: Place, site: Site, workshop: Workshop, source: Source, nights: int = 0, **asked: object
) -> tuple[Discovered, Counter[Outcome]]:
    """One run, so many nights after the first, under a run of its own."""
    found, done = work(place, site, workshop, source, nights, **asked)
    return found, Counter(done.counts)


def work(
    place: Place, site: Site, workshop: Workshop, source: Source, nights: int = 0, **asked: object
) -> tuple[Discovered, Batch]:
    async def run() -> tuple[Discovered, Batch]:
        with place.store() as store:
            kind = RunKind.BACKFILL if asked.get("backfill") else RunKind.INGEST
            now = NOW + timedelta(days=nights)
            order = Order(store.begin_run(kind, now=now, exclusive=False), now, **asked)  # type: ignore[arg-type]
            async with open_fetcher(replace(site.settings, retries=0)) as fetcher:
                tools = Tools(store, fetcher, workshop)
                found = await discover_source(tools, order, source)
                done = await work_batch(tools, order, source, found.work)
            return found, done

    return asyncio.run(run())


def articles(site: Site) -> list[str]:
    """Paths of articles that were asked for since the last look."""
    paths = [path for path in site.paths if "/t2026" in path]
    site.hits.clear()
    return paths


def taken(counts: Counter[Outcome]) -> int:
    """Articles that were not there before; the county prints some of its texts twice."""
    return counts[Outcome.NEW] + counts[Outcome.DUPLICATE]


def dates(store: Store) -> list[date]:
    found = [article.published_at for article in store.recent_articles(limit=1000)]
    return sorted(moment.astimezone(UTC).date() for moment in found if moment)


def test_an_edited_article_becomes_a_version_and_no_article_of_its_own(
    place: Place, county: Site, workshop: Workshop
) -> None:
    source = source_of(place, county)
    spend(place, county, workshop, source)
    path, title, _ = article_number(2)
    old = county.pages[path]
    assert isinstance(old, Page)
    county.pages[path] = replace(old, body=old.body.replace("。</p>".encode(), "，现已全部办结。</p>".encode(), 1))
    articles(county)
    _, counts = spend(place, county, workshop, source, nights=1)
    assert counts[Outcome.UPDATED] == 1
    assert taken(counts) == 0
    with place.store() as store:
        [edited] = [article for article in store.recent_articles(limit=100) if article.title == title]
        assert edited.version == 2
        assert store.totals().articles == 45
        assert store.totals().versions == 1


def test_a_page_that_flaps_is_left_as_it_is_and_told_of(place: Place, county: Site, workshop: Workshop) -> None:
    source = source_of(place, county)
    path = article_number(2)[0]
    page = county.pages[path]
    assert isinstance(page, Page)
    other = replace(page, body=page.body.replace("。</p>".encode(), "，现已全部办结。</p>".encode(), 1))
    told = []
    for run in range(8):
        county.pages[path] = other if run % 2 else page
        _, done = work(place, county, workshop, source, nights=min(run, 1))
        told.append((done.counts.get(Outcome.UPDATED, 0), done.flapping))
    address = county.base + path
    # Another text, then three times back to one that it had; from then on it is held, and told of.
    assert told == [(0, ()), *[(1, ())] * 3, (1, (address,)), *[(0, (address,))] * 3]


def test_recent_articles_are_asked_for_conditionally_and_no_body_comes_twice(
    place: Place, county: Site, workshop: Workshop
) -> None:
    source = source_of(place, county)
    spend(place, county, workshop, source)
    articles(county)
    found, counts = spend(place, county, workshop, source, nights=1)
    asked = [hit for hit in county.hits if "/t2026" in hit.path]
    # 23 November: those of the 16th and later; two of the county's pages are served without validators.
    recent = {article_number(number)[0] for number in (1, 2, 4)}
    assert {hit.path for hit in asked} == recent
    assert all("if-none-match" in hit.headers for hit in asked)
    assert counts == {Outcome.UNCHANGED: len(recent)}
    assert [path for path in county.paths if path != "/robots.txt" and "/t2026" not in path] == [
        "/dj/",
        "/dj/index_1.html",  # within the overlap
    ]
    assert not found.empty


def test_after_a_week_an_article_is_left_alone(place: Place, county: Site, workshop: Workshop) -> None:
    source = source_of(place, county)
    spend(place, county, workshop, source)
    articles(county)
    spend(place, county, workshop, source, nights=6)
    assert articles(county) == []


def test_a_page_without_validators_is_looked_at_once_more_in_the_second_half_of_the_week(
    place: Place, county: Site, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        night = 0

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return NOW + timedelta(days=cls.night)

    monkeypatch.setattr("connectors.http.datetime", Clock)
    path = article_number(1)[0]
    county.pages[path] = replace(county.pages[path], etag=False)  # type: ignore[type-var]
    source = source_of(place, county)
    asked = []
    for Clock.night in range(8):
        spend(place, county, workshop, source, nights=Clock.night)
        asked.append(articles(county).count(path))
    # Found two days after its date: on the third night after, half of the days left to it have gone by.
    assert asked == [1, 0, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("number", [2, 3], ids=["with validators", "without"])
def test_an_article_that_its_list_names_anew_is_looked_at_at_once(
    place: Place, county: Site, workshop: Workshop, number: int
) -> None:
    source = source_of(place, county)
    spend(place, county, workshop, source)
    path, title, _ = article_number(number)
    corrected = f"{title}（更正）"
    for name, charset in ((path, "gbk" if number == 3 else "utf-8"), ("/dj/", "utf-8")):
        old = county.pages[name]
        assert isinstance(old, Page)
        body = old.body.decode(charset).replace(title, corrected)
        county.pages[name] = replace(old, body=body.encode(charset))
    articles(county)
    _, counts = spend(place, county, workshop, source, nights=1)
    assert path in articles(county)
    assert counts[Outcome.UPDATED] == 1
    with place.store() as store:
        assert corrected in {article.title for article in store.recent_articles(limit=100)}
    if number == 2:
        spend(place, county, workshop, source, nights=2)
        assert path in articles(county)


def test_an_article_that_was_taken_down_stays_and_is_no_failure(place: Place, county: Site, workshop: Workshop) -> None:
    source = source_of(place, county)
    spend(place, county, workshop, source)
    county.pages[article_number(1)[0]] = Page(b"gone", 404)
    _, counts = spend(place, county, workshop, source, nights=1)
    assert counts[Outcome.SKIPPED] == 1
    assert counts[Outcome.FAILED] == 0
    with place.store() as store:
        assert store.totals().articles == 45
        assert store.failed_urls() == []


def test_a_late_arrival_on_the_second_page_is_taken(place: Place, county: Site, workshop: Workshop) -> None:
    """Released today, dated last month: it stands among the known ones of the second page."""
    source = source_of(place, county)
    late = article_number(30)[0]
    without = list_page([n for n in range(21, 41) if n != 30], total=3, current=1)  # type: ignore[arg-type]
    whole = county.pages["/dj/index_1.html"]
    county.pages["/dj/index_1.html"] = Page(without, etag=True)
    spend(place, county, workshop, source)
    county.pages["/dj/index_1.html"] = whole
    first = county.pages["/dj/"]
    assert isinstance(first, Page)
    county.pages["/dj/"] = replace(first, body=first.body + b"<!-- touched -->")
    articles(county)
    _, counts = spend(place, county, workshop, source, nights=8)
    assert taken(counts) == 1
    assert articles(county) == [late]


def test_a_backfill_takes_its_days_and_does_not_move_the_live_position(
    place: Place, county: Site, workshop: Workshop
) -> None:
    source = source_of(place, county, "limits: {pages: 1}\n")
    spend(place, county, workshop, source)
    with place.store() as store:
        assert len(dates(store)) == 20
        live = store.list_states("county").get(county.base + "/dj/")
    newest = article_number(1)[0]
    since, until = article_number(35)[2], article_number(25)[2]
    _, counts = spend(place, county, workshop, source, since=since, until=until, backfill=True)
    assert taken(counts) == sum(counts.values()) == 11
    with place.store() as store:
        assert store.list_states("county").get(county.base + "/dj/") == live
        assert [day for day in dates(store) if day <= article_number(21)[2]] == [
            since + timedelta(days=n) for n in range(11)
        ]
    articles(county)
    spend(place, county, workshop, source, nights=8)
    assert newest not in county.paths
    assert len([path for path in county.paths if path.startswith("/dj/")]) == 1


NEWEST = {"since": article_number(10)[2], "until": article_number(1)[2]}


@pytest.mark.parametrize(
    ("asked", "first"),
    [({"limit": 10}, 10), ({"since": NEWEST["since"]}, 10), ({**NEWEST, "backfill": True}, 10)],
    ids=["a limit", "a first day", "a backfill"],
)
def test_what_a_part_of_the_list_brought_does_not_hide_the_rest(
    place: Place, county: Site, workshop: Workshop, asked: dict[str, object], first: int
) -> None:
    source = source_of(place, county)
    _, counts = spend(place, county, workshop, source, **asked)
    assert taken(counts) == first
    _, counts = spend(place, county, workshop, source, nights=1)
    assert taken(counts) == 45 - first


def test_a_limited_run_between_two_nights_hides_nothing(place: Place, workshop: Workshop) -> None:
    """Forty new articles in one day, of which somebody took the first ten."""
    with serve(government_pages(articles=85, faults=False)) as site:
        source = source_of(place, site)
        now = dict(site.pages)
        site.pages["/dj/"] = Page(list_page(range(41, 61), total=1, current=0), etag=True)
        _, counts = spend(place, site, workshop, source)
        assert taken(counts) == 20
        site.pages.update(now)
        _, counts = spend(place, site, workshop, source, nights=1, limit=10)
        assert taken(counts) == 10
        _, counts = spend(place, site, workshop, source, nights=1)
        assert taken(counts) == 55
        articles(site)
        _, counts = spend(place, site, workshop, source, nights=9)
        assert (taken(counts), articles(site)) == (0, [])


def test_a_list_that_failed_half_way_is_read_on_behind_what_it_gave(
    place: Place, county: Site, workshop: Workshop
) -> None:
    source = source_of(place, county, "limits: {overlap: 0}\n")
    behind = county.pages["/dj/index_2.html"]
    county.pages["/dj/index_2.html"] = Page(status=500)
    _, counts = spend(place, county, workshop, source)
    assert taken(counts) == 40
    county.pages["/dj/index_2.html"] = behind
    _, counts = spend(place, county, workshop, source, nights=1)
    assert taken(counts) == 5


def test_a_list_that_goes_on_where_nobody_read_is_told_of(place: Place, county: Site, workshop: Workshop) -> None:
    source = source_of(place, county, "limits: {pages: 2}\n")
    now = dict(county.pages)
    county.pages["/dj/"] = Page(list_page(range(44, 46), total=1, current=0), etag=True)
    found, _ = spend(place, county, workshop, source)
    assert found.notes == (), "a first night ends at the cap by intent"
    county.pages.update(now)
    found, _ = spend(place, county, workshop, source, nights=1)
    [note] = found.notes
    assert note.startswith(f"列表 {county.base}/dj/：读到页数上限时仍有新文章")
    assert note.endswith(f"读到 {article_number(40)[2]}")


def test_a_backfill_that_the_list_does_not_reach_says_so(place: Place, county: Site, workshop: Workshop) -> None:
    source = source_of(place, county)
    found, _ = spend(place, county, workshop, source, since=date(2020, 1, 1), backfill=True)
    [note] = found.notes
    assert "列表没有列到所要的最早日期" in note
    assert note.endswith(f"读到 {article_number(45)[2]}")
    within, _ = spend(place, county, workshop, source, since=article_number(40)[2], backfill=True)
    assert within.notes == ()


def test_addresses_that_are_no_articles_are_named_with_the_reason(
    place: Place, county: Site, workshop: Workshop
) -> None:
    page = county.pages["/dj/"]
    assert isinstance(page, Page)
    more = "".join(f'<li><a href="/files/{n}.pdf">附件{n}</a></li>' for n in range(3)).encode()
    county.pages["/dj/"] = replace(page, body=page.body.replace(b"</ul>", more + b"</ul>", 1))
    found, _ = spend(place, county, workshop, source_of(place, county))
    assert found.left_out == (f"略去 3 个地址，是文件，不是网页 / a file, not a page：{county.base}/files/0.pdf",)


def test_a_backfill_of_what_is_there_brings_nothing(place: Place, county: Site, workshop: Workshop) -> None:
    source = source_of(place, county)
    spend(place, county, workshop, source)
    articles(county)
    _, counts = spend(place, county, workshop, source, since=date(2026, 10, 1), backfill=True)
    assert counts == {}
    assert articles(county) == []


def test_an_exception_from_safe_connections_is_told_with_every_run(
    place: Place, county: Site, workshop: Workshop
) -> None:
    source = source_of(place, county, "tls: {verify: false, legacy: true}\n")
    for night in range(2):
        found, _ = spend(place, county, workshop, source, nights=night)
        assert [note.partition(" / ")[0] for note in found.notes] == ["不核对证书", "允许旧的加密方式"]
