"""The true addresses behind proxied pictures and redirected links."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

__all__ = ["unwrap"]

# A redirect to a redirect is common, five of them are a trap.
_MAX_LAYERS = 5
# Longer than any address a server takes (nginx: 8 KB).
_MAX_LENGTH = 8192

_ABSOLUTE = re.compile(r"https?://[^/?#\s]+\.[^/?#\s]+", re.IGNORECASE)
# Parameters that carry the true address: u= of duckduckgo and weibo, target= of zhihu and jianshu, objurl= of baidu.
_PARAMETERS = ("url", "u", "target", "to", "goto", "dest", "redirect", "imgurl", "objurl", "src", "image_url", "link")
# Only on these does a parameter stand for the whole address. Elsewhere `?url=` may be a share button or a search,
# whose page is the link. Names end a host: `zhihu.com` covers link.zhihu.com.
_REDIRECTORS = (
    "weserv.nl", "wsrv.nl", "duckduckgo.com", "zhihu.com", "jianshu.com", "weibo.cn", "weibo.com", "sinaimg.cn",
    "image.baidu.com", "gimg2.baidu.com", "mp.weixin.qq.com", "mmbiz.qpic.cn", "weixin110.qq.com", "c.pc.qq.com",
    "gitee.com", "juejin.cn", "sspai.com", "oschina.net", "link.csdn.net", "douban.com", "google.com", "t.cn",
    "steamcommunity.com", "googleusercontent.com", "youtube.com", "facebook.com", "51cto.com", "infoq.cn", "uisdc.com",
)  # fmt: skip
# A path that says what the parameter is for makes any host a redirector or a picture proxy.
_SAYS_SO = re.compile(
    r"(?:^|[/._-])(?:proxy|imgproxy|image-?proxy|cors|redirect|redir|jump|goto|link|out|leave|transfer|fetch|_next/image)"
    r"(?:[/._-]|\.php|\.aspx?|\.jsp|\.html?|$)",
    re.IGNORECASE,
)
# Picture caches that carry host and path of the picture in their own path.
_CACHES = (
    (re.compile(r"i[0-3]\.wp\.com"), re.compile(r"/([^/]+\.[^/]+/.+)")),
    (re.compile(r"cdn\.statically\.io"), re.compile(r"/img/([^/]+\.[^/]+/.+)")),
    (re.compile(r"[\w-]+\.cdn\.ampproject\.org"), re.compile(r"/(?:c|i|v|ii/[^/]+)/(?:s/)?([^/]+\.[^/]+/.+)")),
)


def unwrap(url: str) -> str | None:
    """The true http(s) address inside a proxied one, through several layers; None where ``url`` is no such address.

    >>> unwrap("https://wsrv.nl/?url=news.example.cn%2Fa.jpg&w=300")
    'http://news.example.cn/a.jpg'
    """
    found: str | None = None
    for _ in range(_MAX_LAYERS):
        inner = _unwrap_once(found or url)
        if inner is None:
            break
        found = inner
    return found


def _unwrap_once(url: str) -> str | None:
    if len(url) > _MAX_LENGTH:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return (
        _from_query(parts.query)
        or _from_parameter(parts.hostname, parts.path, parts.query)
        or _from_path(parts.hostname, parts.path, parts.query)
    )


def _from_query(query: str) -> str | None:
    """`https://proxy/?http://…`: the whole query is the address."""
    return _as_address(query if query[:4].lower() == "http" and "://" in query[:8] else _decode_start(query))


def _decode_start(query: str) -> str:
    return unquote(query) if re.match(r"https?%3a", query, re.IGNORECASE) else ""


def _from_parameter(host: str, path: str, query: str) -> str | None:
    if not (_is_redirector(host) or _SAYS_SO.search(path) or _SAYS_SO.search(host)):
        return None
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name.lower() not in _PARAMETERS:
            continue
        # Not decoded as a form: a `+` in an address is a plus.
        if true := _as_address(_decode(value)):
            # The address was pasted unencoded: what follows it belongs to it (`?url=http://a.cn/x?id=1&p=2`).
            return true if "%" in value or "?" not in true else _as_address(query[query.index(pair) + len(name) + 1 :])
        if host.endswith(("weserv.nl", "wsrv.nl")) and (true := _as_address("http://" + _decode(value).lstrip("/"))):
            return true
    return None


def _from_path(host: str, path: str, query: str) -> str | None:
    """`https://proxy/https://…` and the caches that leave out the scheme."""
    whole = path[1:] + (f"?{query}" if query else "")
    if re.match(r"https?:/{1,2}[^/]", whole, re.IGNORECASE):
        return _as_address(re.sub(r"^(https?):/{1,2}", r"\1://", whole, flags=re.IGNORECASE))
    for hosts, paths in _CACHES:
        if hosts.fullmatch(host) and (found := paths.fullmatch(path)):
            return _as_address("https://" + found[1])
    return None


def _decode(value: str) -> str:
    """Percent-decoded until it looks like an address: some redirectors encode twice."""
    for _ in range(2):
        if _ABSOLUTE.match(value):
            break
        value = unquote(value)
    return "https:" + value if value.startswith("//") else value


def _as_address(text: str) -> str | None:
    return text if _ABSOLUTE.match(text) and not re.search(r"[\s<>\"\\\x00-\x1f]", text) else None


def _is_redirector(host: str) -> bool:
    return any(host == name or host.endswith("." + name) for name in _REDIRECTORS)
