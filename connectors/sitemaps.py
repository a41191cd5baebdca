"""Sitemaps, news sitemaps and their indexes, also gzipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from connectors.article_page import ArticlePageConnector
from connectors.declaration import SitemapRules, Source
from connectors.inflate import GZIP_MAGIC, EncodingError, TooLargeError, inflate
from connectors.list_dates import read_day
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Stop, Validators, Window
from connectors.urls import host_of, resolve_link
from connectors.walk import Entry, Leaf, ListError, explain_foreign, merge, walk
from models.records import Origin

__all__ = ["SitemapConnector", "read_sitemap"]

LARGEST_MAP = 50_000_000  # bytes, decompressed: the bound of sitemaps.org
MOST_ADDRESSES = 50_000  # likewise
MOST_MAPS = 50  # of one index in one night, newest first


class SitemapConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover. Maps of an index are read newest first, each once; an index within an index too."""
        rules = source.discover
        assert isinstance(rules, SitemapRules)
        waiting = list(rules.urls)
        parts: list[Discovery] = []
        idle = 0  # maps in a row that brought nothing new
        asked: set[str] = set()
        while waiting and len(asked) < MOST_MAPS:
            url = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            reader = _MapReader(source, rules, window)
            request = Request(url, Expect.XML)
            part = await walk(source, fetcher, known, window, memory, request, reader.read, origin=Origin.LIST)
            parts.append(_without_index(part) if reader.maps else part)
            waiting.extend(reader.maps)
            idle = 0 if part.candidates or reader.maps or part.failed else idle + 1
            enough = idle > source.limits.overlap and len(asked) > len(rules.urls) and not window.backfill
            if Stop.LIMIT in part.stopped or enough:
                break
        return merge(parts)


def _without_index(part: Discovery) -> Discovery:
    """An index names no articles by itself: that is no sign of trouble, and it is asked for again every night."""
    return Discovery(left_out=part.left_out)


class _MapReader:
    def __init__(self, source: Source, rules: SitemapRules, window: Window) -> None:
        self._source = source
        self._rules = rules
        self._window = window
        self.maps: list[str] = []

    def read(self, answer: Answer, number: int) -> Leaf:
        entries, maps = read_sitemap(answer.body, answer.final_url)
        self.maps = [url for url, changed in _newest_first(maps) if self._is_wanted(url, changed)]
        # Newest first: a map grows at either end, and the limit must not cut the new ones.
        return Leaf(tuple(sorted(entries, key=lambda entry: entry.published or "", reverse=True)))

    def _is_wanted(self, url: str, changed: str) -> bool:
        if explain_foreign_map(url, self._source) or not self._matches(url):
            return False
        day = read_day(changed, self._window.now)
        return not (self._window.since and day and day < self._window.since)

    def _matches(self, url: str) -> bool:
        return not self._rules.maps or any(re.search(pattern, url) for pattern in self._rules.maps)


def explain_foreign_map(url: str, source: Source) -> str | None:
    """A map may stand on any host of the source; what it names is judged later."""
    reason = explain_foreign(f"http://{host_of(url)}/", source)
    return reason if reason == "another host" else None


def _newest_first(maps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(maps, key=lambda entry: entry[1], reverse=True)


def read_sitemap(body: bytes, base: str) -> tuple[list[Entry], list[tuple[str, str]]]:
    """Articles, and further maps with the day they changed. Raises ListError for what is no sitemap."""
    if body.startswith(GZIP_MAGIC):
        try:
            body = inflate(body, LARGEST_MAP)
        except (EncodingError, TooLargeError) as error:
            raise ListError(f"expected a gzipped sitemap: {error}") from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(body.lstrip(), parser) if body.strip() else None
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise ListError("expected a sitemap: urlset or sitemapindex")
    maps = [(url, _child(node, "lastmod") or "") for node, url in _located(root, "sitemap", base)]
    entries = [_entry(node, url) for node, url in _located(root, "url", base)]
    return entries[:MOST_ADDRESSES], maps


def _located(root: Any, name: str, base: str) -> Iterator[tuple[Any, str]]:
    for node in root.iterchildren(f"{{*}}{name}"):
        url = resolve_link(base, _child(node, "loc") or "")
        if url is not None:
            yield node, url


def _entry(node: Any, url: str) -> Entry:
    """A news sitemap gives title and date of publication; lastmod is only when the file changed."""
    return Entry(url, _below(node, "title"), _below(node, "publication_date") or _child(node, "lastmod"))


def _child(node: Any, name: str) -> str | None:
    found = node.find(f"{{*}}{name}")
    return (found.text or "").strip() or None if found is not None else None


def _below(node: Any, name: str) -> str | None:
    found = next(node.iter(f"{{*}}{name}"), None)
    return " ".join((found.text or "").split()) or None if found is not None else None
