"""What can go wrong on the way to a page, as typed values: kind and weight, which decides about the next try.

A failure belongs to one URL and never costs another page its place. ``hard`` failures will not get better by
themselves, ``soft`` ones may, ``temporary`` ones usually do; the weights are those of the field's large crawlers.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import timedelta

from models.errors import DangjianError

__all__ = ["FailureKind", "FailureWeight", "FetchError"]

HEAD_CHARACTERS = 400  # enough of an answer to recognise an error page in a report, too little to bloat a row


class FailureWeight(enum.Enum):
    """How much one failure counts against an address, and so when it is tried again (``models.decide.next_try``)."""

    HARD = 1.0
    SOFT = 0.5
    TEMPORARY = 0.25


class FailureKind(enum.StrEnum):
    """Every way in which fetching can fail; the values are shown to users and stored."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"  # no answer in time: connecting, or between two bytes
    TOO_SLOW = "too-slow"  # bytes came, but the whole took longer than the deadline
    TOO_LARGE = "too-large"  # on the wire or after decompression
    TRUNCATED = "truncated"  # fewer bytes than announced, or a cut gzip stream
    PROTOCOL = "protocol"  # not HTTP, or broken HTTP
    REDIRECT_LOOP = "redirect-loop"  # a loop, or more hops than allowed
    FORBIDDEN_ADDRESS = "forbidden-address"  # not a public address, or not a host of the source
    ROBOTS = "robots"
    HTTP_4XX = "http-4xx"
    HTTP_5XX = "http-5xx"
    RATE_LIMITED = "rate-limited"  # 429, or 503 with Retry-After
    CHALLENGE_PAGE = "challenge-page"  # a WAF or JavaScript wall: recognised, never solved
    WRONG_TYPE = "wrong-type"
    DECODE = "decode"  # content encoding or charset that cannot be undone
    URL = "url"  # an address that cannot be asked for
    PARSE = "parse"  # a list, feed or interface answer that is not what the source file says
    CIRCUIT_OPEN = "circuit-open"  # the host failed so often in this run that it is left alone

    @property
    def weight(self) -> FailureWeight:
        return _WEIGHTS[self]

    @property
    def chinese(self) -> str:
        """Name for reports."""
        return _CHINESE[self]


_WEIGHTS = dict.fromkeys(FailureKind, FailureWeight.SOFT) | {
    FailureKind.DNS: FailureWeight.TEMPORARY,
    FailureKind.REFUSED: FailureWeight.TEMPORARY,
    FailureKind.TIMEOUT: FailureWeight.TEMPORARY,
    FailureKind.TOO_SLOW: FailureWeight.TEMPORARY,
    FailureKind.TRUNCATED: FailureWeight.TEMPORARY,
    FailureKind.HTTP_5XX: FailureWeight.TEMPORARY,
    FailureKind.RATE_LIMITED: FailureWeight.TEMPORARY,
    FailureKind.CIRCUIT_OPEN: FailureWeight.TEMPORARY,
    FailureKind.TOO_LARGE: FailureWeight.HARD,
    FailureKind.FORBIDDEN_ADDRESS: FailureWeight.HARD,
    FailureKind.HTTP_4XX: FailureWeight.HARD,
    FailureKind.WRONG_TYPE: FailureWeight.HARD,
    FailureKind.URL: FailureWeight.HARD,
}

_CHINESE = {
    FailureKind.DNS: "域名无法解析",
    FailureKind.REFUSED: "连接被拒绝",
    FailureKind.TLS: "加密连接失败",
    FailureKind.TIMEOUT: "无应答",
    FailureKind.TOO_SLOW: "太慢",
    FailureKind.TOO_LARGE: "太大",
    FailureKind.TRUNCATED: "内容不完整",
    FailureKind.PROTOCOL: "不是有效的 HTTP 应答",
    FailureKind.REDIRECT_LOOP: "循环跳转",
    FailureKind.FORBIDDEN_ADDRESS: "禁止访问的地址",
    FailureKind.ROBOTS: "robots.txt 不允许",
    FailureKind.HTTP_4XX: "页面不存在或拒绝访问",
    FailureKind.HTTP_5XX: "服务器出错",
    FailureKind.RATE_LIMITED: "请求过于频繁",
    FailureKind.CHALLENGE_PAGE: "被防护墙拦截",
    FailureKind.WRONG_TYPE: "不是网页",
    FailureKind.DECODE: "无法解码",
    FailureKind.URL: "网址有误",
    FailureKind.PARSE: "页面结构与来源文件不符",
    FailureKind.CIRCUIT_OPEN: "主机连续失败，本次不再访问",
}


class FetchError(DangjianError):
    """One URL could not be had. Says which source, which URL, what happened and what stood there instead.

    ``kind`` decides about retries and weight; the members of the error tree's families would say less.
    """

    en = "fetch failed"

    def __init__(
        self,
        kind: FailureKind,
        url: str,
        message: str,
        *,
        source: str = "",
        status: int | None = None,
        head: str = "",
        retry_after: timedelta | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, source=source or None, url=url)
        self._kind = kind
        self.status = status
        self.head = head[:HEAD_CHARACTERS]  # start of the answer, decoded as well as possible
        self.retry_after = retry_after
        self.headers = dict(headers or {})  # of the answer; lower-case names
        self.zh = kind.chinese  # type: ignore[misc]
        self.weight = kind.weight.value  # type: ignore[misc]
        self.page = kind.value  # type: ignore[misc]

    @property
    def kind(self) -> FailureKind:
        return self._kind

    @property
    def message(self) -> str:
        return self.detail

    def __str__(self) -> str:
        where = f"[{self.source}] " if self.source else ""
        return f"{where}{self._kind.chinese} ({self._kind}): {self.url!r}: {self.detail}"

    def __reduce__(self) -> tuple[object, ...]:
        parts = (self._kind, self.url, self.detail, self.source, self.status, self.head, self.retry_after, self.headers)
        return _rebuild, parts


def _rebuild(
    kind: FailureKind,
    url: str,
    message: str,
    source: str | None,
    status: int | None,
    head: str,
    retry_after: timedelta | None,
    headers: Mapping[str, str],
) -> FetchError:
    return FetchError(
        kind, url, message, source=source or "", status=status, head=head, retry_after=retry_after, headers=headers
    )
