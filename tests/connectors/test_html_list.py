"""HTML lists: what is found, where reading stops, how the page is turned."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.declaration import ListRules, PageStyle, Pagination
from connectors.html_list import parse_page
from connectors.http import open_fetcher
from connectors.list_entries import read_entries
from connectors.next_pages import next_by_link, next_by_script, numbered_address
from connectors.protocol import ListState, Stop
from tests.connectors.asking import discover, source_of
from tests.connectors.site import Page, article_number, government_pages, list_page, serve

SHARED = os.environ.get("DANGJIAN_SHARED")


async def test_every_article_of_every_page_is_named_once_newest_first() -> None:
    with serve(government_pages(45)) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert [c.url.removeprefix(site.base) for c in found.candidates] == [article_number(n)[0] for n in range(1, 46)]
    assert [read.items for read in found.reads] == [20, 20, 5]
    assert found.stopped == (Stop.END,)


async def test_an_entry_carries_its_whole_title_and_its_date_as_printed() -> None:
    with serve(government_pages(5)) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    _, title, day = article_number(1)
    hints = found.candidates[0].hints
    assert (hints.title, hints.published) == (title, str(day))
    assert hints.listed_at is not None


async def test_an_unchanged_list_costs_a_conditional_request_for_each_page_within_the_overlap() -> None:
    with serve(government_pages(45)) as site:
        async with open_fetcher(site.settings) as fetcher:
            first = await discover(source_of(site.source_file()), fetcher)
            site.hits.clear()
            again = await discover(source_of(site.source_file()), fetcher, memory=dict(first.validators))
    assert site.paths == ["/dj/", "/dj/index_1.html"]
    assert all(hit.headers["if-none-match"] for hit in site.hits)
    assert (again.candidates, again.stopped) == ((), (Stop.UNCHANGED,))


@pytest.mark.parametrize("validators", [True, False], ids=["with validators", "known by its bytes"])
async def test_an_article_slipped_in_behind_an_unchanged_first_page_is_taken(validators: bool) -> None:
    pages = government_pages(60)
    whole = pages["/dj/index_1.html"]
    without = list_page([n for n in range(21, 41) if n != 30], total=3, current=1)  # type: ignore[arg-type]
    pages["/dj/"] = replace(pages["/dj/"], etag=validators)  # type: ignore[type-var]
    pages["/dj/index_1.html"] = Page(without, etag=validators)
    with serve(pages) as site:
        source = source_of(site.source_file())
        async with open_fetcher(site.settings) as fetcher:
            first = await discover(source, fetcher)
            site.pages["/dj/index_1.html"] = replace(whole, etag=validators)  # type: ignore[type-var]
            have = [c.key for c in first.candidates]
            again = await discover(source, fetcher, have=have, memory=dict(first.validators))
    assert [c.url for c in again.candidates] == [site.base + article_number(30)[0]]


async def test_a_further_page_that_only_repeats_is_not_asked_for_on_quiet_nights() -> None:
    only = list_page(range(1, 21), total=2, current=0)
    with serve({"/dj/": Page(only, etag=True), "/dj/index_1.html": Page(only, etag=True)}) as site:
        source = source_of(site.source_file())
        async with open_fetcher(site.settings) as fetcher:
            first = await discover(source, fetcher)
            site.hits.clear()
            again = await discover(source, fetcher, memory=dict(first.validators))
    assert first.stopped == (Stop.REPEATED,)
    assert (site.paths, again.stopped) == (["/dj/"], (Stop.UNCHANGED,))


async def test_a_list_that_names_nothing_is_seen_to_do_so_every_night() -> None:
    with serve({"/dj/": Page(list_page(range(0), total=1, current=0), etag=True)}) as site:
        source = source_of(site.source_file())
        async with open_fetcher(site.settings) as fetcher:
            first = await discover(source, fetcher)
            again = await discover(source, fetcher, memory=dict(first.validators))
    assert (first.empty, again.empty) == (True, True)


async def test_a_list_of_a_server_without_validators_is_known_by_its_bytes() -> None:
    pages = government_pages(20)
    listing = pages["/dj/"]
    assert isinstance(listing, Page)
    pages["/dj/"] = Page(listing.body)
    with serve(pages) as site:
        async with open_fetcher(site.settings) as fetcher:
            first = await discover(source_of(site.source_file()), fetcher)
            again = await discover(source_of(site.source_file()), fetcher, memory=dict(first.validators))
    assert again.stopped == (Stop.UNCHANGED,)


async def test_reading_stops_one_page_after_the_first_that_is_all_known() -> None:
    with serve(government_pages(95)) as site:
        async with open_fetcher(site.settings) as fetcher:
            source = source_of(site.source_file())
            everything = await discover(source, fetcher)
            site.hits.clear()
            again = await discover(source, fetcher, have=[c.key for c in everything.candidates])
    assert site.paths == ["/dj/", "/dj/index_1.html"]
    assert again.stopped == (Stop.KNOWN,)
    assert len(again.seen) == 40


async def test_a_late_arrival_within_the_overlap_is_taken() -> None:
    with serve(government_pages(60)) as site:
        async with open_fetcher(site.settings) as fetcher:
            source = source_of(site.source_file())
            everything = await discover(source, fetcher)
            late = everything.candidates[33]
            have = [c.key for c in everything.candidates if c is not late]
            again = await discover(source, fetcher, have=have)
    assert [c.key for c in again.candidates] == [late.key]


async def test_a_limit_leaves_the_list_to_be_read_again() -> None:
    with serve(government_pages(45)) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher, limit=7)
    assert len(found.candidates) == 7
    assert found.stopped == (Stop.LIMIT,)
    assert not found.validators


async def test_the_page_cap_ends_an_endless_list() -> None:
    with serve(government_pages(200)) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file(), limits={"pages": 3}), fetcher)
    assert (len(found.candidates), found.stopped) == (60, (Stop.PAGE_CAP,))


async def test_a_window_of_dates_takes_only_its_days_and_stops_when_older() -> None:
    with serve(government_pages(95)) as site:
        async with open_fetcher(site.settings) as fetcher:
            window = {"since": date(2026, 10, 20), "until": date(2026, 10, 31), "backfill": True}
            found = await discover(source_of(site.source_file()), fetcher, **window)
    days = [c.hints.published for c in found.candidates]
    assert (days[0], days[-1], len(days)) == ("2026-10-31", "2026-10-20", 12)
    assert found.stopped == (Stop.SINCE,)
    assert "/dj/index_4.html" not in site.paths
    assert not found.validators


async def test_a_backfill_does_not_stop_at_what_is_known() -> None:
    with serve(government_pages(95)) as site:
        async with open_fetcher(site.settings) as fetcher:
            source = source_of(site.source_file())
            newest = await discover(source, fetcher, limit=80)
            found = await discover(source, fetcher, have=[c.key for c in newest.candidates], backfill=True)
    assert len(found.candidates) == 15


async def test_a_list_without_entries_is_empty_not_a_success() -> None:
    with serve({"/dj/": Page("<html><body><p>栏目调整中</p></body></html>".encode())}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert found.empty
    assert [read.state for read in found.reads] == [ListState.EMPTY]


async def test_a_list_that_repeats_itself_for_ever_is_left() -> None:
    pages = government_pages(20)
    listing = pages["/dj/"]
    assert isinstance(listing, Page)
    body = listing.body.replace(b"createPageHTML(1, 0,", b"createPageHTML(9999, 0,")
    pages["/dj/"] = Page(body)
    pages["/dj/index_1.html"] = Page(body)
    with serve(pages) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert len(found.candidates) == 20
    assert found.stopped == (Stop.REPEATED,)


async def test_a_failed_list_is_a_result_and_says_why() -> None:
    with serve({"/dj/": Page(b"", status=500)}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert found.failed
    assert found.reads[0].error is not None
    assert "http-5xx" in str(found.reads[0].error)


async def test_a_page_that_fails_later_keeps_what_came_before() -> None:
    pages = government_pages(45)
    pages["/dj/index_1.html"] = Page(b"", status=500)
    with serve(pages) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert len(found.candidates) == 20
    assert not found.failed
    assert not found.validators


async def test_foreign_hosts_and_files_are_left_out_with_a_reason() -> None:
    body = """<ul class="list"><li><a href="http://other.example/t1.html">转载</a></li>
    <li><a href="/a.pdf">附件</a></li><li><a href="javascript:;">无</a></li><li><a href="/a.html">党建</a></li></ul>"""
    with serve({"/dj/": Page(body.encode())}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert [c.url for c in found.candidates] == [f"{site.base}/a.html"]
    reasons = [reason.partition(" / ")[2] for _, reason in found.left_out]
    assert reasons == ["on another host", "a file, not a page"]


TURNS = [
    ('createPageHTML(5, 0, "index", "html");', "http://a.cn/dj/index_1.html"),
    ('createPageHTML(5, 3, "index", "html");', "http://a.cn/dj/index_4.html"),
    ('createPageHTML(5, 4, "index", "html");', None),
    ('createPageHTML(1,0,"list","shtml");', None),
    ('createPageHTML(50, 0, "index", "html", 1000)', "http://a.cn/dj/index_1.html"),
    ("createPageHTML('page_div',10,1,'zwgklist','shtml',200);", "http://a.cn/dj/zwgklist_2.shtml"),
    ("createPageHTML('page_div',10,10,'zwgklist','shtml',200);", None),
    ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", None),
    ("no call", None),
]


@pytest.mark.parametrize(("script", "expected"), TURNS)
def test_the_call_in_the_page_tells_the_next_page(script: str, expected: str | None) -> None:
    assert next_by_script(f"<script>{script}</script>", "http://a.cn/dj/index.html") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="index2.html">下一页</a>', "http://a.cn/dj/index2.html"),
        ('<a href="?page=2"> 下一页 > </a>', "http://a.cn/dj/?page=2"),
        ('<a rel="next" href="p2.html">2</a>', "http://a.cn/dj/p2.html"),
        ('<a class="next" data-url="/more?p=2" href="javascript:;">加载更多</a>', "http://a.cn/more?p=2"),
        ('<a href="index3.html"><span>下页</span></a>', "http://a.cn/dj/index3.html"),
        (
            """<a href="javascript:;" onclick="location.href='index_2.jhtml';">下一页</a>""",
            "http://a.cn/dj/index_2.jhtml",
        ),
        ('<li class="next"><a href="/dj/page/2/"><i class="fa"></i></a></li>', "http://a.cn/dj/page/2/"),
        ('<a class="older" href="?p=2">较早的文章 →</a>', "http://a.cn/dj/?p=2"),
        ("<p>[1]<a href=?p=2>[2]</a><a href=?p=3>[3]</a></p>", "http://a.cn/dj/?p=2"),
        ("<p><a href=?p=1>[1]</a> [2] <a href=?p=3>[3]</a></p>", "http://a.cn/dj/?p=3"),
        ("<p>共3页 <a href=?p=2>2</a></p>", None),
        (
            "<a href='javascript:go(2)'>下一页</a><script>function go(p){location.href='l.jsp?page='+p}</script>",
            "http://a.cn/dj/l.jsp?page=2",
        ),
        (
            "<a href='javascript:go(2)'>下一页</a><script>function go(p){f.page.value=p;f.submit()}</script>",
            None,
        ),
        ("<a href=index2.html>[下一页]</a>", "http://a.cn/dj/index2.html"),
        ("<a href=index2.html>下一页 →</a>", "http://a.cn/dj/index2.html"),
        ('<a href="t1.html">下一页社区的故事</a>', None),
        ('<a href="javascript:void(0)">下一页</a>', None),
        (
            '<select onchange="location=this.value"><option value="./">第1页<option value="l2.html">第2页</select>',
            "http://a.cn/dj/l2.html",
        ),
        (
            '<select><option value="./">1<option selected value="l2.html">2<option value="l3.html">3</select>',
            "http://a.cn/dj/l3.html",
        ),
        ('<select><option value="./">1<option selected value="l2.html">2</select>', None),
        ('<select><option value="http://b.cn/">友情链接<option value="http://c.cn/">某县党建</select>', None),
    ],
)
def test_the_link_in_the_page_tells_the_next_page(html: str, expected: str | None) -> None:
    assert next_by_link(parse_page(html), "http://a.cn/dj/") == expected


@pytest.mark.parametrize(
    ("pattern", "second", "step", "number", "expected"),
    [
        ("index_{n}.html", 1, 1, 1, "http://a.cn/dj/index_1.html"),
        ("index{n}.html", 2, 1, 2, "http://a.cn/dj/index3.html"),
        ("?page={n}", 2, 1, 1, "http://a.cn/dj/?page=2"),
        ("?start={n}", 20, 20, 2, "http://a.cn/dj/?start=40"),
    ],
)
def test_a_pattern_tells_the_next_page(pattern: str, second: int, step: int, number: int, expected: str) -> None:
    style = Pagination(style=PageStyle.NUMBERED, pattern=pattern, second=second, step=step)
    assert numbered_address(style, "http://a.cn/dj/", number) == expected


def rules(**more: object) -> ListRules:
    return ListRules.model_validate({"kind": "list", "urls": ["http://a.cn/dj/"], **more})


ITEMS = [
    ('<li><a href="1.html">甲</a> 2024-01-05</li>', "li", ("甲", "2024-01-05")),
    ('<li><a href="1.html" title="党建引领的全名">党建引领...</a><i>01-05</i></li>', "li", ("党建引领的全名", "01-05")),
    ('<li><a href="1.html">支部活动剪影 2024年1月5日</a></li>', "li", ("支部活动剪影", "2024年1月5日")),
    ('<li><a href="1.html"><b>支部</b>活动</a><em>昨天 10:30</em></li>', "li", ("支部活动", "昨天 10:30")),
    ('<li><a href="1.html">3.15主题党日</a></li>', "li", ("3.15主题党日", None)),
    ('<li><a href="1.html"><img src="x"></a><a href="1.html">甲</a></li>', "li", ("甲", None)),
    ('<div><a href="1.html">甲乙丙</a><span>2024/01/05</span></div>', None, ("甲乙丙", "2024/01/05")),
    # A date that begins or ends the sentence stays; one that stands apart goes.
    ('<li><a href="1.html">11月18日起党务公开</a><i>01-05</i></li>', "li", ("11月18日起党务公开", "01-05")),
    ('<li><a href="1.html">2024年1月5日会议公告</a></li>', "li", ("2024年1月5日会议公告", None)),
    (
        '<li><a href="1.html">在大会上的讲话（2024年1月5日）</a></li>',
        "li",
        ("在大会上的讲话（2024年1月5日）", None),
    ),
    ('<li><a href="1.html">[2024-01-05]支部活动剪影</a></li>', "li", ("支部活动剪影", "2024-01-05")),
    ('<li><a href="1.html">支部活动剪影2024-01-05</a></li>', "li", ("支部活动剪影", "2024-01-05")),
    ('<li><a href="1.html">01-05 【连心】支部活动</a></li>', "li", ("【连心】支部活动", "01-05")),
    # Marks before the title that are no part of it, and those that are.
    ('<li><a href="1.html">・支部活动</a></li>', "li", ("支部活动", None)),
    ('<li><a href="1.html"><font color=red>[置顶]</font>支部活动</a></li>', "li", ("支部活动", None)),
    ('<li><a href="1.html"><i>3</i><em>[党建]</em>支部活动</a></li>', "li", ("支部活动", None)),
    ('<li><a href="1.html">[图解]支部活动</a></li>', "li", ("[图解]支部活动", None)),
    ('<li><a href="1.html"><b>3</b>月主题党日</a></li>', "li", ("3月主题党日", None)),
    ('<li><a href="1.html"><span class="tag">视听</span>支部活动</a></li>', "li", ("支部活动", None)),
    ('<li><a href="1.html"><span>视频</span>支部活动</a></li>', "li", ("支部活动", None)),
    ('<li><a href="1.html"><p class="news">通知</p><p>01-05</p></a></li>', "li", ("通知", "01-05")),
    ('<li><a href="1.html" title="点击查看：支部活动">支部活动</a></li>', "li", ("支部活动", None)),
    ('<li><a href="1.html" title="点击查看：支部活动剪影">支部活动...</a></li>', "li", ("支部活动剪影", None)),
    ('<li><a href="1.html" title="“支部活动”剪影">支部活动</a></li>', "li", ("“支部活动”剪影", None)),
    ('<li><a href="1.html">支部活动</a><i>26-01-28</i></li>', "li", ("支部活动", "2026-01-28")),
    ('<li><a href="1.html"><i>01</i><span>支部活动</span><span>01-05</span></a></li>', "li", ("支部活动", "01-05")),
    # Days of deadlines are not those of publication.
    (
        '<li><a href="1.html">支部活动</a><b>截止日期：</b><i>2024-02-05</i><b>发布日期：</b><i>2024-01-05</i></li>',
        "li",
        ("支部活动", "2024-01-05"),
    ),
    ('<li><a href="1.html">支部活动</a><p>报名截止时间：2024-02-05</p></li>', "li", ("支部活动", None)),
    # Functions of the page that open an address.
    (
        "<li><a href='#' onclick=\"show('1')\">支部活动</a></li><script>function show(id){open(id+'.html')}</script>",
        "li",
        ("支部活动", None),
    ),
    (
        "<li><a href='javascript:go(1)'>支部活动</a></li><script>go=function(n){location=n+'.html'}</script>",
        "li",
        ("支部活动", None),
    ),
    # A short title beside a button that says where it leads.
    ('<li><p><a href="2.html">[详细]</a></p><a href="1.html">通知</a></li>', "li", ("通知", None)),
    # Scripts that make links of other things.
    ('<li><a href="javascript:void(0)" data-url="1.html">支部活动</a></li>', "li", ("支部活动", None)),
    ("<li><a href=\"javascript:toPage('1.html')\">支部活动</a></li>", "li", ("支部活动", None)),
    ('<li data-href="1.html"><p>支部活动</p><p>2024-01-05</p></li>', "li", ("支部活动", "2024-01-05")),
]


@pytest.mark.parametrize(("html", "item", "expected"), ITEMS)
def test_an_item_gives_title_and_date(html: str, item: str | None, expected: tuple[str | None, str | None]) -> None:
    entry = next(iter(read_entries(parse_page(html), "http://a.cn/dj/", rules(item=item))))
    assert (entry.url, entry.title, entry.published) == ("http://a.cn/dj/1.html", *expected)


MONTHS = [
    ("<h3>2025年12月</h3><ul><li><a href=1.html>支部活动</a><i>05日</i></li></ul>", "2025-12-05"),
    ("<h3>2025年</h3><div><ul><li><a href=1.html>支部活动</a><i>12-05</i></li></ul></div>", "2025-12-05"),
    (
        "<dl><dt>2025年11月</dt><dd>专题</dd><dt>2025-12</dt><dd><a href=1.html>支部活动</a> <b>5日</b></dd></dl>",
        "2025-12-05",
    ),
    ("<h3>2025年党建工作</h3><ul><li><a href=1.html>支部活动</a><i>12-05</i></li></ul>", "12-05"),
    ("<h3>2025年12月</h3><ul><li><a href=1.html>支部活动</a><i>2024-03-05</i></li></ul>", "2024-03-05"),
]


@pytest.mark.parametrize(("html", "day"), MONTHS)
def test_a_day_belongs_to_the_month_or_year_over_its_group(html: str, day: str) -> None:
    entry = next(iter(read_entries(parse_page(html), "http://a.cn/", rules(item="li, dd:has(a)"))))
    assert (entry.title, entry.published) == ("支部活动", day)


TURNS_TAKEN = (
    "<p class=t><a href=1.html>支部活动</a></p><p class=d>发布时间：2025-12-05 来源：办公室</p>"
    "<p class=t><a href=2.html>二</a></p><p class=d>2025-12-04</p>"
)
SPANNED = (
    "<table><tr><td rowspan=2>2025-12-05</td><td><a href=0.html>一</a></td></tr>"
    "<tr><td><a href=1.html>支部活动</a></td></tr></table>"
)
BESIDE = [(TURNS_TAKEN, "p.t"), (SPANNED, "tr + tr")]


@pytest.mark.parametrize(("html", "item"), BESIDE, ids=["in the next line", "in a cell that spans rows"])
def test_a_day_may_stand_outside_of_the_entry(html: str, item: str) -> None:
    entry = next(iter(read_entries(parse_page(html), "http://a.cn/", rules(item=item))))
    assert (entry.title, entry.published) == ("支部活动", "2025-12-05")


def test_the_line_behind_the_last_entry_is_no_date_of_it() -> None:
    page = "<ul><li><a href=1.html>支部活动</a></li></ul><p>今天是2026年11月22日</p>"
    assert [e.published for e in read_entries(parse_page(page), "http://a.cn/", rules(item="ul"))] == [None]


async def test_entries_inside_comments_are_seen_when_the_file_says_so() -> None:
    body = '<ul class="list"><!--<li><a href="/a.html">甲</a><span>2026-11-20</span></li>--></ul>'
    with serve({"/dj/": Page(body.encode())}) as site:
        text = site.source_file().replace("  item: ul.list li", "  item: ul.list li\n  comments: true")
        async with open_fetcher(site.settings) as fetcher:
            assert (await discover(source_of(site.source_file()), fetcher)).empty
            found = await discover(source_of(text), fetcher)
    assert [c.hints.title for c in found.candidates] == ["甲"]


SCRIPTED = """<ul id="SUBD1"></ul><script>var itemA=[];itemA=[
{'link_add':'/2026/11/20/ARTI1795150000000001.shtml','title':'第一篇','brief':'2026-11-20 08:00:00','content':''},
{'link_add':'/2026/11/19/ARTI1795150000000002.shtml','title':'带\\'引号\\'的第二篇','brief':'2026-11-19','content':''},
{'link_add':'/2026/11/18/ARTI1795150000000003.shtml','title':'被截断的...','brief':'被截断的标题的全文','content':''},];
</script>"""


async def test_entries_in_a_script_are_read_with_their_whole_titles() -> None:
    with serve({"/dj/": Page(SCRIPTED.encode())}) as site:
        text = site.source_file().replace(
            "  item: ul.list li\n  date: span",
            ("  script: {array: 'item\\w*=', url: link_add, title: title, date: brief}"),
        )
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(text), fetcher)
    assert [(c.hints.title, c.hints.published) for c in found.candidates] == [
        ("第一篇", "2026-11-20 08:00:00"),
        ("带'引号'的第二篇", "2026-11-19"),
        ("被截断的标题的全文", None),
    ]


async def test_a_list_in_gbk_is_read_whatever_it_declares() -> None:
    pages = government_pages(3)
    listing = pages["/dj/"]
    assert isinstance(listing, Page)
    pages["/dj/"] = Page(listing.body.decode().encode("gbk"), content_type="text/html; charset=utf-8")
    with serve(pages) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source_of(site.source_file()), fetcher)
    assert found.candidates[0].hints.title == article_number(1)[1]


@pytest.mark.skipif(SHARED is None, reason="DANGJIAN_SHARED is not set")
def test_saved_lists_give_every_entry_they_are_known_to_have() -> None:
    folder = Path(SHARED or "") / "data" / "lists"
    selectors = {"list/08_gov-list.html": "ul li", "list/01_gerapy-list.html": None}
    for line in (folder / "lists.jsonl").read_text("utf8").splitlines():
        known = json.loads(line)
        if known["path"] not in selectors:
            continue
        text = (folder / known["path"]).read_bytes().decode()
        base = known["gt_list"][0]["url"]
        entries = {
            e.url: e for e in read_entries(parse_page(text, comments=True), base, rules(item=selectors[known["path"]]))
        }
        for item in known["gt_list"]:
            assert entries[item["url"]].title == " ".join(item["title"].split())
            assert entries[item["url"]].published == item["date"]
