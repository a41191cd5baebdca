"""A Record as the values of a row, and back; and the hashes that decide what a change is. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pydantic import TypeAdapter

from models.records import Block, Hints, Record, Region
from models.wording import SHORT_TEXT, wording_of

__all__ = [
    "Prints",
    "Row",
    "hints_of",
    "local_moment",
    "primary_region",
    "prints_of",
    "record_of",
    "repair_rows",
    "row_of",
    "row_of_hints",
]

Row = dict[str, Any]

_RECORD = TypeAdapter(Record)
_HINTS = TypeAdapter(Hints)

# Lines that change without the article changing: "浏览次数：1234", "当前时间 2026年11月22日 10:11".
# A sentence that happens to hold such a word is longer than a counter's line.
_NOISE_LENGTH = 40
_COUNTER = re.compile(r"(?:阅读|浏览|点击|访问|点赞|人气|评论|收藏|转发|分享|次数|热度|在线)\D{0,6}\d")
_CLOCK = re.compile(r"\D{0,8}(?:\d{4}\D\d{1,2}\D\d{1,2}\D{0,6})?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\s*")

# Rules that undo damage; what they did, or could only propose, says how damaged a text came.
_DAMAGE = frozenset({"byte-damage", "mojibake", "pinyin"})

# Columns that hold a value of the record under its own name, as JSON or as plain text.
_LISTS = ("authors", "photographers", "editors", "credits", "tags", "regions", "topics", "methods", "flags")
_PLAIN = (
    "source",
    "url",
    "title",
    "kicker",
    "subtitle",
    "medium",
    "platform",
    "newspaper_page",
    "clicks",
    "language",
    "charset",
    "charset_origin",
    "extractor",
    "original_text",
    "rules_version",
)

_DUMPED = {*_PLAIN, *_LISTS, "series", "provenance", "relevance"}

# What may differ between two readings of an article that is the same: where it was fetched, a counter, the rules.
_NOT_CONTENT = ("source", "url", "key", "clicks", "rules_version")


@dataclass(frozen=True, slots=True)
class Prints:
    """Three hashes of a record, 64 hex digits each; they decide what a change is.

    ``record`` changes with anything stored but counters; ``content`` with what a reader would call another text,
    title, date or byline; ``text`` only with the letters of the text: equal means an exact copy. ``text`` is None
    for an article without text, which is nobody's copy.
    """

    record: str
    content: str
    text: str | None


def digest(text: str) -> str:
    # surrogatepass: a lone surrogate is somebody's damage, not a reason to stop.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_noise(line: str) -> bool:
    """Whether a line is a counter or a clock, so that its change is no change of the article."""
    if len(line) > _NOISE_LENGTH:
        return False
    return _COUNTER.search(line) is not None or _CLOCK.fullmatch(line) is not None


# Made once: json.dumps makes an encoder each time.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def prints_of(record: Record) -> Prints:
    """Hash a record."""
    values = _RECORD.dump_python(record, mode="json", exclude_defaults=True)
    for name in _NOT_CONTENT:
        values.pop(name, None)
    return Prints(record=digest(_encode(values)), content=digest(_readable(record)), text=_text_print(record))


def _readable(record: Record) -> str:
    """What a reader would notice if it changed. Pictures are left out: their addresses carry tokens."""
    lines = [line for line in (*record.paragraphs, *record.captions) if not is_noise(line)]
    # To the day: clocks of relative dates ("3小时前") move with the minute of the fetch.
    day = record.published_at.astimezone(_BEIJING).date().isoformat() if record.published_at else None
    head = [record.title, record.kicker, record.subtitle, day, record.medium, record.authors, record.photographers]
    return _encode([head, record.editors, lines])


def _text_print(record: Record) -> str | None:
    wording = wording_of(record.title, record.text)
    if wording is None:
        return None
    if wording.letters < SHORT_TEXT:
        title, _, text = wording.text.partition("\n")
        return digest(f"{title}\n{text.replace(_LINE, '')}")
    return digest(wording.text.replace(_LINE, ""))


_LINE = "\n"
_BEIJING = timezone(timedelta(hours=8))


def row_of(record: Record) -> Row:
    """The columns of ``article`` that come from the record itself."""
    values = _RECORD.dump_python(record, mode="json", include=_DUMPED)
    primary = primary_region(record.regions)
    published = record.published_at
    row: Row = {name: values[name] for name in (*_PLAIN, *_LISTS)}
    row |= {
        "id": record.key,
        "series": values["series"],
        "provenance": values["provenance"],
        "blocks": [_pack_block(block) for block in record.blocks],
        "text": record.text,
        "script": record.script.value,
        "published_at": published.astimezone(UTC) if published else None,
        "published_offset": _offset(published),
        "published_precision": record.published_precision.value if record.published_precision else None,
        "relevance": record.relevance.score,
        "relevance_hits": values["relevance"]["hits"],
        "region": primary.name if primary else None,
        "region_code": primary.code if primary else None,
        "damage": sum(repair.count for repair in record.repairs if repair.rule in _DAMAGE),
    }
    return row


def repair_rows(record: Record) -> list[Row]:
    """The rows of ``repair``: numbered in the order in which the rules made them."""
    return [
        {
            "article": record.key,
            "number": number,
            "rule": repair.rule,
            "place": repair.place,
            "start_offset": repair.start,
            "end_offset": repair.end,
            "before": repair.before,
            "after": repair.after,
            "certainty": repair.certainty.value,
            "applied": repair.applied,
            "candidates": list(repair.candidates),
            "evidence": repair.evidence,
            "count": repair.count,
        }
        for number, repair in enumerate(record.repairs, start=1)
    ]


def record_of(row: Mapping[str, Any], repairs: Iterable[Mapping[str, Any]] = ()) -> Record:
    """The record that ``row_of`` and ``repair_rows`` were made from."""
    values: Row = {name: row[name] for name in (*_PLAIN, *_LISTS)}
    values |= {
        "key": row["id"],
        "series": row["series"],
        "provenance": row["provenance"],
        "blocks": _unpack_blocks(row["blocks"], row["text"]),
        "script": row["script"],
        "published_at": local_moment(row["published_at"], row["published_offset"]),
        "published_precision": row["published_precision"],
        "relevance": {"score": row["relevance"], "hits": row["relevance_hits"]},
        "repairs": [_repair_values(repair) for repair in repairs],
    }
    return _RECORD.validate_python(values)


def _repair_values(row: Mapping[str, Any]) -> Row:
    names = {"start_offset": "start", "end_offset": "end"}
    return {names.get(name, name): value for name, value in row.items() if name not in ("article", "number")}


def row_of_hints(hints: Hints) -> Row:
    values: Row = _HINTS.dump_python(hints, mode="json", exclude_defaults=True)
    return values


def hints_of(values: Mapping[str, Any]) -> Hints:
    return _HINTS.validate_python(values)


def primary_region(regions: Sequence[Region]) -> Region | None:
    # None where a text names places but is about none of them: the first one named would be an accident.
    return next((region for region in regions if region.primary), None)


def _offset(moment: datetime | None) -> int | None:
    """Minutes east of Greenwich: the database keeps the moment, this keeps how the page said it."""
    shift = moment.utcoffset() if moment else None
    return None if shift is None else int(shift.total_seconds()) // 60


def local_moment(moment: datetime | None, offset: int | None) -> datetime | None:
    if moment is None or offset is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset)))


def _pack_block(block: Block) -> Row:
    """A block without what ``text`` says already: a paragraph or heading without "text" is its next line."""
    packed: Row = {"kind": block.kind}  # a string as it is; to ask for its value costs as much as the rest
    if block.text and ("\n" in block.text or not _is_line(packed)):
        packed["text"] = block.text
    if block.image is not None:
        packed["image"] = asdict(block.image)
    if block.level:
        packed["level"] = block.level
    return packed


def _unpack_blocks(blocks: list[Row], text: str) -> list[Row]:
    lines = text.split("\n")
    unpacked, at = [], 0
    for block in blocks:
        if _is_line(block):
            height = block.get("text", "").count("\n") + 1
            unpacked.append({**block, "text": "\n".join(lines[at : at + height])})
            at += height
        else:
            unpacked.append(block)
    return unpacked


def _is_line(block: Row) -> bool:
    return block["kind"] in ("paragraph", "heading")
