"""Remove pinyin (and emoji) notes that a machine wrote behind the characters: 忙(máng), 區(qū)域, 的(de)(de).

A note goes only if its syllables can be a reading of the characters before it and the text as a whole shows that
a machine wrote notes there. An author's gloss of a rare character (綦(qí)江) and every real parenthesis stay.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaning.everyday import EVERYDAY
from cleaning.readings import count_read, first_reading, is_common, is_han, may_be_neutral, read_letters
from models.records import Certainty, Edit, Repair

__all__ = ["repair"]

RULE = "pinyin"

_BLANK = " \u00a0\u3000"
_BRACKETS = {"(": ")）", "（": ")）", "[": "]］", "［": "]］", "【": "】", "〔": "〕"}
# 64 characters hold the longest note met (ten syllables with blanks) and bound the work per opening bracket.
_BRACKET = re.compile(r"([(（\[［【〔])([^()（）\[\]［］【】〔〕\n]{1,64})([)）\]］】〕])")
_TAIL = 20  # characters kept in view before a note: the longest word and room for one mark
_PICTURES = "\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f"
_PICTURE = re.compile(f"[{_PICTURES}]{{1,12}}")
_RATINGS = frozenset("★☆✓✔✗✘☑☒✕✖♀♂")  # people do bracket these
# Points at which notes count as a machine's. One gloss of an everyday character in the middle of a sentence is
# already odd, three are proof; a doubled note is proof by itself.
_PROOF = 3
_LONG = 3  # syllables: authors gloss a character or a name of two
_PROOF_TONELESS = 5  # plain letters are far weaker: (wei) and (hangzhou) are words people write
_PROOF_PICTURES = 3


class _Kind(enum.Enum):
    TONED = enum.auto()
    PLAIN = enum.auto()
    PICTURE = enum.auto()


@dataclass(frozen=True, slots=True)
class _Note:
    """A bracket whose content can be a note to the characters before it."""

    start: int  # of the blank before it, if one stands there
    end: int
    kind: _Kind
    read: str  # the characters it reads; "" for a picture
    points: int = 0  # evidence that no human wrote it
    isolated: bool = False  # no Chinese character on either side: the shape of a word list
    doubled: bool = False
    neutral: bool = False


def repair(text: str) -> Edit:
    """Remove machine-written reading notes. Linear in the length of ``text``."""
    notes = list(_find_notes(text))
    if not notes:
        return Edit(text)
    chosen = _choose(notes)
    return _remove(text, notes, chosen) if chosen else Edit(text, _flag_doubtful(text, notes))


def _find_notes(text: str) -> Iterator[_Note]:
    tail, seen = "", 0
    last: _Note | None = None
    for match in _BRACKET.finditer(text):
        tail = (tail + text[max(seen, match.start() - _TAIL) : match.start()])[-_TAIL:]
        note = _read_note(text, match, tail)
        if note is None:
            tail, seen = (tail + match[0])[-_TAIL:], match.end()
            continue
        if last is not None and _is_repeated(last, note):
            last, note = replace(last, doubled=True), replace(note, doubled=True, points=_PROOF)
        if last is not None:
            yield last
        seen, last = match.end(), note
    if last is not None:
        yield last


def _is_repeated(first: _Note, second: _Note) -> bool:
    """党员(dǎngyuán)(dǎngyuán): the same characters read twice in a row."""
    return first.end == second.start and first.kind is second.kind and first.read == second.read != ""


def _read_note(text: str, match: re.Match[str], tail: str) -> _Note | None:
    """The note in this bracket, or None if it cannot be one to ``tail``."""
    opening, content, closing = match.groups()
    base = tail.rstrip(_BLANK)
    if not base or closing not in _BRACKETS[opening] or len(tail) - len(base) > 1:
        return None
    start, end = match.start() - (len(tail) - len(base)), match.end()
    follows = _is_followed_by_han(text, end)
    if _PICTURE.fullmatch(content.strip(_BLANK)):
        points = int(follows and not _RATINGS.intersection(content))
        return _Note(start, end, _Kind.PICTURE, "", points) if is_han(base[-1]) else None
    letters = read_letters(content)
    if letters is None:
        return None
    count = count_read(letters.plain, base)
    if not count:
        return _read_wedged(start, end, letters.plain, base) if letters.toned else None
    read = base[-count:]
    inside = is_han(base[-count - 1 : -count])
    return _Note(
        start,
        end,
        _Kind.TONED if letters.toned else _Kind.PLAIN,
        read,
        _weigh(read, letters.marked, follows, inside),
        isolated=not follows and not inside,
        neutral=all(map(may_be_neutral, read)),
    )


def _weigh(read: str, marked: str, follows: bool, inside: bool) -> int:
    """Points for a note that no reader needs: everyday characters, their usual reading, in mid-sentence."""
    if not all(map(is_common, read)):
        return 0
    if len(read) == 1 and marked and marked != first_reading(read):
        return 0  # people do mark the rarer reading: 单(shàn)县, 区(ōu)先生
    if follows:
        return _PROOF if EVERYDAY.issuperset(read) or len(read) >= _LONG else 2
    return int(inside)


def _read_wedged(start: int, end: int, plain: str, base: str) -> _Note | None:
    """A note to the character that the bytes of its neighbours form by chance: 村 B4E5 + e 65 is 錯 (cuò)."""
    try:
        formed = (base[-2].encode("gbk")[1:] + base[-1].encode("ascii")).decode("gbk")
    except (UnicodeError, IndexError):
        return None
    return _Note(start, end, _Kind.TONED, formed) if len(formed) == 1 and count_read(plain, formed) else None


def _is_followed_by_han(text: str, at: int) -> bool:
    for _ in range(4):  # notes behind the same character: doubled, with a picture, or both
        if following := _BRACKET.match(text, at):
            at = following.end()
    rest = text[at : at + 8].lstrip(_BLANK)  # runs of blanks become one later: judge as then
    return is_han(rest[:1])


def _choose(notes: Sequence[_Note]) -> list[_Note]:
    """The notes that the text as a whole proves to be a machine's."""
    toned = _is_proven(notes, _Kind.TONED, _PROOF)
    plain = _is_proven(notes, _Kind.PLAIN, _PROOF_TONELESS)
    pictures = _is_proven(notes, _Kind.PICTURE, 1 if toned else _PROOF_PICTURES)
    proven = {_Kind.TONED: toned, _Kind.PLAIN: plain, _Kind.PICTURE: pictures}
    return [note for note in notes if proven[note.kind] or note.doubled or (toned and note.neutral)]


def _is_proven(notes: Sequence[_Note], kind: _Kind, proof: int) -> bool:
    """Whether enough notes of a kind stand where people write none, and most are not entries of a word list."""
    mine = [note for note in notes if note.kind is kind]
    return sum(note.points for note in mine) >= proof and 2 * sum(note.isolated for note in mine) <= len(mine)


def _remove(text: str, notes: Sequence[_Note], chosen: Sequence[_Note]) -> Edit:
    kept, at, repairs = [], 0, []
    for note, end in zip(chosen, _ends(text, chosen), strict=True):
        kept.append(text[at : note.start])
        repairs.append(Repair(RULE, text[note.start : end], "", note.start, end, evidence=note.read))
        at = end
    kept.append(text[at:])
    return Edit("".join(kept), tuple(repairs))


def _ends(text: str, chosen: Sequence[_Note]) -> list[int]:
    """Where each note ends, with the blank behind it where this annotator writes one."""
    behind = [text[note.end : note.end + 1] in tuple(_BLANK) for note in chosen]
    spaced = [text[note.start] in _BLANK for note in chosen]
    # Notes with a blank before and behind, or, of an annotator who sets none before, behind nearly all of them.
    with_both = 2 * sum(map(bool.__and__, spaced, behind)) >= sum(spaced)
    always = not any(spaced) and len(chosen) >= _PROOF and sum(behind) > 0.8 * len(chosen)
    return [
        note.end + (blank and (always or (before and with_both)))
        for note, before, blank in zip(chosen, spaced, behind, strict=True)
    ]


def _flag_doubtful(text: str, notes: Sequence[_Note]) -> tuple[Repair, ...]:
    return tuple(
        Repair(
            RULE,
            text[note.start : note.end],
            text[note.start : note.end],
            note.start,
            note.end,
            certainty=Certainty.LOW,
            applied=False,
            candidates=("",),
            evidence=f"{note.read}: one note alone may be the author's",
        )
        for note in notes
        if note.kind is _Kind.TONED and note.points
    )
