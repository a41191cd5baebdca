"""What makes a source suspect: tables of nights, and a month of thirty nights with things that happen in it."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.declaration import Floor
from flows.health import ENOUGH_NIGHTS, Night, assess, nights_of
from models.accounts import RunKind, SourceState, SourceTotals
from models.records import Outcome

MONDAY = date(2026, 11, 2)
FILLED = {"title": 1.0, "published_at": 1.0, "medium": 1.0}


def night(number: int, new: int, **more: object) -> Night:
    """Night ``number`` after a Monday; 20 articles listed, every field filled, 800 characters each."""
    usual = Night(MONDAY + timedelta(days=number), new, listed=20, records=new, filled=FILLED, length=800.0)
    return replace(usual, **more)  # type: ignore[arg-type]


def working_weeks(weeks: int, new: int = 6) -> list[Night]:
    """News on Tuesday to Saturday mornings, none on Sunday and Monday; the first night brings the backlog."""
    usual = [0, new, new + 1, new - 1, new, new, 0]
    return [night(n, 20 if n == 0 else usual[n % 7]) for n in range(7 * weeks)]


EVENTS = [
    ("a usual night", working_weeks(3), night(21 + 1, 6), None),
    ("a silent Sunday", working_weeks(3)[:-1], night(20, 0), None),
    ("a silent Monday after a silent Sunday", working_weeks(3), night(21, 0), None),
    ("one silent working night may be a holiday", [*working_weeks(3), night(21, 0)], night(22, 0), None),
    ("two silent working nights", [*working_weeks(3), night(21, 0), night(22, 0)], night(23, 0), "没有新文章"),
    ("no alarm before there is enough history", working_weeks(1), night(8, 0), None),
    ("a list that names nothing", working_weeks(3), night(22, 0, listed=0, empty=True), "网站结构"),
    ("a list that names next to nothing", working_weeks(3), night(22, 1, listed=2), "选择器"),
    ("an unchanged list", working_weeks(3), night(21, 0, listed=None), None),
    ("no dates any more", working_weeks(3), night(22, 6, filled={**FILLED, "published_at": 0.0}), "日期不再填写"),
    ("no media any more", working_weeks(3), night(22, 6, filled={**FILLED, "medium": 0.0}), "来源不再填写"),
    ("no titles any more", working_weeks(3), night(22, 6, filled={**FILLED, "title": 0.0}), "标题不再填写"),
    ("one date missing among six", working_weeks(3), night(22, 6, filled={**FILLED, "published_at": 5 / 6}), None),
    ("one article without a date", working_weeks(3), night(22, 1, filled={**FILLED, "published_at": 0.0}), None),
    ("texts cut to a lead", working_weeks(3), night(22, 6, length=60.0), "正文只有约 60 字"),
    ("rather short texts", working_weeks(3), night(22, 6, length=300.0), None),
    ("a host that is not reached is no silence", working_weeks(3), night(22, 0, reached=False, listed=None), None),
]


@pytest.mark.parametrize(("what", "history", "tonight", "said"), EVENTS, ids=[event[0] for event in EVENTS])
def test_a_night_is_judged_by_the_nights_before(what: str, history: list[Night], tonight: Night, said: str) -> None:
    verdict = assess(tonight, history)
    assert (verdict.state is SourceState.SUSPECT) == bool(said), verdict
    assert (said or "") in "；".join(verdict.reasons)


def test_a_list_that_stays_empty_is_broken_on_the_second_night() -> None:
    first = night(22, 0, listed=0, empty=True)
    second = replace(first, day=first.day + timedelta(days=1))
    assert assess(first, working_weeks(3)).state is SourceState.SUSPECT
    assert assess(second, [*working_weeks(3), first]).state is SourceState.FAILED


def test_a_field_that_a_source_never_filled_is_not_missed() -> None:
    without = [replace(one, filled={**FILLED, "medium": 0.0}) for one in working_weeks(3)]
    assert assess(night(22, 6, filled={**FILLED, "medium": 0.0}), without).state is SourceState.OK


def test_floors_of_the_file_need_no_history() -> None:
    floor = Floor(listed=10, silent_days=3)
    assert "规定的 10 篇" in assess(night(0, 1, listed=4), [], floor).reasons[0]
    silent = [night(0, 20), *(night(n, 0) for n in range(1, 4))]
    assert assess(night(3, 0), silent[:3], floor).state is SourceState.OK
    assert "规定的 3 天" in assess(night(4, 0), silent, floor).reasons[0]


def test_a_column_that_publishes_twice_a_month_is_left_in_peace() -> None:
    rare = [night(n, 3 if n % 15 == 0 else 0) for n in range(60)]
    assert all(assess(one, rare[:n]).state is SourceState.OK for n, one in enumerate(rare))


# -- from the database -------------------------------------------------------------------------------------------------


def line(run: str, new: int, kind: RunKind = RunKind.NIGHTLY, **coverage: float) -> SourceTotals:
    from datetime import UTC, datetime

    started = datetime.strptime(run, "%Y%m%d-%H").replace(tzinfo=UTC)
    counts = {Outcome.NEW: new, Outcome.DUPLICATE: 1}
    return SourceTotals(run, "a", new + 1, counts, 1.0, SourceState.OK, "", coverage, kind, started)


def test_lines_of_runs_are_nights_of_china_and_backfills_are_none() -> None:
    lines = [
        line("20261103-02", 2, listed=5, records=2, title=0.5, length=100),
        line("20261102-20", 99, RunKind.BACKFILL),
        line("20261102-10", 1, RunKind.INGEST),
    ]
    before, last = nights_of(lines)
    assert (before.day, before.new, before.listed) == (date(2026, 11, 2), 2, None)
    assert (last.day, last.new, last.listed, last.records) == (date(2026, 11, 3), 3, 5, 2)
    assert (last.filled["title"], last.length) == (0.5, 100)


def test_a_second_run_of_a_day_that_finds_nothing_new_is_no_silence() -> None:
    history = [*working_weeks(3), night(21, 0), night(22, 0), night(23, 6)]
    assert assess(night(23, 0), history).state is SourceState.OK


def test_a_field_that_is_lost_is_seen_even_on_the_day_of_the_first_run() -> None:
    first = night(0, 40)
    assert assess(night(0, 5, filled={**FILLED, "published_at": 0.0}), [first]).state is SourceState.SUSPECT


# -- a month -----------------------------------------------------------------------------------------------------------

SOURCES = 30
NIGHTS = 30
REDESIGNED, BLINDED, SILENT, DYING, MOVED = range(5)  # sources that something happens to
EVENT_AT = {REDESIGNED: 20, BLINDED: 22, SILENT: 23, DYING: 24, MOVED: 25}


def poisson(chance: random.Random, rate: float) -> int:
    """A random count by Knuth's method."""
    limit, product, count = math.exp(-rate), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def live(source: int, number: int, chance: random.Random) -> Night:
    rate = 4 + source % 9
    at_rest = (MONDAY + timedelta(days=number)).weekday() in (6, 0)
    new = 20 if number == 0 else poisson(chance, rate * (0.1 if at_rest else 1.0))
    filled = {name: 1.0 if chance.random() > 0.02 else 0.8 for name in FILLED}
    good = night(number, new, filled=filled, length=chance.uniform(400, 1600))
    if number < EVENT_AT.get(source, NIGHTS):
        return good
    return {
        REDESIGNED: replace(good, new=0, records=0, listed=0, empty=True),
        BLINDED: replace(good, filled=dict.fromkeys(FILLED, 0.0), length=20.0),
        SILENT: replace(good, new=0, records=0),
        DYING: replace(good, new=min(new, 1) if number == 24 else 0, records=0),
        MOVED: replace(good, new=0, records=0, listed=1),
    }[source]


@pytest.mark.parametrize("seed", range(8))
def test_in_a_month_every_event_is_told_within_two_nights_and_at_most_one_alarm_is_false(seed: int) -> None:
    chance = random.Random(seed)
    history: dict[int, list[Night]] = {source: [] for source in range(SOURCES)}
    alarms: dict[int, int] = {}
    false = []
    for number in range(NIGHTS):
        for source, nights in history.items():
            tonight = live(source, number, chance)
            if assess(tonight, nights).reasons:
                alarms.setdefault(source, number)
                if number < EVENT_AT.get(source, NIGHTS):
                    false.append((source, number))
            nights.append(tonight)
    # The dying column still brings an article on its first bad night: it is silent from the night after.
    begins = EVENT_AT | {DYING: EVENT_AT[DYING] + 1}
    late = {
        source: alarms.get(source) for source, at in begins.items() if not at <= alarms.get(source, NIGHTS) <= at + 2
    }
    assert late == {}
    assert len(false) <= 1, false
    assert NIGHTS > ENOUGH_NIGHTS
