"""The one door to the network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.protocol import Fetcher
from connectors.settings import FetchSettings

__all__ = ["open_fetcher"]


@asynccontextmanager
async def open_fetcher(settings: FetchSettings | None = None) -> AsyncIterator[Fetcher]:
    """A fetcher for one run, in one event loop; closes its connections at the end."""
    raise NotImplementedError
    yield
