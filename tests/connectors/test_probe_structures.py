"""Column pages of many makes, each with the menus, hot lists, footers and pagers that stand around its list."""

# Pages are written in long lines, as such sites write them.
# ruff: noqa: E501

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.decoding import decode_text
from connectors.probe import Probe, find_list

URL = "http://www.qxdj.gov.cn/dj/gz/index.html"
PLACES = (
    "清溪镇",
    "柳林街道",
    "石桥乡",
    "东关社区",
    "梅岭村",
    "望江社区",
    "双河镇",
    "桐坪村",
    "白塔街道",
    "龙潭乡",
    "南山镇",
    "云岭社区",
)
TITLES = [f"{place}党委召开专题会议部署第{number}季度基层党建重点任务" for number, place in enumerate(PLACES, 1)]
DAYS = [f"2026-11-{20 - number:02d}" for number in range(len(TITLES))]
ITEMS = list(zip(range(1, 13), TITLES, DAYS, strict=True))
TRS = [f"./202611/t202611{20 - n:02d}_{8800 + n}.html" for n in range(12)]

MENU = "".join(f'<li><a href="/col/c{n}/">组织工作动态信息</a></li>' for n in range(14))
HOT = "".join(
    f'<li><i>{n}</i><a href="/dj/rd/{n}{n}{n}.html">热点排行榜上的一篇旧文章标题{n}</a></li>' for n in range(1, 9)
)
FOOT = "".join(f'<a href="http://www.partner{n}.gov.cn/">兄弟县区先锋网友情链接{n}</a> | ' for n in range(9))
PAGER = '<div class="page"><a href="index.html">首页</a><a href="index_1.html">2</a><a href="index_1.html">下一页</a><a href="index_9.html">尾页</a></div>'


def around(content: str, head: str = "") -> str:
    return (
        f"<html><head><title>基层党建-清溪先锋网</title>{head}</head><body><div class=top><ul class=menu>{MENU}</ul></div>"
        f'<div class="pos">当前位置：<a href="/">首页</a>&gt;<a href="/dj/">党建</a></div><div class=wrap><div class=l>{content}{PAGER}</div>'
        f'<div class=r><h3>热点 <a href="/dj/rd/">更多&gt;&gt;</a></h3><ul class=hot>{HOT}</ul></div></div><div class=foot>{FOOT}</div></body></html>'
    )


def each(template: str) -> str:
    return "".join(
        template.format(n=n, title=title, day=day, short=day[5:], cut=title[:12], trs=TRS[n - 1], id=8800 + n)
        for n, title, day in ITEMS
    )


STRUCTURES = {
    "ul with a span": around(f'<ul class="list">{each("<li><a href={trs}>{title}</a><span>{day}</span></li>")}</ul>'),
    "date before the title": around(f'<ul class="list">{each("<li><span>[{day}]</span><a href={trs} target=_blank>{title}</a></li>")}</ul>'),
    "date within the link": around(f'<div class="news">{each("<a href={trs}><p>{title}</p><em>{day}</em></a>")}</div>'),
    "layout table": around(f'<table width=100% border=0>{each("<tr><td width=10><img src=/dot.gif></td><td><a href={trs} class=black>{title}</a></td><td align=right>({day})</td></tr>")}</table>'),
    "a table for every entry": around(f'<td class=box>{each("<table><tr><td>·<a href=/NewsView.aspx?id={id}>{title}</a></td><td>{day}</td></tr></table>")}</td>'),
    "cards with picture, lead and button": around(each('<div class="card"><a class=pic href={trs}><img src=/p{n}.jpg></a><div class=txt><h4><a href={trs}>{title}</a></h4><p>摘要：{title}。会议要求各支部认真落实。</p><span class=d>{day}</span><a class=more href={trs}>[详情]</a></div></div>')),
    "title cut short with the whole in its attribute": around(f'<ul class="list">{each("<li><a href={trs} title={title}>{cut}...</a><em>{short}</em></li>")}</ul>'),
    "definition list": around(f'<dl>{each("<dt>{day}</dt><dd><a href=/contents/12/{id}.html>{title}</a></dd>")}</dl>'),
    "day and month in boxes": around(f'<ul class="dlist">{each("<li><div class=date><b>{n}</b><span>2026-11</span></div><div class=info><h3><a href=/art/2026/11/{n}/art_801_{id}.html>{title}</a></h3></div></li>")}</ul>'),
    "five entries to a list with lines between": around("".join(f'<ul class="five">{part}</ul><div class=line></div>' for part in [each("<li><a href={trs}>{title}</a><i>{day}</i></li>")])),
    "entries in comments": around(f'<ul class="list"><!--{each("<li><a href={trs}>{title}</a><b>{day}</b></li>")}--></ul>'),
    "an array in a script": around("<ul id=box></ul><script>var itemELMT77=[];itemELMT77=[" + each("{{'link_add':'{trs}','title':'{title}','brief':'{day} 08:00:00','content':''}},") + "];</script>"),
    "jpage records": around('<div id="80179"><script type="text/xml"><datastore><nextgroup></nextgroup><recordset>' + each("<record><![CDATA[<li><a href='/art/2026/11/9/art_80179_{id}.html' title='{title}'>{cut}...</a><span>{day}</span></li>]]></record>") + "</recordset></datastore></script></div>"),
    "bare links with breaks": around(f'<div class="con">{each("·&nbsp;<a href={trs}>{title}</a>&nbsp;<font color=gray>{day}</font><br>")}</div>'),
    "numbered classes": around(f'<ul class="list">{each("<li class=li-{n} id=line{n}><a class=a{n} href={trs}>{title}</a><span>{day}</span></li>")}</ul>'),
    "links to a base address": around(f'<ul class="list">{each("<li><a href=t_{id}.html>{title}</a><span>{day}</span></li>")}</ul>', head='<base href="http://www.qxdj.gov.cn/dj/gz/2026/">'),
    "address in a script link": around(f'<ul class="list">{each("<li><a href=javascript:void(0) onclick=go()>+</a><a href={trs}>{title}</a><span>{day}</span></li>")}</ul>'),
}  # fmt: skip


def titles_of(found: Probe) -> list[str | None]:
    return [entry.title for entry in found.entries]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_exactly_the_articles_of_the_column_are_found(structure: str) -> None:
    found = find_list(STRUCTURES[structure], URL)
    assert titles_of(found) == TITLES
    assert len({entry.url for entry in found.entries}) == len(TITLES)
    assert all(entry.url.startswith("http://www.qxdj.gov.cn/") for entry in found.entries)


DATELESS = {"day and month in boxes", "definition list"}


@pytest.mark.parametrize("structure", sorted(STRUCTURES.keys() - DATELESS))
def test_every_entry_has_its_date(structure: str) -> None:
    found = find_list(STRUCTURES[structure], URL)
    days = [
        (entry.published or "")[-5:] if len(entry.published or "") < 11 else entry.published for entry in found.entries
    ]
    assert [str(day)[:10][-5:] for day in days] == [day[5:] for day in DAYS]


@pytest.mark.parametrize("charset", ["gbk", "gb18030", "utf-8"])
def test_the_charset_of_the_page_does_not_matter(charset: str) -> None:
    page = STRUCTURES["layout table"].replace(
        "<head>", f'<head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    )
    found = find_list(decode_text(page.encode(charset), "text/html"), URL)
    assert titles_of(found) == TITLES


def test_marks_of_a_framework_are_no_titles() -> None:
    page = STRUCTURES["ul with a span"].replace("</a><span>", "<!-- react-text: 20 --></a><span>")
    assert titles_of(find_list(page, URL)) == TITLES


def test_the_menu_of_a_page_of_tables_is_left_out_of_its_list() -> None:
    menu = "".join(f"<td><a href=more.asp?lm={n}>基层组织{n}</a></td>" for n in range(6))
    cells = each("<td><a href=show.asp?id={id}&lm=4>{title}</a> ({short})</td>")
    pairs = cells.replace("</td><td>", "</td>\n<td>").split("\n")
    rows = "".join(f"<tr>{one}{two}</tr>" for one, two in zip(pairs[::2], pairs[1::2], strict=True))
    found = find_list(f"<table><tr>{menu}</tr></table><table>{rows}</table>", URL)
    assert titles_of(found) == TITLES
    assert found.discover["accept"]


def test_days_with_a_single_article_are_part_of_the_list() -> None:
    rows = each("<li><a href=/rb/{id}.html>{title}</a></li>|").split("|")
    days = [rows[0:1], rows[1:4], rows[4:5], rows[5:12]]
    groups = "".join(f"<h4>2026年11月{20 - n}日</h4><ul>{''.join(day)}</ul>" for n, day in enumerate(days))
    found = find_list(f"<html><body><div class=days>{groups}</div></body></html>", URL)
    assert titles_of(found) == TITLES
    assert [entry.published for entry in found.entries][:2] == ["2026年11月20日", "2026年11月19日"]


SHARED = Path(os.environ.get("DANGJIAN_SHARED", "/nonexistent")) / "data" / "lists"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs DANGJIAN_SHARED")
def test_real_column_pages_give_their_articles() -> None:
    """Saved pages of real sites, not part of this repository: every column page among them gives its list."""
    pages = sorted(path for path in (SHARED / "list").iterdir() if "handmade" not in path.name)
    found = {path.name: find_list(decode_text(path.read_bytes(), ""), "http://www.example.com.cn/a/") for path in pages}
    assert len(pages) >= 8
    assert [name for name, one in found.items() if len(one.entries) < 8] == []
