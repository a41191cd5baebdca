"""HTML list pages."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.declaration import Source
from connectors.protocol import Discovery, Fetcher, Known, Validators, Window
from models.records import Candidate, RawPage


class HtmlListConnector:
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        raise NotImplementedError

    async def fetch(
        self, candidate: Candidate, source: Source, fetcher: Fetcher, validators: Validators | None = None
    ) -> RawPage | None:
        raise NotImplementedError
