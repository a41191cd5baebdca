"""Charts are small, escaped SVG that any XML reader takes."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from flows.charts import bars, skyline, sparkline, stacked

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>]]>{{7*7}}'


def heights(chart: str) -> list[float]:
    return [float(r.attrib["height"]) for r in ElementTree.fromstring(chart).iter(f"{SVG}rect") if _drawn(r)]


def _drawn(rect: ElementTree.Element) -> bool:
    return rect.attrib["class"] not in ("room", "base")


def test_a_bar_is_as_high_as_its_number() -> None:
    low, high = heights(bars([("11-20", 5), ("11-21", 10)], width=100, height=42, label="新增"))
    assert high == pytest.approx(2 * low)


def test_one_article_is_seen_beside_a_thousand_and_none_is_not() -> None:
    assert len(heights(bars([("a", 1000), ("b", 1), ("c", 0)], width=90, height=30, label="新增"))) == 2
    assert min(heights(bars([("a", 1000), ("b", 1)], width=90, height=30, label="新增"))) >= 1


def test_the_parts_of_a_column_stand_on_each_other() -> None:
    root = ElementTree.fromstring(stacked([("今天", [("new", 1), ("copy", 1)])], width=10, height=22, label="x"))
    first, second = [r.attrib for r in root.iter(f"{SVG}rect") if _drawn(r)]
    assert float(second["y"]) + float(second["height"]) == pytest.approx(float(first["y"]))


def test_a_skyline_says_the_same_as_bars_in_a_fraction_of_the_size() -> None:
    numbers = [3.0, 0.0, 12.0, 7.0] * 8
    small = skyline(numbers, width=150, height=28, label="x")
    path = next(ElementTree.fromstring(small).iter(f"{SVG}path")).attrib["d"]
    assert path.count("M") == sum(map(bool, numbers))
    assert len(small) < len(bars([("", n) for n in numbers], width=150, height=28, label="x")) / 4


def test_a_night_without_a_number_interrupts_the_line() -> None:
    root = ElementTree.fromstring(sparkline([1, 2, None, 3, 4], width=80, height=20, label="记录"))
    assert len(list(root.iter(f"{SVG}polyline"))) == 2


@pytest.mark.parametrize("values", [[], [0], [None], [0, 0], [1e9, 1]])
def test_odd_numbers_draw_a_chart_all_the_same(values: list[float | None]) -> None:
    assert ElementTree.fromstring(sparkline(values, width=80, height=20, label="x")).tag == f"{SVG}svg"
    assert ElementTree.fromstring(skyline([v or 0 for v in values], width=80, height=20, label="x")).tag
    assert ElementTree.fromstring(bars([("", v or 0) for v in values], width=80, height=20, label="x")).tag


def test_labels_are_escaped_and_read_aloud() -> None:
    for chart in (
        sparkline([1, 2], width=80, height=20, label=HOSTILE),
        bars([(HOSTILE, 1)], width=80, height=20, label=HOSTILE),
    ):
        root = ElementTree.fromstring(chart)
        assert root.attrib["aria-label"] == HOSTILE
        assert root.find(f"{SVG}title") is not None
        assert "<script" not in chart
        assert "style" not in chart
