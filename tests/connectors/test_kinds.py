"""Every other kind of source: feeds, sitemaps, interfaces, jpage lists, newspapers, single pages."""

import gzip
import json
import os
from datetime import date, datetime
from pathlib import Path

import pytest

from connectors.dotted import pick
from connectors.epapers import layout_of
from connectors.feeds import read_feed
from connectors.http import open_fetcher
from connectors.jpage import read_records
from connectors.js_values import NotAValueError, find_arrays, read_answer
from connectors.kinds import connector_for
from connectors.list_dates import date_in_address, find_date_text, read_day
from connectors.protocol import Discovery, Stop
from connectors.sitemaps import read_sitemap
from connectors.walk import ListError
from models.records import Origin
from tests.connectors.asking import NOW, discover, source_of
from tests.connectors.site import Hit, Page, article_number, feed, government_pages, query_of, serve

SHARED = os.environ.get("DANGJIAN_SHARED")
HEAD = "name: 试\nverified: own-page\npace: {delay: 0}\n"


async def found_on(pages: dict, discover_text: str, **more: object) -> tuple[Discovery, list[str]]:
    """What a source finds on a site of these pages, and what it asked for."""
    with serve(pages) as site:
        source = source_of(HEAD + discover_text.replace("BASE", site.base), **more)
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source, fetcher)
        base = site.base
        asked = [path for path in site.paths if path != "/robots.txt"]
    assert all(c.url.startswith(base) for c in found.candidates)
    return found, asked


def titles(found: Discovery) -> list[str | None]:
    return [candidate.hints.title for candidate in found.candidates]


# -- feeds -----------------------------------------------------------------------------------------------------------

FEED = "discover: {kind: feed, urls: [BASE/feed.xml]}\n"


async def test_a_feed_names_its_articles_with_dates_as_printed() -> None:
    found, asked = await found_on(government_pages(5), FEED)
    assert titles(found) == [article_number(n)[1] for n in range(1, 6)]
    assert found.candidates[0].hints.published == "Fri, 20 Nov 2026 01:30:00 GMT"
    assert found.candidates[0].hints.published_origin is Origin.FEED
    assert asked == ["/feed.xml"]


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/html", "application/octet-stream"])
async def test_a_feed_under_a_wrong_type_is_a_feed(content_type: str) -> None:
    found, _ = await found_on({"/feed.xml": Page(feed(3), content_type=content_type)}, FEED)
    assert len(found.candidates) == 3


GBK = feed(1).decode().replace('encoding="UTF-8"', 'encoding="gb2312"').encode("gbk")
FEEDS = [
    ("gbk declared gb2312", GBK, "application/xml"),
    ("gbk declared utf-8", feed(1).decode().encode("gbk"), "text/xml; charset=utf-8"),
    ("utf-8 with byte order mark", b"\xef\xbb\xbf" + feed(1), "application/xml"),
    ("blank line before the declaration", b"\n\n" + feed(1), "application/xml"),
    ("control characters", feed(1).replace(b"<title>", b"<title>\x08\x00", 2), "application/xml"),
    ("cut at the end", feed(2)[: feed(2).rindex(b"<item>") + 9], "application/xml"),
    ("a bare ampersand", feed(1).replace("活动".encode(), "活动 & 其他".encode()), "application/xml"),
]


@pytest.mark.parametrize(("case", "body", "kind"), FEEDS, ids=[case for case, _, _ in FEEDS])
def test_a_damaged_feed_gives_what_it_still_holds(case: str, body: bytes, kind: str) -> None:
    entries = list(read_feed(body, kind, "http://a.cn/feed.xml"))
    assert entries[0].url == "http://a.cn" + article_number(1)[0]
    assert (entries[0].title or "").replace(" & 其他", "") == article_number(1)[1]


def test_atom_and_rdf_are_feeds_too() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>先锋</title><entry><title>甲</title>
    <link href="/a.html"/><updated>2026-11-20T08:00:00+08:00</updated></entry></feed>"""
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <channel><title>先锋</title></channel><item><title>乙</title><link>http://a.cn/b.html</link></item></rdf:RDF>"""
    assert [e.url for e in read_feed(atom.encode(), "", "http://a.cn/x")] == ["http://a.cn/a.html"]
    assert [e.title for e in read_feed(rdf.encode(), "", "http://a.cn/x")] == ["乙"]


def test_xml_of_a_site_of_its_own_gives_the_addresses_it_names() -> None:
    body = "<news><item><id>7</id><title>甲</title><url>/info/7.html</url></item><item><id>8</id><title>乙</title></item></news>"  # noqa: E501
    assert [(e.url, e.title) for e in read_feed(body.encode(), "", "http://a.cn/x.xml")] == [
        ("http://a.cn/info/7.html", "甲")
    ]


def test_entities_of_a_feed_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{bomb}<!ENTITY x SYSTEM "file://{secret}">]>
    <rss version="2.0"><channel><item><title>甲&x;&l11;</title><link>http://a.cn/1</link></item></channel></rss>"""
    entries = list(read_feed(body.encode(), "application/xml", "http://a.cn/"))
    text = repr(entries)
    assert "机密" not in text
    assert len(text) < 1000


def test_a_feed_whose_body_is_the_name_of_a_file_opens_no_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(feed(1))
    with pytest.raises(ListError):
        list(read_feed(str(file).encode(), "application/xml", "http://a.cn/"))


@pytest.mark.parametrize("body", ["<html><body><h1>404</h1></body></html>", "not found", '{"code": 500}'])
def test_a_page_under_the_name_of_a_feed_says_what_stands_there(body: str) -> None:
    with pytest.raises(ListError, match="expected RSS"):
        list(read_feed(body.encode(), "application/rss+xml", "http://a.cn/"))


RSSHUB_ERROR = """<html><title>Welcome to RSSHub!</title><body><h1>Looks like something went wrong</h1>
<p>Error Message:<br/>route is empty</p></body></html>"""


async def test_the_error_page_of_an_instance_is_named_and_the_next_instance_asked() -> None:
    pages = {
        "/one/12371/zxfb": Page(RSSHUB_ERROR.encode()),
        "/two/12371/zxfb": Page(feed(4), content_type="application/xml"),
    }
    text = "discover: {kind: rsshub, instances: [BASE/one, BASE/two/], routes: [/12371/zxfb]}\n"
    text += "hosts: {allow: [127.0.0.1]}"
    found, asked = await found_on(pages, text)
    assert asked == ["/one/12371/zxfb", "/two/12371/zxfb"]
    assert len(found.candidates) == 4
    assert "route is empty" in str(found.reads[0].error)


@pytest.mark.skipif(SHARED is None, reason="DANGJIAN_SHARED is not set")
def test_a_saved_feed_of_an_instance_is_read() -> None:
    body = (Path(SHARED or "") / "data/lists/feed/13_handmade.xml").read_bytes()
    (entry,) = read_feed(body, "application/xml", "http://localhost:1200/")
    assert (entry.author, entry.published) == ("趣头条", "Tue, 25 Jan 2022 01:26:43 GMT")


# -- sitemaps --------------------------------------------------------------------------------------------------------

NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{base}/n1/2026/1119/c1-2.html</loc><lastmod>2026-11-19</lastmod></url>
<url><loc>{base}/n1/2026/1120/c1-1.html</loc><lastmod>2026-11-21</lastmod><news:news>
<news:publication_date>2026-11-20T08:00:00+08:00</news:publication_date><news:title>新 闻</news:title></news:news></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{base}/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
<sitemap><loc>{base}/new.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>
<sitemap><loc>http://other.example/x.xml</loc></sitemap></sitemapindex>"""


async def test_an_index_leads_to_its_maps_newest_first_also_gzipped() -> None:
    pages: dict = {}
    with serve(pages) as site:
        pages = site.pages
        pages["/index.xml"] = Page(INDEX.format(base=site.base).encode(), content_type="text/xml")
        pages["/new.xml.gz"] = Page(
            gzip.compress(NEWS.format(base=site.base).encode()), content_type="application/gzip"
        )
        pages["/old.xml"] = Page(NEWS.format(base=site.base).encode(), content_type="text/xml")
        source = source_of(HEAD + f"discover: {{kind: sitemap, urls: [{site.base}/index.xml]}}")
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source, fetcher)
    assert [path for path in site.paths if path != "/robots.txt"] == ["/index.xml", "/new.xml.gz", "/old.xml"]
    assert [(c.hints.title, c.hints.published) for c in found.candidates] == [
        ("新 闻", "2026-11-20T08:00:00+08:00"),
        (None, "2026-11-19"),
    ]
    assert not found.failed


async def test_only_the_maps_that_the_file_names_are_read() -> None:
    pages: dict = {}
    with serve(pages) as site:
        site.pages["/index.xml"] = Page(INDEX.format(base=site.base).encode(), content_type="text/xml")
        site.pages["/old.xml"] = Page(NEWS.format(base=site.base).encode(), content_type="text/xml")
        source = source_of(HEAD + f"discover: {{kind: sitemap, urls: [{site.base}/index.xml], maps: ['/old']}}")
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source, fetcher)
    assert "/new.xml.gz" not in site.paths
    assert len(found.candidates) == 2


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>404</body></html>", b"\x1f\x8bbroken", gzip.compress(b"x" * 99, mtime=0)[:-9]]
)
def test_what_is_no_sitemap_says_so(body: bytes) -> None:
    with pytest.raises(ListError, match="sitemap"):
        read_sitemap(body, "http://a.cn/sitemap.xml")


def test_entities_of_a_sitemap_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("http://a.cn/secret")
    body = f"""<!DOCTYPE u [<!ENTITY x SYSTEM "file://{secret}">]>
    <urlset><url><loc>&x;</loc></url><url><loc>http://a.cn/1</loc></url></urlset>"""
    entries, _ = read_sitemap(body.encode(), "http://a.cn/")
    assert [entry.url for entry in entries] == ["http://a.cn/1"]


# -- interfaces ------------------------------------------------------------------------------------------------------


def rows(page: int) -> list[dict[str, object]]:
    return [
        {"id": number, "name": f"第<em>{number}</em>篇", "when": "2026-11-20 10:00", "from": {"name": "县报"}}
        for number in range((page - 1) * 2 + 1, (page - 1) * 2 + 3)
        if number <= 5
    ]


def interface(hit: Hit) -> Page:
    fields = query_of(hit) or json.loads(hit.body or b"{}")
    body = json.dumps({"data": {"results": [{"source": row} for row in rows(int(fields["p"]))]}}).encode()
    return Page(b"callback_search(" + body + b");" if "callback" in fields else body, content_type="application/json")


PATHS = "items: data.results.*.source, title: name, date: when, medium: from.name, article_url: 'BASE/a/{id}.html'"
INTERFACES = [
    f"discover: {{kind: json, urls: ['BASE/api?p={{n}}'], {PATHS}}}",
    f"discover: {{kind: json, urls: ['BASE/api?callback=x&p={{n}}'], {PATHS}}}",
    f"discover: {{kind: json, urls: ['BASE/api'], method: POST, form: {{p: '{{n}}'}}, {PATHS}}}",
    f"discover: {{kind: json, urls: ['BASE/api'], method: POST, json_body: '{{\"p\": {{n}}}}', {PATHS}}}",
]


@pytest.mark.parametrize("text", INTERFACES, ids=["get", "jsonp", "form", "json"])
async def test_an_interface_is_read_page_by_page_by_dotted_paths(text: str) -> None:
    found, asked = await found_on({"/api": interface}, text)
    assert titles(found) == ["第1篇", "第2篇", "第3篇", "第4篇", "第5篇"]
    assert [c.url[-9:] for c in found.candidates][:2] == ["/a/1.html", "/a/2.html"]
    assert found.candidates[0].hints.medium == "县报"
    assert len(asked) == 4  # the fourth is empty
    assert found.stopped == (Stop.END,)


async def test_an_array_in_a_variable_is_read_and_its_outer_links_preferred() -> None:
    body = """var _totalCnt=2;//总数
    var MI4 = [{"title":"甲","url":"/a.html","external_link":""},
    {"title":"乙","url":"/b.html","external_link":"/c.html"}]"""
    text = "discover: {kind: json, urls: ['BASE/x.js'], variable: MI4, url: external_link|url}"
    found, _ = await found_on({"/x.js": Page(body.encode(), content_type="application/javascript")}, text)
    assert [c.url.rsplit("/", 1)[1] for c in found.candidates] == ["a.html", "c.html"]


async def test_an_article_whose_text_comes_with_the_list_needs_no_further_request() -> None:
    body = json.dumps([{"url": "/a.html", "title": "甲", "content": "<p>正文&nbsp;一</p>"}]).encode()
    text = "discover: {kind: json, urls: ['BASE/x.json'], text: content}"
    found, asked = await found_on({"/x.json": Page(body, content_type="application/json")}, text)
    assert asked == ["/x.json"]
    assert found.pages[0].body == "<p>正文&nbsp;一</p>".encode()
    assert found.pages[0].key == found.candidates[0].key


async def test_an_interface_that_answers_with_something_else_says_what_was_expected() -> None:
    pages = {"/api": Page(b'{"code": 1, "msg": "no"}', content_type="application/json")}
    found, _ = await found_on(pages, "discover: {kind: json, urls: ['BASE/api'], items: data.list}")
    assert found.failed
    assert "data.list" in str(found.reads[0].error)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b", [1, 2]),
        ("c.*.d", [3, 4]),
        ("e.f", [5]),
        ("c.1.d", [4]),
        ("x.y", None),
        ("x.*.y", None),
        ("g.*.y", []),
    ],
)
def test_a_dotted_path_reaches_into_lists_and_nested_json(path: str, expected: list[int] | None) -> None:
    assert pick({"a": {"b": [1, 2]}, "c": [{"d": 3}, {"d": 4}], "e": '{"f": 5}', "g": []}, path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        ("cb({'a': 'it\\'s', b: [1, 2.5, true, null,],});", {"a": "it's", "b": [1, 2.5, True, None]}),
        ("/**/jQuery123_4( [1] )", [1]),
        ('\ufeff["\\u515a"]', ["党"]),
        ("[{'a':'党\\x41'} /* note */, // line\n {}]", [{"a": "党A"}, {}]),
    ],
)
def test_values_in_scripts_are_read(text: str, expected: object) -> None:
    assert read_answer(text) == expected


@pytest.mark.parametrize("text", ["", "<html>", "cb(", "[" * 5000, "{'a':", "{a 1}", "['x", "cb({'a': b c})"])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(NotAValueError):
        read_answer(text)


def test_every_array_after_a_mark_is_found() -> None:
    assert list(find_arrays("var i1=[];i1=[{'a':1}];i2 = [2]; i3=x", r"i\d\s*=")) == [[], [{"a": 1}], [2]]


# -- jpage -----------------------------------------------------------------------------------------------------------

JPAGE = """discover:
  kind: jpage
  urls: [BASE/module/web/jpage/dataproxy.jsp]
  per_page: 20
  form: {columnid: '80179', unitid: '1'}
  item: li
"""


def dataproxy(hit: Hit) -> Page:
    """The whole window twice as large as asked for, as these servers do."""
    fields = query_of(hit)
    assert fields["columnid"] == "80179"
    start, end = int(fields["startrecord"]), int(fields["endrecord"]) + 10
    records = "".join(
        f"<record><![CDATA[<li><a href='/art/2026/11/{20 - n // 5}/art_80179_{n}.html' title='第{n}篇'>第{n}…</a>"
        f"<b>2026-11-{20 - n // 5}</b></li>]]></record>"
        for n in range(start, min(end, 50) + 1)
    )
    body = f"<datastore><totalrecord>50</totalrecord><recordset>{records}</recordset></datastore>"
    return Page(body.encode(), content_type="text/xml")


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_jpage_list_names_every_record_once(method: str) -> None:
    found, asked = await found_on({"/module/web/jpage/dataproxy.jsp": dataproxy}, JPAGE + f"  method: {method}\n")
    assert titles(found) == [f"第{n}篇" for n in range(1, 51)]
    assert len(asked) <= 3
    assert found.stopped in ((Stop.END,), (Stop.REPEATED,))


@pytest.mark.skipif(SHARED is None, reason="DANGJIAN_SHARED is not set")
def test_saved_jpage_lists_give_every_record() -> None:
    folder = Path(SHARED or "") / "data" / "lists"
    rules = source_of(HEAD + JPAGE.replace("BASE", "http://a.cn")).discover
    checked = 0
    for line in (folder / "lists.jsonl").read_text("utf8").splitlines():
        known = json.loads(line)
        if known["group"] != "jpaas-xml":
            continue
        text = (folder / known["path"]).read_text("utf8")
        entries = {e.url: e for e in read_records(text, known["gt_list"][0]["url"], rules)}  # type: ignore[arg-type]
        for item in known["gt_list"]:
            assert entries[item["url"]].published == item["date"]
            assert entries[item["url"]].title == " ".join(item["title"].split())
            checked += 1
    assert checked == 228


# -- newspapers ------------------------------------------------------------------------------------------------------

EPAPER = """discover:
  kind: epaper
  days: 2
  layouts:
    - {issue: 'BASE/old/%Y-%m/%d/node_1.htm', pages: 'a#pageLink', articles: 'area', valid_until: 2020-12-31}
    - {issue: 'BASE/pc/%Y%m/%d/node_01.html', pages: '.pages a', articles: 'ul.news a', valid_from: 2021-01-01}
"""


def issue(page: int) -> bytes:
    links = "".join(f'<a href="node_0{n}.html">第0{n}版</a>' for n in (1, 2, 3))
    news = "".join(f'<li><a href="content_{page}{n}.html">版{page}文{n}</a></li>' for n in (1, 2)) if page != 2 else ""
    return f'<div class="pages">{links}</div><ul class="news">{news}</ul>'.encode()


async def test_a_newspaper_is_read_page_by_page_and_rests_on_holidays() -> None:
    pages = {f"/pc/202611/22/node_0{page}.html": Page(issue(page)) for page in (1, 2, 3)}
    found, asked = await found_on(pages, EPAPER + "home: BASE/\n")
    assert titles(found) == ["版1文1", "版1文2", "版3文1", "版3文2"]
    assert {c.hints.published for c in found.candidates} == {"2026-11-22"}
    assert asked[-1] == "/pc/202611/21/node_01.html"
    assert not any(read.error for read in found.reads)


async def test_an_issue_behind_a_refresh_is_reached() -> None:
    refresh = '<meta http-equiv="Refresh" content="0; URL=node_02.html">'
    pages = {"/pc/202611/22/node_01.html": Page(refresh.encode()), "/pc/202611/22/node_02.html": Page(issue(3))}
    found, _ = await found_on(pages, EPAPER + "home: BASE/\n")
    assert "版3文1" in titles(found)


async def test_the_issue_before_is_no_page_of_this_one() -> None:
    """上一期 links the first page of another day, which has the same name in another folder."""
    earlier = '<div class="pages"><a href="../../202611/19/node_01.html">上一期</a></div>'
    earlier += '<ul class="news"><li><a href="../../202611/19/content_11.html">往期回顾</a></li></ul>'
    page = Page(earlier.encode() + issue(1))
    pages = {"/pc/202611/22/node_01.html": page, "/pc/202611/19/node_01.html": Page(issue(3))}
    found, asked = await found_on(pages, EPAPER + "home: BASE/\n")
    assert titles(found) == ["版1文1", "版1文2"]
    assert "/pc/202611/19/node_01.html" not in asked


async def test_a_page_that_is_missing_costs_no_other_page_of_the_issue() -> None:
    pages = {f"/pc/202611/22/node_0{page}.html": Page(issue(page)) for page in (1, 3)}
    found, _ = await found_on(pages, EPAPER + "home: BASE/\n")
    assert titles(found) == ["版1文1", "版1文2", "版3文1", "版3文2"]
    (failed,) = [read for read in found.reads if read.error]
    assert failed.url.endswith("/pc/202611/22/node_02.html")


def test_the_layout_of_a_day_is_that_of_its_time() -> None:
    rules = source_of(HEAD + EPAPER.replace("BASE", "http://a.cn")).discover
    assert layout_of(rules, date(2020, 12, 31)).articles == "area"  # type: ignore[arg-type,union-attr]
    assert layout_of(rules, date(2021, 1, 1)).articles == "ul.news a"  # type: ignore[arg-type,union-attr]


# -- single pages ----------------------------------------------------------------------------------------------------


async def test_single_pages_are_named_once_and_fetched() -> None:
    with serve(government_pages(3)) as site:
        path = article_number(1)[0]
        text = f"discover: {{kind: page, urls: ['{site.base}{path}', '{site.base}{path}?utm_source=x']}}"
        source = source_of(HEAD + text)
        async with open_fetcher(site.settings) as fetcher:
            found = await discover(source, fetcher)
            again = await discover(source, fetcher, have=[c.key for c in found.candidates])
            page = await connector_for(source).fetch(found.candidates[0], source, fetcher)
    assert len(found.candidates) == 1
    assert not again.candidates
    assert page is not None
    assert "支部".encode() in page.body


# -- dates -----------------------------------------------------------------------------------------------------------

DAYS = [
    ("2024-01-05", date(2024, 1, 5)),
    ("[2024-01-05]", date(2024, 1, 5)),
    ("2024年1月5日 10:30", date(2024, 1, 5)),
    ("2024/1/5", date(2024, 1, 5)),
    ("2024.01.05", date(2024, 1, 5)),
    ("20240105", date(2024, 1, 5)),
    ("01-05", date(2026, 1, 5)),
    ("12-30", date(2025, 12, 30)),
    ("昨天 10:30", date(2026, 11, 21)),
    ("3小时前", date(2026, 11, 22)),
    ("2天前", date(2026, 11, 20)),
    ("Tue, 25 Jan 2022 17:26:43 GMT", date(2022, 1, 26)),
    ("2026-11-20T23:30:00Z", date(2026, 11, 21)),
    ("1646954732", date(2022, 3, 11)),
    ("1646954732000", date(2022, 3, 11)),
    ("2199-01-01", None),
    ("2024-02-31", None),
    ("第3-4期", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_the_day_of_an_entry(text: str, expected: date | None) -> None:
    assert read_day(text, NOW) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.cn/n1/2024/0108/c1-2.html", date(2024, 1, 8)),
        ("http://a.cn/202401/t20240108_1.html", date(2024, 1, 8)),
        ("http://a.cn/art/2025/9/1/art_1_2.html", date(2025, 9, 1)),
        ("http://a.cn/2024-01/08/c_1130019251.htm", date(2024, 1, 8)),
        ("http://a.cn/1130019251.htm", None),
    ],
)
def test_the_day_in_an_address(url: str, expected: date | None) -> None:
    assert date_in_address(url) == expected


def test_a_number_in_a_title_is_no_date() -> None:
    assert find_date_text("“3.15”主题党日 1-2月小结") is None
    assert isinstance(NOW, datetime)
