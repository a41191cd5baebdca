"""Imported by the fork server before it forks: a page is cleaned, so that all workers share what cleaning loads lazily.

Loading dictionaries and patterns costs each process half a second otherwise, and its own memory. What is loaded is
frozen: the garbage collector of a worker would walk through all of it, and write to the pages that they share.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import pebble  # noqa: F401  # runs in every worker, and so does the module that hands it the pages

import flows.workshop  # noqa: F401
from cleaning.pipeline import process
from models.records import RawPage

SENTENCE = "四川省成都市某社区党支部召开主题党日活动，党员们走访群众，听取意见。"
HTML = f"<html><head><title>主题党日</title></head><body><h1>主题党日</h1>{f'<p>{SENTENCE}</p>' * 3}</body></html>"

process(RawPage("preload", "https://preload.invalid/", "0", HTML.encode(), datetime.now(UTC)))
gc.collect()
gc.freeze()
