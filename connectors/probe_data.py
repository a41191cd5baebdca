"""Lists that come as data: which array of an answer or a script names the articles, and by which fields."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.dotted import raw_at, text_at
from connectors.js_values import NotAValueError, find_arrays, read_answer
from connectors.list_dates import read_day
from connectors.urls import resolve_link
from connectors.walk import Entry

__all__ = ["describe_items", "find_interface", "find_script_arrays", "number_pages", "read_items"]

FEWEST_ITEMS = 4
DEEPEST_FIELD = 3  # {"source": {"urls": {"pc": ...}}}
MOST_FIELDS = 60  # of one item
LOOKED_AT = 20  # items of an array
ENOUGH = 0.8  # of the items must have a field: some are advertisements
MOST_ARRAYS = 200  # of one page
# Names of fields, the best first, as the systems of SITES and programmers in general call them.
_URL_NAMES = re.compile(
    r"^(url|href|link|link_add|linkurl|pageurl|docpuburl|jumpurl|weburl|pc|pcurl)$|url|link|href|path", re.I
)
_TITLE_NAMES = re.compile(
    r"^(title|doctitle|headline|newstitle|showtitle|listtitle|subject|topic)$|title|name|headline", re.I
)
_DATE_NAMES = re.compile(r"pub|release|display|show|brief|doc_?rel|^date$|^time$|issue", re.I)
_OTHER_DATES = re.compile(r"update|modif|edit|expire|end|delete|crawl|operate", re.I)
_NO_ARTICLE = re.compile(r"img|image|pic|cover|thumb|icon|logo|avatar|author|channel|column|site|video|file|qr", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|bmp|mp4|css|js)(?:$|\?)", re.I)
_ADDRESS = re.compile(r"(?:https?:)?//\S+|\.{0,2}/\S+|[\w./-]+\.(?:s?html?|jsp|aspx?|php)(?:\?\S*)?")
_PAGE_FIELDS = re.compile(
    r"p|pn|page|pageno|pagenum|pagenumber|pageindex|currpage|curpage|currentpage|current|pageid", re.I
)
_DATES_LONG_AGO = datetime(2100, 1, 1, tzinfo=UTC)  # every date that is printed lies before it


def find_interface(text: str, url: str) -> Iterator[tuple[dict[str, Any], tuple[Entry, ...]]]:
    """Settings under ``discover`` for every array of articles in an answer, and the entries each gives."""
    for variable in (None, *_variables(text)):
        try:
            value = read_answer(text, variable)
        except NotAValueError:
            continue
        for path, items in _arrays(value):
            fields = describe_items(items, url)
            if fields:
                settings = {"kind": "json", "urls": [url], **({"variable": variable} if variable else {})}
                yield {**settings, **({"items": path} if path else {}), **fields}, read_items(items, fields, url)


def _variables(text: str) -> list[str]:
    return list(
        dict.fromkeys(re.findall(r"(?:^|[;\s])(?:var\s+)?([A-Za-z_$][\w$]{0,60})\s*=\s*[\[{]", text[:200_000]))
    )[:10]


def find_script_arrays(text: str, url: str) -> Iterator[tuple[dict[str, str], tuple[Entry, ...]]]:
    """Settings under ``script`` for every array of articles in the scripts of a page."""
    tried: set[str] = set()
    for found in re.finditer(
        r"""(?P<quote>["']?)(?P<name>[A-Za-z_$][\w$]{0,60})(?P=quote)\s*(?P<mark>[:=])(?=\s*\[\s*\{)""", text
    ):
        # Numbers in names differ from column to column.
        name = re.sub(r"\d+", r"\\d+", re.escape(found["name"]))
        before = rf"\b{name}\s*=" if found["mark"] == "=" else rf"\b{name}[\"']?\s*:"
        if before in tried or len(tried) > MOST_ARRAYS:
            continue
        tried.add(before)
        for items in find_arrays(text, before):
            fields = describe_items(items, url)
            if fields:
                yield {"array": before, **fields}, read_items(items, fields, url)


def read_items(items: Sequence[Any], fields: dict[str, str], url: str) -> tuple[Entry, ...]:
    entries = []
    for item in items:
        address = resolve_link(url, raw_at(item, fields["url"]))
        if address:
            entries.append(Entry(address, text_at(item, fields["title"]), text_at(item, fields.get("date"))))
    return tuple(entries)


def _arrays(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Every array of objects, with its dotted path."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            value = read_answer(value)
        except NotAValueError:
            return
    if isinstance(value, list) and sum(isinstance(one, dict) for one in value) >= FEWEST_ITEMS:
        yield path, value
    if isinstance(value, dict) and depth < 8:
        for name, inner in value.items():
            if re.fullmatch(r"[^.|*]+", name):
                yield from _arrays(inner, f"{path}.{name}".lstrip("."), depth + 1)


def describe_items(items: Sequence[Any], url: str) -> dict[str, str] | None:
    """Dotted paths of address, title and date, if the items are articles."""
    objects = [item for item in items[:LOOKED_AT] if isinstance(item, dict)]
    if len(objects) < FEWEST_ITEMS:
        return None
    paths = list(dict.fromkeys(path for item in objects for path in _paths(item)))[:MOST_FIELDS]
    columns = {path: [raw_at(item, path) for item in objects] for path in paths}
    address = _best(columns, lambda path, values: _rate_address(path, values))
    title = _best(columns, lambda path, values: _rate_title(path, values))
    if address is None or title is None:
        return None
    date = _best(columns, lambda path, values: _rate_date(path, values))
    return {"url": address, "title": title, **({"date": date} if date else {})}


def _paths(item: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    if isinstance(item, str) and item[:1] == "{":
        with contextlib.suppress(NotAValueError):
            item = read_answer(item)
    if isinstance(item, dict) and depth <= DEEPEST_FIELD:
        for name, value in item.items():
            if re.fullmatch(r"[^.|*]+", str(name)):
                yield from _paths(value, f"{path}.{name}".lstrip("."), depth + 1)
    elif path and isinstance(item, str | int | float):
        yield path


def _best(columns: dict[str, list[str]], rate: Any) -> str | None:
    rated = [(rate(path, values), -at, path) for at, (path, values) in enumerate(columns.items())]
    score, _, path = max(rated, default=(0.0, 0, ""))
    return path if score > 0 else None


def _share(values: Sequence[str], fits: Any) -> float:
    return sum(bool(value and fits(value)) for value in values) / len(values)


def _name_of(path: str) -> str:
    return path.rpartition(".")[2]


def _rate_address(path: str, values: Sequence[str]) -> float:
    fits = _share(values, lambda value: _ADDRESS.fullmatch(value) and not _PICTURE.search(value))
    distinct = len({value for value in values if value}) / len(values)
    if fits < ENOUGH or distinct < ENOUGH:
        return 0.0
    return fits + _rate_name(path, _URL_NAMES) - (1.5 if _NO_ARTICLE.search(_name_of(path)) else 0.0)


def _rate_title(path: str, values: Sequence[str]) -> float:
    fits = _share(
        values, lambda value: re.search(r"[^\W\d_]", value) and len(value) <= 120 and not _ADDRESS.fullmatch(value)
    )
    distinct = len(set(values)) / len(values)
    name = _rate_name(path, _TITLE_NAMES)
    if fits < ENOUGH or distinct < ENOUGH or not name:
        return 0.0
    return fits + name - (1.5 if _NO_ARTICLE.search(_name_of(path)) else 0.0)


def _rate_date(path: str, values: Sequence[str]) -> float:
    fits = _share(values, lambda value: read_day(value, _DATES_LONG_AGO) is not None and len(value) <= 40)
    if fits < ENOUGH:
        return 0.0
    name = _name_of(path)
    return fits + (1.0 if _DATE_NAMES.search(name) else 0.0) - (0.5 if _OTHER_DATES.search(name) else 0.0)


def _rate_name(path: str, names: re.Pattern[str]) -> float:
    """2 for a name that says it, 1 for one that holds it, or that lies within one: title.rendered."""
    found = names.search(_name_of(path))
    if found is None:
        return 1.0 if names.search(path) else 0.0
    return 2.0 if found[1] else 1.0


def number_pages(url: str) -> Iterator[tuple[str, int]]:
    """The address with {n} for the number of the page, and the number that stands there now."""
    for name, value in parse_qsl(urlsplit(url).query):
        if _PAGE_FIELDS.fullmatch(name) and value.isdigit() and len(value) <= 3:
            yield re.sub(rf"([?&]{re.escape(name)}=){value}(?=&|$)", r"\g<1>{n}", url, count=1), int(value)
