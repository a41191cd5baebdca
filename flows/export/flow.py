"""The flow `export`: a file of what a search finds, from the Prefect UI."""

from __future__ import annotations

import asyncio
import enum
from datetime import UTC, date, datetime
from typing import Annotated, Any

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows.carry_out import title_of_run
from flows.choices import SourceChoice
from flows.export.files import Exported, Wish, export, suggest_name
from flows.export.formats import Format
from flows.filters import make_filters
from flows.overview import open_store
from flows.report import escape
from flows.settings import load_settings
from models.errors import ConfigurationWrong

__all__ = ["Each", "export_corpus"]


class Each(enum.StrEnum):
    STORY = "每篇报道一行"
    ARTICLE = "每篇文章一行"


AtLeastOne = Annotated[int, Field(ge=1)]


@flow(name="export", flow_run_name=title_of_run, persist_result=False)
async def export_corpus(
    format: Format = Format.XLSX,
    words: str = "",
    since: date | None = None,
    until: date | None = None,
    found_within: AtLeastOne | None = None,
    regions: list[str] | None = None,
    topics: list[str] | None = None,
    media: list[str] | None = None,
    only: list[SourceChoice] | None = None,
    per: Each = Each.STORY,
    columns: list[str] | None = None,
    limit: AtLeastOne | None = None,
) -> State[Any]:
    """把检索结果导出为一个文件，放在 data/exports 中。

    Args:
        format: 文件格式
        words: 要找的词，用空格分开；“引号内”须连在一起；-词 表示不要（不填则为全部）
        since: 发布日期从这一天起
        until: 发布日期到这一天为止，含当天
        found_within: 只要最近几天内采集到的
        regions: 地区，名称或区划代码，如 四川省、郫都区、5101
        topics: 主题，如 基层治理
        media: 来源媒体，如 人民日报
        only: 只要这些采集来源的
        per: 每篇报道（含转载）一行，或每篇文章一行
        columns: 只要这些列，如 标题、来源、正文（不填则为全部）
        limit: 最多多少行
    """
    now = datetime.now(UTC)
    try:
        filters = make_filters(
            since=since,
            until=until,
            found_within=found_within,
            regions=regions,
            topics=topics,
            media=media,
            sources=only,
            now=now,
        )
        wish = Wish(format, words, filters, per is Each.STORY, tuple(columns or ()), limit)
        done = await asyncio.to_thread(write, wish, now)
    except ConfigurationWrong as error:
        get_run_logger().error("%s", error)
        return Failed(message=str(error))
    await leave_artifacts(wish, done)
    said = f"{done.rows} 行，{done.size:,} 字节"
    get_run_logger().info("%s\n%s", said, done.file)
    return Completed(message=said)


def write(wish: Wish, now: datetime) -> Exported:
    with open_store() as store:
        store.rebuild_search()
        return export(store, wish, load_settings().exports_dir / suggest_name(wish, now), now)


async def leave_artifacts(wish: Wish, done: Exported) -> None:
    await acreate_markdown_artifact(describe(wish, done), key="export", description=done.file.name)
    await acreate_link_artifact(
        done.file.as_uri(),
        key="export-file",
        link_text=done.file.name,
        description="导出的文件（在运行本流程的机器上）",
    )


def describe(wish: Wish, done: Exported) -> str:
    asked = [f"{name}：{value}" for name, value in asked_for(wish).items()]
    return "\n".join(
        [
            f"# 导出 {escape(done.file.name)}",
            "",
            f"- 文件：`{done.file}`",
            f"- {done.rows} 行，{done.size:,} 字节",
            *(f"- {escape(line)}" for line in asked),
        ]
    )


def asked_for(wish: Wish) -> dict[str, str]:
    """The conditions of an export, those that were set."""
    filters = wish.filters
    said = {
        "词": wish.words,
        "发布日期从": filters.since,
        "发布日期到": filters.until,
        "采集时间从": filters.new_since,
        "地区": "、".join(filters.regions),
        "主题": "、".join(filters.topics),
        "来源媒体": "、".join(filters.media),
        "采集来源": "、".join(filters.sources),
        "每行": "一篇报道" if wish.per_story else "一篇文章",
        "列": "、".join(wish.columns),
        "最多": wish.limit,
    }
    return {name: str(value) for name, value in said.items() if value}
