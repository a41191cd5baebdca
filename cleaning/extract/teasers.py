"""Find other stories set out with a summary each, and comments of readers: the same small block again and again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaning.extract.lines import Line, Outline

__all__ = ["find_teasers"]

BACK = 3  # lines between a summary and its headline: medium, date
BETWEEN = 5  # lines from one summary to the next headline: medium, date, buttons, the picture
RUN = 3  # headlines with summaries; a text may quote one or two other stories with a link
CUT_RUN = 2  # of summaries that break off and comments that are signed, as no paragraph does and is
SUMMARY = 200  # characters; what is longer is a paragraph
ENOUGH = 30  # characters of running text besides: a digest has nothing but headlines and summaries
_CUT = re.compile(
    r"(?:…+|\.{3,}|。{3,})?\s?[\[【(（]?(?:查看|阅读|閱讀|浏览|点击|更多)?(?:全文|详细|详情|更多|詳情|原文)\s?[\]】)）>»]*$|(?:…|\.{3,})$"
)


def find_teasers(outline: Outline, prose: Sequence[bool]) -> frozenset[int]:
    """The numbers of the lines of such a run; ``prose`` says of every line whether it is running text.

    Each story must stand in a block of its own: a digest sets its headlines and summaries side by side.
    """
    lines = outline.lines
    found = [(head, n) for n, here in enumerate(prose) if here and (head := _headline_of(lines, prose, n)) is not None]
    if len(found) < CUT_RUN:
        return frozenset()
    marked: set[int] = set()
    run = [found[0]]
    for before, pair in pairwise([*found, None]):
        if before and pair and pair[0] - before[1] <= BETWEEN and not any(prose[before[1] + 1 : pair[0]]):
            run.append(pair)
            continue
        while len(run) > 1 and _looks(outline, run[0]) != _looks(outline, run[-1]):
            run = run[1:]  # the article itself: its byline stands above its text as names stand above comments
        if _is_run(outline, run):
            end = outline.nodes[_block_around(outline, *run[-1])].last  # with the date and the buttons of the last
            marked.update(range(run[0][0], end))
        run = [pair] if pair else []
    rest = sum(len(line.text) for n, line in enumerate(lines) if prose[n] and n not in marked)
    return frozenset(marked) if rest >= ENOUGH else frozenset()


def _headline_of(lines: Sequence[Line], prose: Sequence[bool], number: int) -> int | None:
    """The line above a summary that is a link and no more, or above a comment with a name and a time."""
    if len(lines[number].text) > SUMMARY:
        return None
    if number and _is_signed(lines[number - 1].text):
        return number - 1
    for n in range(number - 1, max(-1, number - 1 - BACK), -1):
        line = lines[n]
        size = len(line.text)
        if size >= 6 and line.link * 10 >= size * 9:
            return n
        if prose[n] or size > 2 * BETWEEN * BACK:
            return None
    return None


LONGEST_NAME = 30  # characters: 一米阳光 2023-07-12 19:01 来自某地
_TIME = re.compile(r"\d{1,2}[-/月]\d{1,2}日?|\d{1,2}:\d\d|\d{1,2} ?(?:分钟|小时|天|小時|分鐘)前|\d{1,3}[楼樓#]")
_NO_NAME = re.compile(r"[\d\W_年月日]")
_OF_THE_PAGE = re.compile(
    r"来源|來源|作者|主持|直播|主播|嘉宾|[发發][布佈表]|[编編][辑輯]|责编|记者|記者|浏览|阅读|[时時][间間]|日期"
)


def _is_signed(text: str) -> bool:
    """Whether a line holds a name and a time, and none of the words of a byline."""
    if len(text) > LONGEST_NAME or _TIME.search(text) is None or _OF_THE_PAGE.search(text):
        return False
    return len(_NO_NAME.sub("", text)) >= 2


def _looks(outline: Outline, pair: tuple[int, int]) -> tuple[object, str | None]:
    element = outline.nodes[_block_around(outline, *pair)].element
    return element.tag, element.get("class")


def _is_run(outline: Outline, run: Sequence[tuple[int, int]]) -> bool:
    if len(run) < CUT_RUN:
        return False
    names = [_NO_NAME.sub("", outline.lines[h].text) for h, _ in run if _is_signed(outline.lines[h].text)]
    if len(set(names)) * 3 < len(names) * 2:
        return False  # the same few again and again: people who talk, 主持人 15:02, 罗文波 15:03
    sure = len(names) + sum(_CUT.search(outline.lines[n].text) is not None for _, n in run)
    if len(run) < RUN and sure < len(run):
        return False
    blocks = [_block_around(outline, head, n) for head, n in run]
    return len(set(blocks)) == len(run) and outline.nodes[blocks[-1]].first > run[-2][1]


def _block_around(outline: Outline, first: int, last: int) -> int:
    """The innermost block that holds both lines."""
    number = outline.lines[first].node
    while outline.nodes[number].parent >= 0 and outline.nodes[number].last <= last:
        number = outline.nodes[number].parent
    return number
