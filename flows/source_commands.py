"""`dangjian sources …`: try sources, probe a column page, print the table and the schema. Without Prefect."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import typer

from connectors.declaration import SLUG, Source
from connectors.failures import FetchError
from connectors.http import open_fetcher
from connectors.probe import Probe, probe, proposed_source, write_source_file
from connectors.register import DEFAULT_FOLDER, Register, export_schema, source_table
from connectors.urls import BadAddressError, article_key, check_address
from connectors.walk import Entry
from flows.choices import read_register
from flows.session import fetch_settings
from flows.settings import Settings, load_settings
from flows.source_check import CHINA, Checked, Seen, check_all, describe, look_at, say, summarise_checks
from flows.verified_marks import Mark, add_marks, fingerprint
from flows.workshop import Workshop
from models.records import Candidate, Hints

__all__ = ["check_sources", "mark_good", "marks_file", "print_schema", "print_table", "probe_page"]

SHOWN = 10  # articles of a probed page
START = 40  # characters of a text that tell an article from a menu
FAILED, NOT_UNDERSTOOD = 1, 2


def sources_folder(settings: Settings) -> Path:
    return settings.sources_dir or DEFAULT_FOLDER


def marks_file(settings: Settings) -> Path:
    return settings.data_dir / "verified.json"


def print_table() -> int:
    typer.echo(source_table(read_register(load_settings())), nl=False)
    return 0


def print_schema() -> int:
    typer.echo(export_schema(), nl=False)
    return 0


# -- check -------------------------------------------------------------------------------------------------------------


def check_sources(slugs: Sequence[str]) -> int:
    """Try sources (all enabled ones by default), say what was found, mark those that work. 1 if one does not."""
    settings = load_settings()
    register = read_register(settings)
    if unknown := [slug for slug in slugs if slug not in register.sources]:
        typer.echo(f"没有这个来源 / no such source: {'、'.join(unknown)}", err=True)
        return NOT_UNDERSTOOD
    checks = asyncio.run(try_sources(settings, pick(register, slugs)))
    for checked in checks:
        typer.echo("\n".join(describe(checked)))
    mark_good(settings, checks)
    for mistake in register.mistakes:
        typer.echo(f"来源文件有误 / mistake in a source file: {mistake}", err=True)
    typer.echo(summarise_checks(checks))
    return 0 if all(checked.good for checked in checks) and not register.mistakes else FAILED


def pick(register: Register, slugs: Sequence[str]) -> list[Source]:
    return [register.sources[slug] for slug in slugs] if slugs else list(register.enabled)


async def try_sources(settings: Settings, sources: Sequence[Source]) -> list[Checked]:
    with Workshop(1) as workshop:
        async with open_fetcher(fetch_settings(settings)) as fetcher:
            return await check_all(sources, fetcher, workshop, datetime.now(UTC))


def mark_good(settings: Settings, checks: Sequence[Checked]) -> None:
    """Mark what works. A failed check changes nothing: the site may be down for an hour."""
    today = datetime.now(CHINA).date().isoformat()
    folder = sources_folder(settings)
    good = {c.slug: Mark(today, c.listed, fingerprint(folder / f"{c.slug}.yaml")) for c in checks if c.good}
    if good:
        add_marks(marks_file(settings), good)


# -- probe -------------------------------------------------------------------------------------------------------------


def probe_page(url: str, *, slug: str | None, output: Path | None) -> int:
    """Show what a column page would give, and write a source file for it. Touches neither database nor other files."""
    settings = load_settings()
    try:
        check_address(url)
    except BadAddressError as error:
        typer.echo(f"网址有误 / not an address that can be asked: {error}", err=True)
        return NOT_UNDERSTOOD
    name = slug or slug_for(url)
    if not SLUG.fullmatch(name):
        typer.echo(f"代号只能用小写字母、数字和连字符 / not a slug: {name}", err=True)
        return NOT_UNDERSTOOD
    file = output or sources_folder(settings) / f"{name}.yaml"
    if file.exists():
        typer.echo(f"文件已存在，不会覆盖 / the file exists and is not overwritten: {file}", err=True)
        return NOT_UNDERSTOOD
    try:
        found, seen = asyncio.run(look_around(settings, url, name))
    except FetchError as error:
        typer.echo(f"无法读取 / could not be read: {say(error)}", err=True)
        return FAILED
    show_probe(found, seen)
    if not found.entries:
        return FAILED
    articles_read = any(article.text and not article.trouble for article in seen)
    if not articles_read:
        typer.echo("没有读到一篇文章，文件不标为已验证 / no article could be read: the file does not claim to be tried")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as new:
        new.write(write_source_file(found, articles_read=articles_read))
    typer.echo(f"已写入 / written: {file}\n请核对后运行 / look it over, then: dangjian sources check {name}")
    return 0


async def look_around(settings: Settings, url: str, slug: str) -> tuple[Probe, list[Seen]]:
    with Workshop(1) as workshop:
        async with open_fetcher(fetch_settings(settings)) as fetcher:
            found = await probe(url, fetcher)
            source = proposed_source(found, slug)
            first = [candidate_of(entry, source, found.url) for entry in found.entries[:SHOWN]]
            return found, [await look_at(candidate, source, fetcher, workshop) for candidate in first]


def candidate_of(entry: Entry, source: Source, found_on: str) -> Candidate:
    hints = Hints(title=entry.title, published=entry.published)
    return Candidate(source.slug, entry.url, article_key(entry.url, source.hosts.alias), hints, found_on=found_on)


def slug_for(url: str) -> str:
    """A short ASCII name from host and path: http://www.qxdj.gov.cn/dj/gz/index.html gives qxdj-dj-gz."""
    parts = urlsplit(url)
    host = re.sub(r"^(www|m)\.|\.(gov|com|org|net|edu)?\.?(cn|com|org|net)$", "", parts.hostname or "")
    path = re.sub(r"(index|list|default)?\.\w+$", "", parts.path)
    words = re.findall(r"[a-z0-9]+", f"{host}/{path}".lower())
    return "-".join(words)[:60].strip("-") or "source"


def show_probe(found: Probe, seen: Sequence[Seen]) -> None:
    typer.echo(f"{found.title or '（无标题 / untitled）'}\n{found.url}")
    for feed in found.feeds:
        typer.echo(f"订阅源 / feed: {feed}")
    if found.trouble:
        typer.echo(found.trouble)
    typer.echo(f"找到 {len(found.entries)} 篇，前 {len(seen)} 篇 / {len(found.entries)} found, the first {len(seen)}:")
    for number, (entry, article) in enumerate(zip(found.entries, seen, strict=False), 1):
        when = f"{article.published.astimezone(CHINA):%Y-%m-%d}" if article.published else entry.published or "无日期"
        typer.echo(f"{number:2}. {when}  {article.title or entry.title or '—'}\n    {entry.url}")
        start = " ".join(article.text.split())[:START]
        typer.echo(f"    {article.trouble or start or '没有正文 / no text'}")
