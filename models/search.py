"""Full-text search: which articles or stories have these words, best first, and how many there are. Read-only.

The index says which articles may have the words, newest first (see models.search_words); the text itself decides where
a word is longer than the pairs of letters that the index holds. The newest few hundred, and those with the words in
their title, are ranked; further pages go on by date.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    Subquery,
    and_,
    cast,
    column,
    func,
    literal,
    select,
    true,
)
from sqlalchemy import table as plain_table
from sqlalchemy.dialects import postgresql

from models.search_days import NUMBERS_A_DAY, day_of_number, first_of_day, last_of_day
from models.search_words import (
    OFF_TOPIC,
    Query,
    Term,
    fold_letters,
    mark_of,
    parse_query,
    region_mark,
    title_word,
)
from models.tables import ARTICLE, SEARCH_ENTRY, STORY

__all__ = ["Facet", "Facets", "Filters", "Hit", "Hits", "Piece", "facets", "find_keys", "search"]

# Articles that are ranked: the newest, and besides them the newest with all words in the title. Reading and counting
# the words in so many texts takes some 15 ms.
RANKED = 300
RANKED_TITLES = 100

# Counted exactly up to here; a person who finds more asks again with other words.
MOST_COUNTED = 10_000

# Candidates looked at in one query beyond the ranked ones.
PAGE = 500

SNIPPET = 90  # letters: two lines on a phone
BEFORE_HIT = 24  # letters of context in front of the first hit
MOST_SPOTS = 200  # of one word in one text; enough to choose the best place of a snippet

# A day of age costs half of what a month does not: news of half a year ago count half as much as today's.
HALF_LIFE = 180.0
# Of how much the number of occurrences counts, and from which length of text it counts less (letters), as in BM25.
SATURATION, USUAL_LENGTH = 1.2, 1200.0

MOST_MEDIA = 200  # in a menu


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look through. All are combined with "and", several values of one with "or"; empty means no restriction.

    ``since`` and ``until`` are days of publication in China, both included; an article without a date counts by the
    day it was found. ``new_since``: found at or after. ``regions``: official codes of the primary place; the code of a
    province finds its towns. ``relevant`` leaves out what turned out to be off topic.
    """

    since: date | None = None
    until: date | None = None
    new_since: datetime | None = None
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    relevant: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``hit`` where it is what was looked for."""

    text: str
    hit: bool


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


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """For menus: the values there are, most frequent first; months ("2026-11") latest first."""

    topics: tuple[Facet, ...]
    regions: tuple[Facet, ...]  # codes of provinces, two digits
    media: tuple[Facet, ...]
    sources: tuple[Facet, ...]
    months: tuple[Facet, ...]


# Where to look


@dataclass(frozen=True, slots=True)
class _Place:
    """An article in the index."""

    number: int
    article: str
    story: str


@dataclass(frozen=True, slots=True)
class _Question:
    """A query with its filters, in the words of the index."""

    query: Query
    filters: Filters
    postgres: bool
    groups: tuple[tuple[str, ...], ...]  # of each, one word at least
    begins: tuple[str, ...]  # words beginning with each of these
    without: tuple[str, ...]
    without_begins: tuple[str, ...]
    representatives: bool = False  # of stories, and no other articles

    @classmethod
    def of(cls, connection: Connection, query: Query, filters: Filters, *, representatives: bool = False) -> _Question:
        groups = [(word,) for term in query.wanted for word in term.words]
        marks = [
            [region_mark(code) for code in filters.regions],
            *(
                [mark_of(kind, value) for value in values]
                for kind, values in (
                    ("topic", filters.topics),
                    ("medium", filters.media),
                    ("source", filters.sources),
                    ("method", filters.methods),
                )
            ),
        ]
        surely_unwanted = [term for term in query.unwanted if term.sure]
        return cls(
            query=query,
            filters=filters,
            postgres=connection.dialect.name == "postgresql",
            groups=(*groups, *(tuple(group) for group in marks if group)),
            begins=tuple(term.begins for term in query.wanted if term.begins),
            without=tuple(word for term in surely_unwanted for word in term.words),
            without_begins=tuple(term.begins for term in surely_unwanted if term.begins),
            representatives=representatives,
        )

    @property
    def sure(self) -> bool:
        """Whether the index alone decides."""
        return all(term.sure for term in self.query.terms)

    def only_titles(self) -> _Question:
        """The same, with all words in the title."""
        words = [(title_word(word),) for term in self.query.wanted for word in term.words]
        return replace(self, groups=(*self.groups, *words))

    def places(self) -> Select[tuple[int, str, str]]:
        """Entries that may be what is wanted; not ordered."""
        return (
            select(SEARCH_ENTRY.c.number, SEARCH_ENTRY.c.article, SEARCH_ENTRY.c.story)
            .select_from(self._tables())
            .where(self._condition())
        )

    @property
    def number(self) -> ColumnElement[int]:
        """What to order by: of the table that the database reads first."""
        return self._words_number() if self._has_words() else SEARCH_ENTRY.c.number

    def _has_words(self) -> bool:
        return bool(self.groups or self.begins)

    def _words_number(self) -> ColumnElement[int]:
        return _WORDS.c.number if self.postgres else _WORDS.c.rowid

    def _tables(self) -> FromClause:
        if not self._has_words():
            return SEARCH_ENTRY
        return _WORDS.join(SEARCH_ENTRY, SEARCH_ENTRY.c.number == self._words_number())

    def _condition(self) -> ColumnElement[bool]:
        conditions = [*self._days(), *self._entry_conditions()]
        if self._has_words():
            conditions.append(self._matches(self._expression()))
        elif self.without or self.without_begins:
            unwanted = self._matches(self._any_of(self.without, self.without_begins))
            conditions.append(SEARCH_ENTRY.c.number.not_in(select(self._words_number()).where(unwanted)))
        return and_(true(), *conditions)

    def _days(self) -> Iterator[ColumnElement[bool]]:
        if self.filters.since:
            yield self.number >= first_of_day(self.filters.since)
        if self.filters.until:
            yield self.number <= last_of_day(self.filters.until)

    def _entry_conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.representatives:
            yield SEARCH_ENTRY.c.article == SEARCH_ENTRY.c.story
        if self.filters.new_since:
            yield SEARCH_ENTRY.c.first_seen_at >= self.filters.new_since
        if self.filters.relevant and not self._has_words():
            yield SEARCH_ENTRY.c.relevant.is_(True)

    def _matches(self, expression: str) -> ColumnElement[bool]:
        if self.postgres:
            return _WORDS.c.words.op("@@")(cast(literal(expression), postgresql.TSQUERY))
        return _WORDS.c.search_words.op("MATCH")(expression)

    def _expression(self) -> str:
        """The words in the language of the database. They hold letters, digits and our own marks, nothing else."""
        wanted = [self._any_of(group, ()) for group in self.groups]
        wanted += [self._any_of((), (first,)) for first in self.begins]
        without = [*self.without, *([OFF_TOPIC] if self.filters.relevant else [])]
        expression = (" & " if self.postgres else " AND ").join(wanted)
        if without or self.without_begins:
            unwanted = self._any_of(without, self.without_begins)
            expression = f"{expression} & !{unwanted}" if self.postgres else f"({expression}) NOT {unwanted}"
        return expression

    def _any_of(self, words: Sequence[str], begins: Sequence[str]) -> str:
        if self.postgres:
            return "(" + " | ".join([*(f"'{word}'" for word in words), *(f"'{first}':*" for first in begins)]) + ")"
        return "(" + " OR ".join([*(f'"{word}"' for word in words), *(f'"{first}" *' for first in begins)]) + ")"


# The words of the entries: a virtual table of SQLite (its hidden column of the same name is what MATCH is asked of), a
# table of PostgreSQL.
_WORDS = plain_table(
    "search_words",
    column("rowid"),
    column("number"),
    column("search_words"),
    column("words", postgresql.TSVECTOR),
)


def _newest(
    connection: Connection, question: _Question, *, before: int | None = None, limit: int = PAGE
) -> list[_Place]:
    query = question.places().order_by(question.number.desc()).limit(limit)
    if before is not None:
        query = query.where(question.number < before)
    return [_Place(*row) for row in connection.execute(query)]


# What a text says


@dataclass(frozen=True, slots=True)
class _Text:
    """An article's heading and text, and how often each wanted term stands in them."""

    place: _Place
    heading_hits: tuple[int, ...]
    text_hits: tuple[int, ...]
    length: int


_TEXT = (ARTICLE.c.id, ARTICLE.c.title, ARTICLE.c.kicker, ARTICLE.c.subtitle, ARTICLE.c.text)


def _read(connection: Connection, query: Query, places: Sequence[_Place]) -> list[_Text]:
    """Those of ``places`` whose text has what is wanted and nothing unwanted, in the same order."""
    found: dict[str, _Text] = {}
    by_key = {place.article: place for place in places}
    for start in range(0, len(places), PAGE):
        keys = [place.article for place in places[start : start + PAGE]]
        for key, title, kicker, subtitle, text in connection.execute(select(*_TEXT).where(ARTICLE.c.id.in_(keys))):
            heading = "\n".join(part for part in (title, kicker, subtitle) if part)
            one = _look(by_key[key], query, heading, text)
            if one:
                found[key] = one
    return [found[place.article] for place in places if place.article in found]


def _look(place: _Place, query: Query, heading: str, text: str) -> _Text | None:
    unsure = any(not term.sure for term in query.unwanted)
    if unsure and any(_count(term, heading) or _count(term, text) for term in query.unwanted):
        return None
    in_heading = tuple(_count(term, heading) for term in query.wanted)
    in_text = tuple(_count(term, text) for term in query.wanted)
    for term, *hits in zip(query.wanted, in_heading, in_text, strict=True):
        # What the index is sure of may stand in the text in no form that counting finds; it is there all the same.
        if not any(hits) and not term.sure:
            return None
    return _Text(place, in_heading, in_text, len(text))


def _count(term: Term, text: str) -> int:
    # As it stands first: folding a text costs fifty times as much, and most texts are as they would be folded.
    return text.count(term.text) or fold_letters(text).count(term.text)


def _score(one: _Text, newest: int) -> tuple[bool, float]:
    """All words in the title first; then how much the text says of them, and how new it is."""
    words = len(one.text_hits)
    titled = sum(1 for hits in one.heading_hits if hits)
    longer = SATURATION * (0.25 + 0.75 * one.length / USUAL_LENGTH)
    density = sum(hits / (hits + longer) for hits in one.text_hits)
    age = (day_of_number(newest) - day_of_number(one.place.number)).days
    return titled == words, (titled + density) / words + math.exp2(-age / HALF_LIFE)


def _rank(texts: Iterable[_Text]) -> list[_Place]:
    texts = list(texts)
    newest = max((one.place.number for one in texts), default=0)
    texts.sort(key=lambda one: (*_score(one, newest), one.place.number), reverse=True)
    return [one.place for one in texts]


# Finding


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
    question = _Question.of(connection, query, filters or Filters())
    first = _newest(connection, question, limit=RANKED)
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
) -> Iterator[_Place]:
    before: int | None = None
    while True:
        with read() as connection:
            question = _Question.of(connection, query, filters, representatives=representatives)
            places = _newest(connection, question, before=before)
            kept = _sift(connection, question, places)
        yield from kept
        if len(places) < PAGE:
            return
        before = places[-1].number


def _sift(connection: Connection, question: _Question, places: Sequence[_Place]) -> Sequence[_Place]:
    """Without those whose text does not have the words after all."""
    return places if question.sure else [one.place for one in _read(connection, question.query, places)]


def _best(connection: Connection, question: _Question, first: Sequence[_Place]) -> list[_Place]:
    """The newest, and among all others those with the words in their title, in the order of their rank."""
    if not question.query.wanted:
        return list(_sift(connection, question, first))
    places = {place.article: place for place in first}
    if len(first) == RANKED:
        titled = _newest(connection, question.only_titles(), before=first[-1].number, limit=RANKED_TITLES)
        places |= {place.article: place for place in titled}
    return _rank(_read(connection, question.query, list(places.values())))


def _and_older(connection: Connection, question: _Question, ranked: Sequence[_Place], last: int) -> Iterator[_Place]:
    """The ranked, then all others by date."""
    yield from ranked
    known = {place.number for place in ranked}
    while places := _newest(connection, question, before=last):
        last = places[-1].number
        yield from (place for place in _sift(connection, question, places) if place.number not in known)


def _one_per_story(places: Iterable[_Place], ranked: Sequence[_Place]) -> Iterator[_Place]:
    representatives = {place.story: place for place in ranked if place.article == place.story}
    seen: set[str] = set()
    for place in places:
        if place.story not in seen:
            seen.add(place.story)
            yield representatives.get(place.story, place)


def _count_all(connection: Connection, question: _Question, *, per_story: bool) -> Hits:
    places = question.places().limit(MOST_COUNTED + 1).subquery()
    counted = func.count(places.c.story.distinct()) if per_story else func.count()
    articles, total = connection.execute(select(func.count(), counted).select_from(places)).one()
    capped = articles > MOST_COUNTED
    return Hits(min(total, MOST_COUNTED), (), exact=question.sure and not capped, capped=capped)


# What is shown


_HIT = (
    *(ARTICLE.c[name] for name in "id story title text medium source published_at published_precision".split()),
    *(ARTICLE.c[name] for name in "first_seen_at region region_code topics url".split()),
    STORY.c.articles,
)


def _hits(connection: Connection, query: Query, places: Sequence[_Place]) -> Iterator[Hit]:
    keys = [place.article for place in places]
    rows = select(*_HIT).join(STORY, STORY.c.id == ARTICLE.c.story).where(ARTICLE.c.id.in_(keys))
    found = {row["id"]: row for row in connection.execute(rows).mappings()}
    terms = [term.text for term in query.wanted]
    yield from (_hit(found[key], terms) for key in keys if key in found)


def _hit(row: RowMapping, terms: Sequence[str]) -> Hit:
    same = "story title medium source published_at published_precision first_seen_at region region_code url".split()
    return Hit(
        key=row["id"],
        topics=tuple(topic["name"] for topic in row["topics"]),
        reprints=row["articles"] - 1,
        snippet=cut_snippet(row["text"], terms),
        title_pieces=mark_hits(row["title"] or "", terms),
        **{name: row[name] for name in same},
    )


def mark_hits(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """``text`` in pieces, those that are one of the folded ``terms`` marked; joined they are ``text``."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _spots(fold_letters(text), terms):
        if end <= at:
            continue
        pieces += [Piece(text[at:start], False), Piece(text[max(start, at) : end], True)]
        at = end
    return tuple(piece for piece in (*pieces, Piece(text[at:], False)) if piece.text)


def _spots(folded: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    return sorted(found.span() for term in terms for found in islice(re.finditer(re.escape(term), folded), MOST_SPOTS))


def cut_snippet(text: str, terms: Sequence[str], length: int = SNIPPET) -> tuple[Piece, ...]:
    """Some ``length`` letters of ``text`` where most of the ``terms`` stand together, in pieces; else its beginning."""
    flat = " ".join(text.split("\n"))
    spots = _spots(fold_letters(flat), terms)
    start = _beginning(flat, _best_spot(flat, spots, length)) if spots else 0
    cut = flat[start : start + length]
    pieces = mark_hits(cut, terms)
    before = (Piece("…", False),) if start else ()
    after = (Piece("…", False),) if start + length < len(flat) else ()
    return (*before, *pieces, *after)


def _best_spot(flat: str, spots: Sequence[tuple[int, int]], length: int) -> int:
    """Where the stretch begins that has most different terms; of several the first."""
    best, most, first = spots[0][0], 0, 0
    inside: Counter[str] = Counter()
    for last, (_, end) in enumerate(spots):
        inside[flat[slice(*spots[last])]] += 1
        while end - spots[first][0] > length - BEFORE_HIT and first < last:
            inside[flat[slice(*spots[first])]] -= 1
            first += 1
        different = sum(1 for number in inside.values() if number)
        if different > most:
            best, most = spots[first][0], different
    return best


def _beginning(flat: str, spot: int) -> int:
    """A little before ``spot``: where its sentence begins, if that is near."""
    earliest = max(0, spot - BEFORE_HIT)
    ends = [found.end() for found in re.finditer("[。！？；]”?\\s*", flat[earliest:spot])]
    return earliest + ends[-1] if ends else earliest


# Menus


def facets(
    connection: Connection, filters: Filters | None = None, words: str = "", *, per_story: bool = True
) -> Facets:
    """What the articles or stories that pass ``filters`` (and may have ``words``) are about and where they are from."""
    query = parse_query(words)
    if query.impossible:
        return Facets((), (), (), (), ())
    places = _Question.of(connection, query, filters or Filters()).places().subquery()
    of_entry = select(SEARCH_ENTRY).join(places, places.c.number == SEARCH_ENTRY.c.number).subquery()
    counted = func.count(of_entry.c.story.distinct()) if per_story else func.count()

    def count(value: ColumnElement[str | None]) -> Counter[str]:
        rows = connection.execute(select(value, counted).select_from(of_entry).group_by(value))
        return Counter({name: number for name, number in rows if name is not None})

    return Facets(
        topics=_ordered(_count_topics(connection, of_entry, counted)),
        regions=_ordered(count(func.substr(of_entry.c.region_code, 1, 2))),
        media=_ordered(count(of_entry.c.medium))[:MOST_MEDIA],
        sources=_ordered(count(of_entry.c.source)),
        months=_months(connection.execute(_days(of_entry, counted)).tuples()),
    )


def _ordered(counts: Counter[str]) -> tuple[Facet, ...]:
    return tuple(Facet(*pair) for pair in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _count_topics(connection: Connection, of_entry: Subquery, counted: ColumnElement[int]) -> Counter[str]:
    spread = func.jsonb_array_elements_text if connection.dialect.name == "postgresql" else func.json_each
    topic = spread(of_entry.c.topics).table_valued("value")
    query = select(topic.c.value, counted).select_from(of_entry.join(topic, true())).group_by(topic.c.value)
    return Counter(dict(connection.execute(query).tuples().all()))


def _days(of_entry: Subquery, counted: ColumnElement[int]) -> Select[tuple[int, int]]:
    day = of_entry.c.number // NUMBERS_A_DAY
    return select(day, counted).group_by(day)


def _months(days: Iterable[tuple[int, int]]) -> tuple[Facet, ...]:
    counts: Counter[str] = Counter()
    for day, number in days:
        counts[f"{date.fromordinal(day):%Y-%m}"] += number
    return tuple(Facet(*pair) for pair in sorted(counts.items(), reverse=True))
