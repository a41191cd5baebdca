"""Set apart names glued to their role, 记者石磊 or 記者王小明台北報導, so that the grammar of bylines can read them."""

from __future__ import annotations

import re

from cleaning.byline_words import SURNAMES, TWO_SURNAMES
from cleaning.later import later

__all__ = ["set_apart"]

LONGEST_FROM = 60  # characters of a note that says which medium a text was taken from, with its date and page

# Characters of running text that no name holds: 记者了解到, 记者来到, 记者报道 name nobody.
_NEVER = (
    "的了到在是从從自于於说說着著们們地得把被看阅閱询詢访訪报報站证證席部处處室间間很都就还還没沒不吗嗎呢吧这這那哪"
)
_HAN = rf"(?:(?![{_NEVER}])[\u3400-\u9fff])"
_NAME = (
    rf"(?:(?:{'|'.join(sorted(TWO_SURNAMES))}){_HAN}{{1,2}}?|[{''.join(sorted(SURNAMES))}]{_HAN}{{1,2}}?"
    r"|[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,6})"
)
# Words that begin with a surname and follow 记者 in a story.
_WORDS = (
    "时间|時間|时隔|和他|和她|通过|通過|关注|關注|关于|關於|应邀|應邀|应约|相关|相關|相信|成为|成為|成册|成书|平时|"
    "全程|全面|全体|全體|全部|强调|強調|计划|計劃|高兴|连续|連續|连线|連線|连日|周末|周边|双方|明确|满怀|方面|方才|"
    "国内|國內|但是|公布|公开|由于|由此|有关|有關|能够|终于|支持|支招|路过|路上|门口|宣布|宣传|展示|初步|单独|单位|解释|"
    "简介|简历|连载|解读|查实|向前|向后|向他|向她|向记|和记|汇总|党|家|车|时|能|有|和|向"
)
_PLACES = (
    "台北|臺北|新北|桃園|桃园|台中|臺中|台南|臺南|高雄|基隆|新竹|苗栗|彰化|南投|雲林|云林|嘉義|嘉义|屏東|屏东|宜蘭|宜兰|"
    "花蓮|花莲|台東|台东|臺東|澎湖|金門|金门|連江|連線|马祖|馬祖|香港|澳門|澳门|北京|上海|廣州|广州|深圳|東京|东京|華盛頓|"
    "华盛顿|紐約|纽约|倫敦|伦敦|巴黎|柏林|首爾|首尔|曼谷|新加坡|洛杉磯|舊金山|綜合|综合|專題|专题|即時|即时|特稿|現場|現场|獨家"
)
_SENT = r"(?:專電|专电|綜合外電|外電|電|电|報導|报导|報道|报道|特稿)"
_DID = (
    r"[ \u3000]?(?:参与|參與|综合|綜合|实习|通讯)?(?:采访|採訪|采写|採寫|整理|整合|汇总|编写|撰写|撰文|"
    r"摄影报道|报道|报导|報導|報道|编译|編譯)"
)
_ROLE = (
    r"(?:[记記]者|通[讯訊][员員]|[评評][论論][员員]|[实實][习習]生|[责責]任[编編][辑輯]|[责責][编編]|"
    r"(?<![\u4e00-\u9fff])[编編][辑輯]|^作者)"
)
_NEXT_ROLE = (
    r"(?:(?:特约|特約|见习|實習|实习|本报|本報|摄影|攝影)?(?:[记記]者|通[讯訊][员員])|[实實][习習]生|[摄攝]|"
    r"[责責][编編任])"
)
_END = rf"(?=$|[ \u3000、,，;；/／|｜)）】\]〕］。]|{_NEXT_ROLE}|{_DID}|(?:{_PLACES})(?:\d{{1,2}}日)?{_SENT})"
_GLUED = re.compile(
    rf"(?P<role>{_ROLE})(?!{_WORDS})(?P<names>{_NAME}(?:[、,，/／ \u3000]{_NAME}(?!{_HAN}{{0,6}}[记記]者))*?){_END}"
)
# What a reporter did, behind the names; and where from, as Taiwan's papers print it.
_REPORTED = re.compile(
    rf"(?<=[\u4e00-\u9fff])\s?(?:[／/]\s?[\u4e00-\u9fff、]{{0,8}}|(?:{_PLACES})(?:\d{{1,2}}日)?\s?)?"
    rf"{_SENT}\s?(?=[)）】\]〕］]?$|[ \u3000](?:19|20)\d\d)"
)
_HINT = re.compile(
    r"[记記]者|通[讯訊][员員]|[评評][论論][员員]|[实實][习習]生|[责責]任?[编編]|^[（(【\[]?[编編][辑輯]|^作者"
)
_PAPER = re.compile(
    r"^([（(【〔\[［]?[\u4e00-\u9fff]{1,8}[报報社网網台臺媒體体聞闻])[ \u3000／/]{1,3}(?=[记記]者)"
)  # 聯合報 記者王小明
# A medium behind a verb and without a colon: （摘自《南山日报》）, 据新华社报道. Nothing but its date may follow.
_OF = (
    r"[来來]源|稿源|据|據|摘自|摘编自|转自|轉自|转载自|轉載自|转载|原载于?|原載於?|载于|刊于|刊载于|原刊于?|选自|来自|來自|"
    r"(?:本文|文章|原文)?(?:转自|转载自|来自|来源于?|首发于?|刊于|刊载于|原载于?|选自)"
)
_PAPER_NAME = (
    r"(?:微信)?公[众眾][号號][“「\"'：:]?[^“”「」\"'：:]{2,16}[”」\"']?|《[^《》]{2,16}》(?:客户端|微信公众号|海外版|杂志)?|[\u4e00-\u9fffA-Za-z0-9·\-]{1,16}?(?:[报報网網社台臺刊]|客户端|公众号|"
    r"杂志|在线|新闻|卫视|频道|发布|传媒|融媒体中心|融媒)"
)
_FROM = re.compile(
    rf"(?P<open>[（(【\[]?)(?P<of>{_OF})[ \u3000]?(?P<medium>{_PAPER_NAME})(?:报道|報導|报导|消息|讯|综合报道)?"
    r"(?P<when>[ \u3000，,（(]{0,3}(?:19|20)\d\d[\d年月日第期版号总\s（）().：:/\-—]{0,40})?[)）】\]]?"
)
# 人民日报 and its sites: 《人民日报》（ 2024年05月10日 04 版）
_PRINTED = re.compile(
    r"《[ \u3000]?(?P<medium>[^《》 ]{2,16})[ \u3000]?》[ \u3000]?"
    r"[（(][ \u3000]?(?P<day>(?:19|20)\d\d[年\-./]\d{1,2}[月\-./]\d{1,2}日?)[ \u3000\xa0，,]{0,3}"
    r"(?P<page>第?\s?[A-Z]?\d{1,3}\s?版|[^（）()]{0,12})[ \u3000]?[)）]"
)
# 《党建研究》2024年第5期: a journal and its number, and no more
_ISSUE = re.compile(
    r"[（(【]?《(?P<medium>[^《》]{2,24})》(?:杂志|雜誌)?[ \u3000]?(?:19|20)\d\d年?[第/.·][\d\-、]{1,5}期?[)）】]?"
)
# 本文来自微信公众号：南山日报（ID：nsrb），作者：…
_ACCOUNT = re.compile(
    r"^[（(【]?(?:本文|文章|内容|原文)?(?:来自|转载自|转自|来源于?|首发于?|載自|轉載自)(?:微信)?公[众眾][号號][ ：:]?"
    r"(?:[“「\"『](?P<account>[^“”「」『』\"]{2,24})[”」』\"])(?:[（(][^（()）]{2,40}[)）])?|"
    r"^[（(【]?(?:本文|文章|内容|原文)(?:来自|转载自|转自|来源于?|首发于?)(?:微信)?公[众众][号號][：:]"
    r"(?P<bare>[^“”「」\"（()），,。；;|｜ ]{2,24})(?:[（(][^（()）]{2,40}[)）])?"
)
_FROM_HINT = re.compile(rf"^[（(【\[]?(?:{_OF}|《)")
_DONE = re.compile(rf"(?<=[\u4e00-\u9fff])(?:等)?(?:{_DID})+(?=[)）】\]]?$)")


def set_apart(line: str) -> str:
    """The line with a blank between role and name, and without what the reporter did or sent from where.

    A name must begin with a known surname and end where a name can end; any other line comes back as it is.

    >>> set_apart("本报记者石磊通讯员王磊")
    '本报记者 石磊 通讯员 王磊'
    >>> set_apart("记者了解到")
    '记者了解到'
    """
    if ("公众号" in line or "公眾號" in line) and (match := _ACCOUNT.match(line)):
        line = f"来源：{match['account'] or match['bare']} {line[match.end() :]}"
    if len(line) <= LONGEST_FROM:
        line = _label_medium(line) if _FROM_HINT.match(line) else _say_printed(line)
    if _HINT.search(line) is None:
        return line
    if line.startswith("作者") and any(word in line for word in "系为是"):
        line = _AUTHOR_IS.sub(r"作者：\2 ", line)
    line = _PAPER.sub(r"\1", line)
    apart = _GLUED.sub(lambda m: f"{_gap(line, m)}{m['role']} {m['names']}", line)
    if apart != line or re.search(r"[记記]者[ \u3000/／]", line):
        apart = _DONE.sub("", _REPORTED.sub("", apart))
    return apart


# （作者韩涵系某智库研究员）: what he is stands glued to his name.
_AUTHOR_IS = later(rf"^(作者[:：\s]?)({_NAME}(?:[、 \u3000]{_NAME}){{0,3}}?)(?=[系为是][\u4e00-\u9fff]{{4,30}}$)")


def _label_medium(line: str) -> str:
    """The line with a label and a colon before its medium; the day of 原载 is that of another page."""
    if match := _FROM.fullmatch(line):
        return f"来源：{match['medium']}"
    if match := _ISSUE.fullmatch(line):
        return f"来源：{match['medium']}"
    return _say_printed(line)


def _say_printed(line: str) -> str:
    """The line with the day, a label and the page for 《南山日报》（2024年05月10日 04版）at its end."""
    match = _PRINTED.search(line) if "》" in line else None
    if match is None or match.end() < len(line) or (match.start() and line[match.start() - 1] not in " \u3000"):
        return line
    page = re.sub(r"\s", "", match["page"]) if "版" in match["page"] else ""
    return f"{line[: match.start()]}{match['day']} 来源：{match['medium']} {page}"


def _gap(line: str, match: re.Match[str]) -> str:
    """A blank before a role that is glued to the name before it."""
    before = line[: match.start()]
    return " " if re.search(r"[记記]者[\u4e00-\u9fff、]{2,12}$", before) else ""
