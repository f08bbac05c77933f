"""Which of the dates that a page tells is its publication, where its data, its address and what it shows differ."""

from __future__ import annotations

import json

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = "<p>The town council has decided that three parks will be built near the river before the year is out.</p>" * 4


def fields_of(
    line: str, *, head: str = "", url: str = "https://www.example.org/parks.html", lang: str = "en"
) -> Fields:
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>Three parks for the town</title>{head}</head><body>"
        f"<h1>Three parks for the town</h1><div class=info>{line}</div><article>{TEXT}</article></body></html>"
    )
    return extract(Page(url=url, status=200, content_type="", body=html.encode()), ArticleRules(), "UTC").fields


def data(**dates: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **dates})}</script>'


def published(fields: Fields) -> str | None:
    return fields.published.at.isoformat() if fields.published else None


@pytest.mark.parametrize(
    ("stated", "shown", "expected"),
    [
        ("2018-12-31T23:11:59Z", "1 January 2019", "2019-01-01T00:11:59+01:00"),
        ("2020-02-18T02:18:11Z", "17 February 2020", "2020-02-17T23:18:11-03:00"),
        ("2020-02-18T00:00:00Z", "17 February 2020", "2020-02-17T23:00:00-01:00"),
        ("2020-02-18T02:18:11Z", "18 February 2020", "2020-02-18T02:18:11+00:00"),
        ("2020-02-18T02:18:11+01:00", "17 February 2020", "2020-02-18T02:18:11+01:00"),
    ],
)
def test_instant_in_utc_is_told_on_the_day_that_the_page_shows(stated: str, shown: str, expected: str) -> None:
    assert published(fields_of(shown, head=data(datePublished=stated))) == expected


def test_instant_in_utc_is_told_on_the_day_of_the_address() -> None:
    url = "https://www.example.org/2019/01/01/parks/"
    fields = fields_of("", head=data(datePublished="2018-12-31T23:11:59Z"), url=url)
    assert published(fields) == "2019-01-01T00:11:59+01:00"


def test_day_shown_goes_before_that_of_the_address() -> None:
    url = "https://www.example.org/2019/01/01/parks/"
    fields = fields_of("31 December 2018", head=data(datePublished="2018-12-31T23:11:59Z"), url=url)
    assert published(fields) == "2018-12-31T23:11:59+00:00"


def test_day_shown_that_other_data_confirm_goes_before_a_lone_statement() -> None:
    head = data(datePublished="2023-11-03T10:25:56Z")
    head += '<meta property="article:published_time" content="2023-11-06T14:25:00Z">'
    assert published(fields_of("6 November 2023", head=head)) == "2023-11-06T14:25:00+00:00"


def test_only_day_shown_is_the_publication_of_a_page_that_was_published_again() -> None:
    head = data(datePublished="2017-08-21T13:09:00Z", dateModified="2019-04-03T08:04:01Z")
    assert str(published(fields_of("3 April 2019", head=head))).startswith("2019-04-03")


@pytest.mark.parametrize(
    "line",
    [
        "21 August 2017 | 3 April 2019",
        "Updated on 3 April 2019",
        "Päivitetty 3.4.2019",
        "Zaktualizowano 3.4.2019",
        "Uppdaterad 3.4.2019",
    ],
)
def test_day_of_a_change_is_no_publication(line: str) -> None:
    head = data(datePublished="2017-08-21T13:09:00Z", dateModified="2019-04-03T08:04:01Z")
    assert published(fields_of(line, head=head, lang="fi")) == "2017-08-21T13:09:00+00:00"


def test_day_shown_of_something_else_does_not_move_what_is_stated() -> None:
    head = data(datePublished="2019-11-27T15:21:21+01:00", dateModified="2019-11-27T15:30:00+01:00")
    assert published(fields_of("21 February 2020", head=head)) == "2019-11-27T15:21:21+01:00"


def test_guess_stays_within_the_month_of_the_address() -> None:
    url = "https://archive.example.org/web/20160218174457/https://www.example.org/2010/05/parks/"
    line = f"<p>Moved here on 2016-01-01 with all that was written before, long ago, {'and more ' * 40}</p>"
    line += f"<p>Written by somebody of the town on the 19th of May, 2010, in the town, {'and more ' * 40}</p>"
    assert str(published(fields_of(line, url=url))).startswith("2010-05-")
