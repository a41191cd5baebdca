"""The cascade on pages of our own: every trap that real pages set, one test each."""

# ruff: noqa: E501  (markup reads better on one line)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.extract import extract
from models.errors import NotReadable
from models.records import BlockKind, Hints, Origin, Precision
from models.rules import ArticleRules
from tests.cleaning.extract.pages import PARAGRAPHS, SIDE, STORY, TITLE, of_kind, plain_page, raw, read, texts


def test_a_page_gives_text_title_and_makers() -> None:
    draft = read(plain_page("2024-05-20 10:30 来源：南山日报 作者：李建国", tail="<p>（责任编辑：王芳）</p>"))
    assert texts(draft) == STORY
    assert draft.title is not None
    assert draft.title.value == TITLE
    assert draft.published is not None
    assert draft.published.value.isoformat() == "2024-05-20T10:30:00+08:00"
    assert (draft.published.origin, draft.published_precision) == (Origin.BYLINE, Precision.MINUTE)
    assert draft.medium is not None
    assert draft.medium.value == "南山日报"
    assert draft.authors is not None
    assert draft.authors.value == ("李建国",)
    assert draft.editors is not None
    assert draft.editors.value == ("王芳",)
    assert draft.extractor == "text-mass"


def test_what_the_page_does_not_give_is_none() -> None:
    draft = read(plain_page())
    assert (draft.published, draft.medium, draft.authors, draft.editors, draft.clicks) == (None,) * 5


@pytest.mark.parametrize("sep", ["<br>", "<br/><br/>", "</div><div>", "</p><p>"])
def test_paragraphs_are_those_of_the_page(sep: str) -> None:
    assert texts(read(plain_page(body=f"<div><p>{sep.join(STORY)}</p></div>"))) == STORY


# Traps that all sources share.


def test_trap_charset_declared_wrongly_both_ways() -> None:
    for charset, declared in (("utf-8", "gb2312"), ("gb18030", "utf-8")):
        draft = read("", body=plain_page(head=f'<meta charset="{declared}">').encode(charset))
        assert texts(draft) == STORY
        assert draft.charset == charset


def test_trap_separators_inside_real_titles() -> None:
    title = "深度观察 | 小微权力怎么管——南山街道的答卷"
    draft = read(plain_page(title=title))
    assert draft.title is not None
    assert draft.title.value == title


@pytest.mark.parametrize(
    ("mobile", "desk", "published"),
    [
        ("2024-05-20 10:30", "2024-05-20 10:30 来源：南山网", "2024-05-20T10:30:00+08:00"),
        ("2024-05-20", "2024-05-20 10:30 来源：南山网", "2024-05-20T10:30:00+08:00"),
        ("05/20", "2024年05月20日 10:30 | 来源：南山网", "2024-05-20T10:30:00+08:00"),
        ("2024-05-20 10:30", "来源：南山网", "2024-05-20T10:30:00+08:00"),
    ],
)
def test_trap_title_and_date_printed_twice(mobile: str, desk: str, published: str) -> None:
    twice = f'<div class="mobile"><h1>{TITLE}</h1><span>{mobile}</span></div>'
    draft = read(plain_page(desk).replace('<div class="main">', f'<div class="main">{twice}'))
    assert draft.title is not None
    assert draft.title.value == TITLE
    assert texts(draft) == STORY
    assert draft.published is not None
    assert draft.published.value.isoformat() == published
    assert draft.medium is not None
    assert draft.medium.value == "南山网"


def test_trap_medium_named_only_behind_the_text() -> None:
    draft = read(plain_page("2024-05-20", tail="<div>本文来源：南山日报 责任编辑：王芳_NB123</div>"))
    assert draft.medium is not None
    assert (draft.medium.value, draft.medium.origin) == ("南山日报", Origin.TAIL)
    assert draft.editors is not None
    assert draft.editors.value == ("王芳",)


def test_this_site_as_medium_is_the_platform_where_that_is_known() -> None:
    line = "2024-05-20 来源：本站"
    assert read(plain_page(line)).medium is None
    draft = read(plain_page(line), "http://news.example/a.html", ArticleRules(platform="南山党建网"))
    assert draft.medium is not None
    assert (draft.medium.value, draft.medium.origin) == ("南山党建网", Origin.BYLINE)


def test_trap_a_caption_names_no_medium() -> None:
    body = PARAGRAPHS + "<p>图片来源：视界图库</p>"
    assert read(plain_page("2024-05-20", body=body)).medium is None


def test_trap_dates_of_related_stories_and_the_footer_are_not_the_articles() -> None:
    assert read(plain_page()).published is None


@pytest.mark.parametrize(
    "told",
    [
        "2019年3月15日，社区成立党支部。",
        "2019年3月15日，东风社区成立了党支部，十二名党员把关系转了进来，从此有了主心骨。",
        "2019年3月15日10时30分，社区成立党支部。",
        "社区成立于2019年3月15日",
    ],
)
def test_trap_the_story_tells_of_other_days(told: str) -> None:
    for story in ((told, *STORY), (STORY[0], told, *STORY[1:]), (*STORY, told)):
        body = "".join(f"<p>{text}</p>" for text in story)
        draft = read(plain_page("来源：南山网", body=body))
        assert (texts(draft), draft.published) == (story, None)
        dated = read(plain_page("2024-05-20 来源：南山网", body=body))
        assert dated.published is not None
        assert dated.published.value.date().isoformat() == "2024-05-20"


def test_trap_short_articles_are_articles() -> None:
    short = "东风社区昨天挂牌，居民有了新家。"
    assert texts(read(plain_page("2024-05-20", body=f"<p>{short}</p>"))) == (short,)


def test_trap_a_page_of_captions_keeps_them_as_text() -> None:
    body = '<p><img src="/a.jpg"></p><p>图为志愿者在东风社区为老人理发，大家排队等候。李建国 摄</p>'
    assert texts(read(plain_page(body=body))) == ("图为志愿者在东风社区为老人理发，大家排队等候。李建国 摄",)


def test_trap_layout_tables_are_no_tables() -> None:
    page = f"""<html><head><title>{TITLE}</title></head><body><table><tr><td><a href="/">首页</a></td></tr>
    <tr><td><table><tr><td>{TITLE}</td></tr><tr><td>来源：南山网 2022/3/31 11:27:21</td></tr>
    <tr><td>{"<br>".join(STORY)}</td></tr></table></td></tr></table></body></html>"""
    draft = read(page)
    assert texts(draft) == STORY
    assert draft.published is not None
    assert draft.published.value.isoformat() == "2022-03-31T11:27:21+08:00"


def test_trap_the_pages_of_one_article_are_joined() -> None:
    first = plain_page("2024-05-20 来源：南山网", tail='<div><a href="a_1.html">下一页</a></div>')
    second = plain_page(body="<p>晚上九点，议事厅的灯还亮着，几位老党员留下来，把第二天要办的事又理了一遍。</p>")
    draft = extract(raw(first, more=(second.encode(),)))
    assert texts(draft) == (*STORY, "晚上九点，议事厅的灯还亮着，几位老党员留下来，把第二天要办的事又理了一遍。")


@pytest.mark.parametrize("printed", ["2024/5/20", "2024年05月20日06:58", "2024-05-2006:58", "5-20"])
def test_trap_dates_of_every_make(printed: str) -> None:
    draft = read(plain_page(f"{printed} 来源：南山网"))
    day = draft.published.value.date().isoformat() if draft.published else None
    assert day == (None if printed == "5-20" else "2024-05-20")


def test_trap_blanks_between_all_characters_stay_one_paragraph_each() -> None:
    spaced = [" ".join(text) for text in STORY]
    assert texts(read(plain_page(body="".join(f"<p>{t}</p>" for t in spaced)))) == tuple(spaced)


def test_trap_hidden_parts_are_no_text() -> None:
    body = PARAGRAPHS + '<div style="display:none"><p>扫码下载客户端，看更多新闻，赢取大礼。</p></div>'
    assert texts(read(plain_page(body=body))) == STORY


def test_trap_login_forms_and_staff_numbers_are_no_authors() -> None:
    head = '<meta name="author" content="104363"><meta name="editor" content="104364">'
    form = "<div>账号 <input> 密码 <input> 登录 注册</div>"
    draft = read(plain_page("2024-05-20 作者：admin", head=head, tail=form))
    assert draft.authors is None
    assert draft.editors is None


def test_trap_a_date_of_the_future_is_refused() -> None:
    assert read(plain_page("发布时间：2031-01-01 来源：南山网")).published is None
    page = raw(plain_page("2024-05-20"))
    assert extract(page, now=datetime(2024, 5, 1, tzinfo=UTC)).published is None


def test_related_stories_and_sharing_are_not_the_text() -> None:
    tail = "<div>扫一扫分享到微信</div><div>相关阅读</div><ul><li><a href='/x'>又一个社区的议事厅挂牌了</a></li></ul>"
    assert texts(read(plain_page(tail=tail))) == STORY
    inside = PARAGRAPHS + "<p>【打印本页】【关闭窗口】</p><p>上一篇：某某</p>"
    assert texts(read(plain_page(body=inside))) == STORY


def test_a_box_of_links_inside_the_text_is_left_out() -> None:
    box = (
        "<div>推荐阅读</div><ul><li><a href='/x'>西林社区的新鲜事</a></li><li><a href='/y'>南山街道的早市</a></li></ul>"
    )
    assert texts(read(plain_page(body=f"<p>{STORY[0]}</p>{box}<p>{STORY[1]}</p><p>{STORY[2]}</p>"))) == STORY


def test_a_table_reads_row_by_row() -> None:
    rows = [("支部", "书记", "党员"), ("东风社区", "李建国", "36"), ("西林社区", "王芳", "28")]
    table = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    found = texts(read(plain_page(body=f"<p>{STORY[0]}</p><p>{STORY[1]}</p><table>{table}</table>")))
    assert found == (*STORY[:2], "支部 书记 党员", "东风社区 李建国 36", "西林社区 王芳 28")


def test_the_buttons_of_a_player_are_not_the_text() -> None:
    buttons = "播放 00:00/03:20 倍速 2.0X 1.5X 1.0X 高清 标清 循环播放 时长：03:20".split()
    player = "".join(f"<div>{b}</div>" for b in buttons)
    assert texts(read(plain_page(body=f"<p>{STORY[0]}</p>{player}<p>{STORY[1]}</p><p>{STORY[2]}</p>"))) == STORY
    told = "<p>直播</p>"
    assert texts(read(plain_page(body=f"<p>{STORY[0]}</p>{told}<p>{STORY[1]}</p>"))) == (STORY[0], "直播", STORY[1])


def test_bold_paragraphs_and_headings_are_headings() -> None:
    body = f"<p>{STORY[0]}</p><p><strong>议事厅里办实事</strong></p><p>{STORY[1]}</p><h3>楼栋里的党支部</h3><p>{STORY[2]}</p>"
    headings = of_kind(read(plain_page(body=body)), BlockKind.HEADING)
    assert [(h.text, h.level) for h in headings] == [("议事厅里办实事", 0), ("楼栋里的党支部", 3)]


def test_pictures_have_their_true_address_and_place() -> None:
    body = f'<p>{STORY[0]}</p><p><img src="/blank.gif" data-src="../pic/1.jpg" width="600"></p><p>图为议事现场。李建国 摄</p><p>{STORY[1]}</p><p>{STORY[2]}</p>'
    draft = read(plain_page(body=body), "http://news.example/2024/a.html")
    (picture,) = of_kind(draft, BlockKind.IMAGE)
    assert picture.image is not None
    assert (picture.image.url, picture.image.after_paragraph) == ("http://news.example/pic/1.jpg", 1)
    assert picture.image.caption == "图为议事现场。李建国 摄"
    assert [b.text for b in of_kind(draft, BlockKind.CAPTION)] == ["图为议事现场。李建国 摄"]


# Where fields come from.


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('src="/1.jpg" data-size="1080,608"', ("/1.jpg", 1080, 608)),
        ('src="/1.jpg" width="600" height="400px"', ("/1.jpg", 600, 400)),
        ('src="/1.jpg" width="100%"', ("/1.jpg", None, None)),
        ('src="/1.jpg" data-size="0,0" width="600" height="400"', ("/1.jpg", 600, 400)),
        ('data-src="/1.jpg" data-w="1080" data-ratio="0.5"', ("/1.jpg", 1080, 540)),
        ('src="data:image/gif;base64,R0" data-original="/1.jpg"', ("/1.jpg", None, None)),
        ('src="/loading.gif" data-lazyload="/1.jpg"', ("/1.jpg", None, None)),
        ('src="/none.gif" zoomfile="/1.jpg"', ("/1.jpg", None, None)),
        ('srcset="/1.jpg 1x, /2.jpg 2x"', ("/1.jpg", None, None)),
        ('src="/1.jpg" width="16" height="16"', None),
        ('src="/icons/share.png"', None),
    ],
)
def test_pictures_of_every_make(attributes: str, expected: tuple[str, int | None, int | None] | None) -> None:
    found = of_kind(
        read(plain_page(body=f"<p>{STORY[0]}</p><p><img {attributes}></p><p>{STORY[1]}</p>")), BlockKind.IMAGE
    )
    images = [block.image for block in found if block.image]
    assert [(i.url.removeprefix("http://news.example"), i.width, i.height) for i in images] == (
        [expected] if expected else []
    )


def test_the_source_file_goes_before_everything() -> None:
    rules = ArticleRules(
        title=(".mytitle",),
        body=(".mybody",),
        published=(".mydate",),
        medium=(".mysrc",),
        drop=(".ad",),
        platform="南山网",
    )
    own = f'<div class="mytitle">另一个题目在这里</div><i class="mydate">2024-04-01</i><i class="mysrc">来源：西林报</i><div class="mybody"><p>{STORY[0]}</p><p class="ad">广告，快来买。</p></div>'
    draft = read(plain_page("2024-05-20 来源：南山报", tail=own), "http://news.example/a.html", rules)
    assert draft.extractor == "rule:.mybody"
    assert texts(draft) == (STORY[0],)
    assert draft.title is not None
    assert draft.title.origin is Origin.RULE
    assert draft.published is not None
    assert draft.published.value.day == 1
    assert draft.medium is not None
    assert draft.medium.value == "西林报"


def test_a_selector_that_no_longer_matches_lets_the_next_step_answer() -> None:
    draft = read(
        plain_page("2024-05-20"),
        "http://news.example/a.html",
        ArticleRules(
            body=(".gone", "[broken"),
        ),
    )
    assert texts(draft) == STORY
    assert draft.extractor == "text-mass"


def test_rules_of_another_time_are_not_used() -> None:
    old = ArticleRules(title=("h3",), valid_until=datetime(2020, 1, 1, tzinfo=UTC).date())
    draft = read(plain_page(), "http://news.example/2024/0520/a.html", old)
    assert draft.title is not None
    assert draft.title.value == TITLE


@pytest.mark.parametrize(
    ("head", "url", "hints", "origin"),
    [
        (
            '<meta name="SiteName" content="南山区政府"><meta name="PubDate" content="2024-05-20 10:30">',
            "",
            {},
            Origin.META,
        ),
        ("", "http://news.example/2024/0520/a.html", {}, Origin.URL),
        ("", "", {"published": "昨天 10:30", "listed_at": datetime(2024, 5, 21, 4, tzinfo=UTC)}, Origin.LIST),
        ('<meta property="article:published_time" content="2024-05-20T10:30:00+08:00">', "", {}, Origin.META),
    ],
)
def test_the_date_is_taken_from_the_next_best_place(
    head: str, url: str, hints: dict[str, object], origin: Origin
) -> None:
    draft = read(plain_page(head=head), url or "http://news.example/a.html", hints=Hints(**hints))  # type: ignore[arg-type]
    assert draft.published is not None
    assert (draft.published.value.date().isoformat(), draft.published.origin) == ("2024-05-20", origin)


# Families.

FAMILIES = [
    ("wechat", "https://mp.weixin.qq.com/s/x", f'<h1 id="activity-name">{TITLE}</h1><a id="js_name">南山组工</a><div id="js_content" style="visibility: hidden; opacity: 0;">{PARAGRAPHS}</div>'),
    ("12371", "https://www.12371.cn/2024/05/20/ARTI1716172200000000.shtml", f'<h1 class="big_title">{TITLE}</h1><div class="word">{PARAGRAPHS}</div>'),
    ("people", "http://dangjian.people.com.cn/n1/2024/0520/c1-2.html", f'<div class="rm_txt"><h1>{TITLE}</h1><div class="channel">2024年05月20日06:58 | 来源：<a>南山日报</a></div><div class="rm_txt_con">{PARAGRAPHS}<div class="edit">(责编：王芳)</div></div></div>'),
    ("xinhua", "http://www.news.cn/politics/20240520/0123456789abcdef0123456789abcdef/c.html", f'<div class="head-line"><h1>{TITLE}</h1></div><div id="detail">{PARAGRAPHS}</div><div class="editor">【责任编辑:王芳】</div>'),
    ("ccdi", "https://www.ccdi.gov.cn/toutiaon/202405/t20240520_1.html", f'<h2 class="tit">{TITLE}</h2><div class="daty_con"><em class="e1">来源：南山日报</em><em class="e2">发布时间：2024-05-20 06:58</em></div><div class="content">{PARAGRAPHS}</div>'),
    ("trs", "http://a.example/x.html", f'<h1>{TITLE}</h1><div class="TRS_Editor"><style>.TRS_Editor P{{color:red}}</style>{PARAGRAPHS}</div>'),
    ("hanweb", "http://a.example/art/2024/5/20/art_1_2.html", f'<h1>{TITLE}</h1><div id="zoom">{PARAGRAPHS}</div>'),
    ("founder-epaper", "http://a.example/html/2024-05/20/content_5.htm", f'<!--enpproperty <date>2024-05-20</date><title>{TITLE}</title><nodename>04版 党建</nodename>/enpproperty--><div id="ozoom">{PARAGRAPHS}</div>'),
    ("vsb", "http://a.example/info/1/2.htm", f'<h1>{TITLE}</h1><div id="vsb_content">{PARAGRAPHS}</div>'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url", "markup"), FAMILIES, ids=[f[0] for f in FAMILIES])
def test_a_known_family_is_recognised(name: str, url: str, markup: str) -> None:
    draft = read(f"<html><head><title>{TITLE}</title></head><body>{markup}</body></html>", url)
    assert draft.extractor == f"family:{name}"
    assert texts(draft) == STORY
    assert draft.title is not None
    assert draft.title.value == TITLE


def test_people_cn_gives_medium_and_editor() -> None:
    _, url, markup = FAMILIES[2]
    draft = read(f"<html><head><title>{TITLE}</title></head><body>{markup}</body></html>", url)
    assert draft.medium is not None
    assert draft.medium.value == "南山日报"
    assert draft.editors is not None
    assert draft.editors.value == ("王芳",)
    assert draft.platform is not None
    assert draft.platform.value == "人民网"


def test_a_page_without_an_article_gives_no_blocks() -> None:
    for markup in ("", "   ", "<!--", "<html></html>"):
        draft = read(markup)
        assert (draft.blocks, draft.flags) == ((), ("no-text",))


# Hostile pages.

HOSTILE = {
    "attributes": "<body><div " + " ".join(f"a{n}=1" for n in range(200_000)) + ">" + PARAGRAPHS,
    "quoted": "<body><div " + " ".join(f'a{n}=">"' for n in range(50_000)) + ">" + PARAGRAPHS,
    "unclosed quotes": '<a x="' * 50_000 + PARAGRAPHS,
    "deep": "<body>" + "<div>" * 50_000 + PARAGRAPHS,
    "one long text": "<p>" + "今年，社区。" * 300_000,
    "title": "<title>" + "党建_网 - " * 50_000 + "</title>" + PARAGRAPHS,
    "angles": "<" * 300_000,
    "comments": "<!--enpproperty " * 50_000,
    "json": '<script type="application/ld+json">' + "[" * 50_000 + "</script>" + PARAGRAPHS,
}


@pytest.mark.timeout(60)  # a hang is what is tested for; how long it takes is for the benchmarks
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends(name: str) -> None:
    assert read(HOSTILE[name]) is not None


def test_dropped_attributes_are_flagged_and_the_text_stays() -> None:
    draft = read(HOSTILE["attributes"])
    assert texts(draft) == STORY
    assert draft.flags == ("attributes-dropped",)


@pytest.mark.parametrize("piece", ["<p>x", "<br>", "<tr><td>x</td></tr>"])
def test_a_page_made_of_tags_is_a_bad_record(piece: str) -> None:
    with pytest.raises(NotReadable, match="elements"):
        read("<body>" + piece * 110_000)


def test_a_page_that_is_too_large_is_a_bad_record() -> None:
    with pytest.raises(NotReadable, match="characters"):
        read("<p>" + "x" * 10_000_001)


def test_control_characters_do_not_lose_the_article() -> None:
    assert texts(read(plain_page().replace("社区", "社&#1;区&#xFFFF;\x00"))) == STORY


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' apdivtrh1来源：。，2024-年&#;", max_size=200))
def test_no_markup_raises(markup: str) -> None:
    draft = read(markup)
    assert draft == read(markup)
    assert all("\n" not in b.text for b in draft.blocks)


def test_the_same_bytes_give_the_same_draft() -> None:
    page = raw(plain_page("2024-05-20 来源：南山网"))
    assert extract(page) == extract(replace(page))


def test_a_county_page_whose_title_tag_is_the_site_has_the_line_above_its_byline() -> None:
    page = f"""<html><head><title>南山区人民政府</title></head><body><div>{TITLE}</div>
    <div>作者: 发布时间:2022/3/31 11:27:21 点击率:0</div><div>{PARAGRAPHS}</div></body></html>"""
    draft = read(page)
    assert draft.title is not None
    assert draft.title.value == TITLE
    assert (draft.clicks, draft.authors) == (0, None)
    assert draft.published_precision is Precision.SECOND


def test_a_date_in_three_elements_is_put_together() -> None:
    time_of = "<div class='header-time'><span>2024</span><span>05/20</span><span>10:02:03</span></div>"
    page = (
        f"<html><head><title>{TITLE}</title></head><body>{time_of}<h1>{TITLE}</h1><div id='detail'>{PARAGRAPHS}</div>"
    )
    draft = read(page, "http://www.news.cn/politics/20240520/0a/c.html")
    assert draft.published is not None
    assert draft.published.value.isoformat() == "2024-05-20T10:02:03+08:00"


def test_a_name_in_a_property_block_that_nobody_printed_is_no_author() -> None:
    block = "<!--enpproperty <author>李建国</author>/enpproperty-->"
    assert read(plain_page("2024-05-20 来源：南山网") + block).authors is None
    assert read(plain_page("2024-05-20 李建国 来源：南山网") + block).authors is not None


def test_a_summary_above_the_block_of_the_text_belongs_to_it() -> None:
    lead = f"<p class='summary'>{STORY[0]}</p><div class='pics'><a href='/g'>查看图集</a></div>"
    page = plain_page("2024-05-20").replace('<div class="text">', f'{lead}<div class="text">')
    page = page.replace(f"<p>　　{STORY[0]}</p>", "")
    assert texts(read(page)) == STORY


def test_a_summary_that_repeats_the_first_paragraph_is_left_out() -> None:
    lead = f"<p class='summary'>{STORY[0]}</p><ul>{SIDE}</ul>"
    page = plain_page("2024-05-20").replace('<div class="text">', f'{lead}<div class="text">')
    assert texts(read(page)) == STORY


def test_a_text_inside_an_unclosed_link_is_read_to_its_end() -> None:
    last = "大家的事大家商量着办，日子就越过越好。"
    page = plain_page(body=f"<a href='/x'>{PARAGRAPHS}<p>{last}</p>")
    assert texts(read(page)) == (*STORY, last)


def test_advertisements_between_paragraphs_are_left_out() -> None:
    advert = "<div><a href='/ad'>广告新楼盘今日开盘，名额不多</a></div><div>广告</div>"
    assert texts(read(plain_page(body=f"<p>{STORY[0]}</p>{advert}<p>{STORY[1]}</p><p>{STORY[2]}</p>"))) == STORY


def test_advertisements_above_the_title_are_not_the_text() -> None:
    notice = "<div>南山日报推出手机报，天下大事尽在掌握！发送短信即可订阅，每天两期，资费三元。</div>" * 2
    page = f"""<html><head><title>{TITLE}</title></head><body><table><tr><td>{notice}<div>{TITLE}</div>
    <div>2024-05-20 10:30 来源：南山网</div>{PARAGRAPHS}</td></tr></table></body></html>"""
    draft = read(page)
    assert texts(draft) == STORY
    assert draft.medium is not None
    assert draft.medium.value == "南山网"


def test_buttons_of_an_encyclopaedia_and_of_folded_texts_are_left_out() -> None:
    body = f"<p>{STORY[0]}</p><h2>历史沿革</h2><div>播报</div><p>{STORY[1]}</p><div>展开全文</div>"
    assert texts(read(plain_page(body=body))) == (STORY[0], "历史沿革", STORY[1])


def bare(heading: str, tag: str) -> str:
    return f"""<html><head><title>{tag}</title></head><body><div class="logo"><h1>南山网</h1></div><div>{heading}
    <div>2024-05-20 来源：南山日报</div><div>{PARAGRAPHS}</div></div><h2>热门新闻</h2><ul>{SIDE}</ul></body></html>"""


@pytest.mark.parametrize(
    "heading",
    [
        f"<div>{TITLE}</div>",
        f"<div class='article_title'>{TITLE}</div>",
        f"<h2>{TITLE}</h2>",
        f"<h3>基层动态</h3><h2>{TITLE}</h2>",
        f"<h2>{TITLE}</h2><h4>——南山街道的一份答卷</h4>",
    ],
)
def test_where_the_title_tag_names_only_the_site_the_title_stands_above_the_byline(heading: str) -> None:
    for tag in ("南山网", ""):
        draft = read(bare(heading, tag))
        assert draft.title is not None
        assert draft.title.value == TITLE


@pytest.mark.parametrize(
    "suffix",
    [
        "_南山网",
        "-南山网",
        " - 南山区人民政府",
        " | 南山党建",
        "——南山先锋网",
        "_要闻_南山网",
        "--党建-人民网",
        "丨南山日报",
        "_新闻频道_央视网(cctv.com)",
        "【南山网】",
        "(南山网)",
        " 南山网",
        "-南山融媒",
        "_南山区委组织部官网",
        "-首页",
    ],
)
def test_a_title_loses_the_site_and_no_more(suffix: str) -> None:
    for title in (
        TITLE,
        "一线观察｜小网格托起大民生",
        "以“党建红”引领“生态绿”——河湖治理的一份答卷",
        "“五线工作法”⑨ 聚合力",
    ):
        draft = read(bare(f"<h1>{title}</h1>", title + suffix))
        assert draft.title is not None
        assert draft.title.value == title


def test_verses_and_posters_are_found_by_the_name_of_their_block() -> None:
    verses = ("我们的社区", "有一座小楼", "楼里的灯光", "照亮了归途")
    page = plain_page("2024-05-20", body="".join(f"<p>{verse}</p>" for verse in verses))
    assert (texts(read(page)), read(page).extractor) == (verses, "named")
    poster = of_kind(read(plain_page("2024-05-20", body='<p><img src="/poster.jpg"></p>')), BlockKind.IMAGE)
    assert [block.image.url for block in poster if block.image] == ["http://news.example/poster.jpg"]


BODIES = {
    "the signature of a notice stays": (f"{PARAGRAPHS}<p>南山街道党工委</p><p>2024年5月20日</p>", ("南山街道党工委", "2024年5月20日")),
    "who to ask stays": (f"{PARAGRAPHS}<p>联系人：王芳</p><p>联系电话：010-12345678</p>", ("联系人：王芳", "联系电话：010-12345678")),
    "a vote goes": (f"{PARAGRAPHS}<div>您觉得这篇文章怎么样？</div><div>很好 0 好 0 一般 0</div>", ()),
    "a player goes": (f"<div>听新闻</div><div>00:00</div><div>/</div><div>03:12</div>{PARAGRAPHS}", ()),
    "a login form goes": (f"{PARAGRAPHS}<p>用户名：<input> 密码：<input></p><p>您还没有登录，请登录后再发表评论！</p>", ()),
    "a footer goes": (f"{PARAGRAPHS}<p>主办：南山区委　地址：南山路1号　邮编：100000</p><p>京ICP备00000000号</p>", ()),
    "comments go": (f"{PARAGRAPHS}<h4>网友评论</h4><div>张三：社区办得好，大家都很高兴，希望继续！</div>", ()),
    "tools go": (f"{PARAGRAPHS}<p>【打印】 【关闭】</p><p>复制链接</p><p>我要纠错</p><p>点赞 0</p><p>关键词：党建 议事厅</p>", ()),
    "invitations go": (f"{PARAGRAPHS}<p>—END—</p><p>编辑：王芳</p><p>往期推荐</p><p>▼ 东风社区的议事厅</p>", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_stands_behind_a_text(name: str) -> None:
    body, more = BODIES[name]
    assert texts(read(plain_page("2024-05-20 10:30", body=body))) == (*STORY, *more)
