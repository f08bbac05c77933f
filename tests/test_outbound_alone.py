"""There is one door: no other part of the program can open a connection to the outside."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "feedservice"
NETWORK = {
    "_socket", "_ssl", "aiohttp", "asyncio", "asyncore", "ftplib", "http.client", "http.server", "httpcore", "httpx",
    "imaplib", "multiprocessing.connection", "nntplib", "poplib", "pycurl", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "wsgiref", "xmlrpc",
}  # fmt: skip
ROOM = "outbound/"
# Who may have what besides: the server listens and loads its application by name, the health probe asks the service
# itself, the store's driver has its own way to its database and wants to be told how to verify it and how soon to
# notice that it is gone, and light starts import their own parts by name.
ALLOWED: Mapping[str, set[str]] = {
    "web/": {"socket", "ssl"},
    "cli/health.py": {"http.client"},
    "store/engines/postgres.py": {"socket", "ssl"},
    "extract/__init__.py": {"import_module"},
    "web/server.py": {"importlib.import_module"},
}
IMPORTERS = {"__import__", "import_module"}


def reaches(source: str) -> Iterator[str]:
    """What in source text could reach the network: imports, also by name, and readers that take an address."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if of_network(name.name))
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
            yield from (name for name in names if of_network(name))
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.rpartition(".")[2] in IMPORTERS and not (
                node.args and isinstance(node.args[0], ast.Constant) and not of_network(str(node.args[0].value))
            ):
                yield called
            if called.removeprefix("lxml.") in {"etree.parse", "html.parse"}:
                yield called


def of_network(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in NETWORK)


FILES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_this_room_reaches_the_network(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    if place.startswith(ROOM):
        return
    allowed = {name for start, names in ALLOWED.items() if place.startswith(start) for name in names}
    assert set(reaches(path.read_text(encoding="utf-8"))) - allowed == set()


def test_this_room_does() -> None:
    """The rule sees what it is about."""
    found = {name for path in (PACKAGE / ROOM).rglob("*.py") for name in reaches(path.read_text(encoding="utf-8"))}
    assert {"socket", "ssl", "requests"} <= found


@pytest.mark.parametrize(
    "planted",
    [
        "import socket",
        "import http.client as c",
        "from http import client",
        "from urllib import request",
        "from urllib.request import urlopen",
        "def f():\n    import requests.sessions",
        "importlib.import_module('socket')",
        "importlib.import_module(name)",
        "__import__('ssl')",
        "etree.parse(url)",
        "lxml.html.parse(url)",
    ],
)
def test_planted_ways_out_are_found(planted: str) -> None:
    assert list(reaches(planted)) != []


@pytest.mark.parametrize("harmless", ["from urllib.parse import urljoin", "import http", "from . import socket"])
def test_harmless_imports_are_not(harmless: str) -> None:
    assert list(reaches(harmless)) == []
