"""Lines of a text without tags: what stands between blank lines, where a picture was lost, where lines were wrapped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from models.records import Block, BlockKind

__all__ = ["TextLine", "ends_sentence", "is_header_line", "mark_lost_pictures", "split_lines", "unwrap"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line without its margins; ``gap`` counts the blank lines before it, ``indent`` says it was set in."""

    text: str
    gap: int = 0
    indent: bool = False


_MARGIN = " \t\r\f\v\u3000\u00a0\ufeff"
_CLOSERS = "”’」』》〉）)】］]\"' \u3000"
_FINAL = "。！？!?…．"


def split_lines(text: str) -> list[TextLine]:
    """The lines that hold something."""
    lines: list[TextLine] = []
    gap = 0
    for raw in text.splitlines():
        stripped = raw.strip(_MARGIN)
        if not stripped:
            gap += 1
            continue
        lines.append(TextLine(stripped, gap, raw[:1] in "\u3000\t " and bool(raw.strip(_MARGIN))))
        gap = 0
    return lines


def ends_sentence(text: str) -> bool:
    """Whether the last mark, behind closing quotes and brackets, ends a sentence."""
    return text.rstrip(_CLOSERS)[-1:] in tuple(_FINAL)


_HEADER = re.compile(
    r"(?:作\s*者|来\s*源|來\s*源|稿源|[发發][布佈][时時][间間]|[发發][布佈]日期|日\s*期|[时時]\s*[间間]|[点點][击擊](?:率|量|数|數|次数|次數)?"
    r"|[浏瀏][览覽](?:次数|次數|量)?|[阅閱][读讀](?:次数|次數|量)?|字[号號体體]|[责責]?任?[编編][辑輯]|信息[员員]|[录錄]入|[访訪][问問]量)\s*[:：]"
    r"|^[\[【(（]?\s*(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]"
)
_HEADER_LENGTH = 160  # the longest row of source, author, date and counters seen on government pages is about 120


def is_header_line(text: str) -> bool:
    """Whether a line looks like the row of source, author, date and counters that stands under a title."""
    return len(text) <= _HEADER_LENGTH and bool(_HEADER.search(text)) and not ends_sentence(text)


# A picture leaves at least two blank lines more than its neighbours have.
GAP_OF_A_PICTURE = 3
CAPTION_LENGTH = 45
_PHOTO_CREDIT = re.compile(r"^(?:摄影|攝影|图|圖|供图|供圖)|摄影[:： ]|[/／]图|文图|(?:摄|攝)\s*$")
_LOOK_BACK = 3  # a photo credit stands next to its picture


def mark_lost_pictures(lines: Sequence[TextLine], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Make captions of the short lines that follow the hole a picture left.

    A hole alone proves nothing: the line before must break off in mid-sentence or name the photographer.
    ``blocks`` has one block for each of ``lines``.
    """
    if not lines or median(line.gap for line in lines) >= GAP_OF_A_PICTURE - 1:
        return tuple(blocks)
    return tuple(
        Block(BlockKind.CAPTION, block.text)
        if _follows_picture(lines, n) and block.kind is BlockKind.PARAGRAPH
        else block
        for n, block in enumerate(blocks)
    )


def _follows_picture(lines: Sequence[TextLine], n: int) -> bool:
    line = lines[n]
    if n == 0 or n == len(lines) - 1 or line.gap < GAP_OF_A_PICTURE or len(line.text) > CAPTION_LENGTH:
        return False
    if not ends_sentence(line.text):
        return False
    return _breaks_off(lines[n - 1].text) or any(
        _PHOTO_CREDIT.search(b.text) for b in lines[max(0, n - _LOOK_BACK) : n]
    )


def _breaks_off(text: str) -> bool:
    return len(text) > CAPTION_LENGTH and not ends_sentence(text) and text[-1:] not in "：:；;"


# A wrapped text has lines of one width: most lie within two characters of the widest.
WRAP_WIDTHS = range(16, 121)  # columns, a Chinese character counts 2
WRAP_SLACK = 4
WRAP_SHARE = 0.6
WRAP_LINES = 6


def unwrap(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines broken at a fixed width, put together again to paragraphs; other texts come back as they are.

    A paragraph ends at a blank line, before an indented line, and after a short line that ends a sentence.
    """
    width = _wrap_width(lines)
    if width is None:
        return list(lines)
    paragraphs: list[TextLine] = []
    full = False
    for line in lines:
        if full and paragraphs and line.gap == 0 and not line.indent:
            paragraphs[-1] = TextLine(_glue(paragraphs[-1].text, line.text), paragraphs[-1].gap, paragraphs[-1].indent)
        else:
            paragraphs.append(line)
        full = _columns(line.text) >= width - WRAP_SLACK
    return paragraphs


def _wrap_width(lines: Sequence[TextLine]) -> int | None:
    if len(lines) < WRAP_LINES:
        return None
    widths = [_columns(line.text) for line in lines]
    widest = max(widths)
    if widest not in WRAP_WIDTHS:
        return None
    full = [n for n, w in enumerate(widths) if w >= widest - WRAP_SLACK]
    broken = sum(not ends_sentence(lines[n].text) for n in full)
    return widest if len(full) >= WRAP_SHARE * len(lines) and broken > len(full) / 2 else None


def _columns(text: str) -> int:
    return len(text) + sum(c > "\u2e7f" for c in text)


def _glue(left: str, right: str) -> str:
    both_latin = left[-1:].isascii() and right[:1].isascii() and left[-1:].isalnum() and right[:1].isalnum()
    return f"{left} {right}" if both_latin else left + right
