"""`dangjian notify`: try the addresses of the settings, and say of each whether the message left."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.markup import escape

from flows.notify import Message, deliver
from flows.settings import load_settings

__all__ = ["send_test"]


def send_test(text: str) -> int:
    """Exit status 0 if every address took the message."""
    settings = load_settings()
    addresses = dict.fromkeys([*settings.notify, *settings.digest_to])
    console = Console()
    if not addresses:
        console.print("没有设置通知地址 / no address is set: DANGJIAN_NOTIFY, DANGJIAN_DIGEST_TO（见 docs/morning.md）")
        return 1
    deliveries = asyncio.run(deliver(addresses, Message("党建采集", text)))
    for number, one in enumerate(deliveries, 1):
        said = "[green]已送出 / sent[/]" if one.good else f"[red]失败 / failed[/]  {escape(one.detail)}"
        console.print(f"{number}. {escape(one.target)}  {said}")
    return 0 if all(one.good for one in deliveries) else 1
