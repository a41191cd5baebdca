"""Look at a column page nobody has described yet and propose a source file for it.

Links are grouped by where they stand (tags and classes above them); the group that looks most like a list of articles
becomes ``item``. Feeds that the page names are tried as well: they change less often than pages do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml
from parsel import Selector

from connectors.declaration import JpageRules, ListItems, ListRules, Source, Verified
from connectors.decoding import decode_text
from connectors.failures import FetchError
from connectors.feeds import read_feed
from connectors.html_list import base_address, next_by_link, next_by_script, parse_page
from connectors.jpage import read_records
from connectors.js_values import find_arrays
from connectors.list_entries import read_entries
from connectors.protocol import Answer, Expect, Fetcher, Request
from connectors.register import single_page
from connectors.urls import host_of, resolve_link
from connectors.walk import Entry, ListError

__all__ = ["Probe", "find_list", "probe", "write_source_file"]

FEWEST_ENTRIES = 4  # a smaller group is a menu or a teaser
SHORTEST_TITLE = 6  # characters; 首页, 要闻 and 更多 are shorter than any headline
USUAL_TITLE = 18  # characters of a Chinese headline; longer ones count no more
MOST_FEEDS = 3
NOTHING_FOUND = "没有找到文章列表，请手工填写 item 与 accept"
_FEED_LINKS = "link[rel~=alternate][type*=rss], link[rel~=alternate][type*=atom], a[href*='rss'], a[href$='.xml']"
_SUFFIXES = (".gov.cn", ".com.cn", ".org.cn", ".net.cn", ".edu.cn")
_CLASS = re.compile(r"[A-Za-z_][\w-]*$")
_STATE = re.compile(r"^(?:on|cur\w*|active|first|last|odd|even|hover|selected|no\w*line|line)$|\d", re.IGNORECASE)
_URL_FIELDS = ("link_add", "url", "link", "href", "docpuburl", "pageUrl")
_TITLE_FIELDS = ("title", "doctitle", "name")
_DATE_FIELDS = ("brief", "pubDate", "pub_date", "date", "pubtime", "docreltime", "publishTime")


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
    """Ask for the page and its feeds. Raises FetchError if the page itself cannot be had."""
    source = single_page(url)
    answer = await _ask(url, fetcher, source)
    content_type = answer.headers.get("content-type", "")
    try:
        entries = tuple(read_feed(answer.body, content_type, answer.final_url))
        return Probe(url, "", {"kind": "feed", "urls": [url]}, entries, (url,))
    except ListError:
        pass
    found = find_list(decode_text(answer.body, content_type), answer.final_url)
    feeds = [feed for feed in found.feeds[:MOST_FEEDS] if await _is_feed(feed, fetcher, source)]
    if not found.entries and feeds:
        return Probe(url, found.title, {"kind": "feed", "urls": feeds[:1]}, (), tuple(feeds))
    return Probe(url, found.title, found.discover, found.entries, tuple(feeds), found.trouble)


async def _ask(url: str, fetcher: Fetcher, source: Source) -> Answer:
    """A page may turn out to be a feed: only data is taken as it comes."""
    return await fetcher.get(Request(url, Expect.XML), source)


async def _is_feed(url: str, fetcher: Fetcher, source: Source) -> bool:
    try:
        answer = await fetcher.get(Request(url, Expect.XML), source)
        return any(True for _ in read_feed(answer.body, answer.headers.get("content-type", ""), url))
    except (FetchError, ListError):
        return False


def find_list(text: str, url: str) -> Probe:
    """The list of articles on a page: its own tree, what stands in comments, or an array in a script."""
    page = parse_page(text)
    title = " ".join((page.css("title::text").get() or "").split())
    feeds = tuple(_named_feeds(page, url))
    scripted = _find_in_scripts(text, url)
    plain = _find_in_tree(page, url, {})
    hidden = _find_in_tree(parse_page(text, comments=True), url, {"comments": True})
    # Marks of frameworks stand in comments too: they are opened only where they hide more than the page shows.
    opened = {entry.url for entry in hidden[2]} - {entry.url for entry in plain[2]}
    proposals = [_find_records(text, url), plain, scripted, *([hidden] if opened else [])]
    score, discover, entries = max(proposals, key=lambda proposal: proposal[0])
    if score <= 0:
        return Probe(url, title, {"kind": "list", "urls": [url]}, (), feeds, NOTHING_FOUND)
    return Probe(url, title, {"kind": "list", "urls": [url], **discover}, entries, feeds)


Proposal = tuple[float, dict[str, Any], tuple[Entry, ...]]


def _named_feeds(page: Selector, url: str) -> Iterator[str]:
    for link in page.css(_FEED_LINKS):
        feed = resolve_link(url, link.attrib.get("href", ""))
        if feed:
            yield feed


# -- in the tree -----------------------------------------------------------------------------------------------------


def _find_in_tree(page: Selector, url: str, settings: dict[str, Any]) -> Proposal:
    base = base_address(page, url)
    groups: dict[str, list[Any]] = defaultdict(list)
    for link in page.css("a[href]"):
        if resolve_link(base, link.attrib.get("href", "")):
            groups[_place(link.root)].append(link.root)
    best: Proposal = (0.0, {}, ())
    for links in groups.values():
        selector = _item_selector(links)
        if len(links) < FEWEST_ENTRIES or selector is None:
            continue
        entries = tuple(_distinct(read_entries(page, base, _rules(selector, url))))
        wanted = {resolve_link(base, link.get("href", "")) for link in links}
        # A selector that catches mostly other things than the group it was made for is too wide.
        fitting = sum(entry.url in wanted for entry in entries) / max(len(entries), 1)
        score = _score(entries, host_of(url)) * fitting**2
        if score > best[0]:
            best = (score, {"item": selector, **settings, **_pages(page, base)}, entries)
    return best


def _rules(selector: str, url: str) -> ListItems:
    return ListRules(kind="list", urls=(url,), item=selector)


def _place(node: Any) -> str:
    """Where a link stands: its tag path with classes, five levels up."""
    steps: list[str] = []
    while node is not None and len(steps) < 5:
        steps.append(_step(node))
        node = node.getparent()
    return " < ".join(steps)


def _step(node: Any) -> str:
    classes = [name for name in (node.get("class") or "").split() if _CLASS.match(name) and not _STATE.search(name)]
    return ".".join([str(node.tag), *classes[:1]])


def _item_selector(links: Sequence[Any]) -> str | None:
    """The widest element around a link of the group that holds no other link of it, as a selector."""
    group = set(links)
    node = links[0]
    while (above := node.getparent()) is not None and sum(one in group for one in above.iter("a")) == 1:
        node = above
    if above is None or node.tag in ("html", "body"):
        return None
    # A class of the list or of what is around it tells it from menus that are built alike.
    outer: list[str] = [_step(node)]
    while above is not None and above.tag not in ("html", "body") and len(outer) < 4:
        outer.insert(0, f"#{above.get('id')}" if _CLASS.match(above.get("id") or "") else _step(above))
        if outer[0].startswith("#") or "." in outer[0]:
            break
        above = above.getparent()
    return " ".join(outer)


def _distinct(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Entries with a headline, each address once."""
    met: set[str] = set()
    for entry in entries:
        if entry.url not in met and len(entry.title or "") >= SHORTEST_TITLE:
            met.add(entry.url)
            yield entry


def _score(entries: Sequence[Entry], host: str) -> float:
    """How much a group looks like the articles of this site: many, long titles, dates, numbers in their addresses."""
    if len(entries) < FEWEST_ENTRIES:
        return 0.0
    number = len(entries)
    length = sum(min(len(entry.title or ""), USUAL_TITLE) for entry in entries) / number / USUAL_TITLE
    dated = sum(entry.published is not None for entry in entries) / number
    own = sum(_site(host_of(entry.url)) == _site(host) for entry in entries) / number
    numbered = sum(bool(re.search(r"\d{3}", entry.url.partition("//")[2])) for entry in entries) / number
    score: float = min(number, 60) ** 0.5 * length**2 * (0.5 + dated) * (0.3 + own) * (0.3 + numbered)
    return score


def _site(host: str) -> str:
    """The registered part of a host name, near enough for a score."""
    labels = 3 if host.endswith(_SUFFIXES) else 2
    return ".".join(host.split(".")[-labels:])


def _pages(page: Selector, base: str) -> dict[str, Any]:
    """``auto`` finds the next page by itself where the page tells it; nothing needs to be written then."""
    told = next_by_script(page.get(), base) or next_by_link(page, base)
    return {} if told else {"pages": {"style": "none"}}


def _find_records(text: str, url: str) -> Proposal:
    """Records of the 大汉 jpage module: on column pages they stand in a script, which is no part of the tree."""
    if "<recordset" not in text:
        return 0.0, {}, ()
    discover = {"kind": "jpage", "urls": [url], "method": "GET"}
    entries = tuple(_distinct(read_records(text, url, JpageRules.model_validate(discover))))
    return _score(entries, host_of(url)), discover, entries


# -- in scripts ------------------------------------------------------------------------------------------------------


def _find_in_scripts(text: str, url: str) -> Proposal:
    best: Proposal = (0.0, {}, ())
    for array in find_arrays(text, r"[\w$]\s*=(?!=)"):
        fields = _fields(array)
        if fields is None:
            continue
        entries = tuple(_distinct(_scripted(array, url, fields)))
        score = _score(entries, host_of(url)) or (0.1 if entries else 0.0)
        if score > best[0]:
            name = _name_before(text, array)
            best = (score, {"script": {"array": rf"{name}\s*=", **fields}, "pages": {"style": "none"}}, entries)
    return best


def _fields(array: list[Any]) -> dict[str, str] | None:
    first = array[0] if array and isinstance(array[0], dict) else {}
    names = {
        field: next((name for name in choices if name in first), None)
        for field, choices in (("url", _URL_FIELDS), ("title", _TITLE_FIELDS), ("date", _DATE_FIELDS))
    }
    return {field: name for field, name in names.items() if name} if names["url"] and names["title"] else None


def _scripted(array: list[Any], url: str, fields: dict[str, str]) -> Iterator[Entry]:
    for item in (item for item in array if isinstance(item, dict)):
        address = resolve_link(url, str(item.get(fields["url"]) or ""))
        if address:
            printed = str(item.get(fields.get("date", "")) or "")
            yield Entry(address, str(item.get(fields["title"]) or ""), printed or None)


def _name_before(text: str, array: list[Any]) -> str:
    """The variable that holds the array, with numbers in it left open: they differ from column to column."""
    for found in re.finditer(r"([\w$]+)\s*=(?!=)\s*(?=\[\s*\{)", text):
        if next(find_arrays(text[found.start() :], r"^[\w$]+\s*="), None) == array:
            return re.sub(r"\d+", r"\\d+", re.escape(found[1]))
    return r"\w+"


# -- the source file -------------------------------------------------------------------------------------------------


def write_source_file(found: Probe) -> str:
    """Text of a source file that gives what the probe has found."""
    content = {
        "name": found.title[:40] or host_of(found.url),
        "home": f"{urlsplit(found.url).scheme}://{urlsplit(found.url).netloc}/",
        "verified": Verified.LIVE.value if found.entries else Verified.OWN_PAGE.value,
        "discover": found.discover,
    }
    hosts = sorted({host_of(entry.url) for entry in found.entries} - {host_of(found.url)})
    if hosts:
        content["hosts"] = {"allow": hosts}
    head = "# yaml-language-server: $schema=schema.json\n# Proposed by the probe: check name, entries and hosts.\n"
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
