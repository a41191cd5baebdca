"""Prefect around one input: a task to discover, a task per batch, and a failed task for each URL that failed.

All tasks are async and flat, gathered in the flow under a semaphore: tasks in tasks would roll back their siblings,
and concurrent subflows lock Prefect's SQLite. Results are persisted under keys of their content, so that Retry in
the UI repeats only what failed.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from prefect import get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.runtime import task_run
from prefect.tasks import Task

from flows.failure_page import describe_failure, explain_source_retry
from flows.health import ARRIVED, HISTORY_NIGHTS, Night, assess, nights_of
from flows.ingest import Batch, Discovered, FailedItem, in_batches
from flows.inputs import BATCH_SECONDS, Input
from flows.patience import insist
from flows.report import CHINA, OUTCOME_NAMES, SourceLine
from flows.session import Session
from models.accounts import SourceReport, SourceState
from models.errors import TryAgainLater
from models.records import Candidate, Outcome

__all__ = [
    "RETRY_SECONDS",
    "Tally",
    "Work",
    "close",
    "key_of",
    "run_input",
    "say",
    "show_failures",
    "working",
    "worth_retrying",
]

RETRY_SECONDS = 5  # a database that was locked is free again by then
TELLING = 3  # URLs that all failed before that says something about the source
LISTS_SHOWN = 5  # lists that failed, told of in full; they mostly fail alike
NAME_LENGTH = 60  # characters of a URL in the name of its task: what the run graph has room for


@dataclass(slots=True)
class Work:
    """What the tasks of a run share: the session, its inputs, and what has failed just now."""

    session: Session
    inputs: dict[str, Input]
    batches: dict[str, Sequence[Candidate]] = field(default_factory=dict)
    failed: dict[str, FailedItem] = field(default_factory=dict)
    again: dict[str, Batch] = field(default_factory=dict)  # URLs tried again by a retry of the run
    links: dict[str, str] = field(default_factory=dict)  # source or URL -> id of the task run that tells of it
    done: int = 0
    known: int = 0  # units of work that are known of so far: one per source, one per URL

    @property
    def run(self) -> str:
        return self.session.order.run

    def count(self, done: int) -> None:
        self.done += done

    @property
    def percent(self) -> float:
        return 100.0 * self.done / self.known if self.known else 0.0


working: ContextVar[Work] = ContextVar("working")


class SourceUnreachableError(Exception):
    """Every list of a source failed."""


class SourceBlockedError(SourceUnreachableError):
    """Every list of a source was refused."""


class UrlFailedError(Exception):
    """One URL finally failed; the log of the task run holds the traceback."""


def key_of(context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """One result per flow run and content: Retry finds it, the next run does not."""
    said = "|".join(f"{name}={parameters[name]}" for name in sorted(parameters))
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return f"{context.task_run.flow_run_id}-{context.task.name}-{digest}"


async def worth_retrying(task: Task[Any, Any], run: TaskRun, state: State[Any]) -> bool:
    """Only trouble that passes by itself, such as a locked database: the network has been retried already."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, TryAgainLater)


@task(
    name="discover",
    persist_result=True,
    cache_key_fn=key_of,
    retries=1,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=worth_retrying,
)
async def discover(slug: str) -> Discovered:
    """读列表，找出新文章。"""
    work, log = working.get(), get_run_logger()
    work.links[slug] = str(task_run.id)
    found = await work.inputs[slug].discover()
    if found.unreachable:
        for item in found.failed[:LISTS_SHOWN]:
            log.error("%s", describe_failure(item, work.inputs[slug].name, None))
        raise (SourceBlockedError if found.blocked else SourceUnreachableError)(found.unreachable)
    log.info("发现 %d 篇待处理，%d 篇已知，读了 %d 个列表", len(found.work), len(found.seen), found.lists)
    for note in found.notes:
        log.info("%s", note)
    return found


@task(
    name="batch",
    persist_result=True,
    cache_key_fn=key_of,
    retries=1,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=worth_retrying,
)
async def work_on(slug: str, batch: str) -> Batch:
    """抓取、清洗、入库一批文章。"""
    work, log = working.get(), get_run_logger()
    try:
        done = await work.inputs[slug].work(work.batches[batch])
    except Exception:
        log.error("%s", explain_source_retry(slug))
        raise
    log.info("%s", "，".join(f"{OUTCOME_NAMES[outcome]} {n}" for outcome, n in done.counts.items()))
    for item in done.failed:
        log.info("失败 %s：%s", item.url, item.message)
    return done


@task(name="url", persist_result=True, cache_key_fn=key_of)
async def show_url(slug: str, key: str, url: str) -> Batch:
    """一个失败的网址。重试本次运行时会真正再抓一次。"""
    work = working.get()
    item = work.failed.get(key)
    if item is None:
        done = await work.inputs[slug].work(work.batches[key])
        work.again[key] = done
        if not done.failed:
            return done
        item = done.failed[0]
    work.links[key] = str(task_run.id)
    known = await asyncio.to_thread(work.session.tools.store.known, [key])
    log = get_run_logger()
    log.error("%s", describe_failure(item, work.inputs[slug].name, known.get(key)))
    if item.traceback:
        log.error("%s", item.traceback)
    raise UrlFailedError(f"{item.stage}/{item.kind}: {item.message.splitlines()[0] if item.message else item.url}")


def short_name(url: str) -> str:
    """The end of an address in plain ASCII: the run graph draws no Chinese."""
    plain = url.split("://", 1)[-1].encode("ascii", "replace").decode()
    return plain if len(plain) <= NAME_LENGTH else "..." + plain[-NAME_LENGTH + 3 :]


@dataclass(slots=True)
class Tally:
    """What has become of one input so far in this run."""

    discovered: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    passed_over: int = 0
    known: int = 0
    failed: list[FailedItem] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    records: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    flapping: list[str] = field(default_factory=list)
    listed: int | None = None
    troubles: list[str] = field(default_factory=list)
    executed: bool = False  # something was done in this very run, not taken from an earlier attempt

    def add(self, done: Batch) -> None:
        self.counts.update(done.counts)
        self.quarantined += done.quarantined
        self.filled.update(done.filled)
        self.records += done.records
        self.repairs.update(done.repairs)
        self.doubts.update(done.doubts)
        self.flapping += done.flapping
        self.executed = True


async def run_input(one: Input) -> SourceLine:
    """Discover and work on one input. Never raises for what goes wrong with it: the others go on."""
    work = working.get()
    start = time.monotonic()
    work.known += 1
    settings = work.session.settings
    ask = discover.with_options(task_run_name=f"discover {one.slug}", timeout_seconds=settings.discover_seconds)
    tally = Tally()
    try:
        found = await ask(one.slug)
    except Exception as error:
        return await close(work, one, tally, state_after(error), say(error), (), start)
    finally:
        work.done += 1
    await work_through(work, one, found, tally, start + settings.source_seconds)
    await show_failures(work, one, tally)
    state, message = await weigh(work, one, tally, *judge(found, tally))
    return await close(work, one, tally, state, message, found.notes, start)


def state_after(error: Exception) -> SourceState:
    """The state of a source whose lists could not be read."""
    if isinstance(error, SourceBlockedError):
        return SourceState.BLOCKED
    return SourceState.UNREACHABLE if isinstance(error, SourceUnreachableError) else SourceState.FAILED


async def work_through(work: Work, one: Input, found: Discovered, tally: Tally, deadline: float) -> None:
    """All batches of one input, one after the other: its site sets the pace anyway."""
    fresh = found.run == work.run
    if fresh:
        tally.listed = found.listed
        tally.executed = True
        tally.known = len(set(found.seen) - {c.key for c in found.work})
        tally.discovered = len({*found.seen, *(c.key for c in found.work)})
    batches = in_batches(found.work, work.session.settings.batch_size)
    work.known += len(found.work)
    for number, batch in enumerate(batches, 1):
        done = await one_batch(work, one, batch, f"batch {one.slug} {number}/{len(batches)}", tally, deadline)
        work.done += len(batch)
        if done is None:
            tally.passed_over += len(batch)
        elif done.run != work.run:
            continue_earlier(work, batch, done, tally)
            continue
        else:
            tally.add(done)
            tally.failed += done.failed
            work.failed.update({item.candidate.key: item for item in done.failed})
        if not fresh:
            tally.discovered += len(batch)


def continue_earlier(work: Work, batch: Sequence[Candidate], done: Batch, tally: Tally) -> None:
    """A batch of an attempt before this one: only its failed URLs are tried again, each by its own task."""
    work.batches.update({item.candidate.key: [item.candidate] for item in done.failed})
    tally.failed += done.failed


async def one_batch(
    work: Work, one: Input, batch: Sequence[Candidate], name: str, tally: Tally, deadline: float
) -> Batch | None:
    """The outcome of a batch, or None if it was not done; why is said in the tally."""
    if time.monotonic() > deadline:
        tally.troubles.append("超过单个来源的时间上限，其余留待下次")
        return None
    digest = hashlib.sha256("".join(c.key for c in batch).encode()).hexdigest()
    work.batches[digest] = batch
    do = work_on.with_options(task_run_name=name, timeout_seconds=BATCH_SECONDS + len(batch) * one.url_seconds)
    try:
        return await do(one.slug, digest)
    except Exception as error:
        tally.troubles.append(f"{name}：{say(error)}")
        return None


async def show_failures(work: Work, one: Input, tally: Tally) -> None:
    """A failed task run per failed URL, up to the cap; in a retry of the run these tasks try again."""
    still: list[FailedItem] = []
    cap = work.session.settings.failed_tasks_per_source
    for item in tally.failed[:cap]:
        key = item.candidate.key
        show = show_url.with_options(task_run_name=f"url {short_name(item.url)}")
        try:
            done = await show(one.slug, key, item.url)
            again = done if done.run == work.run and key not in work.failed else None
        except UrlFailedError:
            again = work.again.get(key)
            failed = item if again is None else again.failed[0]
            still.append(replace(failed, task=work.links.get(key, "")))
        if again is not None:
            tally.discovered += 1
            tally.add(again)
    tally.failed = still + tally.failed[cap:]


def judge(found: Discovered, tally: Tally) -> tuple[SourceState, str]:
    """How a source did, and why."""
    tried = sum(tally.counts.values())
    if tally.troubles:
        state = SourceState.FAILED if not tried else SourceState.SUSPECT
        return state, "；".join(tally.troubles)
    if found.empty:
        return SourceState.SUSPECT, "列表中没有找到任何文章，网站结构可能已改变"
    if tried and tally.counts[Outcome.FAILED] == tried and (tried >= TELLING or not tally.known):
        # Its lists work, so a source with known articles is not dead; one or two bad pages are no sign at all.
        state = SourceState.SUSPECT if tally.known else SourceState.FAILED
        return state, f"{tried} 个网址全部失败，例如 {tally.failed[0].message if tally.failed else ''}"
    if tally.counts[Outcome.QUARANTINED] * 2 > tried:
        return SourceState.SUSPECT, "过半页面没有正文，网站结构可能已改变"
    return SourceState.OK, ""


async def weigh(work: Work, one: Input, tally: Tally, state: SourceState, message: str) -> tuple[SourceState, str]:
    """What the run alone says of a source, and what its habits say; the worse of the two."""
    if not one.watched or not tally.executed or state is SourceState.FAILED:
        return state, message
    store = work.session.tools.store
    lines = await asyncio.to_thread(store.source_history, one.slug, HISTORY_NIGHTS)
    verdict = assess(tonight_of(work, tally), nights_of(lines), one.floor)
    said = [reason for reason in verdict.reasons if reason not in message]
    worse = SourceState.FAILED if SourceState.FAILED in (state, verdict.state) else SourceState.SUSPECT
    return (worse, "；".join(filter(None, [message, *said]))) if verdict.reasons else (state, message)


def tonight_of(work: Work, tally: Tally) -> Night:
    seen = measure(tally)
    return Night(
        day=work.session.started.astimezone(CHINA).date(),
        new=sum(tally.counts[outcome] for outcome in ARRIVED),
        listed=tally.listed,
        empty=tally.listed == 0,
        records=tally.records,
        filled=seen,
        length=seen.get("length", 0.0),
    )


def measure(tally: Tally) -> dict[str, float]:
    """What is kept of a source per run, beside its outcomes; see SourceTotals.coverage."""
    seen = {name: n / tally.records for name, n in tally.filled.items()} if tally.records else {}
    listed = {} if tally.listed is None else {"listed": float(tally.listed)}
    return seen | {"records": float(tally.records)} | listed


def say(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, SourceUnreachableError) else f"{type(error).__name__}: {text}"


async def close(
    work: Work,
    one: Input,
    tally: Tally,
    state: SourceState,
    message: str,
    notes: Sequence[str],
    start: float,
) -> SourceLine:
    """The line of the report, written to the database as well, which has counted for itself."""
    counts = Counter(tally.counts)
    counts[Outcome.UNCHANGED] += tally.known
    counts[Outcome.SKIPPED] += tally.passed_over
    line = SourceLine(
        slug=one.slug,
        name=one.name,
        state=state,
        discovered=tally.discovered,
        counts=dict(counts),
        seconds=time.monotonic() - start,
        message=message,
        notes=tuple(notes),
        failed=tuple(tally.failed),
        quarantined=tuple(tally.quarantined),
        repairs=dict(tally.repairs),
        doubts=dict(tally.doubts),
        flapping=tuple(tally.flapping),
        earlier=state is SourceState.OK and not tally.executed,
        task=work.links.get(one.slug, ""),
    )
    if line.balanced and not work.session.order.dry_run:
        return await write_line(work, line, tally)
    return line


async def write_line(work: Work, line: SourceLine, tally: Tally) -> SourceLine:
    """Keep the line; where the database has counted otherwise, its counts are shown and ours are a note."""
    totals = await insist(
        work.session.tools.store.record_source,
        work.run,
        SourceReport(
            source=line.slug,
            discovered=line.discovered,
            known=tally.known,
            passed_over=tally.passed_over,
            seconds=line.seconds,
            state=line.state,
            message=line.message,
            coverage=measure(tally),
        ),
    )
    ours = {outcome: n for outcome, n in line.counts.items() if n}
    theirs = {outcome: n for outcome, n in totals.counts.items() if n}
    if ours == theirs:
        return line
    return replace(line, counts=totals.counts, discovered=line.discovered, notes=(*line.notes, f"运行记得 {ours}"))
