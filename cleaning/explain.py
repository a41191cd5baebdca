"""What was done to one record, as a diff that people read: Chinese first, every repair with its place and reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.records import Certainty, Change, Record, Repair, Script

__all__ = ["CERTAINTIES", "KINDS", "SCRIPTS", "explain", "name_place", "name_rule"]

# More of one kind are counted, not listed: nobody reads the 256th pinyin note. The JSON holds all of them.
_LISTED = 12
# One line of a terminal holds two sides of this length and the place before them.
_SHOWN = 36

_RULES = {
    "surrogates": "残缺字符",
    "mojibake": "整段乱码",
    "escapes": "残留转义",
    "invisible": "不可见字符",
    "nfc": "字符合成",
    "byte-damage": "字节损坏",
    "pinyin": "拼音注音",
    "letter-spacing": "逐字空格",
    "spaces": "多余空格",
    "white-space": "空白",
    "title-quotes": "标题引号",
    "repeated-title": "重复标题",
    "duplicate-body": "重复正文",
    "furniture": "页面零件",
    "captions": "图片说明",
    "credits": "署名",
    "joining": "断句接合",
    "headline-pieces": "标题碎片",
    "script": "繁体转简体",
    "script-correction": "繁简修正",
    "script-stray": "夹杂繁体字",
    "punctuation": "标点全角",
    "quotes": "引号方向",
}
KINDS = {Change.REPAIR: "修复损坏", Change.ARRANGEMENT: "整理版面", Change.WRITING: "统一写法"}
_PLACES = {
    "document": "全文",
    "title": "标题",
    "kicker": "引题",
    "subtitle": "副标题",
    "medium": "来源",
    "platform": "平台",
    "newspaper page": "版面",
    "author": "作者",
    "editor": "编辑",
    "credit": "署名",
    "tag": "标签",
    "furniture": "页面零件",
    "caption": "图注",
    "image": "图片",
}
CERTAINTIES = {Certainty.CERTAIN: "确定", Certainty.HIGH: "很可能", Certainty.LOW: "存疑"}
SCRIPTS = {Script.HANS: "简体", Script.HANT: "繁体", Script.MIXED: "繁简混排", Script.OTHER: "非中文"}


def explain(record: Record) -> str:
    """A readable account of the repairs of a record: what was changed by rule, then what was only proposed."""
    applied = [repair for repair in record.repairs if repair.applied]
    proposed = [repair for repair in record.repairs if not repair.applied]
    lines = [*_head(record, applied, proposed)]
    for rule in dict.fromkeys(repair.rule for repair in applied):
        lines += _section(name_rule(rule), [repair for repair in applied if repair.rule == rule])
    if proposed:
        lines += _section("存疑，未改 / uncertain, left as it is", proposed)
    return "\n".join(lines)


def name_rule(rule: str) -> str:
    """The Chinese name of a rule with its own name behind it: 拼音注音 pinyin."""
    return f"{_RULES[rule]} {rule}" if rule in _RULES else rule


def _head(record: Record, applied: list[Repair], proposed: list[Repair]) -> Iterator[str]:
    yield f"标题：{record.title or '（无）'}"
    yield f"原文字体：{SCRIPTS[record.script]} {record.script.value}"
    if not applied and not proposed:
        yield "没有改动 / nothing was changed"
        return
    yield f"改动 {_sum(applied)} 处，存疑 {_sum(proposed)} 处 / {_sum(applied)} changes, {_sum(proposed)} open"
    yield "其中：" + "，".join(f"{name} {_sum(_of_kind(applied, kind))} 处" for kind, name in KINDS.items())
    if record.flags:
        yield f"标记：{'、'.join(record.flags)}"


def _of_kind(repairs: Iterable[Repair], kind: Change) -> list[Repair]:
    return [repair for repair in repairs if repair.kind is kind]


def _section(name: str, repairs: list[Repair]) -> Iterator[str]:
    yield ""
    yield f"{name}：{_sum(repairs)} 处"
    merged = list(_merge(repairs))
    for repair in merged[:_LISTED]:
        yield from _lines(repair)
    if len(merged) > _LISTED:
        yield f"  …… 另有 {_sum(merged[_LISTED:])} 处 / {_sum(merged[_LISTED:])} more"


def _merge(repairs: list[Repair]) -> Iterable[Repair]:
    """The same change in many places is one entry, at its first place, with the sum of its counts."""
    first: dict[tuple[str, str, str], tuple[Repair, int]] = {}
    for repair in repairs:
        key = (repair.rule, repair.before, repair.after)
        kept, count = first.get(key, (repair, 0))
        first[key] = (kept, count + repair.count)
    return (replace(repair, count=count) for repair, count in first.values())


def _lines(repair: Repair) -> Iterator[str]:
    times = f" ×{repair.count}" if repair.count > 1 else ""
    yield f"  {name_place(repair.place)}{times}（{CERTAINTIES[repair.certainty]}）"
    yield f"    - {_shorten(repair.before)}"
    if repair.applied:
        yield f"    + {_shorten(repair.after) or '（删去）'}"
    elif repair.candidates:
        yield f"    ? {' 或 '.join(_shorten(c) for c in repair.candidates[:3])}"
    if repair.evidence:
        yield f"      依据：{repair.evidence}"


def name_place(place: str) -> str:
    """The Chinese name of a place in a record: 第 8 段, 图注 2."""
    name, _, number = place.rpartition(" ")
    if name in ("paragraph", "heading") and number.isdecimal():
        return f"第 {number} 段"
    if number.isdecimal() and name in _PLACES:
        return f"{_PLACES[name]} {number}"
    return _PLACES.get(place, place or "全文")


def _shorten(text: str) -> str:
    # What could move the cursor or hide in a terminal is shown as its number.
    visible = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", lambda m: f"<U+{ord(m[0]):04X}>", text)
    return visible if len(visible) <= _SHOWN else f"{visible[: _SHOWN - 1]}…"


def _sum(repairs: Iterable[Repair]) -> int:
    return sum(repair.count for repair in repairs)
