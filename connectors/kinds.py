"""From the ``kind`` of a source file to the connector that reads it."""

from __future__ import annotations

from connectors.declaration import Source
from connectors.html_list import HtmlListConnector
from connectors.protocol import Connector

__all__ = ["connector_for"]

_CONNECTORS: dict[str, Connector] = {
    "list": HtmlListConnector(),
}


def connector_for(source: Source) -> Connector:
    """The connector of the source's kind. Seed folders have their own door, ``connectors.seeds``."""
    return _CONNECTORS[source.discover.kind]
