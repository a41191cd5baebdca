"""Half-width marks in Chinese context become full-width; quotation marks that face the wrong way are reported.

A mark is in Chinese context if it touches a Chinese character or mark. Numbers (1,000), times (11:27:21), ratios,
addresses and Latin text stay, as do `.`, `...`, `。。。` and straight quotes: what they stand for is not certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from models.records import Certainty, Edit, Repair

__all__ = ["repair"]

_WIDE = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_WIDEN = str.maketrans(_WIDE)
_HALF = re.compile("[,;:?!()]")
_HAN = re.compile("[\u3400-\u9fff\u3007\U00020000-\U0003ffff]")
# Beside a bracket only characters and marks that this rule never makes itself: so a second pass finds nothing new.
_FIRM = re.compile("[\u3400-\u9fff\u3007\U00020000-\U0003ffff“”‘’《》〈〉【】「」『』、。…—]")
_CHINESE = re.compile(_FIRM.pattern[:-1] + "（），；：？！]")
_RUN = re.compile("[,;:?!，；：？！]*[,;:?!][,;:?!，；：？！]*")
_BRACKET = re.compile("[()（）]")
# Addresses keep their marks; one that ends a sentence is not part of the address.
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[!-~]+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,64}", re.ASCII | re.IGNORECASE
)
_LIKE_ADDRESS = re.compile("//|@|www", re.IGNORECASE)
_QUOTE = re.compile("[“”]")


def repair(text: str) -> Edit:
    """Full-width `，；：？！（）` in Chinese context: one repair per line and mark, with its count."""
    lines: list[str] = []
    repairs: list[Repair] = []
    start = 0
    for line in text.split("\n"):
        widened = _widen(line) if _HALF.search(line) else line
        if widened != line:
            repairs += _note_widths(line, widened, start)
        if widened.count("”") > 1:  # a single one proves nothing
            repairs += _find_wrong_quotes(widened, start)
        lines.append(widened)
        start += len(line) + 1
    return Edit("\n".join(lines), tuple(repairs))


def _widen(line: str) -> str:
    if not _HAN.search(line):
        return line
    kept = _find_addresses(line)
    if "(" in line or ")" in line:
        wide = list(line)
        for at in _wide_brackets(line, kept):
            wide[at] = _WIDE.get(wide[at], wide[at])
        line = "".join(wide)
    return _RUN.sub(lambda run: run[0].translate(_WIDEN) if _is_chinese(run, kept) else run[0], line)


def _find_addresses(line: str) -> bytearray:
    """One byte per character of the line: 1 inside an address."""
    kept = bytearray(len(line))
    for address in _ADDRESS.finditer(line) if _LIKE_ADDRESS.search(line) else ():
        end = address.start() + len(address[0].rstrip(",;:?!)"))
        kept[address.start() : end] = b"\1" * (end - address.start())
    return kept


def _is_chinese(run: re.Match[str], kept: bytearray) -> bool:
    line, start, end = run.string, run.start(), run.end()
    if kept[start]:
        return False
    if any(mark not in _WIDE for mark in run[0]):
        return True  # a full-width mark among them
    before, after = line[start - 1 : start] if start else "", line[end : end + 1]
    if _CHINESE.match(before) or _CHINESE.match(after):
        return True
    # At the end of a Chinese line: 增长12%! — but not after an address or a Latin word.
    return (
        not after and bool(before) and not (before.isascii() and before.isalpha()) and start > 0 and not kept[start - 1]
    )


def _wide_brackets(line: str, kept: bytearray) -> Iterator[int]:
    """Places of the brackets of each pair that stands in Chinese context, or has one full-width bracket already."""
    opened: list[int] = []
    han_before = [0]
    for character in line:
        han_before.append(han_before[-1] + bool(_HAN.match(character)))
    for found in _BRACKET.finditer(line):
        at = found.start()
        if kept[at]:
            continue
        if found[0] in "(（":
            opened.append(at)
        elif opened:
            left = opened.pop()
            if han_before[at] > han_before[left] or _touches_chinese(line, left, at):
                yield left
                yield at


def _touches_chinese(line: str, left: int, right: int) -> bool:
    if line[left] == "（" or line[right] == "）":
        return True
    before, after = line[left - 1 : left] if left else "", line[right + 1 : right + 2]
    if before.isascii() and before.isalnum():
        return False  # f(x)的: the bracket belongs to the Latin word before it
    return bool(_FIRM.match(before) or _FIRM.match(after))


def _note_widths(before: str, after: str, start: int) -> Iterator[Repair]:
    changed = [(m.start(), m[0]) for m in _HALF.finditer(before) if after[m.start()] != m[0]]
    first = {old: at for at, old in reversed(changed)}
    for mark, count in Counter(old for _, old in changed).items():
        at = start + first[mark]
        yield Repair("punctuation", mark, _WIDE[mark], at, at + 1, count=count)


def _find_wrong_quotes(line: str, start: int) -> Iterator[Repair]:
    """`、”一线六民”`: a closing mark where none is open, and another before the next opening one. Only reported."""
    if "”" not in "".join(_QUOTE.findall(line)).replace("“”", ""):
        return  # as nearly everywhere
    depth = 0
    stray: int | None = None
    found: list[tuple[int, str]] = []
    for mark in _QUOTE.finditer(line):
        if mark[0] == "“":
            depth, stray = depth + 1, None
        elif depth:
            depth -= 1
        elif stray is None:
            stray = mark.start()
        else:
            # Longer than a name or a slogan: rather two paragraphs of speech than one mark turned round.
            if mark.end() - stray <= 32:
                found.append((start + stray, line[stray : mark.end()]))
            stray = None
    if found:
        yield _note_wrong_quote(*found[0], count=len(found))


def _note_wrong_quote(start: int, quoted: str, count: int) -> Repair:
    right = "“" + quoted[1:]
    return Repair(
        "quotes", quoted, quoted, start, start + len(quoted), certainty=Certainty.LOW, applied=False,
        candidates=(right,), evidence="closes what nothing opened", count=count,
    )  # fmt: skip
