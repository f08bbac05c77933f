"""The gate lets through what a strict reader can read, and says whose fault it is where it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedservice.errors import GateError
from feedservice.formats import FORMATS
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS
from feedservice.model import Article, Edition, Fields
from feedservice.protocols import Format, Frame, ReadBack
from feedservice.publish.gate import check
from tests.format_examples import FULL, START, WHOLE, article, edition

ROOM = 2_000_000
GOOD, OTHER = article(1), article(2)
PAIR = edition([GOOD, OTHER])
SEEN = ReadBack(
    title="t",
    ids=(GOOD.id, OTHER.id),
    titles=("1", "2"),
    dates=(GOOD.published, OTHER.published),
    urls=("https://example.org/",),
    self_url="https://feeds.example.org/feeds/qita.txt",
)


def refusal(of: Edition, row: Format = RSS, *, document: bytes | None = None, max_bytes: int = ROOM) -> GateError:
    with pytest.raises(GateError) as caught:
        check(document or row.render(of), of, row, now=START, max_bytes=max_bytes)
    return caught.value


def another(seen: ReadBack) -> Format:
    """A format of somebody's own, whose reader sees this."""
    return Format(
        name="txt",
        suffix="txt",
        media_type="text/plain",
        title="Text",
        frame=lambda _: Frame(b"text", b""),
        item=lambda _: b"",
        read=lambda _: seen,
    )


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_what_the_formats_write_passes(row: Format) -> None:
    check(row.render(WHOLE), WHOLE, row, now=START, max_bytes=ROOM)
    check(row.render(edition([])), edition([]), row, now=START, max_bytes=ROOM)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document[:-1],
        lambda document: b"",
        lambda document: document.replace(b"example", b"ex\x0bample"),
        lambda document: document.replace(b"example", b"ex\xffample"),
        lambda document: document.replace(b"2026", b"26"),
        lambda document: document.replace(b"/feeds/qita.", b"/feeds/other."),
        lambda document: document.replace(b"https://news.", b"//news."),
    ],
    ids=["cut", "empty", "control character", "not UTF-8", "date", "self", "relative addresses"],
)
def test_spoiled_document_is_refused(row: Format, spoil: Callable[[bytes], bytes]) -> None:
    document = spoil(row.render(WHOLE)) or b" "
    if document == row.render(WHOLE):
        assert row.read(document).self_url is None, "nothing is spoiled"
        return
    assert str(refusal(WHOLE, row, document=document))


def test_document_larger_than_allowed_is_refused_with_both_sizes() -> None:
    size = len(RSS.render(WHOLE))
    check(RSS.render(WHOLE), WHOLE, RSS, now=START, max_bytes=size)
    assert str(refusal(WHOLE, max_bytes=size - 1)) == f"{size:,} bytes, where {size - 1:,} are allowed"
    check(RSS.render(WHOLE), WHOLE, RSS, now=START, max_bytes=None)


def test_character_that_no_feed_may_have_is_refused_even_where_json_allows_it() -> None:
    document = JSON.render(WHOLE).replace("会场".encode(), b"\x7f\xef\xbf\xbe")
    assert "characters" in str(refusal(WHOLE, JSON, document=document))


def test_items_that_are_lost_are_missed() -> None:
    error = refusal(WHOLE, document=RSS.render(edition(WHOLE.articles[:-1])))
    assert str(error) == "4 items, where 5 articles are"
    assert error.articles == ()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "relative.html", "//example.org/x", "/x", "ftp://example.org/x", "https://", "a b"]
)
def test_address_in_a_body_that_is_not_absolute_is_refused(url: str) -> None:
    body = f'<p><a href="{url}">x</a></p>'
    assert "is not absolute" in str(refusal(edition([article(1, fields=Fields(title="t", body=body))])))


@pytest.mark.parametrize(
    "url", ["HTTPS://example.org/x", "#note", "mailto:a@example.org", "tel:+86", "data:image/png;base64,AA"]
)
def test_address_that_needs_no_base_passes(url: str) -> None:
    fine = edition([article(1, fields=Fields(title="t", body=f'<p><a href="{url}">x</a></p>'))])
    for row in FORMATS:
        check(row.render(fine), fine, row, now=START, max_bytes=ROOM)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (article(2, id="no iri"), "no absolute IRI"),
        (article(2, id="relative/1.html"), "no absolute IRI"),
        (article(2, id="urn:x:\x0b1"), "read back as 'urn:x:1'"),
        (article(2, url="urn:x:1"), "no address of the web"),
        (article(2, published=START + timedelta(seconds=1)), "lies in the future"),
        (article(1), "its id is there twice"),
    ],
    ids=["id with a space", "relative id", "id with a control character", "link", "future", "twice"],
)
@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_guilty_article_is_named(row: Format, bad: Article, reason: str) -> None:
    error = refusal(edition([GOOD, bad]), row)
    if row.read(row.render(PAIR)).ids is None:
        reason = reason.replace("'urn:x:1'", repr(bad.id))
    assert error.articles == (bad.id,)
    assert reason in str(error)


def test_article_dated_now_passes() -> None:
    now = edition([article(0)])
    check(RSS.render(now), now, RSS, now=START, max_bytes=ROOM)


def test_date_is_compared_in_whole_seconds() -> None:
    odd = edition([article(1, published=datetime(2026, 1, 5, 0, 59, 0, 999_999, tzinfo=UTC))])
    for row in FORMATS:
        check(row.render(odd), odd, row, now=START, max_bytes=ROOM)


@pytest.mark.parametrize(
    ("seen", "reason", "guilty"),
    [
        (replace(SEEN, self_url="/feeds/qita.txt"), "it says that it is at '/feeds/qita.txt'", ()),
        (replace(SEEN, self_url="https://feeds.example.org/feeds/qita.rss"), "and is at '/feeds/qita.txt'", ()),
        (replace(SEEN, title=" "), "the feed has no title", ()),
        (replace(SEEN, titles=("1",)), "2 items", ()),
        (replace(SEEN, dates=()), "2 items", ()),
        (replace(SEEN, urls=("x",)), "the URL 'x' is not absolute", ()),
        (replace(SEEN, ids=(OTHER.id, GOOD.id)), "is read back as", (GOOD.id, OTHER.id)),
        (replace(SEEN, titles=("1", "\n")), "its title is empty", (OTHER.id,)),
        (replace(SEEN, dates=(OTHER.published, OTHER.published)), "is read back as", (GOOD.id,)),
    ],
    ids=["self relative", "self elsewhere", "title", "titles", "dates", "url", "order", "item's title", "date"],
)
def test_format_of_somebodys_own_is_held_to_the_same(seen: ReadBack, reason: str, guilty: tuple[str, ...]) -> None:
    error = refusal(PAIR, another(seen))
    assert reason in str(error)
    assert error.articles == guilty


def test_format_of_somebodys_own_passes_when_it_reads_back_what_was_meant() -> None:
    check(b"text", PAIR, another(SEEN), now=START, max_bytes=ROOM)


def test_reason_is_one_line_of_bounded_length() -> None:
    body = f'<p><a href="{"x" * 5_000}">x</a></p>'
    reason = str(refusal(edition([replace(FULL, fields=Fields(title="t", body=body))])))
    assert len(reason) < 400
    assert "\n" not in str(refusal(WHOLE, document=b"<rss>\n<\n\n"))
