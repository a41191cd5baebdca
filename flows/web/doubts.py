"""The text of an article with the places marked that cleaning changed or only doubted. Pure.

A repair knows its offsets in the text that its rule saw, not in the text as it reads now; so it is looked for in its
own paragraph by its words, and what cannot be found there for certain is not marked (it stands in the table below).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.records import Block, BlockKind, Repair

__all__ = ["Mark", "ShownBlock", "mark_blocks"]

# A single mark of punctuation or a blank stands in a paragraph a dozen times: which one it was nobody can say.
_WORDS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a paragraph; ``repair`` says what is to be said of it, None of the rest."""

    text: str
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block as it is shown: its text in stretches, in reading order."""

    block: Block
    parts: tuple[Mark, ...]


def mark_blocks(blocks: Sequence[Block], repairs: Iterable[Repair]) -> list[ShownBlock]:
    """Every block of the article; a doubt wins over a repair of the same letters."""
    wanted: dict[str, list[Repair]] = {}
    for repair in sorted(repairs, key=lambda repair: repair.applied):
        if _WORDS.search(_shown_text(repair)):
            wanted.setdefault(repair.place, []).append(repair)
    counts = dict.fromkeys(BlockKind, 0)
    shown = []
    for block in blocks:
        kind = BlockKind.PARAGRAPH if block.kind is BlockKind.HEADING else block.kind
        counts[kind] += 1
        shown.append(ShownBlock(block, _mark(block.text, wanted.get(f"{kind.value} {counts[kind]}", ()))))
    return shown


def _shown_text(repair: Repair) -> str:
    """What stands in the text now."""
    return repair.after if repair.applied else repair.before


def _mark(text: str, repairs: Iterable[Repair]) -> tuple[Mark, ...]:
    taken: dict[int, tuple[int, Repair]] = {}
    for repair in repairs:
        words = _shown_text(repair)
        places = [found.start() for found in re.finditer(re.escape(words), text)]
        free = [at for at in places if not _overlaps(at, at + len(words), taken)]
        # Said once, found once: sure. Else only where each finding has a repair of its own.
        if free and len(places) <= max(repair.count, 1):
            taken |= {at: (at + len(words), repair) for at in free}
    return tuple(_cut(text, taken))


def _overlaps(start: int, end: int, taken: Mapping[int, tuple[int, Repair]]) -> bool:
    return any(at < end and start < till for at, (till, _) in taken.items())


def _cut(text: str, taken: Mapping[int, tuple[int, Repair]]) -> Iterable[Mark]:
    position = 0
    for at, (end, repair) in sorted(taken.items()):
        if position < at:
            yield Mark(text[position:at])
        yield Mark(text[at:end], repair)
        position = end
    if position < len(text):
        yield Mark(text[position:])
