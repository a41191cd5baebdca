"""Column pages, interfaces, feeds and issues of many makes, as a small site each, with what they really name.

COLUMNS["discuz portal"].pages       # path with query -> (body, type); BASE stands for the address of the site
COLUMNS["discuz portal"].articles    # path -> (title, day), in the order of the list, over all its pages
"""

# Pages are written in long lines, as such sites write them.
# ruff: noqa: E501

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

__all__ = ["COLUMNS", "EMPTY", "Column"]

CHINA = timezone(timedelta(hours=8))
NEWEST = date(2026, 11, 20)
TITLES = (
    "县委常委会召开会议研究部署基层党建重点任务",
    "柳林街道“红色驿站”让新就业群体歇脚充电",
    "2026年11月份全县党员发展对象培训班结业",
    "石桥乡：把支部建在产业链上",
    "老支书赵德厚的一本民情账",
    "东关社区12月1日起试行“错时党群服务”",
    "“一编三定”推进软弱涣散村党组织整顿",
    "县直机关工委举办党支部书记论坛",
    "梅岭村“板凳会”议出新气象",
    "组织部长谈：用好考核指挥棒",
    "双河镇三级书记同上一堂党课",
    "白塔街道党建联建破解停车难题",
    "龙潭乡驻村第一书记的直播间",
    "微型党课大赛决赛成绩公示",
    "新任村党组织书记示范培训开班",
    "桐坪村集体经济突破百万元的背后",
)


@dataclass(frozen=True)
class Item:
    number: int
    title: str
    path: str
    day: date

    @property
    def stamp(self) -> int:
        """Seconds since 1970 of nine in the morning."""
        return int(datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=CHINA).timestamp())


@dataclass(frozen=True)
class Column:
    start: str
    pages: dict[str, tuple[bytes, str]]
    items: Sequence[Item]
    first: int  # how many of these stand on the first page
    dated: bool = True
    titled: bool = True

    @property
    def articles(self) -> dict[str, tuple[str, date]]:
        return {item.path: (item.title, item.day) for item in self.items}


def items(path: str, number: int = 16) -> list[Item]:
    """``path`` may hold {n}, {id} and the day as {d}, {d:%Y%m%d}."""
    days = [NEWEST - timedelta(days=n // 2) for n in range(number)]
    return [Item(n, TITLES[n % 16], path.format(n=n, id=4100 + n, d=day), day) for n, day in enumerate(days)]


def rows(template: str, some: Sequence[Item]) -> str:
    return "".join(
        template.format(
            n=i.number, id=4100 + i.number, t=i.title, p=i.path, d=i.day, cut=i.title[:8], m=i.day.month, day=i.day.day
        )
        for i in some
    )


NAV = "".join(f'<li><a href="/c{n}/">组织工作动态栏目</a></li>' for n in range(8))
HOT = "".join(
    f'<li><em>{n}</em><a href="/rd/{2000 + n}.html">往期热点文章回顾第{n}篇：基层治理的故事</a></li>'
    for n in range(1, 11)
)
FOOT = '<a href="/about.html">关于本网站</a>|<a href="http://www.example.gov.cn/">某省人民政府门户网站</a>|<a href="http://dj.example.org/">全国党建网站联盟成员单位</a>'


def around(content: str, charset: str = "utf-8") -> bytes:
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>工作动态-清溪党建网</title></head><body>'
        f'<div id="nav"><ul>{NAV}</ul></div><div class="location">您现在的位置：<a href="/">首页</a> &gt; <a href="/jcdj/">基层党建</a></div>'
        f'<div class="main">{content}</div><div class="side"><h3>热点推荐</h3><ol>{HOT}</ol></div><div class="footer">{FOOT}</div></body></html>'
    )
    return page.encode(charset)


def column(path: str, content: str, named: Sequence[Item], charset: str = "utf-8") -> Column:
    """A list on one page."""
    return Column(path, {path: (around(content, charset), "text/html")}, named, len(named))


def two_pages(
    first: str, second: str, named: Sequence[Item], template: str, pagers: tuple[str, str], charset: str = "utf-8"
) -> Column:
    """A list of two pages; ``template`` holds {{rows}} of the page's entries and the pager behind them."""
    half = len(named) // 2
    bodies = [
        around(wrap(template, some) + pager, charset)
        for some, pager in zip((named[:half], named[half:]), pagers, strict=True)
    ]
    return Column(first, {first: (bodies[0], "text/html"), second: (bodies[1], "text/html")}, named, half)


def wrap(template: str, some: Sequence[Item]) -> str:
    before, _, rest = template.partition("[[")
    entry, _, after = rest.partition("]]")
    return before + rows(entry, some) + after


def interface(start: str, second: str, end: str, named: Sequence[Item], record: str, envelope: str) -> Column:
    """An interface of two pages and an empty one. In ``record`` and ``envelope`` <<x>> are fields."""
    half = len(named) // 2
    bodies = []
    for some in (named[:half], named[half:], []):
        listed = ",".join(fill(record, item) for item in some)
        bodies.append((envelope.replace("<<records>>", listed).encode(), "application/json"))
    return Column(start, dict(zip((start, second, end), bodies, strict=True)), named, half)


def fill(record: str, item: Item) -> str:
    known = {
        "t": item.title,
        "p": item.path,
        "d": str(item.day),
        "ms": str(item.stamp * 1000),
        "s": str(item.stamp),
        "id": str(4100 + item.number),
    }
    for name, value in known.items():
        record = record.replace(f"<<{name}>>", value)
    return record


def script(start: str, named: Sequence[Item], record: str, envelope: str) -> Column:
    listed = ",".join(fill(record, item) for item in named)
    return column(start, f'<div id="app"></div><script>{envelope.replace("<<records>>", listed)}</script>', named)


def paper(first: str, second: str, folder: str, article: str, page_link: str, entry: str) -> Column:
    """An issue of two pages. ``folder`` is where its articles stand."""
    named = [
        Item(i.number, i.title, folder + article.format(id=i.path, page=1 + i.number // 6), NEWEST)
        for i in items("{id}", 12)
    ]
    plan = "".join(page_link.format(name=path.rpartition("/")[2], n=n) for n, path in enumerate((first, second), 1))
    bodies = [
        f'<html><head><meta charset="utf-8"><title>清溪日报</title></head><body><div>{plan}</div><ul>{rows(entry, some)}</ul><a href="../19/{first.rpartition("/")[2]}">上一期</a></body></html>'
        for some in (named[:6], named[6:])
    ]
    return Column(
        first, {first: (bodies[0].encode(), "text/html"), second: (bodies[1].encode(), "text/html")}, named, 6
    )


def feed(
    path: str,
    body: str,
    named: Sequence[Item],
    kind: str = "text/xml",
    charset: str = "utf-8",
    dated: bool = True,
    titled: bool = True,
) -> Column:
    return Column(path, {path: (body.encode(charset), kind)}, named, len(named), dated, titled)


def boxes() -> Iterator[tuple[str, Column]]:
    """Lists whose entries are more than a link and a date."""
    some = items("/portal.php?mod=view&aid={id}")
    yield "discuz portal", two_pages(
        "/portal.php?mod=list&catid=2", "/portal.php?mod=list&catid=2&page=2", some,
        '<div class="bm_c xld">[[<dl class="bbda cl"><dt class="xs2"><a href="{p}" class="xi2">{t}</a></dt><dd class="xs2 cl">{cut}，记者从会上获悉...</dd><dd><label>分类: <a href="portal.php?mod=list&amp;catid=2" class="xi2">组工动态专栏</a></label> <span class="xg1"> {d} 09:10</span></dd></dl>]]</div>',
        ('<div class="pg"><strong>1</strong><a href="portal.php?mod=list&amp;catid=2&amp;page=2" class="nxt">下一页</a></div>', ""), "gbk")  # fmt: skip
    yield "dedecms", two_pages(
        "/a/jcdj/", "/a/jcdj/list_1_2.html", items("/a/jcdj/{d:%Y}/{d:%m%d}/{id}.html"),
        "<ul class='e2'>[[<li><b>[<a href='/a/jcdj/'>基层党建动态</a>]</b> <a href='{p}' class='title'>{t}</a> <span class='info'><small>日期：</small>{d} 09:12:33 <small>点击：</small>15</span><p class='intro'>{d:%m}月{d:%d}日，{t}...</p></li>]]</ul>",
        ("<ul class='pagelist'><li class='thisclass'>1</li><li><a href='list_1_2.html'>2</a></li><li><a href='list_1_2.html'>下一页</a></li></ul>", ""), "gb2312")  # fmt: skip
    yield "empirecms", two_pages(
        "/news/dj/", "/news/dj/index_2.html", items("/news/dj/{d}/{id}.html"),
        '<table class="box">[[<tr><td><img src="/a.gif">&nbsp;<a href="{p}" title="{t}">{cut}</a></td><td>{d}</td></tr>]]',
        ('<tr><td><b>1</b>&nbsp;<a href="/news/dj/index_2.html">2</a>&nbsp;<a href="/news/dj/index_2.html">下一页</a></td></tr></table>', "</table>"))  # fmt: skip
    yield "offices before the titles", column("/Category_12/Index.aspx", '<ul class="list">' + "".join(
        f'<li><span>{i.day:%m-%d}</span>[<a href="/Category_2{i.number % 4}/Index.aspx">县直机关工委第{i.number % 4}支部</a>] <a href="{i.path}" title="标题：{i.title}&#13;更新时间：{i.day}">{i.title}</a></li>'
        for i in items("/Item/{id}.aspx")) + "</ul>", items("/Item/{id}.aspx"))  # fmt: skip
    yield (
        "cards with tags",
        column(
            "/sp/",
            wrap(
                '[[<div class="thumbnail"><a href="{p}" class="img"><img src="/u/{n}.jpg"><span>高清</span></a><div class="caption"><p class="tt"><a href="{p}">{t}</a></p><p><a href="/tag/1.html">身边榜样系列</a><span>{d:%Y年%m月%d日}</span><span>浏览 {id}</span></p></div></div>]]',
                items("/video/{id}.html"),
            ),
            items("/video/{id}.html"),
        ),
    )
    yield (
        "leads in links",
        column(
            "/news/list",
            wrap(
                '[[<div class="card"><div class="hd"><a href="{p}">{t}</a></div><div class="bd"><a href="{p}">{m}月{day}日，{t}。会议强调，要坚持问题导向，压实工作责任，形成齐抓共管的工作格局，推动各项任务落地见效……</a><div>{d} 14:02 &nbsp; {id} 阅读</div></div></div>]]',
                items("/news/detail?id={id}"),
            ),
            items("/news/detail?id={id}"),
        ),
    )
    yield (
        "hashed classes",
        column(
            "/hash",
            "".join(
                f'<div class="css-1x{i.number}q sc-{i.number}ab"><div><a class="css-{i.number}zz" href="{i.path}"><div>{i.title}</div></a><time datetime="{i.day}T01:00:00Z">{i.number + 1}天前</time></div></div>'
                for i in items("/s/x{id}")
            ),
            items("/s/x{id}"),
        ),
    )
    yield (
        "a badge in the link",
        column(
            "/group",
            wrap(
                '<div class="list-group">[[<a class="list-group-item" href="{p}"><span class="badge">{d}</span>{t}</a>]]</div>',
                items("/p/{id}"),
            ),
            items("/p/{id}"),
        ),
    )


def dates() -> Iterator[tuple[str, Column]]:
    """Dates on leaves of a calendar, and over groups."""
    some = items("/info/1021/{id}.htm")
    yield (
        "day over month",
        column(
            "/a.htm",
            wrap(
                '<ul class="piclist">[[<li><a href="{p}"><div class="time"><span>{d:%d}</span><span>{d:%Y-%m}</span></div><div class="con"><h4>{t}</h4><p>{cut}……各支部抓好落实。</p></div></a></li>]]</ul>',
                some,
            ),
            some,
        ),
    )
    yield (
        "day over month in Chinese",
        column(
            "/b.htm",
            wrap(
                '<ul class="leaf">[[<li><div class="rq"><b>{d:%d}</b><i>{d.year}年{m}月</i></div><h3><a href="{p}">{t}</a></h3><div>摘要：{cut}。</div></li>]]</ul>',
                some,
            ),
            some,
        ),
    )
    yield (
        "day over month in English",
        column(
            "/c.htm",
            wrap(
                '<div class="xwzx">[[<a class="xw" href="{p}"><div><strong>{d:%d}</strong><span>{d:%b}.</span></div><div><div class="bt">{t}</div><div>{cut}要求……</div></div></a>]]</div>',
                some,
            ),
            some,
        ),
    )
    yield (
        "dates in brackets before",
        column("/d.htm", wrap('<div class="txt">[[<p>【{d:%m-%d}】<a href="{p}">{t}</a></p>]]</div>', some), some),
    )
    groups = "".join(
        f"<h3>{NEWEST - timedelta(days=k):%Y年%m月%d日}</h3><ul>{rows('<li><a href={p}>{t}</a></li>', some[2 * k : 2 * k + 2])}</ul>"
        for k in range(8)
    )
    yield "grouped under days", column("/e.htm", f'<div class="timeline">{groups}</div>', some)


def old_makes() -> Iterator[tuple[str, Column]]:
    """Tables without classes, frames, postbacks, clicks."""
    some = items("/NewsView.aspx?id={id}")
    table = "".join(
        f'<tr class="{"row" if i.number % 2 else "alt"}"><td><a href="{i.path}">{i.title}</a></td><td>{i.day.year}/{i.day.month}/{i.day.day} 9:05:01</td></tr>'
        for i in some
    )
    yield (
        "webforms",
        column(
            "/NewsList.aspx?cid=3",
            f"<form id=form1><table id=GridView1>{table}<tr><td><table><tr><td>1</td><td><a href=\"javascript:__doPostBack('GridView1','Page$2')\">下一页</a></td></tr></table></td></tr></table></form>",
            some,
        ),
    )
    some = items("/gb/content/{d:%Y-%m}/{d:%d}/content_{id}.htm")
    menu = "".join(f"<TR><TD><A href=/gb/node/{n}.htm>组织工作栏目导航第{n}项</A></TD></TR>" for n in range(1, 10))
    lines = rows(
        "<TR><TD height=22>·<A href={p}><FONT color=blue>{t}</FONT></A> <FONT color=gray>({d:%m/%d})</FONT></TD></TR>",
        some,
    )
    old = f'<HTML><META http-equiv=Content-Type content="text/html; charset=gb2312"><BODY><TABLE><TR><TD><TABLE>{menu}</TABLE></TD><TD><TABLE>{lines}</TABLE></TD></TR></TABLE></BODY></HTML>'
    yield (
        "tables without classes",
        Column("/gb/node/12.htm", {"/gb/node/12.htm": (old.encode("gbk"), "text/html")}, some, len(some)),
    )
    some = items("/old/view.asp?newsid={id}")
    inner = rows("<tr><td>◆ <a href='{p}'>{t}</a></td><td>{d.year}-{m}-{day}</td></tr>", some)
    frames = (
        '<html><frameset rows="90,*"><frame src="menu.htm"><frame src="list.asp?bid=2" name="main"></frameset></html>'
    )
    menu = "".join(f'<a href="list.asp?bid={n}">党建工作栏目{n}</a><br>' for n in range(8))
    yield (
        "frames",
        Column(
            "/old/",
            {
                "/old/": (frames.encode(), "text/html"),
                "/old/menu.htm": (menu.encode("gbk"), "text/html"),
                "/old/list.asp?bid=2": (f"<meta charset=gb2312><table>{inner}</table>".encode("gbk"), "text/html"),
            },
            some,
            len(some),
        ),
    )
    some = items("/home/n/{id}.html")
    onward = b'<html><head><meta http-equiv="refresh" content="0; url=/home/list.html"></head></html>'
    yield (
        "a page that refreshes",
        Column(
            "/go/",
            {
                "/go/": (onward, "text/html"),
                "/home/list.html": (
                    around(wrap("<ul class=u>[[<li><a href={p}>{t}</a><span>{d}</span></li>]]</ul>", some)),
                    "text/html",
                ),
            },
            some,
            len(some),
        ),
    )
    some = items("/onclick/show-{id}.html")
    yield (
        "links that open windows",
        column(
            "/onclick/",
            wrap(
                "<ul class=newsul>[[<li><a href='javascript:void(0);' onclick=\"window.open('{p}')\">{t}</a><span>{d}</span></li>]]</ul>",
                some,
            ),
            some,
        ),
    )
    yield (
        "entries that open by a click",
        column(
            "/m/",
            wrap(
                "<ul class=cells>[[<li onclick=\"window.location.href='{p}'\"><div>{t}</div><div>{d} 08:00</div></li>]]</ul>",
                some,
            ),
            some,
        ),
    )
    some = [
        Item(n, title, f"/st/{n + 101}.html", NEWEST)
        for n, title in enumerate(
            ("七一寄语", "党旗飘飘", "我的入党故事", "初心", "支部来了新人", "灯", "一张老照片", "父亲的党徽")
        )
    ]
    yield (
        "short titles",
        column("/st/", wrap("<ul class=wenyi>[[<li><a href={p}>{t}</a><span>{d}</span></li>]]</ul>", some), some),
    )


def turning() -> Iterator[tuple[str, Column]]:
    """Further pages behind a row of numbers, a button, a picture."""
    line = "<ul class=xw>[[<li><a href={p}>{t}</a> <i>{d}</i></li>]]</ul>"
    yield (
        "a row of numbers",
        two_pages(
            "/sel/",
            "/sel/p2.html",
            items("/sel/view_{id}.html"),
            line,
            (
                '<div>共2页 <b>1</b> <a href="/sel/p2.html">2</a></div>',
                '<div>共2页 <a href="/sel/">1</a> <b>2</b></div>',
            ),
        ),
    )
    yield (
        "a button for more",
        two_pages(
            "/lm/",
            "/lm/more_2.html",
            items("/lm/{id}.html"),
            line,
            ('<a class="load-more" href="javascript:;" data-url="/lm/more_2.html">点击加载更多</a>', ""),
        ),
    )
    yield (
        "a picture as link",
        two_pages(
            "/arts",
            "/arts?pn=2",
            items("/a/{id}"),
            line,
            ('<a href="/arts?pn=2" title="下一页"><img src="next.gif"></a>', ""),
        ),
    )


def state() -> Iterator[tuple[str, Column]]:
    """Pages that draw their list from data in a script."""
    yield (
        "initial state",
        script(
            "/channel/77",
            items("/detail/{id}"),
            '{"id":<<id>>,"title":"<<t>>","jumpUrl":"<<p>>","publishTime":"<<d>> 08:30:00","cover":"/img/<<id>>.jpg"}',
            'window.__INITIAL_STATE__={"nav":[{"title":"首页","url":"/1"},{"title":"要闻","url":"/2"},{"title":"学习","url":"/3"},{"title":"专题","url":"/4"}],"channel":{"list":{"records":[<<records>>]}}};',
        ),
    )
    yield (
        "next data",
        script(
            "/list/9",
            items("/news/{id}"),
            '{"articleId":<<id>>,"headline":"<<t>>","href":"<<p>>","publishedAt":<<ms>>}',
            '{"props":{"pageProps":{"data":{"articles":[<<records>>]}}}}',
        ),
    )
    yield (
        "a state of smaller script",
        script(
            "/lanmu/5",
            items("/article/{id}.html"),
            '{id:<<id>>,title:"<<t>>",url:"<<p>>",createTime:"<<d>> 09:00:00",author:a,top:!1}',
            'window.__NUXT__=(function(a,b){return {data:[{newsList:[<<records>>]}],error:void 0}}("清溪发布",null));',
        ),
    )
    yield (
        "addresses nested as text",
        script(
            "/jx/",
            items("/col/content_{id}.html"),
            '{"title":"<<t>>","pubDate":"<<d>>","urls":"{\\"common\\":\\"<<p>>\\",\\"pc\\":\\"<<p>>\\"}"}',
            'var listData = {"total":16,"articleList":[<<records>>]};',
        ),
    )


def interfaces() -> Iterator[tuple[str, Column]]:
    yield (
        "gkmlpt",
        interface(
            "/gkmlpt/api/all/0?page=1&sid=2",
            "/gkmlpt/api/all/0?page=2&sid=2",
            "/gkmlpt/api/all/0?page=3&sid=2",
            items("/content/post_{id}.html"),
            '{"id":<<id>>,"title":"<<t>>","url":"BASE<<p>>","date":<<s>>,"publisher":"县委组织部"}',
            '{"articles":[<<records>>],"classify":{"children":[]}}',
        ),
    )
    yield (
        "pages from 0",
        interface(
            "/es?q=&page=0",
            "/es?q=&page=1",
            "/es?q=&page=2",
            items("/p/{id}.shtml"),
            '{"docId":<<id>>,"docTitle":"<<t>>","docUrl":"BASE<<p>>","docRelTime":"<<d>> 09:00:00","updateTime":<<ms>>}',
            '{"content":[<<records>>]}',
        ),
    )
    yield (
        "jsonp with marked hits",
        interface(
            "/s.php?q=&p=1",
            "/s.php?q=&p=2",
            "/s.php?q=&p=3",
            items("/{d:%Y/%m/%d}/ARTI{id}.shtml"),
            '{"pubtime":"<<d>>","title":"<em><<t>></em>","url":"BASE<<p>>","brief":"摘"}',
            'callback_search({"searchVO":{"listVO":[<<records>>]}})',
        ),
    )
    some = items("/djyw/{id}.html")
    listed = ",".join(
        fill('{"title":"<<t>>","pub_date":"<<d>> 08:00:00","url":"BASE<<p>>","external_link":""}', i) for i in some
    )
    yield (
        "a variable",
        feed("/pageArticles.js", f"var _totalCnt=16;var MI4_PAGE_ARTICLE=[{listed}];", some, "application/javascript"),
    )
    posts = [
        {
            "id": i.number,
            "date": f"{i.day}T09:00:00",
            "link": f"BASE{i.path}",
            "title": {"rendered": i.title},
            "guid": {"rendered": f"BASE/?p={i.number}"},
        }
        for i in some
    ]
    yield "an array at the top", feed("/wp-json/posts", json.dumps(posts), some, "application/json")
    feed_items = [
        {"id": str(i.number), "url": f"BASE{i.path}", "title": i.title, "date_published": f"{i.day}T09:00:00+08:00"}
        for i in some
    ]
    yield (
        "json feed",
        feed(
            "/feed.json",
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": feed_items}),
            some,
            "application/feed+json",
        ),
    )


def maps() -> Iterator[tuple[str, Column]]:
    some = items("/n1/{d:%Y}/{d:%m%d}/c64-{id}.html")
    yield (
        "news sitemap",
        feed(
            "/news.xml",
            '<urlset xmlns:news="x">'
            + rows(
                "<url><loc>BASE{p}</loc><news:news><news:publication_date>{d}</news:publication_date><news:title>{t}</news:title></news:news></url>",
                some,
            )
            + "</urlset>",
            some,
        ),
    )
    urls = "<urlset>" + rows("<url><loc>BASE{p}</loc><lastmod>{d}</lastmod></url>", some) + "</urlset>"
    index = b"<sitemapindex><sitemap><loc>BASE/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>BASE/new.xml</loc><lastmod>2026-11-20</lastmod></sitemap></sitemapindex>"
    yield (
        "index of sitemaps",
        Column(
            "/index.xml",
            {
                "/index.xml": (index, "text/xml"),
                "/new.xml": (urls.encode(), "text/xml"),
                "/old.xml": (b"<urlset/>", "text/xml"),
            },
            some,
            len(some),
            titled=False,
        ),
    )
    yield "sitemap as text", feed("/sitemap.txt", "BASE/\n" + rows("BASE{p}\n", some), some, "text/plain", titled=False)
    yield (
        "rss 0.91",
        feed(
            "/091.xml",
            '<?xml version="1.0" encoding="gb2312"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss version="0.91"><channel><title>党建</title>'
            + rows("<item><title>{t}</title><link>BASE{p}</link></item>", some)
            + "</channel></rss>",
            some,
            charset="gbk",
        ),
    )


def papers() -> Iterator[tuple[str, Column]]:
    yield (
        "newspaper of old",
        paper(
            "/rb/html/2026-11/20/node_2.htm",
            "/rb/html/2026-11/20/node_3.htm",
            "/rb/html/2026-11/20/",
            "content_{id}.htm",
            "<a id=pageLink href=./{name}>第0{n}版：要闻</a>",
            "<li><a href={p}><div>{t}</div></a></li>",
        ),
    )
    yield (
        "newspaper of now",
        paper(
            "/pc/layout/202611/20/node_01.html",
            "/pc/layout/202611/20/node_02.html",
            "/pc/content/202611/20/",
            "content_{id}.html",
            '<a id="pageLink" href="{name}">0{n}版：要闻</a>',
            "<li><a href={p}>{t}</a></li>",
        ),
    )
    yield (
        "newspaper of another make",
        paper(
            "/gm/html/2026-11/20/nbs.D110000qxrb_01.htm",
            "/gm/html/2026-11/20/nbs.D110000qxrb_02.htm",
            "/gm/html/2026-11/20/",
            "nw.D110000qxrb_{id}-0{page}.htm",
            "<a id=pageLink href=./{name}>第0{n}版：要闻</a>",
            '<li><a href={p}><script>document.write(view(""))</script>{t}</a><a href=../images/{n}.pdf>PDF</a></li>',
        ),
    )
    yield (
        "newspaper of short names",
        paper(
            "/shtml/qxb/20261120/vA01.shtml",
            "/shtml/qxb/20261120/vA02.shtml",
            "/shtml/qxb/20261120/",
            "{id}.shtml",
            '<div class="page-title"><a href="{name}">A0{n}版：要闻</a></div>',
            "<li><a href={p}>{t}</a></li>",
        ),
    )


COLUMNS: dict[str, Column] = {
    name: made for make in (boxes, dates, old_makes, turning, state, interfaces, maps, papers) for name, made in make()
}

EMPTY: dict[str, bytes] = {
    "a list that is loaded later": around('<div id="list">数据加载中，请稍候……</div>'),
    "an article": around(
        f'<h1>{TITLES[3]}</h1><div class="info">来源：清溪日报 时间：2026-11-20</div><div><p>{TITLES[4]}。</p></div>'
    ),
}
