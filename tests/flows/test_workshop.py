"""A page that breaks, hangs or kills its process costs itself only."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from flows.clean_files import LARGE_PAGE, clean_paths
from flows.workshop import BUNDLE_BYTES, Broken, Workshop, bundle, clean_here
from models.records import MediaType, RawPage, Record
from tests.flows.hostile import misbehave

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def page(body: bytes, name: str = "a", media_type: MediaType = MediaType.HTML) -> RawPage:
    return RawPage("test", f"seed:{name}", name * 64, body, NOW, media_type)


async def test_a_page_that_hangs_and_one_that_kills_its_process_leave_the_others_alone() -> None:
    bodies = [b"fine", b"hang", b"fine", b"die", b"fine", b"segfault", b"fine"]
    with Workshop(2, page_seconds=2.0, work=misbehave) as workshop:
        answers = await workshop.clean([page(body) for body in bodies], ())
    assert [type(answer) for answer in answers] == [Record, Broken] * 3 + [Record]
    assert [answer.kind for answer in answers if isinstance(answer, Broken)] == [
        "cleaning-timeout",
        "cleaning-died",
        "cleaning-died",
    ]


async def test_small_pages_travel_together_and_answers_keep_their_order() -> None:
    pages = [
        page(f"<h1>第{n}次主题党日</h1><p>东风社区党支部开展了第{n}次活动。</p>".encode(), str(n)) for n in range(20)
    ]
    assert [len(held) for held in bundle(pages)] == [8, 8, 4]
    with Workshop(2) as workshop:
        answers = await workshop.clean(pages, ())
    assert [answer.title for answer in answers if isinstance(answer, Record)] == [f"第{n}次主题党日" for n in range(20)]


def test_a_large_page_travels_alone() -> None:
    small, large = page(b"a"), page(b"a" * (BUNDLE_BYTES + 1))
    assert [len(held) for held in bundle([small, small, large, small])] == [2, 1, 1]
    assert list(bundle([])) == []


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no limit of memory on this platform")
async def test_a_page_that_devours_memory_costs_itself_only() -> None:
    bodies = [b"devour", b"fine", b"devour", b"fine"]
    with Workshop(1, page_seconds=60.0, work=misbehave) as workshop:
        answers = await workshop.clean([page(body) for body in bodies], ())
    assert [type(answer) for answer in answers] == [Broken, Record, Broken, Record]
    assert {answer.kind for answer in answers if isinstance(answer, Broken)} == {"cleaning-memory"}


def test_an_honest_page_has_room_enough(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>社区党支部第{n}次议事，党员和居民一起把楼道里的杂物清了出去。</p>" for n in range(20_000))
    head = "<html><head><title>东风社区议事厅</title></head><body><h1>东风社区议事厅</h1>"
    body = f"{head}{paragraphs}</body></html>".encode()
    assert len(body) > LARGE_PAGE
    (tmp_path / "a.html").write_bytes(body)
    [answer] = clean_paths([tmp_path / "a.html"], now=NOW, workers=1)
    assert answer.record is not None
    assert len(answer.record.paragraphs) == 20_000


def test_a_large_page_is_cleaned_in_a_process_of_its_own_even_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.clean_files.Workshop", partial(Workshop, page_seconds=2.0, work=misbehave))
    monkeypatch.setattr("flows.clean_files.LARGE_PAGE", 2)
    for name in ("hang", "die"):
        (tmp_path / f"{name}.html").write_bytes(name.encode())
    answers = list(clean_paths([tmp_path], now=NOW, workers=1))
    assert [(answer.error or "").split(":")[0] for answer in answers] == ["cleaning-died", "cleaning-timeout"]


def test_an_exception_becomes_a_value_with_its_traceback() -> None:
    broken = clean_here(page(None), ())  # type: ignore[arg-type]
    assert isinstance(broken, Broken)
    assert "Traceback" in broken.trace


def test_no_process_is_started_before_there_is_a_page() -> None:
    with Workshop(2) as workshop:
        assert workshop._pool is None


PROGRAM = """
import pathlib, sys
pathlib.Path(sys.argv[1]).open("a").write(__name__ + " ")

if __name__ == "__main__":
    from datetime import UTC, datetime
    from flows.workshop import Workshop
    from models.records import RawPage

    page = RawPage("test", "seed:a", "a" * 64, b"<p>\\xe5\\x85\\x9a</p>", datetime.now(UTC))
    with Workshop(1) as workshop:
        print(type(workshop.finish(workshop.begin(page, ()))).__name__, __spec__, __file__ == sys.argv[0])
"""


def test_a_cleaning_process_does_not_run_the_program_that_started_it(tmp_path: Path) -> None:
    script, runs = tmp_path / "program.py", tmp_path / "runs"
    script.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(script), str(runs)], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert runs.read_text().split() == ["__main__"]
    assert done.stdout.split() == ["Record", "None", "True"]
