"""Two sentences of the text itself stand below a title in the digest."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.digest.sentences import CUT, MOST_LETTERS, extract

EXTRACTS = [
    ("two of three", "街道把议事会开到院里。居民提了八条意见。都已办结。", "街道把议事会开到院里。居民提了八条意见。"),
    ("headings are left out", "一、把支部建在网格上\n网格党支部每周三晚上议事。", "网格党支部每周三晚上议事。"),
    (
        "a quotation keeps its mark",
        "书记说：“群众的事群众议。”大家都说好，事情办得快。",
        "书记说：“群众的事群众议。”大家都说好，事情办得快。",
    ),
    (
        "a byline ending in a full stop is too short to tell",
        "本报讯。社区党委开了三场板凳会，议定十二件事。",
        "社区党委开了三场板凳会，议定十二件事。",
    ),
    (
        "the title repeated",
        "社区议事会开到家门口。\n昨天晚上院里很热闹，来了五十多人。",
        "昨天晚上院里很热闹，来了五十多人。",
    ),
    ("no sentence at all", "\n参会人员名单\n张三 李四", "参会人员名单"),
    ("nothing", "", ""),
]


@pytest.mark.parametrize(("what", "text", "expected"), EXTRACTS, ids=[row[0] for row in EXTRACTS])
def test_the_first_two_telling_sentences(what: str, text: str, expected: str) -> None:
    assert extract(text, "社区议事会开到家门口") == expected


def test_a_long_sentence_is_cut_at_a_comma_and_the_cut_is_marked() -> None:
    clause = "各级党组织把学习教育同推动中心工作结合起来"
    shown = extract("，".join([clause] * 12) + "。")
    assert shown == "，".join([clause] * 4) + "，" + clause + CUT or shown.endswith(clause + CUT)
    assert len(shown) <= MOST_LETTERS + len(CUT)


@given(st.text(alphabet="党员社区，。！？”\n 一二", max_size=200))
@example("”””””””！ ”””””””！")
def test_nothing_is_shown_that_the_text_does_not_say(text: str) -> None:
    for part in extract(text).split(CUT):
        assert all(clause in text for clause in re.split("[。！？]+”*", part))
