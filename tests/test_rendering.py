"""Pages that only a browser can make: read as they stand, and by no other way than the door."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedservice import assembly
from feedservice.assembly.sources import open_source
from feedservice.errors import ConfigError, FetchError, TooLarge
from feedservice.model import NotModified, Page
from feedservice.outbound.rendering import Renderer, missing
from feedservice.protocols import Get, Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.outbound_server import Asked, HostileServer, answer, door_for, fetch_settings, redirect, running

BROWSER = "/usr/bin/chromium"
HTML = "text/html; charset=utf-8"
SHELL = """<!doctype html><html><head><title>通知公告</title><script src="/app.js"></script></head>
<body><div id="app"></div></body></html>"""
APP = """
addEventListener('DOMContentLoaded', async () => {
  const rows = await (await fetch('/api/list.json')).json();
  document.getElementById('app').innerHTML = '<ul>' + rows.map(
    row => `<li><a href="${row.url}">${row.title}</a><span>${row.date}</span></li>`).join('') + '</ul>';
});
"""
CHALLENGE = "<html><script>document.cookie='__clearance=42;path=/';setTimeout(()=>location.reload(),50)</script></html>"


def rows(count: int) -> str:
    items = [
        f'{{"url": "/news/2026/{n}.html", "title": "关于开发区第{n}批重点项目的通知", "date": "2026-01-{n:02}"}}'
        for n in range(1, count + 1)
    ]
    return f"[{', '.join(items)}]"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        server.replies["/"] = answer(SHELL, Content_Type=HTML)
        server.replies["/app.js"] = answer(APP, Content_Type="text/javascript")
        server.replies["/api/list.json"] = answer(rows(4), Content_Type="application/json")
        yield server


@pytest.fixture
def get(server: HostileServer) -> Iterator[Get]:
    """Renders what the server has; skips where there is nothing to render with."""
    if lacking := missing(BROWSER):
        pytest.skip(lacking)
    with door_for(fetch_settings(total=20, read=20)) as door:
        yield Renderer(door, BROWSER, limit=1_000_000).for_source({}, "")


def page(got: Page | NotModified) -> Page:
    assert isinstance(got, Page)
    return got


def test_what_is_no_html_comes_as_it_is_and_needs_no_browser(server: HostileServer) -> None:
    with door_for() as door:
        get = Renderer(door, "/no/such/browser", limit=1_000).for_source({}, "")
        first = page(get(server.url("/api/list.json")))
        assert first.body.decode() == rows(4)
        assert isinstance(get(server.url("/api/list.json"), unless=first.validators), NotModified)
        with pytest.raises(FetchError, match="404"):
            get(server.url("/nowhere.json"))


def test_page_without_a_browser_to_render_it_is_an_error_that_says_what_to_install(server: HostileServer) -> None:
    with door_for() as door, pytest.raises(FetchError, match=r"cannot be rendered: .*(chromium|Chromium)"):
        Renderer(door, "/no/such/browser", limit=1_000).for_source({}, "")(server.url("/"))


def test_config_that_asks_for_what_is_not_installed_is_refused_with_its_line(tmp_path: Path) -> None:
    """By `check` and by every start alike, but where no source is read."""
    file = tmp_path / "config.yaml"
    file.write_text(
        "fetch: {chromium: /no/such/browser}\nsources:\n  spa:\n    kind: auto\n"
        "    url: https://www.example.org/\n    render: chromium\n"
    )
    with pytest.raises(ConfigError) as caught:
        assembly.load_config(str(file), {})
    (fault,) = caught.value.faults
    assert (fault.line, fault.key) == (6, "sources.spa.render")
    assert "hromium" in fault.problem
    assert "install" in fault.problem
    assert list(assembly.load_config(str(file), {}, fetches=False).sources) == ["spa"]


def test_missing_browser_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedservice.outbound.rendering.find_spec", lambda name: None)
    assert "pip install" in missing(sys.executable)
    monkeypatch.setattr("feedservice.outbound.rendering.find_spec", lambda name: object())
    assert "apt-get install chromium" in missing(str(tmp_path))
    assert missing(sys.executable) == ""


@pytest.mark.slow
def test_list_that_a_script_makes_is_read(server: HostileServer, get: Get, store: Store, clock: FakeClock) -> None:
    """A whole source of it: list and articles; the second read finds it as it was, though the shell says nothing."""
    for number in range(1, 5):
        text = (
            f"<h1>关于开发区第{number}批重点项目的通知</h1><p>" + "请各单位遵照执行，认真落实各项要求。" * 12 + "</p>"
        )
        body = f"<html><body><script>document.body.innerHTML = `{text}`</script></body></html>"
        server.replies[f"/news/2026/{number}.html"] = answer(body, Content_Type=HTML)
    house = House(store, FakeWeb(), clock)
    house.add("spa", "listing", {"url": server.url("/")})
    house.sources["spa"] = replace(house.sources["spa"], get=get)
    report = house.refresh("spa")
    assert (report.failed, report.new) == (False, 4), report
    assert all("请各单位遵照执行" in article.fields.body for article in store.articles("spa", 5))
    clock.pass_(hours=7)
    again = house.refresh("spa")
    assert (again.failed, again.new, again.edited) == (False, 0, 0), again


@pytest.mark.slow
def test_script_challenge_is_answered_by_its_own_script(server: HostileServer, get: Get) -> None:
    """With the status and the cookie that such servers use."""

    def guarded(asked: object, connection: socket.socket) -> None:
        cleared = "__clearance=42" in getattr(asked, "headers", {}).get("cookie", "")
        told = answer("<h1>列表</h1>", Content_Type=HTML) if cleared else answer(CHALLENGE, "521 x", Content_Type=HTML)
        connection.sendall(told)

    server.replies["/guarded"] = guarded
    assert "<h1>列表</h1>" in page(get(server.url("/guarded"))).body.decode()


@pytest.mark.slow
def test_challenge_that_is_not_passed_is_an_error(server: HostileServer, get: Get) -> None:
    server.replies["/shut"] = answer("<h1>no</h1>", "412 Precondition Failed", Content_Type=HTML)
    with pytest.raises(FetchError, match="412"):
        get(server.url("/shut"))


@pytest.mark.slow
def test_page_reaches_nothing_that_the_door_refuses(get: Get, server: HostileServer) -> None:
    """A listener on another address of this machine, asked in every way that a page has, is never reached."""
    reached = threading.Event()
    with socket.create_server(("127.0.0.2", 0)) as trap:
        port = trap.getsockname()[1]

        def wait() -> None:
            try:
                trap.accept()[0].close()
            except OSError:
                return
            reached.set()

        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        there = f"//127.0.0.2:{port}"
        server.replies["/evil"] = answer(
            f"""<html><head><link rel=prefetch href=http:{there}/p><link rel=preconnect href=http:{there}>
            <link rel=stylesheet href=http:{there}/c></head><body><img src=http:{there}/i>
            <iframe src=http:{there}/f></iframe><script src=http:{there}/s></script><p id=x>here</p><script>
            fetch('http:{there}/x').catch(() => 0); new WebSocket('ws:{there}/w');
            navigator.sendBeacon('http:{there}/b', 'x'); new EventSource('http:{there}/e');
            new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.2:{port}'}}]}}).createDataChannel('d');
            try {{ new Worker('http:{there}/k') }} catch (e) {{}}
            window.open('http:{there}/o'); fetch('file:///etc/passwd').then(r => r.text())
            .then(t => document.getElementById('x').textContent = t).catch(() => 0);
            </script></body></html>""",
            Content_Type=HTML,
        )
        body = page(get(server.url("/evil"))).body.decode()
        trap.close()
    assert ">here</p>" in body
    assert "root:" not in body
    assert not reached.is_set()


@pytest.mark.slow
def test_page_reads_of_other_servers_only_what_these_let_everybody_read(server: HostileServer) -> None:
    """Secret headers would bring it what is meant for the source alone; over a redirect of its own server, too."""

    def private(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(answer(f"token {asked.headers.get('x-token')}", Content_Type="text/plain"))

    home = server.url("/")
    server.replies["/private"] = private
    server.replies["/way"] = redirect(server.url("/private"))
    server.replies["/open"] = answer("for all", Content_Type="text/plain", Access_Control_Allow_Origin="*")
    server.replies["/open-way"] = redirect(server.url("/open"))
    server.replies["/other"] = answer(
        f"""<html><body><p id=x></p><script>(async () => {{
        for (const url of ["{home}private", "/way", "{home}open", "/open-way"])
          x.textContent += await fetch(url).then(r => r.text()).catch(() => "refused") + ";" }})()
        </script></body></html>""",
        Content_Type=HTML,
    )
    if lacking := missing(BROWSER):
        pytest.skip(lacking)
    with door_for(fetch_settings(total=20, read=20, allow=("127.0.0.1", "localhost"))) as door:
        get = Renderer(door, BROWSER, limit=1_000_000).for_source({"X-Token": "sesame"}, home)
        body = page(get(server.url("/other", host="localhost"))).body.decode()
    assert ">refused;refused;for all;for all;</p>" in body


@pytest.mark.slow
def test_cookies_go_where_their_server_wants_them_and_nowhere_else(server: HostileServer) -> None:
    """Beside those of the configuration; also such as are set, and taken away, by a request of a script."""

    def tell(asked: Asked, connection: socket.socket) -> None:
        cookies = "+".join(sorted(asked.headers.get("cookie", "none").split("; ")))
        connection.sendall(answer(f"{cookies};", Content_Type="text/plain"))

    server.replies["/start"] = redirect(server.url("/deep/down/list"), Set_Cookie="strange=1; Path=/")
    server.replies["/tell"] = tell
    server.replies["/api/v1/set"] = answer("{}", Set_Cookie="hidden=1; Path=/; HttpOnly")
    server.replies["/api/v1/unset"] = answer("{}", Set_Cookie="scripted=; Path=/; Max-Age=0")
    server.replies["/deep/down/list"] = answer(
        """<html><body><p id=x></p><script>(async () => {
        const tell = async () => x.textContent += await (await fetch("/tell")).text();
        await tell(); document.cookie = "scripted=1; path=/"; await fetch("/api/v1/set"); await tell();
        await fetch("/api/v1/unset"); await tell(); x.textContent += "read:" + document.cookie; })()
        </script></body></html>""",
        Content_Type=HTML,
    )
    if lacking := missing(BROWSER):
        pytest.skip(lacking)
    with door_for(fetch_settings(total=20, read=20, allow=("127.0.0.1", "localhost"))) as door:
        get = Renderer(door, BROWSER, limit=1_000_000).for_source({"Cookie": "own=1"}, server.url("/"))
        body = page(get(server.url("/start", host="localhost"))).body.decode()
    assert ">own=1;hidden=1+own=1+scripted=1;hidden=1+own=1;read:</p>" in body


@pytest.mark.slow
def test_scripts_write_dates_in_the_zone_of_the_source_and_the_language_of_the_feeds(
    server: HostileServer, tmp_path: Path
) -> None:
    if lacking := missing(BROWSER):
        pytest.skip(lacking)
    server.replies["/when"] = answer(
        "<p id=x></p><script>x.textContent = new Date(1767628800000).toLocaleString()</script>", Content_Type=HTML
    )
    file = tmp_path / "config.yaml"
    file.write_text(
        "site: {language: de, timezone: Europe/Berlin}\nsources:\n  spa:\n    kind: auto\n"
        f"    url: {server.url('/when')}\n    timezone: Asia/Shanghai\n    render: chromium\n"
    )
    config = assembly.load_config(str(file), {})
    with door_for(fetch_settings(total=20, read=20)) as door:
        got = open_source(config, config.sources["spa"], door).get(server.url("/when"))
    assert ">6.1.2026, 00:00:00</p>" in page(got).body.decode()


@pytest.mark.slow
def test_views_that_load_their_styles_and_pictures_are_there(server: HostileServer, get: Get) -> None:
    """Bundlers refuse a view whose stylesheet fails, and pages replace or remove pictures that do."""
    server.replies["/view"] = answer(
        """<html><body><img src="/a.jpg" onerror="this.src = '/none.png'"><img src="/b.jpg" onerror="this.remove()">
        <p id=x></p><script>
        const link = document.createElement("link"); link.rel = "stylesheet"; link.href = "/chunk.css";
        link.onload = () => x.textContent = "view"; link.onerror = () => x.textContent = "ChunkLoadError";
        document.head.append(link)</script></body></html>""",
        Content_Type=HTML,
    )
    body = page(get(server.url("/view"))).body.decode()
    assert ">view</p>" in body
    assert 'src="/a.jpg"' in body
    assert 'src="/b.jpg"' in body
    assert server.paths() == ["/view"]


@pytest.mark.slow
def test_view_that_a_fragment_names_is_shown(server: HostileServer, get: Get) -> None:
    """Of a page whose type is written in capitals, too."""
    server.replies["/app/"] = answer(
        "<p id=x></p><script>x.textContent = location.hash</script>", Content_Type="Text/HTML; charset=UTF-8"
    )
    assert ">#/news/7</p>" in page(get(server.url("/app/#/news/7"))).body.decode()


def cleared(asked: Asked) -> bool:
    return "__clearance=42" in asked.headers.get("cookie", "")


@pytest.mark.slow
def test_challenge_that_takes_its_time_is_waited_for(server: HostileServer, get: Get) -> None:
    """With a status that says so, with 200 and a timer, and with 200 and a refresh."""
    ways = {
        "/521": ("521 x", CHALLENGE.replace("50", "2500")),
        "/200": ("200 OK", CHALLENGE.replace("50", "2500")),
        "/meta": ("200 OK", "<meta http-equiv=refresh content=2><script>document.cookie='__clearance=42'</script>"),
    }
    for path, (status, body) in ways.items():

        def guarded(asked: Asked, connection: socket.socket, status: str = status, body: str = body) -> None:
            list_ = answer("<h1>列表</h1>", Content_Type=HTML)
            connection.sendall(list_ if cleared(asked) else answer(body, status, Content_Type=HTML))

        server.replies[path] = guarded
        assert "<h1>列表</h1>" in page(get(server.url(path))).body.decode()


@pytest.mark.slow
def test_what_a_challenge_leads_to_comes_as_it_is_where_it_is_no_html(server: HostileServer, get: Get) -> None:
    """A browser makes pages of its own of JSON, XML and PDF."""
    for media_type in ("application/json", "application/rss+xml", "application/pdf"):

        def guarded(asked: Asked, connection: socket.socket, media_type: str = media_type) -> None:
            file = answer('{"rows": []}', Content_Type=media_type)
            connection.sendall(file if cleared(asked) else answer(CHALLENGE, "521 x", Content_Type=HTML))

        server.replies["/file"] = guarded
        got = page(get(server.url("/file")))
        assert (got.body, got.content_type) == (b'{"rows": []}', media_type)


@pytest.mark.slow
def test_page_that_leads_to_what_may_not_be_read_is_an_error(server: HostileServer, get: Get) -> None:
    """And not the page that Chromium shows of an error."""
    for place, reason in (("http://10.0.0.1/", "not public"), ("http://10.0.0.1:25/", "cannot be shown|not public")):
        server.replies["/off"] = answer(f"<p>x</p><script>location.href = '{place}'</script>", Content_Type=HTML)
        with pytest.raises(FetchError, match=reason):
            get(server.url("/off"))


@pytest.mark.slow
def test_page_that_starts_a_download_or_an_app_stays(server: HostileServer, get: Get) -> None:
    server.replies["/nothing"] = answer(b"", "204 No Content")
    server.replies["/file.zip"] = answer(b"PK", Content_Type="application/zip")
    server.replies["/file"] = answer(b"x", Content_Type="text/plain", Content_Disposition="attachment; filename=x")
    for place in ("/nothing", "/file.zip", "/file", "weixin://dl/chat"):
        server.replies["/stays"] = answer(f"<p>x</p><script>location.href = '{place}'</script>", Content_Type=HTML)
        got = page(get(server.url("/stays")))
        assert (got.url, b"<p>x</p>" in got.body) == (server.url("/stays"), True)
    server.replies["/stays"] = answer(
        "<p>x</p><form method=post action=/nothing></form><script>document.forms[0].submit()</script>",
        Content_Type=HTML,
    )
    assert b"<p>x</p>" in page(get(server.url("/stays"))).body


@pytest.mark.slow
def test_page_that_a_script_leads_to_is_shown_where_its_redirect_ends(server: HostileServer, get: Get) -> None:
    """Else what it asks for by relative addresses is asked for elsewhere."""
    server.replies["/from"] = answer("<script>location.href = '/way#/7'</script>", Content_Type=HTML)
    server.replies["/way"] = redirect("/deep/down/")
    server.replies["/deep/down/"] = answer(
        "<p id=x></p><script>fetch('rows').then(r => r.text()).then(t => x.textContent = t + location.hash)</script>",
        Content_Type=HTML,
    )
    server.replies["/deep/down/rows"] = answer("rows", Content_Type="text/plain")
    got = page(get(server.url("/from")))
    assert ">rows#/7</p>" in got.body.decode()
    assert got.url == server.url("/deep/down/")


@pytest.mark.slow
def test_what_never_answers_holds_up_nothing_else_that_a_page_asks_for(server: HostileServer, get: Get) -> None:
    """Counters of other sites, of which pages are full."""
    ends = threading.Event()

    def silent(asked: Asked, connection: socket.socket) -> None:
        ends.wait(60)

    server.replies["/counter.js"] = silent
    counters = "".join(f"<script async src='/counter.js?{number}'></script>" for number in range(2))
    server.replies["/counted"] = answer(
        f"{counters}<p id=x></p><script>fetch('/rows').then(r => r.text()).then(t => x.textContent = t)</script>",
        Content_Type=HTML,
    )
    server.replies["/rows"] = answer("rows", Content_Type="text/plain")
    with door_for(fetch_settings(total=20, read=20, per_host=4)) as door:
        body = page(Renderer(door, BROWSER, limit=1_000_000).for_source({}, "")(server.url("/counted"))).body
        ends.set()
    assert b">rows</p>" in body


@pytest.mark.slow
def test_page_that_never_ends_or_grows_without_end_is_given_up(server: HostileServer, get: Get) -> None:
    server.replies["/large"] = answer(
        "<html><body><script>document.body.innerHTML = 'x'.repeat(3000000)</script></body></html>", Content_Type=HTML
    )
    with pytest.raises(TooLarge, match="rendered"):
        get(server.url("/large"))
    server.replies["/ticking"] = answer(
        "<html><body><p id=x></p><script>setInterval(() => x.textContent = Math.random(), 50)</script></body></html>",
        Content_Type=HTML,
    )
    assert b"<p id=" in page(get(server.url("/ticking"))).body


@pytest.mark.slow
def test_page_that_spins_when_it_is_there_is_given_up_and_its_browser_is_gone(server: HostileServer, get: Get) -> None:
    """Nothing that is asked of such a page is ever answered, its content neither."""
    server.replies["/spins"] = answer(
        "<html><body><p>x</p><script>setTimeout(() => { for (;;) {} }, 50)</script></body></html>", Content_Type=HTML
    )
    with door_for(fetch_settings(total=20, read=20)) as door:
        hasty = Renderer(door, BROWSER, limit=1_000_000, seconds=6).for_source({}, "")
        with pytest.raises(FetchError, match="could not render"):
            hasty(server.url("/spins"))
    assert b"ul" in page(get(server.url("/"))).body
