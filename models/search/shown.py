"""What a person sees of a text that was found: its title and a snippet, with the hits marked. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from models.search.words import fold_letters

__all__ = ["Piece", "cut_snippet", "mark_hits"]

SNIPPET = 90  # letters: two lines on a phone
BEFORE_HIT = 24  # letters of context in front of the first hit
MOST_SPOTS = 200  # of one word in one text; enough to choose the best place of a snippet


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``hit`` where it is what was looked for."""

    text: str
    hit: bool


def mark_hits(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """``text`` in pieces, those that are one of the folded ``terms`` marked; joined they are ``text``."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _spots(fold_letters(text), terms):
        if end <= at:
            continue
        pieces += [Piece(text[at:start], False), Piece(text[max(start, at) : end], True)]
        at = end
    return tuple(piece for piece in (*pieces, Piece(text[at:], False)) if piece.text)


def _spots(folded: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    return sorted(found.span() for term in terms for found in islice(re.finditer(re.escape(term), folded), MOST_SPOTS))


def cut_snippet(text: str, terms: Sequence[str], length: int = SNIPPET) -> tuple[Piece, ...]:
    """Some ``length`` letters of ``text`` where most of the ``terms`` stand together, in pieces; else its beginning."""
    flat = " ".join(text.split("\n"))
    spots = _spots(fold_letters(flat), terms)
    start = _beginning(flat, _best_spot(flat, spots, length)) if spots else 0
    cut = flat[start : start + length]
    pieces = mark_hits(cut, terms)
    before = (Piece("…", False),) if start else ()
    after = (Piece("…", False),) if start + length < len(flat) else ()
    return (*before, *pieces, *after)


def _best_spot(flat: str, spots: Sequence[tuple[int, int]], length: int) -> int:
    """Where the stretch begins that has most different terms; of several the first."""
    best, most, first = spots[0][0], 0, 0
    inside: Counter[str] = Counter()
    for last, (_, end) in enumerate(spots):
        inside[flat[slice(*spots[last])]] += 1
        while end - spots[first][0] > length - BEFORE_HIT and first < last:
            inside[flat[slice(*spots[first])]] -= 1
            first += 1
        different = sum(1 for number in inside.values() if number)
        if different > most:
            best, most = spots[first][0], different
    return best


def _beginning(flat: str, spot: int) -> int:
    """A little before ``spot``: where its sentence begins, if that is near."""
    earliest = max(0, spot - BEFORE_HIT)
    ends = [found.end() for found in re.finditer("[。！？；]”?\\s*", flat[earliest:spot])]
    return earliest + ends[-1] if ends else earliest
