"""Articles that go on over several pages: where they go on, and how they become one."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract, join, next_pages
from feedservice.model import Attachment, Extraction, Fields, Page
from tests.house import corpora

FIRST = "https://www.example.org/qtxx/t20240115_101.html"
FOLDER = "https://www.example.org/qtxx"


def page_of(below: str, url: str = FIRST, text: str = "第一页的内容。") -> Page:
    body = f"<p>记者从示例新区获悉，当地今年将新建三座公园，方便附近居民休闲健身，预计年内完成。{text}</p>" * 3
    html = f"<h1>示例新区新建公园</h1><div>来源：示例日报</div><div id=zoom>{body}</div>{below}"
    return Page(url=url, status=200, content_type="text/html; charset=utf-8", body=html.encode())


@pytest.mark.parametrize(
    "pager",
    [
        "<div class=page><b>1</b> <a href='t20240115_101_1.html'>2</a> <a href='t20240115_101_2.html'>3</a></div>",
        "<div class=page><a href='./t20240115_101_2.html'>3</a><a href='./t20240115_101_1.html'>2</a></div>",
        (
            "<p>1 <a href='t20240115_101_1.html'>[2]</a> <a href='t20240115_101_2.html'>[3]</a> "
            "<a href='t20240115_101_1.html'>下一页</a></p>"
        ),
        '<script>createPageHTML(3, 0, "t20240115_101", "html");</script>',
    ],
)
def test_further_pages_are_given_in_order_each_once(pager: str) -> None:
    assert next_pages(page_of(pager)) == (f"{FOLDER}/t20240115_101_1.html", f"{FOLDER}/t20240115_101_2.html")


def test_pages_may_be_told_apart_by_the_query() -> None:
    pager = "<div class=pager><a href='?id=7&page=2'>2</a><a href='?id=7&page=3'>3</a></div>"
    page = page_of(pager, "https://www.example.org/show?id=7")
    assert next_pages(page) == (
        "https://www.example.org/show?id=7&page=2",
        "https://www.example.org/show?id=7&page=3",
    )


def test_next_link_alone_is_enough() -> None:
    assert next_pages(page_of("<div class=page><a href='t20240115_101_2.html'>下一页</a></div>")) == (
        f"{FOLDER}/t20240115_101_2.html",
    )


@pytest.mark.parametrize(
    "below",
    [
        "",
        "<div class=sxp>下一篇：<a href='t20240116_102.html'>示例新区公交线路调整</a></div>",
        "<div class=page><a href='t20240116_102.html'>下一页</a></div>",
        "<div class=page><a href='https://other.example.org/qtxx/t20240115_101_1.html'>2</a></div>",
        "<div class=page><a href='javascript:next()'>下一页</a></div>",
        '<script>createPageHTML(3, 0, "index", "html");</script>',
        '<script>createPageHTML(3, 1, "t20240115_101", "html");</script>',
    ],
)
def test_other_articles_and_other_sites_are_no_further_pages(below: str) -> None:
    assert next_pages(page_of(below)) == ()


def test_second_page_leads_nowhere() -> None:
    pager = "<div class=page><a href='t20240115_101.html'>1</a><b>2</b><a href='t20240115_101_2.html'>3</a></div>"
    assert next_pages(page_of(pager, f"{FOLDER}/t20240115_101_1.html")) == ()


def test_number_of_pages_is_bounded() -> None:
    links = "".join(f"<a href='t20240115_101_{n}.html'>{n + 1}</a>" for n in range(1, 99))
    assert 0 < len(next_pages(page_of(f"<div class=page>{links}</div>"))) <= 30


def test_joined_article_has_the_text_of_all_pages_and_the_facts_of_the_first() -> None:
    first = Extraction(
        Fields(
            title="t", body="<p>one</p>", origins=("示例日报",), attachments=(Attachment(url="https://e.org/a.pdf"),)
        ),
        {"body": "#zoom"},
    )
    rest = [
        Extraction(Fields(title="t (2)", body="<p>two</p>", lead_image="https://e.org/2.jpg", editor="赵敏")),
        Extraction(
            Fields(
                body="<p>three</p>",
                origins=("别家",),
                attachments=(Attachment(url="https://e.org/a.pdf"), Attachment(url="https://e.org/b.pdf")),
            )
        ),
    ]
    joined = join(first, rest)
    assert joined.fields.body == "<p>one</p>\n<p>two</p>\n<p>three</p>"
    assert (joined.fields.title, joined.fields.origins) == ("t", ("示例日报",))
    assert [item.url for item in joined.fields.attachments] == ["https://e.org/a.pdf", "https://e.org/b.pdf"]
    assert (joined.fields.lead_image, joined.fields.editor) == ("https://e.org/2.jpg", "赵敏")
    assert joined.found["body"] == "#zoom, 3 pages"


def test_page_that_comes_twice_is_joined_once() -> None:
    one = Extraction(Fields(body="<p>one</p>"))
    assert join(one, [one, Extraction(Fields(body="<p>two</p>"))]).fields.body == "<p>one</p>\n<p>two</p>"


def test_article_of_one_page_stays_as_it_is() -> None:
    one = Extraction(Fields(title="t", body="<p>one</p>"), {"title": "<h1>"})
    assert join(one, []) == one


@pytest.mark.corpus
def test_two_page_article_of_a_whole_site_becomes_one() -> None:
    site = corpora() / "seed-site" / "site"
    base = "http://site.example.org"

    def read(url: str) -> Page:
        body = (site / url.removeprefix(f"{base}/")).read_bytes()
        return Page(url=url, status=200, content_type="text/html", body=body)

    page = read(f"{base}/zxdt/qtxx/202408/t20240826_1014.html")
    further = next_pages(page)
    assert further == (f"{base}/zxdt/qtxx/202408/t20240826_1014_1.html",)
    rules, zone = ArticleRules(), "Asia/Shanghai"
    first, second = extract(page, rules, zone), extract(read(further[0]), rules, zone)
    joined = join(first, [second])
    assert joined.fields.body == f"{first.fields.body}\n{second.fields.body}"
    assert joined.fields.title == first.fields.title
