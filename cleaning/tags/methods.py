"""Named working methods and brands of party building: “五线工作法”, “411”工作机制, “花都党建”品牌.

People search for them, and no dictionary lists them; they are read off the quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["find_methods"]

KIND = (
    r"(?:(?:工作|管理|服务|议事|党建|治理|联建|联动|协商|共治|运行){0,2}(?:机制|模式|体系|法)|"
    r"[一二三四五六七八九十]步工作法)"
)
BRAND = r"(?:党建品牌|服务品牌|工作品牌|治理品牌|志愿服务品牌|品牌)"
INNER = r"[^“”‘’。！？\n]{1,20}"
PATTERNS = (
    re.compile(rf"[“‘]({INNER}?工作法)[”’]"),
    re.compile(rf"[“‘]({INNER}?(?:机制|模式|体系|品牌))[”’]"),
    re.compile(rf"([“‘]{INNER}?[”’](?:{KIND}|(?:社会|社区|基层|乡村)?{KIND}))"),
    re.compile(rf"([“‘]{INNER}?[”’]{BRAND})"),
)
# One of these stands in every name; most paragraphs have none.
KEYS = ("法", "机制", "模式", "体系", "品牌")
# Without quotation marks only the form with a number is a name: 三步工作法.
BARE = re.compile(r"(?<![一-鿿“‘”’])((?:[一二三四五六七八九十0-9]+[+字步线心力联微员治]){1,4}工作法)")


def find_methods(title: str | None, paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Each name once, in order of appearance; inner quotation marks are kept as “”."""
    found: dict[str, None] = {}
    for text in [title or "", *paragraphs]:
        if not any(word in text for word in KEYS):
            continue
        hits = [(m.start(), m.group(1)) for pattern in (*PATTERNS, BARE) for m in pattern.finditer(text)]
        for _, name in sorted(hits):
            found.setdefault(name.replace("‘", "“").replace("’", "”"))
    return tuple(found)
