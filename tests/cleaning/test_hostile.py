"""A megabyte of the worst that each rule can meet: work that grows faster than the text does not end in time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from benchmarks.cleaning_hostile import WORST
from cleaning.layout import STEPS
from cleaning.layout.steps import Step
from cleaning.pipeline import AFTER_LAYOUT, BEFORE_LAYOUT, Rule, clean
from models.records import Block, BlockKind, Draft, Found, Origin
from tests.cpu_limit import at_most

MEGABYTE = 1_000_000  # characters: three megabytes of most of these
QUARTER = MEGABYTE // 4
PROBE = 60_000  # characters of every text, to find the slowest
SLOWEST = 2
# Linear work on four times the text takes four times as long, quadratic sixteen times.
GROWTH = 9
LITTLE = 2.0  # seconds under which the clock of a busy machine proves nothing about growth
LIMIT = 60  # seconds of CPU: what a page is given; quadratic work on a million characters takes hours

RULES = (*BEFORE_LAYOUT, *AFTER_LAYOUT)
OPEN = "街道党工委书记说过的那句话“还在居民耳边回响着呢"
CLAUSES = "支部 党员 居民 院子 停车 议事 书屋 河堤 果园 水管 公示 值班".split()

# What repeats until the text is full, besides what the benchmark repeats.
SHAPES: Mapping[str, str] = {
    **WORST,
    "closing brackets": ")",
    "nested brackets": "（(【[",
    "bracket and character": "(党",
    "toneless notes": "党(dang)",
    "notes over notes": "(dǎng(dǎng",
    "bare pinyin": "dǎngjiàn",
    "long Latin": "a",
    "Latin words": "party building ",
    "Latin among characters": "党a",
    "torn pairs": "�?",
    "torn pairs with notes": "區(qū)發(fā)?；鶎",
    "high halves": "\ud83d",
    "low halves": "\udc4a",
    "halves the wrong way": "\udc4a\ud83d",
    "private use": "\ue5e5",
    "wrong quotes": "”“",
    "quotes in quotes": "“‘",
    "colons": "时间:1",
    "digits alone": "1",
    "dots": ".",
    "addresses": "http://",
    "mail": "a@",
    "combining marks": "e\u0301",
    "marks on one letter": "\u0301",
    "joiners": "\u200d",
    "open numeric entities": "&#",
    "numeric entities": "&#x515a;",
    "open escapes": "\\u",
    "letters apart": "社 区 ",
    "wide blanks between": "党\u3000",
    "stray Traditional": "党建機",
    "empty lines": "\n",
    "numbers": "1\n",
    "buttons": "打印本页\n",
    "share buttons": "分享到：微信 微博\n",
    "boxes of links": "相关链接\n",
    "headlines": "党建引领基层治理\n",
    "headings": "一、加强领导\n",
    "captions": "图为党员走访群众。\n",
    "credits": "（责任编辑：石磊）\n",
    "reporters": "本报记者 石磊\n",
    "dates": "2021-01-02\n",
    "torn sentences": OPEN + "\n",
    "torn sentences that close": OPEN + "\n党员”。\n",
    "lines that run on": "，村民把树种在后山上，大家一起把路修好了\n",
    "short lines that run on": "，党员\n",
    "to be continued": OPEN + "（下转第二版）\n",
    "continued": OPEN + "（下转第二版）\n（上接第一版）村民把树种在后山上\n",
    "one paragraph": "街道党工委把居民请到院子里，一起商量停车的事情怎么办才好。\n",
}


def fill(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def draft_of(text: str, extractor: str = "plain") -> Draft:
    """A first paragraph of a story, so that no page is furniture alone, and the text behind it."""
    lines = ["街道党工委把居民请到院子里，一起商量停车的事情怎么办才好。", *filter(None, text.split("\n"))]
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in lines)
    title = Found("党建引领基层治理", Origin.FRONT_MATTER)
    return Draft(source="s", url="u", key="k", blocks=blocks, title=title, extractor=extractor)


def twice_with_edits(words: int) -> Callable[[int], str]:
    """A body of different lines of so many words, and its copy in which every line lacks one and has another."""

    def write(size: int) -> str:
        chance = random.Random(size)  # repeatable text, no secret
        lines = [[f"{chance.choice(CLAUSES)}{n:x}" for _ in range(words)] for n in range(size // (12 * words))]
        again = [[*line[1:], chance.choice(CLAUSES)] for line in lines]
        return "\n".join("，".join(line) + "。" for line in (*lines, *again))

    return write


WRITERS: Mapping[str, Callable[[int], str]] = {
    **{name: partial(fill, piece) for name, piece in SHAPES.items()},
    **{f"twice, lines of {words} words": twice_with_edits(words) for words in (1, 3, 12, 60)},
    "one line": lambda size: "".join(random.Random(size).choices("党建引领基层治理，。（）“”?a1 ", k=size)),
    "nested to the middle": lambda size: "（" * (size // 2) + "）" * (size // 2),
    "quotes to the middle": lambda size: "“" * (size // 2) + "”" * (size // 2),
}


def seconds_of(work: Callable[[Any], object], given: object) -> float:
    with at_most(LIMIT):
        start = time.process_time()
        work(given)
        return time.process_time() - start


def assert_linear(work: Callable[[Any], object], prepare: Callable[[str], object], slowest: int = SLOWEST) -> None:
    """The texts that are slowest when short take not much more than four times the CPU at four times the length."""
    spent = {name: seconds_of(work, prepare(write(PROBE))) for name, write in WRITERS.items()}
    for name in sorted(spent, key=lambda name: -spent[name])[:slowest]:
        quarter, whole = (prepare(WRITERS[name](size)) for size in (QUARTER, MEGABYTE))
        needed = seconds_of(work, whole)
        if needed > LITTLE:
            # The luckiest of two against the unluckiest of two: only growth is judged, not a busy moment.
            needed = min(needed, seconds_of(work, whole)) if needed < LIMIT / 2 else needed
            assert needed < GROWTH * max(seconds_of(work, quarter) for _ in range(2)), name


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_gate_knows_quadratic_work() -> None:
    with pytest.raises(AssertionError):
        assert_linear(lambda text: [sum(range(len(text) // 25)) for _ in range(len(text) // 250)], str)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_megabyte_of_its_worst_takes_a_text_rule_linear_time(rule: Rule) -> None:
    assert_linear(rule.repair, str)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("extractor", ["plain", "markdown"])  # e-paper text has rules of its own
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_megabyte_of_its_worst_takes_a_layout_rule_linear_time(step: Step, extractor: str) -> None:
    assert_linear(step, lambda text: draft_of(text, extractor))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_megabyte_of_the_worst_takes_all_of_cleaning_linear_time() -> None:
    assert_linear(clean, draft_of, slowest=1)
