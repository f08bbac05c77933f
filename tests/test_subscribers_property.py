"""Whatever happens, in whatever order: every subscriber sees every article once, and what was served stands still."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from feedservice.config.settings import FeedSettings
from feedservice.errors import FetchError
from feedservice.model import Document
from feedservice.rebuild import make_stale
from feedservice.store import open_store
from tests.emulators import BY_TITLE, WATERMARKED, Newsroom, entries_of, subscribers
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.pollers import pollers
from tests.store_examples import documents_of
from tests.web_examples import Served

SOURCES = {"first": "http://news.example.org", "second": "https://other.example.org"}
DATES = [
    "none",
    "today",
    "yesterday",
    "last month",
    "a minute ago",
    "just now",
    "noon",
    "tomorrow",
    "in a year",
    "1900",
]
FAULTS = ["refused", "cut off", "a page", "empty", "no items"]
Serving = tuple[bytes, str, datetime]


class Subscribed(RuleBasedStateMachine):
    """A service with two sources and all kinds of subscribers, who ask after everything that happens.

    Its feeds hold few articles, so that many leave them for the archive.
    """

    dates = "arrival"
    patient: tuple[str, ...] = ()
    """Those that may miss an article: not asked whether they did."""
    ahead = timedelta()
    """How far a date may be ahead of the latest that the clock ever said."""
    pause = 10
    """How many seconds pass at least before articles come: as many as come at once have to be dated apart."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock, self.web = FakeClock(), FakeWeb()
        self.newsrooms = {name: Newsroom(self.web, home, name) for name, home in SOURCES.items()}
        self.subscribers = subscribers()
        self.pushed: dict[str, list[str]] = {name: [] for name in self.subscribers}
        self.served: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
        self.titles: dict[str, set[str]] = defaultdict(set)
        self.documents: dict[str, Serving] = {}
        self.tags: dict[str, bytes] = {}
        self.expected: set[str] = set()
        self.latest = self.clock()
        self.withdrawn: set[str] = set()
        self.numbers = 0
        self.pollers = [poller for suffix in ("rss", "atom") for poller in pollers(f"/feeds/all.{suffix}")]
        self.open()
        for name in SOURCES:
            # The first read of a source brings what was there before: it keeps its dates, and is news to nobody.
            self.house.refresh(name)
        self.look()

    def open(self) -> None:
        """Start with nothing but the store."""
        self.house = House(open_store(f"sqlite:///{self.folder}/a.db", self.clock), self.web, self.clock)
        self.serving: Served | None = None
        self.house.settings = FeedSettings.model_validate({"items": 8, "dates": self.dates})
        for name, newsroom in self.newsrooms.items():
            self.house.add(name, "feed", {"url": newsroom.url}, shelf=())

    def teardown(self) -> None:
        self.house.store.close()
        shutil.rmtree(self.folder)

    def date(self, kind: str) -> str | None:
        """A date as a site may give it."""
        now = self.clock() + timedelta(hours=8)
        days = {"today": 0, "yesterday": -1, "last month": -30, "tomorrow": 1, "in a year": 365}
        if kind in days:
            return f"{now + timedelta(days=days[kind]):%Y-%m-%d}"
        exact = {"a minute ago": now - timedelta(minutes=1), "just now": now, "noon": now.replace(hour=12, minute=0)}
        if kind in exact:
            return f"{exact[kind]:%Y-%m-%dT%H:%M:%S}+08:00"
        return "1900-12-30" if kind == "1900" else None

    # what happens

    @rule(name=st.sampled_from(list(SOURCES)), kinds=st.lists(st.sampled_from(DATES), min_size=1, max_size=5))
    def articles_come(self, name: str, kinds: list[str]) -> None:
        self.clock.pass_(seconds=self.pause)
        self.expected.update(self.newsrooms[name].publish(*map(self.date, kinds)))
        self.refresh(name)

    @rule(one=st.sampled_from(DATES), other=st.sampled_from(DATES))
    def articles_come_from_two_sources(self, one: str, other: str) -> None:
        for name, kind in zip(SOURCES, (one, other), strict=True):
            self.clock.pass_(seconds=self.pause)
            self.expected.update(self.newsrooms[name].publish(self.date(kind), self.date(kind)))
            self.refresh(name, poll=False)
        self.look()

    @rule(minutes=st.sampled_from([0, 0.02, 1, 30, 60 * 24 * 3]))
    def time_passes(self, minutes: float) -> None:
        self.clock.pass_(minutes=minutes)

    @precondition(lambda self: any(newsroom.items for newsroom in self.newsrooms.values()))
    @rule(place=st.integers(0, 60), title=st.booleans(), body=st.booleans())
    def article_is_edited(self, place: int, title: bool, body: bool) -> None:
        link, name = self.pick(place)
        self.numbers += 1
        self.newsrooms[name].edit(
            link,
            title=f"改过的第{self.numbers}号通知" if title else None,
            body=f"<p>改过{self.numbers}次的正文。</p>" if body or not title else None,
        )
        self.clock.pass_(seconds=1)
        self.refresh(name)

    @precondition(lambda self: any(newsroom.items for newsroom in self.newsrooms.values()))
    @rule(place=st.integers(0, 60))
    def article_is_withdrawn(self, place: int) -> None:
        link, name = self.pick(place)
        self.clock.pass_(seconds=1)
        with self.house.store.writing() as writer:
            assert writer.withdraw(link, self.clock()) is (link not in self.withdrawn)
        self.withdrawn.add(link)
        self.look()
        self.refresh(name)

    @rule(name=st.sampled_from(list(SOURCES)), fault=st.sampled_from(FAULTS))
    def source_fails_and_recovers(self, name: str, fault: str) -> None:
        newsroom = self.newsrooms[name]
        whole = str(self.web.pages[newsroom.url])
        answers: dict[str, str | Exception] = {
            "refused": FetchError("connection refused"),
            "cut off": whole[: len(whole) // 2],
            "a page": "<html><title>系统维护中</title><h1>系统维护中</h1></html>",
            "empty": "",
            "no items": '{"version": "https://jsonfeed.org/version/1.1", "title": "通知公告", "items": []}',
        }
        self.web.pages[newsroom.url] = answers[fault]
        before = dict(self.documents)
        self.refresh(name)
        assert self.documents == before
        newsroom.put()
        self.refresh(name)

    @rule()
    def everything_is_written_anew(self) -> None:
        before = dict(self.documents)
        make_stale(self.house.store, None)
        self.look()
        assert self.documents == before

    @rule()
    def service_restarts(self) -> None:
        self.house.store.close()
        self.open()
        before = dict(self.documents)
        self.look()
        assert self.documents == before

    # what must be true

    def pick(self, place: int) -> tuple[str, str]:
        """The link and the source of one of the articles."""
        links = [(item["url"], name) for name, newsroom in self.newsrooms.items() for item in newsroom.items]
        return links[place % len(links)]

    def refresh(self, name: str, *, poll: bool = True) -> None:
        self.house.refresh(name)
        if poll:
            self.look()

    def look(self) -> None:
        """Write the feeds; everybody asks, and has seen everything once."""
        self.latest = max(self.latest, self.clock())
        published = self.house.rebuild()
        assert [result for result in published if result.failures or result.isolated] == []
        self.check_documents()
        for name, subscriber in self.subscribers.items():
            self.pushed[name] += subscriber.poll(self.body(subscriber.reads), f"/feeds/all.{subscriber.reads}")
        for name, pushed in self.pushed.items():
            if name not in self.patient:
                assert self.expected - set(pushed) <= self.withdrawn, name
            for link in set(pushed):
                assert pushed.count(link) == (len(self.titles[link]) if name in BY_TITLE else 1), f"{name}: {link}"

        self.poll()

    def poll(self) -> None:
        """Clients ask over HTTP: what each of them holds is what is served, and no article passed one of them by."""
        self.serving = self.serving or Served(self.house.store)
        self.serving.look()
        for poller in self.pollers:
            before = poller.last_modified
            poller.poll(self.serving)
            assert not before or parsed_date(poller.last_modified) >= parsed_date(before)
            assert set(poller.seen) <= self.expected
            assert self.expected - self.held_back() - set(poller.seen) <= self.withdrawn, poller.path

    def held_back(self) -> set[str]:
        """Articles that no feed shows yet: none."""
        return set()

    def body(self, suffix: str) -> bytes:
        """What the feed of everything answers."""
        return self.documents[f"/feeds/all.{suffix}"][0]

    def check_documents(self) -> None:
        """Ids and dates stand still; tags and dates of documents move with their bytes and not otherwise."""
        for document in documents_of(self.house.store):
            self.check_document(document)
        for suffix in ("rss", "atom"):
            links = set()
            for entry in entries_of(self.body(suffix)):
                link = entry["link"]
                links.add(link)
                for name in ("id", "published"):
                    assert self.served[suffix].setdefault((link, name), entry[name]) == entry[name]
                assert parsed_date(entry["published"]) <= self.latest + self.ahead
                self.titles[link].add(entry["title"])
            assert links <= self.expected - self.withdrawn

    def check_document(self, document: Document) -> None:
        identity = next(each for each in document.representations if each.coding == "identity")
        before = self.documents.get(document.path)
        now = (identity.body, identity.etag, document.last_modified)
        if before is not None:
            same = before[0] == identity.body
            assert (before == now) is same
            assert same or document.last_modified > before[2]
        self.documents[document.path] = now
        for each in document.representations:
            assert self.tags.setdefault(each.etag, each.body) == each.body


def parsed_date(text: str) -> datetime:
    """A date of RSS or of Atom."""
    return datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)


class SubscribedToTruth(Subscribed):
    """The same with the dates that the sites give, which some kinds of subscribers are not made for."""

    dates = "truthful"
    patient = (*WATERMARKED, "first five")
    pause = 0


def test_articles_of_two_sources_in_one_second_are_seen_by_watermark_readers() -> None:
    """Not all of them can be dated apart and not ahead at once: the rest is there after so many seconds."""
    machine = Subscribed()
    try:
        for name in SOURCES:
            machine.expected.update(machine.newsrooms[name].publish(machine.date("just now"), machine.date("just now")))
            machine.refresh(name, poll=False)
        machine.clock.pass_(minutes=1)
        machine.look()
    finally:
        machine.teardown()


MACHINES = [Subscribed, SubscribedToTruth]
CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
QUICK = settings(
    max_examples=3,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=CHECKS,
)
MORE = settings(QUICK, max_examples=12, stateful_step_count=20)
LONG = settings(QUICK, max_examples=40, stateful_step_count=50, derandomize=False, phases=tuple(Phase), print_blob=True)


@pytest.mark.parametrize("effort", [QUICK, pytest.param(MORE, marks=pytest.mark.slow)], ids=["some", "more"])
@pytest.mark.parametrize("machine", MACHINES)
def test_everybody_sees_everything_once_whatever_happens(machine: type[Subscribed], effort: settings) -> None:
    run_state_machine_as_test(machine, settings=effort)


@pytest.mark.campaign
@pytest.mark.parametrize("machine", MACHINES)
def test_everybody_sees_everything_once_whatever_happens_for_long(machine: type[Subscribed]) -> None:
    run_state_machine_as_test(machine, settings=LONG)
