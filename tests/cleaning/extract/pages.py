"""Pages written for the tests, in the layouts of real systems."""

from __future__ import annotations

from datetime import UTC, datetime

from cleaning.extract import extract
from models.records import Block, BlockKind, Draft, Hints, RawPage
from models.rules import ArticleRules

FETCHED = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
TITLE = "社区有了议事厅 群众多了连心桥"
STORY = (
    "5月的一个傍晚，东风社区的议事厅里坐满了人。党支部书记把居民的意见一条条记在本子上，当场答复了六件事。",
    "“过去有事不知道找谁，现在走几步就到。”家住三号楼的退休教师说，议事厅开到了家门口，大家的心气顺了。",
    "今年以来，南山街道把支部建在小区、把服务送到楼栋，共收集群众意见三百余条，办结率达到九成以上。",
)
PARAGRAPHS = "".join(f"<p>　　{text}</p>" for text in STORY)


SIDE = "".join(f'<li><a href="/{n}">另一个社区的第{n}条新闻标题</a> 2023-0{n}-11</li>' for n in range(1, 9))


def raw(markup: str, url: str = "http://news.example/a.html", **more: object) -> RawPage:
    fields: dict[str, object] = {"body": markup.encode(), "fetched_at": FETCHED, "hints": Hints()}
    return RawPage("test", url, "0" * 64, **(fields | more))  # type: ignore[arg-type]


def read(markup: str, url: str = "http://news.example/a.html", *rules: ArticleRules, **more: object) -> Draft:
    return extract(raw(markup, url, **more), rules)


def texts(draft: Draft) -> tuple[str, ...]:
    return tuple(b.text for b in draft.blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING))


def of_kind(draft: Draft, kind: BlockKind) -> list[Block]:
    return [b for b in draft.blocks if b.kind is kind]


def plain_page(byline: str = "", *, body: str = PARAGRAPHS, tail: str = "", head: str = "", title: str = TITLE) -> str:
    return f"""<html><head><title>{title}_南山网</title>{head}</head><body>
<div class="top"><a href="/">首页</a> | <a href="/dj">党建</a> | <a href="/ms">民生</a></div>
<div class="main"><h1>{title}</h1><div class="info">{byline}</div>
<div class="text">{body}</div>{tail}</div>
<div class="side"><h3>热门新闻</h3><ul>{SIDE}</ul></div>
<div class="footer">南山网 版权所有 Copyright 2005-2030 京ICP备00000000号</div></body></html>"""
