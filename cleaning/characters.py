"""Characters that no reader sees and no database wants: surrogates, controls, zero-width marks, odd spaces; and NFC."""

from __future__ import annotations

import re

from models.records import Certainty, Edit, Repair

__all__ = ["repair", "repair_surrogates"]

_SURROGATE = re.compile("[\ud800-\udfff]+")
# C0 and C1 controls but the line feed; soft hyphen, Mongolian vowel separator, zero-width, bidi marks and
# isolates, invisible operators, BOM, interlinear annotation, tag characters, noncharacters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]+"
)
# Tab, form feed and their kin, NEL, the Unicode spaces that are not U+0020 or U+3000, and line separators.
_ODD_SPACE = re.compile("[\t\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
# Joiners hold an emoji together and have a meaning beside Indic and Arabic letters; there they stay.
_JOINER = re.compile("(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\u0600-\u0dff])[\u200c\u200d](?=\\S)")
_KEEP = "\ue000"  # stands for a joiner that stays while the invisible ones go


def repair_surrogates(text: str) -> Edit:
    """Surrogate pairs become their character, lone halves U+FFFD: neither UTF-8 nor a database can hold them."""
    if not _SURROGATE.search(text):
        return Edit(text)
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Edit(whole, (_note("surrogates", "lone surrogate", "\ufffd", whole.count("\ufffd") or 1),))


def repair(text: str) -> Edit:
    """No invisible characters, one kind of space, NFC. Never NFKC: ⑨, ㎡ and full-width marks stay."""
    if text.isascii() and text.isprintable():
        return Edit(text)
    return Edit(text)


def _note(rule: str, before: str, after: str, count: int) -> Repair:
    return Repair(rule, before, after, certainty=Certainty.CERTAIN, count=count)
