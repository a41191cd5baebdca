"""Tell a line of the story that names a day from one that says when, where and by whom it was published."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from cleaning.byline import Byline, parse_byline
from cleaning.byline_media import is_medium_name
from cleaning.byline_names import is_unit
from cleaning.byline_words import PLACES
from cleaning.dates import find_dates
from models.records import Precision

__all__ = ["does_something", "is_imprint", "is_particular", "is_told", "read_page_line", "without_story"]

# What people and offices do in this field's news. A name may hold one of these letters, but hardly one of these words.
_DOES = re.compile(
    r"成立(?!大会)|召开|召集|举行|举办|主办的|开展|启动|推进|推出|推行|推动|建成|建起|建好|揭牌|挂牌|入驻|进驻|走进|来到|前往|抵达|返回|参加|"
    r"参与了|出席|学习了|讨论|审议|通过|批准|印发|修订|施行|出台|实施|完成|实现|荣获|获得|获评|获批|授予|表彰|评为|评选|选举|"
    r"选出|当选|换届|宣讲|慰问|走访|调研|考察|座谈|签订|签署|签约|开工|动工|竣工|落成|开馆|开幕|闭幕|开班|开学|结业|毕业|迎来|"
    r"收到|接到|捐赠|捐款|打造|创建|新建|改造|整治|落户|入党|宣誓|就职|上任|退休|出生|去世|牺牲|逝世|发生|开始|结束|投入|投用|启用|"
    r"搬迁|搬进|脱贫|摘帽|提出|指出|强调|要求|决定|宣布|公布|部署|印制|下发|组织(?!部|工作|[一二三四五六]?[处科]|员|人事|委员|建设|生活|关系|振兴)|邀请|"
    r"认为|表示|介绍|说道|获悉|了解|看到|记者在|发现|开放|开通|通车|通水|通电|救援|抢险|转移|值守|报到|签到|上线|亮相|发放|"
    r"〔(?:19|20)\d\d〕|召開|舉行|舉辦|開展|啟動|參加|審議|通過|實施|頒發|宣佈|決定|發生|開始|結束"
)
_PARTICLES = re.compile(r"[了着將将被把从從为為是有又也还還很都已就正等您你我他她]|(?<!\w)在|到[了达場场]")
_FINAL = re.compile(r"[。！？!?；;…][”’」』）)】\]\"]{0,3}$")
_OPEN_END = re.compile(r"[，,、：:][”’」』）)】\]\"]{0,3}$")
# Words that tie a day to the sentence around it: 截至…, 自…起, …以来, …上午. No blank stands between.
_TIED_BEFORE = re.compile(r"(?:[在于於自从從至到截当當是为為和与與及]|以及|截止|直到|早在|时间)$")
_TIED_BEHIND = re.compile(
    r"[\s\u3000]?(?:[，,、]\s?(?=[\u4e00-\u9fff“‘《])|[起前后後止的这這那至到－—~～]|以来|以來|之|当[天日晚]|這天|上午|下午|中午|晚|凌晨|清晨|早|夜)"
)
_APART = re.compile(r"[\s\u3000|｜·・/／,，()（）【】\[\]<>《》\-－—]+")
_NOUN = re.compile(r"[\u4e00-\u9fff“”]{5,}")
_COLUMN = re.compile(
    r".{0,6}(?:频道|栏目|要闻|新闻|动态|时政|正文|公告|专题|资讯|评论|首页|头条|快讯|通知|简报|聚焦|在线)"
)
# 会议时间, 一、时间: what an event is called or a number before it shows that the day is the event's.
_EVENT = re.compile(
    r"(?P<sure>[一二三四五六七八九十\d]{1,2}[、.．]\s?)?"
    r"(?P<kind>活动|会议|举办|报名|开班|培训|召开|演出|开会|公示|截止|集合|施工|停电|停水)?(?:时\s{0,3}间|日\s{0,3}期)\s?[:：]"
)
_PARTICULARS = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,2}[、.．]\s?)?(?:活动|会议|举办|集合|报名|培训|召开|演出|开会)?"
    r"(?:地\s?点|地址|主持|参加|出席|参会|对象|人员|内容|主题|议题|记录|缺席|列席)(?:人|人员|对象|单位)?\s?[:：]"
)


@lru_cache(maxsize=4096)  # asked by several steps of the same few lines of a page
def is_told(line: str, *, strictly: bool = False) -> bool:
    """Whether a line with a day is part of the story: 2019年3月15日，社区成立党支部。

    ``strictly``: of a line among the paragraphs, where a day without its time and anything besides that is no name
    is the text's own; above them a few words may be the name of a column.
    """
    byline = parse_byline(line)
    if byline.published is None or byline.labels > 1:
        return False
    if not byline.rest:
        return _is_picture(byline)
    if _FINAL.search(line):
        return True
    moment = next(find_dates(line), None)
    if moment is None:
        return False
    words = _words(byline)
    if byline.is_dated or byline.is_provisional:
        return any(map(does_something, words)) or _RANGE.match(line[moment.end :]) is not None
    if line.startswith(("据", "據")) or any(map(_PARTICULARS.match, words)):
        return True
    if byline.labels == 0 and any(map(is_medium_name, words)) and all(map(_is_named, words)):
        return False
    if byline.newspaper_page and not any(map(does_something, words)):
        return False  # only a byline names the page: 2025年2月14日 第02版 要闻 临江组织工作
    if _TIED_BEHIND.match(line[moment.end :]):
        return not all(_is_publisher(word) or _is_office(word) or _COLUMN.fullmatch(word) for word in words)
    if _TIED_BEFORE.search(line[: moment.start]):
        return not all(map(_is_named, words))
    if any(map(does_something, words)):
        return True
    if byline.published.precision is not Precision.DAY or byline.labels:
        return False
    if _OPEN_END.search(line):
        return True
    if any(map(_PARTICLES.search, words)):
        return True
    return (strictly or sum(map(len, words)) >= LONG) and not all(map(_is_named, words))


_RANGE = re.compile(r"\s?[至到－—~～-]+\s?(?:\d|[一二三四五六七八九十]{1,3}[月日])")


def _is_picture(byline: Byline) -> bool:
    """Whether the day is that of a picture: 2019年3月15日，李建国 摄."""
    return bool(byline.photographers) and not (byline.medium or byline.authors or byline.editors)


LONG = 8  # characters that are more than the name of a column; accounts may be longer, but print the time of day


def does_something(word: str) -> bool:
    """Whether a run of characters says what somebody did: 社区成立党支部 is no office, though it ends like one."""
    return _DOES.search(word) is not None and not is_medium_name(word)


def without_story(line: str, byline: Byline) -> Byline:
    """``byline``, without day and medium where ``line`` tells of its day instead of being printed on it."""
    if byline.published is None or not is_told(line):
        return byline
    return replace(byline, published=None, updated=None, medium=None, is_dated=False, is_provisional=False)


def is_imprint(line: str) -> bool:
    """Whether a line at the end of a text, without a label, gives a day and no more than who printed it.

    An office or a person beside the day signs the text, which is its own end: 某某县委组织部 2024年5月1日.
    """
    return all(_is_publisher(word) or _COLUMN.fullmatch(word) for word in _words(parse_byline(line)))


def read_page_line(line: str) -> str | None:
    """The page in a line that says only where a text was printed: 《人民日报》（2024年5月1日 04 版）."""
    if "版" not in line or len(line) > LONGEST_IMPRINT:
        return None
    byline = parse_byline(line)
    is_printed = byline.published is not None or byline.medium is not None
    return byline.newspaper_page if is_printed and not is_told(line) and is_imprint(line) else None


LONGEST_IMPRINT = 60  # characters of such a line


def is_particular(line: str, following: str | None) -> bool:
    """Whether 时间：2024年5月1日 is when an event was: the next line says where or for whom. None: there is no line."""
    event = _EVENT.match(line)
    if event is None or event["sure"] or event["kind"] or following is None:
        return event is not None
    return _PARTICULARS.match(following) is not None


def _words(byline: Byline) -> list[str]:
    return [word for word in _APART.split(byline.rest) if word]


def _is_publisher(word: str) -> bool:
    return is_medium_name(word) or word in PLACES or _NO_NAME.fullmatch(word) is not None


_NO_NAME = re.compile(r"(?:星期|周|週|礼拜)[一二三四五六日天]|[^\u4e00-\u9fff]+")


def _is_named(word: str) -> bool:
    """Whether a word may be a name or a column; a longer run that is no office is part of a sentence."""
    if does_something(word):
        return False
    short = _NOUN.fullmatch(word) is None and not re.search(r"[，、；：“”。]", word)
    return short or _is_publisher(word) or is_unit(word) or _COLUMN.fullmatch(word) is not None


def _is_office(word: str) -> bool:
    return is_unit(word) and not does_something(word)
