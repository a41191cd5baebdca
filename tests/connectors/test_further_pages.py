"""Further pages of an article, and what only looks like them."""

from __future__ import annotations

import pytest

from connectors.article_page import fetch_article
from connectors.declaration import Source
from connectors.failures import FailureKind, FetchError
from connectors.further_pages import MOST_PAGES, find_further_pages
from connectors.protocol import Answer, Request
from models.records import PAGES_CAPPED, PAGES_MISSING, Candidate
from tests.connectors.asking import NOW, source_of

BASE = "http://news.example/n1/2024/0108/"


@pytest.mark.parametrize(
    ("url", "html", "expected"),
    [
        (
            "c1-42.html",
            '<a href="c1-42-2.html">【2】</a><a href="c1-42-3.html">【3】</a>',
            ["c1-42-2.html", "c1-42-3.html"],
        ),
        ("t20240108_7.html", '<a href="./t20240108_7_1.html">2</a>', ["t20240108_7_1.html"]),
        ("9.shtml", "<a class=next href='9_2.shtml'><span>下一页</span></a>", ["9_2.shtml"]),
        ("t1_5.html", '<script>createPageHTML_ZW(3, 0, "t1_5", "html");</script>', ["t1_5_1.html", "t1_5_2.html"]),
        ("view?id=5", '<a href="view?id=5&amp;page=2">2</a>', ["view?id=5&page=2"]),
        ("9.html", '<a href="10.html">下一篇</a><a href="9_2.html#top">[2]</a>', ["9_2.html"]),
        # What is no further page of this article:
        ("9.html", '<a href="10.html">下一页</a>', []),
        ("9.html", '<a href="9_2.html">相关阅读</a>', []),
        ("9.html", '<a href="http://other.example/n1/2024/0108/9_2.html">2</a>', []),
        ("9.html", '<a href="../9_2.html">2</a>', []),
        ("view?id=5", '<a href="view?id=6&page=2">2</a>', []),
        ("index.html", '<script>createPageHTML(10, 0, "other", "html");</script>', []),
    ],
)
def test_only_the_articles_own_address_with_a_number_is_a_further_page(
    url: str, html: str, expected: list[str]
) -> None:
    assert list(find_further_pages(html, BASE + url)) == [BASE + e for e in expected]


def test_pages_come_in_order_and_never_more_than_the_cap() -> None:
    html = "".join(f'<a href="9_{n}.html">{n}</a>' for n in range(60, 1, -1))
    found = find_further_pages(html, BASE + "9.html")
    assert len(found) == MOST_PAGES - 1
    assert found[0] == BASE + "9_2.html"
    assert found[1] == BASE + "9_3.html"


@pytest.mark.parametrize(
    "hostile", ["<a " * 200_000, "<a href=" * 100_000, "<a href='x'>" * 100_000, "createPageHTML(" * 50_000]
)
def test_hostile_markup_is_read_through_without_hanging(hostile: str) -> None:
    assert find_further_pages(hostile, BASE + "9.html") == ()


class Pages:
    """A fetcher over a dictionary of pages; a value that is a number is the status of a refusal."""

    def __init__(self, pages: dict[str, str | FailureKind]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def get(self, request: Request, source: Source) -> Answer:
        self.asked.append(request.url)
        page = self.pages.get(request.url, FailureKind.HTTP_4XX)
        if isinstance(page, FailureKind):
            raise FetchError(page, request.url, source=source.slug, message="no")
        return Answer(request.url, request.url, 200, {"content-type": "text/html"}, page.encode(), NOW)


COUNTY = f"name: 柳河先锋\nverified: own-page\ndiscover: {{kind: page, urls: [{BASE}9.html]}}"


async def bring(pages: dict[str, str | FailureKind]) -> tuple[list[str], list[str]]:
    fetcher = Pages({BASE + name: page for name, page in pages.items()})
    page = await fetch_article(Candidate("county", BASE + "9.html", "k"), source_of(COUNTY), fetcher)
    assert page is not None
    return [body.decode() for body in page.more], [url.removeprefix(BASE) for url in fetcher.asked]


async def flag_of(pages: dict[str, str | FailureKind]) -> str | None:
    fetcher = Pages({BASE + name: page for name, page in pages.items()})
    page = await fetch_article(Candidate("county", BASE + "9.html", "k"), source_of(COUNTY), fetcher)
    assert page is not None
    return page.lacks


async def test_an_article_that_is_not_whole_says_so() -> None:
    named = '<a href="9_2.html">2</a><a href="9_3.html">3</a>'
    assert await flag_of({"9.html": "<p>正文</p>"}) is None
    assert await flag_of({"9.html": named, "9_2.html": "二", "9_3.html": f"三 {named}"}) is None
    assert await flag_of({"9.html": named, "9_2.html": "二"}) == PAGES_MISSING
    assert await flag_of({"9.html": named}) == PAGES_MISSING


@pytest.mark.parametrize("pages", [MOST_PAGES - 1, MOST_PAGES, MOST_PAGES + 1, 40])
async def test_more_pages_than_are_brought_are_told_of(pages: int) -> None:
    listed = "".join(f'<a href="9_{n}.html">{n}</a>' for n in range(2, pages + 1))
    expected = PAGES_CAPPED if pages > MOST_PAGES else None
    assert await flag_of({"9.html": listed, **{f"9_{n}.html": "页" for n in range(2, pages + 1)}}) == expected
    one_by_one = {f"9_{n}.html": f'<a href="9_{n + 1}.html">下一页</a>' * (n < pages) for n in range(2, pages + 1)}
    assert await flag_of({"9.html": '<a href="9_2.html">下一页</a>', **one_by_one}) == expected
    script = f'<script>createPageHTML({pages}, 0, "9", "html");</script>'
    by_script: dict[str, str | FailureKind] = {f"9_{n}.html": "页" for n in range(1, pages)}
    assert await flag_of({"9.html": script, **by_script}) == expected


async def test_an_article_of_three_pages_is_brought_whole() -> None:
    last = '第三页 <a href="9.html">1</a>'
    more, asked = await bring(
        {"9.html": '<a href="9_2.html">下一页</a>', "9_2.html": '<a href="9_3.html">下一页</a>', "9_3.html": last}
    )
    assert asked == ["9.html", "9_2.html", "9_3.html"]
    assert more[-1] == last


async def test_an_article_of_one_page_costs_one_request() -> None:
    assert await bring({"9.html": "<p>正文</p><a href='10.html'>下一篇</a>"}) == ([], ["9.html"])


async def test_a_pager_that_names_a_missing_page_ends_the_article() -> None:
    more, _ = await bring({"9.html": '<a href="9_2.html">2</a><a href="9_3.html">3</a>', "9_2.html": "二"})
    assert more == ["二"]


async def test_half_an_article_is_not_passed_off_as_the_whole() -> None:
    with pytest.raises(FetchError, match="no"):
        await bring({"9.html": '<a href="9_2.html">2</a>', "9_2.html": FailureKind.TIMEOUT})


async def test_a_pager_without_end_is_cut_at_the_cap() -> None:
    pages: dict[str, str | FailureKind] = {f"9_{n}.html": f'<a href="9_{n + 1}.html">下一页</a>' for n in range(2, 99)}
    more, _ = await bring({"9.html": '<a href="9_2.html">下一页</a>', **pages})
    assert len(more) == MOST_PAGES - 1
