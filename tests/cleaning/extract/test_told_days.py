"""A sentence of the story that names a day is never a byline: it stays in the text and dates nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.byline_story import is_told
from cleaning.pipeline import process
from models.records import Origin
from tests.cleaning.extract.pages import STORY, TITLE, plain_page, raw, read, texts

TOLD = """
2019年3月15日，社区成立党支部。
2019年3月15日，社区成立党支部
2019年3月15日社区成立党支部
2019年3月15日 社区成立党支部
2019年3月15日　支部揭牌
2019-03-15 社区成立党支部
2019/3/15，社区挂牌。
2019.3.15，十二名党员报到。
2019年3月15日晴。
2019年3月15日，晴
2019年3月15日下午，十二名党员到齐。
2019年3月15日上午9:00，大会开始。
2019年3月15日9时30分，社区成立党支部。
2019年3月15日（星期五），支部成立。
2019年3月15日，南山日报记者来到社区。
2019年3月15日起，议事厅每周开放。
2019年3月15日前，小区没有物业。
2019年3月15日至2019年4月2日，走访全部住户。
在2019年3月15日的会上，大家举手。
截至2019年3月15日，党员共36名。
自2019年3月15日起施行。
到2019年3月15日，路灯全亮了。
这一天是2019年3月15日。
社区党支部成立于2019年3月15日
社区党支部于2019年3月15日成立
时间回到2019年3月15日……
大家都记得2019年3月15日！
谁还记得2019年3月15日？
“2019年3月15日，我入了党。”
（2019年3月15日南山区委常委会会议通过）
二〇一九年三月十五日，社区成立党支部。
二〇一九年三月十五日社区成立党支部
民国108年3月15日，里民大会召开。
2019 年 3 月 15 日，社区成立党支部。
一、2019年3月15日，社区成立党支部。
◆2019年3月15日 老党员上讲台讲故事
资金来源：街道拨款，2019年3月15日到位。
新华社南山2019年3月15日电 社区有了议事厅。
2019年3月15日，是东风社区的生日。
据《南山日报》2019年3月15日报道
2019年3月15日 南山日报头版刊登了社区的故事
2019年3月15日 社区 12 个小组全员到齐
2019年3月15日至4月2日，走访全部住户
2019年3月15日夜，堤上灯火通明
2019年3月15日 地点：东风社区议事厅
会议时间：2019年3月15日
一、时间：2019年3月15日上午
公示时间：2019年3月15日至3月21日
时间：2019年3月15日至17日
截止日期：2019年3月15日
（一）动员部署（2019年3月15日前）
——2019年3月15日在南山区党代会上的讲话
南山发〔2019〕3号 2019年3月15日
""".split("\n")[1:-1]

BYLINES = (
    "",
    "2024-05-20 10:30 来源：南山日报",
    "来源：南山日报",
    "2024年05月20日 南山日报",
    "南山区委组织部 2024-05-20",
)


def page(byline: str, *paragraphs: str) -> str:
    return plain_page(byline, body="".join(f"<p>{text}</p>" for text in paragraphs))


@pytest.mark.parametrize("told", TOLD)
def test_a_day_of_the_story_stays_in_the_text_and_dates_nothing(told: str) -> None:
    bodies = ((told, *STORY), (*STORY, told), (told, *STORY, told), (told, *STORY), (told, *STORY))
    for byline, body in zip(BYLINES, bodies, strict=True):
        draft = read(page(byline, *body))
        assert texts(draft) == body
        day = draft.published.value.date().isoformat() if draft.published else None
        assert day == ("2024-05-20" if "20" in byline else None)
        medium = draft.medium.value if draft.medium else None
        assert medium == (None if not byline else "南山区委组织部" if "组织部" in byline else "南山日报")


@pytest.mark.parametrize("told", TOLD)
def test_a_day_of_the_story_above_its_block_dates_nothing(told: str) -> None:
    markup = plain_page().replace('<div class="text">', f'<div class="summary">{told}</div><div class="text">')
    assert read(markup).published is None
    assert read(markup).medium is None


def test_the_address_and_government_tags_date_a_story_that_begins_with_a_day() -> None:
    told = "2019年3月15日，社区成立党支部。"
    draft = read(page("", told, *STORY), "http://news.example/2024/0520/a.html")
    assert draft.published is not None
    assert (draft.published.value.day, draft.published.origin) == (20, Origin.URL)
    head = '<meta name="SiteName" content="南山"><meta name="PubDate" content="2024-05-20 08:00">'
    draft = read(page("", told, *STORY).replace("</head>", f"{head}</head>"))
    assert draft.published is not None
    assert draft.published.value.isoformat() == "2024-05-20T08:00:00+08:00"


DAYS = st.sampled_from(
    [
        "2019年3月15日",
        "2019年03月15日",
        "2019-03-15",
        "2019/3/15",
        "2019.3.15",
        "二〇一九年三月十五日",
        "2019 年 3 月 15 日",
    ]
)
JOINS = st.sampled_from(["，", "", " ", "　", "上午，", "下午", "起，", "，在村口，"])
WHO = st.sampled_from(
    ["社区", "东风社区党委", "南山街道党工委", "县委组织部", "十二名党员", "老支书李建国", "村里的年轻人"]
)
DID = st.sampled_from(
    [
        "成立党支部",
        "召开党员大会",
        "把水渠修到了田头",
        "上门听意见",
        "种下一百棵树",
        "开展志愿服务",
        "给老人送饭",
        "签订协议",
    ]
)
ENDS = st.sampled_from(["。", "", "！", "……", "；"])


@settings(max_examples=80, deadline=None)
@given(DAYS, JOINS, WHO, DID, ENDS, st.sampled_from(BYLINES), st.booleans())
def test_no_sentence_with_a_day_is_lost_wherever_it_stands(
    day: str, join: str, who: str, did: str, end: str, byline: str, first: bool
) -> None:
    told = f"{day}{join}{who}{did}{end}"
    body = (told, *STORY) if first else (*STORY, told)
    draft = read(page(byline, *body))
    assert texts(draft) == body
    assert draft.published is None or draft.published.value.year == 2024


PRINTED = """
2024年5月20日 星期三
2024年5月20日
2024-05-20
2024-05-20 10:30
2024年05月20日 10:30 南山日报
2024年05月20日06:58南山网
2024-05-20 南山日报
2024-05-20 时政要闻
2024年5月20日 南山区委组织部
南山区委组织部 2024年5月20日
《南山日报》 2024年5月20日 第3版
2024-05-20 10:30 南山小喇叭的日常
2024-05-20 10:30 浏览：36
发布时间：2024-05-20 10:30 来源：南山组织工作
""".split("\n")[1:-1]


@pytest.mark.parametrize("line", PRINTED)
def test_a_line_that_only_says_when_and_by_whom_is_a_byline(line: str) -> None:
    for markup in (page("", line, *STORY), page(line, *STORY)):
        draft = read(markup)
        assert texts(draft) == STORY
        assert draft.published is not None
        assert (draft.published.value.date().isoformat(), draft.published.origin) == ("2024-05-20", Origin.BYLINE)


SIGNATURES = (
    ("中共南山区委组织部 2024年5月1日",),
    ("中共南山区委组织部　　2024年5月1日",),
    ("南山街道党工委", "2024年5月1日"),
    ("南山街道党工委", "2024-05-01"),
    ("南山街道党工委", "二〇二四年五月一日"),
    ("东风社区全体党员 2024年5月1日",),
    ("李建国 2024年5月1日",),
    ("2024年5月1日于南山",),
    ("（2024年5月1日）",),
    ("写于2024年5月1日",),
    ("时间：2024年5月1日", "地点：东风社区议事厅"),
    ("会议时间：2024年5月1日上午9:00", "参加人员：全体党员"),
    ("时间：2024年5月1日",),
)


@pytest.mark.parametrize("lines", SIGNATURES)
def test_the_signature_and_the_particulars_of_a_notice_are_its_end(lines: tuple[str, ...]) -> None:
    for byline in BYLINES:
        draft = read(page(byline, *STORY, *lines))
        assert texts(draft) == (*STORY, *lines)
        assert draft.published is None or draft.published.value.day == 20


def test_when_an_event_is_held_is_not_when_it_was_published() -> None:
    particulars = ("时间：2024年5月1日 上午9:00", "地点：东风社区议事厅")
    draft = read(page("", *particulars, *STORY))
    assert texts(draft) == (*particulars, *STORY)
    assert draft.published is None


def test_the_days_of_a_chronicle_are_its_headings() -> None:
    chronicle = [line for day, text in zip((1, 8, 15), STORY, strict=True) for line in (f"2024年5月{day}日", text)]
    draft = read(page("2024-05-20 来源：南山日报", *chronicle))
    assert texts(draft) == tuple(chronicle)
    assert read(page("", *chronicle)).published is None


def test_furniture_with_a_day_behind_the_text_goes() -> None:
    for line in (
        "2024年5月20日 星期三",
        "2024-05-20 10:30",
        "《南山日报》 2024年5月20日 第3版",
        "责任编辑：王芳 2024-05-20",
    ):
        assert texts(read(page("", *STORY, line))) == STORY


def test_the_day_of_a_picture_is_not_that_of_publication() -> None:
    for body in (("2019年3月15日，李建国 摄", *STORY), (*STORY, "2019年3月15日，李建国 摄")):
        record = process(raw(page("", *body)), ())
        assert (record.paragraphs, record.published_at) == (STORY, None)
        assert [repair.rule for repair in record.repairs] == ["credits"]


def test_a_line_without_a_day_tells_of_none() -> None:
    assert not is_told(TITLE)
    assert not is_told("来源：南山日报")
