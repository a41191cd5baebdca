"""CPU of cleaning one article of 3,000 characters, without extraction, and of each of its rules.

    python -m benchmarks.cleaning [--limit MILLISECONDS]

With a limit the exit status is 1 where the plain article costs more.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable

from benchmarks.script import PASSAGE, conversions
from cleaning.layout import arrange
from cleaning.pipeline import AFTER_LAYOUT, BEFORE_LAYOUT, clean
from cleaning.tags.description import describe
from models.records import Block, BlockKind, Draft

CHARACTERS = 3_000
ROUNDS = 30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float)
    limit = parser.parse_args().limit
    plain = article(PASSAGE)
    kinds = {
        "simplified, full width": plain,
        "simplified, half width": article(PASSAGE.translate(str.maketrans("，；", ",;"))),
        "Traditional": article(conversions()["s2tw"](PASSAGE)),
    }
    for name, draft in kinds.items():
        print(f"{name:24} {measure(lambda draft=draft: clean(draft)):7.2f} ms")
    print("of the first:")
    for name, cost in by_step(plain).items():
        print(f"  {name:22} {cost:7.2f} ms")
    return int(limit is not None and measure(lambda: clean(plain)) > limit)


def article(passage: str) -> Draft:
    """Paragraphs of distinct sentences: a body that stands twice would be the work of one rule only."""
    chance = random.Random(1)
    phrases = [phrase for phrase in re.split("[，。；,;\n]", passage) if phrase]
    blocks: list[Block] = []
    while sum(len(block.text) for block in blocks) < CHARACTERS:
        words = ["".join(chance.choices(chance.choice(phrases), k=9)) for _ in range(18)]
        blocks.append(Block(BlockKind.PARAGRAPH, ("," if "," in passage else "，").join(words) + "。"))
    return Draft(source="bench", url="bench:", key="0", blocks=tuple(blocks))


def by_step(draft: Draft) -> dict[str, float]:
    text = "\n".join(block.text for block in draft.blocks)
    steps: dict[str, Callable[[], object]] = {
        rule.name: (lambda rule=rule: rule.repair(text)) for rule in (*BEFORE_LAYOUT, *AFTER_LAYOUT)
    }
    steps["layout"] = lambda: arrange(draft)
    steps["tags"] = lambda: describe(None, text.split("\n"))
    return {name: measure(step) for name, step in steps.items()}


def measure(step: Callable[[], object]) -> float:
    """Milliseconds of CPU, the best of many rounds: others share the machine."""
    step()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        step()
        best = min(best, time.process_time() - start)
    return best * 1000


if __name__ == "__main__":
    sys.exit(main())
