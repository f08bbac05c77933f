"""Days on which offices rest, weekends apart, as far as they matter for when to expect news. No look-up, no library."""

from __future__ import annotations

from datetime import date

_CHINESE = frozenset({"Shanghai", "Chongqing", "Harbin", "Urumqi", "Hong_Kong", "Macau", "Taipei"})
_FIXED_CHINESE = ((1, 1, 3), (4, 4, 3), (5, 1, 5), (10, 1, 8))
_FIXED_OTHERS = ((12, 24, 8), (1, 1, 2))
_SPRING = {
    2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17),
    2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31),
    2034: (2, 19), 2035: (2, 8), 2036: (1, 28), 2037: (2, 15), 2038: (2, 4), 2039: (1, 24), 2040: (2, 12),
}  # fmt: skip
"""The first day of the lunar year. Offices rest from two days before it to eight after."""


def is_holiday(day: date, timezone: str) -> bool:
    """Whether offices in a zone rest on a day, weekends apart: 国庆, 春节 and the like, or the end of the year."""
    chinese = timezone.rpartition("/")[2] in _CHINESE
    for month, first, length in _FIXED_CHINESE if chinese else _FIXED_OTHERS:
        if day.month == month and first <= day.day < first + length:
            return True
    spring = _SPRING.get(day.year) if chinese else None
    return spring is not None and -2 <= (day - date(day.year, *spring)).days <= 8
