"""The probe finds the list of a column page it has never seen, and writes a file that finds the same."""

import pytest
import yaml

from connectors.http import open_fetcher
from connectors.probe import NOTHING_FOUND, find_list, probe, write_source_file
from connectors.register import load_register
from tests.connectors.asking import discover, source_of
from tests.connectors.site import Page, article_number, feed, government_pages, serve


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe asks a stranger once a second; a site of the tests need not be spared."""
    monkeypatch.setattr("connectors.pace.SLOWEST", 0.0)


ENTRIES = [(f"/dj/202611/t20261120_{n}.html", f"清溪镇第{n}批党员积极分子培训班开班") for n in range(1, 11)]
MENU = "".join(f'<li class="m{n}"><a href="/c{n}/">基层党建工作动态</a></li>' for n in range(12))
SIDE = "".join(f'<li><a href="/dj/hot{n}.html">热门文章排行之{n}</a></li>' for n in range(8))


def rows(template: str) -> str:
    return "".join(template.format(href=href, title=title) for href, title in ENTRIES)


LAYOUTS = {
    "list": f'<ul class="news">{rows("<li><a href={href}>{title}</a><span>2026-11-20</span></li>")}</ul>',
    "table": f'<table id="t">{rows("<tr><td>·</td><td><a href={href}>{title}</a></td><td>[11-20]</td></tr>")}</table>',
    "cards": rows('<div class="card"><div><a href={href}><img src=x></a></div><h3><a href={href}>{title}</a></h3>'
                  "<p>2026年11月20日</p></div>"),
    "definition": f'<dl class="x">{rows("<dd><em>2026/11/20</em><a href={href} title={title}>清…</a></dd>")}</dl>',
    "comment": f'<ul class="news"><!--{rows("<li><a href={href}>{title}</a><b>2026-11-20</b></li>")}--></ul>',
    "script": "<script>var itemX1=[];itemX1=["
    + rows("{{'link_add':'{href}','title':'{title}','brief':'2026-11-20 08:00:00'}},") + "];</script>",
    "bare": f'<div class="box">{rows("<a href={href}>{title}</a><br>")}</div>',
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_the_proposed_file_finds_the_articles_and_not_the_menu(layout: str) -> None:
    page = f"""<html><head><title>基层党建_清溪先锋网</title></head><body><ul class="nav">{MENU}</ul>
    <div class="main">{LAYOUTS[layout]}</div><ul class="hot">{SIDE}</ul></body></html>"""
    with serve({"/dj/": Page(page.encode())}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(site.base + "/dj/", fetcher)
            proposed = source_of(write_source_file(found), pace={"delay": 0})
            named = await discover(proposed, fetcher)
    assert [entry.title for entry in found.entries] == [title for _, title in ENTRIES]
    assert [c.url for c in named.candidates if "/t2026" in c.url] == [site.base + href for href, _ in ENTRIES]
    assert len(named.candidates) == len(ENTRIES)


async def test_a_whole_site_is_read_with_the_proposed_file(tmp_path: object) -> None:
    with serve(government_pages(45)) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(site.base + "/dj/", fetcher)
            named = await discover(source_of(write_source_file(found), pace={"delay": 0}), fetcher)
    assert (found.entries[0].title, found.entries[0].published) == (article_number(1)[1], str(article_number(1)[2]))
    assert len(named.candidates) == 45


async def test_an_address_that_is_a_feed_becomes_a_feed_source() -> None:
    with serve({"/x": Page(feed(5), content_type="text/html")}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(site.base + "/x", fetcher)
    assert found.discover["kind"] == "feed"
    assert len(found.entries) == 5


async def test_feeds_that_a_page_names_are_tried() -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><a href="/rss/dead.xml">RSS</a>'
    with serve({"/": Page(page.encode()), "/feed.xml": Page(feed(3))}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(site.base + "/", fetcher)
    assert found.feeds == (site.base + "/feed.xml",)
    assert found.discover == {"kind": "feed", "urls": [site.base + "/feed.xml"]}


def test_a_page_without_a_list_says_so() -> None:
    found = find_list("<html><body><p>栏目调整中</p><a href='/'>首页</a></body></html>", "http://a.cn/")
    assert (found.entries, found.trouble) == ((), NOTHING_FOUND)


def test_the_proposed_file_is_a_right_source_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = write_source_file(find_list(LAYOUTS["list"], "http://www.example.cn/dj/"))
    (tmp_path / "proposed.yaml").write_text(text, encoding="utf-8")
    register = load_register(tmp_path)
    register.raise_for_mistakes()
    assert yaml.safe_load(text)["discover"]["item"] == "ul.news li"


async def test_attachments_and_single_links_to_other_sites_are_no_articles() -> None:
    entries = "".join(
        f"<li><a href=/a/{n}00.html>县委组织部关于拟任职干部的公示第{n}号</a><i>2026-11-20</i></li>" for n in range(9)
    )
    others = "<li><a href=/f/1.pdf>关于报送材料的说明附件</a><i>2026-11-20</i></li>"
    others += "<li><a href=http://b.cn/5.html>省委组织部公告转载链接</a><i>2026-11-20</i></li>"
    with serve({"/dj/": Page(f"<ul>{entries}{others}</ul>".encode())}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(f"{site.base}/dj/", fetcher)
    assert [entry.url.removeprefix(site.base) for entry in found.entries] == [f"/a/{n}00.html" for n in range(9)]
    assert "hosts" not in yaml.safe_load(write_source_file(found))
