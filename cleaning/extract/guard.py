"""Refuse or defuse markup that would hang a parser, in one linear pass before parsing."""

from __future__ import annotations

import re

from models.errors import NotReadable

__all__ = ["MAX_CHARACTERS", "defuse"]

# The longest saved article page has 1.4 million; libxml2 gives up on text nodes above 10 million.
MAX_CHARACTERS = 10_000_000
# Each element costs a kilobyte and a quarter of a millisecond; the longest saved page has 20,000. A table of 25,000
# rows still passes; a page made of nothing but tags would take two gigabytes and minutes.
MAX_ELEMENTS = 100_000
LONG_TAG = 40_000  # characters of a tag without quotes; no page has one
MAX_ATTRIBUTES = 400  # of one tag; libxml2 compares every attribute with every other

_ELEMENT = re.compile("<[a-zA-Z]")
# Possessive throughout: a tag that does not match costs its own length once.
_TAG_WITH_MANY = re.compile(
    r"<(?P<name>[a-zA-Z][^\s/>]{0,40}+)(?:[\s/]++[^\s\"'>=/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+)"
    rf"{{{MAX_ATTRIBUTES},}}+[^>]*+>?+"
)
_LONG_TAG = re.compile(rf"<(?P<name>[a-zA-Z][^\s/>]{{0,40}}+)[^<>\"']{{{LONG_TAG}}}+[^<>]*+>?+")


def defuse(markup: str, url: str) -> tuple[str, tuple[str, ...]]:
    """The markup with impossible tags emptied of their attributes, and flags that say so.

    Raises NotReadable where the page is too large to be an article.
    """
    if len(markup) > MAX_CHARACTERS:
        raise NotReadable(
            f"{len(markup)} characters", url=url, expected=f"at most {MAX_CHARACTERS}", advice="look at the page"
        )
    if markup.count("<") > MAX_ELEMENTS and (elements := sum(1 for _ in _ELEMENT.finditer(markup))) > MAX_ELEMENTS:
        raise NotReadable(
            f"{elements} elements", url=url, expected=f"at most {MAX_ELEMENTS}", advice="look at the page"
        )
    emptied = 0
    for pattern in (_TAG_WITH_MANY, _LONG_TAG) if _may_hold_long_tag(markup) else (_TAG_WITH_MANY,):
        markup, count = pattern.subn(r"<\g<name>>", markup)
        emptied += count
    return markup, ("attributes-dropped",) if emptied else ()


def _may_hold_long_tag(markup: str) -> bool:
    """Whether so many characters in a row may be neither brackets nor quotes: they cover one of these places."""
    return any(_reach(markup, place) >= LONG_TAG for place in range(LONG_TAG, len(markup), LONG_TAG))


def _reach(markup: str, place: int) -> int:
    """The length of the run around a place, not looked at beyond the length of a long tag to either side."""
    first, last = max(0, place - LONG_TAG), min(len(markup), place + LONG_TAG)
    for mark in "<>\"'":
        first = max(first, markup.rfind(mark, first, place) + 1)
        end = markup.find(mark, place, last)
        last = end if end >= 0 else last
    return last - first
