"""Read one article that comes as a JSON object: a line of a .jsonl export, a CMS answer, JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cleaning.forms.fields import Stated, read_stated

__all__ = ["JsonArticle", "read_json"]

_HTML = ("content_html", "html", "contenthtml", "body_html", "raw_html", "page")
_TEXT = (
    "text",
    "content",
    "articlebody",
    "body",
    "content_text",
    "正文",
    "内容",
    "article_content",
    "fulltext",
    "maintext",
)
# A CMS answer wraps the article once or twice: {"data": {...}}, {"result": {"article": {...}}}.
_WRAPPERS = ("data", "article", "result", "item", "news", "detail")
WRAPPED = 3


@dataclass(frozen=True, slots=True)
class JsonArticle:
    """The body of a JSON article, and the fields stated beside it."""

    body: str
    stated: Stated


def read_json(text: str) -> JsonArticle | None:
    """The article of a JSON object; None where the text is no JSON object or holds no body."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _find_article(value, WRAPPED)


def _find_article(value: object, depth: int) -> JsonArticle | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, Mapping):
        return None
    fields = {str(k).lower(): v for k, v in value.items()}
    body = next((_body(fields.get(name)) for name in (*_HTML, *_TEXT) if _body(fields.get(name)).strip()), None)
    if body is not None:
        return JsonArticle(body, read_stated({str(k): v for k, v in value.items()}))
    inner = (fields[name] for name in _WRAPPERS if name in fields and depth)
    return next((found for one in inner if (found := _find_article(one, depth - 1))), None)


def _body(value: object) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)  # a list of paragraphs
    return value if isinstance(value, str) else ""
