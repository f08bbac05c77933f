"""Articles in languages other than Chinese: who wrote them, where they begin, and what is kept out of them."""

from __future__ import annotations

from html import escape

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = (
    "<p>The public library will open two hours earlier from next week, the council said on Monday. Readers had asked "
    "for longer hours in a survey last year, and most of them wanted the mornings.</p>"
    "<p>The reading rooms stay closed on public holidays. A reading group will meet on the first weekend of every "
    "month, and authors from the region will talk about their books.</p>"
)
BIO = "<h3>Jane Doe</h3><p>Jane writes about libraries and parks.</p><a href='/author/jane'>All posts by Jane Doe</a>"


def read(*, head: str = "", line: str = "", text: str = TEXT, after: str = "", title: str = "Library opens") -> Fields:
    html = (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>Library opens earlier</h1>"
        f"<div>{line}</div><div class=content>{text}</div></article>{after}</body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Europe/London").fields


def graph(author: str, more: str = "") -> str:
    article = f'{{"@type": "NewsArticle", "headline": "Library opens earlier", "author": {author}}}'
    return f'<script type="application/ld+json">{{"@graph": [{article}{more}]}}</script>'


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "By <a href='/author/jane'>Jane Doe</a>",
        "<span class=byline>Written by Jane Doe</span>",
        "<a rel=author href='/jane'>Jane Doe</a> | 15 January 2024",
        "Von Jane Doe",
    ],
)
def test_by_line_names_the_author(line: str) -> None:
    assert read(line=line).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "head",
    [
        graph('{"@type": "Person", "name": "Jane Doe"}'),
        graph('[{"@type": "Person", "name": "Jane Doe"}]'),
        graph('{"@id": "#jane"}', ', {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}'),
        '<meta name="author" content="Jane Doe">',
        '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Doe">',
        '<meta name="twitter:label2" content="Verfasst von"><meta name="twitter:data2" content="Jane Doe">',
    ],
)
def test_page_states_its_author_in_one_of_many_ways(head: str) -> None:
    assert read(head=head).authors == ("Jane Doe",)


@pytest.mark.parametrize("name", ["admin", "publisher", "Editor", "webmaster", "www.example.org", "Example News"])
def test_roles_and_the_site_itself_are_no_authors(name: str) -> None:
    head = f'<meta property="og:site_name" content="Example News"><meta name="author" content="{name}">'
    assert read(head=head).authors == ()


def test_reading_time_of_a_card_is_no_author() -> None:
    head = '<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Four Minutes">'
    assert read(head=head).authors == ()


@pytest.mark.parametrize("name", ["author-bio", "about-author", "box author", "post-author-box"])
def test_box_about_the_author_names_the_author(name: str) -> None:
    assert read(after=f"<div class='{name}'>{BIO}</div>").authors == ("Jane Doe",)


def test_boxes_of_several_people_name_nobody() -> None:
    other = BIO.replace("Jane", "John")
    assert read(after=f"<div class=author-bio>{BIO}</div><div class=author-bio>{other}</div>").authors == ()


def test_author_of_a_comment_is_not_the_author() -> None:
    comments = "<div class=comments><div class='comment'><div class='author'>Jane Doe</div><p>Nice!</p></div></div>"
    assert read(after=comments).authors == ()


def test_agency_in_the_box_is_no_person() -> None:
    assert read(after="<div class=author>Af Nyhedsbureau</div>").authors == ()


def test_personal_blog_is_written_by_its_owner() -> None:
    assert read(title="Library opens earlier – Jane Doe's blog").authors == ("Jane Doe",)


def test_by_line_goes_before_box_and_blog() -> None:
    fields = read(line="By John Roe", after=f"<div class=author-bio>{BIO}</div>", title="Library – Ann Poe's blog")
    assert fields.authors == ("John Roe",)


def teaser(number: int) -> str:
    return (
        f"<li class=line><a href='/{number}.html'>Another story, number {number}</a><p>The council met on Monday and "
        f"talked about story number {number}, which is told elsewhere. <a href='/{number}.html'>More</a></p>"
        f"<em>2024-01-{number:02d}</em></li>"
    )


def test_stream_of_other_articles_below_the_text_is_left_out() -> None:
    stream = "<ul>" + "".join(teaser(number) for number in range(1, 9)) + "</ul>"
    body = read(text=TEXT + stream).body
    assert "the council said on Monday" in body
    assert "Another story" not in body


def test_list_of_links_inside_the_text_stays() -> None:
    links = "<ul>" + "".join(f"<li><a href='/{n}.pdf'>Opening hours of reading room {n}</a></li>" for n in range(1, 6))
    assert read(text=TEXT + links + "</ul>").body.count("<li>") == 5


def test_numbered_steps_with_dates_stay() -> None:
    steps = "".join(
        f"<div class=step><h3>Step {n}</h3><p>On 2024-01-{n:02d} the reading room number {n} will be painted.</p></div>"
        for n in range(1, 7)
    )
    assert read(text=TEXT + steps).body.count("will be painted") == 6


LEAD = "The council opens the public library two hours earlier, and asks its readers what else they want."


@pytest.mark.parametrize(
    ("head", "name"),
    [("", "lead"), ("", "article-excerpt"), ("", "standfirst"), (f'<meta name="description" content="{LEAD}">', "x1")],
)
def test_first_paragraph_between_headline_and_text_belongs_to_the_article(head: str, name: str) -> None:
    body = read(head=head, line=f"<p class='{name}'>{LEAD}</p><p>By Jane Doe, 15 January 2024</p>").body
    assert body.startswith(f"<p>{LEAD}</p>")
    assert "Jane Doe" not in body


def test_first_paragraph_is_not_said_twice() -> None:
    head = f'<meta name="description" content="{LEAD}">'
    assert read(head=head, line=f"<p>{LEAD}</p>", text=f"<p>{LEAD}</p>{TEXT}").body.count(LEAD) == 1


def test_second_title_is_no_first_paragraph() -> None:
    second = "Two hours more for the readers of the public library in the old town"
    head = f'<meta name="description" content="{second}">'
    assert second not in read(head=head, line=f"<h2>{second}</h2>").body


def test_first_paragraph_before_the_by_line_stays_inside_the_container() -> None:
    text = f"<h1>Library opens earlier</h1><p>{LEAD}</p><p>15 January 2024 by Jane Doe</p>{TEXT}"
    body = read(text=text).body
    assert body.startswith(f"<p>{LEAD}</p>")
    assert "15 January" not in body


def test_gallery_becomes_pictures_with_captions() -> None:
    picture = (
        "<li><img src='/{n}.jpg'><div class=caption><div class=caption-full>Readers wait outside the library in the "
        "old town on the first morning, picture {n}</div>"
        "<div class=caption-short>Readers wait outside the library in the old town ... more</div>"
        "<p>Photo: John Roe</p></div></li>"
    )
    gallery = "<ul>" + picture.format(n=1) + picture.format(n=2) + "</ul>"
    body = read(text=gallery + TEXT).body
    assert "<ul>" not in body
    assert body.count("<figcaption>Readers wait outside the library") == 2
    assert "more</" not in body


def test_description_that_the_page_escaped_twice_is_read_twice() -> None:
    said = LEAD.replace("public library", "&amp;ldquo;public&amp;nbsp;library&amp;rdquo;")
    summary = read(head=f'<meta name="description" content="{said}">', line=f"<p>{LEAD}</p>").summary
    assert "“public library”" in summary
    assert "&" not in summary


TWO = ("Jane Doe", "John Q. Roe")


@pytest.mark.parametrize(
    "names", ["Jane Doe and John Q. Roe", "Jane Doe, John Q. Roe", "Jane Doe og John Q. Roe", "Jane Doe & John Q. Roe"]
)
@pytest.mark.parametrize("kind", ["json", "meta"])
def test_several_people_that_are_stated_as_one_are_several(names: str, kind: str) -> None:
    head = (
        graph(f'{{"@type": "Person", "name": "{names}"}}')
        if kind == "json"
        else f'<meta name=author content="{names}">'
    )
    assert read(head=head).authors == TWO


def test_author_whose_name_has_a_comma_stays_one() -> None:
    assert read(head=graph('{"@type": "Person", "name": "Doe, Jane"}')).authors == ("Doe, Jane",)


def test_all_who_are_shown_are_authors_where_the_page_states_only_one_of_them() -> None:
    links = "".join(f"<a href='/team/{name[:4].lower()}'>{name}</a>, " for name in TWO)
    assert read(head=graph('{"@type": "Person", "name": "Jane Doe"}'), line=links).authors == TWO
    assert read(head=graph('{"@type": "Person", "name": "Ann Poe"}'), line=links).authors == ("Ann Poe",)


@pytest.mark.parametrize("line", ["Von Jane Doe, Musterstadt", "Von Jane Doe, MDR THÜRINGEN"])
def test_where_an_author_is_or_works_is_no_author(line: str) -> None:
    assert read(line=f"<p class=author>{line}</p>").authors == ("Jane Doe",)


def test_words_of_a_link_beside_the_author_are_no_author() -> None:
    assert read(line="<p class=author><span>Report error</span></p>").authors == ()


def test_site_may_have_a_name_of_its_own_for_its_meta_element() -> None:
    assert read(head='<meta property="example_authors" content="Jane Doe">').authors == ("Jane Doe",)


def test_name_on_a_japanese_page_stays_whole_and_is_no_publication() -> None:
    text = (
        "<p>図書館は来週から二時間早く開館すると、市が月曜日に発表した。昨年の調査では、多くの利用者が朝の開館を望んでいた。</p>"
        "<p>閲覧室は祝日には閉館する。毎月最初の週末には読書会が開かれ、地元の作家が自分の本について話すという。</p>"
    )
    head = graph('{"@type": "Person", "name": "例田 太郎"}')
    fields = read(head=head, line="<a href='/author/1'>例田 太郎</a> <time>2024/1/15 09:30</time> 公開日", text=text)
    assert (fields.authors, fields.origins) == (("例田 太郎",), ())


def test_first_paragraph_that_the_page_describes_itself_with_may_begin_with_a_place() -> None:
    lead = "Readers asked for longer hours, and from next week they get them in every room of the library."
    head = f'<meta name=description content="{lead}">'
    line = f"<div><span>Musterstadt.</span> <span>{lead}</span></div>"
    assert lead in read(head=head, line=line).body


@pytest.mark.parametrize(
    "line",
    [
        "<span class=author>Jane Doe<a href=/u>@jane</a></span>",
        "<span class=author><a href=/jane>Jane Doe</a><i>@jane_d</i></span>",
        "By <a href='/author/jane'>Jane Doe (Musterstadt)</a>",
    ],
)
def test_account_and_place_behind_a_name_are_no_part_of_it(line: str) -> None:
    assert read(line=line).authors == ("Jane Doe",)


@pytest.mark.parametrize("tag", ["dd", "td", "li", "b"])
def test_day_of_publication_is_read_from_any_element_that_is_marked_for_it(tag: str) -> None:
    marked = f"<{tag} itemprop=datePublished content=2024-01-15>January 2024</{tag}>"
    published = read(line=f"<table><tr>{marked}</tr></table>" if tag == "td" else marked).published
    assert published is not None
    assert published.at.date().isoformat() == "2024-01-15"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<![CDATA[", "]]>"), ("//<![CDATA[\n", "\n//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<!--", "-->"), ("", ";")],
)
def test_statement_wrapped_for_readers_of_old_is_read(opening: str, closing: str) -> None:
    plain = graph('{"@type": "Person", "name": "Jane Doe"}')
    wrapped = plain.replace('json">', f'json">{opening}').replace("</script>", f"{closing}</script>")
    assert read(head=wrapped).authors == ("Jane Doe",)


def test_author_whose_name_the_window_bears_too_is_no_less_one() -> None:
    head = '<meta name="author" content="Jane Doe">'
    assert read(head=head, title="Library opens earlier | Jane Doe").authors == ("Jane Doe",)


@pytest.mark.parametrize("address", ["(https://example.org/jane/)", "<jane@example.org>"])
def test_address_beside_a_name_is_no_name(address: str) -> None:
    head = f'<meta name="author" content="Jane Doe {escape(address)}">'
    assert read(head=head).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "line",
    [
        "<div class=byline><span>By</span><span>Jane Doe</span></div>",
        '<p>By <a href="/author/jdoe"><span>Jane Doe</span></a></p><p class="author-tagline">TV Columnist</p>',
    ],
)
def test_parts_of_a_by_line_that_touch_are_words_apart(line: str) -> None:
    assert read(line=line).authors == ("Jane Doe",)
