"""The words of Chinese bylines: labels and what follows them, surnames, and names that name nobody."""

from __future__ import annotations

import enum

__all__ = [
    "BARE",
    "BRANDS",
    "COMMON_SURNAMES",
    "EDGES",
    "FOLD",
    "LABELS",
    "NOBODY",
    "NOT_A_MEDIUM",
    "PLACES",
    "SURNAMES",
    "TWO_SURNAMES",
    "WEAK",
    "Kind",
]

# What stands around a value and belongs to no value.
EDGES = " \u3000\t\xa0\r\n\ufeff\u200b|｜丨,，;；、:：-—·/／>＞<"


class Kind(enum.Enum):
    """What kind of value follows a label."""

    MEDIUM = enum.auto()
    AUTHOR = enum.auto()
    WRITER = enum.auto()  # 执行: the author where nobody else is named
    PHOTO = enum.auto()
    EDITOR = enum.auto()
    CREDIT = enum.auto()
    DATE = enum.auto()
    UPDATED = enum.auto()  # another day than that of publication, which it stands for where no other is printed
    CLICKS = enum.auto()
    NOISE = enum.auto()


# A credit's role is its label, in simplified form and without blanks.
_WORDS: dict[Kind, str] = {
    Kind.MEDIUM: """
        来源 文章来源 稿件来源 信息来源 消息来源 新闻来源 内容来源 资料来源 本文来源 来源于 稿源 出处 转载自
        转自 摘自 文章出处 来源媒体 信源 来自 来源单位 来源网站 原文来源 稿件出处 新闻出处 文章来自 转发自 转载来源
        转载 原载 资讯来源 发布来源 本文转自 本文转载自 图文来源 文图来源 文稿来源 来源部门 来源渠道 文字来源
        文章来源于 本文来自 本文来源于 首发 首发于 本文首发于 出自 媒体 发布媒体 所属媒体
        文章转自 文章转载自 图文转自 内容转自 内容转载自 来源公众号 转自公众号 源自 本文源自 Source SOURCE
    """,
    Kind.AUTHOR: """
        作者 文章作者 本文作者 撰文 撰稿 记者 采写 文字 文 文图 文并图 图文 采访 采编 特约记者 见习记者 实习记者
        采访人员 执笔 实习生 评论员 特约评论员 采访撰文 采访整理 文稿 撰写 撰稿人 执笔人 原作者 写稿 采写人
        本报评论员 主笔 文字记者 报道 报导
    """,
    Kind.WRITER: """
        执行 整理 供稿人 投稿 投稿人 来稿 编写
    """,
    Kind.PHOTO: """
        摄影 摄 图 图片 供图 摄影报道 图片提供 照片 摄像
    """,
    Kind.EDITOR: """
        责任编辑 责编 编辑 选稿 责任编审 值班编辑 网络编辑 网编 本文编辑 本网编辑 见习编辑 实习编辑 新媒体编辑
        本期编辑 文字编辑 编辑整理 小编
        编辑人 责任编缉 版面编辑 执行编辑 微信编辑 图文编辑 栏目编辑 视频编辑 核稿编辑 值班责编
        当值编辑 主任编辑 助理编辑 轮值编辑 频道编辑 内容编辑 稿件编辑 文章编辑 网站编辑 在线编辑 特约编辑 首席编辑
        专题编辑 信息编辑 本站编辑 审核编辑 校对编辑 新闻编辑 发布编辑 初审编辑 复审编辑 终审编辑 当班编辑 见习责编
        实习责编 网页编辑 公众号编辑 统筹编辑 编辑校对 编辑审核 责编校对 编辑人员 责编人员 本文责编
        本文责任编辑 Editor EDITOR
    """,
    Kind.CREDIT: """
        审读 通讯员 策划 总策划 统筹 审核 校对 监制 总监制 终审 初审 复审 编审 一审 二审 三审 设计 制作 制图 剪辑
        视频 供稿 供稿单位 出品 主编 副主编 录入 录入员 上传 签发 信息员 编译 翻译 美编 版式 主播 海报 漫画 绘图
        责任校对 审校 审稿 发布人 发布单位 上传单位 发布机构 信息提供 值班主任 值班编委 编委 文案 导演 出镜 拍摄 发布者
        上传者 图片来源 来源图片 总值班 出品人 复核 审发 核稿 签审 责任审核 责任校审 编发 总编 文字整理 作者单位 单位
        值班 编排 核校 校核 排版 审定 审签 联合出品 技术 图片编辑 美术编辑 音频编辑 数据编辑 技术编辑 编校
        总编辑 副总编辑 值班总编辑 常务副总编辑 流程编辑
        素材来源 素材 译者 口述 供图单位 责任美编 供稿机构 选送 推荐 报送 报送单位 信息提供单位
    """,
    Kind.DATE: """
        发布时间 发布日期 发表时间 发表日期 时间 日期 发布于 发表于 发稿时间 信息时间 刊发时间 添加时间 录入时间
        上传时间 发布 公开日期 刊出日期 出版日期 见报日期
    """,
    Kind.UPDATED: """
        更新时间 更新日期 最后更新 修改时间 最近更新 成文日期 生成日期 印发日期 发文日期 创建时间
    """,
    Kind.CLICKS: """
        点击率 点击数 点击量 点击次数 点击 浏览次数 浏览量 浏览数 浏览 阅读次数 阅读量 阅读数 阅读 访问量
        访问次数 访问 人气 查看次数 查看 已浏览 本文点击 被阅读 次数 浏览人次
    """,
    Kind.NOISE: """
        字号 字体 字体大小 视力保护色 分享到 分享 打印 关闭 评论 我要评论 评论数 跟贴 选择字号 大中小 索引号
        主题词 关键词 标签 保护视力色 背景色 阅读字号 文章字体 栏目 所属栏目 稿件编号 发文字号 浏览字号 条评论
        主题分类 文号 有效性 标题 体裁分类 公开形式 公开方式 公开时限 公开范围 组配分类 内容分类 信息分类
    """,
}
LABELS: dict[str, Kind] = {word: kind for kind, words in _WORDS.items() for word in words.split()}

# Labels that stand without a colon ("记者 张丽", "责任编辑 某某"): a blank or a bar is enough.
BARE = frozenset(
    """
    来源 作者 撰文 撰稿 记者 见习记者 特约记者 实习记者 采写 文 图 文图 图文 摄影 摄影报道 供图 责任编辑 责编
    编辑 值班编辑 实习编辑 见习编辑 通讯员 策划 总策划 统筹 执行 审核 校对 监制 终审 初审 复审 一审 二审 三审
    设计 制图 剪辑 视频 主编 供稿 编审 美编 海报 漫画 文案 发布时间 发布日期 时间 日期 更新时间 发布于 点击 浏览
    阅读 字号 图片 签发 文字 编译 实习生 评论员 特约评论员 出品人 总监制 采访撰文 采访整理 文字整理 复核
    值班主任 责任校对 撰稿人 执笔 执笔人 原作者 本文编辑 本期编辑 网站编辑 网络编辑 微信编辑 新媒体编辑 文字编辑
    执行编辑 本网编辑 新闻编辑 核稿编辑 本文责编
    """.split()
)

# Words that are labels only at the start of a piece: inside a name or a sentence they are just words.
WEAK = frozenset(
    """
    文 图 摄 时间 日期 发布 点击 浏览 阅读 访问 查看 人气 次数 视频 设计 制作 采访 分享 打印 关闭 评论 标题 栏目
    单位 值班 技术 总编 编排 文稿 撰写 整理 来自 转载 原载 投稿 来稿 编写 口述 素材 推荐 报送 选送 小编 主笔
    首发 媒体 出自 报道 报导
    """.split()
)

# What content management systems and login forms print where a name should stand.
NOBODY = frozenset(
    """
    佚名 未知 不详 匿名 网络 互联网 本站 本网 本刊 本报 原创 转载 管理员 站长 无 暂无 网友 来源 作者 编辑 记者
    时间 综合 整理 小编 责编 摄影 发布 点击 浏览 字体 字号 网站 投稿 供稿 报道 综合报道 通讯 评论 采访 特约 实习
    见习 登录 注册 账号 密码 手机版 首页 微博 微信 关注 以上 作者简介 新闻 无名 游客 本文 系统 不明 admin
    administrator editor root null none undefined user 未署名 网站管理员 系统管理员 超级管理员 信息中心 本站编辑
    本站原创 robot newsroom guest test webmaster master 本台 本社 版面 责任 值班 发布者 信息员 整合 汇总 媒体 官方
    网编 运营 自媒体 平台 用户 会员 匿名用户 热心网友 某某
    """.split()
)

# Names of media that no ending shows.
BRANDS = frozenset(
    """
    澎湃 界面 财新 观察者 半月谈 求是 瞭望 虎嗅 第一财经 中国之声 学习强国 央视 凤凰 南都 新京报 央视新闻 澎湃新闻
    界面新闻 红星新闻 封面新闻 上观新闻 极目新闻 上游新闻 九派新闻 川观新闻 潮新闻 津云 齐鲁壹点 新华视点 人民论坛
    环球人物 南方周末 经济观察 红旗文稿 党建研究 每经
    """.split()
)

# 网易 prints where a medium is at home, 凤凰 and 百家号 where the account is: provinces and their capitals.
PLACES = frozenset(
    """
    北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州
    云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州
    南昌 济南 郑州 武汉 长沙 广州 海口 成都 贵阳 昆明 西安 兰州 西宁 呼和浩特 南宁 拉萨 银川 乌鲁木齐 深圳 青岛
    大连 宁波 厦门
    """.split()
)

# What stands behind 来源 and names no medium.
NOT_A_MEDIUM = frozenset(
    """
    网络 互联网 未知 不详 原创 转载 本站 本网 综合 其他 其它 网友 admin 佚名 本站原创 本网原创 网络转载 网络整理
    整理 互联网络 暂无 无 null 来源 作者 转自网络 管理员 本站整理 网上 编辑 点击 默认 本站编辑 其它媒体 其他媒体
    网络综合 综合网络 来源网络 来自网络 媒体 官方 自媒体 用户 网友投稿 投稿 读者投稿 none undefined 不明 佚名
    本站发布 本刊 本报 本台 本社
    """.split()
)

# The commonest surnames, Simplified and Traditional: about 99 in 100 people.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛"
    "邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝"
    "路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀郁胥南班储原栗燕"
    "楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈"
    "晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉"
    "冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由上皇诸东端張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蕭葉蘇呂盧鍾譚陸範賈韋鄒閻龍賀"
    "顧龔萬錢嚴湯溫龐顏莊聶魯關蘭單塗蓋藍遊祿闕饒車連婁衛應閔鄔邊師叢鄺談儲樓滿聞厲區權練豐國計雲來況銀賓歐"
)
# The hundred that four in five bear: names run together are told apart by these alone.
COMMON_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蕭葉蘇呂盧鍾譚陸範賈韋鄒龍賀顧龔萬錢嚴湯"
)
# Surnames of two characters.
TWO_SURNAMES = frozenset(
    """
    欧阳 歐陽 司马 司馬 上官 皇甫 慕容 诸葛 諸葛 东方 端木 令狐 尉迟 公孙 司徒 阿不 范姜 張簡 张简
    """.split()
)

# Traditional forms of the words above, one character each, so that offsets stay those of the line.
FOLD = str.maketrans(
    "來責編輯記攝發佈時間點擊閱讀訊員圖劃審對設計製視頻執導華網報實習處瀏覽錄載轉筆譯監撰繪導飛聞顆數電號體題採訪論資內據連結單機構類關鍵標籤∣▏│┃︱┆▕⎮",
    "来责编辑记摄发布时间点击阅读讯员图划审对设计制视频执导华网报实习处浏览录载转笔译监撰绘导飞闻颗数电号体题采访论资内据连结单机构类关键标签||||||||",
)
