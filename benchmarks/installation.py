"""A whole installation for the other benchmarks: a config, a store that is filled, and `feedservice run` beside it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.population import Tree, Writer, populate
from feedservice.store import open_store

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
TREE = Tree(5, 3, 12)
"""200 categories: with 99 sources and `all`, 300 feeds."""
SOURCES = 99


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything is."""

    folder: Path
    port: int

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def database(self) -> Path:
        return self.folder / "feedservice.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def command(self, *words: str) -> list[str]:
        """The command line of the service."""
        return [sys.executable, "-m", "feedservice", "--quiet", "--config", str(self.config), *words]

    def call(self, *words: str) -> None:
        """Run a command of the service to its end."""
        subprocess.run(self.command(*words), check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def install(folder: Path, *, articles: int, every: str = "1h", rebuild: str = "17 3 * * *") -> Installation:
    """Make a store of so many articles in 300 feeds, all written, and the config that serves it.

    The sources are folders of one Markdown file each, read every `every`.
    """
    here = Installation(folder, free_port())
    lines = [
        f"server: {{host: 127.0.0.1, port: {here.port}}}",
        f"store: {{url: '{here.url}'}}",
        f"schedule: {{every: {every}, rebuild: '{rebuild}'}}",
        "sources:",
    ]
    for number in range(SOURCES):
        shelf = folder / f"s{number}"
        shelf.mkdir()
        (shelf / "first.md").write_text(f"---\ntitle: 第{number}号\ndate: 2026-01-05\n---\n\n正文。\n")
        lines.append(f"  s{number}: {{kind: folder, path: '{shelf}', title: 源{number}, category: }}")
    here.config.write_text("\n".join(lines) + "\n")
    here.call("rebuild")  # the feeds' own names come first: to change them later would make all feeds stale
    store = open_store(here.url, lambda: datetime.now(UTC))
    populate(store, here.database, Writer(TREE, SOURCES), size=articles, most_written=5_000, define=False)
    store.close()
    here.call("rebuild")
    return here


@contextmanager
def running(here: Installation, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`feedservice run`, or what `words` say, its log in the folder; ended gracefully."""
    with (here.folder / "service.log").open("wb") as log:
        command = here.command(*(words or ("run",)))
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def first_200(here: Installation, path: str) -> None:
    """Wait until a document is served."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if get(here.port, path).startswith(b"HTTP/1.1 200 "):
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"{path} was not served within {PATIENCE:.0f} s")


def get(port: int, path: str, *fields: str) -> bytes:
    """A whole answer, as it comes over a connection of its own."""
    head = "".join(f"{field}\r\n" for field in ("Host: 127.0.0.1", "Connection: close", *fields))
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        return b"".join(iter(lambda: wire.recv(1 << 16), b""))
