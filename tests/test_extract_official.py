"""Pages of authorities, universities, papers and accounts in Chinese: short notices, lists, messages in scripts."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page


def fields_of(html: str, url: str = "https://www.example.org/art/1.html") -> Fields:
    page = Page(url=url, status=200, content_type="text/html; charset=utf-8", body=html.encode())
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


@pytest.mark.parametrize("last", ["2026年6月12日", "二〇二六年六月十二日", "2026-06-12", "编辑：吴明"])
def test_short_notice_keeps_its_text_before_the_line_that_it_is_signed_with(last: str) -> None:
    notice = f"<p>各学院：</p><p>请于本周五前报送假期值班表，逾期不再受理。</p><p>校办公室</p><p>{last}</p>"
    html = (
        "<html><head><title>关于报送值班表的通知</title></head><body><div class=top><h1>关于报送值班表的通知</h1>"
        f"<p>来源：校办公室</p></div><div class=content>{notice}</div></body></html>"
    )
    body = fields_of(html).body
    assert "逾期不再受理" in body
    assert "校办公室" in body


def test_list_of_names_under_a_line_of_date_and_source_is_the_text() -> None:
    names = ("丁　宁　　马志强　　王　芳（女）　　王建军", "叶　青　　冯小刚　　刘　洋　　刘德华")
    rows = "".join(f"<p>{row}</p>" for row in names * 2)
    html = (
        "<html><head><title>委员名单</title></head><body><div class=z><h1>委员名单</h1>"
        f"<h4>2026-01-15 15:00:12 来源：县办公室</h4><div>{rows}<p>编辑：吴明</p></div></div></body></html>"
    )
    body = fields_of(html).body
    assert "马志强" in body
    assert "来源" not in body
