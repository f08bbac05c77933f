"""What a request costs: CPU time and latency of this server, beside nginx with the same bytes and a plain Flask view.

    python benchmarks/serve.py [--rounds 7] [--seconds 2] [--connections 64]

Needs wrk, nginx and taskset (Debian: wrk, nginx, util-linux); gunicorn is installed into a temporary folder, and its
rows are left out where that fails. One feed of 50 full-text Chinese articles. Every server has one process on core 0,
wrk has core 1. In each round every server gets the same load, one after another; ratios to nginx are taken inside a
round, and the median of the rounds is told. CPU is user and system time of all processes of a server (/proc/PID/stat)
over the answers that wrk counted. "Each head new" is what many clients ask of whom each has other words for it. Ratios
are what counts; microseconds are this machine's.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.processes import TICK, cpu_ticks, family
from feedservice.config.settings import FeedSettings
from feedservice.formats import FORMATS
from feedservice.model import Arrival, Document, Feed, FeedKind, Fields, Intake, Site, SourceState
from feedservice.publish import Press
from feedservice.rebuild import rebuild
from feedservice.store import open_store

NOW = datetime(2026, 1, 5, tzinfo=UTC)
ITEMS = 50
FEED = "/feeds/all.rss"
GOALS = {"304": 2.0, "304, each head new": 2.0, "gzip 200": 2.7, "identity 200": 1.6}
EACH_NEW = """
local number = 0
request = function() number = number + 1; wrk.headers["User-Agent"] = "Reader/" .. number; return wrk.format() end
"""
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user {user};
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  types {{ application/rss+xml rss; }}
  server {{
    listen 127.0.0.1:{port}; root {folder}; gzip_static on; gzip_vary on;
    add_header Cache-Control "max-age=900, stale-while-revalidate=1800, stale-if-error=604800";
    add_header Access-Control-Allow-Origin *; add_header X-Content-Type-Options nosniff;
  }}
}}
"""
FLASK = """
from pathlib import Path
from flask import Flask, Response, request
app = Flask(__name__)
FOLDER = Path("{folder}/feeds")
BODIES = {{"identity": (FOLDER / "all.rss").read_bytes(), "gzip": (FOLDER / "all.rss.gz").read_bytes()}}

@app.get("/feeds/all.rss")
def feed():
    coding = "gzip" if "gzip" in request.accept_encodings else "identity"
    answer = Response(BODIES[coding], mimetype="application/rss+xml")
    if coding == "gzip":
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.cache_control.max_age = 900
    answer.set_etag("feed-" + coding)
    return answer.make_conditional(request)
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured. cpu: microseconds a request; times in milliseconds."""

    cpu: float
    rate: float
    median: float
    p99: float


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that runs."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def ticks(self) -> int:
        """User and system time of all its processes so far."""
        return sum(cpu_ticks(pid) for pid in family(self.process.pid))


# ------------------------------------------------------------------------------------------------ the feed


def publish(url: str) -> Document:
    """Fill a store with articles of about 8 kB, and write its feeds."""
    chance = random.Random(7)
    words = [
        "".join(chr(chance.randint(0x4E00, 0x6FFF)) for _ in range(chance.choice((1, 2, 2, 3)))) for _ in range(4000)
    ]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    store = open_store(url, lambda: NOW)
    arrivals = []
    for number in range(ITEMS):
        paragraphs = ("".join(chance.choices(words, weights, k=60)) for _ in range(20))
        at = NOW - timedelta(hours=number)
        arrivals.append(
            Arrival(
                id=f"https://news.example.org/{number}.html",
                key=str(number),
                url=f"https://news.example.org/{number}.html",
                published=at,
                updated=at,
                arrival=at,
                fields=Fields(title=f"第{number}条", body="".join(f"<p>{text}。</p>" for text in paragraphs)),
                offer_digest=str(number),
                content_digest=str(number),
            )
        )
    with store.writing() as writer:
        writer.define_feeds([Feed(name="all", kind=FeedKind.ALL, title="全部")], "")
        writer.save(Intake(source="news", at=NOW, state=SourceState(name="news"), arrivals=tuple(arrivals)))
    site = Site(title="示例站", base_url="https://feeds.example.org")
    rebuild(store, Press(formats=FORMATS, site=site, settings=FeedSettings(), clock=lambda: NOW))
    document = store.document(FEED)
    assert document is not None
    store.close()
    return document


# ------------------------------------------------------------------------------------------------ the servers


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(name: str, port: int, command: Sequence[str]) -> Iterator[Contender]:
    """A server on core 0, answering; stopped at the end."""
    process = subprocess.Popen(["taskset", "-c", "0", *command], stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit(f"{name} ended with {process.returncode}")
            try:
                fetch(port, {})
                break
            except OSError:
                time.sleep(0.1)
        yield Contender(name, port, process)
    finally:
        process.terminate()
        process.wait(30)


def nginx(folder: Path) -> tuple[str, int, Sequence[str]]:
    """nginx with the files of `folder`."""
    port = free_port()
    user = "root" if os.geteuid() == 0 else "nobody"
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    return "nginx static", port, [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf")]


def ours(folder: Path, url: str) -> tuple[str, int, Sequence[str]]:
    """This server, with its settings as they are."""
    port = free_port()
    (folder / "config.yaml").write_text(f"server: {{port: {port}}}\nstore: {{url: '{url}'}}\nsources: {{}}\n")
    command = [sys.executable, "-m", "feedservice", "--quiet", "--config", str(folder / "config.yaml"), "serve"]
    return "feedservice serve", port, command


def flask(folder: Path) -> tuple[str, int, Sequence[str]] | None:
    """A Flask view that has both codings ready; None where gunicorn cannot be had."""
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]
    done = subprocess.run([*install, str(folder / "gunicorn"), "gunicorn"], check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"Flask on gunicorn is left out: {done.stderr.strip().splitlines()[-1]}")
        return None
    port = free_port()
    (folder / "flask_view.py").write_text(FLASK.format(folder=folder))
    paths = f"import sys; sys.path[:0] = ['{folder}/gunicorn', '{folder}']"
    start = f"{paths}; from gunicorn.app.wsgiapp import run; run()"
    options = ["-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4", "--log-level", "error", "flask_view:app"]
    return "Flask on gunicorn", port, [sys.executable, "-c", start, *options]


# ------------------------------------------------------------------------------------------------ measuring


def fetch(port: int, headers: Mapping[str, str]) -> tuple[Message, bytes]:
    """The header fields and body of the feed."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{FEED}", headers=dict(headers))
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.headers, answer.read()


def conditions(contender: Contender, document: Document, script: Path) -> Mapping[str, Sequence[str]]:
    """What wrk is told for each kind of request; makes sure that the answers are those that they should be.

    script: makes each head another.
    """
    coded = {each.coding: each.body for each in document.representations}
    plain, packed = fetch(contender.port, {}), fetch(contender.port, {"Accept-Encoding": "gzip"})
    assert plain[1] == coded["identity"], contender.name
    assert packed[1] == coded["gzip"], contender.name
    gzip = ["-H", "Accept-Encoding: gzip"]
    unmodified = [*gzip, "-H", f"If-None-Match: {packed[0]['ETag']}"]
    return {
        "304": unmodified,
        "304, each head new": [*unmodified, "-s", str(script)],
        "gzip 200": gzip,
        "identity 200": ["-H", "Accept-Encoding: identity"],
    }


def measure(contender: Contender, headers: Sequence[str], *, seconds: int, connections: int) -> Load:
    """Load a server for some seconds."""
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *headers]
    before = contender.ticks()
    url = f"http://127.0.0.1:{contender.port}{FEED}"
    told = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    spent = contender.ticks() - before
    count = re.search(r"(\d+) requests in ([\d.]+)s", told)
    assert count is not None, told
    assert "Non-2xx" not in told, told
    errors = re.search(r"Socket errors: .*", told)
    if errors:
        print(f"  {contender.name}: {errors[0]}")
    return Load(
        cpu=1e6 * spent / TICK / int(count[1]),
        rate=int(count[1]) / float(count[2]),
        median=_milliseconds(told, "50%"),
        p99=_milliseconds(told, "99%"),
    )


def _milliseconds(told: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", told)
    assert found is not None, told
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def table(results: Mapping[tuple[str, str], Sequence[Load]], names: Sequence[str]) -> None:
    """Print the medians, with the ratios to the first contender taken inside each round."""
    print("| answer | server | CPU x nginx | lowest-highest | CPU us | requests/s x nginx | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|---|---|")
    for mode, goal in GOALS.items():
        base = results[mode, names[0]]
        for name in names:
            loads = results[mode, name]
            ratios = [load.cpu / other.cpu for load, other in zip(loads, base, strict=True)]
            rates = [load.rate / other.rate for load, other in zip(loads, base, strict=True)]
            aim = f" (goal {goal})" if name == "feedservice serve" else ""
            middle = [statistics.median(getattr(load, key) for load in loads) for key in ("cpu", "median", "p99")]
            print(
                f"| {mode} | {name} | {statistics.median(ratios):.2f}{aim} | {min(ratios):.2f}-{max(ratios):.2f} "
                f"| {middle[0]:.1f} | {statistics.median(rates):.2f} | {middle[1]:.2f} | {middle[2]:.2f} |"
            )


def about(document: Document, arguments: argparse.Namespace) -> None:
    """Print what was measured, on what."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    told = (
        subprocess.run(["nginx", "-v"], check=False, capture_output=True, text=True).stderr.strip().rpartition("/")[2]
    )
    sizes = ", ".join(f"{each.coding} {len(each.body):,} B" for each in document.representations)
    print(f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {platform.platform()}")
    print(f"load before: {os.getloadavg()[0]:.1f}; Python {platform.python_version()}, nginx {told}, ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("granian", "flask")))
    print(f"{ITEMS} items: {sizes}")
    print(f"{arguments.rounds} rounds of {arguments.seconds} s, {arguments.connections} connections\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=64)
    arguments = parser.parse_args()
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder, url = Path(name), f"sqlite:///{name}/feedservice.db"
        folder.chmod(0o755)
        document = publish(url)
        about(document, arguments)
        (folder / "feeds").mkdir()
        for each in document.representations[:2]:
            suffix = "" if each.coding == "identity" else ".gz"
            (folder / f"feeds/all.rss{suffix}").write_bytes(each.body)
        starts = [nginx(folder), ours(folder, url), flask(folder)]
        contenders = [stack.enter_context(running(*start)) for start in starts if start is not None]
        script = folder / "each-new.lua"
        script.write_text(EACH_NEW)
        headers = {contender.name: conditions(contender, document, script) for contender in contenders}
        results: dict[tuple[str, str], list[Load]] = {}
        for _ in range(arguments.rounds):
            for mode in GOALS:
                for contender in contenders:
                    load = measure(
                        contender,
                        headers[contender.name][mode],
                        seconds=arguments.seconds,
                        connections=arguments.connections,
                    )
                    results.setdefault((mode, contender.name), []).append(load)
        table(results, [contender.name for contender in contenders])


if __name__ == "__main__":
    main()
