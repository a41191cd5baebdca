"""Filters as people give them: names of places, sources as in the form, days; made into what search takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flows.choices import slug_of
from models.errors import ConfigurationWrong
from models.search import Filters

__all__ = ["find_codes", "make_filters", "name_code"]


def make_filters(
    *,
    since: date | datetime | None = None,
    until: date | datetime | None = None,
    found_within: int | None = None,
    regions: Iterable[str] | None = None,
    topics: Iterable[str] | None = None,
    media: Iterable[str] | None = None,
    sources: Iterable[str] | None = None,
    methods: Iterable[str] | None = None,
    off_topic: bool = False,
    now: datetime,
) -> Filters:
    """``found_within``: days before ``now``. Raises ConfigurationWrong for a place that is not known."""
    return Filters(
        since=_day(since),
        until=_day(until),
        new_since=now - timedelta(days=found_within) if found_within else None,
        regions=tuple(code for place in regions or () for code in find_codes(place)),
        topics=tuple(topics or ()),
        media=tuple(media or ()),
        sources=tuple(map(slug_of, sources or ())),
        methods=tuple(methods or ()),
        relevant=not off_topic,
    )


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def find_codes(place: str) -> tuple[str, ...]:
    """The codes of a place by its name (四川省, 成都, 郫都区) or code; of a name that several have, all of them."""
    from cleaning.tags import gazetteer

    if place.isdecimal():
        return (place,)
    register = gazetteer.load()
    named = register.codes_of(place) or ((register.short[place],) if place in register.short else ())
    # 郫都 for 郫都区: what a person types where only one kind of place can be meant.
    ending = next((codes for end in "区县市省旗" if (codes := register.codes_of(f"{place}{end}"))), ())
    if not (named or ending):
        raise ConfigurationWrong(
            f"没有这个地名 / no such place: {place}", expected="四川省 / 成都市 / 郫都区 / 510117", advice="--region"
        )
    return named or ending


def name_code(code: str) -> str:
    """The name of a place, or its code where no such place is known."""
    from cleaning.tags import gazetteer

    return gazetteer.load().codes.get(code, code)
