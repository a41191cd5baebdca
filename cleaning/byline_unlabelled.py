"""Read who wrote or printed a text where no word says so: 南山日报 李建国, □ 李建国, （李建国 王芳）, （新华社）."""

from __future__ import annotations

import re

from cleaning import ngrams
from cleaning.byline import Byline
from cleaning.byline_media import clean_medium
from cleaning.byline_names import is_unit, split_names
from models.records import Credit

__all__ = ["read_names", "read_note", "read_signature"]

ROLE = "署名"  # of a credit that no word names
LONGEST = 40  # characters of a line that holds a medium and up to four names
# A name is a rare string, a word a common one: 成效 costs 9.9, 石家庄 10.7, but 李明 12.7, 李建国 13.3, 何苗 17.9.
RARE = {2: 12.5, 3: 12.9}
# Words of newspaper makers that the table of 1998 does not know, and which begin like surnames.
_RUBRICS = frozenset("时评 锐评 金句 白描 连载 花絮 党课 党史 党媒 云课堂 云直播 文摘 文萃 连线 时政".split())
_PLACE_ENDS = "省市县区镇乡村街路厅局办部委"
_MARK = re.compile(r"^[□■◎○●▇◆◇★☆※▍][ \u3000]{0,3}(?=\S)")
_MEDIUM = re.compile(
    r"《[\u4e00-\u9fff]{2,12}》(?:杂志)?|[\u4e00-\u9fffA-Za-z0-9·\-]{1,16}?(?:[日晚晨早时時商快周][报報]|都市报|青年报|经济报道|"
    r"[\u4e00-\u9fff]{2}[报報]|[\u4e00-\u9fff]{2}[网網]站?|通讯社|客户端|周刊|杂志|电视台|融媒体中心|监委网站|卫视|频道|新闻|新聞|快讯|快訊)"
    r"|新华社|中新社|中央社|新华网|人民网|央广网|央视网|光明网|中新网|半月谈|澎湃|求是"
)
_NAMES = re.compile(r"[\u3400-\u9fff·]{1,8}(?:[、,，/／ \u3000]{1,3}[\u3400-\u9fff·]{1,8}){0,4}")
_SIGNED = re.compile(r"(?P<unit>[^ \u3000、，,。：:]{2,24})(?:[ \u3000]{1,4}|[/／|｜])(?P<names>.{2,24})")
# 新頭殼newtalk | 王小明 台北報導; 政治中心／王小明報導
_WHO = r"(?P<names>[\u3400-\u9fff·]{2,4}?(?:[、 \u3000][\u3400-\u9fff·]{2,4}?){0,2})"
_REPORTED = (
    re.compile(
        rf"(?:[^|｜]{{2,16}}[|｜][ \u3000]?)?{_WHO}[ \u3000]?[ \u3000/／][ \u3000]?[\u4e00-\u9fff]{{2,4}}[報报][導导道]"
    ),
    re.compile(rf"[^|｜／/]{{2,16}}[|｜／/][ \u3000]?{_WHO}[報报][導导道]"),
)
# Where a report was sent from stands where a name may: 张三 / 苗栗报导
_TAIWAN = frozenset(
    """
    台北 臺北 新北 桃園 台中 臺中 台南 臺南 高雄 基隆 新竹 苗栗 彰化 南投 雲林 嘉義 屏東 宜蘭 花蓮 台東 臺東 澎湖 金門
    連江 馬祖 桃园 云林 嘉义 屏东 宜兰 花莲 台东 金门 马祖 連線 綜合 综合 即時 國際
    """.split()
)
_NOTE = re.compile(r"(?:^|(?<=[。！？!?”」…]))\s*[（(【\[](?P<note>[^（）()【】\[\]。！？]{2,30})[)）】\]]\s*$")
_STATED = re.compile(r"(?:据|综合)?(?P<medium>.{2,24}?)(?:消息|报道|讯|电)?$")


def read_signature(line: str) -> Byline:
    """A line of its own that signs a text: a medium or office and names, or a printer's mark and names.

    >>> read_signature("南山日报 李建国").authors
    ('李建国',)
    >>> read_signature("□ 成效").authors
    ()
    """
    line = line.strip(" \u3000").replace("╱", "／")
    if line[:1] + line[-1:] in ("【】", "[]", "〔〕"):
        line = line[1:-1].strip(" \u3000")
    if len(line) > LONGEST:
        return Byline()
    bare = _MARK.sub("", line)
    for reported in filter(None, (pattern.fullmatch(bare) for pattern in _REPORTED)):
        if reported["names"] not in _TAIWAN and not (signed := _signed(reported["names"], "")).is_empty:
            return signed
    match = _SIGNED.fullmatch(bare)
    unit = match["unit"].strip("《》") if match else ""
    if match and (_MEDIUM.fullmatch(match["unit"]) or (is_unit(unit) and len(unit) > 3)):
        return _signed(match["names"], unit)
    return _signed(bare, "") if bare != line else Byline()


def read_note(text: str) -> tuple[Byline, int]:
    """The note in brackets behind the last sentence that only names, （李建国 王芳）, and where it starts.

    Returns an empty byline and ``len(text)`` where there is none.
    """
    match = _NOTE.search(text[-60:])
    if match is None:
        return Byline(), len(text)
    note = match["note"].strip()
    byline = _read(note)
    return byline, max(0, len(text) - 60) + match.start() if not byline.is_empty else len(text)


def read_names(line: str) -> tuple[str, ...]:
    """The names of a line that holds nothing else; none where it may be words or a place."""
    return _signed(line.strip(" \u3000"), "").authors


def _read(note: str) -> Byline:
    stated = _STATED.fullmatch(note)
    # 即时新闻 is a column, not who printed it.
    if stated and _MEDIUM.fullmatch(stated["medium"]) and not re.search(r"[闻聞讯訊道]$", stated["medium"]):
        return Byline(medium=clean_medium(stated["medium"]), labels=1)
    byline = read_signature(note)
    return _signed(note, "") if byline.is_empty else byline


def _signed(names: str, unit: str) -> Byline:
    if not _NAMES.fullmatch(names):
        return Byline()
    found, units, rest = split_names(names, strict=True)
    if not found or units or rest or not any(map(_is_rare, found)):
        return Byline()
    medium = clean_medium(unit) if unit and _MEDIUM.fullmatch(unit) else None
    return Byline(authors=found, medium=medium, credits=(Credit(ROLE, found, (unit,) if unit else ()),))


def _is_rare(name: str) -> bool:
    """Whether a string is too rare to be a word or a place."""
    if name in _RUBRICS or name[-1] in _PLACE_ENDS:
        return False
    return len(name) > 3 or ngrams.load().total(name) >= RARE[len(name)]
