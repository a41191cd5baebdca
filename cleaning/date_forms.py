"""The forms in which a time of day is printed, and the rarer ones of a day: 20/05/2024, May 20, 2024, 112年5月20日."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["GAP", "TIME", "find_other_days"]

_WEEKDAY = r"[(（]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][)）]?"
# Between a day and its time: blanks, a weekday, a bar, the T of ISO 8601, the name of a zone eight hours east, a dash
# right before the time. Bounded, so that nothing far off is joined.
GAP = rf"(?:[\s\u3000]|{_WEEKDAY}|[|｜,，T]|HKT|SGT|[-–—·/](?=\s?\d{{1,2}}[:：])){{0,12}}"
_HALF = r"(?P<half>上午|下午|中午|晚上|晚间|凌晨|早上|傍晚|AM|PM|am|pm)?\s?"
TIME = (
    rf"{_HALF}(?P<hour>[01]?\d|2[0-4])\s?(?:[:：]|[时時點点])\s?(?P<minute>[0-5]\d)(?!\d)(?:\s?分(?!钟|鐘))?"
    # A colon or 分 before the seconds: in "11:21 21世纪网" they are a name.
    r"(?:\s?(?:[:：]|(?<=分))\s?(?P<second>[0-5]\d)(?!\d)秒?(?:\.\d{1,9})?)?"
    r"(?:\s?(?P<tail_half>AM|PM|am|pm)\b)?"
)

_DIGITS = "〇零一二三四五六七八九"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_THEN = rf"(?:{GAP}{TIME})?"
_NUMBER = r"(?:[012]?\d|3[01])"
_FORMS = (
    # Hong Kong and Macau write the day first, Chinese papers of America the month
    re.compile(
        rf"(?<![\d./\-])(?P<one>{_NUMBER})(?P<sep>[/.\-])(?P<two>{_NUMBER})(?P=sep)(?P<year>20\d\d)(?![\d./\-]){_THEN}"
    ),
    re.compile(rf"(?i)\b(?P<name>{_MONTH})\s(?P<day>[012]?\d|3[01])(?:st|nd|rd|th)?,?\s(?P<year>20\d\d)(?!\d){_THEN}"),
    re.compile(rf"(?i)\b(?P<day>[012]?\d|3[01])(?:st|nd|rd|th)?\s(?P<name>{_MONTH}),?\s(?P<year>20\d\d)(?!\d){_THEN}"),
    re.compile(
        rf"(?P<digits>二[〇○零][{_DIGITS}○]{{2}})年(?P<month>十[一二]?|[一二三四五六七八九])月"
        r"(?P<day>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号號]"
    ),
    # Years of the Republic without the word, on sites of Taiwan, where a label says that a date follows
    re.compile(
        r"(?<=[期间間时時][:：])\s{0,3}(?P<republic>1[0-4]\d)(?P<sep>年|[-/.])(?P<month>1[0-2]|0?[1-9])(?:月|(?P=sep))"
        rf"(?P<day>3[01]|[12]\d|0?[1-9])(?:日|(?![\d.])){_THEN}"
    ),
    # WordPress in Chinese: 5 月 22, 2023
    re.compile(
        rf"(?<!\d)(?P<month>1[0-2]|0?[1-9])\s?月\s?(?P<day>3[01]|[12]\d|0?[1-9]),\s(?P<behind>20\d\d)(?!\d){_THEN}"
    ),
    # 百家号 writes two digits of the year: 发布时间：21-02-26 18:32
    re.compile(
        r"(?<=[期间間时時][:：])\s{0,3}(?P<short>[12]\d)(?P<sep>[-/.])(?P<month>1[0-2]|0[1-9])(?P=sep)"
        rf"(?P<day>3[01]|[12]\d|0[1-9])(?![\d.])(?:{GAP}{TIME})"
    ),
)
# One of these stands in each of them, and in few other lines.
_HINT = re.compile(r"[/.\-]20\d\d|\s20\d\d|二[〇○零]|[:：]\s{0,3}(?:1[0-4]\d[年\-/.]|[12]\d[\-/.])")


def find_other_days(text: str) -> Iterator[tuple[re.Match[str], tuple[int, int, int]]]:
    """Every day in one of the rarer forms, with year, month and day; 05/06/2024 may be either of two and is none."""
    if _HINT.search(text) is None:
        return
    for pattern in _FORMS:
        for match in pattern.finditer(text):
            day = _read(match.groupdict(""))
            if day is not None:
                yield match, day


def _read(groups: dict[str, str]) -> tuple[int, int, int] | None:
    if "one" in groups:
        one, two = int(groups["one"]), int(groups["two"])
        return (int(groups["year"]), min(one, two), max(one, two)) if (one > 12) != (two > 12) else None
    if "name" in groups:
        return int(groups["year"]), _MONTHS.index(groups["name"][:3].lower()) + 1, int(groups["day"])
    if "digits" in groups:
        year = int("".join(str(_digit(c)) for c in groups["digits"]))
        return year, _han_number(groups["month"]), _han_number(groups["day"])
    if "behind" in groups:
        return int(groups["behind"]), int(groups["month"]), int(groups["day"])
    if "short" in groups:
        return 2000 + int(groups["short"]), int(groups["month"]), int(groups["day"])
    return int(groups["republic"]) + 1911, int(groups["month"]), int(groups["day"])


def _digit(character: str) -> int:
    return 0 if character == "○" else max(0, _DIGITS.index(character) - 1)


def _han_number(text: str) -> int:
    """一 to 三十一."""
    tens, ten, ones = text.rpartition("十")
    one = _digit(ones) if ones else 0
    return (_digit(tens) if tens else 1) * 10 + one if ten else one
