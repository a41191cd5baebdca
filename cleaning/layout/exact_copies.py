"""Drop what stands twice word for word, one copy right behind the other: a text in one block, the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cleaning.layout.folding import ends_sentence
from cleaning.layout.steps import TEXT_KINDS, cut, name_places, note
from models.records import Block, Draft, Repair

__all__ = ["drop_exact_copies"]

RULE = "duplicate-body"
LEAST = 100  # characters of a copy inside a block; a slogan or refrain said twice is shorter
SENTENCES = 2
PROBE = 24  # characters of the end that are looked for further up; long enough to stand there by copying only
BLANKS = " \u3000\t\xa0"
ROWS = 6  # of a table; a chorus of so many lines has no numbers in half of them
_CELLS = re.compile(r"\d|\S[ \u3000]\S+[ \u3000]\S")


def drop_exact_copies(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft without the second of two exact copies that follow each other."""
    doomed = _copied_rows(draft.blocks)
    lengths = [_once(block.text) if block.kind in TEXT_KINDS else len(block.text) for block in draft.blocks]
    if not doomed and all(length == len(block.text) for length, block in zip(lengths, draft.blocks, strict=True)):
        return draft, ()
    repairs: list[Repair] = []
    places = name_places(draft.blocks)
    blocks: list[Block] = []
    for number, (block, length) in enumerate(zip(draft.blocks, lengths, strict=True)):
        if number in doomed:
            repairs.append(cut(RULE, block, places[number], "a row of a table that stands there twice"))
            continue
        if length < len(block.text):
            repairs.append(note(RULE, block.text[length:], "", places[number], "stands there twice in one block"))
            block = replace(block, text=block.text[:length].rstrip())
        blocks.append(block)
    return replace(draft, blocks=tuple(blocks)), tuple(repairs)


def _once(text: str) -> int:
    """The length of the text without what repeats, at its end, the words right before it, as often as it does.

    Near linear on hostile text: a round takes away all copies of one length, and the lengths of rounds differ.
    """
    length = len(text)
    while length >= 2 * LEAST:
        shorter = _before_copies(text[:length])
        if shorter == length:
            break
        length = shorter
    return length


def _before_copies(text: str) -> int:
    """Where the first of the copies at the end ends; the length of the text if it ends with none."""
    body = text.rstrip()
    at = body.rfind(body[-PROBE:], 0, len(body) - LEAST)
    end = at + PROBE  # of the print before
    copy = body[end:].lstrip()
    if at < 0 or len(copy) < LEAST or copy.count("。") < SENTENCES or not ends_sentence(copy):
        return len(text)
    if not body.endswith(copy, 0, end):
        return len(text)
    while True:
        before = end - len(copy)
        while before and body[before - 1] in BLANKS:
            before -= 1
        if not before or not body.endswith(copy, 0, before):
            return end
        end = before


def _copied_rows(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the blocks that repeat the rows right before them. Linear: each text is looked up once."""
    rows = [n for n, block in enumerate(blocks) if block.kind in TEXT_KINDS]
    last: dict[str, int] = {}
    run = distance = 0
    doomed: set[int] = set()
    for at, number in enumerate(rows):
        text = blocks[number].text
        back = at - last.get(text, at)
        run = run + 1 if back and back == distance else int(back > 0)
        distance = back
        last[text] = at
        if run == distance >= ROWS:
            copy = rows[at - run + 1 : at + 1]
            if 2 * sum(bool(_CELLS.search(blocks[n].text)) for n in copy) >= len(copy):
                doomed.update(copy)
    return doomed
