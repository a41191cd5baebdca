"""CSS selectors on a parsed page, compiled once each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from cssselect import HTMLTranslator
from cssselect.parser import SelectorError
from lxml import etree

from cleaning.extract.page import Element, text_of

__all__ = ["select", "select_first", "select_text"]


@lru_cache(maxsize=2048)  # every selector of every source file and family, several times over
def _compile(selector: str) -> etree.XPath | None:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError):
        return None  # the check of the source file reports it; extraction goes on with the next step


def select(root: Element, selector: str) -> list[Element]:
    """All elements that match, in document order; none for a selector that cannot be read."""
    path = _compile(selector)
    return list(path(root)) if path is not None else []


def select_first(root: Element, selectors: Iterable[str]) -> Element | None:
    """The first element of the first selector that matches one."""
    for selector in selectors:
        found = select(root, selector)
        if found:
            return found[0]
    return None


def select_text(root: Element, selectors: Iterable[str]) -> str | None:
    """The text of the first matched element that has any; a <meta> gives its content."""
    for selector in selectors:
        for element in select(root, selector):
            text = element.get("content") if element.tag == "meta" else text_of(element)
            if text and text.strip():
                return str(text).strip()
    return None
