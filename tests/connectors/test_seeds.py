"""Files of a folder enter as raw pages; what is none gets a clear line."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.seeds import SkippedSeed, read_file, read_seeds
from connectors.urls import article_key
from models.records import MediaType, RawPage, sha256

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
SEEDS = Path(__file__).parents[2] / "seeds"


def read(folder: Path) -> tuple[list[RawPage], list[SkippedSeed]]:
    everything = list(read_seeds(folder, fetched_at=NOW))
    pages = [seed for seed in everything if isinstance(seed, RawPage)]
    return pages, [seed for seed in everything if isinstance(seed, SkippedSeed)]


def test_the_five_seeds_come_in_byte_for_byte() -> None:
    pages, skipped = read(SEEDS)
    assert not skipped
    assert len(pages) == 5
    for page in pages:
        name = page.url.removeprefix("seed:")
        assert page.body == (SEEDS / name).read_bytes()
        assert page.key == sha256(page.url.encode())
        assert (page.source, page.media_type) == ("seeds", MediaType.PLAIN)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "社区党支部召开会议。", MediaType.PLAIN),
        ("a.txt", "---\ntitle: 甲\n---\n<div><p>正文</p></div>", MediaType.PLAIN),
        ("a.txt", "\ufeff<!DOCTYPE html><html><body>正文</body></html>", MediaType.HTML),
        ("a.md", "## 标题", MediaType.MARKDOWN),
        ("a.html", "<p>正文", MediaType.HTML),
        ("a.SHTML", "<p>正文", MediaType.HTML),
        ("sub/b.txt", "正文", MediaType.PLAIN),
    ],
)
def test_the_form_of_a_file_follows_from_its_name_and_start(
    tmp_path: Path, name: str, content: str, expected: MediaType
) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content, encoding="utf-8")
    pages, skipped = read(tmp_path)
    assert [page.media_type for page in pages] == [expected]
    assert pages[0].url == f"seed:{name}"
    assert not skipped


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.docx", b"PK\x03\x04", "不支持的文件类型 .docx"),
        ("a", b"x", "不支持的文件类型 （无扩展名）"),
        ("a.txt", b" \n", "文件是空的"),
        ("a.html", b"%PDF-1.4", "PDF 文件"),
        ("a.txt", b"x" * 10_000_001, "文件超过 10 MB"),
    ],
)
def test_anything_else_gets_a_clear_line(tmp_path: Path, name: str, body: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(body)
    pages, skipped = read(tmp_path)
    assert not pages
    assert skipped == [SkippedSeed(name, "", reason)]


def test_hidden_files_and_links_out_of_the_folder_are_not_looked_at(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("秘密")
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "link.txt").symlink_to(outside)
    assert read(folder) == ([], [])


def test_a_missing_folder_is_one_line_not_a_crash(tmp_path: Path) -> None:
    _, skipped = read(tmp_path / "none")
    assert [line.reason for line in skipped] == ["种子文件夹不存在"]


def test_a_changed_file_is_the_same_article(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("一")
    before = read(tmp_path)[0][0]
    file.write_text("二")
    after = read(tmp_path)[0][0]
    assert before.key == after.key
    assert before.digest != after.digest


def test_each_line_of_a_jsonl_file_is_an_article_and_a_bad_one_costs_only_itself(tmp_path: Path) -> None:
    lines = [
        json.dumps({"html": "<p>甲</p>", "title": "甲题"}),
        '{"html": ',
        json.dumps({"text": "乙\n丙", "title": "乙题", "date": "2024-01-05"}),
        json.dumps({"title": "没有正文"}),
        json.dumps([1]),
        "",
        json.dumps({"text": "丁", "url": "http://www.example.cn/t1.html?utm_source=x"}),
        json.dumps({"text": "丁", "url": "http://www.example.cn/t1.html"}),
        '{"html": "\\ud800戊", "id": 17}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    pages, skipped = read(tmp_path)
    assert [(page.url, page.media_type) for page in pages] == [
        ("seed:a.jsonl#1", MediaType.HTML),
        ("seed:a.jsonl#3", MediaType.JSON),
        ("http://www.example.cn/t1.html?utm_source=x", MediaType.JSON),
        ("seed:a.jsonl#17", MediaType.HTML),
    ]
    assert pages[0].body == "<p>甲</p>".encode()
    assert (pages[1].hints.title, pages[1].hints.published) == ("乙题", "2024-01-05")
    assert pages[2].key == article_key("http://www.example.cn/t1.html")
    assert [line.place for line in skipped] == [
        "line 2",
        "line 4",
        "line 5",
        "http://www.example.cn/t1.html",
    ]


def warc(*records: tuple[str, str, bytes, str]) -> bytes:
    """A web archive, one gzip member per record as the format wants it."""
    return b"".join(gzip.compress(warc_record(*record)) for record in records)


def warc_record(url: str, status: str, body: bytes, kind: str) -> bytes:
    http = f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: "e"\r\n\r\n'.encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-01T02:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_pages_of_a_web_archive_keep_their_address_and_date(tmp_path: Path) -> None:
    body = warc(
        ("http://www.example.cn/a.html", "200 OK", "<p>甲</p>".encode("gbk"), "text/html; charset=gbk"),
        ("http://www.example.cn/a.png", "200 OK", b"\x89PNG", "image/png"),
        ("http://www.example.cn/b.html", "404 Not Found", b"<p>no", "text/html"),
        ("http://www.example.cn/c.html", "200 OK", "<p>丙</p>".encode(), "text/html"),
    )
    (tmp_path / "a.warc.gz").write_bytes(body)
    pages, skipped = read(tmp_path)
    assert [page.url for page in pages] == ["http://www.example.cn/a.html", "http://www.example.cn/c.html"]
    assert pages[0].body == "<p>甲</p>".encode("gbk")
    assert pages[0].fetched_at == datetime(2024, 3, 1, 2, tzinfo=UTC)
    assert pages[0].headers["content-type"] == "text/html; charset=gbk"
    assert [line.reason for line in skipped] == ["2 条记录不是网页（图片、脚本、出错的应答等）"]


def test_a_cut_web_archive_gives_the_records_before_the_cut(tmp_path: Path) -> None:
    whole = warc(
        ("http://www.example.cn/a.html", "200 OK", "<p>甲</p>".encode(), "text/html"),
        ("http://www.example.cn/b.html", "200 OK", b"<p>" + bytes(range(256)) * 50, "text/html"),
    )
    (tmp_path / "a.warc.gz").write_bytes(whole[: len(whole) - 200])
    pages, skipped = read(tmp_path)
    assert pages[0].url == "http://www.example.cn/a.html"
    assert len(pages) + len(skipped) <= 3


def test_a_file_that_is_no_archive_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"no archive"))
    pages, skipped = read(tmp_path)
    assert not pages
    assert len(skipped) == 1


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("page.gov.cn_4f2a", b"<!-- saved --><html><body><p>x</p></body></html>", MediaType.HTML),
        ("notes", "社区召开党员大会。".encode(), MediaType.PLAIN),
        ("old.cgi", "<table><tr><td>老版面</td></tr></table>".encode("gbk"), MediaType.HTML),
    ],
)
def test_a_file_asked_for_by_name_is_judged_by_its_content(
    tmp_path: Path, name: str, body: bytes, expected: MediaType
) -> None:
    (tmp_path / name).write_bytes(body)
    (page,) = read_file(tmp_path / name, name, NOW, any_name=True)
    assert isinstance(page, RawPage)
    assert page.media_type is expected
    (skipped,) = read_file(tmp_path / name, name, NOW)
    assert isinstance(skipped, SkippedSeed), "in the seed folder it is reported, not guessed"


def test_a_file_that_is_neither_page_nor_text_is_refused_also_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x00\x01\x02" * 50)
    (skipped,) = read_file(tmp_path / "x.bin", "x.bin", NOW, any_name=True)
    assert isinstance(skipped, SkippedSeed)
