"""Cron lines of five fields: what may stand in them, in words. Knows nothing of who runs them.

Weekdays are names only: to cron 0 is Sunday, to others Monday, and a line must mean one thing.
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("weekday", 0, 6, _DAYS),
)
_LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_PART = re.compile(r"(?:\*|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:/([0-9]{1,3}))?")
CRON_PATTERN = r"^\s*([0-9A-Za-z*/,-]+\s+){4}[A-Za-z*/,0-9-]+\s*$"


def check_cron(line: str) -> str:
    """Let a cron line of five fields through: `*`, numbers, ranges, steps, lists, names of months and weekdays.

    Raises ValueError saying what is allowed where.
    """
    fields = line.lower().split()
    if len(fields) != len(_FIELDS) or not line.isascii():
        raise ValueError("five fields: minute hour day month weekday, such as 17 3 * * * or */10 8-18 * * mon-fri")
    chosen = [_choose(text, *field) for text, field in zip(fields, _FIELDS, strict=True)]
    days, months = chosen[2], chosen[3]
    if min(days) > max(_LONGEST_MONTH.get(month, 31) for month in months):
        raise ValueError(f"a day that its months have; day {min(days)} never comes")
    return line


def _choose(text: str, name: str, low: int, high: int, names: tuple[str, ...]) -> set[int]:
    chosen: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{_allowed(name, low, high, names)}, ranges, steps */2, lists 1,3; not {part}")
        first, last, step = match.groups()
        start = low if first is None else _number(first, name, low, high, names)
        end = high if first is None else start if last is None else _number(last, name, low, high, names)
        if start > end:
            raise ValueError(f"in the field {name}: a range that goes up; not {part}")
        if step is not None and ((first is not None and last is None) or not part.isascii() or first in names):
            raise ValueError(f"in the field {name}: a step after * or a range of numbers, such as */2; not {part}")
        if step is not None and not 1 <= int(step) <= end - start:
            raise ValueError(f"in the field {name}: a step of 1 to {end - start}; not {part}")
        chosen.update(range(start, end + 1, int(step or 1)))
    return chosen


def _number(text: str, name: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return low + names.index(text)
    if name != "weekday" and text.isdigit() and len(text) <= 2 and low <= int(text) <= high:
        return int(text)
    raise ValueError(f"{_allowed(name, low, high, names)}; not {text}")


def _allowed(name: str, low: int, high: int, names: tuple[str, ...]) -> str:
    if name == "weekday":
        return "in the field weekday: * or mon to sun, by name (0 is Sunday to some and Monday to others)"
    return f"in the field {name}: * or {low} to {high}" + (f" or {names[0]} to {names[-1]}" if names else "")
