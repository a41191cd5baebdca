"""Lists and feeds become text whatever they declare, and nothing in them stalls the parser."""

import pytest

from connectors.decoding import decode_text
from connectors.html_list import parse_page
from connectors.list_dates import find_date_text
from connectors.walls import recognise_wall
from tests.cpu_limit import at_most

TEXT = "<meta charset={}><p>党建引领基层治理</p>"
CASES = [
    ("utf-8", "utf-8", ""),
    ("gbk", "gbk", ""),
    ("gbk declared utf-8", "gbk", "text/html; charset=utf-8"),
    ("utf-8 declared gbk", "utf-8", "text/html; charset=gbk"),
    ("utf-8 with byte order mark", "utf-8-sig", ""),
    ("utf-16", "utf-16", ""),
    ("unknown name", "gbk", "text/html; charset=x-unknown"),
    ("nothing declared", "gb18030", "text/html"),
]


@pytest.mark.parametrize(("case", "charset", "header"), CASES, ids=[case for case, _, _ in CASES])
def test_the_bytes_decide(case: str, charset: str, header: str) -> None:
    declared = "gb2312" if "gb" in charset else charset
    assert "党建引领基层治理" in decode_text(TEXT.format(declared).encode(charset), header)


def test_big5_is_read_when_it_is_declared() -> None:
    body = "<meta charset=big5><p>基層黨建</p>".encode("big5")
    assert "基層黨建" in decode_text(body)


HOSTILE = {
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + "><a href=1>甲</a>",
    "nested": "<div>" * 100_000 + "<a href=1>甲</a>",
    "open tags": "<" * 300_000,
    "open comments": "<!--" * 100_000,
    "scripts": "<script>" * 60_000,
    "numbers": "1-" * 200_000,
    "entities": "&#1;&#x0;&#xb;" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_list_page_stalls_its_reader(name: str) -> None:
    with at_most(30):
        text = decode_text(HOSTILE[name].encode())
        parse_page(text, comments=True).css("a[href]").getall()
        find_date_text(text)
        recognise_wall(200, {}, HOSTILE[name].encode()[:60_000])


def test_control_characters_do_not_hide_what_follows() -> None:
    assert decode_text("甲\x00乙&#1;丙&#xB;丁&#10;".encode()) == "甲乙丙丁&#10;"
