"""How long clients are waited for in front of the WSGI server, and what happens when that, or room, is missing.

The porch runs in the test's own thread, by the test's clock. Its sockets are real; the test is the server behind it.
"""

from __future__ import annotations

import contextlib
import gc
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedservice.protocols import Store
from feedservice.web.porch.porch import Porch
from feedservice.web.porch.sending import Lending
from tests.store_examples import publish
from tests.web_examples import Served, document, fill

SMALL, LARGE = "/feeds/all.rss", "/feeds/all.large"
BODY = b"<rss>" + b"x" * 8_000_000 + b"</rss>"
GRACE = 20.0


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: feeds.example.org\r\n\r\n".encode()


def is_too_late(heard: bytes) -> bool:
    """Whether a client was told so, in a whole answer that ends the connection."""
    head, _, body = heard.partition(b"\r\n\r\n")
    return (
        head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        and b"\r\nConnection: close" in head
        and f"\r\nContent-Length: {len(body)}\r\n".encode() in head
        and len(body) > 0
    )


class Scene:
    """A porch, its clients, and the server behind."""

    def __init__(self, store: Store, folder: Path) -> None:
        fill(store)
        publish(store, document(LARGE, BODY, codings=("identity",)))
        self.served = Served(store)
        self.served.look()
        for path in (SMALL, LARGE):
            # What memory holds, it answers; this fetches it.
            self.served.ask(path)
        self.now = 1000.0
        self.house = socket.socket(socket.AF_UNIX)
        self.house.bind(str(folder / "house"))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        self.porch = Porch(self.listener, str(folder / "house"), self.served.app, grace=GRACE, clock=lambda: self.now)
        self.porch.take_in()
        self.clients: list[socket.socket] = []

    def client(self, *, buffer: int = 0) -> socket.socket:
        client = socket.socket()
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.clients.append(client)
        client.connect(self.address)
        client.settimeout(0.01)
        self.turns()
        return client

    def turns(self) -> None:
        for _ in range(5):
            self.porch.turn()

    def pass_(self, seconds: float) -> None:
        self.now += seconds
        self.turns()

    def say(self, client: socket.socket, what: bytes) -> None:
        client.sendall(what)
        self.turns()

    def hear(self, client: socket.socket, least: int = 1) -> bytes:
        """What comes until there is nothing more, or `least` bytes came."""
        heard = b""
        while len(heard) < least:
            self.turns()
            try:
                more = client.recv(1 << 20)
            except TimeoutError:
                break
            if not more:
                break
            heard += more
        return heard

    def is_left(self, client: socket.socket) -> bool:
        """Whether the porch has closed a connection, on which nothing more came."""
        self.turns()
        try:
            return client.recv(1) == b""
        except TimeoutError:
            return False
        except ConnectionResetError:
            return True

    def client_was_reset(self, client: socket.socket) -> bool:
        """Whether a connection broke instead of ending."""
        self.turns()
        try:
            client.recv(1)
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        return False

    def let_in(self) -> socket.socket:
        self.house.settimeout(5)
        server, _ = self.house.accept()
        server.settimeout(0.01)
        self.clients.append(server)
        return server

    def takes_nothing(self) -> tuple[socket.socket, socket.socket]:
        """A client that was let in and is full of its answer, and its connection at the server behind."""
        client = self.client(buffer=4096)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.say(client, request("/none"))
        server = self.let_in()
        server.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while server.send(BODY):
                self.turns()
        return client, server

    def close(self) -> None:
        self.porch.end()
        self.pass_(400)
        for each in (*self.clients, self.house, self.listener):
            each.close()


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(store, tmp_path)
    scene.house.listen(5)
    yield scene
    scene.close()


# ------------------------------------------------------------------------------------------------ slow clients


@pytest.mark.parametrize("said", [b"", b"G", b"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\n"])
def test_client_has_ten_seconds_for_its_first_head(scene: Scene, said: bytes) -> None:
    client = scene.client()
    scene.say(client, said)
    scene.pass_(9)
    assert not scene.is_left(client)
    scene.pass_(2)
    assert is_too_late(scene.hear(client, 1000)) == bool(said)
    assert scene.is_left(client)


def test_head_that_comes_in_drops_has_no_more_time(scene: Scene) -> None:
    client = scene.client()
    head = request(SMALL)
    for at in range(9):
        scene.say(client, head[at : at + 1])
        assert not scene.is_left(client)
        scene.pass_(1.2)
    scene.say(client, head[9:])
    assert is_too_late(scene.hear(client, 1000))
    assert scene.is_left(client)
    held = files("socket:")
    scene.pass_(6)
    assert files("socket:") == held - 1


def test_head_without_a_body_is_told_so_without_one(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, b"HEAD /feeds/all.rss HTTP/1.1\r\n")
    scene.pass_(11)
    assert scene.hear(client, 1000).endswith(b"\r\n\r\n")
    assert scene.is_left(client)


def test_connection_is_kept_between_polls(scene: Scene) -> None:
    client = scene.client()
    for _ in range(3):
        scene.say(client, request(SMALL))
        assert scene.hear(client).endswith(b"<rss/>")
        scene.pass_(70)
        assert not scene.is_left(client)
    scene.pass_(6)
    assert scene.is_left(client)


def test_second_head_has_ten_seconds_too(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request(SMALL) + b"GET /fee")
    assert scene.hear(client).endswith(b"<rss/>")
    scene.pass_(9)
    assert not scene.is_left(client)
    scene.pass_(2)
    assert is_too_late(scene.hear(client, 1000))
    assert scene.is_left(client)


def test_client_that_takes_nothing_is_left_after_a_minute(scene: Scene) -> None:
    client = scene.client(buffer=4096)
    scene.say(client, request(LARGE))
    scene.pass_(59)
    scene.pass_(2)
    heard = scene.hear(client, len(BODY))
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(heard) < len(BODY)


def test_client_that_takes_little_gets_it_all(scene: Scene) -> None:
    client = scene.client(buffer=4096)
    scene.say(client, request(LARGE))
    heard = b""
    while len(heard) < len(BODY):
        scene.pass_(30)
        more = scene.hear(client, 1_000_000)
        assert more
        heard += more
    assert heard.endswith(BODY)
    scene.say(client, request(SMALL))
    assert scene.hear(client).endswith(b"<rss/>")


# ------------------------------------------------------------------------------------------------ bodies


def files(kind: str) -> int:
    """How many files of a kind this process has open."""
    gc.collect()
    return sum(kind in str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())


def test_body_is_whole_though_another_took_its_place_while_it_was_sent(scene: Scene, store: Store) -> None:
    path, times = "/feeds/all.middle", 20
    old, new = (b"<rss>" + letter * 200_000 + b"</rss>" for letter in (b"o", b"n"))
    publish(store, document(path, old, codings=("identity",)))
    scene.served.look()
    scene.served.ask(path)
    slow, quick = scene.client(buffer=4096), scene.client()
    scene.say(slow, request(path) * times)
    publish(store, document(path, new, codings=("identity",)))
    scene.served.look()
    for _ in range(4):
        scene.say(quick, request(path))
        assert scene.hear(quick, len(new)).endswith(new)
    heard = scene.hear(slow, times * len(old))
    while heard.count(b"</rss>") < times:
        more = scene.hear(slow)
        assert more
        heard += more
    assert heard.count(old) > 1
    assert heard.count(old) + heard.count(new) == times
    scene.say(slow, request(SMALL))
    assert scene.hear(slow).endswith(b"<rss/>")


def test_bodies_in_files_keep_within_their_part_of_the_memory(scene: Scene, store: Store) -> None:
    before = files("memfd:body")
    client = scene.client()
    for number in range(200):
        path, body = f"/feeds/all.{number}", b"<rss>" + str(number).encode() * 33_334 + b"</rss>"
        publish(store, document(path, body, codings=("identity",)))
        scene.served.look()
        scene.served.ask(path)
        for _ in range(3):
            scene.say(client, request(path))
            assert scene.hear(client, len(body)).endswith(body)
    assert 50 < files("memfd:body") - before < 12_800_000 / 66_000


# ------------------------------------------------------------------------------------------------ let in


def test_unknown_request_and_all_after_it_reach_the_server_behind(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request(SMALL) + request("/none") + request(SMALL))
    assert scene.hear(client).endswith(b"<rss/>")
    server = scene.let_in()
    assert server.recv(1000) == request("/none") + request(SMALL)
    server.sendall(b"one")
    assert scene.hear(client) == b"one"
    scene.say(client, b"two")
    assert server.recv(1000) == b"two"


def test_large_bodies_pass_both_ways_while_the_other_side_is_slow(scene: Scene) -> None:
    client = scene.client(buffer=4096)
    scene.say(client, b"POST / HTTP/1.1\r\n")
    server = scene.let_in()
    assert server.recv(1000) == b"POST / HTTP/1.1\r\n"
    for sender, taker in ((client, server), (server, client)):
        sender.settimeout(0)
        left, got = memoryview(BODY), bytearray()
        while len(got) < len(BODY):
            with contextlib.suppress(BlockingIOError):
                left = left[sender.send(left) :] if left else left
            scene.turns()
            try:
                taker.settimeout(0)
                got += taker.recv(50_000)
            except BlockingIOError:
                continue
        assert bytes(got) == BODY


def test_end_of_the_server_behind_is_passed_on_after_its_last_word(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request("/none"))
    server = scene.let_in()
    server.sendall(b"bye")
    server.close()
    assert scene.hear(client, 4) == b"bye"
    assert scene.is_left(client)


def test_client_that_talks_on_still_hears_the_last_word(scene: Scene) -> None:
    """Closed with something unread, its connection would be reset, and what it was answered lost."""
    client = scene.client()
    scene.say(client, request("/none"))
    server = scene.let_in()
    server.sendall(b"last word")
    server.close()
    for _ in range(3):
        scene.say(client, request(SMALL))
    assert scene.hear(client, 100) == b"last word"
    assert not scene.client_was_reset(client)
    held = files("socket:")
    scene.pass_(3)
    assert files("socket:") == held - 2


def says_nothing(server: socket.socket) -> bool:
    """Whether the connection goes on, and nothing came."""
    try:
        server.recv(1000)
    except TimeoutError:
        return True
    return False


def test_client_that_says_nothing_more_still_hears_the_answer(scene: Scene) -> None:
    """The server behind takes the end of what a client says for its end: it answers nothing more (RFC 9112 §9.6)."""
    client = scene.client()
    scene.say(client, request("/none") * 2)
    server = scene.let_in()
    client.shutdown(socket.SHUT_WR)
    scene.turns()
    assert server.recv(1000) == request("/none") * 2
    for _ in range(2):
        scene.pass_(2.5)
        assert says_nothing(server)
        server.sendall(b"answer")
        assert scene.hear(client) == b"answer"
    server.close()
    scene.turns()
    assert scene.is_left(client)


@pytest.mark.parametrize(("answer", "wait"), [(b"", 5.1), (b"answer", 3.1)])
def test_end_of_the_client_is_passed_on_when_no_answer_is_expected_any_more(
    scene: Scene, answer: bytes, wait: float
) -> None:
    client = scene.client()
    scene.say(client, request("/none"))
    server = scene.let_in()
    assert server.recv(1000)
    server.sendall(answer)
    scene.turns()
    client.shutdown(socket.SHUT_WR)
    scene.turns()
    scene.pass_(wait)
    assert server.recv(1000) == b""
    server.close()
    scene.turns()
    assert scene.hear(client) == answer
    assert scene.is_left(client)


def test_client_that_is_gone_is_seen_by_what_it_is_answered(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request("/none"))
    server = scene.let_in()
    client.close()
    held = files("socket:")
    for _ in range(2):
        server.sendall(b"answer")
        scene.pass_(0.1)
    assert files("socket:") == held - 2


def test_client_that_is_let_in_and_takes_nothing_is_left_after_a_minute(scene: Scene) -> None:
    _, server = scene.takes_nothing()
    scene.pass_(59)
    scene.pass_(2)
    server.settimeout(1)
    with pytest.raises(BrokenPipeError):
        server.send(b"more")


def test_client_that_talks_on_and_takes_nothing_is_left_after_a_minute(scene: Scene) -> None:
    client, server = scene.takes_nothing()
    for _ in range(5):
        scene.pass_(11)
        scene.say(client, request("/none"))
        assert server.recv(1000)
    scene.pass_(11)
    server.settimeout(1)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        server.send(b"more")


def test_last_word_after_a_long_silence_is_heard_by_a_client_that_talks_on(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request("/none"))
    server = scene.let_in()
    scene.pass_(20)
    server.sendall(b"last word")
    scene.turns()
    scene.pass_(100)
    server.close()
    scene.turns()
    held = files("socket:")
    scene.pass_(1)
    scene.say(client, request("/none"))
    assert files("socket:") == held, "what a client says to a closed connection resets it"
    assert scene.hear(client, 100) == b"last word"
    scene.pass_(3)
    assert files("socket:") == held - 2


def test_connection_on_which_nothing_is_said_is_left_in_the_end(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request("/none"))
    scene.let_in().sendall(b"answer")
    assert scene.hear(client) == b"answer"
    scene.pass_(290)
    assert not scene.is_left(client)
    scene.pass_(20)
    assert scene.is_left(client)


def test_request_that_comes_in_drops_is_left_after_half_a_minute_however_much_comes(scene: Scene) -> None:
    """Else it would hold one of the threads that answer, for as long as its sender likes."""
    client = scene.client()
    scene.say(client, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    server = scene.let_in()
    for _ in range(11):
        scene.pass_(2.6)
        scene.say(client, b"x")
        assert server.recv(1000)
        assert not scene.is_left(client)
    scene.pass_(2.6)
    assert scene.hear(client).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert scene.is_left(client)
    assert server.recv(1000) == b""


def test_sender_that_was_told_to_go_on_is_told_too_that_it_took_too_long(scene: Scene) -> None:
    """To go on (100) is no answer: one is due still, and takes no longer for it."""
    client = scene.client()
    scene.say(client, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
    server = scene.let_in()
    server.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert scene.hear(client, 1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    for _ in range(11):
        scene.pass_(2.6)
        scene.say(client, b"x")
    scene.pass_(2.6)
    assert is_too_late(scene.hear(client, 1000))
    assert scene.is_left(client)


def test_sender_that_has_its_answer_after_it_was_told_to_go_on_hears_no_more(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
    server = scene.let_in()
    server.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\no")
    assert scene.hear(client, 1000).endswith(b"\r\n\r\no")
    scene.say(client, b"x")
    scene.pass_(31)
    assert scene.hear(client, 1000) == b""
    assert scene.is_left(client)


@pytest.mark.parametrize(("seconds", "told"), [(9, False), (11, True)])
def test_head_that_is_not_for_us_and_stalls_is_told_that_it_took_too_long(
    scene: Scene, seconds: float, told: bool
) -> None:
    """The server behind ends the connection, after as long as a head may take, without a word."""
    client = scene.client()
    scene.say(client, b"POST / HTTP/1.1\r\nHost: a\r\n")
    server = scene.let_in()
    scene.pass_(seconds)
    server.close()
    assert is_too_late(scene.hear(client, 1000)) == told
    assert scene.is_left(client)


def test_half_a_minute_of_a_request_begins_anew_after_each_answer(scene: Scene) -> None:
    client = scene.client()
    scene.say(client, request("/none"))
    server = scene.let_in()
    for _ in range(4):
        scene.pass_(20)
        server.sendall(b"answer")
        assert scene.hear(client) == b"answer"
        scene.say(client, request("/none"))
    assert not scene.is_left(client)


def test_client_that_is_told_much_and_asks_meanwhile_is_not_left(scene: Scene) -> None:
    """Who has not taken its first answer cannot have the second."""
    client, server = scene.takes_nothing()
    scene.say(client, request("/none"))
    for _ in range(4):
        scene.pass_(25)
        assert scene.hear(client, 30_000)
    server.settimeout(1)
    assert server.recv(1000)


def test_client_is_told_when_the_server_behind_is_away(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(store, tmp_path)
    client = scene.client()
    scene.say(client, request("/none"))
    answer = scene.hear(client, 10_000)
    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nRetry-After: 60\r\n" in answer
    assert answer.endswith(b"\r\n\r\nTry again in a minute.\n")
    assert scene.is_left(client)
    other = scene.client()
    scene.say(other, request("/none").replace(b"GET", b"HEAD"))
    head = scene.hear(other, 10_000)
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert head.endswith(b"\r\n\r\n")
    assert caplog.text.count("the server behind takes no connection") == 1
    scene.pass_(1)
    scene.say(scene.client(), request("/none"))
    assert caplog.text.count("the server behind takes no connection") == 2
    scene.close()


def test_room_that_is_missing_for_long_is_told_of_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """It was a line each second; when there was room for all for a minute, it is told anew."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for times in (1, 2):
        with socket.socket() as client:
            resource.setrlimit(resource.RLIMIT_NOFILE, (client.fileno(), hard))
            try:
                client.connect(scene.address)
                for _ in range(50):
                    scene.pass_(2)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert caplog.text.count("no room for more connections") == times
            scene.pass_(2)
            client.settimeout(1)
            client.sendall(request(SMALL))
            assert scene.hear(client).startswith(b"HTTP/1.1 200 OK")
            scene.pass_(61)


def test_body_that_is_larger_than_the_room_for_bodies_in_files_is_copied() -> None:
    lending, body = Lending(50_000), b"x" * 60_000
    assert [lending.lend(SMALL, "tag", body) for _ in range(3)] == [None] * 3
    assert lending.lend(SMALL, "other", body[:40_000]) is None
    assert lending.lend(SMALL, "other", body[:40_000]) is not None


# ------------------------------------------------------------------------------------------------ the end


def test_at_the_end_idle_clients_are_left_and_nobody_else_is_taken_in(scene: Scene) -> None:
    idle, fresh = scene.client(), scene.client()
    scene.say(idle, request(SMALL))
    assert scene.hear(idle)
    scene.porch.end()
    with pytest.raises(ConnectionRefusedError):
        scene.client()
    scene.pass_(3)
    assert scene.is_left(idle)
    assert scene.is_left(fresh)


def test_request_that_was_on_its_way_at_the_end_is_answered_and_the_last(scene: Scene) -> None:
    """Nobody is turned away by a restart, whether it was the connection's first request or not."""
    idle, fresh = scene.client(), scene.client()
    scene.say(idle, request(SMALL))
    assert scene.hear(idle)
    scene.porch.end()
    for client in (idle, fresh):
        scene.say(client, request(SMALL))
        answer = scene.hear(client, 10_000)
        assert b"\r\nConnection: close\r\n" in answer
        assert answer.endswith(b"<rss/>")
        assert scene.is_left(client)


def test_at_the_end_what_is_under_way_is_finished(scene: Scene) -> None:
    slow, begun, inside = scene.client(buffer=4096), scene.client(), scene.client()
    scene.say(slow, request(LARGE))
    scene.say(begun, request(SMALL)[:20])
    scene.say(inside, request("/none"))
    server = scene.let_in()
    scene.porch.end()
    scene.pass_(3)
    scene.say(begun, request(SMALL)[20:])
    answer = scene.hear(begun, 10_000)
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(b"<rss/>")
    server.sendall(b"answer")
    assert scene.hear(inside) == b"answer"
    assert scene.hear(slow, len(BODY)).endswith(BODY[-100:])
    scene.pass_(3)
    for client in (slow, begun, inside):
        assert scene.is_left(client)
