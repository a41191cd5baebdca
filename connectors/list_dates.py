"""The day of an entry as lists and feeds print it, only good enough to keep a window of time.

What becomes the date of an article is decided by extraction; it gets the printed text as a hint.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

__all__ = [
    "date_in_address",
    "date_of_line",
    "find_date_text",
    "is_day_of_month",
    "is_month",
    "join_split_date",
    "print_stamp",
    "read_day",
]

CHINA = timezone(timedelta(hours=8))  # no daylight saving since 1991
EARLIEST = 1995  # the first Chinese web sites

_DATE = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)\s*[-/.年]\s*)?(?P<m>1[0-2]|0?[1-9])\s*[-/.月]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)\s*日?"
    r"(?:[ T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_RELATIVE = re.compile(
    r"(?P<n>\d{1,3})\s*(?P<unit>分钟|小时|天|日)前|(?P<word>刚刚|今天|昨天|前天)(?:\s*\d{1,2}[:：]\d{2})?"
)
# What stands around a date on a line of its own: brackets, and words that say that it is one.
_AROUND = " \xa0　[]()（）【】〔〕<>|·:：,，-—"
_LABEL = re.compile(r"(?:(?:发布|更新|添加|创建|上传|录入|发表)?(?:日期|时间)|发布于|更新于)\s*[：:]?\s*")
_WEEKDAY = re.compile(r"\s*(?:星期|周)[一二三四五六日天]$")
_SHORT = re.compile(r"(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])")
_BRIEF = re.compile(r"[0-3]\d([-./])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])")  # 26-01-28
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Pieces of a date that is printed as a little calendar leaf.
_PIECES = re.compile(
    r"(?P<ym>(?P<y1>20\d\d)\s*[-/.年]\s*(?P<m1>\d{1,2})\s*月?)|(?P<my>(?P<m2>\d{1,2})\s*[-/.]\s*(?P<y2>20\d\d))"
    r"|(?P<md>(?P<m3>\d{1,2})\s*[-/.]\s*(?P<d3>\d{1,2}))|(?P<y>20\d\d)\s*年?|(?P<m>\d{1,2})\s*月|(?P<d>\d{1,2})\s*日?"
    r"|(?P<name>[A-Za-z]{3,9})\.?,?(?:\s*(?P<y4>20\d\d))?"
)
MOST_PIECES = 3
# 1795136400, 1795136400000, 1795136400.0, and as ASP.NET writes it: /Date(1795136400000+0800)/
_STAMP = re.compile(r"(?:/Date\()?(?P<seconds>[1-9]\d{8,9})(?:\d{3})?(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?")
_WORDS = {"刚刚": 0, "今天": 0, "昨天": 1, "前天": 2}
_IN_ADDRESS = re.compile(
    r"/t?(?P<y>20\d\d)[-/]?(?P<m>0[1-9]|1[0-2])[-/]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.]|$)"
    r"|/(?P<y2>20\d\d)/(?P<m2>1[0-2]|[1-9])/(?P<d2>3[01]|[12]\d|[1-9])/"
)


def find_date_text(text: str) -> str | None:
    """The first thing in the text that is printed like a date, as it stands there."""
    for found in _DATE.finditer(text[:2000]):
        # "3.15" and "1-2" in a title are no dates: without a year only 01-05, 1月5日 and 01/05 are.
        if found["y"] or re.match(r"\d{2}[-/]\d{2}(?!\d)|\d{1,2}\s*月", found.group()):
            return found.group().strip()
    relative = _RELATIVE.search(text[:2000])
    return relative.group() if relative else None


def date_of_line(text: str) -> str | None:
    """The date, if the line is nothing but one with its brackets and label."""
    line = _WEEKDAY.sub("", _LABEL.sub("", text.strip(_AROUND), count=1).strip(_AROUND))
    if short := _SHORT.fullmatch(line):
        return f"{short[1]}-{short[2]}"
    if _BRIEF.fullmatch(line):
        return f"20{line.replace('.', '-').replace('/', '-')}"
    return line if line and find_date_text(line) == line else None


def join_split_date(parts: Sequence[str]) -> str | None:
    """A date whose day, month and year stand in pieces of their own, as on a calendar leaf: 20 / 2026-11.

    With a year as 2026-11-20, else as 11月20日.
    """
    lines = [part.strip(_AROUND) for part in parts]
    for start in range(len(lines)):
        known: dict[str, int] = {}
        for line in lines[start : start + MOST_PIECES]:
            piece = _read_piece(line)
            if not piece or known.keys() & piece.keys():
                break
            known |= piece
        if "m" in known and "d" in known and known["m"] <= 12 and 1 <= known["d"] <= 31:
            month_and_day = f"{known['m']}月{known['d']}日"
            return f"{known['y']}-{known['m']:02d}-{known['d']:02d}" if "y" in known else month_and_day
    return None


def is_month(line: str) -> bool:
    """Whether a line names a month, or a year, and no day: 2026年11月."""
    return set(_read_piece(line.strip(_AROUND))) in ({"y", "m"}, {"y"})


def is_day_of_month(line: str) -> bool:
    return line.strip(_AROUND).rstrip("日").isdecimal() and set(_read_piece(line.strip(_AROUND))) == {"d"}


def _read_piece(line: str) -> dict[str, int]:
    found = _PIECES.fullmatch(line)
    if not found:
        return {}
    given = {name[0]: int(value) for name, value in found.groupdict().items() if value and name[:1] in "ymd"
             and name not in ("ym", "my", "md")}  # fmt: skip
    if found["name"]:
        month = found["name"][:3].lower()
        return given | {"m": _MONTHS.index(month) + 1} if month in _MONTHS else {}
    return given


def print_stamp(text: str) -> str:
    """Seconds or milliseconds since 1970, as interfaces give them, as a date that can be read; other text as it is."""
    found = _STAMP.fullmatch(text)
    if not found:
        return text
    moment = datetime.fromtimestamp(int(found["seconds"]), CHINA)
    return moment.isoformat(sep=" ") if moment.year >= EARLIEST else text


def read_day(text: str | None, now: datetime) -> date | None:
    """The day in China that ``text`` means, or None. ``now`` is when the list was read."""
    if not text:
        return None
    text = text.strip()
    today = now.astimezone(CHINA).date()
    if re.fullmatch(r"1\d{9}(\d{3})?(\.\d+)?", text):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1), CHINA).date()
    if re.fullmatch(r"20\d{6}(?:\d{6})?", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:8]), today)
    return _read_standard(text, today) or _read_printed(text, today)


def _read_standard(text: str, today: date) -> date | None:
    """RFC 822 as in feeds, and ISO 8601 with a zone."""
    try:
        moment = email.utils.parsedate_to_datetime(text) if text[:1].isalpha() else datetime.fromisoformat(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if text[:1].isalpha() else CHINA)
    try:
        local = moment.astimezone(CHINA)
    except OverflowError:
        return None
    return _day(local.year, local.month, local.day, today)


def _read_printed(text: str, today: date) -> date | None:
    relative = _RELATIVE.search(text)
    if relative:
        days = int(relative["n"]) if relative["unit"] in ("天", "日") else _WORDS.get(relative["word"] or "", 0)
        return today - timedelta(days=days)
    printed = find_date_text(text)
    found = _DATE.search(printed) if printed else None
    if not found:
        return None
    month, day = int(found["m"]), int(found["d"])
    if found["y"]:
        return _day(int(found["y"]), month, day, today)
    this_year = _day(today.year, month, day, today)
    return this_year or _day(today.year - 1, month, day, today)


def _day(year: int, month: int, day: int, today: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    # A day of grace: the machine and the site may disagree about midnight.
    return found if year >= EARLIEST and found <= today + timedelta(days=1) else None


def date_in_address(url: str) -> date | None:
    """The day that an address names: /2024/01/08/, /202401/t20240108_1.html, /art/2025/9/1/."""
    found = list(_IN_ADDRESS.finditer(url))
    if not found:
        return None
    last = found[-1]
    try:
        return date(int(last["y"] or last["y2"]), int(last["m"] or last["m2"]), int(last["d"] or last["d2"]))
    except ValueError:
        return None
