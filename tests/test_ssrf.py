"""Nothing but public servers is ever connected to, however the address is spelled and wherever a redirect leads."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from feedservice.errors import FetchError, Forbidden
from feedservice.outbound.addresses import is_public, read_exceptions
from tests.outbound_server import door_for, fetch_settings
from tests.ssrf_attack import DATA, forbidden

ROOT = Path(__file__).parent.parent
BLOCKS = [
    ip_network(line)
    for line in (DATA / "registries.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PUBLIC = (
    "8.8.8.8",
    "1.1.1.1",
    "223.5.5.5",  # Alibaba
    "2606:4700::1111",
    "240e::1",  # China Telecom
    "2408:8000::1",  # China Unicom
    "2409:8000::1",  # China Mobile
)


@pytest.mark.parametrize("address", forbidden())
def test_forbidden_address_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_there_are_46_of_them() -> None:
    assert len(set(forbidden())) == 46


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:8.8.8.8", "[2606:4700::1111]"])
def test_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_special_blocks_are_closed_to_their_edges(block: object) -> None:
    """First and last address of each block are refused; what lies beside it is open, unless another block is there."""
    network = ip_network(str(block))
    assert not is_public(network[0])
    assert not is_public(network[-1])
    for number in (int(network[0]) - 1, int(network[-1]) + 1):
        if 0 <= number < 2**network.max_prefixlen:
            beside = type(network[0])(number)
            listed = any(beside in other for other in BLOCKS if other.version == network.version)
            outside = network.version == 6 and beside not in ip_network("2000::/3")
            assert is_public(beside) is not (listed or outside)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "1.2.3.4.5", "例", "::g"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


def test_operator_lets_exceptions_through() -> None:
    """By name, by address, by network; nothing else comes along."""
    exceptions = read_exceptions(("Intranet.example.org.", "10.1.0.0/16", "127.0.0.1", "[fd00::1]", "192.168.7.9/24"))
    assert exceptions.allow("intranet.example.org", "172.16.0.1")
    assert exceptions.allow("INTRANET.example.org.", "172.16.0.1")
    assert not exceptions.allow("www.intranet.example.org", "172.16.0.1")
    assert exceptions.allow("x", "10.1.255.255")
    assert not exceptions.allow("x", "10.2.0.0")
    assert exceptions.allow("x", "127.0.0.1")
    assert exceptions.allow("x", "::ffff:127.0.0.1")
    assert not exceptions.allow("x", "127.0.0.2")
    assert exceptions.allow("x", "fd00::1")
    assert exceptions.allow("x", "192.168.7.200")
    assert not exceptions.allow("x", "not an address")


def attack(*words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.ssrf_attack", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["alive"] == "READ"
    return report


def test_attack_connects_to_nothing() -> None:
    """46 addresses in every spelling, as names, over http, https and redirects: the process itself saw 0 connects."""
    report = attack()
    assert report["connects"] == []
    assert set(report["outcomes"]) <= {"Forbidden", "NoAnswer", "FetchError"}
    assert report["outcomes"]["Forbidden"] > 2000
    assert report["asked"] > 900


@pytest.mark.slow
def test_attack_would_be_seen() -> None:
    """Where the operator allows everything, the same attack connects all over: the 0 above means something."""
    assert len(attack("unguarded")["connects"]) > 2000


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where sockets wanted to go in a test; each is stopped before it goes."""
    addresses: list[str] = []

    def connect(sock: socket.socket, address: tuple[str, int]) -> None:
        addresses.append(address[0])
        raise ConnectionRefusedError(111, "stopped by the test")

    monkeypatch.setattr(socket.socket, "connect", connect, raising=False)
    return addresses


def test_only_the_public_addresses_of_a_mixed_set_are_tried(connected: list[str]) -> None:
    mixed = ["10.0.0.1", "8.8.8.8", "fd00::1", "240e::1", "127.0.0.1"]
    with door_for(fetch_settings(allow=()), resolve=lambda host, port: mixed) as door, pytest.raises(FetchError):
        door.get("http://mixed.example.org/")
    assert connected == ["8.8.8.8", "240e::1"]


def test_rebinding_gains_nothing(connected: list[str]) -> None:
    """A name is looked up once for each connection, and what was judged is what is connected to."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])
    with door_for(fetch_settings(allow=()), resolve=lambda host, port: next(answers)) as door:
        with pytest.raises(FetchError, match="stopped"):
            door.get("http://turncoat.example.org/")
        with pytest.raises(Forbidden, match=r"leads to 127\.0\.0\.1"):
            door.get("http://turncoat.example.org/")
    assert connected == ["8.8.8.8"]


def test_a_thousand_records_cost_a_few_tries(connected: list[str]) -> None:
    many = [str(ip_address("8.0.0.0") + number) for number in range(1000)]
    with door_for(fetch_settings(allow=()), resolve=lambda host, port: many) as door, pytest.raises(FetchError):
        door.get("http://many.example.org/")
    assert len(connected) <= 6


def test_peer_is_judged_after_the_connection_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system leads a connection elsewhere, not a byte is sent."""
    sent: list[bytes] = []
    monkeypatch.setattr(socket.socket, "connect", lambda sock, address: None, raising=False)
    monkeypatch.setattr(socket.socket, "getpeername", lambda sock: ("10.0.0.1", 80), raising=False)
    monkeypatch.setattr(socket.socket, "sendall", lambda sock, data: sent.append(data), raising=False)
    opened = door_for(fetch_settings(allow=()), resolve=lambda host, port: ["8.8.8.8"])
    with opened as door, pytest.raises(Forbidden, match=r"leads to 10\.0\.0\.1"):
        door.get("http://elsewhere.example.org/")
    assert sent == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "dict://example.org/",
        "data:text/html,x",
        "jar:http://example.org!/",
        "ldap://example.org/",
        "tftp://example.org/",
        "netdoc:///etc/passwd",
        "blob:http://example.org/1",
        "unix:///run/x.sock",
        "http+unix://%2Frun%2Fx.sock/",
        "javascript:alert(1)",
        "//example.org/",
        "/etc/passwd",
        "example.org",
        "",
    ],
)
def test_other_schemes_are_refused(connected: list[str], url: str) -> None:
    with door_for(fetch_settings(allow=())) as door, pytest.raises(Forbidden, match="only http and https"):
        door.get(url)
    assert connected == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://8.8.8.8@9.9.9.9/", "9.9.9.9"),
        ("http://8.8.8.8#@9.9.9.9/", "8.8.8.8"),
        ("http://8.8.8.8?@9.9.9.9/", "8.8.8.8"),
        ("http://8.8.8.8/@9.9.9.9/", "8.8.8.8"),
        ("http://8.8.8.8:80@9.9.9.9:80/", "9.9.9.9"),
        ("http://a@8.8.8.8@9.9.9.9/", "9.9.9.9"),
        ("http://8.8.8.8;9.9.9.9/", None),
        ("http://8.8.8.8\\@9.9.9.9/", None),
        ("http://9.9.9.9\\.8.8.8.8/", None),
        ("http://8.8.8.8\t@9.9.9.9/", None),
        ("http://8.8.8.8\n@9.9.9.9/", None),
        ("http://8.8.8.8 @9.9.9.9/", None),
        ("http://8.8.8.8\x00@9.9.9.9/", None),
        ("http://8.8.8.8%00@9.9.9.9/", "9.9.9.9"),
        ("http:8.8.8.8", None),
        ("http:/8.8.8.8/", None),
        ("http:///8.8.8.8/", None),
        ("http://8.8.8.8:0/", None),
        ("http://8.8.8.8:65536/", None),
        ("http://8.8.8.8:+80/", None),
        ("http://8.8.8.8:８０/", None),
        ("http://8.8.8.8:80:80/", None),
        ("http://[8.8.8.8]/", None),
        ("http://[::1/", None),
        ("http://", None),
        (f"http://{'a' * 254}/", None),
    ],
)
def test_confusing_urls_are_read_one_way(connected: list[str], url: str, host: str | None) -> None:
    """Where two readers could differ, the place that was judged is the place that is asked, or nothing is."""

    def numbers_only(host: str, port: int) -> list[str]:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]

    with door_for(fetch_settings(allow=()), resolve=numbers_only) as door, pytest.raises(FetchError):
        door.get(url)
    assert connected == ([host] if host else [])
