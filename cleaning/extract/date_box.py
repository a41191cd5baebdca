"""Read the calendar sheet beside a title: the day in one element, year and month in the other, 28 over 2023/09."""

from __future__ import annotations

import re

from cleaning.dates import Moment, find_date
from cleaning.extract.lines import Outline
from cleaning.extract.page import class_and_id

__all__ = ["read_date_box"]

ABOVE = 4  # lines above the title where the sheet may stand, beside it as the reader sees it
_MONTH = r"(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>1[0-2]|0?[1-9])月?"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])日?"
_SHEETS = (re.compile(rf"{_DAY}[ |]*{_MONTH}"), re.compile(rf"{_MONTH}[ |]+{_DAY}"))
# Beside the number of an issue and of its readers the same figures stand: the element must be called a date.
_CALLED = re.compile(r"(?:^|[\s_\-])(?:\w*date|\w*time|riqi|rq|sj|shijian|calendar)(?:$|[\s_\-\d])")


def read_date_box(outline: Outline, first: int, last: int) -> Moment | None:
    """``first`` and ``last`` bound the lines of the head; the sheet is one line or two in a block so called."""
    lines = outline.lines[max(0, first - ABOVE) : last]
    for number, line in enumerate(lines):
        if not line.text or len(line.text) > LONGEST or not line.text[0].isdigit():
            continue
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        for text in (line.text, f"{line.text} {following}"):
            for match in filter(None, (sheet.fullmatch(text) for sheet in _SHEETS)):
                if _is_called_date(outline, line.node):
                    return find_date("{year}-{month}-{day}".format(**match.groupdict()))
    return None


LONGEST = 12  # characters: 28 2023年09月


def _is_called_date(outline: Outline, number: int) -> bool:
    """Whether the block of a line or the block around it is called a date."""
    node = outline.nodes[number]
    around = [node.element, *([outline.nodes[node.parent].element] if node.parent >= 0 else [])]
    return any(_CALLED.search(class_and_id(element)) for element in around)
