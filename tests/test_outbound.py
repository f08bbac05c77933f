"""The door to the network against a real server: statuses, redirects, conditions, secrets, bounds."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedservice.errors import FetchError, Forbidden, TooLarge
from feedservice.model import NotModified, Page, Validators
from feedservice.outbound import Door
from tests.outbound_server import Asked, HostileServer, Reply, answer, door_for, fetch_settings, redirect, running


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with running(HostileServer()) as serving:
        yield serving


@pytest.fixture
def door() -> Iterator[Door]:
    with door_for() as opened:
        yield opened


def page(answered: Page | NotModified) -> Page:
    assert isinstance(answered, Page)
    return answered


# ---------------------------------------------------------------------------------------------- what comes back


def test_page_carries_all_that_the_server_said(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = answer(
        "<p>通知</p>",
        Content_Type="text/html; charset=utf-8",
        ETag='W/"7"',
        Last_Modified="Mon, 05 Jan 2026 01:00:00 GMT",
    )
    got = page(door.get(server.url("/a#top")))
    assert (got.url, got.status, got.content_type) == (server.url("/a"), 200, "text/html; charset=utf-8")
    assert got.body.decode() == "<p>通知</p>"
    assert got.validators.etag == 'W/"7"'
    assert got.validators.last_modified == "Mon, 05 Jan 2026 01:00:00 GMT"
    assert got.headers["etag"] == 'W/"7"'


EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Length: 9\r\n\r\n"


@pytest.mark.parametrize("first", [EARLY, EARLY * 3, b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"])
def test_what_comes_before_the_answer_is_no_answer(server: HostileServer, door: Door, first: bytes) -> None:
    server.replies |= {"/a": first + answer("here"), "/b": first + redirect("/a")}
    assert page(door.get(server.url("/a"))).body == b"here"
    assert page(door.get(server.url("/b"))).body == b"here"


@pytest.mark.parametrize(
    "line", [b"X-Broken", b"X Broken: 1", b"X-Spaced : 1", b": 1", b"\tlost", b"X-Cut: a\rb", b"\xff: 1"]
)
def test_line_that_is_no_field_costs_none_of_those_behind_it(
    server: HostileServer, door: Door, caplog: pytest.LogCaptureFixture, line: bytes
) -> None:
    whole = answer(gzip.compress(b"here"), Content_Type="text/plain; charset=gbk", Content_Encoding="gzip")
    start, _, rest = whole.partition(b"\r\n")
    server.replies["/a"] = start + b"\r\n" + line + b"\r\n" + rest
    for _ in range(2):
        got = page(door.get(server.url("/a?token=s3cret")))
        assert (got.body, got.content_type) == (b"here", "text/plain; charset=gbk")
    assert not caplog.records


@pytest.mark.parametrize("status", [206, 300, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_other_statuses_are_errors_that_name_the_address(server: HostileServer, door: Door, status: int) -> None:
    server.replies["/a"] = answer(b"", f"{status} Odd", Retry_After="120")
    with pytest.raises(FetchError) as caught:
        door.get(server.url("/a?id=7&access_token=s3cret"))
    assert (caught.value.status, caught.value.retry_after) == (status, 120)
    assert f"127.0.0.1:{server.port}/a?id=7&access_token=***" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_retry_after_as_a_date_counts_from_now(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = answer(b"", "503 Busy", Retry_After="Mon, 05 Jan 2026 01:10:00 GMT")
    with pytest.raises(FetchError) as caught:
        door.get(server.url("/a"))
    assert caught.value.retry_after == 600


@pytest.mark.parametrize("value", ["soon", "-5", "", "1e9", "٣", "Mon, 05 Jan 99999999999999999999 01:00:00 GMT"])
def test_retry_after_that_makes_no_sense_is_none(server: HostileServer, door: Door, value: str) -> None:
    server.replies["/a"] = answer(b"", "500 Odd").replace(b"\r\n\r\n", f"\r\nRetry-After: {value}\r\n\r\n".encode())
    with pytest.raises(FetchError) as caught:
        door.get(server.url("/a"))
    assert caught.value.retry_after is None


def test_who_asks_and_what_for(server: HostileServer) -> None:
    server.replies["/a"] = answer("x")
    with door_for(fetch_settings(contact="https://feeds.example.org/about")) as door:
        door.get(server.url("/a"), accept="application/json")
    headers = server.asked[0].headers
    assert headers["user-agent"] == "feedservice/1.2.3 (+https://feeds.example.org/about)"
    assert (headers["accept"], headers["accept-encoding"]) == ("application/json", "gzip, deflate")


def test_who_asks_without_contact(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = answer("x")
    door.get(server.url("/a"))
    assert server.asked[0].headers["user-agent"] == "feedservice/1.2.3"


# ---------------------------------------------------------------------------------------------- conditions


def test_unchanged_is_told_by_the_server(server: HostileServer, door: Door) -> None:
    def conditional(asked: Asked, connection: socket.socket) -> None:
        same = asked.headers.get("if-none-match") == '"7"'
        connection.sendall(answer(b"", "304 Not Modified", ETag='"7"') if same else answer("x", ETag='"7"'))

    server.replies["/a"] = conditional
    first = page(door.get(server.url("/a")))
    assert door.get(server.url("/a"), unless=first.validators) == NotModified(server.url("/a"))
    assert server.asked[1].headers["if-none-match"] == '"7"'


def test_server_that_was_not_asked_cannot_say_that_nothing_changed(server: HostileServer, door: Door) -> None:
    """It gave no validators, so none were sent back: its 304 hides what it ought to have sent."""
    server.replies["/a"] = answer("x")
    first = page(door.get(server.url("/a")))
    server.replies["/a"] = answer(b"", "304 Not Modified")
    with pytest.raises(FetchError, match="the server answered 304"):
        door.get(server.url("/a"), unless=first.validators)


def test_unchanged_is_told_by_equal_bytes(server: HostileServer, door: Door) -> None:
    """A server without validators is read in full, and nothing is made of it."""
    server.replies["/a"] = answer("x")
    first = page(door.get(server.url("/a")))
    assert door.get(server.url("/a"), unless=first.validators) == NotModified(server.url("/a"))
    server.replies["/a"] = answer(gzip.compress(b"x", mtime=0), Content_Encoding="gzip")
    assert door.get(server.url("/a"), unless=first.validators) == NotModified(server.url("/a"))
    server.replies["/a"] = answer("y")
    assert page(door.get(server.url("/a"), unless=first.validators)).body == b"y"


def test_validators_that_cannot_be_sent_are_not_sent(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = answer("x")
    door.get(server.url("/a"), unless=Validators(etag='"a"\r\nX-Evil: 1', last_modified="我" * 3))
    assert not {"if-none-match", "if-modified-since", "x-evil"} & set(server.asked[0].headers)


# ---------------------------------------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/end", "end", "?/../end", "//127.0.0.1:{port}/end", "http://127.0.0.1:{port}/end#x"]
)
def test_redirects_lead_to_the_final_address(server: HostileServer, door: Door, status: int, location: str) -> None:
    server.replies |= {"/a": redirect(location.format(port=server.port), status), "/end": answer("here")}
    if location.startswith("?"):
        server.replies["/a?/../end"] = redirect("/end", status)
    got = page(door.get(server.url("/a")))
    assert (got.url, got.body) == (server.url("/end"), b"here")


def test_location_in_utf8_is_understood(server: HostileServer, door: Door) -> None:
    server.replies |= {
        "/a": redirect("/路 径"),
        "/%E8%B7%AF%20%E5%BE%84": answer("here"),
    }
    assert page(door.get(server.url("/a"))).body == b"here"


def test_location_in_another_encoding_is_passed_on_byte_by_byte(server: HostileServer, door: Door) -> None:
    raw = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /" + "中文".encode("gbk") + b".html\r\n\r\n"
    server.replies |= {"/a": raw, "/%D6%D0%CE%C4.html": answer("here")}
    assert page(door.get(server.url("/a"))).body == b"here"


def test_location_that_is_told_twice(server: HostileServer, door: Door) -> None:
    start = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /end\r\nLocation: "
    server.replies |= {"/a": start + b"/end\r\n\r\n", "/b": start + b"/other\r\n\r\n", "/end": answer("here")}
    assert page(door.get(server.url("/a"))).body == b"here"
    with pytest.raises(FetchError, match="several addresses"):
        door.get(server.url("/b"))


def test_redirect_that_leads_nowhere_is_asked_for_once(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = b"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(FetchError, match="the server answered 302"):
        door.get(server.url("/a"))
    assert server.paths() == ["/a"]


def test_five_redirects_and_no_more(server: HostileServer, door: Door) -> None:
    server.replies |= {f"/{hop}": redirect(f"/{hop + 1}") for hop in range(5)} | {"/5": answer("here")}
    assert page(door.get(server.url("/0"))).body == b"here"
    server.replies["/5"] = redirect("/6")
    with pytest.raises(FetchError, match="more than 5 redirects"):
        door.get(server.url("/0"))
    assert "/6" not in server.paths()


def test_a_circle_of_redirects_ends(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = redirect("/a")
    with pytest.raises(FetchError, match="redirects"):
        door.get(server.url("/a"))
    assert len(server.asked) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x", "data:,x"])
def test_redirects_to_other_schemes_are_refused(server: HostileServer, door: Door, location: str) -> None:
    server.replies["/a"] = redirect(location)
    with pytest.raises(Forbidden, match="only http and https"):
        door.get(server.url("/a"))


@pytest.mark.parametrize("location", ["http://[", "http://a b/", "http://:0/", "//", "http://\\@x/"])
def test_redirects_to_nonsense_are_errors(server: HostileServer, door: Door, location: str) -> None:
    server.replies["/a"] = redirect(location)
    with pytest.raises(FetchError):
        door.get(server.url("/a"))


LEADING = [
    '<meta http-equiv="refresh" content="0;url=/end">',
    "<META content='0; URL=\"/end\"' HTTP-EQUIV=Refresh>",
    "<title>正在跳转</title><p>页面正在跳转<meta http-equiv=refresh content=1;/end>",
    '<meta http-equiv="refresh" content="0,url=end#top"><script>document.write("<p>")</script>',
    '<html><head><script>window.location.href = "/end";</script></head><body></body></html>',
    "<script>\nlocation.replace('/end')\n</script>",
]
STAYING = [
    '<meta http-equiv="refresh" content="5;url=/end">',
    '<meta http-equiv="refresh" content="0">',
    '<meta http-equiv="refresh" content="0;url=/a">',
    '<meta http-equiv="refresh" content="0;url=weixin://dl/chat">',
    '<!--[if lt IE 9]><meta http-equiv="refresh" content="0;url=/end"><![endif]-->',
    '<noscript><meta http-equiv="refresh" content="0;url=/end"></noscript>',
    '<meta http-equiv="refresh" content="0;url=/end">' + "<p>开发区召开专题会议。" * 30,
    '<script>if (mobile) location.href="/end"</script>',
    '<p>公告</p><script>location.href="/end"</script>',
]


@pytest.mark.parametrize("body", LEADING)
def test_page_that_is_nothing_but_a_way_leads_on(server: HostileServer, door: Door, body: str) -> None:
    server.replies |= {"/a": answer(body, Content_Type="text/html"), "/end": answer("here", ETag='"7"')}
    got = page(door.get(server.url("/a")))
    assert (got.url, got.body) == (server.url("/end"), b"here")
    # That a page which leads on is as it was says nothing of where it leads.
    assert (got.validators.etag, got.validators.last_modified) == (None, None)
    assert isinstance(door.get(server.url("/a"), unless=got.validators), NotModified)


def test_field_that_leads_on_is_followed(server: HostileServer, door: Door) -> None:
    server.replies |= {
        "/a": answer("<p>gone on", Content_Type="text/html", Refresh="0; url=/end"),
        "/end": answer("here"),
    }
    assert page(door.get(server.url("/a"))).body == b"here"


@pytest.mark.parametrize("body", STAYING)
def test_page_with_more_to_it_is_what_was_asked_for(server: HostileServer, door: Door, body: str) -> None:
    server.replies["/a"] = answer(body, Content_Type="text/html", ETag='"7"')
    got = page(door.get(server.url("/a")))
    assert (got.url, got.body.decode(), got.validators.etag) == (server.url("/a"), body, '"7"')
    assert server.paths() == ["/a"]


def test_where_pages_lead_is_judged_like_a_redirect(server: HostileServer, door: Door) -> None:
    to = '<meta http-equiv="refresh" content="0;url={}">'
    server.replies["/a"] = answer(to.format("http://169.254.169.254/latest/"), Content_Type="text/html")
    with pytest.raises(Forbidden, match="not public"):
        door.get(server.url("/a"))
    server.replies |= {"/b": answer(to.format("/c"), Content_Type="text/html")}
    server.replies |= {"/c": answer(to.format("/b"), Content_Type="text/html")}
    with pytest.raises(FetchError, match="more than 5 redirects"):
        door.get(server.url("/b"))


def test_cookie_wall_is_passed(server: HostileServer, door: Door) -> None:
    """A server that sets a cookie and sends back to the same address is answered with that cookie, for this fetch."""

    def wall(asked: Asked, connection: socket.socket) -> None:
        passed = asked.headers.get("cookie") == "seen=1"
        connection.sendall(answer("here") if passed else redirect("/a", Set_Cookie="seen=1"))

    server.replies["/a"] = wall
    assert page(door.get(server.url("/a"))).body == b"here"
    door.get(server.url("/a"))
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, "seen=1", None, "seen=1"]


def test_cookie_wall_is_passed_with_a_cookie_of_the_configuration_too(server: HostileServer, door: Door) -> None:
    """The one that the server sets anew counts."""

    def wall(asked: Asked, connection: socket.socket) -> None:
        passed = "seen=1" in asked.headers.get("cookie", "")
        connection.sendall(answer("here") if passed else redirect("/a", Set_Cookie="seen=1"))

    server.replies["/a"] = wall
    get = door.for_source({"cookie": "user=7; seen=0"}, server.url("/"))
    assert page(get(server.url("/a"))).body == b"here"
    assert [asked.headers.get("cookie") for asked in server.asked] == ["user=7; seen=0", "user=7; seen=1"]


# ---------------------------------------------------------------------------------------------- secrets


def test_extra_headers_go_to_their_own_server_only(server: HostileServer) -> None:
    """A redirect to another port or host, or to another scheme's port, loses them; a way back finds them again."""
    with running(HostileServer()) as other, door_for(resolve=lambda host, port: ["127.0.0.1"]) as door:
        get = door.for_source({"Cookie": "canary", "X-Token": "canary"}, server.url("/list"))
        server.replies |= {"/a": redirect(other.url("/b")), "/c": answer("x")}
        other.replies |= {"/b": redirect(server.url("/c", host="elsewhere.example.org"))}
        get(server.url("/a"))
        assert server.asked[0].headers["cookie"] == server.asked[0].headers["x-token"] == "canary"
        assert "canary" not in str(other.asked)
        assert "canary" not in str(server.asked[1])
        door.get(server.url("/c"))
        assert "canary" not in str(server.asked[2])


def test_user_and_password_of_a_url_stay_with_its_server(server: HostileServer, door: Door) -> None:
    """They are sent as Basic credentials, and stand neither in the page's address nor in an error."""
    with running(HostileServer()) as other:
        secret = server.url("/a").replace("//", "//user:pass%20word@")
        server.replies |= {"/a": redirect(other.url("/b"))}
        other.replies |= {"/b": answer("x")}
        assert page(door.get(secret)).url == other.url("/b")
        assert server.asked[0].headers["authorization"] == "Basic dXNlcjpwYXNzIHdvcmQ="
        assert "authorization" not in other.asked[0].headers
    with pytest.raises(FetchError) as caught:
        door.get(secret.replace("/a", "/gone"))
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("X-A", "canary\r\nX-B: 1"), ("X A", "canary"), ("Host", "canary"), ("X-A", "canary\u4e00")]
)
def test_headers_that_cannot_be_sent_are_named_without_their_value(
    server: HostileServer, door: Door, name: str, value: str
) -> None:
    with pytest.raises(FetchError) as caught:
        door.for_source({name: value}, server.url("/"))(server.url("/a"))
    assert name in str(caught.value)
    assert "canary" not in str(caught.value)
    assert server.asked == []


def test_secrets_for_no_server_are_sent_to_nobody(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = answer("x")
    door.for_source({"Cookie": "canary"}, "articles/")(server.url("/a"))
    assert "canary" not in str(server.asked)


def test_environment_is_not_listened_to(server: HostileServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Proxies, .netrc and CA bundles of the environment change nothing."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login canary password canary\n")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    server.replies["/a"] = answer("x")
    with door_for() as door:
        assert page(door.get(server.url("/a"))).body == b"x"
    assert "authorization" not in server.asked[0].headers


def test_proxy_of_the_settings_is_used() -> None:
    """The proxy itself may stand anywhere; what is asked of it is judged as ever."""
    with running(HostileServer()) as proxy:
        settings = fetch_settings(allow=(), proxy=f"http://me:word@127.0.0.1:{proxy.port}")
        with door_for(settings, resolve=lambda host, port: ["8.8.8.8"]) as door:
            proxy.replies["http://news.example.org/a"] = answer("through")
            assert page(door.get("http://news.example.org/a")).body == b"through"
            assert proxy.asked[0].headers["proxy-authorization"] == "Basic bWU6d29yZA=="
            with pytest.raises(Forbidden, match=r"which is not public; fetch\.allow"):
                door.get("http://169.254.169.254/latest/meta-data/")
    assert len(proxy.asked) == 1


def test_many_connections_to_a_proxy_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    together, seen = threading.Barrier(3), set[int]()

    def once_all_are_here(asked: Asked, connection: socket.socket) -> None:
        together.wait(5)
        seen.add(connection.fileno())
        connection.sendall(answer("x"))
        proxy.serve(connection)

    with running(HostileServer()) as proxy:
        proxy.replies = {f"http://{name}.example.org/a": once_all_are_here for name in "abc"}
        settings = fetch_settings(allow=(), proxy=f"http://127.0.0.1:{proxy.port}")
        with door_for(settings, resolve=lambda host, port: ["8.8.8.8"]) as door:
            for _ in range(2):
                with ThreadPoolExecutor(3) as threads:
                    list(threads.map(lambda name: door.get(f"http://{name}.example.org/a"), "abc"))
    assert (len(seen), caplog.records) == (3, [])


# ---------------------------------------------------------------------------------------------- bounds


def test_large_body_is_cut_off_early(server: HostileServer, door: Door) -> None:
    """200 MB, announced or not, cost no more than the limit."""
    piece = b"x" * 1_000_000

    def endless(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            connection.sendall(piece)

    server.replies |= {"/silent": endless, "/told": answer(b"x", Content_Length="200000000")}
    tracemalloc.start()
    try:
        for path in ("/silent", "/told"):
            with pytest.raises(TooLarge, match="allowed"):
                door.get(server.url(path))
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bomb_does_not_go_off(server: HostileServer, door: Door, coding: str) -> None:
    squeeze = zlib.compressobj(9, wbits=31 if coding == "gzip" else 15)
    bomb = b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(200)) + squeeze.flush()
    server.replies["/a"] = answer(bomb, Content_Encoding=coding)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="decompressed"):
            door.get(server.url("/a"))
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(b"text" * 99) + RAW.flush()


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(b"text" * 99, mtime=0)),
        ("x-gzip", gzip.compress(b"text" * 99, mtime=0)),
        ("GZIP", gzip.compress(b"text" * 90, mtime=0) + gzip.compress(b"text" * 9, mtime=0)),
        ("gzip", gzip.compress(b"text" * 99, mtime=0) + b"\n\n"),
        ("deflate", zlib.compress(b"text" * 99)),
        ("deflate", DEFLATED),
        ("identity", b"text" * 99),
        ("utf-8", b"text" * 99),
    ],
)
def test_codings_are_undone(server: HostileServer, door: Door, coding: str, sent: bytes) -> None:
    server.replies["/a"] = answer(sent, Content_Encoding=coding)
    assert page(door.get(server.url("/a"))).body == b"text" * 99


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip, br"])
def test_codings_that_nobody_asked_for_are_errors(server: HostileServer, door: Door, coding: str) -> None:
    server.replies["/a"] = answer(gzip.compress(gzip.compress(b"x", mtime=0)), Content_Encoding=coding)
    with pytest.raises(FetchError, match=r"[Cc]ontent.[Cc]oding|Content-Encoding"):
        door.get(server.url("/a"))


@pytest.mark.parametrize(
    "sent",
    [
        answer("half", Content_Length="8"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\nhalf\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"junk\r\n" * 2_000 + b"\r\nhalf",
        answer(gzip.compress(b"text" * 99, mtime=0)[:-9], Content_Encoding="gzip"),
        answer(gzip.compress(b"text" * 99, mtime=0)[:5], Content_Encoding="gzip"),
        answer(b"\x1f\x8bnot gzip at all", Content_Encoding="gzip"),
        answer(b"plain text", Content_Encoding="gzip"),
        answer("x", Content_Length="-1"),
        answer("x", Content_Length="1, 2"),
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 \xff\xff\r\n\r\n",
        b"220 smtp.example.org ESMTP\r\n",
        b"\x16\x03\x01",
        b"",
    ],
)
def test_broken_answers_are_errors(server: HostileServer, door: Door, sent: bytes) -> None:
    """A body that ends too soon is never taken for the whole; what is no HTTP at all is an error as well."""

    def send(_: Asked, connection: socket.socket) -> None:
        connection.sendall(sent)

    server.replies["/a"] = send
    with pytest.raises(FetchError):
        door.get(server.url("/a"))


def drip(before: bytes, piece: bytes) -> Reply:
    def send(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(before)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.02)

    return send


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status line", "headers", "one header", "body", "length", "chunks", "trailers", "continue"],
)
def test_drip_ends_with_the_deadline(server: HostileServer, before: bytes, piece: bytes) -> None:
    """Bytes that come often enough for the read timeout do not lengthen the whole."""
    server.replies["/a"] = drip(before, piece)
    with door_for(fetch_settings(total=0.3, read=0.2)) as door:
        began = time.monotonic()
        with pytest.raises(FetchError):
            door.get(server.url("/a"))
        assert time.monotonic() - began < 1.5


def test_silence_ends_with_the_read_timeout(server: HostileServer) -> None:
    def silent(asked: Asked, connection: socket.socket) -> None:
        connection.recv(1)

    server.replies["/a"] = silent
    with door_for(fetch_settings(read=0.2)) as door, pytest.raises(FetchError, match="timed out"):
        door.get(server.url("/a"))


def test_deadline_covers_redirects(server: HostileServer) -> None:
    def slow(_: Asked, connection: socket.socket) -> None:
        time.sleep(0.15)
        connection.sendall(redirect("/a"))

    server.replies["/a"] = slow
    with door_for(fetch_settings(total=0.4)) as door, pytest.raises(FetchError, match=r"timed out|too long"):
        door.get(server.url("/a"))
    assert len(server.asked) <= 3


def test_slow_resolver_ends_with_the_deadline() -> None:
    def resolve(host: str, port: int) -> list[str]:
        time.sleep(1)
        return []

    with door_for(fetch_settings(total=0.2), resolve=resolve) as door, pytest.raises(FetchError, match="timed out"):
        door.get("http://slow.example.org/")


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with door_for() as door, pytest.raises(FetchError, match=f"127.0.0.1:{port}/: Connection refused"):
            door.get(f"http://127.0.0.1:{port}/")


def test_what_is_no_http_is_called_so(server: HostileServer, door: Door) -> None:
    server.replies["/a"] = b"<html>an old  server</html>\n"
    with pytest.raises(FetchError, match=r"is no HTTP: '<html>an old server</html>'"):
        door.get(server.url("/a"))


def test_tls_with_a_server_that_speaks_none(server: HostileServer) -> None:
    with door_for(fetch_settings(connect=0.2)) as door, pytest.raises(FetchError) as caught:
        door.get(server.url("/").replace("http:", "https:"))
    assert str(caught.value).count("\n") == 0


def test_secrets_stay_out_of_tracebacks(server: HostileServer, door: Door) -> None:
    """What requests says repeats the URL; it does not come along as the cause."""
    import traceback

    server.replies["/a"] = lambda _, connection: connection.close()
    with pytest.raises(FetchError) as caught:
        door.get(server.url("/a?token=canary").replace("//", "//canary:canary@"))
    assert "canary" not in "".join(traceback.format_exception(caught.value)).partition("test_outbound.py")[0]
