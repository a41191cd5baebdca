"""Read Markdown and the Markdown-like text that e-paper exporters write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cleaning.forms.head import Head, read_head
from cleaning.forms.lines import TextLine, ends_sentence, mark_lost_pictures
from cleaning.forms.plain import draft_of
from models.records import Block, BlockKind, Draft, Image, Origin, RawPage

__all__ = ["read_markdown"]

_HASHES = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,})$")
_RULE = re.compile(r"^(?:[-*_][ \t]*){3,}$")
_BOLD_LINE = re.compile(r"^(\*\*|__)([^*_]{1,80})\1$")
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]{0,300})\]\((?P<url>[^)\s]{1,2000})(?:\s+\"(?P<title>[^\"]{0,300})\")?\)")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\[]{1,300})\]\((?P<url>[^)\s]{1,2000})(?:\s+\"[^\"]{0,300}\")?\)")
_STRESS = re.compile(r"(\*\*\*|\*\*|__)(?=\S)([^*_\n]{1,400}?)(?<=\S)\1")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")
_BULLET = re.compile(r"^[-*+][ \t]+(?=\S)")
_QUOTE = re.compile(r"^(?:>[ \t]?)+")
_TAGS = re.compile(r"</?(?:br|p|div|span|font|center|b|strong|i|em|u|a)\b[^<>]{0,300}>", re.I)
_TABLE_RULE = re.compile(r"^\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$")

SHORT = 40  # lines of a headline; longer ones joined by a hard break are lines of text
SUBTITLE = range(12, 61)  # characters: shorter lines under the title are rubrics, longer ones are text


@dataclass(frozen=True, slots=True)
class _Piece:
    """One block of Markdown source and the line it starts on, for the holes that pictures left."""

    block: Block
    line: TextLine


def read_markdown(page: RawPage, text: str, *, title_known: bool = False) -> Draft:
    """A draft of a Markdown text: the first heading is the title, further headings are headings.

    Lines that a hard break (two blanks) or a headline set in pieces tore apart come back as one;
    nothing is put into another order.
    """
    pieces = list(_read_pieces(text))
    marked = mark_lost_pictures([p.line for p in pieces], [p.block for p in pieces])
    head, blocks, origin = _split_head(marked, title_known)
    draft = draft_of(page, blocks, head, origin, "markdown")
    links = tuple(dict.fromkeys(m["url"] for m in _LINK.finditer(text)))
    return replace(draft, links=links)


def _split_head(blocks: Sequence[Block], title_known: bool) -> tuple[Head, tuple[Block, ...], Origin]:
    if title_known:
        return Head(), tuple(blocks), Origin.HEADING
    first = next((n for n, b in enumerate(blocks[:6]) if b.kind is BlockKind.HEADING and b.level), None)
    if first is None:
        head = read_head([b.text for b in blocks[:8]])
        return head, tuple(b for n, b in enumerate(blocks) if n not in head.used), Origin.FIRST_LINE
    used = {first}
    title, subtitle = blocks[first].text, None
    below = blocks[first + 1] if first + 1 < len(blocks) else None
    if below and _is_subtitle(below, blocks[first].level):
        subtitle = below.text
        used.add(first + 1)
    return (
        Head(title, subtitle, frozenset(used)),
        tuple(b for n, b in enumerate(blocks) if n not in used),
        Origin.HEADING,
    )


def _is_subtitle(block: Block, level_of_title: int) -> bool:
    if block.kind is BlockKind.IMAGE or block.kind is BlockKind.CAPTION:
        return False
    if block.text.startswith(("——", "--")):
        return len(block.text) in range(4, 61)
    plain = block.kind is BlockKind.PARAGRAPH or block.level > level_of_title
    return (
        plain and len(block.text) in SUBTITLE and not ends_sentence(block.text) and block.text[-1] not in "：:；;，,、"
    )


def _read_pieces(text: str) -> Iterator[_Piece]:
    gap = 0
    pending: list[str] = []
    gap_before = 0
    for raw in [*text.splitlines(), ""]:
        line = raw.strip("\ufeff\u3000\u00a0\t ")
        if line and not _RULE.match(line):
            if not pending:
                gap_before = gap
            pending.append(_QUOTE.sub("", line) + ("\n" if raw.endswith("  ") else ""))
            gap = 0
            continue
        underlined = bool(pending) and bool(_UNDERLINE.match(line))
        yield from _read_stanza(pending, gap_before, underlined)
        pending = []
        gap += not line


def _read_stanza(lines: list[str], gap: int, underlined: bool) -> Iterator[_Piece]:
    """The blocks of the lines between two blank lines."""
    if underlined and len(lines) == 1:
        yield _piece(Block(BlockKind.HEADING, _inline(lines[0]), level=2), gap)
        return
    for group in _group(lines):
        for block in _read_block(group):
            yield _piece(block, gap)
            gap = 0


def _piece(block: Block, gap: int) -> _Piece:
    return _Piece(block, TextLine(block.text, gap))


def _group(lines: Sequence[str]) -> Iterator[str]:
    """Lines that belong to one block: after a hard break, and pieces of a headline. Other line ends are paragraphs.

    Markdown would join all of them; exporters of Chinese pages end every paragraph with one line feed.
    """
    group = ""
    for line in lines:
        if group and not _continues(group, line):
            yield group.rstrip("\n")
            group = ""
        group = group.rstrip("\n") + line if group else line
    if group:
        yield group.rstrip("\n")


def _continues(group: str, line: str) -> bool:
    from cleaning.byline import parse_byline

    if not group.endswith("\n") or _is_markup(line) or _is_markup(group):
        return False
    if max(len(group), len(line)) > SHORT or ends_sentence(group):
        return False
    return not parse_byline(group).is_complete and not parse_byline(line.rstrip("\n")).is_complete


def _is_markup(line: str) -> bool:
    return bool(_HASHES.match(line) or _BULLET.match(line) or _PICTURE.search(line) or line.startswith("|"))


def _read_block(source: str) -> Iterator[Block]:
    if _TABLE_RULE.match(source):
        return
    if hashes := _HASHES.match(source):
        if hashes[2]:
            yield Block(BlockKind.HEADING, _inline(hashes[2]), level=len(hashes[1]))
        return
    for picture in _PICTURE.finditer(source):
        if urlsplit(picture["url"]).scheme in ("http", "https", ""):
            yield Block(BlockKind.IMAGE, image=Image(url=picture["url"], caption=None))
    rest = _PICTURE.sub("", source).strip()
    bold = _BOLD_LINE.match(rest)
    text = _inline(bold[2] if bold else rest)
    if text:
        is_heading = bool(bold) and not ends_sentence(text)
        yield Block(BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH, text)


def _inline(text: str) -> str:
    text = _LINK.sub(lambda m: m["text"], text)
    text = _TAGS.sub("", _STRESS.sub(r"\2", text))
    if text.startswith("|") and text.endswith("|"):
        text = " ".join(cell.strip() for cell in text.strip("|").split("|"))
    return _ESCAPED.sub(r"\1", _BULLET.sub("", text)).strip()
