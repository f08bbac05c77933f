"""Feeds: defined by the configuration or minted by categories, counted, and marked when they are out of date."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedservice.errors import StoreError
from feedservice.model import CategoryStep, Feed, FeedKind, Fields
from feedservice.protocols import Store
from tests.store_examples import NEWS, OTHER, START, arrival, document, edit, intake, publish, save

ALL = Feed(name="all", kind=FeedKind.ALL, title="全部")
SITE = Feed(name="site", kind=FeedKind.SOURCE, title="本站", description="d", home_url="https://news.example.org/")
PICKED = Feed(name="picked", kind=FeedKind.SELECTION, title="精选")


def define(store: Store, *feeds: Feed, fingerprint: str = "1") -> None:
    with store.writing() as writer:
        writer.define_feeds(feeds, fingerprint)


def mint(store: Store, *steps: tuple[str, str]) -> str:
    with store.writing() as writer:
        return writer.ensure_category(tuple(CategoryStep(title=title, slug=slug) for title, slug in steps))


def freshen(store: Store) -> None:
    """Publish every feed, with no document at all."""
    for feed, mark in store.stale().items():
        publish(store, feed=feed, as_of=mark)


def test_defined_feeds_are_there_and_stale(store: Store) -> None:
    define(store, PICKED, SITE, ALL)
    assert store.feeds() == (ALL, SITE, PICKED)
    assert set(store.stale()) == {"all", "site", "picked"}
    assert store.counts() == {"all": 0, "picked": 0, "site": 0}


def test_feeds_come_in_one_order_parents_before_children(store: Store) -> None:
    """`all`, sources, categories as a tree, selections; by name within each, whatever the order of definition."""
    define(store, PICKED, SITE, Feed(name="a-site", kind=FeedKind.SOURCE, title="甲"), ALL)
    mint(store, ("子", "zz"), ("丑", "aa"))
    mint(store, ("寅", "mm"), ("卯", "bb"))
    mint(store, ("子", "zz"), ("辰", "cc"))
    names = [feed.name for feed in store.feeds()]
    assert names == ["all", "a-site", "site", "mm", "bb", "zz", "aa", "cc", "picked"]
    assert [feed.parent for feed in store.feeds()][3:8] == [None, "mm", None, "zz", "zz"]


def test_defining_the_same_again_makes_nothing_stale(store: Store) -> None:
    define(store, ALL, SITE)
    freshen(store)
    define(store, ALL, SITE)
    assert store.stale() == {}


def test_changed_feed_becomes_stale(store: Store) -> None:
    define(store, ALL, PICKED)
    freshen(store)
    changed = Feed(name="picked", kind=FeedKind.SELECTION, title="精选之二")
    define(store, ALL, changed)
    assert set(store.stale()) == {"picked"}
    assert store.feeds() == (ALL, changed)


def test_renamed_source_makes_every_feed_stale(store: Store) -> None:
    """Its name stands in each feed that shows its articles."""
    define(store, ALL, SITE)
    save(store, intake(arrival(1, categories=(OTHER,))))
    freshen(store)
    define(store, ALL, Feed(name="site", kind=FeedKind.SOURCE, title="新名"))
    assert set(store.stale()) == {"all", "site", "zixun", "qita"}


def test_new_fingerprint_makes_every_feed_stale(store: Store) -> None:
    define(store, ALL, SITE)
    mint(store, ("资讯", "zixun"))
    freshen(store)
    define(store, ALL, SITE, fingerprint="2")
    assert set(store.stale()) == {"all", "site", "zixun"}
    freshen(store)
    define(store, ALL, SITE, fingerprint="2")
    assert store.stale() == {}


def test_feed_that_is_configured_no_more_stays(store: Store) -> None:
    define(store, ALL, SITE)
    save(store, intake(arrival(1)))
    define(store, ALL)
    assert SITE in store.feeds()
    assert len(store.articles("site", 10)) == 1


def test_address_of_a_category_is_never_given_to_another_feed(store: Store) -> None:
    mint(store, ("本站", "site"))
    with pytest.raises(StoreError, match="'site' belongs to a category already"):
        define(store, ALL, SITE)
    with pytest.raises(StoreError, match="'site' belongs to a category already"):
        save(store, intake(arrival(1), source="site"))
    assert [feed.kind for feed in store.feeds()] == [FeedKind.CATEGORY]


def test_articles_are_counted_in_every_feed_that_holds_them(store: Store) -> None:
    define(store, ALL, SITE)
    save(store, intake(arrival(1, categories=(OTHER,)), arrival(2, categories=(NEWS, OTHER)), arrival(3)))
    assert store.counts() == {"all": 3, "site": 3, "zixun": 2, "qita": 2}


def test_category_is_the_path_of_its_titles(store: Store) -> None:
    """The slug was minted once: another proposal for the same path changes nothing."""
    assert mint(store, ("资讯动态", "zixun"), ("其他信息", "qita")) == "qita"
    assert mint(store, ("资讯动态", "news"), ("其他信息", "other")) == "qita"
    assert mint(store, ("资讯动态", "zixun")) == "zixun"
    assert store.category_titles() == {"qita": "其他信息", "zixun": "资讯动态"}


def test_same_title_elsewhere_in_the_tree_is_another_category(store: Store) -> None:
    """A slug that is taken gets its parent's before it, and then a number."""
    assert mint(store, ("其他", "qita")) == "qita"
    assert mint(store, ("资讯", "zixun"), ("其他", "qita")) == "zixun-qita"
    assert mint(store, ("资讯", "zixun"), ("其它", "qita")) == "zixun-qita-2"
    assert mint(store, ("资讯", "zixun"), ("別の", "qita")) == "zixun-qita-3"
    assert mint(store, ("另", "qita")) == "qita-2"


def test_category_never_takes_the_name_of_another_feed(store: Store) -> None:
    define(store, SITE)
    assert mint(store, ("全部", "all")) == "all-2"
    assert mint(store, ("站", "site")) == "site-2"


def test_category_never_takes_a_name_that_leads_elsewhere(store: Store) -> None:
    with store.writing() as writer:
        writer.retire({"zixun": "all"}, ("qita",))
        assert writer.ensure_category(OTHER) == "zixun-2-qita"
    assert {"zixun-2", "zixun-2-qita"} <= store.stale().keys()


def test_slugs_stay_short_enough_for_a_file_name(store: Store) -> None:
    long = "x" * 200
    slugs = [mint(store, ("上", "y" * 60), (title, long)) for title in "甲乙丙"]
    assert len(set(slugs)) == 3
    assert all(len(slug) <= 80 for slug in slugs)


def test_category_without_a_usable_slug_gets_one(store: Store) -> None:
    assert [mint(store, (title, "")) for title in "甲乙"] == ["category", "category-2"]


def test_new_category_is_stale_with_its_new_ancestors(store: Store) -> None:
    mint(store, ("资讯", "zixun"))
    freshen(store)
    mint(store, ("资讯", "zixun"), ("其他", "qita"), ("更多", "gengduo"))
    assert set(store.stale()) == {"qita", "gengduo"}


def test_empty_path_is_no_category(store: Store) -> None:
    with pytest.raises(ValueError, match="at least one step"), store.writing() as writer:
        writer.ensure_category(())
    assert len(save(store, intake(arrival(1, categories=((),))))) == 1


def test_new_article_makes_its_feeds_stale_and_no_other(store: Store) -> None:
    define(store, ALL, SITE, PICKED)
    mint(store, ("别处", "biechu"))
    freshen(store)
    save(store, intake(arrival(1, categories=(OTHER,))))
    assert set(store.stale()) == {"all", "site", "zixun", "qita"}


def test_edit_makes_all_feeds_of_its_article_stale(store: Store) -> None:
    save(store, intake(arrival(1, categories=(OTHER,)), arrival(2, categories=((CategoryStep(title="b", slug="b"),),))))
    save(store, intake(arrival(3, id="https://news.example.org/1.html"), source="mirror"))
    freshen(store)
    save(store, intake(edits=[edit(1, fields=Fields(title="改"))]))
    assert set(store.stale()) == {"all", "site", "mirror", "zixun", "qita"}


def test_second_category_makes_all_feeds_of_its_article_stale(store: Store) -> None:
    """The article names its categories wherever it is shown."""
    save(store, intake(arrival(1)))
    freshen(store)
    save(store, intake(arrival(9, id="https://news.example.org/1.html", categories=(NEWS,)), source="mirror"))
    assert set(store.stale()) == {"all", "site", "mirror", "zixun"}


def test_refresh_that_found_nothing_makes_nothing_stale(store: Store) -> None:
    save(store, intake(arrival(1), arrival(2)))
    freshen(store)
    save(store, intake(at=START + timedelta(hours=1), checked=(1, 2)))
    save(store, intake(arrival(1)))
    assert store.stale() == {}
    assert store.state("site").last_run == START


def test_feed_marked_while_it_was_built_stays_stale(store: Store) -> None:
    """What came after the builder looked is not lost, whichever is committed first."""
    save(store, intake(arrival(1)))
    mark = store.stale()["all"]
    save(store, intake(arrival(2)))
    publish(store, document("/feeds/all.rss", b"one"), as_of=mark)
    assert store.stale()["all"] > mark
    publish(store, document("/feeds/all.rss", b"two"))
    assert "all" not in store.stale()


def test_marks_only_grow(store: Store) -> None:
    """Also after every feed was fresh, so that an old mark never stands for new changes."""
    marks = []
    for number in range(4):
        save(store, intake(arrival(number)))
        marks.append(store.stale()["all"])
        freshen(store)
    assert marks == sorted(set(marks))


def test_feeds_are_marked_by_hand(store: Store) -> None:
    define(store, ALL, SITE)
    freshen(store)
    with store.writing() as writer:
        writer.mark_stale(["site", "nothing"])
    assert set(store.stale()) == {"site"}
    with store.writing() as writer:
        writer.mark_stale()
    assert set(store.stale()) == {"all", "site"}


def test_articles_may_come_before_their_feeds_are_defined(store: Store) -> None:
    save(store, intake(arrival(1)))
    define(store, ALL, SITE)
    assert store.feeds() == (ALL, SITE)
    assert store.counts() == {"all": 1, "site": 1}
