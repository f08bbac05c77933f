"""Times that move for nothing: a source that tells of every article as changed does not have every page fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedservice.protocols import Store
from feedservice.stamps import Stamp, read_stamp
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

SITE = "https://www.example.org"
COUNT = 30


def page(number: int, words: str = "") -> str:
    text = "".join(f"<p>Paragraph {line} of piece {number} says something of its own.</p>" for line in range(9))
    title = f"Piece {number} of the town's news"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}<p>{words}</p></body></html>"


@pytest.fixture
def house(store: Store, clock: FakeClock) -> House:
    made = House(store, FakeWeb(), clock)
    for number in range(COUNT):
        made.web.put(f"{SITE}/{number}.html", page(number))
    return made


def sitemap(house: House, moved: range = range(0)) -> None:
    """A sitemap whose articles came day by day, those in `moved` changed just now."""
    rows = ""
    for number in range(COUNT):
        at = house.clock() if number in moved else datetime(2025, 11, 1, 8, number, tzinfo=UTC)
        rows += f"<url><loc>{SITE}/{number}.html</loc><lastmod>{at.isoformat()}</lastmod></url>"
    house.web.put(f"{SITE}/map.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def asked(house: House, source: str = "news") -> int:
    """Read the source; returns how many articles' pages were fetched."""
    house.web.asked.clear()
    house.refresh(source)
    return sum(url.endswith(".html") for url in house.web.asked)


@pytest.mark.slow
def test_sitemap_that_calls_everything_changed_costs_ten_pages_a_read(house: House) -> None:
    sitemap(house, range(COUNT))
    house.add("news", "sitemap", {"url": f"{SITE}/map.xml"})
    counts = []
    for _ in range(8):
        counts.append(asked(house))
        house.clock.pass_(minutes=30)
        sitemap(house, range(COUNT))
    assert counts[:3] == [COUNT] * 3, "twice it is believed"
    assert max(counts[3:]) <= 10
    assert {article.revision for article in house.articles()} == {1}

    house.web.put(f"{SITE}/3.html", page(3, "More was found out since then."))
    for _ in range(40):
        house.clock.pass_(hours=6)
        sitemap(house, range(COUNT))
        asked(house)
    assert {article.url: article.revision for article in house.articles()}[f"{SITE}/3.html"] == 2, "edits are found"


def test_time_that_moves_once_is_believed_the_next_time(house: House) -> None:
    sitemap(house)
    house.add("news", "sitemap", {"url": f"{SITE}/map.xml"})
    asked(house)
    house.clock.pass_(minutes=10)
    sitemap(house, range(COUNT))
    assert asked(house) == COUNT
    house.clock.pass_(minutes=10)
    house.web.put(f"{SITE}/3.html", page(3, "More was found out since then."))
    sitemap(house, range(3, 4))
    assert house.refresh("news").edited == 1


def test_other_words_are_believed_whatever_the_times_do(house: House) -> None:
    def listed(title: str = "Piece 3 of the town's news") -> None:
        rows = ""
        for number in range(8):
            told = title if number == 3 else f"Piece {number} of the town's news"
            at = house.clock() - timedelta(days=30, minutes=number)
            rows += f'<li><a href="{SITE}/{number}.html">{told}</a> <span>{at:%Y-%m-%d %H:%M:%S}</span></li>'
        house.web.put(f"{SITE}/list", f"<html><body><ul>{rows}</ul></body></html>")

    listed()
    house.add("news", "listing", {"url": f"{SITE}/list"})
    for _ in range(6):
        asked(house)
        house.clock.pass_(minutes=10)
        listed()
    assert asked(house) == 0
    house.clock.pass_(minutes=10)
    house.web.put(f"{SITE}/3.html", page(3, "More was found out since then."))
    listed("Piece 3 of the town's news, corrected")
    assert house.refresh("news").edited == 1


@pytest.mark.slow
def test_source_that_settles_down_is_believed_again(house: House) -> None:
    sitemap(house, range(COUNT))
    house.add("news", "sitemap", {"url": f"{SITE}/map.xml"})
    for _ in range(4):
        asked(house)
        house.clock.pass_(minutes=30)
        sitemap(house, range(COUNT))
    for _ in range(60):
        house.clock.pass_(hours=20)
        sitemap(house)
        asked(house)
    house.clock.pass_(minutes=10)
    house.web.put(f"{SITE}/3.html", page(3, "More was found out since then."))
    sitemap(house, range(3, 4))
    assert house.refresh("news").edited == 1


def test_stamp_is_stored_as_it_was_where_nothing_is_to_be_said() -> None:
    assert str(Stamp("abc")) == "abc"
    assert read_stamp("abc") == Stamp("abc")
    once = Stamp("abc").after_nothing("def", "w")
    assert not once.is_idle("w")
    twice = read_stamp(str(once)).after_nothing("ghi", "w")
    assert twice.is_idle("w")
    assert not twice.is_idle("other")
    assert read_stamp(str(twice.after_nothing("jkl", "w"))) == Stamp("jkl", 2, "w")
    assert twice.after_nothing("jkl", "other").idle == 1
