"""What a source file may say about the article pages of its site. Read by extraction, declared in YAML."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ArticleRules"]


class ArticleRules(BaseModel):
    """CSS selectors of one layout of a site's article pages, all optional.

    A selector that matches nothing is not an error: the cascade goes on, and the record says which step answered.
    Rules carry dates, so that an old page still parses after a redesign.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    drop: tuple[str, ...] = Field(default=(), description="Elements inside the body that are not text of the article")
    charset: str | None = None
    medium_default: str | None = Field(default=None, description="Only for a site that prints nothing but its own news")
    platform: str | None = Field(default=None, description="Name of the site, e.g. 共产党员网")
    valid_from: date | None = None
    valid_until: date | None = None
