"""Nothing is lost, nothing comes twice: what readers of feeds get when sources and operators do odd things."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedservice.config.selections import SelectionSettings, WordSettings
from feedservice.config.settings import FeedSettings
from feedservice.errors import FetchError
from feedservice.model import ArchivePage, Feed, FeedKind, Fields
from feedservice.protocols import Store
from feedservice.refreshing.admitting import admit, feeds_of, rules_of
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.store_examples import NEWS, OTHER, START, arrival, edit, intake, publish, save

SHOW = "https://pod.example/show"


def rss(*items: tuple[str, str, str, int]) -> str:
    """A feed of (title, guid, link, hour)."""
    written = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{guid}</guid><link>{link}</link>"
        f"<pubDate>Sat, 01 Nov 2025 {hour // 60:02}:{hour % 60:02}:00 GMT</pubDate>"
        f"<description>{f'words of {title} are enough ' * 9}</description></item>"
        for title, guid, link, hour in items
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>P</title><link>{SHOW}</link>"
        f"<description>d</description>{written}</channel></rss>"
    )


def titles(store: Store, feed: str = "all") -> list[str]:
    return [article.fields.title for article in store.articles(feed, 99)]


def test_articles_that_share_a_link_are_all_told_and_stay_apart(store: Store, clock: FakeClock) -> None:
    """Podcasts and change logs link to one page from all their items; what tells these apart is their guid."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    web.put("https://pod.example/f", rss(("One", "e1", SHOW, 1)))
    house.refresh("pod")
    before = store.articles("all", 9)
    for number in (3, 4):
        words = ("One", "Two", "Three", "Four")
        web.put("https://pod.example/f", rss(*((words[n], f"e{n + 1}", SHOW, n + 1) for n in reversed(range(number)))))
        clock.pass_(hours=7)
        report = house.refresh("pod")
        assert report.edited == 0
        assert sorted(titles(store)) == sorted(words[:number])
    assert store.articles("all", 9)[-1] == before[0]
    assert len({article.id for article in store.articles("all", 9)}) == 4


def told_by_link(*items: tuple[str, str]) -> str:
    """A feed without guids of (title, link)."""
    written = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>{f'words of {title} are enough ' * 9}"
        "</description></item>"
        for title, link in items
    )
    return (
        f"<rss version='2.0'><channel><title>P</title><link>{SHOW}</link>"
        f"<description>d</description>{written}</channel></rss>"
    )


def test_articles_without_ids_that_share_a_link_all_come_and_none_twice(store: Store, clock: FakeClock) -> None:
    """Whatever else the feed holds at the moment: an article that came alone stays the one that it is."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    story = (
        (["One"], ["One"]),
        (["Two", "One"], ["One", "Two"]),
        (["Four", "Three", "Two"], ["Four", "One", "Three", "Two"]),
        (["Four", "One"], ["Four", "One", "Three", "Two"]),
        (["Five", "Four"], ["Five", "Four", "One", "Three", "Two"]),
        (["Four"], ["Five", "Four", "One", "Three", "Two"]),
    )
    ids: dict[str, str] = {}
    for shown, stored in story:
        web.put("https://pod.example/f", told_by_link(("Other", f"{SHOW}/1"), *((title, SHOW) for title in shown)))
        report = house.refresh("pod")
        clock.pass_(hours=7)
        assert report.edited == 0
        assert sorted(titles(store)) == sorted([*stored, "Other"])
        told = {article.fields.title: article.id for article in store.articles("all", 99)}
        assert told.items() >= ids.items()
        ids = told
    assert len(set(ids.values())) == len(ids)
    assert (ids["One"], ids["Other"]) == (SHOW, f"{SHOW}/1")


@pytest.mark.parametrize("guid", ["g", SHOW])
def test_articles_that_share_one_id_and_link_all_come_and_none_twice(store: Store, clock: FakeClock, guid: str) -> None:
    """Announcements on one page, whose program gives all of them one guid: it tells no more than the link."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    ids: dict[str, str] = {}
    for shown in (["One"], ["Two", "One"], ["Four", "Three", "Two", "One"], ["Three"], ["Five", "Four", "Three"]):
        web.put("https://pod.example/f", rss(*((title, guid, SHOW, 1) for title in shown)))
        assert house.refresh("pod").edited == 0
        clock.pass_(hours=7)
        told = {article.fields.title: article.id for article in store.articles("all", 99)}
        assert told.items() >= ids.items()
        assert told.keys() == {*ids, *shown}
        ids = told
    assert len(set(ids.values())) == len(titles(store)) == 5


def announcing(*feeds: str) -> str:
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{feed}'>" for feed in feeds)
    return f"<!DOCTYPE html><html><head><title>P</title>{links}</head><body><h1>P</h1></body></html>"


OURS, ALL = "https://pod.example/f", "https://pod.example/all"


@pytest.mark.parametrize(
    ("before", "meanwhile", "said"),
    [
        ({OURS: rss(("One", "e1", SHOW, 1))}, {OURS: announcing(ALL)}, "a web page, where the feed was before"),
        (
            {OURS: announcing("/column", ALL), "https://pod.example/column": rss(("One", "e1", SHOW, 1))},
            {"https://pod.example/column": FetchError("500", status=500)},
            "500",
        ),
        (
            {OURS: announcing("/column"), "https://pod.example/column": rss(("One", "e1", SHOW, 1))},
            {OURS: announcing(ALL)},
            "does not announce the feed that was read before",
        ),
    ],
    ids=["the feed is a page now", "the announced feed fails", "another feed is announced"],
)
def test_feed_that_is_away_is_not_taken_for_another_one(
    store: Store, clock: FakeClock, before: dict[str, str], meanwhile: dict[str, str | Exception], said: str
) -> None:
    """Sites lead to their front page from what they removed, and that announces the feed of all that they have."""
    old = rss(*((f"Old {n}", f"o{n}", f"{SHOW}/{n}", n) for n in range(5)))
    web = FakeWeb({**before, ALL: old})
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": OURS, "full_text": "feed"})
    assert house.refresh("pod").new == 1
    for address, answer in meanwhile.items():
        web.put(address, answer)
    for _ in range(3):
        clock.pass_(hours=7)
        report = house.refresh("pod")
        assert (report.failed, report.new) == (True, 0)
        assert said in report.reason
    clock.pass_(days=30)
    assert (house.refresh("pod").failed, titles(store)) == (False, ["One"])
    clock.pass_(hours=7)
    web.put(ALL, old.replace("<item>", "<item><title>New</title><guid>n</guid></item><item>", 1))
    assert house.refresh("pod").new == 1


def test_feed_that_is_back_is_read_on(store: Store, clock: FakeClock) -> None:
    web = FakeWeb({OURS: rss(("One", "e1", SHOW, 1)), ALL: rss(("Old", "o", f"{SHOW}/o", 1))})
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": OURS, "full_text": "feed"})
    house.refresh("pod")
    web.put(OURS, announcing(ALL))
    clock.pass_(hours=7)
    assert house.refresh("pod").failed
    web.put(OURS, rss(("Two", "e2", f"{SHOW}/2", 2), ("One", "e1", SHOW, 1)))
    clock.pass_(hours=7)
    assert house.refresh("pod").new == 1
    assert sorted(titles(store)) == ["One", "Two"]


def test_article_without_an_id_is_edited_in_company_and_alone(store: Store, clock: FakeClock) -> None:
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    web.put("https://pod.example/f", told_by_link(("One", SHOW), ("Other", f"{SHOW}/1")))
    house.refresh("pod")
    clock.pass_(hours=7)
    web.put("https://pod.example/f", told_by_link(("One, corrected", SHOW), ("Other", f"{SHOW}/1")))
    assert house.refresh("pod").edited == 1
    clock.pass_(hours=7)
    company = told_by_link(("One, corrected", SHOW), ("Two", SHOW), ("Other", f"{SHOW}/1"))
    web.put("https://pod.example/f", company.replace("words of Two", "others of Two"))
    assert house.refresh("pod").new == 1
    clock.pass_(hours=7)
    web.put("https://pod.example/f", company)
    assert (house.refresh("pod").edited, len(titles(store))) == (1, 3)


def test_atom_id_that_was_stored_as_an_address_is_recognised_wherever_the_feed_is_now(
    store: Store, clock: FakeClock
) -> None:
    """Older releases made an address of an id that is a mere name."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("blog", "feed", {"url": "https://blog.example/f", "full_text": "feed"})
    before = "http://blog.example/12"
    save(store, intake(arrival(1, key=before, id=before, fields=Fields(title="One", body="<p>x</p>")), source="blog"))
    entries = "".join(
        f"<entry><id>{number}</id><title>{title}</title><link href='/{title}.html'/>"
        f"<content type='html'>{f'words of {title} are enough ' * 9}</content></entry>"
        for number, title in ((13, "Two"), (12, "One"))
    )
    web.put("https://blog.example/f", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>B</title>{entries}</feed>")
    assert house.refresh("blog").new == 1
    told = {article.fields.title: article.id for article in store.articles("blog", 9)}
    assert told == {"One": before, "Two": "https://blog.example/Two.html"}
    clock.pass_(hours=7)
    assert house.refresh("blog").new == 0


def test_article_under_another_guid_is_the_same_as_long_as_the_link_is(store: Store, clock: FakeClock) -> None:
    """Of a site that began to count its guids anew, nobody gets everything twice."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    for guid in ("old", "new"):
        web.put(
            "https://pod.example/f", rss(*((title, f"{guid}{title}", f"{SHOW}/{title}", 1) for title in ("One", "Two")))
        )
        house.refresh("pod")
        clock.pass_(hours=7)
    assert sorted(titles(store)) == ["One", "Two"]


def test_burst_whose_newest_article_comes_last_in_the_list_is_told_whole(store: Store, clock: FakeClock) -> None:
    """Where arrivals are the dates, those of a burst that are held back for seconds come when these have passed."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.settings = FeedSettings(items=10, dates="arrival")
    house.add("one", "feed", {"url": "https://a.example/f", "full_text": "feed"})
    web.put("https://a.example/f", rss(("first", "first", f"{SHOW}/first", 0)))
    house.refresh("one")
    house.rebuild()
    clock.pass_(seconds=30)
    web.put(
        "https://a.example/f", rss(("second", "second", f"{SHOW}/second", 1), ("first", "first", f"{SHOW}/first", 0))
    )
    house.refresh("one")
    house.rebuild()
    clock.pass_(seconds=40)
    order = [*range(198, 139, -1), 199]
    house.add("two", "feed", {"url": "https://b.example/f", "full_text": "feed"})
    web.put("https://b.example/f", rss(*((f"T{n}", f"T{n}", f"{SHOW}/T{n}", n) for n in order)))
    assert house.refresh("two").new == 60
    seen: set[str] = set()
    for _ in range(90):
        house.rebuild()
        seen |= {item["title"] for item in house.json_feed()["items"]}
        clock.pass_(seconds=1)
    last = store.last_archive("all")
    for number in range(1, (last.number if last else 0) + 1):
        page = store.document(f"/feeds/all/archive/{number}.json")
        assert page is not None
        seen |= {
            title
            for title in ("first", "second", *map("T{}".format, order))
            if f'"{title}"'.encode() in page.identity()
        }
    assert seen == {"first", "second", *map("T{}".format, order)}
    assert not store.stale()


def test_merged_article_that_is_offered_once_more_does_not_come_beside_the_first(store: Store) -> None:
    save(store, intake(arrival(1)))
    (first,) = store.articles("all", 9)
    copy = replace(arrival(2), duplicate_of=first.seq)
    save(store, replace(intake(copy), source="second", state=replace(intake().state, name="second")))
    third = replace(arrival(2), key="another", categories=(OTHER,))
    save(store, replace(intake(third), source="third", state=replace(intake().state, name="third")))
    assert [article.seq for article in store.articles("all", 9)] == [first.seq]
    assert [article.seq for article in store.articles("third", 9)] == [2]
    assert [article.seq for article in store.articles("qita", 9)] == [first.seq]


def test_page_whose_article_gets_another_category_is_out_of_date(store: Store) -> None:
    save(store, intake(*map(arrival, range(3))))
    publish(store, feed="all")
    joined = [member.joined for member in store.latest("all", 3)]
    with store.writing() as writer:
        writer.put_archive("all", ArchivePage(number=1, after=0, upto=joined[1]), (), 99)
    again = replace(arrival(0), categories=(NEWS,))
    save(store, replace(intake(again), source="second", state=replace(intake().state, name="second")))
    assert [page.number for page in store.stale_archives("all", 9)] == [1]


def test_selection_that_is_put_back_takes_what_came_meanwhile(store: Store) -> None:
    selections = {"picked": SelectionSettings(include=WordSettings(title=("条",)))}

    def start(configured: dict[str, SelectionSettings]) -> None:
        with store.writing() as writer:
            writer.define_feeds(feeds_of(configured), "x")
        admit(store, rules_of(configured, "zh"))

    def told(number: int) -> Fields:
        return replace(arrival(number).fields, title=f"第{number}条")

    save(store, intake(arrival(1, fields=told(1))))
    start(selections)
    start({})
    save(store, intake(arrival(2, fields=told(2))))
    start(selections)
    assert store.counts()["picked"] == 2


def test_only_what_was_revised_comes_to_the_top_again(store: Store) -> None:
    """An edit that says what is stored is no revision: an update of the program may bring one of every article."""
    save(store, intake(*map(arrival, range(3))))
    order = [member.card.seq for member in store.latest("all", 3)]
    (old, *_) = sorted(store.articles("all", 3), key=lambda article: article.seq)
    later = START + timedelta(days=1)
    with store.writing() as writer:
        writer.save(intake(at=later, edits=[edit(old.seq, fields=old.fields, updated=later)]))
        writer.resurface([old.seq], lambda feed: True, later)
    assert [member.card.seq for member in store.latest("all", 3)] == order


def test_source_that_calls_itself_by_its_own_name_changes_nothing(store: Store) -> None:
    with store.writing() as writer:
        writer.define_feeds([Feed(name="36kr", kind=FeedKind.SOURCE, title="36kr")], "x")
    for feed, mark in store.stale().items():
        publish(store, feed=feed, as_of=mark)
    with store.writing() as writer:
        writer.name_feed("36kr", "36kr")
    assert store.stale() == {}


def test_articles_that_come_one_at_a_time_under_one_link_stay_apart(store: Store, clock: FakeClock) -> None:
    """A status page tells of the newest incident only, always at its own address: none is taken for the one before."""
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("status", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    for number, word in enumerate(("One", "Two", "Three"), 1):
        web.put(
            "https://pod.example/f", rss((word, f"urn:uuid:0000000{number}-0000-4000-8000-000000000000", SHOW, number))
        )
        assert house.refresh("status").new == 1
        clock.pass_(hours=7)
    assert titles(store) == ["Three", "Two", "One"]
    assert len({article.id for article in store.articles("all", 9)}) == 3


def test_headline_that_is_edited_under_its_guid_is_an_edit(store: Store, clock: FakeClock) -> None:
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    for word in ("One", "Two"):
        web.put("https://pod.example/f", rss((word, "e1", SHOW, 1)))
        house.refresh("pod")
        clock.pass_(hours=7)
    assert titles(store) == ["Two"]


def test_entry_whose_guid_is_the_link_of_another_stays_apart_from_it(store: Store, clock: FakeClock) -> None:
    web = FakeWeb()
    house = House(store, web, clock)
    house.add("pod", "feed", {"url": "https://pod.example/f", "full_text": "feed"})
    web.put("https://pod.example/f", rss(("Two", "e2", SHOW, 2), ("One", SHOW, SHOW, 1)))
    assert house.refresh("pod").new == 2
    assert store.article(SHOW).fields.title == "One"  # type: ignore[union-attr]


def test_article_that_another_source_brought_first_is_in_the_feeds_of_all_that_offer_it(
    store: Store, clock: FakeClock
) -> None:
    """Also of a source whose keys are addresses, by which the article is known already."""
    web = FakeWeb()
    house = House(store, web, clock)
    for name in ("first", "second"):
        web.put(f"https://{name}.example/f", rss(("One", f"{SHOW}/1", f"{SHOW}/1", 1)))
        house.add(name, "feed", {"url": f"https://{name}.example/f", "full_text": "feed"}, shelf=(f"shelf {name}",))
    house.select(of_second={"sources": ["second"]})
    assert house.refresh("first").new == 1
    clock.pass_(hours=7)
    assert house.refresh("second").new == 0
    told = store.articles("first", 9)
    for feed in ("second", "of_second"):
        assert [article.id for article in store.articles(feed, 9)] == [told[0].id]
    assert told[0].categories == ("shelf-first", "shelf-second")
    assert store.counts()["all"] == 1
    marks = store.stale()
    clock.pass_(hours=7)
    house.refresh("second")
    assert store.stale() == marks
