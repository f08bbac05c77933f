"""Exports to a bucket that does not do as it should: what people are told of it, and how long it is waited for."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from feedservice.errors import ExportError
from feedservice.export import open_target
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.web_server import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("keys")]
MANIFEST = "manifest.json"
ROOT = Path(__file__).parent.parent


class Store(ThreadingHTTPServer):
    """An object store that answers every request with what it is told to, and counts them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: Store

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")
        status, body = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Mon, 05 Jan 2026 01:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "KEYNAME")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def store(keys: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    made = Store()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", made.url)
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def _error(code: str, message: str) -> bytes:
    return (
        f'<?xml version="1.0"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
        "<AWSAccessKeyId>KEYNAME</AWSAccessKeyId></Error>"
    ).encode()


# ------------------------------------------------------------------------------------------------ what is told


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (403, _error("AccessDenied", "Access Denied"), "AccessDenied; Access Denied; 403 Forbidden; PUT"),
        (403, _error("SignatureDoesNotMatch", "It does not."), "SignatureDoesNotMatch; It does not.; 403 Forbidden"),
        (404, _error("NoSuchBucket", "There is none."), "NoSuchBucket; There is none.; 404 Not Found"),
        (400, b"", "400 Bad Request; PUT"),
        (400, b"<html><body>proxy</body></html>", "400 Bad Request; PUT"),
        (301, _error("PermanentRedirect", "Elsewhere."), "incorrectly configured region; PUT"),
    ],
)
def test_refusal_is_told_in_one_line_with_the_words_of_the_store(
    store: Store, status: int, body: bytes, told: str
) -> None:
    store.answers = [(status, body)]
    prefix = "/".join(["a-rather-long-name-of-a-folder-in-a-bucket"] * 3)
    with open_target(f"s3://feeds-example/{prefix}") as bucket, pytest.raises(ExportError) as raised:
        bucket.write(MANIFEST, b"{}")
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "KEYNAME" not in str(raised.value)
    assert "Debug" not in str(raised.value)


def test_store_that_is_not_reached_is_told_with_the_systems_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with open_target("s3://feeds-example") as bucket, pytest.raises(ExportError, match=r"used: Connection refused; "):
        bucket.read(MANIFEST)


# ------------------------------------------------------------------------------------------------ how long


def test_ctrl_c_ends_an_export_whose_store_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(f"sqlite:///{tmp_path / 'feeds.db'}", FakeClock()).close()
    (tmp_path / "config.yaml").write_text("store: {url: 'sqlite:///feeds.db'}\n")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        command = [sys.executable, "-m", "feedservice", "--config", str(tmp_path / "config.yaml")]
        process = subprocess.Popen([*command, "export", "s3://feeds-example"], cwd=ROOT, stderr=subprocess.PIPE)
        try:
            with silent.accept()[0]:
                process.send_signal(signal.SIGINT)
                assert process.stderr is not None
                said = b""
                while b"stopping" not in said:
                    line = process.stderr.readline()
                    assert line, said
                    said += line
                # Half of what a request may take.
                assert process.wait(15) == 130
        finally:
            process.kill()
            process.communicate()


def test_store_that_asks_to_slow_down_for_some_seconds_is_waited_for(store: Store) -> None:
    store.answers = [*[(503, _error("SlowDown", "Please reduce your request rate."))] * 5, (200, b"")]
    with open_target("s3://feeds-example") as bucket:
        bucket.write(MANIFEST, b"{}")
    assert len(store.asked) == 6
