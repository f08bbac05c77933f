"""Equal articles give equal bytes and entity tags: in every process, locale, time zone, hash order and database."""

from __future__ import annotations

import hashlib
import json
import locale
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from feedservice.config.settings import FeedSettings
from feedservice.protocols import Store
from feedservice.rebuild import make_stale
from feedservice.store import open_store
from tests.emulators import Newsroom
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.store_examples import documents_of

REPOSITORY = Path(__file__).parents[1]
Told = dict[str, list[str]]
SEVERAL = ("2026-01-02", None, "2026-01-04T09:00:00+08:00", "2026-01-05", "2026-01-05", "2027-01-01", "1900-12-30")
MARKUP = (
    '<p>İstanbul’da ı ve i; Größe &amp; Straße; 通知：<a href="/x y">附件</a><img src="//i.example.org/图.png"></p>'
)


def build(store: Store, clock: FakeClock, folder: Path) -> House:
    """A small store with all that may come out one way here and another way there: three sources, edits, categories."""
    house = House(store, web := FakeWeb(), clock)
    house.settings = FeedSettings.model_validate({"items": 6, "of": {"second": {"dates": "arrival"}}})
    first, second = Newsroom(web), Newsroom(web, "https://other.example.org")
    (edited, *_) = first.publish(*SEVERAL, body=MARKUP)
    second.publish("2026-01-03T10:00:00Z", "2026-01-03T10:00:00Z", title="IĞDIR I, i，镕")
    for number in range(3):
        (folder / f"{number}.md").write_text(
            f"---\ntitle: 第{number}篇\ndate: 2025-12-3{number % 2}\n---\n正文 {number}\n"
        )
    house.add("first", "feed", {"url": first.url}, shelf=("资讯动态", "其他信息"))
    house.add("second", "feed", {"url": second.url}, shelf=("İlanlar",))
    house.add("files", "folder", {"path": "."}, shelf=(), folder=folder)
    step(house)
    first.edit(edited, title="改过的标题", body="<p>改过的正文</p>")
    second.publish(None, "2025-01-01", "2026-01-05")
    clock.pass_(hours=2)
    step(house)
    return house


def step(house: House) -> None:
    """Read every source and write the feeds."""
    for name in house.sources:
        report = house.refresh(name)
        assert not report.failed, report.reason
    for published in house.rebuild():
        assert (published.isolated, published.failures) == ((), ())


def told(store: Store) -> Told:
    """All that a subscriber can tell of every document: its dates, and tag and digest of each coding, by path."""
    return {
        document.path: [
            f"{document.media_type} {document.last_modified.isoformat()}",
            *(
                f"{each.coding} {each.etag} {hashlib.sha256(each.body).hexdigest()}"
                for each in document.representations
            ),
        ]
        for document in documents_of(store)
    }


def main() -> None:
    """`python -m tests.test_determinism URL`: build the small store there and tell of it."""
    locale.setlocale(locale.LC_ALL, "")
    store = open_store(sys.argv[1], clock := FakeClock())
    with tempfile.TemporaryDirectory() as folder:
        build(store, clock, Path(folder))
    print(json.dumps({"locale": locale.setlocale(locale.LC_ALL), "told": told(store)}))
    store.close()


def in_a_process(url: str, expected_locale: str = "C", **environment: str) -> Told:
    """What the documents come out as in a process of its own with this environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    run = subprocess.run(
        [sys.executable, "-m", "tests.test_determinism", url],
        env={**kept, "LC_ALL": "C", "PYTHONUTF8": "1", "PYTHONPATH": str(REPOSITORY), **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer["locale"] == expected_locale
    found: Told = answer["told"]
    return found


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the documents come out as in an ordinary process."""
    return in_a_process(f"sqlite:///{tmp_path_factory.mktemp('usual')}/a.db", TZ="UTC", PYTHONHASHSEED="0")


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for locales that are compiled for these tests."""
    return tmp_path_factory.mktemp("locales")


def the_locale(name: str, folder: Path) -> dict[str, str]:
    """The environment for a locale, compiled where this machine has only its definition; skips where it has neither."""
    try:
        before = locale.setlocale(locale.LC_ALL)
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        compiler = shutil.which("localedef")
        if compiler is None:
            pytest.skip(f"the locale {name} is not installed, and there is no localedef to compile it")
        command = [compiler, "-i", name.split(".")[0], "-f", "UTF-8", str(folder / name)]
        if subprocess.run(command, capture_output=True, check=False, timeout=120).returncode != 0:
            pytest.skip(f"the locale {name} is not installed, and its definition is not there to be compiled")
        return {"LC_ALL": name, "LOCPATH": str(folder)}
    locale.setlocale(locale.LC_ALL, before)
    return {"LC_ALL": name}


def test_small_store_has_something_of_everything(usual: Told) -> None:
    """Otherwise equal bytes would prove little."""
    suffixes = {path.rsplit(".", 1)[1] for path in usual}
    assert suffixes == {"rss", "atom", "json", "xml"}
    assert {"/feeds/all.rss", "/feeds/second.atom", "/feeds/zixundongtai.json", "/opml.xml"} <= usual.keys()
    assert all(len(lines) >= 3 for lines in usual.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["zh_CN.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_locale_changes_nothing(usual: Told, sqlite_url: str, locales: Path, name: str) -> None:
    assert in_a_process(sqlite_url, name, **the_locale(name, locales), TZ="UTC", PYTHONHASHSEED="0") == usual


@pytest.mark.parametrize(
    ("zone", "seed"), [pytest.param("Asia/Shanghai", "1", marks=pytest.mark.slow), ("America/St_Johns", "random")]
)
def test_time_zone_of_the_machine_and_hash_seed_change_nothing(
    usual: Told, sqlite_url: str, zone: str, seed: str
) -> None:
    assert in_a_process(sqlite_url, TZ=zone, PYTHONHASHSEED=seed) == usual


@pytest.mark.slow
def test_kind_of_database_changes_nothing(usual: Told, postgres_url: str) -> None:
    assert in_a_process(postgres_url, TZ="UTC", PYTHONHASHSEED="0") == usual


def test_restart_and_full_rebuild_change_no_byte_and_no_date(store_url: str, clock: FakeClock, tmp_path: Path) -> None:
    """Nor do they make a new version of anything, so that no web process loads a document anew."""
    store = open_store(store_url, clock)
    house = build(store, clock, tmp_path)
    before = documents_of(store)
    assert before
    store.close()
    clock.pass_(days=40)
    house.store = open_store(store_url, clock)
    house.define()
    make_stale(house.store, None)
    published = house.rebuild()
    assert {result.feed for result in published} == {feed.name for feed in house.store.feeds()}
    assert sum(result.documents_changed for result in published) == 0
    assert documents_of(house.store) == before
    house.store.close()


def test_reading_the_same_again_changes_no_byte_and_no_date(store: Store, clock: FakeClock, tmp_path: Path) -> None:
    house = build(store, clock, tmp_path)
    before = documents_of(store)
    for _ in range(3):
        clock.now += timedelta(hours=7)
        step(house)
    assert documents_of(store) == before


if __name__ == "__main__":
    main()
