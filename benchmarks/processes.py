"""What the processes of a service use, read in /proc. A process that ends meanwhile uses nothing."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
ENDED = (FileNotFoundError, ProcessLookupError)


def family(pid: int) -> Sequence[int]:
    """A process and all its descendants.

    Parents are looked at, not the `children` of threads: these go from hand to hand when a thread ends.
    """
    children = defaultdict[int, list[int]](list)
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and (fields := _stat(int(place.name))):
            children[int(fields[1])].append(int(place.name))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def proportional(pid: int) -> int:
    """A process's resident memory in bytes; what is shared with others is divided among them (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except ENDED:
        return 0
    for line in lines:
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise SystemExit(f"the kernel does not tell the memory of process {pid}")


def cpu_ticks(pid: int) -> int:
    """User and system time of a process so far, in parts of a second of which there are `TICK`."""
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def descriptors(pid: int) -> int:
    """How many files, sockets and pipes a process has open."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208
    except ENDED:
        return 0


def role(pid: int) -> str:
    """What a process of the service does."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except ENDED:
        words = []
    if b"work" in words:
        return "worker"
    return "supervisor" if b"run" in words and b"-m" in words and len(family(pid)) > 1 else "server"


def _stat(pid: int) -> Sequence[str]:
    """The fields after the name of the command: state, parent, and so on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except ENDED:
        return ()
