"""Read a file with YAML front matter: Hexo and Hugo posts, and what feed exporters write for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from cleaning.forms.fields import Stated, read_stated

__all__ = ["split_front_matter"]

# Front matter of real posts is under 2,000 characters; more is not front matter, and YAML is slow.
LONGEST = 20_000

_OPENING = re.compile(r"\s*---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
_PAIR = re.compile(r"^(?P<key>[^\s:#-][^:\n]{0,60}?)\s*:(?:\s+(?P<value>.*))?$")


def split_front_matter(text: str) -> tuple[Stated, str] | None:
    """What the front matter states, and the body below it; None where the text has no closed front matter."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end(), opening.end() + LONGEST) if opening else None
    if opening is None or closing is None:
        return None
    fields = _read_yaml(text[opening.end() : closing.start()])
    return None if fields is None else (read_stated(fields), text[closing.end() :])


def _read_yaml(source: str) -> Mapping[str, object] | None:
    try:
        # Strings, lists and mappings only: a date stays as printed, `no` stays a word, no object is built.
        value = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        value = _read_pairs(source)
    return {str(k): v for k, v in value.items()} if isinstance(value, dict) and value else None


def _read_pairs(source: str) -> dict[str, object]:
    """Lines `key: value` of front matter that is not YAML, such as a title with a colon in it."""
    pairs: dict[str, object] = {}
    items: list[str] = []
    for line in source.splitlines():
        if found := _PAIR.match(line):
            items = []
            value = _unquote((found["value"] or "").strip())
            pairs[found["key"].strip()] = value or items
        elif line.strip().startswith("- "):
            items.append(_unquote(line.strip()[2:].strip()))
    return pairs


def _unquote(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
