"""The steps that look for the body of an article, in order; the first that answers is recorded.

source file's selectors -> known family's selectors -> element with most running text -> data handed to scripts ->
trafilatura -> element that is called content, for verses and posters without a sentence
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from cleaning.extract.body import Body, read_body
from cleaning.extract.fallback import extract_lines
from cleaning.extract.families import Family
from cleaning.extract.handed_body import find_handed_body
from cleaning.extract.lead import with_lead
from cleaning.extract.lines import Line, Outline, read_outline
from cleaning.extract.mass import find_named, is_prose
from cleaning.extract.page import Element, Page
from cleaning.extract.select import select, select_in
from models.rules import ArticleRules

__all__ = ["Answer", "find_body"]

ENOUGH = 0.5  # share of the page's best running text a declared container must hold to be believed
LITTLE = 30  # characters; less than one sentence is nothing, and the next step is asked


@dataclass(frozen=True, slots=True)
class Answer:
    """The body, the step that found it, and where in the lines of the page it stands."""

    body: Body
    step: str
    first: int  # index of the first line of the container in the page's outline
    last: int


def find_body(
    page: Page,
    outline: Outline,
    container: int,
    rules: Sequence[ArticleRules],
    families: Sequence[Family],
    title: str | None,
) -> Answer:
    """Ask the steps in order; ``container`` is the block with most running text. The last answer may be empty."""
    mass = outline.nodes[container]
    weight = _prose_of(outline.lines[mass.first : mass.last])
    for step, element, drop, shown in _declared(page, rules, families):
        body = _read_declared(outline, element, drop, title, show_hidden=shown)
        if (step.startswith("rule") and body.text) or (body.text and _prose_of(body.lines) >= ENOUGH * weight):
            return Answer(body, step, *_place(outline, element, body))
    body = with_lead(read_body(_part(outline, container), title), outline.lines, mass.first, title)
    if _prose_of(body.lines) >= LITTLE or (body.text and not _has_text(outline)):
        return Answer(body, "text-mass", mass.first, mass.last)
    handed = find_handed_body(page, title)
    if handed is not None and (told := read_body(read_outline(handed), title)).text:
        return Answer(told, "script-data", mass.first, mass.last)
    found = extract_lines(page.root)
    if sum(map(len, found)) > len(body.text):
        return Answer(Body(tuple(Line(text, 0) for text in found)), "trafilatura", mass.first, mass.last)
    if not body.text and (node := find_named(outline)):
        return Answer(read_body(read_outline(node.element), title), "named", node.first, node.last)
    return Answer(body, "text-mass", mass.first, mass.last)


def _declared(
    page: Page, rules: Sequence[ArticleRules], families: Sequence[Family]
) -> Iterator[tuple[str, Element, tuple[str, ...], bool]]:
    """Containers that a source file or a family names, with the step's name and what to drop inside."""
    for rule in rules:
        for selector in rule.body:
            for element in islice(select_in(page, selector), 1):
                yield f"rule:{selector}", element, rule.drop, True
    for family in families:
        for selector in family.rules.body:
            for element in islice(select_in(page, selector), 1):
                yield f"family:{family.name}", element, family.rules.drop, family.hidden_body


def _read_declared(
    page: Outline, element: Element, drop: Sequence[str], title: str | None, *, show_hidden: bool = False
) -> Body:
    dropped = frozenset(e for selector in drop for e in select(element, selector) if e is not element)
    number = None if dropped else next((n for n, node in enumerate(page.nodes) if node.element is element), None)
    outline = read_outline(element, dropped) if number is None else _part(page, number)
    if show_hidden:
        for line in outline.lines:
            line.hidden = False
    return read_body(outline, title)


def _part(page: Outline, number: int) -> Outline:
    return page.part(number) or read_outline(page.nodes[number].element)


def _prose_of(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if is_prose(line) and not line.noise and not line.hidden)


def _has_text(outline: Outline) -> bool:
    return any(is_prose(line) for line in outline.lines)


def _place(outline: Outline, element: Element, body: Body) -> tuple[int, int]:
    """Where an element stands in the page's outline; of the block around an inline element, the lines of its text."""
    around: Element | None = element
    while around is not None:
        for node in outline.nodes:
            if node.element is around:
                span = node.first, node.last
                return span if around is element else _narrow(outline, *span, body)
        around = around.getparent()
    return 0, len(outline.lines)


def _narrow(outline: Outline, first: int, last: int, body: Body) -> tuple[int, int]:
    """County sites set the text into a <span> beside title and date: those lines are the head, not the container."""
    texts = [line.text for line in body.lines if line.text]
    numbers = [n for n in range(first, last) if outline.lines[n].text in (texts[0], texts[-1])] if texts else []
    return (numbers[0], numbers[-1] + 1) if numbers else (first, last)
