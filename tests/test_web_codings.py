"""Content negotiation (RFC 9110 §12.5.3): which coding a client is sent, whatever it says that it takes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.web.accepting import IDENTITY, Preferences, preferred

OURS = {"br", "zstd", "gzip", IDENTITY}
WEIGHTS = ("0", "0.0", "0.000", "0.001", "0.3", "0.5", "0.999", "1", "1.0", "1.000")


def best(field: str | None) -> str:
    return preferred(field)[0]


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd, gzip", "zstd"),
        ("br;q=0.1, gzip;q=1.0", "gzip"),
        ("br; q=0.1 , gzip ; Q=0.9", "gzip"),
        ("gzip;q=0.5, zstd;q=0.5", "zstd"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=1.0, identity;q=0.5", "gzip"),
        ("gzip, identity", "gzip"),
        ("identity, gzip;q=0.5", IDENTITY),
        ("identity", IDENTITY),
        ("*", "br"),
        ("*;q=0.5, gzip", "gzip"),
        ("br;q=0, *", "zstd"),
        ("identity;q=0, *", "br"),
    ],
)
def test_client_gets_what_it_likes_best_of_what_we_have(field: str, coding: str) -> None:
    assert best(field) == coding


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        " ",
        ",",
        "deflate",
        "compress, x-compress",
        "gzip;q=0",
        "gzip;q=0, br;q=0, zstd;q=0",
        "gzip;q=0.0, *;q=0",
        "*;q=0",
        "identity;q=0",
        "identity;q=0, *;q=0",
        "gzip;q=2",
        "gzip;q=-1",
        "gzip;q=",
        "gzip;q=nan",
        "gzip;q=0.0001",
        "gzip;level=9",
        "gzipped",
        "gzip deflate",
        "\xff\x00;;==",
        "gzip, " * 500,
    ],
)
def test_nothing_said_refused_or_unreadable_is_answered_without_a_coding(field: str | None) -> None:
    assert best(field) == IDENTITY


@pytest.mark.parametrize("refused", ["br", "zstd", "gzip"])
def test_refused_coding_is_not_used_even_with_a_star(refused: str) -> None:
    assert refused not in preferred(f"*, {refused};q=0")
    assert refused not in preferred(f"{refused};q=0, *")


def test_x_gzip_that_is_refused_refuses_gzip() -> None:
    assert preferred("x-gzip;q=0") == (IDENTITY,)


@given(st.text())
def test_answer_to_anything_is_one_of_ours(field: str) -> None:
    found = preferred(field)
    assert set(found) <= OURS
    assert found[-1] == IDENTITY


@given(
    st.dictionaries(st.sampled_from(["br", "zstd", "gzip", "deflate", "identity", "*"]), st.sampled_from(WEIGHTS)),
    st.randoms(),
)
def test_refused_is_never_sent_and_better_liked_comes_first(field: dict[str, str], random: Random) -> None:
    parts = [f"{name};q={weight}" for name, weight in field.items()]
    random.shuffle(parts)
    found = preferred(", ".join(parts))
    assert len(set(found)) == len(found)
    assert found[-1] == IDENTITY
    liked = [float(field.get(name, field.get("*", "0"))) for name in found[:-1]]
    assert 0.0 not in liked
    assert liked == sorted(liked, reverse=True)


def test_what_was_read_before_is_answered_the_same_again() -> None:
    preferences = Preferences()
    fields = [None, "", "gzip", "gzip;q=0", *(f"gzip;q=0.{number:03}" for number in range(1000))]
    first = [preferences(field) for field in fields]
    assert [preferences(field) for field in fields] == first == [preferred(field) for field in fields]
