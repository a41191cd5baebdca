"""Titles: cut free of the site's name, never cut themselves."""

from __future__ import annotations

import pytest

from cleaning.titles import Heading, choose_title, clean_title, strip_site, undouble
from models.records import Origin

STRIPPED = [
    ("深度观察 | 严查小微腐败————要闻——南山区纪委监委网站", "深度观察 | 严查小微腐败"),
    ("党建引领添活力_南山网", "党建引领添活力"),
    ("党建引领添活力-新闻频道-南山网", "党建引领添活力"),
    ("党建引领添活力--党建频道--南山网", "党建引领添活力"),
    ("党建引领添活力—南山区人民政府网站", "党建引领添活力"),
    ("社區換新顏 長者樂開懷 - 數碼 - 南山網", "社區換新顏 長者樂開懷"),
    ("让群众唱主角——南山区基层治理观察", "让群众唱主角——南山区基层治理观察"),
    ("2023-2024年度先进党支部名单", "2023-2024年度先进党支部名单"),
    ("南山网", "南山网"),
]


@pytest.mark.parametrize(("tag", "title"), STRIPPED)
def test_the_site_goes_and_the_title_stays(tag: str, title: str) -> None:
    assert strip_site(tag) == title


def test_a_heading_that_the_title_tag_repeats_is_the_title() -> None:
    headings = [Heading("南山区人民政府", 1), Heading("社区有了议事厅", 0), Heading("相关新闻", 2, False)]
    found = choose_title("社区有了议事厅-南山网", headings)
    assert found is not None
    assert (found.value, found.origin) == ("社区有了议事厅", Origin.HEADING)


def test_a_short_heading_goes_before_a_tag_that_names_the_kind_of_page_first() -> None:
    found = choose_title("（图片故事）侗寨晒秋忙-时政-南山网", [Heading("侗寨晒秋忙", 1)])
    assert found is not None
    assert found.value == "侗寨晒秋忙"


def test_a_title_over_two_lines_is_joined() -> None:
    headings = [Heading("凝心聚力启新程"), Heading("——南山区基层党建工作综述"), Heading("来源：南山网")]
    found = choose_title("凝心聚力启新程——南山区基层党建工作综述_南山网", headings)
    assert found is not None
    assert found.value == "凝心聚力启新程 ——南山区基层党建工作综述"


def test_a_title_tag_without_the_title_gives_way_to_the_heading() -> None:
    found = choose_title("评论——南山区纪委监委网站", [Heading("快评 | 把纪律挺在前面", 2)])
    assert found is not None
    assert found.value == "快评 | 把纪律挺在前面"


def test_a_shortened_meta_title_gives_way_to_the_printed_one() -> None:
    printed = Heading("持续深化群众身边不正之风和腐败问题集中整治", 2)
    found = choose_title("要闻——南山网站", [printed], ["深化群众身边不正之风腐败问题集中整治"])
    assert found is not None
    assert found.value == printed.text


def test_the_reporter_is_no_part_of_the_title() -> None:
    found = choose_title("把职责扛在肩上 本刊记者 赵小伟", [Heading("把职责扛在肩上")])
    assert found is not None
    assert found.value == "把职责扛在肩上"


def test_nothing_that_looks_like_a_title_is_none() -> None:
    assert choose_title("首页", [Heading("正文", 1)]) is None
    assert choose_title("", []) is None


def test_escaped_markup_is_read_as_text() -> None:
    assert (
        clean_title("&lt;p&gt;&lt;span style=&quot;x&quot;&gt;社区有了议事厅&lt;/span&gt;&lt;/p&gt;")
        == "社区有了议事厅"
    )


def test_a_doubled_heading_is_one() -> None:
    assert undouble("社区有了议事厅社区有了议事厅") == "社区有了议事厅"
    assert undouble("社区有了议事厅 社区有了议事厅") == "社区有了议事厅"
    assert undouble("党建党建") == "党建党建"
