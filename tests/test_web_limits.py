"""Clients that ask for too much: told to wait, for as long as it takes, and never for what they cannot have got yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.test import Client, TestResponse

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.protocols import Store
from feedservice.store import open_store
from feedservice.web import limited, make_app
from feedservice.web.clients import Clients
from feedservice.web.hot import HotPath
from feedservice.web.limits import Budgets
from tests.fakes import FakeClock
from tests.web_examples import SITE, etag, fill

MOST = 60
FEED = "/feeds/all.rss"
ONE, OTHER, PROXY = "192.0.2.1", "192.0.2.2", "127.0.0.1"


@pytest.fixture
def app(store: Store, store_url: str, clock: FakeClock) -> Iterator[HotPath]:
    fill(store)
    made = make_app(open_store(store_url, clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
    made.look()
    yield made
    made.close()


@pytest.fixture
def client(app: HotPath, clock: FakeClock) -> Client:
    return Client(limited(app, ServerSettings(per_hour=MOST, proxies=("127.0.0.0/8", "::1")), clock))


def ask(client: Client, path: str = FEED, who: str = ONE, method: str = "GET", **fields: str) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    return client.open(path, method=method, headers=headers, environ_base={"REMOTE_ADDR": who})


def exhaust(client: Client, who: str = ONE) -> None:
    assert [ask(client, who=who).status_code for _ in range(MOST)] == [200] * MOST


def test_without_the_setting_there_is_nothing_in_front(app: HotPath, clock: FakeClock) -> None:
    assert limited(app, ServerSettings(), clock) is app


def test_who_asks_too_much_is_told_how_long_to_wait_in_words_that_nobody_keeps(client: Client) -> None:
    exhaust(client)
    answer = ask(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "text/plain"
    assert b"60 s" in answer.data
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert "ETag" not in answer.headers


def test_who_waits_as_long_as_told_is_answered(client: Client, clock: FakeClock) -> None:
    exhaust(client)
    clock.pass_(seconds=59)
    assert ask(client).headers["Retry-After"] == "1"
    clock.pass_(seconds=1)
    assert [ask(client).status_code for _ in range(2)] == [200, 429]
    clock.pass_(days=9)
    exhaust(client)
    assert ask(client).status_code == 429


def test_clock_that_is_set_back_neither_gives_nor_takes(client: Client, clock: FakeClock) -> None:
    exhaust(client)
    clock.pass_(days=-1)
    assert ask(client).headers["Retry-After"] == "60"
    clock.pass_(seconds=60)
    ask(client, If_None_Match=etag(b"<rss/>", "identity"))
    clock.pass_(seconds=60)
    assert ask(client).status_code == 200


def test_first_fetch_of_a_feed_is_answered_always(client: Client) -> None:
    exhaust(client)
    assert [ask(client, "/feeds/all.atom").status_code for _ in range(2)] == [200, 429]
    assert ask(client, "/feeds/all.atom?limit=1").status_code == 429
    assert ask(client, who=OTHER).status_code == 200


def test_what_has_not_changed_is_answered_always_and_counts_a_twentieth(client: Client) -> None:
    tag = etag(b"<rss/>", "identity")
    assert {ask(client, If_None_Match=tag).status_code for _ in range(20 * (MOST - 1))} == {304}
    assert [ask(client).status_code for _ in range(3)] == [200, 429, 429]
    assert ask(client, If_None_Match=tag).status_code == 304
    assert ask(client, method="HEAD").status_code == 200
    assert ask(client, If_None_Match='"another"').status_code == 429


def test_whatever_is_no_document_is_not_counted(client: Client) -> None:
    exhaust(client)
    assert ask(client, "/healthz").status_code == 200
    assert ask(client, method="OPTIONS").status_code == 204
    assert ask(client, "/feeds/none.rss").status_code == 404


def test_pages_of_the_past_are_no_first_fetch(client: Client) -> None:
    exhaust(client)
    assert ask(client, "/feeds/all/archive/1.rss").status_code == 429


def test_who_comes_through_a_trusted_proxy_is_counted_alone(client: Client) -> None:
    for _ in range(MOST):
        ask(client, who=PROXY, X_Forwarded_For=ONE)
    assert ask(client, who=PROXY, X_Forwarded_For=f"203.0.113.9, {ONE}").status_code == 429
    ask(client, who=PROXY, X_Forwarded_For=OTHER)
    assert ask(client, who=PROXY, X_Forwarded_For=OTHER).status_code == 200


@pytest.mark.parametrize(
    ("direct", "forwarded", "who"),
    [
        (ONE, "", ONE),
        (ONE, OTHER, ONE),
        (PROXY, OTHER, OTHER),
        (PROXY, f"{ONE}, {OTHER}", OTHER),
        (PROXY, f"{ONE},{OTHER}, 127.0.0.7", OTHER),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, "127.0.0.2", "127.0.0.2"),
        (PROXY, f"{ONE}," * 5000 + OTHER, OTHER),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:127.0.0.1", OTHER, OTHER),
        ("2001:db8:1:2:ffff::9", "", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "", "2001:db8:1:3::"),
        ("fe80::1%eth0", "", "fe80::"),
        ("", OTHER, ""),
        ("socket", OTHER, "socket"),
    ],
)
def test_client_is_who_the_last_trusted_proxy_was_asked_by(direct: str, forwarded: str, who: str) -> None:
    clients = Clients(("127.0.0.0/8", "::1"))
    assert clients({"REMOTE_ADDR": direct, "HTTP_X_FORWARDED_FOR": forwarded}) == who


def test_nobody_is_believed_unless_the_operator_says_so() -> None:
    assert Clients(())({"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": ONE}) == PROXY


def test_only_so_many_clients_and_first_fetches_are_remembered(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedservice.web.limits._MOST_CLIENTS", 2)
    monkeypatch.setattr("feedservice.web.limits._MOST_FETCHES", 2)
    budgets = Budgets(1, clock)
    for client in ("a", "b", "a", "c"):
        budgets.take(client, 1)
        budgets.fetched(client, FEED)
    assert [budgets.wait(client) for client in ("a", "b", "c")] == [3600, 0, 3600]
    assert [budgets.knows(client, FEED) for client in ("a", "b", "c")] == [True, False, True]
