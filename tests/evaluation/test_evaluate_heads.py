"""Source, author, editor and day are read in every way that sites print them, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaning import pipeline
from models.records import RawPage
from scripts.evaluate_heads import judge_head, own_heads, score_own_heads
from scripts.evaluate_pages import Truth

RECORDED = Path(__file__).parent / "recorded.json"
OWN = list(own_heads())
# An account called 临江组织工作, without a label: it may as well be the name of a column. An author who stands
# alone above the text, but not right under its title; and one of two characters before the medium, as places stand.
NOT_TOLD = dict.fromkeys(
    ("mobile", "paper-4", "portal-3", "portal-6", "beiguo", "chs-editor-bold", "mixed-3"), "medium"
)
NOT_TOLD |= {"workercn": "author", "gov-2": "author"}


@pytest.mark.parametrize(("name", "page", "truth"), [row[1:] for row in OWN], ids=[row[1] for row in OWN])
def test_a_head_gives_what_it_prints_and_nothing_else(name: str, page: RawPage, truth: Truth) -> None:
    body, verdicts = judge_head(pipeline.process(page), truth)
    assert body > 0.9
    missed = {field for field, right in verdicts.items() if not right}
    assert missed == ({NOT_TOLD[name]} if name in NOT_TOLD else set())


def test_the_heads_are_many_and_of_every_kind() -> None:
    assert len(OWN) >= 200
    kinds = [kind for kind, *_ in OWN]
    assert all(kinds.count(kind) >= 15 for kind in kinds)


def test_no_figure_of_the_heads_fell_below_the_recorded_one() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))["figures"]
    now = {score.kind: score.figures for score in score_own_heads()}
    assert {kind for kind in recorded if kind.startswith("heads, ")} == now.keys()
    fallen = [
        (kind, name)
        for kind, figures in now.items()
        for name, before in recorded[kind].items()
        if figures.get(name, 0.0) < before - 0.0005
    ]
    assert fallen == []
