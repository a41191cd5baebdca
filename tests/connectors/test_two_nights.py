"""Many sources on several hosts, two nights: every article once, and a night without news costs next to nothing."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from connectors.declaration import Source
from connectors.http import HttpFetcher, open_fetcher
from connectors.kinds import connector_for
from connectors.protocol import Discovery, Stop, Validators
from connectors.settings import FetchSettings
from tests.connectors.asking import discover, source_of
from tests.connectors.site import Hit, Page, serve

HOSTS = [f"site-{number}.test" for number in range(10)]
PER_SOURCE = 66
PER_PAGE = 20
KINDS = ("trs", "linked", "feed", "sitemap", "json", "jpage")
# Three kinds on every host, so that each kind is on five hosts and each host shares its pace among three sources.
SOURCES = [(host, KINDS[(number * 3 + step) % len(KINDS)]) for number, host in enumerate(HOSTS) for step in range(3)]


def path_of(kind: str, number: int) -> str:
    day = date(2026, 11, 20) - timedelta(days=number)
    return f"/{kind}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html"


def numbers(page: int) -> range:
    return range((page - 1) * PER_PAGE, min(page * PER_PAGE, PER_SOURCE))


def html_items(kind: str, page: int) -> str:
    return "".join(f'<li><a href="{path_of(kind, n)}">第{n}篇党建要闻</a></li>' for n in numbers(page))


def answer(hit: Hit) -> Page:
    """Every host of the site offers every kind of list and every article."""
    parts = urlsplit(hit.path)
    query = dict(field.split("=") for field in parts.query.split("&") if field)
    kind, _, rest = parts.path.lstrip("/").partition("/")
    if rest.startswith("20"):
        return Page(f"<html><body><h1>{hit.path}</h1><p>正文。</p></body></html>".encode(), etag=True)
    last = -(-PER_SOURCE // PER_PAGE)
    if kind == "trs":
        current = int(rest.removeprefix("index_").removesuffix(".html") or 0)
        call = f'<script>createPageHTML({last}, {current}, "index", "html")</script>'
        return Page(f"<ul>{html_items(kind, current + 1)}</ul>{call}".encode(), etag=True)
    if kind == "linked":
        page = int(query.get("page", 1))
        more = f'<a href="?page={page + 1}">下一页</a>' if page < last else ""
        return Page(f"<ul>{html_items(kind, page)}</ul>{more}".encode())
    return machine_lists(hit, kind, query)


def machine_lists(hit: Hit, kind: str, query: dict[str, str]) -> Page:
    everything = [(path_of(kind, n), f"第{n}篇党建要闻") for n in range(PER_SOURCE)]
    if kind == "feed":
        items = "".join(f"<item><title>{title}</title><link>{path}</link></item>" for path, title in everything)
        return Page(f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode(), etag=True)
    if kind == "sitemap":
        base = f"http://{hit.headers['host']}"
        urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path, _ in everything)
        return Page(f"<urlset>{urls}</urlset>".encode(), content_type="application/xml", etag=True)
    if kind == "json":
        rows = [{"url": everything[n][0], "title": everything[n][1]} for n in numbers(int(query["p"]))]
        return Page(json.dumps({"data": rows}).encode(), content_type="application/json")
    start, end = int(query["startrecord"]) - 1, int(query["endrecord"])
    records = "".join(
        f"<record><![CDATA[<li><a href='{path}'>{title}</a></li>]]></record>" for path, title in everything[start:end]
    )
    body = f"<datastore><totalrecord>{PER_SOURCE}</totalrecord><recordset>{records}</recordset></datastore>"
    return Page(body.encode(), content_type="text/xml")


class Everywhere(dict):  # type: ignore[type-arg]
    """Pages of a site that are all made when they are asked for."""

    def get(self, path: str, default: object = None) -> object:
        return Page(b"", 404) if path.startswith("/robots") else answer


DISCOVER = {
    "trs": "{kind: list, item: li, urls: ['BASE/trs/']}",
    "linked": "{kind: list, item: li, urls: ['BASE/linked/']}",
    "feed": "{kind: feed, urls: ['BASE/feed/x.xml']}",
    "sitemap": "{kind: sitemap, urls: ['BASE/sitemap/x.xml']}",
    "json": "{kind: json, items: data, urls: ['BASE/json/x?p={n}']}",
    "jpage": "{kind: jpage, item: li, urls: ['BASE/jpage/x'], method: GET, per_page: 20}",
}


def sources_at(port: str) -> list[Source]:
    return [
        source_of(
            f"name: 试\nverified: own-page\npace: {{delay: 0}}\ndiscover: {DISCOVER[kind]}".replace(
                "BASE", f"http://{host}:{port}"
            ),
            slug=f"{host.partition('.')[0]}-{kind}",
        )
        for host, kind in SOURCES
    ]


async def spend_night(
    sources: list[Source], fetcher: HttpFetcher, have: set[str], memory: dict[str, dict[str, Validators]]
) -> tuple[list[Discovery], int]:
    """What a run does: every source is asked, every new article fetched."""
    found = await asyncio.gather(
        *[discover(source, fetcher, have=have, memory=memory.get(source.slug, {})) for source in sources]
    )
    fetched = 0
    for source, discovery in zip(sources, found, strict=True):
        connector = connector_for(source)
        pages = await asyncio.gather(*[connector.fetch(c, source, fetcher) for c in discovery.candidates])
        fetched += sum(page is not None for page in pages)
        have.update(candidate.key for candidate in discovery.candidates)
        memory.setdefault(source.slug, {}).update(discovery.validators)
    return found, fetched


@pytest.mark.timeout(110)
async def test_thirty_sources_on_ten_hosts_bring_every_article_once_and_the_second_night_none() -> None:
    with serve({}) as site:
        site.pages = Everywhere()
        port = site.base.rpartition(":")[2]
        sources = sources_at(port)
        settings = FetchSettings(loopback_hosts=tuple(HOSTS), resolve=tuple((host, "127.0.0.1") for host in HOSTS))
        have: set[str] = set()
        memory: dict[str, dict[str, Validators]] = {}
        async with open_fetcher(settings) as fetcher:
            _, fetched = await spend_night(sources, fetcher, have, memory)
        articles = Counter(hit.headers["host"] + hit.path for hit in site.hits if "/t20" in hit.path)
        site.hits.clear()
        async with open_fetcher(settings) as fetcher:
            again, refetched = await spend_night(sources, fetcher, have, memory)
        asked = [hit.path for hit in site.hits if "robots" not in hit.path]
    assert len(sources) == 30
    assert fetched == len(articles) == 30 * PER_SOURCE
    assert set(articles.values()) == {1}
    assert refetched == 0
    assert {stop for discovery in again for stop in discovery.stopped} == {Stop.UNCHANGED}
    # Besides its first page, a list with further pages is asked for the one within the overlap.
    paged = sum(not source.slug.endswith(("feed", "sitemap")) for source in sources)
    assert len(asked) == len(sources) + paged
