"""The whole text of an article, where its page names parts of it for something else or sets other things between."""

from __future__ import annotations

import re

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

PARTS = [
    f"The library of Example Bay opens {count} more rooms this spring, and readers may book a desk in each of them, by "
    "telephone or at the counter, up to a week before they come."
    for count in ("two", "three", "four", "five", "six", "seven", "eight", "nine")
]
TITLE = "Library opens more rooms for its readers"


def page_of(text: str, head: str = "", before: str = "") -> Fields:
    html = (
        f"<!DOCTYPE html><html lang=en><head><title>{TITLE} - Example Post</title>{head}</head><body>{before}"
        f"<main><article><h1>{TITLE}</h1><time datetime=2024-01-15T09:30:00Z>15 January 2024</time>{text}"
        "</article></main></body></html>"
    )
    page = Page(url="https://www.example.org/news/library", status=200, content_type="text/html", body=html.encode())
    return extract(page, ArticleRules(), "UTC").fields


def paragraphs_of(fields: Fields) -> list[str]:
    return re.findall(r"<p>(.*?)</p>", fields.body)


def paragraphs(parts: list[str], classes: str = "") -> str:
    return "".join(f"<p class='{classes}'>{part}</p>" if classes else f"<p>{part}</p>" for part in parts)


@pytest.mark.parametrize("classes", ["paywall", "has-dropcap paywall", "subscriber-only"])
def test_paragraphs_for_subscribers_that_are_on_the_page_are_text(classes: str) -> None:
    text = f"<div class=body><p>{PARTS[0]}</p>{paragraphs(PARTS[1:], classes)}</div>"
    assert paragraphs_of(page_of(text)) == PARTS


def test_offer_to_subscribe_is_no_text() -> None:
    offer = "<div class=paywall><p>Subscribe now, and read all of our articles. It takes a minute, no more.</p></div>"
    assert paragraphs_of(page_of(f"<div class=body>{paragraphs(PARTS)}{offer}</div>")) == PARTS


def test_text_in_several_boxes_of_a_grid_named_after_its_sidebar_is_whole() -> None:
    boxes = "".join(
        f"<div class=sidebar-grid__box><div class='sidebar-grid__content article__content'>{paragraphs(part)}</div>"
        "</div><div class=banner-slot><a href=/offer>Offer</a></div>"
        for part in (PARTS[:3], PARTS[3:6], PARTS[6:])
    )
    assert paragraphs_of(page_of(f"<div class=sidebar-grid>{boxes}</div>")) == PARTS


def test_column_of_other_articles_that_stands_before_the_text_takes_none_of_it_along() -> None:
    column = (
        "<div class=column><h4>Most read</h4><ul>"
        + "".join(f"<li><a href=/n/{number}>Another piece of news, number {number}</a></li>" for number in range(5))
        + "</ul></div>"
    )
    rows = "".join(
        f"<div class=row>{beside}<div class=text>{paragraphs(part)}</div></div>"
        for beside, part in (("", PARTS[:5]), (column, PARTS[5:]))
    )
    assert paragraphs_of(page_of(f"<div class=relative>{rows}</div>")) == PARTS


@pytest.mark.parametrize("classes", ["box hidden", "box d-none", "is-hidden"])
def test_box_that_style_sheets_hide_is_no_text(classes: str) -> None:
    box = (
        f"<div class='{classes}'><p>Register to go on reading, and share your thoughts, it is free of charge.</p></div>"
    )
    assert paragraphs_of(page_of(f"<div class=body>{paragraphs(PARTS[:4])}{box}{paragraphs(PARTS[4:])}</div>")) == PARTS


def test_box_that_is_only_hidden_on_small_windows_is_text() -> None:
    text = f"<div class=body>{paragraphs(PARTS[:7])}<div class='hidden md:block'><p>{PARTS[7]}</p></div></div>"
    assert paragraphs_of(page_of(text)) == PARTS


def test_heading_for_screen_readers_that_says_nothing_is_no_title() -> None:
    text = f"<div class=body>{paragraphs(PARTS)}</div>"
    assert page_of(text, before="<h2 class='headline hidden'>Main content</h2>").title == TITLE


def test_dialogue_and_headings_named_for_subscribers_are_text_where_the_text_is() -> None:
    said = [*PARTS[:2], "“No,” he said.", *PARTS[2:]]
    text = paragraphs(said, "paywall") + '<h2 class="paywall">The second part</h2>' + paragraphs(PARTS, "paywall")
    body = page_of(text).body
    assert "he said" in body
    assert "The second part" in body


def test_text_that_is_only_named_like_a_caption_is_text_and_a_caption_without_picture_is_none() -> None:
    beside = (
        "<div class=photo-text><p>The hall was built in 1911. It was a market then, "
        + "and more, " * 20
        + "too.</p></div>"
    )
    alone = "<div class=photo-caption><p>The hall in 1911. The market, " + "and more, " * 20 + "too.</p></div>"
    body = page_of(beside + paragraphs(PARTS) + alone).body
    assert "built in 1911" in body
    assert "The hall in 1911" not in body


def test_table_of_data_between_paragraphs_does_not_take_their_place() -> None:
    rows = "".join(
        f"<tr><th><a href='/f{number}'>Film {number}</a></th><td>{1920 + number}</td><td>{PARTS[0]} {number}</td></tr>"
        for number in range(20)
    )
    before = "<p>This list of films tells of time loops, in which people live through the same hours again.</p>"
    after = "<p>The list is kept by volunteers, who add what was shown in cinemas in their country.</p>"
    text = f"{before}<table><thead><tr><th>Title</th><th>Year</th><th>Plot</th></tr></thead>{rows}</table>{after}"
    body = page_of(text).body
    assert "This list of films" in body
    assert "kept by volunteers" in body
    assert "Film 7" in body


def test_list_of_links_inside_a_list_stays() -> None:
    inner = "<ul><li><a href='/1'>Bug 1: a button is too small</a></li><li><a href='/2'>Bug 2: a menu</a></li></ul>"
    text = paragraphs(PARTS) + f"<ul><li>Resolved by volunteers this week:{inner}</li></ul>" + paragraphs(PARTS[:1])
    assert "Bug 2: a menu" in page_of(text).body


def test_line_of_time_is_no_furniture_for_what_it_has_beside_it() -> None:
    line = '<div class="story-meta has-social-tools"><time datetime="2022-10-17T16:01:26">10/17/2022</time></div>'
    html = (
        f"<html lang=en><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1><div>{paragraphs(PARTS[:3])}"
        f"{line}{paragraphs(PARTS)}</div></main></body></html>"
    )
    page = Page(url="https://www.example.org/news/library", status=200, content_type="text/html", body=html.encode())
    published = extract(page, ArticleRules(), "UTC").fields.published
    assert published is not None
    assert published.at.isoformat() == "2022-10-17T16:01:26+00:00"


def test_code_keeps_the_order_of_its_parts_however_deep_they_are_marked() -> None:
    code = (
        "<pre><code><span class=line><span>if</span> (a) {</span>\n"
        "<span class=line>  b(<i><b>a</b>, c</i>);<!-- no --></span> // <script>1</script>d\n"
        "<span class=line>}</span></code></pre>"
    )
    body = page_of(paragraphs(PARTS) + code + paragraphs(PARTS)).body
    assert "<pre><code>if (a) {\n  b(a, c); // d\n}</code></pre>" in body
