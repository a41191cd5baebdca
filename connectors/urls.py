"""Identity of an article by its address: one key for all spellings of one address, never one for two articles.

The canonical form is a key only; what is fetched is the address as the site wrote it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

__all__ = ["BadAddressError", "article_key", "canonical_url", "check_address", "fits_host", "host_of", "resolve_link"]

LONGEST_ADDRESS = 2048  # browsers' and sitemaps.org's bound; longer ones are traps
DEEPEST_PATH = 20  # as Heritrix: deeper ones are relative links that eat their own tail
MOST_REPEATS = 3  # of one path segment, likewise

# Names that only say how a reader came, gathered from the share buttons and counters of Chinese and western sites.
_TRACKING = re.compile(
    r"utm_\w+|spm|scm|gclid|fbclid|msclkid|bd_vid|hm(sr|pl|cu|kw|ci)|isappinstalled|share_(token|from|id|source|medium)"
    r"|(php|j)sessionid|_hsenc|_hsmi|mc_[ce]id|yclid|wxfrom|wx_header|nsukey|tdsourcetag",
    re.IGNORECASE,
)
# Names that mean something elsewhere, with the values that mean nothing.
_TRACKING_VALUES = {
    "from": {"timeline", "groupmessage", "singlemessage", "message", "share"},
    "div": {"-1"},  # 方正 e-papers add it to every link of the page map
}
_DEFAULT_DOCUMENT = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|php|aspx?)$", re.IGNORECASE)
_WECHAT_IDENTITY = ("__biz", "mid", "idx", "sn")  # what makes a WeChat article; the rest is session and scene
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")
# What most links of a site are: nothing in them means anything but itself. A list of 500 is read in half the time.
_PLAIN_PATH = r"(?P<path>(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*+)*+/?)"
_PLAIN = re.compile(
    r"(?P<origin>https?://(?P<host>[a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+)*+)(?P<port>:[1-9]\d{0,3})?)(?=[/?#]|\Z)"
    + _PLAIN_PATH
)
_PLAIN_REFERENCE = re.compile(_PLAIN_PATH)


class BadAddressError(ValueError):
    """An address that cannot be asked for; the message says why."""


def article_key(url: str, aliases: Mapping[str, str] | None = None) -> str:
    """sha256 of the canonical address, 64 hex digits."""
    return hashlib.sha256(canonical_url(url, aliases).encode()).hexdigest()


def canonical_url(url: str, aliases: Mapping[str, str] | None = None) -> str:
    """One spelling for one article: https, small host, no default port, tracking, fragment or default document.

    ``aliases`` maps the second name of a host to its first (m.example.cn → www.example.cn). A fragment that is a
    route of a single-page site (``#/detail/1``, ``#!...``) stays. An address that is no web address stays as it is.
    """
    plain = _PLAIN.fullmatch(url)
    if plain and plain["port"] not in (":80", ":443") and plain["host"] not in (aliases or ()):
        return f"https://{plain['host']}{plain['port'] or ''}{_DEFAULT_DOCUMENT.sub('/', plain['path']) or '/'}"
    parts = _split(url.strip())
    if parts is None or parts.scheme.lower() not in ("http", "https"):
        return url.strip()
    host = _canonical_host(parts, aliases or {})
    path = re.sub(r";jsessionid=[^/?#]*", "", parts.path, flags=re.IGNORECASE)
    query = _canonical_query(host, path, parts.query)
    if not query:
        path = _DEFAULT_DOCUMENT.sub("/", path)
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    joined = urlunsplit(("https", host, path or "/", query, fragment))
    return str(canonicalize_url(joined, keep_fragments=bool(fragment)))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on ports that are none
    except ValueError:
        return None
    return parts


def _canonical_host(parts: SplitResult, aliases: Mapping[str, str]) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = aliases.get(host, host)
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _canonical_query(host: str, path: str, query: str) -> str:
    fields = query.split("&") if query else []
    if host == "mp.weixin.qq.com" and path == "/s":
        kept = [field for field in fields if field.partition("=")[0] in _WECHAT_IDENTITY]
        return "&".join(kept or fields)
    return "&".join(field for field in fields if field and not _is_tracking(field))


def _is_tracking(field: str) -> bool:
    name, _, value = field.partition("=")
    return bool(_TRACKING.fullmatch(unquote(name))) or value in _TRACKING_VALUES.get(name.lower(), ())


def resolve_link(base: str, href: str) -> str | None:
    """The absolute address of a link as a browser would ask for it, without its fragment; None if it leads nowhere.

    Blanks around and line breaks inside are dropped as browsers do; backslashes are read as slashes.
    """
    if _PLAIN.fullmatch(href):
        return href
    if href and _PLAIN_REFERENCE.fullmatch(href) and (plain := _PLAIN.match(base)):
        return plain["origin"] + href
    href = re.sub(r"[\t\r\n]", "", href.strip())
    if not href or href.startswith("#") or re.match(r"(?i)(javascript|mailto|tel|data|about|blob|vbscript):", href):
        return None
    try:
        absolute = urljoin(base, href.replace("\\", "/") if "?" not in href else href)
        absolute.encode()  # what JSON calls a character may be half of one
        parts = urlsplit(absolute)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    keeps = parts.fragment.startswith(("/", "!"))
    return urlunsplit(parts._replace(fragment=parts.fragment if keeps else "")).replace(" ", "%20")


def check_address(url: str) -> None:
    """Raise BadAddressError for what must not be asked for: other schemes, user names, control characters, traps."""
    if len(url) > LONGEST_ADDRESS:
        raise BadAddressError(f"address of {len(url)} characters; at most {LONGEST_ADDRESS} are asked for")
    if _UNSAFE.search(url):
        raise BadAddressError("address with blanks or control characters")
    plain = _PLAIN.fullmatch(url)
    _check_path(plain["path"] if plain else _take_path(url))


def _take_path(url: str) -> str:
    parts = _split(url)
    if parts is None:
        raise BadAddressError("address that cannot be taken apart")
    if parts.scheme not in ("http", "https"):
        raise BadAddressError(f"scheme {parts.scheme!r}; only http and https are asked for")
    if not parts.hostname:
        raise BadAddressError("address without a host")
    if parts.username is not None or parts.password is not None:
        raise BadAddressError("address with a user name or password")
    return parts.path


def _check_path(path: str) -> None:
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > DEEPEST_PATH:
        raise BadAddressError(f"path of {len(segments)} segments; deeper than {DEEPEST_PATH} is a trap")
    different = set(segments)
    if len(segments) - len(different) >= MOST_REPEATS and any(segments.count(one) > MOST_REPEATS for one in different):
        raise BadAddressError("path that repeats itself: a trap")


def host_of(url: str) -> str:
    """Host in small letters, without port; empty if there is none."""
    if plain := _PLAIN.fullmatch(url):
        return plain["host"]
    parts = _split(url)
    return (parts.hostname or "").rstrip(".") if parts else ""


def fits_host(host: str, allowed: str) -> bool:
    """Whether ``host`` is ``allowed`` or, for ``*.example.cn``, example.cn or a host below it."""
    if allowed.startswith("*."):
        return host == allowed[2:] or host.endswith(allowed[1:])
    return host == allowed
