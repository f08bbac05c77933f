"""A site that moves to another domain, or writes all its addresses otherwise, brings nothing twice."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from feedservice.errors import FetchError
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.test_spellings import HOST, KINDS, Scene, clock, house_of, title

__all__ = ["clock"]
ELSEWHERE = "https://archive.example.net/old"


def items(house: House) -> list[tuple[str, str, str]]:
    house.rebuild()
    return house.items()


@pytest.mark.parametrize(("kind", "base"), [*((kind, f"{HOST}/archive") for kind in KINDS), ("feed", ELSEWHERE)])
def test_a_site_that_moved_is_no_news(store: Store, clock: FakeClock, kind: str, base: str) -> None:
    scene = Scene(kind)
    house = house_of(store, clock, scene)
    before = items(house)
    moved = replace(scene, base=base)
    for scene in (moved, moved, replace(moved, count=9)):
        scene.publish(house.web)
        assert house.refresh("news").new == scene.count - 8
        clock.pass_(hours=7)
    now = items(house)
    assert [item[1] for item in now] == [title(number) for number in range(9, 0, -1)]
    assert now[1:] == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_first_read_left_out_is_no_news_when_its_site_moves(store: Store, clock: FakeClock, kind: str) -> None:
    """Most of what comes under new addresses is older than all that is stored: nobody was told of it, nor is now."""
    scene, web = Scene(kind), FakeWeb()
    scene.publish(web)
    house = House(store, web, clock)
    house.add("news", kind.split()[0], {"url": scene.source}, limit=3)
    assert house.refresh("news").new == 3
    before = items(house)
    moved = replace(scene, base=f"{HOST}/archive")
    for scene in (moved, moved, replace(moved, count=9), replace(moved, count=10)):
        scene.publish(house.web)
        clock.pass_(hours=7)
        assert house.refresh("news").new == scene.count - 5 - len(before)
        now = items(house)
        assert now[-3:] == before[-3:]
        before = now
    assert [item[1] for item in before] == [title(number) for number in range(10, 5, -1)]


def test_what_a_moved_site_shows_of_its_past_in_further_reads_is_no_news(store: Store, clock: FakeClock) -> None:
    """As a sitemap of more than one read takes does: what comes later is older than all that is stored."""
    scene, web = Scene("sitemap"), FakeWeb()
    scene.publish(web)
    house = House(store, web, clock)
    house.add("news", "sitemap", {"url": scene.source}, limit=4)
    house.refresh("news")
    before = items(house)
    moved = replace(scene, base=f"{HOST}/archive")
    moved.publish(house.web)
    whole = moved.told()
    house.web.put(scene.source, re.sub(r"<url><loc>[^<]*/news/[1-4]<.*?</url>", "", whole), "application/xml")
    for _ in range(3):
        clock.pass_(hours=7)
        assert house.refresh("news").new == 0
        house.web.put(scene.source, whole, "application/xml")
    assert items(house) == before


def test_a_site_that_moves_after_its_zone_was_set_right_is_no_news(store: Store, clock: FakeClock) -> None:
    scene = Scene("listing")
    house = house_of(store, clock, scene)
    before = items(house)
    house.site = replace(house.site, timezone="Asia/Tokyo")
    house.add("news", "listing", {"url": scene.source})
    house.refresh("news")
    replace(scene, base=f"{HOST}/archive").publish(house.web)
    clock.pass_(hours=7)
    assert house.refresh("news").new == 0
    assert {item[0] for item in items(house)} == {item[0] for item in before}


def test_a_feed_whose_ids_change_with_its_addresses_is_no_news(store: Store, clock: FakeClock) -> None:
    """Another system under the same site: ids that are no addresses are others too."""
    scene = Scene("feed", ids="post-")
    house = house_of(store, clock, scene)
    before = items(house)
    moved = replace(scene, base=ELSEWHERE, ids="node-")
    for scene in (moved, moved, replace(moved, count=9)):
        scene.publish(house.web)
        assert house.refresh("news").new == scene.count - 8
        clock.pass_(hours=7)
    assert items(house)[1:] == before


@pytest.mark.parametrize("kind", ["listing", "json", "sitemap"])
def test_a_site_that_tells_more_exact_dates_since_it_moved_is_no_news(
    store: Store, clock: FakeClock, kind: str
) -> None:
    """What a relaunch changes at once: addresses, and a time of day where there was a day alone."""
    scene, web = Scene(kind), FakeWeb()
    scene.publish(web)
    for url, told in web.pages.items():
        web.pages[url] = re.sub(r"( |T)[0-9:]{5}(:00\+00:00)?", "", str(told))
    house = House(store, web, clock)
    house.add("news", kind, {"url": scene.source})
    assert house.refresh("news").new == 8
    before = items(house)
    moved = replace(scene, base=f"{HOST}/archive", count=9)
    clock.pass_(hours=1)
    moved.publish(web)
    assert house.refresh("news").new == 1
    assert items(house)[1:] == before


@pytest.mark.parametrize("kind", ["listing", "sitemap", "feed"])
def test_pages_that_fail_while_a_site_moves_are_no_news_later(store: Store, clock: FakeClock, kind: str) -> None:
    """Everybody reads it anew on that day, so that it answers some requests alone."""
    scene = Scene(kind)
    house = house_of(store, clock, scene)
    before = items(house)
    moved = replace(scene, base=ELSEWHERE if kind == "feed" else f"{HOST}/archive")
    moved.publish(house.web)
    for number in (1, 3, 4, 6):
        house.web.put(moved.url(number), FetchError("503", status=503))
    assert house.refresh("news").new == 0
    clock.pass_(hours=1)
    moved = replace(moved, count=9)
    moved.publish(house.web)
    assert house.refresh("news").new == 1
    assert items(house)[1:] == before
    with store.writing() as writer:
        assert writer.withdraw(scene.url(3), clock())
    assert title(3) not in {item[1] for item in items(house)}


def test_past_that_a_moved_site_shows_again_weeks_later_is_no_news(store: Store, clock: FakeClock) -> None:
    scene = Scene("feed")
    house = house_of(store, clock, scene)
    before = items(house)
    moved = replace(scene, base=ELSEWHERE)
    moved.publish(house.web)
    whole = house.web.pages[scene.source]
    house.web.put(
        scene.source,
        re.sub(r"(?s)(</item>)(?:<item>(?:(?!<item>).)*?/[1-5]</link>.*)(</channel>)", r"\1\2", str(whole)),
    )
    assert house.refresh("news").new == 0
    clock.pass_(days=20)
    house.web.put(scene.source, whole)
    assert house.refresh("news").new == 0
    assert items(house) == before


def test_old_headline_that_comes_anew_after_a_move_is_news(store: Store, clock: FakeClock) -> None:
    scene = Scene("feed")
    house = house_of(store, clock, scene)
    moved = replace(scene, base=ELSEWHERE)
    moved.publish(house.web)
    assert house.refresh("news").new == 0
    clock.pass_(days=2)
    told = moved.told()
    anew = re.search("<item>.*?</item>", told)
    assert anew is not None
    dated = re.sub("<pubDate>.*?<", "<pubDate>Tue, 06 Jan 2026 10:00:00 +0800<", anew[0]).replace("/news/8", "/news/88")
    house.web.put(f"{ELSEWHERE}/news/88", moved.page(8).replace("2025-12-09 02:00", "2026-01-06 10:00"))
    house.web.put(scene.source, told.replace(anew[0], dated), "application/xml")
    assert house.refresh("news").new == 1


def test_article_under_two_sources_of_a_site_that_moved_is_no_news(store: Store, clock: FakeClock) -> None:
    """Two columns of one site, each with articles of the other."""
    scene = Scene("listing")
    house = house_of(store, clock, scene)
    second = f"{HOST}/second"

    def publish(shown: Scene) -> None:
        shown.publish(house.web)
        house.web.put(second, shown.told())

    publish(scene)
    house.add("second", "listing", {"url": second})
    assert house.refresh("second").new == 0
    before = items(house)
    publish(replace(scene, base=f"{HOST}/archive"))
    for name in ("second", "news"):
        assert house.refresh(name).new == 0
    assert items(house) == before


def test_columns_of_a_site_that_moved_that_share_one_article_are_no_news(store: Store, clock: FakeClock) -> None:
    """The new address of the one is known by then from the other column."""
    scene, second, web = Scene("listing"), f"{HOST}/second", FakeWeb()

    def publish(shown: Scene) -> None:
        shown.publish(web)
        rows = shown.told().split("<li>")[1:]
        for url, some in ((shown.source, rows[:5]), (second, rows[4:])):
            web.put(url, f"<html><body><ul><li>{'<li>'.join(some)}</ul></body></html>")

    publish(scene)
    house = House(store, web, clock)
    house.add("news", "listing", {"url": scene.source})
    house.add("second", "listing", {"url": second})
    assert [house.refresh(name).new for name in ("news", "second")] == [5, 3]
    before = items(house)
    clock.pass_(hours=1)
    publish(replace(scene, base=f"{HOST}/archive"))
    assert [house.refresh(name).new for name in ("second", "news")] == [0, 0]
    assert items(house) == before


def test_bulletin_of_the_next_day_is_another_one(store: Store, clock: FakeClock) -> None:
    """A list that shows the last three only, under the same headlines and dated by days alone."""
    scene, web = Scene("listing"), FakeWeb()
    house = House(store, web, clock)
    house.add("news", "listing", {"url": scene.source})
    for day in (1, 2, 3):
        rows = "".join(
            f'<li><a href="{HOST}/b/{day}/{n}">{title(n)}</a><span>2025-12-{day:02}</span></li>' for n in range(3)
        )
        web.put(scene.source, f"<html><body><ul>{rows}</ul></body></html>")
        for n in range(3):
            page = re.sub("发布时间：[^<]+", f"发布时间：2025-12-{day:02}", scene.page(n))
            web.put(f"{HOST}/b/{day}/{n}", page)
        assert house.refresh("news").new == 3
        clock.pass_(hours=24)


def test_what_came_beside_the_move_is_new(store: Store, clock: FakeClock) -> None:
    scene = Scene("feed")
    house = house_of(store, clock, scene)
    replace(scene, base=ELSEWHERE, count=10).publish(house.web)
    assert house.refresh("news").new == 2
    assert len(items(house)) == 10


def test_a_withdrawn_article_does_not_come_back_from_elsewhere(store: Store, clock: FakeClock) -> None:
    scene = Scene("feed")
    house = house_of(store, clock, scene)
    with store.writing() as writer:
        assert writer.withdraw(scene.url(5), clock())
    replace(scene, base=ELSEWHERE).publish(house.web)
    for _ in range(2):
        assert house.refresh("news").new == 0
        clock.pass_(hours=7)
    assert title(5) not in {item[1] for item in items(house)}


def test_while_anything_known_is_on_offer_nothing_has_moved(store: Store, clock: FakeClock) -> None:
    """Somebody who publishes an old headline anew has written another article."""
    scene = Scene("feed")
    house = house_of(store, clock, scene)
    moved = replace(scene, base=ELSEWHERE)
    moved.publish(house.web)
    told = moved.told().replace(moved.url(8), scene.url(8))
    house.web.put(scene.source, told, "application/xml")
    assert house.refresh("news").new == 7


def test_one_headline_of_several_articles_tells_none_of_them(store: Store, clock: FakeClock) -> None:
    """A list that shows the last bulletins of a day only, all under two headlines."""
    scene = Scene("listing", count=6)
    house = house_of(store, clock, scene)
    names = ("整点新闻快报", "半点新闻快报")
    bulletins = [
        f'<li><a href="{HOST}/b/{n}">{names[n % 2]}</a><span>{scene.at(7):%Y-%m-%d}</span></li>' for n in range(12)
    ]
    for first in (0, 4, 8):
        rows = "".join(bulletins[first : first + 4])
        house.web.put(scene.source, f"<html><body><ul>{rows}</ul></body></html>")
        for number in range(first, first + 4):
            house.web.put(f"{HOST}/b/{number}", scene.page(7).replace(title(7), names[number % 2]))
        assert house.refresh("news").new == 4
        clock.pass_(hours=1)


def unaddressed(*items: tuple[str, str, str, str]) -> str:
    """A feed of (guid, title, hour, text), without a link."""
    written = "".join(
        "<item>" + (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "") + f"<title>{name}</title>"
        f"<pubDate>Sat, 01 Nov 2025 {hour} GMT</pubDate><description>{text}</description></item>"
        for guid, name, hour, text in items
    )
    return f"<rss version='2.0'><channel><title>P</title><description>d</description>{written}</channel></rss>"


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        (("", "One", "01:02:03", "Notes."), ("", "One", "01:02:03", "Notes, corrected."), 1),
        (("r1", "One", "01:02:03", "Notes."), ("r2", "One", "01:02:03", "Notes."), 1),
        (("", "One", "01:02:03", "Notes."), ("", "One", "01:02:04", "Other notes."), 2),
        (("", "One", "01:02", "Notes."), ("", "One", "01:02", "Other notes."), 2),
        (("r1", "One", "01:02:03", "Notes."), ("r2", "Two", "01:02:03", "Notes."), 2),
    ],
    ids=["edited", "another id", "another second", "no seconds", "another headline"],
)
def test_entry_without_an_address_is_known_by_headline_and_second(
    store: Store,
    clock: FakeClock,
    before: tuple[str, str, str, str],
    after: tuple[str, str, str, str],
    count: int,
) -> None:
    """Podcasts and bulletins without link, some also without id, or with one that is made anew at every read."""
    house = House(store, FakeWeb(), clock)
    house.add("pod", "feed", {"url": f"{HOST}/f"})
    other = ("o", "Other", "00:00:00", "x")
    for told in (before, after, after):
        house.web.put(f"{HOST}/f", unaddressed(told, other), "application/xml")
        house.refresh("pod")
        clock.pass_(hours=7)
    assert len(items(house)) == count + 1


def test_two_without_an_address_that_stand_side_by_side_are_two(store: Store, clock: FakeClock) -> None:
    house = House(store, FakeWeb(), clock)
    house.add("pod", "feed", {"url": f"{HOST}/f"})
    one, two = (("r1", "One", "01:02:03", "Notes."), ("r2", "One", "01:02:03", "Others."))
    for told in ((one,), (two, one), (two, one)):
        house.web.put(f"{HOST}/f", unaddressed(*told), "application/xml")
        house.refresh("pod")
        clock.pass_(hours=7)
    assert len(items(house)) == 2


def test_id_that_is_made_anew_is_a_name_in_its_own_source_alone(store: Store, clock: FakeClock) -> None:
    """Another source has an entry under the same id, which is none of everybody's."""
    house = House(store, FakeWeb(), clock)
    for name in ("pod", "bulletin"):
        house.add(name, "feed", {"url": f"{HOST}/{name}"})
    for guid in ("r1", "r2"):
        house.web.put(f"{HOST}/pod", unaddressed((guid, "One", "01:02:03", "Notes.")), "application/xml")
        house.refresh("pod")
        clock.pass_(hours=7)
    house.web.put(f"{HOST}/bulletin", unaddressed(("r2", "Quite another", "05:00:00", "Texts.")), "application/xml")
    house.refresh("bulletin")
    assert [item[1] for item in items(house)] == ["Quite another", "One"]
