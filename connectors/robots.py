"""robots.txt as RFC 9309 reads it, with the faults that real files have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from protego import Protego

__all__ = ["LARGEST_FILE", "OPEN", "Robots", "read_robots"]

LARGEST_FILE = 500 * 1024  # bytes that RFC 9309 asks crawlers to read at least; the rest is cut
LONGEST_DELAY = 30.0  # seconds; a Crawl-delay of an hour is a mistake or a refusal that should be a Disallow


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host allows. ``reason`` says why it is closed without rules of its own."""

    rules: Any = None  # Protego, or None if everything or nothing is allowed
    reason: str | None = None

    def allows(self, url: str, agent: str) -> bool:
        if self.reason is not None:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, agent))

    def delay(self, agent: str) -> float:
        """Seconds between requests that the file asks for, capped."""
        asked = self.rules.crawl_delay(agent) if self.rules is not None else None
        return min(float(asked or 0.0), LONGEST_DELAY)


OPEN = Robots()


def read_robots(status: int, body: bytes) -> Robots:
    """Rules from an answer: 4xx means none, 5xx and 429 mean closed, an HTML page under that name means none."""
    if status >= 500 or status == 429:
        return Robots(reason=f"robots.txt answered {status}, which means: stay out for now")
    if status != 200:
        return OPEN
    # A byte order mark would hide the first group; a file in GBK has its rules in ASCII all the same.
    text = body[:LARGEST_FILE].decode("utf-8-sig", "replace").replace("\0", "")
    if text.lstrip()[:1] == "<":
        return OPEN
    return Robots(Protego.parse(text))
