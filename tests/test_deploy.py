"""The shipped proxy and service files: nothing that readers rely on is lost on the way."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedservice.store import open_store
from feedservice.web.pushing import _MOST_BYTES
from tests.fakes import FakeClock
from tests.web_examples import CODINGS, coded, etag, fill
from tests.web_server import PATIENCE, Raw, Wire, free_port, serving

DEPLOY = Path(__file__).parent.parent / "deploy"
FEED = "/feeds/all.rss"
BODY = b"<rss>" + "滨海新区".encode() * 20_000 + b"</rss>"
AROUND = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ }}
http {{
  gzip on; gzip_types *; access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{shipped}
}}
"""


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Of the server, and of an nginx in front of it whose own settings would compress everything."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("deploy")
    url = f"sqlite:///{folder / 'feedservice.db'}"
    store = open_store(url, FakeClock())
    fill(store, body=BODY)
    store.close()
    port = free_port()
    with serving(folder, url) as server:
        shipped = (DEPLOY / "nginx.conf").read_text()
        assert "127.0.0.1:8000" in shipped
        shipped = shipped.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        shipped = shipped.replace("    listen [::]:80;\n", "").replace("listen 80;", f"listen 127.0.0.1:{port};")
        config = folder / "nginx.conf"
        user = "user root;" if Path("/root").stat().st_uid == Path(folder).stat().st_uid else ""
        config.write_text(AROUND.format(folder=folder, shipped=shipped, user=user))
        nginx = subprocess.Popen([program, "-c", str(config), "-e", str(folder / "error.log")])
        try:
            _wait(port)
            yield server.port, port
        finally:
            nginx.terminate()
            nginx.wait(PATIENCE)


def _wait(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            Wire(port).__exit__()
        except OSError:
            assert time.monotonic() < end, "nginx did not start"
            time.sleep(0.05)
        else:
            return


def ask(port: int, method: str = "GET", *lines: str, path: str = FEED) -> Raw:
    with Wire(port) as wire:
        return wire.ask(path, method, *lines)


@pytest.mark.slow
@pytest.mark.parametrize("coding", CODINGS)
def test_tags_codings_and_status_codes_come_through_nginx(ports: tuple[int, int], coding: str) -> None:
    direct, proxied = ports
    accept = f"Accept-Encoding: {coding}"
    full = ask(proxied, "GET", accept)
    assert (full.status, full.body) == (200, coded(coding, BODY))
    assert full["ETag"] == etag(BODY, coding)
    assert full["Content-Encoding"] == (None if coding == "identity" else coding)
    unchanged = ask(proxied, "GET", accept, f"If-None-Match: {etag(BODY, coding)}")
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged["ETag"] == etag(BODY, coding)
    assert ask(proxied, "HEAD", accept)["Content-Length"] == str(len(full.body))
    assert ask(proxied, "GET", accept, 'If-None-Match: "old"').status == 200
    for answer, same in (
        (full, ask(direct, "GET", accept)),
        (unchanged, ask(direct, "GET", accept, "If-None-Match: *")),
    ):
        for name in ("Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Content-Length"):
            assert answer[name] == same[name], name


@pytest.mark.slow
def test_dates_refusals_and_pages_come_through_nginx(ports: tuple[int, int]) -> None:
    direct, proxied = ports
    modified = ask(direct)["Last-Modified"]
    assert ask(proxied, "GET", f"If-Modified-Since: {modified}").status == 304
    assert ask(proxied, "POST", "Content-Length: 0").status == 405
    assert ask(proxied, path="/feeds/none.rss").status == 404
    assert ask(proxied, "GET", "Range: bytes=0-9").status == 200
    page = ask(proxied, path="/")
    assert page["ETag"] == ask(direct, path="/")["ETag"]
    assert page["Content-Security-Policy"] == ask(direct, path="/")["Content-Security-Policy"]


def test_no_shipped_proxy_compresses() -> None:
    assert re.search(r"^\s*gzip off;", (DEPLOY / "nginx.conf").read_text(), re.MULTILINE)
    assert not re.search(r"^\s*encode\b", (DEPLOY / "Caddyfile").read_text(), re.MULTILINE)


def test_what_may_be_pushed_comes_through_the_shipped_nginx() -> None:
    """nginx refuses a larger body by itself (413), before the service has seen the token."""
    shipped = (DEPLOY / "nginx.conf").read_text()
    most = re.search(r"^\s*client_max_body_size (\d+)m;", shipped, re.MULTILINE)
    assert most is not None
    assert int(most[1]) * 1024**2 >= _MOST_BYTES


def test_service_is_reloaded_by_the_signal_that_replaces_its_processes_after_a_check() -> None:
    unit = (DEPLOY / "feedservice.service").read_text()
    reload = re.findall(r"^ExecReload=(.*)$", unit, re.MULTILINE)
    assert reload == ["/opt/feedservice/bin/feedservice check", "/bin/kill -HUP $MAINPID"]
    assert "KillMode=mixed" in unit
    assert "NoNewPrivileges=yes" in unit
