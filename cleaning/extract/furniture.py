"""Lines that belong to the page and not to the article: navigation, sharing, copyright, related stories."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaning.starts import Starting

__all__ = ["is_furniture", "is_promotion", "starts_tail"]

MAX_FURNITURE = 160  # characters; a longer line is only furniture if it is a copyright notice
LONGEST_FOOTER = 400

# Whole lines. Both scripts.
_WHOLE = re.compile(
    r"^[\s【\[（(<《>|｜·•\-—+\d.、]*(?:"
    r"扫一扫.{0,20}|扫码.{0,20}|微信扫.{0,24}|长按.{0,20}|打印(?:本[页文稿])?|关闭(?:窗口|本页|此页)?|"
    r"(?:【?(?:打印|关闭|收藏|顶部|返回)(?:本[页文稿]|窗口|此页)?】?[ |]*)+|"
    r"返回(?:顶部|首页|列表|上页|上一页)?|分享(?:到|至)?.{0,30}|转发(?:至|到)?.{0,6}|"
    r"字[体号體號]?[:：]?[\s\[【]*[大小中特][\s\]】|]*[大中小].{0,8}|[大中小]|A[+\-]|T\|?T|"
    r"(?:上|下)一[篇页条頁則][:：]?.{0,80}|(?:前|后|後)一[篇页条則][:：]?.{0,60}|上一则.{0,60}|"
    r"我要(?:评论|纠错|留言|分享).{0,10}|纠错|"
    r"(?:点击)?(?:查看|阅读)(?:更多|全文|原文).{0,8}|更多(?:>>|»|\.\.\.|…)?.{0,3}|"
    r"(?:设为|設為)(?:首页|首頁)|加入收藏|点击(?:进入|收听).{0,20}|"
    r"首页|首頁|(?:您)?(?:当前|現在|现在|目前)?(?:的)?(?:所在)?位置[:：]?.{0,80}|Play Video.{0,10}|"
    r"Loading.{0,20}|加载中.{0,6}|"
    r"(?:本页|本文)?(?:浏览|点击|阅读|访问)(?:次数|量|数)?[:：]\s*\d*\s*次?|打印 ?(?:\||｜)? ?关闭|相关附件.{0,6}|"
    r"(?:已有)?\d*\s*(?:人|条|個|个)?(?:参与|评论|跟贴|回應|推文|人点赞)\s*\d*|点赞.{0,8}|赞\s*\d*|收藏.{0,6}|举报|"
    r"微博|微信|QQ空间|腾讯微博|新浪微博|朋友圈|复制链接|人人网|手机看新闻|(?:请)?(?:输入)?验证码.{0,20}|"
    r"登录|注册|登[录錄入].{0,10}|網友評論.{0,20}|网友评论.{0,20}|友情[链連][接結].{0,10}|"
    r"关键词[:：].{0,60}|关键字[:：].{0,60}|標籤[:：].{0,80}|标签[:：].{0,80}|"
    r"点击?(?:上方|下方)?[“\"]?蓝字[”\"]?.{0,12}|(?:THE )?END|"
    r"用户名[:：].{0,12}密码[:：]?.{0,12}|.{0,12}登[录錄入]后.{0,8}(?:评论|发言|留言).{0,4}|"
    r"[您你](?:觉得|认为).{0,14}(?:怎么样|有帮助吗?|满意吗?)[？?]?|(?:(?:很?好|一般|很?差|不?满意|有用|没用)\s*[(（]?\d+[)）]?\s*){2,5}|"
    r"播报|语音播报|展开|收起|展开收起|展开全文|收起全文|广告|廣告|听新闻|查看(?:图集|大图|原图|图片)|[上下]一张|时长[:：]\s*\d\d:\d\d|"
    r"\+1|》+|>>+|\||更多精彩.{0,24}"
    r")[\s】\]）)>》|｜\-—]*$"
)
# Anywhere in the line: words that only stand in footers. Each begins with a letter of its own, not with a set of
# them: a search for letters is several times faster.
_FOOTER = re.compile(
    r"版权所有|版權所有|Copyright|copyright|COPYRIGHT|All [Rr]ights [Rr]eserved|ICP[备備证證]|"
    r"公网安备(?<=[京沪粤津渝苏浙鲁豫鄂湘川]公网安备)|网站标识码|"
    r"互联网新闻信息服务许可|增值电信业务|未经.{0,12}(?:书面)?(?:授权|许可).{0,10}(?:不得|禁止|转载)|"
    r"请勿转载|著作權所有|版權為|不得轉載|"
    r"(?:主办|承办)(?:单位)?[:：].{2,40}(?:地址|邮编|电话|技术支持|维护)[:：]|"
    r"建议使用.{0,12}(?:浏览器|分辨率)|技术支持[:：]|网站地图|主办单位?[:：]|承办单位?[:：]|"
    r"违法和不良信息举报|举报(?:电话|邮箱)[:：]|"
    r"您的(?:浏览器|IE).{0,12}版本|网站声明|免责声明|本网站所刊载|凡本网注明|凡本报记者署名|经授权转载|"
    r"侵权必究|转载请注明|"
    r"本站(?:所有)?内容.{0,10}转载|"
    r"仅代表作者(?:本人)?(?:个人)?观点|与本(?:网|站|报)?无关|不代表本(?:网|站|报)|投资者据此操作|"
    r"文章内容仅供参考|风险自担|联系我们.{0,20}(?:网站地图|关于)|"
    r"关于我们.{0,20}联系我们|声明[:：].{0,80}(?:登载|刊载|转载|版权)|特别声明|郑重声明"
)
# From here on nothing is the article any more.
_TAIL = re.compile(
    r"^[\s【\[（(<《>|｜·•▌■◆●★☆▲►▼\-—+]*(?:"
    r"相关(?:阅读|新闻|报道|链接|文章|专题|推荐|内容|资讯|信息|稿件|博文|视频|图集|导读|文档|热词|微博|话题|搜索)|"
    r"相關(?:新聞|報導|文章|閱讀|連結|報道|資訊|內容|訊息|主題)|延伸阅读|延伸閱讀|"
    r"推荐(?:阅读|新闻|文章|视频|内容|图文|图集|给好友)?|推薦(?:閱讀|新聞|文章)|为您推荐|为你推荐|"
    r"猜你喜欢|热门(?:推荐|新闻|文章|评论|排行|图集|点击|视频|关键词|阅读|资讯|点阅)|"
    r"熱門(?:新聞|文章|點閱|點擊|推薦|話題)|"
    r"热点(?:推荐|新闻|图片|排行)|"
    r"新闻(?:排行|推荐|热点|图片)|精彩(?:推荐|图集|图片|专题)|图片(?:新闻|推荐)|"
    r"最新(?:新闻|文章|资讯|消息|评论|图集)|今日(?:推荐|热点)|网友(?:评论|留言)|網友(?:評論|回應|留言)|"
    r"发表评论|發表評論|我要评论|"
    r"(?:最新|热门|精彩|全部|查看|所有|已有)?\d*条?评论(?:列表|区|\(\d+\))?|暂无评论|我来说两句|"
    r"分享(?:到|至)[:：]?|编辑推荐|編輯推薦|小编推荐|更多新闻|更多報導|更多相关|其他(?:新闻|文章)|"
    r"看过本文的人还看过|大家都在看|还看了|你可能(?:还)?(?:喜欢|感兴趣)|您可能(?:还)?感兴趣|排行榜|"
    r"点击排行|阅读排行|新闻链接|热门话题|往期(?:回顾|精彩|推荐)|"
    r"扫描二维码|关注(?:我们|官方微信|公众号)|(?:上|下)一篇|本文(?:关键词|标签)|专题推荐|频道精选|"
    r"精选(?:推荐|图片|视频)|头条推荐|跟[贴帖]|延伸新聞|看更多|你可能[還还]想看|[您你]可能也?(?:感興趣|"
    r"感兴趣)|跟贴区.{0,16}|发贴区.{0,16}|【?有?\d*人参与】?|推荐阅读|你可能會喜歡|加入.{0,8}粉絲團"
    r")[\s】\]）)>》|｜:：\-—\d…]{0,8}(?:更多[>》]*)?$"
)


# The site speaks of itself behind the story.
_PROMOTION = Starting.of(
    r"(?i)(?:Facebook|臉書|脸书|Google ?(?:\+|plus)|微信公众号|官方微信|官方微博|LINE|Instagram|YouTube|APP|"
    r"客户端|客戶端).{0,60}"
    r"(?:專頁|粉絲|关注|關注|Like|按讚|下载|下載|订阅|訂閱|follow|扫码|搜索)|(?:关注|關注|下载|下載|"
    r"扫描).{0,20}(?:微信|公众号|客户端|二维码|APP)",
    first="(?i)[FGLIYA臉脸微官客关關下扫]",
)


def is_promotion(text: str) -> bool:
    """Whether a line at the end of a text advertises the site's own channels."""
    return len(text) <= 200 and _PROMOTION.search(text) is not None


def is_furniture(text: str) -> bool:
    """Whether a line is never part of a story."""
    return len(text) <= LONGEST_FOOTER and _is_furniture(text)


# Asked several times for each line; and the navigation of a site is the same on all of its pages.
@lru_cache(maxsize=4096)
def _is_furniture(text: str) -> bool:
    return (len(text) <= MAX_FURNITURE and _WHOLE.match(text) is not None) or _FOOTER.search(text) is not None


def starts_tail(text: str) -> bool:
    """Whether a line opens the part after the article: 相关阅读, 网友评论, 热门推荐."""
    return len(text) <= 40 and _TAIL.match(text) is not None
