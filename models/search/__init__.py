"""Full-text search in Chinese, on SQLite and PostgreSQL; see docs/search-and-export.md. Read-only."""

from models.search.find import Hit, Hits, find_keys, search
from models.search.menus import Facet, Facets, facets
from models.search.question import Filters
from models.search.shown import Piece

__all__ = ["Facet", "Facets", "Filters", "Hit", "Hits", "Piece", "facets", "find_keys", "search"]
