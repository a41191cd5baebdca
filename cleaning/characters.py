"""Characters that no reader sees and no database wants: surrogates, controls, zero-width marks, odd spaces; and NFC."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from models.records import Edit, Repair

__all__ = ["repair", "repair_surrogates"]

_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 and C1 controls but the line feed and the spaces below; soft hyphen, Arabic letter mark, Mongolian vowel
# separator, zero-width, bidi marks and isolates, invisible operators, BOM, annotation marks, noncharacters, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
# A joiner holds an emoji together and means something beside Arabic and Indic letters: there it stays.
_JOINERS = "\u200c\u200d"
_JOINED = re.compile("[\u0600-\u0dff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
# Tab, form feed and their kin, NEL, every Unicode space but U+0020 and U+3000, line and paragraph separators.
_ODD_SPACE = re.compile("[\t\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
# Anything but the ranges that hold no combining mark and nothing that NFC changes: Latin-1 and extensions,
# general punctuation, most symbols, CJK marks and their space, kana, ideographs, full-width forms.
_MAY_CHANGE = re.compile(
    "[^\x00-\u02ff\u2010-\u20cf\u2200-\u2328\u232b-\u2adb\u3000-\u3029\u3030-\u3098\u309b-\u9fff\uff01-\uffef]"
)
# Unicode's stream-safe format allows thirty combining marks on one letter (UAX #15); sorting more costs the square.
_MARKS_ON_ONE_LETTER = 30


def repair_surrogates(text: str) -> Edit:
    """Halves of a pair become the character they make, lone ones U+FFFD: no encoding or database can hold them."""
    found = _SURROGATE.search(text)
    if not found:
        return Edit(text)
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lost = whole.count("\ufffd") - text.count("\ufffd")
    return Edit(whole, (Repair("surrogates", "\ufffd", "\ufffd", found.start(), found.end(), count=max(1, lost)),))


def repair(text: str) -> Edit:
    """No invisible characters, no space but U+0020 and U+3000, NFC. Never NFKC: ⑨, ㎡ and full-width marks stay."""
    repairs: list[Repair] = []
    if found := _INVISIBLE.search(text):
        seen = text
        text = _INVISIBLE.sub(_drop_invisible, text)
        if seen != text:
            dropped = f"U+{ord(found[0]):04X}"
            repairs.append(Repair("invisible", dropped, "", found.start(), found.end(), count=len(seen) - len(text)))
    # A tab or a no-break space becomes a plain one; like all white space at the edges that is not worth a record.
    text = _ODD_SPACE.sub(" ", text)
    if found := _MAY_CHANGE.search(text):
        seen = text
        text = unicodedata.normalize("NFC", _too_many_marks().sub(_keep_some, text))
        if seen != text:
            repairs.append(_note_composed(seen, text, found.start()))
    return Edit(text, tuple(repairs))


def _drop_invisible(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    if match[0] in _JOINERS and 0 < at < len(text) - 1 and _JOINED.match(text[at - 1]) and _JOINED.match(text[at + 1]):
        return match[0]
    return ""


def _note_composed(before: str, after: str, at: int) -> Repair:
    # Composition shortens, so places after the first change do not agree; its neighbourhood shows what happened.
    old, new = before[at - 1 if at else 0 : at + 1], after[at - 1 if at else 0 : at]
    return Repair("nfc", old, new, at, at + 1, count=max(1, len(before) - len(after)))


@cache
def _too_many_marks() -> re.Pattern[str]:
    marks = "".join(chr(n) for n in range(0x300, 0x10000) if unicodedata.combining(chr(n)))
    return re.compile(f"[{marks}]{{{_MARKS_ON_ONE_LETTER + 1},}}")


def _keep_some(marks: re.Match[str]) -> str:
    return marks[0][:_MARKS_ON_ONE_LETTER]
