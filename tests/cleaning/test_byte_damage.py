"""Torn GBK text: what stands there, and what is put back. All sentences but the two of the seed are our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaning.byte_model import corrupt
from cleaning.tears import repair
from models.records import Certainty
from tests.cpu_limit import at_most

SEED = Path(__file__).parents[2] / "seeds" / "002_47581bd0f738f7b7.txt"
NOTES = {"區": "qū", "發": "fā", "業": "yè", "現": "xiàn", "規": "guī", "黨": "dǎng", "數": "shù", "節": "jié"}


def test_the_two_torn_places_of_the_seed_become_whole() -> None:
    text = repair(SEED.read_text("utf-8")).text
    assert "新都區(qū)委組織部負責人說。基層黨組織搭建平臺" in text
    assert "發(fā)展到規(guī)模化、規(guī)范化、常態(tài)化參與" in text


def test_nothing_else_of_the_seed_is_touched() -> None:
    assert [done.before for done in repair(SEED.read_text("utf-8")).repairs] == ["?;鶎狱h", "?;?"]


@pytest.mark.parametrize(
    ("clean", "marks"),
    [
        ("社區黨委書記說。基層治理要依靠群眾。", "；"),
        ("“大家的事大家商量著辦。”網格員告訴記者，居民都很支持。", "！"),
        ("志愿者每周上門服務老人。可以說，這里是居民的家。", "？"),
        ("产业园里建起了党群服务中心。“现在办事方便多了，”他说。", "！，"),
    ],
)
def test_a_mark_found_across_two_characters_is_undone(clean: str, marks: str) -> None:
    damaged, sites = corrupt(clean, marks=marks)
    assert sites
    edit = repair(damaged)
    assert edit.text == clean or not any(done.applied for done in edit.repairs)
    assert edit.repairs


def test_a_note_found_across_two_characters_is_undone() -> None:
    damaged, sites = corrupt("這是一種嚴謹的學風，值得提倡。", NOTES)
    assert len(sites) == 1
    assert repair(damaged).text == "這是一種嚴謹的學風，值得提倡。"


def test_a_bracket_that_was_swallowed_comes_back_where_its_partner_stands() -> None:
    damaged, sites = corrupt("發展潛力[3]很大。", NOTES)
    assert [site.vanished for site in sites] == [1]
    assert repair(damaged).text == "發(fā)展潛力[3]很大。"


def test_a_pair_that_vanished_is_filled_or_flagged_but_never_passed_over() -> None:
    damaged, sites = corrupt("發展潛力甲等。", NOTES)
    edit = repair(damaged)
    assert edit.text in (damaged, "發(fā)展潛力甲等。")
    assert edit.repairs if sites else not edit.repairs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("管理是一門嚴謹?shù)膶W問", "管理是一門嚴謹的學問"),
        ("書記說?；鶎狱h組織很重要", "書記說。基層黨組織很重要"),
        ("這座小城一片幸；ㄩ_的景象", "這座小城一片幸福花開的景象"),
    ],
)
def test_before_and_after(before: str, after: str) -> None:
    assert repair(before).text == after


def test_a_swallowed_digit_is_flagged_and_never_filled_in() -> None:
    damaged, sites = corrupt("街道共組建微信總群6個，樓棟群三個。", {"側": "cè"}, marks=())
    assert [site.swallowed for site in sites] == ["6"]
    edit = repair(damaged)
    assert edit.text == damaged
    assert [(done.applied, done.certainty) for done in edit.repairs] == [(False, Certainty.LOW)]


def test_a_note_that_fell_on_a_letter_goes() -> None:
    damaged, _ = corrupt("農村e郵站開到了村口。", {"錯": "cuò"}, marks=())
    assert damaged == "農村e(cuò)郵站開到了村口。"
    assert repair(damaged).text == "農村e郵站開到了村口。"


@pytest.mark.parametrize(
    "clean",
    [
        "你说呢?!真的吗???太好了!!!",
        "怎么会这样？！我不知道？？谁知道呢……",
        "A股、T恤、K歌和e家都是新词；B超不是。",
        "綦江区的犀浦镇，綦临社区，彧先生与翯女士。",
        "網格員們每天走訪，及時發現問題；居民滿意。",
        "价格是多少?;还没有定。",
        "社区发展，？？；居民议事。",
        "社区发展,??;居民议事。",
        "他愣住了！？，半天没说话。",
        "谁来管？！；谁来修？，都要议一议。",
        "真的假的???大家议论纷纷?!?",
        "规?;?、标准化都要讲。",
        "",
        "?",
        "?；",
        "；ㄩ",
    ],
)
def test_clean_text_comes_out_as_it_went_in(clean: str) -> None:
    assert repair(clean).text == clean


def test_marks_alone_are_read_only_where_the_text_shows_other_damage() -> None:
    alone = "村务公开走向规?;?、标准化。"
    assert [(done.before, done.applied) for done in repair(alone).repairs] == [("?;?", False)]
    assert repair(alone + "\n书记说?；鶎狱h組織很重要").text.startswith("村务公开走向规模化、标准化。")


@pytest.mark.parametrize(
    "unit", ["?;", "？；", "?；鶎狱h", "?shù)膶W", "村e(cuò)", "區(qū)?;", "；龘靐", "?!", "“", "說?；鶎狱h\n"]
)
def test_a_text_full_of_signs_costs_bounded_time_and_is_flagged_once_for_the_rest(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    with at_most(30):  # some 1.5 s where nothing else runs
        edit = repair(text)
    assert edit.text == text
    assert len(edit.repairs) < 20_000
    if unit not in ("?!", "“"):
        assert edit.repairs[-1].evidence.startswith("too many signs")


def test_repairing_twice_changes_nothing_more() -> None:
    once = repair(SEED.read_text("utf-8")).text
    assert repair(once).text == once


def test_offsets_point_into_the_whole_text() -> None:
    text = "第一行。\n書記說?；鶎狱h組織很重要\n第三行"
    (done,) = repair(text).repairs
    assert text[done.start : done.end] == done.before
    assert repair(text).text == text[: done.start] + done.after + text[done.end :]
