"""The gate's eyes: rendered bytes read back, and everything refused that a strict reader would stumble over."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedservice.formats import FORMATS
from feedservice.formats.atom import ATOM
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS
from feedservice.formats.urls import is_web, urls_in
from feedservice.protocols import Format
from tests.format_examples import FOREIGN, FULL, READERS_FORMATS, SITE, WHOLE, article, edition, ids_in

ONE = edition([FULL])
IMAGE = "https://news.example.org/a/%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87.png"
IN_BODY = [
    "https://news.example.org/a/%E5%BE%AE%E4%BF%A1.png",
    "https://news.example.org/3.html?a=1&b=2",
    "mailto:info@example.org",
]


def spoiled(row: Format, old: str, new: str) -> bytes:
    document = row.render(ONE).decode()
    assert old in document, "nothing would be spoiled"
    return document.replace(old, new).encode()


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_rendered_document_is_read_back_as_it_was_meant(row: Format) -> None:
    seen = row.read(row.render(WHOLE))
    assert seen.title in ("其他信息", None)
    assert seen.ids in (tuple(each.id for each in WHOLE.articles), None)
    assert seen.dates == tuple(each.published for each in WHOLE.articles)
    assert seen.titles[:2] == (FULL.fields.title, FOREIGN.fields.title)
    assert seen.self_url in (f"https://feeds.example.org/feeds/qita.{row.suffix}", None)


@pytest.mark.parametrize("row", READERS_FORMATS, ids=lambda row: row.name)
def test_formats_for_readers_have_a_place_for_everything(row: Format) -> None:
    seen = row.read(row.render(WHOLE))
    assert None not in (seen.title, seen.ids, seen.self_url)


@pytest.mark.parametrize("row", READERS_FORMATS, ids=lambda row: row.name)
def test_every_address_is_seen_those_of_the_body_too(row: Format) -> None:
    seen = row.read(row.render(ONE)).urls
    assert {
        "https://feeds.example.org/",
        "https://feeds.example.org/icon.png",
        "https://hub.example.org/",
        seen[0],
        FULL.url,
        IMAGE,
        "https://news.example.org/a/2.pdf",
        *IN_BODY,
    } <= set(seen)
    assert row.read(row.render(ONE)).self_url in seen


def test_atom_addresses_include_ids_and_every_file() -> None:
    seen = ATOM.read(ATOM.render(ONE)).urls
    assert "tag:feeds.example.org,2026:feeds/qita" in seen
    assert "tag:feeds.example.org,2026:feeds/tdyw" in seen
    assert "https://news.example.org/a/3.mp3" in seen


def test_rss_id_is_an_address_only_where_it_says_so() -> None:
    foreign = RSS.read(RSS.render(edition([FOREIGN])))
    assert FOREIGN.id not in foreign.urls
    assert RSS.read(RSS.render(ONE)).urls.count(FULL.id) == 2


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_feed_without_icon_hub_image_or_files_is_read(row: Format) -> None:
    bare = edition([FOREIGN], site=replace(SITE, icon_url="", hubs=()))
    assert len(row.read(row.render(bare)).titles) == 1


RSS_FAULTS = {
    "another version": ('version="2.0"', 'version="0.91"'),
    "no channel": ("channel>", "canal>"),
    "description lacking": ("<description>资讯动态 &gt; 其他信息</description>", ""),
    "title empty": ("<title>其他信息</title><link>", "<title> </title><link>"),
    "two titles": ("</title><link>", "</title><title>x</title><link>"),
    "no build date": ("lastBuildDate>", "buildDate>"),
    "build date of another form": ("Mon, 05 Jan 2026 10:00:00 +0800", "2026-01-05T10:00:00+08:00"),
    "date with a name of a zone": ("Mon, 05 Jan 2026 08:59:00 +0800", "Mon, 05 Jan 2026 08:59:00 GMT"),
    "date in Chinese": ("Mon, 05 Jan 2026 08:59:00", "周一, 05 一月 2026 08:59:00"),
    "date that is none": ("Mon, 05 Jan 2026 08:59:00", "Mon, 35 Jan 2026 08:59:00"),
    "guid lacking": ("guid", "id"),
    "link lacking": ("<link>https://news.example.org/tdyw/202601/t20260105_1.html</link>", ""),
    "content lacking": ("content:encoded", "content:decoded"),
    "two enclosures": ("<enclosure", '<enclosure url="https://news.example.org/b"/><enclosure'),
    "no self link": ('rel="self"', 'rel="me"'),
    "unknown entity": ("<title>", "<title>&nbsp;"),
    "cut": ("</channel></rss>", ""),
    "control character": ("<title>", "<title>\x0b"),
    "reference to one": ("<title>", "<title>&#11;"),
}
ATOM_FAULTS = {
    "another namespace": ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"),
    "feed id lacking": ("<id>tag:feeds.example.org,2026:feeds/qita</id>", ""),
    "updated of another form": ("2026-01-05T10:00:00+08:00", "2026-01-05 10:00:00+08:00"),
    "updated without offset": ("2026-01-05T10:00:00+08:00", "2026-01-05T10:00:00"),
    "published lacking": ("published>", "issued>"),
    "published that is none": ("2026-01-05T08:59:00", "2026-02-30T08:59:00"),
    "author lacking": ("author>", "editor>"),
    "self link lacking": ('rel="self"', 'rel="me"'),
    "two alternates": ('rel="enclosure"', 'rel="alternate"'),
    "no alternate": ('rel="alternate"', 'rel="related"'),
    "title lacking": ("<title>其他信息</title>", ""),
    "content empty": ('<content type="html">', '<content type="html"/><content>'),
    "cut": ("</entry></feed>", "</entry>"),
}


@pytest.mark.parametrize(("old", "new"), RSS_FAULTS.values(), ids=list(RSS_FAULTS))
def test_rss_that_a_strict_reader_stumbles_over_is_refused(old: str, new: str) -> None:
    document = spoiled(RSS, old, new)
    with pytest.raises(ValueError, match=r"\w"):
        RSS.read(document)


def test_rss_with_another_root_is_refused() -> None:
    document = spoiled(RSS, "<rss ", "<rdf ").replace(b"</rss>", b"</rdf>")
    with pytest.raises(ValueError, match="no RSS"):
        RSS.read(document)


def test_rss_item_without_a_description_is_refused() -> None:
    document = RSS.render(ONE).decode()
    start, end = document.rindex("<description>"), document.rindex("</description>") + len("</description>")
    with pytest.raises(ValueError, match="<item> has 0 <description>"):
        RSS.read((document[:start] + document[end:]).encode())


@pytest.mark.parametrize(("old", "new"), ATOM_FAULTS.values(), ids=list(ATOM_FAULTS))
def test_atom_that_a_strict_reader_stumbles_over_is_refused(old: str, new: str) -> None:
    document = spoiled(ATOM, old, new)
    with pytest.raises(ValueError, match=r"\w"):
        ATOM.read(document)


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda feed: feed.pop(name)


def _item_with(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda feed: feed["items"][0].update({name: value})


JSON_FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "another version": lambda feed: feed.update(version="https://jsonfeed.org/version/1"),
    "no title": _without("title"),
    "no items": _without("items"),
    "items no list": lambda feed: feed.update(items={}),
    "item no object": lambda feed: feed.update(items=["x"]),
    "no home page": _without("home_page_url"),
    "no address": _without("feed_url"),
    "hubs no list": lambda feed: feed.update(hubs="https://hub.example.org/"),
    "hub without address": lambda feed: feed.update(hubs=[{"type": "WebSub"}]),
    "icon no text": lambda feed: feed.update(icon=1),
    "id a number": _item_with("id", 17),
    "title blank": _item_with("title", " "),
    "title with a control character": _item_with("title", "a\x0b"),
    "body with a lone surrogate": _item_with("content_html", "\ud800"),
    "no body": _item_with("content_html", ""),
    "no summary": _item_with("summary", None),
    "no address of an item": _item_with("url", None),
    "image no text": _item_with("image", None),
    "published of another form": _item_with("date_published", "Mon, 05 Jan 2026 08:59:00 +0800"),
    "modified in Zulu time without an offset": _item_with("date_modified", "2026-01-05T08:59:00"),
    "attachment without address": _item_with("attachments", [{"mime_type": "text/plain"}]),
}


@pytest.mark.parametrize("spoil", JSON_FAULTS.values(), ids=list(JSON_FAULTS))
def test_json_feed_that_a_strict_reader_stumbles_over_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    feed = json.loads(JSON.render(ONE))
    spoil(feed)
    with pytest.raises(ValueError, match=r"\w"):
        JSON.read(json.dumps(feed).encode())


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
@pytest.mark.parametrize("document", [b"", b"\xff\xfe", b"[]", b"<x/>", b"null", b'{"items": [}', b"<rss>"])
def test_something_else_altogether_is_refused(row: Format, document: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        row.read(document)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    for row in FORMATS:
        with pytest.raises(ValueError, match=r"\w"):
            row.read(document)


def test_entities_of_a_document_type_are_not_expanded() -> None:
    document = spoiled(RSS, "<rss ", '<!DOCTYPE rss [<!ENTITY x "expanded">]><rss ')
    seen = RSS.read(document.replace("<title>滨海".encode(), "<title>滨海&x;".encode()))
    assert "expanded" not in "".join(seen.titles)


def test_documents_with_elements_of_others_and_comments_are_read() -> None:
    document = spoiled(RSS, "<item>", "<item><!-- note --><?php note?>")
    assert RSS.read(document).ids == (FULL.id,)


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        ('<a href="https://example.org/?a=1&amp;b=2">x</a>', ["https://example.org/?a=1&b=2"]),
        ("<img src='/a.png'>", ["/a.png"]),
        ("<img SRC = /a.png >", ["/a.png"]),
        ("<video poster=a.jpg src></video>", ["a.jpg", ""]),
        ('<img srcset="a.png 1x, https://example.org/b.png 2x, ">', ["a.png", "https://example.org/b.png"]),
        ('<p>href="nowhere" is how links are written</p>', []),
        ('<p title="say &quot;href=x&quot;">x</p>', []),
        ("<p>5\" tall</p><a href='x.html'>y</a>", ["x.html"]),
        ("<a data-href=x>y</a>", []),
        ('<a href="unclosed', ["unclosed"]),
        ("<a/href=x/>", ["x/"]),
        (f'<a href{" " * 50}="https://example.org/">x</a>', ["https://example.org/"]),
        (f'<a href{" " * 50}="x.html">x</a>', ["x.html"]),
        ("<a =x href=y>", ["y"]),
        ('<blockquote cite="c"><del cite=d></del></blockquote>', ["c", "d"]),
        ("=x", []),
        ("", []),
    ],
)
def test_addresses_in_html_are_those_of_its_attributes(html: str, urls: list[str]) -> None:
    assert urls_in(html) == urls


PIECES = st.sampled_from(
    ["<a ", "href=", "src = ", '"', "'", ">", " ", "x", "https://example.org/", "<p>", "/", "=", "&"]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(['"', "'"]))
@example('"', '"')
def test_relative_address_is_found_whatever_text_stands_around_it(text: str, quote: str) -> None:
    text = text.replace("<", "&lt;")
    html = f"<p>{text}</p><a href={quote}relative.html{quote}>x</a><p>{text}</p>"
    assert "relative.html" in urls_in(html)
    assert not all(map(is_web, urls_in(html)))


def test_addresses_are_found_in_linear_time() -> None:
    started = time.process_time()
    for piece in ("<a ", 'href="', "href=", "=", "<", "= ", '<a href="', "<a x", "src=' "):
        urls_in(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 20


def test_articles_of_one_edition_are_read_in_its_order() -> None:
    many = edition([article(number) for number in range(60)])
    for row in FORMATS:
        assert ids_in(row.render(many), row) == [each.id for each in many.articles]
