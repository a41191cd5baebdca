"""Collapse a body that stands there twice, also where the copies differ a little."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaning.layout.folding import fold, han_only
from cleaning.layout.steps import TEXT_KINDS, note, place_of
from models.records import Block, Draft, Repair

__all__ = ["collapse_duplicate_body"]

RULE = "duplicate-body"

# A gate first: the share of clauses whose beginning was there before. Copies with 8 % of the characters edited
# still share (1-.08)^6 = 60 % of these beginnings; in clean text the share is under 5 %.
_CLAUSE = re.compile(r"[\w“”‘’《》]{6}[\w“”‘’《》]*")
BEGINNING = 6
SHARE_TO_LOOK = 0.15

# 6-grams: with 8 % edits .92^6 = 60 % of them survive (of 10-grams only 43 %), and chance repeats are sorted out
# by the order of the copies.
GRAM = 6
COVERED = 0.35  # share of the grams of one block that its original must have
COVERED_IN_ALL = 0.45  # of all grams of the copy
SHORT_COVERED = 0.6  # blocks under 30 characters have too few grams to be lenient
SHORT_BLOCK = 30
LEAST_COPY = 100  # characters: less is a refrain or a summary, not a body
LEAST_OF_ONE = 200  # where the copy is a single block: two items of a list may be built alike
COVERED_OF_ONE = 0.6
LEAST_SHARE = 0.3  # of the whole text: a body twice makes about half of it
FROM_START = 0.25  # the first copy begins within this share of the text
REACH = 0.7  # of the stretch between the first and last original that must stand again
MANY = 60_000  # characters: above, one gram in eight is enough, and a hostile page stays cheap


@dataclass(frozen=True, slots=True)
class _Text:
    """The folded blocks one after another: ``starts[i]`` is where block i begins in ``folded``."""

    folded: str
    starts: tuple[int, ...]

    def span(self, index: int) -> tuple[int, int]:
        return self.starts[index], self.starts[index + 1]

    def length(self, index: int) -> int:
        return self.starts[index + 1] - self.starts[index]


@dataclass(frozen=True, slots=True)
class _Copy:
    """Block ``index`` repeats text that begins near ``origin``, an offset in the folded text."""

    index: int
    origin: int
    grams: int
    found: int  # how many of its grams stood there before


def collapse_duplicate_body(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with one copy of its body, the more complete or less damaged one, else the first.

    Refrains, list items and a summary that repeats the lead are left: a copy must repeat most of what
    stands before it, in the same order. Where the copies differ in more than marks, the record is flagged.
    """
    if not _looks_repeated(draft.blocks):
        return draft, ()
    text = _fold_blocks(draft.blocks)
    copies = _find_copies(draft.blocks, text)
    if not _is_a_body(copies, draft.blocks, text):
        return draft, ()
    return _keep_one(draft, copies, text)


def _looks_repeated(blocks: Sequence[Block]) -> bool:
    beginnings = [m[0][:BEGINNING] for b in blocks if b.kind in TEXT_KINDS for m in _CLAUSE.finditer(b.text)]
    if len(beginnings) < 6:
        return False
    return len(set(beginnings)) <= len(beginnings) * (1 - SHARE_TO_LOOK)


def _fold_blocks(blocks: Sequence[Block]) -> _Text:
    parts = [han_only(fold(b.text)) if b.kind in TEXT_KINDS else "" for b in blocks]
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return _Text("".join(parts), tuple(starts))


def _find_copies(blocks: Sequence[Block], text: _Text) -> list[_Copy]:
    """Blocks that repeat earlier ones, in the order of their originals."""
    first_seen: dict[str, int] = {}
    step = 8 if len(text.folded) > MANY else 1
    copies: list[_Copy] = []
    for index in range(len(blocks)):
        start, end = text.span(index)
        grams = [(text.folded[i : i + GRAM], i) for i in range(start, end - GRAM + 1)]
        if step > 1:
            # Chosen by content, so that both copies choose the same ones.
            grams = [g for g in grams if ord(g[0][0]) % step == 0]
        origins = [first_seen[gram] for gram, _ in grams if first_seen.get(gram, end) < start]
        needed = COVERED if end - start > SHORT_BLOCK else SHORT_COVERED
        if grams and len(origins) >= needed * len(grams):
            origin = sorted(origins)[len(origins) // 2] - (end - start) // 2
            copies.append(_Copy(index, origin, len(grams), len(origins)))
        for gram, at in grams:
            first_seen.setdefault(gram, at)
    return _in_order(copies, text)


def _in_order(copies: Sequence[_Copy], text: _Text) -> list[_Copy]:
    """Those that follow each other as their originals do; a third copy of the body starts again from the top.

    Items of a list that are built alike all point at the first item: they make no headway and fall out.
    """
    kept: list[_Copy] = []
    for copy in copies:
        last = kept[-1] if kept else None
        goes_on = last is None or copy.origin >= last.origin + text.length(last.index) // 2
        again = last is not None and copy.origin <= kept[0].origin + GRAM and last.origin >= kept[0].origin + LEAST_COPY
        if goes_on or again:
            kept.append(copy)
    return kept


def _is_a_body(copies: Sequence[_Copy], blocks: Sequence[Block], text: _Text) -> bool:
    if not copies:
        return False
    total = len(text.folded)
    repeated = sum(text.length(c.index) for c in copies)
    if repeated < LEAST_COPY or repeated < LEAST_SHARE * total or not _covers(copies, repeated):
        return False
    start = max(0, min(c.origin for c in copies))
    end = max(c.origin + text.length(c.index) for c in copies)
    head = text.starts[copies[0].index]
    if start > FROM_START * total or end > head + LEAST_COPY:
        return False
    # The copies stand together behind the originals, and most of the originals come again.
    stretch = text.starts[copies[-1].index + 1] - head
    rounds = max(1, round(repeated / max(1, end - start)))
    return repeated >= REACH * stretch and repeated >= REACH * (end - start) * rounds and _has_sentences(blocks, copies)


def _covers(copies: Sequence[_Copy], repeated: int) -> bool:
    share = sum(c.found for c in copies) / max(1, sum(c.grams for c in copies))
    if len(copies) == 1:
        return repeated >= LEAST_OF_ONE and share >= COVERED_OF_ONE
    return share >= COVERED_IN_ALL


def _has_sentences(blocks: Sequence[Block], copies: Sequence[_Copy]) -> bool:
    """Verses, tables and lists repeat without a full stop; a body has some."""
    return sum(blocks[c.index].text.count("。") for c in copies) >= 2


def _keep_one(draft: Draft, copies: Sequence[_Copy], text: _Text) -> tuple[Draft, tuple[Repair, ...]]:
    originals = _originals(copies, text)
    again = [c.index for c in copies]
    drop_originals = _is_better(again, originals, draft.blocks, text)
    dropped = originals if drop_originals else again
    kept = again if drop_originals else originals
    differences = _differences(draft.blocks, kept, dropped)
    repairs = tuple(
        note(RULE, draft.blocks[n].text, "", place_of(draft.blocks, n), _evidence(differences)) for n in dropped
    )
    flags = (*draft.flags, "copies-differ") if differences else draft.flags
    blocks = tuple(b for n, b in enumerate(draft.blocks) if n not in set(dropped))
    return replace(draft, blocks=blocks, flags=tuple(dict.fromkeys(flags))), repairs


def _originals(copies: Sequence[_Copy], text: _Text) -> list[int]:
    """Blocks that stand again, by where their middle lies."""
    start = min(c.origin for c in copies)
    end = max(c.origin + text.length(c.index) for c in copies)
    first_copy = copies[0].index
    return [n for n in range(first_copy) if text.length(n) and start - GRAM <= sum(text.span(n)) // 2 <= end + GRAM]


_DAMAGE = re.compile(r"[\ufffd□?]|[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,12}[)）]")


def _is_better(again: Sequence[int], originals: Sequence[int], blocks: Sequence[Block], text: _Text) -> bool:
    """Whether the later copy is clearly longer, or as long and less damaged."""
    lengths = [sum(text.length(n) for n in side) for side in (originals, again)]
    if len(again) >= 2 * len(originals) and lengths[1] >= 2 * lengths[0] * REACH:
        return False  # two further copies, not a longer one
    if lengths[1] > 1.1 * lengths[0]:
        return True
    damage = [sum(len(_DAMAGE.findall(blocks[n].text)) for n in side) for side in (originals, again)]
    return damage[1] < damage[0] and lengths[1] >= 0.98 * lengths[0]


DIFFERENCES = 10  # shown in the record of the repair; more make no new point
_MARKS = re.compile(r"[^\w“”‘’]+")


def _differences(blocks: Sequence[Block], kept: Sequence[int], dropped: Sequence[int]) -> list[str]:
    """Clauses that the dropped copy prints otherwise; marks and blanks do not count."""
    one, two = ([c for n in side for c in _MARKS.split(fold(blocks[n].text)) if c] for side in (kept, dropped))
    if one == two or "".join(map(han_only, two)) == "".join(map(han_only, one)) * max(1, round(len(two) / len(one))):
        return []
    # By clause, not by character: clauses are mostly different from each other, so difflib stays near linear.
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    changes = (f"{''.join(one[a:b])}→{''.join(two[c:d])}" for op, a, b, c, d in matcher.get_opcodes() if op != "equal")
    return [change[:60] for change, _ in zip(changes, range(DIFFERENCES), strict=False)]


def _evidence(differences: Sequence[str]) -> str:
    return "stands there twice" + (f"; the copies differ: {' '.join(differences)}" if differences else "")
