"""Ingest the hostile site in a process of its own, so that its memory can be measured: PORT FOLDER RESULT."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from connectors.declaration import Source
from connectors.http import open_fetcher
from connectors.settings import FetchSettings
from flows.ingest import Order, Tools, discover_source, in_batches, work_batch
from flows.workshop import Workshop
from models.accounts import RunKind
from models.store import Store
from tests.connectors.asking import source_of

HOSTS = ("site-a.test", "site-b.test")  # four connections each: eight
WORKERS = 2
# As the fetch layer's own test of these cases: 2.5 seconds and 5 MB for a page.
FILE = """\
name: 恶意网站
verified: own-page
relevance: 0
discover: {{kind: list, urls: ['http://{host}:{port}/list/{host}'], item: li, pages: {{style: none}}}}
pace: {{delay: 0, connections: 4}}
limits: {{deadline: 2.5, body_mb: 5}}
"""


async def resolve_names(host: str, port: int) -> Sequence[str]:
    """Answers for names of the test; asks nobody."""
    names = {"intranet.test": "10.1.2.3", "localhost": "127.0.0.1"} | dict.fromkeys(HOSTS, "127.0.0.1")
    if host in names or host[:1].isdigit() or ":" in host:
        return [names.get(host, host)]
    raise OSError("Name or service not known")


async def ingest(port: str, folder: Path) -> dict[str, str]:
    now = datetime.now(UTC)
    sources = [source_of(FILE.format(host=host, port=port), slug=host.partition(".")[0]) for host in HOSTS]
    settings = FetchSettings(loopback_hosts=HOSTS, backoff_seconds=0.01, retries=1)
    with Store.open(f"sqlite:///{folder}/hostile.db", migrate=True) as store, Workshop(WORKERS) as workshop:
        order = Order(store.begin_run(RunKind.INGEST, now=now), now)
        async with open_fetcher(settings, resolver=resolve_names) as fetcher:
            tools = Tools(store, fetcher, workshop)
            await asyncio.gather(*[work_on(tools, order, source) for source in sources])
        failed = {one.candidate.url: one.kind for one in store.failed_urls(limit=10_000)}
        held = {one.url: "quarantined" for one in store.quarantined(limit=10_000)}
        return failed | held | {one.url: "stored" for one in store.recent_articles(limit=10_000)}


async def work_on(tools: Tools, order: Order, source: Source) -> None:
    found = await discover_source(tools, order, source)
    for batch in in_batches(found.work, 50):
        await work_batch(tools, order, source, batch)


if __name__ == "__main__":
    port, folder, result = sys.argv[1:]
    Path(result).write_text(json.dumps(asyncio.run(ingest(port, Path(folder)))), "utf8")
