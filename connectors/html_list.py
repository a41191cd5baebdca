"""HTML list pages: entries by selectors, by accepted addresses, or from arrays in scripts, page by page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from lxml import etree
from parsel import Selector

from connectors.article_page import ArticlePageConnector
from connectors.declaration import ListRules, PageStyle, ScriptItems, Source
from connectors.decoding import decode_text
from connectors.dotted import pick, raw_at, text_at
from connectors.js_values import NotAValueError, find_arrays, read_answer
from connectors.list_dates import find_date_text, print_stamp
from connectors.list_entries import CUT_SHORT, read_entries
from connectors.next_pages import first_address, next_by_link, next_by_script, numbered_address
from connectors.page_functions import follow_functions
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk

__all__ = ["HtmlListConnector", "base_address", "parse_page"]

MOST_ELEMENTS = 250_000  # a list of 5,000 entries has 30,000; a million would take a gigabyte
_ELEMENT = re.compile("<[a-zA-Z]")
_CALLS = re.compile(r"onclick|href\s*=\s*[\"']?javascript:\w+\(", re.IGNORECASE)
_DAY = re.compile(r"20\d{6}(?:\d{6})?")  # 20261120, 20261120093000


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
            first = Request(url, Expect.DATA if rules.html else Expect.PAGE)
            parts.append(await walk(source, fetcher, known, window, memory, Course(first), pages.read))
        return merge(parts)


class _PageTurner:
    """Reads the pages of one list and knows the address of the next."""

    def __init__(self, rules: ListRules, first: str) -> None:
        self._rules = rules
        self._first = first

    def read(self, answer: Answer, number: int) -> Leaf:
        text = decode_text(answer.body, answer.headers.get("content-type", ""), self._rules.charset)
        if self._rules.html is not None:
            text = read_inner_html(text, self._rules.html)
        page = parse_page(text, comments=self._rules.comments)
        base = base_address(page, answer.final_url)
        if self._rules.script is not None:
            entries = tuple(read_script_entries(text, base, self._rules.script))
        else:
            entries = tuple(read_entries(page, base, self._rules))
        url = self._next(page, text, base, number) if entries else None
        expect = Expect.DATA if self._rules.html else Expect.PAGE
        return Leaf(entries, Request(url, expect, referer=answer.url) if url else None)

    def _next(self, page: Selector, text: str, base: str, number: int) -> str | None:
        style = self._rules.pages
        if style.style is PageStyle.NONE:
            return None
        if style.style is PageStyle.NUMBERED:
            return numbered_address(style, self._first, number)
        if style.style is PageStyle.NEXT:
            return first_address(page.css(style.next or ""), base)
        return next_by_script(text, base) or next_by_link(page, base)


def parse_page(text: str, *, comments: bool = False) -> Selector:
    """The page as a tree; ``comments`` takes the marks of HTML comments away, so that what they hide is seen.

    Of more markup than any list has, the first part is read.
    """
    if text.count("<") > MOST_ELEMENTS:
        surplus = next(itertools.islice(_ELEMENT.finditer(text), MOST_ELEMENTS, None), None)
        text = text[: surplus.start()] if surplus else text
    if comments:
        text = text.replace("<!--", "").replace("-->", "")
    # Parsed here, because parsel warns about deep pages, which are cut and harmless.
    parser = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=False)
    root = etree.fromstring(text.encode("utf-8", "replace") or b"<html/>", parser)
    if root is not None:
        if "function" in text and _CALLS.search(text):
            follow_functions(root)
        etree.strip_elements(root, "script", "style", with_tail=False)  # or their text would stand in titles
    return Selector(root=root if root is not None else etree.fromstring(b"<html/>", parser), type="html")


def read_inner_html(text: str, path: str) -> str:
    """The HTML that an answer in JSON carries. Raises ListError."""
    try:
        found = pick(read_answer(text), path)
    except NotAValueError as error:
        raise ListError(f"expected JSON with HTML in it: {error}") from error
    if not found or not isinstance(found[0], str):
        raise ListError(f"expected HTML at {path!r} of the answer")
    return found[0]


def base_address(page: Selector, url: str) -> str:
    declared = page.css("base::attr(href)").get()
    return (resolve_link(url, declared) if declared else None) or url


def read_script_entries(text: str, base: str, script: ScriptItems) -> Iterator[Entry]:
    """Entries of the arrays in the page's scripts. Raises ListError if there is no such array at all."""
    arrays = list(find_arrays(text, script.array))
    if not arrays:
        raise ListError(f"expected an array after {script.array!r} in a script of the page")
    for item in (item for array in arrays for item in array if isinstance(item, dict)):
        url = resolve_link(base, raw_at(item, script.url))
        if url is None:
            continue
        title = text_at(item, script.title) or ""
        printed = raw_at(item, script.date)
        stamp = print_stamp(printed)
        date = stamp if stamp != printed or _DAY.fullmatch(printed) else find_date_text(printed)
        # On some columns the field of the date holds the whole title, and the title is cut short.
        if printed and date is None and CUT_SHORT.search(title):
            title = printed
        yield Entry(url, title or None, date)
