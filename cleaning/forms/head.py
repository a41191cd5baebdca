"""The head of a text without tags: which of its first lines are kicker, title and subtitle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cleaning.forms.lines import ends_sentence, is_header_line

__all__ = ["Head", "read_head"]


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines say; ``used`` are the numbers of the lines that are title or subtitle."""

    title: str | None = None
    subtitle: str | None = None
    used: frozenset[int] = frozenset()


# Titles of party news run to 40 characters, with kicker and slogan to about 60.
TITLE_LENGTH = 60
HALF_TITLE = 16  # a headline set in two lines has lines of at most this length
LINES_BEFORE_TITLE = 4  # breadcrumbs, name of the site, date

_LABEL = re.compile(r"^(?:标\s*题|標\s*題|题\s*目|題\s*目)\s*[:：]\s*")
_BREADCRUMB = re.compile(r"^(?:您?(?:当前|當前|现在|現在|所在)的?(?:所在)?位置|(?:网站)?首[页頁]\s*[>＞»/|›\-])")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]+[章节條条])"
)
_DASH = re.compile(r"^(?:——|--|—|―)")
_NOT_LAST = "。；;，,、：:…"
_BYLINE = re.compile(r"^(?:[^，。]{0,14}(?:记者|記者|通讯员|通訊員)[\s　:：]?|[文图圖]\s*[/／|｜:：])")


def read_head(texts: Sequence[str]) -> Head:
    """Title and subtitle of a text, or none where the text begins with its first sentence (nothing is invented)."""
    start = _first_candidate(texts)
    if start is None:
        return Head()
    title = _LABEL.sub("", texts[start])
    if start + 1 >= len(texts):
        return Head()
    return _with_subtitle(texts, start, title)


def _first_candidate(texts: Sequence[str]) -> int | None:
    for n, text in enumerate(texts[: LINES_BEFORE_TITLE + 1]):
        if _LABEL.match(text):
            return n
        if _BREADCRUMB.match(text) or is_header_line(text):
            continue
        return n if _is_title(text, texts[n + 1 : n + 3]) else None
    return None


def _is_title(text: str, following: Sequence[str]) -> bool:
    if not 2 <= len(text) <= TITLE_LENGTH or text[-1] in _NOT_LAST or _NUMBERED.match(text) or _BYLINE.match(text):
        return False
    if not following or not any(map(str.isalpha, text)):
        return False
    if text == following[0] or is_header_line(following[0]):
        return True
    # A full sentence inside, or a mark at the end that is not a question or a call, is running text.
    return "。" not in text and not (ends_sentence(text) and text[-1] in "”’)）」")


def _with_subtitle(texts: Sequence[str], start: int, title: str) -> Head:
    below = texts[start + 1]
    after = texts[start + 2] if start + 2 < len(texts) else ""
    if below == texts[start] or not _may_belong_to_head(below):
        return Head(title, None, frozenset({start}))
    if _DASH.match(below):
        return Head(title, below, frozenset({start, start + 1}))
    if not is_header_line(after):
        return Head(title, None, frozenset({start}))
    # Two lines above the row of source and date: one headline set in two, or headline and subtitle.
    if len(title) <= HALF_TITLE and len(below) <= HALF_TITLE:
        return Head(f"{title} {below}", None, frozenset({start, start + 1}))
    return Head(title, below, frozenset({start, start + 1}))


def _may_belong_to_head(text: str) -> bool:
    return (
        len(text) <= TITLE_LENGTH and not ends_sentence(text) and text[-1] not in _NOT_LAST and not is_header_line(text)
    )
