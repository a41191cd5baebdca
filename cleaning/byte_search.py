"""Read torn GBK text backwards: which characters can have stood where a byte replacement left this.

Behind a tear every visible character gives two bytes: the first ends a hidden character, the second
begins the next. So only the byte before the tear, a byte that a ``?`` swallowed, and pairs that were
no character and vanished are unknown; they are tried out in a beam, scored by the n-gram table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import exp, log
from typing import NamedTuple

from cleaning import tears
from cleaning.byte_model import MARKS, pair, pair_bytes
from cleaning.ngrams import Ngrams
from cleaning.readings import count_read, is_common, read_letters

__all__ = [
    "ASK",
    "LOST",
    "NOTE",
    "NOTE_TAIL",
    "Document",
    "Hypothesis",
    "Work",
    "code_of",
    "foreign_characters",
    "is_reading",
    "search",
    "strip_notes",
]

ASK = "?？"
LOST = "\ufffd"  # stands in a candidate for what nothing gives back
NOTE = re.compile(tears.NOTE)
NOTE_TAIL = re.compile(tears.NOTE_TAIL)
_TAG_TAIL = re.compile(r"/?(?:p|br|div|span|strong|b|td|li|a|font|section|h[1-6])\b[^<>\n]{0,60}>")
# What shows that a bracket was swallowed: its partner is there, and no other that it could belong to.
_CLOSED_BRACKET = re.compile(r"[0-9][0-9,\-– ]{0,9}\]")
_CLOSED_PARENTHESIS = re.compile(r"[^()（）\n]{1,30}\)")
_WITHIN = 60  # characters in which that partner is looked for, notes included

_LEADS = range(0x81, 0xFF)
_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
_WIDE = {half: full for full, half in MARKS.items()} | {"(": "（", ")": "）"}
_CLOSERS = frozenset("，；：？！、。”“’‘》《）（…—" + ",;:!()")  # marks that such sites may break at

_BEAM = 32  # hypotheses kept per step: twice as many changed no result on the development text
_WIDE_ASCII = frozenset(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))))
_WORST = 30.0  # natural-log units behind the best at which a hypothesis is dropped
_LONGEST = 500  # visible characters followed from one tear; simplified runs end at the next broken mark
# Costs in natural-log units of what is rarer than a plain step.
_GAP = 3.0  # a pair that vanished: the best of 0 to 4 on development text
_CLOSED = 16  # hypotheses kept that are in step again at the same place
_BRIDGED = 3  # of these, the best ones for which vanished pairs are tried
_GUESSES = 12  # likeliest characters kept where a second byte is unknown
_GAP_TOPS = 5  # characters tried on either side of a vanished pair
_GAP_COLUMN = 15  # commonest characters with a given second byte, from which these are taken
_COLUMN = 32  # the same that can stand before a tear: fourteen do in newspapers
_MAX_GAPS = 2
_SWALLOWED = 3.0  # a ``?`` that took an ASCII character with it
_VANISHED_LETTER = 5.0  # an ASCII letter or bracket behind a Chinese character: 1 in 150
_SILENT = 2.0  # a broken lead byte that left no ``?``
_FOREIGN = 6.0  # a character of the other script, or none that people write
_UNNOTED = 9.0  # a listed character without its note: a replacement leaves none out
_UNLISTED = 1.5  # a note whose character carries none elsewhere in the text
# How far the text's own sequences count beside the table's: after two characters, after one.
_OWN = {2: 0.5, 1: 0.2}
_OWN_DOUBT = 1.0  # occurrences that a sequence must outweigh
_IN_WORD = 3.0  # a second byte that looks like the first letter of a Latin word: most are that
_END_OF_LINE = 4.0  # half a character at the end of a line


@dataclass(slots=True)
class Work:
    """Work done so far, and whether it was too much: what bounds the time that a hostile text can take."""

    spent: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """What the whole text tells about its damage."""

    table: Ngrams
    foreign: frozenset[str]  # characters that a text in this script hardly uses
    used: frozenset[str] = frozenset()  # what this text uses all the same
    traditional: bool = False
    noted: frozenset[str] = frozenset()  # characters that carry notes here
    grams: Mapping[str, int] = field(default_factory=dict)  # folded one to three characters, and how often they occur
    work: Work = field(default_factory=Work)
    columns: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)

    def cost(self, context: str, character: str) -> float:
        """The cost of a character after up to two folded ones."""
        known = self.costs.get(context + character)
        if known is None:
            folded = self.fold_one(character)
            known = self._own(context, folded, self.table.cost(context, folded))
            known += _FOREIGN * (character in self.foreign and character not in self.used)
            self.costs[context + character] = known
        return known

    def _own(self, context: str, character: str, cost: float) -> float:
        """``cost``, lowered where the rest of the text has the same sequence of characters."""
        share = 0.0
        for size in (2, 1):
            before = context[-size:]
            seen = self.grams.get(before + character, 0)
            if seen and len(before) == size:
                share = _OWN[size] * seen / (self.grams[before] + _OWN_DOUBT)
                break
        return -log(exp(-cost) * (1 - share) + share) if share else cost

    def likely_leads(self, trail: int) -> list[tuple[int, str]]:
        """The first bytes that with ``trail`` give the commonest characters, and these, commonest first."""
        if trail not in self.columns:
            every = [(lead, c) for lead in _LEADS if (c := pair(lead, trail))]
            self.columns[trail] = sorted(every, key=lambda choice: self.cost("", choice[1]))[:_COLUMN]
        return self.columns[trail]

    def fold_one(self, character: str) -> str:
        return self.table.folding.get(ord(character), character)


class Hypothesis(NamedTuple):
    """A hidden reading: ``text`` stood where the visible line is up to ``at``."""

    cost: float
    at: int
    pending: int  # first byte of a character whose second is still to come; -1: in step again
    text: str
    context: str  # the last two folded characters
    gaps: int = 0
    lost: bool = False
    end: str = ""  # what put the bytes in step again: "letter", "note", "mark", "tag", "bracket", "swallowed", "line"


def foreign_characters(table: Ngrams, *, traditional: bool) -> frozenset[str]:
    """Variants that nobody writes and simplified-only characters, or all Traditional-only characters."""
    if not traditional:
        return frozenset(table.simplified_of) | _WIDE_ASCII
    standard = {form for forms in table.traditional_of.values() for form in forms}
    variants = {c for c in table.simplified_of if c not in standard and not is_common(c)}
    simplified = {s for s, forms in table.traditional_of.items() if s not in forms and not _is_traditional(s)}
    return _WIDE_ASCII | frozenset(variants | simplified)


def _is_traditional(character: str) -> bool:
    """Whether Big5 has the character among the common ones: 群, 台, which OpenCC counts as simplified too."""
    try:
        return b"\xa4\x40" <= character.encode("big5") <= b"\xc6\x7e"
    except UnicodeEncodeError:
        return False


def is_reading(letters: str, character: str) -> bool:
    """Whether the note ``letters`` can be the reading of one character."""
    read = read_letters(letters)
    return read is not None and count_read(read.plain, character) == 1


def strip_notes(text: str) -> str:
    return NOTE.sub("", text)


def code_of(visible: str) -> tuple[int, int] | None:
    """The two bytes behind a visible character; a half-width mark may be a full-width one that was folded."""
    return pair_bytes(_WIDE.get(visible, visible))


def search(
    line: str,
    document: Document,
    leads: Iterable[tuple[int, float]],
    at: int,
    context: str,
    *,
    after_note: bool = False,
    asked: bool = True,
) -> list[Hypothesis]:
    """Every likely reading from the visible offset ``at`` until the bytes are in step again, in no order.

    ``leads`` are the bytes that can stand before ``at`` as first half of a character, with what they cost;
    ``context`` is the folded text before; behind a torn note anything may stand, behind another tear only a
    character out of step. Work is at most ``_LONGEST`` steps of ``_BEAM`` hypotheses, whatever
    the line holds.
    """
    steps = _Steps(line, document, asked, at, None if after_note else code_of(line[at : at + 1]))
    begun = [Hypothesis(cost, at, lead, "", context[-2:]) for lead, cost in leads]
    active = [new for old in begun for new in (steps.expand(old, bridge=True) if after_note else steps.begin(old))]
    finished = list[Hypothesis]()
    for _ in range(_LONGEST):
        document.work.spent += len(active)
        finished += sorted((new for new in active if new.pending < 0), key=_cost_of)[:_CLOSED]
        active = sorted((new for new in active if new.pending >= 0), key=_cost_of)[:_BEAM]
        if not active:
            break
        active = [old for old in active if old.cost < active[0].cost + _WORST]
        active = [new for rank, old in enumerate(active) for new in steps.expand(old, bridge=rank < _BRIDGED)]
    return finished


def _cost_of(hypothesis: Hypothesis) -> float:
    return hypothesis.cost


@dataclass(frozen=True, slots=True)
class _Steps:
    line: str
    document: Document
    asked: bool
    start: int = 0  # where the tear is
    broken: tuple[int, int] | None = None  # the bytes of the mark that was found there

    def begin(self, old: Hypothesis) -> Iterator[Hypothesis]:
        """The first visible character behind the tear: it is never in step."""
        visible = self.line[old.at : old.at + 1]
        code = code_of(visible)
        if code is not None:
            yield from self._shift(old, *code)
        elif "@" <= visible <= "~" or visible == "€":
            yield from self._close(old, visible)

    def expand(self, old: Hypothesis, *, bridge: bool) -> Iterator[Hypothesis]:
        """The hypotheses one visible character further on."""
        if old.at >= len(self.line):
            yield old._replace(cost=old.cost + _END_OF_LINE, pending=-1, text=old.text + LOST, lost=True, end="line")
            return
        visible = self.line[old.at]
        code = code_of(visible)
        if bridge:
            yield from self._vanish_with_letter(old)
        if code is not None:
            yield from self._shift(old, *code)
            if bridge and old.gaps < _MAX_GAPS:
                yield from self._bridge(old, *code)
        if visible in ASK and self.asked:
            yield from self._swallow(old)
        elif not self.asked and (note := NOTE_TAIL.match(self.line, old.at)):
            yield from self._close_by_note(old, note)
        elif "@" <= visible <= "~" or visible == "€":
            yield from self._close(old, visible)
            if bridge and old.gaps < _MAX_GAPS:
                yield from self._bridge_to_letter(old, visible)
        elif self.asked:
            return
        elif visible in _CLOSERS:
            yield from self._guess(old, old.at, "mark", _SILENT)
        elif visible == "/" and (tag := _TAG_TAIL.match(self.line, old.at)):
            yield from self._guess(old, tag.end(), "tag", _SILENT)

    def _shift(self, old: Hypothesis, first: int, second: int) -> Iterator[Hypothesis]:
        """A visible character ends one hidden character and begins the next."""
        character = pair(old.pending, first)
        if character is None or second == 0x80 or ((first, second) == self.broken and old.at > self.start):
            return  # a mark that is broken once is broken wherever its bytes stand
        new = self._append(old, character, old.at + 1)
        if second > 0x80:
            yield new._replace(pending=second, at=self._skip_stray_note(old.at))
        else:
            yield self._append(new, chr(second), new.at)._replace(pending=-1, end="letter")

    def _skip_stray_note(self, at: int) -> int:
        """A note behind a visible character that is not really there belongs to nothing."""
        note = NOTE.match(self.line, at + 1)
        return note.end() if note and is_reading(note[1], self.line[at]) else at + 1

    def _bridge(self, old: Hypothesis, first: int, second: int) -> Iterator[Hypothesis]:
        """A pair that is no character vanished before the visible character."""
        if second == 0x80:
            return
        for new in self._vanish(old, first):
            if second > 0x80:
                yield new._replace(pending=second)
            else:
                yield self._append(new, chr(second), new.at)._replace(pending=-1, end="letter")

    def _bridge_to_letter(self, old: Hypothesis, visible: str) -> Iterator[Hypothesis]:
        for new in self._vanish(old, 0x80 if visible == "€" else ord(visible)):
            yield new._replace(pending=-1, end="letter")

    def _vanish_with_letter(self, old: Hypothesis) -> Iterator[Hypothesis]:
        """The last byte out of step and an ASCII character behind it were a pair that is no character."""
        if _CLOSED_BRACKET.match(self.line, old.at):
            choices = [choice for choice in _row(old.pending) if pair(choice[0], ord("[")) is None]
            most, extra, letter, end = _GUESSES, _GAP, "[", "bracket"
        else:
            choices = [choice for choice in _odd_row(old.pending) if choice[0] in _ODD_BEFORE_ASCII]
            most, extra, letter, end = _GAP_TOPS, _VANISHED_LETTER + _GAP, LOST, "swallowed"
        for _, character in self._cheapest(old.context, choices, most):
            new = self._append(old, character, old.at)
            lost = letter == LOST
            yield new._replace(
                cost=new.cost + extra, text=new.text + letter, pending=-1, gaps=new.gaps + lost, lost=lost, end=end
            )

    def _vanish(self, old: Hypothesis, trail: int) -> Iterator[Hypothesis]:
        """Two characters whose inner bytes were a pair that is no character; ``trail`` ends the second one."""
        for gap_first, character in self._cheapest(old.context, _odd_row(old.pending), _GAP_TOPS):
            before = self._append(old, character, old.at)
            fitting = [(t, c) for t, c in self.document.likely_leads(trail)[:_GAP_COLUMN] if pair(gap_first, t) is None]
            for _, following in self._cheapest(before.context, fitting, _GAP_TOPS):
                new = self._append(before, following, old.at + 1)
                yield new._replace(cost=new.cost + _GAP, gaps=old.gaps + 1)

    def _cheapest(self, context: str, choices: list[tuple[int, str]], most: int) -> list[tuple[int, str]]:
        cost = self.document.cost
        return sorted(choices, key=lambda choice: cost(context, choice[1]))[:most]

    def _swallow(self, old: Hypothesis) -> Iterator[Hypothesis]:
        """A ``?``: a byte that could not be read, and perhaps what it took with it."""
        note = NOTE_TAIL.match(self.line, old.at + 1)
        if note:
            yield from self._close_by_note(old, note)
            return
        following = self.line[old.at + 1 : old.at + 2]
        if following in _CLOSERS or following in ASK:
            yield from self._guess(old, old.at + 1, "mark")
        tag = _TAG_TAIL.match(self.line, old.at + 1)
        if tag:
            yield from self._guess(old, tag.end(), "tag")
            return
        if _CLOSED_PARENTHESIS.match(strip_notes(self.line[old.at + 1 : old.at + _WITHIN])):
            for new in self._guess(old, old.at + 1, "bracket", _GAP):
                yield new._replace(text=new.text + "(")
            return
        extra = _SWALLOWED + _SILENT * (following in _CLOSERS)
        for new in self._guess(old, old.at + 1, "swallowed", extra):
            yield new._replace(text=new.text + LOST, lost=True)

    def _close_by_note(self, old: Hypothesis, note: re.Match[str]) -> Iterator[Hypothesis]:
        """The note of a character took that character's second byte with its bracket."""
        for _, character in _row(old.pending):
            if is_reading(note[1], character):
                new = self._append(old, character, note.end(), noted=True)
                extra = 0.0 if character in self.document.noted else _UNLISTED
                yield new._replace(cost=new.cost + extra, text=f"{new.text}({note[1]})", pending=-1, end="note")

    def _guess(self, old: Hypothesis, at: int, end: str, extra: float = 0.0) -> Iterator[Hypothesis]:
        """Try every second byte that would have been read as the beginning of another character."""
        choices = [choice for choice in _row(old.pending) if choice[0] > 0x80]
        for _, character in self._cheapest(old.context, choices, _GUESSES):
            new = self._append(old, character, at)
            yield new._replace(cost=new.cost + extra, pending=-1, end=end)

    def _close(self, old: Hypothesis, visible: str) -> Iterator[Hypothesis]:
        """A visible ASCII character is the second byte: the bytes are in step again."""
        character = pair(old.pending, 0x80 if visible == "€" else ord(visible))
        if character is None:
            return
        note = NOTE.match(self.line, old.at + 1)
        fits = note is not None and is_reading(note[1], character)
        new = self._append(old, character, old.at + 1, noted=fits)
        extra = _UNNOTED if note and not fits else 0.0
        if self.line[old.at + 1 : old.at + 2].isascii() and self.line[old.at + 1 : old.at + 2].isalnum():
            extra += _IN_WORD
        yield new._replace(cost=new.cost + extra, pending=-1, end="letter")

    def _append(self, old: Hypothesis, character: str, at: int, *, noted: bool = False) -> Hypothesis:
        document = self.document
        cost = old.cost + document.cost(old.context, character)
        if not noted and character in document.noted:
            cost += _UNNOTED
        context = (old.context + document.fold_one(character))[-2:]
        return Hypothesis(cost, at, old.pending, old.text + character, context, old.gaps, old.lost)


@cache
def _row(lead: int) -> list[tuple[int, str]]:
    return [(trail, character) for trail in _TRAILS if (character := pair(lead, trail))]


@cache
def _odd_row(lead: int) -> list[tuple[int, str]]:
    """Characters whose second byte can be the first of a pair that is no character."""
    return [choice for choice in _row(lead) if choice[0] in _ODD_LEADS]


# First bytes of codes that are no character: the user-defined rows and the holes between the symbols.
_ODD_LEADS = tuple(lead for lead in _LEADS if any(pair(lead, trail) is None for trail in _TRAILS))
_ODD_BEFORE_ASCII = frozenset(lead for lead in _LEADS if any(pair(lead, t) is None for t in range(0x40, 0x7F)))
