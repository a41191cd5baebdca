"""The columns of an export, and how the value of each reads in a file. Pure."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from models.errors import ConfigurationWrong
from models.listing import Listed
from models.records import Precision
from models.search.days import CHINA
from models.tables import storable

__all__ = ["COLUMNS", "Column", "Kind", "Value", "choose_columns", "join_list", "plain"]

Value = str | int | float | datetime | date | tuple[str, ...] | None

# Between the members of a list, in files that know no lists; no name holds it.
BETWEEN = "；"


class Kind(enum.Enum):
    TEXT = enum.auto()
    LIST = enum.auto()
    INTEGER = enum.auto()
    REAL = enum.auto()
    MOMENT = enum.auto()  # aware; of a day only, a date


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` as in docs/data-model.md, ``label`` for people, ``width`` in characters of a spreadsheet."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    width: int = 12

    def read(self, article: Listed) -> Value:
        value: Value = _READ.get(self.name, attrgetter(self.name))(article)
        return storable(value) if isinstance(value, str) else value


def _published(article: Listed) -> Value:
    moment = article.published_at
    if moment and article.published_precision == Precision.DAY:
        return moment.date()
    return moment


_READ: dict[str, Callable[[Listed], Value]] = {"published_at": _published}

COLUMNS: tuple[Column, ...] = (
    Column("key", "编号", width=18),
    Column("story", "报道编号", width=18),
    Column("relation", "与首发的关系"),
    Column("reprints", "转载数", Kind.INTEGER, 8),
    Column("title", "标题", width=50),
    Column("kicker", "引题", width=20),
    Column("subtitle", "副题", width=20),
    Column("published_at", "发布时间", Kind.MOMENT, 18),
    Column("published_precision", "时间精度"),
    Column("medium", "来源", width=18),
    Column("platform", "网站", width=18),
    Column("authors", "作者", Kind.LIST, 16),
    Column("photographers", "摄影", Kind.LIST),
    Column("editors", "编辑", Kind.LIST),
    Column("newspaper_page", "版次"),
    Column("source", "采集来源"),
    Column("url", "网址", width=40),
    Column("region", "地区", width=16),
    Column("region_code", "区划代码"),
    Column("regions", "全部地名", Kind.LIST, 24),
    Column("topics", "主题", Kind.LIST, 20),
    Column("methods", "工作法", Kind.LIST, 20),
    Column("tags", "标签", Kind.LIST),
    Column("relevance", "相关度", Kind.REAL, 8),
    Column("language", "语言", width=8),
    Column("script", "原文字体", width=8),
    Column("text", "正文", width=80),
    Column("letters", "字数", Kind.INTEGER, 8),
    Column("damage", "修复数", Kind.INTEGER, 8),
    Column("version", "版本", Kind.INTEGER, 8),
    Column("rules_version", "规则版本"),
    Column("first_seen_at", "首次采集", Kind.MOMENT, 18),
    Column("updated_at", "最近更新", Kind.MOMENT, 18),
)


def choose_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these names or labels, in this order; all of them if none is named. Raises ConfigurationWrong."""
    by_name = {column.name: column for column in COLUMNS} | {column.label: column for column in COLUMNS}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        listed = " ".join(column.name for column in COLUMNS)
        raise ConfigurationWrong(f"没有这一列 / no such column: {', '.join(unknown)}", expected=listed)
    return tuple(dict.fromkeys(by_name[name] for name in names)) or COLUMNS


def join_list(value: Value) -> Value:
    """A list as one text, for files that know no lists."""
    return BETWEEN.join(value) if isinstance(value, tuple) else value


def plain(value: Value) -> str | int | float | None:
    """A value as files without types write it: moments in ISO 8601, in Beijing time."""
    value = join_list(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[return-value]
