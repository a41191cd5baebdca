"""Where a text names a division of China, under which of its names, and which of those that share a name is meant.

A place is named when its full name stands in the text, when a short name of a province or city does (成都), or that of
a county right behind them (深圳福田). A name that several places share gets a code only where the text names one of
their ancestors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaning import ngrams
from cleaning.byline_words import COMMON_SURNAMES
from cleaning.conversion import branches
from cleaning.starts import Starting
from cleaning.tags.communities import COMMON, generic
from cleaning.tags.gazetteer import (
    CITY,
    COUNTY,
    DIRECT,
    NEW_AREAS,
    PROVINCE,
    TAIL,
    WORDLIKE,
    Gazetteer,
    shorten,
)

__all__ = ["Mention", "resolve", "scan_letters"]

# All alternatives begin with a character of their own: then Python skips to the first of any, a set would forbid it.
END = re.compile(
    r"自治区|特别行政区|街道|苏木|市(?!场|值)|区(?!域)|乡(?![风村情贤愁亲土音规]|镇(?![江海远雄]))|省|县|旗|州|盟|镇"
)
# Words whose end and the beginning of the next make a name: 适应城市发展.
ACROSS = {"应城市": "适反供对响顺效相", "公安县": "市区", "山下乡": "上"}
# After a county, a town that the register does not know (merged, renamed, new): "新都区石板滩镇".
NEW_TOWN = re.compile(r"([一-鿿]{2,4}?)(街道|镇|(?<!城)乡)(?![村镇])")
TOWN = re.compile(r"(?:街道|镇|乡)$")
# ，金海湖镇吹响第一声哨; but 特色小镇, 全镇, 文化重镇 are no names.
FREE_TOWN = re.compile(
    r"(?:^|[^一-鿿])([一-鿿]{1,2}(?![小古重城集强名乡村全该本我各场冰坐市边茶水一两三大老新建])[一-鿿])$"
)
HEAD_OF_TOWN = re.compile(r"镇(?![一-鿿]?[区长])")
# Characters that no name of a town holds: they show that the run before 街道 is a phrase, not a name.
PHRASE = re.compile(r"[的各个和与等在是有全这那某几了每该及或为对从到把被以向让]|街道|城镇|乡镇|城乡|社区|干部|部分")
# What stands right before the word in phrases, and hardly in names: 送戏下乡, 李明返乡, 建设家乡, 专家驻镇, 特色小镇.
LAST_OF_PHRASE = {
    "乡": frozenset("下返还回离归怀思恋望爱护助到去赴进入驻联包帮扶跑走访串出在老同异他故侨家之全各本我贵外邻强立治"),
    "镇": frozenset("下返回到去赴进入驻联包帮扶跑走访在之全各本我该贵外邻强立治小名重古集制老乡"),
    "街道": frozenset("到去赴进入驻联包帮扶跑走访在之全各本我该贵外邻老主沿街"),
}
LONGEST_TOWN = 3  # characters of a new name without 镇: 97 in 100 of those in the register, and most phrases are longer
# A short name followed by one of these belongs to an institution, not to the place: 四川大学, 成都日报.
INSTITUTION = re.compile(
    r"大学|学院|卫视|银行|航空|证券"
    r"|[一-鿿]{0,2}(?:[日晚晨早商时周]|都市|青年|法[制治]|经济|工人|农民|教育|科技)报(?![告到送名道])"
    r"|[一二三四五六七八九东南西北中]{0,2}[路街巷]|大道|社区|[话菜味籍]|人民出版社"
    # History and proverbs: 延安精神, 遵义会议, 上海合作组织, 北京时间.
    r"|精神(?!文明)|时期|起义|事变|战役|整风|合作组织|时间(?=[0-9上下晚今昨零])|(?<=遵义)会议|(?<=重庆)谈判"
)
# 新华社北京5月2日电: national agencies send from the capital what happens everywhere.
AGENCY = re.compile(r"[社网报台]$")
DATELINE = re.compile(r"(?:[0-9]{1,2}月)?[0-9]{1,2}日(?:电|讯)")
# 陈福州、王长沙: a surname at the beginning of a clause or behind a role, and a place for a given name.
PERSON = re.compile(
    r"(?:^|[^一-鿿]|[和与及]|书记|主任|主席|党员|同志|干部|村民|居民|记者|队员|队长|支书|委员|代表|师傅|老人|老兵|战士|教师|医生)"
    r"[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪"
    r"田任姜范石姚谭廖邹熊金陆郝孔白崔康毛邱秦史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]$"
)
AGED = re.compile(r"(?:今年|现年|，)?[0-9]{2}岁")
# Behind the short name of a county: a site that bears the name of the place is not the place.
SITE = re.compile(r"[宫寺庙祠山湖江河路街巷桥塔园]|公园|机场|大学|医院|中学|小学|广场|车站")
# 川渝两地, 沪苏浙皖四地: letters for provinces, where what follows says that they are.
LETTERS = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22", "黑": "23", "沪": "31",
    "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41", "鄂": "42", "湘": "43",
    "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51", "贵": "52", "黔": "52", "云": "53", "滇": "53",
    "藏": "54", "陕": "61", "甘": "62", "青": "63", "宁": "64", "新": "65", "港": "81", "澳": "82", "台": "71",
}  # fmt: skip
LETTERED_BY = "两地|三地|四地|五地|两省|三省|四省|两市|三市|两区|毗邻|交界|边界|协作|携手|一体化"
# A letter first, and then the alternatives, two of which are names (京津冀, 川渝): so Python skips to the first letter.
LETTERED = re.compile(rf"[{''.join(LETTERS)}](?:[{''.join(LETTERS)}]{{1,4}}(?={LETTERED_BY})|(?<=京)津冀|(?<=川)渝)")
ZONE = "7"  # the fifth digit of the register's codes of development zones


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int
    name: str
    code: str | None = None
    filed: bool = False  # 新华社成都4月12日电: where the report was sent from, often not where it happened


def resolve(text: str, gazetteer: Gazetteer, home: str | None = None) -> list[Mention]:
    """Every mention in reading order, each with its code where there is only one it can be.

    ``home``: the code of a place that the text takes for granted.
    """
    full = list(scan(text, gazetteer))
    brief = list(scan_short(text, full, gazetteer))
    brief += scan_counties(text, [*full, *brief], gazetteer)
    context = {m.code for m in brief if m.code}
    context |= {codes[0] for m in full if len(codes := gazetteer.codes_of(m.name)) == 1}
    context |= {NEW_AREAS[m.name] for m in full if m.name in NEW_AREAS}
    context |= {home} if home else set()
    mentions: list[Mention] = []
    for mention in sorted([*full, *brief], key=lambda m: m.start):
        before = mentions[-1] if mentions and mentions[-1].end == mention.start else None
        if (known := assign(mention, before, context, gazetteer)) is not None:
            mentions += (*city_of_zone(known, text, gazetteer), call_officially(known, gazetteer))
            if known.code is not None:
                context.add(known.code)
    mentions += new_towns(text, mentions, gazetteer)
    return sorted([*mentions, *free_towns(text, mentions, gazetteer)], key=lambda m: m.start)


def call_officially(mention: Mention, gazetteer: Gazetteer) -> Mention:
    """凉山州 is 凉山彝族自治州; a town keeps the name that the text gives it."""
    if mention.code is None or len(mention.code) > COUNTY or mention.name == gazetteer.codes[mention.code]:
        return mention
    return replace(mention, name=gazetteer.codes[mention.code])


def city_of_zone(mention: Mention, text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    """合肥高新区 names 合肥市 as well."""
    if mention.code is None or len(mention.code) != COUNTY or mention.code[CITY] != ZONE:
        return
    city = mention.code[:CITY]
    brief = shorten(gazetteer.codes.get(city, ""), city)
    if brief and text.startswith(brief, mention.start):
        at = mention.start
        yield Mention(at, at + len(brief), gazetteer.codes[city], city)


def scan_counties(text: str, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Short names of counties right behind their city or province: 深圳福田, 南通如皋."""
    starts = {m.start for m in mentions}
    for mention in mentions:
        codes = (mention.code,) if mention.code else gazetteer.codes_of(mention.name)
        if len(codes) != 1 or len(codes[0]) > CITY or mention.end in starts:
            continue
        for length in (4, 3, 2):
            end = mention.end + length
            inside = [c for c in gazetteer.counties.get(text[mention.end : end], "").split() if c.startswith(codes[0])]
            # Nobody says 河南中原 for the district of 郑州; it is a company.
            far = len(codes[0]) == PROVINCE and codes[0] not in DIRECT
            inside = [c for c in inside if not (far and gazetteer.codes[c].endswith("区"))]
            if len(inside) == 1 and not SITE.match(text, end):
                yield Mention(mention.end, end, gazetteer.codes[inside[0]], inside[0])
                break


def scan_letters(text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    for match in LETTERED.finditer(text):
        for at, letter in enumerate(match.group(), match.start()):
            yield Mention(at, at + 1, gazetteer.codes[LETTERS[letter]], LETTERS[letter])


def scan(text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Full names: at each place where one may end, the longest that the register knows."""
    last = 0
    names = gazetteer.names
    for match in END.finditer(text):
        end = match.end()
        for length in _lengths(text, end, gazetteer):
            name = text[end - length : end]
            known = name in names or name in NEW_AREAS
            if known and end - length >= last and not _is_across(text, end, name):
                yield Mention(end - length, end, name)
                last = end
                break


def _is_across(text: str, end: int, name: str) -> bool:
    """Whether a name only seems to stand here; 解放区 is a district nowhere but behind 焦作市."""
    if name == "解放区":
        return not text.endswith("焦作市", 0, end - len(name))
    start = end - len(name)
    return start > 0 and text[start - 1] in ACROSS.get(name, "")


def _lengths(text: str, end: int, gazetteer: Gazetteer) -> tuple[int, ...]:
    """Characters of the names that end as the text does here, the longest first."""
    longer = gazetteer.tails.get(text[max(0, end - TAIL) : end], ())
    if end < TAIL:
        return longer
    return longer + gazetteer.tails.get(text[end - TAIL + 1 : end], ())  # names of two characters


def scan_short(text: str, full: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Short names of provinces and cities (成都) outside the full ones, but not inside an institution's name."""
    taken = [False] * (len(text) + 1)
    for mention in full:
        taken[mention.start : mention.end] = [True] * (mention.end - mention.start)
    # 玉林 beside 玉林街道 of another city is the street, not 玉林市.
    streets = {m.name for m in full if m.name.endswith(("街道", "镇", "乡"))}
    pattern = _short_names(gazetteer)
    for match in pattern.finditer(text):
        if any(name.startswith(match.group()) for name in streets):
            continue
        if not taken[match.start()] and not taken[match.end() - 1] and not INSTITUTION.match(text, match.end()):
            code = gazetteer.short[match.group()]
            if _is_word(match, text, code, gazetteer):
                continue
            filed = DATELINE.match(text, match.end()) is not None
            yield Mention(match.start(), match.end(), gazetteer.codes[code], code, filed)


def _is_word(match: re.Match[str], text: str, code: str, gazetteer: Gazetteer) -> bool:
    """Whether a short name is only a word here (日照, 开封), or where an agency sent its report from."""
    if DATELINE.match(text, match.end()) and AGENCY.search(text, max(0, match.start() - 8), match.start()):
        return code in DIRECT
    if AGED.match(text, match.end()) or PERSON.search(text, max(0, match.start() - 3), match.start()):
        return True
    if match.group() not in WORDLIKE:
        return False
    province = gazetteer.codes[code[:PROVINCE]]
    before = text[max(0, match.start() - len(province)) : match.start()]
    return not before.endswith((province, shorten(province, code[:PROVINCE]) or province))


_SHORT: dict[int, Starting] = {}


def _short_names(gazetteer: Gazetteer) -> Starting:
    if id(gazetteer) not in _SHORT:
        # Their first two characters, as far as sets can tell: the names themselves are tried at one place in eight.
        first, second = ("".join({name[n] for name in gazetteer.short}) for n in (0, 1))
        _SHORT[id(gazetteer)] = Starting.of(branches(gazetteer.short), f"[{first}](?=[{second}])")
    return _SHORT[id(gazetteer)]


def assign(mention: Mention, before: Mention | None, context: set[str], gazetteer: Gazetteer) -> Mention | None:
    """The mention with its code; None where the name alone does not show that a place is meant."""
    if mention.code or mention.name in NEW_AREAS:
        return mention
    codes = gazetteer.codes_of(mention.name)
    if before is not None and before.code is not None and len(before.code) < len(codes[0]):
        inside = [c for c in codes if c.startswith(before.code)]
        if not inside and TOWN.sub("", mention.name) in generic():  # 中心街道, 先进街道: a common description
            return None
        return Mention(mention.start, mention.end, mention.name, inside[0] if len(inside) == 1 else None)
    inside = closest(codes, context)
    if not inside and len(mention.name) > 2:
        inside = beside(codes, context)
    if len(inside) == 1:
        return Mention(mention.start, mention.end, mention.name, inside[0])
    # A name of two characters (东区, 成县) or one that many places share is a place only beside its parent.
    is_place = len(codes) == 1 and len(mention.name) > 2 and TOWN.sub("", mention.name) not in generic()
    return Mention(mention.start, mention.end, mention.name, codes[0]) if is_place else None


def closest(codes: Sequence[str], context: set[str]) -> list[str]:
    """Those of the codes whose nearest named ancestor is nearest of all."""
    for up in (COUNTY, CITY, PROVINCE):
        if inside := [c for c in codes if len(c) > up and c[:up] in context]:
            return inside
    return []


def beside(codes: Sequence[str], context: set[str]) -> list[str]:
    """Those of the codes of counties that lie nearest to a named place: 江北区 with 渝北区 is not Ningbo's."""
    for up in (CITY, PROVINCE):
        around = {c[:up] for c in context}
        if inside := [c for c in codes if len(c) == COUNTY and c[:up] in around]:
            return inside
    return []


def new_towns(text: str, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Towns and streets right behind a county that the register does not list under any name."""
    starts = {m.start for m in mentions}
    for mention in mentions:
        county = len(mention.code or "") == COUNTY or mention.name in NEW_AREAS
        if not county or mention.end in starts:
            continue
        match = NEW_TOWN.match(text, mention.end)
        if match and not PHRASE.search(match[1]) and is_name_of_town(match[1], match[2], gazetteer):
            yield Mention(match.start(), match.end(), match.group())


def is_name_of_town(base: str, kind: str, gazetteer: Gazetteer) -> bool:
    """Whether what stands before 镇, 乡 or 街道 is a name and no phrase: 石板滩, but not 送戏下, 商业 or 特色小.

    A name that the register gives to a town elsewhere is one.
    """
    if base in generic():
        return False
    if base + kind in gazetteer.names:
        return True
    if base[-1] in LAST_OF_PHRASE[kind]:
        return base[-1] == "家" and len(base) == 2 and base[0] in COMMON_SURNAMES  # 李家乡
    if base.endswith("族"):
        return True
    pairs = [base[at : at + 2] for at in range(len(base) - 1)]
    if len(base) > LONGEST_TOWN or not generic().isdisjoint(pairs):
        return False
    return all(ngrams.load().total(pair) >= COMMON for pair in pairs)


def free_towns(text: str, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Towns at the beginning of a clause that no register knows, in a text that names a county."""
    if not any(len(m.code or "") >= COUNTY for m in mentions):
        return
    starts = {m.start for m in mentions}
    for head in HEAD_OF_TOWN.finditer(text):
        match = FREE_TOWN.search(text, max(0, head.start() - 4), head.start())
        if match is None or match.start(1) in starts or PHRASE.search(match[1]) or match[1] + "镇" in gazetteer.names:
            continue
        if not is_name_of_town(match[1], "镇", gazetteer):
            continue
        yield Mention(match.start(1), head.end(), match[1] + "镇")
