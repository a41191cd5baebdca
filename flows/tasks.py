"""Prefect around one input: a task to discover, a task per batch, and a failed task for each URL that failed.

All tasks are async and flat, gathered in the flow under a semaphore: tasks in tasks would roll back their siblings,
and concurrent subflows lock Prefect's SQLite. Results are persisted under keys of their content, so that Retry in
the UI repeats only what failed.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from prefect import get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.runtime import task_run
from prefect.tasks import Task

from flows.failure_page import describe_failure, explain_source_retry
from flows.ingest import Batch, Discovered, FailedItem, in_batches
from flows.inputs import BATCH_SECONDS, Input
from flows.report import OUTCOME_NAMES, SourceLine
from flows.tally import Tally, Work, close, judge, weigh
from models.accounts import SourceState
from models.errors import TryAgainLater
from models.records import Candidate

__all__ = [
    "RETRY_SECONDS",
    "key_of",
    "run_input",
    "say",
    "show_failures",
    "working",
    "worth_retrying",
]

RETRY_SECONDS = 5  # a database that was locked is free again by then
LISTS_SHOWN = 5  # lists that failed, told of in full; they mostly fail alike
NAME_LENGTH = 60  # characters of a URL in the name of its task: what the run graph has room for


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
    for note in (*found.left_out, *found.notes):
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


def say(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, SourceUnreachableError) else f"{type(error).__name__}: {text}"
