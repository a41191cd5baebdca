"""Find the element that holds the article: where the running text is, told by its punctuation."""

from __future__ import annotations

import re

from cleaning.byline import parse_byline
from cleaning.extract.furniture import is_furniture
from cleaning.extract.lines import Line, Outline

__all__ = ["find_container", "is_prose", "prose_mass"]

_MARKS = re.compile(r"[，。、；：！？,;!?”」』…]")
_STOP = re.compile(r"[。！？!?…；]")
DOMINANT = 0.5  # a block with more than half of its parent's running text is where the article is
DENSE = 0.6  # share of running text from which the rest of a parent belongs to the article too
CLIMB = 4  # wrappers between the paragraphs of one article; pages have up to three


def is_prose(line: Line) -> bool:
    """Running text: a sentence's marks, more characters outside links than inside."""
    return line.plain * 2 > len(line.text) and _MARKS.search(line.text) is not None and line.plain >= 10


def prose_mass(line: Line) -> float:
    """What a line weighs: its characters outside links if it is running text, a twentieth of them if not."""
    if line.noise or line.hidden or not line.text or is_furniture(line.text):
        return 0.0
    if not is_prose(line):
        return 0.05 * max(line.plain, 0)
    return float(min(line.plain, 20 * (1 + len(_MARKS.findall(line.text)))))


def find_container(outline: Outline) -> int:
    """The index of the block that holds the article, 0 (the whole tree) if no text outweighs the rest."""
    masses = _masses(outline)
    node = 0
    while True:
        children = outline.nodes[node].children
        best = max(children, key=masses.__getitem__, default=-1)
        if best < 0 or masses[best] <= DOMINANT * masses[node]:
            break
        node = best
    return _climb(outline, node)


def _masses(outline: Outline) -> list[float]:
    masses = [0.0] * len(outline.nodes)
    for line in outline.lines:
        masses[line.node] += prose_mass(line)
    for index in range(len(outline.nodes) - 1, 0, -1):  # children come after their parents
        masses[outline.nodes[index].parent] += masses[index]
    return masses


def _climb(outline: Outline, node: int) -> int:
    """Up to the wrapper whose other text is running text as well: an article in several sections."""
    best = current = node
    for _ in range(CLIMB):
        parent = outline.nodes[current].parent
        if parent < 0:
            break
        if _rest_is_dense(outline, best, parent):
            best = parent
        current = parent
    return best


def _rest_is_dense(outline: Outline, inner: int, outer: int) -> bool:
    a, b = outline.nodes[inner], outline.nodes[outer]
    rest = [*outline.lines[b.first : a.first], *outline.lines[a.last : b.last]]
    prose = total = 0
    for line in rest:
        if not line.text or line.level == 1 or is_furniture(line.text) or not parse_byline(line.text).is_empty:
            continue
        total += len(line.text)
        if is_prose(line) and not line.noise and not line.hidden and _STOP.search(line.text):
            prose += len(line.text)
    return prose > 0 and prose >= DENSE * total
