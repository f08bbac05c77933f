"""Feeds that tell of arrivals, and the pages of a feed's past (RFC 5005), as every format writes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from feedservice.formats import FORMATS
from feedservice.formats.atom import ATOM
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.rss import RSS
from feedservice.model import Edition, Fields
from feedservice.protocols import Format
from tests.format_examples import FULL, SITE, START, article, edition

LINK = "{http://www.w3.org/2005/Atom}link"
MARK = "{http://purl.org/syndication/history/1.0}archive"
BASE = "https://feeds.example.org/feeds/qita"
LATE = article(1, fields=Fields(title="t", body="<p>x</p>"), arrival=START + timedelta(days=2), updated=START)
FEED = edition([FULL])
PAGE = replace(FEED, archive=2, prev_archive=1, next_archive=3)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_feed_of_arrivals_tells_arrivals_as_dates(row: Format) -> None:
    seen = row.read(row.render(replace(edition([LATE]), by_arrival=True)))
    assert seen.dates == (LATE.arrival,)


def test_feed_of_arrivals_says_the_sources_own_day_where_it_is_another() -> None:
    told = json.loads(JSON.render(replace(edition([LATE]), by_arrival=True)))["items"][0]
    assert "2026-01-05" in told["content_html"]
    assert "2026-01-05" in told["summary"]
    english = replace(edition([LATE], site=replace(SITE, language="en")), by_arrival=True)
    assert json.loads(JSON.render(english))["items"][0]["summary"].startswith("Published: 2026-01-05")
    same_day = replace(edition([replace(LATE, arrival=START)]), by_arrival=True)
    assert json.loads(JSON.render(same_day))["items"][0]["content_html"] == "<p>x</p>"


@pytest.mark.parametrize("row", [RSS, ATOM], ids=lambda row: row.name)
def test_archive_page_says_that_it_is_one_and_links_to_its_neighbours(row: Format) -> None:
    root = etree.fromstring(row.render(PAGE))
    place = root if row is ATOM else root[0]
    links = {link.get("rel"): link.get("href") for link in place.findall(LINK)}
    wanted = {"self": f"{BASE}/archive/2", "current": BASE, "prev-archive": f"{BASE}/archive/1"}
    wanted["next-archive"] = f"{BASE}/archive/3"
    assert {relation: links[relation] for relation in wanted} == {
        relation: f"{address}.{row.suffix}" for relation, address in wanted.items()
    }
    assert place.find(MARK) is not None


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_feed_without_an_archive_has_no_link_to_one(row: Format) -> None:
    assert b"archive" not in row.render(edition([article(2)]))


@pytest.mark.parametrize("row", [RSS, ATOM], ids=lambda row: row.name)
@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        (FEED, {}),
        (replace(FEED, prev_archive=3), {"first": BASE, "next": f"{BASE}/archive/3", "last": f"{BASE}/archive/1"}),
        (
            replace(FEED, archive=3, prev_archive=2),
            {"first": BASE, "previous": BASE, "next": f"{BASE}/archive/2", "last": f"{BASE}/archive/1"},
        ),
        (
            replace(FEED, archive=1, next_archive=2),
            {"first": BASE, "previous": f"{BASE}/archive/2", "last": f"{BASE}/archive/1"},
        ),
    ],
    ids=["alone", "feed", "newest page", "oldest page"],
)
def test_every_document_links_to_the_first_previous_next_and_last(
    row: Format, page: Edition, wanted: dict[str, str]
) -> None:
    root = etree.fromstring(row.render(page))
    links = [(link.get("rel"), link.get("href")) for link in (root if row is ATOM else root[0]).findall(LINK)]
    paging = {rel: href for rel, href in links if rel in ("first", "previous", "next", "last")}
    assert paging == {rel: f"{address}.{row.suffix}" for rel, address in wanted.items()}
    assert len(links) == len(dict(links))
