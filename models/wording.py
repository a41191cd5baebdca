"""The wording of a text: its folded sentences, and the marks by which copies of it are found. Pure.

One folding serves the whole project: the hash of a text, the marks in the database, the comparison of two texts.
"""

from __future__ import annotations

import enum
import functools
import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

__all__ = [
    "SHORT_TEXT",
    "Kinship",
    "Relate",
    "Relation",
    "Sentence",
    "Wording",
    "flip",
    "fold",
    "hash_text",
    "relate_equal",
    "split_sentences",
    "wording_of",
]

# Of the folding and the marks: part of every mark, so that after a change of either old marks are never met.
VERSION = 1

# Under this many letters a text says too little by itself ("现将名单公布如下"): the title counts as well.
SHORT_TEXT = 100

SENTENCE_END = re.compile(r"[。！？!?\n]+")
# Shorter sentences (folded characters) are formulas: 会议指出, 谢谢大家.
SHORTEST_SENTENCE = 10

# Marks kept per text, the smallest: of a report of a thousand sentences a sample is enough, and as copies are
# sampled alike they still meet.
MOST_MARKS = 96

# A text under this many letters may have no sentence left whole after light editing: pieces of it are marked too.
PIECED_TEXT = 400
PIECE = 10  # letters; shorter pieces are phrases that stand everywhere
MOST_PIECES = 16

# Texts whose sentences are kept: a text is compared with its batch and with up to twenty others of the corpus.
_REMEMBERED = 512

_NOT_LETTERS = re.compile(r"[\W_]+")


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


# How the first text is a copy of the second; None where they are two stories.
Relate = Callable[[str, str], Kinship | None]


@dataclass(frozen=True, slots=True)
class Sentence:
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


def fold(text: str) -> str:
    """Letters and digits alone, in one width and case: what stays the same in a reprint."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def hash_text(text: str) -> str:
    """64 hex digits of the folded text: equal means an exact copy."""
    # surrogatepass: a lone surrogate is somebody's damage, not a reason to stop.
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()


@functools.lru_cache(_REMEMBERED)
def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Sentences long enough to tell one story from another, in reading order, each once."""
    folded = dict.fromkeys(fold(part) for part in SENTENCE_END.split(text))
    return tuple(Sentence(s, _mark(s)) for s in folded if len(s) >= SHORTEST_SENTENCE)


@functools.lru_cache(_REMEMBERED)
def wording_of(title: str | None, text: str) -> Wording | None:
    """The wording of an article; None without a letter of text, which is nobody's copy."""
    parts = [folded for part in SENTENCE_END.split(text) if (folded := fold(part))]
    letters = sum(map(len, parts))
    if not letters:
        return None
    if letters < SHORT_TEXT:
        parts.insert(0, fold(title or ""))
    lines = "\n".join(parts)
    marks = sorted({_mark(part) for part in parts if len(part) >= SHORTEST_SENTENCE})[:MOST_MARKS]
    return Wording(_mark(lines), lines, letters, frozenset((*marks, *_piece_marks("".join(parts)))))


def _piece_marks(letters: str) -> list[int]:
    """Marks of the pieces with the smallest hashes: copies choose the same ones, wherever they were edited."""
    if len(letters) > PIECED_TEXT:
        return []
    pieces = {letters[i : i + PIECE] for i in range(max(1, len(letters) - PIECE + 1))}
    return sorted(_mark(f"#{piece}") for piece in pieces)[:MOST_PIECES]


def _mark(folded: str) -> int:
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8, salt=bytes([VERSION])).digest()
    return int.from_bytes(digest, "big", signed=True)


def relate_equal(first: str, second: str) -> Kinship | None:
    """The least that counts as a copy: the same letters. What the store asks if it is given nothing better."""
    if fold(first) != fold(second):
        return None
    sentences = len(split_sentences(first))
    return Kinship(Relation.SAME, sentences, sentences, 1.0)


def flip(relation: Relation) -> Relation:
    """The same relation, seen from the other text."""
    turned = {Relation.SHORTENED: Relation.EXTENDED, Relation.EXTENDED: Relation.SHORTENED}
    return turned.get(relation, relation)
