from __future__ import annotations

import pytest

from cleaning import spaces


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("志愿服务总队 ,并邀请", "志愿服务总队,并邀请"),
        ("志愿服务总队 ，并邀请", "志愿服务总队，并邀请"),
        ("街道推出 “五步法”，成效好", "街道推出“五步法”，成效好"),
        ("打造“邻里聚· 楼院党建” 品牌，受到欢迎", "打造“邻里聚·楼院党建”品牌，受到欢迎"),
        ("（ 社区 ）服务", "（社区）服务"),
        ("党员， 群众", "党员，群众"),
    ],
)
def test_a_stray_space_beside_a_mark_is_removed(before: str, after: str) -> None:
    edit = spaces.repair(before)
    assert edit.text == after
    assert sum(repair.count for repair in edit.repairs) == len(before) - len(after)
    assert spaces.repair(after).text == after


def test_text_set_letter_by_letter_is_closed_up() -> None:
    edit = spaces.close_letters("社 区 党 员 带 头 干 ， 群 众 齐 参 与\n三级融合 多元共建")
    assert edit.text == "社区党员带头干，群众齐参与\n三级融合 多元共建"
    assert [r.rule for r in edit.repairs] == ["letter-spacing"]


@pytest.mark.parametrize(
    "text",
    [
        "三级融合 多元共建",
        "稳基础 强重点 开新局",
        "“忙死”干部跑断腿 效果却不好",
        "“一核多元” “三治融合”",
        "“五步法” 促治理 聚民心",
        "记者 张三 李四 王五",
        "全长 3 公里，use Python 3，共 5 人",
        "奋进！ 前行",
        "他说。 她听。",
    ],
)
def test_a_space_that_the_author_set_stays(text: str) -> None:
    assert spaces.repair(text).text == text
    assert spaces.close_letters(text).text == text


def test_runs_and_edges_of_white_space_are_collapsed_without_a_record() -> None:
    edit = spaces.collapse("\u3000\u3000段首　　标题  二 \n x ")
    assert (edit.text, edit.repairs) == ("段首 标题 二\nx", ())


@pytest.mark.parametrize("unit", [" ", "社 ", "“ ", "， ", "\u3000社", "· 社"])
def test_a_megabyte_in_bytes_of_the_worst_is_cleaned(unit: str) -> None:
    for rule in (spaces.repair, spaces.close_letters):
        once = rule(unit * (300_000 // len(unit))).text
        assert rule(once).text == once
