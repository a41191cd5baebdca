"""What follows a night: judge how the sources stand, tell people of changes, print the digest. Fails no run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connectors.register import Register
from flows.health import HISTORY_NIGHTS
from flows.notify import Message, deliver, tell_failures
from flows.report import CHINA, SourceLine
from flows.session import Session, Wish
from flows.settings import Settings
from flows.standing import HEALTH_NAMES, MARKS, HealthLine, coverage_of, month_of, stand
from models.accounts import HealthState, RunKind, SourceHealth
from models.store import Store

__all__ = ["follow_up", "judge_sources", "worth_telling"]

Log = logging.Logger | logging.LoggerAdapter[Any]


def judge_sources(
    session: Session, wish: Wish, register: Register, lines: Sequence[SourceLine]
) -> tuple[HealthLine, ...]:
    """Write down how the sources of this run stand; answer all of them for the report, worst first.

    Only a run that takes all that is due says something of its sources; others answer nothing.
    """
    if wish.dry_run or not session.order.whole or wish.kind not in (RunKind.NIGHTLY, RunKind.INGEST):
        return ()
    store, ran = session.tools.store, {line.slug for line in lines}
    histories = {slug: store.source_history(slug, HISTORY_NIGHTS) for slug in register.sources}
    judged = [
        stand(source.slug, enabled=source.enabled, lines=histories[source.slug])
        for source in register.sources.values()
        if source.slug in ran or not source.enabled
    ]
    store.note_health([one for one in judged if one], session.order.now)
    today = session.started.astimezone(CHINA).date()
    return tuple(
        HealthLine(register.sources[one.source].name, one, month_of(history, today), coverage_of(history))
        for one in store.health()
        if (history := histories.get(one.source)) is not None
    )


async def follow_up(settings: Settings, wish: Wish, register: Register, log: Log) -> None:
    """After the run is closed. Whatever goes wrong here is said in the log of the run and changes nothing of it."""
    if wish.dry_run or wish.kind not in (RunKind.NIGHTLY, RunKind.INGEST):
        return
    names = {source.slug: source.name for source in register.sources.values()}
    for step in (tell_changes, publish_digest):
        try:
            await step(settings, wish, names, log)
        except Exception:
            log.exception("%s：没有完成；采集结果不受影响 / not done, the run itself is not affected", step.__doc__)


async def tell_changes(settings: Settings, wish: Wish, names: Mapping[str, str], log: Log) -> None:
    """通知来源状态变化"""
    if not settings.notify:
        return
    with Store.open(settings.database) as store:
        changed = [one for one in store.health() if worth_telling(one)]
        if not changed:
            return
        deliveries = await deliver(settings.notify, message_about(changed, names))
        for failure in tell_failures(deliveries):
            log.warning("%s", failure)
        if any(one.good for one in deliveries):
            # Not before it was told: a message that nobody got is sent again after the next run.
            await asyncio.to_thread(store.mark_told, {one.source: one.state for one in changed})
            log.info("已通知 %d 个来源的状态变化", len(changed))


def worth_telling(health: SourceHealth) -> bool:
    """Whether people were last told something else: it went wrong, in another way, or is well again."""
    return _concern(health.state) is not _concern(health.told or HealthState.OK)


def _concern(state: HealthState) -> HealthState:
    return state if state.needs_attention else HealthState.OK


def message_about(changed: Sequence[SourceHealth], names: Mapping[str, str]) -> Message:
    bad = [one for one in changed if one.state.needs_attention]
    well = len(changed) - len(bad)
    title = "、".join([f"{len(bad)} 个来源需要处理"] * bool(bad) + [f"{well} 个恢复"] * bool(well))
    lines = [
        f"{MARKS[one.state]} {names.get(one.source, one.source)}："
        + (f"{HEALTH_NAMES[one.state]}，{one.reason}" if one.state.needs_attention else "已恢复")
        + (f"（自 {one.since.astimezone(CHINA):%m-%d}）" if one.since and one.state.needs_attention else "")
        for one in changed
    ]
    return Message(f"党建采集：{title}", "\n".join(lines))


async def publish_digest(settings: Settings, wish: Wish, names: Mapping[str, str], log: Log) -> None:
    """党建早报"""
    from prefect.artifacts import acreate_markdown_artifact

    from flows.digest.publish import message_of, print_digest
    from flows.digest.render import title_of

    if wish.kind is not RunKind.NIGHTLY:
        return
    printed = await asyncio.to_thread(print_digest, settings, datetime.now(UTC), names=names)
    await acreate_markdown_artifact(printed.markdown, key="digest", description=title_of(printed.edition))
    log.info("早报 / digest: %s", printed.files[0])
    for failure in tell_failures(await deliver(settings.digest_to, message_of(printed, settings))):
        log.warning("%s", failure)
