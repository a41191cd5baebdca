"""Every source file is right, and finds its articles on pages made in the manner of its site."""

# The pages are written as such sites write them: in long lines.
# ruff: noqa: E501

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.declaration import Source, Verified
from connectors.failures import FailureKind, FetchError
from connectors.http import open_fetcher
from connectors.kinds import connector_for
from connectors.protocol import Answer, Request, Window
from connectors.register import DEFAULT_FOLDER, RegisterError, export_schema, load_register, single_page, source_table
from connectors.settings import FetchSettings
from tests.connectors.asking import discover, knows

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
REGISTER = load_register()


class OwnPages:
    """A fetcher that knows pages of our own making and nothing else."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = pages

    async def get(self, request: Request, source: Source) -> Answer:
        body = self._pages.get(request.url)
        if body is None:
            raise FetchError(FailureKind.HTTP_4XX, request.url, "status 404", source=source.slug, status=404)
        return Answer(request.url, request.url, 200, {}, body.encode(), NOW)


def links(*entries: tuple[str, str], around: str = "<div>{}</div>") -> str:
    return around.format("".join(f'<li><a href="{href}">{title}</a></li>' for href, title in entries))


NAVIGATION = '<a href="/">首页</a><a href="/GB/1/index.html">更多</a><a href="http://ad.example/x">广告</a>'
PEOPLE = NAVIGATION + links(
    ("/n1/2026/1121/c117092-40000001.html", "以高质量党建引领高质量发展"),
    ("http://politics.people.com.cn/n1/2026/1120/c1001-40000002.html", "一线党旗红"),
    ("/n1/2026/1121/c117092-40000001.html", "以高质量党建引领高质量发展"),
)
CCDI = '<ul class="list_news_dl2"><li><a href="./202611/t20261121_500001.html">深度关注 | 清风润初心</a><span class="more">2026-11-21</span></li></ul>'
QSTHEORY = """<div class="list-style1"><ul><li><a href="/laigao/ycjx/2026-11/20/c_1130000001.htm">支部建设的三个关键</a></li></ul></div>
<div class="text"><h2><a href="https://www.qstheory.cn/2026-11/19/c_1130000002.htm">把基层基础打牢</a></h2></div>"""
WCC = """<div class="page-title"><div class="title-text"><a href="/shtml/{code}/20261122/{second}.shtml">第2版</a></div></div>
<div id="E1"><ul class="title-list"><li><a href="/shtml/{code}/20261122/110001.shtml">院落里的先锋</a></li></ul></div>"""
EPAPER = """<div class="swiper-slide"><a id=pageLink href="{second}">02版</a></div>
<div class="news"><ul><li><a href="{article}">{title}</a></li></ul></div>"""

Manner = tuple[dict[str, str], list[str]]
MANNER: dict[str, Manner] = {
    "12371-zxfb": (
        {
            "https://www.12371.cn/zxfb/": "<ul id='SUBD1'></ul><script>var itemELMT01=[];itemELMT01=["
            "{'link_add':'https://www.12371.cn/2026/11/21/ARTI1795200000000001.shtml','title':'党员教育这样抓',"
            "'brief':'2026-11-21 07:25:32','content':''},{'link_add':'https://www.12371.cn/2026/11/21/"
            "VIDE1795200000000002.shtml','title':'视频','brief':'2026-11-21 07:25:32','content':''}];</script>"
        },
        ["党员教育这样抓"],
    ),
    "12371-dangnei-fagui": (
        {
            "https://search.12371.cn/service/xuexipingtaisearch.php?t=xuexipingtai&format=jsonp&q=党内法规&p=1": (
                'callback_search({"searchVO":{"totalcount":1,"listVO":[{"pubtime":"2026-11-01","title":'
                '"中国共产党<em class=\\"highlgt\\">支部</em>工作条例","url":'
                '"https://www.12371.cn/2026/11/01/ARTI1793500000000001.shtml","brief":""}]}});'
            )
        },
        ["中国共产党支部工作条例"],
    ),
    "people-dangjian": ({"http://dangjian.people.com.cn/": PEOPLE}, ["以高质量党建引领高质量发展", "一线党旗红"]),
    "people-cpc": ({"http://cpc.people.com.cn/": PEOPLE}, ["以高质量党建引领高质量发展", "一线党旗红"]),
    "people-politics-rss": (
        {
            "http://www.people.com.cn/rss/politics.xml": "<rss version='2.0'><channel><title>时政</title><item><title>组织部门"
            "回应关切</title><link>http://politics.people.com.cn/n1/2026/1121/c1001-40000003.html</link>"
            "<pubDate>2026-11-21</pubDate></item></channel></rss>"
        },
        ["组织部门回应关切"],
    ),
    "people-search-dangjian": (
        {
            "http://search.people.cn/search-platform/front/search": json.dumps(
                {"data": {"records": [{"title": "<em>党</em><em>建</em>引领", "displayTime": 1795200000000, "originName": "人民网",
                 "url": "http://sc.people.com.cn/n2/2026/1121/c345167-40000004.html"}]}}
            )
        },
        ["党建引领"],
    ),
    "people-sitemap": (
        {
            "http://www.people.cn/sitemap_index.xml": "<sitemapindex><sitemap><loc>http://www.people.cn/s1.xml</loc></sitemap>"
            "</sitemapindex>",
            "http://www.people.cn/s1.xml": "<urlset><url><loc>http://cpc.people.com.cn/n1/2026/1121/c1-5.html</loc></url>"
            "<url><loc>http://sports.people.com.cn/n1/2026/1121/c1-6.html</loc></url></urlset>",
        },
        ["http://cpc.people.com.cn/n1/2026/1121/c1-5.html"],
    ),
    "qizhiwang": (
        {
            "http://www.qizhiwang.org.cn/GB/422352/422364/index.html": links(("/n1/2026/1121/c422364-40000007.html", "机关党建一线观察")),
            "http://www.qizhiwang.org.cn/GB/422352/422364/index2.html": links(("/n1/2026/1101/c422364-40000008.html", "模范机关")),
        },
        ["机关党建一线观察", "模范机关"],
    ),
    "dangjian-cn": (
        {
            "http://www.dangjian.cn/mi4-rest-api/pageArticles.js?wbId=91&subjectId=&page=1&limit=25&title=": (
                'var _totalCnt=1;//总数量\nvar MI4_PAGE_ARTICLE = [{"title":"铸魂育人","pub_date":"2026-11-20 10:29","miOrigin":'
                '"《支部生活》","url":"http://www.dangjian.cn/xccs/2026/11/20/detail_202611207800001.html","external_link":""}]'
            )
        },
        ["铸魂育人"],
    ),
    "wenming": (
        {
            "http://www.wenming.cn/": NAVIGATION
            + links((f"/20261121/{'0b' * 16}/c.html", "志愿服务进社区"), ("http://hebei.wenming.cn/202611/t20261120_123.shtml", "文明实践"))
        },
        ["志愿服务进社区", "文明实践"],
    ),
    "qstheory-cpc": ({"https://www.qstheory.cn/cpc/index.htm": QSTHEORY}, ["支部建设的三个关键", "把基层基础打牢"]),
    "qstheory-qswp": ({"https://www.qstheory.cn/qswp.htm": QSTHEORY}, ["支部建设的三个关键", "把基层基础打牢"]),
    "news-cn-politics": (
        {
            "https://www.news.cn/politics/": NAVIGATION
            + links((f"/politics/20261121/{'0a' * 16}/c.html", "新时代的基层治理"), ("/politics/leaders/index.htm", "领导人"))
        },
        ["新时代的基层治理"],
    ),
    "ccdi-yaowenn": ({"https://www.ccdi.gov.cn/yaowenn/": CCDI}, ["深度关注 | 清风润初心"]),
    "ccdi-toutiaon": ({"https://www.ccdi.gov.cn/toutiaon/": CCDI}, ["深度关注 | 清风润初心"]),
    "ccdi-pln": ({"https://www.ccdi.gov.cn/pln/": CCDI}, ["深度关注 | 清风润初心"]),
    "gov-cn-yaowen": (
        {
            "https://www.gov.cn/yaowen/liebiao/": '<div class="news_box"><div class="list"><ul><li><h4><a href="/yaowen/liebiao/'
            '202611/content_7000001.htm">国务院常务会议</a><span>2026-11-21</span></h4></li><li class="line"></li></ul></div></div>'
        },
        ["国务院常务会议"],
    ),
    "gov-cn-zhengce": (
        {
            "https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary&q=基层党建&p=0&n=20": json.dumps(
                {"searchVO": {"catMap": {"gongwen": {"listVO": [{"title": "关于加强<em>基层</em>治理的意见",
                 "url": "https://www.gov.cn/zhengce/202611/content_7000002.htm", "pubtimeStr": "2026.11.20"}]},
                 "bumenfile": {"listVO": []}}}}
            )
        },
        ["关于加强基层治理的意见"],
    ),
    "banyuetan": (
        {"http://www.banyuetan.org/": NAVIGATION + links(("/jczl/detail/20261121/1000200033134990001_1.html", "基层减负观察"))},
        ["基层减负观察"],
    ),
    "xuexi-important-news": (
        {
            f"https://www.xuexi.cn/lgdata/1jscb6pu1n2.json?_st={int(NOW.timestamp() // 60)}": json.dumps(
                [{"title": "重要论述", "url": "https://www.xuexi.cn/lgpage/detail/index.html?id=1", "publishTime": "2026-11-21 08:00:00"}]
            )
        },
        ["重要论述"],
    ),
    "thecover-chengdu": (
        {"https://www.thecover.cn/channel_3560": '<div><a class="link-to-article" href="/news/abcDEF1=">社区合伙人</a></div>'},
        ["社区合伙人"],
    ),
    "huaxi-shequ-bao": (
        {
            "https://www.wccdaily.com.cn/shtml/hxdsbsq/20261122/vE1.shtml": WCC.format(code="hxdsbsq", second="vE2"),
            "https://www.wccdaily.com.cn/shtml/hxdsbsq/20261122/vE2.shtml": WCC.format(code="hxdsbsq", second="vE2"),
        },
        ["院落里的先锋"],
    ),
    "huaxi-dushi-bao": (
        {"https://www.wccdaily.com.cn/shtml/hxdsb/20261122/va01.shtml": WCC.format(code="hxdsb", second="va01")},
        ["院落里的先锋"],
    ),
    "renmin-ribao": (
        {
            "http://paper.people.com.cn/rmrb/pc/layout/202611/22/node_01.html": EPAPER.format(
                second="node_02.html", article="../../../content/202611/22/content_30000001.html", title="头版文章"
            ),
            "http://paper.people.com.cn/rmrb/pc/layout/202611/22/node_02.html": EPAPER.format(
                second="node_02.html", article="../../../content/202611/22/content_30000002.html", title="二版文章"
            ),
        },
        ["头版文章", "二版文章"],
    ),
    "guangming-ribao": (
        {
            "https://epaper.gmw.cn/gmrb/html/2026-11/22/nbs.D110000gmrb_01.htm": EPAPER.format(
                second="nbs.D110000gmrb_01.htm", article="nw.D110000gmrb_20261122_1-01.htm", title="光明时评"
            )
        },
        ["光明时评"],
    ),
    "hebei-xianfeng": ({"http://www.hebgcdy.com/": links(("/2026/11/21/12345.html", "燕赵先锋"), ("/djzx/", "更多"))}, ["燕赵先锋"]),
    "guizhou-xianfeng": (
        {"http://www.ddcpc.cn/": links(("/news/202611/t20261121_123456.shtml", "黔中先锋"), ("/2020/zt/", "专题"))},
        ["黔中先锋"],
    ),
    "gansu-jyt": (
        {
            "http://jyt.gansu.gov.cn/jyt/c110634/zwgklist.shtml": "<ul><!--<li><a href='/jyt/c110634/202611/170000001.shtml'>"
            "关于做好工作的通知</a><span>2026-11-20</span></li>--></ul><script>createPageHTML('page_div',1,1,'zwgklist','shtml',1);"
            "</script>"
        },
        ["关于做好工作的通知"],
    ),
    "jiangsu-gxt": (
        {
            "https://gxt.jiangsu.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=25&perpage=25": "<datastore>"
            "<totalrecord>1</totalrecord><recordset><record><![CDATA[<li><a href='/art/2026/11/9/art_80179_1.html' "
            "title='关于公布名单的通知'>关于公布...</a><b>2026-11-09</b></li>]]></record></recordset></datastore>"
        },
        ["关于公布名单的通知"],
    ),
    "jiangxi-sthjt": (
        {
            "http://sthjt.jiangxi.gov.cn/queryList": json.dumps(
                {"data": {"results": [{"source": {"title": "生态党建", "pubDate": "2026-11-20",
                 "urls": '{"pc": "/jxssthjt/col/col42150/content/content_1.html"}'}}]}}
            )
        },
        ["生态党建"],
    ),
    "rsshub-12371": (
        {
            "http://localhost:1200/12371/zxfb": "<rss version='2.0'><channel><title>x</title><item><title>党员教育这样抓</title>"
            "<link>https://www.12371.cn/2026/11/21/ARTI1795200000000001.shtml</link></item></channel></rss>"
        },
        ["党员教育这样抓"],
    ),
    "wechat-feeds": (
        {
            "http://localhost:4000/feeds/all.rss": "<rss version='2.0'><channel><title>x</title><item><title>村里的党课</title>"
            "<link>https://mp.weixin.qq.com/s?__biz=M&amp;mid=1&amp;idx=1&amp;sn=a</link></item></channel></rss>"
        },
        ["村里的党课"],
    ),
}  # fmt: skip


def test_the_register_has_no_mistakes() -> None:
    REGISTER.raise_for_mistakes()
    assert len(REGISTER.sources) >= 25


def test_no_file_claims_to_be_tried_on_the_real_site() -> None:
    assert {source.verified for source in REGISTER.sources.values()} <= {
        Verified.FROM_PUBLISHED_STRUCTURE,
        Verified.OWN_PAGE,
    }


def test_every_file_has_a_page_in_the_manner_of_its_site() -> None:
    assert MANNER.keys() == REGISTER.sources.keys()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_table_of_sources_in_the_readme_is_up_to_date(name: str) -> None:
    """If not: python scripts/write_register.py"""
    text = (DEFAULT_FOLDER.parent.parent / name).read_text("utf8")
    assert source_table(REGISTER) in text


@pytest.mark.parametrize("slug", sorted(REGISTER.sources))
async def test_a_source_finds_its_articles_on_pages_in_the_manner_of_its_site(slug: str) -> None:
    source = REGISTER.sources[slug]
    pages, expected = MANNER[slug]
    found = await connector_for(source).discover(source, OwnPages(pages), knows(), Window(NOW), {})
    assert [c.hints.title or c.url for c in found.candidates] == expected
    assert not found.failed


@pytest.mark.parametrize("source", REGISTER.sources.values(), ids=REGISTER.sources)
def test_a_source_is_a_short_file_with_reasons(source: Source) -> None:
    lines = (DEFAULT_FOLDER / f"{source.slug}.yaml").read_text("utf8").splitlines()
    assert len(lines) <= 32
    assert lines[1].startswith("# ")
    assert all(rules.platform for rules in source.rules) or source.platform is None


async def test_without_a_network_every_source_fails_fast_with_one_line() -> None:
    async def nobody(host: str, port: int) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    async with open_fetcher(FetchSettings(), resolver=nobody) as fetcher:
        for source in REGISTER.enabled:
            found = await discover(source, fetcher)
            assert found.failed
            error = found.reads[0].error
            assert error is not None
            assert error.kind is FailureKind.DNS
            assert "\n" not in str(error)


# -- mistakes --------------------------------------------------------------------------------------------------------

GOOD = "name: 试\nverified: live\ndiscover:\n  kind: list\n  urls: [http://a.cn/]\n"
MISTAKES = [
    ("name: 试\nverified: live\n", 1, "discover", "missing"),
    (GOOD.replace("live", "sometimes"), 2, "verified", "from-published-structure"),
    (GOOD + "  colour: red\n", 6, "discover.colour", "no such setting"),
    (GOOD + "  item: 'li['\n", 6, "discover.item", "CSS selector"),
    (GOOD + "  accept: ['(']\n", 6, "discover.accept.0", "regular expression"),
    (GOOD.replace("http://a.cn/", "a.cn"), 5, "discover.urls.0", "http://"),
    (GOOD.replace("kind: list", "kind: magic"), 3, "discover", "magic"),
    (GOOD + "  pages: {style: numbered}\n", 6, "discover.pages", "{n}"),
    (GOOD + "pace: {delay: -1}\n", 6, "pace.delay", "greater than or equal to 0"),
    (GOOD + "article:\n  - titel: [h1]\n", 7, "article.0.titel", "no such setting"),
    (GOOD + "article:\n  - title: [h1]\n    body: ['#a', 'div.wrong[']\n", 8, "article.0.body.1", "CSS selector"),
    (GOOD + "article:\n  - title: h1\n", 7, "article.0.title", "expected a list"),
    (GOOD + "name: 又\n", 6, "name", "line 1 already"),
    (GOOD + "limits:\n  pages: 3\n  pages: 4\n", 8, "pages", "line 7 already"),
    (GOOD + "slug: other\n", 6, "slug", "name of the file"),
    ("name: [\n", 2, "", "plain YAML"),
    (GOOD + "? [a, b]\n: 1\n", 6, "", "plain YAML"),
    (GOOD + "note: &here [*here]\n", 6, "note", "valid string"),
    ("a: !!python/object:os.system {}\n", 1, "", "plain YAML"),
    ("- just\n- a list\n", 1, "", "name: value"),
    ("", 1, "", "name: value"),
]


@pytest.mark.parametrize(("text", "line", "place", "expected"), MISTAKES)
def test_a_mistake_is_reported_with_line_and_what_was_expected(
    tmp_path: Path, text: str, line: int, place: str, expected: str
) -> None:
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    register = load_register(tmp_path)
    assert list(register.sources) == ["good"]
    (mistake,) = register.mistakes
    assert (mistake.line, mistake.place) == (line, place)
    assert expected in mistake.expected
    with pytest.raises(RegisterError, match="site"):
        register.raise_for_mistakes()


@pytest.mark.parametrize("name", ["Bad.yaml", "共产党员.yaml", "a_b.yaml"])
def test_the_name_of_a_file_is_a_plain_slug(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    assert "small ASCII letters" in load_register(tmp_path).mistakes[0].expected


def test_a_file_that_would_be_passed_over_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text(GOOD, encoding="utf-8")
    [mistake] = load_register(tmp_path).mistakes
    assert (mistake.file.name, mistake.expected) == ("site.yml", "expected the name site.yaml")


def test_the_schema_for_editors_is_that_of_the_program() -> None:
    written = (DEFAULT_FOLDER / "schema.json").read_text("utf8")
    assert written == export_schema(), "run: python scripts/write_register.py"
    assert "slug" not in json.loads(written)["required"]


def test_a_single_address_is_a_source_of_its_own() -> None:
    assert single_page("http://a.cn/1.html").discover.kind == "page"


def test_the_table_for_people_has_a_line_for_every_source() -> None:
    table = source_table(REGISTER)
    assert all(f"(`{slug}`)" in table for slug in REGISTER.sources)
