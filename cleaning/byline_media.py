"""The name of a medium in a byline: where it ends, what stands around it, and which words name none."""

from __future__ import annotations

import re

from cleaning.byline_words import BRANDS, EDGES, NOT_A_MEDIUM, PLACES

__all__ = ["clean_medium", "is_medium_name", "split_medium"]

_JOIN = re.compile(r"(?<=[\-—·・《(（/])[ \u3000]+|[ \u3000]+(?=[\-—·・《(（/])")
_MEDIUM_STOP = re.compile(
    r"[|｜丨【\[，。；;]|,(?!\d)|[ \u3000]{2,}|\t|"
    r"(?:我要评论|字号|分享|打印|评论|进入论坛|收藏|关注|参与|手机|微博|推荐|复制|举报|"
    r"点击|浏览|更新|发布(?=[:：]|时间|日期|于|者|人)|大字|放大|编辑|责编|[（(]?(?:责任)?编辑|字体|\d+条)"
)


def split_medium(value: str) -> tuple[str, str]:
    """The name of a medium at the start of ``value``, and what follows it."""
    value = _JOIN.sub("", value.lstrip(EDGES))
    stop = _MEDIUM_STOP.search(value, 2 if value.startswith("微博@") else 0)
    head = value[: stop.start()] if stop else value
    if stop and stop[0] == "举报":  # 网易号: 来源: 某某北京 举报
        head = _HOME.sub("", head.rstrip())
    blank = re.search(r"(?<=[\u4e00-\u9fff》）)])[ \u3000\xa0]+|[ \u3000\xa0]+(?=[\u4e00-\u9fff])", head)
    if blank:
        head = head[: blank.start()]
    return head, value[len(head) :]


def clean_medium(name: str) -> str | None:
    """The name of a medium without quotes and labels; None for words that name nobody (网络, 未知, 本站, a number)."""
    name = _trim(_JOIN.sub("", name))
    name = _APPENDED.sub("", name)
    name = re.sub(r"^(?:文章|稿件)?(?:来源|來源|稿源|转自|轉自)\s*[:：]\s*", "", name)
    if re.fullmatch(r"《[^《》]+》", name):
        name = name[1:-1]
    if name in NOT_A_MEDIUM or not re.search(r"[\u4e00-\u9fffA-Za-z]", name) or len(name) > 40:
        return None
    return None if re.match(r"https?:|www\.", name) else _AT_HOME.sub("", _close_bracket(name))


_NAME = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-z0-9·]{1,12}(?:网|網|日报|日報|晚报|晚報|晨报|晨報|时报|時報|早报|早報|商报|商報|都市报|都市報|青年报|"
    r"青年報|周报|週報|通讯社|通訊社|社|电视台|電視台|電視臺|电台|電台|電臺|客户端|客戶端|周刊|週刊|杂志|雜誌|卫视|衛視|融媒体中心|"
    # 简报 and 海报 are no papers, 信息发布 is a column
    r"融媒|传媒|傳媒|组工|电讯|電訊|经济报道|(?<![息闻聞时時期日政策])发布|"
    r"(?<![快速通海公简簡预預举舉汇匯情喜警上回呈申填战戰年墙牆板])[报報])|文[汇匯][报報]|大公[报報])"
    r"(?:[\-－·][\u4e00-\u9fff]{2,6})?"
)


def is_medium_name(text: str) -> bool:
    """Whether a word is called as only media are: 南山日报, 临江融媒, 澎湃."""
    return text in BRANDS or _NAME.fullmatch(text) is not None


# 新华社综合, 南山发布（ID：nsfb）, 《求是》2024/05: what stands behind a name and is no part of it.
_APPENDED = re.compile(
    r"(?<=[网社报刊台])综合$|[（(]\s?(?:ID|微信号|公众号)[:：].{1,30}$|(?<=》)(?:杂志|雜誌)?\s?(?:19|20)\d\d(?:[/.年\-].{0,10})?$",
    re.IGNORECASE,
)
_HOME = re.compile(rf"(?<=[\u4e00-\u9fff]{{2}})(?:{'|'.join(sorted(PLACES))})(?:省|市)?$")
_AT_HOME = re.compile(rf"[（(](?:{'|'.join(sorted(PLACES))})[)）]$")
_AROUND = EDGES + "【】[]\"'。"
_PAIRS = (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”"))


def _trim(name: str) -> str:
    """Without blanks and marks around; a bracket or quotation mark goes only with its partner, or where it has none."""
    name = name.strip(_AROUND)
    for opening, closing in _PAIRS:
        name = name.rstrip(opening + " \u3000")
        if name.startswith(opening) and name.endswith(closing) and name.count(opening) == 1 and opening != "《":
            name = name[1:-1].strip(_AROUND)
        elif name.startswith(closing) or (name.endswith(closing) and opening not in name):
            name = name.strip(opening + closing)
    return name


def _close_bracket(name: str) -> str:
    for opening, closing in _PAIRS:
        if name.count(opening) > name.count(closing):
            name += closing
        elif name.count(closing) > name.count(opening):
            name = opening + name
    return name
