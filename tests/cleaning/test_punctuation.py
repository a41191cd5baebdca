from __future__ import annotations

import pytest

from cleaning import punctuation


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("党员带头,群众参与;好吗?好!", "党员带头，群众参与；好吗？好！"),
        ("书记说:“干!”", "书记说：“干！”"),
        ("街道(乡镇)、社区(村)", "街道（乡镇）、社区（村）"),
        ("政协(CPPCC)、组织(NGO)和方案(a)", "政协（CPPCC）、组织（NGO）和方案（a）"),
        ("(一)加强领导;(2)压实责任", "（一）加强领导；（2）压实责任"),
        ("增长3.2%,达到1,000户", "增长3.2%，达到1,000户"),
        ("发布时间:2022/3/31 11:27:21 点击:0", "发布时间：2022/3/31 11:27:21 点击：0"),
        ("打到3:2,比赛8:30开始", "打到3:2，比赛8:30开始"),
        ("详见https://a.example.cn/x?id=1,2;b(c),谢谢", "详见https://a.example.cn/x?id=1,2;b(c)，谢谢"),
        ("来信a.b@c.example.cn,收", "来信a.b@c.example.cn，收"),
        ("函数f(x)的值", "函数f(x)的值"),
        ("他说Hello, world!再见", "他说Hello, world！再见"),
        ("外层(内层(a)里)外", "外层（内层（a）里）外"),
        ("（半边)和(另一半）", "（半边）和（另一半）"),
        ("真的吗?!", "真的吗？！"),
        ("参加率达95%!", "参加率达95%！"),
        ("1)加强学习", "1)加强学习"),
        ("等等...还有。。。", "等等...还有。。。"),
        ('他说"好"', '他说"好"'),
        ("Party building, step 1: learn (a).", "Party building, step 1: learn (a)."),
        ("上午9:30,会议开始;11:05:30结束!", "上午9:30，会议开始；11:05:30结束！"),
        ("比分3:2;比例1:1.5,共12,345.67元", "比分3:2；比例1:1.5，共12,345.67元"),
        ("见www.example.cn/a,b?c=(1);后面", "见www.example.cn/a,b?c=(1)；后面"),
        ("党课(第3讲:9:00)开讲", "党课（第3讲：9:00）开讲"),
        ("使用Word, Excel(2019)等软件", "使用Word, Excel(2019)等软件"),
        ("坐标30.5,104.1(北纬)", "坐标30.5,104.1（北纬）"),
        ("全角，已经；是：了？对！（的）", "全角，已经；是：了？对！（的）"),
    ],
)
def test_marks_are_widened_in_chinese_context_only(before: str, after: str) -> None:
    assert punctuation.repair(before).text == after
    assert punctuation.repair(after).text == after


def test_one_repair_per_line_and_mark_with_its_count() -> None:
    edit = punctuation.repair("党员,群众,干部;\n社区,")
    assert [(r.before, r.after, r.start, r.count) for r in edit.repairs] == [
        (",", "，", 2, 2),
        (";", "；", 8, 1),
        (",", "，", 12, 1),
    ]


def test_a_quotation_mark_that_faces_the_wrong_way_is_reported_and_left() -> None:
    edit = punctuation.repair("“四心居”、”一线工作法”走进社区。")
    assert edit.text == "“四心居”、”一线工作法”走进社区。"
    (repair,) = edit.repairs
    assert (repair.applied, repair.before, repair.candidates) == (False, "”一线工作法”", ("“一线工作法”",))


@pytest.mark.parametrize(
    "text",
    [
        "“五个一”和“三会一课”",
        "“他说“好”，走了”",
        "“第一段没有关上。",
        "上一段的话到这里结束。”他说。",
    ],
)
def test_quotation_marks_that_may_be_right_are_not_reported(text: str) -> None:
    assert punctuation.repair(text).repairs == ()


@pytest.mark.parametrize("unit", ["社(", "社,", "(社)", "”", "“", "(),", "http://", "a@", "?"])
def test_a_megabyte_in_bytes_of_the_worst_is_cleaned(unit: str) -> None:
    once = punctuation.repair("社" + unit * (300_000 // len(unit))).text
    assert punctuation.repair(once).text == once
