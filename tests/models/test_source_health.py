"""How sources stand, as the store keeps it."""

from __future__ import annotations

from datetime import timedelta

from models.accounts import HealthState, SourceHealth
from models.store import Store
from tests.models.corpus import NOW

LATER = NOW + timedelta(days=1)


def test_since_moves_only_with_the_state(store: Store) -> None:
    store.note_health([SourceHealth("a", HealthState.OK), SourceHealth("b", HealthState.SUSPECT, "列表为空")], NOW)
    store.note_health([SourceHealth("a", HealthState.OK), SourceHealth("b", HealthState.BROKEN, "连续两晚")], LATER)
    broken, well = store.health()
    assert (well.source, well.state, well.since, well.judged_at) == ("a", HealthState.OK, NOW, LATER)
    assert (broken.source, broken.state, broken.reason, broken.since) == ("b", HealthState.BROKEN, "连续两晚", LATER)


def test_what_people_were_told_stays_until_they_are_told_something_else(store: Store) -> None:
    store.note_health([SourceHealth("a", HealthState.BLOCKED, "防护墙")], NOW)
    assert store.health()[0].told is None
    store.mark_told({"a": HealthState.BLOCKED})
    store.note_health([SourceHealth("a", HealthState.OK)], LATER)
    [one] = store.health()
    assert (one.state, one.told) == (HealthState.OK, HealthState.BLOCKED)


def test_the_worst_come_first_and_one_source_given_twice_counts_as_last_said(store: Store) -> None:
    order = (HealthState.DISABLED, HealthState.QUIET, HealthState.BROKEN, HealthState.OK)
    store.note_health([SourceHealth(f"s{n}", state) for n, state in enumerate(order)], NOW)
    store.note_health([SourceHealth("s3", HealthState.BROKEN), SourceHealth("s3", HealthState.SUSPECT)], LATER)
    assert [one.source for one in store.health()] == ["s2", "s3", "s1", "s0"]
    store.note_health([], LATER)
