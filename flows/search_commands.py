"""`dangjian search` and `dangjian export`: the same words and filters, shown or written to a file."""

from __future__ import annotations

import enum
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.export.formats import Format
from models.errors import DangjianError

if TYPE_CHECKING:
    from models.search import Hit, Hits, Piece

__all__ = ["export", "search"]

FAILED = 1


class Per(enum.StrEnum):
    STORY = "story"
    ARTICLE = "article"


Words = Annotated[
    list[str] | None,
    typer.Argument(help="要找的词，可多个；“引号内”须连在一起；-词 表示不要；不填则按时间列出 / words, all of them"),
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="发布日期从 / published since")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="发布日期到，含当天 / until, included")]
Days = Annotated[int | None, typer.Option("--found-within", min=1, help="最近几天内采集到的 / found within days")]
Region = Annotated[list[str] | None, typer.Option(help="地区：名称或区划代码 / place, by name or code")]
Topic = Annotated[list[str] | None, typer.Option(help="主题 / topic")]
Medium = Annotated[list[str] | None, typer.Option(help="来源媒体 / medium")]
Source = Annotated[list[str] | None, typer.Option("--source", "-s", help="采集来源的代号 / slug of the source")]
Method = Annotated[list[str] | None, typer.Option(help="工作法 / named working method")]
OffTopic = Annotated[bool, typer.Option("--off-topic", help="也包括后来判为无关的 / also what is off topic")]
Each = Annotated[Per, typer.Option("--per", help="每篇报道一行，或每篇文章一行 / a row per story or per article")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="最多几条 / at most")]


def search(
    words: Words = None,
    since: Since = None,
    until: Until = None,
    found_within: Days = None,
    region: Region = None,
    topic: Topic = None,
    medium: Medium = None,
    source: Source = None,
    method: Method = None,
    off_topic: OffTopic = False,
    per: Each = Per.STORY,
    limit: Limit = 20,
    page: Annotated[int, typer.Option(min=1, help="第几页 / page")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="重建检索索引 / make the index anew")] = False,
) -> None:
    """检索文章和报道 / find articles and stories by words, dates, places, topics."""
    from flows.filters import make_filters
    from flows.overview import open_store

    try:
        filters = make_filters(
            since=since,
            until=until,
            found_within=found_within,
            regions=region,
            topics=topic,
            media=medium,
            sources=source,
            methods=method,
            off_topic=off_topic,
            now=datetime.now(UTC),
        )
        with open_store() as store:
            _complete_index(store, everything=rebuild)
            if rebuild and not words:
                return
            found = store.search(
                " ".join(words or ()), filters, per_story=per is Per.STORY, limit=limit, offset=(page - 1) * limit
            )
    except DangjianError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(FAILED) from error
    if as_json:
        print(json.dumps(in_json(found), ensure_ascii=False, indent=1))
    else:
        show(found, per, (page - 1) * limit)


def export(
    format: Annotated[Format, typer.Argument(help="格式 / format")],
    words: Words = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="文件或文件夹；默认 data/exports / file or folder")
    ] = None,
    since: Since = None,
    until: Until = None,
    found_within: Days = None,
    region: Region = None,
    topic: Topic = None,
    medium: Medium = None,
    source: Source = None,
    method: Method = None,
    off_topic: OffTopic = False,
    per: Each = Per.STORY,
    columns: Annotated[
        str | None, typer.Option(help="只要这些列，用逗号分开，如 title,medium,text / these columns only")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="最多几行 / rows at most")] = None,
) -> None:
    """把检索结果导出为文件 / write what is found to a file."""
    from flows.export.files import Wish, suggest_name
    from flows.export.files import export as write
    from flows.filters import make_filters
    from flows.overview import open_store
    from flows.settings import load_settings

    now = datetime.now(UTC)
    try:
        filters = make_filters(
            since=since,
            until=until,
            found_within=found_within,
            regions=region,
            topics=topic,
            media=medium,
            sources=source,
            methods=method,
            off_topic=off_topic,
            now=now,
        )
        wish = Wish(format, " ".join(words or ()), filters, per is Per.STORY, split_columns(columns), limit)
        place = out or load_settings().exports_dir
        file = place / suggest_name(wish, now) if place.is_dir() or out is None else place
        with open_store() as store:
            _complete_index(store)
            done = write(store, wish, file, now)
    except (DangjianError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(FAILED) from error
    print(f"{done.file}\n{done.rows} 行 / rows，{done.size:,} 字节 / bytes")


def split_columns(columns: str | None) -> tuple[str, ...]:
    return tuple((columns or "").replace("，", ",").replace(",", " ").split())


def _complete_index(store: Any, *, everything: bool = False) -> None:
    """Bring articles of an older database into the index; nothing to do in the database of this version."""
    missing = store.not_searchable()
    if missing or everything:
        print("正在建立检索索引 / making the search index ...", file=sys.stderr, flush=True)
        print(f"已索引 {store.rebuild_search(everything=everything)} 篇 / articles indexed", file=sys.stderr)


def show(found: Hits, per: Per, offset: int) -> None:
    console = Console()
    if found.hits:
        console.print(table_of(found.hits))
    unit = "篇报道 / stories" if per is Per.STORY else "篇文章 / articles"
    how = "" if found.exact else "至少 / at least " if found.capped else "约 / about "
    shown = f"，第 {offset + 1} 至 {offset + len(found.hits)} 条" if found.hits else ""
    console.print(f"{how}{found.total} {unit}{shown}")


def table_of(hits: Sequence[Hit]) -> Table:
    table = Table("文章", "标题和摘录", show_lines=True)
    for hit in hits:
        day = f"{hit.published_at:%Y-%m-%d}" if hit.published_at else ""
        reprints = f"转载 {hit.reprints}" if hit.reprints else ""
        facts = [part for part in (hit.key[:8], day, hit.medium or hit.source, hit.region, reprints) if part]
        title = marked(hit.title_pieces) if hit.title else Text("（无标题）")
        table.add_row(Text("\n".join(facts)), Text.assemble(title, "\n", marked(hit.snippet, dim=True)))
    return table


def marked(pieces: Sequence[Piece], *, dim: bool = False) -> Text:
    usual = "dim" if dim else "bold"
    return Text.assemble(*((piece.text, "bold reverse" if piece.hit else usual) for piece in pieces))


def in_json(found: Hits) -> dict[str, Any]:
    hits = [
        asdict(hit) | {"published_at": _iso(hit.published_at), "first_seen_at": _iso(hit.first_seen_at)}
        for hit in found.hits
    ]
    return {"total": found.total, "exact": found.exact, "capped": found.capped, "hits": hits}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
