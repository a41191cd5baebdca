"""RSS, Atom and RDF feeds, also broken ones, in GBK, or served as text/html; and RSSHub, which writes feeds."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.article_page import ArticlePageConnector
from connectors.declaration import FeedRules, RsshubRules, Source
from connectors.decoding import decode_text
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk
from models.records import Origin

__all__ = ["FeedConnector", "RsshubConnector", "read_feed"]

LARGEST_FEED = 5_000_000  # bytes; feedparser needs a minute for 100,000 items
MOST_ITEMS = 2000
_ENTITIES = re.compile(r"<!DOCTYPE[^\[<>]*+(\[[^\]]*+\])?[^>]*+>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<[^<>]*>")
LONGEST_SUMMARY = 500  # characters; a hint, not the article


class FeedConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover."""
        rules = source.discover
        assert isinstance(rules, FeedRules)
        return merge([await _walk_feed(url, source, fetcher, known, window, memory) for url in rules.urls])


class RsshubConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """Every route from the first instance that answers; the failures of the others are kept as well."""
        rules = source.discover
        assert isinstance(rules, RsshubRules)
        parts = []
        for route in rules.routes:
            for instance in rules.instances:
                url = _route_address(instance, route)
                part = await _walk_feed(url, source, fetcher, known, window, memory)
                parts.append(part)
                if not part.failed:
                    break
        return merge(parts)


def _route_address(instance: str, route: str) -> str:
    return f"{instance.rstrip('/')}/{route.lstrip('/')}"


async def _walk_feed(
    url: str, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
) -> Discovery:
    course = Course(Request(url, Expect.XML), origin=Origin.FEED)
    return await walk(source, fetcher, known, window, memory, course, _read)


def _read(answer: Answer, number: int) -> Leaf:
    if len(answer.body) > LARGEST_FEED:
        raise ListError(f"expected a feed of at most {LARGEST_FEED} bytes, found {len(answer.body)}")
    return Leaf(tuple(read_feed(answer.body, answer.headers.get("content-type", ""), answer.final_url)))


def read_feed(body: bytes, content_type: str, base: str) -> Iterator[Entry]:
    """Entries of a feed; ListError if it is none. Dates stay as printed: feedparser misreads Chinese ones."""
    import feedparser

    text = decode_text(body, content_type)
    # Decoded already, and without a document type no entity can be defined: neither bombs nor foreign files.
    text = _DECLARATION.sub("", _cut(_drop_doctype(text)), count=1)
    stream = io.BytesIO(text.encode())  # given bytes, feedparser would also try them as the name of a file
    feed = feedparser.parse(stream, response_headers={"content-type": "application/xml; charset=utf-8"})
    if not feed.entries:
        _explain_no_feed(text, feed)
    for item in feed.entries[:MOST_ITEMS]:
        url = resolve_link(base, _link(item))
        if url is not None:
            yield _entry(item, url)


def _drop_doctype(text: str) -> str:
    """The text without its document type. Looked for once: a text may open a million of them and close none."""
    start = _DOCTYPE.search(text)
    if start is None:
        return text
    found = _ENTITIES.match(text, start.start())
    return text[: start.start()] + (text[found.end() :] if found else "")


def _cut(text: str) -> str:
    """The text up to its last item that is read: what follows is cut before it costs a minute."""
    last = next(itertools.islice(_ITEM.finditer(text), MOST_ITEMS, None), None)
    return text[: last.start()] if last else text


def _explain_no_feed(text: str, feed: Any) -> None:
    if feed.get("version"):
        return  # a feed without items
    if "RSSHub" in text and re.search(r"(?i)error|looks like something went wrong", text):
        found = re.search(r"(?is)error message[^<]*(?:<[^>]*>\s*)*([^<]{3,300})", text)
        raise ListError(f"expected a feed; RSSHub reports: {found[1].strip() if found else 'an error'}")
    start = " ".join(_TAG.sub(" ", text[:2000]).split())[:120]
    raise ListError(f"expected RSS, Atom or RDF, found {start!r}")


def _link(item: Any) -> str:
    """The article's address: the link, else <url> as XML of a site's own has it, else an id that is one."""
    # Without a link the library makes one of the id, whatever it is.
    link = str((item.get("link") if item.get("links") else item.get("url")) or "")
    identity = str(item.get("id") or "")
    return link or (identity if identity.startswith(("http://", "https://")) else "")


def _entry(item: Any, url: str) -> Entry:
    summary = " ".join(_TAG.sub(" ", str(item.get("summary") or "")).split())
    source = item.get("source")
    return Entry(
        url,
        title=" ".join(_TAG.sub("", str(item.get("title") or "")).split()) or None,
        published=str(item.get("published") or item.get("updated") or "") or None,
        medium=str(source.get("title") or "") or None if isinstance(source, dict) else None,
        author=str(item.get("author") or "") or None,
        summary=summary[:LONGEST_SUMMARY] or None,
        changed=str(dict.get(item, "updated") or "") or None,  # its own get() answers with another field
    )
