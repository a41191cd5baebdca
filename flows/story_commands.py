"""`dangjian story …`: look at a story with its reprints and versions, join stories, take an article out of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.accounts import StoryArticle, StoryEntry

__all__ = ["story_app"]

story_app = typer.Typer(help="报道及其转载 / stories and their reprints", no_args_is_help=True)

FAILED = 1

Key = Annotated[str, typer.Argument(help="文章编号（前 8 位即可） / key of an article, or its first eight digits")]
Note = Annotated[str, typer.Option("--note", help="原因 / why")]


@story_app.command()
def show(key: Key) -> None:
    """一篇报道、它的转载和历次修改 / a story, its reprints and what changed in them."""
    from flows.overview import open_store

    with open_store() as store:
        found = store.story(key)
        changes = {article.key: store.changes(article.key) for article in found.articles} if found else {}
    if found is None:
        print(f"没有这篇文章 / no such article: {key}")
        raise typer.Exit(FAILED)
    console = Console()
    console.print(table_of(found))
    for article, lines in changes.items():
        for line in lines:
            console.print(f"{article[:8]}  {escape(line)}")


def table_of(story: StoryEntry) -> Table:
    table = Table("编号", "关系", "共同句子", "日期", "来源", "网站", "标题", title=f"报道 {story.key[:8]}")
    for article in story.articles:
        table.add_row(*map(escape, row_of(article)))
    return table


def row_of(article: StoryArticle) -> tuple[str, ...]:
    from flows.web.words import RELATIONS

    shared = f"{article.shared}/{article.sentences}" if article.sentences else ""
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
    relation = RELATIONS[article.relation]
    return article.key[:8], relation, shared, day, article.medium or "", article.source, article.title or ""


@story_app.command()
def join(first: Key, second: Key, note: Note = "") -> None:
    """把两篇报道合为一篇，重新处理后仍然有效 / make two stories one, for good."""
    _decide(first, second, lambda store, a, b: store.join_stories(a, b, datetime.now(UTC), note))


@story_app.command()
def split(out: Key, stays: Key, note: Note = "") -> None:
    """把第一篇文章移出第二篇所在的报道 / take the first article out of the story of the second, for good."""
    _decide(out, stays, lambda store, a, b: store.split_story(a, b, datetime.now(UTC), note))


@story_app.command()
def rebuild(
    everything: Annotated[bool, typer.Option("--all", help="全部重新比较 / compare everything again")] = False,
) -> None:
    """比较尚未比较过的文章 / find the stories of articles that were never compared."""
    from flows.overview import open_store

    with open_store() as store:
        print(f"已比较 {store.rebuild_stories(everything=everything)} 篇 / articles compared")


def _decide(first: str, second: str, act: Callable[..., None]) -> None:
    from flows.overview import open_store
    from models.errors import DangjianError

    with open_store() as store:
        keys = [store.article_key(key) for key in (first, second)]
        try:
            act(store, *(found or given for found, given in zip(keys, (first, second), strict=True)))
        except DangjianError as error:
            print(error)
            raise typer.Exit(FAILED) from error
        found = store.story(second)
    if found:
        print(f"报道 {found.key[:8]} 现有 {len(found.articles)} 篇文章 / articles in the story now")
