"""Lists that a page loads by itself: JSON, JSONP, arrays assigned to a variable; fields by dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.article_page import ArticlePageConnector, as_raw_page
from connectors.declaration import JsonRules, Source
from connectors.decoding import decode_text
from connectors.dotted import address_of, date_at, opened, pick, raw_at, text_at
from connectors.js_values import NotAValueError, read_answer
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk
from models.records import Candidate, MediaType, RawPage

__all__ = ["JsonListConnector"]


class JsonListConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover."""
        rules = source.discover
        assert isinstance(rules, JsonRules)
        parts = []
        for url in rules.urls:
            pages = _Pages(rules, url, window)
            course = Course(pages.request(1), pages.request, url)
            parts.append(await walk(source, fetcher, known, window, memory, course, pages.read))
        return merge(parts)


class _Pages:
    """The pages of one interface."""

    def __init__(self, rules: JsonRules, url: str, window: Window) -> None:
        self._rules = rules
        self._url = url
        self._minutes = str(int(window.now.timestamp() // 60))  # for interfaces that want a stamp against caches

    def request(self, number: int) -> Request:
        form = self._rules.form
        return Request(
            self._fill(self._url, number),
            Expect.DATA,
            self._rules.method,
            form={name: self._fill(value, number) for name, value in form.items()} if form is not None else None,
            json=self._fill(self._rules.json_body, number) if self._rules.json_body is not None else None,
        )

    def _fill(self, text: str, number: int) -> str:
        at = self._rules.first + (number - 1) * self._rules.step
        return text.replace("{n}", str(at)).replace("{minutes}", self._minutes)

    def read(self, answer: Answer, number: int) -> Leaf:
        text = decode_text(answer.body, answer.headers.get("content-type", ""))
        try:
            value = read_answer(text, self._rules.variable)
        except NotAValueError as error:
            raise ListError(f"expected JSON or JSONP: {error}") from error
        items = _without_scalars(pick(value, self._rules.items))
        if items is None and number > 1 and _ends_in_nothing(value, self._rules.items):
            return Leaf(())
        if items is None:
            raise ListError(f"expected a list at {self._rules.items!r} of the answer")
        flat = [member for item in items for member in (item if isinstance(item, list) else [item])]
        entries = tuple(self._entries(flat, self._rules.base or answer.final_url))
        sent = (self._url, self._rules.json_body or "", *(self._rules.form or {}).values())
        turns = any("{n}" in part for part in sent)
        return Leaf(entries, self.request(number + 1) if entries and turns else None)

    def _entries(self, items: list[Any], base: str) -> Iterator[Entry]:
        for item in items:
            url = resolve_link(base, address_of(item, self._rules.url, self._rules.article_url))
            if url is None:
                continue
            text = text_at(item, self._rules.text)
            yield Entry(
                url,
                title=text_at(item, self._rules.title),
                published=date_at(item, self._rules.date),
                medium=text_at(item, self._rules.medium),
                author=text_at(item, self._rules.author),
                page=_whole_article(raw_at(item, self._rules.text)) if text else None,
            )


def _without_scalars(items: list[Any] | None) -> list[Any] | None:
    """The items that can hold an address; None if there are others only: one null is no reason to lose the rest."""
    kept = [item for item in map(opened, items or ()) if isinstance(item, list | dict)]
    return kept if kept or items == [] else None


def _ends_in_nothing(value: Any, path: str) -> bool:
    """Whether null stands at the path or on the way to it: how many interfaces say that there are no more pages."""
    steps = path.split(".")
    return any(pick(value, ".".join(steps[:number])) == [None] for number in range(len(steps) + 1))


def _whole_article(text: str) -> Any:
    """The article itself came with the list: HTML, kept as the raw page."""

    def make(candidate: Candidate, answer: Answer) -> RawPage:
        page = as_raw_page(candidate, answer)
        body = text.encode("utf-8", "replace")
        return replace(page, body=body, media_type=MediaType.HTML, headers={}, final_url=None)

    return make
