"""Faults that only a wire has: each ends in a reason for the operator, and nothing that is served changes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from feedservice.model import Health
from feedservice.protocols import Store
from tests.fakes import FakeClock
from tests.outbound_server import Asked, Reply, answer, redirect
from tests.survival_scene import HTML, WireScene, on_a_wire

MEGABYTE = 1_000_000


@pytest.fixture
def scene(store: Store, clock: FakeClock) -> Iterator[WireScene]:
    with on_a_wire(store, clock) as made:
        yield made


def check_broken(scene: WireScene, reply: Reply, reason: str) -> None:
    """Assert that a list which is answered so is broken for that reason, and comes back unharmed."""
    scene.break_list(reply)
    report = scene.read_again()
    assert (report.health, report.new, report.edited) == (Health.BROKEN, 0, 0)
    assert report.reason.startswith(scene.site.list_url)
    assert reason in report.reason
    assert scene.house.store.state("news").reason == report.reason
    assert scene.untouched()
    scene.check_return()


def cut(whole: bytes, at: float) -> Callable[[Asked, socket.socket], None]:
    """Send the first part of an answer, and hang up."""

    def reply(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(whole[: int(len(whole) * at)])

    return reply


def chunked(body: bytes) -> bytes:
    """An answer in chunks, of which the last is missing."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + f"{len(body):x}\r\n".encode() + body + b"\r\n"


def test_answers_that_are_none(scene: WireScene) -> None:
    whole = answer(scene.site.list_page(), Content_Type=HTML)
    check_broken(scene, answer("oops", "500 Internal Server Error"), "the server answered 500")
    check_broken(scene, redirect("/news/index.html"), "more than 5 redirects")
    check_broken(scene, lambda asked, connection: None, "Remote end closed connection without response")
    for at in (0.01, 0.03, 0.3, 0.9):
        check_broken(scene, cut(whole, at), scene.site.list_url)
    check_broken(scene, cut(chunked(scene.site.list_page().encode()), 1), scene.site.list_url)
    scene.check_progress()


def test_body_of_200_megabytes(scene: WireScene) -> None:
    """It is not even read: not when its length is told, and not when it is not."""
    sent = 0

    def flood(asked: Asked, connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"<li>" * (MEGABYTE // 4))
            sent += MEGABYTE

    check_broken(scene, flood, "more than the 1000000 bytes allowed")
    assert sent < 20 * MEGABYTE
    check_broken(scene, answer("", Content_Length=str(200 * MEGABYTE)), "200000000 bytes are more than the 1000000")
    scene.check_progress()


def test_silence_is_not_waited_for(store: Store, clock: FakeClock) -> None:
    """Neither for an answer that never begins, nor for one that never ends."""
    ended = Event()

    def say_nothing(asked: Asked, connection: socket.socket) -> None:
        ended.wait(5)

    def drip(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not ended.wait(0.05):
            connection.sendall(b"<")

    with on_a_wire(store, clock, patience=0.5) as scene:
        check_broken(scene, say_nothing, "timed out")
        check_broken(scene, drip, "timed out")
        ended.set()


LIES = {  # what is inside, what the page declares, what the server declares, a title that needs it
    "gbk as gb2312": ("gbk", "gb2312", "text/html", "镕川合金的冷却水循环利用率达到新高"),
    "utf-8 as gb2312": ("utf-8", "gb2312", "text/html; charset=gb2312", "㙍镇重点项目集中开工"),
    "gb18030 as utf-8": ("gb18030", "utf-8", "text/html; charset=utf-8", "㙍镇综合整治工程竣工验收"),
}


def test_page_that_lies_about_its_charset(scene: WireScene) -> None:
    """What a page says of itself is believed only as far as its bytes agree; what was read well is not an edit."""
    site = scene.site
    for lie, (inside, declared, header, title) in LIES.items():
        site.count += 1
        site.titles[site.count] = title
        pages = {site.list_url: site.list_page(charset=declared)}
        pages |= {site.url(number): site.article_page(number, charset=declared) for number in site.numbers()}
        for url, page in pages.items():
            scene.server.replies[url.removeprefix(site.base)] = answer(page.encode(inside), Content_Type=header)
        report = scene.read_again(days=40)
        assert (report.health, report.new, report.edited) == (Health.WELL, 1, 0), lie
        scene.publish()
        newest = scene.house.json_feed()["items"][0]
        assert newest["title"] == title, lie
        assert "开发区管委会召开了第" in newest["content_html"], lie
