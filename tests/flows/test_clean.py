"""`dangjian clean`: files in, JSON lines out, in order, fast, without Prefect and without the database."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import DANGJIAN, ROOT

TEXT = "清溪县：党员先锋岗把服务送到家门口\n\n"
TEXT += "　　清溪县委组织部组织党员骨干按楼栋分片联系住户，每周三晚上在院坝里听取意见。\n"
FIELDS = (
    "path title subtitle published_at published_precision medium platform authors photographers editors text "
    "paragraphs headings captions images script language regions topics relevance repairs flags provenance"
).split()


def clean(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
    command = [str(DANGJIAN), "clean", *map(str, arguments), "--jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_neither_prefect_nor_the_database_is_imported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf8")
    code = (
        "import sys; sys.argv = ['dangjian', 'clean', sys.argv[1], '--jsonl']\n"
        "from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'prefect', 'sqlalchemy', 'sqlmodel', 'alembic', 'fastapi', 'models.store', 'models.tables'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.txt")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stderr.strip() == "[]"
    assert json.loads(done.stdout)["title"]


def test_a_record_has_every_documented_field(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf8")
    status, [record], _ = clean(tmp_path / "a.txt")
    assert status == 0
    assert set(FIELDS) <= set(record)
    assert "\n".join(record["paragraphs"]) == record["text"]


def test_the_seeds_come_out_in_the_order_given() -> None:
    paths = sorted((ROOT / "seeds").glob("*.txt"), reverse=True)
    status, records, _ = clean(*paths)
    assert status == 0
    assert [record["path"] for record in records] == list(map(str, paths))


def test_many_files_on_all_cores_give_what_one_process_gives(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text(
            f"{TEXT}　　这是第{number}篇的第二段，讲的是石桥乡的故事。\n", "utf8"
        )
    (tmp_path / "07.html").write_bytes(b"")
    several = clean(tmp_path, "--workers", 2)
    alone = clean(tmp_path, "--workers", 1)
    assert several == alone
    assert [Path(record["path"]).name for record in several[1]] == sorted(p.name for p in tmp_path.iterdir())


def test_a_file_that_breaks_is_a_line_of_its_own_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf8")
    (tmp_path / "b.txt").write_bytes(b"%PDF-1.7 no text")
    (tmp_path / "c.txt").write_text(TEXT, "utf8")
    status, lines, _ = clean(tmp_path)
    assert status == 1
    assert [bool(line.get("error")) for line in lines] == [False, True, False]
    assert lines[1]["path"].endswith("b.txt")


def test_lines_of_json_are_articles_and_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    article = {"title": "清溪县举办培训班", "text": "清溪县委组织部举办基层党务干部培训班，六十名学员参加。"}
    (tmp_path / "a.jsonl").write_text("\n".join([json.dumps(article), "{", json.dumps(article)]), "utf8")
    status, lines, _ = clean(tmp_path / "a.jsonl")
    assert status == 1
    assert [line.get("title") for line in lines] == [article["title"], None, article["title"]]
    assert lines[1]["place"] == "line 2"


@pytest.mark.parametrize("name", ["page.html", "page.htm", "page.shtml"])
def test_pages_of_every_name_are_read(tmp_path: Path, name: str) -> None:
    from tests.connectors.site import article_page

    (tmp_path / name).write_bytes(article_page(1))
    status, [record], _ = clean(tmp_path / name)
    assert status == 0
    assert record["medium"] == "清溪县委组织部"
    assert record["published_at"].endswith("+08:00")


def test_a_web_archive_gives_its_pages(tmp_path: Path) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    from tests.connectors.site import article_page

    with (tmp_path / "a.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in (1, 2):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            body = io.BytesIO(article_page(number))
            address = f"https://qingxi.example.cn/{number}.html"
            record = writer.create_warc_record(address, "response", payload=body, http_headers=head)
            writer.write_record(record)
            record.raw_stream.close()
    assert gzip.decompress((tmp_path / "a.warc.gz").read_bytes())
    status, records, _ = clean(tmp_path / "a.warc.gz")
    assert status == 0
    assert [record["url"] for record in records] == [f"https://qingxi.example.cn/{n}.html" for n in (1, 2)]


def test_a_path_that_does_not_exist_is_refused() -> None:
    status, lines, said = clean("/nowhere/at/all.txt")
    assert (status, lines) == (2, [])
    assert "/nowhere/at/all.txt" in said.replace("\n", "")
