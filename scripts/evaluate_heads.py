"""How well the heads and tails of articles are read: source, author, editor and day, in all ways that sites print them.

The pages are those of tests/evaluation/pages/heads.yaml. More than in scripts/evaluate_pages.py is judged here: a page
that prints no source or no editor must give none. Used by scripts/evaluate.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from cleaning import pipeline
from models.records import RawPage, Record
from scripts import evaluate_pages
from scripts.evaluate_pages import PAGES, PageScore, Truth, fill, judge, print_truth, sum_up

__all__ = ["COLUMNS", "judge_head", "own_heads", "score_own_heads"]

COLUMNS = (*evaluate_pages.COLUMNS, "medium not invented", "editor not invented")


def own_heads() -> Iterator[tuple[str, str, RawPage, Truth]]:
    """(kind, name, page, truth) of every head filled with its articles."""
    articles = yaml.load((PAGES / "articles.yaml").read_text("utf-8"), yaml.CSafeLoader)
    heads = yaml.load((PAGES / "heads.yaml").read_text("utf-8"), yaml.CSafeLoader)
    for name, head in heads.items():
        for number in head["articles"]:
            article = articles[number] | head.get("is", {})
            yield head["kind"], name, fill(head, article), print_truth(head, article)


def judge_head(record: Record, truth: Truth) -> tuple[float, dict[str, bool]]:
    """As ``judge``; and whether nothing is answered that the page does not print."""
    body, verdicts = judge(record, truth)
    if truth.medium is None:
        verdicts["medium not invented"] = not record.medium
    if truth.editor is None:
        verdicts["editor not invented"] = not record.editors
    return body, verdicts


def score_own_heads() -> Sequence[PageScore]:
    """One score for all heads and one per kind."""
    return sum_up(
        (("heads, all", f"heads, {kind}"), *judge_head(pipeline.process(page), truth))
        for kind, _, page, truth in own_heads()
    )
