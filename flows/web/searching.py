"""Search: words and filters in the address, stories or articles out, with what else there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from cleaning.tags import gazetteer
from flows.web import words
from flows.web.room import Here
from models.search import Facet, Facets, Filters

__all__ = ["MOST_ROWS", "Asked", "Wanted", "router"]

router = APIRouter()

PER_PAGE = 20
# Articles that the menus count, the newest: 20 ms instead of half a second for a word that stands everywhere.
TALLIED = 3000
# Rows of a download: some ten seconds and 20 MB; whoever needs more has the command line, which knows no limit.
MOST_ROWS = 5000
# Deeper than this nobody turns pages; a narrower question or a download is what helps.
LAST_PAGE = 250
LONGEST = 200  # letters of a query or of a value
SHOWN_FACETS = 12  # of each kind; the others are in the menus of the form
CITY_DIGITS = 4


def _nothing(value: object) -> object:
    """A field of a form that was left empty is not there."""
    return None if value == "" else value


Text = Annotated[str, Query(max_length=LONGEST)]
Day = Annotated[date | None, BeforeValidator(_nothing), Query()]
Code = Annotated[str, Query(pattern=r"^\d{0,9}$")]
Each = Literal["story", "article"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for: the address of the page, as values."""

    q: str = ""
    since: date | None = None
    until: date | None = None
    region: str = ""
    city: str = ""
    topic: str = ""
    medium: str = ""
    source: str = ""
    method: str = ""
    each: Each = "story"
    page: int = 1

    @property
    def place(self) -> str:
        """The narrower one of province and city; a city of another province counts for nothing."""
        return self.city if self.city.startswith(self.region) and self.city else self.region

    @property
    def filters(self) -> Filters:
        return Filters(
            since=self.since,
            until=self.until,
            regions=(self.place,) if self.place else (),
            topics=(self.topic,) if self.topic else (),
            media=(self.medium,) if self.medium else (),
            sources=(self.source,) if self.source else (),
            methods=(self.method,) if self.method else (),
        )

    @property
    def filtered(self) -> bool:
        return self.filters != Filters()

    def link(self, **changes: Any) -> str:
        """The same question with these changes, from its first page on, as the query of an address."""
        changed = replace(self, **{"page": 1, **changes})
        usual = Asked()
        given = {name: value for name, value in asdict(changed).items() if value != getattr(usual, name)}
        return f"?{urlencode(given)}"


def _ask(
    q: Text = "",
    since: Day = None,
    until: Day = None,
    region: Code = "",
    city: Code = "",
    topic: Text = "",
    medium: Text = "",
    source: Text = "",
    method: Text = "",
    each: Each = "story",
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> Asked:
    given = locals()
    return Asked(**{one.name: given[one.name] for one in fields(Asked)})


Wanted = Annotated[Asked, Depends(_ask)]


@router.get("/search", response_class=HTMLResponse)
def search_corpus(here: Here, asked: Wanted) -> HTMLResponse:
    per_story = asked.each == "story"
    hits = here.browse.search(
        asked.q, asked.filters, per_story=per_story, limit=PER_PAGE, offset=(asked.page - 1) * PER_PAGE
    )
    menus = here.browse.facets(asked.filters, asked.q, per_story=per_story, newest=TALLIED)
    names = {source.slug: source.name for source in here.browse.sources()}
    last = min(-(-hits.total // PER_PAGE), LAST_PAGE)
    return here.show(
        "search.html",
        asked=asked,
        hits=hits,
        last_page=last,
        per_page=PER_PAGE,
        tallied=TALLIED,
        most_rows=MOST_ROWS,
        chosen=list(_chosen(asked, names)),
        lists=_lists(asked, menus, names),
        provinces=_with_chosen(menus.regions, asked.region),
        cities=_cities_of(asked.region),
        topics=_with_chosen(menus.topics, asked.topic),
        media=_with_chosen(menus.media, asked.medium),
        sources=_with_chosen(menus.sources, asked.source),
        names=names,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows the search, or takes a condition away again."""

    text: str
    link: str
    count: int = 0
    active: bool = False


def _chosen(asked: Asked, names: dict[str, str]) -> Iterator[Choice]:
    """The conditions that hold, each with the way to drop it."""
    if asked.since or asked.until:
        said = f"{asked.since or '最早'} 至 {asked.until or '今天'}"
        yield Choice(said, asked.link(since=None, until=None))
    if asked.place:
        yield Choice(words.name_region(asked.place) or asked.place, asked.link(region="", city=""))
    for name, title in (("topic", "专题"), ("medium", "来源"), ("method", "工作法")):
        value = getattr(asked, name)
        if value:
            yield Choice(f"{title}：{value}", asked.link(**{name: ""}))
    if asked.source:
        yield Choice(f"网站：{names.get(asked.source) or asked.source}", asked.link(source=""))


def _lists(asked: Asked, menus: Facets, names: dict[str, str]) -> list[tuple[str, list[Choice]]]:
    def choices(kind: str, found: Sequence[Facet], name: Callable[[str], str]) -> list[Choice]:
        shown = found[:SHOWN_FACETS]
        return [
            Choice(
                name(one.value), asked.link(**{kind: one.value}), one.count, active=getattr(asked, kind) == one.value
            )
            for one in shown
            if name(one.value)
        ]

    regions = choices("region", menus.regions, words.name_region) if not asked.city else []
    return [
        ("专题", choices("topic", menus.topics, str)),
        ("地区", regions),
        ("来源", choices("medium", menus.media, str)),
        ("网站", choices("source", menus.sources, lambda slug: names.get(slug) or slug)),
        ("月份", [_month(asked, one) for one in menus.months[:SHOWN_FACETS]]),
    ]


def _month(asked: Asked, facet: Facet) -> Choice:
    first = date.fromisoformat(f"{facet.value}-01")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    link = asked.link(since=first, until=last)
    return Choice(facet.value, link, facet.count, active=(asked.since, asked.until) == (first, last))


def _with_chosen(found: Sequence[Facet], value: str) -> list[Facet]:
    """What a menu offers; what is chosen is always among it, else the form would drop it."""
    missing = [Facet(value, 0)] if value and all(one.value != value for one in found) else []
    return [*missing, *found]


def _cities_of(province: str) -> list[tuple[str, str]]:
    if len(province) != words.PROVINCE_DIGITS:
        return []
    codes = gazetteer.load().codes
    return [(code, name) for code, name in codes.items() if len(code) == CITY_DIGITS and code.startswith(province)]
