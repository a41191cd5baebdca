"""Collapse a body that stands there twice, also where the copies differ a little."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaning.layout.folding import fold, han_only
from cleaning.layout.steps import TEXT_KINDS, name_places, note
from models.records import Block, Draft, Repair

__all__ = ["collapse_duplicate_body"]

RULE = "duplicate-body"

# A gate first: the share of clauses whose beginning was there before. Copies with 8 % of the characters edited
# still share (1-.08)^6 = 60 % of these beginnings; in clean text the share is under 5 %.
# And its beginning. Chinese characters are words (\w) anyhow; named as a range they are told without asking for each.
_CLAUSE = re.compile(r"([\u4e00-\u9fff\w“”‘’《》]{6})[\u4e00-\u9fff\w“”‘’《》]*")
SHARE_TO_LOOK = 0.15

# 6-grams: with 8 % edits .92^6 = 60 % of them survive; of 10-grams only 43 %.
GRAM = 6
COVERED = 0.35  # share of the grams of one block that stand in the first copy at the common distance
COVERED_INSIDE = 0.15  # the same of a block between two that are copies; of another text, next to nothing stands there
COVERED_IN_ALL = 0.45  # of all grams of the copy; what differs more is another text
COVERED_OF_ALIKE = 0.65  # of one block, or of three and more rounds: items of a list may be built alike
SHORT_BLOCK = 150  # characters: a few edits may hit most grams of a short block between two copies
ALIKE = 0.65  # share of their characters that two prints of one block have in common; of strangers, 0.3
LEAST_COPY = 100  # characters: less is a refrain or a summary, not a body
LEAST_OF_ONE = 200  # where the copy is a single block
LEAST_SHARE = 0.3  # of the whole text: a body twice makes about half of it
FROM_START = 0.25  # the first copy begins within this share of the text
DRIFT = 0.2  # of the distance between the copies: paragraphs that one of them lacks move the rest
BIN = 32  # characters: edits move the copies against each other by less
MANY = 60_000  # characters: above, one gram in eight is enough, and a hostile page stays cheap


@dataclass(frozen=True, slots=True)
class _Text:
    """The folded blocks one after another: ``starts[i]`` is where block i begins in ``folded``."""

    folded: str
    starts: tuple[int, ...]

    def of(self, index: int) -> str:
        return self.folded[self.starts[index] : self.starts[index + 1]]

    def length(self, index: int) -> int:
        return self.starts[index + 1] - self.starts[index]


@dataclass(frozen=True, slots=True)
class _Alignment:
    """``distance`` characters lie between the copies; ``pairs`` are (earlier, later) positions of equal grams."""

    distance: int
    pairs: tuple[tuple[int, int], ...]
    positions: tuple[int, ...]  # of all grams looked at, ascending


def collapse_duplicate_body(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with one copy of its body, the more complete or less damaged one, else the first.

    Refrains, list items and a summary that repeats the lead are left: a copy must repeat most of what
    stands before it, in the same order. Where the copies differ in more than marks, the record is flagged.
    """
    if not _looks_repeated(draft.blocks):
        return draft, ()
    text = _fold_blocks(draft.blocks)
    alignment = _align(text.folded)
    if alignment is None or not _is_a_body(alignment, text):
        return draft, ()
    again = _find_copies(alignment, text)
    if not again or not _has_sentences(draft.blocks, again):
        return draft, ()
    return _keep_one(draft, again, alignment, text)


def _looks_repeated(blocks: Sequence[Block]) -> bool:
    beginnings = [start for b in blocks if b.kind in TEXT_KINDS for start in _CLAUSE.findall(b.text)]
    if len(beginnings) < 6:
        return False
    return len(set(beginnings)) <= len(beginnings) * (1 - SHARE_TO_LOOK)


def _fold_blocks(blocks: Sequence[Block]) -> _Text:
    parts = [han_only(fold(b.text)) if b.kind in TEXT_KINDS else "" for b in blocks]
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return _Text("".join(parts), tuple(starts))


def _align(folded: str) -> _Alignment | None:
    """The commonest distance at which the text repeats itself, and where it does."""
    positions = _positions(folded)
    last: dict[str, int] = {}
    bins: Counter[int] = Counter()
    for at in positions:
        gram = folded[at : at + GRAM]
        before = last.get(gram)
        if before is not None and at - before >= LEAST_COPY:
            bins[(at - before) // BIN] += 1
        last[gram] = at
    if not bins:
        return None
    best = max(bins, key=lambda b: bins[b] + bins.get(b + 1, 0))
    distance = (best + 1) * BIN
    return _Alignment(distance, tuple(_pair(folded, positions, distance)), positions)


def _positions(folded: str) -> tuple[int, ...]:
    """Where the grams begin that are looked at. Of a long text one in eight, chosen so that both copies agree."""
    every = range(len(folded) - GRAM + 1)
    return tuple(every) if len(folded) <= MANY else tuple(at for at in every if not ord(folded[at]) % 8)


REMEMBERED = 8  # earlier places of one gram; a gram that is commoner than that proves nothing


def _pair(folded: str, positions: Sequence[int], distance: int) -> Iterator[tuple[int, int]]:
    """(earlier, later) positions of equal grams that lie about this distance apart, by the later one."""
    slack = DRIFT * distance + BIN
    seen: dict[str, deque[int]] = {}
    for at in positions:
        places = seen.setdefault(folded[at : at + GRAM], deque(maxlen=REMEMBERED))
        near = min(places, key=lambda before: abs(at - before - distance), default=None)
        if near is not None and abs(at - near - distance) <= slack:
            yield near, at
        places.append(at)


def _is_a_body(alignment: _Alignment, text: _Text) -> bool:
    """Whether what repeats begins near the top, makes much of the text, and repeats as a whole."""
    later = [pair[1] for pair in alignment.pairs]
    if not later:
        return False
    # One in fifty may be chance: a phrase of the head that comes again.
    start = sorted(pair[0] for pair in alignment.pairs)[len(later) // 50]
    first, end = later[len(later) // 50], later[-1] + GRAM
    stretch = end - first
    if start > FROM_START * len(text.folded) or stretch < max(LEAST_COPY, LEAST_SHARE * len(text.folded)):
        return False
    looked_at = bisect_right(alignment.positions, end) - bisect_left(alignment.positions, first)
    share = len(later) / max(1, looked_at)
    rounds = stretch / alignment.distance
    blocks = bisect_left(text.starts, end) - bisect_right(text.starts, first) + 1
    if rounds > 1.5 or blocks <= 1:
        return share >= COVERED_OF_ALIKE and stretch >= (LEAST_OF_ONE if blocks <= 1 else LEAST_COPY)
    return share >= COVERED_IN_ALL


def _find_copies(alignment: _Alignment, text: _Text) -> list[int]:
    """Numbers of the blocks that stand there again: those that repeat, and the edited headings between them."""
    later = [pair[1] for pair in alignment.pairs]
    count = len(text.starts) - 1
    copies = {n for n in range(count) if _is_covered(later, alignment, text, n)}
    if not copies:
        return []
    first, last = min(copies), max(copies)
    short = [Counter(text.of(n)) for n in range(first) if 0 < text.length(n) <= SHORT_BLOCK]
    for n in range(first + 1, min(last + 2, count)):
        is_twin = 0 < text.length(n) <= SHORT_BLOCK and _has_twin(Counter(text.of(n)), short)
        if is_twin or _is_covered(later, alignment, text, n, COVERED_INSIDE):
            copies.add(n)
    if first and _is_edited_lead(first, later, alignment, text):
        copies.add(first - 1)
    return sorted(copies)


def _is_edited_lead(first: int, later: Sequence[int], alignment: _Alignment, text: _Text) -> bool:
    """Whether the block before the copy is the edited print of the block before the original."""
    origin = alignment.pairs[bisect_left(later, text.starts[first])][0]
    lead, other = first - 1, bisect_right(text.starts, origin) - 2
    if not 0 <= other < lead or not 0 < text.length(lead) <= SHORT_BLOCK:
        return False
    # The last block of the first copy stands there too; but it stands again further on.
    if _is_covered(sorted(pair[0] for pair in alignment.pairs), alignment, text, lead):
        return False
    return _has_twin(Counter(text.of(lead)), [Counter(text.of(other))])


def _is_covered(found: Sequence[int], alignment: _Alignment, text: _Text, index: int, least: float = COVERED) -> bool:
    """Whether enough of the grams of a block are among ``found``, ascending positions."""
    start, end = text.starts[index], max(text.starts[index], text.starts[index + 1] - GRAM + 1)
    hits = bisect_left(found, end) - bisect_left(found, start)
    return hits > 0 and hits >= least * (
        bisect_left(alignment.positions, end) - bisect_left(alignment.positions, start)
    )


TWINS = 400  # blocks compared; a text with more short lines than that is a table


def _has_twin(letters: Counter[str], twins: Sequence[Counter[str]]) -> bool:
    size = letters.total()
    return any((letters & twin).total() >= ALIKE * max(size, twin.total()) for twin in twins[:TWINS])


def _has_sentences(blocks: Sequence[Block], copies: Sequence[int]) -> bool:
    """Verses, tables and lists repeat without a full stop; a body has some."""
    return sum(blocks[n].text.count("。") for n in copies) >= 2


def _keep_one(
    draft: Draft, again: Sequence[int], alignment: _Alignment, text: _Text
) -> tuple[Draft, tuple[Repair, ...]]:
    originals = _originals(again, alignment, text)
    drop_originals = _is_better(again, originals, draft.blocks, text)
    dropped, kept = (originals, again) if drop_originals else (again, originals)
    differences = _differences(draft.blocks, kept, dropped)
    places, evidence = name_places(draft.blocks), _evidence(differences)
    repairs = tuple(note(RULE, draft.blocks[n].text, "", places[n], evidence) for n in dropped)
    flags = (*draft.flags, "copies-differ") if differences else draft.flags
    gone = set(dropped)
    blocks = tuple(b for n, b in enumerate(draft.blocks) if n not in gone)
    return replace(draft, blocks=blocks, flags=tuple(dict.fromkeys(flags))), repairs


def _originals(again: Sequence[int], alignment: _Alignment, text: _Text) -> list[int]:
    """The blocks of the first copy that stand again, by what of them was found later."""
    earlier = sorted(pair[0] for pair in alignment.pairs)
    twins = [Counter(text.of(n)) for n in again if text.length(n) <= SHORT_BLOCK]
    return [
        n
        for n in range(again[0])
        if _is_covered(earlier, alignment, text, n)
        or (0 < text.length(n) <= SHORT_BLOCK and _has_twin(Counter(text.of(n)), twins))
    ]


_DAMAGE = re.compile(r"[\ufffd□?]|[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,12}[)）]")


def _is_better(again: Sequence[int], originals: Sequence[int], blocks: Sequence[Block], text: _Text) -> bool:
    """Whether the later copy is longer, or as long and less damaged."""
    lengths = [sum(text.length(n) for n in side) for side in (originals, again)]
    if lengths[1] > 1.5 * lengths[0]:
        return False  # two further copies, not a longer one
    if lengths[1] > 1.03 * lengths[0]:
        return True
    damage = [sum(len(_DAMAGE.findall(blocks[n].text)) for n in side) for side in (originals, again)]
    return damage[1] < damage[0] and lengths[1] >= 0.98 * lengths[0]


DIFFERENCES = 10  # shown in the record of the repair; more make no new point
COMPARED = 1000  # clauses: a text of 10,000 characters, in which ten differences stand or hardly any
_MARKS = re.compile(r"[^\w“”‘’]+")


def _differences(blocks: Sequence[Block], kept: Sequence[int], dropped: Sequence[int]) -> list[str]:
    """Clauses that the dropped copy prints otherwise; marks and blanks do not count."""
    one, two = ([c for n in side for c in _MARKS.split(fold(blocks[n].text)) if c] for side in (kept, dropped))
    if one == two or "".join(map(han_only, two)) == "".join(map(han_only, one)) * max(
        1, round(len(two) / max(1, len(one)))
    ):
        return []
    same = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    # difflib is quadratic: by clause, from the first that differs, and without those that come again and again.
    matcher = difflib.SequenceMatcher(None, one[same : same + COMPARED], two[same : same + COMPARED], autojunk=True)
    changes = (f"{''.join(one[a:b])}→{''.join(two[c:d])}" for op, a, b, c, d in matcher.get_opcodes() if op != "equal")
    return [change[:60] for change, _ in zip(changes, range(DIFFERENCES), strict=False)]


def _evidence(differences: Sequence[str]) -> str:
    return "stands there twice" + (f"; the copies differ: {' '.join(differences)}" if differences else "")
