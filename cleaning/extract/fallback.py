"""The body by trafilatura, for pages whose text our own steps cannot tell from the rest."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from cleaning.extract.page import Element

__all__ = ["extract_lines"]

MIN_EXTRACTED = 20  # characters; trafilatura's own 250 is meant for Latin letters and dumps the page below it


@lru_cache(maxsize=1)
def _config() -> Any:
    from trafilatura.settings import use_config  # half a second to import, and few pages need it

    config = deepcopy(use_config())
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(MIN_EXTRACTED))
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    # Its extensive search answers the year of the footer where the page has no date.
    config.set("DEFAULT", "EXTENSIVE_DATE_SEARCH", "off")
    config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")
    return config


def extract_lines(tree: Element) -> list[str]:
    """The paragraphs trafilatura finds in a tree, which is left as it is; none where it finds nothing."""
    import trafilatura

    text = trafilatura.extract(
        deepcopy(tree),
        config=_config(),
        favor_precision=True,  # recall takes the lists of the sidebar with the article
        fast=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
