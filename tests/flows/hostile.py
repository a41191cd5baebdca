"""Ways in which cleaning a page can go wrong, to be run inside the processes of a workshop."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from collections.abc import Sequence

from flows.workshop import Broken
from models.records import RawPage, Record
from models.rules import ArticleRules


def misbehave(page: RawPage, rules: Sequence[ArticleRules]) -> Record | Broken:
    """Do what the body says: hang, die, break the process, take 4 GB, or answer."""
    if page.body == b"hang":
        time.sleep(60)
    if page.body == b"die":
        os._exit(9)
    if page.body == b"segfault":
        faulthandler.disable()
        os.kill(os.getpid(), signal.SIGSEGV)
    if page.body == b"devour":
        devoured = [bytearray(64 << 20) for _ in range(64)]
        assert devoured
    return Record(page.source, page.url, page.key, (), "test")
