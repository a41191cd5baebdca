"""Find the moment of publication in a line, an address or a list entry: with its precision, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from cleaning.date_forms import GAP, TIME, find_other_days
from cleaning.starts import Starting
from models.records import Precision

__all__ = ["CHINA", "Moment", "date_in_url", "find_date", "find_dates", "read_epoch", "read_hint", "read_meta_date"]

CHINA = timezone(timedelta(hours=8), "+08:00")  # one zone, no summer time since 1991

FIRST_YEAR = 1978  # older dates on a news page are history, not the day of publication
SKEW = timedelta(minutes=10)  # clocks of sites run ahead of ours by seconds, sometimes by minutes


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as printed: ``value`` is aware; ``start`` and ``end`` are character offsets in the text searched."""

    value: datetime
    precision: Precision
    raw: str = ""
    start: int = 0
    end: int = 0

    def is_after(self, limit: datetime | None) -> bool:
        """Whether the moment lies in the future of ``limit``; without a limit nothing does."""
        return limit is not None and self.value > limit + SKEW


_ZONE = r"(?:\s?(?P<zone>Z|[+-]\d{2}:?\d{2}))?"
_DAY = (
    r"(?<![\d.])(?:(?P<roc>(?:中[華华])?民[國国])\s?(?P<roc_year>\d{2,3})|(?P<year>(?:19|20)\d{2}))"
    r"\s?(?P<sep>年|[-/.．－／—–])\s?(?P<month>1[0-2]|0?[1-9])\s?(?:月|(?P=sep))\s?(?P<day>3[01]|[12]\d|0?[1-9])"
    r"(?:\s?[日号號]|(?!\d)(?!\.\d)|(?=\d{1,2}[:：]\d{2}))"
)
_DATE = Starting.of(rf"{_DAY}(?:{GAP}{TIME}{_ZONE})?", first="[中民12]")
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])"
    r"(?:[T ]?(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?(?!\d)"
)
_YEARLESS = re.compile(
    rf"(?<![\d年.:：-])(?P<month>1[0-2]|0?[1-9])(?:月|[-/])(?P<day>3[01]|[12]\d|0?[1-9])日?(?!\d)(?:{GAP}{TIME})?"
)
_AGO = re.compile(r"(?P<number>\d{1,3}|半|一)\s?(?:个|個)?\s?(?P<unit>秒|分钟|分鐘|小时|小時|天|日)(?:之)?前")
_NAMED_DAY = re.compile(rf"(?P<name>今天|今日|昨天|昨日|前天|前日)(?:{GAP}{TIME})?")
_JUST_NOW = re.compile(r"刚刚|剛剛|刚才|剛才")
_DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2}
_AFTERNOON = frozenset({"下午", "晚上", "晚间", "傍晚", "PM", "pm"})


def find_date(text: str, *, not_after: datetime | None = None) -> Moment | None:
    """The first full date in ``text`` (year, month and day printed) that is not in the future of ``not_after``."""
    return next((m for m in find_dates(text) if not m.is_after(not_after)), None)


def find_dates(text: str) -> Iterator[Moment]:
    """All full dates in ``text`` in order: 2022/3/31 11:27:21, 2024年01月08日06:58, 2024-01-08T06:58:00Z, 民國101年…"""
    found = False
    for match in _DATE.finditer(text):
        moment = _moment(match)
        if moment is not None:
            found = True
            yield _with_time_before(moment, text)
    if not found:  # a line that has a date of the common form means that one
        yield from filter(None, (_assemble(match, *day) for match, day in find_other_days(text)))


_TIME_BEFORE = re.compile(
    r"(?<!\d)(?<!\d[:：])(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?P<second>:[0-5]\d)?[ \u3000|]{1,3}$"
)


def _with_time_before(moment: Moment, text: str) -> Moment:
    """Papers of Hong Kong and Taiwan print the time before the day: 16:20 2023-09-14 HKT."""
    if moment.precision is not Precision.DAY or moment.start < len("16:20 "):
        return moment
    match = _TIME_BEFORE.search(text, max(0, moment.start - 12), moment.start)
    if match is None:
        return moment
    value = moment.value.replace(hour=int(match["hour"]), minute=int(match["minute"]))
    return Moment(value, Precision.MINUTE, text[match.start() : moment.end], match.start(), moment.end)


_RFC822 = re.compile(r"\d\d:\d\d(?::\d\d)? (?:[A-Z]{1,4}|[+\-]\d{4})$")  # Tue, 25 Jan 2022 01:26:43 GMT


def read_meta_date(text: str) -> Moment | None:
    """A date written by a machine: everything ``find_date`` reads, and 20240108, 20240108065800 and RFC 822."""
    if _RFC822.search(text) and (moment := _read_rfc822(text)):
        return moment
    moment = find_date(_undash(text))
    if moment is not None:
        return moment
    match = _COMPACT.search(text)
    return _moment(match) if match else _read_rfc822(text)


def _undash(text: str) -> str:
    # gov.cn writes 2007-08-20-23:59:59
    return re.sub(r"(\d{4}-\d{2}-\d{2})-(?=\d{2}:\d{2})", r"\1 ", text)


def read_epoch(digits: str) -> Moment | None:
    """Seconds or milliseconds since 1970 as digits, as WeChat and 12371 write them."""
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (10, 13):
        return None
    value = datetime.fromtimestamp(int(digits[:10]), tz=CHINA)
    return Moment(value, Precision.SECOND, digits) if value.year >= FIRST_YEAR else None


_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<a>[-/_]?)(?P<month>1[0-2]|0[1-9])(?P<b>[-/]?)(?P<day>3[01]|[12]\d|0[1-9])(?!\d)"
)
# 大汉 writes /art/2025/1/9/: no zero padding, so the slashes must be there.
_URL_LOOSE = re.compile(r"/(?P<year>(?:19|20)\d{2})/(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0?[1-9])(?=/)")


def date_in_url(url: str) -> Moment | None:
    """The day in the path of an address: /2024/0108/, /2022-03/31/, t20240108_, /2025/1/9/; never in its query."""
    path = url.split("?", 1)[0].split("#", 1)[0]
    path = path.split("://", 1)[-1]
    path = path[path.find("/") :] if "/" in path else ""
    for pattern in (_URL_DATE, _URL_LOOSE):
        moments = {m.value: m for m in map(_moment, pattern.finditer(path)) if m}
        if len(moments) == 1:  # two different days in one address: no telling which
            return next(iter(moments.values()))
        if moments:
            return None
    return None


def read_hint(text: str, listed_at: datetime | None) -> Moment | None:
    """A date as a list or feed printed it; relative ones (昨天 10:30, 3小时前, 01-14) count back from ``listed_at``."""
    moment = read_meta_date(text)
    if moment is not None or listed_at is None:
        return moment
    now = listed_at.astimezone(CHINA)
    return _read_ago(text, now) or _read_named_day(text, now) or _read_yearless(text, now)


def _read_ago(text: str, now: datetime) -> Moment | None:
    if just := _JUST_NOW.search(text):
        return Moment(now.replace(second=0, microsecond=0), Precision.MINUTE, just[0], *just.span())
    match = _AGO.search(text)
    if match is None:
        return None
    number = {"半": 0.5, "一": 1.0}.get(match["number"]) or float(match["number"])
    unit = match["unit"]
    if unit in "天日":
        return Moment(_midnight(now - timedelta(days=number)), Precision.DAY, match[0], *match.span())
    seconds = number * (1 if unit == "秒" else 60 if unit.startswith("分") else 3600)
    value = (now - timedelta(seconds=seconds)).replace(second=0, microsecond=0)
    if unit.startswith("小"):  # "3小时前" is right to the hour only: the day is all that may be claimed
        return Moment(_midnight(value), Precision.DAY, match[0], *match.span())
    return Moment(value, Precision.MINUTE, match[0], *match.span())


def _read_named_day(text: str, now: datetime) -> Moment | None:
    match = _NAMED_DAY.search(text)
    if match is None:
        return None
    day = now - timedelta(days=_DAYS_BACK[match["name"]])
    return _assemble(match, day.year, day.month, day.day)


def _read_yearless(text: str, now: datetime) -> Moment | None:
    match = _YEARLESS.search(text)
    if match is None:
        return None
    month, day = int(match["month"]), int(match["day"])
    moment = _assemble(match, now.year, month, day)
    if moment is None or moment.is_after(now):
        moment = _assemble(match, now.year - 1, month, day)
    return moment


def _read_rfc822(text: str) -> Moment | None:
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    value = value.replace(tzinfo=CHINA) if value.tzinfo is None else value.astimezone(CHINA)
    return Moment(value, Precision.SECOND, text.strip()) if value.year >= FIRST_YEAR else None


def _moment(match: re.Match[str]) -> Moment | None:
    groups = match.groupdict()
    year = int(groups["roc_year"]) + 1911 if groups.get("roc_year") else int(groups["year"])
    if year < FIRST_YEAR:
        return None
    return _assemble(match, year, int(groups["month"]), int(groups["day"]))


def _assemble(match: re.Match[str], year: int, month: int, day: int) -> Moment | None:
    try:
        value = datetime(year, month, day, tzinfo=CHINA)
    except ValueError:  # 31 June
        return None
    groups = match.groupdict()
    raw, start, end = match[0].strip(), match.start(), match.end()
    hour = _hour(groups)
    if hour is None:
        return Moment(value, Precision.DAY, raw, start, end)
    second = groups.get("second")
    value = value.replace(hour=hour, minute=int(groups["minute"]), second=int(second or 0))
    value = _to_china(value, groups.get("zone"))
    # A machine that knows only the day writes 00:00:00; nobody publishes at that very second.
    bare = second is not None and not groups.get("zone") and value == _midnight(value)
    precision = Precision.DAY if bare else Precision.SECOND if second else Precision.MINUTE
    return Moment(value, precision, raw, start, end)


def _hour(groups: dict[str, str | None]) -> int | None:
    printed = groups.get("hour")
    if printed is None:
        return None
    hour, half = int(printed), groups.get("half") or groups.get("tail_half")
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in ("AM", "am", "凌晨") and hour == 12:
        hour = 0
    return hour if hour < 24 else None


def _to_china(value: datetime, zone: str | None) -> datetime:
    if not zone:
        return value
    if zone == "Z":
        return value.replace(tzinfo=timezone.utc).astimezone(CHINA)  # noqa: UP017
    sign = -1 if zone[0] == "-" else 1
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    if offset >= timedelta(hours=24):
        return value
    return value.replace(tzinfo=timezone(sign * offset)).astimezone(CHINA)


def _midnight(value: datetime) -> datetime:
    return value.replace(hour=0, minute=0, second=0, microsecond=0)
