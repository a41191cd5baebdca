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
from models.records import RawPage, Record

__all__ = ["clean_usual_page"]

# Holds what most pages hold, and nothing of what only damaged or Traditional text needs.
USUAL = """\
<html><head><meta charset="utf-8"><title>社区党支部开展主题党日_示范先锋网</title>
<meta name="keywords" content="党建"><meta name="description" content="社区党支部开展主题党日"></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/dj/">党建</a></li></ul></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/dj/">基层党建</a> &gt; 正文</div>
<div class="article"><h1>社区党支部开展主题党日</h1>
<div class="info">来源：示范日报　作者：王小明　发布时间：2026-01-05 09:30　点击：35次　【字体：大 中 小】</div>
<div class="TRS_Editor">
<p>　　示范日报讯（记者 王小明 通讯员 李小红）1月4日，四川省成都市某社区党支部召开主题党日活动,26名党员参加。</p>
<p>　　“支部+小区”让居民议事有了去处。近日，玉林街道的党员走访了3个小区，收集意见12条，办结率达 95%。</p>
<p><img src="/a/1.jpg" width="600" height="400"></p><p style="text-align:center">活动现场。王小明 摄</p>
<p><strong>一、建强支部</strong></p>
<p>　　活动由街道党工委主办（见图）。下一步，社区将继续划分党员责任区，把服务送到居民家门口。</p>
<p>（作者单位：示范市委组织部）</p><p>扫一扫在手机打开当前页</p>
</div><div class="edit">（责任编辑：张小雨）</div></div>
<div class="side"><h3>相关阅读</h3><ul><li><a href="/1.html">另一篇</a><span>01-04</span></li></ul></div>
<div class="foot"><p>版权所有：示范先锋网　主办：示范市委组织部</p><p>联系电话：000-00000000</p></div></body></html>
"""


def clean_usual_page() -> Record:
    """A page like those of a night, cleaned."""
    return process(RawPage("preload", "https://preload.invalid/1.html", "0", USUAL.encode(), datetime.now(UTC)))


clean_usual_page()
gc.collect()
gc.freeze()
