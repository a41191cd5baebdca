"""What one text has and another has not: readable, complete, and never slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.differences import Kind, Piece, compare, count_changes, shorten_same
from tests.cpu_limit import at_most


def show(pieces: list[Piece]) -> str:
    frames = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.ADDED: "[+{}+]", Kind.SKIPPED: "…"}
    return "".join(frames[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("开会了。", "开会了。", "开会了。"),
        ("共议定二十六件事。", "共议定二十八件事。", "共议定二十[-六-][+八+]件事。"),
        ("开会了。散会了。", "开会了。", "开会了。[-散会了。-]"),
        ("开会了。", "编者按。开会了。", "[+编者按。+]开会了。"),
        # Nothing in common: one is put in the place of the other, letters that agree by chance are not shown.
        (
            "清晨六点巷口摆好了桌椅。",
            "下午的雨停在三号楼前。",
            "[-清晨六点巷口摆好了桌椅。-][+下午的雨停在三号楼前。+]",
        ),
        # A paragraph that was split or joined is no change.
        ("开会了。\n散会了。", "开会了。散会了。", "开会了。散会了。"),
        ("“散会了。”他说。", "“散会了。”她说。", "“散会了。”[-他-][+她+]说。"),
    ],
)
def test_a_change_is_shown_where_it_happened(old: str, new: str, shown: str) -> None:
    assert show(compare(old, new)) == shown


@given(st.text("一二三。\n“”", max_size=60), st.text("一二三。\n“”", max_size=60))
def test_nothing_is_lost(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(p.text for p in pieces if p.kind is not Kind.GONE) == new
    kept = "".join(p.text for p in pieces if p.kind is not Kind.ADDED)
    assert "".join(kept.split()) == "".join(old.split())


def test_what_did_not_change_is_left_out_but_for_its_ends() -> None:
    text = "同" * 400
    shown = shorten_same(compare(f"{text}。共二十六件事。{text}。", f"{text}。共二十八件事。{text}。"), around=5)
    assert show(shown) == "…同。共二十[-六-][+八+]件事。同同…"
    assert count_changes(shown) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("啊。" * 20_000, "啊。" * 19_000 + "哦。" * 900),
        ("甲" * 60_000, "乙" * 60_000),
        ("甲乙" * 5_000, "乙甲" * 5_000),
        ("甲" * 300_000, "乙"),
    ],
)
def test_no_pair_of_texts_takes_long(old: str, new: str) -> None:
    with at_most(20):
        compare(old, new)
