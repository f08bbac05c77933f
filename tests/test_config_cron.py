"""Cron lines: what is let through is understood by the scheduler, in the sense that everybody expects."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from feedservice.config.cron import check_cron


@pytest.mark.parametrize(
    "line",
    [
        "17 3 * * *",
        "*/10 8-18 * * mon-fri",
        "0,30 * * * *",
        "0 0 1 jan *",
        "0 0 29 2 *",
        "5-55/10 * * * SAT,SUN",
        "0  3\t* * *",
    ],
)
def test_lines_that_are_let_through(line: str) -> None:
    assert check_cron(line) == line


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("* * * * * *", "five fields"),
        ("@daily", "five fields"),
        ("60 * * * *", "minute: \\* or 0 to 59; not 60"),
        ("* 24 * * *", "hour"),
        ("* * 0 * *", "day"),
        ("* * * 13 *", "month"),
        ("* * * foo *", "jan to dec"),
        ("* * * * 0", "by name"),
        ("* * * * 1-5", "by name"),
        ("* * * * mon-fri/2", "step"),
        ("5-1 * * * *", "goes up"),
        ("*/0 * * * *", "step of 1 to 59"),
        ("*/60 * * * *", "step of 1 to 59"),
        ("5/10 * * * *", "step"),
        ("0 0 31 4,6 *", "never comes"),
        ("0 0 30 feb *", "never comes"),
        ("０ 0 * * *", "five fields"),
        ("1,,2 * * * *", "minute"),
    ],
)
def test_lines_that_are_refused_say_why(line: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check_cron(line)


PART = st.from_regex(r"(\*|[0-9]{1,2}(-[0-9]{1,2})?|[a-z]{3}(-[a-z]{3})?)(/[0-9]{1,2})?", fullmatch=True)


@given(st.lists(PART, min_size=5, max_size=5).map(" ".join))
def test_what_is_let_through_the_scheduler_takes(line: str) -> None:
    try:
        check_cron(line)
    except ValueError:
        return
    CronTrigger.from_crontab(line, timezone=ZoneInfo("Asia/Shanghai"))
