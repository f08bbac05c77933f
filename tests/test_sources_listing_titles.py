"""What of a link is its headline where dates, brackets and a summary stand in or beside it."""

from __future__ import annotations

import pytest

from feedservice.extract import parse_moment
from feedservice.sources.listing import find_items
from tests.source_support import shown

URL = "https://www.example.org/news/"
NAMES = ["Works reviewed at the site of Kiruna", "All works registered in time", "Hackathon in six cities at once"]
MORE = [*NAMES, "Mayor opens the winter road", "Library opens on Sundays again"]


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


@pytest.mark.parametrize(
    "row",
    [
        "<dt>{name}</dt><dd>{day} <a href='{at}'>查看详情</a></dd>",
        "<div class='c'><a href='{at}'><img src='p.jpg'></a><b>{name}</b><i>{day}</i></div>",
        "<div class='a'>{name}</div><div class='b'><i>{day}</i><a href='{at}'>查看</a></div>",
        "<h3>{name}</h3><p>{day}</p><p>{summary}</p><p><a href='{at}'>Read more</a></p>",
        "<div class='c'><h3>{name}</h3><p>{day}</p><p>{summary}</p><a href='{at}'>Read more</a></div>",
        "<div class='c'><h3>{name}</h3><time>{day}</time><a href='{at}'>Read more<i> about {name}</i></a></div>",
        "<div class='c'><h3>{name}</h3><time>{day}</time><a href='{at}' title='Read on: {name}'>Read on</a></div>",
        "<p>{name} <i>{day}</i><br><a href='{at}'>Download the whole document as a file (PDF, {number}.2 MB)</a></p>",
    ],
    ids=[
        "dt",
        "picture",
        "element before",
        "heading before",
        "heading inside",
        "heading again",
        "heading in title",
        "file",
    ],
)
def test_headline_that_is_no_link_stands_in_or_over_the_row(row: str) -> None:
    summary = "More words than the headline has, and what it is about, at some length."
    listed = "".join(
        row.format(
            name=name, day=f"2018-10-{20 - number}", number=number, at=f"t{1_000 + number}.html", summary=summary
        )
        for number, name in enumerate(MORE, start=1)
    )
    html = f"<html><body><h2>All that was published</h2><div>{listed}</div></body></html>"
    items = find_items(html, URL, parse_moment=parse_moment)
    assert [(item.title, shown(item.date)) for item in items] == [
        (name, f"2018-10-{20 - number}") for number, name in enumerate(MORE, start=1)
    ]


def test_heading_over_all_rows_is_no_headline() -> None:
    listed = "".join(
        f"<p>{name} <a href='t{at}.html'>PDF</a> 2018-10-20</p>" for at, name in enumerate(MORE, start=1_000)
    )
    items = find_items(f"<html><body><div><h2>All documents</h2>{listed}</div></body></html>", URL)
    assert [item.title for item in items] == MORE


@pytest.mark.parametrize("heading", ["Works", "Kiruna", "All works"])
def test_kicker_over_a_headline_is_none(heading: str) -> None:
    form = f'<h4>{heading}</h4><a href="t{{number}}.html">{{name}}</a><span>2018-10-{{day}}</span>'
    assert [title for title, _ in found(form)] == NAMES


ASKED = ["图书馆延长开放时间", "示例市图书馆管理办法", "关于图书馆建设的通知", "图书馆服务月启动", "社区图书馆开馆"]


@pytest.mark.parametrize("mark", ["em", "font color=red", "mark", "b"])
def test_words_that_are_marked_in_headlines_stay_in_them_without_spaces(mark: str) -> None:
    opened, closed = f"<{mark}>", f"</{mark.split()[0]}>"
    rows = "".join(
        f'<li><h3><a href="/n/100{number}.html">{title.replace("图书馆", f"{opened}图书馆{closed}")}</a></h3></li>'
        for number, title in enumerate(ASKED)
    )
    items = find_items(f"<ul>{rows}</ul>", URL, parse_moment=parse_moment)
    assert [item.title for item in items] == ASKED


def test_label_that_many_headlines_begin_with_is_no_part_of_them_where_it_is_marked() -> None:
    rows = "".join(
        f'<li><a href="/n/100{number}.html"><b>通知</b>{title}</a></li>' for number, title in enumerate(ASKED)
    )
    items = find_items(f"<ul>{rows}</ul>", URL, parse_moment=parse_moment)
    assert [item.title for item in items] == ASKED


def test_label_before_a_headline_that_begins_with_a_marked_word_is_no_part_of_it() -> None:
    rows = "".join(
        f'<li><a href="/n/100{number}.html"><span>新闻</span>{title.replace("图书馆", "<em>图书馆</em>")}</a></li>'
        for number, title in enumerate(ASKED)
    )
    items = find_items(f"<ul>{rows}</ul>", URL, parse_moment=parse_moment)
    assert [item.title for item in items] == ASKED
