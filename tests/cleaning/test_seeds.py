"""The five seeds, whole: what comes out of the pipeline equals the reviewed golden files beside this test.

A golden file is changed by hand or after a review of the difference, never to make a test pass.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cleaning.pipeline import process, record_to_json
from models.records import MediaType, RawPage, sha256

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
# What a reader of the corpus sees. Regions, topics and repairs have tests of their own.
FIELDS = (
    "title", "subtitle", "published_at", "published_precision", "medium", "platform", "authors", "photographers",
    "editors", "credits", "clicks", "tags", "paragraphs", "headings", "captions", "images", "script", "language",
)  # fmt: skip


def clean(path: Path) -> dict[str, Any]:
    key = sha256(path.name.encode())
    page = RawPage(
        "seeds", f"seed:{path.name}", key, path.read_bytes(), datetime(2026, 1, 1, tzinfo=UTC), MediaType.PLAIN
    )
    return record_to_json(process(page), path.name)


def test_there_are_five_seeds() -> None:
    assert len(SEEDS) == 5


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_a_seed_equals_its_golden_record(path: Path) -> None:
    record = clean(path)
    golden = GOLDEN / f"{path.name[:3]}.json"
    seen = {name: record[name] for name in FIELDS}
    if not golden.exists():
        golden.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", "utf8")
        pytest.fail(f"{golden} is new: please review it")
    assert seen == json.loads(golden.read_text("utf8"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_nothing_leaves_the_text_of_a_seed_without_a_record(path: Path) -> None:
    """Every line of the file is in the text, in a field, or the ``before`` of a repair."""
    record = clean(path)
    kept = json.dumps({name: record[name] for name in record if name != "path"}, ensure_ascii=False)
    letters = {c for c in path.read_text("utf8") if "\u4e00" <= c <= "\u9fff"}
    told = set(kept) | set(record["original_text"] or "")
    assert not letters - told


def test_what_gold_calls_uncertain_is_flagged_and_stays() -> None:
    record = clean(SEEDS[1])
    flagged = {
        r["before"].replace(",", "，") for r in record["repairs"] if r["rule"] == "captions" and not r["applied"]
    }
    likely = {"“院落党建”引领下的居民自治新模式。", "党群一道共建美好新林峰。"}
    possible = {"“院落夜话”，群众打开了“话匣子”。", "“院落党建”撬动了各方服务涌到居民家门口。"}
    assert likely | possible <= flagged
    assert likely | possible <= set(record["paragraphs"])
