"""A folder of written articles: what front matter says, what a body becomes, what happens to a file with a mistake."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from lxml.html import HtmlElement, document_fromstring
from pydantic import ValidationError

from feedservice.errors import Unreadable
from feedservice.model import Attachment, Health, Offer, Reading
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.source_support import CORPORA, needs_corpora, open_source, read, shown

EXAMPLES = Path(__file__).parents[1] / "examples"
CONFERENCE = "2024-09-25-high-quality-development-conference.md"


def folder(tmp_path: Path, files: Mapping[str, str | bytes], **options: object) -> Reading:
    """Read a folder of these files."""
    for name, text in files.items():
        path = tmp_path / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(open_source("folder", {"path": "articles", **options}, folder=tmp_path), FakeWeb())


def only(reading: Reading) -> Offer:
    assert not reading.problems
    (offer,) = reading.offers
    return offer


def test_shipped_examples_are_read_whole() -> None:
    """The first run of a fresh checkout: every file, no complaint, newest first, all categories."""
    reading = read(open_source("folder", {"path": EXAMPLES.name}, folder=EXAMPLES.parent), FakeWeb())
    assert not reading.problems
    assert len(reading.offers) == len(list(EXAMPLES.iterdir()))
    assert all(offer.complete and offer.fields.body for offer in reading.offers)
    dates = [offer.fields.published.at for offer in reading.offers if offer.fields.published]
    assert len(dates) == len(reading.offers)
    assert dates == sorted(dates, reverse=True)
    assert {offer.fields.breadcrumb for offer in reading.offers} == {
        ("资讯动态", "其他信息"),
        ("资讯动态", "泰达要闻"),
        ("资讯动态", "通知公告"),
    }


def paragraphs(root: HtmlElement) -> list[str]:
    """The texts of the paragraphs, without white space."""
    texts = ("".join(node.text_content().split()) for node in root.iter("p"))
    return [text for text in texts if text]


@needs_corpora
def test_shipped_conference_article_is_word_for_word() -> None:
    reading = read(open_source("folder", {"path": EXAMPLES.name}, folder=EXAMPLES.parent), FakeWeb())
    offer = next(offer for offer in reading.offers if offer.key == CONFERENCE)
    page = document_fromstring((CORPORA / "seed-site/site/zxdt/qtxx/202409/t20240925_1224.html").read_text())
    original = paragraphs(next(node for node in page.iter("div") if node.get("id") == "zoom"))
    assert len(original) == 9
    assert paragraphs(document_fromstring(offer.fields.body)) == original
    assert offer.fields.title == "进一步推动滨海新区高质量发展大会召开"
    assert shown(offer.fields.published) == "2024-09-25 21:01"
    assert offer.fields.origins == ("天津日报", "天津经开区—泰达")
    assert offer.fields.lead_image is not None
    assert f'src="{offer.fields.lead_image}"' in offer.fields.body


def test_front_matter_becomes_fields(tmp_path: Path) -> None:
    text = """---
title: 一则消息
date: 2024-09-25 21:01
updated: 2024-09-26T08:00:00+08:00
category: 资讯动态 > 其他信息
source: 天津日报、示例网
author: [张三, 李四]
editor: 王五
tags: 甲, 乙
image: /i/a.png
url: https://www.example.org/n/1.html
id: tag:example.org,2024:1
summary: 短
language: zh-CN
extras: {索引号: A-1, 文号: 〔2024〕1号}
attachments:
  - files/a.pdf
  - {url: https://www.example.org/b.docx, name: 乙.docx, type: application/msword, length: "20"}
layout: post
---
正文
"""
    offer = only(folder(tmp_path, {"deep/one.md": text}))
    fields = offer.fields
    assert (offer.key, offer.url) == ("deep/one.md", "https://www.example.org/n/1.html")
    assert offer.permanent_id == "tag:example.org,2024:1"
    assert offer.complete
    assert fields.title == "一则消息"
    assert (shown(fields.published), shown(fields.updated)) == ("2024-09-25 21:01", "2024-09-26 08:00:00")
    assert fields.breadcrumb == ("资讯动态", "其他信息")
    assert fields.origins == ("天津日报", "示例网")
    assert (fields.authors, fields.editor) == (("张三", "李四"), "王五")
    assert fields.tags == ("甲", "乙")
    assert fields.lead_image == "https://www.example.org/i/a.png"
    assert (fields.summary, fields.language) == ("短", "zh-CN")
    assert fields.extras == (("索引号", "A-1"), ("文号", "〔2024〕1号"))
    assert fields.attachments == (
        Attachment(url="https://www.example.org/n/files/a.pdf", name="a.pdf"),
        Attachment(url="https://www.example.org/b.docx", name="乙.docx", media_type="application/msword", length=20),
    )
    assert fields.body == "<p>正文</p>"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-09-25", "2024-09-25"),
        ("2024-09-25 21:01", "2024-09-25 21:01"),
        ("2024-09-25 21:01:30", "2024-09-25 21:01:30"),
        ("2024年9月25日", "2024-09-25"),
    ],
)
def test_date_keeps_the_precision_it_was_written_with(tmp_path: Path, written: str, expected: str) -> None:
    offer = only(folder(tmp_path, {"a.md": f"---\ntitle: x\ndate: {written}\n---\ny"}))
    assert shown(offer.fields.published) == expected


@pytest.mark.parametrize("written", ["2024", "yes", "1.10", "'null'", "08"])
def test_title_is_the_text_as_written(tmp_path: Path, written: str) -> None:
    """YAML would make numbers, truths and nothing of these."""
    assert only(folder(tmp_path, {"a.md": f"---\ntitle: {written}\n---\ny"})).fields.title == written.strip("'")


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    offer = only(folder(tmp_path, {"a.md": "# Road works\n\nThe road is closed.\n"}))
    assert offer.fields.title == "Road works"
    assert offer.fields.body == "<p>The road is closed.</p>"
    assert (offer.url, offer.permanent_id, offer.fields.published) == (None, None, None)


def test_heading_that_repeats_the_title_is_left_out(tmp_path: Path) -> None:
    reading = folder(
        tmp_path, {"a.md": "---\ntitle: Road works\n---\n# Road works\n\nx", "b.md": "---\ntitle: T\n---\n# Other\n\nx"}
    )
    assert [offer.fields.body for offer in reading.offers] == ["<p>x</p>", "<h1>Other</h1>\n<p>x</p>"]


def test_file_name_is_the_last_resort_for_a_title(tmp_path: Path) -> None:
    assert only(folder(tmp_path, {"Annual report.md": "Text"})).fields.title == "Annual report"


def test_html_document_gives_its_body_and_title(tmp_path: Path) -> None:
    html = "<!DOCTYPE html><html><head><title> A title </title></head><body><p>a &lt; b</p><p>c</body></html>"
    offer = only(folder(tmp_path, {"a.html": html}))
    assert offer.fields.title == "A title"
    assert offer.fields.body == "<p>a &lt; b</p><p>c</p>"


def test_html_fragment_after_front_matter_stays_as_it_is(tmp_path: Path) -> None:
    offer = only(folder(tmp_path, {"a.htm": "---\ntitle: t\n---\nfree &amp; <b>bold</b><table><tr><td>1</table>"}))
    assert offer.fields.body == "free &amp; <b>bold</b><table><tr><td>1</td></tr></table>"


def test_gbk_file_is_read(tmp_path: Path) -> None:
    offer = only(
        folder(tmp_path, {"a.md": "---\ntitle: 关于施工期间交通管制的公告\n---\n因道路施工，请绕行。\n".encode("gbk")})
    )
    assert offer.fields.title == "关于施工期间交通管制的公告"


def test_relative_addresses_start_from_the_articles_own(tmp_path: Path) -> None:
    text = (
        "---\ntitle: t\nurl: https://www.example.org/n/1.html\n---\n![p](a.png) [l](2.html) [m](mailto:a@example.org)"
    )
    body = only(folder(tmp_path, {"x/a.md": text})).fields.body
    assert 'src="https://www.example.org/n/a.png"' in body
    assert 'href="https://www.example.org/n/2.html"' in body
    assert 'href="mailto:a@example.org"' in body


def test_media_url_stands_for_the_folder(tmp_path: Path) -> None:
    """A picture beside the file is found at the same place below the public address; its size is known."""
    text = (
        "---\ntitle: t\nurl: https://www.example.org/n/1.html\nattachments: [表 1.pdf]\n---\n![p](a.png) ![q](../b.png)"
    )
    reading = folder(tmp_path, {"x/a.md": text, "x/表 1.pdf": "12345"}, media_url="https://media.example.org/files")
    fields = only(reading).fields
    assert 'src="https://media.example.org/files/x/a.png"' in fields.body
    assert 'src="https://media.example.org/files/b.png"' in fields.body
    assert fields.attachments == (
        Attachment(url="https://media.example.org/files/x/%E8%A1%A8%201.pdf", name="表 1.pdf", length=5),
    )


def test_picture_without_a_public_address_is_left_out_and_said(tmp_path: Path) -> None:
    """A feed with a broken picture helps nobody; the text of a broken link stays."""
    reading = folder(tmp_path, {"a.md": "---\ntitle: t\n---\nOne\n\n![p](a.png) and [a link](b.html)"})
    (offer,) = reading.offers
    assert offer.fields.body == "<p>One</p>\n<p> and a link</p>"
    assert [problem.partition(": ")[0] for problem in reading.problems] == ["articles/a.md:6", "articles/a.md:6"]
    assert "media_url" in reading.problems[0]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("---\ntitle: a\ndate: someday\n---\n", 3, "someday"),
        ("---\ntitle: a\ntitle: b\n---\n", 3, "twice"),
        ("---\ntitle: [a\n---\n", 3, "YAML"),
        ("---\ntitle: 'a\n---\n", 3, "YAML"),
        ("---\ntitle: a\n", 1, "never closed"),
        ("---\n- a\n---\n", 2, "not a list"),
        ("---\ntitle: a\nurl: /n/1.html\n---\n", 3, "url"),
        ("---\ntitle: a\nid: 17\n---\n", 3, "IRI"),
        ("---\ntitle: {a: b}\n---\n", 2, "title"),
        ("---\ntitle: a\ntags: [[b]]\n---\n", 3, "tags"),
        ("---\ntitle: a\nattachments:\n  - {name: b}\n---\n", 4, "attachments"),
        ("---\ntitle: a\nattachments:\n  - {url: b, length: long}\n---\n", 4, "length"),
    ],
)
def test_mistake_in_one_file_is_named_and_spares_the_others(tmp_path: Path, text: str, line: int, part: str) -> None:
    reading = folder(tmp_path, {"bad.md": text, "good.md": "---\ntitle: good\n---\nx"})
    assert [offer.fields.title for offer in reading.offers] == ["good"]
    (problem,) = reading.problems
    assert problem.startswith(f"articles/bad.md:{line}: ")
    assert part in problem


@pytest.mark.parametrize("text", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", bytes(400)], ids=["", "space", "mark", "NUL"])
def test_file_that_is_being_written_anew_is_no_article(tmp_path: Path, text: bytes) -> None:
    reading = folder(tmp_path, {"2026-annual-report.md": text, "good.md": "---\ntitle: good\n---\nx"})
    assert [offer.key for offer in reading.offers] == ["good.md"]
    assert reading.problems == ("articles/2026-annual-report.md:1: nothing is written in it",)


def test_misspelt_field_is_said_and_its_article_read(tmp_path: Path) -> None:
    reading = folder(tmp_path, {"a.md": "---\ntitle: t\ncatgory: x\nweight: 3\n---\ny"})
    assert len(reading.offers) == 1
    assert reading.problems == ("articles/a.md:3: unknown field 'catgory': did you mean 'category'?",)


def test_nested_aliases_are_refused_at_once(tmp_path: Path) -> None:
    """A billion laughs in YAML."""
    lines = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    reading = folder(
        tmp_path, {"bomb.md": "---\n" + "\n".join(lines) + "\ntags: *a11\n---\n", "good.md": "---\ntitle: t\n---\n"}
    )
    assert [offer.key for offer in reading.offers] == ["good.md"]
    assert "bomb.md" in reading.problems[0]


def test_drafts_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    reading = folder(
        tmp_path,
        {
            "a.md": "---\ntitle: t\ndraft: true\n---\n",
            ".hidden.md": "# no",
            ".git/b.md": "# no",
            "c.txt": "no",
            "d.md": "# yes",
        },
    )
    assert [offer.key for offer in reading.offers] == ["d.md"]


def test_undated_articles_come_last(tmp_path: Path) -> None:
    reading = folder(
        tmp_path,
        {
            "a.md": "# undated",
            "b.md": "---\ndate: 2024-01-02\n---\n# older",
            "c.md": "---\ndate: 2024-01-03\n---\n# newer",
        },
    )
    assert [offer.fields.title for offer in reading.offers] == ["newer", "older", "undated"]


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="articles: no such folder"):
        folder(tmp_path, {})


def test_empty_folder_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    assert folder(tmp_path, {}) == Reading()


def test_folder_of_nothing_but_mistakes_is_an_error(tmp_path: Path) -> None:
    """A wrong encoding of the front matter must not look like an empty folder."""
    with pytest.raises(Unreadable, match=r"a\.md:3"):
        folder(tmp_path, {"a.md": "---\ntitle: a\ndate: never\n---\n"})


def test_old_files_that_are_away_for_a_read_are_no_news_when_they_are_back(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """As when a disk is away, or the folder is filled anew."""
    house = House(store, FakeWeb(), clock)
    house.add("news", "folder", {"path": "news"}, folder=tmp_path, limit=2)
    for number in range(1, 7):
        path = tmp_path / "news" / f"{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: Number {number}\ndate: 2025-12-0{number}\n---\nText.")
    assert house.refresh("news").new == 2
    shutil.move(tmp_path / "news" / "3.md", tmp_path)
    clock.pass_(hours=1)
    assert house.refresh("news").new == 0
    shutil.move(tmp_path / "3.md", tmp_path / "news")
    clock.pass_(hours=1)
    assert house.refresh("news").new == 0


def test_copy_that_kept_the_id_of_its_model_is_told_of_and_spares_the_model(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Its text took the place of the stored one's at every other read, and it was never published."""
    house = House(store, FakeWeb(), clock)
    house.add("news", "folder", {"path": "news"}, folder=tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "b.md").write_text("---\ntitle: First\nid: tag:example.org,2026:1\n---\nOne.")
    assert house.refresh("news").new == 1
    copy = tmp_path / "news" / "a.md"
    copy.write_text("---\ntitle: Second\nid: tag:example.org,2026:1\n---\nTwo.")
    for _ in range(3):
        clock.pass_(hours=1)
        report = house.refresh("news")
        assert (report.health, report.new, report.edited) == (Health.WELL, 0, 0)
        assert report.problems == ("news/a.md: left out: the id in it is that of news/b.md",)
    copy.write_text("---\ntitle: Second\nid: tag:example.org,2026:2\n---\nTwo.")
    assert house.refresh("news").new == 1
    assert [(each.fields.title, each.revision) for each in house.articles()] == [("Second", 1), ("First", 1)]


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user whom the file system may refuse something; it refuses root nothing."""
    before = os.geteuid()
    os.seteuid(before or 65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def three_folders() -> Iterator[Path]:
    """A folder with an article in it and in each of two below it, all of them nobody's where this is root."""
    root = Path(tempfile.mkdtemp())
    for name in ("a.md", "news/b.md", "private/c.md"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(f"---\ntitle: {name}\n---\ntext")
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, 65534, 65534)
    yield root
    shutil.rmtree(root)


@pytest.mark.parametrize("mode", [0o000, 0o444], ids=["closed", "listed"])
def test_folder_below_that_is_closed_is_told_of_and_spares_the_others(three_folders: Path, mode: int) -> None:
    """One whose files may be listed but not opened is no fault of the program either."""
    source = open_source("folder", {"path": str(three_folders)})
    assert len(read(source, FakeWeb()).offers) == 3
    (three_folders / "private").chmod(mode)
    with as_nobody():
        reading = read(source, FakeWeb())
    assert [offer.key for offer in reading.offers] == ["a.md", "news/b.md"]
    (problem,) = reading.problems
    assert problem.startswith(f"{three_folders}/private")
    assert problem.endswith("cannot be read: Permission denied")
    (three_folders / "private").chmod(0o755)


def test_closed_folder_that_holds_no_articles_is_not_told_of(three_folders: Path) -> None:
    source = open_source("folder", {"path": str(three_folders), "files": ["*.md", "news/**/*.md"]})
    assert len(read(source, FakeWeb()).offers) == 2
    (three_folders / "private").chmod(0)
    with as_nobody():
        reading = read(source, FakeWeb())
    assert (len(reading.offers), reading.problems) == (2, ())
    (three_folders / "private").chmod(0o755)


@pytest.mark.parametrize("path", ["", "private", "private/deep"])
def test_closed_folder_is_an_error(three_folders: Path, path: str) -> None:
    """It must not look like an empty one."""
    root = three_folders / path
    source = open_source("folder", {"path": str(root)})
    (three_folders / "private").chmod(0)
    three_folders.chmod(0o755 if path else 0)
    with as_nobody(), pytest.raises(Unreadable, match="cannot be read: Permission denied"):
        read(source, FakeWeb())
    three_folders.chmod(0o755)
    (three_folders / "private").chmod(0o755)


def test_impossible_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read: File name too long"):
        read(open_source("folder", {"path": "x" * 300}, folder=tmp_path), FakeWeb())


def test_file_whose_name_is_no_text_is_told_of_and_spares_the_others(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xb9\xab\xb8\xe6.md")
    reading = folder(tmp_path, {name: "---\ntitle: bad\n---\nx", "good.md": "---\ntitle: good\n---\nx"})
    assert [offer.key for offer in reading.offers] == ["good.md"]
    assert reading.problems == (r"articles/\xb9\xab\xb8\xe6.md:1: its name is not UTF-8",)


def test_folder_of_nothing_but_drafts_is_empty_whatever_is_odd_about_them(tmp_path: Path) -> None:
    reading = folder(tmp_path, {"a.md": "---\ntitle: t\ncatgory: x\ndraft: true\n---\ny"})
    assert reading.offers == ()
    assert reading.problems == ("articles/a.md:3: unknown field 'catgory': did you mean 'category'?",)


@pytest.mark.slow
def test_more_files_than_are_read_are_told_of(tmp_path: Path) -> None:
    root = tmp_path / "articles"
    root.mkdir()
    (root / "00000.md").write_text("# An article")
    (root / "00001.md").touch()
    for number in range(2, 20_002):
        (root / f"{number:05}.md").hardlink_to(root / "00001.md")
    reading = folder(tmp_path, {})
    assert len(reading.offers) == 1
    assert (
        reading.problems[-1] == "only the first 20,000 of 20,002 files were read, up to that before articles/20000.md"
    )


def test_patterns_that_lead_out_of_the_folder_are_refused() -> None:
    """They found nothing: what begins with a dot is hidden."""
    for pattern in ("../*.md", "news/../../**/*.md"):
        with pytest.raises(ValidationError, match=r"none leads out of the folder with \.\."):
            open_source("folder", {"path": "articles", "files": [pattern]})


def test_files_of_one_name_in_two_folders_have_links_of_their_own(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Readers that go by links would take the second article for one that they have seen."""
    house = House(store, FakeWeb(), clock)
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.md").write_text(f"# {name}\n\n正文。\n", encoding="utf-8")
        house.add(name, "folder", {"path": name}, folder=tmp_path)
        house.refresh(name)
    assert len({article.url for article in house.articles()}) == 2
