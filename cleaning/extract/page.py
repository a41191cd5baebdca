"""A parsed page: its tree, its meta tags and what its scripts say; read once, asked by every step of the cascade."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

__all__ = ["Element", "Page", "class_and_id", "parse_page", "text_of"]

Element = Any  # lxml gives no types

SCRIPT_WINDOW = 60_000  # characters of one script that are kept to be searched for data


@dataclass(slots=True)
class Page:
    """``metas``: names in lower case; the first of several tags of one name wins, unless it is empty."""

    root: Element
    url: str
    markup: str
    title_tag: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    scripts: list[tuple[str, str]] = field(default_factory=list)  # (type, text)
    base: str = ""

    def may_name(self, names: Iterable[str]) -> bool:
        """Whether the page may have elements of all these classes and ids: most known systems do not fit a page."""
        # A class may be written in references (&#122;oom), so then any page may have it.
        return all(name in self.markup for name in names) or "&#" in self.markup

    @property
    def body(self) -> Element:
        found = self.root.find(".//body")
        return self.root if found is None else found


def parse_page(markup: str, url: str) -> Page:
    """Parse markup that has been defused; markup without any element gives an empty page."""
    # Without huge_tree text deeper than 255 elements is lost, and old pages never close their <font>s.
    # lxml takes twice as long to read a str as to read its bytes; the encoding given outweighs what the page declares.
    parser = etree.HTMLParser(recover=True, huge_tree=True, no_network=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(_strip_declaration(markup).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        root = None  # nothing but blanks, or one unclosed comment
    if root is None:
        root = etree.fromstring(b"<html><body></body></html>", parser)
    page = Page(root, url, markup)
    _read_head(page)
    return page


def _strip_declaration(markup: str) -> str:
    # lxml refuses a str that declares an encoding
    return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", markup)


def _read_head(page: Page) -> None:
    for element in page.root.iter("title", "meta", "script", "base"):
        tag = element.tag
        if tag == "title":
            # SVG icons have titles too: the first is the page's.
            page.title_tag = page.title_tag or text_of(element)
        elif tag == "meta":
            _read_meta(element, page.metas)
        elif tag == "base":
            page.base = page.base or (element.get("href") or "")
        elif text := element.text:
            page.scripts.append((element.get("type") or "", text[:SCRIPT_WINDOW]))


def _read_meta(element: Element, metas: dict[str, str]) -> None:
    name = element.get("name") or element.get("property") or element.get("itemprop")
    content = element.get("content")
    if name and content and content.strip():
        metas.setdefault(name.strip().lower(), content.strip())


def text_of(element: Element) -> str:
    """All text below an element on one line, without scripts and styles."""
    parts: list[str] = []
    skip = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start":
            hidden = node.tag in ("script", "style", "noscript", "template")
            skip += hidden
            if not skip and node.text:
                parts.append(node.text)
            if node.tag == "br":
                parts.append(" ")
        elif event == "end":
            skip -= node.tag in ("script", "style", "noscript", "template")
        if event != "start" and not skip and node.tail and node is not element:
            parts.append(node.tail)
    return " ".join("".join(parts).split())


def class_and_id(element: Element) -> str:
    """Class and id of an element in one lower-case string, to be searched for words."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()
