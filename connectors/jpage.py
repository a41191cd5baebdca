"""The lists of the 大汉 (hanweb) jpage module: XML with pieces of HTML in it, from dataproxy.jsp or inside the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from connectors.article_page import ArticlePageConnector
from connectors.declaration import JpageRules, Source
from connectors.decoding import decode_text
from connectors.html_list import parse_page
from connectors.list_entries import read_entries
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Validators, Window
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk

__all__ = ["JpageConnector", "read_records"]

# Read by pattern, not as XML: the pieces are often cut, and on column pages they stand in a script.
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
        if "<recordset" not in text and "<record>" not in text:
            raise ListError("expected <recordset> with <record> in the answer")
        entries = tuple(read_records(text, answer.final_url, self._rules))
        total = _TOTAL.search(text)
        more = entries and (total is None or number * self._rules.per_page < int(total[1]))
        return Leaf(entries, self.request(number + 1) if more else None)


def read_records(text: str, base: str, rules: JpageRules) -> Iterator[Entry]:
    """Entries of the records, each a piece of HTML."""
    for piece in text.split("<record>")[1:]:
        record, end, _ = piece.partition("</record>")
        if end:
            inner = record.strip().removeprefix("<![CDATA[").removesuffix("]]>")
            yield from read_entries(parse_page(inner), base, rules)
