"""A site in two columns that moves, falls ill and comes back by chance: no article of it comes twice, none is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from feedservice.errors import FetchError
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.test_spellings import TEXT, clock, title

__all__ = ["clock"]
COLUMNS = ("first", "second")
SHARED = 4
"""Every so manieth article stands in both columns."""


class Site:
    """Its articles are numbered from 1, a day apart; those of an odd number are of the first column."""

    def __init__(self, web: FakeWeb, chance: Random) -> None:
        self.web, self.chance = web, chance
        self.count, self.base, self.exact = 9, "http://www.example.org/a", False

    def at(self, number: int) -> datetime:
        return datetime(2025, 11, 1, 2, 30, tzinfo=UTC) + timedelta(days=number)

    def move(self) -> None:
        """To addresses that nobody knows; once in a while with dates that are more exact."""
        self.base = f"http://www.example.org/{self.chance.getrandbits(40):x}"
        self.exact |= self.chance.random() < 0.4

    def shown(self, column: str) -> list[int]:
        here = COLUMNS.index(column)
        return [n for n in range(self.count, 0, -1) if n % SHARED == 0 or (n + 1) % 2 == here]

    def publish(self, ill: float) -> None:
        """Put everything on the network. ill: of how many of the pages nothing comes now."""
        for column in COLUMNS:
            rows = "".join(
                f'<li><a href="{self.base}/{n}">{title(n)}</a><span>{self.at(n):%Y-%m-%d}</span></li>'
                for n in self.shown(column)
            )
            self.web.put(f"http://www.example.org/{column}", f"<html><body><ul>{rows}</ul></body></html>")
        for n in range(1, self.count + 1):
            told = f"{self.at(n):%Y-%m-%d %H:%M}" if self.exact else f"{self.at(n):%Y-%m-%d}"
            whole = f"<html><body><h1>{title(n)}</h1><div>发布时间：{told}</div><div>{TEXT}</div></body></html>"
            fails = self.chance.random() < ill
            self.web.put(f"{self.base}/{n}", FetchError("503", status=503) if fails else whole)


@pytest.mark.parametrize(
    "seed",
    [0, *(pytest.param(seed, marks=pytest.mark.slow if seed < 8 else pytest.mark.campaign) for seed in range(1, 24))],
)
def test_nothing_comes_twice_and_nothing_is_lost_however_a_site_moves(
    store: Store, clock: FakeClock, seed: int
) -> None:
    chance = Random(seed)
    site, house = Site(FakeWeb(), chance), House(store, FakeWeb(), clock)
    house.web = site.web
    site.publish(0)
    for column in COLUMNS:
        house.add(column, "listing", {"url": f"http://www.example.org/{column}"})
        house.refresh(column)
    house.rebuild()
    before = {item[1]: item for item in house.items()}
    for ill in (0.6, 0.3, 0.0, 0.5, 0.0):
        if chance.random() < 0.6:
            site.move()
        site.count += chance.choice((0, 1, 2))
        for _ in range(3):
            clock.pass_(hours=9)
            site.publish(ill if _ == 0 else 0)
            for column in chance.sample(COLUMNS, 2):
                house.refresh(column)
        clock.pass_(days=2)
        house.rebuild()
        items = house.items()
        assert sorted(item[1] for item in items) == sorted(title(n) for n in range(1, site.count + 1))
        assert before.items() <= (before := {item[1]: item for item in items}).items()
