"""What stands beside a title: kicker, subtitle, and the page of the newspaper; read, and no part of the text."""

from __future__ import annotations

import pytest

from cleaning.pipeline import process
from models.records import Origin, Record
from models.rules import ArticleRules
from tests.cleaning.extract.pages import PARAGRAPHS, STORY, TITLE, plain_page, raw

KICKER = "南山区把支部建在楼栋里"
SUBTITLE = "东风社区党建工作纪实"
BYLINE = '<div class="info">2024-05-20 来源：南山日报</div>'


def record(head: str, *, tail: str = "", markup: str = "", url: str = "http://news.example/a.html") -> Record:
    page = f"""<html><head><title>{TITLE}_南山网</title></head><body><div class="main">{head}
    <div class="text">{PARAGRAPHS}{tail}</div></div></body></html>{markup}"""
    return process(raw(page, url), ())


def value(record: Record, part: str) -> tuple[str | None, Origin | None]:
    told = record.provenance.get(part)
    return getattr(record, part), told.origin if told else None


KICKERS = [
    f'<p class="yinti">{KICKER}</p>',
    f'<div class="jianti">{KICKER}</div>',
    f'<h3 class="introTitle">{KICKER}</h3>',
    f'<h2 class="pre">{KICKER}</h2>',
    f'<div class="article-kicker"><span>{KICKER}</span></div>',
    f'<div id="pre-title"><div>{KICKER}</div></div>',
    f'<p class="headline__eyebrow">{KICKER}</p>',
]


@pytest.mark.parametrize("markup", KICKERS)
def test_a_line_above_the_title_that_is_called_so_is_the_kicker(markup: str) -> None:
    found = record(f"{markup}<h1>{TITLE}</h1>{BYLINE}")
    assert value(found, "kicker") == (KICKER, Origin.HEADING)
    assert (found.title, found.subtitle, found.paragraphs) == (TITLE, None, STORY)
    assert (found.medium, str(found.published_at)[:10]) == ("南山日报", "2024-05-20")


SUBTITLES = [
    f'<h2 class="sub">{SUBTITLE}</h2>',
    f'<p class="sub">{SUBTITLE}</p>',
    f'<div class="futi">{SUBTITLE}</div>',
    f'<div class="subTitle">{SUBTITLE}</div>',
    f'<div class="article_subtitle"><em>{SUBTITLE}</em></div>',
    f'<h4 id="fubiaoti">{SUBTITLE}</h4>',
]


@pytest.mark.parametrize("markup", SUBTITLES)
def test_a_line_under_the_title_that_is_called_so_is_the_subtitle(markup: str) -> None:
    for head in (f"<h1>{TITLE}</h1>{markup}{BYLINE}", f"<h1>{TITLE}</h1>{BYLINE}{markup}", f"<h1>{TITLE}</h1>{markup}"):
        found = record(head)
        assert value(found, "subtitle") == (SUBTITLE, Origin.HEADING)
        assert (found.title, found.kicker, found.paragraphs) == (TITLE, None, STORY)


@pytest.mark.parametrize("dash", ["——", "—", "--", "―― ", "── "])
def test_a_line_behind_a_dash_under_the_title_is_the_subtitle(dash: str) -> None:
    line = f"<p>{dash}{SUBTITLE}</p>"
    for head in (f"<h1>{TITLE}</h1>{line}{BYLINE}", f"<h1>{TITLE}</h1>{BYLINE}{line}", f"<h1>{TITLE}</h1>{line}"):
        found = record(head)
        assert found.subtitle is not None
        assert found.subtitle.endswith(SUBTITLE)
        assert (found.title, found.paragraphs) == (TITLE, STORY)


def test_a_subtitle_among_the_paragraphs_is_taken_out_of_them() -> None:
    page = plain_page("2024-05-20 来源：南山日报", body=f"<p>——{SUBTITLE}</p>{PARAGRAPHS}")
    found = process(raw(page), ())
    assert (found.subtitle, found.paragraphs) == (f"——{SUBTITLE}", STORY)


def test_kicker_and_subtitle_stand_beside_one_title() -> None:
    found = record(f'<p class="yinti">{KICKER}</p><h1>{TITLE}</h1><p>——{SUBTITLE}</p>{BYLINE}')
    assert (found.kicker, found.title, found.subtitle, found.paragraphs) == (KICKER, TITLE, f"——{SUBTITLE}", STORY)


NEITHER = [
    '<div class="sub"><a href="/dj">党建要闻频道</a></div>',
    '<p class="sub">2024-05-20 10:30</p>',
    '<p class="subtitle">来源：南山日报</p>',
    '<p class="subtitle">字号：大 中 小</p>',
    f'<p class="subtitle">{TITLE}</p>',
    '<p class="subtitle">居民把意见写在黑板上，一条一条商量，当场定下谁来办、哪天办完。</p>',
    '<p class="substance">东风社区党建工作纪实</p>',
    "<p>- -</p>",
]


@pytest.mark.parametrize("markup", NEITHER)
def test_bylines_columns_and_summaries_are_no_subtitle(markup: str) -> None:
    found = record(f"<h1>{TITLE}</h1>{markup}{BYLINE}")
    assert (found.kicker, found.subtitle) == (None, None)


def test_a_selector_goes_before_what_the_lines_are_called() -> None:
    page = plain_page("2024-05-20").replace(
        f"<h1>{TITLE}</h1>", f'<p class="yinti">栏目</p><i class="x">{KICKER}</i><h1>{TITLE}</h1><b>{SUBTITLE}</b>'
    )
    found = process(raw(page), (ArticleRules(kicker=(".x",), subtitle=("h1 + b",)),))
    assert (value(found, "kicker"), value(found, "subtitle")) == ((KICKER, Origin.RULE), (SUBTITLE, Origin.RULE))


PEOPLE = "http://dangjian.people.com.cn/n1/2024/0520/c1-2.html"


def test_people_cn_gives_kicker_subtitle_and_the_page_of_the_paper() -> None:
    page = f"""<html><head><title>{TITLE}--党建-人民网</title></head><body><div class="rm_txt">
    <p class="pre">{KICKER}</p><h1>{TITLE}</h1><p class="sub">{SUBTITLE}</p>
    <div class="channel">2024年05月20日06:58 | 来源：<a>人民网－《人民日报》</a></div>
    <div class="rm_txt_con">{PARAGRAPHS}<p id="paper_num">《 人民日报 》（ 2024年05月20日&nbsp;&nbsp; 04 版）</p>
    <div class="edit">(责编：王芳)</div></div></div></body></html>"""
    found = process(raw(page, PEOPLE), ())
    assert (found.kicker, found.title, found.subtitle) == (KICKER, TITLE, SUBTITLE)
    assert (found.newspaper_page, found.provenance["newspaper_page"].origin) == ("04版", Origin.TAIL)
    assert found.paragraphs == STORY
    assert str(found.published_at) == "2024-05-20 06:58:00+08:00"


BLOCK = (
    "<!--enpproperty <articleid>7</articleid><date>2024-05-20 08:00:00.0</date><author></author>"
    f"<title>{TITLE}</title><subtitle>{SUBTITLE}</subtitle><introtitle>{KICKER}</introtitle><siteid>1</siteid>"
    "<nodename>{node}</nodename>/enpproperty-->"
)


def founder(node: str, number: str = "") -> Record:
    block = BLOCK.format(node=node)
    if number:
        block = block.replace("/enpproperty", f"<founder-pagenum>{number}</founder-pagenum>/enpproperty")
    page = f"""<html><head><title>{TITLE}</title></head><body><div class="font01">{TITLE}</div>
    <div id="ozoom">{PARAGRAPHS}</div></body></html>{block}"""
    return process(raw(page, "http://epaper.example/html/2024-05/20/content_5.htm"), ())


def test_a_property_block_names_kicker_and_subtitle() -> None:
    found = founder("党建要闻")
    assert value(found, "kicker") == (KICKER, Origin.SCRIPT_DATA)
    assert value(found, "subtitle") == (SUBTITLE, Origin.SCRIPT_DATA)
    assert (found.title, found.paragraphs) == (TITLE, STORY)


@pytest.mark.parametrize(
    ("node", "number", "page"),
    [
        ("04版 党建", "", "04版 党建"),
        ("第04版：要闻", "", "第04版：要闻"),
        ("A04版", "", "A04版"),
        ("党建要闻", "", None),  # the column of a site
        ("组织工作", "", None),
        ("2024版权法", "", None),
        ("要闻", "A01", "A01版"),
        ("党建", "1", "1版"),
        ("", "第04版:党建", "第04版：党建"),
    ],
)
def test_the_page_of_a_property_block_is_a_page_of_a_paper(node: str, number: str, page: str | None) -> None:
    assert founder(node, number).newspaper_page == page


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("《人民日报》（2024年05月20日 04 版）", "04版"),
        ("《人民日报》（2024年05月20日 第 04 版）", "第04版"),
        ("《南山日报》 2024年5月20日 第3版", "第3版"),
        ("来源：《南山日报》 2024年5月20日 A03版", "A03版"),
        ("（原载《南山日报》 新版）", None),
        ("第1版的规划改了三次，2024年5月20日定了稿。", None),
    ],
)
def test_the_page_of_the_paper_stands_behind_the_text(line: str, page: str | None) -> None:
    head = f"<h1>{TITLE}</h1>{BYLINE}"
    outside = record(head, markup="").newspaper_page
    assert outside is None
    assert record(head, tail=f"<p>{line}</p>").newspaper_page == page
    assert record(head, tail=f"<p>{line}</p><p>责任编辑：王芳</p>").newspaper_page == page


def test_the_part_of_a_series_is_read_from_the_title() -> None:
    title = "支部故事（上）：小院里的灯光"
    found = process(raw(plain_page("2024-05-20", title=title)), ())
    assert found.title == title
    assert found.series is not None
    assert (found.series.name, found.series.ordinal) == ("支部故事", 1)
