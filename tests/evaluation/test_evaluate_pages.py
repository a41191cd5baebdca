"""Articles in the layouts of real systems are read whole, and the evaluation notices where they are not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cleaning import pipeline
from cleaning.extract.families import FAMILIES
from models.records import Block, BlockKind, RawPage, Record
from scripts.evaluate_authors import all_named, is_named, page_lines
from scripts.evaluate_pages import PAGES, PageScore, Truth, body_f1, judge, own_pages, score_own_pages

RECORDED = Path(__file__).parent / "recorded.json"
OWN = list(own_pages())
GB = ("people-2019", "table-1999", "dedecms", "dangjian-trs", "aspnet-table")  # pages in GB 18030
NO_FAMILY = ("table-1999", "founder-web", "no-family", "trap-")  # found by their text alone


@pytest.mark.parametrize(("layout", "page", "truth"), OWN, ids=[name for name, _, _ in OWN])
def test_an_article_is_read_from_every_layout(layout: str, page: RawPage, truth: Truth) -> None:
    record = pipeline.process(page)
    body, verdicts = judge(record, truth)
    assert body > 0.98, record.text
    assert [name for name, right in verdicts.items() if not right] == []
    step = "text-mass" if layout.startswith(NO_FAMILY) else f"family:{_family(layout)}"
    assert record.extractor == step


def _family(layout: str) -> str:
    known = {
        "people-2019": "people",
        "trs-county": "trs",
        "epaper": "founder-epaper",
        "epaper-people": "founder-epaper",
        "xinhua-2017": "xinhua",
        "qstheory-journal": "qstheory",
        "wechat-original": "wechat",
        "12371-special": "12371",
        "dangjian-trs": "dangjian",
        "hanweb-jpaas": "hanweb",
        "aspnet-table": "aspnet",
        "siteserver-hostile": "siteserver",
    }
    return known.get(layout, layout)


def test_every_family_has_a_layout() -> None:
    seen = {_family(layout) for layout, _, _ in OWN}
    assert {family.name for family in FAMILIES} == seen & {family.name for family in FAMILIES}


def test_no_figure_of_the_pages_fell_below_the_recorded_one() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))["figures"]
    now = {score.kind: score.figures for score in score_own_pages()}
    fallen = [
        (kind, name)
        for kind, figures in recorded.items()
        if kind.startswith("pages, ")
        for name, before in figures.items()
        if now.get(kind, {}).get(name, 0.0) < before - 0.0005
    ]
    assert any(kind.startswith("pages, ") for kind in recorded)
    assert fallen == []


def test_the_layouts_are_many_and_hold_what_they_promise() -> None:
    assert len(OWN) >= 40
    for name, page, truth in OWN:
        markup = page.body.decode("gb18030" if name in GB else "utf-8", "replace")
        assert name.startswith("trap-") or (truth.title or "?") in markup
    assert (PAGES / "layouts.yaml").exists()


def record(text: str, **fields: object) -> Record:
    blank = Record("test", "seed:a", "0" * 64, (Block(BlockKind.PARAGRAPH, text),), "test")
    return replace(blank, **fields)  # type: ignore[arg-type]


def test_a_wrong_field_is_counted_and_a_field_nobody_gives_is_not() -> None:
    truth = Truth("东风社区的议事厅里坐满了人。", title="议事厅", medium="南山日报")
    body, verdicts = judge(
        record("东风社区的议事厅里坐满了人。", title="议事厅", medium="南山网", authors=("李建国",)), truth
    )
    assert body == 1.0
    assert verdicts == {"title": True, "medium": False, "author not invented": False, "date not wrong": True}


def test_furniture_and_lost_text_cost_the_body() -> None:
    truth = "东风社区的议事厅里坐满了人，党支部书记把意见记在本子上。"
    assert body_f1(truth, truth) == 1.0
    assert 0.5 < body_f1(truth, truth + "上一篇下一篇打印本页关闭窗口扫一扫") < 0.9
    assert 0.5 < body_f1(truth, truth[:20]) < 0.9
    assert body_f1(truth, "") == 0.0


def test_a_figure_is_the_share_of_pages_that_are_right() -> None:
    score = PageScore("pages, x")
    score.add(1.0, {"title": True})
    score.add(0.8, {"title": False, "medium": True})
    assert score.figures == {"body": 0.9, "body>.9": 0.5, "title": 0.5, "medium": 1.0}


NAMED = [
    ("作者：李建国", True),
    ("（记者王芳、赵强、李建国）", True),
    ("本报记者 王芳 李 建 国", True),
    ("南山网北京5月2日电（王芳 李建国）报告说，社区有了新变化。", True),
    ("李建国 文/图", True),
    ("南山日报 李建国", True),
    ("□ 李建国", True),
    ("日子越过越好。（李建国）", True),
    ("社区书记李建国说，大家的事大家办。", False),
    ("议事厅的灯亮了，李建国还没有走。", False),
    ("责任编辑 李建国", False),
    ("社区书记 李建国", False),
    ("李建国当选", False),
]


@pytest.mark.parametrize(("line", "named"), NAMED)
def test_an_author_counts_as_invented_unless_the_page_names_him_as_one(line: str, named: bool) -> None:
    assert is_named("李建国", line) is named


def test_authors_are_looked_for_on_the_page_as_its_reader_sees_it() -> None:
    lines = page_lines("<p>（記者<b>李</b>建国）</p><script>作者：王芳</script>".encode())
    assert all_named(("李建国",), lines)
    assert not all_named(("李建国", "王芳"), lines)
    assert judge(record("。", authors=("王芳",)), Truth("。", lines=tuple(lines)))[1]["author not invented"] is False
