"""For every kind of failure: its name in both languages, what to do in one line, and the page that says more.

    remedy_of("dns")               the kinds of connectors.failures, as they stand in the database
    remedy_of("DatabaseBusy")      the classes of models.errors
    remedy_of("cleaning-timeout")  the kinds of flows.workshop; any other exception there is "cleaning-error"

docs/errors/ holds one page each; a test keeps code and pages together.
"""

from __future__ import annotations

from dataclasses import dataclass

from models import errors

__all__ = ["FOLDER", "REMEDIES", "Remedy", "remedy_of"]

FOLDER = "docs/errors"
OTHER = "cleaning-error"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a person reads of one kind of failure."""

    page: str  # name of the page without .md
    zh: str
    en: str
    advice: str

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.page}.md"


_WAIT = "一般不用管，之后会自动再试 / usually nothing: it is tried again by itself"

_ALL = (
    Remedy("dns", "域名无法解析", "host name not found", f"{_WAIT}；多个来源同时出现时查本机网络：dangjian doctor"),
    Remedy(
        "refused",
        "连接被拒绝",
        "connection refused",
        f"{_WAIT}；持续数日则看网站是否停办 / else look whether the site is gone",
    ),
    Remedy(
        "tls",
        "加密连接失败",
        "TLS failed",
        "看网站证书；老网站可在来源文件设 tls.legacy / look at the certificate, or set tls.legacy",
    ),
    Remedy(
        "timeout", "无应答", "no answer in time", f"{_WAIT}；常出现则放慢 pace / if it is frequent, slow the pace down"
    ),
    Remedy("too-slow", "太慢", "too slow", f"{_WAIT}；常出现则提高 limits.deadline / else raise limits.deadline"),
    Remedy(
        "too-large",
        "太大",
        "too large",
        "看网址是不是文章；确是则提高 limits.body_mb / if it is an article, raise limits.body_mb",
    ),
    Remedy("truncated", "内容不完整", "cut off", _WAIT),
    Remedy(
        "protocol",
        "不是有效的 HTTP 应答",
        "not valid HTTP",
        "在浏览器中打开网址；http 与 https 写错？/ http written for https?",
    ),
    Remedy(
        "redirect-loop",
        "循环跳转",
        "redirects without end",
        "在浏览器中打开网址，改来源文件中的网址 / correct the address in the source file",
    ),
    Remedy(
        "forbidden-address",
        "禁止访问的地址",
        "address not allowed",
        "本机代理假地址：设 DANGJIAN_OPEN_NETWORKS；别的主机：加入 hosts.allow",
    ),
    Remedy(
        "robots",
        "robots.txt 不允许",
        "refused by robots.txt",
        "不要绕过；换栏目、联系网站或停用来源 / ask the site, or disable the source",
    ),
    Remedy(
        "http-4xx",
        "页面不存在或拒绝访问",
        "page missing or refused",
        "404：文章已撤，不用管；403：看是否被拦截 / 404: nothing; 403: look",
    ),
    Remedy("http-5xx", "服务器出错", "server error", _WAIT),
    Remedy(
        "rate-limited",
        "请求过于频繁",
        "too many requests",
        "在来源文件放慢 pace.delay / raise pace.delay in the source file",
    ),
    Remedy(
        "challenge-page",
        "被防护墙拦截",
        "stopped by a wall",
        "不会也不应破解；放慢、换时段、联系网站 / slow down, ask the site",
    ),
    Remedy(
        "wrong-type",
        "不是网页",
        "not a page",
        "多为附件；用 discover.reject 排除 / mostly attachments: exclude them with discover.reject",
    ),
    Remedy(
        "decode",
        "无法解码",
        "can not be decoded",
        "列表页在来源文件设 discover.charset / set discover.charset for lists",
    ),
    Remedy(
        "url",
        "网址有误",
        "address can not be asked for",
        "列表给出的网址有误；用 discover.reject 排除 / exclude it with discover.reject",
    ),
    Remedy(
        "parse",
        "页面结构与来源文件不符",
        "not what the source file says",
        "网站可能改版：dangjian sources check，再改来源文件",
    ),
    Remedy(
        "circuit-open",
        "主机连续失败，本次不再访问",
        "host left alone for this run",
        "看该主机的第一个失败 / look at the first failure of this host",
    ),
    Remedy(
        "cleaning-timeout",
        "清洗超时",
        "cleaning took too long",
        "把网址报给维护者；其他页面不受影响 / report the address; other pages are not affected",
    ),
    Remedy(
        "cleaning-memory",
        "清洗内存超限",
        "cleaning needed too much memory",
        "把网址报给维护者；其他页面不受影响 / report the address",
    ),
    Remedy(
        "cleaning-died",
        "清洗进程意外结束",
        "a cleaning process died",
        "多为内存不足：减少 DANGJIAN_WORKERS / mostly memory: fewer DANGJIAN_WORKERS",
    ),
    Remedy(
        OTHER,
        "清洗出错",
        "cleaning failed",
        "程序缺陷：把网址和调用栈报给维护者，修复后重新清洗 / a defect: report it, then dangjian reprocess",
    ),
    Remedy(
        "no-article",
        "没有正文",
        "no article on the page",
        "看页面：栏目页则用 discover.reject，文章则补 article 规则 / reject it, or add a rule",
    ),
    Remedy(
        "not-readable",
        "无法读取",
        "not readable",
        "看页面是否真是文章；是则报给维护者 / if it is an article, report it",
    ),
    Remedy(
        "not-storable",
        "无法入库",
        "refused by the database",
        "把隔离记录中的原因报给维护者，修复后重新清洗 / report it, then dangjian reprocess",
    ),
    Remedy(
        "nothing-listed",
        "列表为空",
        "nothing listed",
        "网站可能改版：dangjian sources check，再改来源文件 / the site may have changed",
    ),
    Remedy(
        "source-health",
        "来源可疑或失效",
        "source suspect or broken",
        "打开网站对照，再 dangjian sources check / compare with the site",
    ),
    Remedy(
        "source-file",
        "来源文件有误",
        "source file is wrong",
        "按提示改正该行；编辑器可用 schema.json / correct the line that is named",
    ),
    Remedy(
        "database-busy",
        "数据库繁忙或不可用",
        "database busy or out of reach",
        "看磁盘、锁和数据库服务：dangjian doctor / disk, locks, server",
    ),
    Remedy(
        "disk-full",
        "磁盘已满",
        "disk full",
        "腾出空间后再运行，已存的都在 / make room and run again; what was stored is there",
    ),
    Remedy(
        "database-revision",
        "数据库版本不符",
        "database of another version",
        "旧：dangjian migrate；新：安装写它的版本 / older: migrate; newer: install that version",
    ),
    Remedy(
        "restore",
        "备份或恢复失败",
        "backup or restore failed",
        "换另一份备份，或恢复到空数据库 / another backup, or an empty database",
    ),
    Remedy(
        "configuration",
        "配置有误",
        "configuration is wrong",
        "按提示改正 .env 或环境变量 / correct .env or the environment as it says",
    ),
    Remedy(
        "login", "口令不对", "login refused", "口令在 data/prefect/login；也可设 DANGJIAN_PREFECT_LOGIN / see that file"
    ),
    Remedy(
        "run-in-progress",
        "已有运行",
        "another run is in progress",
        "等它结束，或在界面取消它 / wait for it, or cancel it in the UI",
    ),
    Remedy("crashed-run", "运行中断", "run crashed", "再运行一次，它会接着做 / run again: it goes on where it was"),
    Remedy(
        "schedule",
        "定时任务没有运行",
        "schedule did not fire",
        "make serve 是否在运行？dangjian doctor / is make serve running?",
    ),
    Remedy(
        "outcomes-do-not-balance",
        "结果合计与发现数不一致",
        "outcomes do not add up",
        "程序缺陷：把报告发给维护者；数据没有丢 / a defect: report it; no data is lost",
    ),
)

REMEDIES = {remedy.page: remedy for remedy in _ALL}


def remedy_of(kind: str) -> Remedy:
    """The remedy for a kind of failure as it stands in the database, or for the name of an error."""
    own = getattr(errors, kind, None)
    page = own.page if isinstance(own, type) and issubclass(own, errors.DangjianError) else kind
    return REMEDIES.get(page, REMEDIES[OTHER])
