"""Days with a year of two digits in lists, and days that titles end with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedservice.extract import parse_moment
from feedservice.sources.listing import find_items
from tests.source_support import shown

URL = "https://www.example.org/news/"
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def found(
    dates: list[str], zone: str, *, title: str = "第{}期观测站工作进展情况的报告"
) -> list[tuple[str, str | None]]:
    rows = "".join(
        f'<tr><td><a href="t{number}.html">{title.format(number)}</a></td><td>{date}</td></tr>'
        for number, date in enumerate(dates, start=1)
    )
    items = find_items(
        f"<html><body><table>{rows}</table></body></html>", URL, timezone=zone, now=NOW, parse_moment=parse_moment
    )
    return [(item.title, shown(item.date)) for item in items]


@pytest.mark.parametrize(
    ("zone", "dates", "days"),
    [
        ("Asia/Shanghai", ["10-11-12", "10-11-10", "10-11-09"], ["2010-11-12", "2010-11-10", "2010-11-09"]),
        ("Asia/Seoul", ["24.05.21", "24.05.17", "24.04.30"], ["2024-05-21", "2024-05-17", "2024-04-30"]),
        ("Asia/Seoul", ["24-05-21"] * 3, ["2024-05-21"] * 3),
        ("Europe/Berlin", ["21.05.24", "17.05.24", "30.04.24"], ["2024-05-21", "2024-05-17", "2024-04-30"]),
        ("America/New_York", ["05/21/24", "05/03/24", "04/30/24"], ["2024-05-21", "2024-05-03", "2024-04-30"]),
        ("America/New_York", ["05/03/24", "05/01/24", "04/12/24"], ["2024-05-03", "2024-05-01", "2024-04-12"]),
        ("Europe/Berlin", ["24.05.21", "24.05.17", "24.04.30"], ["2024-05-21", "2024-05-17", "2024-04-30"]),
        ("Europe/Berlin", ["01.02.24", "40.02.24", "01.44.24"], [None] * 3),
    ],
)
def test_list_tells_which_number_is_the_year(zone: str, dates: list[str], days: list[str | None]) -> None:
    assert [day for _, day in found(dates, zone)] == days


def test_three_numbers_here_and_there_are_no_dates() -> None:
    assert [day for _, day in found(["10-11-12", "", "", "", ""], "Asia/Shanghai")] == [None] * 5


def test_day_that_a_title_ends_with_is_its_own_unless_it_is_that_of_the_article() -> None:
    title = "第{}次代表大会预备会议时间2023年12月7日"
    assert found(["2023-11-07", "2023-11-08", "2023-12-07"], "Asia/Shanghai", title=title) == [
        ("第1次代表大会预备会议时间2023年12月7日", "2023-11-07"),
        ("第2次代表大会预备会议时间2023年12月7日", "2023-11-08"),
        ("第3次代表大会预备会议时间", "2023-12-07"),
    ]
