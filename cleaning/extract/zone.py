"""The lines around an article that say who made it: under the title, and behind the last paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from cleaning.byline import Byline, parse_byline
from cleaning.byline_media import clean_medium, is_medium_name
from cleaning.byline_names import is_unit
from cleaning.byline_story import does_something, is_particular, without_story
from cleaning.byline_unlabelled import read_names, read_note, read_signature
from cleaning.byline_words import COMMON_SURNAMES, PLACES
from cleaning.dates import Moment
from cleaning.extract.furniture import is_furniture, starts_tail
from cleaning.extract.lines import Line
from cleaning.titles import fold_title, may_fold_to
from models.records import Credit, Precision

__all__ = ["BEFORE", "Zone", "find_far_editor", "read_above", "read_tail", "read_zone", "zone_lines"]

BEFORE = 120  # lines above the article that are looked at: title, kicker, byline, sharing buttons, font sizes
ALONE = 12  # lines above the article that are believed where no title shows where its head begins
MAX_EDITOR_LINE = 120  # characters: an editor among a few other credits
MAX_NAMES = 14  # characters of a line with up to three names and no word beside them
NEXT = 3  # lines behind the text that may still name its author
BEHIND = 25  # lines below it: 责编, sharing, disclaimers
_LABEL_ONLY = re.compile(
    r"(?:来\s*源|來\s*源|作\s*者|责任编辑|責任編輯|责编|编辑|编\s*辑|發佈時間|发布时间|发布日期|日期|时间|"
    r"记者|稿源|文章来源|信息来源|发布单位|发布机构)\s*[:：|｜]?\s*$"
)
_LABEL_ENDS = frozenset("源者辑輯编間间期位构")


class Zone:
    """What the lines of one zone say, the first line that says something wins."""

    def __init__(self) -> None:
        self.medium: tuple[str, str] | None = None  # value, line
        self.is_labelled = False  # a word says that the medium is one
        self.authors: tuple[tuple[str, ...], str] | None = None
        self.editors: tuple[tuple[str, ...], str] | None = None
        self.published: tuple[Moment, str] | None = None
        self.is_provisional = False  # the date may be another than that of publication
        self.clicks: int | None = None
        self.newspaper_page: tuple[str, str] | None = None
        self.credits: list[Credit] = []
        self.read: list[str] = []

    def take(self, byline: Byline, line: str, not_after: datetime | None) -> None:
        self.read.append(line)
        if byline.medium and self.medium is None:
            self.medium, self.is_labelled = (byline.medium, line), byline.labels > 0
        self.authors = self.authors or ((byline.authors, line) if byline.authors else None)
        self.editors = _responsible(self.editors, (byline.editors, line) if byline.editors else None)
        is_better = self.published is None or (self.is_provisional and byline.is_dated) or self._is_finer(byline)
        if byline.published and is_better and not byline.published.is_after(not_after):
            self.published = (byline.published, line)
            self.is_provisional = byline.is_provisional or _BRACKETED_DAY.fullmatch(line) is not None
        if byline.clicks is not None and self.clicks is None:
            self.clicks = byline.clicks
        if byline.newspaper_page and self.newspaper_page is None:
            self.newspaper_page = (byline.newspaper_page, line)
        self.credits.extend(c for c in byline.credits if c not in self.credits)

    def _is_finer(self, byline: Byline) -> bool:
        """Whether a later line gives the time of the same day: pages print their date for the phone and the desk."""
        if self.published is None or byline.published is None or self.published[0].precision is not Precision.DAY:
            return False
        same_day = byline.published.value.date() == self.published[0].value.date()
        return same_day and byline.published.precision is not Precision.DAY


# Under the title of a speech or a rule: the day it was given or passed, （2022年2月18日）
_BRACKETED_DAY = re.compile(r"[（(](?:19|20)\d\d ?年 ?\d{1,2} ?月 ?\d{1,2} ?日[)）]")
_RESPONSIBLE = re.compile(r"[责責]\s?(?:任\s?)?[编編]")


def _responsible(
    before: tuple[tuple[str, ...], str] | None, found: tuple[tuple[str, ...], str] | None
) -> tuple[tuple[str, ...], str] | None:
    """The first editors, but 责任编辑 before 初审编辑 and 见习编辑 that stand in the line above."""
    if before and found and _RESPONSIBLE.search(found[1]) and not _RESPONSIBLE.search(before[1]):
        return tuple(dict.fromkeys((*found[0], *before[0]))), found[1]
    return before or found


def zone_lines(lines: Sequence[Line], first: int, head: Sequence[str], title: str | None) -> list[str]:
    """The lines between the title and the article. Without a title on the page, a few lines above the article."""
    above = [line.text for line in lines[max(0, first - BEFORE) : first] if line.text and not line.hidden]
    folded = fold_title(title or "")
    everything = [*above, *head]
    titles = [
        n
        for n, line in enumerate(everything)
        if folded and may_fold_to(line, folded) and fold_title(line).startswith(folded)
    ]
    if not titles:
        return everything[-ALONE:]
    # The title may stand twice, above the byline and again above the text.
    return everything[next(n for n in titles if titles[-1] - n <= ALONE) :]


def read_zone(
    lines: Sequence[str],
    not_after: datetime | None,
    title: str | None = None,
    apart: Mapping[str, str] | None = None,
) -> Zone:
    """Parse the lines under a title. Labels that stand in a line of their own take the next line.

    ``apart``: lines that glue elements together, with blanks between those; what these do not tell the line may.
    """
    zone = Zone()
    joined = _joined(lines)
    for number, line in enumerate(joined):
        if is_particular(line, joined[number + 1] if number + 1 < len(joined) else ""):
            continue
        spaced = apart.get(line) if apart else None
        for text in (spaced, line) if spaced else (line,):
            byline = without_story(text, parse_byline(text))
            if byline.is_empty:
                byline = read_signature(text)
            if byline.is_empty and (undated := _beside_yearless(text)):
                byline = undated
            if not byline.is_empty:
                had = zone.medium
                zone.take(_with_unlabelled(byline, text), line, not_after)
                if had is None and byline.medium is None:
                    zone.is_labelled = False  # labels of other things in the line say nothing of the medium
    if zone.authors is None and title:
        zone.authors = _name_under(joined, fold_title(title))
    if zone.medium is None and zone.published is not None:
        zone.medium = _medium_beside(joined, zone.published[1])
    return zone


# 05-20 10:30, 5月20日 10:30, 3小时前, 昨天 10:30: no date, but what stands beside it is what stands beside dates.
_YEARLESS = re.compile(
    r"(?:\d{1,2}[-/月]\d{1,2}日?|今天|昨天|前天)[ \u3000]?\d{1,2}[:：]\d\d|\d{1,3} ?(?:分钟|小时|天)前|刚刚"
)


def _beside_yearless(line: str) -> Byline | None:
    rest, found = _YEARLESS.subn(" ", line, count=1)
    words = [w for w in re.split(r"[\s·|｜／/]+", rest) if w and w not in _NO_WORDS and not is_furniture(w)]
    if not found or len(words) != 1 or does_something(words[0]):
        return None
    if not is_medium_name(words[0]) and not _MEDIUM_WORD.fullmatch(words[0]):
        return None
    return Byline(medium=clean_medium(words[0]), labels=1)


def read_above(zone: Zone, lines: Sequence[str], not_after: datetime | None) -> None:
    """Add the source and the day that labels above the title name: tables of government sites, eyebrows of papers."""
    for line in _joined(lines):
        byline = without_story(line, parse_byline(line))
        if (byline.medium and byline.labels) or (byline.is_dated and zone.published is None):
            zone.take(replace(byline, authors=()), line, not_after)


BESIDE = 2  # lines behind the date: column and medium


def _name_under(lines: Sequence[str], title: str) -> tuple[tuple[str, ...], str] | None:
    """A line right under the title that is a name and no more, as magazines print their authors."""
    for above, line in pairwise(line for line in lines if not _BRACKETED_DAY.fullmatch(line)):
        if fold_title(above) == title and len(line) <= MAX_NAMES and (names := read_names(line)):
            return names, line
    return None


def _medium_beside(lines: Sequence[str], dated: str) -> tuple[str, str] | None:
    """A line next to the date that is the name of a medium and no more; the name of a column may stand between."""
    number = lines.index(dated)
    for line in (*lines[number + 1 : number + 1 + BESIDE], *lines[max(0, number - 1) : number]):
        name = line.strip("／/╱|｜【】 \u3000")
        if is_medium_name(name):
            return name, line
    return None


_MEDIUM_WORD = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9·\-《》“”]{2,16}?(?:网|網|报|報|社|台|臺|站|号|快訊|快讯|新闻|新聞|在线|客户端|"
    r"发布|传媒|频道|杂志|周刊|"
    r"财经|资讯|杂志社|融媒|官方[账帐][号號]|工委|党工委|组工|先锋|党建|视点|之声|中心|[宣组统]\w?部|工作部|党委|委员会|大学|学院|办公室|人民政府|[局委办])"
)


# 来源 in an element of its own is set off by style alone, "来源南山日报"; 百家号: 发布于北京经济日报官方账号.
_SET_OFF = re.compile(r"^[来來]源(?=[\u4e00-\u9fff])|^(?:发布|发表)于(?:[\u4e00-\u9fff]{2}(?=[\u4e00-\u9fff]{4}))?")


_ADDRESS = re.compile(r"(?:https?://|www\.)[\w./\-]+")
_JOURNAL = re.compile(r"《?(?P<name>[^《》]{2,14})》(?:杂志|雜誌)?(?:19|20)\d\d年?(?:第?\d{1,2}期|/\d{1,2})")
_WORDS_APART = re.compile(r"(?:[\s|｜／/]|·(?![\u4e00-\u9fff]{2,6}频道))+")  # 人民网-经济·科技频道 is one name
_NO_WORDS = PLACES | {"原创", "原創", "转载"}
MAX_ACCOUNT = 16  # characters of the name of an account
# 凤凰号, 头条号: 2022-06-02 09:52 某某号 来自北京市. The name before the place is the account's.
_LOCATED = re.compile(r"[ \u3000·|｜](?:来自|发布于|发表于)[\u4e00-\u9fff]{2,8}(?=[ \u3000·|｜])")


def _with_unlabelled(byline: Byline, text: str) -> Byline:
    """ "2024-05-20 14:33·新华社", "TNW中文站2016年10月14日": beside the date a medium needs no label.

    Nor does the author beside both: "2019年05月20日 来源：经济日报 李建国".
    """
    if byline.published is None and not (byline.authors and is_medium_name(byline.rest)):
        return byline
    if byline.medium:
        is_behind = text.find(byline.rest) > text.find(byline.medium)
        words = [w for w in _WORDS_APART.split(_ADDRESS.sub(" ", byline.rest)) if w and not _is_button(w)]
        names = (read_names if is_behind else _lone_name)(" ".join(words)) if words and not byline.authors else ()
        return replace(byline, authors=names) if names and not set(names) & set(byline.editors) else byline
    rest, located = _LOCATED.subn(" ", f" {_SET_OFF.sub('', _ADDRESS.sub(' ', byline.rest))} ")
    if journal := _JOURNAL.search(rest):
        return replace(byline, medium=clean_medium(journal["name"]))
    words = [w for w in _WORDS_APART.split(rest) if w and w not in _NO_WORDS]
    if located and len(words) == 1 and 2 <= len(words[0]) <= MAX_ACCOUNT and not byline.labels:
        return replace(byline, medium=clean_medium(words[0]))
    words = [w for w in words if not is_furniture(w)]
    # Among buttons, labels and the name of a column only what is called like a medium.
    at = next((n for n, w in enumerate(words) if is_medium_name(w)), None)
    if at is None and 0 < len(words) <= 2 and _is_office(words[0]) and not byline.credits:
        at = 0
    if byline.labels and (at is None or len(words) > 2):
        return byline
    if at is None and 0 < len(words) <= 2 and _MEDIUM_WORD.fullmatch(words[0]):
        at = 0
    if at is None and len(words) == 1 and (names := _lone_name(words[0])):
        return replace(byline, authors=byline.authors or names)
    if at is None or len(words) > MAX_WORDS:
        return byline
    signed = read_names(words[at + 1]) if at + 1 < len(words) else ()
    signed = signed or (_lone_name(words[at - 1]) if at else ())
    return replace(byline, medium=clean_medium(words[at]), authors=byline.authors or signed)


def _is_button(word: str) -> bool:
    return is_furniture(word) or starts_tail(word)


def _lone_name(word: str) -> tuple[str, ...]:
    """The name of a person where places and columns are printed as well: 黄冈, 任免 and 马鞍山 are rare words too."""
    names = read_names(word)
    sure = all(
        len(name) == 3 and name[0] in COMMON_SURNAMES and name[-1] not in "山江河湖口堰岛港湾泉州城" for name in names
    )
    return names if sure else ()


def _is_office(word: str) -> bool:
    return len(word) >= 5 and is_unit(word)  # 临江县河滩镇; 新闻中心 is a column


MAX_WORDS = 6  # column, medium, author, place and two buttons


def _joined(lines: Sequence[str]) -> list[str]:
    done: list[str] = []
    for line in lines:
        if done and len(done[-1]) <= 60 and _ends_in_label(done[-1]) and _may_be_value(done[-1], line):
            colon = "" if done[-1].rstrip()[-1] in ":：|｜" else "："
            done[-1] = f"{done[-1]}{colon} {line}"
        else:
            done.append(line)
    return done


_EDITORS = re.compile(r"[编編]\s*[辑輯]?\s*[:：]?\s*$")


def _may_be_value(label: str, line: str) -> bool:
    """责任编辑： with nobody behind it is followed by a button of the page, or by a sentence."""
    return _EDITORS.search(label) is None or not (re.search(r"[，。！？]", line) or is_furniture(line))


def _ends_in_label(line: str) -> bool:
    # The last character of every label, so that few lines are searched.
    return line.rstrip().rstrip(":：|｜").rstrip()[-1:] in _LABEL_ENDS and _LABEL_ONLY.search(line) is not None


def read_tail(cut: Sequence[str], behind: Sequence[str], not_after: datetime | None) -> Zone:
    """Parse the lines cut off the end of the text and those behind it.

    A date there belongs to another story unless a label says what it is; an author far behind to another book.
    """
    zone = Zone()
    lines = _signed_in_hong_kong([*cut, *behind])
    # The makers named in a box of other stories are theirs.
    last = next((n for n, line in enumerate(lines) if starts_tail(line)), len(lines))
    near = set(lines[: min(last, len(cut) + NEXT)])
    for line in _joined([line for line in lines[:BEHIND] if line]):
        byline = without_story(line, parse_byline(line))
        if byline.is_empty and line in near:
            byline = read_note(line)[0]
        if line not in near and (byline.authors or byline.medium):
            byline = replace(byline, authors=(), medium=None)
        elif line in cut[:NEXT] and (signed := _imprint(line, byline)):
            zone.take(signed, line, not_after)
            continue
        if byline.labels and (byline.editors or byline.medium or byline.authors or byline.is_dated):
            zone.take(byline if byline.is_dated else replace(byline, published=None), line, not_after)
    return zone


def _imprint(line: str, byline: Byline) -> Byline | None:
    """A medium and the minute, cut off the end of the text as on pages of videos: no other story prints them there."""
    if byline.labels or not byline.published or byline.published.precision is Precision.DAY:
        return None
    if byline.rest and not any(map(is_medium_name, _WORDS_APART.split(byline.rest))):
        return None
    return _with_unlabelled(byline, line)


# Press releases of Hong Kong's government end with the day and, in a line of its own, 香港時間17時20分.
_HONG_KONG_TIME = re.compile(r"香港[時时][间間]\s?(?P<time>\d{1,2}[時时:]\d{2}分?)$")


def _signed_in_hong_kong(lines: list[str]) -> list[str]:
    """The lines with such a day and time as one line that says what it is."""
    for number, line in enumerate(lines[:BEHIND]):
        if number and line.startswith("香港") and (match := _HONG_KONG_TIME.match(line)):
            return [*lines[: number - 1], f"发布时间：{lines[number - 1]} {match['time']}", *lines[number + 1 :]]
    return lines


_EDITOR = re.compile(r"(?:责\s?任\s?编\s?辑|責\s?任\s?編\s?輯|责编|責編)\s*[:：]")


def find_far_editor(lines: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
    """责任编辑 anywhere behind the text: only one story of a page prints its editor."""
    short = [line for line in lines if len(line) <= MAX_EDITOR_LINE]
    if _EDITOR.search("\n".join(short)) is None:  # labels that stand in a line of their own included
        return None
    for line in _joined(short):
        if _EDITOR.search(line):
            editors = parse_byline(line).editors
            if editors:
                return editors, line
    return None
