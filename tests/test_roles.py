"""The roles as an operator runs them: real processes that start, are told to stop, and die at the wrong moment."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from feedservice.model import SourceState
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.pace import time_until
from tests.postgres_server import end_place

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
ARTICLE = "---\ntitle: {title}\ndate: 2024-09-26\ncategory: News\n---\nIt begins on Monday, and everybody is welcome.\n"
CONFIG = """\
site: {title: Town}
store: {url: "sqlite:///store/feeds.db"}
schedule: {every: 1s, jitter: 0s}
sources:
  town: {kind: folder, path: articles, category: News}
"""
CALENDAR = """\
  yearly: {kind: folder, path: articles, category: Calendar, cron: "0 0 1 1 *"}
"""


@dataclass
class Town:
    """A folder with a configuration, and the processes that were started in it."""

    folder: Path
    port: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def write(self, name: str, title: str) -> None:
        (self.folder / "articles" / name).write_text(ARTICLE.format(title=title))

    def start(self, *args: str, environ: Mapping[str, str] = MappingProxyType({})) -> subprocess.Popen[bytes]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSERVICE")}
        own |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "PORT": str(self.port)}
        log = (self.folder / f"{len(self.started)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "feedservice", *args],
                cwd=self.folder,
                env={**own, **environ},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def log(self, number: int = 0) -> str:
        return (self.folder / f"{number}.log").read_text()

    def get(self, path: str) -> bytes:
        """What is served at `path`; b"" while nothing is."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            return b""

    def served(self, title: str) -> bool:
        return title.encode() in self.get("/feeds/all.rss")

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder}/store/feeds.db"

    def state(self) -> SourceState:
        """What the worker remembers of the source; a fresh one while there is no store."""
        if not Path(self.store_url.removeprefix("sqlite:///")).exists():
            return SourceState(name="town")
        store = open_store(self.store_url, FakeClock())
        try:
            return store.state("town")
        finally:
            store.close()

    def published(self, url: str) -> str:
        """The feed of everything, as it stands in a store."""
        store = open_store(url, FakeClock())
        try:
            document = store.document("/feeds/all.rss")
            return document.representations[0].body.decode() if document else ""
        finally:
            store.close()

    def end(self) -> None:
        for process in self.started:
            for one in [*family(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            process.wait()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    (tmp_path / "articles").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Town(tmp_path, port)
    made.write("school.md", "Evening school")
    yield made
    made.end()


def wait_for(fact: Callable[[], object], patience: float = PATIENCE) -> float:
    """Wait until a fact is true; returns the seconds that took."""
    began = time.monotonic()
    while not fact():
        assert time.monotonic() - began < patience, "it never came true"
        time.sleep(0.05)
    return time.monotonic() - began


def parents() -> dict[int, int]:
    """The parent of every process there is."""
    found = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with contextlib.suppress(OSError):
                status = (place / "stat").read_text().rpartition(")")[2].split()
                if status[0] != "Z":
                    found[int(place.name)] = int(status[1])
    return found


def family(pid: int) -> list[int]:
    """The living descendants of a process."""
    tree = parents()
    found = [pid]
    for one in found:
        found += [child for child, parent in tree.items() if parent == one]
    return found[1:]


def opened(gate: Path) -> int:
    """A pipe to whoever waits for what is in it; 0 while nobody does."""
    try:
        return os.open(gate, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return 0


def alive(pid: int) -> bool:
    return pid in parents()


def worker_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The companions of a `run` that are at work."""
    found = []
    for pid in family(process.pid):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").endswith(b"\0work"):
                found.append(pid)
    return found


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at in /proc")


@needs_proc
def test_run_serves_within_ten_seconds_and_leaves_nobody_behind(town: Town) -> None:
    """Through the life of one service: start, death of the worker, a new article, an orderly end."""
    service = town.start("run")
    assert time_until(lambda: town.served("Evening school"), PATIENCE) < 10
    (worker,) = worker_of(service)
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: not alive(worker))
    assert town.served("Evening school")
    town.write("choir.md", "Choir practice")
    wait_for(lambda: town.served("Choir practice"))
    assert "the worker ended by itself with -9; it is started again in 1 s" in town.log()
    (second,) = worker_of(service)
    assert second != worker
    everybody = [service.pid, *family(service.pid)]
    service.send_signal(signal.SIGTERM)
    assert service.wait(PATIENCE) == 0
    assert [pid for pid in everybody if alive(pid)] == []


@needs_proc
@pytest.mark.slow
def test_process_that_only_keeps_the_others_running_holds_none_of_their_libraries(town: Town) -> None:
    service = town.start("run")
    wait_for(lambda: town.served("Evening school"))
    (worker,) = worker_of(service)
    assert "pydantic_core" in Path(f"/proc/{worker}/maps").read_text()
    held = Path(f"/proc/{service.pid}/maps").read_text()
    assert "granian" in held
    assert [name for name in ("pydantic_core", "sqlalchemy", "lxml", "yaml") if name in held] == []


@needs_proc
def test_worker_ends_with_the_service_that_started_it(town: Town) -> None:
    service = town.start("run")
    wait_for(lambda: worker_of(service))
    everybody = family(service.pid)
    service.kill()
    service.wait(PATIENCE)
    wait_for(lambda: not any(alive(pid) for pid in everybody))


@pytest.mark.slow
def test_second_worker_says_that_there_is_one_and_the_first_goes_on(town: Town) -> None:
    off = "  idle: {kind: folder, path: articles, enabled: false}\n"
    (town.folder / "config.yaml").write_text(CONFIG + off)
    first = town.start("work")
    wait_for(lambda: town.state().last_success)
    assert "working: 1 source\n" in town.log(), "those that are switched off are not counted"
    second = town.start("work")
    assert second.wait(PATIENCE) == 1
    assert f"process {first.pid} is already the acting worker" in town.log(1)
    assert "Traceback" not in town.log(1)
    before = town.state().last_run
    wait_for(lambda: town.state().last_run != before)
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE) == 0


@pytest.mark.slow
@needs_proc
def test_worker_beside_another_service_waits_and_takes_over(town: Town) -> None:
    """As where a second machine runs the same: it says so once, and brings no line a minute."""
    first = town.start("work")
    wait_for(lambda: town.state().last_success)
    second = town.start("run")
    wait_for(lambda: "is already the acting worker" in town.log(1))
    (waiting,) = worker_of(second)
    first.kill()
    first.wait(PATIENCE)
    wait_for(lambda: "working: 1 source\n" in town.log(1))
    assert worker_of(second) == [waiting]
    assert "ERROR" not in town.log(1)
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0


@pytest.mark.slow
def test_worker_whose_place_another_has_taken_ends_with_a_word(town: Town, postgres_url: str) -> None:
    """Its sites would be read twice for as long as both are there."""
    store = open_store(postgres_url, FakeClock())
    worker = town.start("work", environ={"FEEDSERVICE_STORE_URL": postgres_url})
    wait_for(lambda: store.state("town").last_success)
    with contextlib.ExitStack() as place:
        with store.writing():
            end_place(postgres_url)
            place.enter_context(store.acting())
        assert worker.wait(PATIENCE) == 1
    last_words = town.log().splitlines()[-1]
    assert last_words.startswith("error: postgresql://")
    assert f"feedservice {os.getpid()}" in last_words
    assert "is already the acting worker" in last_words
    store.close()


@pytest.mark.slow
def test_hangup_does_not_end_a_worker_and_is_told(town: Town) -> None:
    worker = town.start("work")
    wait_for(lambda: town.state().last_success)
    worker.send_signal(signal.SIGHUP)
    wait_for(lambda: "to take over another one, restart it" in town.log() or worker.poll() is not None)
    assert re.search(r"^20\S+ \S+ WARNING SIGHUP: the worker goes on", town.log(), re.MULTILINE)
    before = town.state().last_run
    wait_for(lambda: town.state().last_run != before)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "word"), [("work", "to take over another one, restart it"), ("serve", "are replaced one by one")]
)
def test_hangup_while_a_role_starts_waits_until_it_is_heard(town: Town, role: str, word: str) -> None:
    """systemd takes an end by SIGHUP for what was wanted, and does not start the service again."""
    gate = town.folder / "title"
    os.mkfifo(gate)
    (town.folder / "config.yaml").write_text(CONFIG.replace("Town", '"${file:title}"'))
    starting = town.start(role)
    while not (pipe := opened(gate)):
        assert starting.poll() is None
        time.sleep(0.05)
    starting.send_signal(signal.SIGHUP)
    gate.unlink()
    gate.write_text("Town")
    os.write(pipe, b"Town")
    os.close(pipe)
    wait_for(lambda: word in town.log() or starting.poll() is not None)
    assert starting.poll() is None


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_that_waits_for_a_silent_site_ends_within_five_seconds(town: Town, number: signal.Signals) -> None:
    with silent_site(town) as site:
        worker = town.start("work")
        with site.accept()[0]:
            began = time.monotonic()
            worker.send_signal(number)
            assert worker.wait(PATIENCE) == 0
            assert time.monotonic() - began < 15, "a fetch may take thirty"
    assert "what was still running is done again at the next start" in town.log()


def test_second_ctrl_c_ends_a_worker_at_once(town: Town) -> None:
    with silent_site(town) as site:
        worker = town.start("work")
        with site.accept()[0]:
            worker.send_signal(signal.SIGINT)
            wait_for(lambda: "stopping" in town.log())
            worker.send_signal(signal.SIGINT)
            assert worker.wait(PATIENCE) == 130, "after five seconds it would have ended with 0"


@contextlib.contextmanager
def silent_site(town: Town) -> Iterator[socket.socket]:
    """A site that takes connections and never answers, and a configuration that reads nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/feed"
        (town.folder / "config.yaml").write_text(
            "fetch: {allow: [127.0.0.1], robots: false}\n"
            "store: {url: 'sqlite:///store/feeds.db'}\n"
            f"sources: {{slow: {{kind: feed, url: '{url}'}}}}\n"
        )
        yield server


def test_next_times_survive_a_restart(town: Town) -> None:
    """What is not due yet is not read at the start; what became due meanwhile is, once, and then by its cron line."""
    (town.folder / "config.yaml").write_text(CONFIG + CALENDAR)
    now = datetime.now(UTC).replace(microsecond=0)
    later, missed = now + timedelta(hours=1), now - timedelta(days=3)
    store = open_store(town.store_url, FakeClock())
    with store.writing() as writer:
        writer.put_state(SourceState(name="town", next_run=later))
        writer.put_state(SourceState(name="yearly", next_run=missed))
    town.start("work")
    wait_for(lambda: store.state("yearly").last_success)
    state = store.state("yearly")
    assert state.next_run is not None
    assert state.next_run.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%dT%H:%M") == "01-01T00:00"
    town_state = store.state("town")
    assert (town_state.next_run, town_state.last_run) == (later, None)
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small file system")
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small file system could be mounted: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.slow
def test_full_disk_is_told_and_costs_nothing_that_was_published(town: Town, small_disk: Path) -> None:
    """Nothing is half written; when there is room again, what was missed comes."""
    environ = {"FEEDSERVICE_STORE_URL": f"sqlite:///{small_disk}/feeds.db"}
    assert town.start("refresh", environ=environ).wait(PATIENCE) == 0
    before = town.published(environ["FEEDSERVICE_STORE_URL"])
    assert "Evening school" in before
    town.write("choir.md", "Choir practice")
    ballast = small_disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(bytes(1024))
            file.flush()
    assert town.start("refresh", environ=environ).wait(PATIENCE) == 1
    assert "error: sqlite:///" in town.log(1)
    assert "full" in town.log(1)
    assert "Traceback" not in town.log(1)
    ballast.unlink()
    assert town.published(environ["FEEDSERVICE_STORE_URL"]) == before
    assert town.start("refresh", environ=environ).wait(PATIENCE) == 0
    assert "Choir practice" in town.published(environ["FEEDSERVICE_STORE_URL"])


@pytest.mark.slow
def test_what_is_pushed_to_a_serving_process_is_published_by_the_worker_beside_it(town: Town) -> None:
    config = town.folder / "config.yaml"
    config.write_text(config.read_text() + '  desk: {kind: push, token: "${PUSH_TOKEN}"}\n')
    town.start("run", environ={"PUSH_TOKEN": "a-token-of-enough-letters"})
    wait_for(lambda: town.get("/feeds/all.rss") != b"")
    request = urllib.request.Request(
        f"http://127.0.0.1:{town.port}/api/sources/desk/articles",
        data=b'{"id": "7", "title": "Water is off tonight", "text": "From eight to ten."}',
        headers={"Authorization": "Bearer a-token-of-enough-letters", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 202
    wait_for(lambda: town.served("Water is off tonight"))
    assert b"Water is off tonight" in town.get("/feeds/desk.atom")


@pytest.mark.slow
def test_disk_that_is_full_before_the_start_is_told(town: Town, small_disk: Path) -> None:
    """SQLite calls it an input/output error."""
    with contextlib.suppress(OSError), (small_disk / "ballast").open("wb") as file:
        while True:
            file.write(bytes(1024))
            file.flush()
    environ = {"FEEDSERVICE_STORE_URL": f"sqlite:///{small_disk}/feeds.db"}
    assert town.start("refresh", environ=environ).wait(PATIENCE) == 1
    assert "the disk may be full" in town.log()
