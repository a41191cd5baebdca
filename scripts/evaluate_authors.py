"""Whether a page names the authors of a record as such: beside a naming word, or in a signature of their own.

Written apart from the grammar that reads them, and simpler: it only looks where a name stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from cleaning.decode import decode
from cleaning.extract.guard import defuse
from cleaning.extract.lines import read_outline
from cleaning.extract.page import parse_page

__all__ = ["all_named", "is_named", "page_lines"]

_WORD = (
    r"(?:作者|[记記]者|通讯员|评论员|实习生|撰稿人?|撰文|撰写|采写|采访|写稿|执笔人?|编译|编写|整理|投稿人?|供稿人|文字|文案|主笔|"
    r"执行|文|(?i:by))"
)
_NAME = r"[\u3400-\u9fff·A-Za-z_]{2,8}"
_GAP = r"[\s:：/／|｜丨、,，&＆图摄影（(]{0,6}"
# 记者 张三、李四、王五: up to six names between the word and the one that is looked for, and one office before them.
_BEFORE = re.compile(
    rf"(?:{_WORD}{_GAP}(?:[\u4e00-\u9fff·]{{2,14}}[\s/／]{{1,3}})?|[电讯電訊]\s?[（(]\s?)"
    rf"(?:{_NAME}[\s、,，/／&＆]{{1,3}}){{0,6}}$"
)
_AFTER = re.compile(rf"^(?:[\s、,，/／]{{1,3}}{_NAME}){{0,6}}[\s/／]{{0,3}}(?:文|整理|采写|报道|撰|编译)")
_SIGNED = re.compile(r"[（(【\[]?([^（()）。！？，：:]{2,40})[)）】\]]?")
_NOTE = re.compile(r"[。！？”…]\s*[（(【\[]([^（()）。！？：:]{2,40})[)）】\]]$")
_OTHERS = re.compile(
    r"[编編][辑輯审審]|[责責][编編]|校对|审核|监制|摄|通讯员|书记|主任"
)  # a line that names somebody else
NEAR = 60  # characters before and behind a name that are looked at


def page_lines(body: bytes, fold: Callable[[str], str] = str) -> list[str]:
    """The lines of a page as its reader sees them."""
    markup, _ = defuse(decode(body).text, "page")
    page = parse_page(markup, "page")
    return [fold(line.text) for line in read_outline(page.body).lines if line.text]


def all_named(names: Iterable[str], lines: Sequence[str]) -> bool:
    """Whether every one of the names is named; true where there is none."""
    return all(any(is_named(name, line) for line in lines) for name in names)


def is_named(name: str, line: str) -> bool:
    """Whether a line names somebody as its author.

    >>> is_named("李建国", "（记者王芳、李建国）"), is_named("李建国", "社区书记李建国说")
    (True, False)
    """
    spaced = re.compile(r"\s{0,3}".join(map(re.escape, name)))
    for match in spaced.finditer(line):
        before, after = line[max(0, match.start() - NEAR) : match.start()], line[match.end() : match.end() + NEAR]
        if _BEFORE.search(before) or _AFTER.search(after):
            return True
    if _OTHERS.search(line):
        return False
    note = _NOTE.search(line) or _SIGNED.fullmatch(line.strip("□■◎○● 　"))
    alone = re.compile(rf"(?:^|[\s、,，/／|｜]){spaced.pattern}(?:$|[\s、,，/／|｜])")
    return note is not None and alone.search(note[1].strip()) is not None
