"""How often hosts are asked, when they are left alone, and what robots.txt has to say, against a real server."""

from __future__ import annotations

import gc
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from feedservice.errors import FetchError, Forbidden
from feedservice.model import Page
from feedservice.outbound import Door
from tests.fakes import FakeClock
from tests.outbound_server import Asked, HostileServer, Reply, answer, door_for, fetch_settings, redirect, running


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with running(HostileServer()) as serving:
        yield serving


def failure(act: Callable[[], object]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        act()
    return caught.value


def broken(asked: Asked, connection: socket.socket) -> None:
    connection.close()


# ---------------------------------------------------------------------------------------------- pace


def test_requests_to_one_host_keep_their_distance(server: HostileServer, clock: FakeClock) -> None:
    """The first goes at once; each of the others waits for its turn, counted from the one before."""
    server.replies["/"] = answer("x")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.pass_(seconds=seconds)

    with door_for(fetch_settings(delay=2), clock, sleep=sleep) as door:
        door.get(server.url())
        door.get(server.url())
        clock.pass_(seconds=1.5)
        door.get(server.url())
        clock.pass_(seconds=60)
        door.get(server.url())
    assert slept == [2, 0.5]


def test_requests_that_come_together_keep_their_distance_too(server: HostileServer, clock: FakeClock) -> None:
    """Each waits for its own turn, behind all that came before it; those who wait stand in line."""
    server.replies["/"] = answer("x")
    turns: list[float] = []

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        clock.pass_(seconds=seconds)
        turns.append(time.monotonic())

    with door_for(fetch_settings(delay=0.1, per_host=4), clock, sleep=sleep) as door, ThreadPoolExecutor(6) as threads:
        began = time.monotonic()
        assert len(list(threads.map(lambda _: door.get(server.url()), range(6)))) == 6
    assert len(turns) == 5
    assert all(turn >= began + 0.1 * number - 0.01 for number, turn in enumerate(sorted(turns), 1))


def test_other_hosts_do_not_wait(server: HostileServer, clock: FakeClock) -> None:
    with running(HostileServer(replies={"/": answer("y")})) as other:
        server.replies["/"] = answer("x")
        with door_for(fetch_settings(delay=2), clock, sleep=lambda seconds: pytest.fail("waited")) as door:
            door.get(server.url())
            door.get(other.url())


def test_nobody_is_held_longer_than_a_fetch_may_take(server: HostileServer, clock: FakeClock) -> None:
    """Who would have to wait too long is told when to come back, and nothing is sent."""
    server.replies["/"] = answer("x")
    with door_for(fetch_settings(total=30, delay=90), clock) as door:
        door.get(server.url())
        error = failure(lambda: door.get(server.url()))
        assert (error.status, error.retry_after) == (None, 90)
        clock.pass_(seconds=90)
        door.get(server.url())
    assert len(server.asked) == 2


def test_waiting_for_a_turn_does_not_shorten_the_fetch(server: HostileServer, clock: FakeClock) -> None:
    """With a distance of most of the deadline, the second fetch still has all of it."""

    def slow(asked: Asked, connection: socket.socket) -> None:
        time.sleep(0.3)
        connection.sendall(answer("x"))

    server.replies["/"] = slow
    with door_for(fetch_settings(total=0.5, delay=0.3), clock, sleep=time.sleep) as door:
        door.get(server.url())
        assert isinstance(door.get(server.url()), Page)


def test_clock_that_was_turned_back_delays_nobody_for_long(server: HostileServer, clock: FakeClock) -> None:
    server.replies |= {"/": answer("x"), "/busy": answer(b"", "429 Slow", Retry_After="3600")}
    slept: list[float] = []
    with door_for(fetch_settings(delay=2), clock, sleep=slept.append) as door:
        door.get(server.url())
        clock.pass_(days=-1)
        door.get(server.url())
        failure(lambda: door.get(server.url("/busy")))
        clock.pass_(days=-1)
        door.get(server.url())
    assert max(slept) <= 2


@pytest.mark.parametrize("per_host", [1, 3])
def test_a_host_gets_so_many_requests_at_once(server: HostileServer, per_host: int) -> None:
    counted = threading.Lock()
    now = most = 0

    def slow(asked: Asked, connection: socket.socket) -> None:
        nonlocal now, most
        with counted:
            now += 1
            most = max(most, now)
        time.sleep(0.03)
        with counted:
            now -= 1
        connection.sendall(answer("x"))

    server.replies["/"] = slow
    with door_for(fetch_settings(per_host=per_host)) as door, ThreadPoolExecutor(12) as threads:
        assert len(list(threads.map(lambda _: door.get(server.url()), range(12)))) == 12
    assert most == per_host


def test_who_finds_no_place_in_time_comes_back_later(server: HostileServer, clock: FakeClock) -> None:
    """While somebody holds the only place for too long, another gives up with a time to come back."""
    server.replies["/"] = answer("x")
    sleeping, wake = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        sleeping.set()
        wake.wait(5)

    settings = fetch_settings(total=0.3, per_host=1, delay=0.1)
    with door_for(settings, clock, sleep=sleep) as door, ThreadPoolExecutor(1) as threads:
        door.get(server.url())
        holder = threads.submit(door.get, server.url())
        assert sleeping.wait(5)
        assert failure(lambda: door.get(server.url())).retry_after == 1
        wake.set()
        assert isinstance(holder.result(timeout=5), Page)
    assert len(server.asked) == 2


# ---------------------------------------------------------------------------------------------- silence


@pytest.mark.parametrize(("status", "told", "silent"), [(429, "120", 120), (503, "120", 120), (429, "", 60)])
def test_host_that_asks_for_silence_gets_it(
    server: HostileServer, clock: FakeClock, status: int, told: str, silent: int
) -> None:
    """Every address of the host is left alone until then, and not a second longer."""
    server.replies |= {"/busy": answer(b"", f"{status} Busy", Retry_After=told), "/": answer("x")}
    with door_for(clock=clock) as door:
        failure(lambda: door.get(server.url("/busy")))
        clock.pass_(seconds=silent - 1)
        assert failure(lambda: door.get(server.url())).retry_after == 1
        clock.pass_(seconds=1)
        door.get(server.url())
    assert server.paths() == ["/busy", "/"]


def test_other_errors_ask_for_no_silence(server: HostileServer, clock: FakeClock) -> None:
    server.replies |= {
        "/503": answer(b"", "503 Busy"),
        "/500": answer(b"", "500 Odd", Retry_After="90"),
        "/": answer("x"),
    }
    with door_for(clock=clock) as door:
        failure(lambda: door.get(server.url("/503")))
        failure(lambda: door.get(server.url("/500")))
        door.get(server.url())


def test_silence_lasts_a_day_at_most(server: HostileServer, clock: FakeClock) -> None:
    server.replies |= {"/busy": answer(b"", "503 Busy", Retry_After="99999999999"), "/": answer("x")}
    with door_for(clock=clock) as door:
        assert failure(lambda: door.get(server.url("/busy"))).retry_after == 86_400
        clock.pass_(days=1)
        door.get(server.url())


def tries_in(door: Door, url: str, clock: FakeClock, asked: Callable[[], int], *, hours: int) -> int:
    """How often a host is really asked when somebody wants to every five minutes."""
    before = asked()
    for _ in range(hours * 12):
        failure(lambda: door.get(url))
        clock.pass_(minutes=5)
    return asked() - before


def test_dead_host_is_tried_six_times_a_day_at_most(server: HostileServer, clock: FakeClock) -> None:
    server.replies["/"] = broken
    with door_for(clock=clock) as door:
        assert tries_in(door, server.url(), clock, lambda: len(server.asked), hours=24) == 6
        assert tries_in(door, server.url(), clock, lambda: len(server.asked), hours=72) <= 9


def test_name_that_is_gone_is_tried_six_times_a_day_at_most(clock: FakeClock) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with door_for(clock=clock, resolve=resolve) as door:
        assert tries_in(door, "http://gone.example.org/", clock, lambda: len(asked), hours=24) <= 6
        error = failure(lambda: door.get("http://gone.example.org/"))
        assert error.retry_after is not None
        assert 0 < error.retry_after <= 8 * 3600
        assert str(error).endswith("in a row, the last time http://gone.example.org/: Name or service not known")


def test_hosts_that_were_gone_long_ago_are_forgotten(clock: FakeClock) -> None:
    """Links of years lead to thousands of them; one that is asked again has its six tries a day."""

    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with door_for(clock=clock, resolve=resolve) as door:
        for day in range(4):
            for number in range(600):
                failure(lambda: door.get(f"http://gone-{day}-{number}.example.org/"))  # noqa: B023
            clock.pass_(days=1)
        remembered = [each for each in gc.get_objects() if type(each).__name__ == "_Host"]
        assert 600 <= len(remembered) <= 1_300


def test_one_failure_is_forgiven(server: HostileServer, clock: FakeClock) -> None:
    server.replies |= {"/broken": broken, "/": answer("x")}
    with door_for(clock=clock) as door:
        for _ in range(5):
            failure(lambda: door.get(server.url("/broken")))
            door.get(server.url())


def test_host_that_is_back_is_asked_as_before(server: HostileServer, clock: FakeClock) -> None:
    server.replies["/"] = broken
    with door_for(clock=clock) as door:
        for _ in range(2):
            failure(lambda: door.get(server.url()))
        server.replies["/"] = answer("x")
        assert failure(lambda: door.get(server.url())).retry_after == 1800
        clock.pass_(minutes=30)
        for _ in range(3):
            door.get(server.url())


def test_requests_that_fail_together_fail_once(server: HostileServer, clock: FakeClock) -> None:
    """A hiccup that hits four requests at once is one failure, not four."""
    together = threading.Barrier(4)

    def hiccup(asked: Asked, connection: socket.socket) -> None:
        together.wait(5)
        connection.close()

    server.replies |= {"/broken": hiccup, "/": answer("x")}
    with door_for(fetch_settings(per_host=4), clock) as door:
        with ThreadPoolExecutor(4) as threads:
            tries = [threads.submit(door.get, server.url("/broken")) for _ in range(4)]
            assert all(attempt.exception(timeout=5) for attempt in tries)
        door.get(server.url())


def test_answers_that_are_no_use_are_answers_all_the_same(server: HostileServer, clock: FakeClock) -> None:
    """A host that says 404 or 500 is alive."""
    server.replies["/500"] = answer(b"", "500 Odd")
    with door_for(clock=clock) as door:
        for _ in range(9):
            assert failure(lambda: door.get(server.url("/404"))).status == 404
            assert failure(lambda: door.get(server.url("/500"))).status == 500


# ---------------------------------------------------------------------------------------------- robots.txt


@pytest.fixture
def polite(clock: FakeClock) -> Iterator[Door]:
    with door_for(fetch_settings(robots=True, total=30), clock) as door:
        yield door


def robots(*lines: str) -> bytes:
    return answer("\n".join(lines), Content_Type="text/plain")


def test_robots_txt_is_honoured(server: HostileServer, polite: Door) -> None:
    server.replies |= {
        "/robots.txt": robots("User-agent: *", "Disallow: /private", "Allow: /private/open"),
        "/a": answer("x"),
        "/private/open/b": answer("y"),
    }
    polite.get(server.url("/a"))
    polite.get(server.url("/private/open/b"))
    with pytest.raises(Forbidden, match=r"robots\.txt says no"):
        polite.get(server.url("/private/c"))
    assert server.paths() == ["/robots.txt", "/a", "/private/open/b"]


def test_our_own_group_counts_before_that_of_all(server: HostileServer, polite: Door) -> None:
    server.replies |= {
        "/robots.txt": robots(
            "User-agent: Googlebot", "User-agent: FeedService", "Disallow: /b", "", "User-agent: *", "Disallow: /"
        ),
        "/a": answer("x"),
    }
    polite.get(server.url("/a"))
    with pytest.raises(Forbidden):
        polite.get(server.url("/b"))


def test_rules_for_others_are_not_for_us(server: HostileServer, polite: Door) -> None:
    server.replies |= {
        "/robots.txt": robots("User-agent: feed", "User-agent: otherbot/2.0", "Disallow: /"),
        "/a": answer("x"),
    }
    polite.get(server.url("/a"))


def test_robots_txt_is_asked_for_without_the_usual_port(clock: FakeClock) -> None:
    """Through a proxy it was `http://HOST:80/robots.txt`, for which some servers know no site."""
    with running(HostileServer()) as proxy:
        settings = fetch_settings(allow=(), robots=True, proxy=f"http://127.0.0.1:{proxy.port}")
        with door_for(settings, clock, resolve=lambda host, port: ["8.8.8.8"]) as door:
            for place in ("www.example.org", "www.example.org:80", "www.example.org:8080"):
                failure(lambda: door.get(f"http://{place}/none"))  # noqa: B023
        robots = [asked for asked in proxy.asked if asked.path.endswith("/robots.txt")]
    assert [asked.path for asked in robots] == [
        "http://www.example.org/robots.txt",
        "http://www.example.org:8080/robots.txt",
    ]
    assert [asked.headers["host"] for asked in robots] == ["www.example.org", "www.example.org:8080"]


def test_robots_txt_is_read_once_a_day(server: HostileServer, polite: Door, clock: FakeClock) -> None:
    server.replies |= {"/robots.txt": robots("User-agent: *", "Disallow:"), "/a": answer("x")}
    for _ in range(4):
        polite.get(server.url("/a"))
        clock.pass_(hours=8)
    assert server.paths().count("/robots.txt") == 2


def test_robots_txt_is_read_by_one_for_all(server: HostileServer, polite: Door) -> None:
    server.replies |= {"/robots.txt": robots("User-agent: *", "Disallow:"), "/a": answer("x")}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: polite.get(server.url("/a")), range(16)))
    assert server.paths().count("/robots.txt") == 1


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"", "404 Not Found"),
        answer(b"", "403 Forbidden"),
        answer("<html>not a robots.txt: at all</html>"),
        answer(b"\xff\xfe\x00\x00\x80 Disallow: /"),
        answer(b""),
        redirect("/robots.txt"),
        redirect("http://10.0.0.1/robots.txt"),
        redirect("file:///etc/passwd"),
        answer(b"broken", Content_Encoding="gzip"),
    ],
    ids=["404", "403", "html", "bytes", "empty", "circle", "private", "file", "damaged"],
)
def test_without_rules_everything_is_allowed(server: HostileServer, polite: Door, reply: bytes) -> None:
    server.replies |= {"/robots.txt": reply, "/a": answer("x")}
    assert isinstance(polite.get(server.url("/a")), Page)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_site_in_trouble_is_not_read_for_a_short_time(
    server: HostileServer, polite: Door, clock: FakeClock, status: int
) -> None:
    server.replies |= {"/robots.txt": answer(b"", f"{status} Odd"), "/a": answer("x")}
    for _ in range(3):
        error = failure(lambda: polite.get(server.url("/a")))
        assert not isinstance(error, Forbidden)
        assert error.retry_after
    assert server.paths() == ["/robots.txt"]
    server.replies["/robots.txt"] = answer(b"", "404 Not Found")
    clock.pass_(minutes=10)
    polite.get(server.url("/a"))


def test_old_rules_live_on_while_the_site_is_in_trouble(server: HostileServer, polite: Door, clock: FakeClock) -> None:
    server.replies |= {"/robots.txt": robots("User-agent: *", "Disallow: /b"), "/a": answer("x")}
    polite.get(server.url("/a"))
    clock.pass_(hours=25)
    server.replies["/robots.txt"] = answer(b"", "500 Odd")
    polite.get(server.url("/a"))
    with pytest.raises(Forbidden):
        polite.get(server.url("/b"))


def test_site_without_rules_stays_open_while_it_is_in_trouble(
    server: HostileServer, polite: Door, clock: FakeClock
) -> None:
    server.replies |= {"/robots.txt": answer(b"", "404 Not Found"), "/a": answer("x")}
    polite.get(server.url("/a"))
    server.replies["/robots.txt"] = answer(b"", "503 Odd")
    for _ in range(3):
        clock.pass_(hours=25)
        polite.get(server.url("/a"))


def test_robots_txt_that_fails_for_a_week_shuts_nobody_out(
    server: HostileServer, polite: Door, clock: FakeClock
) -> None:
    server.replies |= {"/robots.txt": answer(b"", "500 Odd"), "/a": answer("x")}
    for _ in range(7):
        failure(lambda: polite.get(server.url("/a")))
        clock.pass_(days=1)
    assert isinstance(polite.get(server.url("/a")), Page)


def test_redirects_of_robots_txt_are_followed(server: HostileServer, polite: Door) -> None:
    with running(HostileServer()) as other:
        server.replies |= {"/robots.txt": redirect(other.url("/rules")), "/a": answer("x")}
        other.replies["/rules"] = robots("User-agent: *", "Disallow: /b")
        polite.get(server.url("/a"))
        with pytest.raises(Forbidden):
            polite.get(server.url("/b"))


def test_redirects_meet_the_rules_of_where_they_lead(server: HostileServer, polite: Door) -> None:
    with running(HostileServer()) as other:
        server.replies["/a"] = redirect(other.url("/b"))
        other.replies |= {"/robots.txt": robots("User-agent: *", "Disallow: /b"), "/b": answer("x")}
        with pytest.raises(Forbidden):
            polite.get(server.url("/a"))
        assert other.paths() == ["/robots.txt"]


def test_robots_txt_can_be_left_out(server: HostileServer) -> None:
    server.replies |= {"/robots.txt": robots("User-agent: *", "Disallow: /"), "/a": answer("x")}
    with door_for(fetch_settings(robots=False)) as door:
        door.get(server.url("/a"))
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(("told", "kept"), [("4", 4), ("0.5", 1), ("3600", 10), ("-5", 1), ("nan", 1), ("1e400", 1)])
def test_crawl_delay_counts_within_reason(server: HostileServer, clock: FakeClock, told: str, kept: float) -> None:
    """A longer one than our own delay wins; one that would stop us from reading an article after its list does not."""
    server.replies |= {"/robots.txt": robots("User-agent: *", f"Crawl-delay: {told}"), "/a": answer("x")}
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.pass_(seconds=seconds)

    with door_for(fetch_settings(robots=True, total=30, delay=1), clock, sleep=sleep) as door:
        for _ in range(3):
            door.get(server.url("/a"))
    assert slept[-1] == pytest.approx(kept)


def test_secrets_are_not_told_to_robots_txt(server: HostileServer, polite: Door) -> None:
    server.replies["/a"] = answer("x")
    polite.for_source({"Cookie": "canary"}, server.url("/"))(server.url("/a"))
    assert ["canary" in str(asked) for asked in server.asked] == [False, True]


BOMBS: dict[str, Reply] = {
    "agents times rules": robots(*(f"User-agent: bot{n}" for n in range(9_000)), *["Disallow: /x"] * 9_000),
    "alternating agents": robots(*(f"User-agent: bot{n}\nDisallow: /{n}" for n in range(9_000))),
    "stars": robots("User-agent: *", *(f"Disallow: /{'*a' * 400}{n}" for n in range(300))),
    "one long line": robots("User-agent: *", "Disallow: /" + "a" * 400_000),
    "large": robots("User-agent: *", "Disallow: /b", *(f"Disallow: /{n:09d}" for n in range(100_000))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_robots_txt_costs_little(server: HostileServer, polite: Door, name: str) -> None:
    path = "/" + "a" * 4_000
    server.replies |= {"/robots.txt": BOMBS[name], path: answer("x")}
    began = time.monotonic()
    tracemalloc.start()
    try:
        polite.get(server.url(path))
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < 10
    if name == "large":
        with pytest.raises(Forbidden):
            polite.get(server.url("/b"))


def test_dead_site_costs_no_more_tries_with_robots(server: HostileServer, polite: Door, clock: FakeClock) -> None:
    server.replies |= {"/robots.txt": broken, "/a": broken}
    assert tries_in(polite, server.url("/a"), clock, lambda: len(server.asked), hours=24) <= 6
    clock.now += timedelta(days=1)
