"""The pages that articles were read from are kept as they came: by refreshes, packed, within a budget."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from feedservice.errors import FetchError, Unreadable
from feedservice.model import Capture, CaptureBase, Fields, Page
from feedservice.packing import Packer, unpack
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.small_site import SmallSite
from tests.store_examples import START

NAME = "news"


def page(url: str, body: str, *, charset: str = "utf-8") -> Page:
    return Page(url=url, status=200, content_type=f"text/html; charset={charset}", body=body.encode(charset))


def article(number: int, *, template: str = "a") -> Mapping[str, Page]:
    """A page of one of two sites whose pages share nothing but a few words."""
    around = "".join(f"<li>{sha256(f'{template}{n}'.encode()).hexdigest()}</li>" for n in range(60))
    url = f"https://www.example.org/{number}.html"
    return {url: page(url, f"<ul>{around}</ul><h1>第{number}条</h1><p>{'正文' * number}</p>")}


# ------------------------------------------------------------------------------------------------ packing


def test_pages_come_back_as_they_were_in_their_order() -> None:
    first, second = "https://www.example.org/a.html", "https://www.example.org/a_2.html"
    pages = {
        first: page(f"{first}?moved", "<p>一</p>\n", charset="gb18030"),
        second: Page(url=second, status=200, content_type="", body=b"\x00\n\xff"),
    }
    told = Fields(title="表")
    capture = Packer(None, START).pack(pages, told)
    assert list(unpack(capture).items()) == list(pages.items())
    assert (capture.taken, capture.offer) == (START, told)


def test_pages_of_one_template_take_a_tenth_of_the_room_they_take_alone() -> None:
    packer = Packer(None, START)
    packed = [packer.pack(article(number), Fields()) for number in range(1, 9)]
    alone = [Packer(None, START).pack(article(number), Fields()) for number in range(1, 9)]
    assert {capture.base for capture in packed} == {packed[0].base}
    assert sum(len(each.packed) for each in packed) * 10 < sum(len(each.base.packed) for each in alone)
    assert [unpack(capture) for capture in packed] == [article(number) for number in range(1, 9)]


def test_new_template_becomes_the_base_of_the_pages_after_it() -> None:
    packer = Packer(Packer(None, START).pack(article(1), Fields()).base, START)
    pages = [article(n, template="a" if n < 4 else "b") for n in range(2, 8)]
    captures = [packer.pack(each, Fields()) for each in pages]
    names = [capture.base.name for capture in captures]
    assert len(set(names)) == 2
    assert names == sorted(names, key=names.index)
    assert [unpack(capture) for capture in captures] == pages


def test_page_larger_than_a_base_may_be_comes_back_whole() -> None:
    url = "https://www.example.org/long.html"
    long = {url: page(url, "".join(str(n * n) for n in range(200_000)))}
    assert unpack(Packer(None, START).pack(long, Fields())) == long


def test_digest_tells_other_pages_and_other_words_of_the_source_apart() -> None:
    packer = Packer(None, START)
    same = [packer.pack(article(1), Fields()), Packer(None, START + timedelta(days=1)).pack(article(1), Fields())]
    others = [packer.pack(article(2), Fields()), packer.pack(article(1), Fields(summary="x"))]
    assert len({capture.digest for capture in same}) == 1
    assert len({capture.digest for capture in (*same, *others)}) == 3


def test_threads_share_a_packer() -> None:
    packer = Packer(None, START)
    with ThreadPoolExecutor(8) as threads:
        captures = list(threads.map(lambda number: packer.pack(article(number), Fields()), range(1, 60)))
    assert [unpack(capture) for capture in captures] == [article(number) for number in range(1, 60)]


@pytest.mark.parametrize("harm", ["packed", "base", "other base"])
def test_damage_is_told_and_never_a_wrong_page(harm: str) -> None:
    capture = Packer(None, START).pack(article(1), Fields())
    other = Packer(None, START).pack(article(1, template="b"), Fields()).base
    harmed = {
        "packed": replace(capture, packed=capture.packed[:-3]),
        "base": replace(capture, base=CaptureBase(capture.base.name, capture.base.packed[:50])),
        "other base": replace(capture, base=other),
    }
    with pytest.raises(Unreadable, match="damaged"):
        unpack(harmed[harm])


def test_damaged_base_is_replaced() -> None:
    pages = article(1)
    packer = Packer(CaptureBase("damaged", b"\x00" * 20), START)
    assert unpack(packer.pack(pages, Fields())) == pages


# ------------------------------------------------------------------------------------------------ refreshes


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


@pytest.fixture
def house(store: Store, clock: FakeClock, site: SmallSite) -> House:
    house = House(store, FakeWeb(site.pages()), clock)
    house.add(NAME, "listing", {"url": site.list_url})
    return house


def kept(house: House) -> dict[str, Capture]:
    """What is kept, by the articles' addresses."""
    articles = {article.seq: article.url for article in house.store.every(NAME)}
    return {articles[seq]: capture for seq, capture in house.store.captures(articles).items()}


def bodies(house: House) -> dict[str, bytes]:
    """The bytes of what is kept, by the addresses that were asked for."""
    return {url: page.body for capture in kept(house).values() for url, page in unpack(capture).items()}


def pass_until_looked_at(house: House) -> None:
    """Let the articles get old, so that every page is asked for again."""
    asked = len(house.web.asked)
    house.clock.pass_(days=60)
    house.refresh(NAME)
    assert len(house.web.asked) > asked + 6


def test_refresh_keeps_every_article_s_page_as_it_came(house: House, site: SmallSite, clock: FakeClock) -> None:
    house.refresh(NAME)
    assert bodies(house) == {site.url(n): site.article_page(n).encode() for n in site.numbers()}
    first = kept(house)[site.url(1)]
    assert (first.taken, first.offer.title) == (clock(), site.title(1))


def test_unchanged_pages_are_not_written_again(house: House, site: SmallSite) -> None:
    house.refresh(NAME)
    before = kept(house)
    pass_until_looked_at(house)
    assert kept(house) == before


def test_changed_page_takes_the_place_of_the_one_before(house: House, site: SmallSite) -> None:
    """Whether readers would notice or not: the rules of today are for the pages of today."""
    house.refresh(NAME)
    edited, redrawn = site.url(1), site.url(2)
    new = {
        edited: site.article_page(1).replace("总体顺利", "十分顺利").encode(),
        redrawn: site.article_page(2).replace("<body>", "<body class='new'>").encode(),
    }
    for url, body in new.items():
        house.web.put(url, body)
    pass_until_looked_at(house)
    assert {url: bodies(house)[url] for url in new} == new
    assert {article.url: article.revision for article in house.articles()}[edited] == 2


def test_page_that_cannot_be_read_leaves_the_one_before(house: House, site: SmallSite) -> None:
    house.refresh(NAME)
    before = kept(house)
    house.web.put(site.url(1), "<html><title>404 Not Found</title></html>")
    house.web.put(site.url(2), FetchError("refused"))
    pass_until_looked_at(house)
    assert kept(house) == before


def test_article_of_several_pages_is_kept_whole(store: Store, clock: FakeClock) -> None:
    site = SmallSite(count=3)
    first, second = site.url(3), site.url(3).replace(".html", "_2.html")
    pager = f'<div class="page"><a href="{first}">1</a> <a href="{second}">2</a></div></body>'
    pages = dict(site.pages())
    pages[first] = pages[first].replace("</body>", pager)
    pages[second] = site.article_page(3).replace("管委会", "委员会")
    house = House(store, FakeWeb(pages), clock)
    house.add(NAME, "listing", {"url": site.list_url})
    house.refresh(NAME)
    assert list(unpack(kept(house)[first])) == [first, second]
    assert bodies(house)[second] == pages[second].encode()


def test_nothing_is_kept_where_none_is_to_be(store: Store, clock: FakeClock, site: SmallSite) -> None:
    house = House(store, FakeWeb(site.pages()), clock)
    house.keep = 0
    house.add(NAME, "listing", {"url": site.list_url})
    assert house.refresh(NAME).new == site.count
    assert kept(house) == {}


# ------------------------------------------------------------------------------------------------ the budget


def sizes(house: House) -> int:
    captures = kept(house).values()
    bases = {capture.base.name: capture.base.packed for capture in captures}
    return sum(len(capture.packed) for capture in captures) + sum(map(len, bases.values()))


def shed(store: Store, budget: int) -> None:
    with store.writing() as writer:
        writer.shed_captures(budget)


def test_oldest_go_first_when_the_budget_is_used_up(house: House, site: SmallSite, clock: FakeClock) -> None:
    house.refresh(NAME)
    clock.pass_(hours=1)
    house.web.put(site.url(1), site.article_page(1).replace("总体顺利", "十分顺利"))
    house.web.put(site.list_url, site.list_page().replace(site.title(1), f"{site.title(1)}（更新）"))
    house.refresh(NAME)
    everything = kept(house)
    assert max(capture.taken for capture in everything.values()) == everything[site.url(1)].taken == clock()
    shed(house.store, sizes(house))
    assert kept(house) == everything
    order = [site.url(n) for n in (2, 3, 4, 5, 6, 1)]
    for gone in range(1, 7):
        shed(house.store, sizes(house) - 1)
        assert sorted(kept(house), key=order.index) == order[gone:]
    assert house.store.capture_base(NAME) is None


def test_pages_dated_by_a_clock_that_was_ahead_make_room_for_those_that_come(
    house: House, site: SmallSite, clock: FakeClock
) -> None:
    clock.pass_(days=365)
    house.refresh(NAME)
    clock.pass_(days=-365)
    house.sources[NAME] = replace(house.sources[NAME], keep=sizes(house) + 40)
    for number in (7, 8, 9):
        site.count = number
        house.web.pages.update(site.pages())
        clock.pass_(hours=7)
        assert house.refresh(NAME).new == 1
    assert {site.url(number) for number in (7, 8, 9)} <= kept(house).keys()
    assert site.url(1) not in kept(house)


def test_refresh_stays_within_the_budget(store: Store, clock: FakeClock) -> None:
    site = SmallSite(count=40)
    house = House(store, FakeWeb(site.pages()), clock)
    house.keep = 1_500
    house.add(NAME, "listing", {"url": site.list_url})
    house.refresh(NAME)
    assert 0 < len(kept(house)) < site.count
    assert sizes(house) <= house.keep
    assert len(house.articles()) == site.count


def test_room_is_counted_rightly_through_all_changes(house: House, site: SmallSite, clock: FakeClock) -> None:
    """What is counted is what is there: shedding to exactly that takes nothing, to a byte less takes one."""
    house.refresh(NAME)
    for hour in range(5):
        clock.pass_(days=60 * 2**hour)
        for number in site.numbers():
            house.web.put(site.url(number), site.article_page(number).replace("<body>", f"<body class='{hour}'>"))
        house.refresh(NAME)
        shed(house.store, sizes(house))
        assert len(kept(house)) == site.count
    shed(house.store, sizes(house) - 1)
    assert len(kept(house)) == site.count - 1


def test_captures_of_a_base_that_went_meanwhile_bring_it_along(house: House, site: SmallSite) -> None:
    """Two sources are refreshed at once, and the one sheds what the other packs against."""
    house.refresh(NAME)
    base = house.store.capture_base(NAME)
    packer = Packer(base, house.clock())
    capture = packer.pack({site.url(1): page(site.url(1), site.article_page(1) + "!")}, Fields())
    assert capture.base == base
    shed(house.store, 0)
    (article, *_) = house.articles()
    from tests.store_examples import intake, save

    save(house.store, replace(intake(source=NAME), captures={article.seq: capture}))
    assert house.store.captures([article.seq]) == {article.seq: capture}
