"""A tree of elements as lines of text, as a reader sees them: broken at blocks and <br>, and what each is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

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
_BLANKS = re.compile(r"[ \t\r\n\f\xa0\u2000-\u200a\u202f\u205f]+")  # &emsp; and its like too
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
    hidden: bool = False
    noise: bool = False
    caption: bool = False
    image: Element | None = None

    @property
    def plain(self) -> int:
        """Characters outside links."""
        return len(self.text) - self.link


@dataclass(slots=True)
class Node:
    """A block element: its lines are ``lines[first:last]`` of the outline."""

    element: Element
    tag: str
    parent: int
    first: int
    last: int = 0


@dataclass(frozen=True, slots=True)
class _Span:
    """First and last line of a part that is noise by its class."""

    element: Element
    first: int
    last: int


@dataclass(slots=True)
class Outline:
    """Lines and blocks of a tree, both in reading order, and the parts of it that are noise by their class."""

    lines: list[Line]
    nodes: list[Node]
    noise: list[_Span] = field(default_factory=list)

    def part(self, number: int) -> Outline | None:
        """The outline of one block, as ``read_outline`` gives it for its element.

        None where what is around the block marks its lines, so that it must be read again.
        """
        top = self.nodes[number]
        if any(_marks(e) for e in (top.element, *top.element.iterancestors())):
            return None
        first, last = top.first, top.last
        below = takewhile(lambda node: node.parent >= number, self.nodes[number + 1 :])
        nodes = [Node(n.element, n.tag, n.parent - number, n.first - first, n.last - first) for n in below]
        lines = [
            Line(x.text, x.node - number, x.link, x.strong, x.level, x.hidden, False, x.caption, x.image)
            for x in self.lines[first:last]
        ]
        noise = [
            _Span(s.element, s.first - first, s.last - first)
            for s in self.noise
            if first <= s.first and s.last <= last and top.element in s.element.iterancestors()
        ]
        _mark_noise(lines, noise)
        return Outline(lines, [Node(top.element, top.tag, -1, 0, last - first), *nodes], noise)


# What an element is, as bits, looked up once by its tag.
_BLOCK, _LINK, _STRONG_PART, _HEADING, _BREAK, _IMAGE, _SKIP = (1 << n for n in range(7))
_MAY_BE_NOISE, _NOISE_PART, _HIDDEN_PART, _COMMENT = (1 << n for n in range(7, 11))
_MARKING = _LINK | _STRONG_PART | _HEADING
_NOT_PLAIN, _PASSED_OVER = ~_LINK, _SKIP | _COMMENT
_TO_UNDO = _MARKING | _NOISE_PART | _HIDDEN_PART
_ALWAYS_NOISE = frozenset("footer nav aside".split())
_NEVER_NOISE = frozenset("body html a p span font td tr".split())


def _kind_of(tag: str) -> int:
    return (
        _BLOCK * (tag in _BLOCKS)
        | _LINK * (tag == "a")
        | _STRONG_PART * (tag in _STRONG)
        | _HEADING * (tag in _HEADINGS)
        | _BREAK * (tag == "br")
        | _IMAGE * (tag == "img")
        | _SKIP * (tag in _SKIPPED)
        | _MAY_BE_NOISE * (tag not in _NEVER_NOISE)
        | _NOISE_PART * (tag in _ALWAYS_NOISE)
    )


_KINDS: dict[object, int] = {
    **{tag: _kind_of(tag) for tag in (*_BLOCKS, *_SKIPPED, *_STRONG, *_NEVER_NOISE, "br", "img")},
    **dict.fromkeys((etree.Comment, etree.ProcessingInstruction, etree.Entity), _COMMENT),
}


def _marks(element: Element) -> bool:
    """Whether an element marks the lines in it as hidden, bold, a link or a heading."""
    return bool(_KINDS.get(element.tag, 0) & _MARKING) or _is_hidden(element)


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    return bool(style) and "none" in style.lower() and _HIDDEN.search(style) is not None


class _Reader:
    """The state of one walk: which block, link, bold run and noise part the walk is in."""

    __slots__ = (
        "hidden", "images", "level", "lines", "link", "link_chars", "links", "nodes", "noise", "open_noise", "parts",
        "stack", "strong", "strong_chars",
    )  # fmt: skip

    def __init__(self, root: Element) -> None:
        self.lines: list[Line] = []
        self.nodes: list[Node] = [Node(root, root.tag, -1, 0)]
        self.stack = [0]  # the numbers of the blocks that are open
        self.parts: list[str] = []
        self.link = self.strong = self.hidden = 0
        self.links: list[int] = []  # of every open <a>: the number of lines before it
        self.link_chars = self.strong_chars = 0
        self.level = 0
        self.images: list[Element] = []
        self.noise: list[_Span] = []
        self.open_noise: list[int] = []

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.link:
            self.link_chars += len(text.strip())
        if self.strong:
            self.strong_chars += len(text.strip())

    def flush(self) -> None:
        """End the line; called where there are parts or images."""
        at, hidden = self.stack[-1], self.hidden > 0
        if parts := self.parts:
            self.end_line("".join(parts) if len(parts) > 1 else parts[0], at, hidden)
            parts.clear()
            self.link_chars = self.strong_chars = 0
        if self.images:
            self.lines += (Line("", at, hidden=hidden, image=image) for image in self.images)
            self.images.clear()

    def end_line(self, raw: str, at: int, hidden: bool) -> None:
        if text := _tidy(raw):
            size = len(text)
            link = self.link_chars if self.link_chars < size else size
            strong = self.strong_chars if self.strong_chars < size else size
            text = text if size <= MAX_LINE else text[:MAX_LINE]
            is_caption = self.nodes[at].tag == "figcaption"
            self.lines.append(Line(text, at, link, strong, self.level, hidden, False, is_caption))

    def take(self, element: Element, kind: int) -> None:
        """All of an inline element that holds nothing but text."""
        # Between two blocks most texts are blanks, which say nothing; here and below.
        if (text := element.text) and (self.parts or text.strip(_SPACE)):
            self.link += kind
            self.add(text)
            self.link -= kind
        if (text := element.tail) and (self.parts or text.strip(_SPACE)):
            self.add(text)

    def take_line(self, block: Element, tag: str, kind: int, inner: Element) -> None:
        """All of a block that holds a text and no more, its own or that of one inline element: most of a page."""
        if self.parts or self.images:
            self.flush()
        first, number = len(self.lines), len(self.nodes)
        self.nodes.append(node := Node(block, tag, self.stack[-1], first))
        if raw := inner.text:
            if inner is not block and inner.tag == "a":
                self.link_chars = len(raw.strip())
            self.end_line(raw, number, self.hidden > 0 or _is_hidden(block))
            self.link_chars = 0
        node.last = len(self.lines)
        if kind & _MAY_BE_NOISE and (kind & _NOISE_PART or _is_noise(block)):
            self.noise.append(_Span(block, first, node.last))
        if (text := block.tail) and (self.parts or text.strip(_SPACE)):
            self.add(text)

    def enter(self, element: Element, tag: str, kind: int) -> int:
        """Begin an element and take its text; what it is, with all that is to be undone when it ends."""
        if kind & _BLOCK:
            self._open_block(element, tag)
        elif kind & (_BREAK | _IMAGE):
            self._break(element, kind)
            return kind
        if kind & _MAY_BE_NOISE and (kind & _NOISE_PART or _is_noise(element)):
            kind |= _NOISE_PART
            if self.parts or self.images:
                self.flush()
            self.open_noise.append(len(self.lines))
        if _is_hidden(element):
            kind |= _HIDDEN_PART
            self.hidden += 1
        if kind & _MARKING:
            if kind & _LINK:
                self.link += _LINK
                self.links.append(len(self.lines))
            self.strong += kind & _STRONG_PART
            if kind & _HEADING:
                self.level = _HEADINGS[tag]
        if (text := element.text) and (self.parts or text.strip(_SPACE)):
            self.add(text)
        return kind

    def leave(self, element: Element, kind: int) -> None:
        """End an element: undo what it began, and take the text behind it."""
        if kind & _BLOCK:
            if self.parts or self.images:
                self.flush()
            self.nodes[self.stack.pop()].last = len(self.lines)
        if kind & _TO_UNDO:
            self.undo(element, kind)
        if (text := element.tail) and (self.parts or text.strip(_SPACE)):
            self.add(text)

    def undo(self, element: Element, kind: int) -> None:
        if kind & _NOISE_PART:
            if self.parts or self.images:
                self.flush()
            self.noise.append(_Span(element, self.open_noise.pop(), len(self.lines)))
        if kind & _HIDDEN_PART:
            self.hidden -= 1
        if kind & _LINK:
            self.link -= _LINK
            first = self.links.pop()
            if not self.link:
                _see_through(self.lines[first:])
        self.strong -= kind & _STRONG_PART
        if kind & _HEADING:
            self.level = 0

    def _break(self, element: Element, kind: int) -> None:
        if kind & _IMAGE:
            self.images.append(element)
            if self.parts and _NAMED_BY_LOGO.search(self.parts[-1]) and (name := element.get("alt")):
                self.add(name)
        if (self.parts or self.images) and (kind & _BREAK or not any(part.strip() for part in self.parts)):
            self.flush()

    def _open_block(self, element: Element, tag: str) -> None:
        if self.parts or self.images:
            self.flush()
        self.stack.append(len(self.nodes))
        self.nodes.append(Node(element, tag, self.stack[-2], len(self.lines)))


def read_outline(root: Element, dropped: frozenset[Element] = frozenset()) -> Outline:
    """Walk ``root`` once. Elements in ``dropped`` are left out with all below them.

    Linear in the size of the tree; hidden parts and parts that are noise by their class come marked, not left out.
    """
    reader = _Reader(root)
    _walk(reader, root, dropped)
    if reader.parts or reader.images:
        reader.flush()
    reader.nodes[0].last = len(reader.lines)
    _mark_noise(reader.lines, reader.noise)
    return Outline(reader.lines, reader.nodes, reader.noise)


def _walk(reader: _Reader, root: Element, dropped: frozenset[Element]) -> None:
    elements = root.iterdescendants()
    # The elements that are open, what each of them is, and how many elements in it are still to come.
    path, kinds, left = [root], [reader.enter(root, root.tag, _KINDS.get(root.tag, 0) & _MARKING)], [len(root)]
    for element in elements:
        while not left[-1]:
            left.pop()
            reader.leave(path.pop(), kinds.pop())
        left[-1] -= 1
        tag, size = element.tag, len(element)
        kind = _KINDS.get(tag, _MAY_BE_NOISE)
        if kind & _PASSED_OVER or (dropped and element in dropped):
            for _ in element.iterdescendants():
                next(elements)
            reader.leave(element, 0)
        elif not (size or kind & _NOT_PLAIN):
            reader.take(element, kind)  # <a> and <span> without elements in them
        elif (
            kind & _BLOCK and size < 2 and not dropped and (inner := _line_in(reader, element, kind, size)) is not None
        ):
            if size:
                next(elements)
            reader.take_line(element, tag, kind, inner)
        elif size:
            path.append(element)
            kinds.append(reader.enter(element, tag, kind))
            left.append(size)
        else:
            reader.leave(element, reader.enter(element, tag, kind))
    while len(path) > 1:
        reader.leave(path.pop(), kinds.pop())
    reader.undo(root, kinds[0])


def _line_in(reader: _Reader, block: Element, kind: int, size: int) -> Element | None:
    """The element with the text of a block that holds a line of text and no more, plain or a link; None if it does."""
    if kind & _HEADING or reader.link or reader.strong:
        return None
    if not size:
        return block
    inner = block[0]
    if _KINDS.get(inner.tag, _MAY_BE_NOISE) & _NOT_PLAIN or len(inner):
        return None
    before, behind = block.text, inner.tail
    return None if (before and before.strip(_SPACE)) or (behind and behind.strip(_SPACE)) else inner


def _see_through(lines: list[Line]) -> None:
    """An <a> that nobody closed holds the whole text; one around a headline and its summary has one sentence."""
    if sum(line.text.endswith("。") for line in lines) >= UNCLOSED:
        for line in lines:
            line.link = 0


def _mark_noise(lines: list[Line], spans: list[_Span]) -> None:
    """Mark the lines of noise parts. A part with most of the page's text is no noise, whatever its class says."""
    if not spans:
        return
    sums = [0]
    for line in lines:
        plain = len(line.text) - line.link
        sums.append(sums[-1] + (plain if plain >= LONG and not line.hidden else 0))
    depth = [0] * (len(lines) + 1)
    for span in spans:
        first, last = span.first, span.last
        if (sums[last] - sums[first]) * 2 <= sums[-1]:
            depth[first] += 1
            depth[last] -= 1
    inside = 0
    for line, change in zip(lines, depth, strict=False):
        inside += change
        line.noise = inside > 0


def _is_noise(element: Element) -> bool:
    names, number = element.get("class"), element.get("id")
    if not names and not number:
        return False
    if len(names or "") + len(number or "") > LONGEST_NAMES:
        return _NOISE.search(class_and_id(element)) is not None
    return _names_noise(names or "", number or "")


LONGEST_NAMES = 200  # characters; few elements have more, and those are not worth remembering


@lru_cache(maxsize=4096)  # a page repeats few classes, and so do the pages of a site
def _names_noise(names: str, number: str) -> bool:
    return _NOISE.search(f"{names} {number}".lower()) is not None


_SPACE = " \t\r\n\f\xa0\u3000"
_NOTHING = _SPACE + "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u200b\ufeff\xad"


def _tidy(text: str) -> str:
    return _tidy_again(text) if len(text) <= LONGEST_KNOWN else _tidy_once(text)


LONGEST_KNOWN = 40  # characters; what is longer is hardly a link of the site that stands on its next page again


def _tidy_once(text: str) -> str:
    text = text.strip(_NOTHING)
    if len(text.split(None, 1)) < 2:  # as most lines of Chinese: no blank of any kind in it
        return text
    if "\n" in text or "\r" in text:
        text = _SOURCE_BREAK.sub("", text)
    return _BLANKS.sub(" ", text)


_tidy_again = lru_cache(maxsize=4096)(_tidy_once)
