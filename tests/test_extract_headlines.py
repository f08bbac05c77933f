"""Headlines among kickers, site names and stamps; bodies in parts; local days of times that are stated in UTC."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page, Precision

FIRST = (
    "<p>The public library will open two hours earlier from next week, the council said on Monday. Readers had asked "
    "for longer hours in a survey last year, and most of them wanted the mornings.</p>"
)
SECOND = (
    "<p>The reading rooms stay closed on public holidays. A reading group will meet on the first weekend of every "
    "month, and authors from the region will talk about their books.</p>"
)
TITLE = "Library opens two hours earlier"


def read(heading: str, *, body: str = "", line: str = "", head: str = "", title: str = TITLE) -> Fields:
    html = (
        f"<html lang=en><head><title>{title}</title>{head}</head><body>{heading}<div>{line}</div>"
        f"{body or f'<div class=content>{FIRST}{SECOND}</div>'}</body></html>"
    )
    page = Page(url="https://www.example-news.org/a", status=200, content_type="text/html", body=html.encode())
    return extract(page, ArticleRules(), "UTC").fields


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><span class=kicker>Reading</span><span class=visually-hidden>: </span><span>{TITLE}</span></h1>",
        f"<h1><span class=dachzeile>Reading</span> {TITLE}</h1>",
        f"<h1><span>Reading</span><i aria-hidden=true> – </i><span>{TITLE}</span></h1>",
        f"<h1><div class=topic-label>Reading</div>{TITLE}</h1>",
        f"<h1><a href='/a'><span class=roofline>Reading</span> {TITLE}</a></h1>",
        f"<h1>{TITLE}<br><small>02.02.2024 • News</small></h1>",
        f"<h1>{TITLE} <time>2 February 2024</time></h1>",
    ],
)
def test_kicker_and_what_hangs_behind_are_no_part_of_the_headline(heading: str) -> None:
    assert read(heading, title=f"Reading: {TITLE} | Example News").title == TITLE


def test_readings_above_characters_are_no_words_of_the_headline_and_stay_in_the_text() -> None:
    ruby = "<ruby>図書館<rp>(</rp><rt>としょかん</rt><rp>)</rp></ruby>が<ruby>早<rt>はや</rt></ruby>く開きます"
    fields = read(f"<h1>{ruby}</h1>", body=f"<div class=content><p>{ruby}。</p>{FIRST}{SECOND}</div>", title="News")
    assert fields.title == "図書館が早く開きます"
    assert "<ruby>早<rt>はや</rt></ruby>" in fields.body


def test_headline_in_two_lines_stays_whole() -> None:
    assert read("<h1><span>Library opens</span> <span>two hours earlier</span></h1>").title == TITLE


@pytest.mark.parametrize(
    "site",
    [
        "<h1><a href='/'>Example News</a></h1>",
        "<h1><a href='https://www.example-news.org/'>Example News</a></h1>",
        "<h1 class=site-title>Example News</h1>",
    ],
)
def test_name_of_the_site_is_no_headline(site: str) -> None:
    assert read(f"{site}<h2>{TITLE}</h2>", title=f"Example News » {TITLE}").title == TITLE


def test_window_title_comes_without_the_name_in_the_address() -> None:
    assert read("", title="Example News of the County | Library opens").title == "Library opens"


def test_soft_hyphens_are_left_out() -> None:
    fields = read("<h1>Lib&shy;rary opens two hours ear\u00adlier</h1>", body=f"<div>{FIRST}{SECOND}</div>")
    assert fields.title == TITLE


@pytest.mark.parametrize(
    "words", ["Updated on", "Mis à jour le", "Zuletzt aktualisiert am", "Registered:", "Erscheinungsdatum:"]
)
def test_date_of_something_else_gives_way(words: str) -> None:
    fields = read(f"<h1>{TITLE}</h1>", line=f"<p>{words} 7 January 2024</p><p>2 January 2024</p>")
    assert fields.published is not None
    assert fields.published.at.strftime("%Y-%m-%d") == "2024-01-02"


def test_time_stated_in_utc_is_told_at_the_offset_that_the_page_shows() -> None:
    stated = '{"@type": "NewsArticle", "datePublished": "2024-01-01T22:04:00Z"}'
    head = f'<script type="application/ld+json">{stated}</script>'
    fields = read(f"<h1>{TITLE}</h1>", line="2 January 2024, 00:04", head=head)
    assert fields.published is not None
    assert fields.published.at.isoformat() == "2024-01-02T00:04:00+02:00"


def test_address_in_an_archive_tells_the_day_of_the_article() -> None:
    html = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{FIRST}{SECOND}</div></body></html>"
    url = "https://archive.example.org/web/20140226054445/http://www.example.com/2013/08/07/library"
    page = Page(url=url, status=200, content_type="text/html", body=html.encode())
    published = extract(page, ArticleRules(), "UTC").fields.published
    assert published is not None
    assert (published.at.strftime("%Y-%m-%d"), published.precision) == ("2013-08-07", Precision.DAY)


def test_first_paragraphs_before_a_dated_heading_stay() -> None:
    body = f"<div class=content>{FIRST}{SECOND}<h2>Opening hours from 01.01.2024</h2>{SECOND}</div>"
    assert "two hours earlier from next week" in read(f"<h1>{TITLE}</h1>", body=body).body


def test_body_in_two_parts_is_whole() -> None:
    between = "<div><a href='/b'>Parks</a><a href='/c'>Roads</a><a href='/d'>Trains</a></div>"
    part = "<section class=part><div class='note-body'>{}</div></section>"
    body = f"<div>{part.format(FIRST * 2)}{between}{part.format(SECOND * 2)}</div>"
    found = read(f"<h1>{TITLE}</h1>", body=body).body
    assert "two hours earlier from next week" in found
    assert "reading group" in found


def test_words_around_a_list_belong_to_the_article() -> None:
    items = "".join(f"<li>{FIRST[3:-4]}</li>" for _ in range(3))
    body = f"<div><p>What the council has decided on Monday:</p><ul>{items}</ul><p>The rest stays.</p></div>"
    assert "What the council has decided" in read(f"<h1>{TITLE}</h1>", body=body).body


def test_text_that_stands_in_a_template_is_read() -> None:
    body = f"<div itemprop='articleBody'><script type='text/template'>{FIRST}{SECOND}</script></div>"
    assert "reading group" in read(f"<h1>{TITLE}</h1>", body=body).body


@pytest.mark.parametrize("name", ["TOC_TITLE_1", "js_readmore"])
def test_text_named_for_what_opens_it_is_kept(name: str) -> None:
    body = f"<div class=content>{FIRST}<div class='{name}'>{SECOND}</div></div>"
    assert "reading group" in read(f"<h1>{TITLE}</h1>", body=body).body


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (f"<h1><span>Reading in town</span> {TITLE}</h1>", f"Reading in town - {TITLE} - Example News"),
        (f"<h1><span class=h1small>Reading in town</span> {TITLE}</h1>", f"Reading in town | {TITLE}"),
    ],
)
def test_first_part_that_the_window_sets_off_is_a_kicker(heading: str, title: str) -> None:
    assert read(heading, title=title).title == TITLE


@pytest.mark.parametrize("title", ["Reading in town: all that matters", f"Reading in town: {TITLE}"])
def test_first_part_that_the_window_does_not_set_off_belongs_to_the_headline(title: str) -> None:
    heading = f"<h1><span class=lead>Reading in town</span> {TITLE}</h1>"
    assert read(heading, title=title).title == f"Reading in town {TITLE}"


def test_headline_is_not_cut_inside_a_word() -> None:
    assert read("<h1>Stadtgeschichte</h1>", title="Geschichte | Example").title == "Stadtgeschichte"


def test_short_heading_goes_before_the_long_line_under_it() -> None:
    line = "<h2>The town council has found money for the mornings, and readers are glad of it</h2>"
    title = "Early books - The town council has found money for the mornings, and readers are glad of it : example"
    assert read(f"<h1>Early books</h1>{line}", title=title).title == "Early books"


def test_name_of_the_site_before_the_headline_in_the_window_is_left_out() -> None:
    assert read("", title=f"The Example News Club of Town - {TITLE} - Press").title == TITLE


@pytest.mark.parametrize("name", ["Home", "Startseite", "Blog", "Accueil"])
def test_name_of_every_page_in_the_window_is_left_out(name: str) -> None:
    assert read("", title=f"{name} | Open early").title == "Open early"


def test_heading_of_a_menu_is_no_headline() -> None:
    menu = "<nav><h1>User</h1><ul><li><a href=/in>Log in</a></li><li><a href=/new>Join us</a></li></ul></nav>"
    assert read(menu, title=f"{TITLE} - Example").title == TITLE


@pytest.mark.parametrize("name", ["class=breadcrumb", "itemtype='https://schema.org/BreadcrumbList'", "id=breadcrumbs"])
def test_last_step_of_the_trail_gives_way_to_what_is_named_as_the_headline(name: str) -> None:
    trail = f"<ul {name}><li><a href='/'>Home</a></li><li><h1>Library: what is new</h1></li></ul>"
    named = f"<div itemprop=headline><span class=highline>Library</span> {TITLE}</div>"
    assert read(trail + named, title="Library: what is new | Example").title == TITLE


def test_last_step_of_the_trail_is_the_headline_where_nothing_else_is_named_so() -> None:
    trail = f"<ul class=breadcrumb><li><a href='/'>Home</a></li><li><h1>{TITLE}</h1></li></ul>"
    assert read(trail, title=f"{TITLE} | Example").title == TITLE


def test_section_that_the_contents_of_the_page_list_is_no_headline() -> None:
    entries = ("Opening hours", "Reading rooms", "Reading groups")
    contents = "".join(f"<li><a href='#e{place}'>{entry}</a></li>" for place, entry in enumerate(entries))
    sections = "".join(
        f"<a name='e{place}'></a><h2 class=title>{entry}</h2><div class=content>{FIRST}{SECOND}</div>"
        for place, entry in enumerate(entries)
    )
    heading = f"<h2 class=title>L as in library</h2><ul>{contents}</ul>"
    assert read(heading, body=sections, title="Lexicon - Example News").title == "L as in library"


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1>{TITLE}<a class=headerlink href='#t' title='Permalink'>¶</a></h1>",
        f"<h1>{TITLE}<a href='#t'>#</a></h1>",
        f"<h1>{TITLE} <a href='#comments'>(5)</a></h1>",
        f"<h1>{TITLE} <span class=comment-count>5 comments</span></h1>",
        f"<h1>{TITLE}<span class=mw-editsection>[<a href='/e'>edit</a>]</span></h1>",
        f"<h1>{TITLE} <a href='/e'>Bearbeiten</a></h1>",
        f"<h1>{TITLE} <em>For friends</em></h1>",
        f"<h1><span class='plus-icon sr-only'>Plus</span>{TITLE}</h1>",
        f"<h1>{TITLE} | Example News</h1>",
        f"<h1>02.02.2024 - {TITLE}</h1>",
    ],
)
def test_what_pages_hang_on_their_headings_is_no_part_of_the_headline(heading: str) -> None:
    head = f'<meta property="og:title" content="{TITLE}">'
    assert read(heading, head=head, title=f"{TITLE} | Example News").title == TITLE


def test_headline_of_one_word_comes_without_its_link_too() -> None:
    assert (
        read("<h1>Installation<a class=headerlink href='#i'>¶</a></h1>", title="Installation — Docs").title
        == "Installation"
    )


def test_subtitle_in_the_heading_stays() -> None:
    heading = f"<h1>{TITLE} <span class=subline>What readers may now hope for in the new year</span></h1>"
    head = f'<meta property="og:title" content="{TITLE}">'
    assert read(heading, head=head).title == f"{TITLE} What readers may now hope for in the new year"


@pytest.mark.parametrize("text", ["Example News - What next?", "2 February 2024 - done", "Books, films - and music"])
def test_dash_that_sets_nothing_off_stays(text: str) -> None:
    assert read(f"<h1>{text}</h1>", title=text).title == text


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} ~ Example News",
        f"{TITLE} → Example News",
        f"{TITLE} * Example News",
        f"{TITLE} // Example News",
        f"{TITLE} (Example News)",
        f"{TITLE} [Example News]",
        f"{TITLE}—Example News",
        f"{TITLE}│Example News",
        f"{TITLE} ¦ Example News",
        f"Example News: {TITLE}",
    ],
)
def test_name_of_the_site_in_the_window_is_left_out_whatever_sets_it_off(title: str) -> None:
    assert read("", title=title).title == TITLE


@pytest.mark.parametrize(
    "title", ["Playing live @ the park", "Night train → South", "Reading (a guide)", "Towns: a guide"]
)
def test_marks_inside_a_title_stay(title: str) -> None:
    assert read("", title=title).title == title


def test_title_that_was_escaped_twice_or_has_markup_is_plain() -> None:
    head = (
        '<meta property="og:title" content="Library opens &amp;quot;two&amp;quot; &lt;em&gt;hours&lt;/em&gt; earlier">'
    )
    assert read("", head=head, title="").title == 'Library opens "two" hours earlier'


def test_other_headline_gives_way_to_the_headline() -> None:
    short = "<h1 itemprop=alternativeHeadline class=post-title>Library hours</h1>"
    heading = f"{short}<h2 itemprop=headline class=post-title>{TITLE}</h2>"
    assert read(heading, title="Library hours | Example News").title == TITLE


def test_words_that_a_style_sheet_sets_apart_have_their_spaces() -> None:
    heading = "<h1 class=flex><span>Library</span><span>opens two</span><span>hours earlier</span></h1>"
    assert read(heading, title=f"{TITLE} | Example News").title == TITLE


def test_linked_heading_of_something_else_is_no_headline() -> None:
    heading = "<a href='https://vote.example.org/'><h1>Check out our list of candidates</h1></a>"
    head = f"<meta property='og:title' content='{TITLE}'>"
    assert read(heading, head=head, line="2 February 2024").title == TITLE
