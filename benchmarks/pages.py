"""Article pages of the size and shape that real sites have: a story inside navigation, sidebar, scripts and footer."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.press import Story

__all__ = ["LAYOUTS", "Frame", "render_article"]

# With all of this a page has about 36 KB in UTF-8, 34 KB over all charsets: the mean of the pages that the project's
# figures were planned with.
_MENU = (
    "首页 要闻 组织 干部 人才 基层党建 党员教育 智慧党建 理论 评论 视频 图片 专题 通知公告 公示 政策法规 远程教育"
    " 互动 投稿 下载 党务公开 农村党建 城市党建 国企党建 机关党建 高校党建 两新党建 先锋人物 网上党校 史海钩沉 红色家书"
).split()
_STYLE = (
    ".{name} li{{float:left;width:{n}px;height:36px;line-height:36px;overflow:hidden;text-overflow:ellipsis}}"
    ".{name} a:hover{{color:#c00;text-decoration:underline}}"
    "@media(max-width:{n}px){{.{name}{{display:block;padding:0 10px}}}}\n"
)
_SCRIPT = (
    "function init{name}(){{var box=document.getElementById('{name}');if(!box)return;"
    "for(var i=0;i<box.children.length;i++){{box.children[i].onclick=function(){{"
    "this.className=this.className=='on'?'':'on';return false;}};}}}}\n"
)
_NAMES = "nav top head crumb side hot rank links foot share tools wechat video photo topic special".split()


@dataclass(frozen=True)
class Frame:
    """What all pages of one host have in common."""

    site: str  # name of the site
    layout: str
    head: str
    before: str
    foot: str

    @classmethod
    def of(cls, site: str, layout: str, seed: int) -> Frame:
        chance = random.Random(seed)
        style = "".join(_STYLE.format(name=name, n=chance.randrange(200, 1200)) for name in _NAMES)
        script = "".join(_SCRIPT.format(name=name) for name in _NAMES * 2)
        return cls(site, layout, f"<style>{style}</style><script>{script}</script>", _menu(site), _foot(site))


def _menu(site: str) -> str:
    columns = "".join(
        f'<li class="n{at}"><a href="/{at}/" target="_blank" title="{name}">{name}</a><ul>'
        + "".join(
            f'<li><a href="/{at}/{sub}/" target="_blank">{other}动态</a></li>'
            for sub, other in enumerate(_MENU[at % 7 :: 7])
        )
        + "</ul></li>"
        for at, name in enumerate(_MENU)
    )
    return f'<div class="top"><a href="/">{site}</a></div><div class="nav"><ul>{columns}</ul></div>'


def _foot(site: str) -> str:
    links = "".join(f'<a href="http://link{n}.invalid/" target="_blank">友情链接{n}</a> ' for n in range(24))
    return (
        f'<div class="links">{links}</div><div class="foot"><p>版权所有：{site}　主办：示范市委组织部</p>'
        "<p>备案号：某ICP备00000000号　某公网安备 00000000000000号</p><p>联系电话：000-00000000</p></div>"
    )


def _side(neighbours: Sequence[tuple[str, Story]]) -> str:
    def entries(some: Sequence[tuple[str, Story]]) -> str:
        return "".join(
            f'<li><a href="{path}" target="_blank" title="{escape(one.title)}">{escape(one.title[:18])}</a>'
            f'<span class="date">{one.day:%m-%d}</span></li>'
            for path, one in some
        )

    third = max(len(neighbours) // 3, 1)
    boxes = (
        ("热点新闻", neighbours[:third]),
        ("相关阅读", neighbours[third : 2 * third]),
        ("排行", neighbours[-third:]),
    )
    return "".join(f'<div class="box"><h3>{name}</h3><ul>{entries(some)}</ul></div>' for name, some in boxes)


def _paragraphs(story: Story, mark: Callable[[str], str]) -> str:
    return "\n".join(mark(escape(text, quote=False)) for text in story.paragraphs)


def _trs(story: Story, site: str) -> str:
    text = _paragraphs(story, lambda line: f'<p style="text-indent:2em">　　{line}</p>')
    return (
        f'<div class="article"><h1 class="tit">{story.title}</h1><div class="info">来源：{story.medium}　'
        f"作者：{story.author}　发布时间：{story.published:%Y-%m-%d %H:%M}　点击：{story.number * 7 + 11}次</div>"
        f'<div class="TRS_Editor">{text}</div><div class="edit">责任编辑：{story.editor}</div></div>'
    )


def _vsb(story: Story, site: str) -> str:
    text = _paragraphs(story, lambda line: f'<p class="vsbcontent_start">{line}</p>')
    return (
        f'<form name="_newscontent"><h2 align="center">{story.title}</h2><div>发布日期：{story.day:%Y/%m/%d}　'
        f'文章来源：{story.medium}　浏览次数：<span id="clicks">0</span></div><div id="vsb_content">'
        f'<div class="v_news_content">{text}<p style="text-align:right">（编辑：{story.editor}）</p></div></div></form>'
    )


def _zoom(story: Story, site: str) -> str:
    text = _paragraphs(story, lambda line: f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{line}</p>")
    return (
        f'<div class="main"><div class="title">{story.title}</div><div class="sub">'
        f"<span>{story.published:%Y-%m-%d %H:%M}</span><span>来源：{story.medium}</span>"
        f"<span>字体：[大 中 小]</span></div>"
        f'<div id="zoom">{text}</div></div>'
    )


def _people(story: Story, site: str) -> str:
    text = _paragraphs(story, lambda line: f'<p style="text-indent: 2em;">\n\t{line}</p>')
    at = story.published
    return (
        f'<div class="layout rm_txt cf"><div class="col col-1"><h1>{story.title}</h1><div class="author cf">'
        f'本报记者 {story.author}</div><div class="channel cf"><div class="col-1-1">{at.year}年{at:%m}月{at:%d}日'
        f'{at:%H:%M} | 来源：<a href="#">{story.medium}</a></div></div><div class="rm_txt_con cf">{text}'
        f'<div class="edit cf">(责编：{story.editor})</div></div></div></div>'
    )


def _breaks(story: Story, site: str) -> str:
    text = _paragraphs(story, lambda line: f"　　{line}<br/><br/>")
    return (
        f'<table width="100%"><tr><td class="bt">{story.title}</td></tr><tr><td>{story.medium}　'
        f'{story.published:%Y年%m月%d日}　记者：{story.author}</td></tr><tr><td id="fontzoom">{text}</td></tr></table>'
    )


def _plain(story: Story, site: str) -> str:
    """A design of its own, that no list of known containers holds."""
    text = _paragraphs(story, lambda line: f'<div class="para">{line}</div>')
    return (
        f'<section class="x7-story"><header><h1>{story.title}</h1><p class="x7-by">{story.author} · {story.medium} · '
        f'<time datetime="{story.published.isoformat()}+08:00">{story.published:%Y-%m-%d %H:%M}</time></p></header>'
        f'<div class="x7-text">{text}</div></section>'
    )


LAYOUTS: dict[str, Callable[[Story, str], str]] = {
    "trs": _trs,
    "vsb": _vsb,
    "zoom": _zoom,
    "people": _people,
    "breaks": _breaks,
    "plain": _plain,
}


def render_article(
    story: Story, frame: Frame, neighbours: Sequence[tuple[str, Story]], *, charset: str = "utf-8"
) -> bytes:
    """The whole page. ``neighbours``: path and story of what the sidebar links to."""
    place = (
        f'<div class="crumb">当前位置：<a href="/">{frame.site}</a> &gt; <a href="/dj/">基层党建</a> &gt; 正文</div>'
    )
    html = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{charset}"><title>{story.title}_{frame.site}</title>'
        f'<meta name="keywords" content="党建,基层治理"><meta name="description" content="{story.title}">{frame.head}'
        f"</head><body>{frame.before}{place}{LAYOUTS[frame.layout](story, frame.site)}"
        f'<div class="side">{_side(neighbours)}</div>{frame.foot}</body></html>'
    )
    return html.encode(charset, "xmlcharrefreplace")
