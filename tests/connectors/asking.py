"""Short ways to ask in tests: a source from YAML text, an empty memory, a database that knows some keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import yaml

from connectors.declaration import Source
from connectors.http import HttpFetcher
from connectors.kinds import connector_for
from connectors.protocol import Discovery, Validators, Window

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def source_of(text: str, slug: str = "county", **more: Any) -> Source:
    return Source.model_validate({"slug": slug, **yaml.safe_load(text), **more})


def knows(keys: Iterable[str] = ()) -> Callable[[Sequence[str]], Awaitable[set[str]]]:
    """A database that has these keys."""
    have = set(keys)

    async def known(asked: Sequence[str]) -> set[str]:
        return have & set(asked)

    return known


async def discover(
    source: Source,
    fetcher: HttpFetcher,
    *,
    have: Iterable[str] = (),
    memory: dict[str, Validators] | None = None,
    **window: Any,
) -> Discovery:
    return await connector_for(source).discover(
        source, fetcher, knows(have), Window(NOW, **window), memory if memory is not None else {}
    )
