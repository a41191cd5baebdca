"""What a form letter differs in is told from what an editor changes."""

from __future__ import annotations

import pytest

from cleaning.filled_in import count_filled_in, find_changes

ROOT = "县里召开会议"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        # A word for another word is wording.
        ("会议进行了两个小时", "会议开展了两个小时", 0),
        ("书记表示要推进改革", "书记称要推动改革", 0),
        ("这项工作重要", "这项工作十分重要", 0),
        # Numbers, also written out.
        ("走访群众37户", "走访群众45户", 1),
        ("5月12日上午开工", "6月30日上午开工", 2),
        ("全乡有三个村", "全乡有五个村", 1),
        # People, alone, by their given names, in lists.
        ("王磊带队检查", "张涛带队检查", 1),
        ("王磊说这里变了", "王涛说这里变了", 1),
        ("会上张秀英贺春燕作了发言", "会上王海涛王立新作了发言", 1),
        # Places and bodies; two names may have characters in common.
        ("余杭区的做法", "西湖区的做法", 1),
        ("成都的做法", "杭州的做法", 1),
        ("十堰晋中等地纪委查处", "南平肇庆南昌等地纪委查处", 1),
        ("近日税务局机关支部组织学习", "近日自然资源局组织学习", 1),
        ("近日水务集团组织学习", "近日农商银行云岭支行组织学习", 1),
        # What an editor far away writes for 我, 昨日, 近日.
        ("我市召开会议", "成都市召开会议", 0),
        ("昨日召开会议", "5月12日召开会议", 0),
        # Left out or put in: no other name stands there.
        ("李国安等同志参加", "同志参加", 0),
    ],
)
def test_names_and_numbers_are_counted_and_words_are_not(one: str, other: str, count: int) -> None:
    assert count_filled_in(one, other) == count
    assert count_filled_in(other, one) == count


def test_changes_that_hardly_anything_parts_are_one() -> None:
    one, other = "近日税务局机关支部组织", "近日自然资源局组织"
    assert [(c.before, c.after) for c in find_changes(one, other)] == [("税务", "自然资源"), ("机关支部", "")]
    assert [(c.before, c.after) for c in find_changes(one, other, apart=2)] == [("税务局机关支部", "自然资源局")]


def test_equal_sentences_have_no_changes() -> None:
    assert find_changes("召开会议", "召开会议") == []
