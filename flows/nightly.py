"""The flows: nightly, ingest-source, load-seeds, reprocess, retry-failed. Each opens a run, works, reports, judges."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed

from connectors.register import Register
from flows.choices import FailureChoice, SourceChoice, read_register, slug_of
from flows.inputs import Input, entries, reprocess_input, retry_input, seed_input, source_input
from flows.report import CHINA, RunReport, SourceLine, render, summarise
from flows.session import Session, Wish, open_session
from flows.settings import load_settings
from flows.tasks import Work, run_input, working
from models.accounts import RunKind, RunState
from models.errors import DangjianError, RunInProgress

__all__ = ["FLOWS", "PARTLY", "backfill", "ingest_source", "load_seeds", "nightly", "reprocess", "retry_failed"]

# The name of a completed state that says at a glance that not all was well.
PARTLY = "完成但有问题"
PROGRESS_SECONDS = 1.0

TITLES = {
    "nightly": "夜间采集",
    "ingest-source": "抓取",
    "backfill": "补采",
    "load-seeds": "载入种子",
    "reprocess": "重新清洗",
    "retry-failed": "重试失败",
}


def title_of_run() -> str:
    """What ran and when: 抓取 共产党员网 2026-11-22."""
    flow_name = str(flow_run.flow_name)
    source = (flow_run.parameters or {}).get("source")
    name = _name_of(str(source)) if source else ""
    dry = "（试运行）" if (flow_run.parameters or {}).get("dry_run") else ""
    return " ".join(filter(None, [TITLES.get(flow_name, flow_name), name, f"{datetime.now(CHINA):%Y-%m-%d}{dry}"]))


def _name_of(choice: str) -> str:
    source = read_register(load_settings()).sources.get(slug_of(choice))
    return source.name if source else choice


Plan = Callable[[Session, Register], Sequence[Input]]


async def carry_out(wish: Wish, plan: Plan) -> State[Any]:
    """Open the run, work on what the plan says, report, and answer the state that the run ends in."""
    settings = load_settings()
    register = await asyncio.to_thread(read_register, settings)
    try:
        async with open_session(settings, wish) as session:
            if not wish.dry_run:
                await asyncio.to_thread(session.tools.store.register, entries(register))
            lines = await work_on_all(session, plan(session, register))
            report = RunReport(
                title=str(flow_run.name),
                started=session.started,
                finished=datetime.now(UTC),
                lines=lines,
                dry_run=wish.dry_run,
                remarks=tuple(f"来源文件有误：{mistake}" for mistake in register.mistakes),
            )
            return await conclude(session, report)
    except RunInProgress as error:
        get_run_logger().warning("%s", error)
        return Cancelled(message=str(error))


async def work_on_all(session: Session, inputs: Sequence[Input]) -> tuple[SourceLine, ...]:
    """Every input, several at a time, with progress shown meanwhile."""
    work = Work(session, {one.slug: one for one in inputs})
    token = working.set(work)
    gate = asyncio.Semaphore(session.settings.sources_at_once)

    async def in_turn(one: Input) -> SourceLine:
        async with gate:
            line = await run_input(one)
        get_run_logger().info("%s：%s", line.name, line.message or "完成")
        return line

    try:
        async with showing_progress(work):
            return tuple(await asyncio.gather(*(in_turn(one) for one in inputs)))
    finally:
        working.reset(token)


@asynccontextmanager
async def showing_progress(work: Work) -> AsyncIterator[None]:
    """A progress artifact of the flow run, brought up to date at most once a second."""
    artifact = await acreate_progress_artifact(progress=0.0, key="progress", description="本次运行的进度")
    shower = asyncio.create_task(_follow(work, artifact if isinstance(artifact, UUID) else UUID(str(artifact))))
    try:
        yield
    finally:
        shower.cancel()
        with suppress(asyncio.CancelledError):
            await shower
        await aupdate_progress_artifact(artifact_id=artifact, progress=100.0)


async def _follow(work: Work, artifact: UUID) -> None:
    shown = 0.0
    while True:
        await asyncio.sleep(PROGRESS_SECONDS)
        if work.percent != shown:
            shown = work.percent
            await aupdate_progress_artifact(artifact_id=artifact, progress=round(shown, 1))


async def conclude(session: Session, report: RunReport) -> State[Any]:
    """Publish the report, close the run in the database, and answer the final state."""
    text = render(report)
    kind = str(flow_run.flow_name)
    await acreate_markdown_artifact(text, key=f"report-{kind}", description=summarise(report))
    await asyncio.to_thread(keep_report, session, kind, text)
    state, final = judge_run(report)
    try:
        await asyncio.to_thread(session.finish, state, summarise(report))
    except DangjianError as error:
        return Failed(message=str(error))
    get_run_logger().info("%s", summarise(report))
    return final


def keep_report(session: Session, kind: str, text: str) -> None:
    """The report as a file too, for who reads without the UI."""
    folder = session.settings.reports_dir
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{session.started.astimezone(CHINA):%Y-%m-%d-%H%M%S}-{kind}.md"
    (folder / name).write_text(text, "utf8")


def judge_run(report: RunReport) -> tuple[RunState, State[Any]]:
    """Completed; completed under another name when something is wrong; failed when nothing worked or sums differ."""
    message = summarise(report)
    if not report.balanced:
        return RunState.FAILED, Failed(message=f"结果合计与发现数不一致；{message}")
    if report.nothing_worked:
        return RunState.FAILED, Failed(message=f"没有一个来源成功；{message}")
    if report.all_well:
        return RunState.COMPLETED, Completed(message=message)
    return RunState.PARTIAL, Completed(name=PARTLY, message=message)


def make_wish(kind: RunKind, **asked: Any) -> Wish:
    given = {name: value for name, value in (flow_run.parameters or {}).items() if value is not None}
    parameters = {
        name: value if isinstance(value, str | int | bool | list) else str(value) for name, value in given.items()
    }
    return Wish(kind, flow_run_id=str(flow_run.id), parameters=parameters, **asked)


@flow(name="nightly", flow_run_name=title_of_run, persist_result=False)
async def nightly(
    only: list[SourceChoice] | None = None,
    since: date | None = None,
    limit: int | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """夜间采集：载入种子文件，抓取全部启用的来源，清洗、去重、入库，最后写一份报告。

    Args:
        only: 只抓取这些来源（不选则为全部启用的来源，并载入种子文件）
        since: 只要这一天及以后的文章（按列表上的日期）
        limit: 每个来源最多处理多少篇
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """
    wanted = {slug_of(choice) for choice in only or ()}

    def plan(session: Session, register: Register) -> list[Input]:
        tools, order = session.tools, session.order
        sources = [s for s in register.enabled if not wanted or s.slug in wanted]
        seeds = [] if wanted else [seed_input(tools, order, session.settings)]
        return [*seeds, *(source_input(tools, order, source) for source in sources)]

    return await carry_out(make_wish(RunKind.NIGHTLY, since=since, limit=limit, dry_run=dry_run), plan)


@flow(name="ingest-source", flow_run_name=title_of_run, persist_result=False)
async def ingest_source(
    source: SourceChoice,
    since: date | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    backfill: bool = False,
) -> State[Any]:
    """立即抓取一个来源。

    Args:
        source: 来源（来自 connectors/sources 中的文件）
        since: 只要这一天及以后的文章（按列表上的日期）
        limit: 最多处理多少篇
        dry_run: 试运行：照常抓取和清洗，但不写数据库
        backfill: 补采：遇到已知文章也继续往前翻页
    """

    def plan(session: Session, register: Register) -> list[Input]:
        return [source_input(session.tools, session.order, register.sources[slug_of(source)])]

    wish = make_wish(RunKind.INGEST, since=since, limit=limit, dry_run=dry_run, backfill=backfill)
    return await carry_out(wish, plan)


@flow(name="backfill", flow_run_name=title_of_run, persist_result=False)
async def backfill(
    source: SourceChoice,
    since: date,
    until: date | None = None,
    limit: int | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """补采一个来源某段日期的文章，不影响每晚采集的进度。

    Args:
        source: 来源（来自 connectors/sources 中的文件）
        since: 从这一天起（按列表上的日期）
        until: 到这一天为止，含当天（不填则到今天）
        limit: 最多处理多少篇
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """

    def plan(session: Session, register: Register) -> list[Input]:
        return [source_input(session.tools, session.order, register.sources[slug_of(source)])]

    if until is not None and until < since:
        return Failed(message=f"结束日期 {until} 早于开始日期 {since} / until is before since")
    asked = make_wish(RunKind.BACKFILL, since=since, until=until, limit=limit, dry_run=dry_run, backfill=True)
    return await carry_out(asked, plan)


@flow(name="load-seeds", flow_run_name=title_of_run, persist_result=False)
async def load_seeds(dry_run: bool = False) -> State[Any]:
    """载入种子文件夹中新增或改动的文件，不访问网络。

    Args:
        dry_run: 试运行：照常读取和清洗，但不写数据库
    """

    def plan(session: Session, register: Register) -> list[Input]:
        return [seed_input(session.tools, session.order, session.settings)]

    return await carry_out(make_wish(RunKind.SEEDS, dry_run=dry_run), plan)


@flow(name="reprocess", flow_run_name=title_of_run, persist_result=False)
async def reprocess(
    only: list[SourceChoice] | None = None,
    everything: bool = False,
    limit: int | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """用已保存的原始页面重新清洗，不访问网络；用于清洗规则改进之后。

    Args:
        only: 只处理这些来源（不选则为全部，包括种子文件）
        everything: 也包括已经用当前规则清洗过的文章
        limit: 每个来源最多处理多少篇
        dry_run: 试运行：照常清洗，但不写数据库
    """
    wanted = [slug_of(choice) for choice in only or ()]

    def plan(session: Session, register: Register) -> list[Input]:
        slugs = wanted or [entry.slug for entry in session.tools.store.sources()]
        tools, order = session.tools, session.order
        return [reprocess_input(tools, order, slug, register, everything=everything) for slug in slugs]

    return await carry_out(make_wish(RunKind.REPROCESS, limit=limit, dry_run=dry_run), plan)


@flow(name="retry-failed", flow_run_name=title_of_run, persist_result=False)
async def retry_failed(
    only: list[SourceChoice] | None = None,
    kind: FailureChoice | None = None,
    given_up: bool = False,
    dry_run: bool = False,
) -> State[Any]:
    """立即重试失败的网址，不等下次到期。

    Args:
        only: 只重试这些来源的网址（不选则为全部来源）
        kind: 只重试这一类失败
        given_up: 也包括多次失败后已放弃的网址
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """
    wanted = {slug_of(choice) for choice in only or ()}

    def plan(session: Session, register: Register) -> list[Input]:
        sources = [s for s in register.sources.values() if not wanted or s.slug in wanted]
        tools, order = session.tools, session.order
        return [retry_input(tools, order, source, kind=kind, given_up=given_up) for source in sources]

    return await carry_out(make_wish(RunKind.RETRY, dry_run=dry_run), plan)


FLOWS = (nightly, ingest_source, backfill, load_seeds, reprocess, retry_failed)
