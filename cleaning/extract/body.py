"""From the lines of a container to the blocks of the article: head and tail of the page are cut off and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cleaning.byline import Byline, parse_byline, parse_tail
from cleaning.byline_names import is_unit
from cleaning.byline_story import is_imprint, is_particular, is_told
from cleaning.extract.furniture import is_furniture, is_promotion, starts_tail
from cleaning.extract.images import read_image
from cleaning.extract.lines import Line, Outline
from cleaning.extract.mass import is_prose
from cleaning.extract.player import without_player
from cleaning.extract.rows import join_rows
from cleaning.extract.teasers import find_teasers
from cleaning.titles import fold_title, may_fold_to
from models.records import Block, BlockKind, Precision

__all__ = ["Body", "assemble", "read_body"]

LEAD = 12  # lines that may stand between the top of a container and the first paragraph: title, byline, sharing
BUTTONS = 8  # short lines before the first sentence that no article has: subtitle, byline and notes are at most six
LONG = 40  # characters of a paragraph that says the text goes on
FULL_STOP = ("。", "！”", "。”", "。」")
NEAR_END = 40  # characters a paragraph in bold may have to be a heading; longer ones are emphasis
_END = re.compile(r"[。！？!?；;…”\"」』）)]$")
_CAPTION_START = re.compile(
    r"^(?:图为|图[一二三四五六七八九十\d①-⑩][:： 为]?|上图|下图|左图|右图|資料圖|资料图|圖為|圖：|图：|▲|△|↑)"
)
CAPTION_END = 24  # characters at the end of a line in which the end of a caption stands
_CAPTION_END = re.compile(r"(?:[\u4e00-\u9fff]{1,4}[/／ ]?摄|供图|供圖|图片来源.{0,14}|资料图片?|資料圖片|攝)[)）。]?$")
_HAN_NUMBER = "[一二三四五六七八九十]"
_SIGNED_ON = re.compile(
    r"[（(]?(?:\d{4}|[二〇○零一三四五六七八九]{4})\s?年\s?"
    rf"(?:\d{{1,2}}|{_HAN_NUMBER}{{1,2}})\s?月\s?(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?[日号][)）]?"
)
CHRONICLE = 2  # further days in lines of their own from which the first one is a heading of the text too
_EDITOR_LABEL = re.compile(r"[【\[（(]?(?:责\s?任\s?编\s?辑|責任編輯|责编|責編)[:：]?")
_PAGES = re.compile(
    r"^[\s\[【(（]*(?:(?:上|下)一?页|[\d\[\]【】…>»<«]+|尾页|首页|末页|共\d+页|第\d+页|\d+\s*/\s*\d+)(?:[\s\[\]【】|\d…>»<«]|上一页|下一页|尾页|首页|末页|共\d+页|第\d+页)*$"
)


@dataclass(frozen=True, slots=True)
class Body:
    """``head`` and ``tail`` are lines of the container around the article; ``lines`` are the article's."""

    lines: tuple[Line, ...]
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines if line.text)


def read_body(outline: Outline, title: str | None = None) -> Body:
    """Trim the lines of a container. Nothing that reads like a paragraph of the story is dropped."""
    # Rows first: the bare number of a cell would pass for a page number.
    lines = without_player(join_rows(outline, _without_noise(_without_teasers(outline))))
    start = _find_start(lines, fold_title(title or ""))
    end = _find_end(outline, lines, start)
    kept = _without_link_lists(lines[start:end])
    kept, inner = _without_furniture(kept)
    kept = _without_summary(outline, kept)
    head = tuple(line.text for line in lines[:start] if line.text)
    tail = tuple(line.text for line in lines[end:] if line.text)
    return Body(tuple(kept), head, (*inner, *tail))


def _without_teasers(outline: Outline) -> list[Line]:
    teasers = find_teasers(outline, [is_prose(line) for line in outline.lines])
    return [line for n, line in enumerate(outline.lines) if n not in teasers] if teasers else outline.lines


def _without_noise(lines: list[Line]) -> list[Line]:
    """Without hidden lines and lines of noise parts, unless the article itself stands in them."""
    visible = [line for line in lines if not line.hidden and not line.noise]
    if _prose(visible) * 2 >= _prose(lines):
        return visible
    shown = [line for line in lines if not line.hidden]
    return shown if _prose(shown) * 2 >= _prose(lines) else lines


def _prose(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines if is_prose(line))


def _find_start(lines: list[Line], title: str) -> int:
    """After the title, byline and furniture at the top; a line that is none of them starts the article."""
    start = _behind_title(lines, title)
    for number, line in enumerate(lines[: start + LEAD + 1]):
        if not line.text or number < start:
            continue
        if _is_title(line, title) or is_furniture(line.text) or is_promotion(line.text) or _is_head_line(lines, number):
            start = number + 1
        elif is_prose(line) or number - start > 2:
            break
    return _behind_player(lines, start)


def _behind_title(lines: list[Line], title: str) -> int:
    """After the title, where the container holds it with little before it."""
    before = 0
    for number, line in enumerate(lines[: 2 * LEAD]):
        if _is_title(line, title):
            # The text may stand above its title only where that is repeated at its end.
            return number + 1 if before <= LONG or before <= _prose(lines[number:]) else 0
        before += len(line.text) if is_prose(line) and not is_promotion(line.text) else 0
    return 0


def _behind_player(lines: list[Line], start: int) -> int:
    """After the buttons of a video player: many short lines before the first sentence, and little in them."""
    first = next((n for n in range(start, len(lines)) if is_prose(lines[n])), start)
    buttons = [line for line in lines[start:first] if line.text and not line.level]
    small = sum(len(line.text) for line in buttons)
    if len(buttons) >= BUTTONS and small <= 20 * len(buttons) and small * 2 < _prose(lines[first:]):
        return first
    return start


def _is_title(line: Line, title: str) -> bool:
    if not title or len(line.text) >= 150 or not may_fold_to(line.text, title):
        return False
    return fold_title(line.text) == title


def _is_head_line(lines: list[Line], number: int) -> bool:
    """A byline that says when or from where. A line that names only the reporter is part of the text."""
    text = lines[number].text
    byline = parse_byline(text)
    if byline.is_empty:
        return _YEARLESS.fullmatch(text) is not None
    if byline.published and (is_told(text, strictly=True) or _is_of_text(lines, number)):
        return False
    if byline.published or byline.medium or byline.clicks is not None:
        return len(byline.rest) <= 30 or byline.labels >= 2
    return byline.is_complete and not byline.credits


def _is_of_text(lines: list[Line], number: int) -> bool:
    """Whether the day of a line is that of an event, 时间 above 地点, or the first of a chronicle."""
    text = lines[number].text
    following = next((line.text for line in lines[number + 1 :] if line.text), "")
    if is_particular(text, following):
        return True
    return _SIGNED_ON.fullmatch(text) is not None and (
        sum(_SIGNED_ON.fullmatch(line.text) is not None for line in lines[number + 1 :]) >= CHRONICLE
    )


# 楚天先锋 05-19 08:12 on the pages of phones
_YEARLESS = re.compile(
    r"[^，。！？]{0,16}?(?:\d{1,2}[-/月]\d{1,2}日?|今天|昨天)[ \u3000]?\d{1,2}[:：]\d\d(?::\d\d)?[^，。！？]{0,10}"
)


def _find_end(outline: Outline, lines: list[Line], start: int) -> int:
    """Before the line that opens the tail, then back over furniture.

    相关阅读 also heads boxes inside a text: what follows is the tail if it stands in other elements than the text,
    or is little. Nothing of an article follows its editor.
    """
    weights = [len(line.text) if is_prose(line) and not is_furniture(line.text) else 0 for line in lines]
    total, seen = sum(weights[start:]), 0
    places: set[int] = set()
    end = len(lines)
    for number in range(start, len(lines)):
        line, rest = lines[number], total - seen
        if seen and starts_tail(line.text):
            goes_on = any(
                w >= LONG and _place(outline, x) in places
                for x, w in zip(lines[number:], weights[number:], strict=True)
            )
            if rest * 3 < total or not goes_on:
                end = number
                break
        if seen >= LONG and rest < 2 * seen and len(line.text) <= 40 and _ends_article(line.text):
            end = number
            break
        if weights[number]:
            places.add(_place(outline, line))
            seen += weights[number]
    while end > start and _is_tail_line(lines[end - 1], lines[end - 2].text if end - start > 1 else ""):
        end -= 1
    return end


def _place(outline: Outline, line: Line) -> int:
    """The block that holds the paragraphs of a text: the parent of a <p>, else the element of the line itself."""
    node = outline.nodes[line.node]
    return node.parent if node.tag == "p" else line.node


def _ends_article(text: str) -> bool:
    if _EDITOR_LABEL.fullmatch(text):
        return True
    byline = parse_byline(text)
    return bool(byline.editors) and byline.is_complete and not byline.published


def _is_tail_line(line: Line, before: str) -> bool:
    text = line.text
    if not text:
        return line.image is not None and read_image(line.image, "http://x/") is None
    if is_furniture(text) or _PAGES.match(text) or starts_tail(text) or is_promotion(text):
        return True
    if text in _END_MARKS or _HONG_KONG_TIME.match(text) or _HASHTAGS.match(text):
        return True
    if line.link * 10 >= len(text) * 8 and not is_prose(line) and not text.endswith(FULL_STOP):
        return _ANNEX.match(text) is None
    return _is_editor_line(text, before)


_HASHTAGS = re.compile(r"(?:[#＃][^\s#＃]{2,16}[#＃]?\s*)+$")
_ANNEX = re.compile(r"附[件表录]\s?[\d一二三四五六七八九十]{0,2}\s?[:：.、].{4,}")  # of a notice, whose text names them
_END_MARKS = frozenset({"完", "（完）", "(完)", "—完—", "【完】"})
_HONG_KONG_TIME = re.compile(r"(?:香港[时時][间間]|HKT)\s?\d{1,2}[时時:]\d{2}分?$")


def _is_editor_line(text: str, before: str) -> bool:
    """责编 and 来源 lines at the end; bylines that name a reporter stay, the story's makers are read from the text."""
    byline = parse_byline(text)
    if byline.is_complete and byline.medium:
        return True
    if byline.is_empty or byline.authors or byline.photographers:
        return bool(byline.editors) and len(byline.rest) < 10
    if byline.published and (is_told(text) or (byline.labels == 1 and is_particular(text, None))):
        return False
    if byline.published and not byline.labels:
        # The day that a notice was signed stays, and who signed it in the same line or the line above.
        signed = _SIGNED_ON.fullmatch(text) or (not byline.rest and _is_signature(before))
        # Notices are signed with a day; only pages print the minute: 鄂西融媒 2022-06-30 10:15 播放 3.2万
        to_the_minute = byline.published.precision is not Precision.DAY and len(byline.rest) <= 20
        return (is_imprint(text) or to_the_minute) and not signed
    if byline.editors or byline.medium or byline.published or byline.clicks is not None:
        return len(byline.rest) <= 20
    return byline.is_complete and not byline.credits


def _is_signature(text: str) -> bool:
    return len(text) <= NEAR_END and not _END.search(text) and is_unit(text.strip())


def _without_link_lists(lines: list[Line]) -> list[Line]:
    """Without runs of two or more lines that are links only: lists of related stories set into the text."""
    texts = [line for line in lines if line.text]
    linked = [_is_link(line) for line in texts]
    if sum(len(line.text) for line, here in zip(texts, linked, strict=True) if here) > _prose(texts):
        return lines
    doomed: set[int] = set()
    for number, here in enumerate(linked):
        if here and ((number and linked[number - 1]) or (number + 1 < len(linked) and linked[number + 1])):
            doomed.add(id(texts[number]))
            if number and not linked[number - 1] and starts_tail(texts[number - 1].text):
                doomed.add(id(texts[number - 1]))
    return [line for line in lines if id(line) not in doomed]


_DATE = re.compile(r"[\[(（]?(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[\])）]?")


def _is_link(line: Line) -> bool:
    """A line that is a link and no more, but for the date behind it."""
    # A whole text may stand in one unclosed <a>; headlines have no full stop.
    if len(line.text) < 6 or is_prose(line) or not line.link or line.text.endswith(FULL_STOP):
        return False
    if _ANNEX.match(line.text):
        return False
    return line.link * 10 >= len(_DATE.sub("", line.text).strip(_BULLETS)) * 9


_BULLETS = " ·•●○▪■□◆◇▶►>＞-—+*※"


def _without_furniture(lines: list[Line]) -> tuple[list[Line], list[str]]:
    kept: list[Line] = []
    dropped: list[str] = []
    for line in lines:
        if line.text and (is_furniture(line.text) or _PAGES.match(line.text) or _is_advert(line)):
            dropped.append(line.text)
        else:
            kept.append(line)
    return kept, dropped


def _is_advert(line: Line) -> bool:
    if not line.link:
        return False
    if line.link == len(line.text) and line.text.startswith(("广告", "廣告", "推广", "赞助")):
        return True
    return line.link * 2 >= len(line.text) and _OTHER_STORY.match(line.text) is not None


# 相关文章：<a>…</a> between two paragraphs. Documents and annexes of a notice are its own.
_OTHER_STORY = re.compile(
    r"[【\[（(>＞▶►●·]*(?:(?:相关|相關|延伸|推荐|推薦|更多|精彩|往期)"
    r"(?:阅读|閱讀|新闻|新聞|报道|報導|報道|文章|内容|內容|视频|影片|回顾|回顧|推荐|话题|專題|专题)|同[场場]加映|点击进入专题)"
    r"\s?[:：】\]）)｜|].{4,}[^。！]$"
)


def _without_summary(outline: Outline, lines: list[Line]) -> list[Line]:
    """Without a first line set apart from the paragraphs behind it, one of which repeats it word for word."""
    texts = [line for line in lines if line.text][: SUMMARY_BEFORE + 1]
    if len(texts) < 2 or not is_prose(texts[0]) or len(texts[0].text) > LONGEST_SUMMARY:
        return lines
    if _place(outline, texts[0]) in {_place(outline, line) for line in texts[1:]}:
        return lines  # a caption, or a motto that the text takes up
    summary = fold_title(texts[0].text)
    if len(summary) < LEAST_SUMMARY or not any(summary in fold_title(line.text) for line in texts[1:]):
        return lines
    return [line for line in lines if line is not texts[0]]


SUMMARY_BEFORE = 3  # paragraphs among which the one that a summary was cut from stands
LONGEST_SUMMARY = 200  # characters; content management systems cut a summary at 120 or 200
LEAST_SUMMARY = 12  # characters; a shorter line is a heading


def assemble(body: Body, base: str) -> tuple[tuple[Block, ...], Byline | None]:
    """The blocks of an article, and the editor's note that was cut off its last paragraph, if there was one.

    Captions are told apart only where there is other text: a page of pictures has nothing but captions.
    """
    lines = list(body.lines)
    note = _cut_note(lines)
    has_text = _has_other_text(lines)
    blocks: list[Block] = []
    after_image = False
    for line in lines:
        if line.image is not None:
            block = _image_block(line, base, blocks)
        elif has_text and _is_caption(line, after_image):
            block = Block(BlockKind.CAPTION, line.text)
        else:
            block = _text_block(line)
        if block is None:
            continue
        blocks.append(block)
        after_image = block.kind is BlockKind.IMAGE
    return tuple(_with_captions(blocks)), note


def _has_other_text(lines: list[Line]) -> bool:
    """Whether two thirds of the text are no captions."""
    total = sum(len(line.text) for line in lines)
    captions = sum(len(line.text) for line in lines if line.text and _is_caption(line, True))
    return total > 0 and captions * 3 <= total


def _cut_note(lines: list[Line]) -> Byline | None:
    """Cut "（责编：牛镛）" off the end of the last paragraph."""
    for number in range(len(lines) - 1, max(-1, len(lines) - 3), -1):
        note, start = parse_tail(lines[number].text)
        if note.editors:
            lines[number] = replace(lines[number], text=lines[number].text[:start].rstrip())
            if not lines[number].text:
                del lines[number]
            return note
    return None


def _image_block(line: Line, base: str, before: list[Block]) -> Block | None:
    image = read_image(line.image, base)
    if image is None or any(b.image is not None and b.image.url == image.url for b in before[-3:]):
        return None
    texts = sum(b.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) for b in before)
    return Block(BlockKind.IMAGE, image=replace(image, after_paragraph=texts))


def _is_caption(line: Line, after_image: bool) -> bool:
    if line.caption:
        return True
    if len(line.text) > 120:
        return False
    if _CAPTION_START.match(line.text) and (after_image or _CAPTION_END.search(line.text[-CAPTION_END:])):
        return True
    return after_image and _CAPTION_END.search(line.text[-CAPTION_END:]) is not None


def _text_block(line: Line) -> Block | None:
    if not line.text:
        return None
    bold = line.strong * 10 >= len(line.text) * 9 and len(line.text) <= NEAR_END and not _END.search(line.text)
    if line.level or bold:
        return Block(BlockKind.HEADING, line.text, level=line.level)
    return Block(BlockKind.PARAGRAPH, line.text)


def _with_captions(blocks: list[Block]) -> list[Block]:
    """Give each picture the caption that follows it."""
    done: list[Block] = []
    for block in blocks:
        before = done[-1] if done else None
        if block.kind is BlockKind.CAPTION and before is not None and before.image is not None:
            done[-1] = replace(before, image=replace(before.image, caption=block.text))
        done.append(block)
    return done
