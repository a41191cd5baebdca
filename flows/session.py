"""One run, opened and closed: its lock, its row in the database, its tools and its heartbeat."""

from __future__ import annotations

import asyncio
import fcntl
import os
import platform
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cleaning.kinship import relate
from connectors.http import open_fetcher
from connectors.settings import FetchSettings
from flows.collector import collect_rarely
from flows.ingest import Order, Tools
from flows.settings import Settings
from flows.workshop import Workshop
from models.accounts import RunInfo, RunKind, RunState
from models.errors import DangjianError, OutcomesDoNotBalance, RunInProgress
from models.store import Store

__all__ = ["Session", "Wish", "open_session"]

# A third of the least lease that makes sense; one small write per minute.
HEARTBEAT_SECONDS = 60.0
LEASE = timedelta(minutes=5)
# How often a run that waits for its turn looks, and how often it says that it still waits.
ASK_AGAIN_SECONDS = 2.0
TELL_AGAIN_SECONDS = 300.0

BESIDE = "beside"  # parameter of a run that takes no turn

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, as the parameters of a flow say it."""

    kind: RunKind
    dry_run: bool = False
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    backfill: bool = False
    beside: bool = False  # may go on beside other runs: asks for single pages only
    flow_run_id: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """What the tasks of one run share."""

    settings: Settings
    tools: Tools
    order: Order
    started: datetime
    closed: bool = False

    def finish(self, state: RunState, message: str) -> None:
        """Close the row of the run. Raises OutcomesDoNotBalance where the database has counted otherwise."""
        if self.order.dry_run or self.closed:
            return
        try:
            self.tools.store.finish_run(self.order.run, now=datetime.now(UTC), state=state, message=message)
        except OutcomesDoNotBalance:
            self.closed = True
            raise
        self.closed = True


@contextmanager
def hold_folder(settings: Settings) -> Iterator[None]:
    """Hold the lock of this data directory. The kernel gives it back when the process dies, however it dies.

    Raises RunInProgress.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunInProgress(
                "同一数据目录中已有运行在进行", advice="等它结束，或在 Prefect 界面取消它 / wait for it or cancel it"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@asynccontextmanager
async def take_turn(settings: Settings, store: Store, wish: Wish, tell: Tell) -> AsyncIterator[str]:
    """The id of a run that was begun, when its turn has come; empty for a dry run, which needs none.

    Raises RunInProgress after ``settings.wait_minutes``; at once for a second nightly run.
    """
    if wish.dry_run or wish.beside:
        yield "" if wish.dry_run else await asyncio.to_thread(begin, store, wish)
        return
    with ExitStack() as held:
        deadline, told = time.monotonic() + 60 * settings.wait_minutes, 0.0
        while True:
            try:
                held.enter_context(hold_folder(settings))
                run = await asyncio.to_thread(begin, store, wish)
                break
            except RunInProgress as error:
                held.close()
                if await asyncio.to_thread(is_same_again, store, wish) or time.monotonic() >= deadline:
                    raise
                if time.monotonic() >= told:
                    tell(f"等待轮到本次运行 / waiting for our turn: {error}")
                    told = time.monotonic() + TELL_AGAIN_SECONDS
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        yield run


def is_same_again(store: Store, wish: Wish) -> bool:
    """Whether the run in our way is a night like ours: to wait for it would be to do everything twice."""
    if wish.kind is not RunKind.NIGHTLY:
        return False
    ahead = (run for run in store.runs(limit=20) if run.state is RunState.RUNNING and not is_beside(run))
    return any(run.kind is RunKind.NIGHTLY for run in ahead)


def is_beside(run: RunInfo) -> bool:
    return bool(run.parameters.get(BESIDE))


def bury_the_dead(store: Store, now: datetime) -> None:
    """Close runs of this machine that still stand as running: we hold the lock, so their processes are gone.

    Those that ran beside others never held it: they are closed when their lease has run out.
    """
    store.sweep_crashed(now)
    for run in store.runs(limit=20):
        ours = run.parameters.get("machine") == platform.node() and not is_beside(run)
        if run.state is RunState.RUNNING and ours:
            with suppress(DangjianError):
                store.finish_run(run.id, now=now, state=RunState.CRASHED, message="进程被终止 / the process was killed")


def fetch_settings(settings: Settings) -> FetchSettings:
    return FetchSettings(
        contact=settings.contact,
        loopback_hosts=settings.loopback_hosts,
        open_networks=settings.open_networks,
        resolve=tuple((host, address) for host, _, address in (r.partition("=") for r in settings.resolve)),
        connect_seconds=settings.connect_seconds,
        retries=settings.retries,
    )


@asynccontextmanager
async def open_session(settings: Settings, wish: Wish, tell: Tell = print) -> AsyncIterator[Session]:
    """Open everything one run needs, and close it whatever happens. Raises RunInProgress and DatabaseBusy."""
    collect_rarely()
    with await asyncio.to_thread(open_store, settings) as store:
        async with take_turn(settings, store, wish, tell) as run:
            now = datetime.now(UTC)
            order = Order(run, now, wish.dry_run, wish.since, wish.until, wish.limit, wish.backfill)
            with Workshop(settings.workers) as workshop:
                async with open_fetcher(fetch_settings(settings)) as fetcher, beating(store, run):
                    session = Session(settings, Tools(store, fetcher, workshop), order, now)
                    with closed_in_any_case(session):
                        yield session


def open_store(settings: Settings) -> Store:
    return Store.open(settings.database, migrate=True, relate=relate, patience=settings.database_seconds)


@contextmanager
def closed_in_any_case(session: Session) -> Iterator[None]:
    """Say in the run's row how it ended, also where it was stopped or broke."""
    try:
        yield
    except Exception as error:
        with suppress(DangjianError):
            session.finish(RunState.FAILED, f"{type(error).__name__}: {error}")
        raise
    except BaseException:
        # Cancelled in the UI, Ctrl-C, or the service was stopped: all of them are somebody's wish, and no fault.
        with suppress(DangjianError):
            session.finish(RunState.CANCELLED, "已取消，已完成的部分都已保留 / stopped; what was done is kept")
        raise


def begin(store: Store, wish: Wish) -> str:
    now = datetime.now(UTC)
    if not wish.beside:
        bury_the_dead(store, now)
    parameters = {**wish.parameters, "machine": platform.node()} | ({BESIDE: True} if wish.beside else {})
    return store.begin_run(
        wish.kind,
        now=now,
        flow_run_id=wish.flow_run_id,
        parameters=parameters,
        lease=LEASE,
        exclusive=not wish.beside,
    )


@asynccontextmanager
async def beating(store: Store, run: str) -> AsyncIterator[None]:
    """Keep saying that the run is alive."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            with suppress(DangjianError):  # a locked database now is no reason to stop saying so later
                await asyncio.to_thread(store.heartbeat, run, datetime.now(UTC), lease=LEASE)

    if not run:
        yield
        return
    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart
