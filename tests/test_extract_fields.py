"""An article's fields as its page tells them."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path

import pytest
import yaml

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Attachment, Extraction, Fields, Page, Precision

URL = "https://www.example.org/news/qtxx/202401/t20240115_101.html"
ZONE = "Asia/Shanghai"
TITLE = "示例新区图书馆春季开馆时间调整"
TEXT = (
    "<p>记者从示例新区图书馆获悉，自本周六起，馆内各阅览室的开放时间将有所延长，方便读者在工作之余借阅图书。</p>"
    "<p>据介绍，调整之后，少儿阅览室每天开放十小时，自习室开放十四小时，周一照常闭馆，节假日另行通知。</p>"
    "<p>图书馆还将在每月第一个周末举办读书会，邀请作家与读者面对面交流，活动免费，需要提前预约座位。</p>"
)


def page_of(
    line: str = "发布时间：2024-01-15 09:30　来源：示例日报",
    *,
    text: str = TEXT,
    head: str = "",
    before: str = "",
    after: str = "",
    title: str = TITLE,
) -> str:
    """An article's page as a content management system writes it."""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_示例网</title>{head}</head>'
        "<body>"
        f'{before}<div class="detail"><h1>{title}</h1><div class="info">{line}</div><div id="zoom">{text}</div>{after}'
        "</div><div class='footer'>主办单位：示例网编辑部 网站标识码：0000000000</div></body></html>"
    )


def read(html: str | bytes, rules: ArticleRules | None = None, url: str = URL) -> Extraction:
    body = html.encode() if isinstance(html, str) else html
    return extract(Page(url=url, status=200, content_type="text/html", body=body), rules or ArticleRules(), ZONE)


def fields_of(html: str) -> Fields:
    return read(html).fields


def words_of(body: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", body)))


# labels


@pytest.mark.parametrize("label", ["来源", "信息来源", "文章来源", "稿件来源", "来　源"])
@pytest.mark.parametrize("colon", ["：", ":", "： "])
def test_source_label_is_read_in_its_many_forms(label: str, colon: str) -> None:
    assert fields_of(page_of(f"2024-01-15 09:30 {label}{colon}示例日报")).origins == ("示例日报",)


@pytest.mark.parametrize(
    "line",
    [
        "来源：示例日报 作者：王小明 字号：大 中 小 打印",
        "作者：王小明　来源：示例日报　浏览次数：123",
        "<span>来源：</span><span>示例日报</span><span>作者：</span><span>王小明</span>",
        "<em>来源</em>：<a href='/s'>示例日报</a> 【作者】：王小明",
    ],
)
def test_source_and_author_are_told_apart_however_they_are_strung_together(line: str) -> None:
    fields = fields_of(page_of(f"2024-01-15 09:30 {line}"))
    assert (fields.origins, fields.authors) == (("示例日报",), ("王小明",))


def test_several_sources_stay_several() -> None:
    assert fields_of(page_of("发布日期:2024-01-15 来源:示例日报、示例新区—融媒体")).origins == (
        "示例日报",
        "示例新区—融媒体",
    )


def test_several_authors_stay_several() -> None:
    assert fields_of(page_of("2024-01-15 09:30 来源：示例日报 作者：王小明 李芳")).authors == ("王小明", "李芳")


@pytest.mark.parametrize("label", ["责任编辑", "责编", "编辑"])
def test_editor_is_not_the_author(label: str) -> None:
    fields = fields_of(page_of(after=f"<div class='ed'>（{label}：赵敏）</div>"))
    assert (fields.editor, fields.authors) == ("赵敏", ())


def test_editor_in_the_meta_name_is_not_the_author() -> None:
    head = '<meta name="author" content="赵敏">'
    fields = fields_of(page_of(head=head, after="<div>责任编辑：赵敏</div>"))
    assert (fields.editor, fields.authors) == ("赵敏", ())


def test_staff_number_is_no_author() -> None:
    assert fields_of(page_of(head='<meta name="author" content="103921">')).authors == ()


def test_empty_labels_give_nothing() -> None:
    fields = fields_of(page_of("发布时间：2024-01-15 09:30 来源： 作者： 浏览次数：12"))
    assert (fields.origins, fields.authors) == ((), ())


def test_government_meta_names_are_read() -> None:
    head = (
        '<meta name="ArticleTitle" content="关于示例新区图书馆开馆时间的公告">'
        '<meta name="PubDate" content="2024-01-15 09:30">'
        '<meta name="ContentSource" content="示例新区管委会"><meta name="ColumnName" content="通知公告">'
    )
    fields = fields_of(page_of("", head=head, title="关于示例新区图书馆开馆时间的公告"))
    assert fields.title == "关于示例新区图书馆开馆时间的公告"
    assert fields.origins == ("示例新区管委会",)
    assert fields.breadcrumb == ("通知公告",)
    assert fields.published is not None
    assert fields.published.at.isoformat() == "2024-01-15T09:30:00+08:00"


def test_index_number_and_document_number_are_labelled_extras() -> None:
    table = (
        "<table><tr><td>索引号：</td><td>000014349/2024-00001</td><td>文号：</td><td>示政发〔2024〕3号</td></tr>"
        "<tr><td>发文机关：</td><td>示例新区管委会</td><td>主题分类：</td><td>文化</td></tr></table>"
    )
    extras = dict(fields_of(page_of(before=table)).extras)
    assert extras["索引号"] == "000014349/2024-00001"
    assert extras["文号"] == "示政发〔2024〕3号"
    assert extras["发文机关"] == "示例新区管委会"


# title and breadcrumb


def test_title_comes_without_the_name_of_the_site() -> None:
    assert fields_of(page_of()).title == TITLE


def test_title_on_the_page_goes_before_a_window_title_that_says_something_else() -> None:
    html = page_of().replace(f"<title>{TITLE}_示例网</title>", "<title>示例网--信息公开</title>")
    assert fields_of(html).title == TITLE


def test_markup_and_entities_in_a_title_become_plain_text() -> None:
    html = page_of(title="示例 A&amp;B 公司落户 &lt;R&amp;D 项目&gt;")
    assert fields_of(html).title == "示例 A&B 公司落户 <R&D 项目>"


@pytest.mark.parametrize(
    "trail",
    [
        (
            "<div class='dqwz'>当前位置: <a href='/'>首页</a> &gt; "
            "<a href='/n/'>资讯动态</a> &gt; <a href='/q/'>其他信息</a></div>"
        ),
        (
            "<div>您所在的位置：<a href='/'>首页</a> » "
            "<a href='/n/'>资讯动态</a> » <a href='/q/'>其他信息</a> » 正文</div>"
        ),
        (
            "<ul class='breadcrumb'><li><a href='/'>首页</a></li>"
            "<li><a href='/n/'>资讯动态</a></li><li><a href='/q/'>其他信息</a></li></ul>"
        ),
        f"<nav class='crumbs'><a href='/'>首页</a>/<a href='/n/'>资讯动态</a>/<a href='/q/'>其他信息</a>/{TITLE}</nav>",
    ],
)
def test_breadcrumb_is_the_way_to_the_page_without_label_and_headline(trail: str) -> None:
    assert fields_of(page_of(before=trail)).breadcrumb == ("首页", "资讯动态", "其他信息")


@pytest.mark.parametrize(
    ("trail", "steps"),
    [
        (
            "<div class=breadcrumb>Sie befinden sich hier: <a href=/>Start</a> / <a href=/a>Themen</a></div>",
            ("Start", "Themen"),
        ),
        (
            "<ul class=breadcrumbs><li><a href=/>Accueil</a>,</li><li><a href=/a>Météo</a></li></ul>",
            ("Accueil", "Météo"),
        ),
        ("<p class=breadcrumb>von <a href=/w>Wochenblatt</a> | 31. Oktober 2023 | <a href=#c>6</a></p>", ()),
        ("<p class=breadcrumb><a href=/a>Anna Beispiel</a>, <a href=/b>Ben Muster</a></p>", ()),
    ],
)
def test_breadcrumb_holds_places_alone(trail: str, steps: tuple[str, ...]) -> None:
    """Neither labels nor marks between them, nor who wrote the article and when."""
    people = '[{"@type":"Person","name":"Anna Beispiel"},{"@type":"Person","name":"Ben Muster"}]'
    said = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{people}}}</script>'
    fields = fields_of(page_of(head=said, before=trail))
    assert fields.authors == ("Anna Beispiel", "Ben Muster")
    assert fields.breadcrumb == steps


def test_menu_is_no_breadcrumb() -> None:
    menu = "<div class='nav'>" + "".join(f"<a href='/{n}/'>栏目{n}</a>" for n in "一二三四五") + "</div>"
    assert fields_of(page_of(before=menu)).breadcrumb == ()


# body, pictures, attachments


def test_body_holds_the_text_and_nothing_around_it() -> None:
    after = (
        "<div class='ewm'><img src='/images/ewm.png' alt='二维码'><p>扫一扫在手机打开当前页</p></div>"
        "<div class='share'>分享到：<a href='javascript:;'>微信</a><a href='javascript:;'>微博</a></div>"
        "<div class='xgwz'><h3>相关文章</h3><ul><li><a href='/a.html'>示例新区春季招聘会下周举行</a></li>"
        "<li><a href='/b.html'>示例新区新建三座公园</a></li></ul></div>"
        "<div class='sxp'>上一篇：<a href='/c.html'>示例新区公交线路调整</a><br>下一篇：没有了</div>"
    )
    line = (
        "发布时间：2024-01-15 09:30 来源：示例日报 字号：<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a> 打印"
    )
    text = words_of(fields_of(page_of(line, after=after)).body)
    assert text == words_of(TEXT)


@pytest.mark.parametrize(
    "noise",
    [
        "<p>扫一扫在手机打开当前页</p>",
        "<p>分享到：微信 微博 QQ空间</p>",
        "<div class='bdsharebuttonbox'><a href='#'>分享</a><a href='#'>微博</a></div>",
        "<p>【打印本页】 【关闭窗口】</p>",
    ],
)
def test_noise_inside_the_text_container_is_left_out(noise: str) -> None:
    assert words_of(fields_of(page_of(text=TEXT + noise)).body) == words_of(TEXT)


def test_text_after_a_share_bar_is_kept() -> None:
    bar = "<div class='share'>分享到：<a href='#'>微信</a><a href='#'>微博</a></div>"
    last = "<p>图书馆提醒广大读者，入馆请携带有效证件，遵守馆内秩序，爱护图书和公共设施，共同维护安静的阅读环境。</p>"
    assert words_of(fields_of(page_of(text=TEXT + bar + last)).body) == words_of(TEXT + last)


def test_pictures_become_absolute_and_lazy_ones_are_resolved() -> None:
    text = (
        "<p><img src='./W020240115.png' alt='阅览室'></p>"
        "<p><img src='/images/blank.gif' data-src='../../photos/hall.jpg'></p>"
        "<p><img srcset='small.jpg 300w, large.jpg 900w'></p>" + TEXT
    )
    fields = fields_of(page_of(text=text))
    folder = "https://www.example.org/news/qtxx"
    assert re.findall(r'<img src="([^"]+)"', fields.body) == [
        f"{folder}/202401/W020240115.png",
        "https://www.example.org/news/photos/hall.jpg",
        f"{folder}/202401/large.jpg",
    ]
    assert fields.lead_image == f"{folder}/202401/W020240115.png"


def test_relative_addresses_follow_the_base_element() -> None:
    html = page_of(text=f"<p><img src='a.jpg'></p>{TEXT}", head="<base href='https://files.example.org/x/'>")
    assert fields_of(html).lead_image == "https://files.example.org/x/a.jpg"


def test_logo_of_the_site_is_no_lead_image() -> None:
    assert fields_of(page_of(head='<meta property="og:image" content="/images/logo.png">')).lead_image is None


def test_page_of_pictures_only_is_an_article() -> None:
    text = "<p><img src='1.jpg'></p><p><img src='2.jpg'></p>"
    assert fields_of(page_of(text=text)).body.count("<img ") == 2


def test_attachments_are_the_files_that_the_text_links_to() -> None:
    text = TEXT + "<p>附件：<a href='./P020240115.pdf'>开馆时间表.pdf</a>（120KB） <a href='b.docx'>预约表</a></p>"
    folder = "https://www.example.org/news/qtxx/202401"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert fields_of(page_of(text=text)).attachments == (
        Attachment(
            url=f"{folder}/P020240115.pdf", name="开馆时间表.pdf", media_type="application/pdf", length=120 * 1024
        ),
        Attachment(url=f"{folder}/b.docx", name="预约表", media_type=word),
    )


def test_files_of_the_footer_are_no_attachments() -> None:
    html = page_of().replace("网站标识码", "<a href='/licence.pdf'>许可证.pdf</a> 网站标识码")
    assert fields_of(html).attachments == ()


def test_tables_lists_headings_and_video_keep_their_shape() -> None:
    text = (
        TEXT
        + "<h2>开放时间</h2><table><tr><th>阅览室</th><th>时间</th></tr><tr><td>少儿</td><td>十小时</td></tr></table>"
        "<ul><li>携带证件</li><li>保持安静</li></ul><video src='/v/1.mp4' poster='/v/1.jpg'></video>"
    )
    body = fields_of(page_of(text=text)).body
    assert "<h2>开放时间</h2>" in body
    assert "<th>阅览室</th>" in body
    assert "<td>十小时</td>" in body
    assert "<li>携带证件</li>" in body
    assert 'src="https://www.example.org/v/1.mp4"' in body


def test_how_each_field_was_found_is_told() -> None:
    found = read(page_of()).found
    assert found["origins"] == "label 来源"
    assert found["published"] == "label 发布时间"
    assert "editor" not in found


def test_selector_of_the_configuration_goes_before_what_is_found() -> None:
    html = page_of(after="<div class='real'>另一个来源</div><p class='when'>2024年2月3日 10:20</p>")
    rules = ArticleRules(origin=(".real",), published=(".missing", ".when"), body=("#zoom",))
    extraction = read(html, rules)
    assert extraction.fields.origins == ("另一个来源",)
    assert extraction.fields.published is not None
    assert extraction.fields.published.at.isoformat() == "2024-02-03T10:20:00+08:00"
    assert extraction.found["published"] == ".when"


def test_selector_whose_text_is_no_date_changes_nothing() -> None:
    automatic = read(page_of())
    chosen = read(page_of(), ArticleRules(published=("h1",)))
    assert chosen.fields.published == automatic.fields.published
    assert chosen.found["published"] == automatic.found["published"]


# what is missing


def test_article_without_a_date_has_none() -> None:
    assert read(page_of("来源：示例日报"), url="https://www.example.org/a.html").fields.published is None


def test_article_without_source_author_and_trail_leaves_them_empty() -> None:
    fields = fields_of(page_of("2024-01-15"))
    assert (fields.origins, fields.authors, fields.editor, fields.breadcrumb, fields.attachments) == (
        ((), (), "", (), ())
    )
    assert fields.published is not None
    assert fields.published.precision is Precision.DAY


def test_article_without_a_headline_takes_the_title_of_the_window() -> None:
    html = f"<html><head><title>{TITLE}</title></head><body><div>{TEXT}</div></body></html>"
    assert fields_of(html).title == TITLE


def test_article_without_any_title_has_an_empty_one() -> None:
    assert fields_of(f"<html><body><div>{TEXT}</div></body></html>").title == ""


LONG = "网" * 150_000


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (f"<title>标题-{LONG}–x</title>", ""),
        (f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"标题-{LONG}–x"}}</script>', ""),
        ("", "2024-01-02 10:00 " * 40_000),
    ],
)  # fmt: skip
def test_titles_and_lines_of_dates_without_an_end_cost_no_square(head: str, line: str) -> None:
    begun = time.process_time()
    fields = read(page_of(line or "2024-01-15 09:30", head=head)).fields
    assert TITLE in fields.title
    assert time.process_time() - begun < 60


# selectors that cannot be applied


def test_selector_that_fails_on_the_page_is_a_problem_and_the_field_is_found_by_itself() -> None:
    """The engine counts the arguments when it comes to them, not before."""
    failing = "xpath://h1[contains(.)]"
    found = read(page_of(), ArticleRules(title=(failing,), body=("#zoom",), editor=("h1@data-none",)))
    assert found.fields.title == TITLE
    assert found.problems == (f"the selector {failing!r} cannot be applied: Invalid number of arguments",)


def test_selector_that_finds_nothing_is_no_problem() -> None:
    rules = ArticleRules(title=("h1@data-none", "h1"), body=("xpath://nav", "#zoom"), drop=(".share",))
    assert read(page_of(), rules).problems == ()


# selectors that find more than the value


SHOWN = (
    "<p><span class='source'>来源：虚构区报</span> <span class='who'>作者：张三 通讯员：李四</span></p>"
    "<p class='line'>2024-02-03 10:20 来源：<a href='/'>虚构&amp;区报</a> 责任编辑：王五 浏览：12</p>"
    "<p class='plain'>Vec&lt;T&gt; 周报</p><i data-paper='虚构<b>晚报'></i>"
)


def readme_rule() -> str:
    text = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    rule: object = yaml.safe_load(text.partition("         origin: ")[2].partition("\n")[0])
    assert isinstance(rule, str)
    assert rule.startswith("regex:")
    return rule


@pytest.mark.parametrize(
    ("rules", "name", "value"),
    [
        (ArticleRules(origin=(readme_rule(),)), "origins", ("虚构区报",)),
        (ArticleRules(origin=(".source",)), "origins", ("虚构区报",)),
        (ArticleRules(origin=(".line",)), "origins", ("虚构&区报",)),
        (ArticleRules(origin=(r"regex:class='line'>(.*?)浏览",)), "origins", ("虚构&区报",)),
        (ArticleRules(origin=("regex:data-paper='([^']*)'",)), "origins", ("虚构晚报",)),
        (ArticleRules(origin=("regex:来源：(<a)", ".plain")), "origins", ("Vec<T> 周报",)),
        (ArticleRules(origin=(".plain",)), "origins", ("Vec<T> 周报",)),
        (ArticleRules(origin=("text:来源：虚构区报",)), "origins", ("来源：虚构区报",)),
        (ArticleRules(author=(".who",)), "authors", ("张三", "李四")),
        (ArticleRules(editor=(".line",)), "editor", "王五"),
        (ArticleRules(summary=(r"regex:<p>(.*?)</p>",)), "summary", "来源：虚构区报 作者：张三 通讯员：李四"),
    ],
)
def test_what_a_selector_finds_is_cleaned_of_tags_and_of_the_fields_own_label(
    rules: ArticleRules, name: str, value: object
) -> None:
    fields = read(page_of(SHOWN), rules).fields
    fields = read(page_of(SHOWN), rules).fields
    assert getattr(fields, name) == value


@pytest.mark.parametrize(
    ("rules", "name", "value"),
    [
        (ArticleRules(origin=(".by",)), "origins", ("虛構區報",)),
        (ArticleRules(editor=(".by",)), "editor", "王小明"),
    ],
)
def test_label_in_traditional_characters_goes_from_what_a_selector_finds(
    rules: ArticleRules, name: str, value: object
) -> None:
    fields = read(page_of("<p class='by'>來源：虛構區報 責任編輯：王小明</p>"), rules).fields
    assert getattr(fields, name) == value
