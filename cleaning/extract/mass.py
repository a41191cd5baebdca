"""Find the element that holds the article: where the running text is, told by its punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from cleaning.byline import parse_byline
from cleaning.extract.furniture import is_furniture, starts_tail
from cleaning.extract.lines import Line, Node, Outline
from cleaning.extract.page import class_and_id
from cleaning.extract.teasers import find_teasers
from cleaning.titles import fold_title, may_fold_to

__all__ = ["find_container", "find_named", "is_prose"]

_MARKS = re.compile(r"[，。、；！？,;!?”」』…]")
_STOP = re.compile(r"[。！？!?…；]")
LONG = 60  # characters; no headline in a list of links has that many and two full stops
SENTENCE = 20  # characters before a heading that ends the shortest of articles: 网友评论 below a notice
FAINT = 0.1  # what text in noise parts, hidden parts and behind the end of the article weighs, against 1
OUTSIDE = 0.02  # what text above the title or behind the end of the article weighs
DOMINANT = 0.5  # a block with more than half of its parent's running text is where the article is
SHORT = 80  # characters of a byline, at most
DENSE = 0.6  # share of running text from which the rest of a parent belongs to the article too
POSTER = 20  # characters that a picture weighs where there is no text
CLIMB = 4  # wrappers between the paragraphs of one article; pages have up to three


LONGEST_KNOWN = 400  # characters of a line that is worth remembering; nine in ten paragraphs are shorter


def is_prose(line: Line) -> bool:
    """Running text: a sentence's marks, more characters outside links than inside; unclosed <a>s are seen through."""
    return _look_at(line)[0]


def _look_at(line: Line) -> tuple[bool, int]:
    text = line.text
    return _judge_again(text, line.link) if len(text) <= LONGEST_KNOWN else _judge(text, line.link)


def _judge(text: str, link: int) -> tuple[bool, int]:
    """Whether a line is running text, and its characters that count: furniture has none."""
    plain, marks = len(text) - link, len(_MARKS.findall(text))
    prose = len(text) >= LONG and len(_STOP.findall(text)) >= 2
    prose = prose or (marks > 0 and plain * 2 > len(text) and plain >= 10)
    if is_furniture(text):
        return prose, 0
    return prose, min(max(plain, len(text) // 2), 20 * (1 + marks)) if prose else max(plain, 0)


# Every step asks this of the same lines again, and navigation is the same on all pages of a site.
_judge_again = lru_cache(maxsize=4096)(_judge)


def find_container(outline: Outline, title_tag: str = "") -> int:
    """The index of the block that holds the article, 0 (the whole tree) if no text outweighs the rest.

    Text above the title and behind the words that end an article (相关阅读, 网友评论) weighs little.
    """
    judged = [_look_at(line) for line in outline.lines]
    for number in find_teasers(outline, [prose for prose, _ in judged]):
        judged[number] = (False, 0)
    byline, opening = _find_opening(outline.lines, judged)
    span = _article_span(outline.lines, judged, fold_title(title_tag), byline)
    masses, heaviest = _masses(outline, judged, span)
    node = 0
    while (best := heaviest[node]) and masses[best] > DOMINANT * masses[node]:
        node = best
    found = _climb(outline, judged, span, node)
    if opening is None or outline.nodes[found].first <= opening < outline.nodes[found].last:
        return found
    near = _climb(outline, judged, span, outline.lines[opening].node)
    if outline.nodes[near].last > outline.nodes[found].first >= outline.nodes[near].first:
        return found  # the lead of the same text
    is_apart = _speaks_of_other_things(outline, judged, opening, outline.nodes[found])
    return near if is_apart and masses[near] * OUTWEIGHED >= masses[found] else found


OUTWEIGHED = 8  # times that other text of a page may outweigh a notice of one sentence
_Judged = Sequence[tuple[bool, int]]  # of every line: is it running text, and what counts of it


_CONTENT = re.compile(
    r"(?:^|[\s_\-])(?:\w*content|\w*article|\w*text|zoom|\w*editor|neirong|nr|zhengwen|zw|con|detail)(?:$|[\s_\-\d])"
)


def find_named(outline: Outline) -> Node | None:
    """The innermost block called content, text and the like with most of its text or pictures outside links."""
    shown = [(line, not line.noise and not line.hidden) for line in outline.lines]
    links = [0, *accumulate(line.link * seen for line, seen in shown)]
    weights = [0, *accumulate((line.plain + POSTER * (line.image is not None)) * seen for line, seen in shown)]
    best, found = 0, None
    for node in outline.nodes[1:]:
        weight = weights[node.last] - weights[node.first]
        is_text = weight >= best and weight > links[node.last] - links[node.first]
        if is_text and _CONTENT.search(class_and_id(node.element)):
            best, found = weight, node
    return found


def _article_span(lines: list[Line], judged: _Judged, tag: str, byline: int | None) -> tuple[int, int]:
    """From the line that <title> begins with, or its byline, to the first line behind text that opens the tail."""
    start = _find_title_line(lines, tag) or (_above(judged, byline) if byline else 0)
    seen = 0
    for number in range(start, len(lines)):
        line = lines[number]
        if (seen >= LONG or (line.level and seen >= SENTENCE)) and starts_tail(line.text):
            return start, number
        if judged[number][0] and not line.noise and not line.hidden:
            seen += len(line.text)
    return start, len(lines)


def _above(judged: _Judged, byline: int) -> int:
    """The first line of the title above a byline."""
    first = byline
    while first > max(0, byline - TITLES) and not judged[first - 1][0]:
        first -= 1
    return first


TITLES = 3  # lines above a byline: kicker, title, subtitle
BYLINES = 6  # lines that may be one; a page with more dates outside links is a list
BELOW = 8  # lines below a byline among which the text begins: buttons, summary, picture
LONGEST_BYLINE = 120  # characters
_YEAR = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d")
# Headings of what a page says of itself and of what others say below a text.
_ITSELF = re.compile(r"关于(?:我们|本)|简介|概况|须知|声明|留言|评论|大家|网友|联系|推荐|导航|指南|關於|簡介|聯絡|推薦")


def _find_opening(lines: list[Line], judged: _Judged) -> tuple[int | None, int | None]:
    """The first line that says when and by whom the article was published, and the first of running text below it."""
    asked = 0
    for number, line in enumerate(lines):
        if len(line.text) > LONGEST_BYLINE or line.link * 2 > len(line.text) or not _YEAR.search(line.text):
            continue
        if line.noise or line.hidden or judged[number][0]:
            continue
        byline = parse_byline(line.text)
        headed = any(0 < above.level <= 3 for above in lines[max(0, number - TITLES) : number])
        if byline.published and len(byline.rest) <= MAX_REST and (byline.labels or headed):
            below = range(number + 1, min(len(lines), number + 1 + BELOW))
            opening = next((n for n in below if judged[n][0] and judged[n][1] and _is_text(lines[n])), None)
            if opening is not None:
                return number, opening
        asked += 1
        if asked == BYLINES:
            break
    return None, None


MAX_REST = 30  # characters of a byline that no word explains: an account, a column, buttons


def _speaks_of_other_things(outline: Outline, judged: _Judged, opening: int, found: Node) -> bool:
    """Whether something that ends articles stands between the first line of the text and the prose of another block."""
    first = next((n for n in range(found.first, found.last) if judged[n][0]), found.first)
    if first < opening:
        return True
    for line in outline.lines[opening + 1 : first]:
        text = line.text
        if not text:
            continue
        if is_furniture(text) or starts_tail(text) or (len(text) >= 6 and line.link == len(text)):
            return True
        if len(text) <= SHORT and (parse_byline(text).editors or (line.level and _ITSELF.search(text))):
            return True
    return False


def _find_title_line(lines: list[Line], tag: str) -> int:
    """The best line to be the title: a heading rather than plain text, the longest, the first; 0 if there is none."""
    best, found = (False, 0), 0
    for number, line in enumerate(lines):
        text = line.text
        if 6 <= len(text) <= 120 and not line.hidden and may_fold_to(text, tag):
            folded = fold_title(text)
            rank = (0 < line.level <= 3, len(folded))
            if len(folded) >= 6 and tag.startswith(folded) and rank > best:
                best, found = rank, number
    return found


def _masses(outline: Outline, judged: _Judged, span: tuple[int, int]) -> tuple[list[float], list[int]]:
    """What each block weighs: characters of its running text, a twentieth of what else it holds outside links.

    And of each block the heaviest one right in it, 0 for none.
    """
    masses = [0.0] * len(outline.nodes)
    first, last = span
    for number, (line, (prose, weight)) in enumerate(zip(outline.lines, judged, strict=True)):
        if weight:
            factor = FAINT if line.noise or line.hidden else 1.0
            mass = factor * weight if prose else 0.05 * factor * weight
            masses[line.node] += mass * (1.0 if first <= number < last else OUTSIDE)
    heaviest = [0] * len(outline.nodes)
    for index in range(len(outline.nodes) - 1, 0, -1):  # children come after their parents
        if mass := masses[index]:  # few blocks weigh anything: navigation is links
            parent = outline.nodes[index].parent
            masses[parent] += mass
            if not heaviest[parent] or mass >= masses[heaviest[parent]]:
                heaviest[parent] = index
    return masses, heaviest


def _climb(outline: Outline, judged: _Judged, span: tuple[int, int], node: int) -> int:
    """Up to the wrapper whose other text is running text as well: an article in several sections."""
    best = current = _out_of_paragraph(outline, node)
    for _ in range(CLIMB):
        parent = outline.nodes[current].parent
        if parent < 0:
            break
        if _rest_is_dense(outline, judged, span, best, parent):
            best = parent
        current = parent
    return best


def _out_of_paragraph(outline: Outline, node: int) -> int:
    """An article is more than one <p>: its short lines and lists stand beside it, unless those are links."""
    parent = outline.nodes[node].parent
    if outline.nodes[node].tag != "p" or parent < 0:
        return node
    a, b = outline.nodes[node], outline.nodes[parent]
    rest = [*outline.lines[b.first : a.first], *outline.lines[a.last : b.last]]
    return parent if sum(x.link for x in rest) * 2 <= sum(len(x.text) for x in rest) else node


def _rest_is_dense(outline: Outline, judged: _Judged, span: tuple[int, int], inner: int, outer: int) -> bool:
    a, b = outline.nodes[inner], outline.nodes[outer]
    rest = [*range(b.first, a.first), *range(a.last, b.last)]
    # What stands above the title or behind the end of the article is no part of it, however dense.
    texts = {n for n in rest if judged[n][0] and span[0] <= n < span[1] and _is_text(outline.lines[n])}
    if not texts:
        return False
    prose = total = 0
    for number in rest:
        line = outline.lines[number]
        if not line.text or line.level == 1 or is_furniture(line.text):
            continue
        if len(line.text) <= SHORT and line.link == 0 and not parse_byline(line.text).is_empty:
            continue
        total += len(line.text)
        prose += len(line.text) * (number in texts)
    return prose > 0 and prose >= DENSE * total


def _is_text(line: Line) -> bool:
    return not line.noise and not line.hidden and _STOP.search(line.text) is not None
