import re

import pytest

from cleaning.byline import _HINT, _SEPARATED
from cleaning.byline_words import BARE, LABELS
from cleaning.starts import Starting

WORDS = Starting.of("来源|作者[:：]|编{1,2}", first="[来作编]")


@pytest.mark.parametrize(
    "text", ["", "无", "来源", "作者", "作者：张三 来源：本报 编编编", "来来源作作者:", "编" * 7, "x编x来源x"]
)
def test_matches_are_those_of_the_pattern_alone(text: str) -> None:
    assert [m.span() for m in WORDS.finditer(text)] == [m.span() for m in re.finditer(WORDS.pattern, text)]
    assert (WORDS.search(text) is None) == (WORDS.pattern.search(text) is None)


@pytest.mark.parametrize("label", sorted(LABELS))
def test_every_label_of_a_byline_begins_where_it_is_looked_for(label: str) -> None:
    line = f"某地 {label}：张三"
    found = [m.span() for m in _SEPARATED.finditer(line)]
    assert found
    assert found == [m.span() for m in _SEPARATED.pattern.finditer(line)]


@pytest.mark.parametrize(
    "line", [*sorted(BARE), "2024", "3版", "３版", "编 辑", "责 任", "民国", "摄", "供稿", "记者", ":", "／", "某地"]
)
def test_every_hint_of_a_byline_begins_where_it_is_looked_for(line: str) -> None:
    assert (_HINT.search(line) is None) == (_HINT.pattern.search(line) is None)
