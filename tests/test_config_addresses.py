"""Addresses that can never be asked are told while the configuration is read, and what they are to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedservice import assembly
from feedservice.errors import ConfigError, Fault, FetchError
from feedservice.outbound.urls import read_target

NEWS = "sources:\n  news:\n    kind: {}\n    url: {}\n"
IMPOSSIBLE = [
    "http://[::1/x",
    "http://127.0.0.1:99999/x",
    "http://127.0.0.1:0/x",
    "http://www.example.org:port/x",
    "http://:80/x",
    "http://www.example.org\\x",
    f"http://{'a.' * 130}org/",
]


def faults_of(folder: Path, text: str, **environ: str) -> tuple[Fault, ...]:
    path = folder / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        assembly.load_config(str(path), environ)
    return raised.value.faults


@pytest.mark.parametrize("address", IMPOSSIBLE)
def test_what_is_refused_when_it_is_asked_is_told_before(tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchError):
        read_target(address)
    for kind in ("listing", "feed", "json", "sitemap", "auto"):
        (fault,) = faults_of(tmp_path, NEWS.format(kind, f"'{address}'"))
        assert (fault.key, fault.line) == ("sources.news.url", 4)
        assert "an address with a possible host and port" in fault.allowed


@pytest.mark.parametrize(
    "address",
    [
        "http://www.example.org./",
        "http://[2001:db8::1]/",
        "http://[::1]:8080/x",
        "https://user:p%40ss@www.example.org:443/x?y#z",
        "http://新闻.example/",
    ],
)
def test_what_can_be_asked_is_taken(tmp_path: Path, address: str) -> None:
    read_target(address)
    path = tmp_path / "config.yaml"
    path.write_text(NEWS.format("listing", f"'{address}'") + f"    home: '{address}'\n")
    assert assembly.load_config(str(path), {}).sources["news"].common.home == address


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("site: {base_url: 'http://127.0.0.1:99999'}\n", "site.base_url"),
        ("site: {icon_url: 'http://[::1/x'}\n", "site.icon_url"),
        ("fetch: {proxy: 'http://127.0.0.1:99999'}\n", "fetch.proxy"),
        ("sources: {a: {kind: folder, path: a, home: 'http://[::1/x'}}\n", "sources.a.home"),
        ("sources: {a: {kind: folder, path: a, media_url: 'http://[::1/x'}}\n", "sources.a.media_url"),
        ("sources: {a: {kind: json, url: 'http://a.example/', link: 'http://[::1/{x}'}}\n", "sources.a.link"),
        ("sources: {a: {kind: json, url: 'http://a.example/', pages: 'http://a:b/{page}'}}\n", "sources.a.pages"),
        ("sources: {a: {kind: listing, url: 'http://a.example/', pages: 'http://a:b/{page}'}}\n", "sources.a.pages"),
    ],
)
def test_every_setting_that_is_an_address_is_checked(tmp_path: Path, text: str, key: str) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert fault.key == key
    assert "possible host and port" in fault.allowed


@pytest.mark.parametrize("kind", ["listing", "json"])
@pytest.mark.parametrize("address", ["www.example.org/x", "ftp://www.example.org/x", "file:///etc/passwd", "''"])
def test_address_without_its_scheme_is_told_what_is_missing(tmp_path: Path, kind: str, address: str) -> None:
    for text in (address, f"[https://www.example.org/, {address}]"):
        (fault,) = faults_of(tmp_path, NEWS.format(kind, text))
        assert fault.allowed.startswith("an http:// or https:// address such as https://www.example.org/news/")


@pytest.mark.parametrize("name", ["x", "{pages}", "{Page}"])
def test_further_pages_without_their_number_are_told_how_it_is_named(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of(tmp_path, NEWS.format("listing", f"https://a.example/\n    pages: 'https://a.example/{name}'"))
    assert "with {page} in it" in fault.allowed
    (fault,) = faults_of(tmp_path, NEWS.format("json", f"https://a.example/\n    pages: 'https://a.example/{name}'"))
    assert "with {page}, {offset} or {cursor} in it" in fault.allowed


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:canary@h:abc/db",
        "sqlite:///~/a.db",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro",
        "sqlite:///file:a.db",
    ],
)
def test_store_that_can_never_be_opened_is_told_with_its_line(tmp_path: Path, url: str) -> None:
    wrong, fault = faults_of(tmp_path, f"sit: {{}}\nstore:\n  url: '{url}'\n")
    assert (wrong.key, fault.key, fault.line, fault.column) == ("sit", "store.url", 3, 8)
    assert fault.excerpt.startswith("  url: '")
    assert "canary" not in str(fault)
    (fault,) = faults_of(tmp_path, "site: {}\n", FEEDSERVICE_STORE_URL=url)
    assert (fault.file, fault.key) == ("$FEEDSERVICE_STORE_URL", "store.url")


@pytest.mark.parametrize(
    ("text", "key"),
    [("export: {to: ~/feeds}\n", "export.to"), ("sources: {a: {kind: folder, path: ~/a}}\n", "sources.a.path")],
)
def test_home_folder_is_told_that_only_a_shell_knows_it(tmp_path: Path, text: str, key: str) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert (fault.key, "what ~ is" in fault.allowed) == (key, True)


@pytest.mark.parametrize(("token", "quotes"), [("geheim", False), ("'1234'", False), ("123456789012345678", True)])
def test_token_that_is_too_short_is_told_how_long_it_must_be(tmp_path: Path, token: str, quotes: bool) -> None:
    (fault,) = faults_of(tmp_path, f"sources: {{a: {{kind: push, token: {token}}}}}\n")
    assert fault.allowed.startswith("text of at least 16 characters")
    assert ("quotes" in fault.allowed) == quotes
    assert token not in str(fault)


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_is_told_also_without_its_mark(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("site:\n  title: News\n".encode(coding))
    with pytest.raises(ConfigError, match="this is not UTF-8"):
        assembly.load_config(str(path), {})
