"""White space of every kind, as texts of pages have it."""

from __future__ import annotations

import html
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.extract.text.wording import bare, squeeze, unescape, words

SPACE = re.compile(r"[\s\u200b\u2060\ufeff]+")


def test_every_white_space_character_is_one_and_no_other_is() -> None:
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        assert (bare(f"a{character}b") == "ab") == bool(SPACE.fullmatch(character)), hex(number)


@given(st.text(st.sampled_from("ab字 \n\t\x1c\x85\u00a0\u3000\u200b\u2060\ufeff\u2028"), max_size=40))
def test_runs_are_one_space_inside_and_none_outside(text: str) -> None:
    assert squeeze(text) == SPACE.sub(" ", text).strip()
    assert bare(text) == SPACE.sub("", text)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("two words", 2), ("三个字", 3), ("안녕 GDP增长5%", 6), ("_a1 - ...", 1)]
)
def test_an_east_asian_character_counts_as_a_word(text: str, count: int) -> None:
    assert words(text) == count


@given(st.lists(st.sampled_from(["&", "amp", "lt", "gt", ";", "#38", "#x3c", "nbsp", "a", "<", " "]), max_size=12))
def test_references_are_resolved_as_html_has_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert unescape(text) == html.unescape(text)


@given(st.lists(st.sampled_from(["&amp;", "&lt;", "&gt;", "amp;", "a"]), max_size=12))
def test_what_we_escaped_is_resolved_once(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert unescape(text) == html.unescape(text)
