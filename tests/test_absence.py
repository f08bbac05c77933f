"""A page that is gone: its article is withdrawn after several looks over several days, never by one bad read."""

from __future__ import annotations

import pytest

from feedservice.errors import FetchError
from feedservice.model import Known, Page
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

SITE = "https://www.example.org"
COUNT = 8


def page(number: int, words: str = "") -> str:
    text = "".join(f"<p>Paragraph {line} of piece {number} says something of its own.</p>" for line in range(9))
    title = f"Piece {number} of the town's news"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}<p>{words}</p></body></html>"


@pytest.fixture
def house(store: Store, clock: FakeClock) -> House:
    made = House(store, FakeWeb(), clock)
    for number in range(1, COUNT + 1):
        made.web.put(f"{SITE}/{number}.html", page(number))
    listed(made, *range(1, COUNT + 1))
    made.add("news", "feed", {"url": f"{SITE}/feed"})
    made.refresh("news")
    made.rebuild()
    assert len(made.items()) == COUNT
    return made


def listed(house: House, *numbers: int, words: str = "") -> None:
    """The list with these articles, and something in it that is another each time."""
    items = "".join(
        f"<item><title>Piece {n} of the town's news</title><guid>{SITE}/{n}.html</guid><link>{SITE}/{n}.html</link>"
        f"<pubDate>Mon, 0{n} Dec 2025 08:00:00 +0800</pubDate><description>{words}</description></item>"
        for n in numbers
    )
    head = (
        f"<title>T</title><link>{SITE}/</link><lastBuildDate>{house.clock():%a, %d %b %Y %H:%M:%S} GMT</lastBuildDate>"
    )
    house.web.put(f"{SITE}/feed", f'<rss version="2.0"><channel>{head}{items}</channel></rss>', "application/rss+xml")


def read(house: House, *numbers: int, days: float = 1) -> int:
    """Read the source that much later; returns how many articles were withdrawn."""
    house.clock.pass_(days=days)
    listed(house, *(numbers or range(1, COUNT + 1)))
    withdrawn = house.refresh("news").withdrawn
    house.rebuild()
    return withdrawn


def known(house: House, number: int) -> Known:
    key = f"{SITE}/{number}.html"
    return house.store.known("news", [key])[key]


def gone(house: House, *numbers: int, status: int = 404) -> None:
    for number in numbers:
        house.web.put(f"{SITE}/{number}.html", FetchError(f"{number}: gone", status=status))


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_stays_gone_for_three_days_withdraws_its_article(house: House, status: int) -> None:
    # An article is looked at the rarer the older it is; these are a month old.
    house.clock.pass_(days=30)
    gone(house, 2, status=status)
    counts = [read(house) for _ in range(4)]
    assert counts == [0, 0, 0, 1]
    assert f"{SITE}/2.html" not in [item for item, _, _ in house.items()]
    assert [card.id for card in house.store.withdrawn("all", 9)] == [f"{SITE}/2.html"]
    assert [read(house) for _ in range(3)] == [0, 0, 0]


def test_absence_that_a_clock_ahead_has_noted_does_not_keep_an_article_for_ever(house: House) -> None:
    right = house.clock.now
    house.clock.pass_(days=3650)
    gone(house, 2)
    assert read(house) == 0
    house.clock.now = right
    assert [read(house) for _ in range(4)] == [0, 0, 0, 1]


def test_one_absence_withdraws_nothing_and_a_page_that_is_there_again_is_forgiven(house: House) -> None:
    house.clock.pass_(days=30)
    before = house.web.pages[f"{SITE}/2.html"]
    gone(house, 2)
    assert [read(house) for _ in range(3)] == [0, 0, 0]
    assert known(house, 2).absences == 3
    house.web.put(f"{SITE}/2.html", before)
    assert read(house) == 0
    assert (known(house, 2).absences, known(house, 2).absent_since) == (0, None)
    assert len(house.items()) == COUNT


def test_many_absences_within_three_days_withdraw_nothing(house: House) -> None:
    house.clock.pass_(days=30)
    gone(house, 2)
    assert [read(house, days=0.9) for _ in range(3)] == [0, 0, 0]
    assert known(house, 2).absences == 3
    assert known(house, 2).withdrawn is None


FRONT = "".join(f"<p>The town of Example has {line} things to say of itself on this page.</p>" for line in range(9))


def sent_to(url: str) -> Page:
    body = f"<html><head><title>The town</title></head><body><h1>Welcome to the town</h1>{FRONT}</body></html>"
    return Page(url=url, status=200, content_type="text/html", body=body.encode())


@pytest.mark.parametrize(
    "front", [f"{SITE}/", f"{SITE}/feed", "http://example.org/?utm_source=404", f"{SITE}/index.php#top", SITE]
)
def test_page_that_leads_to_the_front_page_or_the_list_is_gone(house: House, front: str) -> None:
    house.clock.pass_(days=30)
    house.web.put(f"{SITE}/2.html", sent_to(front))
    assert [read(house) for _ in range(3)] == [0, 0, 0]
    assert (f"{SITE}/2.html", "Piece 2 of the town's news") in [item[:2] for item in house.items()]
    assert known(house, 2).absences == 3
    assert read(house) == 1


def test_what_leads_to_the_front_page_from_the_start_is_no_article(house: House) -> None:
    house.web.put(f"{SITE}/9.html", sent_to(f"{SITE}/"))
    read(house, 9, *range(1, COUNT + 1))
    assert len(house.items()) == COUNT


@pytest.mark.parametrize("place", [f"{SITE}/2/", f"{SITE}/archive/2.html", "https://campaign.example.com/"])
def test_page_that_leads_elsewhere_is_there(house: House, place: str) -> None:
    house.clock.pass_(days=30)
    house.web.put(f"{SITE}/2.html", sent_to(place))
    assert [read(house) for _ in range(4)] == [0] * 4
    assert known(house, 2).absences == 0


def test_article_that_is_on_the_front_page_is_there(house: House) -> None:
    """A page that scripts turn into each article is asked for without the fragment that names it."""
    links = "".join(f"<item><title>Piece {n}</title><link>{SITE}/#/{n}</link></item>" for n in (1, 2))
    house.web.put(f"{SITE}/other", f'<rss version="2.0"><channel><title>T</title>{links}</channel></rss>')
    for number in (1, 2):
        house.web.put(f"{SITE}/#/{number}", sent_to(f"{SITE}/"))
    house.add("other", "feed", {"url": f"{SITE}/other"})
    assert house.refresh("other").new == 2


@pytest.mark.parametrize("status", [500, 403, None])
def test_other_failures_are_no_absence(house: House, status: int | None) -> None:
    house.clock.pass_(days=30)
    house.web.put(f"{SITE}/2.html", FetchError("2: failed", status=status))
    assert [read(house) for _ in range(5)] == [0] * 5
    assert known(house, 2).absences == 0


def test_article_that_left_the_list_is_not_withdrawn_while_its_page_is_there(house: House) -> None:
    house.clock.pass_(days=30)
    assert [read(house, 1, 3, 4, 5, 6, 7, 8) for _ in range(6)] == [0] * 6
    assert len(house.items()) == COUNT


def test_site_that_loses_most_pages_at_once_loses_no_article(house: House) -> None:
    house.clock.pass_(days=30)
    gone(house, *range(1, COUNT + 1))
    assert [read(house) for _ in range(6)] == [0] * 6
    assert len(house.items()) == COUNT


@pytest.mark.slow
def test_site_that_loses_its_pages_loses_no_article_when_they_are_looked_at_one_by_one(house: House) -> None:
    """They fall due by the age of their articles, those that were looked for in vain once a day."""
    house.clock.pass_(days=30)
    assert read(house) == 0
    gone(house, *range(1, COUNT + 1))
    assert [read(house, days=0.1) for _ in range(300)] == [0] * 300
    assert len(house.items()) == COUNT


@pytest.mark.parametrize("count", [2, 3])
def test_few_pages_that_are_gone_together_withdraw_nothing_while_no_other_is_there(house: House, count: int) -> None:
    house.clock.pass_(days=30)
    numbers = range(1, count + 1)
    gone(house, *numbers)
    assert [read(house, *numbers) for _ in range(6)] == [0] * 6
    assert [read(house) for _ in range(8)][-1] == 0
    assert len(house.items()) == COUNT - count


def test_source_that_is_broken_withdraws_nothing(house: House) -> None:
    house.clock.pass_(days=30)
    gone(house, 2)
    for _ in range(5):
        house.clock.pass_(days=1)
        house.web.put(f"{SITE}/feed", FetchError("feed: 503", status=503))
        assert house.refresh("news").withdrawn == 0
    assert known(house, 2).absences == 0


@pytest.mark.slow
def test_page_with_a_clock_in_it_makes_no_endless_revisions(house: House) -> None:
    """Ten days of another word every other hour: five revisions a day, and after twenty one a day, without a date."""
    for hour in range(0, 24 * 10, 2):
        words = f"Word number {hour} of the hour."
        house.web.put(f"{SITE}/8.html", page(8, words))
        house.clock.pass_(hours=2)
        listed(house, *range(1, COUNT + 1), words=words)
        house.refresh("news")
    history = house.store.history(f"{SITE}/8.html")
    days = [revision.taken_at.date() for revision in history]
    assert max(days.count(day) for day in days) <= 10
    assert 20 <= len(history) <= 27
    assert [revision.significant for revision in history] == [revision.number <= 20 for revision in history]
    assert len({revision.updated for revision in history[19:]}) == 1
    assert "Word number" in history[-1].fields.body
