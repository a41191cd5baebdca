"""Bylines as they stand under titles and behind texts, Simplified and Traditional."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.byline import parse_byline, parse_tail
from cleaning.byline_media import clean_medium
from cleaning.byline_names import split_names
from tests.cpu_limit import at_most

# line -> the fields that are not empty
LINES: list[tuple[str, dict[str, object]]] = [
    ("来源：南山日报 责任编辑：张晓明", {"medium": "南山日报", "editors": ("张晓明",)}),
    ("來源：海天社 記者：陳大文", {"medium": "海天社", "authors": ("陳大文",)}),
    ("責任編輯:王小明", {"editors": ("王小明",)}),
    ("【责任编辑:王頔】", {"editors": ("王頔",)}),
    ("（责编：刘一、陈二平）", {"editors": ("刘一", "陈二平")}),
    ("编辑 | 周小川", {"editors": ("周小川",)}),
    ("责任编辑：杜明_NB12556", {"editors": ("杜明",)}),
    ("选稿：许文强", {"editors": ("许文强",)}),
    ("南山社区报记者 李建国", {"authors": ("李建国",)}),
    ("采写：本报见习记者 林小雨", {"authors": ("林小雨",)}),
    ("本刊记者 赵　伟", {"authors": ("赵伟",)}),
    ("文/图 周小川", {"authors": ("周小川",), "photographers": ("周小川",)}),
    ("撰文/李四光 图/王五一", {"authors": ("李四光",), "photographers": ("王五一",)}),
    ("摄影 李建国 王　芳", {"photographers": ("李建国", "王芳")}),
    ("李建国 摄", {"photographers": ("李建国",)}),
    ("执行:王晓、钟婷婷", {"authors": ("王晓", "钟婷婷")}),
    ("作者：何苗 张梦洁", {"authors": ("何苗", "张梦洁")}),
    ("（作者：李建国，系某大学教授）", {"authors": ("李建国",)}),
    ("来源：南山网作者：李建国责任编辑：王　頔", {"medium": "南山网", "authors": ("李建国",), "editors": ("王頔",)}),
    ("作者: 发布时间: 点击率:0", {"clicks": 0}),
    ("浏览次数：123次 字号：[ 大 中 小 ] 打印", {"clicks": 123}),
    ("时间：来源:未知 作者:admin 点击:5", {"clicks": 5}),
    ("作者：104363", {}),
    ("编辑/校对：王芳", {"editors": ("王芳",)}),
    ("責編、校對：王芳", {"editors": ("王芳",)}),
    ("●本报记者 李明 ●编辑 王芳", {"authors": ("李明",), "editors": ("王芳",)}),
    ("初审编辑：李明", {"editors": ("李明",)}),
    ("图文来源：南山日报", {"medium": "南山日报"}),
    ("Source: Nanshan Daily", {"medium": "Nanshan Daily"}),
]
# Roles glued to names, roles of the press of Taiwan, and labels as sites write them.
GLUED: list[tuple[str, dict[str, object]]] = [
    ("记者石磊", {"authors": ("石磊",)}),
    ("本报记者石磊", {"authors": ("石磊",)}),
    ("（记者石磊）", {"authors": ("石磊",)}),
    ("记者刘春燕、张三丰", {"authors": ("刘春燕", "张三丰")}),
    ("通讯员王磊", {}),
    ("（记者石磊 通讯员王磊 李娜）", {"authors": ("石磊",)}),
    ("本报记者石磊通讯员王磊", {"authors": ("石磊",)}),
    ("(新华社记者李明 王丽)", {"authors": ("李明", "王丽")}),
    ("（新华社记者李明、王丽、赵强参与采写）", {"authors": ("李明", "王丽", "赵强")}),
    ("（记者李明 实习生王丽）", {"authors": ("李明", "王丽")}),
    ("（记者李明、见习记者王丽）", {"authors": ("李明", "王丽")}),
    ("（本报记者李明采访整理）", {"authors": ("李明",)}),
    ("特约通讯员李明 通讯员王丽", {}),
    ("本报特约评论员李明", {"authors": ("李明",)}),
    ("南山日报全媒体记者李明", {"authors": ("李明",)}),
    ("南山融媒记者：李明", {"authors": ("李明",)}),
    ("记者/李明 通讯员/王丽", {"authors": ("李明",)}),
    ("记者张志明通讯员欧阳娜娜报道", {"authors": ("张志明",)}),
    ("新华社记者张明摄", {"photographers": ("张明",)}),
    ("文/记者石磊 图/王丽", {"authors": ("石磊",), "photographers": ("王丽",)}),
    ("記者王小明／台北報導", {"authors": ("王小明",)}),
    ("（中央社記者王小明台北3日電）", {"authors": ("王小明",)}),
    ("【記者王小明台北報導】", {"authors": ("王小明",)}),
    ("〔記者王小明／綜合報導〕", {"authors": ("王小明",)}),
    ("記者王小明、陳大文／台中報導", {"authors": ("王小明", "陳大文")}),
    ("聯合報 記者王小明／即時報導", {"authors": ("王小明",)}),
    ("採訪撰文／李明", {"authors": ("李明",)}),
    ("攝影／李明", {"photographers": ("李明",)}),
    ("（編輯李明）", {"editors": ("李明",)}),
    ("責任編輯：李明", {"editors": ("李明",)}),
    ("责任编辑李明", {"editors": ("李明",)}),
    ("（责任编辑：李明 实习编辑：王丽）", {"editors": ("李明", "王丽")}),
    ("责任编辑：李明；编审：赵强", {"editors": ("李明",)}),
    ("编辑：李明 复核：王丽 审发：赵强", {"editors": ("李明",)}),
    ("总值班：李明 值班主任：王丽 责任编辑：赵强", {"editors": ("赵强",)}),
    ("值班编辑 李明", {"editors": ("李明",)}),
    ("监制/王丽 编辑/李明 校对/赵强", {"editors": ("李明",)}),
    ("一审：李明 二审：王丽 三审：赵强", {}),
    ("一审丨李明 二审丨王丽 三审丨赵强", {}),
    ("出品人：李明 总监制：王丽 监制：赵强", {}),
    ("稿源：南山网", {"medium": "南山网"}),
    ("信息来源:市委组织部", {"medium": "市委组织部"}),
    ("文章来源：《南山日报》", {"medium": "南山日报"}),
    ("来源｜南山发布", {"medium": "南山发布"}),
    ("来源:本站", {}),
    ("来源：本网原创", {}),
    ("来源：新华社“南山视点”微信公众号", {"medium": "新华社“南山视点”微信公众号"}),
    ("来源：南山日报2024-03-02 10:20", {"medium": "南山日报"}),
    ("2024-03-02 10:20:30 编辑：李明 来源：南山网", {"medium": "南山网", "editors": ("李明",)}),
    ("发布者：李明 来源：南山网", {"medium": "南山网"}),
    ("（作者：李明 单位：南山区委党校）", {"authors": ("李明",)}),
]
FIELDS = ("medium", "authors", "photographers", "editors", "clicks")


@pytest.mark.parametrize(("line", "expected"), [*LINES, *GLUED])
def test_a_byline_says_who(line: str, expected: dict[str, object]) -> None:
    byline = parse_byline(line)
    found = {name: getattr(byline, name) for name in FIELDS if getattr(byline, name) not in (None, ())}
    assert found == expected
    assert byline.is_complete


def test_credits_keep_role_and_organisation() -> None:
    credits = parse_byline("南山社区传媒记者 张小丽 街道供图").credits
    assert [(c.role, c.names, c.organisations) for c in credits] == [
        ("记者", ("张小丽",), ("南山社区传媒",)),
        ("供图", (), ("街道",)),
    ]


def test_planners_may_be_units() -> None:
    (credit,) = parse_byline("策划:临江县委组织部、临江县东风镇党委").credits
    assert credit.organisations == ("临江县委组织部", "临江县东风镇党委")


def test_the_date_of_a_byline() -> None:
    byline = parse_byline("更新时间：2024-02-01 发布时间：2024-01-08 06:58 来源：某某网")
    assert byline.published is not None
    assert byline.published.value.isoformat() == "2024-01-08T06:58:00+08:00"
    assert byline.is_dated


@pytest.mark.parametrize(
    "line",
    [
        "党建引领聚合力",
        "编辑部的故事",
        "文明社区 共建共享",
        "时间就是生命",
        "图书馆里的党课",
        "记者了解到",
        "記者從市政府了解到",
        "记者站",
        "记者会",
        "记者和他",
        "记者来到",
        "记者向前",
        "记者时间",
        "记者关注",
        "记者党建平台",
        "记者节",
        "责任编辑制",
        "编辑部",
        "记者从市委组织部获悉，今年以来全市新建党群服务站二十个",
        "策划 一场特别的主题党日",
        "图为志愿者在包饺子。李建国 摄",
        "执行力是干部的生命线",
        "南山区纪委监委网站 韩小栋",  # no word says what he did
    ],
)
def test_a_line_of_the_story_is_no_byline(line: str) -> None:
    assert not parse_byline(line).is_complete


def test_a_note_in_brackets_behind_the_last_sentence() -> None:
    text = "大会圆满结束。（记者 黄小玥）"
    byline, start = parse_tail(text)
    assert byline.authors == ("黄小玥",)
    assert text[:start] == "大会圆满结束。"
    assert parse_tail("共有三个社区（东风、西林、南山）")[1] == len("共有三个社区（东风、西林、南山）")


@pytest.mark.parametrize("name", ["未知", "本站", "网络", "http://a.example", "123", "", "《》"])
def test_what_names_no_medium(name: str) -> None:
    assert clean_medium(name) is None


def test_a_medium_loses_its_quotes() -> None:
    assert clean_medium("《南山日报》") == "南山日报"
    assert clean_medium("南山网-《南山日报》") == "南山网-《南山日报》"


def test_names_with_dots_and_login_words() -> None:
    assert split_names("阿卜杜拉·买买提、李建国")[0] == ("阿卜杜拉·买买提", "李建国")
    assert split_names("登录 注册 账号 密码")[0] == ()


@given(st.text(max_size=500))
def test_no_line_raises(line: str) -> None:
    parse_byline(line)
    parse_tail(line)


@pytest.mark.parametrize(
    "line", ["来源：" * 100_000, "记者 " * 100_000, "（" * 100_000, "2024-01-01 " * 50_000, " " * 300_000]
)
def test_a_hostile_line_does_not_stall(line: str) -> None:
    with at_most(10):
        parse_byline(line)
        parse_tail(line)


@pytest.mark.parametrize("line", ["凡注明“来源：南山网”的作品", "版权声明：注明「來源：南山網」的作品"])
def test_a_label_that_is_quoted_names_no_medium(line: str) -> None:
    assert parse_byline(line).medium is None


RUN_TOGETHER = [
    ("记者：石磊何苗赵强", ("石磊", "何苗", "赵强")),
    ("记者 李明王芳", ("李明", "王芳")),
    ("本报记者 李建国王芳", ("李建国", "王芳")),
    ("作者：欧阳明珠", ("欧阳明珠",)),  # one name with a surname of two characters
    ("作者：李王明芳", ("李王明芳",)),  # no way to cut it
    ("作者：阿依古丽", ("阿依古丽",)),  # rare surnames prove nothing
]


@pytest.mark.parametrize(("line", "names"), RUN_TOGETHER)
def test_names_run_together_are_told_apart_only_where_there_is_one_way(line: str, names: tuple[str, ...]) -> None:
    assert parse_byline(line).authors == names


def test_the_editor_of_a_medium_is_an_editor_and_the_medium_no_author() -> None:
    byline = parse_byline("每经记者 石磊 每经编辑 王芳")
    assert (byline.authors, byline.editors) == (("石磊",), ("王芳",))


SEPARATORS = [
    ("编辑▕ 王芳", "王芳"),
    ("编辑—王芳", "王芳"),
    ("责任编辑・王芳", "王芳"),
    ("网站编辑 - 王芳", "王芳"),
    ("（本文编辑 王芳）", "王芳"),
    ("『责任编辑：王芳』", "王芳"),
    ("责任编辑：王芳（邮箱：abc@news.example）", "王芳"),
    ("记者 | 李明 界面新闻编辑 | 王芳", "王芳"),
    ("澎湃新闻编辑 王芳", "王芳"),
    ("作者：李明　谢彬彬责任编辑：王芳", "王芳"),
    ("编辑人员：王芳", "王芳"),
]


@pytest.mark.parametrize(("line", "editor"), SEPARATORS)
def test_editors_are_read_whatever_stands_for_the_colon(line: str, editor: str) -> None:
    byline = parse_byline(line)
    assert byline.editors == (editor,)
    assert editor not in byline.authors


TAKEN_FROM = [
    ("本文来自微信公众号：南山日报（ID：nsrb），作者：李明，头图来自：视觉中国", "南山日报"),
    ("本文转载自微信公众号“南山组工”", "南山组工"),
    ("本文首发于《南山日报》", "南山日报"),
    ("来源：南山日报记者 李明", "南山日报"),
    ("資料來源：中央社", "中央社"),
    ("出自：南山日报", "南山日报"),
    ("作者：李明　《南山日报》（2024年05月20日　第 05 版）", "南山日报"),
    ("编辑—出版工作的来源", None),
    ("这篇文章出自一位老党员之手", None),
]


@pytest.mark.parametrize(("line", "medium"), TAKEN_FROM)
def test_where_a_text_was_taken_from_is_its_medium(line: str, medium: str | None) -> None:
    assert parse_byline(line).medium == medium
