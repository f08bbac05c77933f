"""What a disk may hold after a power cut: writes that were not waited for are lost, torn or in another order.

The calls of a process on the files of a database are taken from strace; a file is what it was before, with all writes
up to its last fdatasync, and any of those after it, whole or in sectors of 512 bytes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.killed_reader import ACKNOWLEDGED

SECTOR = 512
TRACED = "pwrite64,fdatasync,fsync,ftruncate,unlink"
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += +(-?\d+)")
_DESCRIPTOR = re.compile(r"\d+<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One call that succeeded. name: of the file, without its folder. at: an offset, or the length after ftruncate."""

    kind: str
    name: str
    data: bytes = b""
    at: int = 0


def calls_of(log: Path, folder: Path) -> list[Call]:
    """The calls of a log that `strace -f -y -xx` wrote, on files of a folder, in their order."""
    return [call for line in log.read_text("ascii").splitlines() for call in _call(line, folder)]


def _call(line: str, folder: Path) -> Iterator[Call]:
    found = _CALL.match(line)
    if found is not None and _hex(ACKNOWLEDGED) in line:
        yield Call("acknowledged", "")
        return
    if found is None or found[3].startswith("-"):
        return
    kind, arguments = found[1], found[2]
    descriptor = _DESCRIPTOR.match(arguments)
    path = Path(_text(descriptor[1] if descriptor else arguments.strip('"')))
    if path.parent != folder:
        return
    if kind == "pwrite64":
        data, _, rest = arguments[descriptor.end() + 3 if descriptor else 0 :].partition('"')
        length, at = (int(number) for number in rest.strip(", ").split(", "))
        raw = bytes.fromhex(data.replace("\\x", ""))
        assert len(raw) == length
        yield Call(kind, path.name, raw, at)
    elif kind == "ftruncate":
        yield Call(kind, path.name, at=int(arguments.rpartition(", ")[2]))
    else:
        yield Call("sync" if kind.endswith("sync") else kind, path.name)


def _hex(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def _text(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


class Disk:
    """The files of a folder as a disk has them, and the calls that were not waited for."""

    def __init__(self, folder: Path) -> None:
        self._files = {file.name: bytearray(file.read_bytes()) for file in folder.iterdir() if file.is_file()}
        self._files.pop("feeds.db-shm", None)  # made anew from the log by whoever opens the database first
        self._waiting: list[Call] = []

    def run(self, calls: Sequence[Call]) -> None:
        """Take calls; those on a file that is waited for reach it."""
        for call in calls:
            if call.kind == "sync":
                self._settle(call.name)
            elif call.kind != "acknowledged" and call.name != "feeds.db-shm":
                self._waiting.append(call)

    def _settle(self, name: str) -> None:
        for call in self._waiting:
            if call.name == name:
                _do(self._files, call, None)
        self._waiting = [call for call in self._waiting if call.name != name]

    def cut(self, folder: Path, chance: random.Random | None) -> None:
        """Write into a folder what is there after a power cut; without a chance, what is there after kill -9."""
        files = {name: bytearray(data) for name, data in self._files.items()}
        for call in self._waiting:
            if chance is None:
                _do(files, call, None)
            elif (fate := chance.choice(("done", "lost", "torn"))) != "lost":
                _do(files, call, chance if fate == "torn" else None)
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)


def _do(files: dict[str, bytearray], call: Call, torn: random.Random | None) -> None:
    if call.kind == "unlink":
        files.pop(call.name, None)
        return
    file = files.setdefault(call.name, bytearray())
    if call.kind == "ftruncate":
        del file[call.at :]
        file.extend(bytes(call.at - len(file)))
        return
    for start in range(0, len(call.data), SECTOR):
        if torn is None or torn.random() < 0.5:
            part, at = call.data[start : start + SECTOR], call.at + start
            file.extend(bytes(max(0, at + len(part) - len(file))))
            file[at : at + len(part)] = part
