"""Exports of the corpus as files; `flows.export.files.export` writes one, docs/search-and-export.md describes them."""
