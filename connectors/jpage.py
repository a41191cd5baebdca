"""The lists of the 大汉 (hanweb) jpage module: XML with pieces of HTML in it, from dataproxy.jsp or inside the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from connectors.article_page import ArticlePageConnector
from connectors.declaration import JpageRules, Source
from connectors.decoding import decode_text
from connectors.html_list import parse_page
from connectors.list_entries import read_entries
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk

__all__ = ["JpageConnector", "find_proxy", "first_window", "read_records"]

# Read by pattern, not as XML: the pieces are often cut, and on column pages they stand in a script.
_RECORD = re.compile("<record>", re.IGNORECASE)
_RECORD_END = re.compile("</record>", re.IGNORECASE)
_NEXT_GROUP = re.compile(r"""<nextgroup>.{0,60}?href=["']([^"']{5,800})""", re.DOTALL | re.IGNORECASE)
_CALL = re.compile(r"\.jpage\s*\(\s*\{([^}]{5,4000})")
_OPTION = re.compile(r"""\b(\w{1,30})\s*:\s*(?:'([^'\n]{0,200})'|"([^"\n]{0,200})"|(\d{1,9}))""")
_FORM = "col appid webid path columnid sourceContentType unitid webname permissiontype".split()
USUAL_PROXY = "/module/web/jpage/dataproxy.jsp"
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>")


class JpageConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover."""
        rules = source.discover
        assert isinstance(rules, JpageRules)
        parts = []
        for url in rules.urls:
            pages = _Pages(rules, url)
            course = Course(pages.request(1), pages.request, url)
            parts.append(await walk(source, fetcher, known, window, memory, course, pages.read))
        return merge(parts)


class _Pages:
    """Windows of the record list. Servers may answer with more than asked for: the walk counts each article once."""

    def __init__(self, rules: JpageRules, url: str) -> None:
        self._rules = rules
        self._url = url

    def request(self, number: int) -> Request:
        rows = self._rules.per_page
        span = {"startrecord": str((number - 1) * rows + 1), "endrecord": str(number * rows), "perpage": str(rows)}
        joint = "&" if "?" in self._url else "?"
        if self._rules.method == "POST":
            return Request(f"{self._url}{joint}{urlencode(span)}", Expect.XML, "POST", form=dict(self._rules.form))
        return Request(f"{self._url}{joint}{urlencode({**self._rules.form, **span})}", Expect.XML)

    def read(self, answer: Answer, number: int) -> Leaf:
        text = decode_text(answer.body, answer.headers.get("content-type", ""))
        if not re.search("<recordset|<record>", text, re.IGNORECASE):
            raise ListError("expected <recordset> with <record> in the answer")
        entries = tuple(read_records(text, answer.final_url, self._rules))
        total = _TOTAL.search(text)
        # A total of 0 beside records is none.
        more = entries and (total is None or not int(total[1]) or number * self._rules.per_page < int(total[1]))
        return Leaf(entries, self.request(number + 1) if more else None)


def first_window(rules: JpageRules) -> Request:
    """What asks for the newest records."""
    return _Pages(rules, rules.urls[0]).request(1)


def read_records(text: str, base: str, rules: JpageRules) -> Iterator[Entry]:
    """Entries of the records, each a piece of HTML, plain or escaped."""
    for piece in _RECORD.split(text)[1:]:
        end = _RECORD_END.search(piece)
        if end is None:
            continue
        inner = piece[: end.start()].strip().removeprefix("<![CDATA[").removesuffix("]]>")
        yield from read_entries(parse_page(inner if "<" in inner else html.unescape(inner)), base, rules)


def find_proxy(text: str, base: str) -> dict[str, Any] | None:
    """Address and form of dataproxy.jsp as a column page would ask it: by its call of jpage({...}) or its nextgroup."""
    link = _NEXT_GROUP.search(text)
    call = _CALL.search(text)
    if link is None and call is None:
        return None
    asked = html.unescape(link[1]) if link else ""
    given = dict(parse_qsl(asked.partition("?")[2], keep_blank_values=True)) if link else {}
    for name, single, double, bare in _OPTION.findall(call[1]) if call else ():
        given[name] = single or double or bare
    proxy = resolve_link(base, given.get("proxyUrl") or asked.partition("?")[0] or USUAL_PROXY)
    form = {name: given[name] for name in _FORM if name in given}
    return {"urls": [proxy], "form": form} if proxy and "unitid" in form else None
