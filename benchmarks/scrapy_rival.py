"""The same site with Scrapy and trafilatura, as a competent user would write it: one spider, one SQLite pipeline.

    python benchmarks/scrapy_rival.py --mode fast --database out.db START_URL ...

Runs in an environment that has scrapy and trafilatura; needs nothing of this project. Modes: "default" and "fast" with
metadata (a corpus needs title and date), "fast, text only" without. Prints, as JSON, how many articles were stored.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

ARTICLE = re.compile(r"/t\d{8}_\d+\.html$")
MODES = {
    "default": {"with_metadata": True},
    "fast": {"with_metadata": True, "fast": True},
    "fast, text only": {"with_metadata": False, "fast": True},
}
SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,  # as polite as the other side
    "DOWNLOAD_DELAY": 0,
    "RANDOMIZE_DOWNLOAD_DELAY": False,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "USER_AGENT": "bench-rival/1.0",
}
COMMIT_EVERY = 100  # rows


class NewsSpider(scrapy.Spider):
    name = "news"
    links = LinkExtractor(allow=r"/t\d{8}_\d+\.html$")

    def __init__(self, starts: list[str], options: dict[str, bool], **named: Any) -> None:
        super().__init__(**named)
        self.start_urls = starts
        self.options = options

    def parse(self, response: Any) -> Any:
        if response.url.endswith(".xml"):
            yield from self.parse_feed(response)
            return
        for link in self.links.extract_links(response):
            yield response.follow(link, self.parse_article)
        following = response.xpath("//a[contains(., '下一页')]/@href").get() or self.numbered(response)
        if following:
            yield response.follow(following, self.parse)

    def parse_feed(self, response: Any) -> Any:
        response.selector.remove_namespaces()
        for link in response.xpath("//item/link/text() | //entry/link/@href").getall():
            if ARTICLE.search(link):
                yield response.follow(link, self.parse_article)

    def numbered(self, response: Any) -> str | None:
        found = re.search(r"/index(\d*)\.html$", response.url)
        if not found or not response.css("ul.list li"):
            return None
        return f"index{int(found[1] or 1) + 1}.html"

    def parse_article(self, response: Any) -> Any:
        found = trafilatura.bare_extraction(response.text, url=response.url, include_comments=False, **self.options)
        if found is not None:
            yield {"url": response.url, "title": found.title, "date": found.date, "text": found.text}


class SqlitePipeline:
    database = ""
    stored = 0

    def open_spider(self) -> None:
        self.connection = sqlite3.connect(self.database)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS article (url TEXT PRIMARY KEY, title TEXT, date TEXT, text TEXT)"
        )

    def process_item(self, item: dict[str, str]) -> dict[str, str]:
        self.connection.execute(
            "INSERT INTO article VALUES (:url, :title, :date, :text) ON CONFLICT (url) DO UPDATE SET "
            "title = excluded.title, date = excluded.date, text = excluded.text",
            item,
        )
        SqlitePipeline.stored += 1
        if self.stored % COMMIT_EVERY == 0:
            self.connection.commit()
        return item

    def close_spider(self) -> None:
        self.connection.commit()
        self.connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=MODES, default="fast")
    parser.add_argument("--database", required=True)
    parser.add_argument("starts", nargs="+")
    asked = parser.parse_args()
    SqlitePipeline.database = asked.database
    process = CrawlerProcess(SETTINGS | {"ITEM_PIPELINES": {SqlitePipeline: 300}})
    process.crawl(NewsSpider, starts=asked.starts, options=MODES[asked.mode])
    process.start()
    print(json.dumps({"articles": SqlitePipeline.stored}))


if __name__ == "__main__":
    main()
