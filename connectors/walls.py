"""Walls in front of a site: recognised as what they are, named in the report, never solved."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["MOST_LINKS_IN_SHORT_TEXT", "read_short_text", "recognise_wall"]

LARGEST_WALL = 60_000  # bytes; walls are small pages, articles that quote one are not

# Marks that the products leave in their pages; the names are those their makers use.
_MARKS = {
    "加速乐 (jsl)": (b"__jsl_clearance", b"jsl_clearance_s"),
    "瑞数 (Rivers)": (b"$_ts=window", b"$_ts.nsd", b"_$jsvmprt"),
    "阿里云 acw_sc__v2": (b"acw_sc__v2", b"acw_sc__v3"),
    "阿里云 x5sec": (b"_____tmd_____/punish",),
    "Cloudflare": (
        b"cf-browser-verification",
        b"_cf_chl_opt",
        b"challenge-platform/h/",
        b"DDoS protection by Cloudflare",
        b"Attention Required! | Cloudflare",
    ),
    "雷池 (SafeLine)": (b"Chaitin SafeLine", b"/.safeline/"),
    "云锁 (yunsuo)": (b"WAF-Blocked", b"yunsuo_session"),
}
_STATUS = {412: "瑞数 or a similar wall", 521: "加速乐 or a similar wall"}

# What walls tell their visitor. A page is asked for them only if it holds one of the words in bytes, and they count
# only if it has next to no other text: an article about such a page does.
_WORDS = (
    "验证",
    "拦截",
    "阻断",
    "频繁",
    "封禁",
    "防火墙",
    "机器人",
    "滑块",
    "攻击",
    "安全检查",
    "安全防护",
    "环境异常",
)
_WORD_BYTES = (*(word.encode(charset) for word in _WORDS for charset in ("utf-8", "gbk")), b'type="password"')
_PHRASES = re.compile(
    "安全验证|访问验证|人机验证|滑动验证|请完成验证|完成验证后|(?:图片|下方|图中)的?验证码|输入.{0,8}验证码|浏览器验证|拖动.{0,6}滑块"
    "|网站防火墙|不是机器人|访问(?:过于|太)?频繁|正在进行安全检查|启用了安全防护|环境异常"
    "|(?:访问|请求)(?:已?被|疑似|存在|可能对网站).{0,12}(?:拦截|阻断|攻击|威胁)|(?:IP|地址).{0,8}(?:封禁|拉黑|禁止访问)"
    "|URL有可能对网站造成"
)
MOST_PHRASED = 900  # visible bytes, 300 characters, on a page that is only a wall's message
_LOGIN = re.compile("登[录陆]|login", re.IGNORECASE)

_SCRIPT = re.compile(rb"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_NO_SCRIPT = re.compile(rb"<noscript\b.*?(?:</noscript\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^<>]*>|\s+")
_SETS_AND_LEAVES = re.compile(rb"document\.cookie\s*=|location\.(href|replace|reload)|window\.location\s*=|eval\(")
# A page of the site has its navigation, and some products leave their script on such pages too: counting links costs a
# hundredth of looking for all marks and words.
MOST_LINKS = 20  # on a wall that a product's mark gives away
MOST_LINKS_IN_SHORT_TEXT = 60  # with more of them, no page has as little text as a wall or an error page
MOST_TEXT = 40  # visible bytes on a page that is only a script; "请开启 JavaScript" is 21
_SAYS_WHAT_IT_IS = {404, 410, 500, 502, 504}  # with these a script that moves on only leads home


def recognise_wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The name of the wall that answered instead of the site, or None.

    Status 412 and 521 are walls by themselves on Chinese government hosts; the marks of a product count only on pages
    with few links that are small or have no text; a page that holds nothing but a script that sets a cookie or moves
    on is a JavaScript wall; one that holds nothing but a request to prove oneself, or to log in, is what it says.
    """
    small = body[:LARGEST_WALL]
    links = small.count(b"<a ")
    for name, marks in _MARKS.items() if links <= MOST_LINKS else ():
        if any(mark in small for mark in marks) and (len(body) <= LARGEST_WALL or _is_bare(body[: 10 * LARGEST_WALL])):
            return name
    if status in _STATUS:
        return f"status {status}: {_STATUS[status]}"
    if headers.get("cf-mitigated") == "challenge":
        return "Cloudflare"
    if len(body) > LARGEST_WALL or links > MOST_LINKS_IN_SHORT_TEXT:
        return None
    if links <= MOST_LINKS and status not in _SAYS_WHAT_IT_IS and _SETS_AND_LEAVES.search(small) and _is_bare(small):
        return "JavaScript wall"
    return _read_phrases(small)


def _read_phrases(body: bytes) -> str | None:
    if not any(word in body for word in _WORD_BYTES):
        return None
    text = read_short_text(body, MOST_PHRASED)
    if text is None:
        return None
    found = _PHRASES.search(text)
    if found:
        return f"安全验证页：{found[0]}"
    return "登录页" if b'type="password"' in body and _LOGIN.search(text) else None


def read_short_text(body: bytes, most: int) -> str | None:
    """What a reader sees of a page, without blanks; None if it is more than ``most`` bytes."""
    seen = _TAG.sub(b"", _SCRIPT.sub(b"", body))
    if len(seen) > most:
        return None
    try:
        return seen.decode("utf-8")
    except UnicodeDecodeError:
        return seen.decode("gb18030", "replace")


def _is_bare(body: bytes) -> bool:
    """Whether the page is scripts and next to no text."""
    if b"<script" not in body.lower():
        return False
    return len(_TAG.sub(b"", _NO_SCRIPT.sub(b"", _SCRIPT.sub(b"", body)))) <= MOST_TEXT
