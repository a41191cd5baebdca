"""One run at a time, and a run whose process is gone stands in nobody's way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from platform import node

import pytest

import flows.session as session_module
from flows.session import Wish, hold_folder, open_session
from flows.settings import Settings
from models.accounts import RunKind, RunState
from models.errors import RunInProgress
from tests.flows.conftest import Place


@pytest.fixture
def place(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(session_module, "ASK_AGAIN_SECONDS", 0.05)
    return place


def patient(place: Place, seconds: float) -> Settings:
    return place.settings.model_copy(update={"wait_minutes": seconds / 60})


async def test_a_second_run_in_the_same_data_directory_gives_up_when_it_has_waited_long_enough(place: Place) -> None:
    async with open_session(place.settings, Wish(RunKind.NIGHTLY)):
        with pytest.raises(RunInProgress, match="已有运行"):
            async with open_session(patient(place, 0.2), Wish(RunKind.INGEST)):
                pytest.fail("two runs at once")


async def test_a_run_waits_for_its_turn_and_says_so_once(place: Place) -> None:
    said: list[str] = []
    order: list[str] = []

    async def wait_and_work() -> None:
        async with open_session(patient(place, 30), Wish(RunKind.INGEST), said.append) as session:
            order.append("second")
            session.finish(RunState.COMPLETED, "")

    async with open_session(place.settings, Wish(RunKind.NIGHTLY)) as first:
        waiting = asyncio.create_task(wait_and_work())
        await asyncio.sleep(0.5)
        order.append("first")
        first.finish(RunState.COMPLETED, "")
    await waiting
    assert order == ["first", "second"]
    [line] = said
    assert "等待轮到本次运行" in line
    with place.store() as store:
        assert [run.state for run in store.runs()] == [RunState.COMPLETED] * 2


async def test_a_second_night_does_not_wait_for_the_first(place: Place) -> None:
    async with open_session(place.settings, Wish(RunKind.NIGHTLY)):
        with pytest.raises(RunInProgress):
            async with open_session(patient(place, 3600), Wish(RunKind.NIGHTLY)):
                pytest.fail("two nights at once")


async def test_a_night_waits_for_a_run_that_somebody_started_by_hand(place: Place) -> None:
    async def night() -> None:
        async with open_session(patient(place, 30), Wish(RunKind.NIGHTLY)) as session:
            session.finish(RunState.COMPLETED, "")

    async with open_session(place.settings, Wish(RunKind.BACKFILL)) as first:
        waiting = asyncio.create_task(night())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        first.finish(RunState.COMPLETED, "")
    await waiting


async def test_single_pages_are_fetched_beside_a_night_and_nobody_takes_them_for_dead(place: Place) -> None:
    async with open_session(place.settings, Wish(RunKind.INGEST, beside=True)) as single:
        async with open_session(place.settings, Wish(RunKind.NIGHTLY)) as night:
            with place.store() as store:
                assert {run.state for run in store.runs()} == {RunState.RUNNING}
            night.finish(RunState.COMPLETED, "")
        single.finish(RunState.COMPLETED, "")


async def test_a_dry_run_needs_no_turn(place: Place) -> None:
    with hold_folder(place.settings):
        async with open_session(place.settings, Wish(RunKind.SEEDS, dry_run=True)) as session:
            assert session.order.run == ""


async def test_the_run_of_a_killed_process_is_closed_by_the_next(place: Place) -> None:
    with place.store() as store:
        dead = store.begin_run(RunKind.NIGHTLY, now=datetime.now(UTC), parameters={"machine": node()})
    async with open_session(place.settings, Wish(RunKind.NIGHTLY)) as session:
        session.finish(RunState.COMPLETED, "")
    with place.store() as store:
        assert {run.id: run.state for run in store.runs()}[dead] is RunState.CRASHED


async def test_a_run_of_another_machine_that_still_has_its_lease_is_respected(place: Place) -> None:
    with place.store() as store:
        store.begin_run(RunKind.NIGHTLY, now=datetime.now(UTC), parameters={"machine": "another"})
    with pytest.raises(RunInProgress):
        async with open_session(patient(place, 0), Wish(RunKind.NIGHTLY)):
            pytest.fail("two runs at once")


async def test_a_run_from_the_future_is_over_when_the_clock_was_set_back(place: Place) -> None:
    """The machine's clock was a day ahead; its run was killed before the clock was corrected."""
    with place.store() as store:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        dead = store.begin_run(RunKind.NIGHTLY, now=tomorrow, parameters={"machine": "another"})
    async with open_session(patient(place, 0), Wish(RunKind.NIGHTLY)) as session:
        session.finish(RunState.COMPLETED, "")
    with place.store() as store:
        assert {run.id: run.state for run in store.runs()}[dead] is RunState.CRASHED


async def test_a_run_that_is_stopped_from_outside_is_closed_as_cancelled(place: Place) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with open_session(place.settings, Wish(RunKind.NIGHTLY)):
            begun.set()
            await asyncio.sleep(60)

    running = asyncio.create_task(work())
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with place.store() as store:
        [run] = store.runs()
        assert (run.state, "保留" in run.message) == (RunState.CANCELLED, True)


async def test_an_exception_closes_the_run_as_failed(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_session(place.settings, Wish(RunKind.SEEDS)):
            raise ZeroDivisionError
    with place.store() as store:
        [run] = store.runs()
        assert run.state is RunState.FAILED
