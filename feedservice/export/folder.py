"""Files below a folder. What is there is always whole: written beside its place, forced to the disk, then renamed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from feedservice.errors import ExportError
from feedservice.export.files import OWN, SUFFIXES, Bundle


class Folder:
    """A folder on this machine. A file's time of modification is its document's Last-Modified."""

    keeps_fields = False

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock: int | None = None

    @property
    def where(self) -> str:
        return str(self._root)

    def __enter__(self) -> Folder:
        lock = self._root / OWN / "lock"
        with _told(lock):
            lock.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            # Let go by the system when the process dies, however it dies.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.__exit__()
            raise ExportError(f"another export into {self._root} is running") from None
        except OSError as error:
            self.__exit__()
            raise ExportError(f"{lock} cannot be locked: {error.strerror or error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def put(self, bundle: Bundle) -> None:
        place = self._root / bundle.name
        with _told(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            files = [(_beside(place, file.suffix), file) for file in bundle.files]
            # All are on the disk before the first one is switched: a full disk leaves the old ones as they are.
            for path, file in files:
                _lay(path, file.body, bundle.modified)
            for suffix in set(SUFFIXES.values()) - {file.suffix for file in bundle.files}:
                _beside(place, suffix).unlink(missing_ok=True)
            for path, _ in files:
                os.replace(_draft(path), path)  # noqa: PTH105 - Path.replace is the same in other words
            _settle(place.parent)

    def remove(self, name: str) -> None:
        place = self._root / name
        with _told(place):
            for suffix in SUFFIXES.values():
                path = _beside(place, suffix)
                path.unlink(missing_ok=True)
                _draft(path).unlink(missing_ok=True)
            with suppress(OSError):  # a folder that holds something stays
                for parent in place.parents:
                    if parent == self._root:
                        break
                    parent.rmdir()

    def intact(self, name: str, sizes: Mapping[str, int], modified: datetime) -> bool:
        place = self._root / name
        try:
            found = {suffix: _beside(place, suffix).stat() for suffix in sizes}
        except OSError:
            return False
        return all(
            (stat.st_size, int(stat.st_mtime)) == (sizes[suffix], int(modified.timestamp()))
            for suffix, stat in found.items()
        )

    def read(self, name: str) -> bytes | None:
        with _told(self._root / OWN / name):
            try:
                return (self._root / OWN / name).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, name: str, body: bytes) -> None:
        path = self._root / OWN / name
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _lay(path, body, None)
            os.replace(_draft(path), path)  # noqa: PTH105
            _settle(path.parent)

    def discard(self, name: str) -> None:
        with _told(self._root / OWN / name):
            (self._root / OWN / name).unlink(missing_ok=True)


def _beside(place: Path, suffix: str) -> Path:
    return place.with_name(place.name + suffix)


def _draft(path: Path) -> Path:
    """Where a file is written before it takes its place; always the same, so that crashes leave no heap behind."""
    return path.with_name(f".{path.name}.new")


def _lay(path: Path, body: bytes, modified: datetime | None) -> None:
    with _opened_anew(_draft(path)) as file:
        file.write(body)
        file.flush()
        if modified is not None:
            os.utime(file.fileno(), (modified.timestamp(), modified.timestamp()))
        os.fsync(file.fileno())


def _opened_anew(draft: Path) -> BinaryIO:
    """A file that was not there. What is there (an export died; somebody else's; a link to a file elsewhere) goes."""
    try:
        return draft.open("xb")
    except FileExistsError:
        draft.unlink()
        return draft.open("xb")


def _settle(folder: Path) -> None:
    """Force the names in a folder to the disk, so that the new files are there after a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one line what the system refuses. Raises ExportError."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"{error.filename or path} cannot be used: {error.strerror or error}") from error
