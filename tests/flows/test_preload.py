"""What the fork server loads for all cleaning processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import flows.preload
import re

heavy = sorted({"pydantic", "prefect", "sqlmodel", "trafilatura", "pypinyin"}.intersection(sys.modules))
damaged = sorted({"cleaning.byte_search", "cleaning.forms.markdown"}.intersection(sys.modules))
before, compiled = re.compile, []
re.compile = lambda *given: compiled.append(given) or before(*given)
record = flows.preload.clean_usual_page()
print(heavy, damaged, len(compiled), record.title, record.medium, *record.authors)
"""


def test_a_worker_finds_all_that_a_usual_page_needs_and_nothing_that_only_few_pages_need() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == "[] [] 0 社区党支部开展主题党日 示范日报 王小明".split()
