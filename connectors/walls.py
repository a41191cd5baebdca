"""Walls in front of a site: recognised as what they are, named in the report, never solved."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["recognise_wall"]

LARGEST_WALL = 60_000  # bytes; walls are small pages, articles that quote one are not

# Marks that the products leave in their pages; the names are those their makers use.
_MARKS = {
    "加速乐 (jsl)": (b"__jsl_clearance", b"jsl_clearance_s"),
    "瑞数 (Rivers)": (b"$_ts=window", b"$_ts.nsd", b"_$jsvmprt"),
    "阿里云 acw_sc__v2": (b"acw_sc__v2", b"acw_sc__v3"),
    "Cloudflare": (b"cf-browser-verification", b"_cf_chl_opt", b"challenge-platform/h/"),
    "安全验证页": (
        "安全验证".encode(),
        "安全验证".encode("gbk"),
        "访问验证".encode(),
        "人机验证".encode(),
        "网站防火墙".encode(),
        "请完成验证".encode(),
        b"WAF-Blocked",
        b"yunsuo_session",
    ),
}
_WALL_STATUS = {412: "瑞数 or a similar wall", 521: "加速乐 or a similar wall"}
_SCRIPT = re.compile(rb"<script\b.*?(</script\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^<>]*>|\s+")
_SETS_AND_LEAVES = re.compile(rb"document\.cookie\s*=|location\.(href|replace|reload)|window\.location\s*=|eval\(")
MOST_LINKS = 10  # of a wall; a page of the site has its navigation, and some products leave their script on it too
MOST_TEXT = 40  # visible bytes on a page that is only a script; "请开启 JavaScript" is 21


def recognise_wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The name of the wall that answered instead of the site, or None.

    Status 412 and 521 are walls by themselves on Chinese government hosts; the marks of a product count only on small
    pages with few links; a page that holds nothing but a script that sets a cookie or moves on is a JavaScript wall.
    """
    may_be_wall = len(body) <= LARGEST_WALL and body.count(b"<a ") <= MOST_LINKS
    if may_be_wall:
        for name, marks in _MARKS.items():
            if any(mark in body for mark in marks) and (name != "安全验证页" or _is_bare(body, most=600)):
                return name
    if status in _WALL_STATUS:
        return f"status {status}: {_WALL_STATUS[status]}"
    if headers.get("cf-mitigated") == "challenge":
        return "Cloudflare"
    if may_be_wall and _SETS_AND_LEAVES.search(body) and _is_bare(body):
        return "JavaScript wall"
    return None


def _is_bare(body: bytes, most: int = MOST_TEXT) -> bool:
    """Whether the page has next to no text outside its scripts."""
    if b"<script" not in body.lower() and most == MOST_TEXT:
        return False
    return len(_TAG.sub(b"", _SCRIPT.sub(b"", body))) <= most
