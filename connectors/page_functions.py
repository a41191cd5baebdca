"""Functions of a page that open addresses: what a click on showDetail('345') leads to.

Programs are not run: a function counts if it opens one address, put together from literals and its own arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["OPENS", "follow_functions"]

LONGEST_PROGRAM = 300_000  # characters of the scripts of a page
LONGEST_BODY = 1500  # characters of a function
MOST_FUNCTIONS = 200
MOST_CLICKS = 3000  # elements of a page
_FUNCTION = re.compile(
    r"(?:function\s+(?P<name>[A-Za-z_$][\w$]{0,60})|(?<![\w$])(?P<name2>[A-Za-z_$][\w$]{0,60})\s*=\s*function)\s*\((?P<takes>[\w$,\s]{0,120})\)\s*\{"
)
_PART = r"""(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'|[\w$]{1,60})"""
OPENS = r"(?:location(?:\.href)?\s*=|\bopen\s*\(|location\.(?:assign|replace)\s*\()\s*"  # before an address
_OPENED = re.compile(rf"{OPENS}(?P<address>{_PART}(?:\s*\+\s*{_PART})*)")
_CALL = re.compile(
    r"(?:javascript:|return\s|;|\s)*(?P<name>[A-Za-z_$][\w$]{0,60})\s*\((?P<given>[^()]{0,300})\)", re.IGNORECASE
)
_GIVEN = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|(-?[\w.]+))\s*(?:,|$)""")

Make = Callable[[Sequence[str]], str]


def follow_functions(root: Any) -> None:
    """Write into the tree where clicks lead that call a function of the page."""
    functions = None
    for node in root.xpath(f"(//*[@onclick or starts-with(@href, 'javascript:')])[position() <= {MOST_CLICKS}]"):
        if functions is None:
            functions = _read_functions("\n".join(root.xpath("//script/text()"))[:LONGEST_PROGRAM])
        if not functions:
            return
        address = _address_of(node, functions)
        if address:
            node.set("href" if node.tag == "a" else "data-href", address)


def _read_functions(program: str) -> dict[str, Make]:
    found: dict[str, Make] = {}
    for number, function in enumerate(_FUNCTION.finditer(program)):
        if number >= MOST_FUNCTIONS:
            break
        rest = program[function.end() : function.end() + LONGEST_BODY]
        following = _FUNCTION.search(rest)
        opens = _OPENED.search(rest, 0, following.start() if following else len(rest))
        if opens:
            takes = [name.strip() for name in function["takes"].split(",") if name.strip()]
            make = _maker(re.findall(_PART, opens["address"]), takes)
            if make:
                found[function["name"] or function["name2"]] = make
    return found


def _maker(parts: Sequence[str], takes: Sequence[str]) -> Make | None:
    """None if the address is made of anything but literals and arguments, or the same for all."""
    names = [part for part in parts if part[0] not in "\"'"]
    if not names or not all(name in takes for name in names):
        return None

    def make(given: Sequence[str]) -> str:
        known = dict(zip(takes, given, strict=False))
        return "".join(part[1:-1] if part[0] in "\"'" else known.get(part, "") for part in parts)

    return make


def _address_of(node: Any, functions: dict[str, Make]) -> str | None:
    for attribute in ("onclick", "href"):
        call = _CALL.match((node.get(attribute) or "")[:LONGEST_BODY])
        if call and call["name"] in functions:
            given = [one or two or three for one, two, three in _GIVEN.findall(call["given"])]
            return functions[call["name"]](given) if given else None
    return None
