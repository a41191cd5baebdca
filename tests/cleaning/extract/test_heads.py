"""What the elements of a head tell that its words do not: where one part ends, and what a part is called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaning.extract import extract
from cleaning.extract.lines import read_outline
from cleaning.extract.page import parse_page
from cleaning.extract.pieces import set_out
from cleaning.pipeline import process
from models.records import Draft, RawPage

FETCHED = datetime(2026, 11, 1, tzinfo=UTC)
TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "青石桥街道的党员志愿者清晨已经穿上红马甲，沿着菜市场清扫落叶、劝导车辆，等人流散去才回单位上班。",
        "居民代表把停车难写在黑板上，一条一条商量，三个月办结实事四十七件，邻里之间的笑声也多了起来。",
    )
)


def read(head: str, *, markup: str = "", title: str = "小院里来了红管家") -> Draft:
    page = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{head}<div>{TEXT}</div>{markup}</body></html>"
    )
    return extract(RawPage("test", "https://news.example/p/1", "0" * 64, page.encode(), FETCHED))


def medium(draft: Draft) -> str | None:
    return draft.medium.value if draft.medium else None


def names(found: object) -> tuple[str, ...]:
    return getattr(found, "value", ())


APART = [
    ("<p><b>2024-05-20</b><i>南山日报</i></p>", {"2024-05-20南山日报": "2024-05-20 | 南山日报"}),
    ("<p>来源：<a>南山日报</a><span>石磊</span></p>", {"来源：南山日报石磊": "来源：南山日报 | 石磊"}),
    ("<p>2024年<b>5</b>月20日</p>", {}),
    ("<p>来源：<a>南山日报</a>（临江）</p>", {}),
    ("<p><b>一</b><b>二</b><br><b>三</b><b>四</b></p>", {"一二": "一 | 二", "三四": "三 | 四"}),
    ("<p>没有别的元素</p>", {}),
]


@pytest.mark.parametrize(("markup", "expected"), APART)
def test_a_line_is_cut_where_one_element_meets_another(markup: str, expected: dict[str, str]) -> None:
    outline = read_outline(parse_page(f"<html><body>{markup}</body></html>", "").body)
    texts = [line.text for line in outline.lines]
    assert set_out(outline, texts, 0, len(texts)) == expected


MEDIA = [
    # only the class says what it is
    ('<div><span class="time">2024-05-20</span><span class="source">西林街道党工委</span></div>', "西林街道党工委"),
    ('<ul><li>2024-05-20</li><li id="source_baidu">西林街道办</li><li>87</li></ul>', "西林街道办"),
    ('<p class="articleSource">来源：<em>临江组织工作</em></p><p>石磊</p>', "临江组织工作"),
    ('<div><a class="author-name">西林发布</a><span>05-20 10:30</span></div>', "西林发布"),
    # a logo
    ('<p class="source-logo"><a href="/"><img alt="南山日报" src="l.png"></a> 2024-05-20</p>', "南山日报"),
    # only the elements keep it from its neighbours
    ("<p><span>2024-05-20 11:21</span><span>21世纪网</span></p>", "21世纪网"),
    ("<p><i>社会</i><a>南山晚报</a><b>欧阳明</b><i>2024-05-20</i></p>", "南山晚报"),
    # elements of their own do for labels what colons do
    ("<p><b>发布日期</b>2024-05-20<b>信息来源</b>南山组工<b>阅读量</b>12</p>", "南山组工"),
    # beside a date without a year, and an office beside a date
    ("<p>05-20 10:30 南山日报</p>", "南山日报"),
    ("<p>3小时前</p><p>南山日报 3小时前</p>", "南山日报"),
    ("<p>临江县河滩镇　2024-05-20 10:30　浏览 12 次</p>", "临江县河滩镇"),
    # not media
    ("<p>05-20 10:30 今天真热</p>", None),
    ('<div><span class="time">2024-05-20</span><span class="source">石磊</span></div>', None),
    ('<div>2024-05-20</div><div class="media-body"><p>摘要：街道里发生的许多许多事情。</p></div>', None),
    ('<p>2024-05-20</p><p class="pic"><img alt="南山日报" src="l.png"></p>', None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "expected"), MEDIA)
def test_a_medium_without_a_label_is_read_by_the_element_it_stands_in(head: str, expected: str | None) -> None:
    assert medium(read(head)) == expected


def test_a_name_whose_class_says_editor_is_no_author() -> None:
    draft = read('<p><span>2024-05-20</span><span>南山日报</span><span class="editor">石磊</span></p>')
    assert names(draft.editors) == ("石磊",)
    assert names(draft.authors) == ()


def test_a_name_beside_date_and_medium_is_the_authors() -> None:
    draft = read("<p><span>2024年05月20日 10:30</span> <span>来源：南山日报</span> <span>石磊</span></p>")
    assert (medium(draft), names(draft.authors)) == ("南山日报", ("石磊",))


def test_a_label_with_nobody_behind_it_does_not_take_the_next_button() -> None:
    draft = read("<p>2024-05-20 来源：南山日报</p>", markup="<p>责任编辑：</p><p>返回首页，查看更多</p>")
    assert names(draft.editors) == ()


def test_the_responsible_editor_comes_before_those_who_read_first() -> None:
    draft = read("<p>2024-05-20</p>", markup="<p>初审编辑：何苗</p><p>责任编辑：石磊</p>")
    assert names(draft.editors) == ("石磊", "何苗")


HANDED = [
    (
        '<script>var d={"title":"小院里来了红管家","media":"南山日报","pubtime":"2024-05-20 10:30:00"}</script>',
        "南山日报",
    ),
    (
        '<script id="__NEXT_DATA__" type="application/json">{"list":[{"title":"另一条新闻","source":"他乡晚报"}],'
        '"detail":{"title":"\\u5c0f\\u9662\\u91cc\\u6765\\u4e86\\u7ea2\\u7ba1\\u5bb6","source":"\\u5357\\u5c71\\u65e5\\u62a5",'
        '"publishTime":1716172200000}}</script>',
        "南山日报",
    ),
    ('<script>var list = [{"title":"另一条很长的新闻标题","source":"他乡晚报","pubTime":"2024-05-20"}]</script>', None),
    ('<script>var doc = {title: "小院里来了红管家", source: "pc", from: "list"}; track(doc);</script>', None),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), HANDED)
def test_what_a_page_hands_to_its_scripts_is_read_beside_its_own_title(script: str, expected: str | None) -> None:
    draft = read("", markup=script)
    assert medium(draft) == expected
    day = draft.published.value.date().isoformat() if draft.published else None
    assert day == ("2024-05-20" if expected else None)


def test_what_is_printed_comes_before_what_scripts_are_told() -> None:
    draft = read("<p>2024-05-21 来源：临江日报</p>", markup=HANDED[0][0])
    assert medium(draft) == "临江日报"
    assert draft.published is not None
    assert draft.published.value.day == 21


def test_a_source_above_the_title_is_read_where_none_stands_below() -> None:
    table = "<table><tr><td>信息来源</td><td>临江先锋网</td></tr></table>"
    page = f"<html><body>{table}<h1>小院里来了红管家</h1><p>2024-05-20</p><div>{TEXT}</div></body></html>"
    draft = extract(RawPage("test", "https://news.example/p/1", "0" * 64, page.encode(), FETCHED))
    assert medium(draft) == "临江先锋网"


def test_a_labelled_source_behind_the_text_comes_before_a_bare_name_above_it() -> None:
    draft = read("<p>2024-05-20 临江网</p>", markup="<p>来源：南山日报</p>")
    assert medium(draft) == "南山日报"
    assert medium(read("<p>2024-05-20 来源：临江网</p>", markup="<p>来源：南山日报</p>")) == "临江网"


def test_a_name_alone_beside_the_date_is_the_authors() -> None:
    assert names(read("<p><a>林小雨</a> <span>2024-05-20 10:30</span></p>").authors) == ("林小雨",)


@pytest.mark.parametrize("word", ["首页", "任免", "黄冈", "马鞍山", "卫健", "罗湖", "要闻"])
def test_a_place_or_a_column_beside_the_date_is_nobody(word: str) -> None:
    assert read(f"<p><a>{word}</a> <span>2024-05-20 10:30</span></p>").authors is None
    assert read(f"<p>{word} 2024-05-20 10:30 来源：南山日报</p>").authors is None


TAIWAN = [
    ("<p>【聯合報╱記者石磊／即時報導】</p><p>2024.05.20</p>", "联合报", ("石磊",)),
    ("<p>欣傳媒╱記者石磊／台北報導 2024-05-20 12:01</p>", "欣传媒", ("石磊",)),
    ("<p>2024-05-20</p><p>【台灣醒報／石磊】</p>", "台湾醒报", ("石磊",)),
    ("<p>2024-05-20</p><p>新聞速報</p><p>中央社</p>", "中央社", ()),
    ("<p>2024-05-20 01:30</p><p>旺報</p>", "旺报", ()),
    ("<p>2024-05-20</p><p>石磊／台北報導</p>", None, ("石磊",)),
    ("<p>2024-05-20</p><p>政治中心／石磊報導</p>", None, ("石磊",)),
    ("<p>2024-05-20</p><p>社會中心／綜合報導</p>", None, ()),
    ("<p>《党建研究》2024年第5期</p>", "党建研究", ()),
    ("<p>2024-05-20</p><p>简报</p>", None, ()),
]


@pytest.mark.parametrize(("head", "paper", "authors"), TAIWAN)
def test_the_heads_of_taiwans_papers_and_of_journals_are_read(
    head: str, paper: str | None, authors: tuple[str, ...]
) -> None:
    title = "小院里来了红管家"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{head}<div>{TEXT}</div></body></html>"
    record = process(RawPage("test", "https://news.example/p/1", "0" * 64, page.encode(), FETCHED))
    assert (record.medium, record.authors) == (paper, authors)
