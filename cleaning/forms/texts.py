"""The forms that are no page of a site: front matter, JSON, Markdown, plain text, told by the text itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cleaning.forms.fields import Stated, lay_over
from cleaning.forms.front_matter import split_front_matter
from cleaning.forms.json_article import read_json
from cleaning.forms.markdown import read_markdown
from cleaning.forms.plain import read_plain
from cleaning.forms.sniff import Form, sniff
from models.records import Draft, MediaType, Origin, RawPage
from models.rules import ArticleRules

__all__ = ["read_text"]


def read_text(
    page: RawPage, text: str, rules: Sequence[ArticleRules], now: datetime | None, stated: Stated | None = None
) -> Draft:
    """Read a decoded text by its form; what an outer form states (front matter, JSON) is laid over by the caller."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    form = Form.JSON if page.media_type is MediaType.JSON and stated is None else sniff(text)
    title_known = stated is not None and stated.title is not None
    if form is Form.FRONT_MATTER and stated is None and (parts := split_front_matter(text)):
        inner = read_text(page, parts[1], rules, now, parts[0])
        return lay_over(inner, parts[0], Origin.FRONT_MATTER, now=now)
    if form is Form.JSON and stated is None and (article := read_json(text)):
        inner = read_text(page, article.body, rules, now, article.stated)
        return lay_over(inner, article.stated, Origin.SCRIPT_DATA, now=now)
    if form is Form.HTML:
        from cleaning.extract import extract  # parsers of HTML take long to import, and plain text needs none

        page = replace(page, body=text.encode(), media_type=MediaType.HTML, headers={}, more=())
        return extract(page, rules, now=now)
    if form is Form.MARKDOWN or page.media_type is MediaType.MARKDOWN:
        return read_markdown(page, text, title_known=title_known)
    return read_plain(page, text, title_known=title_known)
