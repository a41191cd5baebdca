"""`dangjian sources check` and `probe` against sites on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.declaration import Verified
from connectors.register import load_register
from flows.source_commands import slug_for
from flows.verified_marks import Mark, add_marks, read_marks
from tests.connectors.site import Page, Site, article_number, government_pages, list_page, serve
from tests.flows.conftest import NOWHERE, Place

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def county() -> Iterator[Site]:
    with serve(government_pages(articles=25, faults=False)) as site:
        yield site


def test_a_check_says_what_it_found_and_marks_what_works(place: Place, county: Site) -> None:
    place.add_source("county", county.source_file())
    place.add_source("nowhere", NOWHERE)
    files = {file: file.read_bytes() for file in (place.folder / "sources").iterdir()}
    done = place.dangjian("sources", "check")
    assert done.returncode == 1
    assert "✅ county  县委组织部  [list]  列表 20 篇" in done.stdout
    _, title, day = article_number(1)
    assert f"首篇 / first: {title}" in done.stdout
    assert "例外 / exceptions: 明文 http / without encryption" in done.stdout
    assert f"日期 / date: {day} 09:30   来源 / medium: 清溪县委组织部   正文 / body: " in done.stdout
    assert "❌ nowhere" in done.stdout
    assert "域名无法解析 / dns: http://nowhere.invalid/dj/" in done.stdout
    assert "1 of 2 sources work；有问题 / not: nowhere" in done.stdout
    assert {file: file.read_bytes() for file in files} == files
    assert list(read_marks(place.folder / "data" / "verified.json")) == ["county"]
    assert "live 20" in place.dangjian("sources").stdout
    with place.store() as store:
        assert store.totals().articles == 0


def test_a_mark_ends_with_the_file_that_was_tried_and_a_failed_check_leaves_it(place: Place, county: Site) -> None:
    place.add_source("county", county.source_file())
    assert place.dangjian("sources", "check", "county").returncode == 0
    marks = (place.folder / "data" / "verified.json").read_bytes()
    county.pages["/dj/"] = Page("<p>栏目调整中</p>".encode())
    failed = place.dangjian("sources", "check", "county")
    assert failed.returncode == 1
    assert "缺少 / missing: 列表中没有文章" in failed.stdout
    assert (place.folder / "data" / "verified.json").read_bytes() == marks
    place.add_source("county", county.source_file() + "# another file\n")
    assert "live 20" not in place.dangjian("sources").stdout


def test_a_page_without_a_date_is_named(place: Place, county: Site) -> None:
    path = article_number(1)[0]
    county.pages["/dj/"] = Page(list_page(range(1, 2), total=1, current=0).replace(b"2026-11-20</span>", b"</span>"))
    county.pages["/plain.html"] = Page(
        "<h1>一则短讯的题目</h1><p>没有日期，也没有来源，只有一句话而已。</p>".encode() * 3
    )
    county.pages[path] = county.pages["/plain.html"]
    place.add_source("county", county.source_file())
    done = place.dangjian("sources", "check", "county")
    assert "来源 / medium" in done.stdout.split("缺少 / missing")[-1]


def test_marks_survive_what_is_no_mark(tmp_path: Path) -> None:
    file = tmp_path / "verified.json"
    file.write_text("{not json", "utf8")
    assert read_marks(file) == {}
    add_marks(file, {"a": Mark("2026-11-22", 3, "x")})
    add_marks(file, {"b": Mark("2026-11-23", 4, "y")})
    assert list(read_marks(file)) == ["a", "b"]
    assert os.listdir(tmp_path) == ["verified.json"]


@pytest.mark.slow  # it looks at ten articles, one a second
def test_the_probe_shows_ten_articles_and_writes_a_file_that_works(place: Place, county: Site) -> None:
    done = place.dangjian("sources", "probe", county.base + "/dj/", "--slug", "qingxi")
    assert done.returncode == 0, done.stderr + done.stdout
    for number in range(1, 11):
        path, title, day = article_number(number)
        assert f"{number:2}. {day}  {title}\n    {county.base}{path}\n" in done.stdout
    assert "11. " not in done.stdout
    assert "没有正文" not in done.stdout
    assert not (place.folder / "data" / "dangjian.db").exists()
    register = load_register(place.folder / "sources")
    assert list(register.sources) == ["qingxi"]
    assert place.dangjian("sources", "check", "qingxi").returncode == 0


@pytest.mark.slow  # it looks at ten articles, one a second
def test_a_file_does_not_claim_to_be_tried_if_no_article_could_be_read(place: Place, county: Site) -> None:
    for path in [path for path in county.pages if "/t2026" in path]:
        county.pages[path] = Page(b"gone", status=404)
    done = place.dangjian("sources", "probe", county.base + "/dj/", "--slug", "qingxi")
    assert done.returncode == 0, done.stderr
    assert "没有读到一篇文章" in done.stdout
    assert load_register(place.folder / "sources").sources["qingxi"].verified is Verified.OWN_PAGE


def test_the_probe_overwrites_nothing(place: Place, county: Site) -> None:
    place.add_source("qingxi", "name: 我的文件\n")
    asked = len(county.hits)
    done = place.dangjian("sources", "probe", county.base + "/dj/", "--slug", "qingxi")
    assert done.returncode == 2
    assert "不会覆盖" in done.stderr
    assert (place.folder / "sources" / "qingxi.yaml").read_text("utf8") == "name: 我的文件\n"
    assert len(county.hits) == asked


def test_a_page_without_a_list_gives_no_file(place: Place, county: Site) -> None:
    county.pages["/empty/"] = Page("<p>栏目调整中</p>".encode())
    done = place.dangjian("sources", "probe", county.base + "/empty/")
    assert done.returncode == 1
    assert "没有找到文章列表" in done.stdout
    assert list((place.folder / "sources").iterdir()) == []


SLUGS = [
    ("http://www.qxdj.gov.cn/dj/gz/index.html", "qxdj-dj-gz"),
    ("https://dangjian.people.com.cn/", "dangjian-people"),
    ("http://10.1.2.3:8080/col/col80179/index.html", "10-1-2-3-col-col80179"),
    ("https://www.12371.cn/zxfb/", "12371-zxfb"),
]


@pytest.mark.parametrize(("url", "slug"), SLUGS)
def test_a_new_source_is_called_by_its_address(url: str, slug: str) -> None:
    assert slug_for(url) == slug


def test_table_and_schema_are_printed(place: Place, county: Site) -> None:
    place.add_source("county", county.source_file())
    assert "| 县委组织部 (`county`) | list |" in place.dangjian("sources", "--table").stdout
    assert '"title": "Source file"' in place.dangjian("sources", "schema").stdout
