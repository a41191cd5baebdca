from __future__ import annotations

import pytest

from cleaning.series import find_series
from models.records import Series


@pytest.mark.parametrize(
    ("title", "kicker", "series"),
    [
        ("一院一品⑨ 东风社区楼院党建", None, Series("一院一品", 9, "⑨")),
        ("东风社区楼院党建", "一院一品③", Series("一院一品", 3, "③")),
        ("党建在身边 治理聚人心（上）", None, Series("党建在身边", 1, "（上）")),
        ("楼院里的变迁(下)", None, Series("楼院里的变迁", None, "(下)")),
        ("“红色物业”系列报道之十二：小广场的大变化", None, Series("“红色物业”系列报道", 12, "之十二")),
        ("基层治理观察（之二）", None, Series("基层治理观察", 2, "（之二）")),
        ("支部故事（上）：小院里的灯光", None, Series("支部故事", 1, "（上）")),
        ("支部故事（三）——小院里的灯光", None, Series("支部故事", 3, "（三）")),
        ("支部故事(2)丨小院里的灯光", None, Series("支部故事", 2, "(2)")),
        ("【支部故事（中篇）】：小院里的灯光", None, Series("支部故事", 2, "（中篇）")),
        ("【支部故事③】小院里的灯光", None, Series("支部故事", 3, "③")),
        ("小院里的灯光", "支部故事（下）", Series("支部故事", None, "（下）")),
        ("东风社区（筹）：小院里的灯光", None, None),
        ("小院（含公共部分）里的灯光：上", None, None),
        ("十件实事办到心坎上", None, None),
        ("第3期主题党日", None, None),
        (None, None, None),
    ],
)
def test_a_series_is_what_the_title_numbers(title: str | None, kicker: str | None, series: Series | None) -> None:
    assert find_series(title, kicker) == series
