"""From the lists of a site to the database: CPU per article by stage, rows per second, memory; beside Scrapy.

    python -m benchmarks.pipeline [--articles 2000] [--rounds 3] [--scrapy PYTHON]
    python -m benchmarks.pipeline --smoke       seconds, for the test run; without Scrapy

The contenders take turns within each round, against the same site, each in a process tree of its own. CPU is user and
system time of all its processes, start and end included. Scrapy is no dependency: PYTHON is an interpreter of an
environment that has it (default: this one, else the one named in BENCH_SCRAPY_PYTHON).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing.forkserver
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.site import ROOT, Plan, Site, build, serve

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)  # 02:30 in China, the night after the newest story
# Kinds that a plain Scrapy spider follows without code for each: links, feeds, sitemaps.
PLAIN_KINDS = ("linked", "numbered", "rss", "atom")
HOSTS, SOURCES = 10, 20
SAMPLE = 300  # pages whose cleaning is taken apart; more changes nothing
WARMING = 50  # pages before them: the navigation of the sites is known by then, and rare patterns are compiled
LOOKS_PER_SECOND = 4  # at the memory of a process tree
ADVICE = """\
Scrapy is not here, so only this pipeline is measured. To compare, put it into an environment of its own:
    python3 -m venv /tmp/venv-scrapy && /tmp/venv-scrapy/bin/pip install '.[bench]'
    python -m benchmarks.pipeline --scrapy /tmp/venv-scrapy/bin/python"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of one contender cost."""

    articles: int
    cpu: float  # seconds, all processes
    wall: float
    memory: float  # MB, proportional share of all processes together, at most
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def per_article(self) -> float:
        """Milliseconds of CPU."""
        return 1_000 * self.cpu / self.articles if self.articles else float("nan")


# ---- measuring a process tree ----------------------------------------------------------------------------------


def measure(command: list[str]) -> Cost:
    """Run a contender to its end. Its last line says, as JSON, how many articles it has stored."""
    start = time.perf_counter()
    # A service compiles its modules once, not every night; some shells are told to forget the result.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, text=True)
    watch = _Watch(process.pid)
    assert process.stdout is not None
    printed = process.stdout.read().splitlines()
    watch.end()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ... ended with {process.returncode}")
    said = json.loads(printed[-1])
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(said["articles"], cpu, time.perf_counter() - start, watch.most, said)


class _Watch:
    """Looks at the memory of a process and all below it. Pages that are shared count once."""

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(1 / LOOKS_PER_SECOND):
            self.most = max(self.most, sum(_share(pid) for pid in _tree(self._pid)))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                yield from _tree(int(child))
        except OSError:
            continue


def _share(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


# ---- this pipeline ---------------------------------------------------------------------------------------------


def work(database: str, files: dict[str, str], bases: list[str], night: int) -> None:
    """One night in this process, over sources given as the text of their files; prints what it came to."""
    import flows  # noqa: F401  # first, as in the programs: it says how often Python looks for cycles
    from benchmarks.night import read_sources, spend_night

    sources = read_sources(files)
    hosts = tuple(base.removeprefix("http://").partition(":")[0] for base in bases)
    done = asyncio.run(spend_night(database, sources, hosts, NOW + timedelta(days=night)))
    multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]  # else nobody waits for its CPU
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    done.cpu["clean"] = children.ru_utime + children.ru_stime
    counts = {outcome.value: number for outcome, number in done.counts.items() if number}
    stored = counts.get("new", 0) + counts.get("duplicate", 0)
    print(json.dumps({"articles": stored, "counts": counts, "cpu": done.cpu, "troubles": done.troubles[:5]}))


def ours(site: Site, folder: Path, night: int = 0) -> Cost:
    files = {column.slug: column.source_file("{delay: 0}") for column in site.columns}
    asked = {"database": f"sqlite:///{folder}/ours.db", "files": files, "bases": site.bases, "night": night}
    return measure([sys.executable, "-m", "benchmarks.pipeline", "--work", json.dumps(asked)])


def take_apart(plan: Plan) -> dict[str, float]:
    """Milliseconds per article of the three parts of cleaning, on a sample of the same pages, in this process.

    Every page is read once, as in a run: a second time, much of what is on it would be remembered.
    """
    from unittest.mock import patch

    from benchmarks.site import render
    from cleaning import pipeline
    from cleaning.forms import read_page
    from cleaning.tags.description import describe
    from models.records import RawPage

    bases = [f"http://127.0.0.{2 + n}:80" for n in range(plan.hosts)]
    every = list(render(plan, build(plan, bases), bases))
    pages = [
        RawPage("bench", base + path, path, body, NOW, headers={"content-type": kind})
        for base, path, body, kind in every
    ]
    step = max(len(pages) // SAMPLE, 2)
    for page in pages[1::step][:WARMING]:
        pipeline.process(page, (), now=NOW)
    sample = pages[::step]
    read, clean, tag = _Meter(read_page), _Meter(pipeline.clean), _Meter(describe)
    with patch("cleaning.pipeline.describe", tag):
        for page in sample:
            clean(read(page, (), now=NOW))
    share = 1_000 / len(sample)
    return {
        "decode + extract": read.spent * share,
        "clean": (clean.spent - tag.spent) * share,
        "tag": tag.spent * share,
    }


class _Meter:
    """A function that knows the seconds of CPU its calls have cost."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self._work = work
        self.spent = 0.0

    def __call__(self, *given: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return self._work(*given, **named)
        finally:
            self.spent += time.process_time() - start


# ---- the table -------------------------------------------------------------------------------------------------


def compare(plan: Plan, rounds: int, scrapy: str | None) -> dict[str, list[Cost]]:
    """All contenders, in turn, in every round; the first night, and for this pipeline the night after it."""
    costs: dict[str, list[Cost]] = {}
    with serve(plan) as site:
        for turn in range(rounds):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                costs.setdefault("dangjian", []).append(ours(site, folder))
                costs.setdefault("dangjian, next night", []).append(ours(site, folder, night=1))
                for mode in ("fast", "fast, text only", "default") if scrapy else ():
                    costs.setdefault(f"scrapy + trafilatura {mode}", []).append(rival(scrapy or "", site, folder, mode))
            print(f"round {turn + 1} of {rounds} done", file=sys.stderr)
    return costs


def rival(python: str, site: Site, folder: Path, mode: str) -> Cost:
    starts = [base_list for column in site.columns for base_list in column.starts]
    database = folder / f"{mode.replace(', ', '-').replace(' ', '-')}.db"
    script = str(ROOT / "benchmarks" / "scrapy_rival.py")
    return measure([python, script, "--mode", mode, "--database", str(database), *starts])


def report(plan: Plan, costs: dict[str, list[Cost]]) -> None:
    print(
        f"\n{plan.articles} articles, {plan.sources} sources, {plan.hosts} hosts; "
        f"median of {len(costs['dangjian'])}; CPU is user + system of all processes\n"
    )
    print(f"{'':32}{'articles':>9}{'CPU ms/article':>16}{'rows/s':>8}{'peak MB':>9}{'CPU ratio':>11}")
    base = _median([cost.per_article for cost in costs["dangjian"]])
    for name, runs in costs.items():
        middle = sorted(runs, key=lambda cost: cost.cpu)[len(runs) // 2]
        if name.endswith("next night"):
            print(f"{name:32}{middle.articles:>9}   {_median([c.cpu for c in runs]):.2f} s CPU in all, start included")
            continue
        ratio = _median([run.per_article for run in runs]) / base
        rows = _median([run.articles / run.wall for run in runs])
        memory = max(run.memory for run in runs)
        each = _median([run.per_article for run in runs])
        print(f"{name:32}{middle.articles:>9}{each:>16.2f}{rows:>8.0f}{memory:>9.0f}{ratio:>11.2f}")


def report_stages(costs: list[Cost], parts: dict[str, float]) -> None:
    """By stage: what the main process spent, and the cleaning processes by the shares of the sample."""
    middle = sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]
    cpu, per = middle.said["cpu"], 1_000 / middle.articles
    stages = {
        "start (imports, database)": cpu["start"] * per,
        "discover": cpu["discover"] * per,
        "fetch": cpu["fetch"] * per,
        **parts,
        "start of cleaning processes": cpu["clean"] * per - sum(parts.values()),
        "to and from them": cpu["hand over"] * per,
        "store": cpu["store"] * per,
    }
    stages["end, and what is left"] = middle.per_article - sum(stages.values())
    print("\nthis pipeline by stage, CPU ms/article")
    for name, cost in stages.items():
        print(f"  {name:30}{cost:>7.2f}")
    print(f"  {'all':30}{middle.per_article:>7.2f}   {middle.said['counts']}")


def _median(values: list[float]) -> float:
    return statistics.median(values)


def find_scrapy(named: str | None) -> str | None:
    """An interpreter that has Scrapy and trafilatura, or None."""
    for python in filter(None, (named, os.environ.get("BENCH_SCRAPY_PYTHON"), sys.executable)):
        found = subprocess.run([python, "-c", "import scrapy, trafilatura"], capture_output=True, check=False)
        if found.returncode == 0:
            return python
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scrapy", metavar="PYTHON")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        return work(**json.loads(asked.work))
    plan = Plan(60 if asked.smoke else asked.articles, HOSTS, SOURCES, PLAIN_KINDS)
    scrapy = None if asked.smoke else find_scrapy(asked.scrapy)
    costs = compare(plan, 1 if asked.smoke else asked.rounds, scrapy)
    report(plan, costs)
    report_stages(costs["dangjian"], take_apart(plan))
    if scrapy is None and not asked.smoke:
        print(f"\n{ADVICE}")
    return None


if __name__ == "__main__":
    main()
