"""Characters of which something is lost for good: filled where only one makes sense, flagged elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaning import ngrams
from cleaning.rebyte import LOST, Decoded
from models.records import Certainty, Repair

__all__ = ["fill_holes", "find_lost", "is_odd", "map_private_use", "report_private_use"]

RULE = "mojibake"

# Natural-log units between the best and the next candidate: the margin at which one in 1,000 fillings was wrong.
_MARGIN = 3.0
_CLOSERS = {"。": "", "》": "《", "】": "【", "」": "「", "』": "『", "”": "“", "’": "‘", "）": "（"}

# What decoders leave for ever: U+FFFD as UTF-8 read as GBK, debug fillings of memory (CC, CD) read as GBK.
_LOST = re.compile("(?:锟斤拷?|斤拷锟?|拷锟斤?)+|烫{3,}|屯{3,}|\ufffd+|[\ue000-\uf8ff]+")
_ODD = re.compile("[锟斤拷烫屯\ufffd\ue000-\uf8ff]")  # a character class is ten times faster than what follows

# GB 18030-2022 (and the WHATWG encoding standard for A3A0): private-use code points of GBK that have real ones now.
_PRIVATE = {
    **{0xE78D + i: c for i, c in enumerate("︐︒︑︓︔︕︖︗︘︙")},
    0xE5E5: "\u3000",
    0xE81E: "\u9fb4", 0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7",
    0xE832: "\u9fb8", 0xE843: "\u9fb9", 0xE854: "\u9fba", 0xE864: "\u9fbb",
    0xE816: "\U00020087", 0xE817: "\U00020089", 0xE818: "\U000200cc",
    0xE831: "\U000215d7", 0xE83B: "\U0002298f", 0xE855: "\U000241fe",
}  # fmt: skip
_MAPPED = re.compile("[" + "".join(map(chr, _PRIVATE)) + "]")


def fill_holes(decoded: Decoded) -> tuple[str, int]:
    """The text with every hole filled that only one character fits, and the number of holes left as U+FFFD."""
    chars, left = list(decoded.text), 0
    for hole in decoded.holes:
        at = hole.at
        best = _best("".join(hole.candidates()), decoded.text, "".join(chars[max(0, at - 2) : at]), at)
        chars[at] = best or LOST
        left += not best
    return "".join(chars), left


def _best(candidates: str, text: str, before: str, at: int) -> str:
    after = text[at + 1 : at + 3].split(LOST)[0]
    if not after.strip():
        candidates = "".join(c for c in candidates if _may_end(c, text[:at])) or candidates
    if len(candidates) < 2:
        return candidates
    table = ngrams.load()
    ranked = sorted((table.total(before + char + after, len(before)), char) for char in candidates)
    return ranked[0][1] if ranked[1][0] - ranked[0][0] >= _MARGIN else ""


def _may_end(mark: str, before: str) -> bool:
    """Whether a line can end in this mark: 。 and whatever closes what the line has opened."""
    return (
        mark in _CLOSERS and before.count(_CLOSERS[mark]) > before.count(mark)
        if _CLOSERS.get(mark)
        else mark in "。！？"
    )


def is_odd(line: str) -> bool:
    """Whether the other functions of this module can find anything in a line."""
    return bool(_ODD.search(line))


def find_lost(text: str) -> Iterator[Repair]:
    """Flag, never touch, what cannot be read any more."""
    for match in _LOST.finditer(text):
        yield Repair(
            RULE,
            match[0],
            match[0],
            match.start(),
            match.end(),
            certainty=Certainty.LOW,
            applied=False,
            evidence="lost in an earlier conversion",
        )


def map_private_use(line: str) -> str:
    """Private-use code points of GBK replaced where their true characters are public knowledge; same length."""
    return line.translate(_PRIVATE)


def report_private_use(line: str) -> Iterator[Repair]:
    """The repairs that ``map_private_use`` makes."""
    for match in _MAPPED.finditer(line):
        yield Repair(RULE, match[0], _PRIVATE[ord(match[0])], match.start(), match.end(), evidence="GB 18030-2022")
