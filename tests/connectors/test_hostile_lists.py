"""Lists that are made to keep their reader busy: each is read to its end, and what is good on it is found.

Every one of them once took minutes or more memory than there is; a hang is what is tested for.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from typing import Any

import pytest

from connectors.declaration import JpageRules, ListRules
from connectors.decoding import decode_text
from connectors.dotted import raw_at
from connectors.feeds import MOST_ITEMS, read_feed
from connectors.html_list import parse_page
from connectors.inflate import EncodingError, inflate
from connectors.jpage import read_records
from connectors.js_values import NotAValueError, read_answer
from connectors.list_entries import read_entries
from connectors.next_pages import next_by_script
from connectors.urls import resolve_link
from connectors.walk import ListError
from connectors.walls import recognise_wall

BASE = "http://news.example/list"
GOOD = "".join(f"<li><a href='/a/{n}.html'>社区党支部的第{n}篇文章</a><span>2026-11-20</span></li>" for n in range(4))
ITEMS = "".join(f"<item><title>第{n}篇</title><link>/a/{n}.html</link></item>" for n in range(4))
FOUND = [f"http://news.example/a/{n}.html" for n in range(4)]

pytestmark = pytest.mark.timeout(60)

LISTS = {
    "links without text": "<a href='/b/1'></a>" * 100_000 + GOOD,
    "links without text, each in a line": "<div>" + "<p><a href='/b/1'></a></p>" * 50_000 + GOOD,
    "many other links": "".join(f"<a href='/b/{n}'>x</a>" for n in range(40_000)) + GOOD,
    "open links": "<a href='/b/1'>x" * 50_000 + GOOD,
    "one tag of attributes": "<i " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x</i>" + GOOD,
    "a text without end": "<div>" + "党" * 1_000_000 + "</div>" + GOOD,
    "levels behind": GOOD + "<div>" * 100_000,
    "a million entries behind": GOOD + "<li>x" * 1_000_000,
    "tags of many attributes": ("<i " + " ".join(f"a{n}=1" for n in range(9_000)) + ">x</i>") * 60 + GOOD,
    "attributes that hold brackets": "<i " + " ".join(f"a{n}='>'" for n in range(200_000)) + ">x</i>" + GOOD,
}


def found_on(text: str, **rules: Any) -> list[str]:
    page = parse_page(decode_text(text.encode()))
    declared = ListRules(kind="list", urls=(BASE,), accept=(r"/a/\d",), **rules)
    return [entry.url for entry in read_entries(page, BASE, declared) if "/a/" in entry.url]


@pytest.mark.parametrize("name", LISTS)
def test_good_entries_behind_a_flood_are_found(name: str) -> None:
    assert list(dict.fromkeys(found_on(LISTS[name]))) == FOUND


def test_an_entry_that_holds_the_whole_page_hides_no_other() -> None:
    assert found_on("<li>" + "<a href='/b/1'>x</a>" * 50_000 + "</li>" + GOOD, item="li") == FOUND


def test_items_in_items_are_read_in_bounded_time() -> None:
    found_on("<div class=i>" * 240 + "<a href='/b/1'>x</a>" * 20_000 + GOOD, item="div.i")


@pytest.mark.parametrize("bait", ["createPageHTML" * 300_000, ("createPageHTML(" + " " * 2000) * 2000])
def test_a_pager_that_never_ends_is_none(bait: str) -> None:
    assert next_by_script(bait, BASE) is None


def test_a_feed_of_document_types_is_none() -> None:
    with pytest.raises(ListError):
        list(read_feed(b"<!DOCTYPE" * 300_000, "", BASE))
    assert list(read_feed(b"<rss>" + b"<!DOCTYPE a[" * 200_000, "", BASE)) == []


@pytest.mark.parametrize("flood", ["<item><link>/b/1</link></item>" * 60_000, "<item/>" * 300_000])
def test_of_a_feed_with_too_many_items_the_first_are_read(flood: str) -> None:
    found = [entry.url for entry in read_feed(f"<rss><channel>{ITEMS}{flood}".encode(), "", BASE)]
    assert found[:4] == FOUND
    assert len(found) <= MOST_ITEMS


@pytest.mark.parametrize("bait", ["<record>" * 200_000, ("<record>" + " " * 3000) * 1000])
def test_records_without_end_are_none(bait: str) -> None:
    rules = JpageRules(kind="jpage", urls=(BASE,))
    assert list(read_records("<recordset>" + bait, BASE, rules)) == []


ANSWERS: Sequence[str] = (
    "cb({'a':'" + "x" * 3_000_000,
    "cb({'a':'" + "\\\\" * 1_000_000,
    "/**/" + " " * 1_000_000 + "!",
    "cb(" + "/**/ " * 200_000 + "{",
    "a." * 1_000_000,
    '{"a":' + "9" * 100_000 + "}",
    "[" * 100_000,
)


@pytest.mark.parametrize("text", ANSWERS, ids=lambda text: text[:9])
def test_an_answer_that_is_no_value_ends(text: str) -> None:
    with pytest.raises(NotAValueError):
        read_answer(text)


def test_half_a_character_in_an_answer_costs_no_other_entry() -> None:
    assert raw_at({"url": "/a/\ud800.html"}, "url").isascii()
    assert resolve_link(BASE, "/a/\ud800.html") is None


def test_a_file_of_empty_gzip_streams_ends() -> None:
    with pytest.raises(EncodingError, match="streams"):
        inflate(gzip.compress(b"") * 300_000, 1_000_000)


def test_a_gzip_file_of_two_streams_is_whole_wherever_it_is_cut() -> None:
    text = b"<urlset>" + b"x" * 70_000
    body = gzip.compress(text, 0) + gzip.compress(text, 0)
    assert inflate(body, 1_000_000) == text + text


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "hex", "iso-8859-1", "koi8-r", "x" * 400])
def test_a_list_in_gbk_is_read_whatever_its_server_says(charset: str) -> None:
    assert "第3篇文章" in decode_text(GOOD.encode("gbk"), f"text/html; charset={charset}")


SAYINGS = [
    "您的访问过于频繁，请稍后再试",
    "您的请求带有不合法参数，已被网站防火墙拦截",
    "当前访问疑似黑客攻击，已被防护系统拦截",
    "您访问的URL有可能对网站造成安全威胁，您的访问被阻断",
    "为了安全，请输入图中的验证码",
    "请按住滑块，拖动滑块到最右边",
    "当前环境异常，完成验证后即可继续访问",
    "您的IP地址已被系统封禁",
]


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
@pytest.mark.parametrize("saying", SAYINGS)
def test_walls_are_known_by_what_they_say_and_articles_that_quote_them_pass(saying: str, charset: str) -> None:
    story = "<p>街道党工委提醒居民，遇到这样的页面不要输入个人信息。</p>" * 20
    assert recognise_wall(200, {}, f"<html><body><p>{saying}</p></body></html>".encode(charset))
    assert recognise_wall(200, {}, f"<html><body><p>{saying}</p>{story}</body></html>".encode(charset)) is None
