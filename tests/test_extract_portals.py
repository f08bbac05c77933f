"""What portals, their papers and their blogs put around an article in Chinese."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TITLE = "示例市图书馆延长开放时间"
TEXT = (
    "<p>示例市图书馆近日调整开放时间，各阅览室周末延长两小时，方便读者在工作之余借阅图书，受到市民欢迎。</p>"
    "<p>据介绍，调整之后，少儿阅览室每天开放十小时，自习室开放十四小时，周一照常闭馆，节假日另行通知。</p>"
)
MORE = "<p>馆方表示，下一步还将增设自助借还设备，并与学校合作开展阅读推广活动，让更多人走进图书馆。</p>" * 7
LAST = "节假日另行通知。</p>"


def read(
    *, way: str = "", facts: str = "<div>2024-05-06 10:22</div>", first: str = "", end: str = "", below: str = ""
) -> Fields:
    html = (
        f'<html><head><meta charset="utf-8"><title>{TITLE}_示例网</title></head><body><div>{way}</div>'
        f"<div class=wrap><h1>{TITLE}</h1>{facts}<div class=content>{first}{TEXT}{end}</div>{below}</div></body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("责任编辑：张明远_NS4215", "张明远"),
        ("责任编辑：张明远_zhangmy", "张明远"),
        ("编辑|张明远 语音|李思齐 剪辑|王晓晴", "张明远"),
    ],
)
def test_account_of_an_editor_and_the_next_role_are_no_part_of_the_name(line: str, editor: str) -> None:
    assert read(below=f"<p>{line}</p>").editor == editor


@pytest.mark.parametrize(
    "line",
    [
        "【免责声明】本文仅代表作者本人观点，与示例网无关。示例网站对文中陈述、观点判断保持中立，请读者仅作参考。",
        "广告声明：文内含有的对外跳转链接，用于传递更多信息，结果仅供参考，所有文章均包含本声明。",
        "该文观点仅代表作者本人，示例平台仅提供信息存储空间服务。",
        "本文属于原创文章，如若转载，请注明来源：示例网。",
        "图文直播，欢迎您发表有价值的评论，发布广告和不和谐的评论都将会被删除，您的账号将禁止评论。",
        "提示：微信扫一扫 分享到您的朋友圈",
        "点击进入专题：",
        "听新闻",
        "关注示例财经（shili），获取更多机会",
        "写评论",
        "举报/反馈",
    ],
)
def test_notice_of_a_portal_is_no_text(line: str) -> None:
    assert read(end=f"<p>{line}</p>").body.endswith(LAST)


def test_pages_of_an_article_and_pictures_of_other_things_below_it_are_no_text() -> None:
    other = "<p>分页导航：</p><ul><li>第01页：外形</li><li><a href=2.html>第02页：内饰</a></li></ul>"
    body = read(end=f'{other}<h3>热门车型推荐</h3><p><img src="/1.jpg" alt="示例车型"></p>').body
    assert body.endswith(LAST)


def test_what_is_told_below_a_text_is_read_where_more_stands_behind_it() -> None:
    told = "<p>本文来源：示例日报 作者：张明远 责任编辑：李思齐</p>"
    more = "<h3>热门推荐</h3>" + "".join(f"<p><a href=/{number}.html>示例车型{number}</a></p>" for number in range(8))
    fields = read(end=told + more)
    assert (fields.authors, fields.editor) == (("张明远",), "李思齐")


def test_word_for_the_editor_with_nobody_behind_it_names_nobody() -> None:
    assert read(end="<p>返回示例网，查看更多</p><p>责任编辑：</p>").editor == ""


@pytest.mark.parametrize(
    "line",
    [
        "本文来自微信公众号<a href=/s>“书店观察”（ID：shudian）</a>，作者：方圆圆，编辑：蒋欣，示例网经授权发布。",
        "本文首发于微信公众号<a href=/s>书店观察（ID：shudian）</a>，作者：方圆圆，题图来自：视觉示例，经授权发布。",
    ],
)
def test_line_that_tells_where_a_text_was_first_names_its_author(line: str) -> None:
    assert read(first=f"<p>{line}</p>", end=MORE).authors == ("方圆圆",)


def test_author_that_a_page_marks_goes_before_what_he_tells_of_himself() -> None:
    box = (
        '<div class="AuthorInfo" itemprop="author" itemscope><meta itemprop="name" content="赵小满">'
        '<span class=UserLink><a href="/p/z">赵小满</a></span>'
        '<div class="AuthorInfo-badge"><div class=ztext>读书人，写书评</div></div></div>'
    )
    assert read(facts=box, below="<div>编辑于 2024-05-06 10:22・IP 属地北京</div>").authors == ("赵小满",)


def test_account_beside_an_author_is_no_part_of_the_name() -> None:
    facts = (
        "<div><em class=rich_media_meta_text>2024-05-06</em> <em class=rich_media_meta_text>闲云野鹤</em>"
        " <a class=rich_media_meta_nickname>示例发布</a>"
        ' <span class="rich_media_meta_text rich_media_meta_nickname">示例发布</span></div>'
    )
    fields = read(facts=facts)
    assert (fields.authors, fields.origins) == (("闲云野鹤",), ("示例发布",))


@pytest.mark.parametrize("stroke", ["来自 / 示例早报", "来源 / 示例早报"])
def test_stroke_between_spaces_is_a_colon(stroke: str) -> None:
    assert read(facts=f"<div>2024-05-06 10:22</div><h4>文 / 陈丽芬</h4><h4>{stroke}</h4>").origins == ("示例早报",)


def test_reporter_behind_the_bracketed_name_of_the_paper() -> None:
    assert read(first="<p>【示例新网】（记者 程思）示例市图书馆又有新消息，阅览室周末延长两小时开放。</p>").authors == (
        "程思",
    )


def test_time_that_a_blog_tells_below_its_text() -> None:
    posted = "<div class=postDesc>posted @ <span>2024-05-06 10:22</span> <a href=/li>李工</a> 阅读(<span>123</span>)"
    posted += " 评论(<span>0</span>) <a href=/e>编辑</a> <a href=/f>收藏</a> <a href=/g>举报</a></div>"
    about = "<div><a href=/li>李工</a><br>粉丝 - 12 关注 - 3</div><div>上一篇： 无</div>"
    moment = read(facts="", end=MORE, below=about + posted).published
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d %H:%M}" == "2024-05-06 10:22"


def test_label_without_a_colon_is_no_step_of_the_way() -> None:
    way = "<div class=crumb>当前位置&nbsp; <a href=/>首页</a> &gt; <a href=/n/>国内新闻</a> &gt; 正文</div>"
    assert read(way=way).breadcrumb == ("首页", "国内新闻")
