"""Content codings: every one is the same document, with a strong entity tag of its own, made of nothing but bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedservice.formats import FORMATS
from feedservice.formats.opml import render_opml
from feedservice.publish.chunks import entity_tag
from tests.format_examples import CATEGORY, ORIGIN, SITE, START, WHOLE
from tests.publish_examples import in_every_coding

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)).read(),
}
STRONG = re.compile(r'"[\x21\x23-\x7e]+"')


@settings(deadline=None)
@given(st.binary(max_size=2_000))
@example(b"")
def test_every_coding_decodes_to_the_identity_bytes(body: bytes) -> None:
    made = in_every_coding(body)
    assert [each.coding for each in made] == ["identity", "gzip", "br", "zstd"]
    assert {DECODERS[each.coding](each.body) for each in made} == {body}


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_every_coding_has_its_own_strong_entity_tag(body: bytes) -> None:
    tags = [each.etag for each in in_every_coding(body)]
    assert len(set(tags)) == 4
    assert all(STRONG.fullmatch(tag) for tag in tags)


def test_entity_tag_is_made_of_the_bytes_and_of_nothing_else() -> None:
    assert entity_tag(b"a") == entity_tag(bytes(bytearray(b"a")))
    assert len({entity_tag(bytes([number])) for number in range(256)}) == 256


@given(st.binary(max_size=500))
def test_equal_bytes_give_equal_representations(body: bytes) -> None:
    assert in_every_coding(body) == in_every_coding(bytes(bytearray(body)))


def test_feed_is_smaller_in_every_coding() -> None:
    for row in FORMATS:
        identity, *coded = in_every_coding(row.render(WHOLE))
        assert all(len(each.body) < len(identity.body) / 1.5 for each in coded)


def test_gzip_holds_no_name_and_no_time() -> None:
    header = in_every_coding(b"text")[1].body[:10]
    assert header[:4] == b"\x1f\x8b\x08\x00"
    assert header[4:8] == bytes(4)


def digests() -> list[str]:
    """Of every document that the example edition gives, in every coding."""
    bodies = [row.render(WHOLE) for row in FORMATS]
    bodies.append(render_opml([CATEGORY, ORIGIN], SITE, START))
    return [hashlib.sha256(each.body).hexdigest() for body in bodies for each in in_every_coding(body)]


def printed(script: str, environment: dict[str, str]) -> str:
    """What a Python of its own prints, in this environment."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[1],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"}, marks=pytest.mark.slow),
        {"PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
    ],
    ids=["Shanghai", "Newfoundland"],
)
def test_bytes_depend_on_no_hash_seed_and_no_zone(environment: dict[str, str]) -> None:
    script = "from tests.test_publish_codings import digests; print(*digests())"
    assert printed(script, environment).split() == digests()


@pytest.fixture(scope="module")
def chinese_locale(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment that makes a process Chinese; skips where the locale cannot be had."""
    folder, localedef = tmp_path_factory.mktemp("locales"), shutil.which("localedef")
    if localedef is None:
        pytest.skip("there is no localedef to make a Chinese locale with")
    made = subprocess.run(
        [localedef, "-i", "zh_CN", "-f", "UTF-8", folder / "zh_CN.UTF-8"], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("the sources of the Chinese locale are not installed")
    return {"LOCPATH": str(folder), "LC_ALL": "zh_CN.UTF-8"}


@pytest.mark.slow
def test_bytes_depend_on_no_locale(chinese_locale: dict[str, str]) -> None:
    script = (
        "import locale, time\n"
        "locale.setlocale(locale.LC_ALL, '')\n"
        "assert time.strftime('%B', time.gmtime(0)) == '一月'\n"
        "from tests.test_publish_codings import digests\n"
        "print(*digests())\n"
        "assert time.strftime('%B', time.gmtime(0)) == '一月'\n"
    )
    assert printed(script, chinese_locale).split() == digests()
