"""The flow that keeps house: replaced pages, old runs and reports, Prefect's history. Articles are never dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State
from pydantic import Field

from connectors.register import Register
from connectors.seeds import SEED_SOURCE
from flows.carry_out import Done, carry_out_as, make_wish, title_of_run
from flows.report import escape
from flows.session import Session
from flows.tasks import RETRY_SECONDS, say, worth_retrying
from flows.tidy import Dropped, drop_files, drop_history
from models.accounts import RunKind
from models.retention import Leavings, Retention

__all__ = ["housekeeping"]

# Articles are looked at again for up to 60 days, and habits are learned from 60 nights: less would hurt both.
LEAST_DAYS = 60
# A run whose history is gone can not be retried any more.
LEAST_HISTORY = 7

Days = Annotated[int, Field(ge=LEAST_DAYS)]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for: how long to keep what, in days. None keeps it for ever."""

    replaced: int | None
    finished: int | None
    runs: int | None
    history: int | None
    compact: bool

    def retention(self, now: datetime) -> Retention:
        return Retention(
            _before(now, self.replaced), _before(now, self.finished), _before(now, self.runs), (SEED_SOURCE,)
        )


@dataclass(frozen=True, slots=True)
class House:
    """What the tasks of housekeeping share."""

    session: Session
    plan: Plan

    @property
    def dry(self) -> bool:
        return self.session.order.dry_run


def _before(now: datetime, days: int | None) -> datetime | None:
    return now - timedelta(days=days) if days is not None else None


house: ContextVar[House] = ContextVar("house")


def keeping(name: str) -> Callable[[Callable[[], Awaitable[str]]], Any]:
    """A task of housekeeping: once more if the database was locked, and not cached, as it is cheap to do again."""
    options: dict[str, Any] = {"retries": 1, "retry_delay_seconds": RETRY_SECONDS, "persist_result": False}
    return task(name=name, task_run_name=name, retry_condition_fn=worth_retrying, **options)


@keeping("corpus")
async def keep_corpus() -> str:
    """原始页面和运行记录。"""
    at = house.get()
    store, retention = at.session.tools.store, at.plan.retention(at.session.started)
    call = store.count_leavings if at.dry else store.drop_leavings
    return describe_leavings(await asyncio.to_thread(call, retention), at.plan)


@keeping("files")
async def keep_files() -> str:
    """旧报告和重试用的中间结果。"""
    at, now = house.get(), house.get().session.started
    results_before = now - timedelta(days=at.plan.history or LEAST_DAYS)
    gone = await asyncio.to_thread(
        drop_files, at.session.settings, _before(now, at.plan.runs), results_before, dry=at.dry
    )
    return f"- 旧报告和中间结果文件：{gone.number} 个，{_megabytes(gone.size)}"


@keeping("prefect")
async def keep_history() -> str:
    """Prefect 自己的运行历史。"""
    at = house.get()
    before = _before(at.session.started, at.plan.history)
    gone = await drop_history(before, dry=at.dry) if before else Dropped()
    kept = f"（保留 {at.plan.history} 天）" if before else "（一直保留）"
    return f"- Prefect 的运行历史{kept}：{gone.number} 次运行，连同其任务、日志和报告"


@keeping("compact")
async def make_compact() -> str:
    """把腾出的空间还给磁盘。"""
    at = house.get()
    if not at.plan.compact or at.dry:
        return "- 整理数据库文件：" + ("试运行时不做" if at.plan.compact else "没有要求")
    await asyncio.to_thread(at.session.tools.store.compact)
    return "- 整理数据库文件：已完成"


@flow(name="housekeeping", flow_run_name=title_of_run, persist_result=False)
async def housekeeping(
    replaced_days: Days | None = 90,
    finished_days: Days | None = None,
    runs_days: Days | None = 400,
    history_days: Annotated[int, Field(ge=LEAST_HISTORY)] | None = 90,
    compact: bool = False,
    dry_run: bool = False,
) -> State[Any]:
    """清理不再需要的东西。从不删除文章、历史版本、修复记录、隔离的页面和人工决定。

    Args:
        replaced_days: 已被新版本取代、没有任何文章引用的原始页面保留多少天（不填则一直保留）
        finished_days: 已完成文章的原始页面也只保留多少天；删除后这些文章不能再重新清洗（不填则一直保留，推荐）
        runs_days: 运行记录和报告文件保留多少天（不填则一直保留）
        history_days: Prefect 的运行历史、日志和中间结果保留多少天（不填则一直保留）
        compact: 把腾出的空间还给磁盘（需要与数据库一样大的空闲空间，期间其他程序要等待）
        dry_run: 试运行：只说明会清理什么，什么也不删除
    """
    plan = Plan(replaced_days, finished_days, runs_days, history_days, compact)

    async def do(session: Session, register: Register) -> Done:
        token = house.set(House(session, plan))
        try:
            return await keep_house()
        finally:
            house.reset(token)

    return await carry_out_as(make_wish(RunKind.HOUSEKEEPING, dry_run=dry_run), do)


async def keep_house() -> Done:
    """All steps, one after the other; one that fails is reported, the others are done."""
    at, said, troubles = house.get(), [], []
    for step in (keep_corpus, keep_files, keep_history, make_compact):
        try:
            said.append(await step())
        except Exception as error:
            troubles.append(f"{step.name}：{say(error)}")
            said.append(f"- **没有完成** {escape(troubles[-1])}")
    get_run_logger().info("%s", "\n".join(said))
    verb = "会清理（试运行，什么也没有删除）" if at.dry else "已清理"
    section = "\n".join([f"## {verb}", "", *said, "", KEPT])
    done = "试运行，什么也没有删除" if at.dry else "清理完成"
    return Done((), (section,), summary="；".join(troubles) or done, remarks=tuple(troubles))


KEPT = (
    "一直保留：全部文章及其历史版本、修复记录、报道和人工的合并与拆分；隔离、失败和排队中的网址的页面；"
    "种子文件的页面；每篇文章最近一次的原始页面（除非要求清理）。"
)


def describe_leavings(gone: Leavings, plan: Plan) -> str:
    """What goes of the corpus, and what stays of it."""
    replaced = f"（保留 {plan.replaced} 天）" if plan.replaced else "（一直保留）"
    finished = f"（保留 {plan.finished} 天）" if plan.finished else "（一直保留）"
    runs = f"（保留 {plan.runs} 天）" if plan.runs else "（一直保留）"
    return "\n".join(
        [
            f"- 已被取代的原始页面{replaced}：{gone.pages} 个",
            f"- 已完成文章的原始页面{finished}：{gone.finished} 个",
            f"- 因此不再需要的页面内容：{gone.bodies} 份，{_megabytes(gone.size)}",
            f"- 运行记录{runs}：{gone.runs} 条",
        ]
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
