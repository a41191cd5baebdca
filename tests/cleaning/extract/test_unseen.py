"""Traps of page makers that real pages of the collection do not show: one test each, on pages of our own."""

# ruff: noqa: E501  (markup reads better on one line)

from __future__ import annotations

import json

import pytest

from tests.cleaning.extract.pages import PARAGRAPHS, STORY, TITLE, plain_page, read, texts

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
