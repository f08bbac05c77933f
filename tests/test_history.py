"""What an article was: every version is kept, and how each differs from the one before can be read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from feedservice.cli import main
from feedservice.model import Attachment, Fields
from feedservice.protocols import Store
from feedservice.words.differences import difference
from tests.store_examples import START, arrival, edit, intake, save
from tests.test_withdrawing import CONFIG

Run = Callable[..., tuple[int, str, str]]


def said(before: Fields, after: Fields) -> list[str]:
    return [f"{line.sign} {line.field}: {line.text}" for line in difference(before, after)]


def marked(before: Fields, after: Fields) -> list[str]:
    """The changed words of each line."""
    return ["|".join(piece.text for piece in line.pieces if piece.changed) for line in difference(before, after)]


# ------------------------------------------------------------------------------------------------ the store


def test_history_has_every_version_oldest_first_with_its_time_and_weight(store: Store) -> None:
    (one,) = save(store, intake(arrival(1, fields=Fields(title="a", body="<p>1</p>"))))
    second, third = START + timedelta(hours=1), START + timedelta(hours=2)
    save(store, intake(edits=[edit(1, fields=Fields(title="b", body="<p>2</p>"), updated=second)], at=second))
    save(store, intake(edits=[edit(1, fields=Fields(title="b", body="<p>3</p>"), digest="x")], at=third))
    history = store.history(one.id)
    assert [(r.number, r.taken_at, r.significant, r.updated) for r in history] == [
        (1, START, True, one.updated),
        (2, second, True, second),
        (3, third, False, second),
    ]
    assert [(r.fields.title, r.fields.body) for r in history] == [
        ("a", "<p>1</p>"),
        ("b", "<p>2</p>"),
        ("b", "<p>3</p>"),
    ]
    assert store.history("nothing") == ()


def test_history_of_an_article_that_was_withdrawn_stays(store: Store) -> None:
    (one,) = save(store, intake(arrival(1)))
    with store.writing() as writer:
        writer.withdraw(one.id, START)
    assert [revision.fields for revision in store.history(one.id)] == [one.fields]


# ------------------------------------------------------------------------------------------------ differences


def test_chinese_differs_by_characters_and_latin_by_words() -> None:
    assert marked(Fields(title="滨海新区大会召开"), Fields(title="滨海新城大会召开")) == ["区", "城"]
    assert marked(Fields(title="The town meets on Monday"), Fields(title="The town meets on Sunday")) == [
        "Monday",
        "Sunday",
    ]
    assert marked(Fields(title="共 1,200 人"), Fields(title="共 1,300 人")) == ["1,200", "1,300"]


def test_only_paragraphs_that_changed_are_shown() -> None:
    before = Fields(body="<p>第一段</p><p>第二段</p><p>第三段</p>")
    after = Fields(body="<p>第一段</p><p>第三段</p><p>第四段 &amp; 完</p>")
    assert said(before, after) == ["- text: 第二段", "+ text: 第四段 & 完"]


def test_what_stands_far_from_a_change_is_left_out() -> None:
    before = Fields(body=f"<p>{'甲' * 300}三百万元{'乙' * 300}</p>")
    after = Fields(body=f"<p>{'甲' * 300}四百万元{'乙' * 300}</p>")
    assert said(before, after) == [
        f"- text: …{'甲' * 20}三百万元{'乙' * 17}…",
        f"+ text: …{'甲' * 20}四百万元{'乙' * 17}…",
    ]


def test_summary_authors_links_and_files_are_told_apart() -> None:
    before = Fields(summary="旧", authors=("张三",), body='<p><img src="https://example.org/1.png">文</p>')
    file = Attachment(url="https://example.org/a.pdf")
    after = Fields(summary="新", authors=("李四",), body="<p>文</p>", attachments=(file,))
    assert said(before, after) == [
        "- summary: 旧",
        "+ summary: 新",
        "- author: 张三",
        "+ author: 李四",
        "- link: https://example.org/1.png",
        "+ file: https://example.org/a.pdf",
    ]


def test_markup_and_white_space_are_no_difference() -> None:
    assert said(Fields(body="<p>a  b</p>"), Fields(body="<div>a\nb</div>")) == []


def test_largest_bodies_are_compared_within_a_second_or_two() -> None:
    """Texts that share nothing, and ones that share everything but an end."""
    one, other = "甲乙丙丁" * 100_000, "戊己庚辛" * 100_000
    began = time.monotonic()
    difference(Fields(body=f"<p>{one}</p>"), Fields(body=f"<p>{other}</p>"))
    difference(Fields(body=f"<p>{one}</p>"), Fields(body=f"<p>{one}尾</p>"))
    paragraphs = [f"<p>{number}</p>" for number in range(20_000)]
    difference(Fields(body="".join(paragraphs)), Fields(body="".join(reversed(paragraphs))))
    assert time.monotonic() - began < 10


# ------------------------------------------------------------------------------------------------ the command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A town whose one article was edited once."""
    article = tmp_path / "articles" / "school.md"
    article.parent.mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    for variable in ("FEEDSERVICE_CONFIG", "FEEDSERVICE_STORE_URL", "FEEDSERVICE_HOST", "PORT"):
        monkeypatch.delenv(variable, raising=False)

    def run_here(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(args)
        told = capsys.readouterr()
        return code, told.out, told.err

    for day in ("Monday", "Tuesday"):
        article.write_text(f"---\ntitle: Evening school\ndate: 2024-09-26\n---\nIt begins.\n\nIt begins on {day}.\n")
        assert run_here("refresh", "-q")[0] == 0
    return run_here


def name_of(home: Path) -> str:
    feed = json.loads(_document(home))
    name: str = feed["items"][0]["id"]
    return name


def _document(home: Path) -> bytes:
    from feedservice.store import open_store
    from tests.fakes import FakeClock

    store = open_store(f"sqlite:///{home}/feeds.db", FakeClock())
    document = store.document("/feeds/all.json")
    store.close()
    assert document is not None
    return document.representations[0].body


def test_command_shows_each_version_and_what_it_changed(run: Run, tmp_path: Path) -> None:
    name = name_of(tmp_path)
    code, out, err = run("history", name)
    lines = out.splitlines()
    assert (code, err, lines[0]) == (0, "", name)
    assert [line.partition(":")[0] for line in lines if line[:1].isdigit()] == ["1", "2"]
    assert lines[-2:] == ["- It begins on Monday.", "+ It begins on Tuesday."]
    assert "\x1b" not in out


def test_changed_words_are_coloured_on_a_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    name = name_of(tmp_path)
    assert "\x1b[32m\x1b[1m\x1b[4mTuesday" in run("history", name)[1]
    assert "\x1b" not in run("history", name, "--no-color")[1]


def test_command_tells_that_the_article_is_withdrawn(run: Run, tmp_path: Path) -> None:
    name = name_of(tmp_path)
    run("withdraw", name)
    assert run("history", name)[1].splitlines()[-1].startswith("withdrawn: ")


def test_command_answers_in_json(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("history", "--json", name_of(tmp_path))
    document = json.loads(out)
    assert code == 0
    assert [(each["number"], each["significant"], each["title"]) for each in document["revisions"]] == [
        (1, True, "Evening school"),
        (2, True, "Evening school"),
    ]
    assert document["revisions"][1]["changes"] == [
        {"field": "text", "sign": "-", "text": "It begins on Monday."},
        {"field": "text", "sign": "+", "text": "It begins on Tuesday."},
    ]


def test_command_for_an_unknown_article_is_1_with_one_line(run: Run) -> None:
    code, out, err = run("history", "https://www.example.org/none")
    assert (code, out) == (1, "")
    assert err.startswith("error: there is no article 'https://www.example.org/none'")
    assert err.count("\n") == 1
