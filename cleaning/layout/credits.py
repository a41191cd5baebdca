"""Take bylines and credits out of the text and put what they say into the fields of the draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaning.byline import Byline, parse_byline, parse_tail
from cleaning.byline_media import clean_medium
from cleaning.byline_story import is_particular, without_story
from cleaning.byline_unlabelled import read_note, read_signature
from cleaning.layout.folding import FINAL_MARKS, ends_sentence, fold, is_short
from cleaning.layout.steps import TEXT_KINDS, name_places, note
from models.records import Block, BlockKind, Draft, Found, Origin, Repair

__all__ = ["lift_credits", "read_footer"]

RULE = "credits"
HEAD = 5  # text blocks: the rows under a title
TAIL = 6  # text blocks: a team of a larger story is credited in up to five rows
SIGNED = 2  # text blocks at either end that may be signed without a label: the summary stands above the signature
LONGEST = 200  # characters of a row of credits
SENTENCE = 30  # characters from which a block with a final mark is running text, not a row of the head

# In the middle of the text only what cannot be anything else: a reporter of a named medium, a photographer's row.
_REPORTER = re.compile(
    r"^[□■◎●]?\s?(?:本报|本网|本刊|本台|[\u4e00-\u9fff·]{2,16}?(?:报|网|社|台|刊|传媒|媒体|新闻|客户端|中心|频道))?(?:全媒体|首席|见习|实习|特约)?(?:记者|通讯员)[\s:/|][\u4e00-\u9fff·、\s:/|]{2,40}$"
)
_TEAM = re.compile(
    r"^(?:摄影|图|文|图片|文字|摄影报道|供图|通讯员|文/图|图/文)(?:记者)?[\s:/|][\u4e00-\u9fff·、\s:/|]{2,30}$"
)
_DATELINES = (
    # 新华社北京1月12日电（记者林晖）, 本报讯(记者/石磊 通讯员/王磊)
    re.compile(
        r"^【?[\u4e00-\u9fff]{2,8}?[\s,]?[\u4e00-\u9fff]{0,10}?(?:\d{1,2}月\d{1,2}日)?(?:\d{1,2}日)?(?:电|讯|消息)】?\s?"
        r"[(](?P<who>(?:[\u4e00-\u9fff]{0,8})?(?:记者|通讯员)?[^()]{2,60})[)]"
    ),
    # 本报讯 记者石磊报道：, 人民网北京1月2日电 记者石磊、通讯员王磊报道:
    re.compile(
        r"^【?[\u4e00-\u9fff]{2,8}?[\s,]?[\u4e00-\u9fff]{0,10}?(?:\d{1,2}月\d{1,2}日)?(?:\d{1,2}日)?(?:电|讯|消息)】?[\s,]?"
        r"(?P<who>(?:[\u4e00-\u9fff]{0,8})?记者[^()。,:]{2,40}?报[道导])[:,\s]"
    ),
    # （中央社記者王小明台北3日電）, 【記者王小明台北報導】, 〔記者王小明／綜合報導〕, (记者 石磊)
    re.compile(r"^[(【〔\[](?P<who>[\u4e00-\u9fff\s]{0,10}?记者[^()【】〔〕\[\]。]{2,40})[)】〕\]]"),
    # 記者王小明／台北報導 at the head of the first paragraph
    re.compile(r"^(?P<who>[\u4e00-\u9fff]{0,8}?\s?记者[\u4e00-\u9fff、\s]{2,20}?/\s?[\u4e00-\u9fff、]{0,8}报[道导])\s"),
)
# One of these stands in every dateline; folding is dear, and most paragraphs have none.
_DATED = re.compile("电|電|讯|訊|消息|记者|記者")
_AGENCIES = frozenset(
    """
    新华社 新华网 人民网 中新社 中新网 中国新闻网 央视网 光明网 中国网 中央社 央广网 国际在线 中青网 中青报 环球网
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Lifted:
    """A byline read from block ``index``; ``rest`` is what stays of its text, all of it where ``raw`` is empty."""

    index: int
    byline: Byline
    raw: str
    rest: str
    origin: Origin


def lift_credits(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with rows of source, author, date, editors and photographers moved to its fields.

    Only rows that are understood to the last word are taken, so nothing of the story is lost. A bare date or a
    bare unit at the end is the signature of a notice and stays. The dateline of an agency report stays too;
    its reporters are read all the same.
    """
    lifted = [*_in_head(draft.blocks), *_in_middle(draft.blocks), *_in_tail(draft.blocks)]
    lifted = _unless_named(draft, lifted)
    lifted = sorted({found.index: found for found in reversed(lifted)}.values(), key=lambda found: found.index)
    if len([f for f in lifted if not f.rest]) == len(draft.blocks):
        return draft, ()
    done = draft
    for found in lifted:
        done = _file(done, found.byline, found.raw, found.origin)
    done = _read_dateline(done)
    if not lifted:
        return done, ()
    lifted = [found for found in lifted if found.raw]
    if not lifted:
        return done, ()
    rests = {found.index: found.rest for found in lifted}
    blocks = (replace(b, text=rests.get(n, b.text)) for n, b in enumerate(done.blocks) if rests.get(n, "keep"))
    return replace(done, blocks=tuple(blocks)), _record(draft.blocks, lifted)


def _unless_named(draft: Draft, lifted: Sequence[_Lifted]) -> list[_Lifted]:
    """Without signatures that no word explains where the author is named by one: they may be the photographer's."""
    labelled = bool(draft.authors) or any(found.byline.labels and found.byline.authors for found in lifted)
    return [found for found in lifted if not (labelled and found.byline.authors and not found.byline.labels)]


def _record(blocks: Sequence[Block], lifted: Sequence[_Lifted]) -> tuple[Repair, ...]:
    places = name_places(blocks)
    return tuple(
        note(
            RULE,
            found.raw if found.rest else blocks[found.index].text,
            "",
            places[found.index],
            f"moved to the fields of the record ({found.origin.value})",
        )
        for found in lifted
    )


def _text_blocks(blocks: Sequence[Block]) -> list[int]:
    return [n for n, b in enumerate(blocks) if b.kind in TEXT_KINDS]


def _in_head(blocks: Sequence[Block]) -> list[_Lifted]:
    found: list[_Lifted] = []
    below_summary = False
    for number, n in enumerate(_text_blocks(blocks)[:HEAD]):
        text = blocks[n].text
        if len(text) > SENTENCE and ends_sentence(text):
            if below_summary:
                break
            below_summary = True
            continue
        byline = _read(text) or (_signature(text) if number < SIGNED else None)
        if byline and (byline.authors and byline.labels if below_summary else _says_something(byline)):
            found.append(_Lifted(n, byline, text, "", Origin.BYLINE))
    return found


def _in_middle(blocks: Sequence[Block]) -> list[_Lifted]:
    found: list[_Lifted] = []
    last = -2
    for n, block in enumerate(blocks):
        if block.kind not in TEXT_KINDS or not is_short(block.text):
            continue
        line = fold(block.text).strip()
        is_row = _REPORTER.match(line) or (last == n - 1 and _TEAM.match(line))
        byline = _read(block.text) if is_row else None
        if byline and (byline.authors or byline.photographers or byline.credits):
            found.append(_Lifted(n, byline, block.text, "", Origin.BYLINE))
            last = n
    return found


def _in_tail(blocks: Sequence[Block]) -> list[_Lifted]:
    found: list[_Lifted] = []
    for n in reversed(_text_blocks(blocks)[-TAIL:]):
        lifted = _at_end(blocks, n)
        if lifted is not None:
            found.append(lifted)
        is_text = lifted is None or bool(lifted.rest)
        if is_text and len(blocks[n].text) > SENTENCE and ends_sentence(blocks[n].text):
            break
    return found


def _at_end(blocks: Sequence[Block], n: int) -> _Lifted | None:
    text = blocks[n].text
    byline = _read(text)
    if byline and _is_credit_row(byline, text):
        return _Lifted(n, byline, text, "", Origin.TAIL)
    if blocks[n].kind is not BlockKind.PARAGRAPH:
        return None
    byline, start = parse_tail(text)
    if byline.is_empty:
        byline, start = read_note(text)
        if byline.is_complete and start == 0:
            return _Lifted(n, byline, text, "", Origin.TAIL)
    if byline.is_complete and 0 < start < len(text):
        return _cut_or_read(n, byline, text, start)
    return _behind_last_sentence(n, text)


def _behind_last_sentence(n: int, text: str) -> _Lifted | None:
    """Credits glued to the last sentence: …不会有大问题。本报记者 于涛"""
    start = max(text.rfind(mark) for mark in (*FINAL_MARKS, "”", "）")) + 1
    tail = text[start:].strip()
    if not 0 < start < len(text) or not 3 <= len(tail) <= LONGEST // 2 or not ends_sentence(text[:start]):
        return None
    byline = _read(tail)
    named = byline and (
        byline.photographers or (byline.labels and (byline.authors or byline.editors or byline.credits))
    )
    return _cut_or_read(n, byline, text, start) if byline and named else None


def _cut_or_read(n: int, byline: Byline, text: str, start: int) -> _Lifted:
    """A photographer behind a sentence made the picture it tells of, not the article: he is read and stays."""
    if byline.photographers and not (byline.authors or byline.editors or byline.medium):
        return _Lifted(n, byline, "", text, Origin.TAIL)
    return _Lifted(n, byline, text[start:], text[:start].rstrip(), Origin.TAIL)


def _read(text: str) -> Byline | None:
    if len(text) > LONGEST:
        return None
    byline = parse_byline(text)
    return byline if byline.is_complete else None


def _says_something(byline: Byline) -> bool:
    return bool(byline.labels or byline.published or byline.credits or byline.clicks is not None)


def _signature(text: str) -> Byline | None:
    byline = read_signature(text)
    return byline if byline.is_complete else None


# Labels that open a line of a notice as well (时间：3月1日 / 地点：… / 主持：…): no proof at the end of a text.
_EVENT = re.compile(r"^(?:时间|日期|地点|主持人?|主讲人?|发布|视频|设计|制作)\s?:")


def _is_credit_row(byline: Byline, text: str) -> bool:
    """At the end of a text: labelled, and not the signature or the particulars of a notice."""
    if not byline.labels and not byline.credits:
        return False
    return not _EVENT.match(fold(text)) and not is_particular(text, None)


def _file(draft: Draft, byline: Byline, raw: str, origin: Origin) -> Draft:
    """Put what a byline says into the draft; a field that is filled is not overwritten, names are added."""
    medium = byline.medium or _unit_of_reporter(byline)
    published = without_story(raw, byline).published
    is_new_date = published is not None and draft.published is None
    return replace(
        draft,
        medium=draft.medium or (Found(medium, origin, raw) if medium else None),
        authors=_add(draft.authors, byline.authors, raw, origin),
        editors=_add(draft.editors, byline.editors, raw, origin),
        credits=tuple(dict.fromkeys((*draft.credits, *byline.credits))),
        published=Found(published.value, origin, published.raw) if published and is_new_date else draft.published,
        published_precision=published.precision if published and is_new_date else draft.published_precision,
        clicks=draft.clicks if draft.clicks is not None else byline.clicks,
        newspaper_page=draft.newspaper_page or (_found(byline.newspaper_page, raw, origin)),
    )


def _found(value: str | None, raw: str, origin: Origin) -> Found[str] | None:
    return Found(value, origin, raw) if value else None


def _add(
    found: Found[tuple[str, ...]] | None, names: tuple[str, ...], raw: str, origin: Origin
) -> Found[tuple[str, ...]] | None:
    if not names or (found and set(names) <= set(found.value)):
        return found
    if found is None:
        return Found(names, origin, raw)
    return Found(
        tuple(dict.fromkeys((*found.value, *names))), found.origin, f"{found.raw}\n{raw}" if found.raw else raw
    )


def _unit_of_reporter(byline: Byline) -> str | None:
    """The medium of "华西社区报记者 刘福燕"; the office of a 通讯员 is no medium."""
    units = (unit for c in byline.credits if c.role.endswith("记者") for unit in c.organisations)
    return next((clean_medium(unit) for unit in units), None)


def _read_dateline(draft: Draft) -> Draft:
    """Reporters and agency of a dateline: 新华社北京1月12日电（记者林晖）. The text keeps it."""
    # A heading or a summary may stand before the lead, so the first blocks are tried.
    paragraphs = [b for b in draft.blocks[:HEAD] if b.kind is BlockKind.PARAGRAPH]
    openings = ((b, fold(b.text[:120])) for b in paragraphs if _DATED.search(b.text, 0, 120))
    heads = ((b, pattern.match(opening)) for b, opening in openings for pattern in _DATELINES)
    first, match = next(((b, m) for b, m in heads if m), (None, None))
    if match is None or first is None:
        return _read_agency(draft, paragraphs)
    raw = first.text[match.start("who") : match.end("who")]
    byline = parse_byline(raw)
    if not byline.labels:  # 中新网南山5月2日电(李明 王丽): behind 电 stand reporters
        byline = parse_byline(f"记者 {raw}")
    if not byline.is_complete:
        return draft
    agency = next((a for a in _AGENCIES if match[0].lstrip("(【〔[").startswith(a)), None)
    filed = _file(draft, byline, first.text[: match.end()], Origin.BYLINE) if draft.authors is None else draft
    return filed if filed.medium or not agency else replace(filed, medium=Found(agency, Origin.BYLINE, match[0]))


# 新华社临江5月20日电: an agency that names no reporter
_AGENCY = re.compile(
    rf"^[(【〔\[]?(?P<agency>{'|'.join(sorted(_AGENCIES))})[\u4e00-\u9fff、]{{0,12}}\s?(?:\d{{1,2}}月)?\d{{1,2}}日(?:电|讯|消息)"
)


def _read_agency(draft: Draft, paragraphs: Sequence[Block]) -> Draft:
    """The agency of a dateline without reporters, where nobody else is named as the source."""
    if draft.medium is not None:
        return draft
    dated = (b for b in paragraphs if _DATED.search(b.text, 0, 60))
    match = next(filter(None, (_AGENCY.match(fold(b.text[:60])) for b in dated)), None)
    return replace(draft, medium=Found(match["agency"], Origin.BYLINE, match[0])) if match else draft


_OWNER = (
    re.compile(r"(?P<name>[\u4e00-\u9fff·]{3,25})\s?版权所有"),
    re.compile(
        r"版权所有\s?[:©]?\s?(?:©|\(C\))?\s?(?:(?:19|20)\d\d\s?[-—~]?\s?(?:(?:19|20)\d\d)?)?\s?(?P<name>[\u4e00-\u9fff·]{3,25})"
    ),
    re.compile(
        r"Copyright\s?(?:©|\(C\))?\s?(?:(?:19|20)\d\d\s?[-—~]?\s?(?:(?:19|20)\d\d)?)?\s?(?:by\s)?(?P<name>[\u4e00-\u9fff·]{3,25})",
        re.I,
    ),
)
_NOBODY = re.compile(r"^(?:本网站?|本站|网站|未经|所有|违者|转载)|公司$|科技$")


def read_footer(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The medium from the owner that a footer names, where nothing nearer to the text named one."""
    if draft.medium is not None or draft.platform is not None:
        return draft, ()
    for line in draft.furniture:
        name = _owner(line)
        if name:
            return replace(draft, medium=Found(name, Origin.FOOTER, line)), ()
    return draft, ()


def _owner(line: str) -> str | None:
    folded = fold(line)
    for pattern in _OWNER:
        found = pattern.search(folded)
        if found and not _NOBODY.search(found["name"]):
            return clean_medium(line[found.start("name") : found.end("name")])
    return None
