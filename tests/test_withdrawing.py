"""An article is taken back: out of every feed for good, with a tombstone for those who have it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from feedservice.cli import main
from feedservice.formats.atom import ATOM
from feedservice.model import Edition
from feedservice.protocols import Store
from feedservice.running.worker import Worker
from feedservice.store import open_store
from tests.fakes import FakeClock, FakeWeb
from tests.format_examples import article as example
from tests.format_examples import edition
from tests.house import House
from tests.store_examples import NEWS, OTHER, START, arrival, intake, publish, save

LATER = START + timedelta(days=1)
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
ARTICLE = "---\ntitle: {}\ndate: 2024-09-2{}\ncategory: News\n---\nIt begins on Monday.\n"
CONFIG = """\
site: {title: Town}
store: {url: "sqlite:///feeds.db"}
sources: {town: {kind: folder, path: articles, category: News}}
"""
Run = Callable[..., tuple[int, str, str]]


def withdraw(store: Store, id: str, at: datetime = LATER) -> bool:
    with store.writing() as writer:
        return writer.withdraw(id, at)


def freshen(store: Store) -> None:
    for feed in store.stale():
        publish(store, feed=feed)


def tombstones(document: bytes) -> list[tuple[str, str]]:
    return [(stone.get("ref", ""), stone.get("when", "")) for stone in etree.fromstring(document).findall(DELETED)]


# ------------------------------------------------------------------------------------------------ the store


def test_withdrawn_article_leaves_its_feeds_and_their_counts_and_nothing_else_changes(store: Store) -> None:
    save(store, intake(arrival(1, categories=(OTHER,)), arrival(2, categories=(NEWS,))))
    save(store, intake(arrival(3), source="elsewhere"))
    freshen(store)
    one = store.articles("qita", 10)[0]
    assert withdraw(store, one.id)
    assert set(store.stale()) == {"all", "site", "zixun", "qita"}
    assert store.counts() == {"all": 2, "site": 1, "elsewhere": 1, "zixun": 1, "qita": 0}
    assert [article.seq for article in store.articles("all", 10)] == [3, 2]
    gone = store.article(one.id)
    assert gone is not None
    assert (gone.withdrawn, gone.fields) == (LATER, one.fields)


def test_withdrawing_again_changes_nothing(store: Store) -> None:
    (one,) = save(store, intake(arrival(1)))
    withdraw(store, one.id)
    freshen(store)
    assert not withdraw(store, one.id, LATER + timedelta(days=9))
    assert store.stale() == {}
    assert store.counts() == {"all": 0, "site": 0}
    assert [gone.withdrawn for gone in store.withdrawn("all", 10)] == [LATER]


def test_withdrawing_what_is_not_there_is_false(store: Store) -> None:
    assert not withdraw(store, "https://news.example.org/none")


def test_former_address_and_address_find_an_article_and_a_shared_address_finds_none(store: Store) -> None:
    save(store, intake(arrival(1, aliases=("http://old.example.org/1",)), arrival(2, id="tag:example.org,2026:2")))
    found = [store.find(name) for name in ("http://old.example.org/1", "https://news.example.org/2.html", "nothing")]
    assert [article and article.seq for article in found] == [1, 2, None]
    save(store, intake(arrival(2, id="tag:example.org,2026:3", key="another")))
    assert store.find("https://news.example.org/2.html") is None
    assert withdraw(store, "http://old.example.org/1")


def test_withdrawn_articles_come_latest_withdrawal_first_up_to_the_limit(store: Store) -> None:
    articles = save(store, intake(*(arrival(number) for number in range(1, 6))))
    for days, number in enumerate((2, 0, 4)):
        withdraw(store, articles[number].id, LATER + timedelta(days=days))
    assert [article.seq for article in store.withdrawn("all", 10)] == [5, 1, 3]
    assert [article.seq for article in store.withdrawn("site", 2)] == [5, 1]
    assert store.withdrawn("nothing", 2) == ()


def test_withdrawn_article_that_another_source_brings_stays_out_of_all_feeds_and_counts(store: Store) -> None:
    (one,) = save(store, intake(arrival(1)))
    withdraw(store, one.id)
    freshen(store)
    assert save(store, intake(arrival(9, id=one.id, categories=(NEWS,)), source="mirror")) == ()
    assert all(store.articles(feed, 10) == () for feed in ("all", "site", "mirror", "zixun"))
    assert set(store.counts().values()) == {0}


def test_what_another_source_brings_of_a_withdrawn_article_is_counted_nowhere(store: Store) -> None:
    """Where a duplicate is offered once more, under another category, its original stands there too, hidden."""
    (one,) = save(store, intake(arrival(1), source="first"))
    (two,) = save(store, intake(replace(arrival(2), duplicate_of=one.seq), source="second"))
    withdraw(store, two.id)
    withdraw(store, one.id)
    save(store, intake(arrival(2, categories=(OTHER,)), source="third"))
    assert store.articles("qita", 9) == ()
    assert set(store.counts().values()) == {0}


def test_heir_of_a_withdrawn_article_is_of_the_same_categories(store: Store) -> None:
    (one,) = save(store, intake(arrival(1, categories=(OTHER,)), source="first"))
    (two,) = save(store, intake(replace(arrival(2), duplicate_of=one.seq), source="second"))
    freshen(store)
    withdraw(store, one.id)
    assert [(article.id, article.categories) for article in store.articles("qita", 9)] == [(two.id, ("qita",))]
    assert {"second", "qita", "zixun", "all"} <= store.stale().keys()


# ------------------------------------------------------------------------------------------------ tombstones


def with_withdrawn(updated: datetime = START) -> Edition:
    return replace(edition([example(1)]), withdrawn=(example(2, withdrawn=START, updated=updated).card,))


def test_atom_tells_of_withdrawn_entries_by_their_ids() -> None:
    gone = with_withdrawn()
    assert tombstones(ATOM.render(gone)) == [(gone.withdrawn[0].id, "2026-01-05T09:00:00+08:00")]
    assert ATOM.read(ATOM.render(gone)).ids == (gone.articles[0].id,)


def test_tombstone_is_never_older_than_the_entry_was() -> None:
    """A reader drops a deletion that is older than what it has (RFC 6721 §2)."""
    gone = with_withdrawn(updated=START + timedelta(hours=2))
    assert tombstones(ATOM.render(gone))[0][1] == "2026-01-05T11:00:00+08:00"


def test_feed_without_withdrawn_articles_does_not_name_tombstones() -> None:
    assert b"tombstones" not in ATOM.render(edition([example(1)]))


# ------------------------------------------------------------------------------------------------ the whole house


def page(title: str) -> str:
    text = f"<h1>{title}</h1><p>{title}. {'Some text. ' * 30}</p>"
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>"


def feed_of(*numbers: int) -> str:
    items = "".join(
        f"<item><title>Piece {n}</title><guid>https://www.example.org/{n}</guid><link>https://www.example.org/{n}</link>"
        f"<pubDate>Mon, 0{n} Dec 2025 08:00:00 +0800</pubDate><description>Words of {n}.</description></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>T</title><link>https://www.example.org/</link>{items}</channel></rss>'


@pytest.fixture
def house(store: Store, clock: FakeClock) -> House:
    web = FakeWeb({f"https://www.example.org/{n}": page(f"Piece {n}") for n in range(1, 5)})
    web.put("https://www.example.org/feed", feed_of(1, 2, 3), "application/rss+xml")
    made = House(store, web, clock)
    made.add("news", "feed", {"url": "https://www.example.org/feed"})
    made.refresh("news")
    made.rebuild()
    return made


def published(house: House, name: str) -> bytes:
    document = house.store.document(f"/feeds/{name}")
    assert document is not None
    return next(item.body for item in document.representations if item.coding == "identity")


def test_withdrawn_article_is_gone_from_rss_and_json_and_has_a_tombstone_in_atom(house: House) -> None:
    gone = house.articles()[1]
    house.clock.pass_(hours=1)
    withdraw(house.store, gone.id, house.clock())
    house.rebuild()
    assert gone.id not in [item for item, _, _ in house.items()]
    assert gone.id.encode() not in published(house, "all.rss")
    assert [ref for ref, _ in tombstones(published(house, "all.atom"))] == [gone.id]
    assert [ref for ref, _ in tombstones(published(house, "news.atom"))] == [gone.id]


def test_withdrawn_article_never_comes_back_by_a_refresh_not_even_edited(house: House) -> None:
    gone = house.articles()[1]
    withdraw(house.store, gone.id, house.clock())
    house.web.put("https://www.example.org/feed", feed_of(1, 2, 3, 4).replace("Words of 2", "New words"))
    house.clock.pass_(days=2)
    report = house.refresh("news")
    house.rebuild()
    assert (report.new, report.edited) == (1, 0)
    assert len(house.items()) == 3
    assert gone.id not in [item for item, _, _ in house.items()]


def test_running_worker_rebuilds_what_somebody_else_withdrew_once(house: House) -> None:
    rebuilt: list[int] = []
    done = threading.Event()

    def rebuild() -> None:
        rebuilt.append(len(house.rebuild()))
        done.set()

    with ThreadPoolExecutor(1) as fetchers:
        worker = Worker(store=house.store, sources={}, clock=house.clock, workers=1, fetchers=fetchers, rebuild=rebuild)
        worker.start()
        assert done.wait(30)
        done.clear()
        withdraw(house.store, house.articles()[0].id, house.clock())
        worker.tick()
        assert done.wait(30)
        worker.tick()
        worker.stop()
    assert rebuilt == [0, 2]
    assert len(house.items()) == 2


# ------------------------------------------------------------------------------------------------ the command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "articles").mkdir()
    for name, day in (("school", 6), ("market", 7)):
        (tmp_path / "articles" / f"{name}.md").write_text(ARTICLE.format(name, day))
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    for variable in ("FEEDSERVICE_CONFIG", "FEEDSERVICE_STORE_URL", "FEEDSERVICE_HOST", "PORT"):
        monkeypatch.delenv(variable, raising=False)

    def run_here(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    assert run_here("refresh", "-q")[0] == 0
    return run_here


@pytest.fixture
def articles(run: Run, tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path}/feeds.db", FakeClock())
    yield store
    store.close()


def test_command_withdraws_and_tells_which_feeds_it_rewrote(run: Run, articles: Store) -> None:
    gone = articles.articles("all", 10)[0]
    code, out, err = run("withdraw", gone.id)
    assert (code, out, err) == (0, "withdrawn: market\nrewritten: all, news, town\n", "")
    assert articles.stale() == {}
    document = articles.document("/feeds/news.json")
    assert document is not None
    items = json.loads(document.representations[0].body)["items"]
    assert [item["title"] for item in items] == ["school"]


def test_command_says_that_it_was_done_before(run: Run, articles: Store) -> None:
    gone = articles.articles("all", 10)[0]
    run("withdraw", gone.id)
    code, out, _ = run("withdraw", gone.url)
    assert code == 0
    assert out.startswith("withdrawn already, since ")
    assert "rewritten" not in out


def test_command_withdraws_while_a_worker_runs_and_leaves_the_feeds_to_it(run: Run, articles: Store) -> None:
    gone = articles.articles("all", 10)[0]
    with articles.acting():
        code, out, err = run("withdraw", gone.id)
    assert (code, out, err) == (0, "withdrawn: market\nthe worker rewrites: all, news, town\n", "")
    assert len(articles.articles("all", 10)) == 1
    assert set(articles.stale()) == {"all", "news", "town"}


def test_command_for_an_unknown_article_is_1_with_one_line_and_takes_back_the_others(run: Run, articles: Store) -> None:
    gone = articles.articles("all", 10)[0]
    code, out, err = run("withdraw", "https://www.example.org/none", gone.id)
    assert code == 1
    assert err.startswith("error: there is no article 'https://www.example.org/none'")
    assert err.count("\n") == 1
    assert out.startswith("withdrawn: market\n")


def test_command_answers_in_json(run: Run, articles: Store) -> None:
    gone = articles.articles("all", 10)[0]
    code, out, err = run("withdraw", "--json", gone.id, "none")
    said = json.loads(out)
    assert code == 1
    assert err.startswith("error: there is no article 'none'")
    assert [(row["asked"], row["id"], row["new"]) for row in said["articles"]] == [
        (gone.id, gone.id, True),
        ("none", None, False),
    ]
    assert (said["feeds"], said["rewritten"]) == (["all", "news", "town"], True)
