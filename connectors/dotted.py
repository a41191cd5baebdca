"""Values at dotted paths of what interfaces answer: ``data.results.*.source``."""

from __future__ import annotations

import contextlib
import html
import re
from typing import Any

from connectors.js_values import NotAValueError, read_answer
from connectors.list_dates import print_stamp

__all__ = ["DATE_PARTS", "address_of", "date_at", "opened", "pick", "raw_at", "text_at"]

DATE_PARTS = 3  # year, month, day
_FIELD = re.compile(r"\{([\w.]+)\}")
_TAG = re.compile(r"<[^<>]*>")


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
    value = opened(value)
    if step == "*":
        return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    if isinstance(value, dict):
        return [value[step]] if step in value else []
    if isinstance(value, list) and step.isdigit():
        return [value[int(step)]] if int(step) < len(value) else []
    return []


def raw_at(item: Any, paths: str | None) -> str:
    """The first of the paths, split by |, that has a value, as it stands."""
    for path in (paths or "").split("|"):
        found = pick(item, path) if path else None
        value = found[0] if found else None
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip().encode("utf-8", "replace").decode()  # "\\ud800" is a character to JSON only
    return ""


def text_at(item: Any, paths: str | None) -> str | None:
    """Likewise as text: without tags and entities (search results mark their hits)."""
    return " ".join(html.unescape(_TAG.sub("", raw_at(item, paths))).split()) or None


def date_at(item: Any, paths: str | None) -> str | None:
    """Likewise a date: stamps are printed, and [2026, 11, 20, 9, 0] as Java writes it."""
    for path in (paths or "").split("|"):
        found = pick(item, path) if path else None
        if found and len(found) >= DATE_PARTS and all(isinstance(part, int) for part in found):
            return "-".join(f"{part:02d}" for part in found[:DATE_PARTS])
    text = text_at(item, paths)
    return print_stamp(text) if text else None


def opened(value: Any) -> Any:
    """What a string that holds JSON stands for; anything else as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        with contextlib.suppress(NotAValueError):
            return read_answer(value)
    return value


def address_of(item: Any, paths: str | None, made: str | None) -> str:
    """The address at one of the paths, or the one ``made`` from fields: /info/{id}.html; empty if one has no value."""
    if made is None:
        return raw_at(item, paths)
    values = {name: raw_at(item, name) for name in _FIELD.findall(made)}
    return _FIELD.sub(lambda field: values[field[1]], made) if all(values.values()) else ""
