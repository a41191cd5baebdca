"""HTML list pages: entries by selectors, by accepted addresses, or from arrays in scripts; and how to turn the page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from parsel import Selector

from connectors.article_page import ArticlePageConnector
from connectors.declaration import ListItems, ListRules, PageStyle, Pagination, ScriptItems, Source
from connectors.decoding import decode_text
from connectors.js_values import find_arrays
from connectors.list_dates import find_date_text
from connectors.protocol import Answer, Discovery, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk

__all__ = ["HtmlListConnector", "parse_page", "read_entries"]

_CUT_SHORT = re.compile(r"(?:\.{3,}|…+)\s*$")
_NEXT_TEXT = re.compile(r"^\s*(?:下一页|下页|后一页|下一頁|next|>|»|›|&gt;)[\s>»›]*$", re.IGNORECASE)
# TRS: (total, current from 0, "index", "html"); newer: ("box", total, current from 1, "name", "ext", rows)
_TRS_CALL = re.compile(
    r"""createPageHTML\w{0,20}\(\s*(?:(?P<box>['"][^'"]*['"])\s*,\s*)?(?P<total>\d{1,6})\s*,\s*(?P<current>\d{1,6})\s*,"""
    r"""\s*['"](?P<name>[^'"]{1,80})['"]\s*,\s*['"](?P<ext>\w{1,8})['"]"""
)
MOST_BEHIND = 6  # pieces of text behind a bare link that may hold its date
MOST_LINKS = 50  # of one item; a nested menu has fewer, and a page that is one item has a hundred thousand
LONGEST_TEXT = 4000  # characters of these: a date further back belongs to something else
MOST_TEXTS = 200  # pieces of text of one item
MOST_CLIMBED = 4  # levels above a bare link in which its date may stand: a, span, div, li, tr


class HtmlListConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover."""
        rules = source.discover
        assert isinstance(rules, ListRules)
        parts = []
        for url in rules.urls:
            pages = _PageTurner(rules, url)
            parts.append(await walk(source, fetcher, known, window, memory, Course(Request(url)), pages.read))
        return merge(parts)


class _PageTurner:
    """Reads the pages of one list and knows the address of the next."""

    def __init__(self, rules: ListRules, first: str) -> None:
        self._rules = rules
        self._first = first

    def read(self, answer: Answer, number: int) -> Leaf:
        text = decode_text(answer.body, answer.headers.get("content-type", ""), self._rules.charset)
        page = parse_page(text, comments=self._rules.comments)
        base = base_address(page, answer.final_url)
        if self._rules.script is not None:
            entries = tuple(read_script_entries(text, base, self._rules.script))
        else:
            entries = tuple(read_entries(page, base, self._rules))
        url = self._next(page, text, base, number) if entries else None
        return Leaf(entries, Request(url, referer=answer.url) if url else None)

    def _next(self, page: Selector, text: str, base: str, number: int) -> str | None:
        style = self._rules.pages
        if style.style is PageStyle.NONE:
            return None
        if style.style is PageStyle.NUMBERED:
            return numbered_address(style, self._first, number)
        if style.style is PageStyle.NEXT:
            return _first_address(page.css(style.next or ""), base)
        return next_by_script(text, base) or next_by_link(page, base)


def parse_page(text: str, *, comments: bool = False) -> Selector:
    """The page as a tree; ``comments`` takes the marks of HTML comments away, so that what they hide is seen."""
    if comments:
        text = text.replace("<!--", "").replace("-->", "")
    # Parsed here, because parsel warns about deep pages, which are cut and harmless.
    parser = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=False)
    root = etree.fromstring(text.encode("utf-8", "replace") or b"<html/>", parser)
    return Selector(root=root if root is not None else etree.fromstring(b"<html/>", parser), type="html")


def base_address(page: Selector, url: str) -> str:
    declared = page.css("base::attr(href)").get()
    return (resolve_link(url, declared) if declared else None) or url


# -- entries ---------------------------------------------------------------------------------------------------------


def read_entries(page: Selector, base: str, rules: ListItems) -> Iterator[Entry]:
    """Entries in the order of the page. Without ``item`` every link is one; which are articles is decided later."""
    if rules.item is None:
        yield from _bare_links(page, base)
        return
    for item in page.css(rules.item):
        entry = _read_item(item, base, rules)
        if entry is not None:
            yield entry


def _read_item(item: Selector, base: str, rules: ListItems) -> Entry | None:
    links = [item] if item.root.tag == "a" and rules.link == "a" else _links_of(item, rules.link)
    named = [(resolve_link(base, link.attrib.get("href", "")), link_title(link)) for link in links]
    found = [(url, title) for url, title in named if url is not None]
    if not found:
        return None
    # The picture of an entry is a link of its own, often before the headline.
    url, title = next(((url, title) for url, title in found if title), found[0])
    title = (_text(item.css(rules.title)) if rules.title else None) or title
    printed = _text(item.css(rules.date)) if rules.date else None
    return Entry(url, title, find_date_text(printed or "") or _date_beside(item, title))


def _links_of(item: Selector, link: str) -> list[Selector]:
    if link != "a":
        return list(item.css(link)[:MOST_LINKS])
    found = itertools.islice(item.root.iterdescendants("a"), MOST_LINKS)
    return [Selector(root=node, type="html") for node in found]


def _texts_of(node: Any) -> str:
    """The text of a node, as far as anything in it is looked for."""
    return _squeeze(" ".join(itertools.islice(node.itertext(), MOST_TEXTS))[:LONGEST_TEXT])


def link_title(link: Selector) -> str | None:
    """The title attribute where the visible text is cut short or empty, else the text without its date."""
    text = _squeeze("".join(itertools.islice(link.root.itertext(), MOST_TEXTS))[:LONGEST_TEXT])
    attribute = _squeeze(link.attrib.get("title", "")[:LONGEST_TEXT])
    if attribute and (not text or _CUT_SHORT.search(text) or text in attribute):
        return attribute
    printed = find_date_text(text)
    if printed and (text.startswith(printed) or text.endswith(printed)) and len(text) > len(printed) + 4:
        text = text.removeprefix(printed).removesuffix(printed).strip("[]()（）【】 ")
    return text or None


def _date_beside(item: Selector, title: str | None) -> str | None:
    """A date in the item's text that is not part of the title."""
    text = _texts_of(item.root)
    within = find_date_text(text.replace(title, " ") if title else text)
    return within or (_date_behind(item.root) if item.root.tag == "a" else None)


def _date_behind(link: Any) -> str | None:
    """A date between a bare link and the next one."""
    texts = [link.tail or ""]
    for node in link.itersiblings():
        if node.tag == "a" or len(texts) > MOST_BEHIND:
            break
        texts += ["".join(node.itertext()) if isinstance(node.tag, str) else "", node.tail or ""]
    return find_date_text(" ".join(texts))


def _bare_links(page: Selector, base: str) -> Iterator[Entry]:
    for link in page.css("a[href]"):
        url = resolve_link(base, link.attrib.get("href", ""))
        if url is not None:
            title = link_title(link)
            yield Entry(url, title, _date_above(link, title))


def _date_above(link: Selector, title: str | None) -> str | None:
    """The date in the widest element around the link that holds no other link with a text."""
    node = link.root
    for _ in range(MOST_CLIMBED):
        above = node.getparent()
        if above is None or _holds_others(above, link.root):
            break
        node = above
    text = _texts_of(node)
    return find_date_text(text.replace(title, " ") if title else text)


def _holds_others(node: Any, link: Any) -> bool:
    """Whether other links with a text stand in the node, or so many without that it is no entry."""
    found = list(itertools.islice(node.iter("a"), MOST_LINKS))
    return len(found) == MOST_LINKS or any(other is not link and _has_text(other) for other in found)


def _has_text(node: Any) -> bool:
    return any(text.strip() for text in itertools.islice(node.itertext(), MOST_TEXTS))


def read_script_entries(text: str, base: str, script: ScriptItems) -> Iterator[Entry]:
    """Entries of the arrays in the page's scripts. Raises ListError if there is no such array at all."""
    arrays = list(find_arrays(text, script.array))
    if not arrays:
        raise ListError(f"expected an array after {script.array!r} in a script of the page")
    for item in (item for array in arrays for item in array if isinstance(item, dict)):
        url = resolve_link(base, str(item.get(script.url) or ""))
        if url is None:
            continue
        title = str(item.get(script.title) or "")
        printed = str(item.get(script.date) or "") if script.date else ""
        date = find_date_text(printed)
        # On some columns the field of the date holds the whole title, and the title is cut short.
        if printed and date is None and _CUT_SHORT.search(title):
            title = printed
        yield Entry(url, _squeeze(title) or None, date)


# -- pages -----------------------------------------------------------------------------------------------------------


def numbered_address(style: Pagination, first: str, number: int) -> str:
    """Address of the page after page ``number`` (1 = first)."""
    at = style.second + (number - 1) * style.step
    return urljoin(first, (style.pattern or "").replace("{n}", str(at)))


def next_by_script(text: str, base: str) -> str | None:
    """The page after this one as the page's own call of createPageHTML would link it."""
    call = _TRS_CALL.search(text)
    if call is None:
        return None
    total, current = int(call["total"]), int(call["current"])
    following = current + 1
    # With a box first, pages count from 1 and page n is name_n; without, from 0 and page n is name_(n-1).
    last = total if call["box"] else total - 1
    return urljoin(base, f"{call['name']}_{following}.{call['ext']}") if following <= last else None


def next_by_link(page: Selector, base: str) -> str | None:
    """The link that says 下一页 or is marked rel=next."""
    marked = _first_address(page.css("link[rel~=next], a[rel~=next]"), base)
    if marked:
        return marked
    said = [link for link in page.css("a[href]") if _NEXT_TEXT.match("".join(link.xpath(".//text()").getall()))]
    titled = page.xpath("//a[@href][contains(@title, '下一页') or contains(@class, 'next')]")
    return _first_address([*said, *titled], base)


def _first_address(links: list[Selector], base: str) -> str | None:
    for link in links:
        for attribute in ("href", "data-url", "data-href"):
            url = resolve_link(base, link.attrib.get(attribute, ""))
            if url is not None and url != base:
                return url
    return None


def _text(found: list[Selector]) -> str | None:
    texts = [_squeeze(" ".join(one.xpath(".//text()").getall())) for one in found]
    return next((text for text in texts if text), None)


def _squeeze(text: str) -> str:
    return " ".join(text.split())
