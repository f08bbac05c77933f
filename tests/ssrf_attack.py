"""Run by test_ssrf.py in a process of its own: asks for every forbidden place, and counts what is connected to.

An audit hook sees each socket.connect before it happens, and stops all but those to our own server on loopback, so
that the count is the process's own testimony, and nothing ever leaves the machine. Prints JSON. With "unguarded" the
operator allows every address, which shows that the hook sees what the guard stops.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from feedservice.errors import FetchError
from feedservice.outbound import Door
from tests.fakes import FakeClock
from tests.outbound_server import HostileServer, answer, door_for, fetch_settings, redirect, running

DATA = Path(__file__).parent / "data" / "ssrf"
START = "start.example.org"  # allowed by name, and stands on loopback: redirects have to begin somewhere
NAMES = {
    "metadata.google.internal": ["169.254.169.254"],
    "metadata": ["169.254.169.254"],
    "127.0.0.1.nip.example.org": ["127.0.0.1"],
    "xn--fiqs8s.example.org": ["10.0.0.1"],
    "many.example.org": [f"10.0.{number >> 8}.{number & 255}" for number in range(1000)],
    "alias.example.org": ["192.168.1.1"],
    "six.example.org": ["fd00::1"],
    "zone.example.org": ["fe80::1%lo"],
    "nothing.example.org": [],
    "garbage.example.org": ["not an address", ""],
}
REAL_NAMES = ("localhost", "localhost.", "LOCALHOST", "ip6-localhost", "a.localhost", socket.gethostname())
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


def forbidden() -> list[str]:
    lines = (DATA / "forbidden.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line and not line.startswith("#")]


def spellings_v4(address: IPv4Address) -> Iterator[str]:
    """Every way to write an IPv4 address as the host of a URL."""
    text, number = str(address), int(address)
    a, b, c, d = address.packed
    yield from (text, f"{text}.", str(number), hex(number), f"0X{number:X}", f"0{number:o}")
    yield from (f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{number & 0xFFFF}", f"{a:#o}.{b}.{c:#x}.{d}".replace("0o", "0"))
    yield from (".".join(f"{part:#06x}" for part in address.packed), ".".join(f"{part:04o}" for part in address.packed))
    yield from (text.translate(FULL_WIDTH), text.translate(CIRCLED), text.replace(".", "。"), text.replace(".", "｡"))
    encoded = "".join(f"%{ord(character):02x}" for character in text)
    yield from (encoded, encoded.replace("%", "%25"), f"example.org@{text}", f"user:word@{text}")
    embedded = f"{a:x}{b:02x}:{c:x}{d:02x}"
    for prefix in ("::ffff:", "::", "::ffff:0:", "64:ff9b::", "64:ff9b:1::"):
        yield from (f"[{prefix}{text}]", f"[{prefix}{embedded}]")
    yield f"[2002:{embedded}::1]"
    yield f"[2001:0:{embedded}::{(~number >> 16) & 0xFFFF:x}:{~number & 0xFFFF:x}]"


def spellings_v6(address: IPv6Address) -> Iterator[str]:
    """Every way to write an IPv6 address as the host of a URL."""
    yield from (f"[{address}]", f"[{address.exploded}]", f"[{str(address).upper()}]")
    yield from (f"[{address}%lo]", f"[{address}%25lo]", str(address))


def resolve(host: str, port: int) -> Sequence[str]:
    """Made-up names from the table, the machine's own from the system, and whatever glibc takes for a number."""
    if host.rstrip(".") == START:
        return ["127.0.0.1"]
    if host in NAMES:
        return NAMES[host]
    if host.startswith("at-"):
        return [bytes.fromhex(host.removeprefix("at-").partition(".")[0]).decode()]
    flags = 0 if host in REAL_NAMES else socket.AI_NUMERICHOST
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)]


def hosts() -> Iterator[str]:
    for text in forbidden():
        address = ip_address(text)
        yield from spellings_v4(address) if isinstance(address, IPv4Address) else spellings_v6(address)
        yield f"at-{text.encode().hex()}.example.org"
    yield from NAMES
    yield from REAL_NAMES


def attempt(door: Door, url: str) -> str:
    try:
        door.get(url)
    except FetchError as error:
        return type(error).__name__
    return "READ"


def main() -> None:
    server = HostileServer()
    connects: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            address = arguments[1]
            if address != ("127.0.0.1", server.port):
                connects.append(repr(address))
                raise ConnectionRefusedError("stopped by the test")

    sys.addaudithook(watch)
    guarded = "unguarded" not in sys.argv
    settings = fetch_settings(allow=(START,) if guarded else (START, "0.0.0.0/0", "::/0"), total=20)
    outcomes: dict[str, int] = {}
    clock = FakeClock()
    with running(server), door_for(settings, clock, resolve=resolve) as door:
        server.replies["/"] = answer("the start")
        alive = attempt(door, server.url("/", host=START))
        for number, host in enumerate(hosts()):
            server.replies["/hop"] = redirect(f"http://{host}:9/", (301, 302, 303, 307, 308)[number % 5])
            for url in (f"http://{host}:9/", f"https://{host}:9/", server.url("/hop", host=START)):
                clock.pass_(days=1)  # so that no host is left alone for having been silent
                outcome = attempt(door, url)
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
        asked = len(server.asked)
    print(json.dumps({"alive": alive, "connects": connects, "outcomes": outcomes, "asked": asked}))


if __name__ == "__main__":
    main()
