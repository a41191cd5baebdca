"""Tell persons, units and neither apart in a list of names: 王晓吾、钟梦婷, 王　頔, 阳新县委组织部, NF041."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaning.byline_words import BRANDS, COMMON_SURNAMES, EDGES, NOBODY, SURNAMES, TWO_SURNAMES

__all__ = ["BUTTONS", "is_unit", "split_names", "unique"]

# Buttons of the page that stand in the line of a byline.
BUTTONS = re.compile(
    r"(?:【|\[|（|\()?\s*(?:我要评论|发表评论|我要纠错|纠错|分享到?|打印(?:本页|文章)?|关闭(?:窗口|本页)?|收藏(?:本文)?|字[号体][:：]?|"
    r"[大中小][ \u3000|]*[大中小]?[ \u3000|]*[大中小]?(?=$|[ \u3000】\])）])|扫一扫[^ ]{0,12}|复制链接|举报|责任声明|"
    r"放大|缩小|默认|复制网址|手机(?:看|阅)[^ ]{0,6}|微信|微博|QQ空间|朋友圈|\d*条评论|评论\d*|原文链接|加入收藏|推荐)"
    r"\s*(?:】|\]|）|\))?"
)
_UNIT_END = re.compile(
    r"(?:部|局|委|办|社|网|报|镇|乡|村|街道|社区|党委|支部|总支|中心|公司|集团|学院|大学|协会|站|处|科|组|院|厅|会|团|队|台|"
    r"所|校|政府|频道|传媒|媒体|新闻|客户端|组织|党工委|工委|纪委|机关|银行|法院|检察院|区|县|市|省|馆|厂|医院|室|号|"
    r"部門|電視台|報|網|會|辦|黨委|團|縣|區|鄉|鎮|館|組|處|課|署|廳|隊|學院|大學|醫院|融媒|发布|組工|组工|先锋)$"
)
_SHORT_UNITS = frozenset("街道 社区 本报 本网 村委 党委 镇党委 县委 市委 组织部 宣传部 新华社 人民网 新华网".split())
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{1,24}")
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_HAN_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,8}}(?:[·•・.]{_HAN}{{1,8}}){{1,3}}")
_PEN_NAME = re.compile(rf"(?:{_HAN}|[A-Za-z0-9_]){{2,8}}")
_TITLE = re.compile(  # 王书记, 李大爷: a person of the story, not who wrote it
    r"(?:书记|主任|局长|部长|处长|科长|镇长|乡长|县长|市长|区长|省长|院长|校长|所长|站长|队长|主席|总理|委员|代表|教授|老师|医生|"
    r"先生|女士|同志|阿姨|大爷|大妈|奶奶|爷爷|师傅|经理|总裁|律师|法官|警官|检察官|某某?|家属|市民|居民|村民)$"
)
_PROSE = re.compile(r"[的是在了和与被将为从就也都而等着不]|发自|报道|报导|教授|主任|书记|获悉")
_STAFF_ID = re.compile(r"(?<=[\u4e00-\u9fff])[_ ]?(?:[A-Z]{1,4}\d{2,}|\d{3,})$")  # 杜硕_NB12556
_ROLE_WORD = re.compile(
    r".{2,6}[社网报]发|.{2,16}(?:书记|主任|部长|局长|院长|校长|教授|研究员|委员|主席|会长|处长|科长|镇长|区长|市长|县长)|"
    r".{0,14}(?:记者|記者|评论员|評論員|通讯员|通訊員|撰稿人|研究员|实习生|[A-Z]{1,4}\d{2,})"
)
_SPLIT = re.compile(r"[、,，;；/／&＆|｜ \u3000\t\xa0]+")
_TITLE_OF = re.compile(
    r"^(?:本报|本刊|本网|本台)?(?:首席|见习|实习|特约|全媒体|融媒体)?"
    r"(?:记者|記者|通讯员|通訊員|编辑|編輯|实习生|文|图)[:：]?(?=.{2,4}$)"
)


def split_names(
    value: str, *, strict: bool = False, pen_names: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Persons, units and what is neither, of a list of names: "王晓吾、钟梦婷", "王　頔", "阳新县委组织部", "NF041".

    ``strict`` asks for a known surname (where no colon shows that a name must follow);
    ``pen_names`` allows a single longer name, as authors of columns have.
    """
    value = _ASIDE.sub(" ", value)
    value = BUTTONS.sub(" ", value).strip(EDGES + "【】[]（）()。.\"'“”『』「」<>#◇")
    if not value:
        return (), (), ""
    words = _join_single([w.strip("：:\"'“”》《.@∣▏│┃︱┆") for w in _SPLIT.split(value)])
    names: list[str] = []
    units: list[str] = []
    for number, word in enumerate(words):
        word = _STAFF_ID.sub("", word)
        if _ROLE_WORD.fullmatch(word) and len(words) > 1:
            continue
        if word.lower() in NOBODY or word.isdigit():  # a number is a staff id, not a name
            continue
        if is_unit(word) or word in BRANDS or (len(words) > 1 and len(word) > 2 and word[-1] in "网網报報社"):
            units.append(word)
        elif apart := _run_together(word):
            names.extend(apart)
        elif _is_name(word, strict) or (pen_names and _is_pen_name(word)):
            names.append(_TITLE_OF.sub("", word))
        elif names and re.match(r"系|发自|报道|整理|综合", word):
            break  # （作者：李某，系某大学教授）: what he is, not who
        else:
            return unique(names), unique(units), " ".join(words[number:])
    return unique(names), unique(units), ""


# 张三（实习）, 张三（邮箱：a@b.cn
_ASIDE = re.compile(r"[（(](?:[^（()）]{0,12}[)）]|(?:邮箱|电话|电子邮件|微信|联系)[^（()）]{0,40}(?:[)）]|$))")
LONGEST_RUN = 12  # characters; six names are a team, and teams are listed with marks


def _run_together(word: str) -> tuple[str, ...]:
    """石磊何苗赵强: the names of a run without blanks, where common surnames allow only one way to cut it."""
    if not 4 <= len(word) <= LONGEST_RUN or word[:2] in TWO_SURNAMES or word[0] not in COMMON_SURNAMES:
        return ()
    ways = list(_cuts(word))
    return ways[0] if len(ways) == 1 else ()


def _cuts(word: str) -> Iterator[tuple[str, ...]]:
    if not word:
        yield ()
    for size in (2, 3):
        if len(word) >= size and word[0] in COMMON_SURNAMES:
            yield from ((word[:size], *rest) for rest in _cuts(word[size:]))


def _join_single(words: list[str]) -> list[str]:
    """Two-character names are set with a blank (王　頔): single characters in a row are one name."""
    joined: list[str] = []
    single = False
    for word in filter(None, words):
        one = len(word) == 1 and "\u3400" <= word <= "\u9fff"
        if one and single and len(joined[-1]) < 3:
            joined[-1] += word
            single = len(joined[-1]) < 2
        else:
            joined.append(word)
            single = one
    return [word for word in joined if len(word) > 1]


def _is_name(word: str, strict: bool) -> bool:
    if _HAN_NAME.fullmatch(word) is None:
        return not strict and bool(_LATIN_NAME.fullmatch(word))
    if strict:
        if _TITLE.search(word) or (len(word) > 2 and word[-1] in "网網报報社台臺刊"):
            return False
        return word[0] in SURNAMES and not (len(word) > 3 and "·" not in word and word[:2] not in TWO_SURNAMES)
    return not _PROSE.search(word) or word[0] in SURNAMES


def _is_pen_name(word: str) -> bool:
    return bool(_PEN_NAME.fullmatch(word)) and not _PROSE.search(word) and not word.isdigit()


def is_unit(word: str) -> bool:
    """Whether a word of Han characters names an organisation or a place rather than a person."""
    return bool(_UNIT_END.search(word)) and (len(word) > 3 or word in _SHORT_UNITS)


def unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
