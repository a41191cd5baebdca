"""The n-gram table: it tells Chinese from noise, in either script, and reads back what was written."""

from __future__ import annotations

from array import array

import pytest

from cleaning.ngrams import MAGIC, STEP, key, load, parse


def build(costs: dict[str, int], pairs: str = "們们", forms: str = "们們") -> bytes:
    rows = sorted((key(gram), cost) for gram, cost in costs.items())
    steps, values, last = array("H"), bytearray(), 0
    for number, cost in rows:
        while number - last > 0xFFFF:
            last += 0xFFFF
            steps.append(0xFFFF)
            values.append(255)
        steps.append(number - last)
        values.append(cost)
        last = number
    head = MAGIC + len(steps).to_bytes(4, "little")
    return head + steps.tobytes() + bytes(values) + f"{pairs}\n{forms}".encode()


def test_a_table_gives_back_what_was_stored() -> None:
    table = parse(build({"我": 30, "们": 40, "我们": 5}))
    assert table.stored("我们") == pytest.approx(5 * STEP)
    assert table.stored("们我") is None


def test_a_longer_sequence_falls_back_to_its_end_at_a_price() -> None:
    table = parse(build({"我": 30, "们": 40, "我们": 5}))
    assert table.cost("你我", "们") > table.cost("我", "们")
    assert table.cost("", "们") == pytest.approx(40 * STEP)


def test_traditional_text_is_folded_to_simplified() -> None:
    table = parse(build({"我们": 5}))
    assert table.fold("我們,12a") == "我们，00a"


def test_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="table"):
        parse(b"PNG\x00")


@pytest.mark.parametrize(
    ("chinese", "noise"),
    [
        ("基层党组织", "鎶狱组织"),
        ("基層黨組織", "恿薪ㄒ绿"),
        ("社区居民", "巧缁会"),
        ("规模化发展", "模划展发"),
    ],
)
def test_chinese_costs_less_than_noise(chinese: str, noise: str) -> None:
    table = load()
    assert table.total(chinese) / len(chinese) + 1 < table.total(noise) / len(noise)


def test_both_scripts_cost_the_same() -> None:
    assert load().total("網格員走進社區") == load().total("网格员走进社区")
