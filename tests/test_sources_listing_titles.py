"""What of a link is its headline where dates, brackets and a summary stand in or beside it."""

from __future__ import annotations

import pytest

from feedservice.extract import parse_moment
from feedservice.sources.listing import find_items
from tests.source_support import shown

URL = "https://www.example.org/news/"
NAMES = ["Works reviewed at the site of Kiruna", "All works registered in time", "Hackathon in six cities at once"]


def found(form: str) -> list[tuple[str, str | None]]:
    """The list of rows in a form with {name}, {day} and {number}."""
    rows = "".join(
        f"<li>{form.format(name=name, day=20 - number, number=number)}</li>"
        for number, name in enumerate(NAMES, start=1)
    )
    items = find_items(f"<html><body><ul>{rows}</ul></body></html>", URL, parse_moment=parse_moment)
    return [(item.title, shown(item.date)) for item in items]


@pytest.mark.parametrize(
    "form",
    [
        '<a href="t{number}.html">2018/10/{day} {name}</a>',
        '<a href="t{number}.html">【2018年10月{day}日】{name}</a>',
        '<a href="t{number}.html"><span>{day}/10/2018</span> {name}</a>',
        '<a href="t{number}.html"><div>October {day}, 2018</div><div>{name}</div><div>Works department</div></a>',
        '<a href="t{number}.html"><div>{day} de octubre de 2018</div><div>{name}</div></a>',
        '<a href="t{number}.html">{name} (<i>{day}.10.2018</i>)</a>',
        (
            '<a href="t{number}.html"><h4>{name}</h4></a><a class="b" href="t{number}.html">On day {day} a summary of'
            " many more words than the headline has, {number} in all, is a link as well</a><span>2018-10-{day}</span>"
        ),
    ],
    ids=["slashes", "brackets", "piece", "month by name", "spanish", "bracketed", "summary"],
)
def test_headline_without_the_day_beside_it(form: str) -> None:
    assert found(form) == [(name, f"2018-10-{20 - number}") for number, name in enumerate(NAMES, start=1)]


def test_day_that_a_headline_begins_with_stays_where_the_article_is_of_another() -> None:
    form = '<a href="t{number}.html">2018/10/{day} {name}</a><span>2018-10-05</span>'
    assert found(form)[0] == ("2018/10/19 Works reviewed at the site of Kiruna", "2018-10-05")
    run_on = '<a href="t{number}.html">2018年10月{day}日{name}</a><span>2018-10-{day}</span>'
    assert found(run_on)[0] == ("2018年10月19日Works reviewed at the site of Kiruna", "2018-10-19")
