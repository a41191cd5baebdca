"""A small ingest for the crash test: python ingest_until_killed.py URL DEADLY_WRITE [reprocess | ingest-again]

Works through 40 pages in batches of 8 as a flow does; or cleans the stored pages again, by other rules; or brings them
again, by those rules. With a number it kills itself (SIGKILL, no cleaning up) at that
statement sent to the database, before or after it, so that every kind of moment is met; 0 lets it finish.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cleaning.kinship import relate
from models.decide import Cleaned, Failed, Failure, Rejected, Result, Stage
from models.records import Repair
from models.store import Store
from tests.models.corpus import NOW, begin, candidate, copies_of, key_of, page, passage, record

NAMES = [f"n{number}" for number in range(40)]


# What the rules of the second version make of some texts.
BETTER = "这一句是新规则找回来的。"


def result_of(number: int, name: str, saved: str, rules: str = "1") -> Result:
    if number % 13 == 5:
        failure = Failure(Stage.EXTRACT, "timeout", "too slow", 0.5)
        return Failed(key_of(name), "demo", f"https://news.example/{name}.html", failure)
    if number % 13 == 7:
        return Rejected(key_of(name), "demo", f"https://news.example/{name}.html", Stage.CLEAN, "no title")
    # Every fifth is a reprint of an earlier one, every fourth a near copy of one of three reports; a run before has
    # stored the first ten with another text.
    text = passage(f"t{number - number % 5 if number % 5 == 4 else number}")
    if number % 4 == 2:
        text = list(copies_of(f"r{number % 3}").values())[number // 4 % 5]
    if rules != "1" and number % 6 == 1:
        text += BETTER
    return Cleaned(record(name, text=text, repairs=(Repair("rule", "甲", "乙"),), rules_version=rules), saved)


def ingest(store: Store, rules: str = "1") -> None:
    run = begin(store)
    store.enqueue(run, [candidate(name) for name in NAMES], NOW)
    for at in range(0, len(NAMES), 8):
        results = []
        for number in range(at, min(at + 8, len(NAMES))):
            saved = store.save_raw(page(NAMES[number]))
            results.append(result_of(number, NAMES[number], saved.page, rules))
        store.apply(run, results, NOW)


def ingest_again(store: Store) -> None:
    ingest(store, "2")


def reprocess(store: Store) -> None:
    """Clean the stored pages again, as a flow does: in the order of their keys, a batch at a time."""
    run = begin(store)
    numbers = {key_of(name): number for number, name in enumerate(NAMES)}
    stored = iter(store.iter_raw())
    while batch := list(itertools.islice(stored, 8)):
        results = [result_of(numbers[one.raw.key], NAMES[numbers[one.raw.key]], one.page, "2") for one in batch]
        store.apply(run, results, NOW)


def prepare(store: Store) -> None:
    """An earlier night: the first ten articles with another text, so that the next run makes versions."""
    texts = {"n1": copies_of("r0")["whole"], "n3": copies_of("r1")["head"]}
    first = [
        Cleaned(record(name, text=texts.get(name)), store.save_raw(page(name, f"<p>{name}</p>")).page)
        for name in NAMES[:10]
    ]
    store.apply(begin(store), first, NOW)


def kill_at(store: Store, deadly: int) -> None:
    seen = itertools.count(1)

    def count(*_: object) -> None:
        if next(seen) == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    # Odd moments before a statement, even ones after it: also between a write and its commit.
    event.listen(store._engine, "before_cursor_execute" if deadly % 2 else "after_cursor_execute", count)
    event.listen(store._engine, "commit", count)


if __name__ == "__main__":
    with Store.open(sys.argv[1], relate=relate) as opened:
        if int(sys.argv[2]):
            kill_at(opened, int(sys.argv[2]))
        print("started", flush=True)
        {"reprocess": reprocess, "ingest-again": ingest_again}.get("".join(sys.argv[3:]), ingest)(opened)
