"""Rebuild Chinese text that a careless byte replacement tore apart (``說?；鶎狱h組織`` -> ``說。基層黨組織``).

``cleaning.byte_model`` says how such damage comes about, ``cleaning.byte_search`` reads it backwards.
Here: is a text damaged at all, where are the tears, and is one reading so much likelier than every
other, and than the text as it stands, that it may be put in? If not, the site is only flagged.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from cleaning import tears
from cleaning.byte_model import MARKS, pair
from cleaning.byte_search import (
    NOTE,
    NOTE_TAIL,
    Document,
    Hypothesis,
    code_of,
    foreign_characters,
    is_reading,
    search,
    strip_notes,
)
from cleaning.ngrams import Ngrams, load
from cleaning.readings import is_common
from models.records import Certainty, Edit, Repair

__all__ = ["rebuild"]

RULE = "byte-damage"

_MARKS = "".join(MARKS) + "".join(MARKS.values())
_ENTRY = re.compile(
    f"(?P<note>{tears.TORN_NOTE})|(?P<orphan>{tears.ASKED})|(?P<mark>(?<![?？!！])[{_MARKS}](?![?？!！]))|(?P<stray>{tears.STRAY_NOTE})"
)

# Margins in natural-log units; chosen on development text for 99 % right.
_MARGIN = 3.4  # over the next reading
_MARGIN_STOP = 3.0  # where only 。 or another first character is asked
_MARGIN_FIRST = 4.0  # where only the first character is asked and it is no 。: 牛”抓“長 or 常”抓“長
_MARGIN_END = 2.7  # of 。” at the end of a paragraph: the others are a character and 。
_MARGIN_WORD = 2.0  # where one character is asked, and in one reading alone it ends a word
_MARGIN_RIVAL_GAP = 4.2  # over a reading with a vanished pair: the table undervalues such
_MARGIN_GAP = 5.0  # of a reading with one vanished pair over another such: 1 in 68 is wrong
_MARGIN_GAP_ALONE = 3.0  # the same over a reading that explains every byte: 0 in 21
_MARGIN_GAP_NOTED = 8.0  # the same behind half a note, where the first character is asked too
_MARGIN_DEAR = 8.0  # of a reading with two characters in a row as unlikely as this:
_DEAR_PAIR = 18.0
_DEAREST = 8.5  # mean cost per character of a reading without a note that is put in: rubbish costs more
_ALONE = 99.0  # no other reading at all
_DAMAGED = 6.0  # a reading that much likelier than the text as it stands shows damage
_DAMAGED_LINE = 20.0  # the same where only the end of the line ended it: people end lines on ？！
_CERTAIN_DAMAGE = 14.0  # the same for a repair that is put in
_CERTAIN_AMONG_NOTES = 8.0  # the same where notes show that such a site made the text
_NO_QUESTION_MARK = 2.0  # most decoders write a ``?`` for a broken byte
_ODD_MARKS = 5.0  # quotes that do not alternate: 2 slips in 168 quotes of an edited article
_FULL_STOP = 2.5  # most tears are at 。: 47 to 94 % of them by the mark behind, more than its share of text
_EXPECTED = 2.0  # a character as likely as that (one in seven) ends a word that is begun
_UNEXPECTED = 4.5  # one as unlikely as that does not
_QUOTED_WORD = re.compile("“[^“”，。]{1,4}\\Z")
_QUOTED_PHRASE = re.compile("“[^“”，。]{5,12}\\Z")  # a slogan as well as a sentence: 。” has no advantage there
_SHORT_QUOTE = 9.0  # a quotation of so few characters is a word, not a sentence: “國聯網校”
_QUOTED = 60  # characters before a tear in which such a quotation begins, notes included
_DOUBLED = re.compile("[，。；：？！、,;:“‘《][，。；：、…,;:]")  # mark behind mark, or behind an opening one
_TWICE = re.compile("[，。；：、,;:]{2}")  # worse: nobody writes that
_OPENING, _CLOSING = "“「『", "”」』"
# Pairs of quotes that may follow each other: any opening one behind a closing one, its own closing one behind an
# opening one, and one kind inside another.
_QUOTES = frozenset(
    [a + b for a in _CLOSING for b in _OPENING]
    + [a + b for a, b in zip(_OPENING, _CLOSING, strict=True)]
    + ["“『", "「『", "』”", "』」"]
)
_HAN = re.compile("[\u3400-\u9fff]")
_BRACKETS = frozenset("（）《》()")
_NOTE_END = re.compile(rf"{NOTE.pattern}\Z")
_NOTED_COST = 12.0  # nobody notes the reading of a letter
_NOTED_LETTER = re.compile(rf"[@-~]{NOTE.pattern}")  # ``，F(xiàn)``: the second byte of 現
_ODD_LETTER = re.compile(rf"[@-~](?:{NOTE.pattern}|(?=[^\x00-\x7f]))")  # the same, or the listed 現 is another
_HALF_NOTE = re.compile(rf"[^\x00-\u02ff（]{{1,8}}{NOTE_TAIL.pattern}")
_PROBE = 5  # characters looked at behind a mark that has no ``?`` before it
_TORN_COST = 7.5  # mean cost of such characters from which a tear is looked for: newspapers have 4.7
# What one text may cost: an article with two hundred tears stays below it.
_MOST_WORK = 60_000  # hypotheses followed and marks looked behind, some 10 microseconds each
_PROBE_WORK = 2  # for one mark looked behind
_SIGN_WORK = 5  # for any other sign
_CONTEXT = 500  # characters before a tear in which the last quote is looked for
_NEAR = 12  # characters behind an open tear in which the next one is read with care
_USED = 2  # times that a character must occur to be one that the text uses: torn text shows any of them once
_SAMPLE = 100_000  # characters of the text whose own sequences are counted


# What people type in a row without any help from a decoder.
_MARKS_ONLY = re.compile("[，；：？！,;:?!。、“”‘’…—]+")
_LIKELY = 40  # readings weighed with what marks and quotes say
_Reading = tuple[float, str, Hypothesis]  # cost, text, how it was found


@dataclass(frozen=True, slots=True)
class _Site:
    """The readings of one tear, cheapest first, over ``line[start:end]``."""

    start: int
    end: int
    context: str  # folded, before it
    readings: tuple[_Reading, ...]
    standing: float  # the cost of the text as it stands
    noted: bool  # begins with half a note, which is proof enough of damage


def rebuild(text: str) -> Edit:
    """Rebuild what can be rebuilt for certain and flag the rest. Linear in the length of ``text``.

    For a text that shows a sign of damage: ``tears.repair`` asks for it.
    """
    document = _read_document(text)
    repairs: list[Repair] = []
    offset = 0
    for line in text.split("\n"):
        repairs += _repair_line(line, offset, document)
        if document.work.stopped:
            break
        offset += len(line) + 1
    if document.work.stopped:  # a second reading would get further: all or nothing
        repairs = [_withdraw(done, "the text has too many signs of damage") for done in repairs]
    elif not _is_proved(document, repairs):
        doubt = "nothing else in the text is damaged"
        repairs = [_withdraw(done, doubt) if _MARKS_ONLY.fullmatch(done.before) else done for done in repairs]
    return Edit(_apply(text, repairs), tuple(repairs))


def _is_proved(document: Document, repairs: Iterable[Repair]) -> bool:
    """Whether more than odd punctuation shows damage: people do write ``？？；``."""
    return bool(document.noted) or any(done.applied and not _MARKS_ONLY.fullmatch(done.before) for done in repairs)


def _withdraw(done: Repair, doubt: str) -> Repair:
    if not done.applied:
        return done
    evidence = f"{done.evidence}; but {doubt}"
    candidates = done.candidates or (done.after,)
    return replace(
        done,
        after=done.before,
        applied=False,
        certainty=Certainty.LOW,
        candidates=candidates,
        evidence=evidence,
    )


def _apply(text: str, repairs: Iterable[Repair]) -> str:
    pieces, last = [], 0
    for done in repairs:
        if done.applied:
            pieces += [text[last : done.start], done.after]
            last = done.end
    return "".join([*pieces, text[last:]])


def _read_document(text: str) -> Document:
    table = load()
    old = sum(map(text.count, "們個這國會來時對發學經後過為"))
    new = sum(map(text.count, "们个这国会来时对发学经后过为"))
    noted = frozenset(
        text[m.start() - 1] for m in NOTE.finditer(text) if m.start() and is_reading(m[1], text[m.start() - 1])
    )
    folded = table.fold(strip_notes(text[:_SAMPLE]))
    grams = Counter(folded)
    for size in (2, 3):
        grams.update(map("".join, zip(*(folded[i:] for i in range(size)), strict=False)))
    used = frozenset(c for c, n in Counter(text[:_SAMPLE]).items() if n >= _USED)
    foreign = foreign_characters(table, traditional=old > new)
    return Document(table, foreign, used, old > new, noted, grams)


def _repair_line(line: str, offset: int, document: Document) -> Iterator[Repair]:
    at = doubtful = 0
    while entry := _ENTRY.search(line, at):
        at = max(entry.end(), at + 1)
        if document.work.spent > _MOST_WORK:
            document.work.stopped = True
            yield _flag(line, entry.start(), offset, "too many signs of damage: from here on none was looked at")
            return
        if entry["mark"] and not _looks_torn(line, entry.start(), document):
            continue
        document.work.spent += _SIGN_WORK
        if entry["stray"]:
            yield _drop_stray_note(line, entry, offset, document)
            continue
        site = _read_site(line, entry, document)
        found = _decide(line, site, offset, document) if site else None
        if site and found:
            if found.certainty is Certainty.HIGH and entry.start() < doubtful:
                found = _withdraw(found, "what stands before is open")
            at = max(at, site.end)
            doubtful = 0 if found.applied else at + _NEAR
            yield found
        elif _is_half_a_note(line, entry):
            yield _flag(line, entry.start(), offset, "half a note: nothing that was read here explains it")


def _is_half_a_note(line: str, entry: re.Match[str]) -> bool:
    """``?shù)``: nobody writes that, whatever it was."""
    tail = NOTE_TAIL.match(line, entry.end())
    return entry[0] in ("?", "？") and tail is not None and tears.TONE.search(tail[0]) is not None


def _flag(line: str, at: int, offset: int, evidence: str) -> Repair:
    """A sign of damage that is left as it stands."""
    seen = line[at : at + 2]
    return Repair(
        rule=RULE,
        before=seen,
        after=seen,
        start=offset + at,
        end=offset + at + len(seen),
        certainty=Certainty.LOW,
        applied=False,
        evidence=evidence,
    )


def _looks_torn(line: str, at: int, document: Document) -> bool:
    """Whether what follows a mark is too unlikely to have been written."""
    document.work.spent += _PROBE_WORK
    if _ODD_LETTER.match(line, at + 1) or _HALF_NOTE.match(line, at + 1) or _DOUBLED.match(line, at):
        return True
    following = strip_notes(line[at : at + 12])[: _PROBE + 1]
    return document.table.total(following, 1) > _TORN_COST * (len(following) - 1) and len(following) > 1


def _read_site(line: str, entry: re.Match[str], document: Document) -> _Site | None:
    start = entry.start()
    context = document.table.fold(strip_notes(line[max(0, start - 12) : start]))[-2:]
    at, leads = _tear(line, entry, document)
    finished = search(
        line,
        document,
        leads,
        at,
        context,
        after_note=entry.lastgroup == "note",
        asked=entry[0][:1] in ("?", "？") and entry.lastgroup != "mark",
    )
    if not finished:
        return None
    rest = _Rest.of(line, start, max(h.at for h in finished), document.table)
    readings = _compare(line, start, context, finished, rest)
    end = readings[0][2].at
    standing = rest.after(start, context) + _NOTED_COST * len(_NOTED_LETTER.findall(line, start, end + 8))
    return _Site(start, end, context, readings[:6], standing, entry.lastgroup == "note")


@dataclass(frozen=True, slots=True)
class _Rest:
    """What the text as it stands costs from any place of a window to its end, notes not counted."""

    table: Ngrams
    text: str  # folded, without notes, with two more characters
    index: Mapping[int, int]  # offset in the line -> offset in ``text``
    sums: list[float]  # cost from each offset of ``text`` to its end

    @classmethod
    def of(cls, line: str, start: int, end: int, table: Ngrams) -> _Rest:
        last = min(len(line), end + 3)
        hidden = {at for note in NOTE.finditer(line, start, last + 8) for at in range(*note.span())}
        places = [at for at in range(start, last) if at not in hidden]
        text = table.fold("".join(line[at] for at in places))
        costs = [table.cost(text[max(0, i - 2) : i], text[i]) for i in range(len(text))]
        sums = [0.0, *accumulate(reversed(costs))][::-1]
        index = {at: bisect_left(places, at) for at in range(start, last + 1)}
        return cls(table, text, index, sums)

    def after(self, at: int, context: str) -> float:
        """The cost from offset ``at`` of the line on, behind the folded ``context``."""
        first = self.index[at]
        near = self.text[first : first + 2]
        return self.table.total(context + near, len(context)) + self.sums[first + len(near)]


def _odd_marks(line: str, start: int, reading: Hypothesis) -> float:
    """What it costs a reading that its quotes do not alternate, or that a paragraph ends on an opening mark."""
    around = _last_quote(line[max(0, start - _CONTEXT) : start]) + reading.text + line[reading.at : reading.at + 60]
    quotes = [c for c in around if c in _OPENING or c in _CLOSING]
    odd = sum(a + b not in _QUOTES for a, b in pairwise(quotes[:6]))
    marks = line[start - 1 : start] + reading.text + line[reading.at : reading.at + 1]
    odd += "』" in reading.text and "『" not in around
    odd += "」" in reading.text and "「" not in around
    odd += _unpaired(line, start, reading)
    odd += len(_DOUBLED.findall(marks)) + len(_TWICE.findall(marks))
    if reading.end == "tag":
        odd += 2 * (not _ends_well(reading.text)) + (quotes[-1] in _OPENING)
    return _ODD_MARKS * odd


def _unpaired(line: str, start: int, reading: Hypothesis) -> int:
    """How many brackets the reading closes that were not open, and opens that nothing closes."""
    text = strip_notes(reading.text)
    if not _BRACKETS.intersection(text):
        return 0
    before = strip_notes(line[max(0, start - _CONTEXT) : start])
    behind = strip_notes(line[reading.at : reading.at + _CONTEXT])
    odd = 0
    for opening, closing in ("（(", "）)"), ("《", "》"):
        balance = [sum(map(part.count, opening)) - sum(map(part.count, closing)) for part in (before, text, behind)]
        odd += _has(text, closing) and balance[0] + balance[1] < 0
        odd += _has(text, opening) and balance[1] + balance[2] > 0
    return odd


def _has(text: str, marks: str) -> bool:
    return any(mark in text for mark in marks)


def _ends_well(paragraph: str) -> bool:
    return paragraph[-1:] in tuple("。！？”」』）…")


def _last_quote(text: str) -> str:
    at = max(map(text.rfind, _OPENING + _CLOSING))
    return text[at] if at >= 0 else "”"


def _compare(line: str, start: int, context: str, finished: list[Hypothesis], rest: _Rest) -> tuple[_Reading, ...]:
    """The readings with what follows them up to a common end, each text once, cheapest first."""
    best: dict[tuple[str, str], _Reading] = {}
    end = max(h.at for h in finished)
    for h in finished:
        cost = h.cost + rest.after(h.at, h.context)
        known = best.get((h.text, line[h.at : end]))
        if known is None or known[0] > cost:
            best[h.text, line[h.at : end]] = (cost, h.text, h)
    likely = sorted(best.values(), key=lambda reading: reading[0])[:_LIKELY]
    prior = 0.0 if _completes_word(context, likely, rest.table) else _FULL_STOP
    quoted = strip_notes(line[max(0, start - _QUOTED) : start])
    short = _SHORT_QUOTE if _QUOTED_WORD.search(quoted) else prior if _QUOTED_PHRASE.search(quoted) else 0.0
    weighed = [
        (
            cost + _odd_marks(line, start, h) - prior * (text[:1] == "。") + short * (text[:2] == "。”"),
            text,
            h,
        )
        for cost, text, h in likely
    ]
    return tuple(sorted(weighed, key=lambda reading: reading[0]))


def _completes_word(context: str, readings: Iterable[_Reading], table: Ngrams) -> bool:
    """Whether some reading begins with what nearly always stands behind ``context``: 幸 + 福."""
    starts = {table.fold(text[:1]) for _, text, _ in readings} - {"。"}
    return any(table.cost(context, character) < _EXPECTED for character in starts)


def _tear(line: str, entry: re.Match[str], document: Document) -> tuple[int, list[tuple[int, float]]]:
    """Where the bytes are out of step from, and the bytes that can stand before."""
    start = entry.start()
    if entry.lastgroup != "note":
        at = entry.end() if entry["orphan"] else start
        code = code_of(line[at : at + 1])
        cost = 0.0 if entry["orphan"] else _NO_QUESTION_MARK
        return at, [(lead, cost) for lead, _ in document.likely_leads(code[0])] if code else []
    note = NOTE_TAIL.match(line, entry.end())
    noted = _NOTE_END.search(line, max(0, start - 12), start)
    last = (noted.start() if noted else start) - 1
    code = code_of(line[last]) if last >= 0 else None
    if note is None or code is None:
        return start, []
    torn = [(second, c) for second in range(0x81, 0xFF) if (c := pair(code[1], second)) and is_reading(note[1], c)]
    return note.end(), [(second, 0.0 if c in document.noted else 1.5) for second, c in torn]


def _drop_stray_note(line: str, entry: re.Match[str], offset: int, document: Document) -> Repair:
    """A note behind an ASCII letter: proved if the letter and the byte before it are the character it reads."""
    start = entry.start() + 1
    note = NOTE.match(line, start)
    code = code_of(line[start - 2]) if start >= 2 else None
    torn = pair(code[1], ord(line[start - 1])) if code else None
    proved = note is not None and torn is not None and is_reading(note[1], torn) and line[start - 2] not in _MARKS
    around = strip_notes(line[max(0, start - 16) : start - 1])[-4:]
    proved = proved and document.table.total(around, 2) <= _TORN_COST * max(0, len(around) - 2)
    before = note[0] if note else ""
    return Repair(
        rule=RULE,
        before=before,
        after="" if proved else before,
        start=offset + start,
        end=offset + start + len(before),
        certainty=Certainty.CERTAIN if proved else Certainty.LOW,
        applied=proved,
        evidence=f"the bytes of {torn} across two characters" if proved else "a note that reads nothing",
    )


def _decide(line: str, site: _Site, offset: int, document: Document) -> Repair | None:
    cost, text, best = site.readings[0]
    gain = site.standing - cost
    if gain < (_DAMAGED_LINE if best.end == "line" else _DAMAGED):
        return None
    margin = site.readings[1][0] - cost if len(site.readings) > 1 else _ALONE
    clear = gain >= (_CERTAIN_AMONG_NOTES if document.noted else _CERTAIN_DAMAGE)
    sure = not best.lost and clear and margin >= _enough(site, document)
    sure = sure and (site.noted or best.cost <= _DEAREST * len(text)) and (best.end != "tag" or _ends_well(text))
    return Repair(
        rule=RULE,
        before=line[site.start : site.end],
        after=text if sure else line[site.start : site.end],
        start=offset + site.start,
        end=offset + site.end,
        certainty=(Certainty.CERTAIN if margin > 8 else Certainty.HIGH) if sure else Certainty.LOW,
        applied=sure,
        candidates=tuple(t for _, t, _ in site.readings[:4]),
        evidence=f"margin {margin:.1f}, gain {gain:.1f}, in step by {best.end}",
    )


def _enough(site: _Site, document: Document) -> float:
    """The margin that the best reading needs, by what is asked between it and the next."""
    table = document.table
    (_, text, best), rival = site.readings[0], site.readings[1] if len(site.readings) > 1 else None
    if any(_HAN.match(c) and c not in document.used and not is_common(c) for c in text):
        return float("inf")  # 嚠, 翯: where these are right they are names, which are never guessed
    if best.gaps:
        return _enough_with_gap(site, rival) if document.traditional else float("inf")
    if not site.noted and _dearest_pair(site.context + text, table) > _DEAR_PAIR:
        return _MARGIN_DEAR
    if rival is None:
        return _MARGIN
    if text == "。”" and best.end == "tag":
        return _MARGIN_END
    if rival[2].gaps:
        return _MARGIN_RIVAL_GAP
    asked = [i for i, (a, b) in enumerate(zip(text, rival[1], strict=False)) if a != b]
    if len(asked) != 1 or len(text) != len(rival[1]):
        return _MARGIN
    before = site.context + table.fold(text[: asked[0]])
    right, wrong = (table.cost(before, table.fold(reading[asked[0]])) for reading in (text, rival[1]))
    if right < _EXPECTED and wrong > _UNEXPECTED:
        return _MARGIN_WORD
    if asked == [0] and not site.noted:
        return _MARGIN_STOP if text[0] == "。" else _MARGIN_FIRST
    return _MARGIN


def _enough_with_gap(site: _Site, rival: _Reading | None) -> float:
    """The margin of a reading in which a pair of bytes vanished: two characters are half guessed there.

    Only in Traditional text, where a tear is soon over; in simplified text the gaps are many.
    """
    if site.readings[0][2].gaps > 1:  # most of these are wrong: only a few of the many fillings are tried
        return float("inf")
    if site.noted:
        return _MARGIN_GAP_NOTED
    return _MARGIN_GAP if rival and rival[2].gaps else _MARGIN_GAP_ALONE


def _dearest_pair(text: str, table: Ngrams) -> float:
    """The cost of the least likely two characters in a row behind the first two."""
    folded = table.fold(strip_notes(text))
    costs = [table.cost(folded[i - 2 : i], folded[i]) for i in range(2, len(folded))]
    return max(map(sum, pairwise(costs)), default=0.0)
