"""Pages and records come out of a pipe as they went in."""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

from cleaning.pipeline import process
from flows.parcels import PARCELS
from models.records import Hints, RawPage, Record

PAGE = RawPage(
    "test",
    "https://town.example/1.html",
    "a" * 64,
    "<h1>幸福社区：党员议事会</h1><p>1月4日,四川省成都市玉林街道某社区党支部召开主题党日活动,26名党员参加。</p>"
    "<p>近日,玉林街道的党员走访了3个小区,收集意见12条,党支部把办理的结果贴在居民家门口。</p>".encode(),
    datetime(2026, 11, 22, tzinfo=UTC),
    hints=Hints(title="幸福社区"),
)


def within(kind: Any) -> Iterator[type[Any]]:
    """The dataclasses that a type is made of, itself among them."""
    for part in get_args(kind):
        yield from within(part)
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for part in get_type_hints(kind).values():
            yield from within(part)


def test_a_page_and_its_record_come_out_as_they_went_in() -> None:
    record = process(PAGE)
    assert record.repairs
    assert record.topics
    assert record.regions
    for parcel in (PAGE, record):
        assert pickle.loads(pickle.dumps(parcel, pickle.HIGHEST_PROTOCOL)) == parcel


def test_no_part_of_a_page_or_record_takes_the_slow_way() -> None:
    assert {*within(RawPage), *within(Record)} == set(PARCELS) <= copyreg.dispatch_table.keys()
