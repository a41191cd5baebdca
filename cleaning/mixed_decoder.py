"""GBK seen through a decoder that takes UTF-8 where it can and falls back to Latin-1 byte by byte.

Where two or three bytes of GBK happened to be UTF-8 they became one character (CA B5 became U+02B5), so a letter
can stand for one byte or for two. The reading that gives the commonest characters is taken.
"""

from __future__ import annotations

import functools

from cleaning.everyday import EVERYDAY
from cleaning.readings import is_common
from cleaning.rebyte import LATIN, LOST, Decoded, Hole

__all__ = ["decode_mixed", "is_merged"]

_MARKS = frozenset("，。、；：？！（）《》“”‘’—…·％　０１２３４５６７８９")
# Relative costs of a character: what newspapers print is free, what GB 2312 calls rare is dear, nonsense dearest.
_COMMON, _RARE, _NONSENSE = 1, 5, 12
_MERGED = 2  # a Latin-1 letter that is two bytes: few characters begin with C2 or C3 (路, 没, 么)
_KEPT = 8  # readings kept at each letter; they differ in the one byte that waits for its other half

_Path = tuple[int, str, "_Path | None", str]  # cost so far, waiting byte, path before, what was added


def is_merged(char: str) -> bool:
    """Whether only a decoder of this kind gives the character in the middle of Latin-1."""
    return char >= "\u0100" and char != LOST and len(LATIN.byte_of(char)) != 1


def decode_mixed(text: str) -> Decoded:
    """The likeliest GBK text. Linear in the length of ``text``."""
    paths: list[_Path] = [(0, "", None, "")]
    for char in text:
        grown = (_grow(path, data, _MERGED * n) for path in paths for n, data in enumerate(_bytes_of(char)))
        best: dict[str, _Path] = {}
        for path in grown:
            if path[1] not in best or path[0] < best[path[1]][0]:
                best[path[1]] = path
        paths = sorted(best.values(), key=lambda path: path[0])[:_KEPT]
    ends = (path if not path[1] else (path[0] + _NONSENSE, "", path, LOST) for path in paths)
    decoded = _collect(min(ends, key=lambda path: path[0]))
    holes = (Hole(at, "", "", "gbk", LATIN) for at, char in enumerate(decoded) if char == LOST)
    return Decoded(decoded, tuple(holes))


@functools.lru_cache(maxsize=4096)
def _bytes_of(char: str) -> tuple[str, ...]:
    """The bytes a character can stand for: itself in Latin-1 or Windows-1252, or its UTF-8."""
    if char.isascii() or char == LOST:
        return (char,)
    merged = char.encode("utf-8", "surrogatepass").decode("latin-1")
    single = LATIN.byte_of(char)
    return (single, merged) if len(single) == 1 and single != "\uffff" else (merged,)


def _grow(path: _Path, data: str, price: int) -> _Path:
    cost, waiting = path[0] + price, path[1]
    added: list[str] = []
    for byte in data:
        if not waiting:
            waiting, done = ("", byte) if byte < "\x80" else (byte, "")
            added.append(done)
            continue
        char, price = _pair(waiting, byte)
        added.append(char)
        cost, waiting = cost + price, ""
    return (cost, waiting, path, "".join(added))


@functools.lru_cache(maxsize=65536)
def _pair(lead: str, trail: str) -> tuple[str, int]:
    if trail < "\x40":
        return LOST + trail, _NONSENSE
    try:
        char = (lead + trail).encode("latin-1").decode("gbk")
    except UnicodeError:
        return LOST, _NONSENSE
    if char in EVERYDAY or char in _MARKS:
        return char, 0
    return char, _COMMON if is_common(char) else _RARE


def _collect(path: _Path) -> str:
    parts: list[str] = []
    step: _Path | None = path
    while step is not None:
        parts.append(step[3])
        step = step[2]
    return "".join(reversed(parts))
