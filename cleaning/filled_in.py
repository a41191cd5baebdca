"""Whether what differs between two sentences was filled in (a name, a number) or is a matter of wording. Pure.

A form letter and its reprint differ in nothing else: the one in names and numbers, the other in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from cleaning.tags.gazetteer import load

__all__ = ["SURNAMES", "Change", "count_filled_in", "find_changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in one text, what stands there in the other, and what stands before and behind it in the first."""

    before: str
    after: str
    left: str
    right: str


AROUND = 4  # characters of context: 余杭区, 书记张
# Two names may have a character or two in common by chance: 税务局机关支部, 自然资源局.
BY_CHANCE = 2


def find_changes(a: str, b: str, apart: int = 0) -> list[Change]:
    """The differences; one side is empty where something was left out. Up to ``apart`` common characters part none."""
    spans: list[tuple[int, int, int, int]] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            if spans and i - spans[-1][1] <= apart:
                i, _, k, _ = spans.pop()
            spans.append((i, j, k, m))
    return [Change(a[i:j], b[k:m], a[max(0, i - AROUND) : i], a[j : j + AROUND]) for i, j, k, m in spans]


def count_filled_in(a: str, b: str) -> int:
    """In how many places two folded sentences differ by a name or a number."""
    return max(sum(map(_is_filled_in, find_changes(a, b, apart))) for apart in (0, BY_CHANCE))


# Words for what the reader knows without a name; an editor far away puts the name or the date instead.
POINTING = re.compile(r"[我本该全此昨今当近]|昨[日天]|今[日天]|近日|日前|当[日天]")
# How the name of a place or of a body ends, where it stands right behind the change ...
PLACE = re.compile(r"[一-鿿]{0,3}?(?:[省市县区旗镇乡村州]|街道|社区|小区|支部|公司|学校|中心)")
# ... or is the end of what was put there.
BODY = re.compile(
    r"[一-鿿]{2,}(?:[省市县区旗镇乡村州局院校委部厅处所站队社厂馆会]|街道|公司|集团|银行|中心|[中小大]学)"
)
SHORTEST_BODY = 3
SPEECH = re.compile(r"说|表示|介绍|告诉|坦言|感慨|同志|书记|主任|先生|女士|老人|等")
# The hundred commonest family names; with them most of the people in the news are recognised.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
LONGEST_NAME = 3  # characters of a person's name
# Several people, one behind the other: the marks between them are folded away. Four characters can be a word.
PEOPLE = re.compile(rf"(?:[{''.join(sorted(SURNAMES))}][一-鿿]{{1,2}}){{2,}}")
# Alone: in 十分, 一起, 统一 they are no numbers.
NUMERALS = re.compile("[零〇一二两三四五六七八九十百千万亿]+")


def _is_filled_in(change: Change) -> bool:
    """Whether a change is one of names or numbers rather than of wording."""
    if POINTING.fullmatch(change.before) or POINTING.fullmatch(change.after):
        return False
    both = change.before + change.after
    if NUMERALS.fullmatch(both) or any(map(str.isdigit, both)):
        return True
    if not change.before or not change.after:
        return False
    return _is_person(change) or _is_body(change) or _is_place(change)


def _is_place(change: Change) -> bool:
    if PLACE.match(change.right):
        return True
    short = load().short
    sides = (change.before, change.after, change.left[-1:] + change.before, change.left[-1:] + change.after)
    # Several places, one behind the other, begin with one: nearly all short names have two characters.
    return any(side in short for side in sides) or any(side[:2] in short for side in sides[:2] if len(side) > 2)


def _is_body(change: Change) -> bool:
    """Two different bodies, the end of their names included: 人民医院内科党支部, 自然资源局. One may end otherwise."""
    sides = (change.before, change.after)
    return min(map(len, sides)) >= SHORTEST_BODY and any(map(BODY.fullmatch, sides))


def _is_person(change: Change) -> bool:
    """Two different names of two or three characters, or another given name behind the same family name."""
    if max(len(change.before), len(change.after)) > LONGEST_NAME:
        return _are_people(change)
    if change.before[0] in SURNAMES and change.after[0] in SURNAMES:
        return True
    return change.left[-1:] in SURNAMES and SPEECH.match(change.right) is not None


def _are_people(change: Change) -> bool:
    """Lists of names, one of them possibly begun by what both have in common: 李｜若兰申秀英, 李｜秀英."""
    ends = [(left, right) for left in range(3) for right in range(3)]
    return any(
        PEOPLE.fullmatch(change.left[len(change.left) - left :] + side + change.right[:right])
        for side in (change.before, change.after)
        for left, right in ends
        if len(side) > LONGEST_NAME
    )
