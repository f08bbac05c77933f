"""Days of lists that stand apart from their months, and other forms that only lists have."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from feedservice.extract import parse_moment
from feedservice.sources.listing import find_items
from tests.source_support import shown

URL = "https://www.example.org/news/"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
NAMES = ["Repairs to the old bridge", "New hours of the library", "A walk to the water mill", "Thanks to all who came"]


def found(body: str, zone: str = "Asia/Shanghai") -> list[tuple[str, str | None]]:
    items = find_items(f"<html><body>{body}</body></html>", URL, timezone=zone, now=NOW, parse_moment=parse_moment)
    return [(item.title, shown(item.date)) for item in items]


def listed(row: str, days: list[int]) -> str:
    return "".join(row.format(day=day, n=n, name=name) for n, (day, name) in enumerate(zip(days, NAMES, strict=False)))


@pytest.mark.parametrize(
    "badge",
    [
        "<span class=time>{day}<em>/11月</em></span>",
        "<b>{day}</b><i>11月</i>",
        "<h4>{day}</h4><p>2026.11</p>",
        "<h3>{day}日</h3><p>2026年11月</p>",
    ],
)
def test_large_day_over_its_month_is_the_date_and_no_headline(badge: str) -> None:
    row = (
        "<li><a href=/news/{n}.html><div>"
        + badge
        + "</div><div><h3>{name}</h3><p>More of it on a page.</p></div></a></li>"
    )
    days = [20, 19, 7, 3]
    assert found(f"<ul>{listed(row, days)}</ul>") == [
        (name, f"2026-11-{day:02d}") for day, name in zip(days, NAMES, strict=True)
    ]


def test_day_in_brackets_behind_a_headline_that_tells_of_another_is_the_date() -> None:
    row = (
        "<a href=/v/{n}.html class=box><img src=/i.jpg><h3>2026年5月{day}日示例快报(2026-06-{day})</h3>"
        "<p>2026年5月{day}日示例快报</p></a>"
    )
    days = [20, 19, 17, 13]
    assert found(f"<div>{listed(row, days)}</div>") == [(f"2026年5月{day}日示例快报", f"2026-06-{day}") for day in days]


def months(first: str, second: str, row: str, days: list[int]) -> str:
    rows = [row.format(day=day, n=n, name=name) for n, (day, name) in enumerate(zip(days, NAMES, strict=True))]
    return f"<h2>{first}</h2><ul>{''.join(rows[:2])}</ul><h2>{second}</h2><ul>{''.join(rows[2:])}</ul>"


@pytest.mark.parametrize(
    ("first", "second"), [("2026年10月", "2026年9月"), ("October 2026", "September 2026"), ("2026-10", "2026-09")]
)
@pytest.mark.parametrize("day", ["{day}", "{day}日", "{day}.", "{day}th", "({day})"])
def test_day_alone_is_of_the_month_in_the_heading_above(first: str, second: str, day: str) -> None:
    row = "<li><span>" + day + "</span> <a href=/news/{n}.html>{name}</a></li>"
    dates = ["2026-10-30", "2026-10-21", "2026-09-19", "2026-09-19"]
    assert [date for _, date in found(months(first, second, row, [30, 21, 19, 19]))] == dates


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("Most read in October 2026", "September 2026", [1, 2, 3, 4]),
        ("October 2026", "September 2026", [1, 2, 3, 4]),
        ("October 2026", "September 2026", [7, 21, 3, 4]),
        ("Autumn", "Summer", [30, 21, 19, 3]),
    ],
)
def test_places_and_counts_are_no_days(first: str, second: str, days: list[int]) -> None:
    row = "<li><span>{day}</span> <a href=/news/{n}.html>{name}</a></li>"
    assert [date for _, date in found(months(first, second, row, days))] == [None] * 4


@pytest.mark.parametrize(
    ("zone", "dates", "days"),
    [
        ("Europe/Madrid", ["15/10/26", "9/10/26", "1/9/26"], ["2026-10-15", "2026-10-09", "2026-09-01"]),
        ("America/New_York", ["10/15/26", "10/9/26", "9/1/26"], ["2026-10-15", "2026-10-09", "2026-09-01"]),
        ("Europe/Madrid", ["2.10.14", "2.9.13", "2.8.12"], [None, None, None]),
        (
            "Asia/Tokyo",
            ["令和8年11月20日", "令和8年11月2日", "令和元年5月1日"],
            ["2026-11-20", "2026-11-02", "2019-05-01"],
        ),
        ("Europe/London", ["Tue 3<sup>rd</sup> Nov<b>7.30pm</b>"] * 2, ["2026-11-03"] * 2),
        ("Europe/London", ["3<sup>rd</sup> November 2025"] * 2, ["2025-11-03"] * 2),
        ("Europe/London", ["Press Release No. 40 - 12 May 2026"] * 3, ["2026-05-12"] * 3),
    ],
)
def test_forms_of_days(zone: str, dates: list[str], days: list[str | None]) -> None:
    rows = "".join(
        f"<li><a href=/news/{n}.html>{name}</a><div>{date}</div></li>"
        for n, (name, date) in enumerate(zip(NAMES, dates, strict=False))
    )
    assert [day for _, day in found(f"<ul>{rows}</ul>", zone)] == days


def test_day_and_month_in_dots_are_of_the_year_in_the_heading_above() -> None:
    row = "<tr><td>{day}</td><td><a href=/news/{n}.html>{name}</a></td></tr>"
    days = iter(["Di., 03.02.", "14.01.", "20.12.", "1.6."])
    rows = [row.format(day=next(days), n=n, name=name) for n, name in enumerate(NAMES)]
    parts = [("2026", rows[:2]), ("2025", rows[2:])]
    body = "".join(f"<h3>{year}</h3><table>{''.join(part)}</table>" for year, part in parts)
    assert [day for _, day in found(body, "Europe/Berlin")] == ["2026-02-03", "2026-01-14", "2025-12-20", "2025-06-01"]


def under_days(days: list[str], row: str, above: str = "") -> str:
    rows = [row.format(n=n, name=name) for n, name in enumerate(NAMES)]
    two = "".join(rows[:2]), "".join(rows[2:])
    parts = "".join(f"<h4>{day}</h4><ul>{part}</ul>" for day, part in zip(days, two, strict=True))
    return above + parts


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("20 November 2026", "19 November 2026"),
        ("Friday, 20 November 2026", "Thursday, 19 November 2026"),
        ("2026年11月20日 星期五", "2026年11月19日 星期四"),
        ("2026-11-20", "2026-11-19"),
    ],
)
def test_rows_under_days_are_of_these(first: str, second: str) -> None:
    row = "<li><i>1{n}:05</i> <a href=/news/{n}.html>{name}</a></li>"
    today = "<div class=top>今天是：2026年11月21日 星期六</div>"
    expected = ["2026-11-20", "2026-11-20", "2026-11-19", "2026-11-19"]
    assert [day and day[:10] for _, day in found(under_days([first, second], row, today))] == expected
    assert found(under_days([first, second], row))[1][1] == "2026-11-20 11:05"


@pytest.mark.parametrize("days", [["Today", "Yesterday"], ["2026-11-20", "News"], ["2026-11-20"]])
def test_lone_day_above_a_list_is_that_of_nobody(days: list[str]) -> None:
    row = "<li><a href=/news/{n}.html>{name}</a></li>"
    assert [day for _, day in found(under_days([*days, ""][:2], row))] == [None] * 4


def test_era_beside_the_link_and_its_file() -> None:
    rows = "".join(
        f"<dt>令和8年11月{20 - n}日</dt><dd><span>報道発表</span><a href=/r8/{n}.html>{name}</a>"
        f"<a href=/r8/{n}.pdf>[PDF:{n + 1}20KB]</a></dd>"
        for n, name in enumerate(NAMES)
    )
    assert found(f"<dl>{rows}</dl>", "Asia/Tokyo") == [(name, f"2026-11-{20 - n}") for n, name in enumerate(NAMES)]


@pytest.mark.parametrize("piece", ["1/", "20 11月 ", "2026年", "October ", "No. ", "令和8年"])
def test_hostile_row_is_read_in_linear_time(piece: str) -> None:
    started = time.perf_counter()
    row = "<li><span>{day}</span><div>" + piece * 30_000 + "</div><a href=/news/{n}.html>{name}</a></li>"
    found(months(piece * 30_000, "October 2026", row, [30, 21, 19, 3]))
    assert time.perf_counter() - started < 5
