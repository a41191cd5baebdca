"""The morning report of a run: one line per source, what is wrong first, in Chinese. Pure: values in, markdown out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from cleaning.explain import KINDS, name_rule
from flows.ingest import FailedItem
from flows.standing import HEALTH_NAMES, MARKS, HealthLine, strip
from models.accounts import SourceState
from models.decide import FLAP_LIMIT
from models.records import Outcome, kind_of

__all__ = [
    "CHINA",
    "OUTCOME_NAMES",
    "RunReport",
    "SourceLine",
    "escape",
    "render",
    "sum_counts",
    "summarise",
    "unescape",
]

CHINA = ZoneInfo("Asia/Shanghai")

OUTCOME_NAMES = {
    Outcome.NEW: "新增",
    Outcome.UPDATED: "更新",
    Outcome.UNCHANGED: "未变",
    Outcome.DUPLICATE: "转载",
    Outcome.OFF_TOPIC: "无关",
    Outcome.QUARANTINED: "隔离",
    Outcome.FAILED: "失败",
    Outcome.SKIPPED: "跳过",
}

# What a person has to look at first.
STATE_NAMES = {
    SourceState.FAILED: "失败",
    SourceState.UNREACHABLE: "无法访问",
    SourceState.BLOCKED: "被拦截",
    SourceState.SUSPECT: "可疑",
    SourceState.OK: "正常",
    SourceState.SKIPPED: "未运行",
}
ORDER = tuple(STATE_NAMES)

# Rows of a table that a person still reads; the rest is counted, and is in the database.
TABLE_ROWS = 200
NOTES_PER_SOURCE = 5
MESSAGE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in one run."""

    slug: str
    name: str
    state: SourceState
    discovered: int = 0
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""
    notes: tuple[str, ...] = ()
    failed: tuple[FailedItem, ...] = ()
    quarantined: tuple[str, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)  # rule -> places repaired
    doubts: Mapping[str, int] = field(default_factory=dict)  # rule -> places only flagged
    flapping: tuple[str, ...] = ()  # addresses that go to and fro between texts
    earlier: bool = False  # done before the run was retried, and not done again
    task: str = ""  # id of the task run that tells of it

    @property
    def balanced(self) -> bool:
        """Every candidate has exactly one outcome."""
        return sum(self.counts.values()) == self.discovered

    @property
    def well(self) -> bool:
        return self.state in (SourceState.OK, SourceState.SKIPPED) and not self.failed


@dataclass(frozen=True, slots=True)
class RunReport:
    title: str  # the name of the flow run
    started: datetime
    finished: datetime
    lines: tuple[SourceLine, ...]
    dry_run: bool = False
    summary: str = ""  # in one line, where there are no sources to sum up
    sections: tuple[str, ...] = ()  # further ones, as markdown that is escaped already
    ui: str = ""  # address of the Prefect UI; without it nothing is linked
    remarks: tuple[str, ...] = ()  # about the run as a whole, e.g. source files with mistakes
    health: tuple[HealthLine, ...] = ()  # all sources, worst first

    @property
    def balanced(self) -> bool:
        return all(line.balanced for line in self.lines)

    @property
    def nothing_worked(self) -> bool:
        bad = (SourceState.FAILED, SourceState.UNREACHABLE, SourceState.BLOCKED)
        return bool(self.lines) and all(line.state in bad for line in self.lines)

    @property
    def all_well(self) -> bool:
        return all(line.well for line in self.lines) and not self.remarks


def sum_counts(lines: Sequence[SourceLine]) -> dict[Outcome, int]:
    return {outcome: sum(line.counts.get(outcome, 0) for line in lines) for outcome in Outcome}


def escape(text: str, limit: int = MESSAGE_CHARACTERS) -> str:
    """Text from a page or a site as plain words of markdown: no HTML, no link, no table cell of its own."""
    line = re.sub(r"\s+", " ", text).strip()
    shown = line if len(line) <= limit else line[: limit - 1] + "…"
    shown = re.sub(r"([\\`*_{}\[\]()#+!|~$<>&])", r"\\\1", shown)
    # An address would be made a link by itself: the reader's click must be a decision.
    return re.sub(
        r"(?i)\b(https?|ftp|mailto|javascript|data):|\bwww\.", lambda found: f"{found[0][:-1]}\\{found[0][-1]}", shown
    )


def unescape(text: str) -> str:
    """The words of ``escape`` as they were, for a terminal."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def summarise(report: RunReport) -> str:
    """The run in one line."""
    if report.summary:
        return report.summary
    counts = sum_counts(report.lines)
    said = "，".join(f"{OUTCOME_NAMES[o]} {n}" for o, n in counts.items() if n) or "没有文章"
    bad = [line.name for line in report.lines if line.state not in (SourceState.OK, SourceState.SKIPPED)]
    trouble = f"；{len(bad)} 个来源有问题：{'、'.join(bad[:5])}{'等' if len(bad) > 5 else ''}" if bad else ""
    nothing = "；没有任何变化" if _nothing_changed(counts) else ""
    return f"{said}{nothing}{trouble}"


def _nothing_changed(counts: Mapping[Outcome, int]) -> bool:
    changing = (Outcome.NEW, Outcome.UPDATED, Outcome.DUPLICATE, Outcome.QUARANTINED, Outcome.FAILED)
    return not any(counts[outcome] for outcome in changing)


def render(report: RunReport) -> str:
    """The whole report as markdown."""
    lines = sorted(report.lines, key=lambda line: (ORDER.index(line.state), not line.failed, line.slug))
    parts = [
        _heading(report),
        _trouble(lines, report.remarks, report.ui),
        _table(lines),
        _balance(report),
        *report.sections,
        _failures(lines, report.ui),
        _quarantine(lines),
        _flapping(lines),
        _health(report.health),
        _repairs(lines),
        _notes(lines),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(report: RunReport) -> str:
    start, end = report.started.astimezone(CHINA), report.finished.astimezone(CHINA)
    seconds = (report.finished - report.started).total_seconds()
    dry = "\n\n**试运行：没有写入数据库。**" if report.dry_run else ""
    times = f"{start:%Y-%m-%d %H:%M:%S} 至 {end:%H:%M:%S}（北京时间），用时 {seconds:.0f} 秒"
    return f"# {escape(report.title)}\n\n{times}\n\n{escape(summarise(report), 1000)}{dry}"


TASK_LINK = "查看任务"


def _link(text: str, ui: str, task: str) -> str:
    """Escaped text with a link to the page of its task, where there is one.

    The text itself is no link: within links the Prefect UI shows the escapes.
    """
    return f"{text} [{TASK_LINK}]({ui}/runs/task-run/{task})" if ui and task else text


def _trouble(lines: Sequence[SourceLine], remarks: Sequence[str], ui: str) -> str:
    bad = [line for line in lines if line.state not in (SourceState.OK, SourceState.SKIPPED)]
    if not bad and not remarks:
        return ""
    said = [
        _link(f"- **{escape(line.name)}** （{STATE_NAMES[line.state]}）：{escape(line.message)}", ui, line.task)
        for line in bad
    ]
    return "\n".join(["## 需要处理", "", *said, *(f"- {escape(remark)}" for remark in remarks)])


def _table(lines: Sequence[SourceLine]) -> str:
    head: list[object] = ["来源", "状态", "发现", *OUTCOME_NAMES.values(), "秒"]
    rows = [_cells(line) for line in lines]
    total = ["**合计**", "", sum(line.discovered for line in lines), *sum_counts(lines).values(), ""]
    ruled: list[list[object]] = [head, ["---", "---", *["---:"] * (len(head) - 2)], *rows, total]
    return "\n".join(["## 各来源", "", *("| " + " | ".join(map(str, row)) + " |" for row in ruled)])


def _cells(line: SourceLine) -> list[object]:
    state = "此前已完成" if line.earlier else STATE_NAMES[line.state]
    counts = [line.counts.get(outcome, 0) for outcome in OUTCOME_NAMES]
    return [f"{escape(line.name)} `{line.slug}`", state, line.discovered, *counts, f"{line.seconds:.1f}"]


def _balance(report: RunReport) -> str:
    wrong = [line for line in report.lines if not line.balanced]
    if not wrong:
        total = sum(line.discovered for line in report.lines)
        return f"核对：发现 {total} 篇，各项结果合计 {sum(sum_counts(report.lines).values())} 篇，一致。"
    said = [f"{line.slug} 发现 {line.discovered}，结果 {sum(line.counts.values())}" for line in wrong]
    return "**核对不一致，本次运行视为失败：** " + "；".join(said)


def _failures(lines: Sequence[SourceLine], ui: str) -> str:
    failed = [(line, item) for line in lines for item in line.failed]
    if not failed:
        return ""
    rows = [
        f"| {line.slug} | {_link(escape(item.url, 160), ui, item.task)} | {item.stage} | {escape(item.kind)} "
        f"| {escape(item.message)} |"
        for line, item in failed[:TABLE_ROWS]
    ]
    more = [f"\n另有 {len(failed) - TABLE_ROWS} 个，见数据库。"] if len(failed) > TABLE_ROWS else []
    return "\n".join(
        ["## 失败的网址", "", "| 来源 | 网址 | 阶段 | 类别 | 说明 |", "|---|---|---|---|---|", *rows, *more]
    )


def _quarantine(lines: Sequence[SourceLine]) -> str:
    held = [(line, text) for line in lines for text in line.quarantined]
    if not held:
        return ""
    said = [f"- `{line.slug}` {escape(text)}" for line, text in held[:TABLE_ROWS]]
    return "\n".join(["## 隔离", "", *said])


def _flapping(lines: Sequence[SourceLine]) -> str:
    """Pages that keep the text they have: a person may find out which text is the right one."""
    said = [f"- `{line.slug}` {escape(url, 160)}" for line in lines for url in line.flapping]
    if not said:
        return ""
    why = f"内容在几个版本之间来回已满 {FLAP_LIMIT} 次，不再改动，保留现有文字。"
    return "\n".join(["## 反复变动的网页", "", why, "", *said[:TABLE_ROWS]])


def _health(sources: Sequence[HealthLine]) -> str:
    """All sources on one page: state, since when, a month of news, how full the records are."""
    if not sources:
        return ""
    head = [
        "| 来源 | 状态 | 自 | 近 30 天新文章 | 标题 | 日期 | 媒体 | 字数 | 原因 |",
        "|---|---|---|---|---:|---:|---:|---:|---|",
    ]
    return "\n".join(["## 来源健康", "", *head, *(_health_row(one) for one in sources)])


def _health_row(one: HealthLine) -> str:
    since = f"{one.health.since.astimezone(CHINA):%m-%d}" if one.health.since else ""
    filled = [
        f"{one.coverage[name]:.0%}" if name in one.coverage else "" for name in ("title", "published_at", "medium")
    ]
    length = f"{one.coverage['length']:.0f}" if "length" in one.coverage else ""
    state = f"{MARKS[one.health.state]} {HEALTH_NAMES[one.health.state]}"
    cells = [escape(one.name), state, since, f"`{strip(one.month)}`", *filled, length, escape(one.health.reason)]
    return "| " + " | ".join(cells) + " |"


def _repairs(lines: Sequence[SourceLine]) -> str:
    """Places repaired per source and rule, and those only flagged: text that people may want to look at."""
    rows = [
        f"| `{line.slug}` | {name_rule(rule)} | {KINDS[kind_of(rule)]} "
        f"| {line.repairs.get(rule, 0)} | {line.doubts.get(rule, 0)} |"
        for line in lines
        for rule in sorted({*line.repairs, *line.doubts})
    ]
    if not rows:
        return ""
    return "\n".join(
        ["## 文本修复", "", "| 来源 | 规则 | 性质 | 已改 | 存疑未改 |", "|---|---|---|---:|---:|", *rows[:TABLE_ROWS]]
    )


def _notes(lines: Sequence[SourceLine]) -> str:
    said: list[str] = []
    for line in lines:
        said += [f"- `{line.slug}` {escape(note)}" for note in line.notes[:NOTES_PER_SOURCE]]
        if len(line.notes) > NOTES_PER_SOURCE:
            said.append(f"- `{line.slug}` 另有 {len(line.notes) - NOTES_PER_SOURCE} 条")
    return "\n".join(["## 说明", "", *said]) if said else ""
