"""The rules in their order, and what must always hold of the whole pipeline."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaning.explain import explain
from cleaning.pipeline import AFTER_LAYOUT, BEFORE_LAYOUT, RULES_VERSION, clean, process, record_to_json
from models.records import (
    Block,
    BlockKind,
    Credit,
    Draft,
    Found,
    Image,
    MediaType,
    Origin,
    Precision,
    Provenance,
    RawPage,
    Record,
    Script,
)

SEEDS = Path(__file__).parents[2] / "seeds"
SHARED = os.environ.get("DANGJIAN_SHARED")

# Clean text as an editor would print it: numbers, names, quotations, brackets, series numbers, Latin words.
CLEAN = (
    "“小院议事”议出幸福感",
    "本报讯（记者 周明）11月20日8:30，东风街道12个社区的党员代表走进“红色驿站”，"
    "围绕3.2万户居民的停车难题议了整整3个小时。",
    "“过去是社区干部跑断腿，现在是大家的事大家办！”社区党委书记陈淑芬说，“‘三会一课’开到了楼院里。”",
    "三级联动 多方共建",
    "据统计，2022年以来，街道整合资金1,280余万元，完成老旧小区改造（含加装电梯）46部，群众满意率98.6%。",
    "乾隆年间修建的石桥旁，著名书法家於老师题写的“同心亭”格外显著；瞭望台上，志愿者正用App（应用程序）登记。",
    "社区治理一本通⑨收录了CPPCC（政协）委员的建议，详见https://www.example.cn/a?id=1,2。",
    "春熙路的孃孃们说：“巷子干净了，心里就敞亮了……”",
)


def draft(*lines: str, **fields: object) -> Draft:
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in lines)
    return replace(Draft(source="s", url="u", key="k", blocks=blocks), **fields)  # type: ignore[arg-type]


def again(record: Record) -> Record:
    """The record cleaned once more, as if it had been extracted from a page that prints it."""
    title = None if record.title is None else Found(record.title, Origin.META)
    return clean(Draft(source="s", url="u", key="k", blocks=record.blocks, title=title, credits=record.credits))


def test_the_rules_stand_in_the_order_that_each_of_them_needs() -> None:
    assert [rule.name for rule in (*BEFORE_LAYOUT, *AFTER_LAYOUT)] == [
        "surrogates",
        "mojibake",
        "characters",
        "byte-damage",
        "pinyin",
        "letter-spacing",
        "spaces",
        "white-space",
        "script",
        "punctuation",
    ]


def test_clean_text_comes_out_byte_for_byte() -> None:
    record = clean(draft(*CLEAN))
    assert record.paragraphs == CLEAN
    assert record.repairs == ()
    assert record.flags == ()
    assert record.original_text is None


def test_a_damaged_traditional_page_becomes_readable_and_every_step_is_recorded() -> None:
    record = clean(
        draft(
            "社區(qū)黨組織帶領黨員走訪群眾,瞭解居民對環境整治的意見 ,並逐項登記。",
            "街道著力解決停車難,活躍著一支志願服務隊,社區(qū)面貌煥然一新。",
            "社區(qū)書記說:“群眾的事,大家一起辦!”",
        )
    )
    assert record.paragraphs == (
        "社区党组织带领党员走访群众，了解居民对环境整治的意见，并逐项登记。",
        "街道着力解决停车难，活跃着一支志愿服务队，社区面貌焕然一新。",
        "社区书记说：“群众的事，大家一起办！”",
    )
    assert record.script is Script.HANT
    assert {repair.rule for repair in record.repairs} == {
        "pinyin",
        "spaces",
        "script",
        "script-correction",
        "punctuation",
    }
    assert record.original_text is not None
    assert record.original_text.startswith("社區(qū)黨組織")


def test_fields_of_the_draft_are_repaired_with_the_text_and_keep_where_they_came_from() -> None:
    record = clean(
        draft(
            *CLEAN,
            title=Found("黨建引領社區治理,著力破解難題(上)", Origin.META, "黨建引領…_某網"),
            medium=Found("某市日報", Origin.BYLINE, "來源：某市日報"),
            authors=Found(("張曉明",), Origin.BYLINE, "記者 張曉明"),
            published=Found(datetime(2022, 1, 25, 9, 26, tzinfo=UTC), Origin.META, "2022-01-25 09:26"),
            published_precision=Precision.MINUTE,
            credits=(Credit("摄影", ("王五", "赵六")), Credit("图", ("王五",)), Credit("图片编辑", ("钱七",))),
        )
    )
    # The body is simplified and long, so single characters of the short fields are converted one by one.
    assert record.title == "党建引领社区治理，著力破解难题（上）"
    assert (record.medium, record.authors) == ("某市日报", ("张晓明",))
    assert record.photographers == ("王五", "赵六")
    assert record.provenance["photographers"] == Provenance(Origin.BYLINE, "摄影：王五、赵六；图：王五")
    assert record.provenance["title"].raw == "黨建引領…_某網"
    assert record.provenance["published_at"].origin is Origin.META
    assert record.series is not None
    assert record.series.ordinal == 1
    assert record.rules_version == RULES_VERSION
    assert record.language == "zh"


def test_proxied_pictures_get_their_true_address() -> None:
    image = Image("https://cors.proxy.example.dev/?http://static.example.cn/a.jpg")
    record = clean(draft(*CLEAN, blocks=(Block(BlockKind.IMAGE, image=image), Block(BlockKind.PARAGRAPH, CLEAN[1]))))
    assert [(i.url, i.proxied_url) for i in record.images] == [("http://static.example.cn/a.jpg", image.url)]


def test_what_is_only_proposed_becomes_a_flag() -> None:
    record = clean(draft("街道打造了“四心居”、”一线工作法”等品牌，受到群众欢迎。"))
    assert record.flags == ("open:quotes",)
    assert "”一线工作法”" in record.text


def test_lost_bytes_and_characters_are_flagged() -> None:
    record = clean(draft(CLEAN[1] + "\ufffd", replaced=2))
    assert {"bytes-lost", "characters-lost"} <= set(record.flags)


def test_a_page_without_text_gives_a_record_without_text() -> None:
    record = clean(Draft(source="s", url="u", key="k", blocks=()))
    assert (record.text, record.language, record.script, record.repairs) == ("", None, Script.OTHER, ())


def test_the_json_of_a_record_holds_every_documented_field_and_nothing_else() -> None:
    record = clean(draft(*CLEAN, credits=(Credit("摄影", ("王五",)),), title=Found(CLEAN[0], Origin.META)))
    documented = json.loads(json.dumps(record_to_json(record, "a/b.txt"), ensure_ascii=False))
    docs = (Path(__file__).parents[2] / "docs" / "cleaning.md").read_text("utf-8")
    table = docs.split("## The JSON", 1)[1].split("\n## ", 1)[0]
    names = [row.split("`")[1] for row in table.splitlines() if row.startswith("| `")]
    assert list(documented) == names
    assert documented["text"] == "\n".join(documented["paragraphs"])


def test_every_rule_of_the_pipeline_is_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "cleaning.md").read_text("utf-8")
    for rule in (*BEFORE_LAYOUT, *AFTER_LAYOUT):
        assert f"`{rule.name}`" in docs


def test_an_explanation_shows_what_changed_where_and_why() -> None:
    lines = ("街道(jiēdào)在社区(shèqū)里推出 “五步法”,群众点赞。", "街道打造了“四心居”、”一线工作法”等品牌。")
    text = explain(clean(draft(*lines)))
    assert "多余空格 spaces：1 处" in text
    assert "第 1 段" in text
    assert "- 推出 “五" in text
    assert "+ 推出“五" in text
    assert "? “一线工作法”" in text


def test_a_blank_before_a_quotation_stays_where_nothing_was_damaged() -> None:
    line = "街道推出 “五步法”，群众点赞。"
    assert clean(draft(line)).paragraphs == (line,)


def test_an_explanation_of_a_clean_text_says_so() -> None:
    assert "没有改动" in explain(clean(draft(*CLEAN)))


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_a_cleaned_seed_cleaned_again_stays_as_it_is(seed: Path) -> None:
    page = RawPage(
        "seeds", f"seed:{seed.name}", "k", seed.read_bytes(), datetime(2026, 1, 1, tzinfo=UTC), MediaType.PLAIN
    )
    once = process(page)
    twice = again(once)
    assert twice.paragraphs == once.paragraphs
    assert [repair for repair in twice.repairs if repair.applied] == []


PIECES = st.sampled_from(
    [
        "社区", "党员(dǎngyuán)", "區(qū)", "發(fā)展", "治理", "著力", "乾淨", "機", "，", ",", "。", ":", "?", "!",
        "(", ")",
        "（", "）", "“", "”", " ", "\u3000", "\u00a0", "\u200b", "a", "NGO", "3", "1,000", "\n",
        "孃孃",
        "?;", "？；", "·", "…", "\ufeff", "e\u0301", "https://a.example.cn/?x=1,", "于", "於單位", "社 ", "\ud800",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def apply_text_rules(text: str) -> str:
    repaired: set[str] = set()
    for rule in (*BEFORE_LAYOUT, *AFTER_LAYOUT):
        if rule.only_after and not rule.only_after & repaired:
            continue
        edit = rule.repair(text)
        repaired |= {r.rule for r in edit.repairs if r.applied}
        text = edit.text
    return text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_text_cleaned_twice_is_text_cleaned_once(text: str) -> None:
    once = apply_text_rules(text)
    assert apply_text_rules(once) == once


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_text_rules_keep_the_lines_and_give_what_a_database_can_store(text: str) -> None:
    cleaned = apply_text_rules(text)
    assert cleaned.count("\n") == text.count("\n")
    cleaned.encode("utf-8")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(CLEAN), min_size=1, max_size=8, unique=True))
def test_any_choice_of_clean_paragraphs_comes_out_byte_for_byte(lines: list[str]) -> None:
    assert apply_text_rules("\n".join(lines)) == "\n".join(lines)


@pytest.mark.parametrize("unit", ["社區(qū)", "(", "”", "社 ,", "機於", "ab ", "社區。\n"])
def test_a_megabyte_of_the_worst_of_any_rule_is_cleaned_by_all(unit: str) -> None:
    assert apply_text_rules(unit * (400_000 // len(unit)))


@pytest.mark.skipif(SHARED is None, reason="needs DANGJIAN_SHARED")
def test_the_paragraphs_of_the_golden_records_come_out_byte_for_byte() -> None:
    assert SHARED is not None
    for path in sorted(Path(SHARED, "data", "golden").glob("*.json")):
        paragraphs = json.loads(path.read_text("utf-8"))["paragraphs"]
        assert apply_text_rules("\n".join(paragraphs)).split("\n") == paragraphs, path.name
