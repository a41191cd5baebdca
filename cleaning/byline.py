"""Read a line that says who published, wrote, photographed and edited an article, and when: 来源 作者 责编 发布时间."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaning.byline_glued import set_apart
from cleaning.byline_words import BARE, FOLD, LABELS, NOBODY, NOT_A_MEDIUM, SURNAMES, TWO_SURNAMES, WEAK, Kind
from cleaning.dates import Moment, find_dates
from models.records import Credit

__all__ = ["Byline", "clean_medium", "is_unit", "parse_byline", "parse_tail", "split_names"]

MAX_LINE = 400  # characters; a longer line is a paragraph, not a byline


def _alternation() -> str:
    # Blanks inside a label ("来 源", "责　编") are typesetting.
    words = sorted({label.replace(" ", "") for label in LABELS}, key=len, reverse=True)
    return "|".join(r"[ \u3000]{0,3}".join(word) for word in words)


_SEPARATED = re.compile(
    rf"(?P<both>文\s?[/／]\s?(?:图|摄影|摄)|图\s?[/／]\s?文|文、图)\s{{0,2}}[:：|｜丨]?\s{{0,2}}"
    rf"|(?P<label>{_alternation()})\s{{0,4}}(?P<mark>[:：]|[|｜丨/／](?![/／])|(?=[ \u3000\t]|$))[ \u3000\t]{{0,6}}"
)
# A line without any of these names nobody and no time.
_HINT = re.compile(rf"[:：|｜丨/／]|(?:19|20)\d\d|\d版|民[国國]|摄|供图|供稿|记者|{'|'.join(sorted(BARE))}")
_BOUNDARY = frozenset(" \u3000\t\xa0|｜丨/／【[（(】]）)、,，;；。·:：-—　>》”\"'")
_WHO_AFTER = re.compile(  # "街道供图", "张三 摄", "李四/摄": the role stands behind the name
    r"(?P<who>[\u4e00-\u9fff·]{2,14}(?:[、 \u3000][\u4e00-\u9fff·]{2,4}){0,3})[ \u3000]?[/／]?[ \u3000]?"
    r"(?P<role>供图|供稿|摄影报道|摄影|摄像|摄|文/图|制图|绘图|配图)(?=$|[ \u3000;；，,|｜)）】])"
)
_REPORTER_OF = re.compile(  # "华西社区报记者 刘福燕", "本报见习记者张三"
    r"^(?P<unit>(?:[\u4e00-\u9fffA-Za-z0-9·《》\-]{2,20}?)?)[ \u3000]?"
    r"(?P<role>(?:全媒体|融媒体|融媒|首席|见习|实习|特约|特派|摄影|文字|驻[\u4e00-\u9fff]{1,4})?(?:记者|通讯员|评论员))$"
)
_OURSELVES = frozenset("本报 本刊 本网 本台 本社 本站 我报 本网站 我网 全媒体 融媒体 首席".split())
_CLICKS = re.compile(r"^\s*[【\[(（]?\s*(\d{1,9})\s*[】\])）]?\s*(?:次|人次|人)?")
_NOISE = re.compile(
    r"(?:【|\[|（|\()?\s*(?:我要评论|我要纠错|纠错|分享到?|打印(?:本页|文章)?|关闭(?:窗口|本页)?|收藏(?:本文)?|字[号体][:：]?|"
    r"[大中小][ \u3000|]*[大中小]?[ \u3000|]*[大中小]?(?=$|[ \u3000】\])）])|扫一扫[^ ]{0,12}|复制链接|举报|责任声明|"
    r"放大|缩小|默认|复制网址|手机(?:看|阅)[^ ]{0,6}|微信|微博|QQ空间|朋友圈|\d*条评论|评论\d*|原文链接|加入收藏|推荐)"
    r"\s*(?:】|\]|）|\))?"
)
_ENDS = re.compile(r"[。！？!?…]")
_NEWSPAPER_PAGE = re.compile(r"(?:第\s?)?(?P<page>[A-Z]?\d{1,3})\s?版(?:[:：][\u4e00-\u9fff]{2,6})?")
_EDGES = " \u3000\t\xa0\r\n\ufeff\u200b|｜丨,，;；、:：-—·/／>＞<"
_BRACKETS = {"【": "】", "[": "]", "（": "）", "(": ")", "〔": "〕", "［": "］"}


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line says of an article's makers. ``rest`` is what of the line was not understood.

    ``is_complete``: the whole line is a byline, so nothing of the story is lost if it is taken out of the text.
    """

    medium: str | None = None
    authors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    clicks: int | None = None
    newspaper_page: str | None = None
    rest: str = ""
    labels: int = 0  # how many labels were seen, also those with nothing behind them ("作者:")
    is_dated: bool = False  # the date stands behind a label that says what it is (发布时间)

    @property
    def is_empty(self) -> bool:
        return not self.labels and self.published is None and not self.credits

    @property
    def is_complete(self) -> bool:
        return not self.rest and not self.is_empty


@dataclass(slots=True)
class _Draft:
    """A byline being read, field by field."""

    medium: str | None = None
    authors: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    published: Moment | None = None
    updated: Moment | None = None
    clicks: int | None = None
    newspaper_page: str | None = None
    rest: list[str] = field(default_factory=list)
    labels: int = 0
    is_dated: bool = False

    def freeze(self) -> Byline:
        return Byline(
            medium=self.medium,
            authors=_unique(self.authors or self.writers),
            photographers=_unique(self.photographers),
            editors=_unique(self.editors),
            credits=tuple(self.credits),
            published=self.published,
            updated=self.updated,
            clicks=self.clicks,
            newspaper_page=self.newspaper_page,
            rest=" ".join(self.rest),
            labels=self.labels,
            is_dated=self.is_dated,
        )


@dataclass(frozen=True, slots=True)
class _Mark:
    """A label or a date in the line."""

    start: int
    end: int
    label: str = ""
    unit: str = ""  # the organisation in front of 记者
    moment: Moment | None = None
    colon: bool = False


def parse_byline(line: str) -> Byline:
    """Read one line, Simplified or Traditional, full or half width. A line of the story comes back as ``rest``.

    >>> parse_byline("作者: 发布时间:2022/3/31 11:27:21 点击率:0").clicks
    0
    >>> parse_byline("华西社区报记者 刘福燕").authors
    ('刘福燕',)
    """
    text = _unwrap(line.strip(_EDGES))
    if not text or len(text) > MAX_LINE or _ENDS.search(text.rstrip("。")):
        return Byline(rest=line.strip())
    text = set_apart(text.rstrip("。"))
    folded = text.translate(FOLD)
    if _HINT.search(folded) is None:  # most lines of a page; the grammar below is twenty times dearer
        return Byline(rest=text)
    marks = list(_marks(folded))
    draft = _Draft(labels=sum(1 for mark in marks if mark.label))
    _read_loose(text[: marks[0].start if marks else len(text)], draft)
    for number, mark in enumerate(marks):
        following = marks[number + 1] if number + 1 < len(marks) else None
        value = text[mark.end : following.start if following else len(text)]
        _read_value(mark, value, following, draft)
    return draft.freeze()


def _unwrap(text: str) -> str:
    closing = _BRACKETS.get(text[:1])
    if closing and text.endswith(closing) and text.count(text[0]) == 1:
        return text[1:-1].strip(_EDGES)
    return text


def _marks(folded: str) -> Iterator[_Mark]:
    """Labels and dates of a line from left to right, none inside another."""
    dates = [_Mark(m.start, m.end, moment=m) for m in find_dates(folded)]
    marks = sorted([*dates, *_labels(folded)], key=lambda mark: mark.start)
    end = 0
    for mark in marks:
        if mark.start >= end:
            yield mark
            end = mark.end


def _labels(folded: str) -> Iterator[_Mark]:
    for match in _SEPARATED.finditer(folded):
        label = "文图" if match["both"] else re.sub(r"\s", "", match["label"])
        bounded = match.start() == 0 or folded[match.start() - 1] in _BOUNDARY or folded[match.start() - 1].isdigit()
        colon = match["mark"] in (":", "：")
        if label in WEAK and not bounded:
            continue
        if not match["both"] and not (colon and bounded):
            reporter = _REPORTER_OF.match(folded[_word_start(folded, match.start()) : match.start()] + label)
            if label.endswith(("记者", "通讯员", "评论员")) and reporter:
                start = _word_start(folded, match.start())
                yield _Mark(start, match.end(), reporter["role"], reporter["unit"], colon=colon)
                continue
            if not colon and (label not in BARE or not bounded):
                continue
        yield _Mark(match.start(), match.end(), label, colon=bool(match["mark"]) or bool(match["both"]))


def _word_start(text: str, end: int) -> int:
    """Where the run without blanks that ends at ``end`` begins, at most 20 characters back."""
    start = end
    while start > 0 and end - start < 20 and text[start - 1] not in _BOUNDARY:
        start -= 1
    return start


def _read_value(mark: _Mark, value: str, following: _Mark | None, draft: _Draft) -> None:
    if mark.moment is not None:
        if draft.published is None:
            draft.published = mark.moment
        _read_loose(value, draft)
        return
    kind = LABELS.get(mark.label, Kind.AUTHOR)
    if kind in (Kind.DATE, Kind.UPDATED):
        _keep_date(kind, following, draft)
        _read_loose(value, draft)
    elif kind is Kind.CLICKS:
        match = _CLICKS.match(value)
        draft.clicks = int(match[1]) if match else draft.clicks
        _read_loose(value[match.end() :] if match else value, draft)
    elif kind is Kind.MEDIUM:
        medium, left = _split_medium(value)
        draft.medium = draft.medium or clean_medium(medium)
        _read_loose(left, draft)
    elif kind is not Kind.NOISE:
        _read_people(mark, kind, value, draft)


def _keep_date(kind: Kind, following: _Mark | None, draft: _Draft) -> None:
    moment = following.moment if following else None
    if moment is None:
        return
    if kind is Kind.UPDATED:
        draft.updated = moment
        # So that the bare date that follows is not taken for the day of publication.
        draft.published = draft.published or moment
    elif draft.published is None or draft.published is draft.updated:
        draft.published, draft.is_dated = moment, True


def _read_people(mark: _Mark, kind: Kind, value: str, draft: _Draft) -> None:
    behind = _Draft()
    strict = not mark.colon or (kind is Kind.PHOTO and mark.label != "摄影")
    names, units, left = split_names(
        _read_roles_behind(value, behind), strict=strict, pen_names=kind is Kind.AUTHOR and mark.colon
    )
    if left:
        draft.rest.append(left)
    unit = "" if mark.unit in _OURSELVES else mark.unit
    organisations = ((unit,) if unit else ()) + units
    if names or organisations:
        draft.credits.append(Credit(mark.label, names, organisations))
        _file(kind, names, units, draft)
    if mark.label in ("文图", "文并图", "图文"):
        draft.photographers.extend(names)
    draft.credits.extend(behind.credits)
    draft.photographers.extend(behind.photographers)


def _file(kind: Kind, names: tuple[str, ...], units: tuple[str, ...], draft: _Draft) -> None:
    """Put the names where they belong; only an author may be a unit."""
    if kind is Kind.AUTHOR:
        draft.authors.extend(names or units)
    elif kind is Kind.WRITER:
        draft.writers.extend(names)
    elif kind is Kind.PHOTO:
        draft.photographers.extend(names)
    elif kind is Kind.EDITOR:
        draft.editors.extend(names)


def _read_roles_behind(value: str, draft: _Draft) -> str:
    """Take "街道供图" and "张三 李四 摄" out of a value; what is left comes back."""
    folded = value.translate(FOLD)
    left, end = [], 0
    for match in _WHO_AFTER.finditer(folded):
        who = value[match.start("who") : match.end("who")]
        first, last = _last_people(who, match["role"])
        names, units, unread = split_names(last, strict=True)
        if unread or not (names or units):
            continue
        left.append(value[end : match.start()] + first)
        end = match.end()
        draft.credits.append(Credit(match["role"], names, units))
        if match["role"] != "供稿":
            draft.photographers.extend(names)
    return "".join([*left, value[end:]])


def _last_people(who: str, role: str) -> tuple[str, str]:
    """Of "张丽 街道" before 供图 only 街道 is meant: a unit speaks for itself, persons are listed."""
    words = re.split(r"(?<=[ \u3000])", who)
    if is_unit(words[-1].strip()):
        return "".join(words[:-1]), words[-1]
    while len(words) > 1 and is_unit(words[0].strip()):
        words = words[1:]
    return who[: len(who) - len("".join(words))], "".join(words)


def _read_loose(text: str, draft: _Draft) -> None:
    """Text that no label claims: credits with the role behind, furniture of the page, a newspaper page, or the rest."""
    text = _read_roles_behind(text, draft) if text.strip(_EDGES) else ""
    text = _NOISE.sub(" ", text)
    match = _NEWSPAPER_PAGE.search(text)
    if match:
        draft.newspaper_page = match[0].strip()
        text = text[: match.start()] + text[match.end() :]
    left = text.strip(_EDGES + "【】[]（）()〔〕《》")
    if left:
        draft.rest.append(left)


_JOIN = re.compile(r"(?<=[\-—·・《(（/])[ \u3000]+|[ \u3000]+(?=[\-—·・《(（/])")
_MEDIUM_STOP = re.compile(
    r"[|｜丨【\[]|[ \u3000]{2,}|\t|(?:我要评论|字号|分享|打印|评论|进入论坛|收藏|关注|参与|手机|微博|推荐|复制|举报|"
    r"点击|浏览|更新|发布(?=[:：]|时间|日期|于|者|人)|大字|放大|编辑|责编|[（(]?(?:责任)?编辑|字体|\d+条)"
)


def _split_medium(value: str) -> tuple[str, str]:
    """The name of a medium at the start of ``value``, and what follows it."""
    value = _JOIN.sub("", value.lstrip(_EDGES))
    stop = _MEDIUM_STOP.search(value)
    head = value[: stop.start()] if stop else value
    blank = re.search(r"(?<=[\u4e00-\u9fff》）)])[ \u3000\xa0]+|[ \u3000\xa0]+(?=[\u4e00-\u9fff])", head)
    if blank:
        head = head[: blank.start()]
    return head, value[len(head) :]


def clean_medium(name: str) -> str | None:
    """The name of a medium without quotes and labels; None for words that name nobody (网络, 未知, 本站, a number)."""
    name = _JOIN.sub("", name).strip(_EDGES + "【】[]“”\"'()（） 。")
    name = re.sub(r"^(?:文章|稿件)?(?:来源|來源|稿源|转自|轉自)\s*[:：]\s*", "", name)
    if re.fullmatch(r"《[^《》]+》", name):
        name = name[1:-1]
    if name in NOT_A_MEDIUM or not re.search(r"[\u4e00-\u9fffA-Za-z]", name) or len(name) > 40:
        return None
    return None if re.match(r"https?:|www\.", name) else _close_bracket(name)


def _close_bracket(name: str) -> str:
    for opening, closing in (("（", "）"), ("(", ")"), ("《", "》")):
        if name.count(opening) > name.count(closing):
            name += closing
    return name


_UNIT_END = re.compile(
    r"(?:部|局|委|办|社|网|报|镇|乡|村|街道|社区|党委|支部|总支|中心|公司|集团|学院|大学|协会|站|处|科|组|院|厅|会|团|队|台|"
    r"所|校|政府|频道|传媒|媒体|新闻|客户端|组织|党工委|工委|纪委|机关|银行|法院|检察院|区|县|市|省|馆|厂|医院|室|号|"
    r"部門|電視台|報|網|會|辦|黨委|團|縣|區|鄉|鎮|館)$"
)
_SHORT_UNITS = frozenset("街道 社区 本报 本网 村委 党委 镇党委 县委 市委 组织部 宣传部 新华社 人民网 新华网".split())
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{1,24}")
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_HAN_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,8}}(?:[·•・.]{_HAN}{{1,8}}){{1,3}}")
_PEN_NAME = re.compile(rf"(?:{_HAN}|[A-Za-z0-9_]){{2,8}}")
_PROSE = re.compile(r"[的是在了和与被将为从就也都而等着不]|发自|报道|报导|教授|主任|书记|获悉")
_STAFF_ID = re.compile(r"(?<=[\u4e00-\u9fff])[_ ]?(?:[A-Z]{1,4}\d{2,}|\d{3,})$")  # 杜硕_NB12556
_ROLE_WORD = re.compile(r".{0,14}(?:记者|記者|评论员|評論員|通讯员|通訊員|撰稿人|研究员|实习生|[A-Z]{1,4}\d{2,})")
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
    value = re.sub(r"[（(][^（()）]{0,12}[)）]", " ", value)  # 张三（实习）
    value = _NOISE.sub(" ", value).strip(_EDGES + "【】[]（）()。.\"'“”")
    if not value:
        return (), (), ""
    words = _join_single([w.strip("：:\"'“”》《.") for w in _SPLIT.split(value)])
    names: list[str] = []
    units: list[str] = []
    for number, word in enumerate(words):
        word = _STAFF_ID.sub("", word)
        if _ROLE_WORD.fullmatch(word) and len(words) > 1:
            continue
        if word.lower() in NOBODY or word.isdigit():  # a number is a staff id, not a name
            continue
        if is_unit(word):
            units.append(word)
        elif _is_name(word, strict) or (pen_names and _is_pen_name(word)):
            names.append(_TITLE_OF.sub("", word))
        elif names and re.match(r"系|发自|报道|整理|综合", word):
            break  # （作者：李某，系某大学教授）: what he is, not who
        else:
            return _unique(names), _unique(units), " ".join(words[number:])
    return _unique(names), _unique(units), ""


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
        return word[0] in SURNAMES and not (len(word) > 3 and "·" not in word and word[:2] not in TWO_SURNAMES)
    return not _PROSE.search(word) or word[0] in SURNAMES


def _is_pen_name(word: str) -> bool:
    return bool(_PEN_NAME.fullmatch(word)) and not _PROSE.search(word) and not word.isdigit()


def is_unit(word: str) -> bool:
    """Whether a word of Han characters names an organisation or a place rather than a person."""
    return bool(_UNIT_END.search(word)) and (len(word) > 3 or word in _SHORT_UNITS)


_TAIL_NOTE = re.compile(r"[（(【\[](?P<note>[^（）()【】\[\]。！？]{2,60})[)）】\]]\s*(?P<after>[\s\d。]{0,9})$")


def parse_tail(text: str) -> tuple[Byline, int]:
    """The note in brackets at the end of a paragraph, （记者 黄玥）or【责任编辑:王頔】, and where it starts.

    Returns an empty byline and ``len(text)`` where there is none or where it is part of the story.
    """
    match = _TAIL_NOTE.search(text[-80:])
    if match is None:
        return Byline(), len(text)
    byline = parse_byline(match["note"])
    if not byline.is_complete or not byline.labels:
        return Byline(), len(text)
    return byline, max(0, len(text) - 80) + match.start()


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
