"""Fold a line for matching: half-width marks, simplified characters. Same length in and out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from cleaning.conversion import read_entries
from cleaning.substitute import substitute

__all__ = ["FINAL_MARKS", "ends_sentence", "fold", "han_only", "is_short"]

_WIDTHS = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "\xa0": " "}


@cache
def _folding() -> Callable[[str], str]:
    characters = ((key, values[0]) for key, values in read_entries("TSCharacters").items() if values)
    # One character each way, so that offsets stay those of the line.
    return substitute({key: value for key, value in characters if len(key) == len(value) == 1} | _WIDTHS)


def fold(text: str) -> str:
    """Half-width marks and letters, simplified characters; for matching only."""
    if text.isascii():
        return text
    return _fold_again(text) if len(text) <= LONGEST_KNOWN else _folding()(text)


LONGEST_KNOWN = 160  # characters of a line that is worth remembering: nearly all that any rule folds


@lru_cache(maxsize=1024)  # several rules ask about the same line
def _fold_again(text: str) -> str:
    return _folding()(text)


_NOT_TEXT = re.compile(r"[\W_]+")


def han_only(text: str) -> str:
    """Letters and digits alone: two prints of one sentence compare equal whatever their marks and blanks."""
    return _NOT_TEXT.sub("", text)


FINAL_MARKS = frozenset("。！？!?…")
_CLOSERS = "”’」』》〉）)】］]\"' \u3000"


def ends_sentence(text: str) -> bool:
    """Whether the last mark, behind closing quotes and brackets, ends a sentence."""
    return text.rstrip(_CLOSERS)[-1:] in FINAL_MARKS


SHORT = 45  # characters: a line of furniture, a caption, a heading; sentences of the story are mostly longer


def is_short(text: str) -> bool:
    return len(text) <= SHORT
