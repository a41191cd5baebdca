"""Arrays and objects that stand in scripts: JSON, JSONP and JavaScript literals with single quotes or bare keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["NotAValueError", "find_arrays", "read_answer"]

DEEPEST = 60  # nesting; interfaces need five
_SPACE = re.compile(r"(?:\s+|//[^\n]{0,2000}|/\*.{0,2000}?\*/)*", re.DOTALL)  # bounded: a comment may never end
_WORD = re.compile(r"(?:void\s+)?[\w$.+!-]+")
_NAME = re.compile(r"[A-Za-z_$][\w$.]*")
_STRING = {quote: re.compile(rf"{quote}((?:[^{quote}\\]++|\\.)*+){quote}", re.DOTALL) for quote in "\"'"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "", "\n": ""}
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
_CONSTANTS |= {"void 0": None, "!0": True, "!1": False}  # as programs that make scripts smaller write them


class NotAValueError(ValueError):
    """No array or object stands where one was expected."""


def read_answer(text: str, variable: str | None = None) -> Any:
    """The value of an interface's answer: JSON, ``callback({...})`` or ``var NAME = [...]``. Raises NotAValueError."""
    text = text.strip().lstrip("\ufeff")
    if variable is not None:
        found = re.search(rf"(?<![\w$]){re.escape(variable)}\s*=\s*", text)
        if not found:
            raise NotAValueError(f"no variable {variable}")
        return _read(text, found.end())
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    opening = re.match(r"(?:/\*.*?\*/)?\s*+(?:;|try\s*\{)?\s*[\w$.]++\s*\(", text, re.DOTALL)
    return _read(text, opening.end() if opening and opening.group().endswith("(") else 0)


def find_arrays(text: str, before: str) -> Iterator[list[Any]]:
    """Every array that follows a match of the pattern ``before``; those that cannot be read are left out."""
    for found in re.finditer(before, text):
        start = _SPACE.match(text, found.end()).end()  # type: ignore[union-attr]
        if text[start : start + 1] != "[":
            continue
        try:
            value = _read(text, start, lenient=True)
        except NotAValueError:
            continue
        if isinstance(value, list):
            yield value


def _read(text: str, start: int, *, lenient: bool = False) -> Any:
    start = _SPACE.match(text, start).end()  # type: ignore[union-attr]
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return _Reader(text, lenient).read(start, 0)[0]


class _Reader:
    """Recursive descent over one literal; every method returns the value and where it ended."""

    def __init__(self, text: str, lenient: bool) -> None:
        self._text = text
        self._lenient = lenient  # take names of variables for values that are not known

    def read(self, at: int, depth: int) -> tuple[Any, int]:
        at = self._skip(at)
        first = self._text[at : at + 1]
        if depth > DEEPEST:
            raise NotAValueError(f"nested deeper than {DEEPEST}")
        if first == "[":
            return self._array(at + 1, depth)
        if first == "{":
            return self._object(at + 1, depth)
        if first and first in "\"'":
            return self._string(at)
        return self._word(at)

    def _skip(self, at: int) -> int:
        return _SPACE.match(self._text, at).end()  # type: ignore[union-attr]

    def _array(self, at: int, depth: int) -> tuple[list[Any], int]:
        values: list[Any] = []
        while True:
            at = self._skip(at)
            if self._text[at : at + 1] == "]":
                return values, at + 1
            if self._text[at : at + 1] == ",":  # [1,,2] and [,] as loops of templates leave them
                at += 1
                continue
            value, at = self.read(at, depth + 1)
            values.append(value)
            at = self._comma(at, "]")

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        while True:
            at = self._skip(at)
            if self._text[at : at + 1] == "}":
                return values, at + 1
            quoted = self._text[at : at + 1] in ("'", '"')
            name, at = self._string(at) if quoted else self._bare(at)
            at = self._skip(at)
            if self._text[at : at + 1] != ":":
                raise NotAValueError(f"expected ':' at character {at}")
            values[name], at = self.read(at + 1, depth + 1)
            at = self._comma(at, "}")

    def _comma(self, at: int, end: str) -> int:
        at = self._skip(at)
        if self._text[at : at + 1] == ",":
            return at + 1
        if self._text[at : at + 1] == end:
            return at
        raise NotAValueError(f"expected ',' or '{end}' at character {at}")

    def _string(self, at: int) -> tuple[str, int]:
        found = _STRING[self._text[at]].match(self._text, at)
        if not found:
            raise NotAValueError(f"a string that does not end, at character {at}")
        return _ESCAPE.sub(_unescape, found[1]), found.end()

    def _bare(self, at: int) -> tuple[str, int]:
        found = _WORD.match(self._text, at)
        if not found:
            raise NotAValueError(f"expected a value at character {at}")
        return found.group(), found.end()

    def _word(self, at: int) -> tuple[Any, int]:
        word, at = self._bare(at)
        if word in _CONSTANTS:
            return _CONSTANTS[word], at
        try:
            return (float(word) if any(mark in word for mark in ".eE") else int(word)), at
        except ValueError:
            if self._lenient and _NAME.fullmatch(word):
                return None, at
            raise NotAValueError(f"expected a value, found {word[:30]!r}") from None


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _NAMED.get(code, code)
