"""From the bytes of an HTML page to a draft: decode, parse, find body and title, read who made it and when.

decode -> defuse -> parse -> outline -> body (cascade) -> title -> zones around the body -> fields -> Draft
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urljoin

from cleaning.byline_story import read_page_line
from cleaning.dates import date_in_url
from cleaning.decode import Decoded, decode
from cleaning.extract.beside import read_beside
from cleaning.extract.body import Body, assemble
from cleaning.extract.cascade import Answer, find_body
from cleaning.extract.date_box import read_date_box
from cleaning.extract.families import Family, recognise
from cleaning.extract.fields import Sources, find_authors, find_editors, find_medium, find_platform, find_published
from cleaning.extract.guard import defuse
from cleaning.extract.heading import find_part, find_title
from cleaning.extract.lines import Outline, read_outline
from cleaning.extract.mass import find_container
from cleaning.extract.meta import Stated, read_meta
from cleaning.extract.named import Named, read_named
from cleaning.extract.page import Page, parse_page
from cleaning.extract.pieces import set_out
from cleaning.extract.zone import BEFORE, Zone, find_far_editor, read_above, read_tail, read_zone, zone_lines
from models.records import Draft, Found, Origin, RawPage
from models.rules import ArticleRules

__all__ = ["extract"]

HEAD = 15  # lines between title and text whose elements are looked at: bylines are at most six
ABOVE = 8  # lines above the title that may name its source: a table of four rows
EDGE = 4  # lines at either end of a text where its makers are named
MAX_PAGES = 20  # pages of one article that are joined; the fetcher has a cap of its own


def extract(page: RawPage, rules: Sequence[ArticleRules] = (), *, now: datetime | None = None) -> Draft:
    """Read one article page.

    ``now`` (aware) bounds the date of publication together with ``page.fetched_at``. A field that the page does not
    give is None. Raises NotReadable (a bad record) for bytes that no parser reads; a page without an article gives
    a draft without blocks.
    """
    url = page.final_url or page.url
    declared = next((r.charset for r in rules if r.charset), None)
    decoded = decode(page.body, page.headers, declared=declared)
    parsed, flags = _parse(decoded.text, url)
    used = _in_force(rules, url)
    families = tuple(recognise(parsed))
    stated = read_meta(parsed)
    outline = read_outline(parsed.body)
    container = find_container(outline, parsed.title_tag)
    title = find_title(parsed, outline, outline.nodes[container].first, used, families, stated)
    answer = find_body(parsed, outline, container, used, families, title.value if title else None)
    more = [_further(body, url, used, declared, title) for body in page.more[: MAX_PAGES - 1]]
    not_after = min(now, page.fetched_at) if now else page.fetched_at
    draft = _assemble(parsed, outline, answer, more, title, stated, families, used, page, not_after)
    lacks = (page.lacks,) if page.lacks else ()
    return _with_decoding(replace(draft, flags=(*draft.flags, *flags, *lacks)), decoded)


def _parse(text: str, url: str) -> tuple[Page, tuple[str, ...]]:
    markup, flags = defuse(text, url)
    return parse_page(markup, url), flags


def _in_force(rules: Sequence[ArticleRules], url: str) -> tuple[ArticleRules, ...]:
    """Rules whose dates cover the day in the address; an address without a day leaves all of them."""
    moment = date_in_url(url)
    day: date | None = moment.value.date() if moment else None
    if day is None:
        return tuple(rules)
    return tuple(
        r for r in rules if not (r.valid_from and day < r.valid_from) and not (r.valid_until and day > r.valid_until)
    )


def _further(
    body: bytes, url: str, rules: Sequence[ArticleRules], declared: str | None, title: Found[str] | None
) -> Body:
    """The body of a further page of the same article."""
    parsed, _ = _parse(decode(body, declared=declared).text, url)
    families = tuple(recognise(parsed))
    outline = read_outline(parsed.body)
    container = find_container(outline, parsed.title_tag)
    return find_body(parsed, outline, container, rules, families, title.value if title else None).body


def _assemble(
    parsed: Page,
    outline: Outline,
    answer: Answer,
    more: Sequence[Body],
    title: Found[str] | None,
    stated: Stated,
    families: Sequence[Family],
    rules: Sequence[ArticleRules],
    page: RawPage,
    not_after: datetime,
) -> Draft:
    url = page.final_url or page.url
    base = urljoin(url, parsed.base) if parsed.base else url
    whole = replace(answer.body, lines=(*answer.body.lines, *(line for body in more for line in body.lines)))
    blocks, note = assemble(whole, base)
    zone, tail, lines, head = _zones(outline, answer, title, not_after)
    edges = [line.text for line in (*answer.body.lines[:EDGE], *answer.body.lines[-EDGE:])]
    printed = "\n".join([*lines, *edges])
    name = title.value if title else page.hints.title
    named = _named(outline, head, zone, tail, name)
    beside = read_beside(outline, *head, name)
    sheet = None if zone.published else read_date_box(outline, *head)
    sources = Sources(
        parsed, rules, families, stated, zone, tail, named, note, sheet, page.hints, not_after, url, name, printed
    )
    published = find_published(sources)
    return Draft(
        page.source,
        page.url,
        page.key,
        blocks,
        extractor=answer.step,
        kicker=find_part("kicker", parsed, rules, families, stated, name) or beside.kicker,
        title=title or (Found(name, page.hints.published_origin, name) if name else None),
        subtitle=find_part("subtitle", parsed, rules, families, stated, name) or beside.subtitle,
        published=Found(published[1].value, published[0].origin, published[0].raw) if published else None,
        published_precision=published[1].precision if published else None,
        medium=find_medium(sources),
        platform=find_platform(sources),
        authors=find_authors(sources),
        editors=find_editors(sources),
        credits=tuple(dict.fromkeys([*zone.credits, *tail.credits, *(note.credits if note else ())])),
        newspaper_page=_newspaper_page(outline, answer, zone, stated),
        clicks=zone.clicks,
        tags=stated.keywords,
        furniture=tuple(dict.fromkeys([*zone.read, *tail.read])),
        flags=() if blocks else ("no-text",),
    )


def _zones(
    outline: Outline, answer: Answer, title: Found[str] | None, not_after: datetime
) -> tuple[Zone, Zone, list[str], tuple[int, int]]:
    above = zone_lines(outline.lines, answer.first, answer.body.head, title.value if title else None)
    behind = [line.text for line in outline.lines[answer.last : answer.last + 40] if line.text]
    head = _head(outline, answer, above)
    apart = set_out(outline, above[:HEAD], *head)
    zone = read_zone(above, not_after, title.value if title else None, apart)
    tail = read_tail(answer.body.tail, behind, not_after)
    if zone.published is None or (zone.medium is None and tail.medium is None):
        read_above(
            zone, [line.text for line in outline.lines[max(0, head[0] - ABOVE) : head[0]] if line.text], not_after
        )
    tail.editors = tail.editors or find_far_editor([line.text for line in outline.lines[answer.last :] if line.text])
    return zone, tail, [*above, *answer.body.tail, *behind[:EDGE]], head


def _head(outline: Outline, answer: Answer, above: Sequence[str]) -> tuple[int, int]:
    """Where in the outline the head stands: from its first line to the first of the text."""
    lines = outline.lines
    opening = next((line.text for line in answer.body.lines if line.text), None)
    end = next((n for n in range(answer.first, min(answer.last, len(lines))) if lines[n].text == opening), answer.first)
    begin = max(0, end - BEFORE)
    title = above[0] if above else None
    first = next((n for n in range(end - 1, begin - 1, -1) if lines[n].text == title), begin)
    return first, end


def _named(outline: Outline, head: tuple[int, int], zone: Zone, tail: Zone, title: str | None) -> Named:
    """What parts of the head are called, asked only where no word says who published or edited the text."""
    if zone.medium and (zone.editors or tail.editors):
        return Named()
    return read_named(outline, *head, title)


def _newspaper_page(outline: Outline, answer: Answer, zone: Zone, stated: Stated) -> Found[str] | None:
    """04 版: under the title, in a line of its own at the end of the text, or as the page states it."""
    if zone.newspaper_page:
        return Found(zone.newspaper_page[0], Origin.BYLINE, zone.newspaper_page[1])
    end = outline.lines[max(answer.first, answer.last - EDGE) : answer.last + EDGE]
    for text in (*answer.body.tail[:EDGE], *(line.text for line in end)):
        if page := read_page_line(text):
            return Found(page, Origin.TAIL, text)
    return Found(stated.property_page, Origin.SCRIPT_DATA, stated.property_page) if stated.property_page else None


def _with_decoding(draft: Draft, decoded: Decoded) -> Draft:
    return replace(draft, charset=decoded.charset, charset_origin=decoded.origin, replaced=decoded.replaced)
