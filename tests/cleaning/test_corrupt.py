"""The forward damage models, and what must hold of the rules whatever text they meet."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning import mojibake, pinyin
from cleaning.corrupt import IRREVERSIBLE, Manner, Misread, annotate, misread
from cleaning.everyday import EVERYDAY
from models.records import Edit

CLEAN = "村党支部书记带着党员清理河道，二十天里运走垃圾三百车，两岸重新见了绿。"
RULES = [pinyin.repair, mojibake.repair]

# Text that looks like what the rules look for: characters, brackets, syllables, letters of mojibake, escapes.
PIECES = st.sampled_from(
    [
        *"党建社区的了儿一不綦重區發，。、；：（）()[]【】 \n",
        *[
            "(dǎng)",
            "(jiàn)",
            "(shè)",
            "(qū)",
            "(de)",
            "(dang)",
            "（le）",
            "(🐌)",
            "(a)",
            "( qū )",
            "(er2)",
            "(lǜ)",
            "(",
        ],
        *[
            "鍏氬缓",
            "锛",
            "涓浗",
            "锟斤拷",
            "烫烫烫",
            "ä¸\xad",
            "å›½",
            "â€œ",
            "Ã©",
            "Â·",
            "µ³½¨",
            "ʵ¼ù",
            "×÷",
            "é",
            "\ufffd",
        ],
        *["&amp;", "&#20826;", "lt;", "#38;", "\\u515a", "%E5%85%9A", "%", "\ue5e5", "笢弊", "いゅ", "瓣"],
    ]
)
HOSTILE = st.lists(PIECES, max_size=30).map("".join)


@pytest.mark.parametrize("manner", Manner)
def test_annotation_adds_notes_and_changes_nothing_else(manner: Manner) -> None:
    damaged = annotate(CLEAN, manner, share=0.5, seed=7)
    assert damaged != CLEAN
    assert re.sub(r" ?[(（][^()（）]*[)）] ?", "", damaged) == CLEAN


def test_annotation_is_repeatable() -> None:
    assert annotate(CLEAN, Manner.WORD, share=0.5, seed=1) == annotate(CLEAN, Manner.WORD, share=0.5, seed=1)
    assert annotate(CLEAN, Manner.WORD, share=0.5, seed=1) != annotate(CLEAN, Manner.WORD, share=0.5, seed=2)


@pytest.mark.parametrize("kind", Misread)
def test_every_mistake_damages_chinese_text(kind: Misread) -> None:
    assert misread(CLEAN, kind) != CLEAN


@pytest.mark.parametrize("kind", [kind for kind in Misread if kind not in IRREVERSIBLE and "ENTIT" not in kind.name])
def test_ascii_survives_every_mistake(kind: Misread) -> None:
    assert misread("2024-03-12 GDP", kind) == "2024-03-12 GDP"


def _check(edit: Edit, before: str) -> None:
    """Applied repairs, put in from left to right, give the text; no line comes or goes."""
    rebuilt, at = "", 0
    for repair in edit.repairs:
        assert before[repair.start : repair.end] == repair.before
        if repair.applied:
            assert repair.start >= at
            rebuilt += before[at : repair.start] + repair.after
            at = repair.end
    assert rebuilt + before[at:] == edit.text
    assert edit.text.count("\n") == before.count("\n")


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=400, deadline=None)
@given(text=HOSTILE)
def test_repairs_account_for_every_change(rule, text: str) -> None:  # type: ignore[no-untyped-def]
    _check(rule(text), text)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=400, deadline=None)
@given(text=HOSTILE)
def test_a_second_pass_finds_nothing(rule, text: str) -> None:  # type: ignore[no-untyped-def]
    once = rule(text).text
    assert rule(once).text == once


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=200, deadline=None)
@given(text=st.text())
def test_any_text_is_survived(rule, text: str) -> None:  # type: ignore[no-untyped-def]
    edit = rule(text)
    _check(edit, text)
    assert rule(edit.text).text == edit.text


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=sorted(EVERYDAY) + list("，。、（）“”1230 \n"), max_size=200))
def test_everyday_text_is_never_touched(rule, text: str) -> None:  # type: ignore[no-untyped-def]
    assert rule(text) == Edit(text)
