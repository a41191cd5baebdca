"""Nights of an article that its site cut into several pages: edits behind the first one, and pages that are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.declaration import Source
from connectors.further_pages import MOST_PAGES
from flows.workshop import Workshop
from models.records import Outcome
from tests.connectors.site import Page, Site, article_number, government_pages, serve
from tests.flows.conftest import Place
from tests.flows.test_incremental import articles, source_of, spend, workshop

__all__ = ["workshop"]  # the fixture

PATH, TITLE, _ = article_number(2)
STEM = PATH.removesuffix(".html")
SECOND = "晚上九点，议事厅的灯还亮着，几位老党员把第二天要办的事又理了一遍，写在门口的黑板上。"
EDITED = SECOND.replace("几位", "十几位")


def further(text: str, pager: str = "") -> Page:
    return Page(f"<html><body><div class='TRS_Editor'><p>{text}</p></div>{pager}</body></html>".encode(), etag=True)


@pytest.fixture
def site() -> Iterator[Site]:
    pages = government_pages(articles=8, faults=False)
    first = pages[PATH]
    assert isinstance(first, Page)
    pager = f'<div><a href="{STEM}_1.html">下一页</a></div></body>'.encode()
    pages[PATH] = replace(first, body=first.body.replace(b"</body>", pager), etag=True)
    pages[f"{STEM}_1.html"] = further(SECOND)
    with serve(pages) as site:
        yield site


def night(place: Place, site: Site, workshop: Workshop, source: Source, nights: int) -> Counter[Outcome]:
    articles(site)
    return spend(place, site, workshop, source, nights=nights)[1]


def text_and_flags(place: Place) -> tuple[str, tuple[str, ...]]:
    with place.store() as store:
        [found] = [article for article in store.recent_articles(limit=100) if article.title == TITLE]
        record = store.record(found.key)
        assert record is not None
        return record.text, record.flags


def test_an_edit_on_the_second_page_is_seen_within_the_week_though_the_first_is_unchanged(
    place: Place, site: Site, workshop: Workshop
) -> None:
    source = source_of(place, site)
    night(place, site, workshop, source, 0)
    text, flags = text_and_flags(place)
    assert text.endswith(SECOND)
    assert "pages-missing" not in flags
    assert night(place, site, workshop, source, 1)[Outcome.UPDATED] == 0
    site.pages[f"{STEM}_1.html"] = further(EDITED)
    assert night(place, site, workshop, source, 2)[Outcome.UPDATED] == 1  # half of the days left to an older article
    assert text_and_flags(place)[0].endswith(EDITED)


def test_an_article_that_lacks_a_page_is_flagged_and_completed_later(
    place: Place, site: Site, workshop: Workshop
) -> None:
    del site.pages[f"{STEM}_1.html"]
    source = source_of(place, site)
    assert night(place, site, workshop, source, 0)[Outcome.FAILED] == 0
    text, flags = text_and_flags(place)
    assert SECOND not in text
    assert flags == ("pages-missing",)
    assert night(place, site, workshop, source, 1)[Outcome.UPDATED] == 0  # still missing: asked for, nothing new
    site.pages[f"{STEM}_1.html"] = further(SECOND)
    assert night(place, site, workshop, source, 2)[Outcome.UPDATED] == 1
    text, flags = text_and_flags(place)
    assert text.endswith(SECOND)
    assert flags == ()


def test_a_whole_article_is_not_replaced_by_a_part_of_it(place: Place, site: Site, workshop: Workshop) -> None:
    source = source_of(place, site)
    night(place, site, workshop, source, 0)
    del site.pages[f"{STEM}_1.html"]
    counts = night(place, site, workshop, source, 1)
    assert (counts[Outcome.UPDATED], counts[Outcome.FAILED]) == (0, 0)
    text, flags = text_and_flags(place)
    assert text.endswith(SECOND)
    assert flags == ()


def test_an_article_of_more_pages_than_are_brought_is_flagged(place: Place, site: Site, workshop: Workshop) -> None:
    for number in range(1, MOST_PAGES + 5):
        pager = f'<a href="{STEM}_{number + 1}.html">下一页</a>'
        site.pages[f"{STEM}_{number}.html"] = further(f"第{number}天，党员们又把一件小事办好了，居民看在眼里。", pager)
    night(place, site, workshop, source_of(place, site), 0)
    text, flags = text_and_flags(place)
    assert f"第{MOST_PAGES - 1}天" in text
    assert f"第{MOST_PAGES}天" not in text
    assert flags == ("pages-capped",)
