"""What cleaning again changes in articles: counted per field, with a few examples that people can read. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.failure_page import show_safely
from flows.report import CHINA, escape
from models.records import Record

__all__ = ["Changes", "Example", "compare", "render_changes"]

EXAMPLES = 3  # per field: enough to see what a rule does, few enough to be read
AROUND = 18  # characters shown before and after what changed
SHOWN = 120  # characters of a value


def _day(record: Record) -> str:
    return f"{record.published_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if record.published_at else ""


def _names(values: Iterable[Any]) -> str:
    return "、".join(str(getattr(value, "name", value)) for value in values)


def _credits(record: Record) -> str:
    return "；".join(f"{c.role} {_names((*c.organisations, *c.names))}" for c in record.credits)


FIELDS: Mapping[str, Callable[[Record], str]] = {
    "标题": lambda r: r.title or "",
    "引题": lambda r: r.kicker or "",
    "副题": lambda r: r.subtitle or "",
    "系列": lambda r: f"{r.series.name} {r.series.ordinal_raw or ''}".strip() if r.series else "",
    "日期": _day,
    "来源": lambda r: r.medium or "",
    "平台": lambda r: r.platform or "",
    "作者": lambda r: _names(r.authors),
    "摄影": lambda r: _names(r.photographers),
    "编辑": lambda r: _names(r.editors),
    "署名": _credits,
    "版面": lambda r: r.newspaper_page or "",
    "正文": lambda r: r.text,
    "图片": lambda r: "\n".join(image.url for image in r.images),
    "图片说明": lambda r: "\n".join(r.captions),
    "地区": lambda r: "、".join(f"{region.name}{region.code or ''}" for region in r.regions),
    "主题": lambda r: _names(r.topics),
    "工作法": lambda r: _names(r.methods),
    "相关度": lambda r: f"{r.relevance.score:.2f}",
    "标记": lambda r: _names(r.flags),
    "已修复处": lambda r: str(sum(repair.count for repair in r.repairs if repair.applied)),
}


@dataclass(frozen=True, slots=True)
class Example:
    """One field of one article, before and after."""

    name: str
    url: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Of how many articles each field changes; and some of them."""

    compared: int = 0
    changed: int = 0  # articles in which anything at all changes
    fields: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def __add__(self, other: Changes) -> Changes:
        fields = Counter(self.fields) + Counter(other.fields)
        kept: Counter[str] = Counter()
        examples = []
        for example in (*self.examples, *other.examples):
            kept[example.name] += 1
            if kept[example.name] <= EXAMPLES:
                examples.append(example)
        return Changes(self.compared + other.compared, self.changed + other.changed, dict(fields), tuple(examples))


def compare(before: Record, after: Record) -> Changes:
    """What changes in one article."""
    examples = []
    for name, read in FIELDS.items():
        was, becomes = read(before), read(after)
        if was != becomes:
            shown = _cut_to_difference(was, becomes)
            examples.append(Example(name, after.url, *shown))
    return Changes(1, int(bool(examples)), {example.name: 1 for example in examples}, tuple(examples))


def _cut_to_difference(before: str, after: str) -> tuple[str, str]:
    """The piece that differs with a little around it."""
    start = _common(before, after)
    left = min(len(before), len(after)) - start
    end = _common(before[::-1], after[::-1], left)
    return _piece(before, start, end), _piece(after, start, end)


def _common(one: str, other: str, most: int | None = None) -> int:
    """Length of the common beginning, ``most`` at the most."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b or length == most:
            break
        length += 1
    return length


def _piece(text: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(text), len(text) - end + AROUND)
    piece = text[first:last]
    if len(piece) > SHOWN:
        piece, last = piece[:SHOWN], 0
    return ("…" if first else "") + piece + ("…" if last < len(text) else "")


def render_changes(changes: Changes, *, dry_run: bool) -> str:
    """The section of the report; also what the command line shows."""
    verb = "会改变" if dry_run else "改变了"
    title = f"## 变化\n\n比较了 {changes.compared} 篇文章，{verb} {changes.changed} 篇。"
    if not changes.fields:
        return title
    counts = sorted(changes.fields.items(), key=lambda item: -item[1])
    table = ["| 字段 | 篇数 |", "|---|---:|", *(f"| {name} | {number} |" for name, number in counts)]
    shown = ["", "| 字段 | 网址 | 之前 | 之后 |", "|---|---|---|---|"]
    order = list(FIELDS)
    for example in sorted(changes.examples, key=lambda example: order.index(example.name)):
        cells = (example.name, _cell(example.url), _cell(example.before), _cell(example.after))
        shown.append("| " + " | ".join(cells) + " |")
    return "\n".join([title, "", *table, *shown])


def _cell(text: str) -> str:
    return escape(show_safely(text.replace("\n", " ⏎ ")), 2 * SHOWN) or "（空）"
