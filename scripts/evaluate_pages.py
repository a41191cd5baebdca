"""How well articles are read from pages: body, title, date, medium, author and editor, by group and by length.

The pages are the project's own: articles of our own set into the layouts of tests/evaluation/pages. A field that a
layout does not print must come out empty. Used by scripts/evaluate.py.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import yaml

from cleaning import pipeline
from models.records import RawPage, Record
from scripts.evaluate_authors import all_named, page_lines

__all__ = [
    "COLUMNS", "PageScore", "Truth", "fill", "judge", "own_pages", "print_truth", "score_own_pages",
    "score_shared_pages", "show", "sum_up",
]  # fmt: skip

PAGES = Path(__file__).resolve().parent.parent / "tests" / "evaluation" / "pages"
FETCHED = datetime(2026, 11, 1, tzinfo=UTC)  # after every date of the articles
GRAM = 4  # characters; single ones would hide what stands in the wrong place
GOOD = 0.9  # F1 from which a body may be quoted
SHORT, LONG = 300, 1200  # characters of a body; where the tables of lengths are cut
LINKS = 6  # other stories beside each article, with dates that are not its own


@dataclass(frozen=True, slots=True)
class Truth:
    """What a page gives; None where it gives nothing."""

    body: str
    title: str | None = None
    date: str | None = None  # YYYY-MM-DD
    medium: str | None = None
    author: str | None = None
    editor: str | None = None
    lines: tuple[str, ...] | None = None  # the page's own, where truth does not tell all authors that it names


@dataclass(slots=True)
class PageScore:
    """Sums over the pages of one kind. Every figure is better the higher it is."""

    kind: str
    bodies: list[float] = field(default_factory=list)
    hits: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, body: float, verdicts: Mapping[str, bool]) -> None:
        self.bodies.append(body)
        for name, right in verdicts.items():
            self.hits.setdefault(name, []).append(right)

    @property
    def figures(self) -> dict[str, float]:
        good = sum(f > GOOD for f in self.bodies)
        shares = {name: sum(found) / len(found) for name, found in self.hits.items()}
        return {"body": sum(self.bodies) / len(self.bodies), "body>.9": good / len(self.bodies)} | shares


# ---- the project's own pages ---------------------------------------------------------------------------------------


def own_pages() -> Iterator[tuple[str, RawPage, Truth]]:
    """(layout, page, truth) of every layout filled with its articles."""
    articles = yaml.load((PAGES / "articles.yaml").read_text("utf-8"), yaml.CSafeLoader)
    layouts = yaml.load((PAGES / "layouts.yaml").read_text("utf-8"), yaml.CSafeLoader)
    for name, layout in layouts.items():
        for number in layout["articles"]:
            yield name, fill(layout, articles[number]), print_truth(layout, articles[number])


def _lines(article: Mapping[str, Any]) -> list[str]:
    first, count = article["text"]
    return (PAGES.parent / "passages.txt").read_text("utf-8").splitlines()[first : first + count]


def fill(layout: Mapping[str, Any], article: Mapping[str, Any]) -> RawPage:
    """The page that a layout makes of an article."""
    values = _values(article)
    markup = Template(layout["html"]).substitute(values)
    if layout.get("traditional"):
        markup = _converter("s2tw").convert(markup)
    body = markup.encode(layout.get("charset", "utf-8"))
    url = Template(layout["url"]).substitute(values)
    return RawPage("evaluation", url, "0" * 64, body, FETCHED)


def _values(article: Mapping[str, Any]) -> dict[str, str]:
    day, lines = article["date"], _lines(article)
    moment = datetime.fromisoformat(f"{day}T{article['clock']}:00+08:00")
    links = "".join(
        f'<li><a href="/{n}">另一个社区的第{n}条新闻标题</a><span>2026-0{n}-1{n}</span></li>'
        for n in range(1, LINKS + 1)
    )
    return {
        **{name: str(article[name]) for name in ("title", "clock", "medium", "author", "editor")},
        "date": str(day),
        "year": f"{day:%Y}",
        "month": f"{day:%m}",
        "day": f"{day:%d}",
        "slash": f"{day.year}/{day.month}/{day.day}",
        "han": f"{day:%Y}年{day:%m}月{day:%d}日",
        "epoch": str(int(moment.timestamp())),
        "body": "".join(f"<p>　　{line}</p>\n" for line in lines),
        "lines": "<br>".join(f"　　{line}" for line in lines),
        "links": links,
        "foot": '<div class="footer">主办单位：某某委员会 版权所有 Copyright 2005-2030 京ICP备00000000号</div>',
    }


def print_truth(layout: Mapping[str, Any], article: Mapping[str, Any]) -> Truth:
    """What such a page gives: no field that the layout does not print."""
    printed: dict[str, Any] = {name: str(article[name]) for name in layout["prints"]}
    return Truth("\n".join(_lines(article)), **printed)


def score_own_pages() -> list[PageScore]:
    """One score for all pages, one per layout, one per length of text."""
    return _score((name, pipeline.process(page), truth) for name, page, truth in own_pages())


def _score(judged: Iterable[tuple[str, Record, Truth]]) -> list[PageScore]:
    return sum_up(
        (("pages, all", f"pages, {_length(truth)}", f"pages, {group}"), *judge(record, truth))
        for group, record, truth in judged
    )


def sum_up(scored: Iterable[tuple[Iterable[str], float, Mapping[str, bool]]]) -> list[PageScore]:
    """A score of every kind, from the kinds of each page and what came of it."""
    scores: dict[str, PageScore] = {}
    for kinds, body, verdicts in scored:
        for kind in kinds:
            scores.setdefault(kind, PageScore(kind)).add(body, verdicts)
    return list(scores.values())


def _length(truth: Truth) -> str:
    size = len(_fold(truth.body))
    if size < SHORT:
        return f"under {SHORT} characters"
    return f"{SHORT} to {LONG}" if size < LONG else f"{LONG} and more"


# ---- judging -------------------------------------------------------------------------------------------------------


def judge(record: Record, truth: Truth) -> tuple[float, dict[str, bool]]:
    """F1 of the body and, for each field that can be judged, whether it is right."""
    published = record.published_at.date().isoformat() if record.published_at else None
    verdicts = {"date not wrong": published in (None, truth.date)}
    if truth.title:
        verdicts["title"] = _fold(record.title or "") == _fold(truth.title)
    if truth.date:
        verdicts["date right"] = published == truth.date
    if truth.medium:
        verdicts["medium"] = _fold(record.medium or "") == _fold(truth.medium)
    if truth.author:
        verdicts["author"] = truth.author in record.authors
    if truth.lines is not None:
        verdicts["author not invented"] = all_named(record.authors, truth.lines)
    elif not truth.author:
        verdicts["author not invented"] = not record.authors
    if truth.editor:
        verdicts["editor"] = truth.editor in record.editors
    return body_f1(truth.body, record.text), verdicts


def body_f1(truth: str, found: str) -> float:
    """F1 of runs of four letters or digits, each counted as often as it stands."""
    right, got = _grams(truth), _grams(found)
    common = (right & got).total()
    return 2 * common / (right.total() + got.total()) if common else 0.0


def _grams(text: str) -> Counter[str]:
    folded = _fold(text)
    return Counter(folded[at : at + GRAM] for at in range(max(1, len(folded) - GRAM + 1)))


def _fold(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)


# ---- real pages, outside the project -------------------------------------------------------------------------------


def score_shared_pages(folder: Path, *, held_out: bool = False) -> list[PageScore]:
    """Real pages with known truth, by group. Those whose number is divisible by three are held out from development.

    Real truth tells nothing of most authors, so one counts as invented unless the page names him as such.
    """
    return _score(_shared(folder, held_out))


def _shared(folder: Path, held_out: bool) -> Iterator[tuple[str, Record, Truth]]:
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        truth = row.get("gt") or {}
        number = re.match(r"\d+", Path(row["path"]).name)
        if not truth.get("body") or number is None or (int(number[0]) % 3 == 0) != held_out:
            continue
        body = (folder / row["path"]).read_bytes()
        page = RawPage("evaluation", "seed:page", "0" * 64, body, FETCHED)
        simplify = _converter("t2s").convert
        fold = simplify if "trad" in row["group"] else str
        yield row["group"], pipeline.process(page), _real_truth(truth, fold, tuple(page_lines(body, simplify)))


def _real_truth(truth: Mapping[str, str], fold: Any, lines: tuple[str, ...]) -> Truth:
    names = ("title", "source", "author", "editor")
    title, medium, author, editor = (fold(truth[name]) if truth.get(name) else None for name in names)
    return Truth(fold(truth["body"]), title, (truth.get("date") or "")[:10] or None, medium, author, editor, lines)


# ---- table ---------------------------------------------------------------------------------------------------------

COLUMNS = (
    "body", "body>.9", "title", "date right", "date not wrong", "medium", "author", "author not invented", "editor",
)  # fmt: skip


def show(title: str, scores: Sequence[PageScore], columns: Sequence[str] = COLUMNS) -> None:
    """Print one row per score; - where no page of it can tell."""
    print(f"\n{title}")
    print(f"{'':<34}{'pages':>6}" + "".join(f"{name:>{len(name) + 2}}" for name in columns))
    for score in scores:
        figures = score.figures
        cells = (f"{figures[n]:.3f}" if n in figures else "-" for n in columns)
        print(
            f"{score.kind:<34}{len(score.bodies):>6}"
            + "".join(f"{cell:>{len(name) + 2}}" for cell, name in zip(cells, columns, strict=True))
        )
