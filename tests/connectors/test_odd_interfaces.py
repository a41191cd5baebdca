"""Answers of interfaces as they are, not as they should be: dates in every shape, holes, pages beyond the last."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from connectors.declaration import JpageRules, Pace
from connectors.dotted import address_of, date_at
from connectors.http import open_fetcher
from connectors.jpage import find_proxy, read_records
from connectors.list_dates import read_day
from connectors.probe import find_list, probe
from connectors.probe_data import find_interface
from connectors.register import single_page
from tests.connectors.asking import NOW, discover, source_of
from tests.connectors.site import Hit, Page, query_of, serve


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe waits a second between two requests; these sites are our own."""
    hurried = Pace(delay=0)
    monkeypatch.setattr(
        "connectors.probe.single_page", lambda url: single_page(url).model_copy(update={"pace": hurried})
    )


DAYS = [
    ("2026-11-20 09:00:00", "2026-11-20 09:00:00"),
    (1795136400, "2026-11-20 09:00:00+08:00"),
    (1795136400000, "2026-11-20 09:00:00+08:00"),
    ("1795136400000", "2026-11-20 09:00:00+08:00"),
    (1795136400.0, "2026-11-20 09:00:00+08:00"),
    ("/Date(1795136400000)/", "2026-11-20 09:00:00+08:00"),
    ("/Date(1795136400000+0800)/", "2026-11-20 09:00:00+08:00"),
    ([2026, 11, 20, 9, 0], "2026-11-20"),
    (20261120, "20261120"),
    ("20261120093000", "20261120093000"),
    ("Nov 20, 2026 9:00:00 AM", "Nov 20, 2026 9:00:00 AM"),
    ("<i>2026-11-20</i>&nbsp;", "2026-11-20"),
]


@pytest.mark.parametrize(("value", "printed"), DAYS, ids=[str(value) for value, _ in DAYS])
def test_a_date_of_an_interface_can_be_read(value: Any, printed: str) -> None:
    given = date_at({"day": value}, "day")
    assert given == printed
    assert read_day(given, NOW) == date(2026, 11, 20)


@pytest.mark.parametrize("value", [None, "", 0, 7, [], [1, 2], {}, "待定"])
def test_what_is_no_date_is_none(value: Any) -> None:
    assert read_day(date_at({"day": value}, "day"), NOW) is None


def test_an_address_with_a_hole_is_none() -> None:
    made = "/info/{cid}/{id}.html"
    assert address_of({"id": 5, "cid": "dj"}, None, made) == "/info/dj/5.html"
    assert address_of({"id": 5, "cid": None}, None, made) == ""


TITLES = [f"第{number}个支部的“板凳会”" for number in range(1, 9)]
ROWS = [{"title": title, "url": f"/a/{n}.html", "date": f"2026-11-{20 - n}"} for n, title in enumerate(TITLES)]
HOLES = [{"title": None, "url": None, "date": None}, {"id": 3}]
ENVELOPES = {
    "a list": ROWS,
    "objects that serve as a list": {"data": {str(n): row for n, row in enumerate(ROWS)}},
    "groups by day": {"data": [{"day": "2026-11-20", "items": ROWS[:4]}, {"day": "2026-11-19", "items": ROWS[4:]}]},
    "json within json": {"d": json.dumps(ROWS)},
    "holes between": {"rows": [one for row in ROWS for one in (row, *HOLES)]},
    "advertisements beside": {"ads": [{"img": f"/{n}.jpg", "link": f"/ad/{n}"} for n in range(9)], "rows": ROWS},
}


@pytest.mark.parametrize("name", ENVELOPES)
async def test_every_article_of_an_answer_is_found_and_read_again(name: str) -> None:
    body = json.dumps(ENVELOPES[name], ensure_ascii=False)
    with serve({"/list": Page(body.encode(), content_type="application/json")}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(f"{site.base}/list", fetcher)
            text = f"name: 试\nverified: own-page\npace: {{delay: 0}}\ndiscover: {json.dumps(found.discover)}"
            read = await discover(source_of(text), fetcher)
    assert [(entry.title, entry.published) for entry in found.entries] == [(r["title"], r["date"]) for r in ROWS]
    assert [(c.hints.title, c.hints.published) for c in read.candidates] == [(r["title"], r["date"]) for r in ROWS]


def test_titles_of_a_field_without_a_telling_name_are_told_by_their_look() -> None:
    rows = [{"a1": row["title"] + "激发基层治理活力", "a2": "党建办", "a3": row["url"]} for row in ROWS]
    ((settings, _),) = find_interface(json.dumps(rows), "http://a.cn/list")
    assert (settings["title"], settings["url"]) == ("a1", "a3")


@pytest.mark.parametrize("end", ['{"data": null}', '{"data": {"list": null}}', '{"data": {"list": []}}'])
async def test_an_interface_ends_where_it_says_null(end: str) -> None:
    pages = {
        "/list?p=1": Page(json.dumps({"data": {"list": ROWS}}).encode(), content_type="application/json"),
        "/list?p=2": Page(end.encode(), content_type="application/json"),
    }
    with serve(pages) as site:
        text = "name: 试\nverified: own-page\npace: {delay: 0}\n"
        text += f"discover: {{kind: json, urls: ['{site.base}/list?p={{n}}'], items: data.list}}"
        async with open_fetcher(site.settings) as fetcher:
            read = await discover(source_of(text), fetcher)
    assert len(read.candidates) == len(ROWS)
    assert [one.error for one in read.reads] == [None, None]


@pytest.mark.parametrize("answer", ['{"data": null}', '{"code": 500}'])
async def test_a_first_page_without_a_list_is_a_failure(answer: str) -> None:
    with serve({"/list": Page(answer.encode(), content_type="application/json")}) as site:
        text = "name: 试\nverified: own-page\npace: {delay: 0}\n"
        text += f"discover: {{kind: json, urls: ['{site.base}/list'], items: data.list}}"
        async with open_fetcher(site.settings) as fetcher:
            read = await discover(source_of(text), fetcher)
    assert read.failed


# -- jpage -----------------------------------------------------------------------------------------------------------

RULES = JpageRules.model_validate({"kind": "jpage", "urls": ["http://a.cn/"]})
ITEM = "<li><a href='/art/2026/11/20/art_1_5.html'>支部的板凳会</a><b>2026-11-20</b></li>"
RECORDS = [
    f"<record><![CDATA[{ITEM}]]></record>",
    f"<record>\n<![CDATA[\n{ITEM}\n]]>\n</record>",
    f"<record><![CDATA[{ITEM[:-5]}]]></record>",
    f"<record>{ITEM.replace('<', '&lt;').replace('>', '&gt;')}</record>",
    f"<RECORD><![CDATA[{ITEM}]]></RECORD>",
    f"<record></record><record><![CDATA[]]></record><record><![CDATA[{ITEM}]]></record><record><![CDATA[<li>",
]


@pytest.mark.parametrize("records", RECORDS)
def test_a_record_is_read_however_it_is_wrapped(records: str) -> None:
    (entry,) = read_records(f"<datastore><recordset>{records}</recordset></datastore>", "http://a.cn/", RULES)
    assert (entry.url, entry.title) == ("http://a.cn/art/2026/11/20/art_1_5.html", "支部的板凳会")
    assert entry.published == "2026-11-20"


NEXT_GROUP = '<nextgroup><![CDATA[<a href="/module/jpage/dataproxy.jsp?page=1&amp;webid=12&amp;path=/&amp;columnid=801&amp;unitid=31&amp;webname=清溪"></a>]]></nextgroup>'  # noqa: E501
CALL = "$('#31').jpage({col:1,appid:'1',webid:'12',path:'/',columnid:801,unitid:'31',webname:\"清溪\",perPage:8,dataBefore:'<ul>'});"  # noqa: E501
FORM = {"webid": "12", "path": "/", "columnid": "801", "unitid": "31", "webname": "清溪"}


def test_the_address_behind_records_is_told_by_the_page() -> None:
    by_group = find_proxy(NEXT_GROUP, "http://a.cn/col/col801/index.html")
    by_call = find_proxy(CALL, "http://a.cn/col/col801/index.html")
    assert by_group == {"urls": ["http://a.cn/module/jpage/dataproxy.jsp"], "form": FORM}
    assert by_call is not None
    assert by_call["form"] == {"col": "1", "appid": "1", **FORM}
    assert find_proxy("<p>", "http://a.cn/") is None


def record(number: int) -> str:
    return f"<record><![CDATA[<li><a href='/art/2026/11/2/art_801_{700 - number}.html'>{TITLES[number % 8]}第{number}次开会</a><b>2026-11-02</b></li>]]></record>"  # noqa: E501


@pytest.mark.parametrize("total", ["60", "0", "x"])
@pytest.mark.parametrize("answers", [True, False])
async def test_records_behind_those_of_the_page_are_read_if_the_site_gives_them(total: str, answers: bool) -> None:
    def dataproxy(hit: Hit) -> Page:
        fields = query_of(hit)
        numbers = range(int(fields["startrecord"]), min(int(fields["endrecord"]), 60) + 1)
        records = "".join(map(record, numbers))
        text = f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"
        return Page(text.encode(), content_type="text/xml")

    shown = "".join(map(record, range(1, 25)))
    column = f'<div id="31"><script type="text/xml"><datastore>{NEXT_GROUP}<recordset>{shown}</recordset></datastore></script></div>'  # noqa: E501
    pages = {"/col/": Page(column.encode())} | ({"/module/jpage/dataproxy.jsp": dataproxy} if answers else {})
    with serve(pages) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(f"{site.base}/col/", fetcher)
            text = f"name: 试\nverified: own-page\npace: {{delay: 0}}\ndiscover: {json.dumps(found.discover)}"
            read = await discover(source_of(text), fetcher)
    assert len(found.entries) == 24
    assert len(read.candidates) == (60 if answers else 24)


def test_names_of_columns_are_no_list() -> None:
    menu = "".join(f'<li><a href="/c{n}/">基层组织建设工作{n}</a></li>' for n in range(9))
    assert find_list(f"<ul>{menu}</ul>", "http://a.cn/").entries == ()
