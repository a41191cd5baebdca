"""The benchmark of search still runs, and finds what it put there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "search.py"


@pytest.mark.bench
def test_questions_are_answered() -> None:
    done = subprocess.run([sys.executable, str(BENCHMARK), "--smoke"], check=True, capture_output=True, text=True)
    lines = {line[:32].strip(): line for line in done.stdout.splitlines()}
    assert lines["no words"].endswith(" 300")
    assert lines["nothing to be found"].endswith(" 0")
    assert 150 < int(lines["a word of 70 %"].split()[-1]) < 250
