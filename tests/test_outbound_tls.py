"""Over TLS nobody is believed whose certificate no known authority vouches for (RFC 9110 §4.3.4)."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedservice.errors import FetchError
from feedservice.model import Page
from tests.outbound_server import door_for


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"page")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written to the screen."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key, in one file."""
    openssl, path = shutil.which("openssl"), tmp_path_factory.mktemp("tls") / "both.pem"
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    words = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=127.0.0.1",
    ]
    made = [openssl, *words, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out", "-"]
    path.write_bytes(subprocess.run(made, capture_output=True, check=True).stdout)
    return path


@pytest.fixture
def site(certificate: Path) -> Iterator[str]:
    """The address of a site with that certificate."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_certificate_that_nobody_vouches_for_is_refused(site: str) -> None:
    with door_for() as door, pytest.raises(FetchError, match="certificate"):
        door.get(site)


def test_certificate_of_a_known_authority_is_believed(
    site: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedservice.outbound.adapter.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with door_for() as door:
        for answer in (door.get(site), door.get(site)):
            assert isinstance(answer, Page)
            assert answer.body == b"page"


def test_environment_names_no_authorities(site: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(certificate))
    with door_for() as door, pytest.raises(FetchError, match="certificate"):
        door.get(site)
