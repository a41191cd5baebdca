"""Undo text read in the wrong encoding, whole pages and single runs, and flag what cannot be undone.

Undone: UTF-8 read as GBK, Big5, Windows-1252 or Latin-1 (also several times over), GBK or Big5 read as Latin-1 or
Windows-1252 (also by decoders that mix), GBK read as Big5 and Big5 as GBK. A stretch is undone only if its bytes are
well-formed in the other encoding and the result is everyday Chinese where before there was none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from cleaning.escapes import repair_escapes
from cleaning.everyday import EVERYDAY, share_everyday
from cleaning.later import later
from cleaning.lost import fill_holes, find_lost, is_odd, map_private_use, report_private_use
from cleaning.mixed_decoder import decode_mixed, is_merged
from cleaning.readings import is_common, is_han, unfamiliar
from cleaning.rebyte import BIG5, GBK, LATIN, LOST, Decoded, Wrong, decode_pairs, decode_utf8
from models.records import Certainty, Edit, Repair

__all__ = ["repair"]

RULE = "mojibake"

_DEPTH = 3  # times the same text was met encoded over and over
_ROUNDS = 8  # passes over a line in which several encodings meet; two are what pages need
# Shares of everyday characters: clean news 0.6 to 0.9, GBK as Big5 under 0.15, Big5 as GBK up to 0.3.
_CLEAN = 0.4
_FOREIGN = 0.35
_GAIN = 0.3  # by which the right reading must be better
_ENOUGH = 4  # Chinese characters from which a share says something
_STRANGE = 2  # different unfamiliar characters in the shortest mojibake of two Chinese characters
_ENOUGH_PAIRS = 8  # the same where the bytes have no structure of their own that could prove them
_ESTABLISHED = 20  # Chinese characters undone after which a page's short lines are read the same way
_HOLES = 0.25  # of the characters may have lost a byte: GBK drops one in ten of UTF-8, the rest is reserve

_FULL = "[\xe2-\xe9\xef][\x80-\xbf]{2}"
_PART = (
    f"[\xe2-\xe9\xef](?:[\x80-\xbf][{LOST}?]|{LOST}[{LOST}\x80-\xbf]|[\x80-\xbf](?![\x80-\xbf]))"
    f"|{LOST}[\x80-\xbf]{{2}}|[\xc2\xc3][\x80-\xbf]|\xf0[\x80-\xbf]{{3}}"
)
_UTF8_RUN = later(f"(?:{_FULL}|{_PART})(?:[\x00-\x7f]*+(?:{_FULL}|{_PART}))*")
_UNIT = re.compile(f"{_FULL}|{_PART}|[\x00-\x7f]+")
_FULL_UNIT = re.compile(_FULL)
_TWO_BYTES = re.compile("[\xc2\xc3][\x80-\xbf]|[\x00-\x7f]+")
_LOST_BLANK = re.compile("(?<=[\xe2-\xe9\xef]) (?=[\x80-\xbf])|(?<=[\xe2-\xe9\xef][\x80-\xbf]) ")
_SEGMENT = re.compile("[^\uffff]+")
_HIGH = re.compile("[^\x00-\x7f]")
_LATIN = re.compile("[\u00a0-\u00ff]")
_MIXED = "GBK as UTF-8, else Latin-1"
_HIGH_LETTER = re.compile("[\u0080-\u07ff]")
_CHINESE = later("[\u0800-\u1fff\u2e80-\uffef]")
_NO_CHINESE = later("[^\u0800-\u1fff\u2e80-\uffef]+")
_ANY = re.compile(".+")
_ESCAPE = re.compile(r"&[#A-Za-z]|%[0-9A-Fa-fu]|\\[ux]")  # how every escape begins
_HIGH_LATIN = re.compile("[\u0080-\u024f\u02c6\u02dc\u2018-\u203a\u20ac\u2122\ufffd]{3}|[ÂÃâ][^\x00-\x7f]")


def _signs(codec: str, trails: range) -> Iterator[str]:
    """Lead byte of a Chinese character in UTF-8 with the byte after it, as one character: 涓 鍏 鐨 锛 ..."""
    for lead in (*range(0xE3, 0xEA), 0xEF):
        for trail in trails:
            yield bytes((lead, trail)).decode(codec, "ignore")


_SIGNS_OF_UTF8 = frozenset(_signs("gb18030", range(0x80, 0xC0))) | frozenset(_signs("cp950", range(0xA1, 0xC0)))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of a line that another decoder reads well."""

    start: int
    end: int
    decoded: Decoded
    reading: str  # "UTF-8 as GBK"


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A line as bytes of one wrong decoder. ``starts`` maps byte offsets back to character offsets."""

    data: str
    starts: dict[int, int]


def repair(text: str) -> Edit:
    """Undo what is certain, line by line; then the short lines of a page that is mojibake. Linear in ``text``."""
    if text.isascii() and not _may_be_escaped(text):
        return Edit(text)
    lines = text.split("\n")
    # Nothing can be found in lines that share less than two strange characters between them all.
    enough = _holds_strange(text)
    found = [_read_line(line, frozenset()) if enough else [] for line in lines]
    if not any(found) and not is_odd(text) and not _may_be_escaped(text):
        return Edit(text)
    established = _establish(found)
    if established:
        found = [f or _read_line(line, established) for line, f in zip(lines, found, strict=True)]
        return _flag_unread(_write(lines, found), lines, found)
    return _write(lines, found)


def _holds_strange(text: str) -> bool:
    return len(set(unfamiliar().findall(text))) >= _STRANGE


def _flag_unread(edit: Edit, lines: list[str], found: list[list[_Stretch]]) -> Edit:
    """On a page that is mojibake, flag the lines that nothing could read."""
    flags, at = [], 0
    for line, stretches in zip(lines, found, strict=True):
        if not stretches and sum(map(is_han, line)) >= _ENOUGH and share_everyday(line) < _FOREIGN:
            evidence = "unreadable, on a page read in the wrong encoding"
            flags.append(Repair(RULE, line, line, at, at + len(line), "", Certainty.LOW, False, evidence=evidence))
        at += len(line) + 1
    return Edit(edit.text, (*edit.repairs, *flags)) if flags else edit


def _may_be_escaped(text: str) -> bool:
    return _ESCAPE.search(text) is not None


def _read_line(line: str, established: Set[str]) -> list[_Stretch]:
    """The stretches of a line that are mojibake, in order; first reading that fits."""
    if line.isascii() or (not established and not _holds_strange(line)):
        return []
    if _HIGH_LATIN.search(line) or (established and _LATIN.search(line)):
        found = max((list(_find_utf8(line, LATIN)), list(_find_latin_pairs(line, established))), key=_size)
        if found:
            return found
    chars = set(line)
    if not chars.isdisjoint(_SIGNS_OF_UTF8):
        found = max((list(_find_utf8(line, wrong)) for wrong in (GBK, BIG5)), key=_size)
        if found:
            return found
    if established or (len(chars) >= _ENOUGH and len(chars & EVERYDAY) < _FOREIGN * len(chars)):
        return max((list(_find_pairs(line, *pair, established)) for pair in ((BIG5, "gbk"), (GBK, "big5"))), key=_size)
    return []


def _size(found: list[_Stretch]) -> int:
    return sum(stretch.end - stretch.start for stretch in found)


def _establish(found: list[list[_Stretch]]) -> frozenset[str]:
    """The readings that this page has proven to need."""
    sizes: dict[str, int] = {}
    for stretch in (s for line in found for s in line):
        sizes[stretch.reading] = sizes.get(stretch.reading, 0) + sum(map(is_han, stretch.decoded.text))
    return frozenset(reading for reading, size in sizes.items() if size >= _ESTABLISHED)


def _to_bytes(line: str, wrong: Wrong) -> _Bytes:
    pieces = list(map(wrong.byte_of, line))
    starts, at = {}, 0
    for index, piece in enumerate(pieces):
        starts[at] = index
        at += len(piece)
    starts[at] = len(line)
    return _Bytes("".join(pieces), starts)


def _find_utf8(line: str, wrong: Wrong) -> Iterator[_Stretch]:
    """Stretches whose bytes are UTF-8 of Chinese text."""
    read = _to_bytes(line, wrong)
    # Cleaners turn the no-break space into a blank, and A0 is the last byte of 传.
    data = _LOST_BLANK.sub("\xa0", read.data) if wrong is LATIN else read.data
    for run in _UTF8_RUN.finditer(data):
        start, end = _align(data, run, read.starts)
        if start >= end:
            continue
        decoded = decode_utf8(data[start:end], wrong)
        if _is_good_utf8(data[start:end], decoded, wrong) and not _is_torn(data, start, end, wrong):
            yield _Stretch(read.starts[start], read.starts[end], decoded, f"UTF-8 as {wrong.name}")


def _is_torn(data: str, start: int, end: int, wrong: Wrong) -> bool:
    """Whether a run of Latin letters is the middle of a longer one that is something else."""
    beside = data[max(0, start - 1) : start] + data[end : end + 1]
    return wrong is LATIN and end - start <= _ENOUGH and any("\x80" <= char <= "\xff" for char in beside)


def _align(data: str, run: re.Match[str], starts: dict[int, int]) -> tuple[int, int]:
    """The longest part of a run that begins and ends where a character of the line does."""
    units = [unit.span() for unit in _UNIT.finditer(data, *run.span())]
    start = next((start for start, _ in units if start in starts), len(data))
    for _, end in reversed(units):
        if end in starts:
            return start, end
        if end + 1 in starts and data[end] < "\x80":  # the last byte went together with a Latin letter
            return start, end + 1
    return start, start


def _is_good_utf8(data: str, decoded: Decoded, wrong: Wrong) -> bool:
    if wrong is LATIN and _is_encoded_again(decoded.text):
        return True
    if _TWO_BYTES.sub("", data) == "":
        return wrong is LATIN and _are_symbols(data)
    full = len(_FULL_UNIT.findall(data))
    if full < 2 and not (full and "\xe2\x80" in data):
        return False
    return len(decoded.holes) <= _HOLES * (full + len(decoded.holes)) and _is_chinese(decoded.text, _ENOUGH)


def _is_encoded_again(text: str) -> bool:
    """Whether most of a decoded stretch is UTF-8 read as Latin-1 once more."""
    if not _LATIN.search(text) or len(text) < _ENOUGH:
        return False
    return 2 * _size(list(_find_utf8(text, LATIN))) > len(text)


def _are_symbols(data: str) -> bool:
    """Ã and Â followed by a mark (Ã©, Â·), which no language writes; one or two, not a line of such letters."""
    if len(_HIGH.findall(data)) > _ENOUGH:
        return False
    return all(
        not data[i + 1].isalnum() and data[i + 1] not in "\xa0\xab\xbb" for i, c in enumerate(data) if c in "\xc2\xc3"
    )


def _is_chinese(text: str, enough: int) -> bool:
    """Whether the text is what newspapers print: mostly everyday characters, in a short one none that is rare."""
    han = [char for char in text if is_han(char)]
    if len(han) >= enough:
        return share_everyday(text) >= _CLEAN
    return all(map(is_common, han)) and all(not char.isalpha() or is_han(char) or char.isascii() for char in text)


def _find_latin_pairs(line: str, established: Set[str]) -> Iterator[_Stretch]:
    """Stretches of accented letters and signs that are GBK or Big5 in pairs."""
    # Mixed decoders merge three bytes into a Chinese character now and then: no wall where letters prevail.
    walls = len(_HIGH_LETTER.findall(line)) < 3 * len(_CHINESE.findall(line))
    for segment in (_NO_CHINESE if walls else _ANY).finditer(line):
        high = _HIGH.findall(segment[0])
        # Leaders (····), placeholders (×××) and quotation marks are no letters of another encoding.
        if len(set(high)) < 3 - bool(established) or len(_LATIN.findall(segment[0])) < 0.6 * len(high):
            continue
        decoded, reading = _read_pairs(segment[0])
        if _are_good_pairs(decoded, 1 if reading in established else 2, _ENOUGH):
            yield _Stretch(*segment.span(), decoded, reading)


def _read_pairs(segment: str) -> tuple[Decoded, str]:
    if any(map(is_merged, segment)):
        return decode_mixed(segment), _MIXED
    data = _to_bytes(segment, LATIN).data
    decoded, codec = max(((decode_pairs(data, c, LATIN), c) for c in ("gbk", "big5")), key=_rank)
    return decoded, f"{codec.upper()} as Latin-1"


def _find_pairs(line: str, wrong: Wrong, codec: str, established: Set[str]) -> Iterator[_Stretch]:
    """Stretches of rare characters that are everyday ones in the other two-byte encoding of Chinese."""
    reading = f"{codec.upper()} as {wrong.name}"
    least = 1 if reading in established else _ENOUGH_PAIRS
    read = _to_bytes(line, wrong)
    for segment in _SEGMENT.finditer(read.data):
        start, end = read.starts[segment.start()], read.starts[segment.end()]
        before = share_everyday(line[start:end])
        if before >= _FOREIGN or not _HIGH.search(segment[0]):
            continue
        # A decoder leaves one U+FFFD for one byte (Python) or for the pair (browsers).
        both = (segment[0], segment[0].replace(LOST, LOST + LOST))
        decoded, _ = max(((decode_pairs(data, codec, wrong), codec) for data in both), key=_rank)
        if share_everyday(decoded.text) > before + (0 if least == 1 else _GAIN) and _are_good_pairs(
            decoded, least, _ENOUGH_PAIRS
        ):
            yield _Stretch(start, end, decoded, reading)


def _rank(reading: tuple[Decoded, str]) -> tuple[float, int]:
    return share_everyday(reading[0].text), -len(reading[0].holes)


def _are_good_pairs(decoded: Decoded, least: int, enough: int) -> bool:
    han = sum(map(is_han, decoded.text))
    return han >= least and len(decoded.holes) <= _HOLES * han and _is_chinese(decoded.text, enough)


def _write(lines: list[str], found: list[list[_Stretch]]) -> Edit:
    done: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for line, stretches in zip(lines, found, strict=True):
        if not stretches and not _may_be_escaped(line) and not is_odd(line):
            done.append(line)
            at += len(line) + 1
            continue
        edit = _settle(line, _write_line(line, stretches))
        done.append(edit.text)
        repairs += (replace(r, start=r.start + at, end=r.end + at) for r in edit.repairs)
        at += len(line) + 1
    return Edit("\n".join(done), tuple(repairs))


def _settle(line: str, edit: Edit) -> Edit:
    """The edit after which nothing more is found; a line that never settles is left as it came."""
    if edit.text == line:
        return edit
    text = edit.text
    for _ in range(_ROUNDS):
        again = _write_line(text, _read_line(text, frozenset())).text
        if again == text:
            break
        text = again
    else:
        text = line
    if text == edit.text:
        return edit
    evidence, applied = "several encodings in one line", text != line
    certainty = Certainty.HIGH if applied else Certainty.LOW
    return Edit(text, (Repair(RULE, line, text, 0, len(line), "", certainty, applied, evidence=evidence),))


def _write_line(line: str, stretches: list[_Stretch]) -> Edit:
    parts: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for stretch in stretches:
        before = line[stretch.start : stretch.end]
        after, left = _deepen(stretch.decoded, _DEPTH)
        plain = _write_plain(line[at : stretch.start], at)
        parts += (plain.text, after)
        repairs += plain.repairs
        repairs += _report(stretch, before, after, left)
        at = stretch.end
    rest = _write_plain(line[at:], at)
    return Edit("".join([*parts, rest.text]), (*repairs, *rest.repairs))


def _deepen(decoded: Decoded, depth: int) -> tuple[str, int]:
    """The text behind a stretch, which may itself be mojibake, and the characters lost in it."""
    text, left = fill_holes(decoded)
    if depth:
        again = _write_once(text, depth - 1)
        if again != text:
            return again, again.count(LOST)
    return text, left


def _write_once(line: str, depth: int) -> str:
    parts: list[str] = []
    at = 0
    for stretch in _read_line(line, frozenset()):
        parts += (line[at : stretch.start], _deepen(stretch.decoded, depth)[0])
        at = stretch.end
    return "".join([*parts, line[at:]])


def _report(stretch: _Stretch, before: str, after: str, left: int) -> Iterator[Repair]:
    holes = len(stretch.decoded.holes)
    certainty = Certainty.HIGH if holes or stretch.reading == _MIXED else Certainty.CERTAIN
    evidence = stretch.reading + (f", {holes - left} of {holes} lost bytes filled" if holes else "")
    yield Repair(RULE, before, after, stretch.start, stretch.end, certainty=certainty, evidence=evidence)
    if left:
        lost = f"{left} characters lost a byte and are shown as U+FFFD"
        yield Repair(
            RULE, before, after, stretch.start, stretch.end, certainty=Certainty.LOW, applied=False, evidence=lost
        )


def _write_plain(line: str, offset: int) -> Edit:
    """What is no mojibake: escapes undone, private-use characters mapped, lost characters flagged."""
    mapped, repairs = line, list[Repair]()
    if is_odd(line):
        mapped = map_private_use(line)
        repairs = [*report_private_use(line), *find_lost(mapped)]
    edit = repair_escapes(mapped) if _may_be_escaped(mapped) else Edit(mapped)
    every = sorted((*repairs, *edit.repairs), key=lambda r: r.start)
    return Edit(edit.text, tuple(replace(r, start=r.start + offset, end=r.end + offset) for r in every))
