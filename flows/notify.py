"""Tell people: a message to every address that the settings name. A failure here fails no run.

An address is one of Apprise (``mailto://…``, ``wecombot://…``, ``json://…``) or names a notification block that
somebody set up in the Prefect UI: ``prefect://slack-webhook/team``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from inspect import isawaitable
from io import StringIO
from typing import Any

import apprise
from pydantic import SecretStr

__all__ = ["Delivery", "Message", "cut", "deliver", "tell_failures"]

# WeCom takes 2,048 bytes of text and answers 200 to a longer one that it then drops; all others take more.
MOST_BYTES = 1900
MOST_DETAIL = 200
BLOCK = "prefect://"


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` is plain, for chats; ``html`` is a whole page, for mail."""

    title: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """``target`` names the kind of an address only: the rest of it may be a password."""

    target: str
    good: bool
    detail: str = ""


async def deliver(addresses: Iterable[SecretStr], message: Message) -> tuple[Delivery, ...]:
    """Send to every address, each on its own; one after the other, as what Apprise logs could not be told apart."""
    deliveries = []
    for address in addresses:
        block = address.get_secret_value().removeprefix(BLOCK)
        if block != address.get_secret_value():
            deliveries.append(await send_by_block(block, message))
        else:
            deliveries.append(await asyncio.to_thread(send, address, message))
    return tuple(deliveries)


def send(address: SecretStr, message: Message) -> Delivery:
    """One apprise address. Apprise answers only yes or no; what it logs meanwhile says why."""
    scheme, colon, _ = address.get_secret_value().partition("://")
    target = scheme.lower() if colon else "?"
    receiver = apprise.Apprise.instantiate(address.get_secret_value(), suppress_exceptions=True)
    if receiver is None:
        return Delivery(target, False, "地址无效 / not an apprise address; see docs/morning.md")
    by_mail = bool(message.html) and receiver.notify_format == apprise.NotifyFormat.HTML
    body, kind = (message.html, "html") if by_mail else (cut(message.text), "text")
    outlet = apprise.Apprise()
    outlet.add(receiver)
    with capture_log() as log:
        good = bool(outlet.notify(body=body, title=message.title, body_format=kind))
        said = log.getvalue().strip()
    return Delivery(
        target, good, "" if good else f"未送达 / not delivered {said.splitlines()[0][:MOST_DETAIL] if said else ''}"
    )


def capture_log() -> AbstractContextManager[StringIO]:
    captured: AbstractContextManager[StringIO] = apprise.LogCapture(level=logging.WARNING, fmt="%(message)s")  # type: ignore[no-untyped-call]
    return captured


async def send_by_block(name: str, message: Message) -> Delivery:
    """One notification block that somebody set up in the Prefect UI."""
    from prefect.blocks.abstract import NotificationBlock
    from prefect.blocks.core import Block

    try:
        block: Any = await Block.aload(name)
        if not isinstance(block, NotificationBlock):
            return Delivery(name, False, "不是通知 block / not a notification block")
        with block.raise_on_failure():
            said: Any = block.notify(cut(message.text), message.title)
            if isawaitable(said):
                await said
    except Exception as error:  # blocks are of many makers, and none of them may fail a run
        return Delivery(name, False, f"{type(error).__name__}: {error}"[:MOST_DETAIL])
    return Delivery(name, True)


def cut(text: str, most: int = MOST_BYTES) -> str:
    """As many whole lines as fit into ``most`` bytes of UTF-8, and how many were left out."""
    lines = text.splitlines()
    if len(text.encode("utf-8", "replace")) <= most:
        return text
    room = most - len("\n……另有 999 行".encode())
    kept: list[str] = []
    for line in lines:
        room -= len(line.encode("utf-8", "replace")) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, f"……另有 {len(lines) - len(kept)} 行"])


def tell_failures(deliveries: Sequence[Delivery]) -> list[str]:
    return [f"通知未送达（{one.target}）：{one.detail}" for one in deliveries if not one.good]
