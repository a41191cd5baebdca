"""Every flow that is offered in the UI, once: its name, where it stands, and what people read of it. Without Prefect.

`dangjian serve`, `deployments/prefect.yaml` and the command line all go by this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Flow

__all__ = ["FLOWS", "LABELS", "PARAMETERS", "TITLES", "Offer", "load_flow", "load_flows", "name_fields"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One flow with its deployment."""

    name: str  # of the flow, ASCII
    entrypoint: str  # module:function
    label: str  # name of the deployment
    description: str
    title: str = ""  # start of the names of its runs; the label if empty
    weekly: str = ""  # cron line in Asia/Shanghai, for what is not nightly
    alone: bool = True  # a second run while one is at work is cancelled


FLOWS: tuple[Offer, ...] = (
    Offer(
        "nightly", "flows.nightly:nightly", "夜间采集", "每天 02:30（北京时间）自动运行；也可随时手动运行。", "夜间采集"
    ),
    Offer(
        "ingest-source",
        "flows.nightly:ingest_source",
        "抓取一个来源",
        "立即抓取一个来源，可指定日期和数量。",
        "抓取",
    ),
    Offer(
        "ingest-url",
        "flows.nightly:ingest_url",
        "抓取网址",
        "立即抓取一个或几个网址，不论属于哪个来源；可以与其他运行同时进行。",
        alone=False,
    ),
    Offer("backfill", "flows.nightly:backfill", "补采", "抓取一个来源某段日期的文章，不影响每晚采集的进度。"),
    Offer("load-seeds", "flows.nightly:load_seeds", "载入种子", "载入 seeds 文件夹中新增或改动的文件。"),
    Offer("retry-failed", "flows.nightly:retry_failed", "重试失败", "立即重试失败的网址。"),
    Offer(
        "check-sources",
        "flows.check_flow:check_sources",
        "检查来源",
        "在这台机器的网络上逐个试用来源，标记可用的；不写数据库。",
    ),
    Offer("reprocess", "flows.reprocess:reprocess", "重新清洗", "用已保存的原始页面重新清洗，不访问网络。"),
    Offer(
        "housekeeping",
        "flows.housekeeping:housekeeping",
        "清理",
        "清理不再需要的原始页面、运行记录和 Prefect 历史，每周一次；从不删除文章。",
        weekly="30 5 * * 0",
    ),
    Offer("digest", "flows.digest.flow:digest", "党建早报", "每晚采集后自动生成；也可随时另出一份，或出某几天的。"),
    Offer(
        "export",
        "flows.export.flow:export_corpus",
        "导出",
        "把检索结果导出为 Excel、CSV、JSON、Parquet、Markdown、RSS、Atom 或 WARC 文件。",
        alone=False,
    ),
)

# What a form calls the parameters of flows; what they mean stands in the docstring of each flow.
PARAMETERS = {
    "only": "来源",
    "source": "来源",
    "urls": "网址",
    "since": "从哪一天起",
    "until": "到哪一天为止",
    "limit": "最多几篇",
    "dry_run": "试运行",
    "backfill": "继续往前翻页",
    "kind": "失败类别",
    "given_up": "包括已放弃的",
    "which": "范围",
    "rules_version": "规则版本",
    "articles": "文章",
    "replaced_days": "被取代的页面保留天数",
    "finished_days": "已完成文章的页面保留天数",
    "runs_days": "运行记录保留天数",
    "history_days": "Prefect 历史保留天数",
    "compact": "整理数据库文件",
}

LABELS = {offer.name: (offer.label, offer.description) for offer in FLOWS}
TITLES = {offer.name: offer.title or offer.label for offer in FLOWS}


def name_fields(properties: dict[str, dict[str, Any]]) -> None:
    """Head the fields of a form in Chinese. Prefect takes titles from nowhere but the names of the parameters."""
    for name, shown in properties.items():
        shown["title"] = f"{PARAMETERS[name]} {name}" if name in PARAMETERS else name


def load_flow(offer: Offer) -> Flow[Any, Any]:
    """The flow itself; imports Prefect."""
    module, _, function = offer.entrypoint.partition(":")
    loaded: Flow[Any, Any] = getattr(import_module(module), function)
    return loaded


def load_flows() -> list[Flow[Any, Any]]:
    return [load_flow(offer) for offer in FLOWS]
