"""CPU of reading real pages: from bytes to a draft, by page.

    DANGJIAN_SHARED=FOLDER python -m benchmarks.extraction [--limit MILLISECONDS]

FOLDER is that of the evaluation on real pages; pages held out from development are left out here as well. With a limit
the exit status is 1 where the mean page costs more.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

from cleaning.forms import read_page
from models.records import RawPage
from scripts.evaluate_pages import FETCHED

ROUNDS = 3  # the best of which counts: others share the machine
HELD_OUT = 3  # a page whose number this divides


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float)
    limit = parser.parse_args().limit
    shared = os.environ.get("DANGJIAN_SHARED")
    if not shared:
        print("DANGJIAN_SHARED names no folder of pages")
        return 2
    costs = sorted(measure(page) for page in read_pages(Path(shared) / "data" / "pages"))
    mean = statistics.fmean(costs)
    print(f"{len(costs)} pages, CPU in ms: mean {mean:.1f}, median {statistics.median(costs):.1f}, "
          f"one in twenty above {costs[len(costs) * 19 // 20]:.1f}, most {costs[-1]:.1f}")  # fmt: skip
    return int(limit is not None and mean > limit)


def read_pages(folder: Path) -> list[RawPage]:
    rows = map(json.loads, (folder / "pages.jsonl").read_text("utf-8").splitlines())
    names = [row["path"] for row in rows if (row.get("gt") or {}).get("body")]
    return [
        RawPage("bench", "seed:page", "0" * 64, (folder / name).read_bytes(), FETCHED)
        for name in names
        if (number := re.match(r"\d+", Path(name).name)) and int(number[0]) % HELD_OUT
    ]


def measure(page: RawPage) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        read_page(page, now=FETCHED)
        best = min(best, time.process_time() - start)
    return best * 1000


if __name__ == "__main__":
    sys.exit(main())
