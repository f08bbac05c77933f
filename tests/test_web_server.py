"""The server as clients and operators meet it: bytes on the wire, signals, ports, slow clients (RFC 9112)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web_examples import CODINGS, coded, document, etag
from tests.web_server import PATIENCE, ServerProcess, Wire, filled_store, free_port, is_ready, serving

BODY = b"<rss>" + b"x" * 16_000_000 + b"</rss>"
LARGE = "/feeds/all.large"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with feeds in it, and one that fills every buffer on the way."""
    return filled_store(tmp_path_factory.mktemp("store"), document(LARGE, BODY, codings=("identity",)))


@pytest.fixture(scope="module")
def server(filled: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("server"), filled) as server:
        yield server


@pytest.fixture
def own(filled: str, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that the test may end."""
    with serving(tmp_path, filled) as server:
        yield server


@pytest.fixture
def wire(server: ServerProcess) -> Iterator[Wire]:
    with Wire(server.port) as wire:
        yield wire


def wait_for(what: str, condition: object) -> None:
    """Until a condition holds; fails after a while."""
    assert callable(condition)
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def reachable(port: int) -> bool:
    try:
        with Wire(port):
            return True
    except OSError:
        return False


# ------------------------------------------------------------------------------------------------ on the wire


@pytest.mark.parametrize("coding", CODINGS)
def test_many_answers_come_over_one_connection_in_order(wire: Wire, coding: str) -> None:
    accept = f"Accept-Encoding: {coding}"
    full = wire.ask("/feeds/all.rss", "GET", accept)
    assert (full.status, full.body) == (200, coded(coding, b"<rss/>"))
    head = wire.ask("/feeds/all.rss", "HEAD", accept)
    assert (head.status, head["Content-Length"]) == (200, str(len(full.body)))
    unchanged = wire.ask("/feeds/all.rss", "GET", accept, f"If-None-Match: {etag(b'<rss/>', coding)}")
    assert unchanged.status == 304
    assert wire.ask("/feeds/all.rss", "GET", accept).body == full.body


def test_304_has_neither_length_nor_type_nor_body(wire: Wire) -> None:
    answer = wire.ask("/feeds/all.rss", "GET", "If-None-Match: *")
    assert answer.status == 304
    for name in ("Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding"):
        assert answer[name] is None
    assert wire.ask("/healthz").status == 200


@pytest.mark.parametrize(
    ("path", "method", "lines"),
    [
        ("/feeds/all.rss", "GET", ()),
        ("/feeds/all.rss", "HEAD", ()),
        ("/feeds/all.rss", "GET", ("If-None-Match: *",)),
        ("/feeds/all.rss", "OPTIONS", ()),
        ("/feeds/all.rss", "DELETE", ()),
        ("/feeds/none.rss", "GET", ()),
        ("/feeds/none.rss", "HEAD", ()),
        ("/", "GET", ()),
        ("/readyz", "HEAD", ()),
        ("/static/front.css", "GET", ()),
        ("/static/front.css", "GET", ("If-Modified-Since: Fri, 31 Dec 2100 00:00:00 GMT",)),
    ],
)
def test_every_answer_has_one_date_and_each_field_once(
    wire: Wire, path: str, method: str, lines: tuple[str, ...]
) -> None:
    answer = wire.ask(path, method, *lines)
    assert len(answer.all("Date")) == 1
    names = [name for name, _ in answer.fields]
    assert len(set(names)) == len(names)
    assert "transfer-encoding" not in names
    assert wire.ask("/healthz").status == 200


def test_tags_in_several_field_lines_are_one_list(wire: Wire) -> None:
    """RFC 9110 §5.3: a list may come in several lines, which mean the same as one."""
    answer = wire.ask("/feeds/all.rss", "GET", 'If-None-Match: "old"', f"If-None-Match: {etag(b'<rss/>', 'identity')}")
    assert answer.status in (200, 304)
    answer = wire.ask("/feeds/all.rss", "GET", "Accept-Encoding: br;q=0", "Accept-Encoding: gzip")
    assert answer["Content-Encoding"] in (None, "gzip")


def test_bytes_that_are_no_ascii_are_no_error(wire: Wire) -> None:
    assert wire.ask("/feeds/all.rss", "GET", 'If-None-Match: "\xff\xe4"', "User-Agent: \xe4\xb8\xad").status == 200
    assert wire.ask("/feeds/%ff%fe.rss").status == 404
    assert wire.ask("/feeds/%61ll.rss").status == 200


def test_server_itself_tells_what_it_can(wire: Wire) -> None:
    """RFC 9110 §9.3.7: some balancers ask so whether it is there."""
    answer = wire.ask("*", "OPTIONS")
    assert (answer.status, answer["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert wire.ask("*").status in (400, 404)


def test_request_without_http_is_refused(server: ServerProcess) -> None:
    with Wire(server.port) as wire:
        wire.socket.sendall(b"\x16\x03\x01\x02\x00\x01\x00 hello\r\n\r\n")
        assert wire.answer().status == 400
        assert wire.ended()


def test_old_client_gets_its_answer_and_the_end_of_the_connection(server: ServerProcess) -> None:
    with Wire(server.port) as wire:
        wire.socket.sendall(b"GET /feeds/all.rss HTTP/1.0\r\n\r\n")
        assert wire.answer().body == b"<rss/>"
        assert wire.ended()


def test_environment_of_the_service_is_not_told_to_requests() -> None:
    port = free_port()
    program = (
        f"from feedservice.web.server import serve; "
        f"serve('tests.web_server:environ_app', host='127.0.0.1', port={port}, processes=1)"
    )
    environ = {"PATH": os.environ["PATH"], "SECRET_OF_OURS": "hush", "TZ": "UTC"}
    process = subprocess.Popen([sys.executable, "-c", program], env=environ)
    try:
        wait_for("the server", lambda: reachable(port))
        with Wire(port) as wire:
            told = wire.ask().body.decode().split()
    finally:
        process.terminate()
        process.wait(PATIENCE)
    assert "SECRET_OF_OURS" not in told
    assert {"TZ", "REQUEST_METHOD", "PATH_INFO", "wsgi.input"} <= set(told)


# ------------------------------------------------------------------------------------------------ ending


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_server_ends_at_once(own: ServerProcess, number: signal.Signals) -> None:
    with Wire(own.port) as idle:
        assert idle.ask().status == 200
        began = time.monotonic()
        assert own.stop(number) == 0
        assert time.monotonic() - began < 5
        assert idle.ended()


def test_server_that_is_told_to_end_while_it_starts_leaves_nothing_behind(filled: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    server = ServerProcess(tmp_path, filled, environ={"TMPDIR": str(place)})
    try:
        wait_for("the folder of its socket", lambda: list(place.iterdir()))
        assert server.stop() == 0
        assert list(place.iterdir()) == []
    finally:
        server.stop(signal.SIGKILL)


TOLD_AT_BIRTH = """
import os, signal
from feedservice.web.server import serve

def await_the_word():
    told = []
    heard = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *args: (heard(*args), told.append(True)))
    os.kill(os.getppid(), signal.SIGTERM)
    while not told:
        pass
    signal.signal(signal.SIGTERM, heard)

os.register_at_fork(after_in_child=await_the_word)
serve("tests.web_server:environ_app", host="127.0.0.1", port={port}, processes=1)
"""


def test_process_that_is_told_to_end_when_it_has_just_been_made_ends() -> None:
    """It has its parent's handlers yet, and was ended with force after twenty seconds."""
    with subprocess.Popen([sys.executable, "-c", TOLD_AT_BIRTH.format(port=free_port())]) as process:
        try:
            assert process.wait(PATIENCE / 2) == 0
        finally:
            process.kill()


TOLD_AT_A_LINE = """
import os, signal, sys
from feedservice.web.server import serve

lines = {lines}

def begin(frame, event, arg):
    if frame.f_code.co_name == "_serve_loop":
        sys.settrace(step)
        frame.f_trace = step
        return step

def step(frame, event, arg):
    global lines
    if event == "line":
        lines -= 1
        if not lines:
            sys.settrace(None)
            os.kill(os.getpid(), signal.{word})
    return step

def tell():
    sys.settrace(begin)

serve("tests.web_server:environ_app", host="127.0.0.1", port={port}, processes=1, listening=tell)
"""


@pytest.mark.slow
@pytest.mark.parametrize("word", ["SIGTERM", "SIGINT"])
def test_server_ends_wherever_in_its_waiting_it_is_told(word: str) -> None:
    """A handler of signals that sets an event while the main thread begins to wait for that never came to its end."""
    ports = [free_port() for _ in range(10)]
    programs = [TOLD_AT_A_LINE.format(lines=n, word=word, port=port) for n, port in enumerate(ports, start=1)]
    processes = [subprocess.Popen([sys.executable, "-c", program]) for program in programs]
    try:
        for process, port in zip(processes, ports, strict=True):
            # Where it waits before it came to that line.
            is_ready(process, port)
            process.send_signal(getattr(signal, word))
        assert [process.wait(PATIENCE) for process in processes] == [0] * len(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_answer_that_is_under_way_is_finished_before_the_end(own: ServerProcess) -> None:
    with Wire(own.port, receive_buffer=4096) as slow:
        slow.send(LARGE)
        slow.socket.recv(1, socket.MSG_PEEK)
        own.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            own.process.wait(0.5)
        assert slow.answer().body == BODY
    began = time.monotonic()
    assert own.process.wait(PATIENCE) == 0
    assert time.monotonic() - began < 5


@pytest.mark.slow
def test_server_that_was_killed_leaves_nobody_behind(own: ServerProcess) -> None:
    (worker,) = own.workers()
    own.stop(signal.SIGKILL)
    wait_for("the serving process to end", lambda: not Path(f"/proc/{worker}").exists())


def test_killed_serving_process_is_replaced(own: ServerProcess) -> None:
    before = own.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    wait_for("another process", lambda: own.workers() and not own.workers() & before)
    own.wait_until_ready()
    with Wire(own.port) as wire:
        assert wire.ask().body == b"<rss/>"
    assert "Traceback" not in own.log.read_text()


def test_error_of_ours_costs_one_connection(tmp_path: Path) -> None:
    port = free_port()
    program = (
        f"from feedservice.web.server import serve; "
        f"serve('tests.web_server:breaking_app', host='127.0.0.1', port={port}, processes=1)"
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", program], stderr=log)
    try:
        wait_for("the server", lambda: reachable(port))
        with Wire(port) as other:
            assert other.ask("/odd?query").status == 200
            for _ in range(2):
                with Wire(port) as wire:
                    wire.send("/feeds/all.rss")
                    with pytest.raises(ConnectionError):
                        wire.answer()
            assert other.ask("/odd?query").status == 200
    finally:
        process.terminate()
        process.wait(PATIENCE)
    assert "ZeroDivisionError: /feeds/all.rss" in (tmp_path / "log").read_text()


def test_server_works_where_its_own_socket_has_no_place(filled: str, tmp_path: Path) -> None:
    far = tmp_path / ("x" * 110)
    far.mkdir()
    server = ServerProcess(tmp_path, filled, environ={"TMPDIR": str(far)})
    try:
        server.wait_until_ready()
        with Wire(server.port) as wire:
            assert wire.ask().body == b"<rss/>"
            assert wire.ask("/feeds/all.rss", "GET", "If-None-Match: *").status == 304
    finally:
        assert server.stop() == 0
    assert "too long a path for a socket, so that all requests go the longer way" in server.log.read_text()
    assert list(far.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_process_ends_whichever_of_its_threads_the_kernel_tells(filled: str, tmp_path: Path) -> None:
    """Without a place for its socket too: the main thread slept on, until it was killed after twenty seconds."""
    far = tmp_path / ("x" * 110)
    far.mkdir()
    server = ServerProcess(tmp_path, filled, environ={"TMPDIR": str(far)})
    try:
        server.wait_until_ready()
        (worker,) = server.workers()
        thread = max(int(task.name) for task in Path(f"/proc/{worker}/task").iterdir())
        assert thread != worker
        ctypes.CDLL(None).tgkill(worker, thread, signal.SIGTERM)
        wait_for("another process", lambda: server.workers() and worker not in server.workers())
    finally:
        assert server.stop() == 0


def test_process_whose_server_has_broken_down_does_not_stay() -> None:
    """What stands in front of it must not keep the process, which nobody would replace."""
    program = (
        "import socket; from feedservice.web.porch.porch import Porch; "
        "Porch(socket.create_server(('127.0.0.1', 0)), '/nowhere/at/all', None, grace=1).open(); 1 / 0"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert b"ZeroDivisionError" in ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="prlimit")
def test_clients_for_whom_there_is_no_room_wait_until_others_leave(own: ServerProcess) -> None:
    with Wire(own.port) as wire:
        # In memory from now on.
        assert wire.ask().body == b"<rss/>"
    (worker,) = own.workers()
    used = len(list(Path(f"/proc/{worker}/fd").iterdir()))
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (used + 20, used + 20))
    with contextlib.ExitStack() as stack:
        inside = [stack.enter_context(Wire(own.port)) for _ in range(30)]
        for wire in inside:
            wire.send()
        assert all(wire.answer().body == b"<rss/>" for wire in inside[:10])
        for wire in inside[:20]:
            wire.socket.close()
        assert all(wire.answer().body == b"<rss/>" for wire in inside[20:])
    assert "no room for more connections" in own.log.read_text()
    with Wire(own.port) as wire:
        assert wire.ask("/healthz").status == 200


@pytest.mark.slow
def test_hangup_replaces_the_processes_and_nobody_is_turned_away(own: ServerProcess) -> None:
    before = own.workers()
    own.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + PATIENCE
    while own.workers() & before or not own.workers():
        assert time.monotonic() < end
        with Wire(own.port) as wire:
            assert wire.ask().body == b"<rss/>"
        time.sleep(0.02)
    own.wait_until_ready()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("bad: 1\n", "config.yaml:5:1: bad: there is no such setting"),
        ("export: {to: [1]}\n", "export.to: not allowed"),
        ("store: {url: 'sqlite:////dev/null/x.db'}\n", "/dev/null/x.db"),
    ],
)
def test_hangup_with_a_faulty_configuration_leaves_the_processes_as_they_are(
    own: ServerProcess, tmp_path: Path, fault: str, reason: str
) -> None:
    config = tmp_path / "config.yaml"
    good, before = config.read_text(), own.workers()
    kept = "".join(line for line in good.splitlines(True) if not fault.startswith(line.partition(":")[0]))
    config.write_text(kept + fault)
    own.process.send_signal(signal.SIGHUP)
    wait_for("a word on the fault", lambda: reason in own.log.read_text())
    with Wire(own.port) as wire:
        assert wire.ask().body == b"<rss/>"
    assert own.workers() == before
    config.write_text(good)
    own.process.send_signal(signal.SIGHUP)
    wait_for("other processes", lambda: own.workers() and not own.workers() & before)
    own.wait_until_ready()
    told = own.log.read_text()
    assert re.search(r"^20\S+ \S+ ERROR the serving processes stay as they are", told, re.MULTILINE)
    assert re.search(
        r"^20\S+ \S+ INFO the configuration is good: the serving processes are replaced", told, re.MULTILINE
    )


# ------------------------------------------------------------------------------------------------ ports


def started(filled: str, folder: Path, *, quiet: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
    config = folder / "config.yaml"
    config.write_text(f"store: {{url: '{filled}'}}\nsources: {{}}\n")
    manner = ["--quiet"] if quiet else []
    return subprocess.run(
        [sys.executable, "-m", "feedservice", *manner, "--config", str(config), "serve"],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_address_is_named_once_it_is_ours(server: ServerProcess, filled: str, tmp_path: Path) -> None:
    assert f"http://127.0.0.1:{server.port}/ lists the feeds" in server.log.read_text()
    ended = started(filled, tmp_path, quiet=False, PORT=str(server.port))
    assert "lists the feeds" not in ended.stdout + ended.stderr


def test_port_that_is_taken_is_told_in_one_line(server: ServerProcess, filled: str, tmp_path: Path) -> None:
    """By another service, or by another one of ours."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        for port in (server.port, other.getsockname()[1]):
            ended = started(filled, tmp_path, PORT=str(port))
            assert ended.returncode in (1, 2)
            assert ended.stdout == ""
            (line,) = ended.stderr.splitlines()
            assert str(port) in line
            assert "in use" in line


@pytest.mark.slow
def test_address_that_is_not_ours_is_told_in_one_line(filled: str, tmp_path: Path) -> None:
    ended = started(filled, tmp_path, FEEDSERVICE_HOST="192.0.2.1", PORT=str(free_port()))
    assert ended.returncode in (1, 2)
    (line,) = ended.stderr.splitlines()
    assert "192.0.2.1" in line


@pytest.mark.slow
def test_port_of_the_environment_wins(filled: str, tmp_path: Path) -> None:
    port = free_port()
    server = ServerProcess(tmp_path, filled, environ={"PORT": str(port)})
    try:
        server.wait_until_ready(port)
    finally:
        assert server.stop() == 0


# ------------------------------------------------------------------------------------------------ slow clients


@pytest.mark.slow
def test_client_that_sends_its_head_byte_by_byte_is_dropped(server: ServerProcess) -> None:
    with Wire(server.port) as slow:
        began = time.monotonic()
        try:
            for byte in b"GET /feeds/all.rss HTTP/1.1\r\nX-Endless: " + b"x" * 100:
                slow.socket.send(bytes([byte]))
                time.sleep(0.5)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert 8 < time.monotonic() - began < 20
    with Wire(server.port) as wire:
        assert wire.ask().status == 200
