"""The series that a title belongs to, and its number there: 一居一品⑨, 系列报道之三, （上）."""

from __future__ import annotations

import re
import unicodedata

from models.records import Series

__all__ = ["find_series"]

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
# 下 may be the second or the third part: its number is not given.
_PARTS: dict[str, int | None] = {"上": 1, "中": 2, "下": None}
_CIRCLED = "\u2460-\u2473\u3251-\u325f\u32b1-\u32bf"
_NUMBER = f"[{_CIRCLED}]|[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}|[上中下]"
# Where a number of a series stands: circled at the end of a word, in brackets at the end of the title, or after 之.
_CIRCLED_AT = re.compile(f"^[【［\\[]?([^{_CIRCLED}]{{2,30}})([{_CIRCLED}])(?=[ \u3000：:丨|｜—】］\\]]|$)")
# 支部故事（上）：… names the series in front of the colon.
_BRACKETED_AT = re.compile(
    f"^[【［\\[]?([^：:丨|｜]{{2,20}}?)([（(](?:之)?({_NUMBER})[篇集]?[)）])[】］\\]]?(?=[：:丨|｜—])"
)
_BRACKETED = re.compile(f"^(.{{2,60}}?)([（(](?:之)?({_NUMBER})[篇集]?[)）])$")
_NUMBERED = re.compile(
    f"^(.{{2,30}}?(?:系列报道|系列评论|系列|述评|观察|评论|综述))(之({_NUMBER}))(?=[ \u3000：:丨|｜—）)]|$)"
)


def find_series(title: str | None, kicker: str | None = None) -> Series | None:
    """Name and number as printed in the kicker or, failing that, in the title; None where there is no number."""
    for text in (kicker, title):
        if text and (found := _find(text.strip())):
            return found
    return None


def _find(text: str) -> Series | None:
    if found := _CIRCLED_AT.match(text):
        return Series(found[1], _read_number(found[2]), found[2])
    if found := _NUMBERED.match(text):
        return Series(found[1].lstrip("—（("), _read_number(found[3]), found[2])
    if found := _BRACKETED_AT.match(text):
        return Series(found[1].strip(), _read_number(found[3]), found[2])
    if found := _BRACKETED.match(text):
        # Of 党建在基层 治理暖民心（上） the first half names the series.
        return Series(re.split("[ \u3000]", found[1].strip())[0], _read_number(found[3]), found[2])
    return None


def _read_number(raw: str) -> int | None:
    if raw in _PARTS:
        return _PARTS[raw]
    if raw in _DIGITS:
        return _DIGITS[raw]
    tens, _, ones = raw.partition("十")
    if "十" in raw and tens in {"", *_DIGITS} and ones in {"", *_DIGITS}:
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    value = unicodedata.numeric(raw) if len(raw) == 1 else float(raw) if raw.isdecimal() else None
    return None if value is None else int(value)
