"""The benchmark still runs, and batches are still worth it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "store.py"


@pytest.mark.bench
def test_batches_are_faster_than_row_by_row() -> None:
    printed = subprocess.run(
        [sys.executable, str(BENCHMARK), "--smoke"], check=True, capture_output=True, text=True
    ).stdout
    factor = float(printed.split("batches are ")[1].split()[0])
    # Ten and more on a quiet machine; two leaves room for a busy one.
    assert factor > 2
