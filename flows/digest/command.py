"""`dangjian digest`: print the morning digest without a Prefect run."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.markup import escape

from flows.choices import read_register
from flows.digest.publish import message_of, print_digest
from flows.digest.render import summarise
from flows.notify import deliver, tell_failures
from flows.report import CHINA
from flows.settings import load_settings
from models.store import Store

__all__ = ["make_digest"]


def make_digest(*, since: datetime | None, until: datetime | None, send: bool) -> int:
    """Exit status 1 if it could not be sent, 2 for a span that ends before it begins."""
    settings, console = load_settings(), Console(soft_wrap=True, highlight=False)
    now = datetime.now(UTC)
    start = since.replace(tzinfo=CHINA) if since else None
    end = min(until.replace(tzinfo=CHINA) + timedelta(days=1), now) if until else None
    if start and start >= (end or now):
        console.print("[red]开始日期不在结束以前 / --since is not before --until[/]")
        return 2
    Store.open(settings.database, migrate=True).close()
    names = {source.slug: source.name for source in read_register(settings).sources.values()}
    printed = print_digest(settings, now, since=start, until=end, names=names)
    console.print(escape(summarise(printed.edition)))
    for path in printed.files:
        console.print(str(path))
    if not send:
        return 0
    failures = tell_failures(asyncio.run(deliver(settings.digest_to, message_of(printed, settings))))
    for failure in failures or ([] if settings.digest_to else ["没有设置接收人 / DANGJIAN_DIGEST_TO is not set"]):
        console.print(f"[red]{escape(failure)}[/]")
    return 1 if failures or not settings.digest_to else 0
