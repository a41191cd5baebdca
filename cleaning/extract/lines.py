"""A tree of elements as lines of text, as a reader sees them: broken at blocks and <br>, and what each is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from cleaning.extract.page import Element, class_and_id

__all__ = ["Line", "Node", "Outline", "read_outline"]

_BLOCKS = frozenset(
    "html body div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody thead tfoot tr td th section article main header "
    "footer aside nav form fieldset blockquote pre figure figcaption center address hr caption details summary "
    "founder-content ucapcontent ucaptitle".split()
)
_SKIPPED = frozenset(
    "script style noscript template iframe object embed svg canvas select button textarea head video audio map option "
    "marquee applet frameset".split()
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_STRONG = frozenset({"b", "strong"})
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
# A line break in the source between two Han characters is no blank in Chinese.
_SOURCE_BREAK = re.compile(rf"(?<={_HAN})[ \t\f]*[\r\n]+[ \t\r\n\f]*(?={_HAN})")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_NAMED_BY_LOGO = re.compile(r"[来來]源\s?[:：]\s*$")  # 凤凰网: the medium is a picture of its name
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# Parts of a page that are not the article, by the words sites use for class and id.
_NOISE = re.compile(
    r"(?:^|[\s_\-])(?:comments?|pinglun|reply|share|bdsharebuttonbox|bshare\w*|jiathis\w*|related?|relatednews|relevant|"
    r"recommend\w*|tuijian|hotnews|hotlist|ranking?|rank|sidebar|aside|footer|foot|copyright|nav|navbar|menu|breadcrumbs?|"
    r"crumbs?|login|search\w*|pager|pagination|advert\w*|ads?|adv|banner|qrcode|erweima|toolbar|disclaimer|popup|modal|"
    r"bottom|topnav|gg|guanggao|xgxw|xgyd|xgwz|rdph|hot|links?|friendlink|youqing|weibo|paging|gotop)(?:$|[\s_\-\d])"
)
LONG = 40  # characters outside links from which a line counts as text when a part is judged
UNCLOSED = 2  # lines with a full stop inside one <a> that show it was never closed
MAX_LINE = 100_000  # characters; one line of more is no prose


@dataclass(slots=True)
class Line:
    """One line of a page. ``link`` and ``strong`` count characters inside <a> and <b>; ``node`` is its block."""

    text: str
    node: int
    link: int = 0
    strong: int = 0
    level: int = 0  # of the heading it stands in, 0 if none
    cell: bool = False
    noise: bool = False
    hidden: bool = False
    image: Element | None = None
    caption: bool = False

    @property
    def plain(self) -> int:
        """Characters outside links."""
        return len(self.text) - self.link


@dataclass(slots=True)
class Node:
    """A block element: its lines are ``lines[first:last]`` of the outline."""

    element: Element
    parent: int
    first: int
    last: int = 0
    depth: int = 0
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """Lines and blocks of a tree, both in reading order."""

    lines: list[Line]
    nodes: list[Node]


class _Reader:
    """The state of one walk: which block, link, bold run and noise part the walk is in."""

    def __init__(self, root: Element, dropped: frozenset[Element]) -> None:
        self.root = root
        self.dropped = dropped
        self.lines: list[Line] = []
        self.nodes: list[Node] = [Node(root, -1, 0)]
        self.stack = [0]
        self.parts: list[str] = []
        self.link = self.strong = self.hidden = 0
        self.links: list[int] = []  # of every open <a>: the number of lines before it
        self.link_chars = self.strong_chars = 0
        self.level = 0
        self.images: list[Element] = []
        self.spans: list[tuple[int, int]] = []  # first and last line of every part that is noise by its class
        self.open_spans: list[int] = []
        self.marks: list[tuple[bool, bool, bool]] = []  # of the open elements: is a block, is noise, is hidden

    def add(self, text: str | None) -> None:
        if not text:
            return
        self.parts.append(text)
        if self.link:
            self.link_chars += len(text.strip())
        if self.strong:
            self.strong_chars += len(text.strip())

    def flush(self) -> None:
        if not self.parts and not self.images:
            return
        text = _tidy("".join(self.parts))
        if text:
            node = self.nodes[self.stack[-1]]
            tag = node.element.tag
            self.lines.append(
                Line(
                    text[:MAX_LINE],
                    self.stack[-1],
                    min(self.link_chars, len(text)),
                    min(self.strong_chars, len(text)),
                    self.level,
                    tag in ("td", "th"),
                    False,
                    self.hidden > 0,
                    None,
                    tag == "figcaption",
                )
            )
        for image in self.images:
            self.lines.append(Line("", self.stack[-1], hidden=self.hidden > 0, image=image))
        self.images.clear()
        self.parts.clear()
        self.link_chars = self.strong_chars = 0

    def open_block(self, element: Element) -> None:
        self.flush()
        parent = self.stack[-1]
        self.nodes.append(Node(element, parent, len(self.lines), depth=len(self.stack)))
        self.nodes[parent].children.append(len(self.nodes) - 1)
        self.stack.append(len(self.nodes) - 1)

    def close_block(self) -> None:
        self.flush()
        self.nodes[self.stack.pop()].last = len(self.lines)


def read_outline(root: Element, dropped: frozenset[Element] = frozenset(), *, mark_noise: bool = True) -> Outline:
    """Walk ``root`` once. Elements in ``dropped`` are left out with all below them.

    Linear in the size of the tree; hidden parts and parts that are noise by their class come marked, not left out.
    """
    reader = _Reader(root, dropped)
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element is not root and (element.tag in _SKIPPED or element in dropped):
                walk.skip_subtree()
                reader.parts.append("")
                continue
            _enter(reader, element, mark_noise)
        elif event == "end" and element.tag not in _SKIPPED and element not in dropped:
            _leave(reader, element)
        if event != "start" and element is not root:
            reader.add(element.tail)
    reader.flush()
    reader.nodes[0].last = len(reader.lines)
    _mark_noise(reader.lines, reader.spans)
    return Outline(reader.lines, reader.nodes)


def _enter(reader: _Reader, element: Element, mark_noise: bool) -> None:
    tag = element.tag
    if tag == "br":
        reader.flush()
        return
    if tag == "img":
        reader.images.append(element)
        if reader.parts and _NAMED_BY_LOGO.search(reader.parts[-1]):
            reader.add(element.get("alt"))
        if not any(part.strip() for part in reader.parts):
            reader.flush()
        return
    inner = element is not reader.root
    is_block, is_noise = inner and tag in _BLOCKS, mark_noise and inner and _is_noise(element)
    is_hidden = _HIDDEN.search(element.get("style", "")) is not None
    if is_block:
        reader.open_block(element)
    if is_noise:
        reader.flush()
        reader.open_spans.append(len(reader.lines))
    reader.hidden += is_hidden
    reader.marks.append((is_block, is_noise, is_hidden))
    if tag == "a":
        reader.link += 1
        reader.links.append(len(reader.lines))
    reader.strong += tag in _STRONG
    reader.level = _HEADINGS.get(tag, reader.level)
    reader.add(element.text)


def _leave(reader: _Reader, element: Element) -> None:
    tag = element.tag
    if tag in ("br", "img"):
        return
    is_block, is_noise, is_hidden = reader.marks.pop()
    if is_block:
        reader.close_block()
    if is_noise:
        reader.flush()
        reader.spans.append((reader.open_spans.pop(), len(reader.lines)))
    reader.hidden -= is_hidden
    if tag == "a":
        reader.link -= 1
        first = reader.links.pop()
        if not reader.link:
            _see_through(reader.lines[first:])
    reader.strong -= tag in _STRONG
    if tag in _HEADINGS:
        reader.level = 0


def _see_through(lines: list[Line]) -> None:
    """An <a> that nobody closed holds the whole text; one around a headline and its summary has one sentence."""
    if sum(line.text.endswith("。") for line in lines) >= UNCLOSED:
        for line in lines:
            line.link = 0


def _mark_noise(lines: list[Line], spans: list[tuple[int, int]]) -> None:
    """Mark the lines of noise parts. A part with most of the page's text is no noise, whatever its class says."""
    sums = [0]
    for line in lines:
        sums.append(sums[-1] + (line.plain if line.plain >= LONG and not line.hidden else 0))
    depth = [0] * (len(lines) + 1)
    for first, last in spans:
        if (sums[last] - sums[first]) * 2 <= sums[-1]:
            depth[first] += 1
            depth[last] -= 1
    inside = 0
    for line, change in zip(lines, depth, strict=False):
        inside += change
        line.noise = inside > 0


def _is_noise(element: Element) -> bool:
    tag = element.tag
    if tag in ("footer", "nav", "aside"):
        return True
    if tag in ("body", "html", "a", "p", "span", "font", "td", "tr"):
        return False
    names = class_and_id(element)
    return len(names) > 2 and (_names_noise(names) if len(names) <= LONGEST_NAMES else _NOISE.search(names) is not None)


LONGEST_NAMES = 200  # characters; few elements have more, and those are not worth remembering


@lru_cache(maxsize=4096)  # a page repeats few classes, and so do the pages of a site
def _names_noise(names: str) -> bool:
    return _NOISE.search(names) is not None


_NOTHING = " \t\r\n\f\xa0\u3000\u200b\ufeff\xad"  # between most elements of a page


def _tidy(text: str) -> str:
    if not text.strip(_NOTHING):
        return ""
    if "\n" in text or "\r" in text:
        text = _SOURCE_BREAK.sub("", text)
    return _BLANKS.sub(" ", text).strip(" \u3000\u200b\ufeff\xad")
