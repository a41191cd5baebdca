"""Patterns that are compiled on first use answer as any other pattern."""

from __future__ import annotations

import re

import pytest

from cleaning.later import later


def test_a_pattern_is_compiled_when_it_is_first_used_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_now = re.compile

    def compile_and_note(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_now(pattern, flags)

    monkeypatch.setattr(re, "compile", compile_and_note)
    pattern = later("党员(\\d+)人")
    assert compiled == []
    assert pattern.pattern == "党员(\\d+)人"
    assert compiled == []
    assert [pattern.search(text) is not None for text in ("党员5人", "党员", "党员6人")] == [True, False, True]
    assert pattern.sub("x", "有党员7人") == "有x"
    assert compiled == ["党员(\\d+)人"]


def test_flags_and_all_methods_are_those_of_the_pattern() -> None:
    pattern = later("qq(?P<name>.)", re.IGNORECASE)
    usual = re.compile("qq(?P<name>.)", re.IGNORECASE)
    assert pattern.findall("QQ1 qq2") == usual.findall("QQ1 qq2") == ["1", "2"]
    assert (pattern.flags, pattern.groups, pattern.groupindex) == (usual.flags, usual.groups, usual.groupindex)
    with pytest.raises(AttributeError):
        pattern.no_such_method  # type: ignore[attr-defined]  # noqa: B018
