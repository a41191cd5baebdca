"""Numbers of entries in the search index: the day in China, and a count within the day. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

__all__ = ["china_day", "day_of_number", "first_of_day", "last_of_day"]

CHINA = timezone(timedelta(hours=8))

# A million: a corpus that is loaded at once without dates has all its articles on one day. Beyond it they spill into
# the next, which costs their order and nothing else.
NUMBERS_A_DAY = 1 << 20


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def first_of_day(day: date) -> int:
    return day.toordinal() * NUMBERS_A_DAY


def last_of_day(day: date) -> int:
    return first_of_day(day) + NUMBERS_A_DAY - 1


def day_of_number(number: int) -> date:
    return date.fromordinal(number // NUMBERS_A_DAY)
