"""What a failed task says: what happened, what was expected, what the site answered, how to try again. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from connectors.failures import FailureKind
from flows.ingest import FailedItem
from flows.remedies import remedy_of
from flows.report import CHINA
from models.decide import KnownUrl, UrlState

__all__ = ["describe_failure", "explain_source_retry", "show_safely"]


STAGES = {
    "discover": "读列表 / discover",
    "fetch": "抓取 / fetch",
    "extract": "提取正文 / extract",
    "clean": "清洗 / clean",
    "store": "入库 / store",
}

EXPECTED = {
    FailureKind.DNS: "域名能解析 / a host name that resolves",
    FailureKind.REFUSED: "服务器接受连接 / a server that accepts connections",
    FailureKind.TLS: "有效的证书和加密协议 / a valid certificate and protocol",
    FailureKind.TIMEOUT: "时限内有应答 / an answer in time",
    FailureKind.TOO_SLOW: "时限内传完 / the whole answer in time",
    FailureKind.TOO_LARGE: "大小在 limits.body_mb 以内 / no more than limits.body_mb",
    FailureKind.TRUNCATED: "完整的应答 / the whole answer",
    FailureKind.PROTOCOL: "有效的 HTTP 应答 / valid HTTP",
    FailureKind.REDIRECT_LOOP: "几次跳转之内到达 / an end of the redirects",
    FailureKind.FORBIDDEN_ADDRESS: "公网地址 / a public address",
    FailureKind.ROBOTS: "robots.txt 允许 / allowed by robots.txt",
    FailureKind.HTTP_4XX: "HTTP 200",
    FailureKind.HTTP_5XX: "HTTP 200",
    FailureKind.RATE_LIMITED: "HTTP 200",
    FailureKind.CHALLENGE_PAGE: "文章页面，而不是验证页 / the page itself, not a check of the visitor",
    FailureKind.WRONG_TYPE: "网页或列表所声明的类型 / a page, or what the list is declared as",
    FailureKind.DECODE: "能解码的内容 / content that can be decoded",
    FailureKind.URL: "http:// 或 https:// 开头的网址 / an address that can be asked for",
    FailureKind.PARSE: "与来源文件相符的结构 / the structure that the source file declares",
    FailureKind.CIRCUIT_OPEN: "主机有应答 / a host that answers",
}
PAGE_EXPECTED = "能在时限和内存限制内清洗的页面 / a page that can be cleaned within time and memory"

# Characters that turn a line around or move a cursor say nothing and hide much.
_HARMLESS = frozenset("\n\t")


def show_safely(text: str) -> str:
    """Text from a site as plain characters: control, format and private ones are spelled out."""
    return "".join(
        c if c in _HARMLESS or unicodedata.category(c)[0] != "C" else c.encode("unicode_escape").decode()
        for c in text.replace("\r\n", "\n")
    )


def describe_failure(item: FailedItem, source: str, known: KnownUrl | None) -> str:
    """All that a person needs, for the log of the failed task. ``source`` is the name of the source."""
    said, _, head = item.message.partition("\n")
    kind, remedy = _kind_of(item), remedy_of(item.kind)
    lines = [
        f"网址 / URL:      {show_safely(item.url)}",
        f"来源 / source:   {source} ({item.candidate.source})",
        f"阶段 / stage:    {STAGES.get(item.stage, item.stage)}",
        f"类别 / kind:     {remedy.zh} / {remedy.en} ({item.kind})",
        f"应为 / expected: {EXPECTED[kind] if kind else PAGE_EXPECTED}",
        f"实际 / found:    {show_safely(said)}",
    ]
    if item.answer or head:
        answer = [show_safely(part) for part in (item.answer, head) if part]
        lines += ["应答 / answer:", *(f"    {line}" for line in "\n\n".join(answer).splitlines())]
    lines += [f"办法 / what to do: {remedy.advice}", f"说明 / more:     {remedy.path}"]
    retry = explain_source_retry if item.stage == "discover" else explain_url_retry
    return "\n".join([*lines, retry(item.candidate.source, item.kind if kind else "", known)])


def _kind_of(item: FailedItem) -> FailureKind | None:
    return FailureKind(item.kind) if item.kind in set(FailureKind) else None


RETRY_HERE = "点本次运行页面上的 Retry：只重做失败的部分 / Retry on the page of this run repeats only what failed"


def explain_url_retry(slug: str, kind: str = "", known: KnownUrl | None = None) -> str:
    """How to try a failed address again."""
    what = f"，类别 {kind}" if kind else ""
    options = f" --source {slug}" + (f" --kind {kind}" if kind else "")
    if known and known.state is UrlState.GIVEN_UP:
        options += " --given-up"
    return "\n".join(
        [
            "如何重试 / how to try again:",
            f"  1. {RETRY_HERE}",
            f"  2. 部署“重试失败” / deployment 重试失败：来源 {slug}{what}",
            f"  3. 命令 / command: dangjian retry{options}",
            f"  {_if_left(known)}",
        ]
    )


def explain_source_retry(slug: str, kind: str = "", known: KnownUrl | None = None) -> str:
    """How to try a source again whose lists or batches failed."""
    return "\n".join(
        [
            "如何重试 / how to try again:",
            f"  1. {RETRY_HERE}",
            f"  2. 部署“抓取一个来源” / deployment 抓取一个来源：来源 {slug}",
            f"  3. 命令 / command: dangjian ingest {slug}；先看看 / to look first: dangjian sources check {slug}",
            "  不做任何事 / if left alone: 下一次夜间采集会再试 / the next nightly run tries again",
        ]
    )


def _if_left(known: KnownUrl | None) -> str:
    if known and known.state is UrlState.GIVEN_UP:
        return "不做任何事 / if left alone: 多次失败，已放弃，不再自动重试 / given up, it is not tried again"
    due = f"{_in_china(known.next_try)} 之后的" if known and known.next_try else "下一次"
    return f"不做任何事 / if left alone: {due}夜间采集会再试 / a later nightly run tries again"


def _in_china(moment: datetime) -> str:
    return re.sub(r":\d\d\+.*$", "", moment.astimezone(CHINA).isoformat(" ", "seconds"))
