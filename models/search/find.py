"""Which articles or stories have some words, best first, and how many there are.

The index says which articles may have the words, newest first; the text itself decides where a word is longer than
the pairs of letters that the index holds. The newest few hundred, and those with the words in their title, are
ranked; further pages go on by date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, RowMapping, String, func, literal, select
from sqlalchemy.dialects import postgresql

from models.search.question import PAGE, Filters, Place, Question, newest, read_index
from models.search.rank import Text, look, rank
from models.search.shown import Piece, cut_snippet, mark_hits
from models.search.words import Query, parse_query
from models.tables import ARTICLE, STORY

__all__ = ["Hit", "Hits", "find_keys", "search"]

# Articles that are ranked: the newest, and besides them the newest with all words in the title. Reading and counting
# the words in so many texts takes some 15 ms.
RANKED = 300
RANKED_TITLES = 100

# Counted exactly up to here; a person who finds more asks again with other words.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, standing for its story where stories are asked for."""

    key: str
    story: str
    title: str | None
    medium: str | None
    source: str
    published_at: datetime | None
    published_precision: str | None
    first_seen_at: datetime
    region: str | None
    region_code: str | None
    topics: tuple[str, ...]
    url: str
    reprints: int  # other articles of the story
    snippet: tuple[Piece, ...]
    title_pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """``total`` is exact, or ``exact`` is False: at least so many if ``capped``, about so many if not."""

    total: int
    hits: tuple[Hit, ...]
    exact: bool = True
    capped: bool = False


def search(
    connection: Connection,
    words: str,
    filters: Filters | None = None,
    *,
    per_story: bool = True,
    limit: int = 20,
    offset: int = 0,
) -> Hits:
    """Find articles with all of ``words``, or stories that have one; without words everything, newest first.

    Several words are all needed; "quoted words" stand together as they are; -words are not there. Traditional
    characters, other widths and cases are understood. Any input is safe. Of a story its representative is answered if
    it was found, else the best of its articles.
    """
    query = parse_query(words)
    if query.impossible:
        return Hits(0, ())
    question = Question.of(connection, query, filters or Filters())
    read_index(connection)
    first = newest(connection, question, limit=RANKED)
    ranked = _best(connection, question, first)
    everything = len(first) < RANKED
    found = iter(ranked) if everything else _and_older(connection, question, ranked, first[-1].number)
    if per_story:
        found = _one_per_story(found, ranked)
    page = list(islice(found, offset, offset + limit))
    hits = tuple(_hits(connection, query, page))
    if everything:
        return Hits(len({place.story for place in ranked} if per_story else ranked), hits)
    return replace(_count_all(connection, question, per_story=per_story), hits=hits)


def find_keys(
    read: Callable[[], AbstractContextManager[Connection]],
    words: str,
    filters: Filters | None = None,
    *,
    per_story: bool = True,
) -> Iterator[str]:
    """The keys of all articles that ``search`` would find, newest first; of a story its representative if that is
    among them, else its newest article.

    ``read`` opens a transaction; each holds for one page of keys, however long the caller takes between them.
    """
    query = parse_query(words)
    if query.impossible:
        return
    wanted = filters or Filters()
    led: set[bytes] = set()
    if per_story:
        led = {_short(place.story) for place in _all_places(read, query, wanted, representatives=True)}
    others: set[bytes] = set()
    for place in _all_places(read, query, wanted):
        if per_story and place.article != place.story:
            story = _short(place.story)
            if story in led or story in others:
                continue
            others.add(story)
        yield place.article


def _short(key: str) -> bytes:
    """Of 64 digits, enough to tell a hundred million stories apart: a large export keeps one for each."""
    return bytes.fromhex(key[:24])


def _all_places(
    read: Callable[[], AbstractContextManager[Connection]],
    query: Query,
    filters: Filters,
    *,
    representatives: bool = False,
) -> Iterator[Place]:
    before: int | None = None
    while True:
        with read() as connection:
            question = Question.of(connection, query, filters)
            read_index(connection)
            places = newest(connection, question, before=before)
            led = [place for place in places if place.article == place.story] if representatives else places
            kept = _sift(connection, question, led)
        yield from kept
        if len(places) < PAGE:
            return
        before = places[-1].number


def _sift(connection: Connection, question: Question, places: Sequence[Place]) -> Sequence[Place]:
    """Without those whose text does not have the words after all."""
    return places if question.sure else [text.place for text in _read(connection, question, places)]


def _read(connection: Connection, question: Question, places: Sequence[Place]) -> list[Text]:
    """The texts of ``places`` that have what is wanted and nothing unwanted, in the same order."""
    found: dict[str, Text] = {}
    by_key = {place.article: place for place in places}
    columns = [ARTICLE.c[name] for name in "id title kicker subtitle text".split()]
    for row in connection.execute(select(*columns).where(_among(connection, list(by_key)))):
        heading = "\n".join(part for part in (row.title, row.kicker, row.subtitle) if part)
        text = look(by_key[row.id], question.query, heading, row.text)
        if text:
            found[row.id] = text
    return [found[key] for key in by_key if key in found]


def _among(connection: Connection, keys: list[str]) -> ColumnElement[bool]:
    """Articles with these keys. One value, not hundreds: PostgreSQL's driver takes 1 ms for each hundred of values."""
    if connection.dialect.name == "postgresql":
        return ARTICLE.c.id == func.any(literal(keys, postgresql.ARRAY(String)))
    return ARTICLE.c.id.in_(keys)


def _best(connection: Connection, question: Question, first: Sequence[Place]) -> list[Place]:
    """The newest, and among all others those with the words in their title, in the order of their rank."""
    if not question.query.wanted:
        return list(_sift(connection, question, first))
    places = {place.article: place for place in first}
    if len(first) == RANKED and (titles := question.only_titles()):
        titled = newest(connection, titles, before=first[-1].number, limit=RANKED_TITLES)
        places |= {place.article: place for place in titled}
    return rank(_read(connection, question, list(places.values())))


def _and_older(connection: Connection, question: Question, ranked: Sequence[Place], last: int) -> Iterator[Place]:
    """The ranked, then all others by date."""
    yield from ranked
    known = {place.number for place in ranked}
    while places := newest(connection, question, before=last):
        last = places[-1].number
        yield from (place for place in _sift(connection, question, places) if place.number not in known)


def _one_per_story(places: Iterable[Place], ranked: Sequence[Place]) -> Iterator[Place]:
    representatives = {place.story: place for place in ranked if place.article == place.story}
    seen: set[str] = set()
    for place in places:
        if place.story not in seen:
            seen.add(place.story)
            yield representatives.get(place.story, place)


def _count_all(connection: Connection, question: Question, *, per_story: bool) -> Hits:
    places = question.places(MOST_COUNTED + 1, ordered=False).subquery()
    each = places.c.story if per_story else places.c.article
    of_each = select(func.count().label("articles")).select_from(places).group_by(each).subquery()
    total, articles = connection.execute(select(func.count(), func.sum(of_each.c.articles))).one()
    capped = articles > MOST_COUNTED
    return Hits(min(total, MOST_COUNTED), (), exact=question.sure and not capped, capped=capped)


_HIT = (
    *(ARTICLE.c[name] for name in "id story title text medium source published_at published_precision".split()),
    *(ARTICLE.c[name] for name in "first_seen_at region region_code topics url".split()),
    STORY.c.articles,
)


def _hits(connection: Connection, query: Query, places: Sequence[Place]) -> Iterator[Hit]:
    keys = [place.article for place in places]
    rows = select(*_HIT).join(STORY, STORY.c.id == ARTICLE.c.story).where(ARTICLE.c.id.in_(keys))
    found = {row["id"]: row for row in connection.execute(rows).mappings()}
    words = [term.text for term in query.wanted]
    yield from (_hit(found[key], words) for key in keys if key in found)


def _hit(row: RowMapping, words: Sequence[str]) -> Hit:
    same = "story title medium source published_at published_precision first_seen_at region region_code url".split()
    return Hit(
        key=row["id"],
        topics=tuple(topic["name"] for topic in row["topics"]),
        reprints=row["articles"] - 1,
        snippet=cut_snippet(row["text"], words),
        title_pieces=mark_hits(row["title"] or "", words),
        **{name: row[name] for name in same},
    )
