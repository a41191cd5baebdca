"""Bytes of Chinese pages, declared rightly, wrongly and not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.decode import clean_characters, decode

TEXT = "今年以来，社区党委把党员组织起来，为群众办了很多实事，居民们都说这样的日子好。"
HANT = "今年以來，社區黨委把黨員組織起來，辦了很多實事，居民們都說這樣的日子好。"


def page(text: str, declared: str | None = None) -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}<title>党建</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("charset", "declared", "header", "found", "origin"),
    [
        ("utf-8", "utf-8", None, "utf-8", "utf-8"),
        ("utf-8", "gb2312", "text/html; charset=gbk", "utf-8", "utf-8"),
        ("gb18030", "gb2312", None, "gb18030", "meta"),
        ("gb18030", None, "text/html; charset=GBK", "gb18030", "header"),
        ("gb18030", "utf-8", None, "gb18030", "score"),
        ("gb18030", "big5", None, "gb18030", "score"),
        ("gb18030", None, None, "gb18030", "score"),
        ("utf-16", None, None, "utf-16-le", "bom"),
        ("utf-8-sig", "gb2312", None, "utf-8", "bom"),
        ("gb18030", None, "text/html; charset=iso-8859-1", "gb18030", "score"),
        ("gb18030", "windows-1251", "text/html; charset=koi8-r", "gb18030", "score"),
        ("gb18030", None, "text/html; charset=cp037", "gb18030", "score"),
        ("gb18030", None, "text/html; charset=undefined", "gb18030", "score"),
        ("utf-16-le", None, None, "utf-16-le", "score"),
        ("utf-16-be", "utf-8", None, "utf-16-be", "score"),
        ("hz", None, "text/html; charset=hz-gb-2312", "hz", "header"),
    ],
)
def test_the_charset_is_found_whatever_is_declared(
    charset: str, declared: str | None, header: str | None, found: str, origin: str
) -> None:
    decoded = decode(page(TEXT, declared).encode(charset), {"content-type": header} if header else {})
    assert TEXT in decoded.text
    assert (decoded.charset, decoded.origin, decoded.replaced) == (found, origin, 0)


@pytest.mark.parametrize(("mark", "charset"), [(b"\xff\xfe", "utf-8"), (b"\xef\xbb\xbf", "gbk")])
def test_a_mark_that_stands_before_another_charset_is_not_believed(mark: bytes, charset: str) -> None:
    assert TEXT in decode(mark + page(TEXT).encode(charset)).text


def test_utf8_that_was_taken_for_latin_1_is_undone() -> None:
    assert TEXT in decode(page(TEXT).encode().decode("latin-1").encode()).text


def test_a_page_in_another_language_keeps_its_charset() -> None:
    text = "<p>Съезд партии утвердил отчёт о работе районных организаций и принял решение о подготовке кадров.</p>"
    assert decode(text.encode("koi8-r"), {"content-type": "text/html; charset=koi8-r"}).text == text


@pytest.mark.parametrize("declared", ["big5", "gb2312", None])
def test_big5_is_told_from_gbk(declared: str | None) -> None:
    body = page(HANT, declared).replace("党建", "黨建").encode("big5")
    assert HANT in decode(body).text


def test_a_source_file_may_say_the_charset() -> None:
    assert decode(page(TEXT).encode("gbk"), declared="gbk").origin == "rule"


def test_a_utf8_part_in_a_gbk_page_is_read() -> None:
    body = page(TEXT, "gbk").encode("gbk") + f"<p>{TEXT[::-1]}</p>".encode()
    decoded = decode(body)
    assert TEXT in decoded.text
    assert TEXT[::-1] in decoded.text
    assert decoded.origin == "mixed"


def test_a_gbk_part_in_a_utf8_page_is_read() -> None:
    body = (page(TEXT) * 5).encode() + f"<p>{TEXT[::-1]}</p>".encode("gbk")
    decoded = decode(body)
    assert TEXT[::-1] in decoded.text
    assert (decoded.charset, decoded.origin) == ("utf-8", "mixed")


def test_lost_bytes_are_counted() -> None:
    body = (page(TEXT) * 5).encode().replace("实事".encode(), b"\xff\xfe", 1)
    assert decode(body).replaced > 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("党\x00建\x01", "党建"),
        ("党&#1;建&#xFFFF;&#x0;", "党建"),
        ("1&#150;2", "1–2"),
        ("党&#99999999999999;建", "党建"),
        ("&#00000000000020826;", "&#00000000000020826;"),
        ("&#xD83D;&#xDE00;&#55357;&#56832;", "😀😀"),
        ("&#x515A;&#24314;", "&#x515A;&#24314;"),
        ("&#99999999;", ""),
        ("\ufffe\uffff党", "党"),
    ],
)
def test_characters_no_parser_can_read_are_gone(before: str, after: str) -> None:
    assert clean_characters(before) == after


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    decode(body).text.encode("utf-8")  # no lone surrogates
