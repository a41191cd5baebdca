"""Spaces that a converter or a markup left inside Chinese text, and the runs and edges of white space.

Only a space beside a Chinese mark is certainly stray. Between two characters it may be the author's
(三级融合 多元共建), so it stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cleaning.later import later
from models.records import Edit, Repair

__all__ = ["close_letters", "collapse", "repair"]

_HAN = "\u3400-\u9fff\u3007"
_OPEN, _CLOSE = "“‘（《〈【「『", "”’）》〉】」』"
# Half-width marks count as well: punctuation widens them later, and a second pass must find nothing new.
_ANYWHERE = (
    f"(?<=[{_HAN}{_CLOSE})])[ \u3000]+(?=[，。、；：？！）》〉】,;:?!)])"
    f"|(?<=[{_OPEN}(])[ \u3000]+(?=[{_HAN}{_OPEN}])"
    f"|(?<=[{_HAN}]·)[ \u3000]+(?=[{_HAN}“])|(?<=[{_HAN}”])[ \u3000]+(?=·[{_HAN}“])"
)
# Certain in running text only: headings and slogans set a space after a quotation on purpose.
_IN_SENTENCES = later(
    _ANYWHERE
    + f"|(?<=[{_HAN}])[ \u3000]+(?=[“‘《])|(?<=[”’》])[ \u3000]+(?=[{_HAN}])"
    + f"|(?<=[，、；])[ \u3000]+(?=[{_HAN}“‘《（(])|(?<=[{_HAN}{_CLOSE})，、；：][,;])[ \u3000]+(?=[{_HAN}“‘《（(])"
)
# Text set apart letter by letter (社 区 党 员 …): eight in a row are more than any list of one-character words.
_SPACED = 8
_LETTER_SPACED = later(
    f"(?:[{_HAN}，。、；：？！{_OPEN}{_CLOSE}] ){{{_SPACED},}}(?=[{_HAN}，。、；：？！{_OPEN}{_CLOSE}])"
)
_ANYWHERE_ALONE = later(_ANYWHERE)
_SENTENCE = re.compile("[，。；,;]")
# Each alternative begins with a character, so that Python skips to the first of them.
_RUN = re.compile(" [ \u3000]+|\u3000[ \u3000]*")


def repair(text: str) -> Edit:
    """Stray spaces removed: `总队 ，并` → `总队，并`, `推出 “五卡” 品牌，` → `推出“五卡”品牌，`."""
    return _edit_lines(text, "spaces", _remove_stray)


def close_letters(text: str) -> Edit:
    """Text set letter by letter closed up: `社 区 党 员 带 头 干` → `社区党员带头干`."""
    return _edit_lines(text, "letter-spacing", _close_line)


def _remove_stray(line: str) -> str:
    return (_IN_SENTENCES if _SENTENCE.search(line) else _ANYWHERE_ALONE).sub("", line)


def _edit_lines(text: str, rule: str, edit: Callable[[str], str]) -> Edit:
    if " " not in text and "\u3000" not in text:
        return Edit(text)
    repairs: list[Repair] = []
    lines: list[str] = []
    start = 0
    for line in text.split("\n"):
        clean = edit(line)
        if clean != line:
            repairs.append(_note(rule, line, clean, start))
        lines.append(clean)
        start += len(line) + 1
    return Edit("\n".join(lines), tuple(repairs))


def collapse(text: str) -> Edit:
    """Every run of white space one space, none at the edges of a line. White space is no text: nothing is recorded."""
    if "  " in text or "\u3000" in text:
        text = _RUN.sub(" ", text)
    return Edit("\n".join(map(str.strip, text.split("\n"))))


def _close_line(line: str) -> str:
    return _LETTER_SPACED.sub(_close_up, line) if line.count(" ") >= _SPACED else line


def _close_up(spaced: re.Match[str]) -> str:
    return spaced[0].replace(" ", "")


def _note(rule: str, line: str, clean: str, start: int) -> Repair:
    at = next((n for n, (old, new) in enumerate(zip(line, clean, strict=False)) if old != new), len(clean))
    # Two characters on each side of the first space show which it was.
    left, right = max(0, at - 2), min(len(line), at + 3)
    before = line[left:right]
    return Repair(rule, before, before.replace(line[at], ""), start + left, start + right, count=len(line) - len(clean))
