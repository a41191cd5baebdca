"""The wording of a text: its folded sentences, and the marks by which copies of it are found. Pure.

One folding serves the whole project: the hash of a text, the marks in the database, the comparison of two texts.
"""

from __future__ import annotations

import enum
import functools
import hashlib
import re
import struct
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = [
    "SHORT_TEXT",
    "Kinship",
    "Relate",
    "Relation",
    "Sentence",
    "Wording",
    "count_marks",
    "flip",
    "fold",
    "have_same_letters",
    "relate_equal",
    "wording_of",
]

# Of the folding and the marks: part of every mark, so that after a change of either old marks are never met.
VERSION = 1

# Under this many letters a text says too little by itself ("现将名单公布如下"): the title counts as well.
SHORT_TEXT = 100

_SENTENCE_ENDS = "。！？!?"  # and the end of a line
# Shorter sentences (folded characters) are formulas: 会议指出, 谢谢大家.
SHORTEST_SENTENCE = 10

# Marks kept per text, the smallest: of a long report a sample is enough, and as copies are sampled alike they still
# meet. Half of the sentences of an article of 2,000 characters, and so half of the rows.
MOST_MARKS = 32

# A text under this many letters may have no sentence left whole after light editing: pieces of it are marked too.
PIECED_TEXT = 400
PIECE = 10  # letters; shorter pieces are phrases that stand everywhere
MOST_PIECES = 16

# The last bits of a wording's number say how many of its sentences are marked, 0 for a text that is marked in pieces.
_COUNT = 0b111111

# Texts whose sentences are kept: a text is compared with its batch and with up to twenty others of the corpus.
_REMEMBERED = 512

# Taken out before the rest is normalised, which takes three times as long while they are there.
_MARKS = re.compile(r"[ \t\r\u00a0\u3000，、：；“”‘’（）《》…—·「」『』【】〔〕－～＋％｜／●■▲,.:;\"'()+%|/\-]+")
_NOT_LETTERS_NOR_ENDS = re.compile(r"[^\w\n]+")


class Relation(enum.StrEnum):
    """How an article relates to the representative of its story."""

    ORIGINAL = "original"
    SAME = "same"
    SHORTENED = "shortened"
    EXTENDED = "extended"
    EDITED = "edited"
    CONVERTED = "converted"  # came in another script or damaged, and is the same once repaired


@dataclass(frozen=True, slots=True)
class Kinship:
    """``first`` as a copy of ``second``: shares ``shared`` of its ``sentences`` sentences."""

    relation: Relation
    shared: int
    sentences: int  # of the shorter text
    containment: float  # shared characters of the shorter text, 0 to 1


class Sentence(NamedTuple):
    """A folded sentence and its mark, a signed 64-bit number (what both databases can index)."""

    text: str
    mark: int


@dataclass(frozen=True, slots=True)
class Wording:
    """What two articles with the same sentences have in common; everything follows from ``text``."""

    id: int  # signed 64 bits
    text: str  # folded sentences, one per line; the title first if the text is short
    letters: int
    marks: frozenset[int]
    # Those long enough to tell one story from another, in reading order, each once.
    sentences: tuple[Sentence, ...] = ()


# How the first text is a copy of the second; None where they are two stories.
Relate = Callable[[Wording, Wording], Kinship | None]


def fold(text: str) -> str:
    """Letters and digits alone, in one width and case: what stays the same in a reprint."""
    return "".join(_fold_parts(text))


def _fold_parts(text: str) -> list[str]:
    """The folded sentences. The text is folded at once: a call per sentence costs ten times as much."""
    for end in _SENTENCE_ENDS:
        text = text.replace(end, "\n")
    folded = unicodedata.normalize("NFKC", _MARKS.sub("", text)).casefold().replace("_", "")
    # Hardly any text has a mark left; to look for one costs a tenth of taking them out.
    if not folded.replace("\n", "").isalnum():
        folded = _NOT_LETTERS_NOR_ENDS.sub("", folded)
    return [part for part in folded.split("\n") if part]


@functools.lru_cache(_REMEMBERED)
def wording_of(title: str | None, text: str) -> Wording | None:
    """The wording of an article; None without a letter of text, which is nobody's copy."""
    parts = _fold_parts(text)
    letters = sum(map(len, parts))
    if not letters:
        return None
    if letters < SHORT_TEXT:
        parts.insert(0, fold(title or ""))
    lines = "\n".join(parts)
    kept = [part for part in dict.fromkeys(parts) if len(part) >= SHORTEST_SENTENCE]
    whole, *all_marks = _mark([lines, *kept])
    marks = sorted(all_marks)[:MOST_MARKS]
    pieces = _piece_marks("".join(parts))
    number = whole & ~_COUNT | (0 if pieces else len(marks))
    sentences = tuple(map(Sentence, kept, all_marks))
    return Wording(number, lines, letters, frozenset((*marks, *pieces)), sentences)


def count_marks(wording: int) -> int:
    """How many sentences of the wording of this number are marked; 0 if it is short and marked in pieces as well."""
    return wording & _COUNT


def _piece_marks(letters: str) -> list[int]:
    """Marks of the pieces with the smallest hashes: copies choose the same ones, wherever they were edited."""
    if len(letters) > PIECED_TEXT:
        return []
    pieces = {letters[i : i + PIECE] for i in range(max(1, len(letters) - PIECE + 1))}
    return sorted(_mark([f"#{piece}" for piece in pieces]))[:MOST_PIECES]


def _mark(folded: Sequence[str]) -> tuple[int, ...]:
    """The mark of each text: sixty of an article, which are therefore made together."""
    digests = []
    for text in folded:
        own = _HASH.copy()  # costs a third of a hash made anew
        own.update(text.encode("utf-8", "surrogatepass"))
        digests.append(own.digest())
    return struct.unpack(f">{len(digests)}q", b"".join(digests))


_HASH = hashlib.blake2b(digest_size=8, salt=bytes([VERSION]))


def relate_equal(first: Wording, second: Wording) -> Kinship | None:
    """The least that counts as a copy: the same letters. What the store asks if it is given nothing better."""
    if not have_same_letters(first, second):
        return None
    sentences = len(first.sentences)
    return Kinship(Relation.SAME, sentences, sentences, 1.0)


def have_same_letters(first: Wording, second: Wording) -> bool:
    """Whether two texts differ in nothing but marks and the ends of sentences."""
    return first.letters == second.letters and first.text.replace("\n", "") == second.text.replace("\n", "")


def flip(relation: Relation) -> Relation:
    """The same relation, seen from the other text."""
    turned = {Relation.SHORTENED: Relation.EXTENDED, Relation.EXTENDED: Relation.SHORTENED}
    return turned.get(relation, relation)
