"""From the ``kind`` of a source file to the connector that reads it."""

from __future__ import annotations

from datetime import datetime

from connectors.declaration import EpaperRules, RsshubRules, Source
from connectors.epapers import EpaperConnector, issue_addresses
from connectors.feeds import FeedConnector, RsshubConnector, route_addresses
from connectors.html_list import HtmlListConnector
from connectors.jpage import JpageConnector
from connectors.json_lists import JsonListConnector
from connectors.protocol import Connector
from connectors.single_pages import SinglePageConnector
from connectors.sitemaps import SitemapConnector

__all__ = ["connector_for", "list_names"]

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


def list_names(source: Source, now: datetime) -> tuple[str, ...]:
    """What the lists of the source are remembered by: the keys of ``Discovery.validators`` and of ``memory``.

    The maps that an index of a sitemap names are known only when it is read, so they are not among them.
    """
    rules = source.discover
    if isinstance(rules, EpaperRules):
        return issue_addresses(rules, now)
    if isinstance(rules, RsshubRules):
        return route_addresses(rules)
    return tuple(getattr(rules, "urls", ()))
