"""What finding the copies of an article costs as the corpus grows: synthetic marks, real statements.

    python benchmarks/dedup.py                          10,000, 100,000 and 1,000,000 articles
    python benchmarks/dedup.py --sizes 10000 1000000
    python benchmarks/dedup.py --smoke                  a few seconds, for the test run

Each article has 12 marks of its own; one article in four has a formula, one of a hundred: from 12,000 articles on each
stands in more than a lookup reads. Looked up are batches of 50 articles, a third of them copies of stored ones. Memory
is what the lookups take, not the loading.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.store import NOW, record
from models.database import reading, writing
from models.kindred import COMMON, find_pairs
from models.rows import row_of
from models.store import Store
from models.tables import ARTICLE, SENTENCE_MARK, SOURCE, STORY
from models.wording import Wording

MARKS = 12
FORMULAS = 100
BATCH, ROUNDS = 50, 40
LOADED_AT_ONCE = 20_000


def marks_of(article: int) -> list[int]:
    """The same marks for the same number, spread over all of 64 bits."""
    chance = random.Random(article)
    own = [chance.getrandbits(64) - 2**63 for _ in range(MARKS)]
    if article % 4 == 0:
        own[0] = chance.randrange(FORMULAS)
    return own


def number_of(article: int) -> int:
    """A wording's number; its last bits say how many marks it has."""
    return article << 6 | MARKS


def load(store: Store, first: int, last: int) -> None:
    for start in range(first, last, LOADED_AT_ONCE):
        end = min(start + LOADED_AT_ONCE, last)
        # In the order of the index, as a bulk load would; one by one it is written in whatever order news arrives.
        rows = sorted((mark, number_of(article)) for article in range(start, end) for mark in marks_of(article))
        with writing(store._engine) as connection:
            connection.execute(insert(SENTENCE_MARK), [{"mark": mark, "wording": wording} for mark, wording in rows])


def load_holders(store: Store, size: int) -> None:
    """The articles that a lookup asks for the stories of a formula: its first holders, each a story of its own."""
    held: Counter[int] = Counter()
    articles = []
    for article in range(0, size, 4):
        formula = marks_of(article)[0]
        held[formula] += 1
        if held[formula] <= COMMON + 1:
            articles.append(article)
    plain = row_of(record(0)) | {"record_hash": "", "content_hash": "", "version": 1, "letters": 500}
    plain |= {"first_seen_at": NOW, "updated_at": NOW}
    rows = [plain | {"id": f"{a:064x}", "story": f"{a:064x}", "wording": number_of(a)} for a in articles]
    with writing(store._engine) as connection:
        connection.execute(insert(SOURCE), [{"slug": plain["source"], "name": "", "kind": "", "enabled": True}])
        connection.execute(insert(STORY), [{"id": row["id"], "articles": 1} for row in rows])
        connection.execute(insert(ARTICLE), rows)


def batch_of(chance: random.Random, size: int) -> Iterator[Wording]:
    for _ in range(BATCH):
        stored = chance.randrange(size)
        marks = marks_of(stored)[: MARKS // 2] if chance.random() < 1 / 3 else marks_of(chance.getrandbits(60) + 2**40)
        yield Wording(number_of(chance.getrandbits(56)), "", 500, frozenset(marks))


def look_up(store: Store, size: int) -> tuple[float, float]:
    """Milliseconds of one article's lookup (median of the batches, CPU), and the memory they took at most (MB)."""
    times = []
    chance = random.Random(size)
    look_up_once(store, list(batch_of(chance, size)))
    batches = [list(batch_of(chance, size)) for _ in range(ROUNDS)]
    tracemalloc.start()
    look_up_once(store, batches[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    for batch in batches:
        start = time.process_time()
        look_up_once(store, batch)
        times.append((time.process_time() - start) * 1_000 / BATCH)
    return statistics.median(times), peak / 1e6


def look_up_once(store: Store, batch: list[Wording]) -> None:
    with reading(store._engine) as connection:
        pairs = find_pairs(connection, batch)
    assert pairs, "a third of them are copies"


def measure(url: str, sizes: list[int]) -> float:
    """Print a line per size; answer how much dearer a lookup is in the largest corpus than in the smallest."""
    figures = []
    with Store.open(url, migrate=True) as store:
        load_holders(store, max(sizes))
        loaded = 0
        for size in sizes:
            load(store, loaded, size)
            loaded = size
            milliseconds, megabytes = look_up(store, size)
            figures.append(milliseconds)
            print(f"{size:>10,} articles{milliseconds:>9.3f} ms an article{megabytes:>8.2f} MB", flush=True)
    growth = figures[-1] / figures[0]
    print(f"from {sizes[0]:,} to {sizes[-1]:,} articles the lookup costs {growth:.2f} times as much")
    return growth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--url", help="an empty database; default: a SQLite file in a temporary folder")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(wanted.url or f"sqlite:///{folder}/marks.db", [2_000, 20_000] if wanted.smoke else wanted.sizes)


if __name__ == "__main__":
    main()
