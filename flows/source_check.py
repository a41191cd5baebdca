"""Try sources on the network as it is: the list, and one article of it. Knows neither Prefect nor the database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from connectors.declaration import Source
from connectors.failures import FetchError
from connectors.kinds import connector_for
from connectors.protocol import Discovery, Fetcher, Window
from flows.workshop import Broken, Workshop
from models.records import Candidate, Record

__all__ = ["Checked", "Seen", "check_all", "check_source", "describe", "look_at", "say_missing", "summarise_checks"]

TRIED = 3  # articles: the first may be a video or have been withdrawn
LEAST_TEXT = 30  # characters; less is a caption or a notice
AT_ONCE = 4  # sources, as in a run
CHINA = timezone(timedelta(hours=8))

MISSING = {
    "list": "列表中没有文章 / no article on the list",
    "article": "没有一篇文章可以打开 / no article could be had",
    "title": "标题 / title",
    "date": "日期 / date",
    "medium": "来源 / medium",
    "body": "正文 / body",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One article page, as it would be stored. ``trouble`` says why there is none."""

    url: str
    listed_as: str = ""
    title: str = ""
    published: datetime | None = None
    medium: str = ""
    text: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a source, and what was missing: keys of ``MISSING``."""

    slug: str
    name: str
    kind: str
    listed: int = 0
    seen: Seen | None = None
    missing: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()  # typed, Chinese and English
    exceptions: tuple[str, ...] = ()  # from safe connections, as its file asks for them

    @property
    def good(self) -> bool:
        """Articles are listed, and one was read with title, date and text. Not every site names a medium."""
        return self.listed > 0 and self.seen is not None and not set(self.missing) - {"medium"}


async def check_all(sources: Sequence[Source], fetcher: Fetcher, workshop: Workshop, now: datetime) -> list[Checked]:
    """Every source, some at a time; none that fails costs another its turn."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def in_turn(source: Source) -> Checked:
        async with gate:
            return await check_source(source, fetcher, workshop, now)

    return list(await asyncio.gather(*map(in_turn, sources)))


async def check_source(source: Source, fetcher: Fetcher, workshop: Workshop, now: datetime) -> Checked:
    """The first page of each list, and the first article that can be had."""
    first_page = source.model_copy(update={"limits": source.limits.model_copy(update={"pages": 1})})
    try:
        found = await connector_for(source).discover(first_page, fetcher, _know_nothing, Window(now), {})
    except FetchError as error:
        found = Discovery()
        failures = [say(error)]
    else:
        failures = [say(read.error) for read in found.reads if read.error]
    seen: Seen | None = None
    for candidate in found.candidates[:TRIED]:
        seen = await look_at(candidate, source, fetcher, workshop)
        if not seen.trouble:
            break
        failures.append(seen.trouble)
    whole = seen if seen and not seen.trouble else None
    return Checked(
        slug=source.slug,
        name=source.name,
        kind=source.discover.kind,
        listed=len(found.candidates),
        seen=whole,
        missing=_missing(found, whole),
        failures=tuple(failures),
        exceptions=(*source.tls.exceptions, *(["明文 http / without encryption"] if source.in_the_clear else [])),
    )


async def _know_nothing(keys: Sequence[str]) -> Mapping[str, datetime]:
    return {}


async def look_at(candidate: Candidate, source: Source, fetcher: Fetcher, workshop: Workshop) -> Seen:
    """One article, cleaned as a run would clean it. Never raises for what is wrong with the page."""
    listed_as = candidate.hints.title or ""
    try:
        page = await connector_for(source).fetch(candidate, source, fetcher)
    except FetchError as error:
        return Seen(candidate.url, listed_as, trouble=say(error))
    if page is None:
        return Seen(candidate.url, listed_as, trouble="网站没有给出页面 / the site gave no page")
    [record] = await workshop.clean([page], source.article)
    if isinstance(record, Broken):
        return Seen(candidate.url, listed_as, trouble=f"无法清洗 / could not be cleaned: {record.kind}")
    return _seen(candidate.url, listed_as, record)


def _seen(url: str, listed_as: str, record: Record) -> Seen:
    return Seen(url, listed_as, record.title or "", record.published_at, record.medium or "", record.text)


def _missing(found: Discovery, seen: Seen | None) -> tuple[str, ...]:
    if not found.candidates:
        return ("list",)
    if seen is None:
        return ("article",)
    have = {
        "title": bool(seen.title),
        "date": seen.published is not None,
        "medium": bool(seen.medium),
        "body": len(seen.text) >= LEAST_TEXT,
    }
    return tuple(name for name, there in have.items() if not there)


def say(error: FetchError) -> str:
    """Kind in both languages, address and reason, on one line."""
    return f"{error.kind.chinese} / {error.kind}: {error.url}: {' '.join(error.message.split())}"


def say_missing(checked: Checked) -> str:
    return "、".join(MISSING[name] for name in checked.missing)


def describe(checked: Checked) -> list[str]:
    """What a person reads of one source: a head line, what was found, what was not."""
    sign = "✅" if checked.good else "❌"
    lines = [
        f"{sign} {checked.slug}  {checked.name}  [{checked.kind}]  列表 {checked.listed} 篇 / {checked.listed} listed"
    ]
    seen = checked.seen
    if seen:
        when = f"{seen.published.astimezone(CHINA):%Y-%m-%d %H:%M}" if seen.published else "—"
        lines.append(f"   首篇 / first: {seen.title or '—'}")
        lines.append(f"   日期 / date: {when}   来源 / medium: {seen.medium or '—'}   正文 / body: {len(seen.text)} 字")
    if checked.missing:
        lines.append(f"   缺少 / missing: {say_missing(checked)}")
    if checked.exceptions:
        lines.append(f"   例外 / exceptions: {'；'.join(checked.exceptions)}")
    return lines + [f"   失败 / failed: {failure}" for failure in checked.failures]


def summarise_checks(checks: Sequence[Checked]) -> str:
    good = [checked for checked in checks if checked.good]
    bad = "、".join(checked.slug for checked in checks if not checked.good)
    said = f"检查了 {len(checks)} 个来源，{len(good)} 个可用 / {len(good)} of {len(checks)} sources work"
    return f"{said}；有问题 / not: {bad}" if bad else said
