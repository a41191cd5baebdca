"""Where a repair or a doubt stands in the text as it reads now."""

from __future__ import annotations

import pytest

from flows.web.doubts import mark_blocks
from models.records import Block, BlockKind, Certainty, Repair

P, H = BlockKind.PARAGRAPH, BlockKind.HEADING


def doubt(before: str, place: str, *, count: int = 1) -> Repair:
    return Repair("byte-damage", before, "", 0, len(before), place, Certainty.LOW, False, count=count)


def mended(before: str, after: str, place: str, *, count: int = 1) -> Repair:
    return Repair("pinyin", before, after, 0, len(before), place, count=count)


def show(blocks: list[Block], *repairs: Repair) -> list[str]:
    """Paragraphs with doubts in 〈〉 and repairs in 《》."""
    frames = {None: "{}", False: "〈{}〉", True: "《{}》"}
    return [
        "".join(frames[part.repair and part.repair.applied].format(part.text) for part in shown.parts)
        for shown in mark_blocks(blocks, repairs)
    ]


@pytest.mark.parametrize(
    ("text", "repairs", "shown"),
    [
        ("支部开会。", [], "支部开会。"),
        ("支部开会。", [doubt("开会", "paragraph 1")], "支部〈开会〉。"),
        ("党支部开会。", [mended("党zhī部", "党支部", "paragraph 1")], "《党支部》开会。"),
        # It stands there twice and one of them was meant: nobody can say which.
        ("开会又开会。", [doubt("开会", "paragraph 1")], "开会又开会。"),
        ("开会又开会。", [doubt("开会", "paragraph 1", count=2)], "〈开会〉又〈开会〉。"),
        # What is no longer there, or was a mark of punctuation, is only in the table.
        ("支部开会。", [doubt("散会", "paragraph 1")], "支部开会。"),
        ("支部，开会。", [mended(",", "，", "paragraph 1")], "支部，开会。"),
        # A doubt about letters that another rule repaired is what the reader has to see.
        ("党支部。", [mended("zhī部", "支部", "paragraph 1"), doubt("支部", "paragraph 1")], "党〈支部〉。"),
        ("支部开会。", [doubt("支部", "paragraph 1"), doubt("开会", "paragraph 1")], "〈支部〉〈开会〉。"),
        ("a.c abc", [doubt("a.c", "paragraph 1")], "〈a.c〉 abc"),
        ("支部开会。", [doubt("开会", "title"), doubt("开会", "document"), doubt("开会", "nonsense 7")], "支部开会。"),
    ],
)
def test_a_place_is_marked_only_where_it_is_certain(text: str, repairs: list[Repair], shown: str) -> None:
    assert show([Block(P, text)], *repairs) == [shown]


def test_headings_are_counted_with_the_paragraphs_and_captions_for_themselves() -> None:
    blocks = [Block(H, "开会"), Block(BlockKind.CAPTION, "开会"), Block(P, "开会")]
    assert show(blocks, doubt("开会", "paragraph 2")) == ["开会", "开会", "〈开会〉"]
    assert show(blocks, doubt("开会", "caption 1")) == ["开会", "〈开会〉", "开会"]


def test_no_letter_is_lost_or_added() -> None:
    text = "党zhī部zhī部开会" * 50
    parts = mark_blocks([Block(P, text)], [doubt("zhī", "paragraph 1", count=100), doubt("部zhī", "paragraph 1")])
    assert "".join(part.text for part in parts[0].parts) == text
