"""What a reader finds on each page, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from flows.web import download
from tests.flows.web.conftest import Client
from tests.flows.web.corpus import HOSTILE, MADE, pages_to_visit, story_key
from tests.models.corpus import key_of

RUN = f"{MADE:%Y%m%d-%H%M%S}"
STORY = f"/story/{story_key()[:16]}"


class Reader(HTMLParser):
    """Reads a page as a browser does: its words, its links, its elements and attributes, and what is not closed."""

    WITHIN = frozenset("b i mark ins del q".split())
    EMPTY = frozenset("meta link input br img hr rect circle polyline path".split())

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text.append("" if tag in self.WITHIN else " ")
        if tag == "a" and dict(attrs).get("href"):
            self.links.append(str(dict(attrs)["href"]))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text))


def read(client: Client, path: str, status: int = 200) -> Reader:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:2000]
    page = Reader(answer.text)
    assert not page.wrong
    assert not page.open
    assert dict(page.tags)["html"]["lang"] == "zh-CN"
    return page


def every_page(client: Client) -> list[str]:
    run = next(link for link in read(client, "/runs").links if link.startswith("/run/"))
    return [*pages_to_visit(), run]


# Today


def test_the_first_page_says_first_what_needs_somebody(client: Client) -> None:
    page = read(client, "/").words
    assert "需要处理 1 个来源" in page
    assert "列表连续 3 晚没有任何文章" in page
    assert page.index("需要处理") < page.index("按地区")
    assert "县级融媒 两晚没有新文章" not in page  # quiet is no trouble


def test_new_stories_stand_once_by_region_with_their_reprints(client: Client) -> None:
    page = read(client, "/")
    titles = [link for link in page.links if link.startswith("/story/")]
    assert len(titles) == len(set(titles)) == 1 + len(HOSTILE)
    assert "四川省" in page.words
    assert "转载 3" in page.words
    assert "旧1-0" not in page.words


def test_stories_can_be_read_by_topic(client: Client) -> None:
    assert "基层治理 1" in read(client, "/?by=topic").words


def test_the_month_is_drawn_with_words_for_those_who_do_not_see_it(client: Client) -> None:
    charts = [attributes for tag, attributes in read(client, "/").tags if tag == "svg"]
    assert charts
    assert all(chart["aria-label"] and chart["role"] == "img" for chart in charts)


# A story


def test_a_story_shows_its_text_with_headings_and_captions(client: Client) -> None:
    page = read(client, STORY)
    assert "院落里的议事厅" in page.words
    assert "一、把议事会开到院落里" in page.words
    assert "院落里的议事会。示范街道供图" in page.words
    assert not any(tag == "img" for tag, _ in page.tags)
    assert "https://img.example/1.jpg" in page.links


def test_facts_say_where_they_were_read(client: Client) -> None:
    page = read(client, STORY).words
    assert "示范日报 读自标题下的署名行：来源：示范日报" in page


def test_reprints_are_listed_with_what_they_share(client: Client) -> None:
    page = read(client, STORY)
    assert "同一报道 4 篇" in page.words
    assert "缩短" in page.words
    assert re.search(r"与首发共享 \d+ 句中的 \d+ 句", page.words)
    assert f"/compare/{story_key()[:16]}/{key_of('extended')[:16]}" in page.links


def test_a_reprint_leads_to_its_original(client: Client) -> None:
    page = read(client, f"/story/{key_of('shortened')[:16]}")
    assert "这是缩短的转载" in page.words
    assert STORY in page.links


def test_versions_show_what_changed_within_the_sentence(client: Client) -> None:
    page = client.get(STORY).text
    assert "第 1 版 → 第 2 版" in page
    assert "二十<del>六</del><ins>八</ins>名党员" in page
    assert "议事<del>会</del><ins>厅</ins>" in page


def test_two_articles_can_be_compared(client: Client) -> None:
    page = client.get(f"/compare/{story_key()[:16]}/{key_of('extended')[:16]}").text
    assert "<ins>" in page
    assert "<del>议事厅" not in page


def test_repairs_stand_side_by_side_with_rule_and_certainty(client: Client) -> None:
    page = read(client, STORY).words
    assert "改动 92 处，存疑未改 1 处" in page
    assert "拼音注音 pinyin 修复损坏，2 处" in page
    assert "党zhī部" in page
    assert "很可能 zhī 是 支 的读音" in page
    assert "×90" in page


def test_doubtful_places_are_marked_in_the_text(client: Client) -> None:
    marks = [attributes for tag, attributes in read(client, STORY).tags if tag == "mark"]
    assert len(marks) == 1
    assert "宜似乱字" in str(marks[0]["title"])


def test_the_text_can_be_read_as_it_came(client: Client) -> None:
    assert "網格黨支部" in read(client, f"{STORY}?text=original").words
    assert "網格黨支部" not in read(client, STORY).words
    assert "先转换为简体再比较" in read(client, f"{STORY}?text=changes").words


def test_the_page_says_how_its_bytes_came_and_were_read(client: Client) -> None:
    page = read(client, STORY)
    assert "gb18030 网页自己的说明" in page.words
    assert "https://news.example/first-moved.html" in page.links
    assert any(link.startswith("http://127.0.0.1:4200/runs/flow-run/0199") for link in page.links)


@pytest.mark.parametrize("key", ["ffffffffffffffff", "x", "0", "'; DROP TABLE article; --", "%00", "a" * 9000])
def test_an_unknown_story_is_a_page_that_says_what_to_do(client: Client, key: str) -> None:
    assert "编号可能不完整" in read(client, f"/story/{key}", 404).words


# Search


def test_a_word_of_two_characters_is_found_and_marked(client: Client) -> None:
    page = client.get("/search", params={"q": "议事"}).text
    assert "<mark>议事</mark>厅" in page
    assert "转载 3" in page


def test_traditional_characters_find_simplified_ones(client: Client) -> None:
    assert "<mark>议事厅</mark>" in client.get("/search", params={"q": "議事廳"}).text


def test_filters_narrow_and_can_be_taken_away_again(client: Client) -> None:
    page = read(client, "/search?q=议事&region=51&topic=基层治理&since=2026-11-01&until=2026-11-30")
    assert "1 篇报道" in page.words
    assert "四川省 ✕" in page.words
    dropped = next(link for link in page.links if "topic=" in link and "since" not in link)
    assert read(client, dropped)
    assert "没有找到" in read(client, "/search?q=议事&until=2001-01-01").words


def test_an_empty_form_is_a_question_for_everything(client: Client) -> None:
    page = read(client, "/search?q=&since=&until=&region=&topic=&medium=&source=&method=&each=story")
    assert "篇报道" in page.words


def test_results_are_turned_page_by_page(client: Client) -> None:
    first, second = read(client, "/search?each=article"), read(client, "/search?each=article&page=2")
    seen = [{link for link in page.links if link.startswith("/story/") and "#" not in link} for page in (first, second)]
    assert len(seen[0]) == 20
    assert seen[1]
    assert not seen[0] & seen[1]


@pytest.mark.parametrize(
    "words", ['"', "“", "-", '""', "AND OR NOT", "NEAR(", "*", "a*b*", "社区 -社区", "😀", "'; --", "{{7*7}}", "\u202e"]
)
def test_any_words_are_safe_to_search_for(client: Client, words: str) -> None:
    assert client.get("/search", params={"q": words}).status_code == 200


@pytest.mark.parametrize(
    "query", ["page=0", "page=abc", "page=99999", "since=yesterday", "each=x", "region=51%20OR", f"q={'x' * 300}"]
)
def test_an_address_that_makes_no_sense_says_what_is_wrong(client: Client, query: str) -> None:
    assert "网址中的参数不对" in read(client, f"/search?{query}", 400).words


# Sources and runs


def test_sources_stand_worst_first_with_reason_and_since_when(client: Client) -> None:
    page = read(client, "/sources").words
    assert "失效 1" in page
    assert page.index("列表连续 3 晚") < page.index("县级融媒")
    assert "自 11月21日" in page
    assert "80%" in page


def test_a_source_shows_its_nights_and_what_failed(client: Client) -> None:
    page = read(client, "/source/demo").words
    assert "逐次运行 最近 5 次" in page
    assert "http-5xx" in page
    assert "服务器回答 503" in page
    assert "没有正文" in page
    assert "有日期 80%" in page


def test_an_unknown_source_is_not_found(client: Client) -> None:
    assert "没有这个来源" in read(client, "/source/nobody", 404).words


def test_runs_and_a_run_say_how_they_ended(client: Client) -> None:
    page = read(client, "/runs")
    assert "夜间采集" in page.words
    assert "完成但有问题" in page.words
    last = read(client, next(link for link in page.links if link.startswith(f"/run/{RUN}")))
    assert "列表没有任何文章" in last.words
    assert "院落里的议事厅" in last.words
    assert any("flow-run/0199" in link for link in last.links)


def test_an_unknown_run_is_not_found(client: Client) -> None:
    read(client, "/run/nothing", 404)


# For programs


def test_the_feed_is_atom_that_any_reader_takes(client: Client) -> None:
    answer = client.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    space = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(answer.content)
    entries = {entry.findtext(f"{space}id"): entry for entry in feed.iter(f"{space}entry")}
    assert len(entries) >= 1 + len(HOSTILE)
    entry = entries[f"urn:sha256:{story_key()}"]
    links = {link.attrib["rel"]: link.attrib["href"] for link in entry.iter(f"{space}link")}
    assert links["alternate"] == f"http://127.0.0.1:4280{STORY}"
    assert all(not link.attrib["href"].startswith("javascript") for link in feed.iter(f"{space}link"))


def test_health_says_that_pages_can_be_read_and_when_the_last_run_was(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["database"], told["last_run_hours"], told["fresh"]) == ("ok", "ok", 5.0, True)


# Whatever it holds


def test_no_page_lets_a_hostile_text_be_more_than_text(client: Client) -> None:
    for path in every_page(client):
        page = read(client, path)
        assert not {tag for tag, _ in page.tags} & {"script", "iframe", "object", "embed", "img", "style", "base"}, path
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (path, tag)
        assert all(re.match(r"/|#|https?://", link) for link in page.links), path


def test_a_text_that_looks_like_a_template_is_shown_as_it_is(client: Client) -> None:
    page = read(client, f"/story/{key_of('恶意template')[:16]}").words
    assert page.count(HOSTILE["template"]) > 5


def test_what_could_turn_a_line_around_is_left_out(client: Client) -> None:
    for path in every_page(client):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x1b\ufffe]", client.get(path).text), path


def test_links_that_lead_away_tell_nothing_about_the_reader(client: Client) -> None:
    for path in every_page(client):
        for tag, attributes in read(client, path).tags:
            if tag == "a" and str(attributes.get("href")).startswith("http"):
                assert "noopener noreferrer" in str(attributes["rel"]), path


def test_every_link_within_the_room_leads_to_a_page(client: Client) -> None:
    seen: set[str] = set()
    for path in every_page(client):
        seen |= {link.partition("#")[0] for link in read(client, path).links if link.startswith("/")}
    for link in sorted(seen - {""}):
        assert client.get(link).status_code == 200, link


def test_every_jump_within_a_page_has_a_place_to_land(client: Client) -> None:
    for path in every_page(client):
        page = read(client, path)
        places = {attributes.get("id") for _, attributes in page.tags}
        assert {link[1:] for link in page.links if link.startswith("#")} <= places, path


# Downloads


@pytest.mark.parametrize(
    ("name", "ending", "holds"),
    [
        ("csv", ".csv", "院落里的议事厅"),
        ("jsonl", ".jsonl", "院落里的议事厅"),
        ("markdown", ".md", "院落里的议事厅"),
        ("atom", ".atom.xml", "院落里的议事厅"),
        ("xlsx", ".xlsx", "PK"),
    ],
)
def test_a_result_can_be_downloaded(client: Client, name: str, ending: str, holds: str) -> None:
    page = read(client, "/search?q=议事厅")
    link = next(link for link in page.links if link.startswith(f"/export/{name}?"))
    answer = client.get(link)
    assert answer.status_code == 200
    assert holds in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-disposition"].endswith(f'{ending}"')
    assert answer.headers["content-security-policy"]


def test_a_download_holds_what_the_filters_leave(client: Client) -> None:
    rows = client.get("/export/jsonl?q=社区&each=article&source=demo").text.splitlines()
    found = read(client, "/search?q=社区&each=article&source=demo").words
    assert f"{len(rows)} 篇文章" in found


def test_formats_for_the_command_line_are_not_served(client: Client) -> None:
    assert "dangjian export" in read(client, "/export/warc?q=x", 404).words
    read(client, "/export/exe?q=x", 400)


def test_nothing_of_a_download_stays_behind(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert client.get("/export/csv?q=社区").status_code == 200
    monkeypatch.setattr(download, "export", _fail)
    assert client.get("/export/csv?q=社区").status_code == 500
    assert list(tmp_path.iterdir()) == []


def _fail(*_: object) -> None:
    raise OSError("disk full")
