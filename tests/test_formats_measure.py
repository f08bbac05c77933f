"""What an article takes at most is known before it is written: never too little, and not much more than it takes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedservice.formats import FORMATS
from feedservice.formats.measure import most_bytes
from feedservice.model import Attachment, Feed, FeedKind, Fields, Showing, Site
from feedservice.protocols import Format
from tests.format_examples import FILE_ONLY, FOREIGN, FULL, NOTHING, ORIGIN, SITE, UNTITLED, article, edition

ODD = "\"\\<>&\r\n\t'\x00\x07\x7f\x85\u2028\ufffe;/?#%= aé長𠮷"
TEXTS = st.one_of(st.text(ODD, max_size=80), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
PARTS = (
    *(
        "<p>",
        "</p>",
        "<b>",
        '<IMG SRC="http://x.example/',
        "<img alt='>' src=http://x.example/",
        '">',
        "<",
        "<!--",
        "-->",
    ),
    *("<script>", "&lt;", "&amp;", "&#10;", "&", "\r\n", '{"a": "\\\\"}', "字" * 30, "𠮷é", "x" * 20, "%E5", "'"),
)
MARKUP = st.lists(st.sampled_from(PARTS), max_size=40).map("".join)
URLS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(("https://字.example/", "http://x.example/a?b=", "ftp://x/", "")), TEXTS),
    st.just("https://news.example.org/%E5%BE%AE 信.pdf?a=1&b=2"),
)
FILES = st.builds(
    Attachment,
    url=URLS,
    name=TEXTS,
    media_type=st.one_of(st.none(), TEXTS, st.just("Application/X-y; q")),
    length=st.one_of(st.none(), st.integers(-1, 10**16)),
)


def several(each: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(each, max_size=8).map(tuple)


FIELDS = st.builds(
    Fields,
    title=TEXTS,
    summary=st.one_of(st.just(""), TEXTS),
    body=st.one_of(MARKUP, TEXTS, st.just("")),
    language=st.one_of(st.none(), st.sampled_from(["en", "zh-Hant-TW"]), TEXTS),
    authors=several(TEXTS),
    origins=several(TEXTS),
    tags=several(TEXTS),
    lead_image=st.one_of(st.none(), URLS),
    attachments=st.lists(FILES, max_size=5).map(tuple),
)
FEEDS = st.builds(Feed, name=st.just("tdyw"), kind=st.just(FeedKind.SOURCE), title=TEXTS, home_url=URLS)
SHOWINGS = st.builds(
    Showing,
    article=st.builds(
        article,
        st.integers(0, 9),
        fields=FIELDS,
        url=URLS,
        id=URLS,
        arrival=st.just(datetime(2025, 3, 1, tzinfo=UTC)),
    ),
    site=st.sampled_from(
        [SITE, replace(SITE, language="en", title='"&<'), Site(title="字", base_url="http://字.example")]
    ),
    by_arrival=st.booleans(),
    origin=st.one_of(st.none(), FEEDS),
    at_home=st.booleans(),
    categories=st.lists(st.tuples(st.text("ab-&", min_size=1, max_size=20), TEXTS), max_size=5).map(tuple),
)


def taken(showing: Showing, row: Format) -> int:
    return len(row.item(showing)) + len(row.between)


@settings(deadline=None, max_examples=300)
@given(SHOWINGS)
def test_no_format_takes_more_than_was_said(showing: Showing) -> None:
    most = most_bytes(showing)
    for row in FORMATS:
        assert taken(showing, row) <= most, row.name
        assert row.bound is most_bytes


@pytest.mark.parametrize(
    "each", ['"', "\\", "<", ">", "&", "\r", "\n", "\t", "长", "𠮷", "\x7f", "\x85", "'", "</", "&lt;", "&a", "<a&a"]
)
@pytest.mark.parametrize("count", [1, 50, 3_000])
def test_whatever_is_repeated_is_counted_as_it_is_written(each: str, count: int) -> None:
    long = each * count
    some = (long[:200],) * 20
    files = tuple(Attachment(url=f"https://x.example/{long}{n}", name=long) for n in range(5))
    for fields in (
        Fields(title="t", body=f"<p>{long}</p>"),
        Fields(title=long, summary=long, authors=some, tags=tuple(map("{}{}".format, some, range(20))), origins=some),
        Fields(title="t", attachments=files),
        Fields(lead_image=f"https://x.example/{long}", body=f'<img src="https://x.example/{long}">'),
        Fields(body="".join(f"<img src='https://x.example/{n}{long}'>" for n in range(4))),
    ):
        one = article(1, id=f"https://x.example/{long}", url=f"https://x.example/{long}", fields=fields)
        for showing in (edition([one]).showing(one), edition([one], feed=ORIGIN).showing(one)):
            assert max(taken(showing, row) for row in FORMATS) <= most_bytes(showing)


SENTENCE = "天津经济技术开发区今天召开会议，研究部署下一阶段的重点工作。"
ORDINARY = Fields(
    title="第1条：开发区召开会议研究部署下一阶段重点工作",
    body=f"<p>{SENTENCE * 3}</p>" * 10,
    authors=("张三",),
    lead_image="https://news.example.org/p/1.jpg",
)


@pytest.mark.parametrize(
    "fields",
    [
        ORDINARY,
        replace(ORDINARY, summary=SENTENCE * 3, tags=("开发区", "会议"), origins=("滨海时报",)),
        replace(ORDINARY, body=f'<p>{SENTENCE}</p><img src="https://news.example.org/p/2.jpg" alt="会场">' * 8),
        Fields(title="短讯", body="<p>短讯</p>"),
        *(each.fields for each in (FULL, FOREIGN, FILE_ONLY, UNTITLED, NOTHING)),
    ],
)
def test_ordinary_article_takes_little_less_than_was_said(fields: Fields) -> None:
    one = article(1, fields=fields)
    for showing in (edition([one]).showing(one), edition([one], feed=ORIGIN).showing(one)):
        assert most_bytes(showing) <= 1.5 * max(taken(showing, row) for row in FORMATS)


def test_equal_articles_take_equal_room() -> None:
    rng = random.Random(1)
    for _ in range(20):
        body = "".join(rng.choice(ODD) for _ in range(200))
        one, other = (article(1, fields=Fields(title="t", body=body)) for _ in range(2))
        assert most_bytes(edition([one]).showing(one)) == most_bytes(edition([other]).showing(other))
