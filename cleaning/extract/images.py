"""The address of a picture, with lazy loading and proxies undone."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from cleaning.extract.page import Element
from cleaning.links import unwrap
from models.records import Image

__all__ = ["read_image"]

# Where lazy loaders keep the true address, most specific first; src then holds a placeholder.
_SOURCES = (
    "data-original", "data-src", "data-lazy-src", "data-original-src", "data-lazyload", "data-lazy", "data-url",
    "data-actualsrc", "data-echo", "zoomfile", "file", "_src", "src",
)  # fmt: skip
_SETS = ("data-srcset", "srcset")
# Sizes in one attribute: data-size="1080,608"
_SIZE = re.compile(r"\s*(\d{1,5})\s*[,xX*×]\s*(\d{1,5})\s*$")
_ORNAMENT = re.compile(
    r"(?:icon|logo|blank|spacer|loading|arrow|qrcode|erweima|share|weixin|weibo|button|btn|dot|bullet|transparent|pixel|"
    r"placeholder|grey|avatar|emoji|/face/|fileTypeImages|sprite|line\d?\.)[^/]*$",
    re.IGNORECASE,
)
SMALL = 60  # pixels; a picture of less in both directions is an ornament


def read_image(element: Element, base: str) -> Image | None:
    """The picture an <img> shows; None for ornaments, counters and pictures kept in the page itself (data:)."""
    source = next((s for s in (_usable(element.get(name)) for name in _SOURCES) if s), None) or _from_set(element)
    if source is None:
        return None
    try:
        url = urljoin(base, source)
        path = urlsplit(url).path
    except ValueError:  # http://[broken
        return None
    width, height = _read_size(element)
    if not url.startswith(("http://", "https://")) or _ORNAMENT.search(path):
        return None
    if (width and width < SMALL and (height or 0) < SMALL) or (height and height < SMALL and (width or 0) < SMALL):
        return None
    true = unwrap(url)
    return Image(true or url, url if true and true != url else None, width, height)


def _from_set(element: Element) -> str | None:
    """The first address of a srcset, where no attribute holds a single one."""
    for name in _SETS:
        address = _usable((element.get(name) or "").split(",")[0].split(" ")[0])
        if address:
            return address
    return None


def _read_size(element: Element) -> tuple[int | None, int | None]:
    """Width and height of the picture itself where the page tells them, else those it is shown at."""
    match = _SIZE.match(element.get("data-size") or "")
    if match and int(match[1]) and int(match[2]):
        return int(match[1]), int(match[2])
    width = _pixels(element.get("data-width") or element.get("data-w"))
    height = _pixels(element.get("data-height") or element.get("data-h"))
    ratio = re.fullmatch(r"\d{1,3}(?:\.\d{1,20})?", element.get("data-ratio") or "")
    if width and not height and ratio and float(ratio[0]):  # WeChat: height over width
        height = round(width * float(ratio[0]))
    if width and height:
        return width, height
    return _pixels(element.get("width")), _pixels(element.get("height"))


def _usable(source: str | None) -> str | None:
    source = (source or "").strip()
    return None if not source or source.startswith(("data:", "about:", "javascript:", "#")) else source


def _pixels(value: str | None) -> int | None:
    match = re.match(r"\s*(\d{1,5})(?:px|\s*$|\.)", value or "")
    return int(match[1]) or None if match else None
