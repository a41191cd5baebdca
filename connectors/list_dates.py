"""The day of an entry as lists and feeds print it, only good enough to keep a window of time.

What becomes the date of an article is decided by extraction; it gets the printed text as a hint.
"""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["date_in_address", "find_date_text", "read_day"]

CHINA = timezone(timedelta(hours=8))  # no daylight saving since 1991
EARLIEST = 1995  # the first Chinese web sites

_DATE = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)\s*[-/.年]\s*)?(?P<m>1[0-2]|0?[1-9])\s*[-/.月]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)\s*日?"
    r"(?:[ T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_RELATIVE = re.compile(
    r"(?P<n>\d{1,3})\s*(?P<unit>分钟|小时|天|日)前|(?P<word>刚刚|今天|昨天|前天)(?:\s*\d{1,2}[:：]\d{2})?"
)
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


def read_day(text: str | None, now: datetime) -> date | None:
    """The day in China that ``text`` means, or None. ``now`` is when the list was read."""
    if not text:
        return None
    text = text.strip()
    today = now.astimezone(CHINA).date()
    if re.fullmatch(r"1\d{9}(\d{3})?(\.\d+)?", text):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1), CHINA).date()
    if re.fullmatch(r"20\d{6}", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]), today)
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
