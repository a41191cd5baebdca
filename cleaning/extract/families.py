"""Content management systems and large sites whose pages are known: how to tell them, and where their fields stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cleaning.extract.page import Page
from models.rules import ArticleRules

__all__ = ["FAMILIES", "Family", "recognise"]


@dataclass(frozen=True, slots=True)
class Family:
    """``url`` is searched in the address; one of ``marks`` must stand in the markup where the address does not tell."""

    name: str
    rules: ArticleRules
    url: str = ""
    marks: tuple[str, ...] = ()
    hidden_body: bool = False  # the body is shown by script: its style says it is invisible


# Ordered: the sites before the systems, the particular before the general.
FAMILIES: tuple[Family, ...] = (
    Family(
        "wechat",
        ArticleRules(
            title=("#activity-name", 'meta[property="og:title"]'),
            body=("#js_content",),
            medium=("#js_name", ".wx_follow_nickname", "#profileBt a"),
            author=(
                'meta[name="author"]',
                'meta[property="og:article:author"]',
                "#js_author_name",
                "#meta_content > span.rich_media_meta_text",
            ),
            published=("#publish_time",),
            drop=(".qr_code_pc", "#js_tags", ".rich_media_tool", "mp-common-profile", ".weapp_text_link"),
            platform="微信公众号",
        ),
        url=r"^https?://mp\.weixin\.qq\.com/",
        marks=('id="js_content"',),
        hidden_body=True,
    ),
    Family(
        "founder-epaper",  # 方正翔宇, 畅享
        ArticleRules(
            # The element of the title holds kicker and subtitle too where those are set in their own fonts.
            title=(
                "founder-title .font01",
                "founder-title",
                ".detail-title",
                ".article h1",
                "p.font01",
                "td.font01",
                ".font01",
                "h2.font02",
            ),
            kicker=(".font02.intro", "p.introTitle"),
            body=("founder-content", "#ozoom", "#articleContent", "#ozoom1", ".detail-con", "#zoom"),
            published=("founder-date",),
            medium=("founder-papername",),
            author=("founder-author",),
        ),
        url=r"/(?:html|page)/20\d\d-\d\d/\d\d/(?:content_|nw\.)",
        marks=("founder-content", 'id="ozoom"', "<!--enpproperty"),
    ),
    Family(
        "12371",
        ArticleRules(
            title=("h1.big_title",),
            body=(".word", ".word_show", ".con_txt", ".text_box"),
            platform="共产党员网",
        ),
        url=r"^https?://[\w.]*12371\.cn/",
    ),
    Family(
        "qizhiwang",
        ArticleRules(
            title=("h1",),
            body=(".text_con", ".rm_txt_con"),
            published=(".ptime",),
            medium=(".ptime em",),
            platform="旗帜网",
        ),
        url=r"^https?://[\w.]*qizhiwang\.org\.cn/",
    ),
    Family(
        "people",
        ArticleRules(
            title=(".rm_txt h1", ".text_c h1", ".text_title h1", "h1#newstit", "h1"),
            kicker=(".rm_txt .pre", ".text_c h3.pre", "h3.pre"),
            subtitle=(".rm_txt .sub", ".text_c h4.sub", "h4.sub"),
            body=(
                ".rm_txt_con",
                "#rm_txt_zw",
                "#rwb_zw",
                ".box_con",
                ".show_text",
                ".text_con",
                "#p_content",
                ".gray.box_text",
            ),
            published=(".channel", ".text_c .sou", ".box01 .fl", "#p_publishtime", ".artOri"),
            medium=(".channel a", ".box01 .fl a", "#p_origin a", ".sou a", ".artOri a"),
            editor=(".edit", "#p_editor", ".editor"),
            drop=(".edit", ".box_pic", ".zdfy", ".page_n", "#paper_num", ".rm_relevant", ".bza"),
            platform="人民网",
        ),
        url=r"^https?://[\w.]*people\.com\.cn/",
        marks=("rm_txt_con", 'id="rwb_zw"'),
    ),
    Family(
        "xinhua",
        ArticleRules(
            title=(".head-line h1", ".h-title", "#title", "h1"),
            body=("#detailContent", "#detail", "#p-detail", "#content .article", ".main-article"),
            published=(".header-time", ".h-time", ".h-info .h-time", "#pubtime", ".time"),
            medium=(".header .source", ".source", "#source", ".h-info .aticle-src", ".aticle-src"),
            editor=(".editor", "#articleEdit .editor", ".p-jc", ".article-edit"),
            drop=("#articleEdit", ".editor", ".p-jc", ".p-tags", ".relatedNews", ".zan-wap", ".standard_lb"),
            platform="新华网",
        ),
        url=r"^https?://[\w.]*(?:news\.cn|xinhuanet\.com)/",
        marks=('id="detailContent"', 'id="p-detail"'),
    ),
    Family(
        "qstheory",
        ArticleRules(
            title=(".inner > h1", "h1"),
            subtitle=(".inner > h2",),
            body=(".highlight", "#detailContent", ".text", ".content"),
            published=(".pubtime", ".headtitle span"),
            drop=(".fs-text", ".fs-pinglun", ".hidden-xs"),
            platform="求是网",
        ),
        url=r"^https?://[\w.]*qstheory\.cn/",
    ),
    Family(
        "dangjian",
        ArticleRules(
            title=("#title_tex", "h1"),
            body=("#tex .TRS_Editor", "#tex", ".TRS_Editor"),
            published=("#time_ly", ".ly"),
            platform="党建网",
        ),
        url=r"^https?://[\w.]*dangjian\.(?:cn|com)/",
    ),
    Family(
        "ccdi",
        ArticleRules(
            title=("h2.tit",),
            body=("div.content .TRS_Editor", "div.content"),
            published=(".daty_con em.e2",),
            medium=(".daty_con em.e1",),
            platform="中央纪委国家监委网站",
        ),
        url=r"^https?://[\w.]*ccdi\.gov\.cn/",
    ),
    Family(
        "gov-cn",  # 中国政府网; its meta author is the 责任编辑
        ArticleRules(
            title=("h1#ti", "h1"),
            body=("#UCAP-CONTENT", ".pages_content"),
            published=(".pages-date",),
            medium=(".pages-date span",),
            editor=(".editor span", ".editor", 'meta[name="author"]'),
            platform="中国政府网",
        ),
        url=r"^https?://www\.gov\.cn/",
    ),
    Family(
        "banyuetan",
        ArticleRules(
            title=(".detail_tit h1",), body=("#detail_content",), editor=('meta[name="author"]',), platform="半月谈网"
        ),
        url=r"^https?://[\w.]*banyuetan\.org/",
    ),
    Family(
        "ucap",
        ArticleRules(title=("ucaptitle",), body=("ucapcontent", "#UCAP-CONTENT")),
        marks=("UCAP-CONTENT", "<ucapcontent"),
    ),
    Family(
        "trs",  # TRS WCM and its editors
        ArticleRules(
            body=(".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor", "#zoomcon", "#zoom", ".trs_paper_default"),
        ),
        marks=("TRS_Editor", "trs_editor_view", "TRS_UEDITOR", "trs_paper_default"),
    ),
    Family(
        "hanweb",  # 大汉 JPAAS
        ArticleRules(body=("#zoom", ".zoom", ".main-txt", ".article-content")),
        url=r"/art/20\d\d/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
        marks=("<!--ZJEG_RSS.content.begin-->", 'id="zoom"', "id=zoom"),
    ),
    Family(
        "vsb",
        ArticleRules(body=(".v_news_content", "#vsb_content", "#vsb_content_2")),
        marks=("v_news_content", "vsb_content"),
    ),
    Family(
        "gkmlpt",  # 广东 集约化
        ArticleRules(title=(".title.document-number", ".article-title", "h1"), body=(".article-content",)),
        url=r"/content/(?:\d+/\d+/)?post_\d+\.html",
    ),
    Family(
        "siteserver", ArticleRules(body=("#Zoom", ".article-content", "#content")), url=r"/contents/\d+/\d+\.s?html"
    ),
    Family(
        "dedecms",
        ArticleRules(
            title=(".viewbox .title h2", ".title h1", "h1"),
            body=(".viewbox .content", ".content #content", ".arc_body"),
        ),
        marks=("/plus/count.php", "/plus/view.php", "/templets/", "/plus/digg_ajax.php"),
    ),
    Family(
        "aspnet",  # county sites: a form around the page, labels with generated ids
        ArticleRules(
            title=('[id$="lblTitle"]', '[id$="LabTitle"]', '[id$="Label_Title"]'),
            body=('[id$="lblContent"]', '[id$="LabContent"]', '[id$="Label_Content"]'),
        ),
        marks=("__VIEWSTATE",),
    ),
)


# Words that several marks hold: a page is searched for the marks only where it holds the word.
_WORDS = ("zoom", "_content", "/plus/")
_WORD_IN = {mark: word for family in FAMILIES for mark in family.marks for word in _WORDS if word in mark}
_ADDRESSES = {family.name: re.compile(family.url) for family in FAMILIES if family.url}


def recognise(page: Page) -> Iterator[Family]:
    """The families a page may belong to, most particular first."""
    missing = {word for word in _WORDS if word not in page.markup}
    for family in FAMILIES:
        address = _ADDRESSES.get(family.name)
        marks = (mark for mark in family.marks if _WORD_IN.get(mark) not in missing)
        if (address and address.search(page.url)) or any(mark in page.markup for mark in marks):
            yield family
