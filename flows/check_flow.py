"""The flow that tries sources on the network as it is: a task per source, a report, a mark for each that works."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from connectors.declaration import Source
from connectors.http import open_fetcher
from connectors.protocol import Fetcher
from connectors.register import Mistake
from flows.carry_out import PARTLY, title_of_run
from flows.choices import SourceChoice, read_register, slug_of
from flows.failure_page import RETRY_HERE, show_safely
from flows.report import escape
from flows.session import fetch_settings
from flows.settings import load_settings
from flows.source_check import AT_ONCE, CHINA, Checked, check_source, describe, say_missing, summarise_checks
from flows.source_commands import mark_good, pick
from flows.tasks import key_of
from flows.workshop import Workshop

__all__ = ["check_sources"]

# A source asks for one page of each of its lists and at most three articles, each within half a minute.
CHECK_SECONDS = 600.0


class SourceDoesNotWorkError(Exception):
    """A source gave no article with title, date and text."""


@dataclass(slots=True)
class Bench:
    """What the tasks of a check share; also what they found, since a failed task hands nothing on."""

    sources: dict[str, Source]
    fetcher: Fetcher
    workshop: Workshop
    now: datetime
    found: dict[str, Checked]


bench: ContextVar[Bench] = ContextVar("bench")


@task(name="check", persist_result=True, cache_key_fn=key_of)
async def check_one(slug: str) -> Checked:
    """试用一个来源：读第一页列表，打开一篇文章。"""
    at = bench.get()
    checked = await check_source(at.sources[slug], at.fetcher, at.workshop, at.now)
    at.found[slug] = checked
    log = get_run_logger()
    said = show_safely("\n".join(describe(checked)))
    if checked.good:
        log.info("%s", said)
        return checked
    log.error("%s\n如何重试 / how to try again: %s；或 / or: dangjian sources check %s", said, RETRY_HERE, slug)
    raise SourceDoesNotWorkError(say_missing(checked) or "；".join(checked.failures))


@flow(name="check-sources", flow_run_name=title_of_run, persist_result=False)
async def check_sources(only: Sequence[SourceChoice] = ()) -> State[Any]:
    """在这台机器的网络上逐个试用来源：读列表，打开一篇文章，写一份报告，并标记可用的来源。不写数据库。

    Args:
        only: 只检查这些来源（不选则为全部启用的来源）
    """
    settings = load_settings()
    register = await asyncio.to_thread(read_register, settings)
    sources = pick(register, [slug_of(choice) for choice in only])
    with Workshop(1) as workshop:
        async with open_fetcher(fetch_settings(settings)) as fetcher:
            by_slug = {source.slug: source for source in sources}
            token = bench.set(Bench(by_slug, fetcher, workshop, datetime.now(UTC), {}))
            try:
                checks = await check_each(sources)
            finally:
                bench.reset(token)
    await asyncio.to_thread(mark_good, settings, checks)
    text = render_checks(checks, register.mistakes, datetime.now(UTC))
    await acreate_markdown_artifact(text, key="report-check-sources", description=summarise_checks(checks))
    return judge_checks(checks, register.mistakes)


async def check_each(sources: Sequence[Source]) -> list[Checked]:
    """Every source, some at a time; a task that breaks costs its own source only."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def in_turn(source: Source) -> Checked:
        named = check_one.with_options(task_run_name=f"check {source.slug}", timeout_seconds=CHECK_SECONDS)
        async with gate:
            try:
                return await named(source.slug)
            except SourceDoesNotWorkError:
                return bench.get().found[source.slug]
            except Exception as error:
                failure = f"{type(error).__name__}: {error}"
                return Checked(source.slug, source.name, source.discover.kind, missing=("list",), failures=(failure,))

    return list(await asyncio.gather(*map(in_turn, sources)))


def judge_checks(checks: Sequence[Checked], mistakes: Sequence[Mistake]) -> State[Any]:
    said = summarise_checks(checks)
    if checks and not any(checked.good for checked in checks):
        return Failed(message=f"没有一个来源可用；{said}")
    if mistakes or not all(checked.good for checked in checks):
        return Completed(name=PARTLY, message=said)
    return Completed(message=said)


def render_checks(checks: Sequence[Checked], mistakes: Sequence[Mistake], now: datetime) -> str:
    """The report as markdown: what does not work first."""
    head = ["来源", "结果", "列表", "首篇", "日期", "来源（medium）", "正文字数", "缺少", "例外", "失败"]
    rows = [_cells(checked) for checked in sorted(checks, key=lambda checked: (checked.good, checked.slug))]
    table = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    wrong = [f"- 来源文件有误：{escape(str(mistake))}" for mistake in mistakes]
    moment = f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}（北京时间）"
    return "\n".join([f"# 检查来源\n\n{moment}\n\n{escape(summarise_checks(checks))}\n", *wrong, "", *table]) + "\n"


def _cells(checked: Checked) -> list[str]:
    seen = checked.seen
    found = ["—"] * 4
    if seen:
        day = f"{seen.published.astimezone(CHINA):%Y-%m-%d}" if seen.published else "—"
        found = [escape(seen.title, 60) or "—", day, escape(seen.medium, 40) or "—", str(len(seen.text))]
    return [
        f"{escape(checked.name)} `{checked.slug}`",
        "✅ 可用" if checked.good else "❌ 不可用",
        str(checked.listed),
        *found,
        escape(say_missing(checked)) or "—",
        escape("；".join(checked.exceptions)) or "—",
        escape("；".join(checked.failures)) or "—",
    ]
