"""Lists that a page loads after it has come: what its scripts ask for is found, asked once, and written as a file."""

# Programs stand as such pages hold them.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from connectors.declaration import Pace
from connectors.http import open_fetcher
from connectors.kinds import connector_for
from connectors.probe import Probe, probe, write_source_file
from connectors.probe_scripts import Call, find_addresses_made, find_calls
from connectors.protocol import Discovery, Window
from connectors.register import single_page
from tests.connectors.asking import NOW, knows, source_of
from tests.connectors.site import Answering, Hit, Page, query_of, serve

TITLES = [f"第{number}个支部的主题党日：老街“板凳会”" for number in range(1, 31)]
ROWS = [{"id": 800 + n, "tt": title, "day": f"2026-11-{20 - n // 2:02d} 09:00:00"} for n, title in enumerate(TITLES)]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe waits a second between two requests; these sites are our own."""
    hurried = Pace(delay=0)
    monkeypatch.setattr(
        "connectors.probe.single_page", lambda url: single_page(url).model_copy(update={"pace": hurried})
    )


def shell(program: str, head: str = "") -> Page:
    menu = "".join(f'<li><a href="/c{n}/">组织工作动态栏目</a></li>' for n in range(8))
    return Page(
        f"<html><head><title>党建</title>{head}</head><body><ul>{menu}</ul><div id=app></div><script>{program}</script></body></html>".encode()
    )


def rows_of(number: int, size: int, **more: object) -> list[dict[str, object]]:
    some = ROWS[(number - 1) * size : number * size]
    return [row | {name: str(value).format(**row) for name, value in more.items()} for row in some]


def answer(value: object) -> Page:
    return Page(json.dumps(value, ensure_ascii=False).encode(), content_type="application/json")


async def probe_site(pages: dict[str, Answering]) -> tuple[Probe, Discovery, list[Hit]]:
    with serve({"/robots.txt": Page(b"", 404), **pages}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(f"{site.base}/dj/", fetcher)
            asked = list(site.hits)
            source = source_of(write_source_file(found), pace={"delay": 0})
            read = await connector_for(source).discover(source, fetcher, knows(), Window(NOW), {})
    return found, read, asked


def posted(hit: Hit) -> Page:
    """Ten at a time to a form with the right column; nothing to anything else."""
    fields = query_of(hit)
    if hit.method != "POST" or fields.get("channelId") != "38":
        return answer({"code": 1, "data": None})
    return answer({"code": 0, "data": {"list": rows_of(int(fields["pageNo"]), 10, url="/a/{id}.html"), "total": 30}})


def posted_json(hit: Hit) -> Page:
    fields = json.loads(hit.body)
    return answer({"rows": rows_of(fields["pageNum"], 10, url="/a/{id}.html") if fields["site"] == 2 else []})


def by_query(hit: Hit) -> Page:
    return answer(rows_of(int(query_of(hit)["p"]) + 1, 10, href="a/{id}.html"))


def article(hit: Hit) -> Page:
    number = int("".join(filter(str.isdigit, hit.path))) - 800
    return Page(f"<html><body><h1>{TITLES[number]}</h1></body></html>".encode())


PROGRAMS: dict[str, tuple[str, str, Answering]] = {
    "jquery posts a form": (
        """function load(n){ $.ajax({ type: "post", url: "/cms/list.do", data: { channelId: cid, pageNo: n, pageSize: 10 }, success: show }); }
        var cid = '38'; load(1);""",
        "/cms/list.do", posted,
    ),
    "the short form of jquery": (
        "var channelId=38,pageNo=1;$.post('/cms/list.do',{channelId:channelId,pageNo:pageNo},function(r){show(r)},'json')",
        "/cms/list.do", posted,
    ),
    "axios posts json": (
        "axios.post('/api/news/query', {site: 2, pageNum: this.page, pageSize: 10}).then(r=>{this.rows=r.data.rows})",
        "/api/news/query", posted_json,
    ),
    "fetch posts json": (
        """fetch("/api/news/query",{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({site:2,pageNum:page,pageSize:10})})""",
        "/api/news/query", posted_json,
    ),
    "an address put together": (
        "var page = 0; function more(){ $.getJSON('../api/list?p=' + page + '&t=' + new Date().getTime(), show) }",
        "/api/list", by_query,
    ),
    "a template": ("let page = 0; fetch(`/api/list?p=${page}&size=10`).then(show)", "/api/list", by_query),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
async def test_what_a_script_asks_for_is_the_list(name: str) -> None:
    program, path, serving = PROGRAMS[name]
    with_page = {f"{path}?p={n}{rest}": serving for n in range(5) for rest in ("", "&t=", "&size=10")}
    found, read, _ = await probe_site({"/dj/": shell(program), path: serving, **with_page})
    assert [entry.title for entry in found.entries] == TITLES[:10]
    assert [entry.published for entry in found.entries] == [row["day"] for row in ROWS[:10]]
    assert [(c.hints.title, c.url.rpartition("/a/")[2]) for c in read.candidates] == [
        (title, f"{800 + n}.html") for n, title in enumerate(TITLES)
    ]


async def test_a_program_in_a_file_of_its_own_is_read() -> None:
    program = b'!function(e){e.list=function(){return http({url:"/data/news.json",method:"get"})}}(window)'
    pages: dict[str, Answering] = {
        "/dj/": shell("", '<script src="/js/jquery.min.js"></script><script defer src="/js/app.3f2a.js"></script>'),
        "/js/app.3f2a.js": Page(program, content_type="application/javascript"),
        "/data/news.json": answer({"data": rows_of(1, 30, link="/a/{id}.html")}),
    }
    found, _, asked = await probe_site(pages)
    assert [entry.title for entry in found.entries] == TITLES
    assert "/js/jquery.min.js" not in [hit.path for hit in asked]


MADE = {
    "a piece of a page": "h+='<li><a href=\"/info/'+v.id+'.html\" target=_blank>'+v.tt+'</a></li>'",
    "a click": "function go(row){ window.open('/info/' + row.id + '.html') }",
    "a template": 'render:(r)=>`<a href="/info/${r.id}.html">${r.tt}</a>`',
}


@pytest.mark.parametrize("name", MADE)
async def test_addresses_that_the_program_makes_are_made_likewise(name: str) -> None:
    pages: dict[str, Answering] = {
        "/dj/": shell(f"$.get('/data/list.json',show);{MADE[name]}"),
        "/data/list.json": answer(rows_of(1, 30)),
        **{f"/info/{row['id']}.html": article for row in ROWS},
    }
    found, read, _ = await probe_site(pages)
    assert found.discover["article_url"] == "/info/{id}.html"
    assert [c.url.rpartition("/info/")[2] for c in read.candidates] == [f"{row['id']}.html" for row in ROWS]


async def test_a_made_address_without_its_article_is_not_believed() -> None:
    pages: dict[str, Answering] = {
        "/dj/": shell(f"$.get('/data/list.json',show);{MADE['a click']}"),
        "/data/list.json": answer(rows_of(1, 30)),
        **{f"/info/{row['id']}.html": shell("") for row in ROWS},
    }
    with serve({"/robots.txt": Page(b"", 404), **pages}) as site:
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(f"{site.base}/dj/", fetcher)
    assert (found.entries, bool(found.trouble)) == ((), True)


async def test_a_piece_of_a_page_that_a_script_loads_is_a_list() -> None:
    piece = "".join(f"<li><a href='/a/{row['id']}.html'>{row['tt']}</a><i>{row['day'][:10]}</i></li>" for row in ROWS)  # type: ignore[index]
    pages: dict[str, Answering] = {
        "/dj/": shell('$("#app").load("/inc/news_list.html")'),
        "/inc/news_list.html": Page(f"<ul>{piece}</ul>".encode()),
    }
    found, read, _ = await probe_site(pages)
    assert [entry.title for entry in found.entries] == [c.hints.title for c in read.candidates] == TITLES


def piece_of(rows: list[dict[str, object]]) -> str:
    return "".join(f"<li><a href='/a/{r['id']}.html'>{r['tt']}</a><i>{str(r['day'])[:10]}</i></li>" for r in rows)


def unit(hit: Hit) -> Page:
    asked = query_of(hit)
    number = json.loads(asked["paramJson"])
    assert (asked["pageId"], asked["tagId"]) == ("44", "列表")
    return answer({"success": True, "data": {"html": f"<ul>{piece_of(rows_of(number['pageNo'], 10))}</ul>"}})


@pytest.mark.parametrize("shown", [ROWS[:10], []], ids=["shown already", "loaded at once"])
async def test_pages_in_html_within_json_are_turned(shown: list[dict[str, object]]) -> None:
    body = f"""<html><body><div id="list" url="/gateway/unit" queryData="{{'pageId':'44','tagId':'列表'}}"><ul>{piece_of(shown)}</ul></div></body></html>"""
    found, read, _ = await probe_site({"/dj/": Page(body.encode()), "/gateway/unit": unit})
    assert found.discover["html"] == "data.html"
    assert [entry.title for entry in found.entries] == TITLES[:10]
    assert [c.hints.title for c in read.candidates] == TITLES


async def test_a_list_with_a_button_for_more_is_read_through_what_the_button_asks() -> None:
    program = "var page=1;$('#more').click(function(){page++;$.getJSON('/api/list?p='+page,show)})"
    page = (
        f"<html><body><ul>{piece_of(ROWS[:10])}</ul><div id=more>加载更多</div><script>{program}</script></body></html>"
    )

    def more(hit: Hit) -> Page:
        return answer(rows_of(int(query_of(hit)["p"]), 10, url="/a/{id}.html"))

    found, read, _ = await probe_site({"/dj/": Page(page.encode()), "/api/list": more})
    assert found.discover["kind"] == "json"
    assert [c.hints.title for c in read.candidates] == TITLES


async def test_an_interface_that_gives_other_articles_is_not_what_the_button_asks() -> None:
    program = "$.getJSON('/api/list?page='+page,show)"
    page = f"<html><body><ul>{piece_of(ROWS[:10])}</ul><script>{program}</script></body></html>"
    found, _, _ = await probe_site(
        {"/dj/": Page(page.encode()), "/api/list": answer(rows_of(2, 10, url="/a/{id}.html"))}
    )
    assert found.discover["kind"] == "list"
    assert [entry.title for entry in found.entries] == TITLES[:10]


PAGE = "http://a.cn/dj/index.html"
CALLS = [
    # What writes, belongs to the reader or to another site is not asked.
    ("$.ajax({url:'/user/login',type:'post',data:{n:1}})", []),
    ("$.post('/api/article/addClick',{id:5})", []),
    ("$.get('http://other.cn/api/list.json')", []),
    ("$.get('/js/list.js')", []),
    ("layui.table.render({elem:'#t',url:'/api/list',where:{type:'dj'}})", [Call("http://a.cn/api/list?type=dj")]),
    ("uni.request({url: base + '/news/list', data: {page: 1}}); var base = '/gw'", [Call("http://a.cn/gw/news/list?page={n}")]),
    ("x.open('GET','list_data.json',true)", [Call("http://a.cn/dj/list_data.json")]),
    ("var q={cid:'7',pageIndex:1};$.post('/getList',q,f);var pageIndex=1", [Call("http://a.cn/getList", "POST", {"cid": "7", "pageIndex": "{n}"})]),
    ("$.ajax({data:{cid:7,rows:20},dataType:'json',url:'/getList',type:'POST'})", [Call("http://a.cn/getList", "POST", {"cid": "7", "rows": "20"})]),
]  # fmt: skip


@pytest.mark.parametrize(("program", "expected"), CALLS)
def test_calls_are_read_as_far_as_they_stand_there(program: str, expected: list[Call]) -> None:
    assert find_calls(program, PAGE) == expected


def test_an_address_is_made_of_fields_that_the_items_have() -> None:
    program = "location.href='/x/'+row.cid+'.html'; open('/detail?aid='+row.aid); like('/api/like/'+row.aid)"
    assert find_addresses_made(program, ["aid", "tt"]) == ["/detail?aid={aid}"]
