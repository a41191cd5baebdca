"""The one visible order of the cleaning rules: from a raw page or a draft to a clean record.

    read_page -> text rules on the text as it came -> layout -> text rules on the arranged text -> Record

The order matters. Byte damage and pinyin notes can only be undone while the characters are still the ones
that were encoded, so script conversion comes last but one; punctuation needs simplified neighbours, so it is last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from cleaning import characters, links, mojibake, pinyin, punctuation, script, spaces, tears
from cleaning.forms import read_page
from cleaning.layout import arrange
from cleaning.lines import Line, place_repairs, read_lines, read_texts, write_lines
from cleaning.record_json import record_to_json
from cleaning.series import find_series
from cleaning.tags.description import describe
from models.records import (
    Block,
    BlockKind,
    Certainty,
    Credit,
    Draft,
    Edit,
    Found,
    Origin,
    Provenance,
    RawPage,
    Record,
    Repair,
    Script,
)
from models.rules import ArticleRules

__all__ = [
    "AFTER_LAYOUT",
    "BEFORE_LAYOUT",
    "RULES_VERSION",
    "Rule",
    "clean",
    "process",
    "record_to_json",
    "repair_text",
]

# Stored with every record: raise it with any change that can alter the text of a record, so that
# `reprocess` knows which records are older than the rules.
RULES_VERSION = "2026.11.5"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named step of the pipeline: text of the whole document in, text and repairs out."""

    name: str
    repair: Callable[[str], Edit]
    # Runs only where one of these rules has repaired something: proof that the text was damaged on its way.
    only_after: frozenset[str] = frozenset()


_DAMAGE = frozenset({"pinyin", "byte-damage", "mojibake"})

BEFORE_LAYOUT: tuple[Rule, ...] = (
    # What no database can store, first: nothing after it has to expect a lone surrogate.
    Rule("surrogates", characters.repair_surrogates),
    # Before the invisible characters: half of the bytes of a mojibake page look like control characters.
    Rule("mojibake", mojibake.repair),
    Rule("characters", characters.repair),
    Rule("byte-damage", tears.repair),
    # After byte damage, which frees notes that stood inside a damaged stretch.
    Rule("pinyin", pinyin.repair),
    Rule("letter-spacing", spaces.close_letters),
    # People set a blank before a quotation as well; only what inserts notes and tears bytes leaves it for certain.
    Rule("spaces", spaces.repair, only_after=_DAMAGE),
)

AFTER_LAYOUT: tuple[Rule, ...] = (
    # Runs of white space only now: bylines and credits are told apart by them.
    Rule("white-space", spaces.collapse),
    Rule("script", script.repair),
    Rule("punctuation", punctuation.repair),
)

_REBUILDING = frozenset({"byte-damage", "mojibake"})

# Share of Chinese characters among letters from which a text is called Chinese, and letters needed to say so.
CHINESE_SHARE = 0.5
LETTERS_TO_TELL = 10
_HAN = re.compile("[\u3400-\u9fff]+")
_HAN_ROWS = bytes(range(0x34, 0xA0))  # the upper bytes of those characters


def process(page: RawPage, rules: Sequence[ArticleRules] = (), *, now: datetime | None = None) -> Record:
    """A clean record from the bytes of one page. ``now`` (aware) only resolves dates such as 昨天."""
    return clean(read_page(page, rules, now=now))


def clean(draft: Draft) -> Record:
    """A clean record from what extraction read. Pure: the same draft gives the same record."""
    original = "\n".join(b.text for b in draft.blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING))
    repaired, first = repair_text(draft, BEFORE_LAYOUT)
    arranged, moved = arrange(repaired)
    found = script.detect("\n".join(b.text for b in arranged.blocks if b.text))
    simplified, last = repair_text(arranged, AFTER_LAYOUT)
    return _record(_unwrap_images(simplified), original, found, (*first, *moved, *last))


def repair_text(draft: Draft, rules: Sequence[Rule]) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft after these text rules, in order, and what they did, each repair with its place."""
    before = text = "\n".join(read_texts(draft))
    done: list[Repair] = []
    lines: tuple[Line, ...] = ()
    for rule in rules:
        if rule.only_after and not any(r.applied and r.rule in rule.only_after for r in done):
            continue
        edit = rule.repair(text)
        if edit.repairs:
            lines = lines or read_lines(draft)
            done.extend(place_repairs(edit.repairs, lines, text))
        text = edit.text
    return (draft if text == before else write_lines(draft, text.split("\n"))), tuple(done)


def _unwrap_images(draft: Draft) -> Draft:
    if all(block.image is None for block in draft.blocks):
        return draft
    return replace(draft, blocks=tuple(map(_unwrap_image, draft.blocks)))


def _unwrap_image(block: Block) -> Block:
    image = block.image
    true = links.unwrap(image.url) if image else None
    if image is None or true is None:
        return block
    return replace(block, image=replace(image, url=true, proxied_url=image.proxied_url or image.url))


def _record(draft: Draft, original: str, found: Script, repairs: tuple[Repair, ...]) -> Record:
    title, kicker, medium, platform = map(_value, (draft.title, draft.kicker, draft.medium, draft.platform))
    paragraphs = [b.text for b in draft.blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)]
    text = "\n".join(paragraphs)
    tags = describe(title, paragraphs, _credit_lines(draft.credits), speakers=(medium, platform))
    return Record(
        source=draft.source,
        url=draft.url,
        key=draft.key,
        blocks=draft.blocks,
        rules_version=RULES_VERSION,
        title=title,
        kicker=kicker,
        subtitle=_value(draft.subtitle),
        series=find_series(title, kicker),
        published_at=_value(draft.published),
        published_precision=draft.published_precision,
        medium=medium,
        platform=platform,
        authors=_value(draft.authors) or (),
        photographers=_photographers(draft),
        editors=_value(draft.editors) or (),
        credits=draft.credits,
        newspaper_page=_value(draft.newspaper_page),
        clicks=draft.clicks,
        tags=draft.tags,
        script=found,
        language=_language(text),
        charset=draft.charset,
        charset_origin=draft.charset_origin,
        extractor=draft.extractor,
        original_text=None if original == text else original,
        regions=tags.regions,
        topics=tags.topics,
        methods=tags.methods,
        relevance=tags.relevance,
        repairs=repairs,
        flags=_flags(draft, repairs),
        provenance=_provenance(draft),
    )


T = TypeVar("T")


def _value(found: Found[T] | None) -> T | None:
    return None if found is None else found.value


def _photographers(draft: Draft) -> tuple[str, ...]:
    names = (name for credit in draft.credits if _is_photo_role(credit.role) for name in credit.names)
    return tuple(dict.fromkeys(names))


def _credit_lines(credits: tuple[Credit, ...]) -> list[str]:
    return [f"{credit.role}：{'、'.join((*credit.organisations, *credit.names))}" for credit in credits]


def _is_photo_role(role: str) -> bool:
    # 摄影 摄 摄影记者 图 供图 图片 图/文: whoever made the picture; 图片编辑 edits it.
    return ("摄" in role or "图" in role) and "编辑" not in role and "供图" not in role and "制图" not in role


def _flags(draft: Draft, repairs: tuple[Repair, ...]) -> tuple[str, ...]:
    flags = {*draft.flags, *(f"open:{r.rule}" for r in repairs if not r.applied)}
    if draft.replaced:
        flags.add("bytes-lost")
    if any("\ufffd" in b.text for b in draft.blocks):
        flags.add("characters-lost")
    # Rebuilt from damage with a choice in it: worth a look before it is quoted.
    if any(r.certainty is Certainty.HIGH and r.applied and r.rule in _REBUILDING for r in repairs):
        flags.add("characters-rebuilt")
    return tuple(sorted(flags))


def _provenance(draft: Draft) -> Mapping[str, Provenance]:
    found: dict[str, Found[Any] | None] = {
        "kicker": draft.kicker,
        "title": draft.title,
        "subtitle": draft.subtitle,
        "published_at": draft.published,
        "medium": draft.medium,
        "platform": draft.platform,
        "authors": draft.authors,
        "editors": draft.editors,
        "newspaper_page": draft.newspaper_page,
    }
    read = {name: Provenance(f.origin, f.raw) for name, f in found.items() if f is not None}
    if photos := tuple(credit for credit in draft.credits if _is_photo_role(credit.role) and credit.names):
        read["photographers"] = Provenance(Origin.BYLINE, "；".join(_credit_lines(photos)))
    return read


def _language(text: str) -> str | None:
    """ "zh" where most letters are Chinese; None where there are too few letters, or of another language."""
    rows = text.encode("utf-16-le", "surrogatepass")[1::2]
    chinese = len(rows) - len(rows.translate(None, _HAN_ROWS))
    if chinese >= LETTERS_TO_TELL and chinese >= CHINESE_SHARE * len(text):
        return "zh"  # whatever else stands there
    letters = chinese + sum(map(str.isalpha, _HAN.sub("", text)))
    if letters < LETTERS_TO_TELL:
        return None
    return "zh" if chinese >= CHINESE_SHARE * letters else None
