"""Copies are found and form letters kept apart as well as recorded, and the evaluation notices where they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.evaluate_stories import (
    HELD_TO,
    PRECISION,
    RECALL,
    StoryScore,
    own_events,
    own_letters,
    score_apart,
    score_copies,
    score_own_stories,
    show,
)

RECORDED = Path(__file__).parent / "recorded.json"


@pytest.fixture(scope="module")
def scores() -> list[StoryScore]:
    return score_own_stories()


def test_no_figure_of_the_stories_fell_below_the_recorded_one(scores: list[StoryScore]) -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))["figures"]
    now = {score.kind: score.figures for score in scores}
    before = {kind: figures for kind, figures in recorded.items() if kind.startswith("stories, ")}
    assert set(before) == set(now)
    assert [
        kind for kind, figures in before.items() for name in figures if now[kind][name] < figures[name] - 5e-4
    ] == []


def test_form_letters_and_two_media_on_one_event_are_never_joined(scores: list[StoryScore]) -> None:
    joined = {score.kind: score.found for score in scores if score.apart}
    assert len(joined) >= 15
    assert set(joined.values()) == {0}


def test_copies_with_light_and_medium_edits_are_found(scores: list[StoryScore]) -> None:
    held = [score for score in scores if score.kind.removeprefix("stories, ") in HELD_TO]
    assert len(held) == len(HELD_TO)
    assert all(score.found >= RECALL * score.pairs for score in held)


@pytest.mark.parametrize("kind", sorted(own_letters()))
def test_two_fillings_of_a_form_differ_and_share_the_form(kind: str) -> None:
    for one, other in own_letters()[kind]:
        assert one != other
        assert "{" not in one
        assert {one[i : i + 8] for i in range(len(one) - 8)} & {other[i : i + 8] for i in range(len(other) - 8)}


def test_the_two_media_of_an_event_quote_the_same_words() -> None:
    for one, other in own_events():
        assert set(one.splitlines()) & set(other.splitlines())


def test_a_wrong_join_and_a_lost_copy_fail_the_evaluation(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(own_events()[0])
    found = score_copies([text] * 10, {"exact": lambda same, _: same})
    assert show("good", found)
    wrong = score_apart("form letters", [(text, text)])
    assert wrong.figures == {"apart": 0.0}
    assert not show("a wrong join", [*found, wrong]), f"precision is under {PRECISION}"
    lost = score_copies([text], {"exact": lambda same, _: "别的文章说的是别的事情，与此毫无关系。"})
    assert not show("a lost copy", [*found, *lost])
    capsys.readouterr()
