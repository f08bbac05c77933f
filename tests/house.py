"""A whole house on a real store, a fake network and a fake clock: what `assembly` puts together, without the door."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from feedservice import extract
from feedservice.config.settings import ArticleRules, FeedSettings, PageSettings, SelectionSettings
from feedservice.formats import FORMATS
from feedservice.model import Article, Feed, FeedKind, Site
from feedservice.protocols import Opening, PageReader, Store
from feedservice.publish import Press, Published
from feedservice.rebuild import rebuild
from feedservice.refresh import RefreshReport, refresh
from feedservice.refreshing.admitting import admit, feeds_of, rules_of
from feedservice.refreshing.believing import Automatic
from feedservice.refreshing.opened import OpenSource
from feedservice.selecting import Rule, selections_of
from feedservice.sources import KINDS
from tests.fakes import FakeClock, FakeWeb

BASE = "https://feeds.example.org"


def corpora() -> Path:
    """The shared corpora; skips the test where they are not at hand."""
    folder = Path(os.environ.get("FEEDSERVICE_CORPORA") or Path(__file__).parents[2] / "shared" / "corpora")
    if not folder.is_dir():
        pytest.skip("the shared corpora are not beside the checkout")
    return folder


class House:
    """Sources, store and press, put together for a test; the test is the schedule."""

    def __init__(self, store: Store, web: FakeWeb, clock: FakeClock, *, site: Site | None = None) -> None:
        self.store, self.web, self.clock = store, web, clock
        self.site = site or Site(title="Example", base_url=BASE, author="Example")
        self.sources: dict[str, OpenSource] = {}
        self.settings = FeedSettings()
        self.selections: dict[str, SelectionSettings] = {}
        self.keep = PageSettings().keep

    def add(
        self,
        name: str,
        kind: str,
        options: Mapping[str, object],
        *,
        shelf: tuple[str, ...] | None = None,
        rules: ArticleRules | None = None,
        folder: Path = Path(),
        limit: int = 200,
    ) -> None:
        """Configure a source as the config would, and tell the store."""
        row = KINDS[kind]
        timezone = self.site.timezone
        opening = Opening(
            base_folder=str(folder),
            timezone=timezone,
            decode=extract.decode,
            parse_moment=extract.parse_moment,
            limit=max(limit, 200),
        )
        pages = PageReader(
            read=lambda page: extract.extract(page, rules or ArticleRules(), timezone),
            clean=extract.clean,
            next_pages=extract.next_pages,
            join=extract.join,
            glance=extract.glance,
            selectors={name: chain for name, chain in _chains(rules) if chain},
        )
        plain = row.options.model_validate(
            {name: value for name, value in options.items() if name not in row.selectors}
        )
        self.sources[name] = OpenSource(
            name=name,
            home=str(options.get("url", BASE)),
            source=row.open(row.options.model_validate(options), opening),
            get=self.web,
            pages=pages,
            shelf=shelf,
            timezone=timezone,
            limit=limit,
            offer_wins=row.offer_wins,
            next_run=lambda now: now + timedelta(minutes=30),
            select=lambda fields, categories: selections_of(self.rules, fields, name, categories),
            merge=self.settings.duplicates == "merge",
            automatic=Automatic(
                row.open(plain, opening),
                replace(pages, read=lambda page: extract.extract(page, ArticleRules(), timezone), selectors={}),
            ),
            settings=repr((options, rules)),
            keep=self.keep,
            whole=not row.reads_pages,
        )
        self.define()

    def define(self) -> None:
        feeds = [Feed(name="all", kind=FeedKind.ALL, title=self.site.title, home_url=f"{self.site.base_url}/")]
        feeds += [Feed(name=name, kind=FeedKind.SOURCE, title=name, home_url=BASE) for name in self.sources]
        with self.store.writing() as writer:
            writer.define_feeds([*feeds, *feeds_of(self.selections)], repr(self.site))
        admit(self.store, self.rules, room=0 if self.settings.archive else self.settings.items)

    @property
    def rules(self) -> Mapping[str, Rule]:
        return rules_of(self.selections, self.site.language)

    def select(self, **selections: Mapping[str, object]) -> None:
        """Configure these selections in place of those before, as the config would, and tell the store."""
        self.selections = {name: SelectionSettings.model_validate(given) for name, given in selections.items()}
        self.define()

    def refresh(self, name: str) -> RefreshReport:
        with ThreadPoolExecutor(4) as fetchers:
            return refresh(self.sources[name], store=self.store, clock=self.clock, fetchers=fetchers)

    def rebuild(self) -> tuple[Published, ...]:
        press = Press(formats=FORMATS, site=self.site, settings=self.settings, clock=self.clock)
        return rebuild(self.store, press)

    def articles(self, feed: str = "all") -> tuple[Article, ...]:
        return self.store.articles(feed, 1000)

    def json_feed(self, feed: str = "all") -> dict[str, Any]:
        document = self.store.document(f"/feeds/{feed}.json")
        assert document is not None, f"feed {feed} was never published"
        body = next(item.body for item in document.representations if item.coding == "identity")
        return cast("dict[str, Any]", json.loads(body))

    def items(self, feed: str = "all") -> list[tuple[str, str, str]]:
        """(id, title, date_published) of each item that subscribers see, in feed order."""
        return [(item["id"], item["title"], item["date_published"]) for item in self.json_feed(feed)["items"]]


def _chains(rules: ArticleRules | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    given = rules or ArticleRules()
    return ("title", given.title), ("body", given.body), ("published", given.published)


def local(instant: datetime) -> str:
    """A stored instant as Beijing wall time, to the minute."""
    return (instant + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
