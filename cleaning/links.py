"""True addresses of proxied links and pictures."""

from __future__ import annotations

import re

__all__ = ["unwrap"]

_SIMPLE = re.compile(r"^https?://[^/?]+/\?(https?://.+)$")


def unwrap(url: str) -> str | None:
    """The true address behind a proxied one, or None where there is no proxy."""
    found = _SIMPLE.match(url)
    return found[1] if found else None
