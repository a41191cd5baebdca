"""What a source file may say about the article pages of its site. Read by extraction, declared in YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

__all__ = ["ArticleRules"]


def _explained(description: str, default: Any = None) -> Any:
    return field(default=default, metadata={"description": description})  # which Pydantic reads


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRules:
    """CSS selectors of one layout of a site's article pages, all optional.

    A selector that matches nothing is not an error: the cascade goes on, and the record says which step answered.
    Rules carry dates, so that an old page still parses after a redesign.
    """

    # Pydantic checks them as part of a source. They are no model of its own because every cleaning process needs them
    # and would load Pydantic (0.15 s) for nothing else.
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    title: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    drop: tuple[str, ...] = _explained("Elements inside the body that are not text of the article", ())
    charset: str | None = None
    medium_default: str | None = _explained("Only for a site that prints nothing but its own news")
    platform: str | None = _explained("Name of the site, e.g. 共产党员网")
    valid_from: date | None = None
    valid_until: date | None = None
