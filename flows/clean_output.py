"""What `dangjian clean` prints: JSON lines, readable text, or every repair explained."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from flows.clean_files import Answer, to_line
from models.records import Record

__all__ = ["choose_printer", "to_text"]


def choose_printer(*, jsonl: bool, explain: bool) -> Callable[[Answer], None]:
    """How to print one answer. With both, the JSON goes to standard output and the explanation to standard error."""

    def show(done: Answer) -> None:
        if jsonl:
            sys.stdout.write(to_line(done) + "\n")
        elif done.error is not None:
            sys.stderr.write(f"{done.path}{' ' + done.place if done.place else ''}: {done.error}\n")
        elif not explain:
            sys.stdout.write(to_text(done) + "\n")
        if explain and done.record is not None:
            (sys.stderr if jsonl else sys.stdout).write(explain_text(done) + "\n")

    return show


def to_text(done: Answer) -> str:
    """A record as people read it: heading lines, then the text."""
    assert done.record is not None
    return "\n".join([f"== {done.path}", *_heading(done.record), "", done.record.text, ""])


def _heading(record: Record) -> Iterator[str]:
    if record.title:
        yield record.title
    published = record.published_at.isoformat() if record.published_at else None
    facts = (("来源", record.medium), ("时间", published), ("作者", "、".join(record.authors)))
    known = [f"{name}：{value}" for name, value in facts if value]
    if known:
        yield "  ".join(known)


def explain_text(done: Answer) -> str:
    from cleaning.explain import explain  # type: ignore[import-not-found,import-untyped,unused-ignore]

    assert done.record is not None
    return f"== {done.path}\n{explain(done.record)}"
