"""Look at a column page nobody has described yet and propose a source file for it.

An answer may be a feed, a sitemap, data of an interface, an issue of a newspaper or a page; on a page the list stands
in the tree, in comments, in records, in a script, in a frame or behind an interface. The best articles are proposed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import yaml
from parsel import Selector

from connectors.declaration import JpageRules, Source, Verified
from connectors.decoding import decode_text
from connectors.failures import FetchError
from connectors.feeds import read_feed
from connectors.html_list import base_address, parse_page
from connectors.jpage import find_proxy, first_window, read_records
from connectors.next_pages import find_more_button, find_refresh, next_by_link, next_by_script, refresh_target
from connectors.probe_data import find_interface, find_script_arrays, number_pages
from connectors.probe_interfaces import ask_for_more, ask_interfaces
from connectors.probe_papers import find_issue
from connectors.probe_tree import Proposal, distinct, find_in_tree, rate, site_of
from connectors.protocol import Answer, Expect, Fetcher, Request
from connectors.register import single_page
from connectors.sitemaps import read_sitemap
from connectors.urls import host_of, resolve_link
from connectors.walk import Entry, ListError, explain_foreign

__all__ = ["Probe", "find_list", "probe", "proposed_source", "write_source_file"]

MOST_FEEDS = 3
MOST_FRAMES = 4  # of a page: banner, menu, content and footer
SURE = 5  # articles of a page that its interface must give as well
SHARE_ELSEWHERE = 0.2  # of the articles: a host that has so many belongs to the source
MOST_HOPS = 2  # frames and refreshing pages, one within the other
NOTHING_FOUND = "没有找到文章列表，请手工填写 item 与 accept"
_FEED_LINKS = "link[rel~=alternate][type*=rss], link[rel~=alternate][type*=atom], a[href*='rss'], a[href$='.xml']"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a page offers: the settings under ``discover``, the entries they give, and feeds found beside."""

    url: str
    title: str
    discover: dict[str, Any]
    entries: tuple[Entry, ...] = ()
    feeds: tuple[str, ...] = ()
    trouble: str = ""  # Chinese, if nothing was found


async def probe(url: str, fetcher: Fetcher) -> Probe:
    """Ask for the page, and for what it leads to. Raises FetchError if the page itself cannot be had."""
    source = single_page(url)
    answer = await _ask(url, fetcher, source)
    found = await _probe_data(url, answer, fetcher, source) or await _probe_page(answer, fetcher, source, MOST_HOPS)
    feeds = tuple([feed for feed in found.feeds[:MOST_FEEDS] if await _is_feed(feed, fetcher, source)])
    if not found.entries and feeds:
        return Probe(url, found.title, {"kind": "feed", "urls": [*feeds[:1]]}, (), feeds)
    return _as_its_file_reads(replace(found, url=url, feeds=feeds))


def _as_its_file_reads(found: Probe) -> Probe:
    """Without attachments, and links that lead to other sites."""
    if not found.entries:
        return found
    source = proposed_source(found, "probe")
    return replace(found, entries=tuple(one for one in found.entries if explain_foreign(one.url, source) is None))


async def _ask(url: str, fetcher: Fetcher, source: Source) -> Answer:
    """A page may turn out to be a feed: only data is taken as it comes."""
    return await fetcher.get(Request(url, Expect.XML), source)


async def _is_feed(url: str, fetcher: Fetcher, source: Source) -> bool:
    try:
        answer = await fetcher.get(Request(url, Expect.XML), source)
        return any(True for _ in read_feed(answer.body, answer.headers.get("content-type", ""), url))
    except (FetchError, ListError):
        return False


# -- data ------------------------------------------------------------------------------------------------------------


async def _probe_data(url: str, answer: Answer, fetcher: Fetcher, source: Source) -> Probe | None:
    """A feed, a sitemap or the answer of an interface; None if it is a page."""
    content_type = answer.headers.get("content-type", "")
    try:
        entries = tuple(read_feed(answer.body, content_type, answer.final_url))
        return Probe(url, "", {"kind": "feed", "urls": [url]}, entries, (url,))
    except ListError:
        pass
    try:
        return await _probe_sitemap(url, answer, fetcher, source)
    except ListError:
        pass
    text = decode_text(answer.body, content_type)
    if text.lstrip()[:1] == "<":
        return None
    proposals = [(rate(entries, host_of(url)), settings, entries) for settings, entries in find_interface(text, url)]
    score, settings, entries = max(proposals, key=lambda proposal: proposal[0], default=(0.0, {}, ()))
    if score <= 0:
        return None
    turned = await _turn_pages(url, entries, settings, fetcher, source)
    return Probe(url, "", turned, entries)


async def _probe_sitemap(url: str, answer: Answer, fetcher: Fetcher, source: Source) -> Probe:
    """Of an index, the articles of its newest map. Raises ListError."""
    entries, maps = read_sitemap(answer.body, answer.final_url)
    if maps and not entries:
        newest = max(maps, key=lambda one: one[1])[0]
        try:
            answer = await fetcher.get(Request(newest, Expect.XML), source)
        except FetchError as error:
            raise ListError(f"expected the map {newest}") from error
        entries, _ = read_sitemap(answer.body, answer.final_url)
    articles = tuple(entry for entry in entries if explain_foreign(entry.url, source) is None)
    return Probe(url, "", {"kind": "sitemap", "urls": [url]}, articles)


async def _turn_pages(
    url: str, entries: Sequence[Entry], settings: dict[str, Any], fetcher: Fetcher, source: Source
) -> dict[str, Any]:
    """The settings with {n} in the address, if the interface gives other articles for the next number."""
    known = {entry.url for entry in entries}
    for pattern, first in number_pages(url):
        try:
            answer = await fetcher.get(Request(pattern.replace("{n}", str(first + 1)), Expect.XML), source)
        except FetchError:
            continue
        text = decode_text(answer.body, answer.headers.get("content-type", ""))
        following = [entry.url for _, some in find_interface(text, url) for entry in some]
        if not following or set(following) - known:
            return {**settings, "urls": [pattern], **({"first": first} if first != 1 else {})}
    return settings


# -- pages -----------------------------------------------------------------------------------------------------------


async def _probe_page(answer: Answer, fetcher: Fetcher, source: Source, hops: int) -> Probe:
    """The list of a page, or of the best of its frames, or of the page that it sends the reader on to."""
    text = decode_text(answer.body, answer.headers.get("content-type", ""))
    found = find_list(text, answer.final_url)
    if found.discover["kind"] == "jpage":
        return await _probe_proxy(found, text, fetcher, source)
    if found.entries and any(entry.published for entry in found.entries):
        return await _probe_more(found, text, fetcher, source)
    # Without a date it may be a ranking beside a list that is loaded later.
    _, discover, entries = await ask_interfaces(text, answer.final_url, fetcher, source)
    if entries and (not found.entries or any(entry.published for entry in entries)):
        return replace(found, discover=discover, entries=entries, trouble="")
    if found.entries or not hops:
        return found
    further = [await _probe_further(url, fetcher, source, hops) for url in _inner_pages(text, answer.final_url)]
    return max([found, *filter(None, further)], key=lambda one: rate(one.entries, host_of(one.url)))


async def _probe_more(found: Probe, text: str, fetcher: Fetcher, source: Source) -> Probe:
    """A list that does not say how it goes on, read through what its button for more asks, if that gives the same."""
    if found.discover.get("pages", {}).get("style") != "none":
        return found
    more = await ask_for_more(text, found.url, found.entries, fetcher, source)
    return replace(found, discover=more[1], entries=more[2]) if more else found


async def _probe_proxy(found: Probe, text: str, fetcher: Fetcher, source: Source) -> Probe:
    """Records of a column page with the address that gives those behind them, if it answers."""
    proxy = find_proxy(text, found.url)
    if proxy is None:
        return found
    discover = {"kind": "jpage", **proxy}
    rules = JpageRules.model_validate(discover)
    try:
        answer = await fetcher.get(first_window(rules), source)
    except FetchError:
        return found
    entries = list(read_records(decode_text(answer.body, answer.headers.get("content-type", "")), found.url, rules))
    named = {entry.url for entry in entries}
    return replace(found, discover=discover) if named >= {entry.url for entry in found.entries[:SURE]} else found


async def _probe_further(url: str, fetcher: Fetcher, source: Source, hops: int) -> Probe | None:
    try:
        answer = await fetcher.get(Request(url), source)
    except FetchError:
        return None
    return await _probe_page(answer, fetcher, source, hops - 1)


def _inner_pages(text: str, url: str) -> list[str]:
    page = parse_page(text)
    frames = page.css("frame::attr(src), iframe::attr(src)").getall()[:MOST_FRAMES]
    named = [refresh_target(find_refresh(page) or ""), *frames]
    found = (resolve_link(base_address(page, url), one) for one in named if one)
    return [one for one in dict.fromkeys(found) if one and one != url and host_of(one) == host_of(url)]


def find_list(text: str, url: str) -> Probe:
    """The list of articles on a page: its own tree, what stands in comments, records, or an array in a script."""
    page = parse_page(text)
    base = base_address(page, url)
    title = " ".join((page.css("title::text").get() or "").split())
    feeds = tuple(_named_feeds(page, url))
    if issue := find_issue(page, base, url):
        return Probe(url, title, *issue, feeds)
    score, discover, entries = max(_proposals(page, text, url, base), key=lambda proposal: proposal[0])
    if score <= 0:
        return Probe(url, title, {"kind": "list", "urls": [url]}, (), feeds, NOTHING_FOUND)
    return Probe(url, title, {"kind": "list", "urls": [url], **discover}, entries, feeds)


def _proposals(page: Selector, text: str, url: str, base: str) -> Iterator[Proposal]:
    plain = find_in_tree(page, url, base, _pages(page, text, base))
    yield _find_records(text, url)
    yield _find_in_scripts(text, base, host_of(url))
    yield plain
    opened = parse_page(text, comments=True)
    hidden = find_in_tree(opened, url, base, {"comments": True, **_pages(opened, text, base)})
    # Marks of frameworks stand in comments too: they are opened only where they hide more than the page shows.
    if {entry.url for entry in hidden[2]} - {entry.url for entry in plain[2]}:
        yield hidden


def _named_feeds(page: Selector, url: str) -> Iterator[str]:
    for link in page.css(_FEED_LINKS):
        feed = resolve_link(url, link.attrib.get("href", ""))
        if feed:
            yield feed


def _pages(page: Selector, text: str, base: str) -> dict[str, Any]:
    """``auto`` finds the next page by itself where the page tells it; nothing needs to be written then."""
    if next_by_script(text, base) or next_by_link(page, base):
        return {}
    button = find_more_button(page)
    return {"pages": {"style": "next", "next": button} if button else {"style": "none"}}


def _find_records(text: str, url: str) -> Proposal:
    """Records of the 大汉 jpage module: on column pages they stand in a script, which is no part of the tree."""
    if "<recordset" not in text.lower():
        return 0.0, {}, ()
    discover = {"kind": "jpage", "urls": [url], "method": "GET"}
    entries = tuple(distinct(read_records(text, url, JpageRules.model_validate(discover))))
    return rate(entries, host_of(url)), discover, entries


def _find_in_scripts(text: str, base: str, host: str) -> Proposal:
    best: Proposal = (0.0, {}, ())
    for script, found in find_script_arrays(text, base):
        entries = tuple(distinct(found))
        score = rate(entries, host)
        if score > best[0]:
            best = (score, {"script": script, "pages": {"style": "none"}}, entries)
    return best


# -- the source file -------------------------------------------------------------------------------------------------


def _further_hosts(found: Probe) -> Iterator[str]:
    """Hosts of the same site, and those where a good part of the articles stands: single links lead elsewhere."""
    own = host_of(found.url)
    for host, number in Counter(host_of(entry.url) for entry in found.entries).items():
        if host != own and (site_of(host) == site_of(own) or number >= SHARE_ELSEWHERE * len(found.entries)):
            yield host


def proposed_source(found: Probe, slug: str) -> Source:
    """The source that the proposed file declares."""
    return Source.model_validate({"slug": slug, **yaml.safe_load(write_source_file(found))})


def write_source_file(found: Probe, *, articles_read: bool = True) -> str:
    """Text of a source file that gives what the probe has found."""
    content = {
        "name": found.title[:40] or host_of(found.url),
        "home": f"{urlsplit(found.url).scheme}://{urlsplit(found.url).netloc}/",
        "verified": Verified.LIVE.value if found.entries and articles_read else Verified.OWN_PAGE.value,
        "discover": found.discover,
    }
    hosts = sorted(_further_hosts(found))
    if hosts:
        content["hosts"] = {"allow": hosts}
    head = "# yaml-language-server: $schema=schema.json\n# Proposed by the probe: check name, entries and hosts.\n"
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
