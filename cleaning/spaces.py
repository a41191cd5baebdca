"""Spaces that a converter or a markup left inside Chinese text, and the runs and edges of white space.

Only a space beside a Chinese mark is certainly stray. Between two characters it may be the author's
(三级融合 多元共建), so it stays.
"""

from __future__ import annotations

import re

from models.records import Edit, Repair

__all__ = ["collapse", "repair"]

_HAN = "\u3400-\u9fff\u3007"
_OPEN, _CLOSE, _STOP = "“‘（《〈【「『", "”’）》〉】」』", "，。、；：？！"
# Certain anywhere: before a mark that ends something, after one that opens something, around the middle dot.
_ANYWHERE = (
    f"(?<=[{_HAN}{_CLOSE}])[ \u3000]+(?=[，。、；：？！）》〉】,;:?!)])"
    f"|(?<=[{_OPEN}])[ \u3000]+"
    f"|(?<=[{_HAN}]·)[ \u3000]+(?=[{_HAN}“])|(?<=[{_HAN}”])[ \u3000]+(?=·[{_HAN}“])"
)
# Certain in running text only: headings and slogans set a space after a quotation on purpose.
_IN_SENTENCES = re.compile(
    _ANYWHERE
    + f"|(?<=[{_HAN}])[ \u3000]+(?=[“‘《])|(?<=[”’》])[ \u3000]+(?=[{_HAN}])"
    + f"|(?<=[{_HAN}{_CLOSE}][，、；：。])[ \u3000]+(?=[{_HAN}“‘《（])"
)
_ANYWHERE_ALONE = re.compile(_ANYWHERE)
_SENTENCE = re.compile("[，。；,;]")
_RUN = re.compile("[ \u3000]{2,}|\u3000")


def repair(text: str) -> Edit:
    """Stray spaces removed: `总队 ，并` → `总队，并`, `推出 “五卡” 品牌，` → `推出“五卡”品牌，`."""
    if " " not in text and "\u3000" not in text:
        return Edit(text)
    repairs: list[Repair] = []
    lines: list[str] = []
    start = 0
    for line in text.split("\n"):
        pattern = _IN_SENTENCES if _SENTENCE.search(line) else _ANYWHERE_ALONE
        clean, count = pattern.subn("", line) if len(line) > 2 else (line, 0)
        if count:
            repairs.append(_note(line, pattern, start, count))
        lines.append(clean)
        start += len(line) + 1
    return Edit("\n".join(lines), tuple(repairs))


def collapse(text: str) -> Edit:
    """Every run of white space one space, none at the edges of a line. White space is no text: nothing is recorded."""
    return Edit("\n".join(_RUN.sub(" ", line).strip() for line in text.split("\n")))


def _note(line: str, pattern: re.Pattern[str], start: int, count: int) -> Repair:
    found = pattern.search(line)
    assert found is not None
    # Two characters on each side show which space it was.
    left, right = max(0, found.start() - 2), found.end() + 2
    before, after = line[left:right], line[left : found.start()] + line[found.end() : right]
    return Repair("spaces", before, after, start + left, start + min(right, len(line)), count=count)
