"""Plain references are joined to plain addresses as RFC 3986 says, and everything else is left to a parser."""

from __future__ import annotations

import random
from urllib.parse import urljoin

import pytest

from feedservice.addresses.joining import plainly_joined
from feedservice.extract.page.links import absolute as absolute_on_pages
from feedservice.sources.addresses import absolute as absolute_in_lists

BASE = "https://www.example.org/news/index.html"
BASES = (
    BASE, "http://example.org", "https://example.org:8080/", "http://example.org/a/b/?x=/c/d#/e/", "http://example.org?x",
    "http://example.org/a/;p/q;r", "http://example.org/a//b", "http://example.org/./b/c", "http://Example.org/x",
    "http://example.org:080/x", "//example.org/x", "", "http://example.org/a;b", "http://a.b./c", "http://-a/b",
    "http://example.org/a/..b/c", "http://example.org/a/b..", "http://example.org/中/b", "http://u@example.org/x/",
)  # fmt: skip
PIECES = (
    "a", "b.html", "..", ".", "/", "//", "?", "x=1", "&", "#", "%", "%41", "%zz", ";", "http:", "https://",
    "example.org", ":80", ":", "@", "中", " ", "\\", "-", "~", "A", "...", "!", "'", "(", "|", "*", "+", "$",
    ",", "=", "[", "]", "WWW.example.org", "\n", "\x00", "://", "\u200b", "\ufeff",
)  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("/a/1.html", "https://www.example.org/a/1.html"),
        ("/", None),
        ("t2026_1.html?page=2", "https://www.example.org/news/t2026_1.html?page=2"),
        ("./202601/1.html", "https://www.example.org/news/202601/1.html"),
        ("https://example.org:8080/%E4%B8%AD/1/", "https://example.org:8080/%E4%B8%AD/1/"),
        ("../1.html", None),
        ("/a/../1.html", None),
        ("/a//1.html", None),
        ("//example.org/1.html", None),
        ("javascript:alert(1)", None),
        ("https://EXAMPLE.org/1", None),
        ("/1.html#part", None),
        ("/1;jsessionid=2", None),
        ("/中.html", None),
        ("/a b.html", None),
        ("", None),
    ],
)
def test_what_is_plain_is_joined(reference: str, address: str | None) -> None:
    assert plainly_joined(BASE, reference) == address


def test_it_comes_to_what_a_parser_comes_to() -> None:
    chance = random.Random(20261128)
    joined = 0
    for _ in range(60_000):
        base = chance.choice(BASES)
        reference = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 8)))
        plain = plainly_joined(base, reference)
        if plain is not None:
            joined += 1
            assert plain == urljoin(base, reference), (base, reference)
            assert plain == absolute_in_lists(base, f"{reference}#")
            assert plain == absolute_on_pages(f"{reference}#", base)
    assert joined > 1_000
