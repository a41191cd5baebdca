"""What a sitemap source remembers: maps that were read to the end are left alone until their index says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectors.declaration import Source
from connectors.http import open_fetcher
from connectors.protocol import Discovery, Validators
from tests.connectors.asking import discover, source_of
from tests.connectors.site import Page, Site, serve

NIGHT_BEFORE = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
DAYS = {"new": "2026-11-21T08:00:00+08:00", "middle": "2026-11-02", "old": "2025-12-31"}
PER_MAP = 4


def urlset(base: str, name: str, articles: int = PER_MAP) -> Page:
    urls = "".join(f"<url><loc>{base}/{name}/c{n:04}.html</loc></url>" for n in range(articles))
    return Page(f"<urlset>{urls}</urlset>".encode(), content_type="text/xml", etag=True)


def index(base: str, days: dict[str, str]) -> Page:
    maps = "".join(
        f"<sitemap><loc>{base}/{name}.xml</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for name, day in days.items()
    )
    return Page(f"<sitemapindex>{maps}</sitemapindex>".encode(), content_type="text/xml", etag=True)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({}) as site:
        site.pages |= {f"/{name}.xml": urlset(site.base, name) for name in DAYS}
        site.pages["/index.xml"] = index(site.base, DAYS)
        yield site


def source_at(site: Site, more: str = "") -> Source:
    head = "name: 试\nverified: own-page\npace: {delay: 0}\n"
    return source_of(f"{head}discover: {{kind: sitemap, urls: ['{site.base}/index.xml']}}\n{more}")


class Nights:
    """A source that remembers from night to night what it found."""

    def __init__(self, site: Site, source: Source) -> None:
        self.site, self.source = site, source
        self.have: set[str] = set()
        self.memory: dict[str, Validators] = {}

    async def spend(self) -> tuple[Discovery, list[str]]:
        """What was found, and what was asked for."""
        self.site.hits.clear()
        async with open_fetcher(self.site.settings) as fetcher:
            found = await discover(self.source, fetcher, have=self.have, memory=self.memory)
        self.have |= {candidate.key for candidate in found.candidates}
        read_then = {
            name: Validators(v.etag, None, v.digest, v.onward, NIGHT_BEFORE) for name, v in found.validators.items()
        }
        self.memory |= read_then
        return found, [path for path in self.site.paths if path != "/robots.txt"]


async def test_while_the_index_is_unchanged_only_it_and_its_newest_map_are_asked_for(site: Site) -> None:
    nights = Nights(site, source_at(site))
    found, asked = await nights.spend()
    assert (len(found.candidates), asked) == (3 * PER_MAP, ["/index.xml", "/new.xml", "/middle.xml", "/old.xml"])
    found, asked = await nights.spend()
    assert (found.candidates, asked) == ((), ["/index.xml", "/new.xml"])
    assert all("if-none-match" in hit.headers for hit in site.hits if hit.path in asked)


async def test_an_article_in_the_newest_map_of_an_unchanged_index_is_met(site: Site) -> None:
    nights = Nights(site, source_at(site))
    await nights.spend()
    site.pages["/new.xml"] = urlset(site.base, "new", PER_MAP + 1)
    found, _ = await nights.spend()
    assert [c.url for c in found.candidates] == [f"{site.base}/new/c{PER_MAP:04}.html"]


async def test_of_a_changed_index_only_maps_that_it_says_have_changed_are_asked_for(site: Site) -> None:
    nights = Nights(site, source_at(site))
    await nights.spend()
    site.pages["/middle.xml"] = urlset(site.base, "middle", PER_MAP + 2)
    site.pages["/index.xml"] = index(site.base, DAYS | {"middle": "2026-11-22"})
    found, asked = await nights.spend()
    assert asked == ["/index.xml", "/middle.xml", "/new.xml"]
    assert len(found.candidates) == 2


async def test_maps_that_an_index_does_not_date_are_all_asked_for_on_condition(site: Site) -> None:
    """Where articles are added nobody can know: it may be the last of many maps."""
    site.pages["/index.xml"] = index(site.base, dict.fromkeys(DAYS, ""))
    nights = Nights(site, source_at(site))
    await nights.spend()
    site.pages["/old.xml"] = urlset(site.base, "old", PER_MAP + 1)
    found, asked = await nights.spend()
    assert asked == ["/index.xml", "/new.xml", "/middle.xml", "/old.xml"]
    assert all("if-none-match" in hit.headers for hit in site.hits if hit.path.startswith(("/new", "/mid", "/old")))
    assert len(found.candidates) == 1


async def test_a_map_that_was_cut_by_a_limit_is_read_on_the_next_night(site: Site) -> None:
    nights = Nights(site, source_at(site, "limits: {articles: 3}\n"))
    named = [len((await nights.spend())[0].candidates) for _ in range(4)]
    assert named == [3, 4, 4, 1]
    assert len(nights.have) == 3 * PER_MAP


async def test_a_map_that_fails_is_asked_for_again(site: Site) -> None:
    good = site.pages["/middle.xml"]
    site.pages["/middle.xml"] = Page(b"busy", 500)
    nights = Nights(site, source_at(site))
    await nights.spend()
    site.pages["/middle.xml"] = good
    found, _ = await nights.spend()
    assert {c.url.rsplit("/", 2)[1] for c in found.candidates} == {"middle"}


async def test_maps_without_articles_are_no_trouble_and_are_remembered(site: Site) -> None:
    site.pages["/middle.xml"] = Page(b"<urlset/>", content_type="text/xml", etag=True)
    nights = Nights(site, source_at(site))
    found, _ = await nights.spend()
    assert (found.empty, [read.state.value for read in found.reads]) == (False, ["read"] * 3)
    assert f"{site.base}/middle.xml" in nights.memory


async def test_a_sitemap_of_its_own_without_articles_is_told_of_every_night(site: Site) -> None:
    site.pages["/index.xml"] = Page(b"<urlset/>", content_type="text/xml", etag=True)
    nights = Nights(site, source_at(site))
    assert [(await nights.spend())[0].empty for _ in range(2)] == [True, True]
