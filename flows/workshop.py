"""Processes that turn raw pages into records, so that neither the event loop nor the run stops for a hostile page.

A page that breaks, hangs or kills its process costs itself only: the pool replaces the process and goes on.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import TYPE_CHECKING, Any

import flows.parcels  # noqa: F401  # tells how pages and records are pickled, on both sides
from flows.collector import collect_rarely
from models.records import RawPage, Record
from models.rules import ArticleRules

if TYPE_CHECKING:
    from pebble import ProcessPool

__all__ = ["Broken", "Workshop", "bundle", "clean_here", "weigh"]

# The slowest honest page measured took under 2 s on a busy core; a page that takes 30 is an attack or a defect.
PAGE_SECONDS = 30.0
# What one page may need beyond what the process holds when it starts. The most an honest page took was 300 MB, for
# 8 MB of markup; a page that asks for more gets a MemoryError and its process goes on.
PAGE_BYTES = 1 << 29
# Small pages go to a worker in bundles: handing over one page costs as much as handing over ten.
BUNDLE_PAGES = 8
BUNDLE_BYTES = 1 << 20
# A bundle that takes longer, or whose process dies, is taken apart, and each page gets all the time it may have.
BUNDLE_SECONDS = 15.0
# After so many pages, at most, a worker is replaced: lxml and the decoders keep memory that they have once needed.
PAGES_PER_WORKER = 2000


@dataclass(frozen=True, slots=True)
class Broken:
    """A page that could not be cleaned: what happened, in one line and in full."""

    kind: str  # name of the exception, or "cleaning-timeout", "cleaning-memory", "cleaning-died"
    message: str
    trace: str = ""


Work = Callable[[RawPage, Sequence[ArticleRules]], Record | Broken]


def clean_here(page: RawPage, rules: Sequence[ArticleRules]) -> Record | Broken:
    """Clean one page in this process; an exception becomes a value.

    Relative dates count from when the page was fetched, so that cleaning again gives the same record.
    """
    from cleaning.pipeline import process

    try:
        return process(page, rules, now=page.fetched_at)
    except MemoryError:
        return _out_of_memory(traceback.format_exc())
    except Exception as error:
        return Broken(type(error).__name__, str(error), traceback.format_exc())


def _clean_all(work: Work, pages: Sequence[RawPage], rules: Sequence[ArticleRules]) -> list[Record | Broken]:
    return [work(page, rules) for page in pages]


def weigh(page: RawPage) -> int:
    """Bytes of a page and its further pages."""
    return len(page.body) + sum(map(len, page.more))


def bundle(pages: Sequence[RawPage]) -> Iterator[list[RawPage]]:
    """Neighbouring pages, few and small enough to be handed over together; a large page stays alone."""
    held: list[RawPage] = []
    size = 0
    for page in pages:
        weight = weigh(page)
        if held and (len(held) == BUNDLE_PAGES or size + weight > BUNDLE_BYTES):
            yield held
            held, size = [], 0
        held.append(page)
        size += weight
    if held:
        yield held


def _out_of_memory(trace: str = "") -> Broken:
    return Broken("cleaning-memory", "清洗所需内存超过上限 / cleaning needed more memory than one page may have", trace)


def limit_memory(page_bytes: int) -> None:
    """Let this process map at most ``page_bytes`` more than it has mapped; nothing where the platform cannot."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as statm:
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = mapped + page_bytes
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
    except (ImportError, OSError, ValueError):
        return  # Windows has no such limit, macOS does not hold to it: there the time limit must do


def _prepare(page_bytes: int) -> None:
    """Begin as a cleaning process."""
    limit_memory(page_bytes)
    collect_rarely()


_naming = threading.Lock()


@contextmanager
def _unnamed_main() -> Iterator[None]:
    """While a process starts, hide which program this one runs: the new one would import all of it (Prefect, the
    command line), and needs none of it."""
    main = vars(sys.modules["__main__"])
    with _naming:
        kept: dict[str, Any] = {name: main.pop(name) for name in ("__spec__", "__file__") if name in main}
        main["__spec__"] = None
        try:
            yield
        finally:
            main.update(kept)


class _Process(ForkServerProcess):
    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802  # the name that multiprocessing calls
        with _unnamed_main():
            return ForkServerProcess._Popen(process_obj)


class _Context(ForkServerContext):
    Process = _Process


class Workshop:
    """A pool of cleaning processes, started with the first page. Use as a context manager."""

    def __init__(
        self,
        workers: int,
        page_seconds: float = PAGE_SECONDS,
        work: Work = clean_here,
        *,
        page_bytes: int = PAGE_BYTES,
    ) -> None:
        self._workers = workers
        self._page_bytes = page_bytes
        self._page_seconds = page_seconds
        self._work = work
        self._pool: ProcessPool | None = None
        self._large = asyncio.Lock()  # large pages one at a time: two at once would need twice the memory

    def __enter__(self) -> Workshop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; ``at_once`` without waiting for pages under way."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if at_once:
            pool.stop()  # type: ignore[no-untyped-call]
        else:
            pool.close()  # type: ignore[no-untyped-call]
        pool.join()

    def _start(self) -> ProcessPool:
        if self._pool is None:
            from pebble import ProcessPool

            # A fork of a process with threads may deadlock; the fork server forks before there are any, and has
            # the heavy imports done once for all workers.
            context = _Context()
            context.set_forkserver_preload(["flows.preload"])
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=PAGES_PER_WORKER // BUNDLE_PAGES,
                context=context,
                initializer=_prepare,
                initargs=(self._page_bytes,),
            )
        return self._pool

    def begin(self, page: RawPage, rules: Sequence[ArticleRules]) -> Future[Any]:
        """Hand a page to the pool."""
        return self._schedule(self._work, page, tuple(rules), seconds=self._page_seconds)

    def _schedule(self, work: Callable[..., object], *given: object, seconds: float) -> Future[Any]:
        future: Future[Any] = self._start().schedule(work, args=given, timeout=seconds)
        return future

    def finish(self, future: Future[Any]) -> Record | Broken:
        """Wait for a page; a timeout or a dead process becomes a value."""
        try:
            result: Record | Broken = future.result()
        except Exception as error:
            return self._explain(error)
        return result

    def _explain(self, error: Exception) -> Broken:
        if isinstance(error, TimeoutError):
            return Broken("cleaning-timeout", f"清洗超过 {self._page_seconds:.0f} 秒 / cleaning took longer than that")
        if isinstance(error, MemoryError):
            return _out_of_memory()
        return Broken("cleaning-died", f"清洗进程意外结束 / the cleaning process ended: {error}")

    async def clean(self, pages: Sequence[RawPage], rules: Sequence[ArticleRules]) -> list[Record | Broken]:
        """Clean pages on all workers; answers in the order of the pages."""
        done = await asyncio.gather(*(self._clean_bundle(held, rules) for held in bundle(pages)))
        return [answer for answers in done for answer in answers]

    async def _clean_bundle(self, pages: list[RawPage], rules: Sequence[ArticleRules]) -> list[Record | Broken]:
        if len(pages) > 1:
            seconds = min(BUNDLE_SECONDS, self._page_seconds)
            future = self._schedule(_clean_all, self._work, pages, tuple(rules), seconds=seconds)
            try:
                answers: list[Record | Broken] = await asyncio.wrap_future(future)
                return answers
            except Exception:  # noqa: S110 - one of them hung or killed its process: which one, each alone will show
                pass
        if sum(map(weigh, pages)) > BUNDLE_BYTES:
            async with self._large:
                return await self._clean_alone(pages, rules)
        return await self._clean_alone(pages, rules)

    async def _clean_alone(self, pages: list[RawPage], rules: Sequence[ArticleRules]) -> list[Record | Broken]:
        futures = [asyncio.wrap_future(self.begin(page, rules)) for page in pages]
        alone = await asyncio.gather(*futures, return_exceptions=True)
        return [self._settle(answer) for answer in alone]

    def _settle(self, answer: Record | Broken | BaseException) -> Record | Broken:
        if isinstance(answer, Exception):
            return self._explain(answer)
        if isinstance(answer, BaseException):
            raise answer
        return answer
