"""The title of the article among the headings of the page, its kicker and its subtitle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from cleaning.byline import parse_byline
from cleaning.byline_story import without_story
from cleaning.byline_words import LABELS
from cleaning.extract.families import Family
from cleaning.extract.furniture import is_furniture
from cleaning.extract.lines import Line, Outline
from cleaning.extract.meta import Stated
from cleaning.extract.page import Page
from cleaning.extract.select import select_text
from cleaning.titles import Heading, choose_title, clean_title, fold_title, names_only_site, strip_site
from models.records import Found, Origin
from models.rules import ArticleRules

__all__ = ["find_part", "find_title"]

NEAR = 60  # lines above the text among which a title may stand without being marked as a heading
UNDER = 20  # lines above the text among which its byline is looked for
HEADS = 3  # lines between column and byline: kicker, title, subtitle
MAX_REST = 16  # characters of a byline beside its date: the name of an account
INSIDE = 8  # lines of the container that may hold it
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_\-])(?:title|tit|headline|biaoti|bt|h-?title|\w*(?:title|biaoti|headline))(?:$|[\s_\-\d])"
)


def find_title(
    page: Page, outline: Outline, first: int, rules: Sequence[ArticleRules], families: Sequence[Family], stated: Stated
) -> Found[str] | None:
    """The source file's selector, else the family's if <title> does not contradict it, else the grammar of titles."""
    for rule in rules:
        text = select_text(page, rule.title)
        if text:
            return Found(clean_title(text), Origin.RULE, text)
    sites = [s for s in (stated.site, *(f.rules.platform for f in families)) if s]
    for family in families:
        text = select_text(page, family.rules.title) if family.rules.title else None
        if text and (
            _agrees(clean_title(text), page.title_tag, stated.titles)
            or (names_only_site(page.title_tag) and not stated.titles)
        ):
            return Found(clean_title(text), Origin.FAMILY, text)
    found = choose_title(page.title_tag, _headings(outline, first), stated.titles, sites)
    tag = page.title_tag.strip()
    tells_nothing = not stated.titles and (not tag or (names_only_site(tag) and strip_site(tag) == tag))
    if found is None or tells_nothing or (found.origin is Origin.TITLE_TAG and names_only_site(found.value)):
        return _above_byline(outline, first) or found
    return found


def _above_byline(outline: Outline, first: int) -> Found[str] | None:
    """County sites give every page the same <title>: there the title is the line above date and source."""
    above: list[Line] = []
    labelled = False  # the line before is a label, and this one its value, each in a cell: 发布单位, 县委组织部
    for line in outline.lines[max(0, first - UNDER) : first + INSIDE]:
        if not line.text or line.hidden:
            continue
        byline = without_story(line.text, parse_byline(line.text))
        if (byline.published and len(byline.rest) <= MAX_REST) or byline.labels >= 2:
            # Of title and subtitle the greater heading is the title.
            best = min(reversed(above), key=lambda near: near.level or 9, default=None)
            return Found(clean_title(best.text), Origin.HEADING, best.text) if best else None
        before, labelled = labelled, len(line.text) < 6 and line.text.rstrip(":：") in LABELS
        if labelled or before:
            continue
        fits = line.link == 0 and 6 <= len(line.text) <= 60 and not is_furniture(line.text)
        fits = fits and not line.text.endswith("。")
        above = [*above, line][-HEADS:] if fits else []
    return None


def _agrees(text: str, title_tag: str, titles: Sequence[str]) -> bool:
    folded = fold_title(text)
    witnesses = [fold_title(t) for t in (title_tag, *titles)]
    return 4 <= len(folded) <= 120 and any(folded in w or (len(w) >= 6 and w in folded) for w in witnesses)


def _headings(outline: Outline, first: int) -> list[Heading]:
    found: list[Heading] = []
    last = min(len(outline.lines), first + INSIDE)
    for number, line in enumerate(outline.lines):
        if not line.text or line.hidden or len(line.text) > 200:
            continue
        near = first - NEAR <= number < last
        if near or line.level or (len(line.text) >= 6 and _is_named(outline, line)):
            found.append(Heading(line.text, line.level, number < last))
    return [*found, *_whole(outline)]


def _whole(outline: Outline) -> list[Heading]:
    """Headings that are set over several lines, as one."""
    parts: dict[int, list[Line]] = {}
    for line in outline.lines:
        if line.level and line.text:
            parts.setdefault(line.node, []).append(line)
    return [Heading(" ".join(p.text for p in group), group[0].level) for group in parts.values() if 1 < len(group) < 5]


def _is_named(outline: Outline, line: Line) -> bool:
    element = outline.nodes[line.node].element
    names, number = element.get("class"), element.get("id")
    return bool(names or number) and _names_title(names or "", number or "")


@lru_cache(maxsize=4096)  # lists repeat one class, and pages of a site all of them
def _names_title(names: str, number: str) -> bool:
    return _TITLE_CLASS.search(f"{names} {number}".lower()) is not None


def find_part(
    part: str,
    page: Page,
    rules: Sequence[ArticleRules],
    families: Sequence[Family],
    stated: Stated,
    title: str | None,
) -> Found[str] | None:
    """The kicker or subtitle, where a selector or a property block names it; one that repeats the title is none."""
    for origin, given in ((Origin.RULE, rules), (Origin.FAMILY, [f.rules for f in families])):
        for rule in given:
            text = select_text(page, getattr(rule, part))
            if text and len(text) <= 120 and fold_title(text) != fold_title(title or ""):
                return Found(clean_title(text), origin, text)
    text = clean_title((stated.kicker if part == "kicker" else stated.subtitle) or "")
    is_part = 0 < len(text) <= 120 and fold_title(text) != fold_title(title or "")
    return Found(text, Origin.SCRIPT_DATA, text) if is_part else None
