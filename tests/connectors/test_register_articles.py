"""The article rules of every source file read a page in the manner of its site, of our own making."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from cleaning.pipeline import process
from connectors.register import load_register
from models.records import MediaType, Origin, RawPage, Record

REGISTER = load_register()
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
PRINTED = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=8)))

AT = "2026-11-20 09:30"
TITLE, KICKER, SUBTITLE = "清溪镇把支部建在产业链上", "基层党建一线观察", "三年来带动两千户增收"
MEDIUM, EDITOR = "清溪日报", "王芳"
TEXT = (
    "连日来，清溪镇的茶园里一派忙碌，党员技术员带着村民修剪茶树、清理沟渠。",
    "镇党委书记介绍，全镇把党支部建在产业链上，让党员在链上发挥作用，群众在链上得到实惠。",
    "到十月底，茶叶合作社的社员已有八百多户，户均增收四千元。",
)
BODY = "".join(f"<p>　　{paragraph}</p>" for paragraph in TEXT)
# More text than the article has, where nobody looks who reads by the rules.
BESIDE = "<p>另一则报道说，白河县的志愿者走进社区，为老人送去冬衣和药品，受到居民的欢迎和好评。</p>" * 6

PEOPLE = f"""<div class="rm_txt"><p class="pre">{KICKER}</p><h1>{TITLE}</h1><p class="sub">{SUBTITLE}</p>
<div class="channel">2026年11月20日09:30 | 来源：<a href="/">{MEDIUM}</a></div>
<div class="rm_txt_con">{BODY}</div><div class="edit">(责编：{EDITOR})</div></div>"""
PEOPLE_BEFORE = f"""<div class="text_c"><h1>{TITLE}</h1><p class="sou">2026年11月20日09:30 来源：{MEDIUM}</p>
<div class="show_text">{BODY}</div><div class="edit">（责编：{EDITOR}）</div></div>"""
CCDI = f"""<h2 class="tit">{TITLE}</h2><div class="daty"><div class="daty_con"><em class="e e1">来源：{MEDIUM}</em>
<em class="e e2">发布时间：{AT}</em></div></div><div class="content">{BODY}</div>"""
QSTHEORY = f"""<div class="inner"><h1>{TITLE}</h1><h2>{SUBTITLE}</h2><div class="headtitle"><span class="appellation">
来源：{MEDIUM}</span><span class="pubtime">{AT}</span></div>
<div class="highlight">{BODY}<div class="fs-text">分享到：微信</div></div></div>"""
PAPER = f"""<div class="article"><h3>{KICKER}</h3><h1>{TITLE}</h1><h2>{SUBTITLE}</h2>
<p class="sec">2026年11月20日　星期五</p><div id="ozoom">{BODY}</div></div>"""
WEST_CHINA = (
    f"""<div class="detail-head"><h1>{TITLE}</h1><p>2026年11月20日</p></div><div class="detail-box">{BODY}</div>"""
)
CPC_12371 = f"""<h1 class="big_title">{TITLE}</h1><div class="title_bottom">来源：{MEDIUM} 发布时间：{AT}</div>
<div class="word">{BODY}</div>"""
GOV_CN = f"""<h1 id="ti">{TITLE}</h1><div class="pages-date">{AT} <span class="font">来源：{MEDIUM}</span></div>
<div class="pages_content" id="UCAP-CONTENT">{BODY}</div><div class="editor">责任编辑：{EDITOR}</div>"""

# Slug -> pages of its site, each with the fields that its rules give there.
MANNER: dict[str, list[tuple[str, str]]] = {
    "12371-dangnei-fagui": [(CPC_12371, "title body")],
    "12371-zxfb": [(CPC_12371, "title body"), (CPC_12371.replace('"word"', '"con_txt"'), "title body")],
    "banyuetan": [
        (
            f'<div class="detail_tit"><h1>{TITLE}</h1><div>{AT} 来源：{MEDIUM}</div></div>'
            f'<div id="detail_content">{BODY}</div>',
            "title body",
        )
    ],
    "ccdi-pln": [(CCDI, "title medium published body")],
    "ccdi-toutiaon": [(CCDI, "title medium published body")],
    "ccdi-yaowenn": [(CCDI, "title medium published body")],
    "dangjian-cn": [
        (
            f'<h1 class="title">{TITLE}</h1><div>发表时间：{AT} 来源：{MEDIUM}</div>'
            f'<div id="tex" class="article"><div class="TRS_Editor">{BODY}</div></div>',
            "body",
        )
    ],
    "gov-cn-yaowen": [(GOV_CN, "title published medium body")],
    "gov-cn-zhengce": [(GOV_CN, "title body"), (GOV_CN.replace('<h1 id="ti">', "<h1>"), "title body")],
    "guangming-ribao": [(PAPER.replace(f"<h3>{KICKER}</h3>", ""), "title body")],
    "guizhou-xianfeng": [
        (
            f'<div class="text_title"><h1>{TITLE}</h1><span class="fl">来源：{MEDIUM} 时间：{AT}</span></div>'
            f'<div class="detail">{BODY}</div>',
            "title published medium body",
        )
    ],
    "hebei-xianfeng": [
        (
            f'<div class="page_main"><h1>{TITLE}</h1><div class="page_moree">来源：{MEDIUM}　发布时间：{AT}</div>'
            f'<div id="content_text0">{BODY}</div></div>',
            "title published medium body",
        )
    ],
    "huaxi-dushi-bao": [(WEST_CHINA, "body")],
    "huaxi-shequ-bao": [(WEST_CHINA, "body")],
    "jiangsu-gxt": [(f'<h1>{TITLE}</h1><div>发布日期：{AT}</div><div id="zoom">{BODY}</div>', "body")],
    "news-cn-politics": [
        (
            f'<div class="header"><div class="header-time">2026 11/20 09:30:00</div>'
            f'<div class="source">来源：{MEDIUM}</div></div>'
            f'<div class="head-line"><h1><span class="title">{TITLE}</span></h1></div>'
            f'<div id="detail"><span id="detailContent">{BODY}</span>'
            f'<div class="editor">【责任编辑:{EDITOR}】</div></div>',
            "title medium editor body",
        ),
        (
            f'<div class="h-title">{TITLE}</div><div class="h-info"><span class="h-time">{AT}:00</span>'
            f'<span class="aticle-src">来源：{MEDIUM}</span></div><div id="p-detail">{BODY}</div>',
            "title published medium body",
        ),
    ],
    "people-cpc": [
        (PEOPLE, "title kicker subtitle body published editor"),
        (PEOPLE_BEFORE, "title body published editor"),
    ],
    **{
        slug: [
            (PEOPLE, "title kicker subtitle body published editor"),
            (PEOPLE_BEFORE.replace('"show_text"', '"box_con" id="rwb_zw"'), "title body published editor"),
        ]
        for slug in ("people-dangjian", "people-politics-rss", "people-search-dangjian", "people-sitemap")
    },
    "qizhiwang": [
        (
            f'<h1>{TITLE}</h1><div class="ptime">发布时间：{AT} 来源：<em>{MEDIUM}</em></div>'
            f'<div class="text_con">{BODY}</div>',
            "title published medium body",
        )
    ],
    "qstheory-cpc": [(QSTHEORY, "title subtitle published medium body")],
    "qstheory-qswp": [(QSTHEORY, "title subtitle published medium body")],
    "renmin-ribao": [
        (PAPER, "title kicker subtitle body"),
        (PAPER.replace('"ozoom"', '"articleContent"'), "title kicker subtitle body"),
    ],
    "rsshub-12371": [(CPC_12371, "title body")],
    "thecover-chengdu": [
        (
            f'<div class="main-article"><h1>{TITLE}</h1><div class="props-of-title"><span>{MEDIUM}</span>'
            f'<span>{AT}</span></div><section class="article-content">{BODY}</section></div>',
            "title body medium published",
        )
    ],
    "wechat-feeds": [
        (
            f'<h1 id="activity-name">{TITLE}</h1><a id="js_name">{MEDIUM}</a>'
            f'<div id="js_content" style="visibility: hidden; opacity: 0;">{BODY}</div>',
            "title medium body",
        )
    ],
}
WANTED: dict[str, Any] = {
    "title": TITLE,
    "kicker": KICKER,
    "subtitle": SUBTITLE,
    "medium": MEDIUM,
    "published": PRINTED,
    "editor": (EDITOR,),
}
FIELDS = {"published": "published_at", "editor": "editors"}


def read(slug: str, page: str) -> Record:
    source = REGISTER.sources[slug]
    html = f"""<html><head><meta charset="utf-8"><title>{TITLE}--{source.name}</title></head><body>
    <div class="nav"><a href="/">首页</a><a href="/a/">要闻</a></div>{page}
    <div class="hot">{BESIDE}</div></body></html>"""
    url = source.home or "http://one.example/"
    return process(RawPage(slug, f"{url}a/1.html", "1", html.encode(), NOW, MediaType.HTML), source.article, now=NOW)


def test_every_file_with_article_rules_has_a_page() -> None:
    with_rules = {slug for slug, source in REGISTER.sources.items() if any(rules.body for rules in source.article)}
    assert with_rules == MANNER.keys()


@pytest.mark.parametrize(
    ("slug", "page", "fields"), [(slug, *page) for slug, pages in MANNER.items() for page in pages]
)
def test_the_rules_of_a_file_answer_on_a_page_in_the_manner_of_its_site(slug: str, page: str, fields: str) -> None:
    record = read(slug, page)
    assert record.paragraphs == TEXT
    assert record.extractor.startswith("rule"), record.extractor
    for name in fields.replace("body", "").split():
        field = FIELDS.get(name, name)
        assert getattr(record, field) == WANTED[name], name
        assert record.provenance[field].origin is Origin.RULE, name
