"""Changed rules are applied to the past: from kept pages, without a request; ids and dates stand still."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest

from feedservice.cli import main
from feedservice.config.settings import ArticleRules
from feedservice.errors import Unreadable
from feedservice.model import Article, Extraction, Fields, Page
from feedservice.operating.explain import Explanation, explain
from feedservice.operating.reextract import Reextraction, Reread, reextract
from feedservice.protocols import Store
from feedservice.store import open_store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.small_site import SmallSite
from tests.store_saver import check_file

NAME = "news"
PROMO = "开发区管委会政务大厅每周一至周五上午九点开放，欢迎各企业前来办理各项业务，具体事项可以电话咨询。"
DROP = ArticleRules(drop=(".c7",))
CONFIG = """\
store: {{url: "sqlite:///feeds.db"}}
sources: {{news: {{kind: listing, url: "{}", article: {{drop: .c7}}}}}}
"""
Run = Callable[..., tuple[int, str, str]]


class PromoSite(SmallSite):
    """A site that puts an advertisement of its own into each text."""

    def article_page(self, number: int, *, charset: str = "utf-8") -> str:
        page = super().article_page(number, charset=charset)
        return page.replace('<div class="content">', f'<div class="content"><p class="c7">{PROMO}</p>')


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def site() -> PromoSite:
    return PromoSite()


def opened(store: Store, site: SmallSite, clock: FakeClock) -> House:
    """A house that has read the site once."""
    house = House(store, FakeWeb(site.pages()), clock)
    house.add(NAME, "listing", {"url": site.list_url})
    assert house.refresh(NAME).new == site.count
    house.rebuild()
    clock.pass_(hours=1)
    return house


@pytest.fixture
def house(store: Store, site: PromoSite, clock: FakeClock) -> House:
    return opened(store, site, clock)


def rule(house: House, site: SmallSite, rules: ArticleRules) -> None:
    house.add(NAME, "listing", {"url": site.list_url}, rules=rules)


def run_on(house: House, *, write: bool = True) -> tuple[Reextraction, list[Reread]]:
    told: list[Reread] = []
    done = reextract(
        house.sources[NAME],
        store=house.store,
        clock=house.clock,
        write=write,
        step=lambda done, of, name: None,
        tell=told.append,
    )
    return done, told


def numbers(done: Reextraction) -> tuple[int, int, int, int]:
    return done.changed, done.unchanged, done.refused, done.unkept


def frozen(article: Article) -> tuple[object, ...]:
    """What no reading anew may change."""
    return (
        article.seq, article.id, article.key, article.url, article.published, article.updated, article.first_seen,
        article.arrival, article.categories, article.withdrawn,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the journey


def test_dry_run_shows_what_would_change_and_changes_nothing(house: House, site: PromoSite) -> None:
    assert all(PROMO in article.fields.body for article in house.articles())
    rule(house, site, DROP)
    before, version, asked = house.articles(), house.store.version(), len(house.web.asked)
    done, told = run_on(house, write=False)
    assert (numbers(done), done.stored) == ((6, 0, 0, 0), False)
    assert {(each.url, *((line.field, line.sign, line.text) for line in each.lines)) for each in told} == {
        (site.url(number), ("text", "-", PROMO)) for number in site.numbers()
    }
    assert (house.articles(), house.store.version(), len(house.web.asked)) == (before, version, asked)
    assert house.store.stale() == {}


def test_run_changes_the_past_once_without_a_request_and_moves_no_id_and_no_date(house: House, site: PromoSite) -> None:
    before, items, asked = house.articles(), house.items(), len(house.web.asked)
    rule(house, site, DROP)
    done, told = run_on(house)
    assert (numbers(done), len(told), done.stored) == ((6, 0, 0, 0), 6, True)
    after = house.articles()
    assert [frozen(article) for article in after] == [frozen(article) for article in before]
    assert {article.revision for article in after} == {2}
    assert not any(PROMO in article.fields.body for article in after)
    assert {"all", NAME} <= set(house.store.stale())
    house.rebuild()
    assert house.items() == items
    assert PROMO not in json.dumps(house.json_feed(), ensure_ascii=False)
    assert len(house.web.asked) == asked
    assert [numbers(done) for done, _ in (run_on(house), run_on(house, write=False))] == [(0, 6, 0, 0)] * 2
    assert house.rebuild() == ()


def test_refresh_afterwards_finds_nothing_to_do(house: House, site: PromoSite) -> None:
    rule(house, site, DROP)
    run_on(house)
    house.clock.pass_(days=60)
    report = house.refresh(NAME)
    assert (report.new, report.edited) == (0, 0)
    assert {article.revision for article in house.articles()} == {2}


def test_history_shows_the_revision_as_not_significant(house: House, site: PromoSite) -> None:
    rule(house, site, DROP)
    run_on(house)
    for article in house.articles():
        first, second = house.store.history(article.id)
        assert PROMO in first.fields.body
        assert (second.significant, second.taken_at, second.updated) == (False, house.clock(), first.updated)


# ------------------------------------------------------------------------------------------------ what is no change


def test_same_rules_find_nothing(house: House) -> None:
    assert numbers(run_on(house)[0]) == (0, 6, 0, 0)


def test_other_markup_of_the_same_words_is_no_change(house: House, site: PromoSite) -> None:
    rule(house, site, ArticleRules(body=(".content",), title=("h1",)))
    done, _ = run_on(house)
    assert done.changed == 0
    assert {article.revision for article in house.articles()} == {1}


class ControlSite(SmallSite):
    """A site with references to control characters in whatever is no text of the article."""

    def article_page(self, number: int, *, charset: str = "utf-8") -> str:
        page = super().article_page(number, charset=charset)
        for word in ("新闻动态", "开发区报"):
            page = page.replace(word, f"{word[:2]}&#8;{word[2:]}")
        page = page.replace("来源：", "索引号：AB&#x1;12　作者：张&#x1f;三　责任编辑：李&#11;四　来源：")
        page = page.replace("<head>", '<head><meta name="keywords" content="甲&#8;乙,&#1;,丙丁">')
        return page.replace("</h1>", "&#8;</h1>").replace(
            "</div></body>", '<a href="/a.pdf">附&#8;件.pdf</a></div></body>'
        )


@pytest.mark.parametrize(
    "rules",
    [
        ArticleRules(),
        ArticleRules(author=("css:h1",), breadcrumb=(".crumb a",), editor=("regex:责任编辑：(\\S+)",)),
        ArticleRules(origin=("regex:来源：(\\S+)",), summary=("h1",), title=(".crumb",)),
    ],
)
def test_characters_that_no_store_keeps_are_no_change(store: Store, clock: FakeClock, rules: ArticleRules) -> None:
    site = ControlSite()
    house = opened(store, site, clock)
    rule(house, site, rules)
    run_on(house)
    assert numbers(run_on(house)[0]) == (0, 6, 0, 0)
    assert [fact.name for fact in explained(house, 2, site).fields if fact.now is not None] == []
    fields = house.articles()[0].fields
    assert all(text.isprintable() and text for text in (*fields.authors, *fields.breadcrumb, *fields.tags))


def test_other_date_is_told_and_the_one_that_was_served_stays(house: House, site: PromoSite) -> None:
    before = [frozen(article) for article in house.articles()]
    rule(house, site, ArticleRules(published=("text:2020-02-03 04:05",)))
    done, told = run_on(house)
    assert done.changed == 6
    assert {line.text for line in told[0].lines if line.field == "published" and line.sign == "+"} == {
        "2020-02-03T04:05:00+08:00"
    }
    assert [frozen(article) for article in house.articles()] == before
    assert run_on(house)[0].changed == 0


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (ArticleRules(editor=("text:王五",)), "editor"),
        (ArticleRules(summary=("text:摘要在此",)), "summary"),
        (ArticleRules(author=("text:李四",)), "author"),
        (ArticleRules(origin=("text:新华社",)), "origin"),
        (ArticleRules(breadcrumb=("text:别处",)), "breadcrumb"),
        (ArticleRules(lead_image=("text:https://www.example.org/a.png",)), "picture"),
        (ArticleRules(title=("text:别的标题",)), "title"),
    ],
)
def test_every_field_is_read_anew_and_its_difference_told(
    house: House, site: PromoSite, rules: ArticleRules, field: str
) -> None:
    rule(house, site, rules)
    done, told = run_on(house)
    assert done.changed == 6
    assert {line.field for each in told for line in each.lines} == {field}
    assert run_on(house)[0].changed == 0
    assert {slug for article in house.articles() for slug in article.categories} == {"xinwendongtai"}


# ------------------------------------------------------------------------------------------------ what is left as it is


def test_page_on_which_there_is_no_article_any_more_is_left_and_told(house: House) -> None:
    before = house.articles()

    def refuse(page: Page) -> Extraction:
        raise Unreadable("an error page, not an article")

    source = house.sources[NAME]
    house.sources[NAME] = replace(source, pages=replace(source.pages, read=refuse))
    done, told = run_on(house)
    assert numbers(done) == (0, 0, 6, 0)
    assert {each.problem for each in told} == {"an error page, not an article"}
    assert house.articles() == before


def test_rules_that_would_empty_a_field_change_nothing(house: House) -> None:
    before = house.articles()
    source = house.sources[NAME]
    empty = replace(source.pages, read=lambda page: Extraction(Fields(title="题")))
    house.sources[NAME] = replace(source, pages=empty)
    done, told = run_on(house)
    assert numbers(done) == (0, 0, 6, 0)
    assert {each.problem for each in told} == {"the rules find no body on it any more"}
    assert house.articles() == before


def test_articles_without_a_page_are_counted_and_withdrawn_ones_passed_over(house: House, site: PromoSite) -> None:
    gone, *_ = house.articles()
    with house.store.writing() as writer:
        writer.withdraw(gone.id, house.clock())
    rule(house, site, DROP)
    assert numbers(run_on(house, write=False)[0]) == (5, 0, 0, 0)
    with house.store.writing() as writer:
        writer.shed_captures(0)
    assert numbers(run_on(house)[0]) == (0, 0, 0, 5)
    assert all(PROMO in article.fields.body for article in house.articles())


def feed_of(site: SmallSite, text: str = "") -> str:
    """A feed of the site's articles, whole where it has their text."""
    whole = f"<content:encoded>{escape(text)}</content:encoded>" if text else ""
    items = "".join(
        f"<item><title>{site.title(n)}</title><link>{site.url(n)}</link><guid>{site.url(n)}</guid>{whole}</item>"
        for n in site.numbers()
    )
    return (
        f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>news</title>'
        f"<link>{site.base}/</link><description>news</description>{items}</channel></rss>"
    )


def test_edit_that_came_whole_is_never_put_back_to_the_page_before_it(
    store: Store, site: PromoSite, clock: FakeClock
) -> None:
    feed, text = f"{site.base}/rss.xml", "<p>" + "全文已经由订阅源自己给出，" * 10 + "不再需要网页。</p>"
    house = House(store, FakeWeb(site.pages()), clock)
    house.web.put(feed, feed_of(site), "application/rss+xml")
    house.add(NAME, "feed", {"url": feed})
    assert house.refresh(NAME).new == site.count
    clock.pass_(hours=2)
    house.web.put(feed, feed_of(site, text), "application/rss+xml")
    assert house.refresh(NAME).edited == site.count
    before = house.articles()
    assert numbers(run_on(house)[0]) == (0, 0, 0, 6)
    assert house.articles() == before
    assert explained(house, 2, site).problem.startswith("no page is kept of this article")
    assert store.capture_base(NAME) is None


def test_edit_that_is_a_file_now_is_never_put_back_to_the_page_before_it(house: House, site: PromoSite) -> None:
    site.titles[2] = "开发区重点项目公告全文"
    house.web.put(site.list_url, site.list_page())
    house.web.put(site.url(2), b"%PDF-1.4", "application/pdf")
    assert house.refresh(NAME).edited == 1
    before = house.articles()
    assert numbers(run_on(house)[0]) == (0, 5, 0, 1)
    assert house.articles() == before


def test_run_that_is_cut_short_keeps_what_it_stored_and_the_next_does_the_rest(store: Store, clock: FakeClock) -> None:
    site = PromoSite(count=60)
    house = opened(store, site, clock)
    rule(house, site, DROP)

    def stop(done: int, of: int, name: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reextract(house.sources[NAME], store=store, clock=clock, write=True, step=stop, tell=lambda article: None)
    stored = sum(article.revision == 2 for article in house.articles())
    assert 0 < stored < 60
    assert "all" in store.stale()
    assert numbers(run_on(house)[0]) == (60 - stored, stored, 0, 0)
    assert {article.revision for article in house.articles()} == {2}


@pytest.mark.slow
def test_run_that_is_killed_leaves_whole_articles_and_the_next_does_the_rest(tmp_path: Path) -> None:
    """kill -9 while it works: each article is as it was or wholly as it is now, with its history."""
    site = PromoSite(count=150)
    url = f"sqlite:///{tmp_path}/feeds.db"
    store = open_store(url, FakeClock())
    opened(store, site, FakeClock())
    (tmp_path / "config.yaml").write_text(CONFIG.format(site.list_url))
    command = [sys.executable, "-m", "feedservice", "-c", str(tmp_path / "config.yaml"), "reextract", "news"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "50/150 news\n"
        process.kill()
    check_file(url)
    articles = list(store.every(NAME))
    assert {len(store.history(article.id)) == article.revision for article in articles} == {True}
    assert {(article.revision, PROMO in article.fields.body) for article in articles} == {(1, True), (2, False)}
    store.close()
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    store = open_store(url, FakeClock())
    assert {(article.revision, PROMO in article.fields.body) for article in store.every(NAME)} == {(2, False)}
    assert store.stale() == {}
    store.close()


# ------------------------------------------------------------------------------------------------ beside refreshes


def test_reading_anew_uses_up_no_edits_and_is_no_look(house: House, site: PromoSite) -> None:
    """After more re-readings than edits are allowed, the site's next edit counts as if there had been none."""
    number = 6
    article = next(each for each in house.articles() if each.url == site.url(number))
    before = house.store.known(NAME, [article.key])[article.key]
    for turn in range(24):
        rule(house, site, DROP if turn % 2 == 0 else ArticleRules())
        assert run_on(house)[0].changed == 6
    known = house.store.known(NAME, [article.key])[article.key]
    assert (known.revision, known.quiet, known.fifth_last) == (25, 24, None)
    assert (known.checked, known.offer_digest) == (before.checked, before.offer_digest)
    house.web.put(site.url(number), site.article_page(number).replace("总体顺利", "十分顺利"))
    site.titles[number] = f"{site.title(number)}（更新）"
    house.web.put(site.list_url, site.list_page())
    assert house.refresh(NAME).edited == 1
    edited = house.store.article(article.id)
    assert edited is not None
    assert edited.updated > article.updated


def test_fifth_significant_edit_of_a_day_counts_though_others_stand_between(house: House, site: PromoSite) -> None:
    number, edits = 6, 0
    for turn in range(8):
        text = site.article_page(number).replace("总体顺利", f"总体顺利{turn}")
        house.web.put(site.url(number), text)
        site.titles[number] = f"开发区重点项目第{turn}次更新"
        house.web.put(site.list_url, site.list_page())
        edits += house.refresh(NAME).edited
        rule(house, site, DROP if turn % 2 == 0 else ArticleRules())
        run_on(house)
        house.clock.pass_(minutes=30)
    assert edits == 4  # with the first version, five of one day


def test_reworded_article_comes_into_the_selections_that_take_it_now(house: House, site: PromoSite) -> None:
    house.select(picked={"include": {"author": ["李四"]}})
    rule(house, site, ArticleRules(author=("text:李四",)))
    assert house.articles("picked") == ()
    run_on(house)
    assert len(house.articles("picked")) == site.count


# ------------------------------------------------------------------------------------------------ explaining


def explained(house: House, number: int, site: SmallSite) -> Explanation:
    article = house.store.find(site.url(number))
    assert article is not None
    return explain(article, store=house.store, source=house.sources.get(NAME))


def test_every_field_is_explained_with_where_it_was_found(house: House, site: PromoSite) -> None:
    rule(house, site, ArticleRules(title=("h1",), editor=("regex:(开发区报)",)))
    told = explained(house, 2, site)
    facts = {fact.name: fact for fact in told.fields}
    assert (facts["title"].value, facts["title"].how, facts["title"].now) == (site.title(2), "h1", None)
    assert facts["origins"].how.startswith("label")
    assert (facts["editor"].value, facts["editor"].now, facts["editor"].how) == ("", "开发区报", "regex:(开发区报)")
    assert PROMO in facts["body"].value
    assert (told.pages, told.problem) == ((site.url(2),), "")
    assert told.taken == house.clock() - timedelta(hours=1)


def test_id_dates_and_category_are_explained(house: House, site: PromoSite) -> None:
    decided = {fact.name: fact for fact in explained(house, 2, site).decided}
    assert decided["id"].how == "its first address"
    assert decided["category"].value == "新闻动态 (xinwendongtai)"
    assert decided["category"].how == "the way to its page (breadcrumb)"
    assert (decided["published"].value, decided["published"].how) == (
        "2025-10-03T02:02:00+00:00",
        "as told, to the minute",
    )
    assert decided["updated"].how == "no edit since"
    assert (decided["revisions"].value, decided["revisions"].how) == ("1", "1 significant")


def shelf_of(house: House, article: Article) -> tuple[str, str]:
    """The explained category of an article, and where it comes from."""
    told = explain(article, store=house.store, source=house.sources[article.source])
    return next((fact.value, fact.how) for fact in told.decided if fact.name == "category")


def test_category_is_explained_by_what_leads_there_and_by_nothing_else(store: Store, clock: FakeClock) -> None:
    site = SmallSite(count=1)
    house = opened(store, site, clock)
    (article,) = house.articles()
    assert shelf_of(house, article) == ("新闻动态 (xinwendongtai)", "the way to its page (breadcrumb)")
    house.add(NAME, "listing", {"url": site.list_url}, shelf=("要闻",))
    decided = ("新闻动态 (xinwendongtai)", "as it was decided when it came, or by another source")
    assert shelf_of(house, article) == decided
    house.add(NAME, "listing", {"url": site.list_url}, shelf=("新闻动态",))
    assert shelf_of(house, article) == ("新闻动态 (xinwendongtai)", "the source's setting")
    rule(house, site, ArticleRules(breadcrumb=("text:别处",)))
    run_on(house)
    (article,) = house.articles()
    told = ("新闻动态 (xinwendongtai)", "the way to its page (breadcrumb), as it was when it came")
    assert shelf_of(house, article) == told


def test_category_that_another_source_added_is_no_setting_of_the_first(store: Store, clock: FakeClock) -> None:
    site = SmallSite(count=1)
    house = opened(store, site, clock)
    house.add("other", "listing", {"url": site.list_url}, shelf=("推荐",))
    house.refresh("other")
    (article,) = house.articles()
    value = "新闻动态 (xinwendongtai), 推荐 (tuijian)"
    assert shelf_of(house, article) == (value, "as it was decided when it came, or by another source")


def test_category_that_a_source_tells_itself_is_none_of_a_page(store: Store, clock: FakeClock, tmp_path: Path) -> None:
    house = House(store, FakeWeb({}), clock)
    (tmp_path / "a.md").write_text("---\ntitle: 通知\ncategory: 要闻\n---\n正文")
    house.add("files", "folder", {"path": str(tmp_path)}, folder=tmp_path)
    assert house.refresh("files").new == 1
    (article,) = house.articles()
    assert shelf_of(house, article) == ("要闻 (yaowen)", "told by the source")


def test_what_cannot_be_explained_says_why_and_tells_what_is_known(house: House, site: PromoSite) -> None:
    del house.sources[NAME]
    told = explained(house, 1, site)
    assert "no source 'news' in the configuration" in told.problem
    rule(house, site, ArticleRules())
    with house.store.writing() as writer:
        writer.shed_captures(0)
    told = explained(house, 1, site)
    assert told.problem.startswith("no page is kept of this article")
    assert {fact.name for fact in told.fields} >= {"title", "body"}
    assert told.taken is None


# ------------------------------------------------------------------------------------------------ the commands


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], site: PromoSite) -> Run:
    """A store that a worker has filled, and a configuration with another rule since."""
    store = open_store(f"sqlite:///{tmp_path}/feeds.db", FakeClock())
    opened(store, site, FakeClock())
    store.close()
    (tmp_path / "config.yaml").write_text(CONFIG.format(site.list_url))
    monkeypatch.chdir(tmp_path)
    for variable in ("FEEDSERVICE_CONFIG", "FEEDSERVICE_STORE_URL", "FEEDSERVICE_HOST", "PORT"):
        monkeypatch.delenv(variable, raising=False)

    def run_here(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(args)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_here


def test_command_shows_each_difference_and_stores_it(run: Run, site: PromoSite, tmp_path: Path) -> None:
    code, dry, err = run("reextract", "news", "--dry-run")
    assert (code, err) == (0, "6/6 news\n")
    assert f"{site.title(1)}\n  {site.url(1)}\n  - {PROMO}\n" in dry
    assert dry.splitlines()[-1] == ("news: 6 would change, 0 unchanged, 0 left as they are, 0 of which no page is kept")
    code, wet, _ = run("reextract", "news")
    assert (code, wet) == (0, dry.replace("would change", "changed"))
    store = open_store(f"sqlite:///{tmp_path}/feeds.db", FakeClock())
    assert store.stale() == {}
    document = store.document("/feeds/news.json")
    store.close()
    assert document is not None
    assert PROMO not in document.representations[0].body.decode()
    code, out, _ = run("reextract", "news", "-q")
    assert (code, out) == (0, "news: 0 changed, 6 unchanged, 0 left as they are, 0 of which no page is kept\n")


def test_command_waits_for_no_worker_and_writes_beside_none(run: Run, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/feeds.db", FakeClock())
    with store.acting():
        assert run("reextract", "news", "--dry-run")[0] == 0
        code, out, err = run("reextract", "news")
        assert (code, out) == (1, "")
        assert "worker" in err
    assert {article.revision for article in store.articles("news", 10)} == {1}
    store.close()


def test_command_answers_in_json(run: Run, site: PromoSite) -> None:
    code, out, _ = run("reextract", "news", "--dry-run", "--json")
    document = json.loads(out)
    assert (code, document["changed"], document["stored"]) == (0, 6, False)
    assert {row["url"]: row["changes"] for row in document["articles"]}[site.url(3)] == [
        {"field": "text", "sign": "-", "text": PROMO}
    ]


def test_command_for_an_unknown_source_is_2(run: Run) -> None:
    code, out, err = run("reextract", "nws")
    assert (code, out) == (2, "")
    assert "Did you mean 'news'?" in err


def test_command_explains_an_article(run: Run, site: PromoSite) -> None:
    code, out, err = run("explain", site.url(1))
    assert (code, err) == (0, "")
    assert f"  id: {site.url(1)}   [its first address]\n" in out
    assert f"  title: {site.title(1)}   [" in out
    assert "    the present rules find: " in out
    document = json.loads(run("explain", "--json", site.url(1))[1])
    assert PROMO in document["fields"]["body"]["value"]
    assert PROMO not in document["fields"]["body"]["now"]
    assert document["pages"] == [site.url(1)]


def test_command_says_why_it_cannot_explain(run: Run, site: PromoSite, tmp_path: Path) -> None:
    code, out, err = run("explain", "https://www.example.org/none")
    assert (code, out) == (1, "")
    assert err.startswith("error: there is no article")
    store = open_store(f"sqlite:///{tmp_path}/feeds.db", FakeClock())
    with store.writing() as writer:
        writer.shed_captures(0)
    store.close()
    code, out, err = run("explain", site.url(1))
    assert code == 1
    assert err.startswith("error: no page is kept of this article")
    assert f"  title: {site.title(1)}\n" in out
