"""Lists that a page loads by itself: JSON, JSONP, arrays assigned to a variable; fields by dotted paths."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.article_page import ArticlePageConnector, as_raw_page
from connectors.declaration import JsonRules, Source
from connectors.decoding import decode_text
from connectors.js_values import NotAValueError, read_answer
from connectors.protocol import Answer, Discovery, Expect, Fetcher, Known, Request, Validators, Window
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk
from models.records import Candidate, MediaType, RawPage

__all__ = ["JsonListConnector", "pick"]

_TAG = re.compile(r"<[^<>]*>")
_FIELD = re.compile(r"\{([\w.]+)\}")


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
        items = pick(value, self._rules.items)
        items = _without_scalars(items)
        if items is None:
            raise ListError(f"expected a list at {self._rules.items!r} of the answer")
        flat = [member for item in items for member in (item if isinstance(item, list) else [item])]
        entries = tuple(self._entries(flat, self._rules.base or answer.final_url))
        sent = (self._url, self._rules.json_body or "", *(self._rules.form or {}).values())
        turns = any("{n}" in part for part in sent)
        return Leaf(entries, self.request(number + 1) if entries and turns else None)

    def _entries(self, items: list[Any], base: str) -> Iterator[Entry]:
        for item in items:
            url = resolve_link(base, self._address(item))
            if url is None:
                continue
            text = _string(item, self._rules.text)
            yield Entry(
                url,
                title=_string(item, self._rules.title),
                published=_string(item, self._rules.date),
                medium=_string(item, self._rules.medium),
                author=_string(item, self._rules.author),
                page=_whole_article(_raw(item, self._rules.text)) if text else None,
            )

    def _address(self, item: Any) -> str:
        if self._rules.article_url is None:
            return _raw(item, self._rules.url)
        return _FIELD.sub(lambda field: _raw(item, field[1]), self._rules.article_url)


def _without_scalars(items: list[Any] | None) -> list[Any] | None:
    """The items that can hold an address; None if there are others only: one null is no reason to lose the rest."""
    kept = [item for item in items or () if isinstance(item, list | dict)]
    return kept if kept or items == [] else None


def _whole_article(text: str) -> Any:
    """The article itself came with the list: HTML, kept as the raw page."""

    def make(candidate: Candidate, answer: Answer) -> RawPage:
        page = as_raw_page(candidate, answer)
        body = text.encode("utf-8", "replace")
        return replace(page, body=body, media_type=MediaType.HTML, headers={}, final_url=None)

    return make


def pick(value: Any, path: str) -> list[Any] | None:
    """Everything at a dotted path: ``data.results.*.source``. A number is an index, * every member; None if absent.

    A string that holds JSON is read when the path goes on below it, as some interfaces nest it.
    """
    found = [value]
    opened = False  # a container was reached: if it is empty, so is the answer
    for step in filter(None, path.split(".")):
        opened = opened or (step == "*" and any(isinstance(one, list | dict) for one in found))
        found = [member for one in found for member in _step(one, step)]
    if not found:
        return [] if opened else None
    return found[0] if len(found) == 1 and isinstance(found[0], list) and "*" not in path else found


def _step(value: Any, step: str) -> list[Any]:
    if isinstance(value, str) and value[:1] in "{[":
        try:
            value = read_answer(value)
        except NotAValueError:
            return []
    if step == "*":
        return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    if isinstance(value, dict):
        return [value[step]] if step in value else []
    if isinstance(value, list) and step.isdigit():
        return [value[int(step)]] if int(step) < len(value) else []
    return []


def _raw(item: Any, paths: str | None) -> str:
    """The first of the paths, split by |, that has a value, as it stands."""
    for path in (paths or "").split("|"):
        found = pick(item, path) if path else None
        value = found[0] if found else None
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip().encode("utf-8", "replace").decode()  # "\\ud800" is a character to JSON only
    return ""


def _string(item: Any, paths: str | None) -> str | None:
    """Likewise as text: without tags and entities (search results mark their hits)."""
    return " ".join(html.unescape(_TAG.sub("", _raw(item, paths))).split()) or None
