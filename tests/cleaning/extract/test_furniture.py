"""Lines that are never part of a story."""

from __future__ import annotations

from cleaning.extract import furniture
from cleaning.extract.furniture import is_furniture


def _alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between the bars that stand in no brackets."""
    parts, depth = [""], 0
    for sign in pattern:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def test_every_word_of_a_footer_begins_with_a_letter_and_not_with_a_set() -> None:
    # Else Python tries each of them at every place of every line, which takes six times as long.
    assert [part for part in _alternatives(furniture._FOOTER.pattern) if not part[0].isalpha()] == []


def test_a_footer_is_told_by_either_of_its_words() -> None:
    assert is_furniture("主办单位：某某市委组织部　地址：示范路一号　邮编：000000")
    assert is_furniture("承办：某某市融媒体中心　技术支持：某某公司")
    assert is_furniture("接受本站的隐私政策")
    assert not is_furniture("活动由街道党工委主办，社区党支部承办。")
