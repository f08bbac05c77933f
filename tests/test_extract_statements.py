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


PICTURE = '<p><img src="/files/2014/12/tomatoes.jpg"></p>'


def test_month_of_a_picture_is_no_day() -> None:
    assert day_of("", after=PICTURE) == ""


@pytest.mark.parametrize("line", ["December 2014", "Issue 12/2014", "diciembre de 2014"])
def test_month_that_the_page_shows_may_tell_its_first_day(line: str) -> None:
    assert day_of(line, after=PICTURE)[:10] == "2014-12-01"


def test_month_alone_is_not_filled_up_with_the_day_of_today() -> None:
    assert day_of("2014-12")[:10] == "2014-12-01"
