"""What every kind of source keeps; taken from the table, so that a new kind is tested by being in it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import ValidationError

from feedservice.errors import FetchError, SourceError
from feedservice.protocols import SourceKind
from feedservice.sources import KINDS
from tests.fakes import FakeWeb
from tests.source_support import open_source, read

ADDRESS = "https://www.example.org/news/"
FROM_NETWORK = sorted(set(KINDS) - {"folder", "push"})


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_option_is_described(kind: SourceKind) -> None:
    """The documentation is made from these."""
    assert KINDS[kind.name] is kind
    assert kind.summary
    for name, field in kind.options.model_fields.items():
        assert field.description, f"{kind.name}.{name}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_options_are_frozen_and_closed(kind: SourceKind) -> None:
    own = {"folder": {"path": "articles"}, "push": {"token": "a-token-of-enough-letters"}}
    required = own.get(kind.name, {"url": ADDRESS})
    options = kind.options.model_validate(required)
    with pytest.raises(ValidationError):
        setattr(options, next(iter(required)), "x")
    with pytest.raises(ValidationError, match="titel"):
        kind.options.model_validate({**required, "titel": "x"})
    if not kind.pushed:
        with pytest.raises(ValidationError):
            kind.options.model_validate({})


@pytest.mark.parametrize("kind", FROM_NETWORK)
@pytest.mark.parametrize("url", ["ftp://www.example.org/", "www.example.org", "https://", "javascript:alert(1)"])
def test_only_web_addresses_are_taken(kind: str, url: str) -> None:
    with pytest.raises(ValidationError):
        KINDS[kind].options.model_validate({"url": url})


@pytest.mark.parametrize("kind", FROM_NETWORK)
def test_server_error_is_a_source_error(kind: str) -> None:
    web = FakeWeb({ADDRESS: FetchError("503", status=503)})
    with pytest.raises(FetchError):
        read(open_source(kind, {"url": ADDRESS}), web)


@pytest.mark.parametrize("kind", FROM_NETWORK)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 100,
        b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
        b"Service temporarily unavailable",
        b"\xff\xfe\xff\xfe",
        b"{}",
        b"[[[[[[",
        b"<rss><channel><item>"[:9],
    ],
    ids=["empty", "zeros", "error page", "text", "marks", "empty object", "open lists", "cut"],
)
def test_nonsense_is_an_error_never_an_empty_list(kind: str, body: bytes) -> None:
    """What makes no sense must not look like a source that has nothing to say."""
    with pytest.raises(SourceError):
        read(open_source(kind, {"url": ADDRESS}), FakeWeb({ADDRESS: body}))


def test_table_is_light() -> None:
    """Checking a config needs the options of all kinds, and none of the libraries that read them."""
    code = (
        "import sys; from feedservice.sources import KINDS;"
        "print([name for name in ('feedparser', 'lxml', 'jmespath', 'markdown_it') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
