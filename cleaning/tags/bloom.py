"""A Bloom filter over strings: which names may be in a large set, in a few bits each."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Bloom"]

HEADER = 1  # byte holding the number of hashes


@dataclass(frozen=True, slots=True)
class Bloom:
    """``name in bloom`` is never wrong for a member, and wrong for a stranger at the rate it was built with."""

    bits: bytes
    hashes: int

    @classmethod
    def build(cls, names: Collection[str], false_positives: float) -> Bloom:
        size = math.ceil(-len(names) * math.log(false_positives) / math.log(2) ** 2 / 8)
        hashes = max(1, round(size * 8 / len(names) * math.log(2)))
        bits = bytearray(size)
        for name in names:
            for place in cls._places(name, size, hashes):
                bits[place >> 3] |= 1 << (place & 7)
        return cls(bytes(bits), hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Bloom:
        return cls(data[HEADER:], data[0])

    def to_bytes(self) -> bytes:
        return bytes([self.hashes]) + self.bits

    def __contains__(self, name: str) -> bool:
        bits, size = self.bits, len(self.bits) * 8
        place, step = _hash(name)
        for _ in range(self.hashes):  # most strangers are told by the first bits
            place %= size
            if not bits[place >> 3] >> (place & 7) & 1:
                return False
            place += step
        return True

    @staticmethod
    def _places(name: str, size: int, hashes: int) -> list[int]:
        """Bit numbers."""
        first, step = _hash(name)
        return [(first + i * step) % (size * 8) for i in range(hashes)]


def _hash(name: str) -> tuple[int, int]:
    """Double hashing: two 64-bit halves of one digest stand for any number of hashes."""
    digest = hashlib.blake2b(name.encode("utf8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
