"""Named working methods and brands of party building: “五线工作法”, “411”工作机制, “花都党建”品牌, 新时代“枫桥经验”.

People search for them, and no dictionary lists them; they are read off the quotation marks and the word of the kind
beside or inside them. What is only quoted (songs, slogans, campaigns) has no such word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["find_methods"]

OPEN, CLOSE = "“‘「『", "”’」』"
ANY = r"[^“”‘’「」『』。！？；\n]"
INNER = ANY + r"{1,20}"
# What a method is called by: behind the marks with up to six characters between (“321”院落工作法) or within them.
FIELD = r"(?:[一-鿿＋+]{0,6}?)"
KIND = r"(?:工作法|[一-鿿]步法|(?:机制|模式|体系|品牌|制度)(?!改|创|建|性|化|优|变|完|健))"
# Between the marks and the kind stand only words of the field: “1+3+N”基层治理模式, but no “互联网”企业的经营模式.
BETWEEN = (
    r"(?:工作|管理|服务|议事|党建|治理|联建|联动|协商|共治|运行|基层|社会|社区|乡村|小区|院落|楼宇|网格|教育|培训|"
    r"培养|监督|考核|评价|积分|帮扶|帮带|志愿|引领|融合|党员|组织|干部|人才|长效|闭环|调解|责任|先锋|红色|子|新|"
    r"[一二三四五六七八九十]步){0,4}"
)
BEHIND = re.compile(rf"([{OPEN}]{INNER}[{CLOSE}](?:{FIELD}工作法|{BETWEEN}{KIND}))")
# 双色敲门法, but neither 想办法 nor 障眼法.
OWN = r"[^“”‘’「」『』。！？；\n]{3,12}(?<![办方说看做想书立司执违语手魔宪用疗技])法"
WITHIN = re.compile(rf"[{OPEN}]({INNER}?(?:工作法|机制|模式|体系|品牌|制度)|{OWN})[{CLOSE}]")
# Places whose way of working has a name of its own: “枫桥经验”, “浦江经验”; 千万工程 is known as 经验 too.
EXPERIENCE = re.compile(rf"[{OPEN}]([一-鿿]{{2,6}}经验)[{CLOSE}]")
# “党建+”邻里中心, “党建＋网格”.
PLUS = re.compile(rf"[{OPEN}]((?:党建|支部|党员|红色|网格|先锋){ANY}{{0,3}}[+＋]{ANY}{{0,12}})[{CLOSE}]")
# “街道吹哨、部门报到”: who calls and who comes, in two clauses of the same make.
CALL = re.compile(rf"[{OPEN}]([一-鿿]{{2,4}}吹哨[、，]?[一-鿿]{{2,4}}报到)[{CLOSE}]")
# Without quotation marks only the form with a number is a name: 三步工作法.
BARE = re.compile(rf"(?<![一-鿿{OPEN}{CLOSE}])((?:[一二三四五六七八九十0-9]+[+字步线心力联微员治]){{1,4}}工作法)")
QUOTED = (BEHIND, WITHIN, EXPERIENCE, PLUS, CALL)
# One of these stands in every name; most paragraphs have none.
KEY = re.compile("法|机制|模式|体系|品牌|制度|经验|\\+|＋|吹哨")
MARK = re.compile(f"[{OPEN}]")
# Systems that every office has: their names are quoted, but they are nobody's own.
COMMON = re.compile(
    r"^[一二三四五六七八九十两]+[项大个种套]|三会一课|四议两公开|三重一大|一岗双责|[河林田]长|双随机|最多跑一次|首问"
)
MARKS = str.maketrans("‘’「」『』＋", "“”“”“”+")


def find_methods(title: str | None, paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Each name once, in order of appearance; inner quotation marks are kept as “”."""
    found: dict[str, None] = {}
    for text in [title or "", *paragraphs]:
        if KEY.search(text):
            for name in _read(text):
                found.setdefault(name)
    return tuple(found)


def _read(text: str) -> Iterator[str]:
    """Names of one paragraph; of two that overlap the one that begins first, then the longer."""
    patterns = (*(QUOTED if MARK.search(text) else ()), *((BARE,) if "工作法" in text else ()))
    hits = sorted((m.start(), -m.end(), m.group(1)) for pattern in patterns for m in pattern.finditer(text))
    last = 0
    for start, end, name in hits:
        if start >= last:
            last = -end
            if not COMMON.search(name):
                yield name.translate(MARKS)
