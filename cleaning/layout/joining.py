"""Join sentences that a column, a page or a photo caption tore apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaning.layout.folding import ends_sentence, fold, is_short
from cleaning.layout.steps import TEXT_KINDS, note
from models.records import Block, BlockKind, Certainty, Draft, Repair

__all__ = ["join_sentences"]

RULE = "joining"
BETWEEN = 3  # captions and pictures that may stand inside a sentence
LEAST_BROKEN = 20  # characters: a shorter line without a final mark is a heading or a verse
LEAST_WEAK = 60
LONGEST = 20_000  # characters: what grows beyond that by joining is no paragraph, and each join reads all of it

_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"), ("《", "》"), ("「", "」"), ("『", "』"))
_FULL_PAIRS = dict(_PAIRS)
_MARKS = re.compile("[“”（）()《》「」『』]")
_RUNS_ON = re.compile(r"^[，。、；：！？,;）》」』]")
_TO_BE_CONTINUED = re.compile(
    r"\s*[（(【]?\s*(?:下转|紧转|转下|下轉)\s*(?:第\s*)?[A-Z]?[\d一二三四五六七八九十]{1,3}\s*版[^）)】]{0,8}[）)】▶]?\s*$"
)
_CONTINUED = re.compile(
    r"^\s*[（(【◀]?\s*(?:上接|紧接|上承|緊接)\s*(?:第\s*)?[A-Z]?[\d一二三四五六七八九十]{1,3}\s*版[^）)】]{0,8}[）)】]?\s*"
)


@dataclass(frozen=True, slots=True)
class _Tear:
    """Block ``left`` goes on in block ``right``."""

    left: int
    right: int
    evidence: str
    certain: bool
    left_text: str = ""
    right_text: str = ""


def join_sentences(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with torn sentences whole again; what stood inside them follows as captions.

    Joined only on strong evidence: an open quote or bracket that the later block closes, a block that begins with
    a mark no block begins with, or 下转/上接 on both sides. A tear with weaker signs is flagged, for on clean news
    text such signs are wrong about once in 600 paragraphs.
    """
    blocks = list(draft.blocks)
    repairs: list[Repair] = []
    emptied: set[int] = set()
    number = 0  # of the paragraph at hand
    for index in range(len(blocks) - 1):
        number += blocks[index].kind in TEXT_KINDS
        tear = _find_tear(blocks, index)
        if tear is None:
            continue
        repairs.append(_record(blocks, tear, f"{BlockKind.PARAGRAPH.value} {number}"))
        if tear.certain:
            # The whole moves one block on, where it is looked at once more: it may be torn again further on.
            blocks[tear.left + 1 : tear.right + 1] = _mend(blocks, tear)
            emptied.add(tear.left)
            number -= 1
    if not emptied:
        return draft, tuple(repairs)
    return replace(draft, blocks=tuple(b for n, b in enumerate(blocks) if n not in emptied)), tuple(repairs)


def _find_tear(blocks: Sequence[Block], left: int) -> _Tear | None:
    block = blocks[left]
    if block.kind is not BlockKind.PARAGRAPH or not LEAST_BROKEN <= len(block.text) <= LONGEST:
        return None
    end = block.text[-30:]
    marked = _TO_BE_CONTINUED.search(end) if "版" in end else None
    if not marked and (ends_sentence(block.text) or block.text[-1] in "：:；;—"):
        return None
    if marked:
        return _find_continued(blocks, left, block.text[: len(block.text) - len(marked[0])])
    for right in range(left + 1, min(left + 2 + BETWEEN, len(blocks))):
        tear = _judge(blocks, left, right)
        if tear is not None:
            return tear
        if not _may_stand_between(blocks[right]):
            return None
    return None


def _find_continued(blocks: Sequence[Block], left: int, text: str) -> _Tear | None:
    if not text or ends_sentence(text):
        return None
    for right in range(left + 1, min(left + 2 + 2 * BETWEEN, len(blocks))):
        found = _CONTINUED.match(blocks[right].text)
        if found and blocks[right].kind is BlockKind.PARAGRAPH:
            rest = blocks[right].text[found.end() :]
            return _Tear(left, right, "下转 and 上接 mark the two halves", True, text, rest) if rest else None
        if not _may_stand_between(blocks[right]):
            return None
    return None


def _judge(blocks: Sequence[Block], left: int, right: int) -> _Tear | None:
    if blocks[right].kind is not BlockKind.PARAGRAPH:
        return None
    one, two = blocks[left].text, blocks[right].text
    mark = _open_mark(one)
    # A line of verse or of a list inside the quote ends in a comma; a torn sentence hardly ever does.
    if mark and one[-1] not in "，,、" and _closes(two, mark):
        return _Tear(left, right, f"{mark} stands open and is closed in the later block", True, one, two)
    if right == left + 1 and _RUNS_ON.match(two) and len(two) > 1:
        return _Tear(left, right, f"no block begins with {two[0]}", True, one, two)
    weak = right == left + 1 and len(one) >= LEAST_WEAK and not is_short(two) and "。" in one
    return _Tear(left, right, "no final mark", False, one, two) if weak and one[-1] not in "，,、)）" else None


def _open_mark(text: str) -> str | None:
    """The last opening mark that is not closed in ``text``."""
    stack: list[str] = []
    for char in _MARKS.findall(text):
        if char in _FULL_PAIRS:
            stack.append(char)
        elif stack and char == _FULL_PAIRS[stack[-1]]:
            stack.pop()
    return stack[-1] if stack else None


def _closes(text: str, opening: str) -> bool:
    """Whether ``text`` closes a mark that it did not open."""
    closing, depth = _FULL_PAIRS[opening], 0
    for char in _MARKS.findall(text):
        if char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if depth < 0:
                return True
    return False


def _may_stand_between(block: Block) -> bool:
    return block.kind in (BlockKind.CAPTION, BlockKind.IMAGE) or (
        block.kind is BlockKind.PARAGRAPH and is_short(block.text)
    )


def _mend(blocks: Sequence[Block], tear: _Tear) -> list[Block]:
    inside = [
        Block(BlockKind.CAPTION, b.text) if b.kind is BlockKind.PARAGRAPH else b
        for b in blocks[tear.left + 1 : tear.right]
    ]
    return [replace(blocks[tear.left], text=_whole(tear)), *inside]


def _whole(tear: _Tear) -> str:
    left, right = tear.left_text.rstrip(), tear.right_text.lstrip()
    latin = fold(left[-1:]).isascii() and fold(right[:1]).isascii() and left[-1:].isalpha() and right[:1].isalpha()
    return f"{left} {right}" if latin else left + right


EDGE = 12  # characters on each side of the tear that the record shows


def _record(blocks: Sequence[Block], tear: _Tear, place: str) -> Repair:
    between = [b.text for b in blocks[tear.left + 1 : tear.right] if b.text]
    one, two = blocks[tear.left].text[-EDGE:], blocks[tear.right].text[:EDGE]
    before = "⏎".join([one, *between, two])
    certainty = Certainty.CERTAIN if tear.certain else Certainty.LOW
    evidence = tear.evidence + (f"; inside stood: {' / '.join(between)}" if between else "")
    after = tear.left_text[-EDGE:] + tear.right_text[:EDGE]
    return note(RULE, before, after, place, evidence, certainty=certainty)
