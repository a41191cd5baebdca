"""How often a host may be asked, and when it is left alone. No sockets; clock and sleep are given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

__all__ = ["HostPace", "Places", "Turn"]

SLOWEST = 30.0  # seconds between requests, whatever a host asks for: above that a night cannot read it
LONGEST_WISHED = 30.0  # seconds that a host's Retry-After may add up to in one run: the rest is for the next run
SLOWEST_EXTRA = 3.0  # seconds added at most because of complaints: one broken page must not cost the night
MOST_IN_VAIN = 3  # complaints at the slowest pace, after which they are about pages: asking slower ends none of them
FIRST_EXTRA = 0.25  # seconds added at the first complaint of a host without a delay
HEALING = 0.8  # what each good answer leaves of the extra: ten of them undo three complaints
REST = 300.0  # seconds for which a host that failed is left alone


@dataclass(slots=True)
class Turn:
    """Whose turn it is at one host, whether asked by http or https."""

    next: float = 0.0  # when the host may be asked again
    delay: float = 0.0  # the slowest that any source or robots.txt asked for


class Places:
    """Requests that may be under way to one host. Of all sources that ask, the one that wants the fewest decides."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = asyncio.Semaphore(most)
        self._taken_out: set[asyncio.Task[bool]] = set()

    def at_most(self, places: int) -> None:
        """Somebody wants no more than this; places in use are taken out as they become free."""
        while self._most > places:
            self._most -= 1
            self._taken_out.add(asyncio.ensure_future(self._free.acquire()))

    async def __aenter__(self) -> None:
        await self._free.acquire()

    async def __aexit__(self, *error: object) -> None:
        self._free.release()

    def close(self) -> None:
        """No more is asked: nothing waits for a place to be taken out."""
        for task in self._taken_out:
            task.cancel()


class HostPace:
    """Pace and health of one host by one scheme, shared by all sources of the run.

    ``turn`` is shared with the other scheme of the host; health is not, for one may answer where the other does not.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        turn: Turn | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._turn = turn or Turn()
        self._extra = 0.0  # on top, while the host complains
        self._in_vain = 0
        self._wished = 0.0  # seconds for which Retry-After has been followed
        self._failures = 0
        self._complaints = 0
        self._all_complaints = 0
        self._open_until = 0.0

    @property
    def delay(self) -> float:
        """Seconds between two requests at present."""
        return min(self._turn.delay + self._extra, SLOWEST)

    def at_most_every(self, seconds: float) -> None:
        """Somebody wants the host asked no faster than this."""
        self._turn.delay = max(self._turn.delay, min(seconds, SLOWEST))

    async def wait_turn(self) -> None:
        """Returns when the host may be asked; the next caller waits ``delay`` longer."""
        now = self._clock()
        at = max(now, self._turn.next)
        self._turn.next = at + self.delay
        if at > now:
            await self._sleep(at - now)

    def slow_down(self, retry_after: float | None) -> None:
        """The host answered 429 or 503: twice the distance between requests, and none before ``retry_after``."""
        self._complaints += 1
        self._all_complaints += 1
        self._in_vain += self._extra >= SLOWEST_EXTRA
        most = SLOWEST_EXTRA if self._in_vain < MOST_IN_VAIN else FIRST_EXTRA
        self._extra = min(max(self._extra * 2, self._turn.delay, FIRST_EXTRA), most)
        self._turn.next = max(self._turn.next, self._clock() + self._grant(retry_after))

    def _grant(self, retry_after: float | None) -> float:
        """Seconds to wait for a complaint. A wish for more than can be waited for is about that page, and so are
        wishes without end: the next run will ask for it."""
        if retry_after is None or retry_after + self._wished > LONGEST_WISHED:
            return self.delay
        self._wished += retry_after
        return retry_after

    def note_answer(self) -> None:
        """Any answer: the host lives."""
        self._failures = 0
        self._open_until = 0.0

    def note_good_answer(self) -> None:
        """An answer that is no complaint."""
        self._complaints = 0
        self._extra = self._extra * HEALING if self._extra > FIRST_EXTRA / 2 else 0.0

    @property
    def complaints(self) -> int:
        """How many in a row, without a good answer between."""
        return self._complaints

    @property
    def all_complaints(self) -> int:
        """How many in this run."""
        return self._all_complaints

    def note_silence(self) -> int:
        """No answer at all; returns how many times in a row."""
        self._failures += 1
        return self._failures

    def give_up(self) -> None:
        self._open_until = self._clock() + REST

    @property
    def given_up(self) -> bool:
        return self._clock() < self._open_until
