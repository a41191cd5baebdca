"""Interfaces that the scripts of a page ask for its list: address, method and fields, as far as they stand there.

Programs are not run. An address is put together from the literals and the variables with a literal value around the
call; the number of the page becomes {n}.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from connectors.urls import host_of, resolve_link

__all__ = ["Call", "find_addresses_made", "find_calls", "find_script_files", "find_units"]

MOST_CALLS = 8  # of one page that are worth asking
MOST_FILES = 4  # scripts of the site that are read when the page itself holds no call
LOOKED_BEHIND = 1500  # characters behind an address in which its fields end
LOOKED_NEAR = 500  # ... in which method and fields begin
LOOKED_BEFORE = 300  # ... they may stand before the address
MOST_SIGHTED = 400  # strings that look like addresses; programs made small hold thousands
PAGE_SIZE = 15  # where the program keeps the size of a page to itself
_STRING = r"""(?:"[^"\n]{0,600}"|'[^'\n]{0,600}'|`[^`]{0,600}`)"""
_VALUE = r"(?:new )?[\w$.]{1,60}(?:\(\))*(?:\.\w+\(\))?"
_EXPRESSION = rf"(?:{_STRING}|{_VALUE})(?:\s*\+\s*(?:{_STRING}|{_VALUE}))*"
# What stands before the address of a request, in jQuery, axios, fetch, layui and by hand.
_ASKED = re.compile(
    r"""(?:\b(?P<key>url)\s*:|(?<!\w)(?P<call>ajax|getJSON|get|post|request|fetch|load)\s*\("""
    r"""|\bopen\s*\(\s*["'](?P<verb>GET|POST)["']\s*,)\s*"""
    rf"(?P<address>{_EXPRESSION})",
    re.IGNORECASE,
)
_SET_TO = re.compile(
    r"""(?<![\w$.])([A-Za-z_$][\w$]{0,60})["']?\s{0,9}[:=]\s{0,9}(?:"([^"\n]{0,200})"|'([^'\n]{0,200})'|(\d{1,12})\b)"""
)
_PART = re.compile(rf"(?P<string>{_STRING})|(?P<name>{_VALUE})")
_METHOD = re.compile(r"""\b(?:type|method)\s*:\s*["'](\w+)["']""")
_SENT = r"\b(?:data|params|body|where)\s*:\s*(?:[\w.]{1,20}\.stringify\s*\(\s*)?"
_UNIT = re.compile(r"<\w+\b[^<>]{0,600}\bqueryData\s*=[^<>]{0,3000}>", re.IGNORECASE)
_FIELDS = re.compile(_SENT + r"(?=\{)")
_NAMED_FIELDS = re.compile(_SENT + r"(?:[\w$]{1,20}\.){0,3}(?P<name>[A-Za-z_$][\w$]{0,40})")
_SECOND = re.compile(
    r"\s*,\s*(?:[\w.]{1,20}\.stringify\s*\(\s*)?(?:(?=\{)|(?:[\w$]{1,20}\.){0,3}(?P<name>[A-Za-z_$][\w$]{0,40}))"
)
LONGEST_PROGRAM = 3_000_000  # characters; the largest programs of such sites have two million
LONGEST_OBJECT = 1000  # characters of the fields that are sent
_FIELD = re.compile(
    r"""["']?(?P<name>[A-Za-z_$][\w$.]{0,40})["']?\s*(?::\s*(?:"(?P<double>[^"\n]{0,200})"|'(?P<single>[^'\n]{0,200})'"""
    r"""|(?P<number>-?\d{1,12})\s*(?=[,}\n]|$)|(?P<value>[^,\n]{1,80})))?(?:,|\s*$|\s*\n)"""
)
_AS_JSON = re.compile(r"application/json|JSON\.stringify")
_SENDS_JSON = re.compile(r"\b(?:axios|http|request|fetch)\b[^;}]*\Z")  # what these send, unless told otherwise
_PAGE_NAME = re.compile(r"(?:p|pn|page|cur|current|curr)(?:_?(?:no|num|number|index|page|id))?|page_?now|nowpage", re.I)
_SIZE_NAME = re.compile(r"(?:page_?)?(?:size|limit|rows|count|num)|per_?page|row_?num", re.I)
# Lists are read; what changes something, or belongs to the reader, is never asked.
_READS = re.compile(
    r"list|page|query|search|find|news|article|content|cms|info|data|get|load|column|channel|doc|json|api|item|html?$",
    re.IGNORECASE,
)
_WRITES = frozenset(
    "login logout register reg save add insert update delete del remove submit upload vote like zan comment click"
    " clicks hit hits count counter visit stat stats log captcha verify sms user password token weather cookie".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NO_LIST = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|woff2?)$", re.IGNORECASE)
_LIBRARIES = re.compile(
    r"jquery|vue|react|bootstrap|swiper|layui|layer|echarts|axios|polyfill|superslide|share|analytics|slick|vendors"
    r"|element|moment|lazyload|flexible|html5shiv|respond|wx|video|qrcode|modernizr|font",
    re.I,
)
_DETAIL = re.compile(r"detail|info|article|show|view|content|art|news", re.IGNORECASE)
_PAGE_NAMES = ("pageNo", "pageNum", "pageIndex", "page", "currentPage", "pageNumber", "current")
# How a program makes an article's address: '/info/' + item.id + '.html', `/detail?id=${row.articleId}`.
_MADE = re.compile(
    r"""["'`(=]\s*(?P<before>(?:https?:/)?\.{0,2}/?[\w\-./?=&%#]{0,120}[/=_\-]|[\w-]{1,30}\.\w{2,5}\?[\w=&]{0,40}=)"""
    r"""(?:["']\s*\+\s*(?:[\w$]+(?:\[\w+\])?\.)*(?P<name>[\w$]+)(?:\s*\+\s*["'](?P<behind>[\w./\-?=&]{0,40}))?"""
    r"""|\$\{\s*(?:[\w$]+\.)*(?P<name2>[\w$]+)\s*\}(?P<behind2>[\w./\-?=&]{0,40}))"""
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that a script makes. ``first`` is asked with {n} as 1."""

    url: str  # absolute; may hold {n}
    method: str = "GET"
    form: Mapping[str, str] | None = None
    json_body: str | None = None
    first: int = 1

    @property
    def settings(self) -> dict[str, Any]:
        """As under ``discover`` of a source file."""
        posted = {"json_body": self.json_body} if self.json_body else {"form": dict(self.form or {})}
        counted = {"first": self.first} if self.turns and self.first != 1 else {}
        return {"urls": [self.url], **({"method": "POST", **posted} if self.method == "POST" else {}), **counted}

    @property
    def turns(self) -> bool:
        return any("{n}" in part for part in (self.url, self.json_body or "", *(self.form or {}).values()))


def find_calls(program: str, base: str) -> list[Call]:
    """Requests for what may be lists, the most promising first."""
    found: dict[tuple[str, str], tuple[float, Call]] = {}
    program = program[:LONGEST_PROGRAM]
    values = _read_values(program)
    for asked in _sighted(program):
        call = _read_call(program, values, asked, base)
        if call is None or host_of(call.url) != host_of(base) or call.url.partition("#")[0] == base:
            continue
        path = call.url.partition("//")[2].partition("/")[2].partition("?")[0]
        if _is_no_reading(path) or not _READS.search(path):
            continue
        score = len(set(map(str.lower, _READS.findall(path)))) + call.turns
        found.setdefault((call.url, call.method), (score, call))
    return [call for _, call in sorted(found.values(), key=lambda one: -one[0])][:MOST_CALLS]


def find_units(page: str, base: str) -> list[Call]:
    """Lists that the pages of JPAAS load by what their elements say: url and queryData."""
    found = []
    for element in _UNIT.finditer(page):
        address = re.search(r"""\burl\s*=\s*["']([^"']{5,400})["']""", element.group(), re.IGNORECASE)
        query = re.search(r"""\bqueryData\s*=\s*"\{([^"]{5,2000})\}\"""", html.unescape(element.group()), re.IGNORECASE)
        url = resolve_link(base, address[1]) if address else None
        if url and query and host_of(url) == host_of(base):
            sent = dict(re.findall(r"""['"](\w{1,30})['"]\s*:\s*['"]?([^'",}]{0,200})""", query[1]))
            number = f'{{"pageNo":{{n}},"pageSize":{PAGE_SIZE}}}'
            fields = urlencode(sent) + "&paramJson=" + quote(number, safe="{}:,").replace("{%22", "%7B%22")
            found.append(Call(f"{url}?{_close(fields)}"))
    return found[:MOST_CALLS]


def _close(fields: str) -> str:
    """Braces of JSON written as addresses write them, but for those of {n}."""
    return re.sub(r"\}$", "%7D", fields)


def _is_no_reading(path: str) -> bool:
    return bool(_WRITES & {word.lower() for word in _WORD.findall(path)}) or _NO_LIST.search(path) is not None


def _sighted(program: str) -> Iterator[re.Match[str]]:
    for number, asked in enumerate(_ASKED.finditer(program)):
        if number >= MOST_SIGHTED:
            return
        yield asked


def _read_call(program: str, values: Mapping[str, str], asked: re.Match[str], base: str) -> Call | None:
    address = _evaluate(asked["address"], values)
    url = resolve_link(base, address) if re.search(r"[/.]", address) else None
    if url is None:
        return None
    before = program[max(0, asked.start() - LOOKED_BEFORE) : asked.start()] if asked["key"] else ""
    behind = program[asked.end() : asked.end() + LOOKED_BEHIND]
    method = _method(asked, before, behind)
    fields = _fields(before, behind, program, values)
    url = url.replace("%7Bn%7D", "{n}")
    first = 0 if any(values.get(name) == "0" for name in _PAGE_NAMES) else 1
    sender = program[max(0, asked.start() - LOOKED_NEAR // 8) : asked.start()] + (asked["call"] or "")
    sends_json = _AS_JSON.search(behind[:LOOKED_NEAR]) or _SENDS_JSON.search(sender)
    if method == "POST" and sends_json:
        return Call(url, method, json_body=_as_json(fields), first=first)
    if method == "POST":
        return Call(url, method, form=fields, first=first)
    joined = "&".join(f"{name}={value}" for name, value in fields.items())
    return Call(url + ("&" if "?" in url else "?") + joined if joined else url, first=first)


def _method(asked: re.Match[str], before: str, behind: str) -> str:
    said = asked["verb"] or ("POST" if (asked["call"] or "").lower() == "post" else "")
    named = _METHOD.search(behind[:LOOKED_NEAR]) or _METHOD.search(before[-LOOKED_NEAR // 4 :])
    return "POST" if (said or (named[1] if named else "")).upper() == "POST" else "GET"


def _fields(before: str, behind: str, program: str, values: Mapping[str, str]) -> dict[str, str]:
    """The fields that are sent: an object behind ``data:``, or the second argument of the call."""
    second = _SECOND.match(behind)
    inner = _FIELDS.search(behind[:LOOKED_NEAR]) or (second if second and not second["name"] else None)
    named = _NAMED_FIELDS.search(behind[:LOOKED_NEAR]) or (second if second and second["name"] else None)
    value = re.search(rf"\b{re.escape(named['name'])}\s*[:=]\s*(?=\{{)", program) if named and not inner else None
    start = inner.end() if inner else None
    if value:
        start, behind = value.end(), program
    elif start is None and (inner := _FIELDS.search(before)):
        start, behind = inner.end(), before
    return dict(_known_fields(_braced(behind, start), values)) if start is not None else {}


def _braced(program: str, start: int) -> str:
    """What stands between a brace and the one that closes it."""
    depth = 0
    for mark in re.finditer(r"[{}]", program[start : start + LONGEST_OBJECT]):
        depth += 1 if mark.group() == "{" else -1
        if depth == 0:
            return program[start + 1 : start + mark.start()]
    return ""


def _known_fields(written: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field in _FIELD.finditer(written):
        name, variable = field["name"], (field["value"] or field["name"]).strip().rpartition(".")[2]
        literal = next((field[quote] for quote in ("double", "single", "number") if field[quote] is not None), None)
        if _PAGE_NAME.fullmatch(name):
            yield name, "{n}"
        elif literal is not None:
            yield name, literal
        elif (known := values.get(variable)) is not None:
            yield name, known
        elif _SIZE_NAME.fullmatch(name):
            yield name, str(PAGE_SIZE)


def _as_json(fields: Mapping[str, str]) -> str:
    """Numbers as numbers; the number of the page too, once it is filled in."""
    written = {name: int(value) if re.fullmatch(r"[1-9]\d{0,8}", value) else value for name, value in fields.items()}
    return json.dumps(written, ensure_ascii=False).replace('"{n}"', "{n}")


def _evaluate(expression: str, values: Mapping[str, str]) -> str:
    """The text that literals and variables with a literal value make; {n} for the number of the page."""
    made = ""
    for part in _PART.finditer(expression):
        if part["string"]:
            made += _fill_template(part["string"], values)
        else:
            name = part["name"].rpartition(".")[2]
            made += "{n}" if _PAGE_NAME.fullmatch(name) else values.get(name, "")
    return re.sub(r"[?&]\w{1,12}=$", "", made)  # a stamp against caches


def _fill_template(string: str, values: Mapping[str, str]) -> str:
    if string[0] != "`":
        return string[1:-1].replace("\\/", "/")
    return re.sub(
        r"\$\{\s*(?:[\w$]+\.)*([\w$]+)\s*\}",
        lambda hole: "{n}" if _PAGE_NAME.fullmatch(hole[1]) else values.get(hole[1], ""),
        string[1:-1],
    )


def _read_values(program: str) -> dict[str, str]:
    """Literals by the names of the variables and members that are first set to them."""
    values: dict[str, str] = {}
    for found in _SET_TO.finditer(program):
        name, double, single, number = found.groups()
        values.setdefault(name, double if double is not None else single if single is not None else number)
    return values


def find_addresses_made(program: str, names: Sequence[str]) -> list[str]:
    """How the program makes addresses from fields of these names: /info/{id}.html; the most used first."""
    known = {name.rpartition(".")[2]: name for name in reversed(names)}
    made: dict[str, int] = {}
    for found in _MADE.finditer(program):
        name = known.get(found["name"] or found["name2"])
        if name is None or _is_no_reading(found["before"]):
            continue
        address = f"{found['before']}{{{name}}}{found['behind'] or found['behind2'] or ''}"
        made[address] = made.get(address, 0) + 1
    return sorted(made, key=lambda one: (_DETAIL.search(one) is None, -made[one]))


def find_script_files(sources: Sequence[str], base: str) -> list[str]:
    """Scripts of the site itself that may hold its program: not the libraries."""
    found = dict.fromkeys(resolve_link(base, one) for one in sources if not _LIBRARIES.search(one.rpartition("/")[2]))
    return [one for one in found if one and host_of(one) == host_of(base)][-MOST_FILES:]
