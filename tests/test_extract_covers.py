"""Where the text of a notice begins: letters that enclose something, paragraphs over the by-line, broken headings."""

from __future__ import annotations

import re

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TITLE = "示例市人民政府办公室关于印发养老服务规划的通知"
PLAN = (
    "<p>为积极应对人口老龄化，推进养老服务体系建设，根据国家和省有关规定，结合我市实际，制定本规划。</p>"
    "<p>一、规划背景</p><p>“十四五”期间，我市养老服务设施不断完善，建成街道综合养老服务中心36个，床位总数达到1.2万张。</p>"
    "<p>二、主要目标</p><p>到2030年，全市养老机构护理型床位占比达到65%，养老服务体系更加健全。</p>"
)


def read(
    text: str, *, heading: str = TITLE, line: str = "发布时间：2026-09-03 10:00 来源：市府办", title: str = TITLE
) -> Fields:
    html = (
        f"<html><head><title>{title}</title></head><body><div class=c><h1>{heading}</h1><div class=info>{line}</div>"
        f"<div id=zoom>{text}</div></div></body></html>"
    )
    page = Page(
        url="https://www.example.org/a/1.html", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def words(html: str) -> str:
    return "".join(re.sub(r"<[^<>]*>", "", html).split())


@pytest.mark.parametrize(
    "cover",
    [
        "<p>各县（市、区）人民政府：</p><p>现将规划印发给你们，请贯彻执行。</p><p>示例市人民政府</p><p>2026年8月30日</p><p>（此件公开发布）</p>",
        "<p>各有关单位：</p><p>现将规划印发给你们，请贯彻执行。</p><p>示例市人民政府办公室　　2026年8月30日</p>",
        "<p>《示例市河道管理办法》已经常务会议通过，现予公布。</p><p>市长　李某某</p><p>2026 年 8 月 30 日</p>",
        "<p>各有关单位：</p><p>现将规划印发给你们，请贯彻执行。</p><p>2026-08-30</p>",
    ],
)
def test_letter_that_encloses_something_longer_is_text(cover: str) -> None:
    assert words(read(cover + PLAN).body) == words(cover + PLAN)


@pytest.mark.parametrize("line", ["2026年9月3日", "发布日期：2026年9月3日", "2026-09-03", "示例日报 2026年9月3日"])
def test_line_of_date_and_source_over_the_text_is_none(line: str) -> None:
    assert "9月3日" not in (body := read(f"<p>{line}</p>{PLAN}").body)
    assert "2026-09-03" not in body


@pytest.mark.parametrize("over", ["", f"<h1>{TITLE}</h1>"])
def test_paragraph_over_the_line_of_date_and_source_is_text(over: str) -> None:
    first = "夜幕降临，示例村文化广场旁的夜校教室里灯火通明，三十多名村民正在学习电商直播。"
    fields = read(f"{over}<p>{first}</p><p>2026-10-08 09:12　来源：示例农村报　作者：卫五</p>{PLAN}", line="")
    assert words(fields.body) == words(first + PLAN)
    assert fields.origins == ("示例农村报",)
    assert fields.authors == ("卫五",)
    assert fields.published is not None
    assert fields.published.at.strftime("%Y-%m-%d %H:%M") == "2026-10-08 09:12"


@pytest.mark.parametrize("stated", [TITLE, f"{TITLE}_示例市人民政府"])
def test_heading_broken_into_lines_is_written_as_the_page_states_it(stated: str) -> None:
    heading = "示例市人民政府办公室关于印发<br>养老服务规划的通知"
    assert read(PLAN, heading=heading, title=stated).title == TITLE


def test_space_between_two_parts_of_a_headline_stays() -> None:
    title = "中共示例市委 示例市人民政府关于养老服务的意见"
    assert read(PLAN, heading=title.replace(" ", "<br>"), title=title).title == title


def test_headline_in_a_font_of_an_old_page_whose_window_bears_the_name_of_the_site() -> None:
    html = (
        "<html><head><title>校园网</title></head><body><table><tr><td><a href=a.asp>学院概况</a></td></tr></table>"
        "<table><tr><td align=center><font size=4><b>关于组织参加学科竞赛的通知</b></font></td></tr>"
        "<tr><td align=center>作者：教务科 发布时间：2026-9-20 10:11:12 点击数：77</td></tr>"
        f"<tr><td>{PLAN}</td></tr></table></body></html>"
    )
    page = Page(url="https://www.example.org/view.asp?id=9", status=200, content_type="text/html", body=html.encode())
    assert extract(page, ArticleRules(), "Asia/Shanghai").fields.title == "关于组织参加学科竞赛的通知"
