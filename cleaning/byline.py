"""Read a line that says who published, wrote, photographed and edited an article, and when: 来源 作者 责编 发布时间."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cleaning.byline_glued import set_apart
from cleaning.byline_media import clean_medium, split_medium
from cleaning.byline_names import BUTTONS, is_unit, split_names, unique
from cleaning.byline_words import BARE, BRANDS, COMMON_SURNAMES, EDGES, FOLD, LABELS, SURNAMES, WEAK, Kind
from cleaning.dates import Moment, find_dates
from cleaning.starts import Starting
from cleaning.substitute import substitute
from models.records import Credit

__all__ = ["Byline", "parse_byline", "parse_tail"]

MAX_LINE = 400  # characters; a longer line is a paragraph, not a byline
LONGEST_KNOWN = 120  # characters of a line that is worth remembering


def _alternation() -> str:
    # Blanks inside a label ("来 源", "责　编") are typesetting.
    words = sorted({label.replace(" ", "") for label in LABELS}, key=len, reverse=True)
    return "|".join(r"[ \u3000]{0,3}".join(word) for word in words)


_SEPARATED = Starting.of(
    rf"(?P<both>文\s?[/／]\s?(?:图|摄影|摄)|图\s?[/／]\s?文|文、图)\s{{0,2}}[:：|｜丨]?\s{{0,2}}"
    rf"|(?P<label>{_alternation()})\s{{0,4}}"
    r"(?P<mark>[:：]|[|｜丨/／](?![/／])|(?=[ \u3000\t]|$)|[】\]](?=.))[ \u3000\t]{0,6}",
    first=f"[文图{''.join(sorted({label[0] for label in LABELS}))}]",
)
# A line without any of these names nobody and no time.
_HINT = Starting.of(
    r"[:：|｜丨/／]|[编来作责][ \u3000]{1,3}[辑源者任编]|(?:19|20)\d\d|二[〇○零]|\d版|民[国國]|摄|供图|供稿|记者|"
    + "|".join(sorted(BARE)),
    first=rf"[:：|｜丨/／\d二编来作责民摄供记{''.join(sorted({label[0] for label in BARE}))}]",
)
_fold = substitute({chr(key): chr(value) for key, value in FOLD.items()})
_BOUNDARY = frozenset(" \u3000\t\xa0|｜丨/／【[（(】]）)、,，;；。·:：-—　>》”\"'□■◎○●▇◆◇▍★☆※▲")
_WHO_AFTER = re.compile(  # "街道供图", "张三 摄", "李四/摄": the role stands behind the name
    r"(?P<who>[\u4e00-\u9fff·]{2,14}(?:[、 \u3000][\u4e00-\u9fff·]{2,4}){0,3})[ \u3000]?[/／]?[ \u3000]?"
    r"(?P<role>供图|供稿|摄影报道|摄影|摄像|摄|文/图|图/文|制图|绘图|配图|编辑|编译|整理|撰文|采写|"
    r"(?<=[ \u3000/／])文)(?=$|[ \u3000;；，,|｜)）】])"
)
_ANY_ROLE = re.compile("供图|供稿|摄|文|图/文|制图|绘图|配图|编辑|编译|整理|撰文|采写")  # of the roles above
_WROTE = frozenset("文/图 图/文 摄影报道 编译 整理 撰文 采写 文".split())
_ROLES_BEHIND = frozenset("编辑 编译 整理 撰文 采写".split())
_DREW_NOTHING = frozenset("供稿 编辑 编译 整理 撰文 采写 文".split())
_REPORTER_OF = re.compile(  # "华西社区报记者 刘福燕", "本报见习记者张三"
    r"^(?P<unit>(?:[\u4e00-\u9fffA-Za-z0-9·《》\-]{2,20}?)?)[ \u3000]?"
    r"(?P<role>(?:全媒体|全媒|融媒体|融媒|首席|见习|实习|特约|特派|摄影|文字|驻[\u4e00-\u9fff]{1,4})?(?:记者|通讯员|评论员))$"
)
_OF_MEDIUM = re.compile(r"(?:^|[ \u3000|｜丨/／【（(；;，,])(?P<unit>[\u4e00-\u9fff]{2,6})$")
_OURSELVES = frozenset("本报 本刊 本网 本台 本社 本站 我报 本网站 我网 全媒体 融媒体 首席".split())
_CLICKS = re.compile(r"^\s*[【\[(（]?\s*(\d{1,9})\s*[】\])）]?\s*(?:次|人次|人)?")
_ENDS = re.compile(r"[。！？!?…]")
_NEWSPAPER_PAGE = re.compile(r"(?:第\s?)?(?P<page>[A-Z]?\d{1,3})\s?版(?:[:：][\u4e00-\u9fff]{2,6})?")
_PRINTERS_MARKS = "□■◎○●▇◆◇▍ \u3000"  # 人民日报: □ 本报记者 李建国
_BRACKETS = {"【": "】", "[": "]", "（": "）", "(": ")", "〔": "〕", "［": "］", "『": "』", "「": "」", "<": ">"}


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
    is_provisional: bool = False  # the date is that of a change or of a document (更新时间, 成文日期)

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
            authors=unique(self.authors or self.writers),
            photographers=unique(self.photographers),
            editors=unique(self.editors),
            credits=tuple(self.credits),
            published=self.published,
            updated=self.updated,
            clicks=self.clicks,
            newspaper_page=self.newspaper_page,
            rest=" ".join(self.rest),
            labels=self.labels,
            is_dated=self.is_dated,
            is_provisional=self.published is not None and self.published is self.updated,
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
    return _parse_again(line) if len(line) <= LONGEST_KNOWN else _parse(line)


def _parse(line: str) -> Byline:
    # 【聯合報╱記者王小明】: the stroke of a box for a slash
    text = _unwrap(line.strip(EDGES).lstrip(_PRINTERS_MARKS).replace("╱", "／"))
    if not text or len(text) > MAX_LINE or _ENDS.search(text.rstrip("。")):
        return Byline(rest=line.strip())
    text = text.rstrip("。")
    if any(word in text for word in _EDITS):
        text = _ALSO.sub(r"\1", _DASHED.sub(r"\1：", text))
    text = set_apart(text)
    folded = _fold(text)
    if _HINT.search(folded) is None:  # most lines of a page; the grammar below is twenty times dearer
        return Byline(rest=text)
    marks = _led(list(_marks(folded)), folded)
    draft = _Draft(labels=sum(1 for mark in marks if mark.label))
    _read_loose(text[: marks[0].start if marks else len(text)], draft)
    for number, mark in enumerate(marks):
        following = marks[number + 1] if number + 1 < len(marks) else None
        value = text[mark.end : following.start if following else len(text)]
        _read_value(mark, value, following, draft)
    return draft.freeze()


_EDITS = ("编辑", "編輯", "责编", "責編")
# 编辑/校对：王芳 names one person for two roles: the first is enough.
_ALSO = re.compile(
    r"([编編][辑輯]|[责責][编編]) ?[/／、&] ?(?:校[对對]|[审審][核校]|排版|制作|製作|美[编編])(?= ?[:：|｜丨])"
)

# 编辑—王芳, 责编·王芳: a dash or a point for the colon, where a surname follows.
_DASHED = re.compile(
    r"(?<![\u4e00-\u9fff])((?:[责責]任|[本今]期|值班|[网網]站|本文|[见見][习習])?[编編][辑輯]|[责責][编編])"
    rf" ?[-—–·・→>]{{1,2}} ?(?=[{''.join(sorted(COMMON_SURNAMES))}][\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff]))"
)

# Several steps ask about the same line, and the lines around a text are the same on all pages of a site.
_parse_again = lru_cache(maxsize=4096)(_parse)


def _unwrap(text: str) -> str:
    closing = _BRACKETS.get(text[:1])
    if closing and text.endswith(closing) and text.count(text[0]) == 1:
        return text[1:-1].strip(EDGES)
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


def _led(marks: list[_Mark], folded: str) -> list[_Mark]:
    """The marks without a first one that only ends a word of the story: 收入来源：光伏发电, 他说，来源：一是党费."""
    while marks and marks[0].label and LABELS.get(marks[0].label) is Kind.MEDIUM:
        before = folded[: marks[0].start]
        if not re.search(r"[\u4e00-\u9fff]$|[，,。；;][ \u3000]*$", before):
            break
        if re.search(r"(?:\d|[网報报社刊台])[ \u3000]*$|编辑|作者|记者", before):  # 南山网来源：西林日报
            break
        marks = marks[1:]
    return marks


def _labels(folded: str) -> Iterator[_Mark]:
    for match in _SEPARATED.finditer(folded):
        label = "文图" if match["both"] else re.sub(r"\s", "", match["label"])
        bounded = match.start() == 0 or folded[match.start() - 1] in _BOUNDARY or folded[match.start() - 1].isdigit()
        is_last = match.start() and not folded[match.end() :].strip(EDGES)
        if is_last and (match["both"] or (label in _ROLES_BEHIND and not match["mark"])):
            continue  # 李建国 文/图: the role stands behind the name
        if match.start() and folded[match.start() - 1] in "“「『":
            continue  # 凡注明“来源：南山网”的作品: spoken of, not said
        colon = match["mark"] in (":", "：")
        if (
            label.endswith(("编辑", "责编"))
            and not bounded
            and (start := _medium_before(folded, match.start())) is not None
        ):
            yield _Mark(start, match.end(), label, colon=bool(match["mark"]))  # 每经编辑 王芳
            continue
        if label in WEAK and not bounded:
            continue
        if match["mark"] in ("】", "]"):  # 【来源】南山日报
            if match.start() and folded[match.start() - 1] in "【[":
                yield _Mark(match.start(), match.end(), label, colon=True)
            continue
        if not match["both"] and not (colon and bounded):
            reporter = _REPORTER_OF.match(folded[_word_start(folded, match.start()) : match.start()] + label)
            if label.endswith(("记者", "通讯员", "评论员")) and reporter:
                start = _word_start(folded, match.start())
                yield _Mark(start, match.end(), reporter["role"], reporter["unit"], colon=colon)
                continue
            if not colon and (not bounded or not (label in BARE or match["mark"])):
                continue
        yield _Mark(match.start(), match.end(), label, colon=bool(match["mark"]) or bool(match["both"]))


def _medium_before(text: str, end: int) -> int | None:
    """Where the word that ends at ``end`` begins, unless it may be a person: 作者：李明 谢彬彬编辑：王芳."""
    own = _OF_MEDIUM.search(text, 0, end)
    if own is None or (len(own["unit"]) < 4 and own["unit"][0] in SURNAMES and own["unit"] not in BRANDS):
        return None
    return own.start("unit")


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
        medium, left = split_medium(value)
        if not medium.strip(EDGES) and following and following.unit:  # 来源：南山日报记者 李明
            medium = following.unit
        if mark.label in _OF_PARTS and not _PUBLISHES.search(medium):
            draft.credits.append(Credit(mark.label, (), (medium.strip(EDGES),)))
        else:
            draft.medium = draft.medium or clean_medium(medium)
        _read_loose(left, draft)
    elif kind is not Kind.NOISE:
        _read_people(mark, kind, value, draft)


# 资料来源 may stand under a table: only what publishes is the medium of the whole.
_OF_PARTS = frozenset({"资料来源"})
_PUBLISHES = re.compile(r"[报報网網社台臺刊]|新闻|新聞|客户端|公众号|在线|传媒|发布")


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
    draft.writers.extend(behind.writers)
    draft.editors.extend(behind.editors)


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
    folded = _fold(value)
    if _ANY_ROLE.search(folded) is None:
        return value
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
        if match["role"] not in _DREW_NOTHING:
            draft.photographers.extend(names)
        if match["role"] in _WROTE:
            draft.writers.extend(names)
        if match["role"] == "编辑":
            draft.editors.extend(names)
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
    text = _read_roles_behind(text, draft) if text.strip(EDGES) else ""
    text = BUTTONS.sub(" ", text)
    match = _NEWSPAPER_PAGE.search(text)
    if match:
        draft.newspaper_page = match[0].strip()
        text = text[: match.start()] + text[match.end() :]
    left = text.strip(EDGES + "【】[]（）()〔〕《》")
    if left:
        draft.rest.append(left)


_TAIL_NOTE = re.compile(r"[（(【\[](?P<note>[^（）()【】\[\]。！？]{2,60})[)）】\]]\s*(?P<after>[\s\d。]{0,9})$")


# …连心桥。责任编辑：王芳 审核：李明
_GLUED_NOTE = re.compile(
    r"(?<=[。！？!?”）)】\]])\s*(?P<note>(?:责\s?任\s?编\s?辑|責任編輯|责编|責編|编辑|編輯|本文编辑|值班编辑|本文来源)\s?[:：][^。！？]{2,60})$"
)


def parse_tail(text: str) -> tuple[Byline, int]:
    """The note in brackets at the end of a paragraph, （记者 黄玥）or【责任编辑:王頔】, and where it starts.

    Returns an empty byline and ``len(text)`` where there is none or where it is part of the story.
    """
    match = _TAIL_NOTE.search(text[-80:]) or _GLUED_NOTE.search(text[-80:])
    if match is None:
        return Byline(), len(text)
    byline = parse_byline(match["note"])
    if not byline.is_complete or not (byline.labels or byline.authors or byline.editors):
        return Byline(), len(text)
    return byline, max(0, len(text) - 80) + match.start()
