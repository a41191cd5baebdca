"""CSS selectors on a parsed page, compiled once each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cssselect import HTMLTranslator
from cssselect.parser import SelectorError
from lxml import etree

from cleaning.extract.page import Element, Page, text_of

__all__ = ["select", "select_in", "select_text"]


@lru_cache(maxsize=2048)  # every selector of every source file and family, several times over
def _compile(selector: str) -> etree.XPath | None:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError):
        return None  # the check of the source file reports it; extraction goes on with the next step


def select(root: Element, selector: str) -> Iterator[Element]:
    """The elements that match, in document order; none for a selector that cannot be read."""
    # Most selectors name one class or id, and who asks wants the first: XPath visits the whole tree, and each dearly.
    if plain := _SINGLE.fullmatch(selector):
        return _look_for(root, plain["tag"], plain["sign"], plain["name"])
    path = _compile(selector)
    return iter(path(root) if path is not None else ())


_SINGLE = re.compile(r"(?P<tag>[a-z][a-z0-9\-]*)?(?P<sign>[.#])(?P<name>[A-Za-z_][A-Za-z0-9_\-]*)")
_BLANKS = re.compile(r"[ \t\r\n]+")


def _look_for(root: Element, tag: str | None, sign: str, name: str) -> Iterator[Element]:
    attribute = "class" if sign == "." else "id"
    for element in root.iter(tag or etree.Element):
        value = element.get(attribute)
        if value == name or (value and sign == "." and name in value and name in _BLANKS.split(value)):
            yield element


# Selectors of which every class and id must stand on the page: no alternatives, attributes or negations.
_PLAIN = re.compile(r"[\w\-.#> ]+")
_NAME = re.compile(r"[.#]([\w\-]+)")


@lru_cache(maxsize=2048)
def _names_in(selector: str) -> frozenset[str]:
    return frozenset(_NAME.findall(selector)) if _PLAIN.fullmatch(selector) else frozenset()


def select_in(page: Page, selector: str) -> Iterator[Element]:
    """The elements of a page that match.

    The tree is searched only where all classes and ids of the selector may occur.
    """
    return select(page.root, selector) if page.may_name(_names_in(selector)) else iter(())


def select_text(page: Page, selectors: Iterable[str]) -> str | None:
    """The text of the first matched element of a page that has any; a <meta> gives its content."""
    for selector in selectors:
        for element in select_in(page, selector):
            text = element.get("content") if element.tag == "meta" else text_of(element)
            if text and text.strip():
                return str(text).strip()
    return None
