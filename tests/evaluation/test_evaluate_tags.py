"""Places, topics, methods and relevance are told as well as recorded; the labels are sound, and mistakes are seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaning.tags.description import Tags
from models.records import Level, Region, Relevance
from scripts import evaluate_tags
from scripts.evaluate_tags import TagScore, core, read_passages, read_path, score, score_own_passages

ABBREVIATED = {"江苏省": "苏", "安徽省": "皖", "浦东新区": "浦东"}
RECORDED = Path(__file__).parent / "recorded.json"


def test_no_figure_of_the_tags_fell_below_the_recorded_one() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))["figures"]
    now = {s.kind: s.figures for s in score_own_passages()}
    before = {kind: figures for kind, figures in recorded.items() if kind.startswith("tags, ")}
    assert set(before) == set(now)
    assert [k for k, figures in before.items() for name in figures if now[k][name] < figures[name] - 5e-4] == []


def test_every_label_of_a_named_place_stands_in_its_text_or_is_short_there() -> None:
    for passage in read_passages():
        text = passage.title + "".join(passage.paragraphs)
        for name in passage.named():
            assert name in text or name[0] in text or ABBREVIATED[name] in text, (passage.number, name)


def test_labels_lead_to_official_codes() -> None:
    assert [p.code for p in read_path("河南省/济源市/沁园街道")] == ["41", "419001", "419001001"]
    assert [p.code for p in read_path("北京市/朝阳区/望京街道")] == ["11", "110105", "110105026"]
    assert [(p.name, p.named) for p in read_path("~四川省/成都市")] == [("四川省", False), ("成都市", True)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("“411”工作机制", "411工作机制"), ("五线工作法", "“五线”工作法"), ("“枫桥经验”", "枫桥经验")],
)
def test_a_method_is_the_same_with_and_without_marks(one: str, other: str) -> None:
    assert core(one) == core(other)


def test_what_is_optional_counts_neither_way_and_a_mistake_counts() -> None:
    tally = TagScore("places")
    tally.add(1, {"成都市", "四川省", "北京市"}, {"成都市", "郫都区"}, {"四川省"})
    assert (tally.right, tally.given, tally.wanted) == (1, 2, 2)
    assert tally.wrong == ["1 +北京市", "1 -郫都区"]


def test_blind_tagging_scores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Tags((Region(Level.PROVINCE, "台湾省", "71", primary=True),), (), (), Relevance(0.0))
    monkeypatch.setattr(evaluate_tags, "describe", lambda title, paragraphs: nowhere)
    figures = {s.kind: s.figures["recall"] for s in score(p for p in read_passages() if p.relevant)}
    assert figures["tags, places"] == figures["tags, topics"] == figures["tags, relevant"] == 0
    assert figures["tags, primary"] < 0.1
