"""Take the furniture of a page out of the text: comment boxes, related links, footers, share buttons, page counters."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import replace

from cleaning.layout.folding import ends_sentence, fold
from cleaning.layout.furniture_words import BOX, BUTTON, FOOTER, IN_NOTICE, NOTICE, STRONG, SURE
from cleaning.layout.steps import TEXT_KINDS, cut, name_places
from models.records import Block, Draft, Repair

__all__ = ["drop_furniture"]

RULE = "furniture"
LONGEST = 400  # characters: legal notices at the end of a page; all other furniture is far shorter
LINE = 90
LINK = 60  # a linked headline, with its date
HEAD = 6  # blocks in which a breadcrumb may stand
TAIL = 14  # blocks in which footers and notices stand


class _Verdict(enum.Enum):
    TEXT = 0
    MAYBE = 1  # furniture next to furniture
    SURE = 2


_BETWEEN = re.compile(r"[\s|\[\]【】()<>«»:·•、,/+\-—_~]+")


def drop_furniture(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft without furniture; the lines go to ``draft.furniture``, for a footer may name the medium.

    A footer line or a notice counts only near the end, and a box of links only where nothing but links follows.
    """
    verdicts = [_judge(block, n, len(draft.blocks)) for n, block in enumerate(draft.blocks)]
    doomed = {n for n, verdict in enumerate(verdicts) if verdict is _Verdict.SURE}
    doomed |= _box(draft.blocks, verdicts)
    doomed |= _footer(draft.blocks, verdicts, doomed)
    # A page that is all furniture keeps it: better judged by people than stored as empty.
    if not doomed or len(doomed) == len(draft.blocks):
        return draft, ()
    places = name_places(draft.blocks)
    told = [n for n in sorted(doomed) if draft.blocks[n].text]
    repairs = tuple(cut(RULE, draft.blocks[n], places[n], "furniture of the page") for n in told)
    lines = tuple(draft.blocks[n].text for n in told)
    blocks = tuple(b for n, b in enumerate(draft.blocks) if n not in doomed)
    return replace(draft, blocks=blocks, furniture=(*draft.furniture, *lines)), repairs


def _judge(block: Block, index: int, count: int) -> _Verdict:
    if block.kind not in TEXT_KINDS or len(block.text) > LONGEST:
        return _Verdict.TEXT
    may_be_notice = 0 < index >= count - TAIL and IN_NOTICE.search(block.text) is not None
    # Most lines of a story end in a full stop; no sure line does.
    may_be_line = len(block.text) <= LINE and not block.text.endswith("。")
    if not may_be_notice and not may_be_line:
        return _Verdict.TEXT
    line = fold(block.text).strip()
    if may_be_line and (SURE.match(line) or _is_buttons(line)):
        return _Verdict.SURE
    if may_be_notice and NOTICE.match(line):
        return _Verdict.SURE
    return _Verdict.MAYBE if may_be_line and FOOTER.match(line) else _Verdict.TEXT


def _is_buttons(line: str) -> bool:
    """Whether a line is made of buttons alone: one that cannot be anything else, or two of any kind."""
    words: list[str] = []
    at = 0
    while at < len(line):
        if gap := _BETWEEN.match(line, at):
            at = gap.end()
            continue
        button = BUTTON.match(line, at)
        if button is None:
            return False
        words.append(button[0])
        at = button.end()
    return any(w in STRONG for w in words) or (
        len(words) > 1 and len(set(words)) > 1 and len(words) * 3 >= len(line) / 2
    )


def _box(blocks: Sequence[Block], verdicts: Sequence[_Verdict]) -> set[int]:
    """The first box title below which nothing but links, comments and footers stands, and all below it."""
    end = len(blocks)
    start = end
    for n in range(end - 1, 0, -1):
        block = blocks[n]
        if block.kind in TEXT_KINDS and len(block.text) <= LINE and BOX.match(fold(block.text).strip()):
            start = n
        elif verdicts[n] is _Verdict.TEXT and not _is_link(block):
            break
    return set(range(start, end))


def _is_link(block: Block) -> bool:
    """Whether a block may stand in a box of links or comments: a picture, or a short line that is no sentence."""
    if block.kind not in TEXT_KINDS:
        return True
    return len(block.text) <= LINK and "。" not in block.text and not block.text.endswith(("；", ";", "：", "，"))


def _footer(blocks: Sequence[Block], verdicts: Sequence[_Verdict], doomed: set[int]) -> set[int]:
    """Lines of footers and forms that stand together with sure ones at the end."""
    found: set[int] = set()
    has_sure = False
    for n in range(len(blocks) - 1, 0, -1):
        if n in doomed:
            has_sure = True
        elif verdicts[n] is _Verdict.MAYBE and not ends_sentence(blocks[n].text):
            found.add(n)
        else:
            break
    return found if has_sure else set()
