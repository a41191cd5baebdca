"""Lists that come as data: which array of an answer or a script names the articles, and by which fields."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.dotted import DATE_PARTS, address_of, date_at, opened, pick, raw_at, text_at
from connectors.js_values import NotAValueError, find_arrays, read_answer
from connectors.list_dates import print_stamp, read_day
from connectors.probe_scripts import find_addresses_made
from connectors.urls import resolve_link
from connectors.walk import Entry

__all__ = ["describe_items", "find_inner_html", "find_interface", "find_script_arrays", "number_pages", "read_items"]

FEWEST_ITEMS = 4
DEEPEST_ARRAY = 8
DEEPEST_FIELD = 3  # {"source": {"urls": {"pc": ...}}}
MOST_FIELDS = 60  # of one item
LOOKED_AT = 20  # items of an array
ENOUGH = 0.8  # of the items must have a field: some are advertisements
MOST_MADE = 3  # ways to make an address that are tried
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
_LINK = re.compile(r"<a\b", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SHORTEST_HEADLINES, _LONGEST_HEADLINES = 8, 40  # characters on average
_DATES_LONG_AGO = datetime(2100, 1, 1, tzinfo=UTC)  # every date that is printed lies before it


def find_interface(
    text: str, url: str, base: str | None = None, program: str = ""
) -> Iterator[tuple[dict[str, Any], tuple[Entry, ...]]]:
    """Settings under ``discover`` for every array of articles in an answer, and the entries each gives.

    ``base`` is the page that shows them, if it is another one, ``program`` what may make their addresses.
    """
    for variable in (None, *_variables(text)):
        try:
            value = read_answer(text, variable)
        except NotAValueError:
            continue
        for path, items in _arrays(value):
            settings = {"kind": "json", "urls": [url], **({"variable": variable} if variable else {})}
            settings |= {"items": path} if path else {}
            for fields in _describe(items, base or url, program):
                entries = read_items(items, fields, base or url)
                apart = base is not None and entries != read_items(items, fields, url)
                yield {**settings, **fields, **({"base": base} if apart else {})}, entries


def find_inner_html(text: str) -> list[tuple[str, str]]:
    """Pieces of pages that an answer in JSON carries, with their dotted paths."""
    try:
        value = read_answer(text)
    except NotAValueError:
        return []
    return [(path, piece) for path in _paths(value) if len(_LINK.findall(piece := raw_at(value, path))) >= FEWEST_ITEMS]


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


def _describe(items: Sequence[Any], base: str, program: str) -> Iterator[dict[str, str]]:
    """The fields of articles, with their address or with how the program makes it."""
    if fields := describe_items(items, base):
        yield fields
        return
    if program and (fields := describe_items(items, base, addressed=False)):
        names = [path for path in _paths(next(item for item in items if isinstance(item, dict))) if "." not in path]
        for made in find_addresses_made(program, names)[:MOST_MADE]:
            yield {"article_url": made, **fields}


def read_items(items: Sequence[Any], fields: dict[str, str], url: str) -> tuple[Entry, ...]:
    entries = []
    for item in items:
        address = resolve_link(url, address_of(item, fields.get("url"), fields.get("article_url")))
        if address:
            entries.append(Entry(address, text_at(item, fields["title"]), date_at(item, fields.get("date"))))
    return tuple(entries)


def _arrays(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Every array of objects, with its dotted path; also objects that serve as one, and arrays within an array."""
    value = opened(value)
    members = list(value.values()) if isinstance(value, dict) else value
    objects = [one for one in members if isinstance(one, dict)] if isinstance(members, list) else []
    if len(objects) >= FEWEST_ITEMS:
        yield (path if isinstance(value, list) else f"{path}.*".lstrip(".")), members
    if objects and isinstance(value, list):
        for name in _names(one for item in objects[:LOOKED_AT] for one in item):
            inner = [one for item in objects if isinstance(item.get(name), list) for one in item[name]]
            if sum(isinstance(one, dict) for one in inner) >= FEWEST_ITEMS:
                yield f"{path}.*.{name}".lstrip("."), inner
    if isinstance(value, dict) and depth < DEEPEST_ARRAY:
        for name in _names(value):
            yield from _arrays(value[name], f"{path}.{name}".lstrip("."), depth + 1)


def _names(names: Iterable[Any]) -> Iterator[str]:
    """Those that can stand in a dotted path, each once."""
    return (name for name in dict.fromkeys(map(str, names)) if re.fullmatch(r"[^.|*]+", name))


def describe_items(items: Sequence[Any], url: str, *, addressed: bool = True) -> dict[str, str] | None:
    """Dotted paths of address, title and date, if the items are articles; not ``addressed``: of the other two."""
    objects = _whole([item for item in items[:LOOKED_AT] if isinstance(item, dict)])
    if len(objects) < FEWEST_ITEMS:
        return None
    paths = list(dict.fromkeys(path for item in objects for path in _paths(item)))[:MOST_FIELDS]
    columns = {path: [_value_at(item, path) for item in objects] for path in paths}
    address = _best(columns, lambda path, values: _rate_address(path, values))
    title = _best(columns, lambda path, values: _rate_title(path, values))
    if title is None or (address is None and addressed):
        return None
    date = _best(columns, lambda path, values: _rate_date(path, values))
    return {**({"url": address} if address else {}), "title": title, **({"date": date} if date else {})}


def _whole(objects: Sequence[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Without those of which most is missing: templates leave holes."""
    filled = [sum(value not in (None, "") for value in item.values()) for item in objects]
    return [item for item, number in zip(objects, filled, strict=True) if 2 * number >= max(filled)]


def _paths(item: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    if isinstance(item, str) and item[:1] == "{":
        with contextlib.suppress(NotAValueError):
            item = read_answer(item)
    if isinstance(item, dict) and depth <= DEEPEST_FIELD:
        for name in _names(item):
            yield from _paths(item[name], f"{path}.{name}".lstrip("."), depth + 1)
    elif path and (isinstance(item, str | int | float) or _is_day(item)):
        yield path


def _value_at(item: Any, path: str) -> str:
    return (date_at(item, path) or "") if _is_day(pick(item, path)) else raw_at(item, path)


def _is_day(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= DATE_PARTS and all(isinstance(part, int) for part in value)


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
    if fits < ENOUGH or distinct < ENOUGH or not (name or _are_headlines(values)):
        return 0.0
    return fits + name - (1.5 if _NO_ARTICLE.search(_name_of(path)) else 0.0)


def _are_headlines(values: Sequence[str]) -> bool:
    """Whether these are Chinese headlines whatever their name: neither words nor leads."""
    lengths = [len(_HAN.findall(value)) for value in values]
    return _SHORTEST_HEADLINES <= sum(lengths) / len(lengths) <= _LONGEST_HEADLINES


def _rate_date(path: str, values: Sequence[str]) -> float:
    fits = _share(values, lambda value: len(value) <= 40 and read_day(print_stamp(value), _DATES_LONG_AGO) is not None)
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
