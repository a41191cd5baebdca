"""From characters read in the wrong encoding back to bytes, and from those, with holes, to the text they were.

Bytes travel as a string of the characters U+0000 to U+00FF. ``LOST`` stands for one byte that the wrong decoder
threw away, ``WALL`` for a character that cannot have come out of that decoder.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cleaning.everyday import EVERYDAY
from cleaning.readings import is_common

__all__ = ["BIG5", "GBK", "LATIN", "LOST", "WALL", "Decoded", "Wrong", "decode_pairs", "decode_utf8"]

LOST = "\ufffd"
WALL = "\uffff"

# What a hole in the UTF-8 of Chinese text can hold besides Chinese characters.
_MARKS = "，。、；：？！（）《》【】「」『』〈〉“”‘’—…·～％　１２３４５６７８９０"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A decoder that was used by mistake: how its characters become bytes again."""

    name: str
    byte_of: Callable[[str], str]  # one character -> its bytes (LOST and WALL as they are)
    may_lose: Callable[[str, str], bool]  # whether it throws this byte away before that one ("" at an end)


@dataclass(frozen=True, slots=True)
class Hole:
    """A character of which bytes are lost; U+FFFD stands at offset ``at`` of the decoded text."""

    at: int
    known: str  # its bytes, LOST among them
    follower: str  # the byte behind it, "" at an end
    codec: str
    wrong: Wrong

    def candidates(self) -> tuple[str, ...]:
        """The likely characters it can have been."""
        fill = _fill_utf8 if self.codec == "utf-8" else _fill_pair
        return tuple(fill(self))


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    holes: tuple[Hole, ...] = ()


@functools.lru_cache(maxsize=16384)
def gbk_bytes(char: str) -> str:
    """Bytes of a character in GBK with the private-use rows that browsers show (GB 18030); € stands for 0x80."""
    if char in (LOST, "€"):
        return LOST if char == LOST else "\x80"
    try:
        found = char.encode("gb18030")
    except UnicodeEncodeError:
        return WALL
    return found.decode("latin-1") if len(found) <= 2 else WALL


@functools.lru_cache(maxsize=16384)
def big5_bytes(char: str) -> str:
    """Bytes of a character in Big5 (Windows, Hong Kong) with the user-defined rows that Windows shows."""
    if char == LOST:
        return LOST
    if "\ue000" <= char <= "\uf8ff":
        return _user_defined(ord(char))
    for codec in ("big5hkscs", "cp950"):
        try:
            return char.encode(codec).decode("latin-1")
        except UnicodeEncodeError:
            continue
    return WALL


def _user_defined(code: int) -> str:
    """Rows of code page 950 for characters of one's own: 157 cells a row (0x40-0x7E, 0xA1-0xFE)."""
    for first, lead, skipped in ((0xF6B1, 0xC6, 63), (0xEEB8, 0x81, 0), (0xE311, 0x8E, 0), (0xE000, 0xFA, 0)):
        if code >= first:
            row, cell = divmod(code - first + skipped, 157)
            return chr(lead + row) + chr(cell + (0x40 if cell < 63 else 0x62))
    return WALL


@functools.lru_cache(maxsize=4096)
def latin_bytes(char: str) -> str:
    """Bytes of a character in Latin-1 or Windows-1252. Decoders that fall back to Latin-1 byte by byte leave pairs
    that happen to be UTF-8 as one character (CA B5 as U+02B5): such a character gives its own UTF-8 bytes."""
    if char == LOST:
        return LOST
    if char < "\u0100":
        return char
    try:
        return char.encode("cp1252").decode("latin-1")
    except UnicodeEncodeError:
        return char.encode("utf-8", "surrogatepass").decode("latin-1") if char < "\u0800" else WALL


def _loses_pair(codec: str) -> Callable[[str, str], bool]:
    @functools.lru_cache(maxsize=16384)
    def may_lose(byte: str, follower: str) -> bool:
        return follower in ("", LOST, WALL) or byte == "\x80" or _decode(byte + follower, codec) == LOST

    return may_lose


def _is_control(byte: str, _: str) -> bool:
    return byte <= "\xa0"  # the C1 controls and the no-break space: empty cells, and what cleaners strip


GBK = Wrong("GBK", gbk_bytes, _loses_pair("gbk"))
BIG5 = Wrong("Big5", big5_bytes, _loses_pair("cp950"))
LATIN = Wrong("Latin-1", latin_bytes, _is_control)

_UNIT = re.compile(
    "[\xe0-\xef][\x80-\xbf]{2}|[\xc2-\xdf][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{3}|[\x00-\x7f]+"
    f"|(?P<hole>[\xe0-\xef](?:[\x80-\xbf]\\?|[\x80-\xbf{LOST}]{{0,2}})|{LOST}[\x80-\xbf]{{2}}|.)",
    re.DOTALL,
)


def decode_utf8(data: str, wrong: Wrong) -> Decoded:
    """UTF-8 with holes. A lead byte that lacks a trail, or two trails without lead, is a character with one hole."""
    parts: list[str] = []
    holes: list[Hole] = []
    length = 0
    for match in _UNIT.finditer(data):
        part = LOST if match["hole"] is not None else _decode(match[0], "utf-8")
        if part == LOST:
            holes.append(Hole(length, match[0], data[match.end() : match.end() + 1], "utf-8", wrong))
        parts.append(part)
        length += len(part)
    return Decoded("".join(parts), tuple(holes))


def _fill_utf8(hole: Hole) -> Iterator[str]:
    """Likely characters of three UTF-8 bytes that agree with the known ones, and whose other bytes ``wrong`` loses."""
    known = hole.known.rstrip("?")
    known += LOST * (3 - len(known) if "\xe0" <= known[0] <= "\xef" else 0)
    if len(known) != 3 or known == LOST * 3:
        return
    for char in _likely_after(known[0] if known[0] != LOST else ""):
        filled = char.encode("utf-8").decode("latin-1")
        if all(k in (f, LOST) for k, f in zip(known, filled, strict=True)) and all(
            hole.wrong.may_lose(filled[i], (filled + hole.follower)[i + 1 : i + 2])
            for i in range(3)
            if known[i] == LOST
        ):
            yield char


@functools.lru_cache(maxsize=32)
def _likely_after(lead: str) -> tuple[str, ...]:
    """Likely characters whose UTF-8 begins with this byte ("" for any)."""
    every = map(chr, (*map(ord, _MARKS), *range(0x4E00, 0xA000)))
    encoded = ((char, char.encode("utf-8").decode("latin-1")) for char in every if _is_likely(char))
    return tuple(char for char, data in encoded if len(data) == 3 and data.startswith(lead))


def decode_pairs(data: str, codec: str, wrong: Wrong) -> Decoded:
    """GBK or Big5 with holes: every byte from 0x81 up leads a pair."""
    parts: list[str] = []
    holes: list[Hole] = []
    for match in _PAIR.finditer(data):
        part = match[1] or _decode(match[0], codec)
        if part == LOST:
            holes.append(Hole(len(parts), match[0], data[match.end() : match.end() + 1], codec, wrong))
        parts.append(part)
    return Decoded("".join(parts), tuple(holes))


_PAIR = re.compile(f"([\x00-\x80])|[\x81-\xff{LOST}][\x40-\xff{LOST}]|.", re.DOTALL)


def _fill_pair(hole: Hole) -> Iterator[str]:
    """Likely characters of two bytes, one of which the wrong decoder loses before the byte that follows it."""
    if len(hole.known) != 2 or hole.known.count(LOST) != 1:
        return
    at = hole.known.index(LOST)
    for byte in map(chr, range(0x40, 0xFF)):
        filled = hole.known.replace(LOST, byte)
        char = _decode(filled, hole.codec)
        lost = hole.wrong.may_lose(byte, (filled + hole.follower)[at + 1 : at + 2])
        if lost and len(char) == 1 and _is_likely(char):
            yield char


def _decode(data: str, codec: str) -> str:
    try:
        return data.encode("latin-1").decode(codec)
    except UnicodeError:
        return LOST


def _is_likely(char: str) -> bool:
    return char in EVERYDAY or char in _MARKS or is_common(char)
