"""Addresses as RFC 3986 asks for them, dates that tell the very instant, and how often readers may come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedservice.formats.dates import in_zone, rfc822, rfc3339
from feedservice.formats.rss import update_period
from feedservice.formats.urls import is_web, web_url

ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://example.org/a?b=c&d=%E4#f", "https://example.org/a?b=c&d=%E4#f"),
        ("https://example.org/100%", "https://example.org/100%25"),
        (" https://example.org/a\x0b b ", "https://example.org/a%20b"),
        ("https://example.org/文件.pdf", "https://example.org/%E6%96%87%E4%BB%B6.pdf"),
        ("http://User@Bücher.example:8080/ü", "http://User@xn--bcher-kva.example:8080/%C3%BC"),
        ("https://" + "字" * 80 + ".example/", "https://" + "%E5%AD%97" * 80 + ".example/"),
        ("urn:uuid:5f0c", "urn:uuid:5f0c"),
        ("tag:example.org,2026:类", "tag:example.org,2026:%E7%B1%BB"),
        ('https://example.org/"<>\\^`{|}', "https://example.org/%22%3C%3E%5C%5E%60%7B%7C%7D"),
    ],
)
def test_address_is_encoded_only_where_rfc_3986_asks(url: str, written: str) -> None:
    assert web_url(url) == written


@settings(deadline=None)
@given(ANY_TEXT)
def test_written_address_is_ascii_without_spaces_and_stays_as_it_is(url: str) -> None:
    written = web_url("https://example.org/" + url)
    assert written.isascii()
    assert not any(character.isspace() for character in written)
    assert web_url(written) == written


@pytest.mark.parametrize("url", ["", "/a", "//example.org", "ftp://example.org/", "https://", "https:///a", "data:,x"])
def test_only_absolute_http_addresses_are_of_the_web(url: str) -> None:
    assert not is_web(url)
    assert is_web("HTTPS://example.org")


DATES = st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Asia/Shanghai", "UTC", "America/St_Johns", "Asia/Kathmandu", "Europe/Amsterdam"])


@settings(deadline=None)
@given(DATES, ZONES)
@example(datetime(1900, 1, 1, tzinfo=UTC), "Asia/Shanghai")
def test_both_forms_of_dates_tell_the_very_instant(instant: datetime, zone: str) -> None:
    told = in_zone(instant, zone)
    whole = instant.replace(microsecond=0)
    readers: tuple[tuple[Callable[[datetime], str], Callable[[str], datetime]], ...] = (
        (rfc822, parsedate_to_datetime),
        (rfc3339, datetime.fromisoformat),
    )
    for write, read in readers:
        assert read(write(told)) == whole


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=525_600))
def test_readers_are_never_told_to_come_more_often_than_the_ttl_allows(minutes: int) -> None:
    period, frequency = update_period(minutes)
    length = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "yearly": 525_600}[period]
    assert frequency >= 1
    assert length >= frequency * minutes
