"""The flow `digest`: the morning digest again, or of other days, from the Prefect UI."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.carry_out import title_of_run
from flows.digest.publish import message_of, print_digest
from flows.digest.render import summarise, title_of
from flows.notify import deliver, tell_failures
from flows.report import CHINA
from flows.settings import load_settings

__all__ = ["digest"]


@flow(name="digest", flow_run_name=title_of_run, persist_result=False)
async def digest(since: date | None = None, until: date | None = None, send: bool = False) -> State[Any]:
    """党建早报：先说哪些来源有问题，再列新报道，写成网页和 Markdown 文件。

    Args:
        since: 从这一天零时起（不填则从上一份早报以后）
        until: 到这一天为止，含当天（不填则到现在）
        send: 同时发送给设置中的接收人（DANGJIAN_DIGEST_TO）
    """
    settings = load_settings()
    start, end = midnight(since), midnight(until + timedelta(days=1) if until else None)
    now = datetime.now(UTC)
    if start and start >= (end or now):
        return Failed(message=f"开始日期 {since} 不在结束以前 / since is not before until")
    printed = await asyncio.to_thread(print_digest, settings, now, since=start, until=min(end, now) if end else None)
    said = summarise(printed.edition)
    await acreate_markdown_artifact(printed.markdown, key="digest", description=title_of(printed.edition))
    log = get_run_logger()
    log.info("%s\n%s", said, "\n".join(map(str, printed.files)))
    if send:
        failures = tell_failures(await deliver(settings.digest_to, message_of(printed, settings)))
        if failures or not settings.digest_to:
            return Failed(message="；".join(failures) or "没有设置接收人 / DANGJIAN_DIGEST_TO is not set")
    return Completed(message=said)


def midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), CHINA) if day else None
