"""Fields that a file states about its article (front matter, JSON): read as text, put over what the body gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from cleaning.byline_media import clean_medium
from cleaning.byline_names import is_unit, split_names
from cleaning.dates import Moment, read_epoch, read_meta_date
from models.records import Block, BlockKind, Draft, Found, Image, Origin

__all__ = ["Stated", "lay_over", "read_stated"]

# Names under which exporters, feeds and CMS dumps write the same thing, most specific first.
_TITLE = ("title", "headline", "标题", "标题名称", "article_title", "name")
_SUBTITLE = ("subtitle", "副标题", "sub_title", "subheadline")
_DATE = (
    "published_at", "publishedat", "datepublished", "publish_time", "publishtime", "published", "pubdate", "pub_date",
    "pubtime", "pub_time", "publish_date", "publishdate", "date_published", "release_date", "date",
    "发布时间", "发布日期", "日期", "时间", "created_at", "createtime", "create_time", "time",
)  # fmt: skip
_AUTHOR = ("author", "authors", "byline", "作者", "writer", "记者")
_EDITOR = ("editor", "editors", "责任编辑", "编辑", "责编")
_MEDIUM = ("source_name", "source", "medium", "来源", "稿源", "media", "publisher", "origin", "source_title")
_TAGS = ("categories", "category", "tags", "keywords", "分类", "标签")
_PICTURE = ("headimg", "thumbnail", "cover", "image", "images", "banner", "featured_image")

# Portals and apps that carry what others wrote. As "author" they are the platform.
PLATFORMS = frozenset(
    """
    趣头条 今日头条 头条 一点资讯 搜狐 搜狐网 网易 网易新闻 网易号 新浪 新浪网 新浪新闻 腾讯 腾讯网 腾讯新闻
    凤凰网 凤凰新闻 百度 百家号 知乎 微信 微信公众号 微博 新浪微博 企鹅号 大鱼号 UC头条 澎湃号 豆瓣 简书 快手
    抖音 哔哩哔哩 ZAKER 学习强国 强国号 人民号 东方头条 天天快报 看点快报 惠头条 百度新闻
    """.split()
)
# Hosts of pictures that stand for "no picture".
_PLACEHOLDERS = ("picsum.photos", "placeholder.com", "placehold.", "dummyimage.com", "loremflickr", "unsplash.it")
_SAME_LETTERS = str.maketrans("", "", " -")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the fields of a file say, as printed. Names are cut apart, nothing is guessed."""

    title: str | None = None
    subtitle: str | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    medium: str | None = None
    tags: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def read_stated(fields: Mapping[str, object]) -> Stated:
    """The fields we know, whatever they are called; lists of names and objects with a name are understood."""
    known = {key.lower().translate(_SAME_LETTERS): value for key, value in fields.items()}
    return Stated(
        title=_first(known, _TITLE),
        subtitle=_first(known, _SUBTITLE),
        date=_first(known, _DATE),
        authors=_every(known, _AUTHOR),
        editors=_every(known, _EDITOR),
        medium=_first(known, _MEDIUM),
        tags=_all_of(known, _TAGS),
        pictures=_all_of(known, _PICTURE),
    )


def _first(fields: Mapping[str, object], names: Iterable[str]) -> str | None:
    return next(iter(_every(fields, names)), None)


def _every(fields: Mapping[str, object], names: Iterable[str]) -> tuple[str, ...]:
    """The values of the first of these fields that says anything."""
    return next((values for name in names if (values := _texts(fields.get(name)))), ())


def _all_of(fields: Mapping[str, object], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for name in names for text in _texts(fields.get(name))))


def _texts(value: object) -> tuple[str, ...]:
    """A value as texts: itself, items of a list, the name of an object. None, booleans and nested lists are nothing."""
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, (str, int, float)):
        text = " ".join(str(value).split())
        return (text,) if text else ()
    if isinstance(value, Mapping):
        return _texts(value.get("name") or value.get("url") or value.get("title"))
    if isinstance(value, (list, tuple)):
        return tuple(text for item in value if not isinstance(item, (list, tuple)) for text in _texts(item))
    return ()


def lay_over(draft: Draft, stated: Stated, origin: Origin, *, now: datetime | None = None) -> Draft:
    """The draft with the fields that the file states; where the file is silent, what the body gave stays."""
    moment = _moment(stated.date, now)
    platform, medium, authors = _sort_makers(stated)
    return replace(
        draft,
        title=_found(stated.title, origin) or draft.title,
        subtitle=_found(stated.subtitle, origin) or draft.subtitle,
        published=Found(moment.value, origin, stated.date or "") if moment else draft.published,
        published_precision=moment.precision if moment else draft.published_precision,
        medium=_found(medium, origin, stated.medium) or draft.medium,
        platform=_found(platform, origin) or draft.platform,
        authors=Found(authors, origin, "、".join(stated.authors)) if authors else draft.authors,
        editors=_editors(stated, origin) or draft.editors,
        tags=tuple(dict.fromkeys((*draft.tags, *stated.tags))),
        blocks=_with_picture(draft.blocks, stated.pictures),
    )


F = TypeVar("F")


def _found(value: str | None, origin: Origin, raw: str | None = None) -> Found[str] | None:
    return Found(value, origin, raw or value) if value else None


def _moment(date: str | None, now: datetime | None) -> Moment | None:
    if not date:
        return None
    moment = read_epoch(date) or read_meta_date(date)
    return None if moment is None or moment.is_after(now) else moment


def _sort_makers(stated: Stated) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Platform, medium and persons: an "author" that is a category or a portal is the platform, an office a medium."""
    platform = medium = None
    persons: list[str] = []
    for author in stated.authors:
        if author in PLATFORMS or author in stated.tags:
            platform = platform or author
        elif is_unit(author):
            medium = medium or author
        else:
            names, units, rest = split_names(author)
            persons.extend(names if not rest else ())
            medium = medium or next(iter(units), None)
    stated_medium = clean_medium(stated.medium) if stated.medium else None
    if stated_medium in PLATFORMS:
        platform, stated_medium = platform or stated_medium, None
    return platform, stated_medium or medium, tuple(dict.fromkeys(persons))


def _editors(stated: Stated, origin: Origin) -> Found[tuple[str, ...]] | None:
    names = tuple(name for raw in stated.editors for name in split_names(raw)[0])
    return Found(names, origin, "、".join(stated.editors)) if names else None


def _with_picture(blocks: tuple[Block, ...], pictures: tuple[str, ...]) -> tuple[Block, ...]:
    """The picture of the fields stands for the article only where the body shows none of its own."""
    if any(block.image for block in blocks):
        return blocks
    real = [p for p in pictures if p.startswith(("http://", "https://")) and not any(h in p for h in _PLACEHOLDERS)]
    return (*(Block(BlockKind.IMAGE, image=Image(p, after_paragraph=0)) for p in real[:1]), *blocks)
