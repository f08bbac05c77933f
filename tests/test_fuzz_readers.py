"""Damaged pages and feeds: each is read or refused, whatever was done to it. The long run is benchmarks/fuzz.py."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedservice.sources.markup import has_crowded_tag, text_of
from tests.fakes import FakeWeb
from tests.fuzz_targets import READERS, SEEDS, TOKENS, TYPES, damaged, outcome
from tests.source_support import open_source, read

ROOT = Path(__file__).parents[1]
QUICK = settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = st.lists(st.sampled_from(TOKENS) | st.binary(max_size=20), max_size=40)


@pytest.mark.parametrize("reader", READERS)
@QUICK
@given(seed=st.sampled_from(sorted(SEEDS)), number=st.integers(0, 2**32), kind=st.sampled_from(TYPES))
def test_a_damaged_document_is_read_or_refused(reader: str, seed: str, number: int, kind: str) -> None:
    chance = random.Random(number)
    body = damaged(SEEDS[seed], SEEDS[chance.choice(sorted(SEEDS))], chance)
    assert outcome(reader, body, kind) in ("read", "refused")


@pytest.mark.parametrize("reader", READERS)
@QUICK
@given(pieces=PIECES, kind=st.sampled_from(TYPES))
def test_a_heap_of_pieces_is_read_or_refused(reader: str, pieces: list[bytes], kind: str) -> None:
    assert outcome(reader, b"".join(pieces), kind) in ("read", "refused")


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_what_is_damaged_is_read_when_it_is_whole(name: str) -> None:
    """The seeds are no rubbish: somebody reads each of them."""
    readers = ("feed", "listing", "json", "sitemap", "article", "moment")
    assert "read" in {outcome(reader, SEEDS[name], "") for reader in readers}


# ------------------------------------------------------------------------------------------------ found so

FOUND: dict[str, tuple[str, bytes, str]] = {
    "a charset that only domain names have": (
        "feed", '<rss><channel><title>é</title></channel></rss>'.encode("latin-1"), "text/xml; charset=idna"
    ),
    "a charset of programs": (
        "feed", b'<?xml version="1.0" encoding="unicode_escape"?><rss><title>\xe9\\x</title></rss>', ""
    ),
    "a reference of more digits than Python reads": (
        "feed", b"<rss><channel><item><title>&amp;#" + b"9" * 6_000 + b";</title></item></channel></rss>", ""
    ),
    "a length of more digits than Python reads": (
        "feed",
        b'<rss><item><link>http://example.org/</link><enclosure url="/a" length="' + b"9" * 6_000 + b'"/></item></rss>',
        "",
    ),
    "WordPress at no address": ("auto", b"<html><link rel='https://api.w.org/' href='http://[x'></html>", "text/html"),
    "half of a surrogate pair in an address": (
        "json", b'[{"title":"a title of some words","url":"/\\ud800"}]', "application/json"
    ),
    "half of a surrogate pair in an id": (
        "feed", b'{"items":[{"id":"\\udc00","content_html":"x","title":"x"}]}', "application/json"
    ),
    "a next page at no address": (
        "listing",
        SEEDS["list.html"].replace(b'"index", "html"', b'"http://[x", "html"'),
        "text/html",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_once_broke_a_reader_is_read_or_refused(name: str) -> None:
    assert outcome(*FOUND[name]) in ("read", "refused")


def test_a_reference_beyond_all_characters_is_one_that_cannot_be_shown() -> None:
    assert text_of(f"a &#{'9' * 5_000}; b") == "a \ufffd b"


@given(count=st.integers(0, 60), quote=st.sampled_from(['"', "'"]), held=st.text(alphabet="<>= a/", max_size=5))
@example(count=31, quote='"', held=">")
@settings(derandomize=True, deadline=None)
def test_a_tag_is_crowded_by_its_attributes_whatever_they_hold(count: int, quote: str, held: str) -> None:
    attributes = "".join(f" a{number}={quote}{held}{quote}" for number in range(count))
    assert has_crowded_tag(f"<b><p{attributes}>text = a b c d e f g</p>", 30) == (count > 30)


@pytest.mark.parametrize("tag", ["<a ", '<a x="', "<a x='\"", "<a<", "<a " * 400 + ">", "<a =", "<a /"])
def test_looking_for_crowded_tags_takes_linear_time(tag: str) -> None:
    text = tag * (3_000_000 // len(tag))
    began = time.process_time()
    has_crowded_tag(text, 500)
    assert time.process_time() - began < 2


PIECES_OF_SCRIPTS = ("<script>", "<STYLE a=b>", "</script>", "</style >", "</script", "<scripts>", "<b>", "a", " ", ">")


@given(pieces=st.lists(st.sampled_from(PIECES_OF_SCRIPTS), max_size=12))
@settings(derandomize=True, deadline=None)
def test_words_are_those_outside_of_scripts_that_end(pieces: list[str]) -> None:
    html = "".join(pieces)
    unseen = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
    assert text_of(html) == text_of(unseen.sub(" ", html))


@pytest.mark.parametrize("piece", ["<script>", "<style ", "<script></style>", "<script>x</script", "<style></script >"])
def test_looking_for_words_takes_linear_time(piece: str) -> None:
    """A tenth of it took minutes."""
    text_of(piece * (1_000_000 // len(piece)))


@pytest.mark.slow
def test_a_minute_of_damage_finds_nothing() -> None:
    """The long run, made short; its seed is the day's, so that CI sees something new each time."""
    command = [sys.executable, "benchmarks/fuzz.py", "--minutes", "1", "--seed", str(int(time.time()) // 86_400)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env=os.environ, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "head",
    [
        "url: http://[x",
        "attachments: [http://[x]",
        "attachments: ['http://[x']",
        f"attachments: [{'a' * 5_000}.pdf]",
        "attachments: [loop]",
        "image: '//['",
        f"title: '&#{'9' * 5_000};'",
    ],
)
def test_a_file_with_a_broken_head_costs_no_other_file(tmp_path: Path, head: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "bad.md").write_text(f"---\n{head}\n---\n正文\n")
    (tmp_path / "good.md").write_text("---\ntitle: 好\n---\n正文\n")
    reading = read(open_source("folder", {"path": "."}, folder=tmp_path), FakeWeb())
    assert "好" in {offer.fields.title for offer in reading.offers}
