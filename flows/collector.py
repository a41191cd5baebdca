"""How often Python looks for cycles of dead objects, and at what."""

from __future__ import annotations

import atexit
import gc

__all__ = ["collect_rarely", "load_undisturbed"]

# Python's 700 new objects are what one article brings; neither a run nor cleaning makes cycles to speak of (2,000
# pages made none), and each look costs.
NEW_OBJECTS = 10_000
YOUNGER_ROUNDS = 20
# More than a run loads, 170,000, nearly all of which stay: to look at them while they come takes a sixth of the start.
LOADED = 200_000


def load_undisturbed() -> None:
    """From now on, until ``collect_rarely``: look at what is there when all modules of a run would be loaded."""
    gc.set_threshold(LOADED, YOUNGER_ROUNDS, YOUNGER_ROUNDS)


def collect_rarely() -> None:
    """For this process, from now on: a tenth of the CPU of storing an article, 0.1 ms of cleaning one, for some MB.

    What is loaded by the first call is no garbage and never looked at again: each look costs 50 ms, and at its end
    Python looks several times, which is as much as fetching 200 articles. What is left by then goes with the process.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        atexit.register(gc.freeze)
    gc.set_threshold(NEW_OBJECTS, YOUNGER_ROUNDS, YOUNGER_ROUNDS)
