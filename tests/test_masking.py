"""What addresses carry is told to nobody: not in logs, not in what is kept of a read."""

from __future__ import annotations

import pytest

from feedservice.addresses.masking import shown, shown_in
from feedservice.errors import FetchError
from feedservice.model import Health
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

SITE = "https://www.example.org"
LIST = "https://user:pw123@www.example.org/list?token=CANARY&page=1"
LOGIN = "<html><title>Login</title><body>please log in</body></html>"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.cn/x?access_token=abc&k=1", "https://a.cn/x?access_token=***&k=1"),
        ("https://u:p@a.cn/", "https://***@a.cn/"),
        ("https://a.cn/x y", "https://a.cn/x%20y"),
    ],
)
def test_address_is_shown_without_its_secrets(url: str, expected: str) -> None:
    assert shown(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.cn/x?token=abc: no list of articles", "https://a.cn/x?token=***: no list of articles"),
        (
            "first (https://u:p@a.cn/), then http://b.cn/?key=1.",
            "first (https://***@a.cn/), then http://b.cn/?key=***.",
        ),
        ("https://a.cn/?q=a b&token=abc: 404", "https://a.cn/?q=a b&token=***: 404"),
        ("the key = 5 of a@b.cn; 2 pages", "the key = 5 of a@b.cn; 2 pages"),
        ("《标题》https://a.cn/?sid=1》", "《标题》https://a.cn/?sid=***》"),
    ],
)
def test_text_is_shown_without_the_secrets_of_its_addresses(text: str, expected: str) -> None:
    assert shown_in(text) == expected


def test_long_text_costs_little() -> None:
    assert shown_in("https://a.cn/?" + "token" * 20_000).startswith("https://a.cn/")
    assert len(shown_in("://?" * 20_000)) == 80_000
    assert len(shown_in("://@" * 20_000)) == 80_000


@pytest.mark.parametrize(("kind", "answer"), [("listing", LOGIN), ("feed", LOGIN), ("json", "{}"), ("sitemap", LOGIN)])
def test_nothing_that_is_kept_of_a_broken_read_has_the_secret(
    store: Store, clock: FakeClock, kind: str, answer: str
) -> None:
    house = House(store, FakeWeb({LIST: answer}), clock)
    house.add("news", kind, {"url": LIST})
    report = house.refresh("news")
    assert report.health is Health.BROKEN
    state = house.store.state("news")
    kept = repr((report, state.reason, {name: value for name, value in state.facts.items() if name != "settings"}))
    assert "CANARY" not in kept
    assert "pw123" not in kept


def test_nor_have_the_problems_with_articles(store: Store, clock: FakeClock) -> None:
    links = [f"{SITE}/{number}.html?token=CANARY" for number in range(4)]
    items = "".join(f"<item><title>Piece {link}</title><link>{link}</link></item>" for link in links)
    feed = f'<rss version="2.0"><channel><title>T</title><link>{SITE}/</link>{items}</channel></rss>'
    house = House(store, FakeWeb(), clock)
    house.web.put(f"{SITE}/feed", feed, "application/rss+xml")
    house.web.pages.update(dict.fromkeys(links, LOGIN))
    house.web.put(links[1], FetchError(f"{links[1]}: 500", status=500))
    house.add("news", "feed", {"url": f"{SITE}/feed"})
    report = house.refresh("news")
    assert len(report.problems) == 4
    assert "CANARY" not in repr(report)
