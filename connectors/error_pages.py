"""Pages that say "not found" or "out of order" under status 200, if that is next to all they say."""

from __future__ import annotations

import re

from connectors.failures import FailureKind
from connectors.walls import MOST_LINKS_IN_SHORT_TEXT, read_short_text

__all__ = ["recognise_error_page"]

LARGEST = 15_000  # bytes; error pages bring their styles along, but little more
MOST_TEXT = 900  # visible bytes, 300 characters; a notice that mentions an error is longer

# A page is read only if it holds one of these.
_WORDS = ("不存在", "找不到", "未找到", "删除", "审核", "维护", "出错", "错误", "过期", "出售")
_WORD_BYTES = (
    *(word.encode(charset) for word in _WORDS for charset in ("utf-8", "gbk")),
    *(b"404", b"rror", b"xception"),
)
_GONE = re.compile(
    "(?:页面|网页|文章|内容|信息|栏目|资源|文件).{0,20}(?:不存在|找不到|未找到|没有找到|已(?:被|经)?删除|已下线|正在审核|审核中)"
    "|(?:找不到|未找到|没有找到).{0,12}(?:页面|网页|文章|内容)|域名.{0,8}(?:过期|出售|停靠)"
    "|404(?:错误|Not?Found|FileNotFound)|PageNotFound|FileNotFound",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"HTTP(?:Status|Error|错误)?[-:]?50[0-4]|InternalServerError|BadGateway|ServiceUnavailable|java\.lang\.|OLEDBProvider"
    "|FatalerrorUncaught|ServerErrorin|系统正在.{0,6}(?:维护|升级)|(?:维护|升级)中.{0,4}请稍后|服务器.{0,4}(?:内部)?(?:出错|错误)|数据库.{0,6}(?:出错|错误)",
    re.IGNORECASE,
)


def recognise_error_page(body: bytes) -> tuple[FailureKind, str] | None:
    """Kind and words of an error page that calls itself a success; None for any other page."""
    if len(body) > LARGEST or body.count(b"<a ") > MOST_LINKS_IN_SHORT_TEXT:
        return None
    if not any(word in body for word in _WORD_BYTES):
        return None
    text = read_short_text(body, MOST_TEXT)
    if text is None:
        return None
    for kind, words in ((FailureKind.HTTP_4XX, _GONE), (FailureKind.HTTP_5XX, _BROKEN)):
        found = words.search(text)
        if found:
            return kind, f"an error page under status 200: {found[0]}"
    return None
