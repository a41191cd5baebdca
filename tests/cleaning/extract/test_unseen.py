"""Traps of page makers that real pages of the collection do not show: one test each, on pages of our own."""

# ruff: noqa: E501  (markup reads better on one line)

from __future__ import annotations

import json

import pytest

from cleaning.pipeline import process
from tests.cleaning.extract.pages import PARAGRAPHS, STORY, TITLE, plain_page, raw, read, texts

EMPTY = f"<html><head><title>{TITLE}-南山网</title></head><body><div id=app></div>{{}}</body></html>"


def test_a_text_that_only_a_script_sets_into_the_page_is_read_from_its_data() -> None:
    others = [{"title": "另一条新闻的标题", "content": "<p>另一条新闻的内容，和这一条没有关系，也不该被取出来。</p>"}]
    data = json.dumps({"hot": others, "detail": {"title": TITLE, "content": PARAGRAPHS}}, ensure_ascii=False)
    for script in (f"<script>window.__STATE__={data};</script>", f'<script type="application/json">{data}</script>'):
        draft = read(EMPTY.format(script))
        assert (texts(draft), draft.extractor) == (STORY, "script-data")


def test_a_text_without_markup_in_data_for_scripts_keeps_its_paragraphs() -> None:
    data = json.dumps({"headline": TITLE, "articleBody": "\n".join(STORY)})
    assert texts(read(EMPTY.format(f'<script type="application/ld+json">{data}</script>'))) == STORY


def test_half_characters_and_nuls_in_data_for_scripts_do_no_harm() -> None:
    data = json.dumps({"title": TITLE, "content": f"<p>{STORY[0]}\ud83d</p><p>\x00{STORY[1]}</p>"})
    record = process(raw(EMPTY.format(f"<script>var d={data}</script>")))
    assert STORY[1] in record.paragraphs


def test_the_text_of_another_title_in_data_for_scripts_is_not_taken() -> None:
    data = json.dumps({"title": "另一条新闻的标题", "content": PARAGRAPHS}, ensure_ascii=False)
    assert texts(read(EMPTY.format(f"<script>var d={data}</script>"))) == ()


def test_a_text_in_a_hidden_text_area_is_read_where_the_page_shows_none() -> None:
    area = f"<textarea id=src>{PARAGRAPHS.replace('<', '&lt;')}</textarea>"
    assert texts(read(EMPTY.format(area))) == STORY


def test_a_summary_set_apart_above_the_text_that_repeats_it_goes() -> None:
    body = f"<div class=box><div class=top>{STORY[0].split('。')[0]}。</div><div class=con>{PARAGRAPHS}</div></div>"
    assert texts(read(plain_page("2024-05-20", body=body))) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "<p>请继续往下阅读...</p>",
        "<p><strong>相关热词搜索：</strong><a href=1>社区</a> <a href=2>议事</a></p>",
        "<div>相關文章：<a href=1>另一個社區也有了議事廳</a></div>",
        "<p>【延伸阅读】<a href=1>楼道里的灯亮了</a></p>",
        "<p>（未完待续）</p>",
    ],
)
def test_furniture_between_the_paragraphs_goes(line: str) -> None:
    first, *others = PARAGRAPHS.replace("</p>", "</p>\n").splitlines()
    assert texts(read(plain_page("2024-05-20", body=f"{first}{line}{''.join(others)}"))) == STORY


def test_documents_that_a_notice_names_stay() -> None:
    body = f"{PARAGRAPHS}<p>相关文件：<a href=1>关于规范社区议事厅建设的意见</a>。</p><p>{STORY[1]}</p>"
    assert "相关文件：关于规范社区议事厅建设的意见。" in texts(read(plain_page("2024-05-20", body=body)))


def test_a_kicker_in_the_element_of_an_e_papers_title_is_no_part_of_it() -> None:
    markup = f"""<html><head><title>{TITLE}-南山日报</title></head><body><founder-title><table><tr><td class=font02>基层治理</td></tr>
    <tr><td class=font01>{TITLE}</td></tr></table></founder-title><div id=ozoom><founder-content>{PARAGRAPHS}</founder-content></div></body></html>"""
    draft = read(markup)
    assert draft.title is not None
    assert draft.title.value == TITLE


@pytest.mark.parametrize("site", ["中共南山区委党校", "南山医院", "南山先锋", "南山大学"])
def test_under_a_tag_that_names_the_site_alone_the_title_stands_above_the_byline(site: str) -> None:
    markup = f"""<html><head><title>{site}</title></head><body><div class=nav>首页 概况 动态</div><div class=show><div class=a>{TITLE}</div>
    <div class=b>【来源：教务科】 【发布时间：2024年05月20日】</div><div class=c>{PARAGRAPHS}</div></div></body></html>"""
    draft = read(markup)
    assert draft.title is not None
    assert draft.title.value == TITLE


@pytest.mark.parametrize(
    ("tag", "byline", "medium"),
    [
        ("云上南山", "<span>2024-05-20 10:30</span><span>云上南山</span><span>阅读 2.3万</span>", "云上南山"),
        ("社会动态", "<span>2024-05-20 10:30</span><span>社会动态</span>", None),
        ("云上南山", "<span>2024-05-20 10:30</span>", None),
        ("南山网", "<span>2024-05-20 10:30</span><em>人民网-经济·科技频道</em>", "人民网-经济·科技频道"),
    ],
)
def test_the_sites_own_name_beside_the_date_is_the_medium(tag: str, byline: str, medium: str | None) -> None:
    draft = read(plain_page(byline).replace("_南山网</title>", f"_{tag}</title>"))
    assert (draft.medium.value if draft.medium else None) == medium


SUMMARIES = [
    "为进一步提升基层党组织的组织力，近日，西川街道逐个社区制定方案，明确责任人和时限。",
    "日前，第三期社区书记培训班在区委党校开班，来自各街道的学员参加，培训为期五天。",
    "走进大堰村，一排排大棚格外醒目，党员正带着农户采摘、装箱，一派忙碌景象。",
]


def _teasers(item: str) -> str:
    return "".join(item.format(f"另一个社区的第{n}条新闻标题", text) for n, text in enumerate(SUMMARIES))


@pytest.mark.parametrize(
    "item",
    [
        "<div><h3><a href=1>{}</a></h3><p>{}</p></div>",
        "<li><a href=1>{}</a><p>{}</p><span>2小时前</span></li>",
        "<dl><dt><a href=1>{}</a></dt><dd>{}<a href=1>[查看全文]</a></dd></dl>",
    ],
)
def test_other_stories_with_their_summaries_are_not_the_text(item: str) -> None:
    inside = plain_page("2024-05-20", body=f"{PARAGRAPHS}<div>{_teasers(item)}</div>")
    behind = plain_page("2024-05-20", tail=f"<div>{_teasers(item) * 3}</div>")
    assert (texts(read(inside)), texts(read(behind))) == (STORY, STORY)


def test_a_digest_keeps_its_stories() -> None:
    digest = _teasers("<p><a href=1>{}</a></p><p>{}</p>")
    assert set(SUMMARIES) < set(texts(read(plain_page("2024-05-20", body=f"<p>{STORY[0]}</p>{digest}"))))


def test_an_introduction_of_the_house_beside_a_short_text_is_not_the_text() -> None:
    house = (
        "<h3>本馆简介</h3><p>南山图书馆始建于1958年，建筑面积6200平方米，藏书28万册，阅览座席420个，全年免费开放。</p>"
        * 3
    )
    markup = f"""<html><head><title>{TITLE}_南山图书馆</title></head><body><div class=l>{house}</div><div class=r><div class=t>{TITLE}</div>
    <div class=d>发布日期：2024-05-20 浏览：77</div><div class=w><p>{STORY[1]}</p></div></div></body></html>"""
    assert texts(read(markup)) == (STORY[1],)


def test_what_a_site_says_of_itself_below_a_single_sentence_is_not_the_text() -> None:
    site = "<p>本网站由南山区委组织部主办，欢迎广大党员群众提出宝贵意见。来稿请寄本部办公室，稿件一经采用，即付稿酬，未采用的恕不退还。</p>"
    draft = read(
        plain_page("2024-05-20", body="<p>现将拟任职干部名单予以公示，详见附件。</p>", tail=f"<div>{site}</div>")
    )
    assert texts(draft) == ("现将拟任职干部名单予以公示，详见附件。",)


def test_a_press_release_of_hong_kong_is_dated_below_its_text() -> None:
    markup = f"""<html><head><title>{TITLE}</title></head><body><div id=h>{TITLE}</div><div id=c><span>{"<br><br>".join(STORY)}<br><br>完</span>
    <div>2024年5月20日（星期一）<br>香港時間10時30分</div></div></body></html>"""
    draft = read(markup)
    assert texts(draft) == STORY
    assert draft.published is not None
    assert draft.published.value.isoformat() == "2024-05-20T10:30:00+08:00"


@pytest.mark.parametrize(
    ("sheet", "day"),
    [
        ("<div class=date><b>28</b><span>2024/05</span></div>", 28),
        ('<div class="news_time"><div>2024-05</div><div>28</div></div>', 28),
        ("<div class=issue><b>28</b><span>2024/05</span></div>", None),
        ("<div class=date><b>58</b><span>2024/05</span></div>", None),
    ],
)
def test_a_calendar_sheet_beside_the_title_is_its_date(sheet: str, day: int | None) -> None:
    draft = read(plain_page().replace("<h1>", f"{sheet}<h1>"))
    assert (draft.published.value.day if draft.published else None) == day


@pytest.mark.parametrize(
    ("byline", "medium"),
    [
        ("http://www.nanshan.example　　南山日报　　更新日期：2024-05-20 09:12:33　　编辑：王芳", "南山日报"),
        ("《党建观察》2024年第5期　2024-05-20", "党建观察"),
        ("《党建观察》杂志2024/05　2024-05-20", "党建观察"),
    ],
)
def test_an_address_or_an_issue_beside_the_medium(byline: str, medium: str) -> None:
    draft = read(plain_page(byline))
    assert (draft.medium.value if draft.medium else None) == medium


def test_a_labelled_source_that_a_signature_keeps_in_the_text_comes_before_a_bare_name_above() -> None:
    end = "<div>[稿源：南山网-南山晨报]</div><div>[作者：李建国]</div>"
    draft = read(
        plain_page("http://www.nanshan.example 2024/5/20 10:30 南山网 字体: 【大 中 小】", body=PARAGRAPHS + end)
    )
    assert draft.medium is not None
    assert draft.medium.value == "南山网-南山晨报"


def test_a_table_of_labels_between_title_and_text_hides_neither() -> None:
    cells = "<td>发布单位</td><td>南山区委组织部</td><td>发布时间</td><td>2024-05-20</td><td>访问次数</td><td>120</td>"
    markup = f"""<html><head><title>公告</title></head><body><table><tr><td colspan=6 align=center><b>{TITLE}</b></td></tr><tr>{cells}</tr>
    <tr><td colspan=6>{"<br>".join(STORY)}</td></tr></table></body></html>"""
    draft = read(markup)
    assert (draft.title.value if draft.title else None) == TITLE
    assert (draft.medium.value if draft.medium else None) == "南山区委组织部"


def test_a_notice_of_one_sentence_stands_below_its_byline_whatever_else_the_page_says() -> None:
    notice = "<p>各基层工会请于9月8日前将参赛名单报县总工会宣教部，每队限报10人。</p>"
    rules = "<h4>入会须知</h4><p>凡在中国境内以工资收入为主要生活来源的劳动者，承认工会章程，都可以加入工会。</p><p>会员有选举权、被选举权和表决权，可以要求撤换或者罢免不称职的工会工作人员。</p>"
    about = "<h3>关于我们</h3><p>本会成立于2009年，十多年来联合高校、社区与企业开展行动，累计动员志愿者超过六万人次。</p><p>我们相信，每一条河流都值得被温柔以待，欢迎加入我们！</p>"
    markup = f"""<html><head><title>清河县总工会</title></head><body><div>{rules}</div><div><h2>{TITLE}</h2><p>发布时间：2024-05-20　来源：县总工会　阅读：301</p><div>{notice}</div></div>
    <section>{about}</section></body></html>"""
    draft = read(markup)
    assert texts(draft) == ("各基层工会请于9月8日前将参赛名单报县总工会宣教部，每队限报10人。",)
    assert (draft.title.value if draft.title else None) == TITLE
    assert (draft.medium.value if draft.medium else None) == "县总工会"


COMMENT = "<li><b>{}</b><span>05-21 19:01</span><p>{}</p></li>"


def test_signed_comments_below_a_short_text_are_not_the_text() -> None:
    said = "这个真的好，希望多设几个点，城西这边一个都没有，夏天太阳晒得人受不了，年纪大的更难。"
    comments = "".join(COMMENT.format(name, said) for name in ("海风吹", "一米阳光", "老街坊"))
    body = f"<p>{STORY[0]}</p><p>{STORY[1]}</p>"
    draft = read(plain_page("2024-05-20 18:00 来源：南山快报", body=body, tail=f"<div><ul>{comments}</ul></div>"))
    assert texts(draft) == STORY[:2]


def test_comments_with_names_alone_below_one_sentence_are_not_the_text() -> None:
    tail = f"<div><h4>精彩评论</h4><p>阿龙：{SUMMARIES[0]}</p><p>小鱼儿：{SUMMARIES[1]}</p></div>"
    draft = read(
        plain_page(
            "2024-05-20 11:20 来源：南山快讯",
            body="<p>即日起，江滨公园新增六台直饮水机，供市民免费使用。</p>",
            tail=tail,
        )
    )
    assert texts(draft) == ("即日起，江滨公园新增六台直饮水机，供市民免费使用。",)


@pytest.mark.parametrize(
    ("byline", "medium"),
    [
        ("發布日期：113年05月20日 發布單位：農村再生組", "农村再生组"),
        ("上传时间：2024-05-20　上传单位：南山区委组织部　学时：0.5", "南山区委组织部"),
    ],
)
def test_who_put_the_text_up_is_the_medium_where_no_other_is_named(byline: str, medium: str) -> None:
    record = process(raw(plain_page(byline)))
    assert record.medium == medium


def test_a_live_report_keeps_what_stands_below_its_times() -> None:
    live = "".join(f"<li><span>10:{n}0</span><p>{text}</p></li>" for n, text in enumerate(STORY))
    assert set(STORY) < set(texts(read(plain_page("2024-05-20", body=f"<p>{SUMMARIES[0]}</p><ul>{live}</ul>"))))


def test_a_talk_keeps_what_its_two_speakers_say() -> None:
    said = [*STORY, *SUMMARIES]
    talk = "".join(
        f"<dl><dt>{'王芳' if n % 2 else '李建国'} 15:0{n}</dt><dd>{text}</dd></dl>" for n, text in enumerate(said)
    )
    assert set(said) < set(
        texts(
            read(
                plain_page(
                    "2024-05-20", body=f"<p>5月20日，街道书记做客直播间，和居民聊议事厅的故事，气氛热烈。</p>{talk}"
                )
            )
        )
    )


def test_links_with_bullets_inside_the_text_go() -> None:
    rows = "".join(f"<tr><td>·<a href={n}>另一条新闻的标题</a></td></tr>" for n in range(3))
    first, *others = PARAGRAPHS.replace("</p>", "</p>\n").splitlines()
    body = f"{first}<table align=left>{rows}</table>{''.join(others)}<p>#社区 #议事厅</p>"
    assert texts(read(plain_page("2024-05-20", body=body))) == STORY


def test_under_a_tag_that_says_nothing_no_paragraph_becomes_the_title() -> None:
    markup = f"""<html><head><title>新闻详情</title></head><body><div><div class=x1>{TITLE}</div><div><span>南山县融媒体中心</span><span>2024-05-20 20:31</span></div>
    <div>{PARAGRAPHS}<p>文/李建国　图/王芳</p></div></div></body></html>"""
    draft = read(markup)
    assert (draft.title.value if draft.title else None) == TITLE
    assert set(STORY) <= set(texts(draft))


def test_a_name_between_date_and_source_is_the_authors() -> None:
    draft = read(
        plain_page("www.nanshan.example　2024-05-20 10:22　李建国　来源:南山日报　责任编辑：王芳　 <a>我来说两句</a>")
    )
    assert draft.authors is not None
    assert draft.authors.value == ("李建国",)


def test_a_video_is_dated_below_its_description() -> None:
    body = f"<p>{STORY[1]}</p><p class=m>南山融媒 2024-05-20 10:15 播放 3.2万</p>"
    draft = read(plain_page(body=body))
    assert texts(draft) == (STORY[1],)
    assert (draft.published.value.hour if draft.published else None) == 10
    assert (draft.medium.value if draft.medium else None) == "南山融媒"


def test_another_storys_line_at_the_end_of_the_text_dates_nothing() -> None:
    draft = read(plain_page(body=f"{PARAGRAPHS}<p><a href=1>另一个社区也有了议事厅</a> 2023-05-02 10:22</p>"))
    assert draft.published is None


def test_a_byline_without_the_year_is_not_the_first_line_of_the_text() -> None:
    body = f"<h1>{TITLE}</h1><div><a>南山先锋</a><span>05-19 08:12</span></div>{PARAGRAPHS}<div><span>展开剩余72%</span></div>"
    assert texts(read(plain_page(body=body))) == STORY


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<div>2024-05-20</div><div>張梓嘉 陳立峰 / 苗栗報導</div>", ("張梓嘉", "陳立峰")),
        ("<div>2024-05-20</div><div>生活中心 / 苗栗報導</div>", None),
    ],
)
def test_the_place_a_report_was_sent_from_is_no_author(byline: str, authors: tuple[str, ...] | None) -> None:
    draft = read(plain_page(byline))
    assert (draft.authors.value if draft.authors else None) == authors


def test_a_button_beside_the_editor_is_no_editor() -> None:
    draft = read(plain_page("2024-05-20 来源：南山晚报 编辑：王芳 发表评论"))
    assert draft.editors is not None
    assert draft.editors.value == ("王芳",)


def test_the_name_that_a_meta_tag_gives_the_site_is_the_medium_beside_the_date() -> None:
    head = '<meta property="og:site_name" content="南山头条">'
    draft = read(plain_page("南山头条 2024-05-20 18:11 湖北", head=head))
    assert (draft.medium.value if draft.medium else None) == "南山头条"


def test_the_day_of_a_speech_gives_way_to_that_of_its_publication() -> None:
    head = "<div>（2024年5月18日）</div><div>李建国</div><div>发布时间：2024-05-20 14:51　来源：南山区委办公室</div>"
    draft = read(plain_page(head))
    assert (draft.published.value.day if draft.published else None) == 20
    assert (draft.authors.value if draft.authors else None) == ("李建国",)
    alone = read(plain_page("<div>（2024年5月18日）</div>"))
    assert (alone.published.value.day if alone.published else None) == 18


def test_a_notice_keeps_the_names_of_its_annexes() -> None:
    annexes = ("附件1：2024年度示范小区名单.pdf", "附件2：申报表.doc")
    links = "".join(f"<p><a href={n}.pdf>{name}</a></p>" for n, name in enumerate(annexes))
    assert texts(read(plain_page("2024-05-20", body=f"{PARAGRAPHS}{links}"))) == (*STORY, *annexes)


def test_wechat_names_the_author_beside_its_account() -> None:
    markup = f"""<html><head><title></title></head><body><h1 id="activity-name">{TITLE}</h1><div id="meta_content"><span id="copyright_logo" class="rich_media_meta">原创</span>
    <span class="rich_media_meta rich_media_meta_text">李建国</span><span class="rich_media_meta rich_media_meta_nickname"><a id="js_name">南山先锋</a></span>
    <em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div><div id="js_content" style="visibility: hidden">{PARAGRAPHS}</div></body></html>"""
    draft = read(markup)
    assert (draft.authors.value if draft.authors else None) == ("李建国",)
    assert (draft.medium.value if draft.medium else None) == "南山先锋"
