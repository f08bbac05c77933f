"""Chinese pages: who wrote an article, where it is from and when it came out, in the forms that sites really use."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = (
    "<p>示例市图书馆近日调整开放时间，各阅览室周末延长两小时，方便读者在工作之余借阅图书，受到市民欢迎。</p>"
    "<p>据介绍，少儿阅览室每天开放十小时，自习室开放十四小时，周一照常闭馆，节假日的安排将另行通知。</p>"
)
DATE = "2026-03-11 16:20"


def read(
    line: str = DATE, *, text: str = TEXT, lead: str = "", end: str = "", after: str = "", head: str = ""
) -> Fields:
    html = (
        f'<html><head><meta charset="utf-8"><title>图书馆延长开放时间</title>{head}</head><body>'
        f"<h1>图书馆延长开放时间</h1><div class=info>{line}</div><div class=nr>{lead}{text}{end}</div>{after}"
        "</body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def minute(fields: Fields) -> str:
    return fields.published.at.strftime("%Y-%m-%d %H:%M") if fields.published else ""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("作者：本报评论员 秦川", ("秦川",)),
        ("作者：示例省社会科学院研究员毛建国", ("毛建国",)),
        ("作者：示例大学历史学院郭伦", ("郭伦",)),
        ("作者：示例大学马克思主义学院院长、教授 秦明明", ("秦明明",)),
        ("作者：示例研究部部长，“一带一路”研究部部长、研究员徐占忱", ("徐占忱",)),
        (f"责任编辑：赵敏 作者：秦明 {DATE} 浏览 : 20", ("秦明",)),
        (f"来源：示例日报 | 作者：秦明、韩冰 | {DATE}", ("秦明", "韩冰")),
        ("作者：记者秦明 摄影韩冰", ("秦明",)),
        ("作者：戴伟　单位：示例市生态环境局　录入：test01", ("戴伟",)),
        ("记者/夏雨 通讯员/方圆", ("夏雨", "方圆")),
        ("来源：示例日报（记者 秦明）", ("秦明",)),
        (f"{DATE} | 示例日报 | 郑军 许静", ("郑军", "许静")),
        (f"来源：示例晚报　{DATE}　文/记者 郑军 图/记者 许静", ("郑军",)),
        (f"[{DATE}]　[来源]示例晚报　[作者]郑军", ("郑军",)),
        (f"稿源：示例网　{DATE}　记者 郑军 / 编辑 许静", ("郑军",)),
        (f"来源：示例日报 ｜ {DATE} ｜ 作者：示例大学 郑军", ("郑军",)),
        ("供稿：交通局 郑军", ("郑军",)),
        ("示例大学党委宣传部　" + DATE, ()),
    ],
)
def test_author_is_told_without_office_employer_and_what_follows(line: str, names: tuple[str, ...]) -> None:
    assert read(line if DATE in line else f"{line}　{DATE}").authors == names


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("（文/图 刘玺东 易赛楠）", ("刘玺东", "易赛楠")),
        ("（示例网记者 石磊 通讯员 龚燕 文/图）", ("石磊", "龚燕")),
        ("（作者：龚正，单位：示例市委党校）", ("龚正",)),
        ("（记者马骏、范琳）", ("马骏", "范琳")),
        ("（示例港务集团 廖凡）", ("廖凡",)),
        ("作者简介：廖凡，示例大学教授。", ("廖凡",)),
        ("（示例县融媒体中心 供图）", ()),
    ],
)
def test_text_may_be_signed_in_brackets(end: str, names: tuple[str, ...]) -> None:
    assert read(end=f"<p>{end}</p>").authors == names


@pytest.mark.parametrize(
    "start",
    [
        "本报讯（记者 贺佳 通讯员 顾盼 文/图）",
        "示例社示例市4月1日电 (记者 贺佳 实习生 顾盼)",
        "示例港务讯 记者贺佳、顾盼报道：",
    ],
)
def test_reporters_are_named_where_the_report_begins(start: str) -> None:
    fields = read(lead=f"<p>{start}近日，市民发现图书馆的灯亮到了深夜。</p>")
    assert fields.authors == ("贺佳", "顾盼")


def test_mark_before_the_reporters_is_no_part_of_the_line() -> None:
    assert read(f"{DATE}</div><div>□本报记者 蒋丽 通讯员 余华").authors == ("蒋丽", "余华")


def test_reporter_who_signed_goes_before_the_account_that_published() -> None:
    fields = read(f"{DATE}<a class=author href=/u/1>示例之眼</a>", end="<p>示例晚报记者 张楠</p>")
    assert fields.authors == ("张楠",)


@pytest.mark.parametrize("name", ["风清扬", "热心网...", "夜空中最亮的星"])
def test_nickname_of_a_reader_who_commented_is_no_author(name: str) -> None:
    after = f"<div><p><span class=nickname>{name}</span> 2026-03-12 08:00</p><p>写得真好，期待更多的好消息。</p></div>"
    assert read(after=after).authors == ()


@pytest.mark.parametrize(
    ("line", "origins"),
    [
        ("来源：示例日报（记者 秦明）　" + DATE, ("示例日报",)),
        ("示例日报　2026年03月12日　第7版", ("示例日报",)),
        (f"发布者：孙静　{DATE}", ()),
        (f"来源：未知　{DATE}", ()),
        (f"{DATE}　<span>国贸|增长率|经济</span>", ()),
        (f"{DATE} | 示例日报 | 郑军 许静", ("示例日报",)),
        (f"[{DATE}]　[来源]示例晚报　[作者]郑军", ("示例晚报",)),
        (f"<a class=follow-nickName>山间小屋</a> 最新推荐文章于 {DATE} 发布", ()),
        (f"出处：https://www.example.org/b　{DATE}", ()),
    ],
)
def test_source_is_a_publication_and_nothing_else(line: str, origins: tuple[str, ...]) -> None:
    assert read(line).origins == origins


def test_number_of_a_document_is_no_source() -> None:
    table = (
        "<table><tr><td>发文字号：</td><td>示政发〔2026〕12号</td><td>发布日期：</td><td>2026-03-11</td></tr></table>"
    )
    assert read(table).origins == ()


@pytest.mark.parametrize(
    "line",
    [
        "<ul><li>时间：</li><li>2026-03-11</li><li>16:20</li><li>来源：</li><li>示例日报</li></ul>",
        "发布时间：2026-03-11 [ 16:20 ]",
        "日期：<b>2026-03-11</b>　时间：<b>16:20</b>",
        '发布时间：<script>var PubDate="2026-03-11 16:20:12";document.write(PubDate.substring(0,16));</script>',
    ],
)
def test_time_of_day_that_stands_apart_is_found(line: str) -> None:
    assert minute(read(line)) == DATE


def test_summary_between_headline_and_by_line_hides_no_date_below_it() -> None:
    lines = f"<div><span>{DATE}</span> 来源：示例网</div><div>最后更新: 2026-03-11 18:05</div>"
    html = (
        "<html><head><meta charset=utf-8><title>图书馆延长开放时间</title></head><body><h1>图书馆延长开放时间</h1>"
        f"<div class=zhaiyao>王文，示例大学示例研究院院长</div>{lines}<div class=content>{TEXT * 3}</div></body></html>"
    )
    page = Page(url="https://www.example.org/a", status=200, content_type="text/html", body=html.encode())
    fields = extract(page, ArticleRules(), "Asia/Shanghai").fields
    assert minute(fields) == DATE
    assert fields.origins == ("示例网",)


@pytest.mark.parametrize(
    "trail",
    [
        "您在这里: <a href=/>首页</a> > <a href=/w>文化</a>",
        "<a href=/>首页</a> > <a href=/w>文化</a> > 字号： > 默认 > 大 > 打印",
    ],
)
def test_way_to_the_page_ends_before_its_tools(trail: str) -> None:
    page = (
        f"<html><title>图书馆延长开放时间</title><body><div class=crumb>{trail}</div><h1>图书馆延长开放时间</h1>{TEXT}"
    )
    read_page = Page(url="https://www.example.org/a", status=200, content_type="text/html", body=page.encode())
    assert extract(read_page, ArticleRules(), "Asia/Shanghai").fields.breadcrumb == ("首页", "文化")


def test_files_announced_below_the_text_are_attachments_and_those_of_the_footer_are_not() -> None:
    after = (
        "<h4>附件下载</h4><ul><li><a href=P01.docx>征求意见稿.docx</a></li><li><a href=P02.pdf>起草说明</a></li></ul>"
        "<p>附件【<a href='/download.jsp?wbfileid=1'>检查表.xls</a>】已下载12次</p>"
        "<div>关于本站 | <a href=/privacy.pdf>隐私政策</a></div>"
    )
    names = [file.name for file in read(after=after).attachments]
    assert names == ["征求意见稿.docx", "起草说明", "检查表.xls"]
