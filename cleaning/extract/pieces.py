"""Set the parts of a byline apart that only their elements keep apart: <span>2024-05-20</span><span>南山日报</span>."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from cleaning.byline_words import FOLD, LABELS
from cleaning.extract.lines import Line, Outline
from cleaning.extract.page import Element

__all__ = ["APART", "MOST", "cut", "set_out"]

LONGEST = 160  # characters; a longer line is a paragraph
CROWDED = 12  # lines of a block: one with more is no byline but a page without blocks, and dear to walk
MOST = 60  # pieces of a block; a byline with all its buttons has twenty
_COLON = "\x00"  # stands for one that the page does not print; no parsed page holds it
APART = " | "  # ends the name of a medium, and minutes: <b>11:21</b><b>21世纪网</b>
_UNSEEN = frozenset({"script", "style", "noscript", "template", "select", "button", "textarea"})


def set_out(outline: Outline, texts: Sequence[str], first: int, last: int) -> dict[str, str]:
    """For the lines of ``texts`` that glue elements together: the line with a bar where one element meets another.

    ``first`` and ``last`` bound the lines of the outline that are looked at. Lines that need nothing are left out.
    """
    wanted = set(texts)
    found: dict[str, str] = {}
    for line in outline.lines[first:last]:
        if line.text in wanted and len(line.text) <= LONGEST and line.text not in found:
            apart = _apart(outline, line)
            if apart is not None:
                found[line.text] = apart
    return found


def cut(element: Element) -> list[str]:
    """The pieces of a small element."""
    return [piece.replace(_COLON, "：") for piece in islice(_pieces(element), MOST)]


def _apart(outline: Outline, line: Line) -> str | None:
    node = outline.nodes[line.node]
    block = node.element
    if not len(block) or node.last - node.first > CROWDED:
        return None
    plain = "".join(line.text.split())
    pieces = list(islice(_pieces(block), MOST))
    # A block may hold several lines: the pieces of this one are those that spell it.
    for start in range(len(pieces)):
        glued, end = "", start
        while end < len(pieces) and len(glued) < len(plain) and plain.startswith(glued):
            glued += "".join(pieces[end].split()).replace(_COLON, "")
            end += 1
        if glued == plain:
            return APART.join(pieces[start:end]).replace(_COLON, "：") if end - start > 1 else None
    return None


def _pieces(block: Element) -> Iterator[str]:
    """The texts of a block, cut where an element begins right behind the end of another."""
    parts: list[str] = []
    ended = False
    skip = 0
    for event, node in etree.iterwalk(block, events=("start", "end", "comment")):
        if event == "start":
            skip += node.tag in _UNSEEN
            is_label = node is not block and not len(node) and _is_label(node.text)
            if (ended or is_label) and not skip and parts:
                yield from _spoken(parts)
            elif not skip and parts and node is not block and _is_label(parts[-1]):
                parts.append(_COLON)
            ended = False
            text = f"{node.text.strip()}{_COLON}" if is_label else node.text
        else:
            if event == "end":
                skip -= node.tag in _UNSEEN
            if node is block:
                break
            ended, text = True, node.tail
            if node.tag == "br" and parts:
                yield from _spoken(parts)
        if text and not skip:
            if ended and not text.strip():
                text = " "  # only blanks between two elements: what follows begins anew
            else:
                ended = False
            parts.append(text)
    yield from _spoken(parts)


def _is_label(text: str | None) -> bool:
    """<b>信息来源</b>: an element of its own does for a label what a colon does."""
    return text is not None and len(text) <= 12 and "".join(text.split()).translate(FOLD) in LABELS


def _spoken(parts: list[str]) -> Iterator[str]:
    text = " ".join("".join(parts).split())
    parts.clear()
    if text:
        yield text
