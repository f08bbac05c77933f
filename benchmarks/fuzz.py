"""Every reader of foreign bytes, on damaged pages and feeds, for as long as is wanted.

    python benchmarks/fuzz.py [--minutes 30] [--seed N] [--reader NAME] [--corpus FOLDER] [--save FOLDER]

An input is at fault when a reader raises anything but a SourceError, gives what nobody could store, or takes more CPU
time than `--slow` allows, also when it is read again: the first date in words that none before it had makes the date
parser compile the patterns of all its languages, once in a process. Damaged bytes are made from the files of the corpus
(shared/corpora beside the checkout where there is one) and from the seeds of the tests. Where atheris is installed,
`--atheris` lets libFuzzer choose the damage by what it makes the code do. Prints how many inputs were run, the faults,
each once, and how much the process grew; exit code 1 when there was a fault.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

CORPORA = Path(os.environ.get("FEEDSERVICE_CORPORA") or ROOT.parent / "shared" / "corpora")
_HANGS = 20.0
_WARM = 1_000
_PAGE = resource.getpagesize()


class Hang(BaseException):
    """A reader that did not end."""


def resident() -> int:
    """Bytes of this process in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise Hang in the block when it takes longer."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@dataclass
class Judge:
    """Runs inputs and keeps what was at fault, the smallest example of each kind."""

    slow: float
    save: Path | None
    inputs: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    faults: dict[str, int] = field(default_factory=dict)
    worst: dict[str, float] = field(default_factory=dict)
    resident: dict[int, int] = field(default_factory=dict)
    _outcome: str = ""

    def __call__(self, reader: str, body: bytes, content_type: str) -> None:
        spent = self._run(reader, body, content_type)
        if spent > self.slow:
            spent = min(spent, self._run(reader, body, content_type))
        self.worst[reader] = max(spent, self.worst.get(reader, 0.0))
        if spent > self.slow:
            self._note(reader, body, content_type, f"slow: more than {self.slow:g} s")
        self.read[reader] += self._outcome == "read"
        self._count(reader)

    def _run(self, reader: str, body: bytes, content_type: str) -> float:
        """Read it, note what went wrong, and say how many seconds of CPU time it took."""
        from tests.fuzz_targets import outcome

        self._outcome = ""
        began = time.process_time()
        try:
            with limited(_HANGS):
                self._outcome = outcome(reader, body, content_type)
        except Hang as error:
            self._note(reader, body, content_type, f"hang at {_place(error)}")
        except Exception as error:  # noqa: BLE001 what is looked for
            self._note(reader, body, content_type, f"{type(error).__name__} at {_place(error)}: {error!s:.100}")
        return time.process_time() - began

    def _count(self, reader: str) -> None:
        self.inputs[reader] += 1
        total = sum(self.inputs.values())
        if total in {_WARM << step for step in range(12)}:
            self.resident[total] = resident()

    def _note(self, reader: str, body: bytes, content_type: str, what: str) -> None:
        kind = f"{reader}: {what}"
        before = self.faults.get(kind)
        if before is not None and before <= len(body):
            return
        self.faults[kind] = len(body)
        if before is None:
            print(f"FAULT {kind} ({len(body)} bytes, {content_type!r})", flush=True)
        if self.save is not None:
            self.save.mkdir(parents=True, exist_ok=True)
            name = f"{reader}-{hashlib.sha256(kind.encode()).hexdigest()[:8]}"
            (self.save / name).write_bytes(body)
            (self.save / f"{name}.txt").write_text(f"{kind}\n{content_type}\n", encoding="utf-8")

    def report(self, seconds: float) -> None:
        print(f"\n{platform.platform()}, Python {platform.python_version()}, {seconds / 60:.1f} minutes")
        print(f"{'reader':10} {'inputs':>9} {'read':>6} {'worst CPU s':>12}")
        for reader, count in sorted(self.inputs.items()):
            print(f"{reader:10} {count:9} {self.read[reader] / count:6.0%} {self.worst[reader]:12.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        total = sum(self.inputs.values())
        print(f"{total} inputs, {len(self.faults)} faults")
        steps = {**self.resident, total: resident()}
        told = ", ".join(f"{size / 1e6:.0f} MB after {count}" for count, size in steps.items())
        print(f"memory: {told} inputs; {peak / 1e6:.0f} MB at most")


def _place(error: BaseException) -> str:
    """The innermost line of ours that an error passed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}feedservice{os.sep}" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"


def warm_up() -> None:
    """Have everything imported, so that no input is blamed for it."""
    from tests.fuzz_targets import READERS, SEEDS, outcome

    for reader in READERS:
        for body in SEEDS.values():
            outcome(reader, body, "")


def by_chance(judge: Judge, arguments: argparse.Namespace) -> None:
    """Own damage, the same for the same seed."""
    from tests.fuzz_targets import corpus, faults

    bodies = corpus(arguments.corpus)
    print(f"{len(bodies)} files to damage, seed {arguments.seed}", flush=True)
    warm_up()
    ends = time.monotonic() + arguments.minutes * 60
    for reader, body, content_type in faults(bodies, random.Random(arguments.seed)):
        if arguments.reader in (None, reader):
            judge(reader, body, content_type)
        if time.monotonic() > ends:
            return


def by_coverage(judge: Judge, arguments: argparse.Namespace) -> None:
    """Damage as libFuzzer chooses it; the first byte of an input picks the reader, the second the Content-Type."""
    import atexit
    from tempfile import mkdtemp

    import atheris

    with atheris.instrument_imports(include=["feedservice"]):
        from tests.fuzz_targets import READERS, TYPES, corpus

        warm_up()
    names = [arguments.reader] if arguments.reader else list(READERS)
    folder = Path(mkdtemp(prefix="fuzz-"))
    for number, body in enumerate(corpus(arguments.corpus)):
        (folder / str(number)).write_bytes(bytes((number % 256, number % 7)) + body[:100_000])

    def one(data: bytes) -> None:
        if len(data) > 2:
            judge(names[data[0] % len(names)], data[2:], TYPES[data[1] % len(TYPES)])

    began = time.monotonic()
    atexit.register(lambda: judge.report(time.monotonic() - began))  # libFuzzer ends the process itself
    limits = [f"-max_total_time={arguments.minutes * 60:.0f}", "-max_len=100000", "-timeout=60", "-rss_limit_mb=0"]
    atheris.Setup([sys.argv[0], str(folder), f"-seed={arguments.seed or 1}", "-verbosity=0", *limits], one)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzzes the readers of foreign bytes.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--reader", help="only this one")
    parser.add_argument("--corpus", type=Path, default=CORPORA if CORPORA.is_dir() else None)
    parser.add_argument("--save", type=Path, help="where to put inputs that were at fault")
    parser.add_argument("--slow", type=float, default=3.0, help="CPU seconds that an input may take")
    parser.add_argument("--atheris", action="store_true", help="let libFuzzer choose the damage")
    arguments = parser.parse_args()
    judge = Judge(arguments.slow, arguments.save)
    began = time.monotonic()
    (by_coverage if arguments.atheris else by_chance)(judge, arguments)
    judge.report(time.monotonic() - began)
    return 1 if judge.faults else 0


if __name__ == "__main__":
    sys.exit(main())
