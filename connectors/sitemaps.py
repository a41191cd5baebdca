"""Sitemaps, news sitemaps and their indexes, also gzipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from lxml import etree

from connectors.article_page import ArticlePageConnector
from connectors.declaration import SitemapRules, Source
from connectors.inflate import GZIP_MAGIC, EncodingError, TooLargeError, inflate
from connectors.list_dates import CHINA, read_day
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, ListState, Request, Stop, Validators, Window
from connectors.urls import host_of, resolve_link
from connectors.walk import ELSEWHERE, Course, Entry, Leaf, ListError, explain_foreign, merge, walk

__all__ = ["SitemapConnector", "read_sitemap"]

LARGEST_MAP = 50_000_000  # bytes, decompressed: the bound of sitemaps.org
MOST_ADDRESSES = 50_000  # likewise
MOST_MAPS = 50  # of one index in one night, newest first


class SitemapConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover. Maps of an index are read newest first, each once; an index within an index too.

        A map that was read to its end is left alone until its index says that it changed; one whose index does not
        say when is asked for every night, on condition.
        """
        rules = source.discover
        assert isinstance(rules, SitemapRules)
        round_ = _Round(source, rules, window, memory, list(rules.urls))
        while round_.waiting and len(round_.asked) < MOST_MAPS:
            url = round_.waiting.pop(0)
            if url not in round_.asked:
                round_.asked.add(url)
                reader = _MapReader(round_)
                course = Course(Request(url, Expect.XML), sparse=True)
                round_.note(url, await walk(source, fetcher, known, window, memory, course, reader.read), reader.maps)
        return round_.sum_up()


@dataclass(frozen=True, slots=True)
class _Map:
    """A map as an index names it."""

    url: str
    changed: str  # as printed; empty if the index does not say


@dataclass(slots=True)
class _Round:
    """The maps of one source in one run."""

    source: Source
    rules: SitemapRules
    window: Window
    memory: Mapping[str, Validators]
    waiting: list[str]
    asked: set[str] = field(default_factory=set)
    parts: list[Discovery] = field(default_factory=list)
    indexes: dict[str, Validators] = field(default_factory=dict)  # that need not be read again until they change
    dated: set[str] = field(default_factory=set)  # maps whose index says when they changed
    idle: int = 0  # dated maps in a row that brought nothing new

    def note(self, url: str, part: Discovery, maps: Sequence[_Map]) -> None:
        if not maps:
            self.parts.append(_told_if_empty(part) if url in self.rules.urls else part)
            self._stop_at_known(url, part)
            return
        # An index names no articles by itself: that is no sign of trouble.
        self.parts.append(Discovery(left_out=part.left_out))
        fresh = [one for one in maps if not self._is_read(one)]
        self.waiting += [one.url for one in fresh]
        self.dated |= {one.url for one in maps if one.changed}
        if all(one.changed for one in maps):
            # While it stays as it is, its newest map is what lies within the overlap.
            self.indexes |= {url: replace(kept, onward=maps[0].url) for url, kept in part.validators.items()}

    def _is_read(self, one: _Map) -> bool:
        """Whether the map was read to its end after the day on which it last changed: two days, for clocks differ."""
        before = self.memory.get(one.url)
        changed = read_day(one.changed, self.window.now)
        if before is None or before.read_at is None or changed is None or self.window.backfill or self.window.since:
            return False
        return changed + timedelta(days=2) <= before.read_at.astimezone(CHINA).date()

    def _stop_at_known(self, url: str, part: Discovery) -> None:
        """Maps come newest first where the index dates them: behind some that hold only what is known, so do all."""
        if url in self.dated:
            said = bool(part.seen) or Stop.UNCHANGED in part.stopped
            self.idle = 0 if part.candidates else self.idle + said
        enough = self.idle > self.source.limits.overlap and not self.window.backfill
        if enough:
            self.waiting = [one for one in self.waiting if one not in self.dated]
        if Stop.LIMIT in part.stopped:
            self.waiting, self.indexes = [], {}

    def sum_up(self) -> Discovery:
        """An index is remembered only if nothing that it named is left to read."""
        if self.waiting or any(part.failed for part in self.parts):
            self.indexes = {}
        return merge([*self.parts, Discovery(validators=self.indexes)])


def _told_if_empty(part: Discovery) -> Discovery:
    """Among the maps of an index some hold no articles; one that the source file names has to."""
    if any(read.items or read.state is not ListState.READ for read in part.reads):
        return part
    return replace(part, reads=tuple(replace(read, state=ListState.EMPTY) for read in part.reads), validators={})


class _MapReader:
    def __init__(self, round_: _Round) -> None:
        self._source = round_.source
        self._rules = round_.rules
        self._window = round_.window
        self.maps: list[_Map] = []

    def read(self, answer: Answer, number: int) -> Leaf:
        entries, maps = read_sitemap(answer.body, answer.final_url)
        self.maps = [_Map(url, changed) for url, changed in _newest_first(maps) if self._is_wanted(url, changed)]
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
    reason = explain_foreign(f"http://{host_of(url)}/map", source)
    return reason if reason == ELSEWHERE else None


def _newest_first(maps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(maps, key=lambda entry: entry[1], reverse=True)


def read_sitemap(body: bytes, base: str) -> tuple[list[Entry], list[tuple[str, str]]]:
    """Articles, and further maps with the day they changed. Raises ListError for what is no sitemap."""
    if body.startswith(GZIP_MAGIC):
        try:
            body = inflate(body, LARGEST_MAP)
        except (EncodingError, TooLargeError) as error:
            raise ListError(f"expected a gzipped sitemap: {error}") from error
    if addresses := _plain_list(body):
        return [Entry(url) for url in addresses[:MOST_ADDRESSES]], []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(body.lstrip(), parser) if body.strip() else None
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise ListError("expected a sitemap: urlset or sitemapindex")
    maps = [(url, _child(node, "lastmod") or "") for node, url in _located(root, "sitemap", base)]
    entries = [_entry(node, url) for node, url in _located(root, "url", base)]
    return entries[:MOST_ADDRESSES], maps


def _plain_list(body: bytes) -> list[str]:
    """A sitemap may be a text of addresses, one a line."""
    if body.lstrip(b"\xef\xbb\xbf")[:4] != b"http":
        return []
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    return lines if all(re.fullmatch(r"https?://\S+", line) for line in lines) else []


def _located(root: Any, name: str, base: str) -> Iterator[tuple[Any, str]]:
    for node in root.iterchildren(f"{{*}}{name}"):
        url = resolve_link(base, _child(node, "loc") or "")
        if url is not None:
            yield node, url


def _entry(node: Any, url: str) -> Entry:
    """A news sitemap gives title and date of publication; lastmod is only when the file changed."""
    changed = _child(node, "lastmod")
    return Entry(url, _below(node, "title"), _below(node, "publication_date") or changed, changed=changed)


def _child(node: Any, name: str) -> str | None:
    found = node.find(f"{{*}}{name}")
    return (found.text or "").strip() or None if found is not None else None


def _below(node: Any, name: str) -> str | None:
    found = next(node.iter(f"{{*}}{name}"), None)
    return " ".join((found.text or "").split()) or None if found is not None else None
