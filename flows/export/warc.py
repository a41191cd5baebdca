"""WARC 1.1 of the raw pages of articles, gzipped record by record: the bytes and headers as they came.

The bytes are stored unpacked, so the headers that say how they were packed on the wire are kept under other names
(X-Archive-Orig-…), as web archives do. A seed file is a `resource` record, as are the further pages of an article.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.export.plan import Plan
from models.accounts import StoredPage
from models.records import LACKS

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

__all__ = ["write"]

# They describe the body on the wire, and would make a reader unpack it once more.
ON_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def write(plan: Plan, file: Path) -> int:
    from warcio.warcwriter import WARCWriter

    rows = 0
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        writer.write_record(
            writer.create_warcinfo_record(file.name, {"software": "dangjian-etl", "format": "WARC/1.1"})
        )
        for page in plan.pages():
            write_page(writer, page)
            rows += 1
    return rows


def write_page(writer: WARCWriter, page: StoredPage) -> None:
    raw = page.raw
    date = raw.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    media = raw.headers.get("content-type") or raw.media_type.value
    address = ascii_address(raw.final_url or raw.url)
    if raw.url.startswith("seed:"):
        put(writer, address, "resource", raw.body, {"WARC-Date": date}, content_type=media)
    else:
        put(writer, address, "response", raw.body, {"WARC-Date": date}, headers=http_headers(page))
    for number, body in enumerate(raw.more, start=2):
        put(writer, f"{address}#page={number}", "resource", body, {"WARC-Date": date}, content_type=media)


def put(
    writer: WARCWriter,
    address: str,
    kind: str,
    body: bytes,
    more: dict[str, str],
    *,
    headers: Any = None,
    content_type: str = "",
) -> None:
    record = writer.create_warc_record(
        address,
        kind,
        payload=BytesIO(body),
        length=len(body),
        http_headers=headers,
        warc_headers_dict=more,
        warc_content_type=content_type,
    )
    writer.write_record(record)


def http_headers(page: StoredPage) -> Any:
    from http import HTTPStatus

    from warcio.statusandheaders import StatusAndHeaders

    raw = page.raw
    headers = [
        (f"x-archive-orig-{n}" if n in ON_THE_WIRE else n, line(value))
        for n, value in raw.headers.items()
        if n != LACKS
    ]
    headers.append(("content-length", str(len(raw.body))))
    phrases = {status.value: status.phrase for status in HTTPStatus}
    return StatusAndHeaders(f"{raw.status} {phrases.get(raw.status, '')}".strip(), headers, protocol="HTTP/1.1")


def line(value: str) -> str:
    """A header's value on one line."""
    return " ".join(value.split())


def ascii_address(url: str) -> str:
    from urllib.parse import quote

    return quote(url.encode("utf-8", "replace"), safe="%/:=&?~#+!$,;'@()*[]")
