"""`dangjian clean`: files in, clean records out, one JSON object per line in the order of the input.

Knows neither Prefect nor the database, so that it starts fast and works anywhere.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from connectors.seeds import read_file
from flows.workshop import Broken, Workshop, clean_here
from models.records import RawPage, Record

__all__ = ["Answer", "clean_paths", "list_files", "to_line"]

# Starting processes costs about a second; that many pages are done sooner without.
PAGES_WITHOUT_PROCESSES = 8

# A larger page is cleaned in a process of its own with limits of time and memory: what takes time grows with size.
# Of honest pages one in fifty is larger.
LARGE_PAGE = 300_000

READABLE = (".html", ".htm", ".shtml", ".txt", ".md", ".markdown", ".jsonl", ".warc", ".warc.gz")


@dataclass(frozen=True, slots=True)
class Readable:
    """One article of a file."""

    path: str  # as given on the command line, or found below a folder given there
    page: RawPage


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, line or record without an article."""

    path: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one article or unreadable place: exactly one of ``record`` and ``error``."""

    path: str
    page: RawPage | None = None
    record: Record | None = None
    error: str | None = None
    place: str = ""


def list_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files themselves, and the readable files below folders, each folder in the order of names."""
    for path in paths:
        if path.is_dir():
            below = (p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(READABLE))
            yield from sorted(below)
        else:
            yield path


def read_paths(paths: Sequence[Path], now: datetime) -> Iterator[Readable | Unreadable]:
    """Every article of every file. A file that cannot be read costs only itself."""
    for path in list_files(paths):
        articles = 0
        for found in read_file(path, path.name, now, any_name=True):
            if isinstance(found, RawPage):
                articles += 1
                yield Readable(str(path), found)
            elif found.place or not articles:
                yield Unreadable(str(path), found.place, found.reason)
            # Otherwise a remark about a file that did give articles, such as the pictures in a web archive.


def clean_paths(paths: Sequence[Path], *, now: datetime, workers: int) -> Iterator[Answer]:
    """Clean every article of the files, on all cores where there are enough of them, in the order of the input.

    ``now`` (aware) resolves dates such as 昨天 and stands as the time of reading.
    """
    stream = read_paths(paths, now)
    first = list(islice(stream, PAGES_WITHOUT_PROCESSES + 1))
    if len(first) <= PAGES_WITHOUT_PROCESSES or workers == 1:
        yield from clean_few(chain(first, stream))
    else:
        yield from clean_many(chain(first, stream), workers)


def clean_few(items: Iterable[Readable | Unreadable]) -> Iterator[Answer]:
    """In this process, but for large pages, which might be hostile."""
    with Workshop(1) as workshop:  # starts no process before there is a large page
        for item in items:
            if isinstance(item, Readable) and _size(item.page) > LARGE_PAGE:
                yield take(workshop, item, workshop.begin(item.page, ()))
            else:
                yield clean_one(item)


def _size(page: RawPage) -> int:
    return len(page.body) + sum(map(len, page.more))


def clean_one(item: Readable | Unreadable) -> Answer:
    if isinstance(item, Unreadable):
        return Answer(item.path, error=item.reason, place=item.place)
    return answer(item, clean_here(item.page, ()))


def answer(item: Readable, result: Record | Broken) -> Answer:
    if isinstance(result, Broken):
        return Answer(item.path, item.page, error=f"{result.kind}: {result.message}", place=item.page.url)
    return Answer(item.path, item.page, record=result)


def clean_many(items: Iterable[Readable | Unreadable], workers: int) -> Iterator[Answer]:
    """In the order of the input, with a bounded number of pages under way."""
    ahead = workers * 8  # enough to keep every worker busy behind one slow page
    with Workshop(workers) as workshop:
        waiting: deque[tuple[Readable | Unreadable, Any]] = deque()
        for item in items:
            waiting.append((item, workshop.begin(item.page, ()) if isinstance(item, Readable) else None))
            if len(waiting) >= ahead:
                yield take(workshop, *waiting.popleft())
        while waiting:
            yield take(workshop, *waiting.popleft())


def take(workshop: Workshop, item: Readable | Unreadable, future: Any) -> Answer:
    if isinstance(item, Unreadable):
        return Answer(item.path, error=item.reason, place=item.place)
    return answer(item, workshop.finish(future))


def error_to_json(failed: Answer) -> dict[str, Any]:
    """The JSON object of a file, line or record that gave no record."""
    return {"path": failed.path, "place": failed.place or None, "error": failed.error}


def to_line(done: Answer) -> str:
    """One line of JSON without its line feed."""
    from cleaning.pipeline import record_to_json

    content = error_to_json(done) if done.record is None else record_to_json(done.record, done.path)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
