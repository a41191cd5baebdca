"""From the ``kind`` of a source file to the connector that reads it."""

from __future__ import annotations

from connectors.declaration import JsonRules, Source
from connectors.epapers import EpaperConnector
from connectors.feeds import FeedConnector, RsshubConnector
from connectors.html_list import HtmlListConnector
from connectors.jpage import JpageConnector
from connectors.json_lists import JsonListConnector
from connectors.protocol import Connector
from connectors.single_pages import SinglePageConnector
from connectors.sitemaps import SitemapConnector

__all__ = ["brings_text", "connector_for"]

_CONNECTORS: dict[str, Connector] = {
    "list": HtmlListConnector(),
    "feed": FeedConnector(),
    "rsshub": RsshubConnector(),
    "sitemap": SitemapConnector(),
    "json": JsonListConnector(),
    "jpage": JpageConnector(),
    "epaper": EpaperConnector(),
    "page": SinglePageConnector(),
}


def connector_for(source: Source) -> Connector:
    """The connector of the source's kind. Seed folders have their own door, ``connectors.seeds``."""
    return _CONNECTORS[source.discover.kind]


def brings_text(source: Source) -> bool:
    """Whether the lists bring the text of the articles: edits come with them, and no page need be asked for again."""
    return isinstance(source.discover, JsonRules) and source.discover.text is not None
