"""What a page states of its day, where that is a change, a month, a clock that was not set, or of a comment."""

from __future__ import annotations

import json

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Page

TEXT = "<p>The town council has decided that three parks will be built near the river before the year is out.</p>" * 4


def day_of(line: str, *, head: str = "", before: str = "", after: str = "", url: str = "", lang: str = "en") -> str:
    """The time of publication of a page with this line under its headline; "" where none was found."""
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>Three parks for the town</title>{head}</head><body>"
        f"{before}<h1>Three parks for the town</h1><div class=info>{line}</div><article>{TEXT}</article>{after}</body>"
        "</html>"
    )
    page = Page(url=url or "https://www.example.org/parks.html", status=200, content_type="", body=html.encode())
    published = extract(page, ArticleRules(), "UTC").fields.published
    return published.at.isoformat() if published else ""


def data(**dates: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **dates})}</script>'


def test_instant_stated_in_utc_is_told_at_the_offset_that_the_page_states_it_with_elsewhere() -> None:
    head = data(datePublished="2025-12-18T23:25:38Z")
    line = '<time datetime="2025-12-19T04:25:38+0500">Friday</time>'
    assert day_of(line, head=head) == "2025-12-19T04:25:38+05:00"


def test_publication_stated_as_the_last_change_gives_way_to_an_earlier_day_that_is_marked() -> None:
    head = data(datePublished="2025-11-29T12:28:31-05:00", dateModified="2025-11-29T12:28:31-05:00")
    marked = '<div>Published <time pubdate datetime="2025-08-13">August 13, 2025</time></div>'
    assert day_of("By Jane Doe", head=head, after=marked)[:10] == "2025-08-13"
    assert day_of("By Jane Doe", head=head)[:10] == "2025-11-29"


def test_day_of_comments_and_answers_is_not_that_of_the_question() -> None:
    line = '<time itemprop="dateCreated" datetime="2014-02-04T13:02:51">4 Feb 2014</time>'
    answers = "".join(
        f'<div class="comments"><div itemprop="datePublished" datetime="20{year}-05-21T20:37:55">long ago</div></div>'
        for year in (18, 20)
    )
    assert day_of(line + answers)[:10] == "2014-02-04"


@pytest.mark.parametrize("where", ["element", "address"])
def test_exchanged_month_and_day_are_put_right_by_what_the_page_states(where: str) -> None:
    line = '<time datetime="2024-01-12T16:49:00Z">01/12/2024</time>' if where == "element" else "01/12/2024"
    url = "https://www.example.org/2024/01/12/parks.html" if where == "address" else ""
    assert day_of(f"<li>{line}</li>", url=url, lang="zh-CN")[:10] == "2024-01-12"


def test_mark_of_publication_goes_before_a_class_that_tells_of_updates() -> None:
    head = '<meta name="sailthru.date" content="2014-06-30">'
    line = '<time class="updated" datetime="2014-06-29 20:08:00-0400" pubdate>June 29, 2014 08:08 pm</time>'
    assert day_of(line, head=head) == "2014-06-29T20:08:00-04:00"


def test_day_that_is_followed_by_the_time_of_an_update_is_no_publication() -> None:
    head = '<meta name="pubdate" content="2013-11-27T08:36:32Z">' + data(dateModified="2013-11-28T02:03:23Z")
    assert day_of("November 28, 2013 -- Updated 0203 GMT", head=head)[:10] == "2013-11-27"
    assert day_of("November 28, 2013 -- Updated 0203 GMT")[:10] == "2013-11-28"


def test_day_in_a_link_to_the_article_before_is_not_that_of_this_one() -> None:
    before = '<div><a href="/0415.html">« Weekly report – April 15 2012</a></div>'
    url = "https://www.example.org/2012/04/22/parks/"
    assert day_of("", before=before, url=url)[:10] == "2012-04-22"


def test_clock_of_a_script_that_was_not_set_tells_no_day() -> None:
    assert day_of("", head='<script>var page = {pubdate: "1970-01-01T00:00:00"}; page.draw(1);</script>') == ""


PICTURE = '<p><img src="/files/2014/12/tomatoes.jpg"></p>'


def test_month_of_a_picture_is_no_day() -> None:
    assert day_of("", after=PICTURE) == ""


@pytest.mark.parametrize("line", ["December 2014", "Issue 12/2014", "diciembre de 2014"])
def test_month_that_the_page_shows_may_tell_its_first_day(line: str) -> None:
    assert day_of(line, after=PICTURE)[:10] == "2014-12-01"


def test_month_alone_is_not_filled_up_with_the_day_of_today() -> None:
    assert day_of("2014-12")[:10] == "2014-12-01"
