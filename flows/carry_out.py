"""One run from beginning to end: opened, worked on with progress shown, reported, judged. What all flows share."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.settings import get_current_settings
from prefect.states import Cancelled, Completed, Failed

from connectors.register import Register
from flows.catalogue import TITLES
from flows.choices import BY_SITE, read_register, slug_of
from flows.inputs import Input, entries
from flows.morning import follow_up, judge_sources
from flows.patience import insist
from flows.report import CHINA, RunReport, SourceLine, render, summarise
from flows.session import Session, Wish, open_session
from flows.settings import load_settings
from flows.tally import Work
from flows.tasks import run_input, working
from models.accounts import RunKind, RunState
from models.errors import DangjianError, DatabaseBusy, RunInProgress

__all__ = ["PARTLY", "Done", "carry_out", "carry_out_as", "make_wish", "showing_progress", "title_of_run"]

# The name of a completed state that says at a glance that not all was well.
PARTLY = "完成但有问题"
PROGRESS_SECONDS = 1.0


def title_of_run() -> str:
    """What ran and when: 抓取 共产党员网 2026-11-22."""
    flow_name = str(flow_run.flow_name)
    source = (flow_run.parameters or {}).get("source")
    name = _name_of(str(source)) if source and source != BY_SITE else ""
    dry = "（试运行）" if (flow_run.parameters or {}).get("dry_run") else ""
    return " ".join(filter(None, [TITLES.get(flow_name, flow_name), name, f"{datetime.now(CHINA):%Y-%m-%d}{dry}"]))


def _name_of(choice: str) -> str:
    source = read_register(load_settings()).sources.get(slug_of(choice))
    return source.name if source else choice


Plan = Callable[[Session, Register], Sequence[Input]]


@dataclass(frozen=True, slots=True)
class Done:
    """What came out of a run: a line per source, and further sections of the report, as markdown."""

    lines: tuple[SourceLine, ...]
    sections: tuple[str, ...] = ()
    summary: str = ""  # in one line, where there are no sources to sum up
    remarks: tuple[str, ...] = ()  # what a person has to look at


Do = Callable[[Session, Register], Awaitable[Done]]


async def carry_out(wish: Wish, plan: Plan) -> State[Any]:
    """``carry_out_as`` of working on all inputs that the plan names."""

    async def do(session: Session, register: Register) -> Done:
        return Done(await work_on_all(session, await asyncio.to_thread(plan, session, register)))

    return await carry_out_as(wish, do)


async def carry_out_as(wish: Wish, do: Do) -> State[Any]:
    """Open the run, do it, report, and answer the state that the run ends in."""
    settings = load_settings()
    register = await asyncio.to_thread(read_register, settings)
    try:
        async with open_session(settings, wish, tell) as session:
            if not wish.dry_run:
                await insist(session.tools.store.register, entries(register))
            done = await do(session, register)
            health = await insist(judge_sources, session, wish, register, done.lines)
            report = RunReport(
                title=str(flow_run.name),
                started=session.started,
                finished=datetime.now(UTC),
                lines=done.lines,
                sections=done.sections,
                summary=done.summary,
                dry_run=wish.dry_run,
                ui=get_current_settings().ui_url or "",
                remarks=(*done.remarks, *(f"来源文件有误：{mistake}" for mistake in register.mistakes)),
                health=health,
            )
            final = await conclude(session, report)
        await follow_up(settings, wish, register, get_run_logger())
        return final
    except RunInProgress as error:
        get_run_logger().warning("%s", error)
        return Cancelled(message=str(error))
    except DatabaseBusy as error:
        get_run_logger().error("%s", error)
        return Failed(message=f"{error}。已完成的都已保留，恢复后再次运行即可继续 / run again when it is back")


def tell(said: str) -> None:
    """To the page of the run, and to whoever waits at a terminal."""
    get_run_logger().info("%s", said)
    print(said, file=sys.stderr, flush=True)


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
    # Not of a run that was stopped: it shows how far it came.
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
        await insist(session.finish, state, summarise(report))
    except DatabaseBusy:
        raise
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
        name: list(value) if isinstance(value, list | tuple) else value if isinstance(value, str | int) else str(value)
        for name, value in given.items()
    }
    return Wish(kind, flow_run_id=str(flow_run.id), parameters=parameters, **asked)
