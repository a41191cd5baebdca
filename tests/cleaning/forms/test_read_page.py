"""Pages in every form: what is the title, what is text, what the file itself states."""

from __future__ import annotations

import json

import pytest

from cleaning.forms import read_page
from models.records import BlockKind, MediaType, Origin, Precision
from tests.cleaning.layout.drafts import captions, headings, paragraphs, raw

P1 = "入冬以来，青杨乡把党课开到了火塘边。支部书记杨建国用方言讲政策，老人们听得懂，年轻人记得住。"
P2 = "“听完就能办事。”村民和秀英说，上个月她在火塘边反映的饮水问题，一个星期就解决了。"


# --- front matter ---

HEXO = f"""

---
title: '火塘边的_党课_'
categories:
 - 新媒体
 - 今日头条
headimg: 'https://proxy.example.org/?http://img.example.com/1.jpeg'
author: 今日头条
date: Tue, 25 Jan 2022 01:26:43 GMT
---

<div><p>{P1}</p><p><img src="http://img.example.com/1.jpeg" data-size="1080,608"></p><p>{P2}</p></div>
"""


def test_front_matter_states_title_date_platform_and_tags() -> None:
    doc = read_page(raw(HEXO))
    assert doc.title is not None
    assert (doc.title.value, doc.title.origin) == ("火塘边的_党课_", Origin.FRONT_MATTER)
    assert doc.published is not None
    assert doc.published.value.isoformat() == "2022-01-25T09:26:43+08:00"
    assert doc.published.raw == "Tue, 25 Jan 2022 01:26:43 GMT"
    assert doc.platform is not None
    assert doc.platform.value == "今日头条"
    assert doc.authors is None
    assert doc.tags == ("新媒体", "今日头条")
    assert paragraphs(doc) == [P1, P2]
    assert [b.image.url for b in doc.blocks if b.image] == ["http://img.example.com/1.jpeg"]


DATES = [
    ("2021-10-28 14:08:07", "2021-10-28T14:08:07+08:00", Precision.SECOND),
    ("2021-10-28", "2021-10-28T00:00:00+08:00", Precision.DAY),
    ("2021-10-28T06:08:07Z", "2021-10-28T14:08:07+08:00", Precision.SECOND),
    ("2021年10月28日 14:08", "2021-10-28T14:08:00+08:00", Precision.MINUTE),
]


@pytest.mark.parametrize(("printed", "read", "precision"), DATES)
def test_dates_of_front_matter(printed: str, read: str, precision: Precision) -> None:
    doc = read_page(raw(f"---\ntitle: 火塘边的党课\ndate: {printed}\n---\n{P1}\n\n{P2}\n"))
    assert doc.published is not None
    assert doc.published.value.isoformat() == read
    assert doc.published_precision is precision


@pytest.mark.parametrize("printed", ["", "6月15日", "soon", "[2021]x"])
def test_no_date_is_made_of_what_is_none(printed: str) -> None:
    assert read_page(raw(f"---\ntitle: 火塘边的党课\ndate: {printed}\n---\n{P1}\n")).published is None


AUTHORS = [
    ("author: 杨小兰", ("杨小兰",), None, None),
    ("author: 杨小兰、和志刚", ("杨小兰", "和志刚"), None, None),
    ("author: 青杨日报", (), "青杨日报", None),
    ("author: 搜狐", (), None, "搜狐"),
    ("author: 乡音\ntags: [乡音]", (), None, "乡音"),
    ("author: 杨小兰\nsource: 青杨日报", ("杨小兰",), "青杨日报", None),
    ("author: admin", (), None, None),
]


@pytest.mark.parametrize(("lines", "authors", "medium", "platform"), AUTHORS)
def test_an_author_is_a_person_an_office_or_a_platform(
    lines: str, authors: tuple[str, ...], medium: str | None, platform: str | None
) -> None:
    doc = read_page(raw(f"---\ntitle: 火塘边的党课\n{lines}\n---\n{P1}\n"))
    assert (doc.authors.value if doc.authors else ()) == authors
    assert (doc.medium.value if doc.medium else None) == medium
    assert (doc.platform.value if doc.platform else None) == platform


def test_front_matter_that_is_not_yaml_is_read_line_by_line() -> None:
    doc = read_page(raw(f"---\ntitle: 党课: 从火塘: 讲起\nauthor: '杨小兰\n---\n{P1}\n"))
    assert doc.title is not None
    assert doc.title.value == "党课: 从火塘: 讲起"
    assert paragraphs(doc) == [P1]


def test_a_placeholder_picture_is_no_picture() -> None:
    head = "---\ntitle: 火塘边的党课\nheadimg: 'https://picsum.photos/400/300?random=1502'\n---\n"
    assert not [b for b in read_page(raw(head + P1)).blocks if b.image]


def test_front_matter_that_never_ends_is_text() -> None:
    doc = read_page(raw(f"---\ntitle: 火塘边的党课\n\n{P1}\n"))
    assert P1 in paragraphs(doc)


# --- JSON ---


def test_a_json_article_with_html() -> None:
    page = {
        "title": "火塘边的党课",
        "content": f"<div><p>{P1}</p><p>{P2}</p></div>",
        "publish_time": 1643074003,
        "author": ["杨小兰"],
        "source": {"name": "青杨日报"},
    }
    doc = read_page(raw(json.dumps(page, ensure_ascii=False), MediaType.JSON))
    assert doc.title is not None
    assert doc.title.value == "火塘边的党课"
    assert doc.published is not None
    assert doc.published.value.isoformat() == "2022-01-25T09:26:43+08:00"
    assert doc.authors is not None
    assert doc.authors.value == ("杨小兰",)
    assert doc.medium is not None
    assert doc.medium.value == "青杨日报"
    assert paragraphs(doc) == [P1, P2]


def test_a_json_article_with_text_inside_a_wrapper() -> None:
    page = {"code": 0, "data": {"标题": "火塘边的党课", "正文": f"火塘边的党课\n{P1}\n{P2}", "来源": "青杨日报"}}
    doc = read_page(raw(json.dumps(page, ensure_ascii=False)))
    assert doc.title is not None
    assert doc.title.value == "火塘边的党课"
    assert paragraphs(doc) == ["火塘边的党课", P1, P2]  # layout drops the repeated title


@pytest.mark.parametrize("text", ['{"title": "x"', "{}", "[1, 2]", '{"a": ' * 5_000])
def test_json_that_is_no_article_is_not_an_error(text: str) -> None:
    assert read_page(raw(text, MediaType.JSON)).title is None


# --- plain text ---

TITLES = [
    (["火塘边的党课", P1], "火塘边的党课", None),
    (["火塘边的党课", "火塘边的党课", P1], "火塘边的党课", None),
    (["标题：火塘边的党课", P1], "火塘边的党课", None),
    (["首页 > 党建动态 > 正文", "火塘边的党课", P1], "火塘边的党课", None),
    (["火塘边的党课", "——青杨乡冬训侧记", P1], "火塘边的党课", "——青杨乡冬训侧记"),
    (["火塘边的党课", "围炉夜话暖民心", "来源：青杨日报 2023-01-05", P1], "火塘边的党课 围炉夜话暖民心", None),
    (["党课为什么开到火塘边？", P1], "党课为什么开到火塘边？", None),
    ([P1, P2], None, None),
    (["火塘边的党课。", P1], None, None),
    (["一、火塘边的党课", P1], None, None),
    (["本报记者 杨小兰", P1], None, None),
    (["各村党支部：", P1], None, None),
]


@pytest.mark.parametrize(("lines", "title", "subtitle"), TITLES)
def test_titles_of_plain_text(lines: list[str], title: str | None, subtitle: str | None) -> None:
    doc = read_page(raw("\n".join(lines)))
    assert (doc.title.value if doc.title else None) == title
    assert (doc.subtitle.value if doc.subtitle else None) == subtitle


def test_lines_wrapped_at_one_width_become_paragraphs_again() -> None:
    text = P1 + P2 + P1
    wrapped = [text[i : i + 18] for i in range(0, len(text), 18)]
    doc = read_page(raw("火塘边的党课\n\n　　" + "\n".join(wrapped) + "\n　　" + P2[:10]))
    assert paragraphs(doc) == [text, P2[:10]]


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    doc = read_page(raw(f"\ufeff火塘边的党课\r\n\r\n　　{P1}\r\n　　{P2}\r\n"))
    assert doc.title is not None
    assert doc.title.value == "火塘边的党课"
    assert paragraphs(doc) == [P1, P2]


# --- Markdown ---


def test_markdown_marks_are_read_and_gone() -> None:
    text = f"""# 火塘边的党课

## 围炉夜话

{P1[:-1]}，见[专题](http://example.com/topic)**要点**。

![火塘](http://img.example.com/1.jpeg "火塘")

- 第一条：{P2}
"""
    doc = read_page(raw(text, MediaType.MARKDOWN))
    assert doc.title is not None
    assert (doc.title.value, doc.title.origin) == ("火塘边的党课", Origin.HEADING)
    assert headings(doc) == ["围炉夜话"]
    assert paragraphs(doc)[1:] == [f"{P1[:-1]}，见专题要点。", f"第一条：{P2}"]
    assert doc.links == ("http://example.com/topic",)
    assert [b.kind for b in doc.blocks].count(BlockKind.IMAGE) == 1


def test_pieces_of_a_headline_joined_by_hard_breaks_are_one_line() -> None:
    doc = read_page(raw(f"# 火塘边的党课\n\n围炉  \n夜话\n\n{P1}\n\n听得懂  \n记得住\n\n{P2}\n"))
    assert paragraphs(doc) == ["围炉夜话", P1, "听得懂记得住", P2]


def test_a_hole_alone_makes_no_caption() -> None:
    text = f"# 火塘边的党课\n\n{P1}\n\n\n\n老人们听得懂。\n\n{P2}\n\n{P1}\n"
    assert captions(read_page(raw(text, MediaType.MARKDOWN))) == []


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "---\n---\n", "#", "# \n", "<", "{"])
def test_pages_of_nothing_give_drafts_of_nothing(text: str) -> None:
    assert read_page(raw(text)).title is None
