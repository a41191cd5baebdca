"""Which links of a page are its list of articles: grouped by where they stand, rated by what they look like.

The group that looks most like articles becomes ``item``; what stands in menus, rankings and footers counts little.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from parsel import Selector

from connectors.declaration import ListRules
from connectors.list_entries import BUTTON, leads, link_address, read_entries, squeeze
from connectors.urls import host_of
from connectors.walk import Entry

__all__ = ["FEWEST_ENTRIES", "Proposal", "distinct", "find_in_tree", "rate", "shape_by_numbers", "site_of"]

FEWEST_ENTRIES = 4  # a smaller group is a menu or a teaser
SHORTEST_UNDATED = 8  # characters on average, without a date on any: shorter ones are names of columns
SHORTEST_UNNUMBERED = 12  # ... and without numbers in their addresses
USUAL_TITLE = 18  # characters of a Chinese headline; longer ones count no more
MOST_LINKS = 1500  # of one page that are looked at; the largest column pages have a third
MOST_CLIMBERS = 20  # links of a group from which the entry around them is looked for
MOST_TRIED = 12  # groups that are read: those with the longest titles
SHARED = 3  # links to one address that stand alike: the column or the office of several entries
MOST_PATTERNS = 3  # of addresses in one list
_SUFFIXES = (".gov.cn", ".com.cn", ".org.cn", ".net.cn", ".edu.cn")
_CLASS = re.compile(r"[A-Za-z_][\w-]*$")
_STATE = re.compile(r"^(?:on|cur\w*|active|first|last|odd|even|alt|hover|selected|no\w*line|line)$|\d", re.IGNORECASE)
# What sites call the places around a list, and what stands over them.
_AROUND = re.compile(
    r"(?:^|[-_\s])(?:side|aside|hot|rank|rd|phb|nav|menu|foot|footer|header|friend|flink|recommend|tuijian|related|widget|crumb)|nav|menu",
    re.I,
)
_HEADED = re.compile(r"热点|热门|推荐|最新更新")
_RANKING = re.compile(r"排行|排名|点击榜|相关阅读|相关链接|相关新闻|友情链接|猜你喜欢")
AROUND_COUNTS = 0.15  # of its rating, what stands around the list; without dates nothing
HEADED_COUNTS = 0.3  # ... what stands under such a heading: the list itself may be called 今日推荐
LEVELS = 6  # above a list, in which the names of its place are looked at

Proposal = tuple[float, dict[str, Any], tuple[Entry, ...]]


def find_in_tree(page: Selector, url: str, base: str, settings: dict[str, Any]) -> Proposal:
    """The best group of links, as settings under ``discover`` with the entries they give."""
    best: Proposal = (0.0, {}, ())
    links = _headlines(page, base)
    for group in _groups(links, base):
        for selector in dict.fromkeys(filter(None, (_item_selector(group), _in_container(group, base)))):
            proposal = _try(page, url, base, selector, group, settings)
            if proposal[0] > best[0]:
                best = proposal
    return best


def _headlines(page: Selector, base: str) -> list[Any]:
    """Links that may be headlines: not to what many link to, not buttons."""
    found = [
        (link_address(link, base), link)
        for link in page.css("a[href], [onclick], [data-url], [data-href], [data-link]")[:MOST_LINKS]
    ]
    often = Counter((address, _place(link.root)) for address, link in found)
    return [
        link.root
        for address, link in found
        if address
        and often[address, _place(link.root)] < SHARED
        and not BUTTON.fullmatch(squeeze("".join(link.root.itertext())))
    ]


def _groups(links: Sequence[Any], base: str) -> list[list[Any]]:
    """Links that stand alike: below the same tags and classes, or in the same container whatever their classes."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for link in links:
        groups[_place(link)].append(link)
        container = _item_of(link, base).getparent()
        if container is not None:
            groups[container].append(link)
    large = [group for group in groups.values() if len(group) >= FEWEST_ENTRIES]
    return sorted({tuple(group): group for group in large}.values(), key=_count_letters, reverse=True)[:MOST_TRIED]


def _count_letters(group: Sequence[Any]) -> int:
    """Of the titles, as far as they are rated."""
    return sum(min(len(squeeze("".join(link.itertext()))), USUAL_TITLE) for link in group)


def _try(
    page: Selector, url: str, base: str, selector: str, group: Sequence[Any], settings: dict[str, Any]
) -> Proposal:
    rules = ListRules(kind="list", urls=(url,), item=selector)
    everything = list(read_entries(page, base, rules))
    wanted = {_address(link, base) for link in group}
    entries = tuple(_alike([*distinct(entry for entry in everything if entry.url in wanted)]))
    # A selector that catches mostly other things than the group it was made for is too wide.
    fitting = sum(bool(entry.url in wanted and entry.title) for entry in everything) / max(len(everything), 1)
    score = rate(entries, host_of(url)) * fitting * _weigh_place(_item_of(group[0], base).getparent(), entries)
    surplus = {entry.url for entry in everything} - {entry.url for entry in entries}
    accept = _accept(entries, surplus) if surplus else []
    return score, {"item": selector, **({"accept": accept} if accept else {}), **settings}, entries


def _alike(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Without columns of the menu, which stand as the articles do on pages of tables: undated, at other addresses."""
    dated = {shape_by_numbers(entry.url) for entry in entries if entry.published}
    if len(dated) > MOST_PATTERNS or 2 * sum(entry.published is not None for entry in entries) < len(entries):
        return entries
    return [entry for entry in entries if entry.published or shape_by_numbers(entry.url) in dated]


def _weigh_place(container: Any, entries: Sequence[Entry]) -> float:
    above = list(_above(container))
    if any(_is_named_around(node) or _is_under(node, _RANKING) for node in above):
        return AROUND_COUNTS if any(entry.published for entry in entries) else 0.0
    return HEADED_COUNTS if any(_is_under(node, _HEADED) for node in above) else 1.0


def _above(node: Any) -> Iterator[Any]:
    for _ in range(LEVELS):
        if node is None or node.tag in ("body", "html"):
            return
        yield node
        node = node.getparent()


def _is_named_around(node: Any) -> bool:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return node.tag in ("nav", "header", "footer", "aside") or _AROUND.search(names) is not None


def _is_under(node: Any, heading: re.Pattern[str]) -> bool:
    """Whether right over the node stands such a heading."""
    before = node.getprevious()
    if before is None or not isinstance(before.tag, str) or before.tag == node.tag:
        return False
    return heading.search("".join(before.itertext())[:20]) is not None


def distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries with a title, each address once."""
    met: set[str] = set()
    for entry in entries:
        if entry.url not in met and entry.title and not BUTTON.fullmatch(entry.title):
            met.add(entry.url)
            yield entry


def rate(entries: Sequence[Entry], host: str) -> float:
    """How much a group looks like the articles of this site: many, long titles, dates, numbers in their addresses."""
    if len(entries) < FEWEST_ENTRIES:
        return 0.0
    number = len(entries)
    length = sum(min(len(entry.title or ""), USUAL_TITLE) for entry in entries) / number / USUAL_TITLE
    dated = sum(entry.published is not None for entry in entries) / number
    if not dated and length * USUAL_TITLE < SHORTEST_UNDATED:
        return 0.0
    own = sum(site_of(host_of(entry.url)) == site_of(host) for entry in entries) / number
    numbered = (
        sum(bool(re.search(r"\d{3}", entry.url.partition("//")[2].partition("/")[2])) for entry in entries) / number
    )
    if not dated and not numbered and length * USUAL_TITLE < SHORTEST_UNNUMBERED:
        return 0.0
    score: float = min(number, 60) ** 0.5 * length**2 * (0.5 + dated) * (0.3 + own) * (0.3 + numbered)
    return score


def site_of(host: str) -> str:
    """The registered part of a host name, near enough for a score."""
    labels = 3 if host.endswith(_SUFFIXES) else 2
    return ".".join(host.split(".")[-labels:])


# -- selectors -------------------------------------------------------------------------------------------------------


def _place(node: Any) -> str:
    """Where a link stands: its tag path with classes, five levels up."""
    steps: list[str] = []
    while node is not None and len(steps) < 5:
        steps.append(_step(node))
        node = node.getparent()
    return " < ".join(steps)


def _step(node: Any) -> str:
    classes = [name for name in (node.get("class") or "").split() if _CLASS.match(name) and not _STATE.search(name)]
    return ".".join([str(node.tag), *classes[:1]])


def _item_of(link: Any, base: str) -> Any:
    """The widest element around a link that leads nowhere else."""
    address = _address(link, base)
    node = link
    while (above := node.getparent()) is not None and above.tag not in ("html", "body"):
        if any(_address(one, base) not in (None, address) for one in above.iter() if leads(one)):
            break
        node = above
    return node


def _address(node: Any, base: str) -> str | None:
    return link_address(Selector(root=node, type="html"), base)


def _in_container(group: Sequence[Any], base: str) -> str | None:
    """Items as children of the one element that holds them all, whatever their classes."""
    items = [_item_of(link, base) for link in group]
    tags = Counter(item.tag for item in items)
    parents = {item.getparent() for item in items}
    if len(parents) != 1 or len(tags) != 1 or items[0].getparent() is None:
        return None
    steps = {_step(item) for item in items}
    return f"{_path_of(items[0].getparent())} > {steps.pop() if len(steps) == 1 else items[0].tag}"


def _item_selector(links: Sequence[Any]) -> str | None:
    """The widest element around a link of the group that holds no other link of it, as a selector.

    As most links of the group have it: a day with a single article is a list of its own.
    """
    group = set(links)
    climbed = [_climb(link, group) for link in links[:MOST_CLIMBERS]]
    usual = Counter(levels for _, levels in climbed).most_common(1)[0][0]
    node = next(node for node, levels in climbed if levels == usual)
    above = node.getparent()
    if above is None or node.tag in ("html", "body"):
        return None
    return f"{_path_of(above)} {_step(node)}" if above.tag not in ("html", "body") else _step(node)


def _climb(link: Any, group: set[Any]) -> tuple[Any, int]:
    """The widest element around the link that holds no other of the group, and how many levels above it."""
    node, levels = link, 0
    while (above := node.getparent()) is not None and above.tag not in ("html", "body"):
        if sum(one in group for one in above.iter()) > 1:
            break
        node, levels = above, levels + 1
    return node, levels


def _path_of(node: Any) -> str:
    """A class or id of the list or of what is around it tells it from menus that are built alike."""
    outer: list[str] = []
    while node is not None and node.tag not in ("html", "body") and len(outer) < 4:
        outer.insert(0, f"#{node.get('id')}" if _CLASS.match(node.get("id") or "") else _step(node))
        if outer[0].startswith("#") or "." in outer[0]:
            break
        node = node.getparent()
    return " ".join(outer) or "body"


# -- addresses -------------------------------------------------------------------------------------------------------


def _accept(entries: Sequence[Entry], surplus: set[str]) -> list[str]:
    """Patterns of the addresses of articles that leave out what the selector catches besides; empty if none do."""
    for shape in (shape_by_numbers, _shape_by_folder):
        patterns = list(dict.fromkeys(shape(entry.url) for entry in entries))
        if len(patterns) <= MOST_PATTERNS and not any(re.search(one, url) for one in patterns for url in surplus):
            return patterns
    return []


def shape_by_numbers(url: str) -> str:
    path = "/" + url.partition("//")[2].partition("/")[2]
    named = re.sub(r"(?<![A-Za-z0-9])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{16,}(?![A-Za-z0-9])", "\0", path)
    return re.sub(r"\d+", r"\\d+", re.escape(named)).replace("\0", "[0-9a-f]+") + "$"


def _shape_by_folder(url: str) -> str:
    path = "/" + url.partition("//")[2].partition("/")[2]
    return re.sub(r"\d+", r"\\d+", re.escape(path.rpartition("/")[0])) + "/[^/]+$"
