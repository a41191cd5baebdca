"""Read medium, editor and author from small parts of a page that only their class or id names: class="source"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from cleaning.byline import parse_byline
from cleaning.byline_media import clean_medium, is_medium_name
from cleaning.byline_names import is_unit
from cleaning.byline_unlabelled import read_names
from cleaning.dates import find_date
from cleaning.extract.page import Element, Page, text_of
from cleaning.titles import fold_title

__all__ = ["Named", "read_named"]

LONGEST = 24  # characters of the name of a medium or of two editors; more is a part of the page with other things in it
# What sites call the part that holds the medium, the editor, and the author or account.
_MEDIUM = re.compile(
    r"(?:source|laiyuan|copyfrom|origin|publisher|provider|media[_\-]?name|jgname)(?:$|[_\-\d]|msg|name|box|baidu)|"
    r"(?:^|[_\-])(?:ly|from|media|src)$"
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


def read_named(page: Page, head: Sequence[str], images: Sequence[Element], title: str | None) -> Named:
    """``head``: the lines between title and text, where the parts must stand; ``images``: the pictures there."""
    kinds = {name: kind for name in page.names if (kind := _kind(name))}
    medium = account = None
    editors: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    for kind, text in _parts(page, kinds, head, fold_title(title or "")):
        byline = parse_byline(text)
        if kind == "medium":
            medium = medium or byline.medium or _bare(text)
        elif kind == "editor":
            editors = editors or byline.editors or (() if byline.labels else read_names(text))
        elif not byline.labels:
            authors = authors or read_names(text)
            account = account or (_bare(text) if is_medium_name(text) or is_unit(text) else None)
    return Named(medium or account or _logo(images), editors, authors)


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


def _parts(page: Page, kinds: dict[str, str], head: Sequence[str], title: str) -> Iterator[tuple[str, str]]:
    """The kind and text of every part so named that stands in the head and is short."""
    if not kinds:
        return
    for element in _NAMED(page.root):
        names = (*(element.get("class") or "").split(), element.get("id") or "")
        kind = next((kinds[name] for name in names if name in kinds), None)
        if kind is None or len(element) > FEW:
            continue
        text = text_of(element)
        alone = text and len(text) <= LONGEST and fold_title(text) != title
        if alone and any(_squeeze(text) in _squeeze(line) for line in head):
            yield kind, text


FEW = 6  # elements inside such a part: a link, an icon and a logo
_NAMED = etree.XPath("//*[@class or @id]")


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _logo(images: Sequence[Element]) -> str | None:
    """The medium whose logo stands in the head, in a part that says so."""
    for image in images:
        alt = (image.get("alt") or "").strip()
        around = [image, *image.iterancestors()][:3]
        if is_medium_name(alt) and any(_LOGO.search((e.get("class") or "").lower()) for e in around):
            return clean_medium(alt)
    return None
