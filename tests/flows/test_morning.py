"""After a night: sources are judged, changes are told once, a failing message is told again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.register import Register
from flows.morning import follow_up, tell_changes, worth_telling
from flows.session import Wish
from flows.settings import Settings
from models.accounts import HealthState, RunKind, SourceHealth
from models.store import Store
from tests.flows.receivers import Inbox, webhook
from tests.models.corpus import NOW

OK, QUIET, SUSPECT, BROKEN, BLOCKED, DISABLED = (
    HealthState.OK,
    HealthState.QUIET,
    HealthState.SUSPECT,
    HealthState.BROKEN,
    HealthState.BLOCKED,
    HealthState.DISABLED,
)
NIGHTLY = Wish(RunKind.NIGHTLY)
NAMES = {"a": "某先锋网"}
LOG = logging.getLogger("test")


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with webhook() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, inbox: Inbox) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/corpus.db",
        notify=f"json://127.0.0.1:{inbox.port}/hook",  # type: ignore[arg-type]
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database, migrate=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("state", "told", "worth"),
    [
        (OK, None, False),
        (QUIET, None, False),
        (SUSPECT, None, True),
        (SUSPECT, SUSPECT, False),
        (BROKEN, SUSPECT, True),
        (BLOCKED, BROKEN, True),
        (OK, BROKEN, True),
        (QUIET, BROKEN, True),
        (OK, OK, False),
        (QUIET, OK, False),
        (DISABLED, BROKEN, True),
    ],
)
def test_what_people_are_told_of(state: HealthState, told: HealthState | None, worth: bool) -> None:
    assert worth_telling(SourceHealth("a", state, told=told)) is worth


async def test_a_change_is_told_once_and_so_is_the_recovery(store: Store, settings: Settings, inbox: Inbox) -> None:
    nights = [OK, BROKEN, BROKEN, BROKEN, QUIET, OK, OK]
    for number, state in enumerate(nights):
        store.note_health(
            [SourceHealth("a", state, "列表为空" if state is BROKEN else "")], NOW + timedelta(days=number)
        )
        await tell_changes(settings, NIGHTLY, NAMES, LOG)
    assert [given["title"] for given in inbox.given] == ["党建采集：1 个来源需要处理", "党建采集：1 个恢复"]
    assert inbox.given[0]["message"] == "🔴 某先锋网：失效，列表为空（自 11-24）"
    assert inbox.given[1]["message"] == "⚪ 某先锋网：已恢复"


async def test_a_message_that_nobody_got_is_sent_again(
    store: Store, settings: Settings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    store.note_health([SourceHealth("a", BLOCKED, "防护墙")], NOW)
    inbox.status = 500
    await tell_changes(settings, NIGHTLY, NAMES, LOG)
    assert "通知未送达" in caplog.text
    inbox.status = 200
    await tell_changes(settings, NIGHTLY, NAMES, LOG)
    await tell_changes(settings, NIGHTLY, NAMES, LOG)
    assert len(inbox.given) == 2


async def test_without_an_address_nothing_is_marked_as_told(store: Store, settings: Settings, inbox: Inbox) -> None:
    store.note_health([SourceHealth("a", BROKEN)], NOW)
    await tell_changes(settings.model_copy(update={"notify": ()}), NIGHTLY, NAMES, LOG)
    assert store.health()[0].told is None
    await tell_changes(settings, NIGHTLY, NAMES, LOG)
    assert len(inbox.given) == 1


async def test_trouble_after_the_run_is_logged_and_changes_nothing(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    broken = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/file/corpus.db"})
    await follow_up(broken, NIGHTLY, Register({}, ()), LOG)
    assert "采集结果不受影响" in caplog.text
    assert "早报" in caplog.text
