"""Find the text of an article in what a page hands to its scripts: pages that show nothing until those have run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

from cleaning.extract.guard import defuse
from cleaning.extract.page import Element, Page
from cleaning.extract.script_data import find_title_in, unescape

__all__ = ["find_handed_body"]

LEAST = 30  # characters of a value; less than a sentence is a label or a summary
# "content": "…" with what JSON escapes; every character is read once.
_CONTENT = re.compile(
    r"""["']?\b(?:content|body|articleBody|articleContent|newsContent|contentHtml|content_html|contentText|htmlContent|"""
    r"""docContent|detailContent|mainContent|text|txt)["']?\s{0,4}[:=]\s{0,4}"""
    r"""(?:"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)')""",
    re.DOTALL,
)
_MARKUP = re.compile(r"<(?:p|br|div|span|section|img)[\s/>]", re.IGNORECASE)


def find_handed_body(page: Page, title: str | None) -> Element | None:
    """The text as a tree, from the value called content that stands nearest to the title; None where there is none.

    Templates and text areas that hold the markup of the text come last: editors of comments are empty.
    """
    for _, text in page.scripts:
        at = find_title_in(text, title)
        values = [] if at is None else sorted(_values(text), key=lambda found: abs(found[0] - (at or 0)))
        for _, value in values:
            if len(value) >= LEAST and re.search("[。，]", value):
                return _parse(value)
    for element in page.root.iter("textarea", "template"):
        markup = "".join(element.itertext())
        if len(markup) >= LEAST and "<" in markup and re.search("[。，]", markup):
            return _parse(markup)
    return None


def _values(text: str) -> Iterator[tuple[int, str]]:
    for match in _CONTENT.finditer(text):
        yield match.start(), unescape(match["double"] if match["double"] is not None else match["single"])


def _parse(value: str) -> Element:
    if "&lt;" in value:  # escaped once for JSON and once for HTML
        value = html.unescape(value)
    if not _MARKUP.search(value):
        value = "".join(f"<p>{html.escape(line)}</p>" for line in value.splitlines() if line.strip())
    # What is escaped in a script passed the guards of the page: NULs, half characters, impossible tags.
    value, _ = defuse(_NO_TEXT.sub("", value), "")
    parser = etree.HTMLParser(recover=True, huge_tree=True, no_network=True, encoding="utf-8")
    return etree.fromstring(f"<html><body>{value}</body></html>".encode("utf-8", "replace"), parser).find("body")


_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
