"""The address of a picture, with lazy loading and proxies undone."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from cleaning.extract.page import Element
from cleaning.links import unwrap
from models.records import Image

__all__ = ["read_image"]

# Where lazy loaders keep the true address, most specific first; src then holds a placeholder.
_SOURCES = ("data-original", "data-src", "data-lazy-src", "data-url", "data-actualsrc", "data-echo", "src")
_ORNAMENT = re.compile(
    r"(?:icon|logo|blank|spacer|loading|arrow|qrcode|erweima|share|weixin|weibo|button|btn|dot|bullet|transparent|pixel|"
    r"placeholder|grey|avatar|emoji|/face/|fileTypeImages|sprite|line\d?\.)[^/]*$",
    re.IGNORECASE,
)
SMALL = 60  # pixels; a picture of less in both directions is an ornament


def read_image(element: Element, base: str) -> Image | None:
    """The picture an <img> shows; None for ornaments, counters and pictures kept in the page itself (data:)."""
    source = next((s for s in (_usable(element.get(name)) for name in _SOURCES) if s), None)
    if source is None:
        return None
    try:
        url = urljoin(base, source)
        path = urlsplit(url).path
    except ValueError:  # http://[broken
        return None
    width, height = _pixels(element.get("width")), _pixels(element.get("height"))
    if not url.startswith(("http://", "https://")) or _ORNAMENT.search(path):
        return None
    if (width and width < SMALL and (height or 0) < SMALL) or (height and height < SMALL and (width or 0) < SMALL):
        return None
    true = unwrap(url)
    return Image(true or url, url if true and true != url else None, width, height)


def _usable(source: str | None) -> str | None:
    source = (source or "").strip()
    return None if not source or source.startswith(("data:", "about:", "javascript:", "#")) else source


def _pixels(value: str | None) -> int | None:
    match = re.match(r"\s*(\d{1,5})(?:px|\s*$|\.)", value or "")
    return int(match[1]) or None if match else None
