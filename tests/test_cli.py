"""The command line, on the real house: what goes where, how it ends, and what it says when something is wrong."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
import pytest

from feedservice import assembly
from feedservice.cli import main
from feedservice.cli.codes import ExitCode
from feedservice.cli.commands import feedservice
from feedservice.store import open_store
from tests.fakes import FakeClock
from tests.outbound_server import HostileServer, answer, running
from tests.small_site import SmallSite
from tests.store_examples import damage
from tests.test_docs import COMMANDS, every_command

ROOT = Path(__file__).parent.parent
ARTICLE = "---\ntitle: Evening school\ndate: 2024-09-26\ncategory: News\n---\nIt begins on Monday.\n"
CONFIG = """\
site: {title: Town}
store: {url: "sqlite:///feeds.db"}
sources:
  town: {kind: folder, path: articles, category: News}
  gone: {kind: folder, path: nowhere, enabled: false}
"""
HEAVY = {"pydantic", "yaml", "lxml", "requests", "feedparser", "sqlalchemy", "flask", "apscheduler", "trafilatura"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration and an article, where commands are run."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "school.md").write_text(ARTICLE)
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    for name in ("FEEDSERVICE_CONFIG", "FEEDSERVICE_STORE_URL", "FEEDSERVICE_HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: its exit code, what it printed, what it said."""

    def run_here(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_here


def start(args: Sequence[str], **options: object) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    environ.update(options.pop("env", {}))  # type: ignore[call-overload]
    return subprocess.Popen([sys.executable, "-m", "feedservice", *args], env=environ, **options)  # type: ignore[call-overload,no-any-return]


# ------------------------------------------------------------------------------------------------ exit codes


def test_done_is_0(run: Run) -> None:
    code, out, err = run("check")
    assert (code, err) == (ExitCode.DONE, "")
    assert out == "config.yaml: 2 sources, no faults\n"


def test_found_is_1(run: Run, home: Path) -> None:
    (home / "config.yaml").write_text("server: {port: 0}\n")
    code, out, err = run("check")
    assert (code, err) == (ExitCode.FOUND, "")
    assert "a whole number from 1 to 65535" in out


@pytest.mark.parametrize(
    "command", [["refresh"], ["rebuild"], ["config", "show"], ["preview", "town"], ["work"], ["health"]]
)
def test_wrong_configuration_is_2_and_told_on_stderr(run: Run, home: Path, command: list[str]) -> None:
    (home / "config.yaml").write_text("server: {port: 0}\nsit: {}\n")
    code, out, err = run(*command)
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.count("config.yaml:") == 2


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["chek"], "Did you mean 'check'?"),
        (["check", "--jsn"], "--json"),
        (["config", "sow"], "Did you mean 'show'?"),
        (["refresh", "twon"], "Did you mean 'town'?"),
        (["preview", "city"], "There are: town, gone."),
        (["preview"], "Missing argument"),
        (["preview", "ftp://www.example.org/x"], "begins with http:// or https://"),
        (["preview", "www.example.org/news"], "begins with http:// or https://"),
        (["preview", "http://u:secret@[::1/x"], "'http://u:***@[::1/x' cannot be read"),
        (["preview", "http://www.example.org/a\tb"], "an address on one line"),
        (["preview", "http://www.example.org/\udcff"], "in letters that can be shown"),
        (["preview", "town", "--limit", "0"], "1<=x<=1000"),
        (["rebuild", "nothing"], "No such feed: nothing."),
        (["export", "gs://bucket/prefix"], "gs://"),
        (["export", "https://www.example.org/feeds"], "s3://BUCKET/PREFIX"),
    ],
)
def test_wrong_use_is_2_with_the_nearest_name(run: Run, args: list[str], hint: str) -> None:
    code, out, err = run(*args)
    assert code == ExitCode.USAGE
    assert hint in err
    assert "Traceback" not in out + err


def test_nothing_is_written_where_one_of_the_feeds_is_unknown(run: Run, home: Path) -> None:
    run("refresh")
    store = open_store(f"sqlite:///{home / 'feeds.db'}", FakeClock())
    with store.writing() as writer:
        writer.mark_stale(["all"])
    code, out, err = run("rebuild", "all", "nothing")
    assert (code, out, "No such feed: nothing." in err) == (ExitCode.USAGE, "", True)
    assert list(store.stale()) == ["all"]
    assert run("rebuild", "all")[0] == ExitCode.DONE
    assert not store.stale()
    store.close()


def test_unknown_feed_is_told_while_a_worker_runs_too(run: Run, home: Path) -> None:
    run("refresh")
    store = open_store(f"sqlite:///{home}/feeds.db", FakeClock())
    with store.acting():
        code, _, err = run("rebuild", "all", "nothing")
        assert (code, "No such feed: nothing." in err) == (ExitCode.USAGE, True)
        assert run("rebuild", "all")[0] == ExitCode.FOUND
    store.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "command",
    [
        ["config", "schema"],
        pytest.param(["check"], marks=pytest.mark.slow),
        pytest.param(["--help"], marks=pytest.mark.slow),
        ["refresh", "--json"],
    ],
)
def test_output_that_cannot_be_written_is_told_in_one_line(home: Path, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(command, stdout=full, stderr=subprocess.PIPE)
        err = process.communicate(timeout=30)[1].decode()
    assert process.returncode == ExitCode.FOUND
    assert err.splitlines()[-1] == "error: the output cannot be written: No space left on device"
    assert "Traceback" not in err
    assert "Exception" not in err


@pytest.mark.parametrize(
    "closed", ["<&- >&- 2>&-", *(pytest.param(one, marks=pytest.mark.slow) for one in (">&-", "2>&-", "<&-"))]
)
def test_command_that_is_started_without_a_stream_does_its_work(home: Path, closed: str) -> None:
    shell = ["/bin/sh", "-c", f'exec "$0" -m feedservice rebuild {closed}', sys.executable]
    process = subprocess.run(shell, cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)  # noqa: PLW1510
    assert (process.returncode, b"Traceback" in process.stderr) == (ExitCode.DONE, False)


def test_missing_configuration_names_the_file_and_what_to_do(run: Run) -> None:
    code, _, err = run("--config", "nothing.yaml", "refresh")
    assert code == ExitCode.USAGE
    assert err.startswith("nothing.yaml: there is no such file\n")
    assert "--config FILE" in err


def test_broken_source_is_1(run: Run) -> None:
    code, out, _ = run("refresh", "gone")
    assert code == ExitCode.FOUND
    assert out.startswith("gone: broken (")


def test_bug_in_one_source_leaves_the_others_theirs(run: Run, home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A setting that no configuration can hold stands for what nobody foresaw."""
    config = assembly.load_config("config.yaml", os.environ)
    town = config.sources["town"]
    odd = replace(town, name="odd", common=town.common.model_copy(update={"timezone": "No/Where"}))
    reports = assembly.refresh(replace(config, sources={"odd": odd, **config.sources}), (), lambda *_: None)
    assert [(report.source, report.failed, report.new) for report in reports] == [("odd", True, 0), ("town", False, 1)]
    assert "ZoneInfoNotFoundError" in reports[0].reason
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("typed", ["HTTP://{}/news?a=b c", " http://{}/news?a=b%20c\n"])
def test_preview_takes_addresses_as_they_are_pasted(run: Run, home: Path, typed: str) -> None:
    """They ended in a traceback."""
    (home / "config.yaml").write_text("fetch: {allow: [127.0.0.1], robots: false}\n")
    with running(HostileServer()) as server:
        page = SmallSite(base=server.url("")).list_page()
        server.replies["/news?a=b%20c"] = answer(page, Content_Type="text/html; charset=utf-8")
        code, out, _ = run("preview", typed.format(f"127.0.0.1:{server.port}"))
    assert (code, "开发区第6批重点项目集中开工建设" in out) == (0, True)


def test_preview_of_a_broken_source_is_1(run: Run) -> None:
    code, out, err = run("preview", "gone")
    assert (code, out) == (ExitCode.FOUND, "")
    assert err == "error: nowhere: no such folder\n"


def test_second_worker_is_1(run: Run, home: Path) -> None:
    store = open_store(f"sqlite:///{home}/feeds.db", FakeClock())
    with store.acting():
        for command in ("refresh", "rebuild"):
            code, out, err = run(command)
            assert (code, out) == (ExitCode.FOUND, "")
            assert err.startswith("error: ")
            assert err.endswith("wait for what it does by itself, or stop it (`work` or `run`) for this command\n")
    store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_command_that_is_refused_leaves_no_store_open(run: Run, home: Path) -> None:
    run("refresh")
    before = open_files(home)
    assert run("rebuild", "nope")[0] == ExitCode.USAGE
    assert run("withdraw", "nope")[0] == ExitCode.FOUND
    assert open_files(home) == before


def open_files(folder: Path) -> list[str]:
    """The paths of all files in a folder that this process has open, as often as it has."""
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sorted(path for path in links if path.startswith(str(folder)))


# ------------------------------------------------------------------------------------------------ what is said where


def test_refresh_tells_what_is_new(run: Run) -> None:
    code, out, err = run("refresh")
    assert (code, out, err) == (0, "town: well, 1 new, 0 edited\n", "1/1 town\n")
    assert run("refresh", "--quiet") == (0, "town: well, 0 new, 0 edited\n", "")


def test_rebuild_tells_which_feeds_changed(run: Run) -> None:
    run("refresh")
    code, out, err = run("rebuild", "all")
    assert (code, out) == (0, "all: 0 documents changed\n")
    assert "all" in err


def test_commands_write_archives_to_their_end_however_long(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many pages are written at once; whoever runs a command waits for all of them."""
    monkeypatch.setattr("feedservice.publish.archive._PAGES_AT_ONCE", 2)
    for number in range(99):
        (home / "articles" / f"{number}.md").write_text(ARTICLE.replace("Evening", f"{number}."))
    run("refresh")
    store = open_store(f"sqlite:///{home / 'feeds.db'}", FakeClock())
    newest = store.last_archive("all")
    assert newest is not None
    assert newest.number == 4
    assert not store.stale()
    with store.writing() as writer:
        writer.define_feeds(store.feeds(), "another program")
    code, out, _ = run("rebuild", "--json")
    told = {each["feed"]: each["pages"] for each in json.loads(out)}
    assert (code, sorted(told)) == (0, sorted(feed.name for feed in store.feeds()))
    assert sorted(told["all"]) == [1, 2, 3, 4]
    assert not store.stale_archives("all", 1)
    store.close()


@pytest.mark.parametrize("names", [(), ("all",)])
def test_rebuild_mends_what_a_disk_did_to_archive_pages(run: Run, home: Path, names: tuple[str, ...]) -> None:
    for number in range(99):
        (home / "articles" / f"{number}.md").write_text(ARTICLE.replace("Evening", f"{number}."))
    run("refresh")
    url, page = f"sqlite:///{home / 'feeds.db'}", "/feeds/all/archive/2.atom"
    store = open_store(url, FakeClock())
    good = store.document(page)
    damage(url, page)
    assert store.document(page) != good
    code, out, _ = run("rebuild", *names, "--json")
    assert code == 0
    assert {each["feed"]: each["pages"] for each in json.loads(out)}["all"] == [1, 2, 3, 4]
    assert store.document(page) == good
    store.close()


def test_preview_stores_nothing(run: Run, home: Path) -> None:
    code, out, _ = run("preview", "town")
    assert code == 0
    assert "Evening school" in out
    assert not (home / "feeds.db").exists()


@pytest.mark.parametrize("before", [True, False])
def test_options_may_stand_before_and_after_the_command(run: Run, home: Path, before: bool) -> None:
    (home / "other.yaml").write_text("sources: {}\n")
    args = ["-c", "other.yaml", "check"] if before else ["check", "-c", "other.yaml"]
    assert run(*args) == (0, "other.yaml: 0 sources, no faults\n", "")


def test_environment_names_the_configuration(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "other.yaml").write_text("sources: {}\n")
    monkeypatch.setenv("FEEDSERVICE_CONFIG", "other.yaml")
    assert run("check")[1].startswith("other.yaml: ")


@pytest.mark.parametrize(
    "args",
    [
        ["check"],
        ["config", "show", "--origin"],
        ["config", "schema"],
        ["preview", "town"],
        ["refresh"],
        ["refresh", "gone"],
        ["rebuild"],
        ["withdraw", "nothing"],
        ["health"],
    ],
)
def test_json_is_all_that_is_on_stdout_and_documented(run: Run, args: list[str]) -> None:
    if args[0] == "withdraw":  # of a store that is there
        run("refresh")
    code, out, _ = run(*args, *([] if args[-1] == "schema" else ["--json"]))
    assert code in (0, 1)
    document = json.loads(out)
    row = next(
        line for line in COMMANDS.splitlines() if line.startswith(f"| `{' '.join(args[:2])}"[: len(args[0]) + 4])
    )
    first = document[0] if isinstance(document, list) else document
    if args[-1] != "schema":
        assert [key for key in first if f'"{key}"' not in row] == []


def test_config_show_tells_where_values_come_from_and_no_secret(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "9000")
    (home / "config.yaml").write_text(f"{CONFIG}fetch: {{proxy: 'http://me:canary@proxy.example.org:1'}}\n")
    _, out, _ = run("config", "show", "--origin")
    assert "site.title: Town   # config.yaml:1\n" in out
    assert "server.port: 9000   # $PORT\n" in out
    assert "server.host: 127.0.0.1   # default\n" in out
    assert "fetch.proxy: http://me:***@proxy.example.org:1   # config.yaml:6\n" in out
    assert "canary" not in out


def test_reader_that_has_enough_is_no_error(home: Path) -> None:
    """`feedservice config show | head -1` ends quietly."""
    process = start(["config", "show"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(30) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


# ------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize(
    ("name", "command"), list(every_command(feedservice)), ids=lambda item: item if isinstance(item, str) else ""
)
def test_help_teaches(run: Run, name: str, command: click.Command) -> None:
    """One sentence, an example before all else, at most 25 lines; 30 for the list of all commands."""
    code, out, _ = run(*name.split()[1:], "--help")
    lines = out.rstrip().split("\n")
    assert code == 0
    assert len(lines) <= (30 if command is feedservice else 25)
    assert " ".join(out.partition("\n\n")[0].split()) == command.help
    assert out.index("\n  ") < out.index("Usage: ")
    assert name.split()[-1] in out.partition("\n\n")[2].partition("\n\n")[0]


@pytest.mark.parametrize("name", [name for name, _ in every_command(feedservice)])
def test_help_fits_forty_columns(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert run(*name.split()[1:], "--help")[0] == 0
    assert run(*name.split()[1:], "--nonsense")[0] == 2


@pytest.mark.parametrize(
    "example", [example for _, command in every_command(feedservice) for example in getattr(command, "examples", ())]
)
def test_every_example_is_understood(example: str) -> None:
    """Each example of the help names a command and options that are there."""
    words = re.sub(r"^(\w+=\S+ )*|\s*>.*$", "", example).split()
    assert words.pop(0) == "feedservice"
    context: click.Context = feedservice.make_context("feedservice", words)
    command, rest = feedservice, [*context._protected_args, *context.args]
    while rest and isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found  # type: ignore[assignment]
    with command.make_context("command", rest, parent=context):
        pass


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["refresh", "--help"], ["chek"]])
def test_light_commands_load_nothing_heavy(args: list[str]) -> None:
    code = f"import sys; from feedservice.cli import main; main({args!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert HEAVY & set(done.stdout.split()) == set()


def test_shells_complete_commands_and_sources(home: Path) -> None:
    environ = {"_FEEDSERVICE_COMPLETE": "bash_complete", "COMP_WORDS": "feedservice refresh t", "COMP_CWORD": "2"}
    process = start([], stdout=subprocess.PIPE, env=environ)
    assert process.communicate(timeout=30)[0] == b"plain,town\n"
    for shell in ("bash", "zsh", "fish"):
        process = start([], stdout=subprocess.PIPE, env={"_FEEDSERVICE_COMPLETE": f"{shell}_source"})
        assert b"_FEEDSERVICE_COMPLETE" in process.communicate(timeout=30)[0]


# ------------------------------------------------------------------------------------------------ terminals


def on_terminal(args: Sequence[str], **environ: str) -> bytes:
    """What a command writes on a terminal, of as many columns as COLUMNS says."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, int(environ.get("COLUMNS", "80"))))
    process = start(args, stdout=theirs, stderr=theirs, stdin=theirs, env=environ)
    os.close(theirs)
    written = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:
            break
        written += read
    os.close(ours)
    assert process.wait(30) == 0
    return written


def test_long_work_shows_a_bar_on_a_terminal(home: Path) -> None:
    written = on_terminal(["refresh"], TERM="xterm", NO_COLOR="")
    assert b"[########################] 1/1 town" in written
    assert written.endswith(b"town: well, 1 new, 0 edited\r\n")


def test_bar_stays_in_one_row_of_a_narrow_terminal(home: Path) -> None:
    """Of a line that goes on in the next row only the end would be drawn over."""
    written = on_terminal(["refresh"], COLUMNS="20", TERM="xterm", NO_COLOR="")
    drawn = written.decode().split("\r\x1b[K")[1:-1]
    assert "[##################" in drawn
    assert max(map(len, drawn)) == 19


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "environ"), [([], {"NO_COLOR": "1"}), (["--no-color"], {}), ([], {"TERM": "dumb"}), (["--quiet"], {})]
)
def test_plain_terminals_get_no_escape_codes(home: Path, args: list[str], environ: dict[str, str]) -> None:
    written = on_terminal(["refresh", *args], **{"TERM": "xterm", "NO_COLOR": "", **environ})
    assert b"\x1b" not in written
    assert b"[#" not in written


# ------------------------------------------------------------------------------------------------ Ctrl-C


@pytest.fixture
def silent_site(home: Path) -> Iterator[socket.socket]:
    """A site that takes connections and never answers, and a configuration that reads it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        port = server.getsockname()[1]
        (home / "config.yaml").write_text(
            f"fetch: {{allow: [127.0.0.1], robots: false}}\nstore: {{url: 'sqlite:///feeds.db'}}\n"
            f"sources: {{slow: {{kind: feed, url: 'http://127.0.0.1:{port}/feed'}}}}\n"
        )
        yield server


def stop_with_ctrl_c(process: subprocess.Popen[bytes]) -> float:
    """Press Ctrl-C and wait for a word; returns the seconds until it came."""
    assert process.stderr is not None
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert select.select([process.stderr], [], [], 5)[0]
    waited = time.monotonic() - began
    assert b"stopping" in os.read(process.stderr.fileno(), 4096)
    return waited


@pytest.mark.parametrize("command", [["refresh"], pytest.param(["preview", "slow"], marks=pytest.mark.slow)])
def test_interrupted_is_130_within_five_seconds(silent_site: socket.socket, command: list[str]) -> None:
    process = start(command, stderr=subprocess.PIPE)
    with silent_site.accept()[0]:
        waited = stop_with_ctrl_c(process)
        began = time.monotonic()
        assert process.wait(30) == ExitCode.INTERRUPTED
        assert time.monotonic() - began < 6
    assert waited < 1
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


def test_second_ctrl_c_ends_at_once(silent_site: socket.socket) -> None:
    process = start(["refresh"], stderr=subprocess.PIPE)
    with silent_site.accept()[0]:
        stop_with_ctrl_c(process)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        # Python, when it is at its end already, leaves the second one to the system; a shell says 130 of both.
        assert process.wait(30) in (ExitCode.INTERRUPTED, -signal.SIGINT)
        assert time.monotonic() - began < 3
    assert process.stderr is not None
    process.stderr.close()


# ------------------------------------------------------------------------------------------------ health


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers every request with the server's `status`."""

    status = 200

    def do_GET(self) -> None:
        body = b"ready\n" if self.status == 200 else b"the store does not answer\n"
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Answers]]:
    """Something that answers where the service would."""
    answers = type("Answers", (Answers,), {})
    with http.server.HTTPServer(("127.0.0.1", 0), answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("PORT", str(server.server_port))
        yield answers
        server.shutdown()
        thread.join()


def test_health_of_a_ready_service_is_0(service: type[Answers], run: Run) -> None:
    code, out, err = run("health")
    assert (code, err) == (0, "")
    assert out.endswith("/readyz: ready\n")


def test_health_of_a_service_that_is_not_ready_is_1_with_its_reason(service: type[Answers], run: Run) -> None:
    service.status = 503
    code, out, _ = run("health")
    assert code == 1
    assert out.endswith("not ready: the store does not answer\n")


@pytest.mark.parametrize("asked", [["town"], ["--sources"], ["--sources", "--json"]])
def test_health_of_sources_is_1_too_while_the_service_is_not_ready(
    service: type[Answers], run: Run, asked: list[str]
) -> None:
    run("refresh")
    assert run("health", *asked)[0] == 0
    service.status = 503
    code, out, _ = run("health", *asked)
    assert code == 1
    assert "the store does not answer" in out
    assert "town" in out


@pytest.mark.parametrize(
    "command",
    [
        ["health", "--sources"],
        ["history", "x"],
        ["explain", "x"],
        ["reextract", "town", "--dry-run"],
        ["reextract", "town"],
        ["withdraw", "x"],
        ["export", "public"],
    ],
)
def test_what_needs_articles_makes_no_store(run: Run, home: Path, command: list[str]) -> None:
    (home / "config.yaml").write_text(CONFIG.replace("feeds.db", "mistyped/feeds.db"))
    code, _, err = run(*command)
    assert code == ExitCode.FOUND
    assert err.startswith(f"error: {home}/mistyped/feeds.db: there is no such store")
    assert not (home / "mistyped").exists()


def test_health_of_a_service_that_hangs_is_1_within_three_seconds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
        began = time.monotonic()
        code, out, _ = run("health")
        assert code == 1
        assert time.monotonic() - began < 3
    assert "no answer" in out


@pytest.mark.parametrize("said", [b"H", b"HTTP/1.1 503 Busy\r\nContent-Length: 9000\r\n\r\n"])
def test_health_of_a_service_that_drips_is_1_within_three_seconds(
    run: Run, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    """Something else may listen there."""
    done = threading.Event()

    def drip() -> None:
        client, _ = server.accept()
        with client, contextlib.suppress(OSError):
            client.sendall(said)
            while not done.wait(0.2):
                client.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
        dripping = threading.Thread(target=drip)
        dripping.start()
        began = time.monotonic()
        threading.Timer(5, done.set).start()
        code, _, _ = run("health")
        assert time.monotonic() - began < 3
        done.set()
        dripping.join()
    assert code == 1


def test_health_of_no_service_is_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
    assert run("health")[0] == 1
