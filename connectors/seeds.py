"""Seed files: a folder of files enters as raw pages, like pages from the web.

``.txt`` ``.md`` ``.html`` hold one article each; ``.jsonl`` one per line; ``.warc`` and ``.warc.gz`` one per record.
A file is the same article as long as its name is the same: changed content makes a new version of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from connectors.urls import article_key
from models.records import Hints, MediaType, Origin, RawPage, sha256

__all__ = ["SEED_SOURCE", "SkippedSeed", "read_file", "read_seeds"]

SEED_SOURCE = "seeds"
LARGEST_BODY = 10_000_000  # bytes of one article; ten times the largest page seen on a party or government site
MOST_RECORDS = 200_000  # of one file; a night must end

_WHOLE_FILES = {
    ".txt": MediaType.PLAIN,
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".shtml": MediaType.HTML,
}
_FOREIGN = {b"%PDF": "PDF 文件", b"PK\x03\x04": "压缩包或 Office 文件", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片"}


@dataclass(frozen=True, slots=True)
class SkippedSeed:
    """A file, line or record that is not an article, and why."""

    file: str  # name within the folder
    place: str  # "", "line 7" or "record 3"
    reason: str  # Chinese, for the report


Seed = RawPage | SkippedSeed


def read_seeds(folder: Path, *, fetched_at: datetime) -> Iterator[Seed]:
    """Every article of the folder and the folders in it, in the order of names.

    Files whose name starts with a dot are not looked at. A bad line or record costs only itself; each key comes once.
    """
    if not folder.is_dir():
        yield SkippedSeed(str(folder), "", "种子文件夹不存在")
        return
    seen: set[str] = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder)):
        name = path.relative_to(folder).as_posix()
        for seed in read_file(path, name, fetched_at):
            if isinstance(seed, RawPage) and seed.key in seen:
                yield SkippedSeed(name, seed.url, "同一文件夹中已有同一篇文章")
                continue
            if isinstance(seed, RawPage):
                seen.add(seed.key)
            yield seed


def _is_hidden(path: Path, folder: Path) -> bool:
    outside = not path.resolve().is_relative_to(folder.resolve())  # a link out of the folder
    return outside or any(part.startswith(".") for part in path.relative_to(folder).parts)


def read_file(path: Path, name: str, fetched_at: datetime, *, any_name: bool = False) -> Iterator[Seed]:
    """Every article of one file; ``name`` is what the file is called in addresses (``seed:name``).

    With ``any_name`` a file of another extension, or of none, is judged by its content: somebody asked for it by name.
    """
    suffixes = path.name.lower()
    try:
        if suffixes.endswith(".jsonl"):
            yield from _read_lines(path, name, fetched_at)
        elif suffixes.endswith((".warc", ".warc.gz")):
            yield from _read_archive(path, name, fetched_at)
        else:
            yield _read_whole(path, name, fetched_at, any_name)
    except OSError as error:
        yield SkippedSeed(name, "", f"文件无法读取：{error.strerror or error}")


def _read_whole(path: Path, name: str, fetched_at: datetime, any_name: bool) -> Seed:
    media_type = _WHOLE_FILES.get(path.suffix.lower())
    if media_type is None and not any_name:
        return SkippedSeed(name, "", f"不支持的文件类型 {path.suffix or '（无扩展名）'}")
    if path.stat().st_size > LARGEST_BODY:
        return SkippedSeed(name, "", f"文件超过 {LARGEST_BODY // 1_000_000} MB")
    body = path.read_bytes()
    reason = _unreadable(body)
    if reason:
        return SkippedSeed(name, "", reason)
    if media_type is None:
        media_type = _judge(body)
    if media_type is None:
        return SkippedSeed(name, "", f"既不是网页也不是文本（扩展名 {path.suffix or '无'}）")
    if media_type is MediaType.PLAIN and _looks_like_html(body):
        media_type = MediaType.HTML
    return _page(f"seed:{name}", body, media_type, fetched_at)


def _unreadable(body: bytes) -> str | None:
    if not body.strip():
        return "文件是空的"
    return next((reason for magic, reason in _FOREIGN.items() if body.startswith(magic)), None)


_HTML_TAGS = (b"<!doctype", b"<html", b"<head", b"<meta", b"<body", b"<title", b"<script", b"<table", b"<div")
_START = 4096  # bytes that tell what a file is: pages with long comments at the top included


def _judge(body: bytes) -> MediaType | None:
    """What a file of unknown name holds: a page, text, or None for neither."""
    start = body[:_START].lower()
    if any(tag in start for tag in _HTML_TAGS):
        return MediaType.HTML
    return None if b"\0" in start else MediaType.PLAIN


def _looks_like_html(body: bytes) -> bool:
    """A whole page under a text name; front matter with an HTML body is not one."""
    start = body[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml"))


def _page(url: str, body: bytes, media_type: MediaType, fetched_at: datetime, hints: Hints | None = None) -> RawPage:
    key = article_key(url) if url.startswith("http") else sha256(url.encode())
    return RawPage(SEED_SOURCE, url, key, body, fetched_at, media_type, hints=hints or Hints())


def _read_lines(path: Path, name: str, fetched_at: datetime) -> Iterator[Seed]:
    with path.open("rb") as file:
        for number, line in enumerate(_bounded_lines(file), 1):
            if number > MOST_RECORDS:
                yield SkippedSeed(name, f"line {number}", f"超过 {MOST_RECORDS} 行，其余未读")
                return
            if line is None:
                yield SkippedSeed(name, f"line {number}", f"一行超过 {LARGEST_BODY // 1_000_000} MB")
            elif line.strip():
                yield _read_line(line, name, number, fetched_at)


def _bounded_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines of the file; None for one that is too long to be held."""
    while line := file.readline(LARGEST_BODY):
        if line.endswith(b"\n") or len(line) < LARGEST_BODY:
            yield line
            continue
        while (rest := file.readline(LARGEST_BODY)) and not rest.endswith(b"\n"):
            pass
        yield None


def _read_line(line: bytes, name: str, number: int, fetched_at: datetime) -> Seed:
    place = f"line {number}"
    try:
        article = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        return SkippedSeed(name, place, f"不是有效的 JSON：{error}")
    if not isinstance(article, dict):
        return SkippedSeed(name, place, "不是 JSON 对象")
    html, text = _string(article, "html"), _string(article, "text")
    if not (html or text):
        return SkippedSeed(name, place, "缺少 html 或 text 字段")
    url = _identity(article, name, number)
    hints = Hints(
        title=_string(article, "title"),
        published=_string(article, "published_at") or _string(article, "date"),
        medium=_string(article, "medium") or _string(article, "source"),
        author=_string(article, "author"),
        published_origin=Origin.FILE,
    )
    # A lone surrogate is legal in JSON and in no other place: it is written as "?".
    body = (html or "").encode("utf-8", "replace") if html else line.strip()
    return _page(url, body, MediaType.HTML if html else MediaType.JSON, fetched_at, hints)


def _identity(article: Mapping[str, Any], name: str, number: int) -> str:
    """The article's own address or number if it has one, so that lines may move; else its line."""
    url = _string(article, "url") or ""
    if url.startswith(("http://", "https://")):
        return url
    own = article.get("id")
    return f"seed:{name}#{own if isinstance(own, str | int) and own != '' else number}"


def _string(article: Mapping[str, Any], field: str) -> str | None:
    value = article.get(field)
    return value if isinstance(value, str) and value.strip() else None


def _read_archive(path: Path, name: str, fetched_at: datetime) -> Iterator[Seed]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    others = 0
    number = 0
    with path.open("rb") as file:
        try:
            for number, record in enumerate(ArchiveIterator(file), 1):
                if number > MOST_RECORDS:
                    yield SkippedSeed(name, f"record {number}", f"超过 {MOST_RECORDS} 条记录，其余未读")
                    return
                if record.rec_type != "response":
                    continue
                if not _is_page(record):
                    others += 1
                    continue
                yield _read_record(record, name, number, fetched_at)
        except (ArchiveLoadFailed, EOFError, ValueError) as error:
            yield SkippedSeed(name, f"record {number + 1}", f"WARC 文件在此损坏：{error}")
    if others:
        yield SkippedSeed(name, "", f"{others} 条记录不是网页（图片、脚本、出错的应答等）")


def _is_page(record: Any) -> bool:
    if record.http_headers is None or record.http_headers.get_statuscode() != "200":
        return False
    return "html" in (record.http_headers.get_header("Content-Type") or "text/html").lower()


def _read_record(record: Any, name: str, number: int, fetched_at: datetime) -> Seed:
    place = f"record {number}"
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not url.startswith(("http://", "https://")):
        return SkippedSeed(name, place, "记录没有网址")
    try:
        body = record.content_stream().read(LARGEST_BODY + 1)
    except Exception as error:  # a broken chunk or gzip stream inside the record, of whatever library
        return SkippedSeed(name, place, f"记录内容无法读取：{error}")
    if len(body) > LARGEST_BODY:
        return SkippedSeed(name, place, f"记录超过 {LARGEST_BODY // 1_000_000} MB")
    if not body.strip():
        return SkippedSeed(name, place, "记录是空的")
    headers = {key.lower(): value for key, value in record.http_headers.headers}
    date = _archive_date(record.rec_headers.get_header("WARC-Date")) or fetched_at
    return RawPage(SEED_SOURCE, url, article_key(url), body, date, MediaType.HTML, final_url=url, headers=headers)


def _archive_date(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value or "").astimezone(UTC)
    except ValueError:
        return None
