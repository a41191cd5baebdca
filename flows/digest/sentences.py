"""Two sentences of an article's own text, to stand below its title. Nothing is rephrased; a cut is marked."""

from __future__ import annotations

import re

__all__ = ["extract"]

SENTENCES = 2
MOST_LETTERS = 110  # of a sentence: the lead of a report may run to 300
LEAST_LETTERS = 8  # "本报讯。" says nothing

# A sentence ends at its mark, and the closing quotes and brackets after it belong to it.
_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’」』）】]*")
CUT = "……"


def extract(text: str, title: str | None = None) -> str:
    """The first two sentences of ``text`` that stand in paragraphs; its beginning where it has no sentences.

    A line without an end of sentence is a heading, a byline or a caption that was not told apart.
    """
    found = [part.strip() for line in text.splitlines() for part in _SENTENCE.findall(line)]
    telling = [part for part in found if len(part) >= LEAST_LETTERS and part.rstrip("。！？") != title]
    if not telling:
        first = next((line.strip() for line in text.splitlines() if line.strip() and line.strip() != title), "")
        return _shorten(first)
    return "".join(_shorten(part) for part in telling[:SENTENCES])


def _shorten(sentence: str) -> str:
    if len(sentence) <= MOST_LETTERS:
        return sentence
    # At the last comma before the limit, so that no word is torn.
    head = sentence[:MOST_LETTERS]
    comma = max(head.rfind(mark) for mark in "，；、：")
    return (head[:comma] if comma > MOST_LETTERS // 2 else head) + CUT
