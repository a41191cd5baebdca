"""Look for a pattern only where it can begin: single characters are found many times faster than words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Starting"]


@dataclass(frozen=True, slots=True)
class Starting:
    """``pattern``, all matches of which begin where ``first`` is found, a set in brackets and what is easily looked at
    beside it; none is empty.

    Python looks for one of many words by trying all of them at every place, unless each is a plain word.
    """

    pattern: re.Pattern[str]
    first: re.Pattern[str]

    @classmethod
    def of(cls, pattern: str, first: str) -> Starting:
        return cls(re.compile(pattern), re.compile(first))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As ``pattern.finditer``."""
        at = 0
        while begin := self.first.search(text, at):
            match = self.pattern.match(text, begin.start())
            if match is not None:
                yield match
            at = match.end() if match is not None else begin.start() + 1

    def search(self, text: str) -> re.Match[str] | None:
        """As ``pattern.search``."""
        return next(self.finditer(text), None)
