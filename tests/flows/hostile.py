"""Ways in which cleaning a page can go wrong, to be run inside the processes of a workshop."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from flows.workshop import Broken
from models.records import RawPage, Record
from models.rules import ArticleRules


def misbehave(page: RawPage, rules: Sequence[ArticleRules]) -> Record | Broken:
    """Do what the body says: hang, die, or answer."""
    if page.body == b"hang":
        time.sleep(60)
    if page.body == b"die":
        os._exit(9)
    return Record(page.source, page.url, page.key, (), "test")
