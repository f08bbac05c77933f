"""Who wrote a page of another language than Chinese, where what it states and what it shows differ."""

from __future__ import annotations

import json

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Page

TEXT = "<p>The town council has decided that three parks will be built near the river before the year is out.</p>" * 4


def authors_of(
    *, head: str = "", before: str = "", line: str = "", after: str = "", host: str = "www.example.org"
) -> tuple[str, ...]:
    html = (
        f"<html lang=en><head><meta charset=utf-8><title>Three parks for the town</title>{head}</head><body>"
        f"<div>{before}</div><h1>Three parks for the town</h1><div>{line}</div><article>{TEXT}</article>{after}</body>"
        "</html>"
    )
    page = Page(url=f"https://{host}/parks.html", status=200, content_type="", body=html.encode())
    return extract(page, ArticleRules(), "UTC").fields.authors


def data(name: str, *, kind: str = "Person", publisher: str = "") -> str:
    article = {"@type": "Article", "author": {"@type": kind, "name": name}}
    if publisher:
        article["publisher"] = {"@type": "Organization", "name": publisher}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


def test_stated_name_is_read_without_references_and_what_leads_to_it() -> None:
    assert authors_of(head=data("Maria &amp; Katerina")) == ("Maria & Katerina",)
    assert authors_of(head=data("By Jane Doe")) == ("Jane Doe",)
    assert authors_of(head=data(", Example Courier")) == ("Example Courier",)


def test_person_whose_name_the_site_bears_is_its_author() -> None:
    assert authors_of(head=data("Jane Doe", publisher="Jane Doe")) == ("Jane Doe",)
    named = '<meta property="og:url" content="https://www.janedoe.example/parks.html">'
    assert authors_of(head=named + data("Jane Doe"), host="www.janedoe.example") == ("Jane Doe",)


@pytest.mark.parametrize(
    ("name", "kind"), [("Jane Doe", "Organization"), ("Example Clinic", "Person"), ("Doe", "Person")]
)
def test_site_is_no_author_of_its_own(name: str, kind: str) -> None:
    assert authors_of(head=data(name, kind=kind, publisher=name)) == ()


def test_person_of_the_by_line_goes_before_one_who_is_only_stated() -> None:
    assert authors_of(head=data("KatieS"), line="<p>by Aoife O'Riordan</p>") == ("Aoife O'Riordan",)
    assert authors_of(head=data("Jane Doe"), line="<p>Jane Doe, Riverside</p><p>by John Roe</p>") == ("Jane Doe",)


@pytest.mark.parametrize(
    "line",
    [
        "By: Jane Doe",
        "by: Jane Doe, Dec 17, 2025",
        "03/01/2017 by Jane Doe, Candidate of the Committee",
        "</p><p>Written By:</p><p>Jane Doe",
    ],
)
def test_by_line_has_many_forms(line: str) -> None:
    assert authors_of(line=f"<p>{line}</p>") == ("Jane Doe",)


def test_by_line_may_stand_over_the_headline_behind_the_date() -> None:
    assert authors_of(before="<span>Published August 7, 2023</span> <span>by Jane Doe</span>") == ("Jane Doe",)


@pytest.mark.parametrize(
    "below",
    ["<p>Written by Jane Doe</p>", "<h2>Article by</h2><div>Jane Doe</div>", "<h4>Author</h4><p>Jane Doe</p>"],
)
def test_author_may_be_told_below_the_text(below: str) -> None:
    assert authors_of(after=f"<div>{below}</div>") == ("Jane Doe",)


def test_who_wrote_a_comment_or_another_article_is_nobody() -> None:
    comments = '<div class="comments"><p>Written by Jane Doe</p></div>'
    assert authors_of(after=comments) == ()
    assert authors_of(after="<div><p>by Jane Doe</p></div>") == ()


@pytest.mark.parametrize(
    "line",
    [
        "<div class=creator><span>Von</span><ul><li>Jane Doe</li></ul></div>",
        "<p>Par</p><p>Jane Doe</p>",
        "<div>Από&nbsp;<a href='/profiles/1628'>Jane Doe</a></div>",
    ],
)
def test_name_after_the_word_for_by_in_other_languages_is_found(line: str) -> None:
    assert authors_of(line=line) == ("Jane Doe",)


def test_author_whose_name_the_text_begins_with_is_found() -> None:
    figure = "<div><img src=/a.jpg> The river and its banks in spring. (Image source: Example)</div>"
    text = f"<div class=intro-author><a href=/team>Jane Doe</a>, <span>3 May 2024</span></div>{TEXT}"
    page = f"<html lang=en><body><h1>Three parks for the town</h1><article>{figure}{text}</article></body></html>"
    got = Page(url="https://www.example.org/a", status=200, content_type="", body=page.encode())
    read = extract(got, ArticleRules(), "UTC")
    assert read.fields.authors == ("Jane Doe",)


def test_word_before_a_date_is_nobody() -> None:
    day = "<div>on <time>May 16th, 2025</time>, </div><div>in <a href=/parks>Parks</a>. </div>"
    line = f"<div class=byline><div>by <address><a href=/members/6>parkfan</a></address>, </div>{day}</div>"
    assert not {"on", "in"} & set(authors_of(line=line))


@pytest.mark.parametrize("word", ["著者", "執筆者", "저자"])
def test_word_for_the_author_is_nobody(word: str) -> None:
    assert authors_of(line=f"<dl><dt class=author>{word}</dt><dd>2024/5/3</dd></dl>") == ()
