"""The flow that cleans stored pages again, without the network: in parallel, and on from where it was stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any, Literal

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State

from cleaning.pipeline import RULES_VERSION
from connectors.register import Register
from connectors.seeds import SEED_SOURCE
from connectors.urls import article_key
from flows.carry_out import Done, carry_out_as, make_wish, showing_progress, title_of_run
from flows.changes import Changes, render_changes
from flows.choices import Limit, SourceChoice, slug_of
from flows.failure_page import RETRY_HERE
from flows.ingest import Batch, Discovered
from flows.inputs import Input
from flows.patience import insist
from flows.reclean import Recleaned, Recleaning, Span, cut, digest_of, spans_done
from flows.report import CHINA, OUTCOME_NAMES, SourceLine
from flows.session import Session
from flows.stored_pages import SEED_NAME
from flows.tally import Tally, Work, close
from flows.tasks import RETRY_SECONDS, key_of, say, show_failures, working, worth_retrying
from models.accounts import RunKind, Selection, SourceState
from models.records import Candidate, Outcome

__all__ = ["Which", "reprocess"]

Which = Literal["规则已更新的", "全部", "隔离的", "无关的"]

# Spans at the same time: while one waits for the database the other keeps the processes busy.
SPANS_AT_ONCE = 3


@dataclass(slots=True)
class Progress:
    """What the tasks of one reprocess share."""

    recleaning: Recleaning
    work: Work
    digest: str
    done: list[str] = field(default_factory=list)


progress: ContextVar[Progress] = ContextVar("reprocess")


@task(
    name="reclean",
    persist_result=True,
    cache_key_fn=key_of,
    retries=2,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=worth_retrying,
)
async def reclean(slug: str, prefix: str) -> Recleaned:
    """重新清洗一段已保存的页面。"""
    at, log = progress.get(), get_run_logger()
    try:
        done = await at.recleaning.clean(Span(slug, prefix))
    except Exception:
        log.error("如何重试 / how to try again: %s；或 / or: dangjian reprocess --source %s", RETRY_HERE, slug)
        raise
    counts = "，".join(f"{OUTCOME_NAMES[outcome]} {n}" for outcome, n in done.batch.counts.items()) or "没有页面"
    log.info("%s；比较 %d 篇，有变化 %d 篇", counts, done.changes.compared, done.changes.changed)
    return done


@flow(name="reprocess", flow_run_name=title_of_run, persist_result=False)
async def reprocess(
    only: Sequence[SourceChoice] = (),
    which: Which = "规则已更新的",
    since: date | None = None,
    until: date | None = None,
    rules_version: str | None = None,
    articles: Sequence[str] = (),
    limit: Limit | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """用已保存的原始页面重新清洗，不访问网络；用于清洗规则改进之后。中断后再次运行，会从停下的地方继续。

    Args:
        only: 只处理这些来源（不选则为全部，包括种子文件）
        which: 处理哪些：规则已更新的（还没有用当前规则清洗过）、全部、隔离的、无关的
        since: 只处理这一天及以后发表的文章
        until: 只处理到这一天为止发表的文章（含当天）
        rules_version: 只处理用这个版本的规则清洗的文章，例如 1.2.0
        articles: 只处理这些文章：网址，或文章编号的开头（八位以上）
        limit: 每个来源最多处理多少篇
        dry_run: 试运行：照常清洗并说明会改变什么，但不写数据库
    """
    wanted = tuple(slug_of(choice) for choice in only)

    async def do(session: Session, register: Register) -> Done:
        keys = await asyncio.to_thread(find_keys, session, articles)
        selection = select_pages(wanted, which, since, until, rules_version, keys)
        return await reclean_all(session, register, selection)

    return await carry_out_as(make_wish(RunKind.REPROCESS, limit=limit, dry_run=dry_run), do)


def select_pages(
    sources: tuple[str, ...],
    which: Which,
    since: date | None,
    until: date | None,
    rules_version: str | None,
    keys: tuple[str, ...] | None,
) -> Selection:
    """What was asked for, as a selection of pages. Days are days in China."""
    outcomes = {"隔离的": (Outcome.QUARANTINED,), "无关的": (Outcome.OFF_TOPIC,)}.get(which, ())
    stale = which == "规则已更新的" and not rules_version and keys is None
    return Selection(
        sources=sources,
        # A key that no page has, so that addresses nobody knows do not mean "all".
        keys=keys or () if keys is None or keys else ("-",),
        outcomes=outcomes,
        not_rules_version=RULES_VERSION if stale else None,
        rules_version=rules_version,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock(), CHINA)


def find_keys(session: Session, articles: Sequence[str]) -> tuple[str, ...] | None:
    """Keys of articles by their address or the beginning of their key; None if none were asked for."""
    if not articles:
        return None
    named = [one.strip() for text in articles for one in text.split()]
    found = [
        article_key(one) if one.startswith("http") else session.tools.store.article_key(one.lower()) for one in named
    ]
    missing = [one for one, key in zip(named, found, strict=True) if key is None]
    if missing:
        get_run_logger().warning("没有这些文章 / no such articles: %s", "、".join(missing))
    return tuple(key for key in found if key)


async def reclean_all(session: Session, register: Register, selection: Selection) -> Done:
    """All spans of the selection, several at a time; then a line per source, and what has changed."""
    store = session.tools.store
    counts = await asyncio.to_thread(store.count_raw, selection)
    work = Work(session, {}, known=sum(counts.values()))
    recleaning = Recleaning(session.tools, session.order, register, selection, count=work.count)
    work.inputs.update({slug: reclean_input(recleaning, slug) for slug in counts})
    digest = digest_of(selection)
    limited = session.order.limit is not None
    before = [] if limited or work.run == "" else await asyncio.to_thread(spans_done, store, digest)
    spans = [Span(slug) for slug in counts] if limited else cut(counts)
    left = [span for span in spans if not span.is_in(before)]
    if before:
        get_run_logger().info("继续上次中断的重新清洗：%d 段中还有 %d 段 / goes on", len(spans), len(left))
    token, working_token = progress.set(Progress(recleaning, work, digest, before)), working.set(work)
    try:
        async with showing_progress(work):
            gate = asyncio.Semaphore(SPANS_AT_ONCE)
            results = await asyncio.gather(*(in_turn(gate, span) for span in left))
        lines = [await line_of(work, slug, [r for r in results if r.span.source == slug]) for slug in counts]
        if not any(result.trouble for result in results):
            await note_progress(whole=True)
    finally:
        progress.reset(token)
        working.reset(working_token)
    changes = sum((result.done.changes for result in results if result.done), Changes())
    return Done(tuple(lines), (render_changes(changes, dry_run=session.order.dry_run),))


@dataclass(frozen=True, slots=True)
class SpanResult:
    span: Span
    done: Recleaned | None
    trouble: str = ""
    seconds: float = 0.0


async def in_turn(gate: asyncio.Semaphore, span: Span) -> SpanResult:
    """One span as a task of its own. Never raises for what goes wrong with it: the others go on."""
    at = progress.get()
    async with gate:
        start = time.monotonic()
        name = f"reclean {span}".rstrip("/")
        try:
            done = await reclean.with_options(task_run_name=name)(span.source, span.prefix)
        except Exception as error:
            # What was written before it broke off counts: the database has counted it as well.
            _, partly = at.recleaning.begun.get(span, ("", None))
            return SpanResult(span, partly, f"{name}：{say(error)}", time.monotonic() - start)
        at.done.append(str(span))
        await note_progress()
        return SpanResult(span, done, "", time.monotonic() - start)


async def note_progress(*, whole: bool = False) -> None:
    """Say in the row of the run how far it has come, for the next one to go on if this one is stopped."""
    at = progress.get()
    if at.work.run and at.work.session.order.limit is None:
        values = {"selection": at.digest, "done": list(at.done), "whole": whole}
        await insist(at.work.session.tools.store.note_run, at.work.run, values)


async def line_of(work: Work, slug: str, results: Sequence[SpanResult]) -> SourceLine:
    """The line of one source, and a failed task for each page that failed."""
    one: Input = work.inputs[slug]
    tally = Tally(troubles=[result.trouble for result in results if result.trouble])
    for batch in (result.done.batch for result in results if result.done):
        tally.failed += batch.failed
        if batch.run == work.run:
            tally.add(batch)
            tally.discovered += sum(batch.counts.values())
            work.failed.update({item.candidate.key: item for item in batch.failed})
        else:
            # Of an attempt before this one: only its failed pages are tried again, each by its own task.
            work.batches.update({item.candidate.key: [item.candidate] for item in batch.failed})
    await show_failures(work, one, tally)
    state = SourceState.FAILED if tally.troubles else SourceState.OK
    start = time.monotonic() - sum(result.seconds for result in results)
    return await close(work, one, tally, state, "；".join(tally.troubles), (), start)


def reclean_input(recleaning: Recleaning, slug: str) -> Input:
    """A source as the tasks of failed pages know it. It is never asked what it has: spans say that."""
    source = recleaning.register.sources.get(slug)
    name = source.name if source else SEED_NAME if slug == SEED_SOURCE else slug

    async def discover() -> Discovered:
        return Discovered(recleaning.order.run)

    def again(batch: Sequence[Candidate]) -> Awaitable[Batch]:
        return recleaning.clean_these(slug, batch)

    return Input(slug, name, discover, again)
