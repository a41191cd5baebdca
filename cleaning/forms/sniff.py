"""Tell what kind of text a decoded page is, by what it begins with and what stands in it."""

from __future__ import annotations

import enum
import re

__all__ = ["Form", "sniff"]


class Form(enum.Enum):
    FRONT_MATTER = "front matter"
    HTML = "html"
    JSON = "json"
    MARKDOWN = "markdown"
    PLAIN = "plain"


# Enough to see how a document begins; a page that hides its form behind more than this is read as plain text.
HEAD = 4_000

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?:[ \t]*\n)*[^\s:#][^\n:]{0,60}:")
_HTML = re.compile(
    r"\s*<(?:!doctype|\?xml|!--|(?:html|head|body|div|p|article|section|table|span|font|center|h[1-6])\b)", re.I
)
_TAG_PAIR = re.compile(r"</(?:p|div|span|td|article|section)>", re.I)
_HASHES = re.compile(r"^#{1,6}[ \t]+\S", re.M)
_STARS_LINE = re.compile(r"^(\*\*|__)[^*_\n]{2,80}\1[ \t]*$", re.M)
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\s]{1,2000}")
_HARD_BREAK = re.compile(r"\S {2,3}\n(?=\S)")


def sniff(text: str) -> Form:
    """The form of a decoded text whose declared type says nothing (``text/plain``, unknown)."""
    head = text[:HEAD]
    if _FRONT_MATTER.match(head):
        return Form.FRONT_MATTER
    start = head.lstrip()[:1]
    if start == "{":
        return Form.JSON
    if start == "<" and (_HTML.match(head) or _TAG_PAIR.search(head)):
        return Form.HTML
    return Form.MARKDOWN if _has_markdown_marks(text) else Form.PLAIN


def _has_markdown_marks(text: str) -> bool:
    # One hard break may be a trailing blank; two are a habit.
    return bool(
        _HASHES.search(text)
        or _PICTURE.search(text)
        or _STARS_LINE.search(text)
        or len(_HARD_BREAK.findall(text[:100_000])) > 1
    )
