"""One entry of an HTML list: which of its links is the headline, what it is called, and which date stands beside it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from parsel import Selector

from connectors.declaration import ListItems
from connectors.list_dates import date_of_line, find_date_text, is_day_of_month, is_month, join_split_date
from connectors.page_functions import OPENS
from connectors.urls import resolve_link
from connectors.walk import Entry

__all__ = ["BUTTON", "CUT_SHORT", "leads", "link_address", "link_title", "read_entries", "squeeze"]

CUT_SHORT = re.compile(r"(?:\.{3,}|…+)\s*$")
SHORTEST_HEADLINE = 6  # characters; 高清, [详情] and most names of columns are shorter
LONGEST_HEADLINE = 60  # characters; a longer link is a lead
SHARED = 3  # entries with the same link; an article may be named twice, above the list and in it
MOST_ENTRIES = 20_000  # of one page; the longest lists without pages have 5,000
MOST_OTHERS = 2000  # links that are no articles; a page may hold 300,000
MOST_BEHIND = 6  # pieces of text behind a bare link that may hold its date
MOST_LINKS = 50  # of one item; a nested menu has fewer, and a page that is one item has a hundred thousand
MOST_TEXTS = 200  # pieces of text of one item
LONGEST_TEXT = 4000  # characters of these: a date further back belongs to something else
MOST_CLIMBED = 4  # levels above a bare link in which its date may stand: a, span, div, li, tr
LONGEST_LINE = 60  # characters of a line that gives a date among other things; longer ones tell a story
MOST_GROUPED = 3  # levels above an entry in which its month may stand: li, ul, div
LONGEST_DAY_LINE = 20  # ... without a year: leads begin with 11月20日 as well
# What a click does where the link itself leads nowhere: it opens an address, or calls a function of the page with one.
_CLICK = re.compile(
    rf"""{OPENS}["']([^"']{{2,800}})"""
    r"""|["'\s(]((?:https?:/)?\.{0,2}/[^"'\s]{3,800}|[\w./-]{1,200}\.(?:s?html?|aspx?|jsp|php)(?:\?[^"'\s]{0,400})?)["']"""
)
_KEPT_IN = ("data-url", "data-href", "data-link")  # attributes from which scripts take the address
# Title attributes that are a note of several lines.
_NOTE = re.compile(
    r"^(?:文章)?标\s*题\s*[：:]\s*(.+?)\s*(?:(?:作者|来源|(?:更新|发布)(?:时间|日期)|点击数?)\s*[：:]|$)", re.MULTILINE
)
# A date beside a headline in one text: in brackets, before or behind a blank, or in figures and strokes only.
_PLAIN = r"\d[\d年月日./-]{3,10}(?: \d\d?[:：]\d\d(?:[:：]\d\d)?)?"
_FIGURES = r"\d{4}[/-]\d{1,2}[/-]\d{1,2}"
_DATE_BEFORE = re.compile(
    rf"(?P<date>[\[【(（][^\])】）]{{5,24}}[\])】）]|{_PLAIN}(?= )|{_FIGURES}(?!\d))\s*(?P<title>.+)", re.DOTALL
)
# 讲话（2024年1月5日） is a title.
_DATE_BEHIND = re.compile(
    rf"(?P<title>.+?)\s*"
    rf"(?P<date>[\[【(][^\])】）]{{5,24}}[\])】]|（[^年月）]{{5,24}}）|(?<= ){_PLAIN}|(?<!\d){_FIGURES})",
    re.DOTALL,
)
_BULLET = re.compile(r"^(?:[·•・‧●○◆◇■□▪►▶▸»◎★☆※→]|>{1,2}|＞)+\s*(?=\S{2})")
_PINNED = re.compile(r"^[\[【(（](?:置顶|顶|荐|推荐|头条|热|new|hot|top)[\]】)）]\s*", re.IGNORECASE)
# A piece of its own before a headline: 置顶, NEW, [党建].
_MARK = re.compile(
    r"(?:置顶|顶|荐|推荐|头条|热门?|精|最新|视频|音频|图片|组图|图集|图文|直播|专题|原创|独家|快讯|外链|new|hot|top)[!！]?|[\[【〔][^\[\]【】〔〕]{1,6}[\]】〕][|·•：:]?|[|·•・>»]+",
    re.IGNORECASE,
)
_INVITATION = re.compile(r"(?:点击|查看|阅读|浏览|打开|标题)\w{0,6}\s*[：:]?\s*")
_LABELLED = re.compile(
    r"(?:^|[-_\s])(?:tags?|labels?|badge|mark|icon|cate|category|type|top|hot|new)(?:$|[-_\s])", re.I
)
LONGEST_LABEL = 6  # characters of a label before a headline
# Days that are not of publication.
_OTHER_DAY = re.compile(
    r"(?:截止|截至|结束|有效|到期|报名|施行|实施|开标|活动|会议|生效|失效|成文|印发)"
    r"(?:(?:截止)?(?:日期|时间|期限?|日)\s*[：:]?|\s*[：:])\s*$"  # a title may end with 座谈会议
)
LONGEST_RANK = 2  # digits of a rank in a list
_COUNTED = re.compile(r"[年月日个名位条届次项人万亿%％岁周天分时点+.．、-]")  # what a number belongs to
SHORTEST_UNDATED = 3  # characters of a headline that has lost its date
_HAS_YEAR = re.compile(r"(?:19|20)\d\d|前|天|刚")  # such as 昨天 need none
# Words of links that lead on and are no headline.
BUTTON = re.compile(
    r"[\[【(（<《]*(?:更多|more|首页|上一页|下一页|尾页|末页|[\d.:]+|详情|详细|全文|(?:查看|进入|点击|了解)\w{0,4}|阅读\w{0,2})"
    r"[\]】)）>》.…+→»\s]*",
    re.IGNORECASE,
)
_EVENTS = ("start", "end", "comment", "pi")  # text goes on behind the marks that frameworks leave
_BLOCKS = frozenset({"div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "dl", "li", "ul", "td", "section"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    title: str | None
    heads: bool  # it stands in a heading


def read_entries(page: Selector, base: str, rules: ListItems) -> Iterator[Entry]:
    """Entries in the order of the page. Without ``item`` every link is one; which are articles is decided later."""
    if rules.item is None:
        yield from _bare_links(page, base, rules)
        return
    items = [(item, _links_of(item, base, rules)) for item in page.css(rules.item)[:MOST_ENTRIES]]
    # What several entries link to is no article: their column, the office that wrote them, a tag.
    shared = Counter(url for _, links in items for url in {link.url for link in links})
    for item, links in items:
        chosen = _choose([link for link in links if shared[link.url] < SHARED] or links)
        if chosen is not None:
            yield _read_item(item, chosen, base, rules)


def _links_of(item: Selector, base: str, rules: ListItems) -> list[_Link]:
    found = [(link_address(link, base), link) for link in _find_links(item, rules.link)]
    if rules.link == "a" and not any(url for url, _ in found):
        clickable = itertools.islice(item.root.iter(), MOST_TEXTS)
        found = [(link_address(_selector(one), base), _selector(one)) for one in clickable if leads(one)]
    return [_Link(url, link_title(link), _stands_in_heading(link.root)) for url, link in found if url]


def _stands_in_heading(node: Any) -> bool:
    return any(one.tag in _HEADINGS for one in itertools.islice(node.iterancestors(), MOST_CLIMBED))


def _find_links(item: Selector, link: str) -> list[Selector]:
    if link != "a":
        return list(item.css(link)[:MOST_LINKS])
    if item.root.tag == "a":
        return [item]
    return [_selector(node) for node in itertools.islice(item.root.iterdescendants("a"), MOST_LINKS)]


def _selector(node: Any) -> Selector:
    return Selector(root=node, type="html")


def leads(node: Any) -> bool:
    """Whether an element is a link, or what a script makes one of."""
    return node.tag == "a" or (
        isinstance(node.tag, str) and any(name in node.attrib for name in ("onclick", *_KEPT_IN))
    )


def link_address(link: Selector, base: str) -> str | None:
    """Where a link leads, or a click on it."""
    attributes = link.root.attrib
    href = attributes.get("href", "")
    if direct := resolve_link(base, href):
        return direct
    kept = (resolve_link(base, attributes.get(name, "")) for name in _KEPT_IN)
    script = attributes.get("onclick", "") or (href if href[:11].lower() == "javascript:" else "")
    clicked = _CLICK.search(script[:LONGEST_TEXT]) if script else None
    return (resolve_link(base, clicked[1] or clicked[2]) if clicked else None) or next(filter(None, kept), None)


def _choose(links: Sequence[_Link]) -> _Link | None:
    """The headline among the links of an entry: in a heading, else the first long one, unless a later is twice as long.

    Pictures, buttons and the lead link to the same article: its title is what stands there first and is long enough.
    """
    named = [link for link in links if link.title and len(link.title) <= LONGEST_HEADLINE]
    titled = [link for link in named if not BUTTON.fullmatch(link.title or "")] or named
    if not titled:
        return links[0] if links else None
    heading = next((link for link in titled if link.heads), None)
    first = next((link for link in titled if len(link.title or "") >= SHORTEST_HEADLINE), None)
    longest = max(titled, key=lambda link: len(link.title or ""))
    url = (heading or _longer(first, longest)).url
    same = [link for link in titled if link.url == url]
    return next((one for one in same if one.heads), None) or next(
        (one for one in same if len(one.title or "") >= SHORTEST_HEADLINE),
        max(same, key=lambda one: len(one.title or "")),
    )


def _longer(first: _Link | None, longest: _Link) -> _Link:
    if first is None or len(longest.title or "") >= 2 * len(first.title or ""):
        return longest
    return first


def _read_item(item: Selector, link: _Link, base: str, rules: ListItems) -> Entry:
    title = (_text(item.css(rules.title)) if rules.title else None) or link.title
    printed = find_date_text(_text(item.css(rules.date)) or "") if rules.date else None
    return Entry(link.url, title, printed or _date_beside(item, link.url, title, base))


# -- titles ----------------------------------------------------------------------------------------------------------


def link_title(link: Selector) -> str | None:
    """The title attribute where the visible text is cut short or empty, else the headline in the link."""
    text = _headline(link)
    attribute = _read_attribute(link.attrib.get("title", "")[:LONGEST_TEXT], text)
    if not text or (attribute and CUT_SHORT.search(text)):
        at = attribute.find(CUT_SHORT.sub("", text)) if text else 0
        return (attribute[at:] if _INVITATION.fullmatch(attribute[: max(at, 0)]) else attribute) or None
    # What stands before the text, but for a sign or a category, invites to click.
    return attribute if text in attribute and not _INVITATION.fullmatch(attribute.partition(text)[0]) else text


def _read_attribute(attribute: str, text: str) -> str:
    if noted := _NOTE.search(attribute):
        return squeeze(noted[1])
    lines = [squeeze(line) for line in attribute.splitlines()]
    return next((line for line in lines if text and text in line), "") or squeeze(attribute)


def _headline(link: Selector) -> str:
    """The text of a link without the date, the lead and the marks that may stand in it as well."""
    return _PINNED.sub("", _BULLET.sub("", _printed_headline(link.root)))


def _printed_headline(node: Any) -> str:
    if len(node) == 0:
        return _without_date(squeeze((node.text or "")[:LONGEST_TEXT]))
    heading = next((one for one in itertools.islice(node.iterdescendants(), MOST_TEXTS) if _is_heading(one)), None)
    if heading is not None and (text := _texts_of(heading)):
        return _without_date(text)
    blocks = [block for block in map(_without_dates, _blocks_of(node)) if block]
    long = [block for block in blocks if len(block) >= SHORTEST_HEADLINE]
    return _without_date(long[0] if long else max(blocks, key=len, default=""))


def _is_heading(node: Any) -> bool:
    return isinstance(node.tag, str) and (node.tag in _HEADINGS or "tit" in node.get("class", "").lower())


def _blocks_of(node: Any) -> list[list[str]]:
    """Texts of the node, by the block they stand in."""
    blocks: list[list[str]] = [[]]
    walker = etree.iterwalk(node, events=_EVENTS)
    for event, one in itertools.islice(walker, 2 * MOST_TEXTS):
        if event == "start" and one is not node and _is_label(one) and not any(map(str.strip, blocks[-1])):
            walker.skip_subtree()
            continue
        is_block = one.tag in _BLOCKS and one is not node
        if is_block:
            blocks.append([])
        text = one.text if event == "start" else one.tail if one is not node else None
        blocks[-1].append((text or "")[:LONGEST_TEXT])
    return blocks


def _is_label(node: Any) -> bool:
    """Whether an element before a headline says of what kind it is: <span class="tag">视频</span>."""
    if not isinstance(node.tag, str) or not _LABELLED.search(node.get("class") or ""):
        return False
    text = "".join(itertools.islice(node.itertext(), MOST_BEHIND)).strip()
    return len(text) <= LONGEST_LABEL and bool((node.tail or "").strip() or node.getnext() is not None)


def _without_dates(texts: Sequence[str]) -> str:
    kept = [text for text in texts if not date_of_line(text)]
    while len(full := [text for text in kept if text.strip()]) > 1 and _is_mark(*full[:2]):
        kept = kept[kept.index(full[0]) + 1 :]
    joined = squeeze("".join(kept))
    return "" if joined.isdigit() or join_split_date([text for text in kept if text.strip()]) else joined


def _is_mark(text: str, following: str) -> bool:
    """Whether the first piece of a headline is a rank, a mark of the editors or the column, and no part of it."""
    text = text.strip()
    if text.isdecimal():
        return len(text) <= LONGEST_RANK and not _COUNTED.match(following.strip())
    return _MARK.fullmatch(text) is not None


def _without_date(text: str) -> str:
    """The headline without a date before or behind it, which is apart from it: 11月20日起，… begins a sentence."""
    for apart in (_DATE_BEFORE, _DATE_BEHIND):
        found = apart.fullmatch(text)
        if found and date_of_line(found["date"]) and len(found["title"]) > SHORTEST_UNDATED:
            return found["title"]
    return text


# -- dates -----------------------------------------------------------------------------------------------------------


def _date_beside(item: Selector, url: str, title: str | None, base: str) -> str | None:
    """The date of an entry: marked as such, on a line of its own, on a calendar leaf, or within a short line.

    Dates within the title and in leads are what the article is about.
    """
    times = (one.get("datetime", "") for one in itertools.islice(item.root.iter(), MOST_TEXTS) if one.tag == "time")
    marked = (find_date_text(text) for text in times)
    inside = list(filter(None, (squeeze(text[:LONGEST_TEXT]) for text in _pieces(item.root))))
    found = (
        next(filter(None, marked), None)
        or _date_on_line(inside)
        or join_split_date(inside)
        or _date_outside_links(item, url, title, base)
        or (_date_behind(item.root) if item.root.tag == "a" else None)
        or _date_over(item.root)
        or _date_in_next(item.root)
        or (_date_spanning(item.root) if item.root.tag == "tr" else None)
    )
    return found if found and _HAS_YEAR.search(found) else _date_below_month(item.root, found, inside) or found


def _date_below_month(node: Any, found: str | None, inside: Sequence[str]) -> str | None:
    """The day of an entry that prints 20日 or 11-20 under a heading 2026年11月 or 2026年."""
    days = [found] if found else [text for text in inside if is_day_of_month(text)]
    heading = _heading_over(node) if days else None
    whole = join_split_date([heading, days[0]]) if heading else None
    return whole if whole and _HAS_YEAR.search(whole) else None


def _heading_over(node: Any) -> str | None:
    """The nearest line above an entry or its group that is a year or a month."""
    for _ in range(MOST_GROUPED):
        for before in itertools.islice(node.itersiblings(preceding=True), MOST_LINKS):
            # Entries stand beside entries; a heading is built otherwise and short.
            if before.tag != node.tag and isinstance(before.tag, str) and len(before) <= MOST_CLIMBED:
                line = squeeze(" ".join(itertools.islice(before.itertext(), MOST_BEHIND)))
                if len(line) <= LONGEST_DAY_LINE and is_month(line):
                    return line
        node = node.getparent()
        if node is None:
            break
    return None


def _date_on_line(lines: Sequence[str]) -> str | None:
    """The first line that is a date, and not that of an event or a deadline."""
    before = ""
    for line in lines:
        if (day := date_of_line(line)) and not _OTHER_DAY.search(before):
            return day
        before = line[-LONGEST_LABEL * 2 :]
    return None


def _date_outside_links(item: Selector, url: str, title: str | None, base: str) -> str | None:
    """A date in the text around the headline, or in its link but not in the title."""
    heads = [_texts_of(link.root) for link in _find_links(item, "a") if link_address(link, base) == url]
    rest = [text.replace(title, " ") for text in heads if title and title in text]
    outside = [] if item.root.tag == "a" else [squeeze(text) for text in _texts_outside(item.root, url, base)]
    texts = [squeeze(text) for text in (*outside, *rest)]
    lines = [text for text in (*texts, squeeze(" ".join(texts))) if len(text) <= LONGEST_LINE]
    found = ((find_date_text(line), line) for line in lines)
    return next((date for date, line in found if date and _is_of_publication(line, date)), None)


def _is_of_publication(line: str, date: str) -> bool:
    return (date[:4].isdigit() or _is_short(line, date)) and not _OTHER_DAY.search(line.partition(date)[0])


def _is_short(line: str, date: str) -> bool:
    return len(line) <= LONGEST_DAY_LINE + len(date)


def _texts_outside(node: Any, url: str, base: str) -> list[str]:
    """Pieces of text of an item that are no part of links to its article."""
    texts: list[str] = []
    walker = etree.iterwalk(node, events=_EVENTS)
    for event, one in itertools.islice(walker, 2 * MOST_TEXTS):
        if event != "start":
            texts.append((one.tail or "")[:LONGEST_TEXT] if one is not node else "")
        elif one.tag == "a" and link_address(_selector(one), base) == url:
            walker.skip_subtree()
        else:
            texts.append((one.text or "")[:LONGEST_TEXT])
    return texts


def _pieces(node: Any) -> Iterator[str]:
    return itertools.islice(node.itertext(), MOST_TEXTS)


def _texts_of(node: Any) -> str:
    """The text of a node, as far as anything in it is looked for."""
    return squeeze(" ".join(_pieces(node))[:LONGEST_TEXT])


def _date_behind(link: Any) -> str | None:
    """A date between a bare link and the next one."""
    texts = [link.tail or ""]
    for node in link.itersiblings():
        if node.tag == "a" or len(texts) > MOST_BEHIND or node.find(".//a") is not None:
            break
        texts += ["".join(node.itertext()) if isinstance(node.tag, str) else "", node.tail or ""]
    return find_date_text(" ".join(texts))


def _date_over(node: Any) -> str | None:
    """The day that a group of entries stands under, on pages that print a heading for every day."""
    for _ in range(2):
        parent = node.getparent()
        if parent is None:
            return None
        before = itertools.islice(node.itersiblings(preceding=True), MOST_LINKS)
        above = next((one for one in before if _line_of(one)), None)
        # A page has one line with today's date; days that head groups come in numbers.
        if above is not None and any(_line_of(one) for one in _others_like(above)):
            return _line_of(above)
        node = parent
    return None


def _date_in_next(node: Any) -> str | None:
    """The date in the line behind an entry, on pages where title and date take turns: <p>title<p>date<p>title."""
    behind = node.getnext()
    if behind is None or not isinstance(behind.tag, str) or behind.find(".//a") is not None or behind.tag == "a":
        return None
    if (behind.tag, behind.get("class")) == (node.tag, node.get("class")) or _item_like(node, behind) is None:
        return None
    line = _texts_of(behind)
    return find_date_text(line) if len(line) <= LONGEST_LINE else None


def _item_like(node: Any, behind: Any) -> Any:
    """The entry before or behind, with such a line between."""
    kind = (node.tag, node.get("class"))
    for one in (behind.getnext(), node.getprevious() is not None and node.getprevious().getprevious()):
        if one is not None and one is not False and (one.tag, one.get("class")) == kind:
            return one
    return None


def _date_spanning(row: Any) -> str | None:
    """The day in a cell that spans this row of a table."""
    for distance, above in enumerate(itertools.islice(row.itersiblings("tr", preceding=True), MOST_LINKS), 1):
        for cell in above.iter("td", "th"):
            if (cell.get("rowspan") or "").isdecimal() and int(cell.get("rowspan")) > distance:
                return date_of_line(_texts_of(cell))
    return None


def _others_like(node: Any) -> Iterator[Any]:
    yield from itertools.islice(node.itersiblings(node.tag), MOST_LINKS)
    yield from itertools.islice(node.itersiblings(node.tag, preceding=True), MOST_LINKS)


def _line_of(node: Any) -> str | None:
    if not isinstance(node.tag, str) or len(node) > MOST_CLIMBED or node.tag == "a" or node.find(".//a") is not None:
        return None
    return date_of_line(_texts_of(node))


def _bare_links(page: Selector, base: str, rules: ListItems) -> Iterator[Entry]:
    """Every link of the page. Those that are no articles are named as well, the first of them, for the report."""
    named: Counter[str] = Counter()
    others = articles = 0
    for node in page.root.iter("a"):
        written = f"{node.get('href')} {node.get('onclick')}"
        if written == "None None" or named[written] == SHARED:
            continue
        named[written] += 1
        link = _selector(node)
        url = link_address(link, base)
        if url is None:
            continue
        if rules.accept and not any(re.search(pattern, url) for pattern in rules.accept):
            others += 1
            if others <= MOST_OTHERS:
                yield Entry(url)
            continue
        articles += 1
        if articles > MOST_ENTRIES:
            return
        title = link_title(link)
        yield Entry(url, title, _date_above(link, title))


def _date_above(link: Selector, title: str | None) -> str | None:
    """The date in the widest element around the link that holds no other link with a text."""
    node = link.root
    for _ in range(MOST_CLIMBED):
        above = node.getparent()
        if above is None or _holds_others(above, link.root):
            break
        node = above
    text = _texts_of(node)
    return find_date_text(text.replace(title, " ") if title else text)


def _holds_others(node: Any, link: Any) -> bool:
    """Whether other links with a text stand in the node, or so many without that it is no entry."""
    found = list(itertools.islice(node.iter("a"), MOST_LINKS))
    return len(found) == MOST_LINKS or any(other is not link and _has_text(other) for other in found)


def _has_text(node: Any) -> bool:
    return any(text.strip() for text in _pieces(node))


def _text(found: Sequence[Selector]) -> str | None:
    texts = (_texts_of(one.root) for one in found)
    return next((text for text in texts if text), None)


def squeeze(text: str) -> str:
    return " ".join(text.split())
