"""Records as rows, and the hashes that tell one change from another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import Block, BlockKind, Hints, Origin, Provenance, Record, Relevance
from models.rows import hints_of, is_noise, prints_of, record_of, repair_rows, row_of, row_of_hints
from models.wording import fold
from tests.models.corpus import NOW, full_record, passage, record


def through_a_row(one: Record) -> Record:
    return record_of(row_of(one), repair_rows(one))


def test_a_full_record_survives_the_row() -> None:
    assert through_a_row(full_record()) == full_record()


def test_a_bare_record_survives_the_row() -> None:
    bare = Record("s", "u", "k", (), "1")
    assert through_a_row(bare) == bare


LINES = st.text("党建引领 \n，a", max_size=12)
BLOCKS = st.lists(st.builds(Block, st.sampled_from(BlockKind), LINES, level=st.integers(0, 6)), max_size=8)


@given(BLOCKS)
def test_any_blocks_survive_the_row(blocks: list[Block]) -> None:
    one = record("甲", blocks=tuple(blocks))
    assert through_a_row(one).blocks == one.blocks


def test_paragraphs_are_not_stored_twice() -> None:
    row = row_of(record("甲", text="一\n二"))
    assert row["blocks"] == [{"kind": "paragraph"}, {"kind": "paragraph"}]
    assert row["text"] == "一\n二"


def test_hints_survive_the_row() -> None:
    hints = Hints("标题", "昨天 10:30", Origin.FEED, "日报", "张三", "摘要", NOW)
    assert hints_of(row_of_hints(hints)) == hints
    assert row_of_hints(Hints()) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("“党建”引领，共治！", "党建引领共治", True),
        ("ＡＢＣ１２３", "abc123", True),
        ("党建 引领\n治理", "党建引领治理", True),
        ("党建引领", "党建带领", False),
    ],
)
def test_folding_keeps_letters_only(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


@pytest.mark.parametrize(
    ("line", "noise"),
    [
        ("浏览次数：1234", True),
        ("阅读 12", True),
        ("点击：30次 分享", True),
        ("当前时间：2026年11月22日 10:11:12", True),
        ("10:11", True),
        ("2026年11月22日", False),
        ("会议于10:30开始。", False),
        ("全年阅读推广活动办了许多场，社区里有300多名党员参加，大家在院落里读书、议事、提意见，很有收获。", False),
        ("居民访问了党员之家。", False),
    ],
)
def test_counters_and_clocks_are_noise(line: str, noise: bool) -> None:
    assert is_noise(line) is noise


TEXT = passage("甲")


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        pytest.param({"clicks": 7}, "", id="a counter"),
        pytest.param({"rules_version": "2"}, "", id="the rules"),
        pytest.param({"url": "http://news.example/x"}, "", id="the address"),
        pytest.param({"tags": ("新",)}, "r", id="tags"),
        pytest.param({"relevance": Relevance(0.5)}, "r", id="relevance"),
        pytest.param({"provenance": {"title": Provenance(Origin.META)}}, "r", id="where the title was read"),
        pytest.param({"published_at": NOW - timedelta(days=9)}, "rc", id="the date"),
        pytest.param({"title": "另一个标题"}, "rc", id="the title"),
        pytest.param({"authors": ("张三",)}, "rc", id="the author"),
        pytest.param({"blocks": (Block(BlockKind.PARAGRAPH, TEXT.replace("，", "、")),)}, "rc", id="punctuation"),
        pytest.param({"blocks": (Block(BlockKind.PARAGRAPH, TEXT.replace("居民", "村民")),)}, "rct", id="a word"),
    ],
)
def test_a_change_shows_in_the_hashes_it_concerns(change: dict[str, Any], differs: str) -> None:
    one = prints_of(record("甲"))
    other = prints_of(replace(record("甲"), **change))
    changed = "".join(
        letter
        for letter, a, b in (
            ("r", one.record, other.record),
            ("c", one.content, other.content),
            ("t", one.text, other.text),
        )
        if a != b
    )
    assert changed == differs


def test_an_article_without_text_has_no_text_hash() -> None:
    assert prints_of(record("甲", text="……")).text is None
