"""Single pages, named one by one: in a source file, on the command line, or from the Prefect UI."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.article_page import ArticlePageConnector
from connectors.declaration import PageRules, Source
from connectors.protocol import Discovery, Fetcher, Known, Validators, Window
from connectors.urls import article_key
from models.records import Candidate

__all__ = ["SinglePageConnector"]


class SinglePageConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """The declared addresses that are not known; a backfill names the known ones again."""
        rules = source.discover
        assert isinstance(rules, PageRules)
        named = {article_key(url, source.hosts.alias): url for url in rules.urls}
        have = set() if window.backfill else await known(list(named))
        fresh = [Candidate(source.slug, url, key) for key, url in named.items() if key not in have]
        return Discovery(candidates=tuple(fresh[: window.limit]), seen=tuple(have))
