"""The browser of a page: gone with all its files, whatever happens to who started it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from feedservice.outbound.browser import running as browser_running
from feedservice.outbound.rendering import Renderer, missing
from tests.outbound_server import HostileServer, answer, door_for, fetch_settings, running

BROWSER = "/usr/bin/chromium"
HOLDING = """
import sys
from feedservice.outbound.browser import running
with running(sys.argv[1], (), 60) as endpoint:
    print(endpoint, flush=True)
    sys.stdin.read()
"""
PATIENCE = 20
FALTERING = """#!/bin/sh
for argument; do case $argument in --user-data-dir=*) folder=${argument#*=};; esac; done
echo "[7:7:1128/090500.056808:ERROR:dbus/bus.cc:405] Failed to connect to the bus" >&2
echo x >> COUNT
if [ "$(wc -l < COUNT)" -le FAULTS ]; then
  echo "[7:7:1128/090500.056808:FATAL:zygote_host_impl_linux.cc:132] No usable sandbox! See the documentation." >&2
  exit 1
fi
printf '4711\\n/devtools/browser/x' > "$folder/DevToolsActivePort"
yes "it goes on and on" >&2
"""
"""What stands in for a browser: falls over so many times, then says where it listens, and much else."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """For temporary files; its path is short enough for sockets."""
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.mark.slow
def test_browser_of_a_service_that_is_killed_is_gone_and_its_files_too(folder: Path) -> None:
    if not os.access(BROWSER, os.X_OK):
        pytest.skip(f"there is no {BROWSER}")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, BROWSER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(folder)},
    ) as service:
        assert service.stdout is not None
        port = urlsplit(service.stdout.readline().decode().strip()).port
        assert any(folder.iterdir())
        with socket.create_connection(("127.0.0.1", port or 0), timeout=PATIENCE) as browser:
            service.kill()
            with contextlib.suppress(ConnectionResetError):
                assert browser.recv(1) == b""
    ends = time.monotonic() + PATIENCE
    while any(folder.iterdir()) and time.monotonic() < ends:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_rendering_leaves_no_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if lacking := missing(BROWSER):
        pytest.skip(lacking)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with running(HostileServer()) as server, door_for(fetch_settings(total=20, read=20)) as door:
        server.replies["/"] = answer("<h1>x</h1>", Content_Type="text/html")
        Renderer(door, BROWSER, limit=10_000).for_source({}, "")(server.url("/"))
    assert list(folder.iterdir()) == []


def faltering(folder: Path, faults: int) -> str:
    script = folder / "browser"
    script.write_text(FALTERING.replace("COUNT", str(folder / "count")).replace("FAULTS", str(faults)))
    script.chmod(0o755)
    return str(script)


def test_browser_that_falls_over_once_is_started_again(folder: Path) -> None:
    with browser_running(faltering(folder, 1), (), 60) as endpoint:
        assert endpoint == "ws://127.0.0.1:4711/devtools/browser/x"


def test_browser_that_does_not_start_tells_why(folder: Path) -> None:
    with pytest.raises(OSError, match=r"did not start: No usable sandbox! See the documentation\.$"):
        browser_running(faltering(folder, 5), (), 60).__enter__()
    assert (folder / "count").read_text() == "x\nx\n"
