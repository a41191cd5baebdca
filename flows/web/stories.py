"""A story: its text as it reads now, as it came, and what was changed; its reprints, its versions, its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from cleaning import script
from flows.web import words
from flows.web.doubts import mark_blocks
from flows.web.room import Here
from flows.web.show import published
from models.accounts import StoryArticle, StoryEntry
from models.browse import ArticleInFull, Edition
from models.differences import Piece, compare, count_changes, shorten_same
from models.records import Provenance, Record, Repair, Script

__all__ = ["Fact", "Revision", "RuleRepairs", "facts_of", "group_repairs", "router"]

router = APIRouter()

REPRINTS_SHOWN = 200
VERSIONS_SHOWN = 10  # each costs a comparison of two texts, some 10 ms
REPAIRS_PER_RULE = 40  # the rest is counted: nobody reads the 256th pinyin note
LONGEST_REPAIR = 400  # letters of one side in the table

NO_STORY = "没有这篇文章。编号可能不完整（至少 8 位），或不止一篇文章以它开头；可以用检索按标题查找。"

View = Literal["clean", "original", "changes"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the article, and where it was read."""

    name: str
    value: str
    origin: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class RuleRepairs:
    """What one rule did: the same change in many places is one repair, with the sum of its counts."""

    rule: str
    places: int
    repairs: Sequence[Repair]
    left_out: int


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed from one edition to the next."""

    edition: Edition
    before: Edition
    title: Sequence[Piece]
    text: Sequence[Piece]
    gone: int
    added: int


@router.get("/story/{key}", response_class=HTMLResponse)
def show_story(here: Here, key: str, text: View = "clean") -> HTMLResponse:
    story, article = _find(here, key)
    record = article.record
    applied = [repair for repair in record.repairs if repair.applied]
    doubts = [repair for repair in record.repairs if not repair.applied]
    editions = here.browse.editions(record.key, VERSIONS_SHOWN) if article.version > 1 else []
    return here.show(
        "story.html",
        article=article,
        record=record,
        view=text,
        blocks=mark_blocks(record.blocks, record.repairs) if text == "clean" else [],
        changes=_changes(record) if text == "changes" else [],
        story=replace(story, articles=story.articles[:REPRINTS_SHOWN]),
        reprints=len(story.articles),
        own=_entry_of(story, record.key),
        titles={one.key: one for one in story.articles},
        facts=facts_of(record),
        regions=_name_regions(record),
        revisions=revise(editions),
        repairs=group_repairs(applied),
        doubts=group_repairs(doubts),
        places=sum(repair.count for repair in applied),
        doubtful=sum(repair.count for repair in doubts),
        names={source.slug: source.name for source in here.browse.sources()},
        prefect=here.room.prefect_ui(),
    )


@router.get("/compare/{first}/{second}", response_class=HTMLResponse)
def compare_articles(here: Here, first: str, second: str) -> HTMLResponse:
    """What the second article has that the first has not, and the other way round."""
    _, before = _find(here, first)
    story, after = _find(here, second)
    pieces = compare(before.record.text, after.record.text)
    gone, added = count_changes(pieces)
    return here.show(
        "compare.html",
        before=before,
        after=after,
        title=compare(before.record.title or "", after.record.title or ""),
        pieces_shown=pieces,
        gone=gone,
        added=added,
        own=_entry_of(story, after.record.key),
        names={source.slug: source.name for source in here.browse.sources()},
    )


def _find(here: Here, key: str) -> tuple[StoryEntry, ArticleInFull]:
    """The article and its story. Raises 404 for a key that is unknown, too short, or not of one article alone."""
    full = here.browse.article_key(key)
    story = here.browse.story(full) if full else None
    article = here.browse.article_in_full(full) if full else None
    if story is None or article is None:
        raise HTTPException(404, NO_STORY)
    return story, article


def _entry_of(story: StoryEntry, key: str) -> StoryArticle | None:
    return next((one for one in story.articles if one.key == key), None)


def _changes(record: Record) -> list[Piece]:
    """The text as it came against the text as it reads now; in simplified characters on both sides."""
    came = record.original_text if record.original_text is not None else record.text
    if record.script in (Script.HANT, Script.MIXED):
        came = script.repair(came).text
    return compare(came, record.text)


def revise(editions: Sequence[Edition]) -> list[Revision]:
    """What changed, latest change first."""
    found = []
    for edition, before in pairwise(editions):
        text = compare(before.text, edition.text)
        title = compare(before.title or "", edition.title or "")
        found.append(Revision(edition, before, title, shorten_same(text), *count_changes(text)))
    return found


def group_repairs(repairs: Iterable[Repair]) -> list[RuleRepairs]:
    """By rule, in the order in which the rules worked."""
    merged: dict[str, dict[tuple[str, str], Repair]] = {}
    for repair in repairs:
        of_rule = merged.setdefault(repair.rule, {})
        same = of_rule.get((repair.before, repair.after))
        shown = same or replace(repair, before=_shorten(repair.before), after=_shorten(repair.after), count=0)
        of_rule[repair.before, repair.after] = replace(shown, count=shown.count + repair.count)
    groups = []
    for rule, of_rule in merged.items():
        listed = list(of_rule.values())
        places = sum(repair.count for repair in listed)
        groups.append(RuleRepairs(rule, places, listed[:REPAIRS_PER_RULE], len(listed[REPAIRS_PER_RULE:])))
    return groups


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_REPAIR else f"{text[:LONGEST_REPAIR]}…（共 {len(text)} 字）"


# Facts


def facts_of(record: Record) -> list[Fact]:
    """What the page says about the article, each with the place where it was read; what it does not say is left out."""
    date = published(record.published_at, record.published_precision)
    told = [
        ("日期", "published_at", date if record.published_at else ""),
        ("来源", "medium", record.medium or ""),
        ("网站", "platform", record.platform or ""),
        ("作者", "authors", "、".join(record.authors)),
        ("摄影", "photographers", "、".join(record.photographers)),
        ("编辑", "editors", "、".join(record.editors)),
        ("版面", "newspaper_page", record.newspaper_page or ""),
    ]
    facts = [_fact(name, value, record.provenance.get(field)) for name, field, value in told if value]
    facts += [Fact(credit.role, "、".join((*credit.organisations, *credit.names))) for credit in record.credits]
    if record.series:
        facts.append(Fact("系列", f"{record.series.name} {record.series.ordinal_raw or ''}".strip()))
    if record.clicks is not None:
        facts.append(Fact("点击数", f"{record.clicks:,}"))
    return facts


def _fact(name: str, value: str, read: Provenance | None) -> Fact:
    return Fact(name, value, words.ORIGINS[read.origin], read.raw) if read else Fact(name, value)


def _name_regions(record: Record) -> list[tuple[str, list[str]]]:
    """Places of the text by level, the primary one marked by standing first."""
    by_level: dict[str, list[str]] = {}
    for region in sorted(record.regions, key=lambda region: not region.primary):
        by_level.setdefault(words.LEVELS[region.level], []).append(region.name)
    order = list(words.LEVELS.values())
    return sorted(by_level.items(), key=lambda item: order.index(item[0]))
