"""Kicker (肩题, 引题) and subtitle (副题) that no selector names: lines beside the title, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cleaning.byline import parse_byline
from cleaning.extract.furniture import is_furniture
from cleaning.extract.lines import Line, Outline
from cleaning.extract.page import Element
from cleaning.titles import clean_title, fold_title, may_fold_to
from models.records import Found, Origin

__all__ = ["Beside", "read_beside"]

ABOVE = 3  # lines above the title: kickers have one or two
BELOW = 5  # lines below it: the byline may stand between title and subtitle
SHORTEST, LONGEST = 4, 60  # characters; a longer line between title and text is a summary
# What sites call the parts. "sub" and "pre" are also called buttons and boxes: only in headings and paragraphs.
_KICKER = re.compile(
    r"(?:^|[_\-])(?:yinti|yin-?biao-?ti|yt|jianti|jian-?biao-?ti|jt|meiti|intro-?title|kicker|eyebrow|pre-?title|up-?title|"
    r"top-?title|lead-?title|shoulder-?title|over-?title|overline|title-?(?:intro|pre|up|top))(?:$|[_\-\d])"
)
_SUBTITLE = re.compile(
    r"(?:^|[_\-])(?:futi|fu-?biao-?ti|fbt|ft|sub-?title|sub-?tit|sub-?head(?:ing|line)?|deck|second-?title|down-?title|"
    r"small-?title|vice-?title|under-?title|title-?(?:sub|vice|small|down|second))(?:$|[_\-\d])"
)
_BARE = {"pre": "kicker", "sub": "subtitle"}
_TEXTS = frozenset("h1 h2 h3 h4 h5 h6 p founder-introtitle founder-subtitle".split())
_DASHED = re.compile(r"(?:[—―─–\-]{2,}|—)[ \u3000]?(?=[\u4e00-\u9fff“‘《「\d])")
_SENTENCE = re.compile(r"[。；;…]$")


@dataclass(frozen=True, slots=True)
class Beside:
    """The kicker and subtitle beside a title; None where there is none."""

    kicker: Found[str] | None = None
    subtitle: Found[str] | None = None


def read_beside(outline: Outline, first: int, last: int, title: str | None) -> Beside:
    """``first`` and ``last`` bound the lines of the head; the first line of the text may be the subtitle too."""
    folded = fold_title(title or "")
    lines = outline.lines
    if not folded:
        return Beside()
    at = next((n for n in range(min(last, len(lines) - 1), first - 1, -1) if _is_title(lines[n], folded)), -1)
    if at < 0:
        return Beside()
    above = [line for line in lines[max(0, at - ABOVE) : at] if _may_be_part(line, folded)]
    below = [line for line in lines[at + 1 : min(last + 1, at + 1 + BELOW)] if _may_be_part(line, folded)]
    kicker = next((line for line in (*reversed(above), *below) if _kind(outline, line) == "kicker"), None)
    subtitle = next((line for line in (*below, *above) if _kind(outline, line) == "subtitle"), None)
    subtitle = subtitle or next((line for line in below if _is_dashed(line)), None)
    return Beside(_found(kicker), _found(subtitle))


def _is_title(line: Line, folded: str) -> bool:
    return may_fold_to(line.text, folded) and fold_title(line.text) == folded


def _found(line: Line | None) -> Found[str] | None:
    return Found(clean_title(line.text), Origin.HEADING, line.text) if line else None


def _may_be_part(line: Line, title: str) -> bool:
    if not SHORTEST <= len(line.text) <= LONGEST or line.hidden or line.link or _SENTENCE.search(line.text):
        return False
    return fold_title(line.text) != title and not is_furniture(line.text) and parse_byline(line.text).is_empty


def _is_dashed(line: Line) -> bool:
    """Whether a line begins as subtitles are set: ——南山街道党建工作纪实."""
    return _DASHED.match(line.text) is not None


def _kind(outline: Outline, line: Line) -> str:
    """What the block of a line, or one around it that holds no other line, is called."""
    for element, tag in _around(outline, line.node):
        for name in f"{element.get('class') or ''} {element.get('id') or ''} {tag}".split()[:FEW]:
            if name.lower() in _BARE and tag in _TEXTS:
                return _BARE[name.lower()]
            if kind := _kind_of(name):
                return kind
    return ""


FEW = 8  # names of one element that are looked at


@lru_cache(maxsize=4096)  # sites repeat their classes on every page
def _kind_of(name: str) -> str:
    low = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    if len(low) > 40:
        return ""
    return "kicker" if _KICKER.search(low) else "subtitle" if _SUBTITLE.search(low) else ""


def _around(outline: Outline, number: int) -> Iterator[tuple[Element, str]]:
    node = outline.nodes[number]
    if node.last - node.first > 1:
        return
    yield node.element, node.tag
    if node.parent >= 0 and outline.nodes[node.parent].last - outline.nodes[node.parent].first == 1:
        parent = outline.nodes[node.parent]
        yield parent.element, parent.tag
