"""Pages with links to articles: which links are the list, what each says, how far is read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from feedservice.errors import FetchError, Unreadable
from feedservice.extract import decode, parse_moment
from feedservice.model import Page, Reading
from feedservice.sources.listing import find_items
from feedservice.sources.rowdates import Calendar, find_date
from tests.fakes import FakeWeb
from tests.source_support import CORPORA, DATA, Visit, needs_corpora, open_source, read, shown, truth

SITE = "https://www.example.org"
URL = f"{SITE}/news/"
NAVIGATION = '<div class="nav"><a href="/">首页</a><a href="/about.html">关于本站</a><a href="/map.html">地图</a></div>'


def page(rows: str, extra: str = "", title: str = "新闻") -> str:
    return f"<html><head><title>{title}</title></head><body>{NAVIGATION}<ul class='lb'>{rows}</ul>{extra}</body></html>"


def rows(*numbers: int) -> str:
    return "".join(
        f'<li><a href="/news/{number}.html">第{number}号工程项目建设进展情况</a><span>2024-01-{number:02}</span></li>'
        for number in numbers
    )


def address(number: int) -> str:
    return f"{SITE}/news/{number}.html"


def listed(reading: Reading) -> list[tuple[str | None, str, str | None]]:
    return [(offer.url, offer.fields.title, shown(offer.fields.published)) for offer in reading.offers]


def numbers(reading: Reading) -> list[int]:
    return [int(str(offer.url).rpartition("/")[2].partition(".")[0]) for offer in reading.offers]


# --------------------------------------------------------------------------------------------------- automatic


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "listing").glob("*.json")))
def test_forms_of_lists(name: str) -> None:
    """Each form that a CMS or a blog has: all links of the list, whole titles, dates; nothing else, in order."""
    expected = json.loads((DATA / "listing" / f"{name}.json").read_text())
    html = (DATA / "listing" / f"{name}.html").read_text()
    now = datetime.fromisoformat(expected["now"]) if "now" in expected else None
    items = find_items(html, expected["url"], now=now, parse_moment=parse_moment)
    found = [{"url": item.url, "title": item.title, "date": (shown(item.date) or "")[:10]} for item in items]
    assert found == expected["items"]


def test_page_of_an_article_is_no_list() -> None:
    """Links to the articles before and after it, though they are titles in equal places, are none."""
    links = "".join(
        f'<li><a href="/info/{number}.html">{word}：关于第{number}号工程项目建设进展情况的通报</a></li>'
        for number, word in ((9221, "上一篇"), (9191, "下一篇"))
    )
    assert find_items(f"<html><body><h1>题目</h1><p>正文</p><ul>{links}</ul></body></html>", URL) == ()


@needs_corpora
@pytest.mark.parametrize("row", truth("lists"), ids=lambda row: row["id"])
def test_every_list_of_the_corpus_is_found(row: dict[str, Any]) -> None:
    """All links of the list and no other; the dates where there are some."""
    body = (CORPORA / row["file"]).read_bytes()
    body = gzip.decompress(body) if row["file"].endswith(".gz") else body
    items = {item.url.rstrip("/"): item for item in find_items(decode(body, ""), row["url"])}
    expected = {item["url"].partition("#")[0].rstrip("/"): item for item in row["expected"]["items"]}
    assert items.keys() == expected.keys()
    for url, item in expected.items():
        if item["date"]:
            assert (shown(items[url].date) or "")[:10] == item["date"][:10]


@needs_corpora
@pytest.mark.parametrize("column", ["qtxx", "tdyw", "tzgg"])
def test_whole_test_site_is_listed(column: str) -> None:
    """Pagination by links, by a script, none; off-site links left out, pinned and cut titles right."""
    folder = CORPORA / "seed-site"
    web = FakeWeb()
    base = "http://127.0.0.1:8765"
    web.serve_folder(base, folder / "site")
    reading = read(open_source("listing", {"url": f"{base}/zxdt/{column}/index.html"}), web)
    lists = [
        part for part in json.loads((folder / "expected.json").read_text())["lists"] if f"/{column}/" in part["path"]
    ]
    expected = [(base + item["path"], item["title"], item["date"]) for part in lists for item in part["items"]]
    dead = "已删除的信息"
    assert [item for item in listed(reading) if item[1] != dead] == expected
    assert web.asked == [base + part["path"] for part in lists]
    assert not reading.problems
    assert not any(offer.complete for offer in reading.offers)


def test_title_attribute_completes_a_cut_title_only() -> None:
    html = page(
        '<li><a href="/1.html" title="关于组织开展安全生产检查的通知">关于组织开展…</a>2024-01-01</li>'
        '<li><a href="/2.html" title="点击查看详情">关于施工期间交通管制的公告</a>2024-01-02</li>'
        '<li><a href="/3.html" title="">公开招聘工作人员的公告</a>2024-01-03</li>'
        '<li><a href="/4.html" title="秋季招聘会提供岗位三千个（更新）">秋季招聘会提供岗位三千个</a>2024-01-04</li>'
    )
    assert [item.title for item in find_items(html, URL)] == [
        "关于组织开展安全生产检查的通知",
        "关于施工期间交通管制的公告",
        "公开招聘工作人员的公告",
        "秋季招聘会提供岗位三千个（更新）",
    ]


def test_angle_brackets_and_ampersands_in_titles_stay() -> None:
    html = page('<li><a href="/1.html">A&amp;B 研发中心 &lt;R&amp;D&gt; 落户</a>2024-01-01</li>' + rows(2, 3))
    assert find_items(html, URL)[0].title == "A&B 研发中心 <R&D> 落户"


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("[2024/01/05]", "2024-01-05"),
        ("（2024.1.5）", "2024-01-05"),
        ("2024年1月5日 08:30", "2024-01-05 08:30"),
        ("发布时间：2024-01-05 08:30:15", "2024-01-05 08:30:15"),
        ("<b>05</b><i>2024-01</i>", "2024-01-05"),
        ("<b>01-05</b><i>2024</i>", "2024-01-05"),
        ("<b>2024</b><i>01/05</i>", "2024-01-05"),
        ("05/01/2024", "2024-01-05"),
        ("5 January 2024", "2024-01-05"),
        ("Jan 5, 2024", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("01-05", "2024-01-05"),
        ("1月5日", "2024-01-05"),
        ("12-30", "2023-12-30"),
        ("3天前", "2024-01-17"),
        ('<time datetime="2024-01-05T08:30:00Z">last week</time>', "2024-01-05 08:30:00"),
        ('<time datetime="1704443400">some weeks ago</time>', "2024-01-05 08:30:00"),
        ("Friday 5th of January, 2024", "2024-01-05"),
        ("Fri, 05/01/2024 - 10:00", "2024-01-05"),
        ("5 gen 24", "2024-01-05"),
        ("5 Jan. '24", "2024-01-05"),
        ("2000年前", None),
        ("5000 years ago", None),
        ("阅读 1024 次", None),
        ("13-45", None),
        ("http://a.example.org:8080", None),
    ],
)
def test_dates_beside_titles(beside: str, expected: str | None) -> None:
    """The page was served on 20 January 2024: what has no year is not in the future."""
    now = datetime.fromisoformat("2024-01-20T00:00:00+08:00")
    html = page(
        "".join(
            f'<li><a href="/n/{n}.html">工程项目建设进展情况之{n}</a> <span>{beside}</span></li>'
            for n in (501, 502, 503)
        )
    )
    items = find_items(html, URL, now=now, parse_moment=parse_moment)
    assert [shown(item.date) for item in items] == [expected] * 3


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("2小时前", "2024-01-19 22:00"),
        ("2小時前", "2024-01-19 22:00"),
        ("30分鐘前", "2024-01-19 23:30"),
        ("半小时前", "2024-01-19 23:30"),
        ("1個月前", "2023-12-21"),
        ("1週前", "2024-01-13"),
        ("今日 10:20", "2024-01-20 10:20"),
        ("昨日 10:20", "2024-01-19 10:20"),
        ("3日前", "2024-01-17"),
        ("5分前", "2024-01-19 23:55"),
        ("2時間前", "2024-01-19 22:00"),
        ("1週間前", "2024-01-13"),
        ("2か月前", "2023-11-21"),
        ("2시간 전", "2024-01-19 22:00"),
        ("어제", "2024-01-19"),
        ("2 часа назад", "2024-01-19 22:00"),
        ("час назад", "2024-01-19 23:00"),
        ("вчера", "2024-01-19"),
        ("منذ ساعتين", "2024-01-19 22:00"),
        ("منذ 3 أيام", "2024-01-17"),
        ("an hour ago", "2024-01-19 23:00"),
        ("剛剛", "2024-01-20 00:00"),
        ("某报今日", None),
        ("5日前後", None),
        ("3월 1일 전국 대회", None),
    ],
)
def test_times_told_from_the_moment_of_reading(beside: str, expected: str | None) -> None:
    now = datetime.fromisoformat("2024-01-20T00:00:00+08:00")
    html = page(
        "".join(f'<li><a href="/n/{n}.html">工程项目建设进展情况{n}</a><i>{beside}</i></li>' for n in (1, 2, 3))
    )
    items = find_items(html, URL, now=now, parse_moment=parse_moment)
    assert [shown(item.date) for item in items] == [expected] * 3


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("\ufeff工程项目建设\u200b进展情况\u202c", "工程项目建设进展情况"),
        ("工程项目👩\u200d🔧建设进展", "工程项目👩\u200d🔧建设进展"),
        ("می\u200cخواهم بدانم چه شد", "می\u200cخواهم بدانم چه شد"),
        ('<span>工程项目建设进展情况</span><span class="small_view">20,970</span>', "工程项目建设进展情况"),
        ('<span>工程项目建设进展情况</span><span class="hits">2.1万</span>', "工程项目建设进展情况"),
        ('<span>工程项目建设进展情况</span><span class="year">2024</span>', "工程项目建设进展情况 2024"),
    ],
)
def test_titles_hold_no_marks_that_nobody_sees_and_no_counts(inside: str, expected: str) -> None:
    html = page("".join(f'<li><a href="/n/{n}.html">{inside}</a><i>2024-01-05</i></li>' for n in (1, 2, 3)))
    assert [item.title for item in find_items(html, URL)] == [expected] * 3


@pytest.mark.parametrize(
    "summary",
    [
        "某局在2月11日举办专题研讨会，引起各界广泛关注。",
        "记者从某局获悉，2020年2月11日某地举办专题研讨会，引起各界广泛关注。",
        "为落实《关于某事的通知》（2019-03-11印发），某地举办研讨会。",
        "The fair of March 11, 2019 was a great success for all who came to it.",
    ],
)
@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("01-05", "2024-01-05"),
        ("1月5日", "2024-01-05"),
        ("05<br>2024-01", "2024-01-05"),
        ("2024-01-05", "2024-01-05"),
        ("Jan 5, 2024", "2024-01-05"),
        ("3天前", "2024-01-17"),
        ("昨天 10:20", "2024-01-19 10:20"),
        ("10:20", None),
        ("来源：某报 2024-01-05 浏览：12", "2024-01-05"),
        ("Posted on January 5, 2024 by admin", "2024-01-05"),
        ("2024-01-05 10:20 来源：某报，编辑：某人", "2024-01-05 10:20"),
    ],
)
@pytest.mark.parametrize("form", ["<p>{0}</p><span>{1}</span>", "<span>{1}</span><p>{0}</p>"])
@pytest.mark.parametrize("whole", [True, False])
def test_day_that_a_summary_tells_of_is_not_that_of_its_article(
    form: str, date: str, expected: str | None, summary: str, whole: bool
) -> None:
    """Whichever of both stands first, and whether the link holds the row or stands in it."""
    now = datetime.fromisoformat("2024-01-20T00:00:00+08:00")
    link = '<li><a href="/n/{0}.html"><h3>工程项目建设进展情况之{0}</h3>{1}</li>'
    rest = f"{form.format(summary, date)}</a>" if whole else f"</a>{form.format(summary, date)}"
    html = page("".join(link.format(number, rest) for number in (501, 502, 503)))
    items = find_items(html, URL, now=now, parse_moment=parse_moment)
    assert [shown(item.date) for item in items] == [expected] * 3


def test_address_tells_the_year_that_a_row_leaves_out() -> None:
    html = page(
        "".join(f'<li><a href="/202{n}/0{n}/t{n}.html">工程项目建设进展情况{n}</a>0{n}-11</li>' for n in (1, 2, 3))
    )
    assert [shown(item.date) for item in find_items(html, URL)] == ["2021-01-11", "2022-02-11", "2023-03-11"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("/info/1045/20236.htm", "2026-11-20"),
        ("/info/1045/20231.htm", "2026-11-20"),
        ("/view?id=20231", "2026-11-20"),
        ("/c2045/1.html", "2026-11-20"),
        ("/c2019/1.html", "2026-11-20"),
        ("/content_20871234.html", "2026-11-20"),
        ("/2045/1.html", "2026-11-20"),
        ("/art/2055_1120.html", "2026-11-20"),
        ("/2023/1120/c2051a1/page.htm", "2023-11-20"),
        ("/2023/11/20/some-slug", "2023-11-20"),
        ("/2023/some-slug", "2023-11-20"),
        ("/2023/5123.html", "2023-11-20"),
        ("/202311/t20231120_99.html", "2023-11-20"),
        ("/a-2023-11-20-b", "2023-11-20"),
        ("/2023/9/1.html", "2026-11-20"),
        ("/2023-12/1.html", "2023-11-20"),
        ("/n/20231120103000123.html", "2023-11-20"),
        ("/2026/11/a.html", "2026-11-20"),
    ],
)
def test_year_is_that_of_a_date_in_the_address_and_no_other_number(place: str, expected: str) -> None:
    now = datetime.fromisoformat("2026-11-27T00:00:00+08:00")
    assert shown(find_date("11-20", Calendar("Asia/Shanghai", now), SITE + place)) == expected


@pytest.mark.parametrize(
    ("today", "told", "expected"),
    [
        ("2026-03-03", "03-04", "2026-03-04"),
        ("2026-03-03", "03-05", "2026-03-05"),
        ("2026-03-03", "03-06", "2025-03-06"),
        ("2026-12-31", "01-01", "2027-01-01"),
        ("2026-12-31", "12-31", "2026-12-31"),
        ("2027-01-01", "12-31", "2026-12-31"),
    ],
)
def test_day_that_is_told_ahead_is_not_a_year_ago(today: str, told: str, expected: str) -> None:
    """Sites date articles a day or two ahead; they are then dated by when they came."""
    calendar = Calendar("Asia/Shanghai", datetime.fromisoformat(f"{today}T12:00:00+08:00"))
    assert shown(find_date(told, calendar)) == expected


def test_day_to_come_is_in_the_year_of_its_address() -> None:
    """A notice of a day of the next weeks; a year alone says nothing of what is to come."""
    calendar = Calendar("Asia/Shanghai", datetime.fromisoformat("2026-11-27T00:00:00+08:00"))
    assert shown(find_date("12-03", calendar, f"{SITE}/2026/11/20/1.html")) == "2026-12-03"
    assert shown(find_date("01-03", calendar, f"{SITE}/2026/11/20/1.html")) == "2026-01-03"
    assert shown(find_date("12-03", calendar, f"{SITE}/2026/1.html")) == "2025-12-03"


YEARS = "".join(f"<li>{year}年</li>" for year in (2024, 2023, 2022))


def undated(*numbers: int) -> str:
    return "".join(f'<li><a href="/n/{n}.html">工程项目建设进展情况之{n}</a> <i>01-0{n}</i></li>' for n in numbers)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<ul>{YEARS}</ul><ul class=l>{undated(1, 2, 3)}</ul>", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        (
            f"<h3>2024</h3><h3>2023年</h3><ul class=l>{undated(1, 2)}</ul><h3>2022</h3><ul class=l>{undated(3)}</ul>",
            ["2023-01-01", "2023-01-02", "2022-01-03"],
        ),
        (f"<h3>2022年</h3><ul class=l>{undated(1, 2, 3)}</ul>", ["2022-01-01", "2022-01-02", "2022-01-03"]),
    ],
    ids=["a choice of years", "a year without articles", "one year"],
)
def test_years_to_choose_from_are_no_headings(body: str, expected: list[str]) -> None:
    now = datetime.fromisoformat("2024-01-20T00:00:00+08:00")
    items = find_items(f"<html><body>{NAVIGATION}{body}</body></html>", URL, now=now, parse_moment=parse_moment)
    assert [shown(item.date) for item in items] == expected


def test_numbers_in_titles_are_no_dates() -> None:
    html = page(
        "".join(
            f'<li><a href="/{n}00.html">2024-01-0{n}至2024-02-0{n}期间办事窗口安排</a><i>2023-12-0{n}</i></li>'
            for n in (1, 2, 3)
        )
    )
    assert [shown(item.date) for item in find_items(html, URL)] == ["2023-12-01", "2023-12-02", "2023-12-03"]


def test_side_lists_and_navigation_lose_against_the_list() -> None:
    side = (
        "<div class='sidebar'><ul>"
        + "".join(f'<li><a href="/hot/{n}.html">热门的文章标题比较长的第{n}篇文章</a></li>' for n in range(30))
        + "</ul></div>"
    )
    html = page(rows(1, 2, 3, 4), side)
    assert [item.url for item in find_items(html, URL)] == [address(n) for n in (1, 2, 3, 4)]


def test_fragments_and_scripts_are_no_articles() -> None:
    html = page(
        rows(1, 2, 3)
        + '<li><a href="javascript:void(0)">打开全部的历史通知公告</a>2024-01-01</li>'
        + '<li><a href="#top">返回页面的最上面部分</a>2024-01-01</li>'
        + '<li><a href="mailto:a@example.org">给我们的编辑部写信</a></li>'
    )
    assert len(find_items(html, URL)) == 3


@pytest.mark.parametrize(
    "attributes",
    [
        "href='javascript:void(0)' onclick='window.open(\"/n/{}.html\")'",
        "href='javascript:show(\"/n/{}.html\", 1)'",
        "href='#' onclick='location.href=\"{}.html\"; return false'",
    ],
)
def test_link_that_a_script_opens_is_one(attributes: str) -> None:
    links = "".join(f"<li><a {attributes.format(n)}>工程项目建设进展情况{n}</a> 2024-01-0{n}</li>" for n in (1, 2, 3))
    found = find_items(page(links), "https://www.example.org/n/index.html")
    assert [item.url for item in found] == [f"https://www.example.org/n/{n}.html" for n in (1, 2, 3)]


def test_query_string_tells_articles_apart() -> None:
    html = page(
        "".join(f'<li><a href="ShowNews.aspx?id={n}">工程项目建设进展情况</a> 2024-01-0{n}</li>' for n in (1, 2, 3))
    )
    assert [item.url for item in find_items(html, URL)] == [f"{URL}ShowNews.aspx?id={n}" for n in (1, 2, 3)]


# --------------------------------------------------------------------------------------------------- selectors


def test_selectors_say_where_everything_is() -> None:
    html = (
        "<div class=x><p class=r><b>One title</b><a href=/a/1>go</a><i>2024-01-01</i><u data-when='2023-05-05'></u></p>"
        "<p class=r><b>Two title</b><a href=/a/2>go</a><u data-when='2023-05-06 07:08'></u></p>"
        "<p class=r>no link</p></div>"
    )
    options = {"url": URL, "items": [".none", "p.r"], "headline": "b", "date": "u@data-when", "link": "xpath:.//a"}
    reading = read(open_source("listing", options), FakeWeb({URL: html}))
    assert listed(reading) == [
        (f"{SITE}/a/1", "One title", "2023-05-05"),
        (f"{SITE}/a/2", "Two title", "2023-05-06 07:08"),
    ]


def test_rows_alone_are_enough() -> None:
    html = page(rows(1, 2), f"<ol>{rows(3, 4, 5, 6, 7)}</ol>")
    reading = read(open_source("listing", {"url": URL, "items": "ul.lb li"}), FakeWeb({URL: html}))
    assert listed(reading)[0] == (address(1), "第1号工程项目建设进展情况", "2024-01-01")
    assert numbers(reading) == [1, 2]


def test_container_bounds_the_search() -> None:
    html = page(rows(1, 2), f"<ol>{rows(3, 4, 5, 6, 7)}</ol>")
    reading = read(open_source("listing", {"url": URL, "container": "ul.lb"}), FakeWeb({URL: html}))
    assert numbers(reading) == [1, 2]


@pytest.mark.parametrize("options", [{"container": "ul.lb"}, {"container": "ul.lb", "items": "li"}])
def test_empty_container_is_an_empty_list(options: dict[str, str]) -> None:
    assert read(open_source("listing", {"url": URL, **options}), FakeWeb({URL: page("")})).offers == ()


@pytest.mark.parametrize("options", [{"container": "ul.gone"}, {"items": "ul.gone li"}])
def test_vanished_container_is_an_error(options: dict[str, str]) -> None:
    """After a redesign the source is broken, not empty."""
    with pytest.raises(Unreadable, match=r"ul\.gone"):
        read(open_source("listing", {"url": URL, **options}), FakeWeb({URL: page(rows(1, 2))}))


@pytest.mark.parametrize("selector", ["li[", "xpath://[", "::nothing(", ""])
def test_wrong_selector_is_refused_with_the_config(selector: str) -> None:
    with pytest.raises(ValidationError, match=r"selector|XPath"):
        open_source("listing", {"url": URL, "items": selector or "xpath:"})


# --------------------------------------------------------------------------------------------------- nothing found


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", "error page"),
        (
            "<html><head><title>系统提示</title></head><body>您访问的页面不存在<a href='/'>返回首页</a></body></html>",
            "error page",
        ),
        (page("", title="访问受限"), "turns visitors away"),
        (page("<li><a href=1.html>最新发布的一条新闻</a> 2026-01-05</li>" * 9, title="系统维护中"), "maintenance page"),
        ("<html><title>示例网</title><body>您的访问过于频繁，请稍后再试</body></html>", "turns visitors away"),
        ("<html><title>示例网</title><body>为保障安全，请输入验证码</body></html>", "a challenge"),
        (
            f"<html><head><title>欢迎</title></head><body>{NAVIGATION}<p>欢迎光临</p></body></html>",
            "no list of articles",
        ),
        (
            "<html><head><title>x</title></head><body><div id=app></div><script src=/app.js></script></body></html>",
            "JavaScript",
        ),
        (
            "<html><script>document.cookie='__jsl_clearance='+1;location.reload()</script></html>",
            "script challenge",
        ),
    ],
)
def test_page_without_a_list_is_an_error_never_empty(html: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(open_source("listing", {"url": URL}), FakeWeb({URL: html}))


def test_page_that_says_it_has_nothing_is_empty() -> None:
    assert read(open_source("listing", {"url": URL}), FakeWeb({URL: page("<li>暂无信息</li>")})).offers == ()


# --------------------------------------------------------------------------------------------------- turning pages


def script(call: str) -> str:
    return f"<div class=page><script>{call}</script></div>"


@pytest.mark.parametrize(
    ("extra", "second"),
    [
        (
            '<div class="page"><b>1</b> <a href="index_1.html">2</a> <a href="index_1.html">下一页</a></div>',
            "index_1.html",
        ),
        ('<a href="?page=2">Older posts</a>', "?page=2"),
        ('<a rel="next" href="p2/">mehr</a>', "p2/"),
        ('<div class="pagination"><a class="next" href="p2/"><img src="n.png"></a></div>', "p2/"),
        ('<div><span>1</span><a href="l_2.htm">2</a><a href="l_3.htm">3</a></div>', "l_2.htm"),
        (script('createPageHTML(9, 0, "index", "html");'), "index_1.html"),
        (script("createPageHTML('9','0','list','shtml')"), "list_1.shtml"),
        (script('createPageHTML("page_div", 9, 1, "index", "html", 120)'), "index_2.html"),
        (script("createPageHTML('page_div',2, 1,'list','shtml',30);"), "list_2.shtml"),
        (script("createPageHTML('page_div',9, 0,'list','shtml',120);"), "list_1.shtml"),
        (
            script('var countPage = 9 ;var currentPage = 0; createPageHTML(countPage, currentPage, "index", "htm");'),
            "index_1.htm",
        ),
        (
            script(
                "var currentPage = 0;//所在页从0开始\nvar nextPage = currentPage+1\nvar countPage = 2//共多少页\n"
                'document.write("<a href=\\"index"+"_" + nextPage + "."+"htm\\">下一页</a>");'
            ),
            "index_1.htm",
        ),
        ('<p><a href="l_2.htm" title="nächste Seite">»</a></p>', "l_2.htm"),
        ('<p><a href="l_2.htm"><img src="n.gif" alt="下一页"></a></p>', "l_2.htm"),
        ('<p>Страницы: <b>1</b> | <a href="?p=2">2</a> | <a href="?p=2">След.</a></p>', "?p=2"),
        ('<p><a href="?p=2">التالي »</a></p>', "?p=2"),
        ('<nav><a class="btn active" href="?p=1">1</a><a href="?p=2">2</a></nav>', "?p=2"),
    ],
    ids=[
        "next",
        "older",
        "rel",
        "class",
        "numbers",
        "trs",
        "trs quoted",
        "trs with div",
        "trs with div, two pages",
        "trs with div, from nothing",
        "trs with variables",
        "trs written out",
        "title",
        "picture",
        "russian",
        "arabic",
        "marked number",
    ],
)
def test_next_page_is_found(extra: str, second: str) -> None:
    web = FakeWeb({URL: page(rows(9, 8), extra), URL + second: page(rows(7, 6))})
    reading = read(open_source("listing", {"url": URL}), web)
    assert numbers(reading) == [9, 8, 7, 6]
    assert not reading.problems


@pytest.mark.parametrize("form", ["<b>{}</b>", "<a class=cur href=?p={}>{}</a>", "[<span>{}</span>]"])
def test_row_of_numbers_leads_from_page_to_page(form: str) -> None:
    """On the second page its own number is no link, so that no link says 2."""
    web = FakeWeb()
    for number in (1, 2, 3, 4):
        links = (f'<a href="?p={other}">{other}</a>' for other in range(1, 5))
        row = " ".join(
            form.replace("{}", str(number)) if other == number else link for other, link in enumerate(links, 1)
        )
        web.put(URL if number == 1 else f"{URL}?p={number}", page(rows(9 - number), f"<div>{row}<i>4</i></div>"))
    reading = read(open_source("listing", {"url": URL}), web)
    assert numbers(reading) == [8, 7, 6, 5]
    assert not reading.problems


@pytest.mark.parametrize(
    "extra",
    [
        "<div id=calendar><table><tr><td>1<td><a href=/d/2>2</a><td><a href=/d/3>3</a></tr></table></div>",
        "<table><tr><td>1<td><a href=/d/2>2</a><td>3<td>4<td>5<td>6<td><a href=/d/7>7</a></tr></table>",
    ],
)
def test_days_of_a_calendar_are_no_pages(extra: str) -> None:
    web = FakeWeb({URL: page(rows(9, 8), extra)})
    read(open_source("listing", {"url": URL}), web)
    assert web.asked == [URL]


def test_rest_of_a_teaser_is_no_page() -> None:
    teasers = "".join(f'<li><a href="/news/{number}.html">Далее</a></li>' for number in (9, 8))
    web = FakeWeb({URL: page(rows(9, 8) + teasers, '<p class="pager"><a href="?p=2">Далее</a></p>')})
    web.put(f"{URL}?p=2", page(rows(7) + teasers))
    assert numbers(read(open_source("listing", {"url": URL}), web)) == [9, 8, 7]


@pytest.mark.parametrize("told", [lambda number: number, lambda number: 1], ids=["each its own", "all the first's"])
def test_form_that_names_an_element_counts_pages_from_one(told: Callable[[int], int]) -> None:
    """Some sites have one script on all pages: the address says which page it is."""
    web = FakeWeb()
    for number, address in enumerate(("list.html", "list_2.html", "list_3.html"), start=1):
        call = script(f"createPageHTML('page_div',3, {told(number)},'list','html',6);")
        web.put(URL + address, page(rows(9 - 2 * number, 8 - 2 * number), call))
    reading = read(open_source("listing", {"url": f"{URL}list.html"}), web)
    assert numbers(reading) == [7, 6, 5, 4, 3, 2]
    assert not reading.problems


def test_data_store_goes_on_in_its_next_group() -> None:
    def store(records: str, after: str = "") -> str:
        group = f"<nextgroup><![CDATA[<a href='{after}'></a>]]></nextgroup>" if after else ""
        inside = "".join(f"<record><![CDATA[{row}</li>]]></record>" for row in records.split("</li>") if row)
        return f"<datastore>{group}<recordset>{inside}</recordset></datastore>"

    first = store(rows(9, 8), "/dataproxy.jsp?page=1&amp;unitid=7")
    first = f"<html><body>{NAVIGATION}<script type='text/xml'>{first}</script></body></html>"
    web = FakeWeb({URL: first, f"{SITE}/dataproxy.jsp?page=1&unitid=7": store(rows(7, 6))})
    assert numbers(read(open_source("listing", {"url": URL}), web)) == [9, 8, 7, 6]


def test_pattern_of_pages() -> None:
    web = FakeWeb({URL: page(rows(9, 8)), f"{URL}p1.html": page(rows(7)), f"{URL}p2.html": page("<li>暂无信息</li>")})
    options = {"url": URL, "pages": URL + "p{page}.html", "second_page": 1}
    assert numbers(read(open_source("listing", options), web)) == [9, 8, 7]
    assert web.asked == [URL, f"{URL}p1.html", f"{URL}p2.html"]


def test_next_selector() -> None:
    web = FakeWeb({URL: page(rows(9, 8), "<a class=go href=/older>&rarr;</a>"), f"{SITE}/older": page(rows(7, 6))})
    assert numbers(read(open_source("listing", {"url": URL, "next": "a.go"}), web)) == [9, 8, 7, 6]


def long_list(pages: int) -> FakeWeb:
    web = FakeWeb()
    for number in range(pages):
        after = f'<a href="p{number + 1}.html">下一页</a>' if number < pages - 1 else ""
        web.put(f"{URL}p{number}.html", page(rows(*range(30 - 2 * number, 28 - 2 * number, -1)), after))
    return web


def test_reading_stops_at_the_page_that_is_known() -> None:
    """Of each page one article at least must be new; the first page of which none is ends it."""
    web = long_list(9)
    known = {address(number) for number in range(1, 29)}
    reading = read(open_source("listing", {"url": f"{URL}p0.html"}), web, known=known.__contains__)
    assert numbers(reading) == [30, 29, 28, 27]
    assert web.asked == [f"{URL}p0.html", f"{URL}p1.html"]
    assert reading.paged
    assert not read(open_source("listing", {"url": f"{URL}p8.html"}), web).paged


def test_first_read_goes_back_as_far_as_the_limit() -> None:
    web = long_list(9)
    assert len(read(open_source("listing", {"url": f"{URL}p0.html"}, limit=5), web).offers) == 5
    assert len(web.asked) == 3


def test_pages_are_bounded() -> None:
    web = long_list(9)
    assert len(read(open_source("listing", {"url": f"{URL}p0.html", "max_pages": 2}), web).offers) == 4


def test_pages_that_go_in_a_circle_end() -> None:
    web = FakeWeb(
        {URL: page(rows(9, 8), '<a href="b">下一页</a>'), f"{URL}b": page(rows(7, 6), f'<a href="{URL}">下一页</a>')}
    )
    assert numbers(read(open_source("listing", {"url": URL}), web)) == [9, 8, 7, 6]
    web = FakeWeb(
        {URL: page(rows(9, 8), '<a href="?1">下一页</a>'), f"{URL}?1": page(rows(9, 8), '<a href="?2">下一页</a>')}
    )
    assert numbers(read(open_source("listing", {"url": URL}), web)) == [9, 8]


@pytest.mark.parametrize("second", [FetchError("503", status=503), b"<html><title>502 Bad Gateway</title></html>"])
def test_dead_second_page_is_a_problem_not_a_failure(second: bytes | Exception) -> None:
    """The first page counts; its address is volatile, so that the rest is tried again next time."""
    web = FakeWeb({URL: page(rows(9, 8), '<a href="p2">下一页</a>'), f"{URL}p2": second})
    reading = read(open_source("listing", {"url": URL}), web)
    assert numbers(reading) == [9, 8]
    assert reading.problems[0].startswith("page 2 of the list: ")
    assert reading.volatile == (URL,)
    assert reading.unfinished


def test_unchanged_first_page_ends_the_read() -> None:
    web = long_list(2)
    source, visit = open_source("listing", {"url": f"{URL}p0.html"}), Visit(web)
    assert len(source.read(visit, lambda keys: frozenset()).offers) == 4
    assert source.read(visit, lambda keys: frozenset()) == Reading(unchanged=True)
    assert len(web.asked) == 3


def test_several_lists_are_one_source() -> None:
    web = FakeWeb({URL: page(rows(9, 8)), f"{SITE}/other/": page(rows(8, 7)), f"{SITE}/dead/": FetchError("500")})
    reading = read(open_source("listing", {"url": [URL, f"{SITE}/other/", f"{SITE}/dead/"]}), web)
    assert numbers(reading) == [9, 8, 7]
    assert reading.problems == ("500",)
    with pytest.raises(FetchError):
        read(open_source("listing", {"url": [f"{SITE}/dead/", f"{SITE}/dead/"]}), web)


@pytest.mark.parametrize("other", [FetchError("500", status=500), page("<li>暂无信息</li>")], ids=["dead", "empty"])
def test_list_that_stands_still_beside_one_that_brings_nothing_is_not_empty(other: str | Exception) -> None:
    web = FakeWeb({URL: page(rows(9, 8)), f"{SITE}/other/": page(rows(7))})
    source, visit = open_source("listing", {"url": [URL, f"{SITE}/other/"]}), Visit(web)
    assert not source.read(visit, lambda keys: frozenset()).unchanged
    web.put(f"{SITE}/other/", other)
    reading = source.read(visit, frozenset)
    assert reading.unchanged
    assert reading.problems == (("500",) if isinstance(other, Exception) else ())
    web.put(f"{SITE}/other/", page(rows(7, 6)))
    assert numbers(source.read(visit, frozenset)) == [7, 6]


# --------------------------------------------------------------------------------------------------- where links lead


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/n/{}.html;jsessionid=0A1B.node{}", "/n/{}.html"),
        ("/n/{}.jsp;jsessionid=0A1B{}?id={}", "/n/{}.jsp?id={}"),
        ("/n.php?id={}&amp;PHPSESSID=a{}", "/n.php?id={}"),
        ("/n.php?PHPSESSID=a1&amp;id={}", "/n.php?id={}"),
        ("/n.php?session=1&amp;id={}&", "/n.php?session=1&id={}&"),
        ("..\\n\\{}.html?a=\\b", "/n/{}.html?a=\\b"),
        ("#/n/{}", "/news/#/n/{}"),
        ("#!n{}", "/news/#!n{}"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"items": "ul.lb li"}], ids=["found", "told"])
def test_links_are_read_as_browsers_do_and_without_the_number_of_the_visit(
    link: str, expected: str, options: dict[str, str]
) -> None:
    html = page(
        "".join(
            f'<li><a href="{link.replace("{}", str(n))}">第{n}号工程项目建设进展情况</a> 2024-01-01</li>'
            for n in (1234, 1235, 1236)
        )
    )
    reading = read(open_source("listing", {"url": URL, **options}), FakeWeb({URL: html}))
    assert [offer.key for offer in reading.offers] == [
        SITE + expected.replace("{}", str(n)) for n in (1234, 1235, 1236)
    ]


@pytest.mark.parametrize("link", ["#", "#top", "#!", "#/", "#!/"])
def test_fragments_that_name_no_page_lead_nowhere(link: str) -> None:
    html = page(rows(1, 2, 3) + f'<li><a href="{link}">返回页面的最上面的部分</a> 2024-01-01</li>')
    for options in ({}, {"items": "ul.lb li"}):
        assert numbers(read(open_source("listing", {"url": URL, **options}), FakeWeb({URL: html}))) == [1, 2, 3]


def test_links_to_other_sites_are_left_out_unless_asked_for() -> None:
    html = page(rows(1, 2) + '<li><a href="https://other.example.net/3.html">另一个网站上的一篇文章</a>2024-01-03</li>'
                '<li><a href="https://sub.example.org/4.html">同一网站子域名上的文章</a>2024-01-04</li>')  # fmt: skip
    web = FakeWeb({URL: html})
    assert numbers(read(open_source("listing", {"url": URL}), web)) == [1, 2, 4]
    assert numbers(read(open_source("listing", {"url": URL, "offsite": True}), web)) == [1, 2, 3, 4]


def test_addresses_start_from_the_base_and_from_where_the_page_was_found() -> None:
    moved = Page(
        url=f"{SITE}/new/",
        status=200,
        content_type="text/html",
        body=page(rows(1, 2, 3)).replace("/news/", "").encode(),
    )
    assert read(open_source("listing", {"url": URL}), FakeWeb({URL: moved})).offers[0].url == f"{SITE}/new/1.html"
    based = page(rows(1, 2, 3)).replace("/news/", "").replace("<title>", "<base href='/b/'><title>")
    assert read(open_source("listing", {"url": URL}), FakeWeb({URL: based})).offers[0].url == f"{SITE}/b/1.html"


def test_charset_is_found_by_the_reader_that_was_handed_in() -> None:
    body = page(rows(1, 2, 3)).replace("<title>", '<meta charset="gb2312"><title>').encode("gb18030")
    assert (
        read(open_source("listing", {"url": URL}), FakeWeb({URL: body})).offers[0].fields.title.startswith("第1号工程")
    )


# --------------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            "".join(f'<li><a href="/x/{n}.html">title here number {n}</a> 2024-01-01</li>' for n in range(25_000)),
            marks=pytest.mark.slow,
        ),
        "<a href=x>" * 200_000,
        "<div>" * 200_000 + "<a href=1.html>x</a>",
        "".join(f"<div><a href=/{n}.html>some title of an article {n}</a>" for n in range(30_000)),
        "<script>" * 100_000,
        "<script>" + '={"a":' * 100_000,
        "<script>var a=" + "[" * 300_000,
        "<script>x={a:1</script>" * 50_000,
        "<datastore>" + "<record>" * 100_000,
        '<li><a href="/1234.html">' + "2024-" * 200_000 + "</a></li>",
        '<li><a href="/1234.html">abc def ghi</a>' + "1-1 " * 200_000 + "</li>",
        "createPageHTML(1" + "," * 300_000,
        ("createPageHTML(" + ",".join("abcdefghij"[n % 10] + "x" for n in range(80)) + ");") * 4_000,
        "createPageHTML(a,b);" + "var a " * 160_000,
        ("<script>" + "a=[{b:" * 60 + "x" * 100_000 + "</script>") * 100,
        ("<script>" + 'a={"b":1,"c":' * 60 + "1," * 500_000 + "</script>") * 10,
        ("<script>" + "a=[{b:" * 60 + "{}" * 50_000 + "</script>") * 100,
        "<script " * 1_000_000,
        "<nextgroup>" * 1_000_000 + rows(1, 2, 3),
        "".join(f'<li><a href="/x/{n}.html">更多{"。" * 598}x</a></li>' for n in range(2_000)),
        "<!--" * 200_000,
        '<a href="/' + "a-" * 300_000 + '">x</a>',
        "<script>var a="
        + json.dumps(
            [{"title": f"title here number {n}", "url": f"/x/{n}.html", "date": "2024-01-01"} for n in range(8)]
            + [{"title": "title here", "url": "/x/9.html", "date": "x" * 201 + "1-1" + " " * 1_000_000 + "x"}]
        )
        + "</script>",
        '<li class="' + "a-first " * 200_000 + '"><a href="/1.html">x</a></li>',
        "".join(f'<li><a href="/x/{n}.html">title {n} here</a><i class="{"a_" * 40}!">x</i></li>' for n in range(9)),
        pytest.param(
            "".join(f'<li><a href="/x/{n}.html">title here number {n}</a> 2024-01-01</li>' for n in range(60_000)),
            marks=pytest.mark.slow,
        ),
    ],
    ids=[
        "links", "nested links", "divs", "nested rows", "scripts", "json", "brackets", "literals", "records", "title",
        "row", "call", "calls", "variables", "assigned", "assigned JSON", "assigned brackets",
        "open scripts", "groups", "more", "comments", "address", "date", "classes", "parts of a class", "more links",
    ],
)  # fmt: skip
def test_hostile_page_is_read_in_bounded_time(html: str) -> None:
    """Each is about a megabyte; anything that were not linear would take minutes."""
    with suppress(Unreadable):
        assert len(find_items(html, URL)) <= 20_000


@pytest.mark.parametrize("name", ["container", "items", "link", "headline", "date", "next"])
def test_selector_that_fails_on_the_page_is_told(name: str) -> None:
    """The engine counts the arguments when it comes to them, not before."""
    selector = "xpath:descendant::*[contains(.)]"
    options = {"items": "li"} if name in ("link", "headline", "date") else {}
    with pytest.raises(Unreadable, match="cannot be applied: Invalid number of arguments") as raised:
        read(open_source("listing", {"url": URL, **options, name: selector}), FakeWeb({URL: page(rows(1, 2, 3))}))
    assert selector in str(raised.value)


@pytest.mark.parametrize("text", ["1-1{}x", "1 {}x", "2024{}x", "1-1 日{}x", "1 jan{}x", "1-1,{}x"])
def test_hostile_date_is_read_in_bounded_time(text: str) -> None:
    """A tenth of a megabyte of white space took minutes."""
    assert find_date(text.format(" " * 100_000), Calendar("Asia/Shanghai")) is None
