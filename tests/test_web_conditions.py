"""Conditional requests (RFC 9110 §13): tags by weak comparison, dates in three forms, the tag before the date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.web.conditions import fails, has_tag, http_date, unmodified

TAG = '"Kq3_xyz"'
CHANGED = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
FORMS = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994")


@pytest.mark.parametrize(
    "field",
    [
        TAG,
        f"W/{TAG}",
        f'"other", {TAG}',
        f'"other",{TAG}',
        f'W/"other" , W/{TAG}, "third"',
        f'"with,comma", {TAG}',
        f', ,{TAG},"last"',
        f"\t{TAG} ",
        "*",
        " * ",
    ],
)
def test_tag_is_found_in_a_list_weak_or_strong_and_by_a_star(field: str) -> None:
    assert has_tag(field, TAG)


@pytest.mark.parametrize(
    "field",
    [
        "",
        '""',
        "Kq3_xyz",
        '"Kq3"',
        '"Kq3_xyz-gzip"',
        '"xKq3_xyz"',
        '"kq3_xyz"',
        '"Kq3_xyz',
        'Kq3_xyz"',
        "'Kq3_xyz'",
        "junk",
        '"*"',
        '*, "other"',
        'w"Kq3_xyz',
        '"other" "third"',
        "\x00\xff,;=",
    ],
)
def test_another_tag_a_part_of_it_or_junk_is_no_match_and_no_error(field: str) -> None:
    assert not has_tag(field, TAG)


def test_tag_that_is_another_ones_beginning_is_no_match() -> None:
    assert not has_tag('"Kq3_xyz-gzip"', TAG)
    assert not has_tag(TAG, '"Kq3_xyz-gzip"')


def test_endless_list_is_not_looked_at() -> None:
    assert not has_tag(", ".join(['"other"'] * 5000 + [TAG]), TAG)


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_no_field_is_an_error(field: str) -> None:
    has_tag(field, TAG)
    http_date(field)


@pytest.mark.parametrize("form", FORMS)
def test_all_three_forms_of_a_date_tell_the_same_aware_time(form: str) -> None:
    assert http_date(form) == CHANGED


@pytest.mark.parametrize("year", [1999, 2026, 2075])
def test_year_of_two_digits_is_at_most_fifty_years_ahead(year: int) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    told = http_date(f"Sunday, 06-Nov-{year % 100:02} 08:49:37 GMT", now)
    assert told is not None
    assert told.year == year


@given(st.integers(min_value=0, max_value=int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())))
def test_every_date_that_we_send_is_understood(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert http_date(format_datetime(moment, usegmt=True)) == moment


@pytest.mark.parametrize(
    "field",
    [
        "",
        "0",
        "yesterday",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 +0800",
        "Sun, 06 Nov 1994 08:49:37 GMT; length=3",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "Sun, ٠٦ Nov 1994 08:49:37 GMT",
        "784111777",
    ],
)
def test_what_is_no_http_date_tells_no_time(field: str) -> None:
    assert http_date(field) is None
    assert not unmodified(None, field, TAG, CHANGED)


@pytest.mark.parametrize("form", FORMS)
def test_same_date_is_unmodified(form: str) -> None:
    assert unmodified(None, form, TAG, CHANGED)


def test_later_date_is_unmodified_and_earlier_one_is_not() -> None:
    later, earlier = (format_datetime(CHANGED + timedelta(seconds=by), usegmt=True) for by in (1, -1))
    assert unmodified(None, later, TAG, CHANGED)
    assert not unmodified(None, earlier, TAG, CHANGED)


@pytest.mark.parametrize("field", [TAG, f'"other", {TAG}', f'W/"x",{TAG} ', "*", " * "])
def test_wish_for_what_is_here_is_met(field: str) -> None:
    assert not fails(field, None, TAG, CHANGED)


@pytest.mark.parametrize("field", ["", f"W/{TAG}", '"other"', "junk", TAG.strip('"'), '"*"', f"{TAG}," * 1_000])
def test_wish_for_anything_else_is_not_met_and_weak_tags_never_are(field: str) -> None:
    """Strong comparison (§8.8.3.2); longer lists than anybody sends are not looked at."""
    assert fails(field, None, TAG, CHANGED)


def test_wish_for_what_did_not_change_since_is_met_up_to_the_second() -> None:
    before = format_datetime(CHANGED - timedelta(seconds=1), usegmt=True)
    assert fails(None, before, TAG, CHANGED)
    for field in (*FORMS, format_datetime(CHANGED + timedelta(days=1), usegmt=True), "yesterday", "", None):
        assert not fails(None, field, TAG, CHANGED)
    assert not fails(None, before, TAG, None)
    assert not fails(TAG, before, TAG, CHANGED), "where a tag is sent, the date is not looked at (§13.1.4)"


def test_date_is_not_looked_at_where_a_tag_is_sent() -> None:
    assert not unmodified('"other"', FORMS[0], TAG, CHANGED)
    assert not unmodified("", FORMS[0], TAG, CHANGED)
    assert unmodified(TAG, "Thu, 01 Jan 1970 00:00:00 GMT", TAG, CHANGED)


def test_request_without_conditions_is_answered_in_full() -> None:
    assert not unmodified(None, None, TAG, CHANGED)


def test_date_says_nothing_of_a_page_that_has_none() -> None:
    assert not unmodified(None, FORMS[0], TAG, None)
