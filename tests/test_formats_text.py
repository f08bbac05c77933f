"""Text and addresses as feeds may carry them: whatever an article says, every format stays readable."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from html import unescape

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from feedservice.formats import FORMATS
from feedservice.formats.atom import ATOM
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS
from feedservice.formats.text import as_html, legal, one_line, paragraph, plain, shorten
from feedservice.model import Attachment, Fields
from feedservice.protocols import Format
from tests.format_examples import CATEGORY, article, edition, ids_in

ANY_TEXT = st.text(st.characters(), max_size=200)
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM_NS = "{http://www.w3.org/2005/Atom}"
TRICKY = (
    "a ]]> b &amp; <b> &#11; \x0b\x00\x1b\ud800\udfff\ufffe\uffff \r\n\t\u2028\x85\x7f 🏳️‍🌈👨‍👩‍👧 \u202eabc\u202c\u2066"
)


def rss_item(fields: Fields) -> etree._Element:
    found = etree.fromstring(RSS.render(edition([article(1, fields=fields)]))).find("channel/item")
    assert found is not None
    return found


def bodies(fields: Fields) -> tuple[str, str, str]:
    """An article's body as each format hands it to a reader."""
    one = edition([article(1, fields=fields)])
    return (
        rss_item(fields).findtext(CONTENT) or "",
        etree.fromstring(ATOM.render(one)).findtext(f"{ATOM_NS}entry/{ATOM_NS}content") or "",
        json.loads(JSON.render(one))["items"][0]["content_html"],
    )


@settings(deadline=None)
@given(ANY_TEXT)
@example(TRICKY)
def test_legal_text_can_stand_in_xml_and_utf8_and_loses_nothing_else(text: str) -> None:
    kept = legal(text)
    element = etree.Element("t")
    element.text = kept
    assert (etree.fromstring(etree.tostring(element, encoding="UTF-8")).text or "") == kept
    assert legal(kept) == kept
    removed = [character for character in text if character not in kept]
    assert all(
        character < " " or "\ud800" <= character <= "\udfff" or character in "\ufffe\uffff" for character in removed
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00\x08\x0b\x0c\x0e\x1fb", "ab"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("lone \ud83c and \udf08", "lone  and "),
        ("\ufffe\uffff\ufffd", "\ufffd"),
        ("🏳️‍🌈 𠮷野家 \U0010ffff", "🏳️‍🌈 𠮷野家 \U0010ffff"),
        ("\u202e\u2066bidi\u2069\u202c\u200f", "\u202e\u2066bidi\u2069\u202c\u200f"),
        ("]]>", "]]>"),
    ],
    ids=["controls", "white space", "surrogates", "noncharacters", "emoji", "bidi", "CDATA end"],
)
def test_only_what_xml_forbids_is_removed(text: str, kept: str) -> None:
    assert legal(text) == kept


def test_one_line_has_no_line_ends_and_no_double_spaces_and_keeps_tags() -> None:
    assert one_line(" a\r\n\t b\u3000\u3000<R&D>\u2028c\x0b ") == "a b <R&D> c"


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
@settings(deadline=None)
@given(title=ANY_TEXT, summary=ANY_TEXT, body=ANY_TEXT, name=ANY_TEXT)
@example(title=TRICKY, summary=TRICKY, body=TRICKY, name=TRICKY)
@example(title="\x00", summary="\ud800", body="\ufffe", name="\x1f")
def test_any_text_is_written_and_read_back(row: Format, title: str, summary: str, body: str, name: str) -> None:
    fields = Fields(
        title=title,
        summary=summary,
        body=body,
        authors=(name,),
        origins=(name,),
        tags=(name,),
        language=name,
        lead_image=name,
        attachments=(Attachment(url="https://example.org/" + name, name=name, media_type=name, length=1),),
    )
    document = row.render(edition([article(1, fields=fields), article(2)]))
    seen = row.read(document)
    assert ids_in(document, row) == [article(1).id, article(2).id]
    assert all(each.strip() for each in seen.titles)
    assert legal(document.decode("utf-8")) == document.decode("utf-8")
    if one_line(title):
        assert seen.titles[0] == one_line(title)


@settings(deadline=None)
@given(ANY_TEXT)
@example("<p>a ]]> b &amp; &lt;b&gt;</p>")
@example("<p>a\rb\r\nc</p>")
def test_every_format_hands_the_body_over_unchanged(body: str) -> None:
    told = bodies(Fields(title="t", body=f"<p>{body}</p>"))
    assert told == (legal(f"<p>{body}</p>"),) * 3


@settings(deadline=None)
@given(st.text(st.characters(), max_size=80))
@example("R&D <支持> &amp; a < b")
@example("👨‍👩‍👧 \u202eabc\u202c")
def test_atom_titles_are_never_escaped_twice(title: str) -> None:
    seen = feedparser.parse(ATOM.render(edition([article(1, fields=Fields(title="x" + title))])))
    assert not seen.bozo
    assert seen.entries[0].title_detail.type == "text/plain"
    root = etree.fromstring(ATOM.render(edition([article(1, fields=Fields(title="x" + title))])))
    assert root.findtext(f"{ATOM_NS}entry/{ATOM_NS}title") == one_line("x" + title)


def test_feed_titles_and_descriptions_may_hold_anything() -> None:
    feed = replace(CATEGORY, title=TRICKY, description=TRICKY)
    for row in FORMATS:
        assert row.read(row.render(edition([article(1)], feed=feed))).title in (one_line(TRICKY), None)


@settings(deadline=None)
@given(ANY_TEXT)
@example("R&D, a < b & c > d; &lt; &#60; &nbsp")
def test_description_is_read_as_the_very_text_by_a_reader_of_html(text: str) -> None:
    shown = as_html(text)
    assert "<" not in shown
    assert unescape(shown) == text


def test_description_stays_as_it_is_where_nothing_would_be_misread() -> None:
    assert as_html("a & b > c “引”") == "a & b > c “引”"
    assert as_html("R&D < 3") == "R&amp;D &lt; 3"


@settings(deadline=None)
@given(ANY_TEXT, st.integers(min_value=2, max_value=50))
def test_shortened_text_is_short_and_a_beginning(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length
    assert text.startswith(short.removesuffix("…"))
    assert short == text or short.endswith("…")


def test_text_is_cut_at_the_end_of_a_sentence_where_one_is_near() -> None:
    assert shorten("第一句到这里。第二句", 9) == "第一句到这里…"
    assert shorten("前。第二句没有尽头没有尽头", 10) == "前。第二句没有尽头…"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>one</p><p>two</p>", "one two"),
        ("w<b>or</b>d<br>next", "word next"),
        ("<h1>a</h1>b<td>c", "a b c"),
        ("<style>p{}</style><script>if (a<b) {}</script>text", "text"),
        ("<STYLE>p{}</sTyle >text</style>", "text"),
        ("<template><p>not</p></template>shown", "shown"),
        ("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d"),
        ("broken <p", "broken"),
        ("<>a</>b", "<>ab"),
        ("a<!-- 1 > 0 <p> -->b<!-- open", "ab"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<header>a</header><?php b ?>", "a"),
        ("a<script>open", "a"),
        ("", ""),
    ],
)
def test_plain_text_of_html_has_its_words_and_nothing_hidden(html: str, words: str) -> None:
    assert plain(html, 1_000) == words


INLINE = "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong sub sup time u var wbr"


@pytest.mark.parametrize("name", INLINE.split())
def test_inline_elements_do_not_part_words(name: str) -> None:
    assert plain(f"<p>天<{name}>津</{name.upper()}>港</p>", 10) == "天津港"


@pytest.mark.parametrize("name", ["p", "div", "br", "li", "td", "h1", "img", "section", "unheard-of"])
def test_other_elements_part_words(name: str) -> None:
    assert plain(f"<b>天</b><{name}>津", 10) == "天 津"


def test_plain_text_stops_when_there_is_enough() -> None:
    told = plain("<p>字字字字</p>" * 100_000, 10)
    assert 10 <= len(told.replace(" ", "")) < 1_000


def test_summary_is_the_beginning_of_the_body_where_nobody_gave_one() -> None:
    told = json.loads(
        JSON.render(edition([article(1, fields=Fields(title="t", body="<p>" + "长文。" * 500 + "</p>"))]))
    )
    summary = told["items"][0]["summary"]
    assert len(summary) <= 200
    assert summary.startswith("长文。长文。")
    assert summary.endswith("…")


def test_title_of_a_thousand_characters_and_more_is_cut() -> None:
    assert len(rss_item(Fields(title="题" * 5_000)).findtext("title") or "") == 1_000


def test_title_that_is_made_of_the_body_is_short() -> None:
    assert len(rss_item(Fields(body="<p>" + "字" * 500 + "</p>")).findtext("title") or "") == 60


def test_file_without_a_name_is_shown_by_its_address() -> None:
    file = Attachment(url="https://example.org/a b.pdf?x=1&y=2")
    told = bodies(Fields(title="t", attachments=(file,)))[0]
    assert told == (
        '<p>t</p><p><a href="https://example.org/a%20b.pdf?x=1&amp;y=2">https://example.org/a%20b.pdf?x=1&amp;y=2</a></p>'
    )


def test_paragraph_shows_text_as_text() -> None:
    assert paragraph('<b> & "x"') == '<p>&lt;b&gt; &amp; "x"</p>'
    assert paragraph("<b>", 'https://example.org/?a="&b') == (
        '<p><a href="https://example.org/?a=&quot;&amp;b">&lt;b&gt;</a></p>'
    )


@pytest.mark.parametrize(("size", "seconds"), [(100_000, 10), pytest.param(300_000, 30, marks=pytest.mark.slow)])
def test_hostile_bodies_are_written_in_linear_time(size: int, seconds: int) -> None:
    started = time.process_time()
    for piece in ("<", "<a ", "&", "&#", "]]>", '="', "=", "href=", "<script>", "<p", "<!--"):
        fields = Fields(body=piece * (size // len(piece)))
        for row in FORMATS:
            row.read(row.render(edition([article(1, fields=fields)])))
    assert timedelta(seconds=time.process_time() - started) < timedelta(seconds=seconds)
