"""The evaluation itself: it must notice a rule that got worse."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "evaluate.py"


@pytest.fixture(scope="module")
def evaluate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluate"] = module
    spec.loader.exec_module(module)
    return module


def test_a_figure_that_fell_is_named(evaluate: ModuleType) -> None:
    recorded = json.loads(evaluate.RECORDED.read_text("utf-8"))["figures"]
    kind = next(iter(recorded))
    bad = evaluate.Score(kind, damage=100, changed=100, right=50, passages=10, exact=1, seen=50)
    found = list(evaluate.find_regressions([bad]))
    assert f"{kind}: recall fell from {recorded[kind]['recall']:.4f} to 0.5000" in found
    assert f"{list(recorded)[-1]}: recorded, but not measured any more" in found


def test_recorded_figures_equal_to_the_measured_ones_are_no_regression(evaluate: ModuleType) -> None:
    score = evaluate.score_clean()
    kinds = [line.split(":")[0] for line in evaluate.find_regressions([score])]
    assert score.kind not in kinds


def test_passages_are_many_and_different(evaluate: ModuleType) -> None:
    passages = evaluate.passages()
    assert len(passages) >= 60
    assert max(Counter(passages).values()) == 1


def test_traditional_is_made_character_by_character(evaluate: ModuleType) -> None:
    assert evaluate.make_traditional("党员干部发展后里") == "黨員干部發展后里"


def test_a_wrong_removal_costs_precision_and_a_note_left_costs_recall(evaluate: ModuleType) -> None:
    from models.records import Edit

    score = evaluate.Score("notes")
    evaluate._count_notes(score, "党(dǎng)建(jiàn)（上）", "党建（上）", Edit("党(dǎng)建"), "党建（上）")
    assert (score.damage, score.right, score.changed, score.exact) == (2, 1, 2, 0)


def test_the_passages_of_the_project_pass_the_whole_of_cleaning_unchanged(evaluate: ModuleType) -> None:
    passages = evaluate.passages()
    stories = [("", "\n".join(passages[at : at + 5])) for at in range(0, len(passages), 5)]
    assert evaluate.count_changes(stories) == {}


def test_changes_are_counted_by_what_they_do(evaluate: ModuleType) -> None:
    body = "党支部书记带着党员清理河道,两岸重新见了绿。\n村民们都说，如今的日子越过越好了。\n（责任编辑：石磊）"
    assert evaluate.count_changes([("", body)]) == {("writing", "punctuation"): 1, ("arrangement", "credits"): 1}
