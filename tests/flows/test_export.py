"""Every format read back by a program of its own gives what the corpus holds, whatever the articles say."""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from flows.export.columns import COLUMNS, choose_columns
from flows.export.comma import guard, unguard
from flows.export.excel import CELL, GOES_ON, NO_XML, pieces_of, units
from flows.export.feeds import clean
from flows.export.files import Exported, Wish, export, suggest_name
from flows.export.formats import Format
from flows.export.markdown import escape, link
from flows.export.plan import Plan
from models.accounts import RunKind
from models.decide import Cleaned
from models.errors import ConfigurationWrong
from models.listing import Listed
from models.records import Precision, Topic
from models.search import Filters
from models.store import Store
from models.tables import storable
from tests.models.corpus import BEIJING, NOW, copies_of, full_record, key_of, page, record

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.example","点我")',
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    "'",
    "＝1+1",
    '"引号"，逗号,分号;竖线|',
    "两行\n标题",
    "NUL\x00中间",
    "👩‍👩‍👧‍👦𠮷野",
    "半个\ud800字",
    "</script><script>alert(1)</script>",
    "]]><![CDATA[",
    "&amp;&lt;&#1;",
    "_x0041_",
    "控制\x01\x1b符",
    "非字\ufffe符\uffff",
    "[链接](javascript:alert(1)) ![图](http://evil.example/x.png) `代码` # *重* _点_ <b>",
    "http://evil.example/ www.evil.example a@evil.example",
    "长" * 40_000,
    "  空白  ",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/corpus.db", migrate=True) as opened:
        yield opened


@pytest.fixture
def hostile(store: Store) -> Store:
    """Every hostile text as the title, medium, topic and text of an article of its own."""
    made = [
        record(
            f"h{number}",
            title=said,
            text=f"第{number}篇的正文。\n{said}",
            medium=said[:200],
            authors=(said[:50], "张三"),
            topics=(Topic(said[:50], 1.0),),
        )
        for number, said in enumerate(HOSTILE)
    ]
    run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
    store.apply(run, [Cleaned(one) for one in made], NOW)
    assert store.totals().articles == len(HOSTILE)
    return store


def write(store: Store, tmp_path: Path, kind: Format, **wish: Any) -> Exported:
    asked = Wish(kind, **{"per_story": False, **wish})
    return export(store, asked, tmp_path / "out" / suggest_name(asked, NOW), NOW)


def listed(store: Store) -> list[Listed]:
    return list(store.list_articles(store.find_keys("", per_story=False)))


def stored_titles(store: Store) -> list[str]:
    return [article.title or "" for article in listed(store)]


def test_the_corpus_keeps_hostile_titles_but_what_no_database_takes(hostile: Store) -> None:
    assert sorted(stored_titles(hostile)) == sorted(map(storable, HOSTILE))


def test_json_lines_give_back_everything(hostile: Store, tmp_path: Path) -> None:
    done = write(hostile, tmp_path, Format.JSONL)
    rows = [json.loads(line) for line in done.file.read_text("utf-8").split("\n")[:-1]]
    assert done.rows == len(rows) == len(HOSTILE)
    assert [row["title"] for row in rows] == stored_titles(hostile)
    assert [row["text"] for row in rows] == [article.text for article in listed(hostile)]
    assert rows[0]["authors"][1] == "张三"
    assert list(rows[0]) == [column.name for column in COLUMNS]


def test_csv_opens_in_excel_without_a_formula_and_gives_back_everything(hostile: Store, tmp_path: Path) -> None:
    done = write(hostile, tmp_path, Format.CSV)
    assert done.file.read_bytes().startswith(b"\xef\xbb\xbf")
    with done.file.open(encoding="utf-8-sig", newline="") as file:
        # Cells may be longer than the reader's usual limit.
        csv.field_size_limit(sys.maxsize)
        rows = list(csv.DictReader(file))
    assert [unguard(row["title"]) for row in rows] == stored_titles(hostile)
    assert [unguard(row["text"]) for row in rows] == [article.text for article in listed(hostile)]
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if re.match("[=+\\-@\t\r\n＝＋－＠]", cell)]


@settings(deadline=None)
@given(st.text())
def test_a_guarded_cell_is_no_formula_and_can_be_unguarded(said: str) -> None:
    assert unguard(guard(said)) == said
    assert not guard(said).startswith(tuple("=+-@\t\r\n＝＋－＠"))


def read_sheet(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_workbook_holds_texts_dates_and_what_is_too_long_for_a_cell(hostile: Store, tmp_path: Path) -> None:
    done = write(hostile, tmp_path, Format.XLSX)
    book = openpyxl.load_workbook(done.file)
    head, *rows = read_sheet(book["文章"])
    assert head == [column.label for column in COLUMNS]
    assert not [cell for row in book["文章"].iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    rest: dict[tuple[str, str], str] = {}
    for key, column, _, said in read_sheet(book["续文"])[1:]:
        rest[key, column] = rest.get((key, column), "") + said.removesuffix(GOES_ON)
    by_label = [dict(zip(head, row, strict=True)) for row in rows]
    for row, article in zip(by_label, listed(hostile), strict=True):
        for column, label in ((article.title, "标题"), (article.text, "正文")):
            whole = row[label].removesuffix(GOES_ON) + rest.get((article.key, label), "")
            assert one_line_end(unescape(whole)) == one_line_end(column or "").translate(NO_XML)
    assert by_label[0]["发布时间"] == datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001


def unescape(said: str) -> str:
    """As Excel reads a cell: _x0001_ stands for a character that XML can not hold."""
    return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), said)


def one_line_end(said: str) -> str:
    """XML knows one kind of line end."""
    return said.replace("\r\n", "\n").replace("\r", "\n")


@settings(deadline=None)
@given(st.integers(0, 3), st.sampled_from(["长", "𠮷", "a"]))
def test_pieces_for_cells_are_the_text(cells: int, letter: str) -> None:
    said = letter * (cells * CELL + 7)
    pieces = list(pieces_of(said))
    assert "".join(piece.removesuffix(GOES_ON) for piece in pieces) == said
    assert max(map(units, pieces)) <= CELL


def test_a_sheet_that_is_full_goes_on_in_the_next(
    hostile: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.export.excel.SHEET_ROWS", 10)
    book = openpyxl.load_workbook(write(hostile, tmp_path, Format.XLSX, columns=("title",)).file)
    sheets = [read_sheet(book[name]) for name in ("文章", "文章2", "文章3")]
    assert [len(sheet) for sheet in sheets] == [10, 10, 8]
    assert {sheet[0][0] for sheet in sheets} == {"标题"}


def test_parquet_has_types_and_everything_in_them(hostile: Store, tmp_path: Path) -> None:
    table = pyarrow.parquet.read_table(write(hostile, tmp_path, Format.PARQUET).file)
    assert table.column("title").to_pylist() == stored_titles(hostile)
    assert table.column("authors").to_pylist()[0][1] == "张三"
    assert table.column("published_at").to_pylist()[0] == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert str(table.schema.field("reprints").type) == "int64"


def test_parquet_without_its_library_says_what_to_install(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationWrong, match="dangjian-etl\\[parquet\\]"):
        write(store, tmp_path, Format.PARQUET)
    assert list((tmp_path / "out").iterdir()) == []


def test_markdown_shows_hostile_titles_as_text(hostile: Store, tmp_path: Path) -> None:
    done = write(hostile, tmp_path, Format.MARKDOWN)
    said = done.file.read_text("utf-8")
    assert len(re.findall("^## ", said, re.MULTILINE)) == done.rows == len(HOSTILE)
    assert not re.search(r"(?<!\\)<(?!https://news\.example/)", said)
    assert re.findall(r"(?<!\\)\]\((?:<([^>]*)>)?", said) == [article.url for article in listed(hostile)]
    for article in listed(hostile):
        assert f"## {escape(article.title or '')}\n" in said


@settings(deadline=None)
@given(st.text())
def test_escaped_markdown_is_one_line_without_a_mark(said: str) -> None:
    escaped = escape(said)
    assert len(escaped.splitlines()) <= 1
    assert re.sub(r"\\[\\`*_{}\[\]()#+\-.!|<>~&$=:@^]", "", escaped).strip("\\") == re.sub(
        r"[\\`*_{}\[\]()#+\-.!|<>~&$=:@^]", "", escaped
    )


LINKS = [
    ("https://news.example/a?b=1&c=%20", "[原文](<https://news.example/a?b=1&c=%20>)"),
    ("http://news.example/甲 乙>)\n<script>", None),
    ("javascript:alert(1)", "javascript\\:alert\\(1\\)"),
    ("seed:000.txt", "seed\\:000\\.txt"),
]


@pytest.mark.parametrize(("url", "expected"), LINKS)
def test_only_addresses_of_the_web_become_links(url: str, expected: str | None) -> None:
    made = link("原文", url)
    if expected is None:
        assert re.fullmatch(r"\[原文\]\(<[^\s<>]*>\)", made)
    else:
        assert made == expected


@pytest.mark.parametrize("kind", [Format.RSS, Format.ATOM])
def test_feeds_are_valid_whatever_the_articles_say(hostile: Store, tmp_path: Path, kind: Format) -> None:
    done = write(hostile, tmp_path, kind)
    feed = feedparser.parse(done.file.read_bytes(), sanitize_html=False)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[kind]
    assert len(feed.entries) == done.rows == len(HOSTILE)
    for entry, article in zip(feed.entries, listed(hostile), strict=True):
        # Feed readers take titles for HTML or for text; feedparser unpacks entities of the former.
        assert "".join(entry.title.split()) == "".join(clean(article.title or "").split())
        assert entry.link == article.url
        assert entry.id.startswith("urn:uuid:")
        assert calendar.timegm(entry.published_parsed) == (article.published_at or NOW).timestamp()
        body = entry.content[0].value if kind is Format.ATOM else entry.description
        assert "<script" not in body
        assert body.startswith("<p>第")
    assert len({entry.id for entry in feed.entries}) == len(HOSTILE)


def put_pages(store: Store) -> dict[str, bytes]:
    """Three pages with odd bytes and headers, each with an article; what is to be read again, by address."""
    odd = page(
        "甲", headers={"content-type": "text/html; charset=gbk", "content-encoding": "gzip", "x-odd": "一\r\n二"}
    )
    long = page("乙", more=(b"second", b"third"), status=203)
    seed = page("丙", url="seed:丙 1.txt")
    bodies = {}
    run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
    for name, one in (("甲", odd), ("乙", long), ("丙", seed)):
        one = type(one)(
            **{**{field: getattr(one, field) for field in one.__slots__}, "body": bytes(range(256)) + name.encode()}
        )
        saved = store.save_raw(one)
        store.apply(run, [Cleaned(record(name, url=one.url), saved.page)], NOW)
        bodies[name] = one.body
    return bodies


def test_a_web_archive_holds_the_bytes_and_headers_as_they_came(store: Store, tmp_path: Path) -> None:
    bodies = put_pages(store)
    done = write(store, tmp_path, Format.WARC)
    assert done.rows == 3
    records: dict[str, tuple[str, Any, bytes]] = {}
    with done.file.open("rb") as file:
        for one in ArchiveIterator(file, check_digests="raise"):
            address = one.rec_headers.get_header("WARC-Target-URI") or ""
            records[address] = (one.rec_type, one.http_headers, one.content_stream().read())
    first = records["https://news.example/%E7%94%B2.html"]
    assert (first[0], first[2]) == ("response", bodies["甲"])
    assert first[1].get_statuscode() == "200"
    assert first[1].get_header("content-type") == "text/html; charset=gbk"
    assert first[1].get_header("x-archive-orig-content-encoding") == "gzip"
    assert first[1].get_header("content-encoding") is None
    second = "https://news.example/%E4%B9%99.html"
    assert [records[address][2] for address in (second, f"{second}#page=2", f"{second}#page=3")] == [
        bodies["乙"],
        b"second",
        b"third",
    ]
    assert records["seed:%E4%B8%99%201.txt"][::2] == ("resource", bodies["丙"])


# What is in an export


def test_an_export_has_what_search_finds(store: Store, tmp_path: Path) -> None:
    run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
    copies = copies_of("甲")
    made = [
        record("首", text=copies["whole"], title="原文"),
        record("转", text=copies["whole"], title="转载", published_at=datetime(2026, 11, 21, tzinfo=BEIJING)),
        record("别", title="别的", published_precision=Precision.DAY, medium="别报"),
        full_record(),
    ]
    store.apply(run, [Cleaned(one) for one in made], NOW)

    def titles(**wish: Any) -> list[str]:
        done = write(store, tmp_path, Format.JSONL, columns=("title",), **wish)
        return [json.loads(line)["title"] for line in done.file.read_text("utf-8").splitlines()]

    assert titles() == ["转载", "别的", "原文", "全社区议事"] or len(titles()) == 4
    assert set(titles(per_story=True)) == {"原文", "别的", "全社区议事"}
    assert titles(words="网格党支部") == ["全社区议事"]
    assert titles(filters=Filters(media=("别报",))) == ["别的"]
    assert titles(words="没有的词") == []
    assert len(titles(limit=2)) == 2


def test_days_are_days_and_moments_moments(store: Store, tmp_path: Path) -> None:
    run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
    day = record("日", published_at=datetime(2026, 11, 20, tzinfo=BEIJING), published_precision=Precision.DAY)
    store.apply(run, [Cleaned(day), Cleaned(record("无", published_at=None, published_precision=None))], NOW)
    columns = ("key", "published_at")
    lines = write(store, tmp_path, Format.JSONL, columns=columns).file.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["key"]: row["published_at"] for row in rows} == {key_of("日"): "2026-11-20", key_of("无"): None}
    cells = read_sheet(openpyxl.load_workbook(write(store, tmp_path, Format.XLSX, columns=columns).file)["文章"])
    assert {row[0]: row[1] for row in cells[1:]} == {key_of("日"): datetime(2026, 11, 20), key_of("无"): None}  # noqa: DTZ001


def test_columns_are_chosen_by_name_or_label_in_the_order_asked_for(hostile: Store, tmp_path: Path) -> None:
    done = write(hostile, tmp_path, Format.CSV, columns=("url", "标题", "url"))
    assert next(csv.reader(io.StringIO(done.file.read_text("utf-8-sig")))) == ["url", "title"]
    with pytest.raises(ConfigurationWrong, match="nosuch"):
        choose_columns(["title", "nosuch"])


# Files


def test_an_export_that_fails_leaves_the_file_that_was_there(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("昨天的", "utf-8")
    run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
    store.apply(run, [Cleaned(record("甲"))], NOW)
    store.list_articles = fail_after_some  # type: ignore[method-assign,assignment]
    with pytest.raises(OSError, match="disk"):
        export(store, Wish(Format.CSV), file, NOW)
    assert file.read_text("utf-8") == "昨天的"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def fail_after_some(keys: Iterator[str]) -> Iterator[Listed]:
    raise OSError(f"disk full at {next(keys)}")
    yield


@pytest.mark.parametrize("kind", list(Format))
def test_an_empty_corpus_gives_an_empty_file_of_the_format(store: Store, tmp_path: Path, kind: Format) -> None:
    done = write(store, tmp_path, kind)
    assert (done.rows, done.size) == (0, done.file.stat().st_size)
    assert done.file.name == f"dangjian-20261123-023000{kind.suffix}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        Format.JSONL,
        Format.CSV,
        Format.XLSX,
        Format.ATOM,
        Format.MARKDOWN,
    ],
)
def test_memory_stays_flat_however_many_articles_there_are(tmp_path: Path, kind: Format) -> None:
    def articles(number: int) -> Iterator[Listed]:
        for n in range(number):
            yield some_listed(n)

    def peak(number: int) -> int:
        plan = Plan(COLUMNS, lambda: articles(number), lambda: iter(()), NOW)
        tracemalloc.start()
        assert kind.load()(plan, tmp_path / f"{number}{kind.suffix}") == number
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    assert peak(2_000) < peak(200) + 2_000_000


def some_listed(number: int) -> Listed:
    values: dict[str, Any] = dict.fromkeys(Listed.__slots__)
    values |= dict.fromkeys("authors photographers editors regions topics methods tags".split(), ())
    values |= {
        "key": key_of(str(number)),
        "story": key_of(str(number)),
        "title": f"第{number}篇",
        "text": "正文。" * 500,
    }
    values |= {"source": "demo", "url": f"https://news.example/{number}", "script": "Hans", "rules_version": "1"}
    values |= {"reprints": 0, "letters": 1000, "damage": 0, "version": 1, "relevance": 0.5}
    values |= {"first_seen_at": NOW, "updated_at": NOW + timedelta(seconds=number)}
    return Listed(**values)
