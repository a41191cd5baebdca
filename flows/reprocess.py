"""The flow that cleans stored pages again."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from connectors.register import Register
from flows.carry_out import carry_out, make_wish, title_of_run
from flows.choices import SourceChoice, slug_of
from flows.inputs import Input, reprocess_input
from flows.session import Session
from models.accounts import RunKind

__all__ = ["reprocess"]


@flow(name="reprocess", flow_run_name=title_of_run, persist_result=False)
async def reprocess(
    only: list[SourceChoice] | None = None,
    everything: bool = False,
    limit: int | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """用已保存的原始页面重新清洗，不访问网络；用于清洗规则改进之后。

    Args:
        only: 只处理这些来源（不选则为全部，包括种子文件）
        everything: 也包括已经用当前规则清洗过的文章
        limit: 每个来源最多处理多少篇
        dry_run: 试运行：照常清洗，但不写数据库
    """
    wanted = [slug_of(choice) for choice in only or ()]

    def plan(session: Session, register: Register) -> list[Input]:
        slugs = wanted or [entry.slug for entry in session.tools.store.sources()]
        tools, order = session.tools, session.order
        return [reprocess_input(tools, order, slug, register, everything=everything) for slug in slugs]

    return await carry_out(make_wish(RunKind.REPROCESS, limit=limit, dry_run=dry_run), plan)
