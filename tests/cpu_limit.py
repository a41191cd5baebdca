"""A guard against work that does not end: far above what the work needs anywhere, so no measure of its speed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Break off after so many seconds of CPU, which other programs on the machine do not use up."""

    def stop(*_: object) -> None:
        pytest.fail(f"not done after {seconds} seconds of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
