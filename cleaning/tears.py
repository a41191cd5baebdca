"""Signs that a byte replacement tore a text apart. Only a text that has one is read further, by ``byte_damage``.

The signs cost a sound article a tenth of a millisecond; what rebuilds torn text takes ten times as long to load.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleaning.later import later
from cleaning.readings import unfamiliar
from models.records import Edit

__all__ = ["ASKED", "MARKS", "NOTE", "NOTE_TAIL", "STRAY_NOTE", "TONE", "TORN_NOTE", "repair"]

# The full-width marks that such sites were seen to break at, with their half-width forms.
MARKS: Mapping[str, str] = {"，": ",", "；": ";", "：": ":", "？": "?", "！": "!"}
_MARKS = "".join(MARKS) + "".join(MARKS.values())
_SOFT = "；;：:，,"  # people put no question mark before these
_VOWELS = "aāáǎàeēéěèiīíǐìoōóǒòuūúǔùüǖǘǚǜ"
_SYLLABLE = f"(?:[b-df-hj-np-tw-z]{{0,2}}[{_VOWELS}]{{1,3}}(?:ng|n|r|ń|ň|ǹ)?)"
# Patterns of a note, of half a note, and of what stands where a character was torn.
NOTE = rf"[(（]({_SYLLABLE})[)）]"
NOTE_TAIL = rf"({_SYLLABLE})[)）]"
ASKED = rf"[?？](?=[{_SOFT}]|(?<![?？!！].)[?？!！](?:[?？](?=/|、|[{_SOFT}]|[0-9])|(?![?？!！])))"
TORN_NOTE = rf"(?:[?？]|(?<=[^\x00-\u02ff]))(?<![(（])(?={NOTE_TAIL})"
STRAY_NOTE = rf"(?<=[^\x00-\x7f])[@-~](?={NOTE})|(?<=[)）])[@-~](?={NOTE})"
TONE = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")

_ASKED = re.compile(f"{ASKED}|[?？](?={NOTE_TAIL})")
_NOTED = later(f"{TORN_NOTE}|{STRAY_NOTE}|{NOTE}")
_TAG_TAIL = re.compile(rf"[{_MARKS}]/(?:p|div|span)>")
_NEAR = 6  # characters from a mark to the first of two rare ones, which stand where it tore the text
_BEHIND_MARK = re.compile(rf"[{_MARKS}][^\n{_MARKS}]{{0,{_NEAR - 1}}}\Z")
_LATIN_REST = re.compile("[@-~](?![A-Za-z])")


def repair(text: str) -> Edit:
    """Rebuild torn text, see ``byte_damage``; a text without a sign of damage comes back as it is."""
    if not _may_be_torn(text):
        return Edit(text)
    from cleaning.byte_damage import rebuild

    return rebuild(text)


def _may_be_torn(text: str) -> bool:
    asks = "?" in text or "？" in text
    if (asks and _ASKED.search(text)) or (TONE.search(text) and _NOTED.search(text)):
        return True
    return ("/" in text and _TAG_TAIL.search(text) is not None) or _has_rare_pair(text)


def _has_rare_pair(text: str) -> bool:
    """Whether two characters that no newspaper prints stand soon behind a mark: a tear that left no ``?``."""
    return any(_is_rare_pair(text, found.start()) for found in unfamiliar().finditer(text) if _is_no_mark(found[0]))


def _is_rare_pair(text: str, at: int) -> bool:
    second = unfamiliar().match(text, at + 1)
    beside = _is_no_mark(second[0]) if second else _LATIN_REST.match(text, at + 1) is not None
    return beside and _BEHIND_MARK.search(text, max(0, at - _NEAR), at) is not None


def _is_no_mark(character: str) -> bool:
    return "\u2fff" < character < "\u3000" or "\u303f" < character < "\uff00" or character > "\uffff"
