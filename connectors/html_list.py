"""HTML list pages: entries by selectors, by accepted addresses, or from arrays in scripts; and how to turn the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from lxml import etree
from parsel import Selector

from connectors.article_page import ArticlePageConnector
from connectors.declaration import ListRules, PageStyle, Pagination, ScriptItems, Source
from connectors.decoding import decode_text
from connectors.js_values import find_arrays
from connectors.list_dates import find_date_text
from connectors.list_entries import CUT_SHORT, read_entries, squeeze
from connectors.protocol import Answer, Discovery, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk

__all__ = ["HtmlListConnector", "base_address", "parse_page"]

_NEXT_TEXT = re.compile(r"^\s*(?:下一页|下页|后一页|下一頁|next|>|»|›|&gt;)[\s>»›]*$", re.IGNORECASE)
# TRS: (total, current from 0, "index", "html"); newer: ("box", total, current from 1, "name", "ext", rows)
_TRS_CALL = re.compile(
    r"""createPageHTML\w{0,20}\(\s*(?:(?P<box>['"][^'"]*['"])\s*,\s*)?(?P<total>\d{1,6})\s*,\s*(?P<current>\d{1,6})\s*,"""
    r"""\s*['"](?P<name>[^'"]{1,80})['"]\s*,\s*['"](?P<ext>\w{1,8})['"]"""
)


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
        if printed and date is None and CUT_SHORT.search(title):
            title = printed
        yield Entry(url, squeeze(title) or None, date)


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
