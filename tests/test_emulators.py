"""Every kind of subscriber sees every article once: whatever its date, through an edit, a restart and a move."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from werkzeug.test import Client

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.model import Site
from feedservice.store import open_store
from feedservice.web import make_app
from tests.emulators import BY_TITLE, WATERMARKED, Newsroom, Subscriber, subscribers, surplus
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Profile = Literal["truthful", "arrival"]
HTTP, HTTPS = "http://feeds.example.org", "https://feeds.example.org"
Answer = tuple[int, bytes, dict[str, str]]
Ask = Callable[[str, dict[str, str]], Answer]


class Service:
    """The house and its door; each can be shut and opened again on the same store."""

    def __init__(self, url: str, profile: Profile, base_url: str = HTTP) -> None:
        self.url, self.clock, self.web = url, FakeClock(), FakeWeb()
        self.site = Site(title="Example", base_url=base_url, author="Example")
        self.settings = FeedSettings(dates=profile)
        self.newsroom = Newsroom(self.web)
        self.open()

    def open(self) -> None:
        """Start anew with nothing but the store."""
        self.house = House(open_store(self.url, self.clock), self.web, self.clock, site=self.site)
        self.house.settings = self.settings
        self.house.add("news", "feed", {"url": self.newsroom.url}, shelf=("通知公告",))

    def restart(self, base_url: str) -> None:
        """End, and start anew under this public address."""
        self.house.store.close()
        self.site = replace(self.site, base_url=base_url)
        self.open()

    def step(self, minutes: int = 30) -> None:
        """Read the site and write the feeds, after so many minutes; all of it has to go well."""
        self.clock.pass_(minutes=minutes)
        assert not self.house.refresh("news").failed
        for published in self.house.rebuild():
            assert (published.isolated, published.failures) == ((), ())

    def today(self, **earlier: float) -> str:
        """The site's date of a time so much before now, as a day alone."""
        return self.stamp(**earlier)[:10]

    def stamp(self, **earlier: float) -> str:
        """The site's date of a time so much before now, to the second."""
        return (self.clock() - timedelta(**earlier) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00")

    @contextmanager
    def door(self) -> Iterator[Ask]:
        """The web application of a process that starts now, called without a network."""
        app = make_app(open_store(self.url, self.clock), site=self.site, feeds=self.settings, server=ServerSettings())
        app.start()
        with closing(app):
            yield lambda path, fields: _asked(Client(app), path, fields)


def _asked(client: Client, path: str, fields: dict[str, str]) -> Answer:
    with client.get(path, headers=fields) as answer:
        return answer.status_code, answer.get_data(), {name.lower(): value for name, value in answer.headers}


@dataclass
class Audience:
    """All subscribers of one feed, each with its own conditional requests. pushed: the links, by name."""

    feed: str = "all"
    pushed: dict[str, list[str]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.subscribers = subscribers()
        self.validators: dict[str, dict[str, str]] = {}
        self.pushed = {name: [] for name in self.subscribers}

    def poll(self, ask: Ask) -> None:
        """Everybody asks once; who has never been answered yet asks again the next time."""
        for name, subscriber in self.subscribers.items():
            self._poll(name, subscriber, ask)

    def _poll(self, name: str, subscriber: Subscriber, ask: Ask) -> None:
        path = f"/feeds/{self.feed}.{subscriber.reads}"
        status, body, fields = ask(path, self.validators.get(name, {}))
        self.answers.append(status)
        if status == 304:
            assert body == b""
            return
        if status == 404 and name not in self.validators:
            return
        assert status == 200, f"{path}: {status}"
        self.validators[name] = {"If-None-Match": fields["etag"], "If-Modified-Since": fields["last-modified"]}
        self.pushed[name] += subscriber.poll(body, HTTP + path)

    def lost(self, links: Iterable[str]) -> dict[str, list[str]]:
        """What some never saw, by their names."""
        wanted = list(links)
        missing = {name: [link for link in wanted if link not in seen] for name, seen in self.pushed.items()}
        return {name: links for name, links in missing.items() if links}

    def doubled(self) -> dict[str, list[str]]:
        """What some saw more than once, by their names."""
        twice = {name: list(surplus(seen)) for name, seen in self.pushed.items()}
        return {name: links for name, links in twice.items() if links}


@dataclass
class Story:
    """What happened in the scenario: all links, the one that was dated a week back, and the one that was edited."""

    links: list[str]
    back_dated: str
    edited: str


def play(service: Service, poll: Callable[[], None]) -> Story:
    """The scenario of twelve articles; `poll` is called after every step."""
    newsroom, links = service.newsroom, list[str]()

    def happen(dates: Sequence[str]) -> list[str]:
        new = newsroom.publish(*dates)
        links.extend(new)
        service.step()
        poll()
        return new

    service.step()
    poll()
    [edited] = happen([service.stamp(minutes=10)])
    happen([service.today()] * 2)
    happen([service.today()])
    [back_dated] = happen([service.stamp(days=7)])
    happen([service.stamp(days=-2)])
    happen([service.stamp(minutes=-20)])
    happen([service.today()] * 5)
    newsroom.edit(edited, title="关于第一件事的补充通知", body="<p>内容已经更正，以此为准。</p>")
    service.step()
    poll()
    service.restart(HTTP)
    service.step()
    poll()
    service.restart(HTTPS)
    service.step()
    poll()
    assert len(links) == 12
    return Story(links, back_dated, edited)


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["truthful", "arrival"])
def test_everybody_sees_every_article_once(store_url: str, profile: Profile) -> None:
    """Truthful dates hide a back-dated article from those who remember the newest date, and nothing else from anybody.

    Of the feeds of everything, of a source and of a category; the web process starts anew before each poll.
    """
    service = Service(store_url, profile)
    audiences = [Audience(feed) for feed in ("all", "news", "tongzhigonggao")]

    def poll() -> None:
        with service.door() as ask:
            for audience in audiences:
                audience.poll(ask)

    story = play(service, poll)
    service.house.store.close()
    for audience in audiences:
        check(profile, audience, story)


def check(profile: Profile, audience: Audience, story: Story) -> None:
    """Assert the numbers of a profile."""
    hidden = {name: [story.back_dated] for name in WATERMARKED} if profile == "truthful" else {}
    assert audience.lost(story.links) == hidden
    assert audience.doubled() == {name: [story.edited] for name in BY_TITLE}
    assert {link for seen in audience.pushed.values() for link in seen} == set(story.links)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing, where the server of the standard library writes every request to standard error."""


@contextmanager
def over_http(url: str, site: Site, settings: FeedSettings, clock: FakeClock) -> Iterator[Ask]:
    """The service on a free port of this machine, for as long as the block runs."""
    app = make_app(open_store(url, clock), site=site, feeds=settings, server=ServerSettings())
    app.start()
    with closing(app), make_server("127.0.0.1", 0, cast("WSGIApplication", app), WSGIServer, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield lambda path, fields: _asked_over_http(server.server_port, path, fields)
        finally:
            server.shutdown()
            thread.join()


def _asked_over_http(port: int, path: str, fields: dict[str, str]) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": "feeds.example.org", **fields})
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}


@pytest.mark.parametrize("profile", ["truthful", pytest.param("arrival", marks=pytest.mark.slow)])
def test_everybody_sees_every_article_once_over_http(sqlite_url: str, profile: Profile) -> None:
    """One web process follows the store through the whole story; it starts anew only where the service does.

    Nothing is sent that is known already: whoever asks a second time while nothing changed is told so.
    """
    service, audience = Service(sqlite_url, profile), Audience()
    with ExitStack() as doors:
        asks: dict[str, Ask] = {}

        def poll() -> None:
            if service.site.base_url not in asks:
                asks[service.site.base_url] = doors.enter_context(
                    over_http(service.url, service.site, service.settings, service.clock)
                )
            ask = asks[service.site.base_url]
            wait_for(ask, service)
            audience.poll(ask)
            audience.answers.clear()
            audience.poll(ask)
            assert set(audience.answers) == {304}

        story = play(service, poll)
    service.house.store.close()
    check(profile, audience, story)


def wait_for(ask: Ask, service: Service) -> None:
    """Wait until what is served is what is stored: the web process looks for changes three times a second."""
    document = service.house.store.document("/feeds/all.json")
    assert document is not None
    tags = {each.etag for each in document.representations}
    deadline, pause = time.monotonic() + 20, threading.Event()
    while ask("/feeds/all.json", {})[2]["etag"] not in tags:
        assert time.monotonic() < deadline, "what was published is not served"
        pause.wait(0.02)
