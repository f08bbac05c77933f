"""Any sequence of saves, edits, publications, failures and reopenings: the store is what a simple model says it is."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from feedservice.model import Arrival, CategoryStep, Fields
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.store_examples import START, arrival, document, documents_of, edit, intake, publish, save
from tests.store_saver import check_file

SOURCES = ("one", "two")
PATHS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("甲", "a"),),
    (("甲", "a"), ("乙", "b")),
    (("丙", "c"), ("丁", "d")),
)
"""Titles and slugs; no slug collides, so that each is what it proposes to be."""


@dataclass
class Remembered:
    """An article as the model knows it."""

    seq: int
    source: str
    title: str
    published: datetime
    feeds: set[str]
    categories: list[str]
    revision: int = 1


@dataclass
class Model:
    """What the store should be."""

    articles: list[Remembered] = field(default_factory=list)
    keys: dict[tuple[str, str], Remembered] = field(default_factory=dict)
    names: dict[str, Remembered] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    documents: dict[str, bytes] = field(default_factory=dict)
    version: int = 0

    def save(self, source: str, arrivals: list[Arrival]) -> list[int]:
        new = []
        for each in arrivals:
            own_names = (each.id, *each.aliases)
            found = self.keys.get((source, each.key))
            for name in own_names:
                found = found or self.names.get(name)
            feeds = {"all", source, *(step.slug for path in each.categories for step in path)}
            categories = list(dict.fromkeys(path[-1].slug for path in each.categories))
            if found is None:
                seq = len(self.articles) + 1
                found = Remembered(seq, source, each.fields.title, each.published, feeds, categories)
                self.articles.append(found)
                self.stale |= feeds
                new.append(found.seq)
            else:
                self.stale |= feeds - found.feeds
                found.feeds |= feeds
                more = [slug for slug in categories if slug not in found.categories]
                found.categories += more
                self.stale |= found.feeds if more else set()
            self.keys.setdefault((source, each.key), found)
            for name in own_names:
                self.names.setdefault(name, found)
        return new


_arrivals = st.lists(
    st.builds(
        lambda number, key, aliases, paths: arrival(
            number,
            key=f"k{key}",
            id=f"urn:{number}",
            published=START + timedelta(seconds=number // 2),
            aliases=tuple(f"urn:{alias}" for alias in aliases),
            categories=tuple(tuple(CategoryStep(title=t, slug=s) for t, s in path) for path in paths),
        ),
        st.integers(0, 12),
        st.integers(0, 12),
        st.lists(st.integers(0, 14), max_size=2),
        st.lists(st.sampled_from(PATHS), max_size=2),
    ),
    max_size=5,
)


class StoreMachine(RuleBasedStateMachine):
    """Does to a store and to the model whatever Hypothesis thinks of."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name) / 'feedservice.db'}"
        self.clock = FakeClock()
        self.store = open_store(self.url, self.clock)
        self.model = Model()

    @rule(source=st.sampled_from(SOURCES), arrivals=_arrivals)
    def save(self, source: str, arrivals: list[Arrival]) -> None:
        new = save(self.store, intake(*arrivals, source=source))
        assert [article.seq for article in new] == self.model.save(source, arrivals)

    @rule(source=st.sampled_from(SOURCES), arrivals=_arrivals)
    def fail_to_save(self, source: str, arrivals: list[Arrival]) -> None:
        with contextlib.suppress(ZeroDivisionError), self.store.writing() as writer:
            writer.save(intake(*arrivals, source=source))
            _ = 1 / 0

    @precondition(lambda self: self.model.articles)
    @rule(which=st.integers(0, 100), title=st.sampled_from("春夏秋冬"))
    def revise(self, which: int, title: str) -> None:
        article = self.model.articles[which % len(self.model.articles)]
        body = f"<p>正文 {article.seq}</p>"
        before = self.store.article(next(name for name, found in self.model.names.items() if found is article))
        assert before is not None
        save(
            self.store, intake(edits=[edit(article.seq, fields=Fields(title=title, body=body))], source=article.source)
        )
        if (before.fields.title, before.fields.body) != (title, body):
            article.title, article.revision = title, article.revision + 1
            self.model.stale |= article.feeds

    @precondition(lambda self: self.model.stale)
    @rule(which=st.integers(0, 100), body=st.sampled_from([b"x", b"y"]), late=_arrivals)
    def publish(self, which: int, body: bytes, late: list[Arrival]) -> None:
        """Look at what is stale, let articles arrive, and only then publish."""
        feed = sorted(self.model.stale)[which % len(self.model.stale)]
        mark = self.store.stale()[feed]
        self.clock.pass_(seconds=which % 3 - 1)
        self.model.stale.discard(feed)
        self.save("one", late)
        before = self.store.document(feed)
        publish(self.store, document(feed, body, feed=feed, last_modified=self.clock()), feed=feed, as_of=mark)
        after = self.store.document(feed)
        assert after is not None
        if self.model.documents.get(feed) == body:
            assert after == before
        else:
            self.model.documents[feed] = body
            self.model.version += 1
            assert before is None or after.last_modified > before.last_modified

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.url, self.clock)

    @invariant()
    def feeds_hold_their_articles(self) -> None:
        feeds = {feed for article in self.model.articles for feed in article.feeds}
        for feed in feeds:
            mine = sorted((a for a in self.model.articles if feed in a.feeds), key=lambda a: (a.published, a.seq))[::-1]
            stored = self.store.articles(feed, 1_000)
            assert [(a.seq, a.fields.title, a.revision, a.source, list(a.categories)) for a in stored] == [
                (a.seq, a.title, a.revision, a.source, a.categories) for a in mine
            ]
        counts = {feed: sum(feed in a.feeds for a in self.model.articles) for feed in feeds}
        assert dict(self.store.counts()) == counts

    @invariant()
    def names_lead_to_their_articles(self) -> None:
        for source in SOURCES:
            asked = {key: a.seq for key, a in self.model.names.items()}
            asked |= {key: a.seq for (mine, key), a in self.model.keys.items() if mine == source}
            assert {key: known.seq for key, known in self.store.known(source, asked).items()} == asked

    @invariant()
    def stale_feeds_and_documents_are_right(self) -> None:
        assert set(self.store.stale()) == self.model.stale
        documents = documents_of(self.store)
        assert {each.path: each.representations[0].body for each in documents} == self.model.documents
        assert self.store.version() == self.model.version

    def teardown(self) -> None:
        self.store.close()
        check_file(self.url)
        self.folder.cleanup()


QUICK = settings(max_examples=5, stateful_step_count=15, deadline=None, derandomize=True)
MORE = settings(QUICK, max_examples=60)


@pytest.mark.parametrize("effort", [QUICK, pytest.param(MORE, marks=pytest.mark.slow)], ids=["some", "more"])
def test_store_is_what_a_model_of_it_says(effort: settings) -> None:
    run_state_machine_as_test(StoreMachine, settings=effort)
