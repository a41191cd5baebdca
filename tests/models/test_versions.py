"""Differences that a person can read."""

from __future__ import annotations

import pytest

from models.versions import describe_change

LONG = "清晨六点桂花巷社区的党员已经在巷口的议事亭里摆好了桌椅，等居民来"


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("一\n二", "一\n二", []),
        ("一\n二", "一\n二\n三", ["+ 三"]),
        ("一\n二\n三", "一\n三", ["- 二"]),
        ("共二十六件", "共二十八件", ["~ 共二十[-六-]{+八+}件"]),
        (f"{LONG}议事。", f"{LONG}喝茶。", ["~ …亭里摆好了桌椅，等居民来[-议事-]{+喝茶+}。"]),
        ("一\n二\n三", "一\n四\n五\n三", ["- 二", "+ 四", "+ 五"]),
    ],
)
def test_a_change_is_told_by_line_and_within_the_line(old: str, new: str, lines: list[str]) -> None:
    assert describe_change(old, new) == lines
