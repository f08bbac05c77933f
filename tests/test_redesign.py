"""A site that is redesigned, or answers otherwise: told once, with what was seen and what would help."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from feedservice.cli import main
from feedservice.config.settings import ArticleRules
from feedservice.errors import FetchError
from feedservice.health import instead_of, seen_of
from feedservice.model import Health, Seen
from feedservice.operating.preview import preview
from feedservice.protocols import Store
from feedservice.running.worker import tell
from tests.fakes import FakeClock
from tests.small_site import SmallSite
from tests.survival_scene import Scene

SITE = SmallSite()
MAINTENANCE = "<html><title>示例网</title><body><p>系统维护中，请稍后再访问</p></body></html>"


def redesigned(site: SmallSite) -> str:
    """The list under another name."""
    return site.list_page().replace('class="list"', 'class="news-2026"')


@pytest.fixture
def scene(store: Store, clock: FakeClock) -> Scene:
    scene = Scene(store, clock)
    scene.house.add(
        "news",
        "listing",
        {"url": SITE.list_url, "container": "ul.list", "items": "li"},
        rules=ArticleRules(title=("h1",), body=(".content",)),
    )
    scene.begin()
    return scene


def test_redesign_is_told_with_what_is_found_without_the_selectors(scene: Scene) -> None:
    scene.web.pages[SITE.list_url] = redesigned(scene.site)
    report = scene.read_again()
    assert (report.health, report.changed) == (Health.BROKEN, True)
    assert report.reason.endswith("nothing matches the container 'ul.list'")
    assert report.instead == (
        "without your selectors 6 articles are found, the first of them '开发区第6批重点项目集中开工建设': "
        "look at them with `feedservice preview news --automatic`"
    )
    state = scene.house.store.state("news")
    assert instead_of(state) == report.instead
    seen = seen_of(state)
    assert seen is not None
    assert (seen.url, seen.status, seen.title) == (SITE.list_url, 200, "新闻")
    assert seen.words.startswith("首页 关于我们")
    assert scene.untouched()


def test_automatic_readers_are_asked_once_not_at_every_read(scene: Scene) -> None:
    scene.web.pages[SITE.list_url] = redesigned(scene.site)
    first = scene.read_again()
    scene.web.asked.clear()
    again = scene.read_again()
    assert (again.changed, again.instead, again.failures) == (False, first.instead, 1)
    assert scene.web.asked == [SITE.list_url]


def test_nothing_is_offered_where_the_automatic_readers_find_nothing_either(scene: Scene) -> None:
    scene.web.pages[SITE.list_url] = MAINTENANCE
    report = scene.read_again()
    assert report.reason.startswith(f"{SITE.list_url}: looks like a maintenance page: '示例网 系统维护中")
    assert report.instead == ""
    assert report.seen == Seen(url=SITE.list_url, status=200, title="示例网", words="系统维护中，请稍后再访问")


def test_server_that_answers_an_error_is_not_asked_for_more(scene: Scene) -> None:
    scene.web.pages[SITE.list_url] = FetchError(f"{SITE.list_url}: the server answered 503", status=503)
    scene.web.asked.clear()
    report = scene.read_again()
    assert (report.seen, report.instead) == (Seen(status=503), "")
    assert scene.web.asked == [SITE.list_url]


def test_articles_own_page_that_is_none_is_what_was_seen(scene: Scene) -> None:
    """Three of them: a single page without an article on it is a video, say."""
    scene.site.count += 3
    scene.repair()
    for number in range(scene.site.count - 2, scene.site.count + 1):
        scene.web.pages[scene.site.url(number)] = MAINTENANCE
    report = scene.read_again()
    assert report.health is Health.BROKEN
    assert report.seen is not None
    assert report.seen.words == "系统维护中，请稍后再访问"


def test_redesign_of_the_articles_is_told_when_three_in_a_row_cannot_be_read(scene: Scene) -> None:
    """Though they come one at a time; and nothing of it is stored."""
    reports = []
    for _ in range(3):
        scene.site.count += 1
        number = scene.site.count
        scene.repair()
        for each in range(7, number + 1):
            scene.web.pages[scene.site.url(each)] = MAINTENANCE
        reports.append(scene.read_again(hours=7))
    assert [(report.health, report.new) for report in reports] == [
        (Health.WELL, 0),
        (Health.WELL, 0),
        (Health.BROKEN, 0),
    ]
    assert reports[2].reason == "no article could be read on the last 3 pages"
    assert scene.read_again().failed
    assert scene.untouched()
    scene.repair()
    assert scene.read_again(days=1).new == 3


def test_redesign_of_the_articles_is_told_when_three_of_them_miss_a_selector(scene: Scene) -> None:
    for number in range(3):
        assert not scene.read_again().failed, number
        scene.site.count += 1
        scene.repair()
        for each in range(1, scene.site.count + 1):
            page = scene.site.article_page(each)
            scene.web.pages[scene.site.url(each)] = page.replace('class="content"', 'class="text-2026"')
    report = scene.read_again()
    assert report.reason == "the selector of body finds nothing any more, on 3 pages in a row"
    assert report.instead.startswith("without your selectors 9 articles are found")
    assert scene.house.items()[0][1] != scene.site.title(9)


def test_new_settings_are_not_judged_by_what_the_old_ones_found(scene: Scene) -> None:
    scene.web.pages[SITE.list_url] = redesigned(scene.site)
    assert scene.read_again().failed
    scene.house.add("news", "listing", {"url": SITE.list_url, "container": "ul.news-2026"})
    report = scene.read_again()
    assert (report.health, report.new, report.failures) == (Health.WELL, 0, 1)


def test_log_tells_break_and_recovery_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "feedservice")
    scene.web.pages[SITE.list_url] = redesigned(scene.site)
    for _ in range(3):
        tell(scene.read_again())
    scene.repair()
    for _ in range(2):
        tell(scene.read_again())
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in told] == ["ERROR", "WARNING", "INFO", "INFO"]
    assert told[0][1].startswith(f"source news is broken: {SITE.list_url}: no list of articles: nothing matches")
    assert "seen instead: http" in told[0][1]
    assert "feedservice preview news --automatic" in told[0][1]
    assert told[1][1] == "source news is read again, after 3 broken reads in a row"
    state = scene.house.store.state("news")
    assert (seen_of(state), instead_of(state)) == (None, "")


def test_silence_that_is_longer_than_usual_is_quiet(scene: Scene) -> None:
    """Six articles on six days in October, and then none."""
    scene.house.clock.now = scene.house.clock.now.replace(year=2025, month=10, day=8)
    report = scene.read_again(days=200)
    assert report.health is Health.QUIET
    assert report.reason.endswith("days, where usually something comes every day")
    assert scene.read_again().changed is False


# on the command line


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallSite]:
    """A site on this machine that was redesigned, and a folder with a configuration that reads it."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "nothing").encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        site = SmallSite(base=base)
        pages.update({url.removeprefix(base): str(page) for url, page in site.pages().items()})
        pages["/news/index.html"] = redesigned(site)
        (tmp_path / "config.yaml").write_text(
            "fetch:\n  allow: [127.0.0.1]\nstore:\n  url: sqlite:///feeds.db\nsources:\n  news:\n    kind: listing\n"
            f"    url: {site.list_url}\n    category: 新闻\n    container: ul.list\n    items: li\n"
            "    article:\n      body: .content\n",
            encoding="utf-8",
        )
        monkeypatch.chdir(tmp_path)
        yield site
        server.shutdown()
        thread.join()


def test_operator_finds_what_is_wrong_and_what_would_help(home: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refresh", "news"]) == 1
    assert "seen instead: http" in capsys.readouterr().out
    assert main(["health", "news"]) == 1
    told = capsys.readouterr().out
    assert "news is broken since 20" in told
    assert "broken reads in a row: 1; last good read: never" in told
    assert f"seen instead: {home.list_url}, status 200, 《新闻》, 首页" in told
    assert "feedservice preview news --automatic" in told
    assert main(["preview", "news", "--automatic"]) == 0
    told = capsys.readouterr().out
    assert home.title(6) in told
    assert "Left out for this look: container, items, article.body." in told
    lines = told.partition("from now on:\n\n")[2]
    assert lines == (f'sources:\n  news:\n    kind: "listing"\n    category: "新闻"\n    url: "{home.list_url}"\n')
    path = Path("config.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("sources:")[0] + lines, encoding="utf-8")
    assert main(["refresh", "news"]) == 0
    assert "6 new" in capsys.readouterr().out
    main(["health", "--sources"])  # no service runs here, so that it ends with 1 all the same
    assert "news is well since" in capsys.readouterr().out


def test_health_of_a_source_that_is_not_there_is_wrong_use(home: SmallSite) -> None:
    assert main(["health", "town"]) == 2


def test_preview_shows_which_selectors_could_not_be_applied(scene: Scene) -> None:
    rules = ArticleRules(title=("xpath://h1[contains(.)]", "h1"), body=(".content",))
    scene.house.add("odd", "listing", {"url": SITE.list_url}, rules=rules)
    report = preview(scene.house.sources["odd"], 3)
    assert report.found["title"] == "h1"
    assert report.problems == ("the selector 'xpath://h1[contains(.)]' cannot be applied: Invalid number of arguments",)
    assert report.found["body"] == ".content"


def test_preview_shows_where_the_body_begins_and_ends_and_which_rules_found_nothing(scene: Scene) -> None:
    wrong = ".nowhere"
    rules = ArticleRules(title=(wrong, "h1"), body=("h1",), drop=(wrong,), author=(wrong, "regex:(写手)"))
    scene.house.add("odd", "listing", {"url": SITE.list_url}, rules=rules)
    report = preview(scene.house.sources["odd"], 3)
    title = report.article["title"]
    assert report.article["body"] == f"{title} ({len(title):,} characters)"
    assert report.found["body"] == "h1"
    nothing = "none of its selectors finds anything that can be used on this page"
    assert report.problems == (
        f"article.author: {nothing}; the field is found automatically",
        f"article.drop: {nothing}; it leaves nothing out",
    )
    scene.house.add("plain", "listing", {"url": SITE.list_url})
    told = preview(scene.house.sources["plain"], 3).article["body"]
    assert " … " in told
    assert told.endswith(" characters)")
