"""How likely a stretch of Chinese text is: a table of character n-grams that ships with the package.

The table (``data/ngrams.bin``, written by ``scripts/build_ngrams.py``) holds the log probability of
a character given the one or two before it. It is in simplified characters; Traditional text is
folded to them character by character before it is scored.

Format: the magic ``DJN1``, the number of entries (unsigned 32 bits, little-endian as all numbers
here), the differences between the sorted CRC-32 keys of the n-grams (16 bits each, the first one
counted from 0; a difference that does not fit is bridged by filler entries), one byte per entry with
the log probability, and last as UTF-8 two lists of character pairs with a line feed between them:
Traditional and its simplified form, simplified and each of its Traditional forms.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import accumulate
from zlib import crc32

__all__ = ["MAGIC", "STEP", "Ngrams", "fold_marks", "key", "load", "parse"]

MAGIC = b"DJN1"
STEP = 0.1  # natural-log units per step of a stored byte: 0 to 25.5 covers one in 10^11
_UNSEEN = 17.0  # cost of a character the table lacks: one in 2·10^7, below the rarest it holds
# What falling back to a shorter context costs, in natural-log units; the best of 0.3 to 1.5 on held-out text.
_BACK_OFF = 0.6
_REMEMBERED = 200_000  # n-grams looked up and kept, some 25 MB: a nightly run must not grow without end


def fold_marks() -> dict[int, str]:
    """The folding of marks, digits and letters that table and text share: one kind of each."""
    folded = {ord(half): full for half, full in zip(",;:?!()", "，；：？！（）", strict=True)}
    folded |= {ord(c): "0" for c in "0123456789０１２３４５６７８９"}
    folded |= {code: "a" for start in (0x41, 0x61, 0xFF21, 0xFF41) for code in range(start, start + 26)}
    # Both stand for 着 in machine-made Traditional text.
    return folded | {ord("著"): "着"}


def key(gram: str) -> int:
    """The 32-bit key of a folded n-gram of one to three characters."""
    return crc32(gram.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The table, ready for use. Costs are negative natural logarithms: smaller is likelier."""

    keys: array[int]
    costs: bytes
    folding: Mapping[int, str]
    simplified_of: Mapping[str, str]  # Traditional -> simplified, as OpenCC has them
    traditional_of: Mapping[str, str]  # simplified -> its standard Traditional forms, itself among them if it may stay
    _known: dict[str, float | None] = field(default_factory=dict)

    def fold(self, text: str) -> str:
        """``text`` in the table's own alphabet; as many characters as before."""
        return text.translate(self.folding)

    def stored(self, gram: str) -> float | None:
        """The cost stored for a folded n-gram, None where the table lacks it."""
        wanted = key(gram)
        at = bisect_left(self.keys, wanted)
        if at == len(self.keys) or self.keys[at] != wanted:
            return None
        return self.costs[at] * STEP

    def cost(self, before: str, character: str) -> float:
        """The cost of one folded character after the one or two folded characters ``before``."""
        gram = before[-2:] + character
        known = self._known.get(gram)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[gram] = self._cost(gram)
        return known

    def _cost(self, gram: str) -> float:
        stored = self.stored(gram)
        if stored is not None:
            return stored
        if len(gram) == 1:
            return _UNSEEN
        return self._cost(gram[1:]) + _BACK_OFF

    def total(self, text: str, start: int = 0) -> float:
        """The cost of ``text`` from offset ``start`` on, in its own context."""
        folded = self.fold(text)
        return sum(self.cost(folded[max(0, i - 2) : i], folded[i]) for i in range(start, len(folded)))


def parse(data: bytes) -> Ngrams:
    """Read a table. Raises ValueError where ``data`` is none."""
    if data[:4] != MAGIC:
        raise ValueError("not an n-gram table")
    size = int.from_bytes(data[4:8], "little")
    steps = array("H", data[8 : 8 + 2 * size])
    if sys.byteorder == "big":
        steps.byteswap()
    pairs, forms = data[8 + 3 * size :].decode("utf-8").split("\n")
    simplified_of = dict(zip(pairs[::2], pairs[1::2], strict=True))
    traditional_of: dict[str, str] = {}
    for simplified, traditional in zip(forms[::2], forms[1::2], strict=True):
        traditional_of[simplified] = traditional_of.get(simplified, "") + traditional
    return Ngrams(
        keys=array("I", accumulate(steps)),
        costs=data[8 + 2 * size : 8 + 3 * size],
        folding={ord(a): b for a, b in simplified_of.items()} | fold_marks(),
        simplified_of=simplified_of,
        traditional_of=traditional_of,
    )


@cache
def load() -> Ngrams:
    """The shipped table, read once."""
    return parse(files("cleaning").joinpath("data", "ngrams.bin").read_bytes())
