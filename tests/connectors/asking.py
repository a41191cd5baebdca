"""Short ways to ask in tests: a source from YAML text, an empty memory, a database that knows some keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from connectors.declaration import Source
from connectors.http import HttpFetcher
from connectors.kinds import connector_for
from connectors.protocol import Discovery, Known, Validators, Window

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def source_of(text: str, slug: str = "county", **more: Any) -> Source:
    return Source.model_validate({"slug": slug, **yaml.safe_load(text), **more})


LAST_NIGHT = NOW - timedelta(days=1)


class ReadLastNight(dict[str, Validators]):
    """The memory of lists that were all read to their end last night, by servers that send no validators."""

    def __missing__(self, name: str) -> Validators:
        return Validators(read_at=LAST_NIGHT)

    def get(self, name: str, default: object = None) -> Validators:
        return self[name]


def knows(keys: Iterable[str] = ()) -> Known:
    """A database that has had these keys since last night."""
    have = set(keys)

    async def known(asked: Sequence[str]) -> dict[str, datetime]:
        return dict.fromkeys(have & set(asked), LAST_NIGHT)

    return known


async def discover(
    source: Source,
    fetcher: HttpFetcher,
    *,
    have: Iterable[str] = (),
    memory: dict[str, Validators] | None = None,
    **window: Any,
) -> Discovery:
    if memory is None:
        memory = ReadLastNight() if have else {}
    return await connector_for(source).discover(source, fetcher, knows(have), Window(NOW, **window), memory)
