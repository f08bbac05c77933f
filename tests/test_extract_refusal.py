"""Pages that are refused because there is no article on them, although they came with 200; and hostile ones."""

from __future__ import annotations

import re

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.errors import Unreadable
from feedservice.extract import extract
from feedservice.model import Fields, Page

TITLE = "为什么网页会显示404"
TEXT = (
    "<p>记者从示例新区图书馆获悉，自本周六起，馆内各阅览室的开放时间将有所延长，方便读者在工作之余借阅图书。</p>"
    "<p>据介绍，调整之后，少儿阅览室每天开放十小时，自习室开放十四小时，周一照常闭馆，节假日另行通知。</p>"
)
LONG = TEXT + "".join(f"<p>第{n}间阅览室的工作人员说，开放时间延长以后，来馆读者比以前多了不少。</p>" for n in range(9))


def read(html: str) -> Fields:
    page = Page(
        url="https://www.example.org/a.html", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def words_of(body: str) -> str:
    return re.sub(r"\s+|<[^>]+>", "", body)


@pytest.mark.parametrize(
    "html", ["", "   ", "<html></html>", "<html><head><title>示例</title></head><body></body></html>"]
)
def test_page_without_a_body_is_refused(html: str) -> None:
    with pytest.raises(Unreadable):
        read(html)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>404 Not Found</title><h1>404 Not Found</h1><p>nginx</p>", "error page"),
        (
            "<title>提示信息</title><div><p>您访问的页面不存在或已被删除！</p><a href='/'>返回首页</a></div>",
            "error page",
        ),
        ("<title>示例网</title><h1>抱歉，您查看的文章已被删除</h1><p>5秒后返回首页</p>", "error page"),
        ("<title>Just a moment...</title><p>Checking your browser before accessing example.org</p>", "challenge"),
        ("<title>登录</title><form><input name=u><input type=password name=p></form><p>请先登录后查看</p>", "login"),
        ("<html><body><div id=app></div><script src=/app.js></script></body></html>", "JavaScript"),
    ],
)
def test_page_that_is_no_article_is_refused_although_it_came_with_200(html: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(html)


def test_article_about_an_error_page_is_an_article() -> None:
    assert read(f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT}</div>").title == TITLE


# hostile pages


def test_page_with_too_many_tags_is_refused() -> None:
    with pytest.raises(Unreadable):
        read("<p>a</p>" * 100_000)


def test_deeply_nested_page_is_read_as_plain_text() -> None:
    assert words_of(read(f"<h1>{TITLE}</h1>" + "<div>" * 1_000 + TEXT).body).startswith("记者从示例新区图书馆获悉")


def test_page_nested_beyond_what_any_browser_shows_is_refused() -> None:
    with pytest.raises(Unreadable):
        read("<div>" * 200_000)
