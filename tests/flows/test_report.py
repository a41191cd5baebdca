"""The report: sums, order, and text from pages that must stay text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.ingest import FailedItem
from flows.report import RunReport, SourceLine, escape, render, summarise, unescape
from models.accounts import SourceState
from models.records import Candidate, Outcome

START = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def line(slug: str, state: SourceState = SourceState.OK, discovered: int | None = None, **counts: int) -> SourceLine:
    outcomes = {Outcome(name): n for name, n in counts.items()}
    total = sum(outcomes.values()) if discovered is None else discovered
    return SourceLine(slug, f"来源{slug}", state, total, outcomes, 1.5)


def report(*lines: SourceLine) -> RunReport:
    return RunReport("夜间采集 2026-11-22", START, START + timedelta(seconds=90), lines)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("普通文字", "普通文字"),
        ("<script>alert(1)</script>", r"\<script\>alert\(1\)\</script\>"),
        ("[点这里](javascript:alert(1))", r"\[点这里\]\(javascript\:alert\(1\)\)"),
        ("a | b\nc", r"a \| b c"),
        ("https://example.cn/a_b", r"https\://example.cn/a\_b"),
        ("已有 &amp; 实体", r"已有 \&amp; 实体"),
        ("长" * 400, "长" * 299 + "…"),
    ],
)
def test_text_of_a_site_stays_text(given: str, shown: str) -> None:
    assert escape(given) == shown
    assert unescape(shown)[:100] == " ".join(given.split())[:100]


def test_pages_that_flap_are_told_of() -> None:
    text = render(report(replace(line("a", unchanged=1), flapping=("https://a.example/1_2.html",)), line("b", new=1)))
    assert "## 反复变动的网页" in text
    assert r"- `a` https\://a.example/1\_2.html" in text
    assert "反复变动" not in render(report(line("b", new=1)))


def test_what_is_broken_comes_first() -> None:
    text = render(report(line("a", new=3), line("b", SourceState.SUSPECT), line("c", SourceState.UNREACHABLE)))
    table = text.split("## 各来源")[1]
    assert table.index("来源c") < table.index("来源b") < table.index("来源a")
    assert "## 需要处理" in text


def test_times_are_those_of_china() -> None:
    assert "2026-11-22 02:30:00 至 02:31:30（北京时间），用时 90 秒" in render(report(line("a", new=1)))


def test_sums_are_checked_and_said() -> None:
    assert "发现 7 篇，各项结果合计 7 篇，一致" in render(report(line("a", new=3, failed=1), line("b", unchanged=3)))


def test_a_missing_outcome_is_said_and_is_not_balanced() -> None:
    wrong = report(line("a", discovered=5, new=3))
    assert not wrong.balanced
    assert "核对不一致" in render(wrong)


def test_a_night_without_news_says_that_nothing_changed() -> None:
    assert "没有任何变化" in summarise(report(line("a", unchanged=5)))
    assert "没有任何变化" not in summarise(report(line("a", unchanged=5, new=1)))


def test_failed_urls_beyond_what_people_read_are_counted() -> None:
    candidate = Candidate("a", "https://example.cn/x", "0" * 64)
    failed = tuple(FailedItem(candidate, "fetch", "timeout", "无应答") for _ in range(250))
    many = SourceLine("a", "来源", SourceState.OK, 250, {Outcome.FAILED: 250}, failed=failed)
    assert "另有 50 个" in render(report(many))


def test_repairs_are_counted_by_source_and_rule_with_what_is_only_flagged() -> None:
    repaired = replace(
        line("a", new=1),
        repairs={"pinyin": 256, "byte-damage": 2, "furniture": 3, "script": 9},
        doubts={"byte-damage": 1},
    )
    text = render(report(repaired, line("b", new=1)))
    assert "| `a` | 拼音注音 pinyin | 修复损坏 | 256 | 0 |" in text
    assert "| `a` | 字节损坏 byte-damage | 修复损坏 | 2 | 1 |" in text
    assert "| `a` | 页面零件 furniture | 整理版面 | 3 | 0 |" in text
    assert "| `a` | 繁体转简体 script | 统一写法 | 9 | 0 |" in text
    assert "`b` | 拼音" not in text


def test_a_run_without_repairs_has_no_table_of_them() -> None:
    assert "文本修复" not in render(report(line("a", unchanged=5)))
