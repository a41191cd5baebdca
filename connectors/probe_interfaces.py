"""Lists that a page loads after it has come: the interfaces its scripts name are asked, as far as they only read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.declaration import Source
from connectors.decoding import decode_text
from connectors.failures import FetchError
from connectors.html_list import parse_page
from connectors.list_entries import squeeze
from connectors.probe_data import find_inner_html, find_interface
from connectors.probe_scripts import Call, find_calls, find_script_files, find_units
from connectors.probe_tree import Proposal, distinct, find_in_tree, rate
from connectors.protocol import Expect, Fetcher, Request
from connectors.urls import host_of
from connectors.walk import Entry

__all__ = ["ask_for_more", "ask_interfaces"]

_SOURCE = re.compile(r"""<script\b[^>]{0,300}?\bsrc\s*=\s*["']?([^"'\s>]{1,400})""", re.IGNORECASE)
SHOWN_TOO = 0.8  # of the articles of a page that its interface gives as well: new ones may have come
RECOGNISED = 8  # characters of a title by which an article is known again


async def ask_interfaces(text: str, url: str, fetcher: Fetcher, source: Source) -> Proposal:
    """The best list among the answers to what the scripts of the page at ``url`` ask for; of no rating if none is."""
    asking = _Asking(text, url, fetcher, source)
    found = await asking.ask_all(await asking.find())
    for proposal in sorted(found, key=lambda one: -one[0]):
        if proposal[0] > 0 and await asking.is_confirmed(proposal):
            return proposal
    return 0.0, {}, ()


async def ask_for_more(
    text: str, url: str, shown: Sequence[Entry], fetcher: Fetcher, source: Source
) -> Proposal | None:
    """An interface that gives what the page shows, and can give what lies behind it."""
    asking = _Asking(text, url, fetcher, source)
    addresses = {entry.url for entry in shown}
    for proposal in await asking.ask_all([call for call in await asking.find() if call.turns]):
        given = {entry.url for entry in proposal[2]}
        if len(given & addresses) >= SHOWN_TOO * len(addresses) and any(entry.published for entry in proposal[2]):
            return proposal
    return None


@dataclass(slots=True)
class _Asking:
    program: str
    url: str
    fetcher: Fetcher
    source: Source

    async def find(self) -> list[Call]:
        """Calls of the page, else of its scripts."""
        calls = [*find_units(self.program, self.url), *find_calls(self.program, self.url)]
        if not calls:
            await self.read_scripts()
            calls = find_calls(self.program, self.url)
        return calls

    async def ask_all(self, calls: Sequence[Call]) -> list[Proposal]:
        return [proposal for call in calls for proposal in await self.ask(call)]

    async def read_scripts(self) -> None:
        for address in find_script_files(_SOURCE.findall(self.program), self.url):
            try:
                answer = await self.fetcher.get(Request(address, Expect.DATA), self.source)
            except FetchError:
                continue
            self.program += "\n" + decode_text(answer.body, answer.headers.get("content-type", ""))

    async def ask(self, call: Call) -> list[Proposal]:
        try:
            answer = await self.fetcher.get(_request(call, self.url), self.source)
        except FetchError:
            return []
        text = decode_text(answer.body, answer.headers.get("content-type", ""))
        if text.lstrip()[:1] == "<":
            return [self._read_piece(text, call)] if call.method == "GET" else []
        if call.method == "GET" and (inner := find_inner_html(text)):
            return [self._read_piece(piece, call, path) for path, piece in inner]
        return [
            (rate(entries, host_of(self.url)), {**settings, **call.settings}, entries)
            for settings, found in find_interface(text, answer.final_url, self.url, self.program)
            if (entries := tuple(distinct(found)))
        ]

    def _read_piece(self, text: str, call: Call, path: str | None = None) -> Proposal:
        """A piece of a page that a script puts into it, from ``path`` of an answer in JSON."""
        address = call.url.replace("{n}", str(call.first))
        pages: dict[str, Any] = {"style": "none"}
        if call.turns:
            pages = {"style": "numbered", "pattern": call.url, "second": call.first + 1}
        score, found, entries = find_in_tree(parse_page(text), address, address, {"pages": pages})
        return score, {"kind": "list", "urls": [address], **({"html": path} if path else {}), **found}, entries

    async def is_confirmed(self, proposal: Proposal) -> bool:
        """Whether an address that was put together leads to its article."""
        _, settings, entries = proposal
        if "article_url" not in settings:
            return True
        try:
            answer = await self.fetcher.get(Request(entries[0].url), self.source)
        except FetchError:
            return False
        text = decode_text(answer.body, answer.headers.get("content-type", ""))
        return squeeze(entries[0].title or "")[:RECOGNISED] in squeeze("".join(parse_page(text).root.itertext()))


def _request(call: Call, page: str) -> Request:
    def fill(written: str) -> str:
        return written.replace("{n}", str(call.first))

    form = {name: fill(value) for name, value in call.form.items()} if call.form is not None else None
    body = fill(call.json_body) if call.json_body is not None else None
    return Request(fill(call.url), Expect.XML, call.method, form=form, json=body, referer=page)
