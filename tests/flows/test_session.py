"""One run at a time, and a run whose process is gone stands in nobody's way."""

from __future__ import annotations

from datetime import UTC, datetime
from platform import node

import pytest

from flows.session import Wish, open_session, take_turn
from models.accounts import RunKind, RunState
from models.errors import RunInProgress
from tests.flows.conftest import Place


async def test_a_second_run_in_the_same_data_directory_is_refused(place: Place) -> None:
    async with open_session(place.settings, Wish(RunKind.SEEDS)):
        with pytest.raises(RunInProgress, match="已有运行"):
            async with open_session(place.settings, Wish(RunKind.NIGHTLY)):
                pytest.fail("two runs at once")


async def test_a_dry_run_needs_no_turn(place: Place) -> None:
    with take_turn(place.settings, needed=True):
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
        async with open_session(place.settings, Wish(RunKind.NIGHTLY)):
            pytest.fail("two runs at once")


async def test_an_exception_closes_the_run_as_failed(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_session(place.settings, Wish(RunKind.SEEDS)):
            raise ZeroDivisionError
    with place.store() as store:
        [run] = store.runs()
        assert run.state is RunState.FAILED
