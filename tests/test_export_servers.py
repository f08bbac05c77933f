"""Exported feeds behind real servers: nginx answers as our own server does, a bucket keeps what it was given."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from werkzeug.test import Client

from feedservice.config.settings import FeedSettings, ServerSettings
from feedservice.errors import ExportError
from feedservice.export import export, open_target
from feedservice.store import open_store
from feedservice.web import make_app
from tests.export_examples import SITE, Newsroom, laid
from tests.fakes import FakeClock
from tests.web_server import PATIENCE, Raw, Wire, free_port

pytestmark = pytest.mark.slow
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
CONF = Path(__file__).parent.parent / "deploy" / "nginx-static.conf"
PATHS = (
    "/feeds/all.rss",
    "/feeds/all.atom",
    "/feeds/all.json",
    "/feeds/all.baidu.xml",
    "/feeds/all.kuaichuan.json",
    "/feeds/qita/archive/1.rss",
    "/opml.xml",
    "/",
    "/static/front.css",
)
TOLD = (
    "content-type",
    "content-encoding",
    "cache-control",
    "vary",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "x-content-type-options",
    "content-security-policy",
    "referrer-policy",
    "last-modified",
    "allow",
    "location",
    "accept-ranges",
)


class Scene:
    """The same store served by our own server and, exported, by nginx."""

    def __init__(self, tmp_path: Path, url: str) -> None:
        self.clock = FakeClock()
        self.clock.pass_(days=2)
        self.store = open_store(url, self.clock)
        self.room = Newsroom(self.store, self.clock)
        self.room.add(0, 70)
        with self.store.writing() as writer:
            writer.retire({"old": "all", "default": "all"}, ["closed", "hostnames", "include", "volatile"])
        self.folder, self.port = tmp_path / "public", free_port()
        export(self.room.outlet, open_target(str(self.folder)))
        self._app = make_app(open_store(url, self.clock), site=SITE, feeds=FeedSettings(), server=ServerSettings())
        self._app.look()
        self._own = Client(self._app)
        self._nginx = _start_nginx(tmp_path, self.folder, self.port)

    def nginx(self, path: str, method: str = "GET", *lines: str) -> Raw:
        with Wire(self.port) as wire:
            return wire.ask(path, method, *lines)

    def own(self, path: str, method: str = "GET", *lines: str) -> Raw:
        fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        with self._own.open(path, method=method, headers=fields, buffered=True) as answer:
            names = tuple((name.lower(), value) for name, value in answer.headers)
            return Raw(answer.status_code, names, answer.data)

    def close(self) -> None:
        self._nginx.terminate()
        self._nginx.wait(PATIENCE)
        self._app.close()
        self.store.close()


def _start_nginx(tmp_path: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if command is None:
        pytest.skip("nginx is not installed")
    text = CONF.read_text().replace("/srv/feeds", str(folder)).replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    loaded = ""
    if BROTLI.exists():
        loaded, text = f"load_module {BROTLI};\n", text.replace("# brotli_static on;", "brotli_static on;")
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        f"{loaded}{user}daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{text}}}\n"
    )
    with (tmp_path / "nginx.log").open("wb") as log:
        process = subprocess.Popen([command, "-p", tmp_path, "-c", conf], stderr=log)
    _wait(port, process, tmp_path / "nginx.log")
    return process


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            Wire(port).socket.close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    tmp_path = tmp_path_factory.mktemp("scene")
    made = Scene(tmp_path, f"sqlite:///{tmp_path / 'feeds.db'}")
    yield made
    made.close()


def told(answer: Raw) -> dict[str, str]:
    found = {name: answer[name] for name in TOLD}
    return {name: value for name, value in found.items() if value is not None}


def _without(fields: dict[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name not in names}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", PATHS)
def test_nginx_answers_as_our_own_server(scene: Scene, path: str, coding: str, method: str) -> None:
    theirs, ours = (ask(path, method, f"Accept-Encoding: {coding}") for ask in (scene.nginx, scene.own))
    assert (theirs.status, theirs.body) == (ours.status, ours.body) == (200, ours.body)
    # The style sheet is a file to our own server too: its date, and ranges of it, say nothing.
    of_files = {"last-modified", "accept-ranges"} if path == "/static/front.css" else set()
    assert _without(told(theirs), of_files) == _without(told(ours), of_files)
    assert theirs["content-length"] == ours["content-length"]
    assert (theirs["etag"] or "").startswith('"')


def test_nginx_sends_br_where_its_module_is_installed(scene: Scene) -> None:
    if not BROTLI.exists():
        pytest.skip("libnginx-mod-http-brotli-static is not installed")
    theirs, ours = (ask("/feeds/all.rss", "GET", "Accept-Encoding: gzip, br") for ask in (scene.nginx, scene.own))
    assert (theirs.body, told(theirs)) == (ours.body, told(ours))
    assert theirs["content-encoding"] == "br"


@pytest.mark.parametrize("path", PATHS[:5])
def test_nginx_answers_conditional_requests_right(scene: Scene, path: str) -> None:
    plain, packed = scene.nginx(path), scene.nginx(path, "GET", "Accept-Encoding: gzip")
    assert plain["etag"] != packed["etag"]
    date = str(plain["last-modified"])
    later = format_datetime(scene.clock.now + timedelta(days=1), usegmt=True)
    assert scene.nginx(path, "GET", f"If-None-Match: {plain['etag']}").status == 304
    assert scene.nginx(path, "GET", f"If-None-Match: W/{plain['etag']}").status == 304
    assert scene.nginx(path, "GET", f'If-None-Match: "x", {plain["etag"]}').status == 304
    assert scene.nginx(path, "GET", "If-None-Match: *").status == 304
    assert scene.nginx(path, "GET", 'If-None-Match: "x"').status == 200
    assert scene.nginx(path, "GET", 'If-None-Match: "x"', f"If-Modified-Since: {date}").status == 200
    assert scene.nginx(path, "GET", f"If-None-Match: {plain['etag']}", "Accept-Encoding: gzip").status == 200
    assert scene.nginx(path, "GET", f"If-None-Match: {packed['etag']}", "Accept-Encoding: gzip").status == 304
    assert scene.nginx(path, "GET", f"If-Modified-Since: {date}").status == 304
    assert scene.nginx(path, "GET", f"If-Modified-Since: {later}").status == 304
    assert scene.nginx(path, "GET", "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT").status == 200
    assert scene.nginx(path, "GET", f"If-Match: {plain['etag']}").status == 200
    assert scene.nginx(path, "GET", 'If-Match: "x"').status == 412
    assert scene.nginx(path, "GET", f"If-Unmodified-Since: {date}").status == 200
    assert scene.nginx(path, "GET", "If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT").status == 412
    unmodified = scene.nginx(path, "GET", f"If-None-Match: {plain['etag']}")
    for name in ("cache-control", "vary", "etag", "last-modified", "access-control-allow-origin"):
        assert unmodified[name] == plain[name], name


def test_entity_tags_of_nginx_change_with_the_feed(scene: Scene) -> None:
    before = scene.nginx("/feeds/all.rss", "GET", "Accept-Encoding: gzip")["etag"]
    scene.room.edit(69, "改")
    export(scene.room.outlet, open_target(str(scene.folder)))
    scene._app.look()
    now = scene.nginx("/feeds/all.rss", "GET", "Accept-Encoding: gzip", f"If-None-Match: {before}")
    assert (now.status, now["etag"] != before) == (200, True)


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/none.rss",
        "/feeds/all/archive/99.rss",
        "/feeds/all.rss.gz",
        "/.feedservice/manifest.json",
        "/.options",
        "/.moved",
        "/feeds/",
        "/feeds",
        "/feeds/all",
        "/index.html",
        "/feeds/closed.rss",
        "/feeds/closed/archive/1.rss",
        "/feeds/old.rss",
        "/feeds/old.json?a=b",
        "/feeds/old/archive/1.atom",
        "/feeds/default.rss",
        "/feeds/hostnames.rss",
        "/feeds/include.rss",
        "/feeds/volatile.rss",
    ],
)
def test_nginx_refuses_and_redirects_as_our_own_server(scene: Scene, path: str) -> None:
    theirs, ours = scene.nginx(path), scene.own(path)
    assert theirs.status == ours.status
    if path.startswith("/feeds/") and ours.status != 301:
        assert (told(theirs), theirs.body) == (told(ours), ours.body)
    for name in ("location", "cache-control", "x-content-type-options"):
        assert theirs[name] == ours[name]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/feeds/all.rss", "/opml.xml", "/feeds/qita/archive/1.rss"])
def test_nginx_knows_the_methods_that_our_own_server_knows(scene: Scene, path: str, method: str) -> None:
    theirs, ours = (ask(path, method, "Content-Length: 0") for ask in (scene.nginx, scene.own))
    assert theirs.status == ours.status == (204 if method == "OPTIONS" else 405)
    for name in ("allow", "cache-control", "content-type", "access-control-allow-origin", "access-control-max-age"):
        assert theirs[name] == ours[name], name


# ------------------------------------------------------------------------------------------------ s3


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of an S3-compatible server with the empty bucket `feeds-example`; the environment leads there."""
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    pytest.importorskip("moto.server", reason="moto[server] is not installed")
    port, log = free_port(), tmp_path / "moto.log"
    with log.open("wb") as file:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log)
        _make_bucket(port)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _make_bucket(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("PUT", "/feeds-example")
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def stored(key: str) -> tuple[bytes, dict[str, str]] | None:
    """An object of the bucket with its metadata."""
    import obstore
    from obstore.store import S3Store

    try:
        found = obstore.get(S3Store("feeds-example", client_options={"allow_http": True}), key)
    except FileNotFoundError:
        return None
    return bytes(found.bytes()), {str(name).lower(): str(value) for name, value in found.attributes.items()}


def test_bucket_holds_what_a_folder_holds_with_its_fields(bucket: int, tmp_path: Path, sqlite_url: str) -> None:
    clock = FakeClock()
    clock.pass_(days=2)
    store = open_store(sqlite_url, clock)
    room = Newsroom(store, clock)
    room.add(0, 40)
    with store.writing() as writer:
        writer.retire({}, ["zixun"])
    first = export(room.outlet, open_target("s3://feeds-example/v1"))
    export(room.outlet, open_target(str(tmp_path / "public")))
    for name, body in laid(tmp_path / "public").items():
        found = stored(f"v1/{name}")
        assert found is not None, name
        assert found[0] == body, name
        coding = {".gz": "gzip", ".br": "br", ".zst": "zstd"}.get(Path(name).suffix)
        assert found[1].get("content-encoding") == coding, name
    packed = stored("v1/feeds/all.atom.br")
    assert packed is not None
    assert packed[1]["content-type"] == "application/atom+xml; charset=utf-8"
    assert packed[1]["cache-control"] == "max-age=900, stale-while-revalidate=1800, stale-if-error=604800"
    assert (first.written > 0, export(room.outlet, open_target("s3://feeds-example/v1")).written) == (True, 0)
    with store.writing() as writer:
        writer.retire({}, ["qita"])
    assert export(room.outlet, open_target("s3://feeds-example/v1")).removed > 0
    assert stored("v1/feeds/qita.rss") is None
    assert stored("v1/feeds/qita/archive/1.rss.gz") is None
    store.close()


def test_bucket_that_is_not_there_is_one_line(bucket: int, sqlite_url: str, clock: FakeClock) -> None:
    store = open_store(sqlite_url, clock)
    room = Newsroom(store, clock)
    with pytest.raises(ExportError) as raised:
        export(room.outlet, open_target("s3://nobody-example"))
    assert "\n" not in str(raised.value)
    store.close()
