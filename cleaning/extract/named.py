"""Read medium, editor and author from small parts of a page that only their class or id names: class="source"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from cleaning.byline import parse_byline
from cleaning.byline_media import clean_medium, is_medium_name
from cleaning.byline_names import is_unit
from cleaning.byline_unlabelled import read_names
from cleaning.dates import find_date
from cleaning.extract.lines import Line, Outline
from cleaning.extract.page import Element
from cleaning.extract.pieces import APART, MOST, cut
from cleaning.titles import fold_title

__all__ = ["Named", "read_named"]

LONGEST = 24  # characters of the name of a medium or of two editors; more is a part of the page with other things in it
# What sites call the part that holds the medium, the editor, and the author or account.
_MEDIUM = re.compile(
    r"(?:source|laiyuan|copyfrom|origin|publisher|provider|media[_\-]?name|jgname)(?:$|[_\-\d]|msg|name|box|baidu)|"
    r"(?:^|[_\-])(?:ly|from|media|src|paper)$"
)
_EDITOR = re.compile(r"(?:editor|bianji|zebian|zrbj)(?:$|[_\-\d]|name|msg|baidu)")
_WRITER = re.compile(
    r"(?:author|auther|writer|zuozhe|reporter|nick|nickname|account|user-?name)(?:$|[_\-\d]|name|msg|baidu)"
)
_LOGO = re.compile(r"logo|source|provider|media|origin")


@dataclass(frozen=True, slots=True)
class Named:
    """What parts of the head say by their names alone; ``None`` and empty where there is no such part."""

    medium: str | None = None
    editors: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def read_named(outline: Outline, first: int, last: int, title: str | None) -> Named:
    """``first`` and ``last`` bound the lines of the head; ``title`` is not mistaken for one of its parts."""
    medium = account = None
    editors: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    lines = outline.lines[first:last]
    for kind, pieces in _parts(outline, lines[:HEAD], fold_title(title or "")):
        byline, text = parse_byline(APART.join(pieces)), pieces[0]
        if kind == "medium":
            medium = medium or byline.medium or _bare(text)
        elif kind == "editor":
            editors = editors or byline.editors or (() if byline.labels else read_names(text))
        elif not byline.labels:
            authors = authors or read_names(text)
            account = account or (_bare(text) if is_medium_name(text) or is_unit(text) else None)
    return Named(medium or account or _logo([line.image for line in lines if line.image is not None]), editors, authors)


def _bare(text: str) -> str | None:
    byline = parse_byline(text)
    if byline.labels or byline.published or byline.credits or find_date(text) or read_names(text):
        return None
    return clean_medium(text)


@lru_cache(maxsize=4096)  # sites repeat their classes on every page
def _kind(name: str) -> str:
    if len(name) > 40:
        return ""
    # camelCase and BEM: sourceMsg, article__source, index_source_2rpWL
    low = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    for kind, pattern in (("medium", _MEDIUM), ("editor", _EDITOR), ("writer", _WRITER)):
        if pattern.search(low):
            return kind
    return ""


def _parts(outline: Outline, lines: Sequence[Line], title: str) -> Iterator[tuple[str, list[str]]]:
    """The kind and the pieces of every short part of the head that is so named, in reading order."""
    seen: set[int] = set()
    for line in lines:
        if line.node in seen or not line.text:
            continue
        seen.add(line.node)
        for element in _around(outline, line.node):
            kind = _kind_of(element)
            pieces = cut(element) if kind else []
            text = "".join(pieces)
            if pieces and len(text) <= LONGEST and fold_title(text) != title:
                yield kind, pieces


def _around(outline: Outline, number: int) -> Iterator[Element]:
    """The block of a line with the inline elements in it, and the two blocks around it."""
    node = outline.nodes[number]
    for around in (node.parent, outline.nodes[node.parent].parent if node.parent >= 0 else -1):
        if around >= 0 and outline.nodes[around].last - outline.nodes[around].first <= SMALL:
            yield outline.nodes[around].element
    if node.last - node.first <= CROWDED:
        yield from islice(node.element.iter(etree.Element), MOST)


def _kind_of(element: Element) -> str:
    names = element.get("class"), element.get("id")
    return next((kind for name in names if name for word in name.split()[:FEW] if (kind := _kind(word))), "")


HEAD = 15  # lines of the head that are looked at: bylines are at most six
SMALL = 2  # lines of a block that may be a part: a logo and a name
CROWDED = 12  # lines of a block from which it is a page without blocks
FEW = 6  # classes of one element that are looked at


def _logo(images: Sequence[Element]) -> str | None:
    """The medium whose logo stands in the head, in a part that says so."""
    for image in images:
        alt = (image.get("alt") or "").strip()
        around = [image, *image.iterancestors()][:3]
        if is_medium_name(alt) and any(_LOGO.search((e.get("class") or "").lower()) for e in around):
            return clean_medium(alt)
    return None
