from __future__ import annotations

import pytest

from cleaning import characters


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufeff党建\u200b引领", "党建引领"),
        ("社\u00ad区\u202e治理\u202c", "社区治理"),
        ("书记\x00说\x08", "书记说"),
        ("社区\u00a0治理\t共建", "社区 治理 共建"),
        ("第一行\u2028第二行", "第一行 第二行"),
        ("e\u0301tude", "étude"),
        ("一居一品⑨ ㎡ ½ ＡＢＣ", "一居一品⑨ ㎡ ½ ＡＢＣ"),
        ("\u3000\u3000段首", "\u3000\u3000段首"),
        ("家庭👨\u200d👩\u200d👧日", "家庭👨\u200d👩\u200d👧日"),
        ("社\u200d区", "社区"),
        ("𠮷野", "𠮷野"),
    ],
)
def test_only_what_no_reader_sees_is_removed(before: str, after: str) -> None:
    assert characters.repair(before).text == after
    assert characters.repair(after).text == after


def test_removed_characters_are_counted_and_named() -> None:
    (repair,) = characters.repair("a\u200b党\u200b建").repairs
    assert (repair.rule, repair.before, repair.after, repair.count) == ("invisible", "U+200B", "", 2)


def test_halves_of_a_pair_are_joined_and_lone_ones_marked() -> None:
    assert characters.repair_surrogates("\ud83d\ude00").text == "😀"
    edit = characters.repair_surrogates("社\ud83d区")
    assert edit.text == "社\ufffd区"
    assert edit.repairs[0].count == 1


def test_a_hundred_thousand_accents_on_one_letter_are_cut_to_what_unicode_allows() -> None:
    assert len(characters.repair("a" + "\u0316\u0301" * 100_000).text) < 40


@pytest.mark.parametrize("unit", ["\u200b", "\u00a0", "a\u0301", "👨\u200d", "\x00党"])
def test_a_megabyte_of_the_worst_is_cleaned(unit: str) -> None:
    once = characters.repair(unit * (1_000_000 // len(unit))).text
    assert characters.repair(once).text == once
