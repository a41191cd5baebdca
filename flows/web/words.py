"""The words of the pages for values of our enumerations. Chinese, as a person at a desk says them."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from cleaning.explain import name_rule
from cleaning.tags import gazetteer
from flows.standing import HEALTH_NAMES
from models.accounts import HealthState, RunKind, SourceState
from models.records import Level, Origin
from models.wording import Relation

__all__ = [
    "CHARSET_ORIGINS",
    "HEALTH",
    "HEALTH_OF",
    "KINDS",
    "LEVELS",
    "ORIGINS",
    "RELATIONS",
    "name_flag",
    "name_province",
    "name_region",
    "province_of",
    "same",
]

# What somebody has to look at first.
HEALTH: Mapping[HealthState, str] = HEALTH_NAMES

# A source that was never judged as a whole: by its last run alone.
HEALTH_OF: Mapping[SourceState, HealthState] = {
    SourceState.OK: HealthState.OK,
    SourceState.SUSPECT: HealthState.SUSPECT,
    SourceState.UNREACHABLE: HealthState.BROKEN,
    SourceState.BLOCKED: HealthState.BLOCKED,
    SourceState.FAILED: HealthState.BROKEN,
    SourceState.SKIPPED: HealthState.DISABLED,
}

KINDS: Mapping[RunKind, str] = {
    RunKind.NIGHTLY: "夜间采集",
    RunKind.INGEST: "单独采集",
    RunKind.SEEDS: "载入种子",
    RunKind.REPROCESS: "重新清洗",
    RunKind.RETRY: "重试",
    RunKind.BACKFILL: "补采",
    RunKind.HOUSEKEEPING: "清理",
}

RELATIONS: Mapping[Relation | None, str] = {
    Relation.ORIGINAL: "首发",
    Relation.SAME: "相同",
    Relation.SHORTENED: "缩短",
    Relation.EXTENDED: "加长",
    Relation.EDITED: "改写",
    Relation.CONVERTED: "转码",
    None: "人工合并",
}

ORIGINS: Mapping[Origin, str] = {
    Origin.RULE: "来源文件的选择器",
    Origin.FAMILY: "建站系统的版式",
    Origin.META: "网页 meta 标签",
    Origin.BYLINE: "标题下的署名行",
    Origin.TAIL: "文末",
    Origin.FOOTER: "页脚",
    Origin.HEADING: "网页大标题",
    Origin.TITLE_TAG: "浏览器标题",
    Origin.URL: "网址",
    Origin.FEED: "订阅源",
    Origin.LIST: "栏目列表",
    Origin.FRONT_MATTER: "文件头",
    Origin.SCRIPT_DATA: "网页内的数据",
    Origin.TEXT_MASS: "文字最多的区域",
    Origin.TRAFILATURA: "通用提取",
    Origin.FIRST_LINE: "首行",
    Origin.FILE: "整个文件",
}

CHARSET_ORIGINS: Mapping[str, str] = {
    "bom": "文件开头的字节顺序标记",
    "utf-8": "字节正好是 UTF-8",
    "rule": "来源文件的规定",
    "header": "服务器的说明",
    "meta": "网页自己的说明",
    "score": "逐一试读，取最通顺的",
    "mixed": "一页两种编码，分段读出",
    "ascii": "只有 ASCII 字符",
    "default": "没有说明，用默认值",
}

LEVELS: Mapping[Level, str] = {
    Level.PROVINCE: "省级",
    Level.CITY: "地级",
    Level.DISTRICT: "区",
    Level.COUNTY: "县",
    Level.COUNTY_CITY: "县级市",
    Level.STREET: "街道",
    Level.TOWN: "镇",
    Level.TOWNSHIP: "乡",
    Level.COMMUNITY: "社区、村",
}

_FLAGS = {
    "attributes-dropped": "网页标签异常，已略去",
    "bytes-lost": "有字节无法解读",
    "characters-lost": "有字丢失（�）",
    "characters-rebuilt": "有字按损坏的字节推断",
    "copies-differ": "页内两份正文不一致",
    "no-text": "没有正文",
    "pages-capped": "分页超过上限，后面的页未取",
    "pages-missing": "缺后续分页，正文不全，之后每晚再取",
}

PROVINCE_DIGITS = 2


def name_flag(flag: str) -> str:
    """A warning of cleaning in words; an unknown one as it is."""
    if flag.startswith("open:"):
        return f"存疑未改：{name_rule(flag.removeprefix('open:')).partition(' ')[0]}"
    return _FLAGS.get(flag, flag)


def province_of(code: str | None) -> str:
    """The two digits of the province, empty where there is no code."""
    return (code or "")[:PROVINCE_DIGITS]


def name_province(code: str | None) -> str:
    return name_region(province_of(code)) or "未标地区"


@functools.lru_cache(maxsize=4096)
def name_region(code: str) -> str:
    """The name of a division from its code; empty if there is none. The first call reads the register (60 ms)."""
    return gazetteer.load().codes.get(code, "") if code else ""


def same(value: str) -> str:
    """A value that is its own name."""
    return value
