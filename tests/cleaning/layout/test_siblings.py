"""Whole pages of the kinds that the seeds stand for, invented: what must be text, and what must not."""

from __future__ import annotations

import pytest

from models.records import MediaType, Origin, Precision
from tests.cleaning.layout.drafts import applied, arranged, captions, flagged, headings, paragraphs

P1 = (
    "清晨七点，石桥镇桃花村党支部书记赵长河已经走完了村里的三条水渠。"
    "春耕在即，哪一段渗漏、哪一户缺劳力，他的本子上记得清清楚楚。"
)
P2 = (
    "“以前开会人都凑不齐，现在是大家追着支部问什么时候议事。"
    "”村民孙桂芝说。变化来自去年秋天推行的“板凳议事会”：会议搬到晒谷场，谁都可以坐下来讲。"
)
P3 = (
    "截至目前，议事会已经开了十四次，解决了修渠、路灯、垃圾清运等三十一件小事，"
    "参加的村民从最初的九人增加到一百二十多人。"
)
P4 = "镇党委副书记周明远介绍，下一步将把这一做法推广到全镇十一个行政村，并为每个村配备一名联络员。"
BODY = [P1, P2, P3, P4]


def page(*lines: str) -> str:
    return "\n".join(lines)


# --- scraped mirrors: the title repeated, the body twice, a comment box below ---

TAILS = {
    "the box of a blog": ["相关推荐", "评论列表", "暂无评论,快抢沙发吧~", "你 发表评论:", "欢迎"],
    "links and a form": ["相关阅读", "石桥镇召开春耕动员会", "桃花村：渠水又响了", "发表评论", "昵称：", "验证码："],
    "neighbours": ["上一篇：石桥镇召开春耕动员会", "下一篇：没有了", "猜你喜欢", "一个村的十年"],
    "Traditional": ["相關推薦", "評論列表", "暫無評論，快來搶沙發", "發表評論："],
    "login": ["网友评论(0)", "登录后才能发表评论", "最新评论", "查看更多评论"],
    "share": ["分享到：微信 微博 QQ空间", "打印本页 关闭窗口", "扫一扫在手机打开当前页"],
}


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS)
@pytest.mark.parametrize("glued", [True, False])
def test_a_mirrored_page_keeps_one_body_and_nothing_of_the_comment_box(tail: list[str], glued: bool) -> None:
    title = "走村记⑦ 板凳搬到晒谷场 议事议到心坎上"
    lead = title + P1 if glued else P1
    doc, repairs = arranged(page(title, title, lead, *BODY[1:], *BODY, "", "", *tail))
    assert doc.title is not None
    assert doc.title.value == title
    assert paragraphs(doc) == BODY
    assert len(applied(repairs, "duplicate-body")) == 4
    assert applied(repairs, "furniture") == tail


def test_a_mirrored_page_with_credits_at_the_end_of_both_copies() -> None:
    credits = ["策划：石桥镇党委、县委宣传部", "执行：何小满、罗一鸣"]
    doc, _ = arranged(page("板凳搬到晒谷场", *BODY, *credits, *BODY, *credits, "评论列表"))
    assert paragraphs(doc) == BODY
    assert doc.authors is not None
    assert doc.authors.value == ("何小满", "罗一鸣")
    assert [c.role for c in doc.credits] == ["策划", "执行"]


def test_copies_that_differ_are_collapsed_and_the_record_is_flagged() -> None:
    again = [p.replace("三十一件", "三十二件").replace("清晨", "早晨") for p in BODY]
    doc, repairs = arranged(page("板凳搬到晒谷场", *BODY, *again))
    assert paragraphs(doc) == BODY
    assert "copies-differ" in doc.flags
    assert "三十一件→" in repairs[0].evidence or "三十二件" in repairs[0].evidence


# --- converted mirrors: no title, a footer that names the medium ---

FOOTERS = [
    (["关于我们 联系我们 网站地图 用户调查", "石桥先锋网 版权所有 蜀ICP备10203040号-2"], "石桥先锋网"),
    (["關於我們 | 聯繫我們 | 網站聲明", "版權所有：中共石橋縣委組織部 川ICP備10203040號"], "中共石橋縣委組織部"),
    (["主办：中共石桥县委组织部 承办：石桥县信息中心", "技术支持：某某科技", "川公网安备 51010002000123号"], None),
    (["Copyright © 2019-2024 石桥党建网 All Rights Reserved", "地址：石桥县人民路1号 邮编：610000"], "石桥党建网"),
    (["网站标识码：5101000012", "蜀ICP备05060708号", "您是第1234567位访问者"], None),
    (["本网站版权所有 未经许可不得转载", "京ICP备12345678号"], None),
]


@pytest.mark.parametrize(("footer", "medium"), FOOTERS)
def test_a_footer_goes_and_its_owner_is_the_medium(footer: list[str], medium: str | None) -> None:
    doc, repairs = arranged(page(*BODY, *footer))
    assert paragraphs(doc) == BODY
    assert doc.title is None
    assert (doc.medium.value if doc.medium else None) == medium
    assert doc.medium is None or doc.medium.origin is Origin.FOOTER
    assert applied(repairs, "furniture")
    assert doc.platform is None


def test_a_byline_outweighs_the_footer() -> None:
    doc, _ = arranged(
        page("板凳搬到晒谷场", "来源：石桥日报 2023-03-02 10:11", *BODY, "石桥先锋网 版权所有 蜀ICP备10203040号-2")
    )
    assert doc.medium is not None
    assert doc.medium.value == "石桥日报"


# --- e-paper pages: headlines in pieces, bylines in the middle, captions inside sentences ---


def test_an_epaper_page_is_put_together_without_moving_anything() -> None:
    torn = "桃花村村民郑小荷说：“支部把渠修到了田头，我们浇地再也不用半夜排队，今年打算再种三亩蔬菜，把合作社的冷库也"
    rest = "用起来，让城里人吃上当天摘的菜。”"
    text = f"""
# 田埂上的议事会

石桥镇推行板凳议事会见闻与思考

走村

三条水渠
六年心愿

{P1}

石桥日报记者 冯晓棠
摄影 丁一川

{P2}

{torn}



村民在新修的水渠边浇地。

{rest}

{P3}
"""
    text = text.replace("三条水渠\n", "三条水渠  \n")
    doc, repairs = arranged(text, MediaType.MARKDOWN)
    assert doc.title is not None
    assert doc.title.value == "田埂上的议事会"
    assert doc.subtitle is not None
    assert doc.subtitle.value == "石桥镇推行板凳议事会见闻与思考"
    assert headings(doc) == ["走村 三条水渠六年心愿"]
    assert paragraphs(doc) == ["走村 三条水渠六年心愿", P1, P2, torn + rest, P3]
    assert captions(doc) == ["村民在新修的水渠边浇地。"]
    assert doc.authors is not None
    assert doc.authors.value == ("冯晓棠",)
    assert doc.medium is not None
    assert doc.medium.value == "石桥日报"
    assert [(c.role, c.names) for c in doc.credits][-1] == ("摄影", ("丁一川",))
    assert len(applied(repairs, "joining")) == 1


# --- pages of county systems: a row of fields under the title, headings that are sentences ---

ROWS = [
    "作者: 发布时间:2022/3/31 11:27:21 点击率:0",
    "发布时间：2022-03-31 11:27:21　来源：　点击：12 次",
    "发布日期：2022年03月31日 11:27:21 浏览次数：88 【字体：大 中 小】",
    "點擊率:5 發佈時間:2022/3/31 11:27:21 作者:",
]


@pytest.mark.parametrize("row", ROWS)
def test_the_row_under_the_title_gives_the_date_and_nothing_else(row: str) -> None:
    doc, _ = arranged(page("党建暖民心 治理在基层（下）", row, *BODY))
    assert doc.title is not None
    assert doc.title.value == "党建暖民心 治理在基层（下）"
    assert doc.published is not None
    assert doc.published.value.isoformat() == "2022-03-31T11:27:21+08:00"
    assert doc.published_precision is Precision.SECOND
    assert doc.authors is None
    assert doc.medium is None
    assert doc.clicks is not None
    assert paragraphs(doc) == BODY


def test_sentences_that_head_their_sections_are_headings_and_long_paragraphs_stay_whole() -> None:
    long = ["2021年，东门街道以夯实基础为核心，" + P2 + P1, "这一年，西河街道把服务送到巷口，" + P3 + P4]
    heads = ["东门街道：擦亮“书香”党建品牌。", "西河街道：在服务群众中稳基础 强队伍。"]
    doc, _ = arranged(page("党建暖民心（下）", ROWS[0], P4, heads[0], long[0], heads[1], long[1]))
    assert headings(doc) == heads
    assert paragraphs(doc) == [P4, heads[0], long[0], heads[1], long[1]]


def test_people_who_speak_are_no_headings() -> None:
    talk = [
        "记者：渠是什么时候修的？",
        P1,
        "赵长河：去年秋天动的工，一个冬天就修好了。",
        P2,
        "孙桂芝：大家都出了力。",
        P3,
    ]
    doc, _ = arranged(page("田埂上的对话", ROWS[0], *talk))
    assert headings(doc) == []
    assert paragraphs(doc) == talk


# --- ends of articles ---

ENDS = [
    (["（责任编辑：林小雨）"], (), ("林小雨",)),
    (["来源：石桥日报 编辑：林小雨"], (), ("林小雨",)),
    (["编辑 | 林小雨 审核 | 沈知行"], (), ("林小雨",)),
    (["记者 冯晓棠 通讯员 叶青 文/图"], ("冯晓棠",), ()),
    (["图/文：冯晓棠"], ("冯晓棠",), ()),
    (["本报记者 冯晓棠", "责任编辑：林小雨"], ("冯晓棠",), ("林小雨",)),
    (["（石桥日报记者 冯晓棠）"], ("冯晓棠",), ()),
    (["責任編輯：林小雨"], (), ("林小雨",)),
]


@pytest.mark.parametrize(("tail", "authors", "editors"), ENDS)
def test_credits_at_the_end_become_fields(tail: list[str], authors: tuple[str, ...], editors: tuple[str, ...]) -> None:
    doc, repairs = arranged(page("板凳搬到晒谷场", *BODY, *tail))
    assert paragraphs(doc) == BODY
    assert (doc.authors.value if doc.authors else ()) == authors
    assert (doc.editors.value if doc.editors else ()) == editors
    assert applied(repairs, "credits") == tail
    assert all(name in str(doc.credits) for name in (*authors, *editors))


@pytest.mark.parametrize("note", ["（责任编辑：林小雨）", "（记者 冯晓棠）", "本报记者 冯晓棠"])
def test_credits_behind_the_last_sentence_are_cut_off_it(note: str) -> None:
    doc, repairs = arranged(page("板凳搬到晒谷场", *BODY[:3], P4 + note))
    assert paragraphs(doc) == BODY
    assert applied(repairs, "credits") == [note]
    assert doc.authors or doc.editors


def test_the_signature_of_a_notice_is_text() -> None:
    notice = ["各行政村党支部：", P4, "特此通知。", "中共石桥镇委员会", "2023年3月2日"]
    doc, _ = arranged(page("关于开展“板凳议事会”的通知", *notice))
    assert paragraphs(doc) == notice
    assert doc.published is None


def test_a_day_without_its_year_is_no_date() -> None:
    doc, _ = arranged(page("板凳搬到晒谷场", "6月15日，桃花村开了第一次议事会，来了九个人。", *BODY))
    assert doc.published is None


# --- what must never be touched ---


def test_a_refrain_stays() -> None:
    refrain = "一条板凳一颗心，坐下来就是一家人。"
    song = [P1, refrain, P2, refrain, P3, refrain, P4]
    doc, repairs = arranged(page("晒谷场上的歌", *song))
    assert paragraphs(doc) == song
    assert not applied(repairs, "duplicate-body")


def test_items_of_a_list_that_begin_alike_stay() -> None:
    items = [f"桃花村第{n}村民小组议事会解决了{n}件小事，群众满意率达到百分之九十{n}。" for n in "一二三四五六七八"]
    doc, repairs = arranged(page("议事会一年账", P1, *items, P4))
    assert paragraphs(doc) == [P1, *items, P4]
    assert not applied(repairs, "duplicate-body")


def test_related_links_inside_a_report_stay() -> None:
    doc, _ = arranged(page("板凳搬到晒谷场", P1, P2, "相关链接", P3 + P4, "延伸阅读", P4 + P3))
    assert paragraphs(doc) == [P1, P2, "相关链接", P3 + P4, "延伸阅读", P4 + P3]


def test_a_lead_that_begins_with_the_words_of_the_title_stays() -> None:
    lead = "石桥镇召开春耕动员会，部署水利和农资工作，" + P3
    doc, repairs = arranged(page("石桥镇召开春耕动员会", "石桥镇召开春耕动员会", lead, *BODY))
    assert paragraphs(doc)[0] == lead
    assert not flagged(repairs, "repeated-title")


def test_a_page_of_nothing_but_furniture_is_left_to_people() -> None:
    doc, _ = arranged(page("打印本页 关闭窗口", "蜀ICP备10203040号"))
    assert paragraphs(doc)
