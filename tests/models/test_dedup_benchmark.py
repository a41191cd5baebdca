"""The benchmark of the lookup still runs, and the lookup hardly grows with the corpus."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "dedup.py"


TRIES = 3  # other work on the machine only adds to what is measured


@pytest.mark.bench
def test_a_lookup_hardly_grows_with_the_corpus() -> None:
    # Ten times the articles; a search through all of them would cost ten times as much.
    assert any(measure_growth() < 3 for _ in range(TRIES))


def measure_growth() -> float:
    printed = subprocess.run(
        [sys.executable, str(BENCHMARK), "--smoke"], check=True, capture_output=True, text=True
    ).stdout
    return float(printed.split("the lookup costs ")[1].split()[0])
