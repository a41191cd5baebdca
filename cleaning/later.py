"""Patterns that are compiled when they are first used: a sound page needs none of those for damaged text."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["later"]


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, which takes up to 20 ms for a pattern with ranges of Chinese characters, but on first use."""
    return cast("re.Pattern[str]", _Later(pattern, flags))


class _Later:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
        found = getattr(self._compiled, name)
        setattr(self, name, found)  # so that Python finds it without asking here again
        return found
