"""The automation that marks a run as crashed when its process was killed: without it it would run for ever."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

__all__ = ["CRASH_AUTOMATION", "install_crash_automation"]

CRASH_AUTOMATION = "标记中断的运行"
# Three heartbeats of 30 s may be missed, as on a machine that swaps.
SILENCE = timedelta(seconds=120)


def crash_automation() -> Automation:
    return Automation(
        name=CRASH_AUTOMATION,
        description="进程被终止的运行不再有心跳，两分钟后标记为 Crashed。",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat",
                "prefect.flow-run.Completed",
                "prefect.flow-run.Failed",
                "prefect.flow-run.Cancelled",
                "prefect.flow-run.Crashed",
                "prefect.flow-run.完成但有问题",
            },
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, name=None, force=False, message="进程已中断（没有心跳）")],
    )


async def install_crash_automation() -> None:
    """Create or renew the automation. Doing it again changes nothing."""
    with suppress(ValueError, ObjectNotFound):
        await (await Automation.aread(name=CRASH_AUTOMATION)).adelete()
    await crash_automation().acreate()
