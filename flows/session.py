"""One run, opened and closed: its lock, its row in the database, its tools and its heartbeat."""

from __future__ import annotations

import asyncio
import fcntl
import os
import platform
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cleaning.kinship import relate
from connectors.http import open_fetcher
from connectors.settings import FetchSettings
from flows.ingest import Order, Tools
from flows.settings import Settings
from flows.workshop import Workshop
from models.accounts import RunKind, RunState
from models.errors import DangjianError, RunInProgress
from models.store import Store

__all__ = ["Session", "Wish", "open_session"]

# A third of the least lease that makes sense; one small write per minute.
HEARTBEAT_SECONDS = 60.0
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, as the parameters of a flow say it."""

    kind: RunKind
    dry_run: bool = False
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    backfill: bool = False
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
        self.closed = True
        self.tools.store.finish_run(self.order.run, now=datetime.now(UTC), state=state, message=message)


@contextmanager
def take_turn(settings: Settings, *, needed: bool) -> Iterator[None]:
    """Hold the lock of this data directory. The kernel gives it back when the process dies, however it dies."""
    if not needed:
        yield
        return
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


def bury_the_dead(store: Store, now: datetime) -> None:
    """Close runs of this machine that still stand as running: we hold the lock, so their processes are gone."""
    store.sweep_crashed(now)
    for run in store.runs(limit=20):
        if run.state is RunState.RUNNING and run.parameters.get("machine") == platform.node():
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
async def open_session(settings: Settings, wish: Wish) -> AsyncIterator[Session]:
    """Open everything one run needs, and close it whatever happens. Raises RunInProgress."""
    now = datetime.now(UTC)
    with (
        take_turn(settings, needed=not wish.dry_run),
        Store.open(settings.database, migrate=True, relate=relate) as store,
    ):
        run = "" if wish.dry_run else begin(store, wish, now)
        order = Order(run, now, wish.dry_run, wish.since, wish.until, wish.limit, wish.backfill)
        with Workshop(settings.workers) as workshop:
            async with open_fetcher(fetch_settings(settings)) as fetcher, beating(store, run):
                session = Session(settings, Tools(store, fetcher, workshop), order, now)
                try:
                    yield session
                except BaseException as error:
                    with suppress(DangjianError):
                        session.finish(RunState.FAILED, f"{type(error).__name__}: {error}")
                    raise


def begin(store: Store, wish: Wish, now: datetime) -> str:
    bury_the_dead(store, now)
    parameters = {**wish.parameters, "machine": platform.node()}
    return store.begin_run(wish.kind, now=now, flow_run_id=wish.flow_run_id, parameters=parameters, lease=LEASE)


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
