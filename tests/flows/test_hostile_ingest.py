"""The hostile site through the whole ingest core: every good article stored, little memory, little time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.connectors.hostile import CASES, GOOD, Case, hostile_pages
from tests.connectors.site import Page, serve
from tests.flows.ingest_hostile import HOSTS

MOST_MEMORY_MB = 400
MOST_SECONDS = 120

# Whole answers in good order that would take a gigabyte to parse: each would fit, two at once would not.
FLOODS = {
    f"/flood/{n}.html": Page(piece * (4_900_000 // len(piece)))
    for n, piece in enumerate(
        (b"<p>x", b"<tr><td>x", b"<a href=x>y", b"<br>", b"<div><p>x</p></div>", b"<li><a href=/x.html>x</a>")
    )
}


def lists_of(cases: list[Case]) -> dict[str, Page]:
    """A list per host: half of the cases each, and good articles after the last of them."""
    pages = {}
    for number, host in enumerate(HOSTS):
        bad = [case.path for case in cases[number::2]] + list(FLOODS)[number::2]
        paths = bad + [f"/last/{number}{n}.html" for n in range(20)]
        items = "".join(f'<li><a href="{path}">社区党支部的一篇文章{path}</a></li>' for path in paths)
        pages[f"/list/{host}"] = Page(f"<ul>{items}</ul>".encode())
        pages |= {path: Page(GOOD) for path in paths if path.startswith("/last/")}
    return pages


def memory_of(process: int) -> int:
    """Resident bytes of a process and all below it, pages that several share counted once."""
    total = 0
    waiting = [process]
    while waiting:
        one = Path("/proc", str(waiting.pop()))
        try:
            rollup = (one / "smaps_rollup").read_text()
            total += 1024 * int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
            for task in (one / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs /proc")
def test_a_hostile_site_costs_little_and_hides_no_good_article(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.path != "/redirect_b"]
    with serve({**hostile_pages(), **FLOODS, **lists_of(cases)}) as site:
        port, result = site.base.rpartition(":")[2], tmp_path / "result.json"
        command = [sys.executable, "-m", "tests.flows.ingest_hostile", port, str(tmp_path), str(result)]
        start, peak = time.monotonic(), 0
        run = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        while run.poll() is None:
            peak = max(peak, memory_of(run.pid))
            time.sleep(0.05)
        seconds = time.monotonic() - start
    print(f"{seconds:.1f} s, {peak / 1e6:.0f} MB")
    assert run.returncode == 0
    ended = {urlsplit(url).path: how for url, how in json.loads(result.read_text()).items()}
    good = {case.path for case in cases if case.kind is None}
    assert {path: ended.get(path) for path in good if ended.get(path) != "stored"} == {}
    assert {path: how for path, how in ended.items() if path.startswith("/last/") and how != "stored"} == {}
    assert sum(path.startswith("/last/") for path in ended) == 40
    bad = {case.path: str(case.kind) for case in cases if case.kind is not None}
    bad |= dict.fromkeys(FLOODS, "NotReadable")
    assert {path: (kind, ended.get(path)) for path, kind in bad.items() if ended.get(path) != kind} == {}
    assert peak < MOST_MEMORY_MB * 1e6
    assert seconds < MOST_SECONDS
