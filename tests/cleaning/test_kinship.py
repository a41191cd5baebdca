"""Copies of one story and texts that only look like it."""

from __future__ import annotations

import pytest

from cleaning import kinship
from models.wording import Kinship, Relation, Wording, wording_of

ORIGINAL = """清晨六点，桂花巷社区的党员周玉兰已经在巷口的议事亭里摆好了桌椅。
今天要议的是三号楼加装电梯的事，从去年十月提出到现在，居民们已经坐下来谈了七次。
“一楼怕挡光，六楼盼出行，光靠讲道理讲不通。”周玉兰翻开记得密密麻麻的本子说。
社区党总支把楼里的十一名党员编成两组，一组听意见，一组算细账，把每户要出多少钱、补多少钱写在一张纸上。
设计院的工程师被请到亭子里，当场拿出了玻璃井道的方案，采光影响从两个小时降到二十分钟。
五月十八日，十八户居民全部签了字，电梯在国庆节前装好。
从那以后，议事亭每周三开一次，先后解决了停车划线、晾衣竿改造等二十六件小事。"""

OTHER_MEDIUM = """桂花巷社区三号楼的电梯终于装上了，住在六楼的退休教师李国安第一个体验。
记者了解到，这部电梯背后是一场历时大半年的协商。
“一楼怕挡光，六楼盼出行，光靠讲道理讲不通。”周玉兰翻开记得密密麻麻的本子说。
区住建局负责人表示，全区今年计划加装电梯一百二十部，目前完成过半，资金由财政补贴与居民分摊共同解决。
专家认为，老旧小区改造的难点不在技术而在共识，基层党组织的作用正在于把共识一点点谈出来。
李国安算了一笔账，自己家分摊三万元，但每天少爬四趟楼，值。"""

LETTER = """根据干部选拔任用工作有关规定，现将{name}同志的任前情况予以公示，接受干部群众监督。
{name}，{year}年生，现任{town}党委副书记，拟任{post}党委书记。
公示时间为{day}日起五个工作日，公示期内欢迎通过来信来电来访等方式反映情况。
反映情况应当实事求是，提倡署实名，并提供联系方式，以便了解核实有关问题。
受理部门为县委组织部干部监督科，联系电话和通信地址见县政府门户网站公告栏。"""


def relate(first: str, second: str) -> Kinship | None:
    return kinship.relate(word(first), word(second))


def word(text: str) -> Wording:
    return wording_of(None, text) or Wording(0, "", 0, frozenset())


def test_the_same_text_in_other_marks_and_spaces_is_the_same() -> None:
    copy = ORIGINAL.replace("，", ",").replace("\n", "\n　　")
    kin = relate(copy, ORIGINAL)
    assert kin is not None
    assert (kin.relation, kin.containment) == (Relation.SAME, 1.0)


def test_a_shortened_reprint_is_found_and_named() -> None:
    lines = ORIGINAL.splitlines()
    kin = relate("\n".join(lines[:4]), ORIGINAL)
    assert kin is not None
    assert kin.relation is Relation.SHORTENED
    assert (kin.shared, kin.sentences) == (5, 5)


def test_an_editors_note_around_a_reprint_makes_it_extended() -> None:
    note = "编者按：为交流各地做法，本报今起推出基层治理系列报道，敬请读者关注并提出宝贵意见。\n"
    kin = relate(note + ORIGINAL, ORIGINAL)
    assert kin is not None
    assert kin.relation is Relation.EXTENDED


def test_a_reprint_with_other_wording_is_edited() -> None:
    kin = relate(ORIGINAL.replace("已经坐下来谈了", "先后坐下来协商了").replace("当场拿出了", "现场给出了"), ORIGINAL)
    assert kin is not None
    assert kin.relation is Relation.EDITED


def test_one_corrected_number_does_not_make_another_story() -> None:
    long = ORIGINAL + "\n议事亭的墙上挂着一块小黑板，谁家有事就写在上面，办完一件划掉一件，从不隔夜。"
    assert relate(long.replace("二十六件", "二十八件"), long) is not None


def test_two_media_on_one_event_are_two_stories_though_they_quote_the_same_words() -> None:
    assert set(mark_sentences(OTHER_MEDIUM)) & set(mark_sentences(ORIGINAL)), "they share the quotation"
    assert relate(OTHER_MEDIUM, ORIGINAL) is None


def test_a_form_letter_with_other_names_is_another_story() -> None:
    one = LETTER.format(name="周文斌", year="1983", town="青石镇", post="柳河镇", day="6月12")
    two = LETTER.format(name="许晓琳", year="1986", town="红旗乡", post="安平乡", day="9月3")
    assert len(set(mark_sentences(one)) & set(mark_sentences(two))) >= 2, "they share the form"
    assert relate(one, two) is None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("社区党支部明天上午九点开会，请全体党员参加。", "社区党支部明天上午九点开会,请全体党员参加", True),
        ("社区党支部明天上午九点开会，请全体党员参加。", "社区党支部明天下午三点开会，请全体党员参加。", False),
        ("8月3日，云溪镇党委书记王磊带队检查防汛。", "8月3日，云溪镇党委书记张涛带队检查防汛。", False),
        ("", "", True),
        ("党建引领", "", False),
    ],
)
def test_short_texts_are_copies_only_when_nothing_of_substance_differs(first: str, second: str, same: bool) -> None:
    assert (relate(first, second) is not None) is same


def mark_sentences(text: str) -> tuple[int, ...]:
    return tuple(sentence.mark for sentence in word(text).sentences)


@pytest.mark.parametrize("other", [OTHER_MEDIUM, ORIGINAL[:150], LETTER])
def test_kinship_holds_both_ways(other: str) -> None:
    one, two = relate(ORIGINAL, other), relate(other, ORIGINAL)
    assert (one is None) is (two is None)
    if one and two:
        assert one.containment == two.containment


def test_a_text_of_nothing_but_marks_has_no_sentences() -> None:
    assert mark_sentences("。！？\n、，；") == ()


def test_marks_fit_a_signed_64_bit_column() -> None:
    assert all(-(2**63) <= m < 2**63 for m in mark_sentences(ORIGINAL))
