"""The outline of a page, and of one block of it."""

from __future__ import annotations

import pytest

from cleaning.extract.lines import Line, Outline, read_outline
from cleaning.extract.page import parse_page

TEXT = "社区党支部的党员走访了居民，记下十二条意见，一周之内都有了答复。"
APART = (
    f"<div class='nav'><ul><li><a href='/'>首页</a></li><li>党建</li></ul></div><div id=t><p>{TEXT}</p><p>完</p></div>",
    f"<div id=t>甲<p>{TEXT}</p>乙<div class='share'>分享</div><div class='related'><p>{TEXT}</p></div>丙</div>",
    f"<div class='sidebar'><p>{TEXT}</p><div id=t><p>短</p><div class='hot'><a href='/1'>{TEXT}</a></div></div></div>",
    f"<table><tr><td id=t><b>{TEXT}</b><figure><img src=1><figcaption>图</figcaption></figure></td></tr></table>",
    f"<div id=t><!-- 注 -->来源：<img alt='示范日报'><select><option>一</select>后<script>1</script>{TEXT}</div>",
)
MARKED = (  # by a hidden part, a link or a heading around or in the block itself
    f"<div style='display: none'><div id=t><p>{TEXT}</p></div></div>",
    f"<a href='/1'>链接<div id=t><p>{TEXT}</p><p>{TEXT}</p></div></a>",
    f"<div id=t style='Display:None'><h1>题<br>目</h1>{TEXT}</div>",
    f"<h2 id=t>题<span>目</span><img src='/1.jpg'></h2><p>{TEXT}</p>",
)


def _shown(outline: Outline) -> list[object]:
    return [[_fields(line) for line in outline.lines], [(n.tag, n.parent, n.first, n.last) for n in outline.nodes]]


def _fields(line: Line) -> tuple[object, ...]:
    return line.text, line.node, line.link, line.strong, line.level, line.hidden, line.noise, line.caption, line.image


def _read(markup: str) -> tuple[Outline, int]:
    """The outline of a page, and the number of its block t."""
    outline = read_outline(parse_page(f"<html><body>{markup}</body></html>", "").body)
    return outline, next(n for n, node in enumerate(outline.nodes) if node.element.get("id") == "t")


@pytest.mark.parametrize("markup", APART)
def test_a_block_of_a_page_reads_as_it_does_alone(markup: str) -> None:
    outline, number = _read(markup)
    part = outline.part(number)
    assert part is not None
    assert _shown(part) == _shown(read_outline(outline.nodes[number].element))


@pytest.mark.parametrize("markup", MARKED)
def test_a_block_whose_lines_are_marked_must_be_read_again(markup: str) -> None:
    outline, number = _read(markup)
    assert outline.part(number) is None


def test_a_block_with_one_link_is_one_line_whatever_stands_around_the_link() -> None:
    plain, spaced, mixed = (
        read_outline(parse_page(f"<html><body><ul><li>{m}</li></ul></body></html>", "").body).lines
        for m in (
            "<a href='/1'>党建 引领</a>",
            "\n <a href='/1'> 党建\u3000引领 </a> \u200b",
            "一、<a href='/1'>党建</a>二",
        )
    )
    assert [(line.text, line.link) for line in plain] == [("党建 引领", 5)]
    assert [(line.text, line.link) for line in spaced] == [("党建\u3000引领", 5)]
    assert [(line.text, line.link) for line in mixed] == [("一、党建二", 2)]
