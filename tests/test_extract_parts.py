"""Texts whose parts are named or boxed so that they could be taken for something else."""

from __future__ import annotations

import re

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Page

SENTENCE = "The town council has decided that three parks will be built near the river before the year is out. "


def words_of(body: str) -> str:
    head = "<html lang=en><head><title>Three parks for the town</title></head><body><h1>Three parks for the town</h1>"
    html = f"{head}{body}"
    page = Page(url="https://www.example.org/parks.html", status=200, content_type="", body=html.encode())
    return re.sub(r"<[^>]+>", "", extract(page, ArticleRules(), "UTC").fields.body)


@pytest.mark.parametrize("name", ["footers", "related-term", "recommendation-inline-link"])
def test_words_inside_a_sentence_stay_whatever_they_are_named(name: str) -> None:
    one, two, three = (f'<span class="{name}"><a href="#ref{number}">{number}</a></span>' for number in (11, 12, 13))
    cited = f"<p>Stress is more common there [{one}], as was shown in 2015 [{two},{three}].</p>"
    assert "there [11], as was shown in 2015 [12,13]." in words_of(f"<article>{cited}<p>{SENTENCE * 4}</p></article>")


@pytest.mark.parametrize(
    "twice",
    [
        'the <a href="/sea">Black Sea</a><span class="tooltip">what it is</span>',
        'the <span class="popup"><a href="/sea">Black Sea</a></span><span class="wrapper">Black Sea</span>',
        'the <span class="related"><a href="/sea">Black Sea</a></span><span class="wrapper">Black Sea</span>',
    ],
)
def test_what_is_shown_over_a_sentence_or_said_twice_in_it_goes(twice: str) -> None:
    text = f"<p>This town lies on {twice}, and it has more than a hundred thousand citizens.</p><p>{SENTENCE * 4}</p>"
    assert "lies on the Black Sea, and it has" in words_of(f"<article>{text}</article>")


@pytest.mark.parametrize("beside", ["<!-- 11 -->", "<?hint 11?>"])
def test_remark_beside_words_of_a_sentence_is_passed_over(beside: str) -> None:
    cited = (
        f'<p>Stress is more common there [{beside}<span class="footers">11</span>{beside}], as was shown in 2015.</p>'
    )
    assert "there [11], as was shown in 2015." in words_of(f"<article>{cited}<p>{SENTENCE * 4}</p></article>")


def test_row_of_buttons_in_a_paragraph_goes() -> None:
    share = '<p>Share this article now: <a class="share" href="/f">Face</a> <a class="share" href="/t">Tweet</a></p>'
    assert "Tweet" not in words_of(f"<article><p>{SENTENCE * 4}</p>{share}</article>")


def test_text_that_a_box_of_the_same_name_begins_is_read_from_there() -> None:
    first = "Parks play an important part in the life of every town, as all who live there know, and as we shall see. "
    begun = f'<div class="rich-text"><p>{first * 2}</p><h2>The first part</h2></div>'
    text = "".join(f"<h2>Part {number}</h2><p>{SENTENCE * 9}</p>" for number in range(6))
    offer = '<div class="offer"><a href="/demo">Book a demo</a></div>'
    read = words_of(f'<div class="grid">{begun}{offer}<div class="rich-text">{text}</div></div>')
    assert read.startswith(first.strip())
    assert "The first part" in read


def test_talk_before_a_text_is_no_part_of_it() -> None:
    talk = f'<div class="comment"><p>{SENTENCE * 2}Says Jane.</p></div>'
    text = f'<div class="comment"><p>{SENTENCE * 40}</p></div>'
    assert "Says Jane" not in words_of(f"<div>{talk}{text}</div>")


@pytest.mark.parametrize(
    "label", ["첨부파일", "添付ファイル", "Attachments:", "Downloads", "Anlagen", "Pièces jointes :"]
)
def test_files_below_the_word_for_attachments_in_other_languages(label: str) -> None:
    text = "<p>The council will open two more reading rooms next week, as readers had asked for in a survey.</p>" * 3
    html = (
        f"<html><head><title>Reading rooms</title></head><body><h1>Reading rooms</h1><div class=text>{text}</div>"
        f'<div class=files><h4>{label}</h4><ul><li><a href="/down?f=1">Plan.hwp</a></li></ul></div></body></html>'
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    files = extract(page, ArticleRules(), "UTC").fields.attachments
    assert [(file.url, file.media_type) for file in files] == [
        ("https://www.example.org/down?f=1", "application/vnd.hancom.hwp")
    ]


def test_addresses_that_scripts_are_to_fill_in_are_no_prose() -> None:
    address = "https://www.example.org/shop/a-very-long-name-of-something.html?one=two&three=four:five,six;seven." * 2
    boxes = "".join(f"<div class=url>{address}{number}</div>" for number in range(9))
    assert "shop" not in words_of(f"<main><article><p>{SENTENCE * 3}</p></article><div>{boxes}</div></main>")
