"""Feeds that are renamed or removed: 301 and 410, in the store for good, and back when they are configured again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from feedservice import assembly
from feedservice.config.settings import FeedSettings
from feedservice.formats.opml import MEDIA_TYPE as OPML_TYPE
from feedservice.formats.opml import render_opml
from feedservice.model import CategoryStep, Document, Feed, FeedKind, Letter, Site, SourceState
from feedservice.protocols import Store
from feedservice.publish import publish_list
from feedservice.web.moved import answer_moved
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.store_examples import NEWS, OTHER, START, arrival, documents_of, intake, publish, save
from tests.web_examples import SITE, Served, document

TYPES = ("rss", "atom", "json")


def published(store: Store, *names: str, kind: FeedKind = FeedKind.SOURCE) -> None:
    """These feeds, each with an article and a document in every format."""
    feeds = [Feed(name="all", kind=FeedKind.ALL, title="全部")]
    feeds += [Feed(name=name, kind=kind, title=f"题 {name}") for name in names]
    with store.writing() as writer:
        writer.define_feeds(feeds, "")
    for name in names:
        if kind is FeedKind.SOURCE:
            number = sum(map(ord, name))
            save(store, intake(arrival(number, key=name), source=name))
    for name in ("all", *names):
        publish(store, *_documents(name), feed=name)


def _documents(name: str) -> list[Document]:
    return [document(f"/feeds/{name}.{suffix}", f"<{name}/>".encode(), feed=name) for suffix in TYPES]


def retire(store: Store, gone: tuple[str, ...] = (), /, **moved: str) -> None:
    with store.writing() as writer:
        writer.retire(moved, gone)


def restore(store: Store, *names: str) -> None:
    with store.writing() as writer:
        writer.restore(names)


@pytest.fixture
def served(store: Store) -> Served:
    """A serving process on a store with the feeds old, new and other."""
    published(store, "old", "new", "other")
    made = Served(store)
    made.look()
    return made


# ------------------------------------------------------------------------------------------------ what is answered


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_moved_feed_is_answered_with_its_new_address_in_the_same_format(
    served: Served, suffix: str, method: str
) -> None:
    assert served.ask(f"/feeds/old.{suffix}").status == 200
    retire(served.store, old="new")
    served.look()
    answer = served.ask(f"/feeds/old.{suffix}", method)
    assert (answer.status, answer["Location"]) == (301, f"{SITE.base_url}/feeds/new.{suffix}")
    assert answer["Cache-Control"] == "max-age=86400"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert bool(answer.body) == (method == "GET")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_feed_that_is_gone_is_answered_so(served: Served, method: str) -> None:
    retire(served.store, ("old",))
    served.look()
    answer = served.ask("/feeds/old.atom", method)
    assert (answer.status, answer["Cache-Control"]) == (410, "no-store")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert len(answer.body) < 200
    assert served.ask("/feeds/new.atom").status == 200


def test_pages_of_the_past_go_with_their_feed(served: Served) -> None:
    retire(served.store, ("other",), old="new")
    served.look()
    moved, gone = served.ask("/feeds/old/archive/3.atom"), served.ask("/feeds/other/archive/3.atom")
    assert (moved.status, moved["Location"]) == (301, f"{SITE.base_url}/feeds/new/archive/3.atom")
    assert gone.status == 410


def test_query_goes_along(served: Served) -> None:
    retire(served.store, old="new")
    served.look()
    assert served.ask("/feeds/old.rss?limit=5&x=%E5%85%AC")["Location"] == (
        f"{SITE.base_url}/feeds/new.rss?limit=5&x=%E5%85%AC"
    )


def test_query_that_a_script_sends_as_it_is_goes_along_percent_encoded() -> None:
    """PEP 3333 hands its bytes over as Latin-1."""
    query = "title_include=公".encode().decode("latin-1")
    retired = {"old": "new"}
    answer = answer_moved(
        "/feeds/old.rss", query, "GET", retired=retired, is_served=lambda path: True, base_url=SITE.base_url
    )
    assert answer is not None
    assert dict(answer[1])["Location"] == f"{SITE.base_url}/feeds/new.rss?title_include=%E5%85%AC"


@pytest.mark.parametrize("path", ["/feeds/old.xyz", "/feeds/old", "/feeds/old/new.rss", "/feeds/old/archive/x.rss"])
def test_nobody_is_sent_to_an_address_that_never_was(served: Served, path: str) -> None:
    retire(served.store, old="new")
    served.look()
    assert served.ask(path).status == 404


def test_nobody_is_sent_to_a_feed_that_is_not_there(served: Served) -> None:
    """A 301 is kept by readers: it is given only once there is something to find."""
    retire(served.store, old="later")
    served.look()
    answer = served.ask("/feeds/old.rss")
    assert (answer.status, answer["Cache-Control"]) == (404, "no-store")
    published(served.store, "later")
    served.look()
    assert served.ask("/feeds/old.rss").status == 301


def test_other_methods_are_answered_as_for_every_feed(served: Served) -> None:
    retire(served.store, ("other",), old="new")
    served.look()
    for path in ("/feeds/old.rss", "/feeds/other.rss"):
        assert served.ask(path, "POST").status == 405
        assert served.ask(path, "OPTIONS").status == 204


def test_base_url_with_a_path_is_kept(store: Store) -> None:
    published(store, "old", "new")
    retire(store, old="new")
    served = Served(store, site=Site(title="x", base_url="https://www.example.org/feeds-of/town"))
    served.look()
    assert served.ask("/feeds/old.rss")["Location"] == "https://www.example.org/feeds-of/town/feeds/new.rss"


def test_front_page_and_list_leave_retired_feeds_out(served: Served, clock: FakeClock) -> None:
    retire(served.store, ("other",), old="new")
    publish_list(served.store, served.store.feeds(), "/opml.xml", OPML_TYPE, render_opml, site=SITE, clock=clock)
    served.look()
    for path in ("/", "/opml.xml"):
        body = served.ask(path).body.decode()
        assert "/feeds/new." in body
        assert "/feeds/old." not in body
        assert "/feeds/other." not in body


# ------------------------------------------------------------------------------------------------ what is remembered


def test_chains_of_moves_are_one_hop(store: Store) -> None:
    retire(store, a="b", b="c")
    assert store.retired() == {"a": "c", "b": "c"}
    retire(store, c="d")
    assert store.retired() == {"a": "d", "b": "d", "c": "d"}


def test_what_was_moved_to_a_feed_that_is_gone_later_is_gone(store: Store) -> None:
    retire(store, a="b")
    retire(store, ("b",))
    assert store.retired() == {"a": None, "b": None}


def test_a_move_back_brings_the_old_name_back(served: Served) -> None:
    retire(served.store, old="new")
    retire(served.store, new="old")
    assert served.store.retired() == {"new": "old"}
    assert "old" in served.store.stale()
    retire(served.store, old="other")
    assert served.store.retired() == {"new": "other", "old": "other"}
    retire(served.store, other="new")
    assert served.store.retired() == {"old": "new", "other": "new"}


def test_what_is_retired_outlives_its_declaration(store: Store) -> None:
    retire(store, ("lost",), old="new")
    retire(store)
    assert store.retired() == {"old": "new", "lost": None}


def test_retired_feeds_have_no_documents_and_are_never_stale(store: Store) -> None:
    published(store, "old", "new")
    retire(store, old="new")
    assert store.document("/feeds/old.rss") is None
    assert store.document("/feeds/new.rss") is not None
    save(store, intake(arrival(7), source="old"))
    with store.writing() as writer:
        writer.mark_stale(None)
    assert set(store.stale()) == {"all", "new"}


def test_categories_can_be_retired_too(store: Store) -> None:
    save(store, intake(arrival(1, categories=(OTHER,))))
    publish(store, document("/feeds/zixun.rss", feed="zixun"), feed="zixun")
    publish(store, document("/feeds/qita.rss", feed="qita"), feed="qita")
    retire(store, zixun="qita")
    served = Served(store)
    served.look()
    assert served.ask("/feeds/zixun.rss")["Location"] == f"{SITE.base_url}/feeds/qita.rss"
    save(store, intake(arrival(2, categories=(NEWS,))))
    assert "zixun" not in store.stale()


LATER = (CategoryStep(title="新名", slug="xinming"),)


def come(house: House, path: tuple[CategoryStep, ...], *numbers: int) -> None:
    """These articles come now, on a shelf."""
    for number in numbers:
        save(house.store, intake(arrival(number, categories=(path,)), source="town", at=house.clock()))


def shelf(house: House, path: tuple[CategoryStep, ...]) -> str:
    with house.store.writing() as writer:
        return writer.ensure_category(path)


def shown(house: House, feed: str) -> list[int]:
    """The numbers of the articles that a feed shows, the newest first."""
    return [int(title[1:-1]) for _, title, _ in house.items(feed)]


@pytest.fixture
def house(store: Store, clock: FakeClock) -> House:
    """A category whose feed has a page of an archive, all of which came just now, and one with nothing in it."""
    made = House(store, FakeWeb(), clock)
    made.settings = FeedSettings(items=2)
    clock.pass_(days=1)
    come(made, NEWS, *range(1, 14))
    made.rebuild()
    shelf(made, LATER)
    return made


def test_category_under_another_name_shows_what_its_readers_have_not_seen(house: House) -> None:
    """All of its past goes with it, and comes back with it; what its site still puts on the old shelf, too."""
    before = house.store.members("zixun", 0)
    assert shown(house, "zixun") == [13, 12, 11]
    retire(house.store, zixun="xinming")
    house.rebuild()
    assert shown(house, "xinming") == [13, 12, 11]
    assert house.store.members("xinming", 0) == before
    assert house.store.counts()["xinming"] == 13
    assert house.store.document("/feeds/xinming/archive/1.atom") is not None
    come(house, NEWS, 14)
    come(house, LATER, 15)
    house.rebuild()
    assert shown(house, "xinming") == [15, 14, 13, 12, 11]
    retire(house.store, xinming="zixun")
    house.rebuild()
    assert shown(house, "zixun") == [15, 14, 13, 12, 11]


def test_category_that_becomes_a_part_of_another_brings_what_came_within_a_week(house: House) -> None:
    house.clock.pass_(days=8)
    come(house, NEWS, 14, 15)
    inner = (*LATER, CategoryStep(title="内", slug="nei"))
    come(house, inner, 16)
    house.rebuild()
    retire(house.store, zixun="nei")
    house.rebuild()
    assert shown(house, "nei") == shown(house, "xinming") == [16, 15, 14]
    come(house, NEWS, 17)
    house.rebuild()
    assert shown(house, "nei") == shown(house, "xinming") == [17, 16, 15, 14]


def test_category_that_has_its_name_back_has_what_came_meanwhile(house: House) -> None:
    """Without a word that the other name moved: its readers were sent there, and are sent there no more."""
    retire(house.store, zixun="xinming")
    come(house, NEWS, 14)
    come(house, LATER, 15)
    house.rebuild()
    restore(house.store, "zixun")
    house.rebuild()
    assert shown(house, "zixun")[:3] == [15, 14, 13]
    assert [each.card.seq for each in house.store.members("zixun", 0)] == list(range(1, 16))
    assert len(house.store.members("xinming", 0)) == 15


@pytest.mark.parametrize("told", [True, False], ids=["the other moves back", "nothing is told"])
def test_category_that_was_a_part_of_another_has_what_came_on_its_shelf(house: House, told: bool) -> None:
    come(house, LATER, 14)
    retire(house.store, zixun="xinming")
    come(house, NEWS, 15)
    come(house, LATER, 16)
    house.rebuild()
    house.clock.pass_(days=9)
    if told:
        retire(house.store, xinming="zixun")
    else:
        restore(house.store, "zixun")
    house.rebuild()
    assert shown(house, "zixun")[:2] == [15, 13]
    assert [each.card.seq for each in house.store.members("zixun", 0)] == [*range(1, 14), 15]


def test_nothing_is_done_twice(store: Store) -> None:
    """A start with the same configuration wakes no serving process."""
    published(store, "old", "new")
    retire(store, ("lost",), old="new")
    before = store.version()
    retire(store, ("lost",), old="new")
    restore(store, "new")
    assert store.version() == before


def test_a_name_that_is_taken_again_is_served_again(served: Served) -> None:
    retire(served.store, ("other",), old="new")
    served.look()
    restore(served.store, "old", "other", "unknown")
    assert served.store.retired() == {}
    assert {"old", "other"} <= set(served.store.stale())
    served.look()
    assert served.ask("/feeds/old.rss").status == 404
    for name in ("old", "other"):
        publish(served.store, *_documents(name), feed=name)
    served.look()
    assert served.ask("/feeds/old.rss").body == b"<old/>"
    assert served.ask("/feeds/other.rss").status == 200


# ------------------------------------------------------------------------------------------------ renamed sources


def rename(store: Store, **renamed: str) -> frozenset[str]:
    with store.writing() as writer:
        return writer.rename_sources(renamed)


def test_renamed_source_goes_on_where_it_was(store: Store) -> None:
    """Its articles are known, are its own to edit, and stand in its feed in their old order."""
    published(store, "old")
    save(store, intake(arrival(1), arrival(2), source="old"))
    with store.writing() as writer:
        writer.define_feeds([Feed(name="new", kind=FeedKind.SOURCE, title="new")], "")
        writer.put_state(SourceState(name="new"))  # as a start gives each source that it has not heard of
    before, was = store.members("old", 0, limit=9), store.state("old")
    assert rename(store, old="new") == {"old"}
    after = store.members("new", 0, limit=9)
    assert [(each.joined, each.card.id) for each in after] == [(each.joined, each.card.id) for each in before]
    assert {each.card.source for each in after} == {"new"}
    assert store.members("old", 0, limit=9) == ()
    assert {known.source for known in store.known("new", ["key-1", "key-2"]).values()} == {"new"}
    assert sorted(article.key for article in store.every("new")) == ["key-1", "key-2", "old"]
    assert store.state("new") == replace(was, name="new")
    assert [state.name for state in store.states()] == ["new"]
    assert (store.counts()["old"], store.counts()["new"]) == (0, 3)
    assert {feed.name: feed.title for feed in store.feeds()}["new"] == "题 old"
    assert {"all", "new"} <= set(store.stale())


def test_source_with_a_past_of_its_own_takes_over_what_both_have_offered(store: Store) -> None:
    published(store, "old", "new")
    save(store, intake(arrival(1), arrival(2), source="old"))
    save(store, intake(arrival(1, key="mine"), source="new"))
    assert rename(store, old="new") == frozenset()
    assert sorted(article.key for article in store.every("new")) == ["mine", "new"]
    assert sorted(article.key for article in store.every("old")) == ["key-2", "old"]
    assert store.known("new", ["mine"])["mine"].source == "new"


def test_letters_that_wait_go_with_the_name(store: Store) -> None:
    """To a source with a past of its own too; but no edit of what stays behind: there it would be another article."""
    published(store, "old", "new")
    save(store, intake(arrival(1), source="old"))
    texts = {"another": "a", "old": "b", "key-1": "c", "new": "d"}
    with store.writing() as writer:
        writer.post([Letter(source="old", key=key, text=text, at=START) for key, text in texts.items()])
    rename(store, old="new")
    assert [letter.key for letter in store.letters("new", 9)] == ["another", "new"]
    assert "new" in store.due(START, 9)


def test_nothing_is_renamed_that_was_never_heard_of_or_twice(store: Store) -> None:
    published(store, "old", "new")
    rename(store, old="new")
    publish(store, *_documents("all"), feed="all")
    before = dict(store.stale())
    rename(store, old="new", unknown="new")
    assert dict(store.stale()) == before


# ------------------------------------------------------------------------------------------------ from the config


def test_config_renames_a_source_and_takes_it_back(tmp_path: Path) -> None:
    """Four starts: as town, as village, without a word of town, and as town again; and three by way of hamlet.

    No article comes twice, and no feed is left behind empty."""
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "1.md").write_text("# 第一条\n\n正文。\n", encoding="utf-8")

    ids: set[str] = set()

    def start(name: str, feeds: str = "{}") -> tuple[dict[str, str | None], set[str]]:
        text = f"sources:\n  {name}:\n    kind: folder\n    path: town\nfeeds: {feeds}\n"
        (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
        config = assembly.load_config(str(tmp_path / "config.yaml"), {})
        assembly.refresh(config, [], lambda done, of, name: None)
        store = assembly.open_store(config)
        names = {document.feed for document in documents_of(store) if document.feed}
        retired = dict(store.retired())
        ids.update(member.card.id for member in store.members("all", 0, limit=9))
        assert [article.source for article in store.every(name)] == [name]
        store.close()
        return retired, names

    assert start("town") == ({}, {"all", "town"})
    assert start("village", "{moved: {town: village}}") == ({"town": "village"}, {"all", "village"})
    assert start("village") == ({"town": "village"}, {"all", "village"})
    assert start("town", "{gone: [village]}") == ({"village": None}, {"all", "town"})
    assert start("hamlet", "{moved: {town: hamlet}}") == ({"town": "hamlet", "village": None}, {"all", "hamlet"})
    assert start("town") == ({"hamlet": "town", "village": None}, {"all", "town"})
    assert start("town") == ({"hamlet": "town", "village": None}, {"all", "town"})
    assert len(ids) == 1


def test_name_of_a_renamed_source_is_free_for_another_one(tmp_path: Path) -> None:
    """A folder of notices for each year, the newest always under the same name; their files are numbered from 1."""
    years = ("2024", "2025", "2026")
    for year in years:
        (tmp_path / year).mkdir()
        (tmp_path / year / "1.md").write_text(f"# {year}年第一号通知\n\n正文。\n", encoding="utf-8")

    def start(now: str, feeds: str, *before: str) -> dict[str, tuple[str, str]]:
        named = {"notices": now, **{f"notices-{year}": year for year in before}}
        rows = [f"  {name}: {{kind: folder, path: '{path}'}}\n" for name, path in named.items() if path]
        (tmp_path / "config.yaml").write_text(f"sources:\n{''.join(rows)}feeds: {feeds}\n", encoding="utf-8")
        config = assembly.load_config(str(tmp_path / "config.yaml"), {})
        assembly.refresh(config, [], lambda done, of, name: None)
        with closing(assembly.open_store(config)) as store:
            for name in named:
                assert [article.fields.title[:4] for article in store.articles(name, 9)] == (
                    [named[name]] if named[name] else []
                )
            return {article.fields.title[:4]: (article.id, article.url) for article in store.articles("all", 9)}

    told = [start("2024", "{}"), start("", "{moved: {notices: notices-2024}}", "2024"), start("2025", "{}", "2024")]
    told += [start("", "{moved: {notices: notices-2025}}", "2024", "2025"), start("2026", "{}", *years[:2])]
    told += [start("2026", "{}", *years[:2])]
    assert [len(each) for each in told] == [1, 1, 2, 2, 3, 3]
    assert all(before.items() <= after.items() for before, after in pairwise(told))
    assert all(len(set(names)) == len(years) for names in zip(*told[-1].values(), strict=True))
