"""The benchmark of the whole pipeline still runs and says what it measured."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.bench
def test_the_pipeline_is_measured_by_stage() -> None:
    command = [sys.executable, "-m", "benchmarks.pipeline", "--smoke"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    line = re.search(r"^dangjian\s+60\s+[\d.]+\s+\d+\s+\d+\s+1\.00$", printed, re.MULTILINE)
    assert line, printed
    stages = "discover fetch decode + extract clean tag store".replace(" + ", "+").split()
    assert all(re.search(rf"^  {re.escape(stage.replace('+', ' + '))}\s+\d", printed, re.MULTILINE) for stage in stages)
    assert "'new'" in printed
