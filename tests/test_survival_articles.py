"""One bad article among good ones: the others are there, every feed is well-formed, and what can be had later comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree

from feedservice.config.settings import ArticleRules
from feedservice.errors import FetchError, Forbidden, TooLarge
from feedservice.model import Health, Page
from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.house import House
from tests.small_site import SmallSite
from tests.store_examples import documents_of
from tests.survival_scene import Scene

ERROR_PAGE = (
    "<html><head><title>404</title></head><body><h1>页面不存在</h1><p>对不起，您访问的页面不存在。</p></body></html>"
)


@pytest.fixture
def scene(sqlite_url: str, clock: FakeClock) -> Iterator[Scene]:
    """On one kind of database: what these tests are about happens before anything is stored."""
    store = open_store(sqlite_url, clock)
    made = Scene(store, clock)
    made.begin()
    yield made
    store.close()


@pytest.fixture
def stored(store: Store, clock: FakeClock) -> Scene:
    """On each kind of database."""
    made = Scene(store, clock)
    made.begin()
    return made


def check_well_formed(house: House) -> None:
    """Assert that a strict parser reads every XML document that is served."""
    documents = [document for document in documents_of(house.store) if "xml" in document.media_type]
    assert documents
    for document in documents:
        etree.fromstring(document.representations[0].body, etree.XMLParser(recover=False, resolve_entities=False))


def titles(house: House) -> list[str]:
    return [title for _, title, _ in house.items()]


def test_control_characters_never_reach_a_feed(stored: Scene) -> None:
    """Written as such, as references, and as halves of surrogate pairs; in titles, bodies and lists."""
    site = stored.site
    site.count = 9
    site.titles = {7: "控\x01制\x0b字\x1f符\x7f一\ufffe", 8: "控&#1;制&#11;字&#x1f;符&#xFFFE;二&#xD800;"}
    stored.repair()
    stored.web.pages[site.url(9)] = site.article_page(9).replace("开发区管委会", "开发区\x0c管\x00委\x08会")
    report = stored.read_again()
    assert (report.health, report.new) == (Health.WELL, 3)
    stored.publish()
    check_well_formed(stored.house)
    assert len(titles(stored.house)) == 9
    said = "".join(item["title"] + item["content_html"] for item in stored.house.json_feed()["items"])
    assert all(character.isprintable() or character == "\n" for character in said)
    assert not set(said) & set("\x7f\ufffe\uffff")


def test_article_without_title_or_date_has_one_and_the_others_keep_theirs(scene: Scene) -> None:
    site = scene.site
    before = scene.house.items()
    site.count = 8
    scene.repair()
    heading, window = f"<h1>{site.title(7)}</h1>", f"<title>{site.title(7)}</title>"
    scene.web.pages[site.url(7)] = site.article_page(7).replace(heading, "").replace(window, "")
    scene.web.pages[site.url(8)] = site.article_page(8).replace(f"发布时间：{site.date(8)} 10:08", "")
    rows = [site.row(n) for n in (6, 5, 4, 3, 2, 1)]
    no_title, no_date = site.row(7).replace(site.title(7), ""), site.row(8).replace(site.date(8), "")
    scene.web.pages[site.list_url] = site.list_page([no_date, no_title, *rows])
    assert scene.read_again().health is Health.WELL
    scene.publish()
    check_well_formed(scene.house)
    shown = scene.house.items()
    assert all(title.strip() for _, title, _ in shown)
    by_id = {item: date for item, _, date in shown}
    assert by_id[site.url(8)] == "2026-01-05T09:30:00+08:00"
    assert shown[-6:] == before


Answer = bytes | str | Page | Exception
NO_ARTICLES: dict[str, tuple[Answer, str]] = {
    "no body": ("<html><head><title>T</title></head><body><h1>T</h1></body></html>", "no article text"),
    "no page": (Page(url="", status=200, content_type="text/html", body=b""), "the page is empty"),
    "error page": (ERROR_PAGE, "an error page, not an article"),
    "500": (FetchError("URL: the server answered 500", status=500), "the server answered 500"),
}


def test_article_that_cannot_be_had_comes_later_and_the_others_now(scene: Scene) -> None:
    """The operator is told which one, and why; the list is read again although it has not changed."""
    site = scene.site
    for name, (answer, why) in NO_ARTICLES.items():
        site.count += 2
        scene.repair()
        late = site.url(site.count)
        scene.web.pages[late] = FetchError(str(answer).replace("URL", late)) if name == "500" else answer
        report = scene.read_again()
        assert (report.health, report.new, report.edited) == (Health.WELL, 1, 0), name
        (problem,) = report.problems
        assert problem.startswith(late), name
        assert why in problem, name
        scene.repair()
        report = scene.read_again()
        assert (report.health, report.new, report.edited, report.problems) == (Health.WELL, 1, 0, ()), name
    scene.publish()
    check_well_formed(scene.house)
    assert len(titles(scene.house)) == len(set(titles(scene.house))) == site.count


def test_article_too_large_or_gone_is_not_asked_for_again_and_again(scene: Scene) -> None:
    site = scene.site
    site.count = 9
    scene.repair()
    scene.web.pages[site.url(9)] = TooLarge(f"{site.url(9)}: more than the 10000000 bytes allowed")
    scene.web.pages[site.url(8)] = FetchError(f"{site.url(8)}: the server answered 410", status=410)
    report = scene.read_again()
    assert (report.health, report.new, len(report.problems)) == (Health.WELL, 1, 2)
    scene.web.asked.clear()
    scene.read_again()
    assert scene.web.asked == [site.list_url]


@pytest.mark.parametrize(
    "answer",
    [
        NO_ARTICLES["no body"][0],
        pytest.param(Forbidden("http://news.example.org: robots.txt says no"), marks=pytest.mark.slow),
        pytest.param(
            FetchError("http://news.example.org: the server answered 403", status=403), marks=pytest.mark.slow
        ),
        pytest.param(
            FetchError("http://news.example.org: the server answered 404", status=404), marks=pytest.mark.slow
        ),
    ],
    ids=["no text", "robots", "refused", "no page"],
)
def test_pages_that_can_never_be_read_delay_nothing_and_are_asked_for_ever_more_seldom(
    scene: Scene, answer: Answer
) -> None:
    """Two of them stand in the list for ten days; an article comes on each of them."""
    site = scene.site
    dead = [site.url(number) for number in (7, 8)]
    site.count = 8
    healths, asked = set(), []
    for day in range(10):
        for hour in range(24):
            if hour == 12:
                site.count += 1
            scene.repair()
            scene.web.pages.update(dict.fromkeys(dead, answer))
            scene.web.asked.clear()
            report = scene.read_again(hours=1)
            healths.add(report.health)
            assert report.new == (hour == 12), (day, hour, report)
            asked.append(scene.web.asked.count(dead[0]))
    assert healths == {Health.WELL}
    assert sum(asked[:24]) <= 6
    assert sum(asked[-72:]) <= 3
    scene.repair()
    assert scene.read_again(days=1).new == 2
    assert site.count == len(scene.house.articles())


def test_list_is_not_read_again_for_a_page_whose_next_try_is_far(scene: Scene) -> None:
    """What asks conditionally is answered so, and when the time has come the page is asked for all the same."""
    site = scene.site
    site.count = 7
    scene.repair()
    scene.web.pages[site.url(7)] = NO_ARTICLES["no body"][0]
    for _ in range(3):
        scene.read_again(minutes=30)
    scene.web.asked.clear()
    scene.read_again(minutes=30)
    assert scene.web.asked == [site.list_url]
    scene.repair()
    assert scene.read_again(hours=2).new == 1


def test_limit_is_for_the_first_read_alone(store: Store, clock: FakeClock) -> None:
    """What it leaves out is old, and comes no later either; a burst that is larger comes whole."""
    scene = Scene(store, clock, SmallSite(count=9))
    scene.house.add("news", "listing", {"url": scene.site.list_url}, limit=3)
    scene.repair()
    assert scene.read_again().new == 3
    assert [scene.read_again(hours=7).new for _ in range(4)] == [0, 0, 0, 0]
    scene.site.count += 5
    scene.repair()
    assert scene.read_again().new == 5
    assert scene.read_again(days=1).new == 0


def test_burst_of_a_thousand_is_taken_in_several_reads(scene: Scene) -> None:
    """None of it is lost, though the feed says that nothing changed since."""
    url, house = "http://news.example.org/feed", scene.house

    def burst(count: int) -> None:
        items = "".join(
            f"<item><title>Piece {n}</title><guid>{url}/{n}</guid><description>Text {n}</description></item>"
            for n in range(count)
        )
        head = f"<title>T</title><link>{url}</link><description>D</description>"
        scene.web.put(url, f'<rss version="2.0"><channel>{head}{items}</channel></rss>', "application/rss+xml")

    house.add("feed", "feed", {"url": url, "full_text": "feed"}, limit=2)
    counts = []
    for listed in (1, 1_004, 1_004, 1_004):
        burst(listed)
        house.clock.pass_(minutes=30)
        counts.append(house.refresh("feed").new)
    assert counts == [1, 1_000, 3, 0]


def test_mended_selectors_are_tried_at_once_on_what_the_old_ones_could_not_read(scene: Scene) -> None:
    site = scene.site
    site.count = 7
    scene.repair()
    scene.web.pages[site.url(7)] = "<html><body><h1>短讯</h1><div class=brief>开通。</div></body></html>"
    for _ in range(8):
        assert scene.read_again().new == 0
    scene.house.add("news", "listing", {"url": site.list_url}, rules=ArticleRules(body=(".brief",)))
    assert scene.read_again(minutes=1).new == 1


def test_bug_on_one_page_loses_no_other_and_is_seen(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    site = scene.site
    site.count = 9
    scene.repair()
    scene.web.pages[site.url(8)] = ZeroDivisionError("a bug")
    report = scene.read_again()
    assert (report.health, report.new) == (Health.WELL, 2)
    assert report.problems == (f"{site.url(8)}: its reading stopped on a bug: ZeroDivisionError: a bug",)
    (told,) = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert told.exc_info
    scene.repair()
    assert scene.read_again().new == 1


def test_page_that_comes_some_minutes_after_its_list_is_read_at_the_next_read(scene: Scene) -> None:
    site = scene.site
    site.count = 7
    scene.repair()
    scene.web.pages[site.url(7)] = FetchError(f"{site.url(7)}: the server answered 404", status=404)
    assert scene.read_again().new == 0
    scene.repair()
    assert scene.read_again(minutes=10).new == 1


def test_source_none_of_whose_new_articles_can_be_read_is_broken(scene: Scene) -> None:
    site = scene.site
    answers: list[tuple[Answer, str]] = [
        (FetchError("http://news.example.org: the server answered 502", status=502), "none of 3 articles' pages"),
        (ERROR_PAGE, "no article could be found on any of 3 pages"),
        (site.article_page(1), "all 3 pages have the same headline"),
    ]
    for answer, reason in answers:
        site.count = 9
        scene.repair()
        for number in (7, 8, 9):
            scene.web.pages[site.url(number)] = answer
        report = scene.read_again()
        assert (report.health, report.new, report.edited) == (Health.BROKEN, 0, 0)
        assert report.reason.startswith(reason)
        assert scene.untouched()
        site.count = 6
        scene.check_return()
    scene.check_progress()


def test_known_articles_stay_as_they_are_while_their_pages_are_broken(scene: Scene) -> None:
    """The list has a new one, so that the old ones are looked at; their pages are an error, or all the same."""
    site = scene.site
    before = scene.house.items()
    answers: tuple[Answer, ...] = (ERROR_PAGE, " ", FetchError("http://news.example.org: timed out"))
    for answer, days in zip(answers, (60, 400, 2000), strict=True):
        site.count += 1
        scene.repair()
        for number in range(1, site.count):
            scene.web.pages[site.url(number)] = answer
        scene.web.asked.clear()
        report = scene.read_again(days=days)
        assert report.edited == 0
        assert site.url(1) in scene.web.asked
        scene.repair()
        scene.read_again(days=days)
        scene.publish()
        assert scene.house.items()[-6:] == before
        assert len(titles(scene.house)) == site.count
    assert not any(article.revision > 1 for article in scene.house.articles())


def test_missing_last_page_of_an_article_costs_that_page_only(scene: Scene) -> None:
    site = scene.site
    site.count = 7
    scene.repair()
    second = site.url(7).replace(".html", "_1.html")
    pager = f'<div class="pages"><a href="{site.url(7)}">1</a> <a href="{second}">2</a></div></body>'
    scene.web.pages[site.url(7)] = site.article_page(7).replace("</body>", pager)
    scene.web.pages[second] = FetchError(f"{second}: the server answered 404", status=404)
    report = scene.read_again()
    assert (report.new, report.problems) == (1, (f"{second}: the server answered 404",))


def test_page_of_an_article_that_fails_to_come_is_waited_for(scene: Scene) -> None:
    """Half an article is not published when the other half may come next time."""
    site = scene.site
    site.count = 7
    scene.repair()
    second = site.url(7).replace(".html", "_1.html")
    pager = f'<div class="pages"><a href="{site.url(7)}">1</a> <a href="{second}">2</a></div></body>'
    scene.web.pages[site.url(7)] = site.article_page(7).replace("</body>", pager)
    scene.web.pages[second] = FetchError(f"{second}: timed out")
    report = scene.read_again()
    assert (report.new, report.problems) == (0, (f"{second}: timed out",))
    assert scene.untouched()
    scene.web.pages[second] = site.article_page(7).replace("第7", "第七七")
    assert scene.read_again().new == 1
    assert "第七七" in scene.house.articles()[0].fields.body


def test_redesign_of_the_list_neither_doubles_nor_edits(scene: Scene) -> None:
    site = scene.site
    cards = "".join(
        f'<div class="card"><a href="{site.url(n)}"><h3>{site.title(n)}</h3></a><time>{site.date(n)}</time></div>'
        for n in site.numbers()
    )
    scene.web.pages[site.list_url] = f'<html><body><main><div class="grid">{cards}</div></main></body></html>'
    report = scene.read_again()
    assert (report.health, report.new, report.edited) == (Health.WELL, 0, 0)
    assert scene.untouched()


def test_link_that_stands_twice_is_one_article(stored: Scene) -> None:
    """As a headline on top, with a fragment, with another case of the host."""
    site = stored.site
    site.count = 7
    stored.repair()
    row = site.row(7)
    same = [row, row, row.replace(".html", ".html#top"), row.replace("news.example.org", "NEWS.example.org")]
    stored.web.pages[site.list_url] = site.list_page([*same, *(site.row(n) for n in range(6, 0, -1))])
    report = stored.read_again()
    assert (report.health, report.new, report.edited) == (Health.WELL, 1, 0)
    stored.publish()
    assert len(titles(stored.house)) == len(set(titles(stored.house))) == 7


def test_article_that_two_sources_offer_is_stored_once_and_edited_by_its_own(stored: Scene) -> None:
    site, house = stored.site, stored.house
    other = replace(site, count=4)
    other_list = f"{site.base}/top/index.html"
    stored.web.put(other_list, other.list_page().replace("<ul", "<h2>要闻</h2><ul"))
    house.add("top", "listing", {"url": other_list})
    report = house.refresh("top")
    assert (report.health, report.new, report.edited) == (Health.WELL, 0, 0)
    house.rebuild()
    assert len(titles(house)) == site.count
    assert len(set(titles(house))) == site.count
    site.titles = other.titles = {4: "开发区第4批重点项目（更正）"}
    stored.web.put(other_list, other.list_page())
    stored.web.put(site.url(4), site.article_page(4))
    house.clock.pass_(hours=1)
    assert (house.refresh("top").edited, house.refresh("top").new) == (0, 0)
    stored.web.put(site.list_url, site.list_page())
    assert house.refresh("news").edited == 1
    house.rebuild()
    assert len(titles(house)) == site.count
