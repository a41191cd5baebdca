"""What one text has and another has not, piece by piece, for a page that shows both at once. Pure, bounded in time.

Sentences are compared first and letters only within those that were replaced, so that a paragraph that was split or
joined is no change, and two long texts that have little in common cost no more than two that are alike.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Kind", "Piece", "compare", "count_changes", "shorten_same"]

# A sentence with its end mark, or a line break by itself.
_SENTENCE = re.compile(r"\n|[^。！？!?；;\n]*[。！？!?；;]+[”’」』）)]*|[^。！？!?；;\n]+")
# Characters of both sides multiplied: two passages of 400, compared letter by letter in some 20 ms.
_LETTER_BY_LETTER = 160_000
# Passages with less in common are two passages: marking the letters they share by chance helps nobody.
_ALIKE = 0.45
# Letters between two changes that are read as part of one change.
_CHANCE_LETTERS = 2
# More of a text is shown as taken out and put in: nobody reads the difference of two books.
_LONGEST = 200_000


class Kind(enum.StrEnum):
    SAME = "same"
    GONE = "gone"
    ADDED = "added"
    SKIPPED = "skipped"  # the same, and left out by ``shorten_same``


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Pieces in reading order: without the ``GONE`` they are ``new``, without the ``ADDED`` ``old`` but for breaks."""
    if len(old) + len(new) > _LONGEST:
        return _merge(_replaced(old, new)) if old != new else [Piece(Kind.SAME, new)]
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    first, second = [s.strip() for s in before], [s.strip() for s in after]
    pieces: list[Piece] = []
    # With its own idea of what is too common the matcher stays fast on a text that repeats one sentence 10,000 times.
    for tag, i, j, k, m in SequenceMatcher(None, first, second, autojunk=True).get_opcodes():
        gone, added = "".join(before[i:j]), "".join(after[k:m])
        pieces += [Piece(Kind.SAME, added)] if tag == "equal" else _within(gone, added)
    return _merge(pieces)


def count_changes(pieces: Iterable[Piece]) -> tuple[int, int]:
    """Characters that are gone, and that were added."""
    sizes = {Kind.GONE: 0, Kind.ADDED: 0}
    for piece in pieces:
        if piece.kind in sizes:
            sizes[piece.kind] += len(piece.text.strip())
    return sizes[Kind.GONE], sizes[Kind.ADDED]


def shorten_same(pieces: list[Piece], around: int = 60) -> list[Piece]:
    """Long stretches without a change become their ends with a ``SKIPPED`` piece between them."""
    shown: list[Piece] = []
    for number, piece in enumerate(pieces):
        head = 0 if number == 0 else around
        tail = 0 if number == len(pieces) - 1 else around
        if piece.kind is not Kind.SAME or len(piece.text) <= 2 * around + head + tail:
            shown.append(piece)
            continue
        middle = piece.text[head : len(piece.text) - tail]
        ends = [Piece(Kind.SAME, piece.text[:head]), Piece(Kind.SKIPPED, middle), Piece(Kind.SAME, piece.text[-tail:])]
        shown += ends[0 if head else 1 : 3 if tail else 2]
    return shown


def _within(old: str, new: str) -> Iterable[Piece]:
    if not old.strip() and not new.strip():
        return [Piece(Kind.SAME, new)]
    if not old or not new or len(old) * len(new) > _LETTER_BY_LETTER:
        return _replaced(old, new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _replaced(old, new)
    return _read_opcodes(old, new, matcher)


def _read_opcodes(old: str, new: str, matcher: SequenceMatcher[str]) -> Iterator[Piece]:
    gone = added = ""
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal" or ((gone or added) and m - k <= _CHANCE_LETTERS and j < len(old) and m < len(new)):
            gone, added = gone + old[i:j], added + new[k:m]
            continue
        yield from _replaced(gone, added)
        gone = added = ""
        yield Piece(Kind.SAME, new[k:m])
    yield from _replaced(gone, added)


def _replaced(old: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece(Kind.GONE, old), Piece(Kind.ADDED, new)) if piece.text]


def _merge(pieces: Iterable[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].kind is piece.kind:
            merged[-1] = Piece(piece.kind, merged[-1].text + piece.text)
        elif piece.text:
            merged.append(piece)
    return merged
