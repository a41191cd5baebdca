"""How a source stands: from its last runs to one word and a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.standing import HEALTH_NAMES, MARKS, news_of, stand, strip
from models.accounts import HealthState, RunKind, SourceState, SourceTotals
from models.records import Outcome

LAST_NIGHT = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)  # 02:30 on the 22nd in China
OK, SUSPECT, DOWN, BLOCKED, FAILED, SKIPPED = (
    SourceState.OK,
    SourceState.SUSPECT,
    SourceState.UNREACHABLE,
    SourceState.BLOCKED,
    SourceState.FAILED,
    SourceState.SKIPPED,
)


def lines(*nights: tuple[SourceState, int], kind: RunKind = RunKind.NIGHTLY) -> list[SourceTotals]:
    """Lines of runs from (state, new articles), newest first, a day apart."""
    return [
        SourceTotals(
            str(ago), "a", new, {Outcome.NEW: new}, 1.0, state, f"说明{ago}", {}, kind, LAST_NIGHT - timedelta(days=ago)
        )
        for ago, (state, new) in enumerate(nights)
    ]


STANDINGS = [
    ("news tonight", [(OK, 3), (OK, 0)], HealthState.OK, ""),
    ("one night without", [(OK, 0), (OK, 3)], HealthState.OK, ""),
    ("two nights without", [(OK, 0), (OK, 0), (OK, 3)], HealthState.QUIET, "2 天没有新文章"),
    ("never any news so far", [(OK, 0), (OK, 0), (OK, 0)], HealthState.OK, ""),
    ("suspect", [(SUSPECT, 0), (OK, 3)], HealthState.SUSPECT, "说明0"),
    ("down for one night", [(DOWN, 0), (OK, 3)], HealthState.SUSPECT, "无法访问：说明0"),
    ("down for three nights", [(DOWN, 0), (DOWN, 0), (DOWN, 0), (OK, 3)], HealthState.BROKEN, "连续 3 天无法访问"),
    ("back again", [(OK, 2), (DOWN, 0), (DOWN, 0)], HealthState.OK, ""),
    ("refused", [(BLOCKED, 0), (OK, 3)], HealthState.BLOCKED, "说明0"),
    ("failed", [(FAILED, 0), (OK, 3)], HealthState.BROKEN, "说明0"),
    ("a run that left it out says nothing", [(SKIPPED, 0), (SUSPECT, 0)], HealthState.SUSPECT, "说明1"),
]


@pytest.mark.parametrize(("what", "nights", "state", "said"), STANDINGS, ids=[row[0] for row in STANDINGS])
def test_a_source_stands_as_its_last_nights_say(
    what: str, nights: list[tuple[SourceState, int]], state: HealthState, said: str
) -> None:
    health = stand("a", enabled=True, lines=lines(*nights))
    assert health is not None
    assert health.state is state
    assert said in health.reason
    assert bool(said) == bool(health.reason)


def test_before_its_first_run_and_while_it_is_switched_off_nothing_is_judged() -> None:
    assert stand("a", enabled=True, lines=[]) is None
    assert stand("a", enabled=True, lines=lines((FAILED, 0), kind=RunKind.RETRY)) is None
    off = stand("a", enabled=False, lines=lines((FAILED, 0)))
    assert off is not None
    assert off.state is HealthState.DISABLED


def test_two_runs_of_one_day_are_one_night() -> None:
    twice = lines((DOWN, 0), (DOWN, 0))
    same_day = [twice[0], SourceTotals("x", "a", 0, {}, 1.0, DOWN, "", {}, RunKind.INGEST, twice[0].started_at)]
    health = stand("a", enabled=True, lines=same_day)
    assert health is not None
    assert health.state is HealthState.SUSPECT
    assert list(news_of(lines((OK, 2), (OK, 5))).values()) == [5, 2]


def test_a_strip_of_blocks_rises_with_the_numbers() -> None:
    assert strip([0, 7, 14]) == "▁▅█"
    assert strip([0, 0]) == "▁▁"
    assert strip([]) == ""


def test_every_state_has_a_name_and_a_mark() -> None:
    assert set(HEALTH_NAMES) == set(MARKS) == set(HealthState)
