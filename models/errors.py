"""The error tree: four families, by what somebody has to do about it.

    DangjianError
    ├── TryAgainLater              稍后再试        nobody acts; the next run tries again by itself
    │   ├── NetworkTrouble         网络不通        no answer, cut connection, deadline
    │   ├── ServerBusy             对方繁忙        429, 5xx, Retry-After
    │   ├── DatabaseBusy           数据库繁忙      locked, connection lost, disk full
    │   └── RunInProgress          已有运行        another run holds the lease
    ├── SourceBroken               来源有问题      look at the site or at its source file
    │   ├── PageGone               页面已删除      404, 410
    │   ├── AccessRefused          拒绝访问        403, 412, 521, robots.txt, login wall
    │   ├── NothingListed          列表为空        a list that parses to nothing
    │   └── UnsafePage             页面不安全      too large, bomb, forbidden address, wrong type
    ├── BadRecord                  记录不合格      look at this page in the quarantine
    │   ├── NotReadable            无法读取        bytes that no charset or form explains
    │   ├── NoArticle              没有正文        neither text nor picture
    │   └── NotStorable            无法入库        the database refuses the row
    └── ConfigurationWrong         配置有误        we act, before the next run
        ├── SourceFileWrong        来源文件有误    YAML that does not say what it must
        ├── DatabaseUrlWrong       数据库地址有误  DANGJIAN_DATABASE_URL
        ├── DatabaseTooNew         数据库版本过新  written by a later version of this program
        ├── DatabaseNotReady       数据库未升级    tables of an earlier version, or none
        ├── DatabaseNotEmpty       数据库不是空的  a backup is not restored over a corpus unasked
        ├── BackupUnusable         备份不可用      damaged, incomplete, or not a backup
        └── OutcomesDoNotBalance   结果不平衡      outcomes that do not add up to what was discovered

Every error says which source and URL it is about, what was expected and what to do; ``str()`` puts that on
one line, Chinese first. ``weight`` is how much the failure counts against a URL (see models.decide).
"""

# A family is named by what to do about it, so the names need no "Error" at the end.
# ruff: noqa: N818

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AccessRefused",
    "BackupUnusable",
    "BadRecord",
    "ConfigurationWrong",
    "DangjianError",
    "DatabaseBusy",
    "DatabaseNotEmpty",
    "DatabaseNotReady",
    "DatabaseTooNew",
    "DatabaseUrlWrong",
    "NetworkTrouble",
    "NoArticle",
    "NotReadable",
    "NotStorable",
    "NothingListed",
    "OutcomesDoNotBalance",
    "PageGone",
    "RunInProgress",
    "ServerBusy",
    "SourceBroken",
    "SourceFileWrong",
    "TryAgainLater",
    "UnsafePage",
]

TEMPORARY, SOFT, HARD = 0.25, 0.5, 1.0


class DangjianError(Exception):
    """Anything of ours that went wrong.

    ``detail`` says what happened, in the words of whoever noticed; the other parts are optional.
    ``zh`` and ``en`` name the kind of error in both languages, ``kind`` names it in tables and filters, ``page`` is
    the page of docs/errors/ that says more.
    """

    zh: ClassVar[str] = "出错"
    en: ClassVar[str] = "error"
    weight: ClassVar[float] = SOFT
    page: ClassVar[str] = "README"

    def __init__(
        self,
        detail: str = "",
        *,
        source: str | None = None,
        url: str | None = None,
        expected: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.source = source
        self.url = url
        self.expected = expected
        self.advice = advice

    @property
    def kind(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        parts = [f"{self.zh} ({self.en})" + (f": {self.detail}" if self.detail else "")]
        if self.source:
            parts.append(f"来源 {self.source}")
        if self.url:
            parts.append(f"网址 {self.url!r}")  # repr(): what a site sends must not break a log line
        if self.expected:
            parts.append(f"应为 {self.expected}")
        if self.advice:
            parts.append(f"办法 {self.advice}")
        parts.append(f"说明 docs/errors/{self.page}.md")
        return " | ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process with all parts."""
        return _rebuild, (type(self), self.detail, self.source, self.url, self.expected, self.advice)


def _rebuild(
    kind: type[DangjianError],
    detail: str,
    source: str | None,
    url: str | None,
    expected: str | None,
    advice: str | None,
) -> DangjianError:
    return kind(detail, source=source, url=url, expected=expected, advice=advice)


class TryAgainLater(DangjianError):
    zh, en, weight = "稍后再试", "try again later", TEMPORARY


class NetworkTrouble(TryAgainLater):
    zh, en = "网络不通", "network trouble"
    page = "timeout"


class ServerBusy(TryAgainLater):
    zh, en = "对方繁忙", "server busy"
    page = "http-5xx"


class DatabaseBusy(TryAgainLater):
    zh, en = "数据库繁忙", "database busy or out of reach"
    page = "database-busy"


class RunInProgress(TryAgainLater):
    zh, en = "已有运行", "another run is in progress"
    page = "run-in-progress"


class SourceBroken(DangjianError):
    zh, en, weight = "来源有问题", "the source is broken", SOFT
    page = "source-health"


class PageGone(SourceBroken):
    zh, en, weight = "页面已删除", "page gone", HARD
    page = "http-4xx"


class AccessRefused(SourceBroken):
    zh, en, weight = "拒绝访问", "access refused", SOFT
    page = "challenge-page"


class NothingListed(SourceBroken):
    zh, en = "列表为空", "nothing listed"
    page = "nothing-listed"


class UnsafePage(SourceBroken):
    zh, en, weight = "页面不安全", "unsafe page", HARD
    page = "too-large"


class BadRecord(DangjianError):
    zh, en, weight = "记录不合格", "bad record", HARD
    page = "not-readable"


class NotReadable(BadRecord):
    zh, en = "无法读取", "not readable"


class NoArticle(BadRecord):
    zh, en = "没有正文", "no article on the page"
    page = "no-article"


class NotStorable(BadRecord):
    zh, en = "无法入库", "refused by the database"
    page = "not-storable"


class ConfigurationWrong(DangjianError):
    zh, en, weight = "配置有误", "our configuration is wrong", TEMPORARY
    page = "configuration"


class SourceFileWrong(ConfigurationWrong):
    zh, en = "来源文件有误", "source file is wrong"
    page = "source-file"


class DatabaseUrlWrong(ConfigurationWrong):
    zh, en = "数据库地址有误", "database address is wrong"


class DatabaseTooNew(ConfigurationWrong):
    zh, en = "数据库版本过新", "database is newer than this program"
    page = "database-revision"


class DatabaseNotReady(ConfigurationWrong):
    zh, en = "数据库未升级", "database is not up to date"
    page = "database-revision"


class DatabaseNotEmpty(ConfigurationWrong):
    zh, en = "数据库不是空的", "database is not empty"
    page = "restore"


class BackupUnusable(ConfigurationWrong):
    zh, en = "备份不可用", "backup can not be used"
    page = "restore"


class OutcomesDoNotBalance(ConfigurationWrong):
    zh, en = "结果不平衡", "outcomes do not add up to what was discovered"
    page = "outcomes-do-not-balance"
