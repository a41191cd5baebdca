"""Values at dotted paths of what interfaces answer: ``data.results.*.source``."""

from __future__ import annotations

import html
import re
from typing import Any

from connectors.js_values import NotAValueError, read_answer

__all__ = ["pick", "raw_at", "text_at"]

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
