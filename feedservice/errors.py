"""Every error, one tree, sorted by who must act. Floor 1: imports nothing of ours.

    FeedserviceError
    ├── ConfigError          the operator: the configuration is wrong (all its faults together)
    ├── StoreError           the operator: the store cannot be used
    │   ├── StoreBusy        somebody else is the acting worker
    │   ├── StoreDamaged     the bytes of a document are not what was written
    │   ├── StoreSetBack     an earlier state of it has taken its place
    │   └── StoreTooNew      the store was written by a newer program
    ├── SourceError          the next round: a source could not be read
    │   ├── FetchError       the network or the server failed
    │   │   ├── Forbidden    the address is one that we never connect to
    │   │   └── TooLarge     the answer was larger than allowed
    │   └── Unreadable       it came, and makes no sense
    ├── BadArticle           whoever pushed it: what came is no article
    ├── ExportError          the operator: files cannot be written where they are to be
    └── GateError            a document did not pass its checks; the last good one stays

Foreign exceptions are translated at the door that they came through, the cause chained. A bug is not caught: it stops
its job and is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

_WIDEST = 160


class FeedserviceError(Exception):
    """Anything that this program says no with."""


class BadArticle(FeedserviceError):
    """What was pushed is no article. faults: for each thing that is wrong, a JSON Pointer (RFC 6901) and what it is."""

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{place}: {problem}" if place else problem for place, problem in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a configuration. Lines and columns count from 1; 0 where there is no place to show."""

    file: str
    line: int
    column: int
    key: str
    problem: str
    found: str = ""
    allowed: str = ""
    nearest: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        lines = [f"{where}: {self.key}: {self.problem}" if self.key else f"{where}: {self.problem}"]
        if self.excerpt:
            gutter = f"{self.line:>5} | "
            shown, before = _window(self.excerpt, self.column - 1)
            lines += [gutter + shown, " " * (len(gutter) + _cells(before)) + "^"]
        if self.found:
            lines.append(f"        found: {self.found}")
        if self.allowed:
            lines.append(f"      allowed: {self.allowed}")
        if self.nearest:
            lines.append(f" did you mean: {self.nearest}")
        return "\n".join(lines)


def _window(line: str, column: int) -> tuple[str, str]:
    """As much of a long line as can be looked at, and what of it stands before the column."""
    start = 0 if len(line) <= _WIDEST else max(0, min(column - _WIDEST // 2, len(line) - _WIDEST))
    return line[start : start + _WIDEST], line[start : max(start, column)]


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two (Unicode UAX #11)."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


class ConfigError(FeedserviceError):
    """The configuration is wrong. `faults` holds everything that is wrong with it, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n\n".join(str(fault) for fault in self.faults))


class StoreError(FeedserviceError):
    """The store cannot be used."""


class StoreBusy(StoreError):
    """Another process is the acting worker of this store."""


class StoreSetBack(StoreError):
    """The store holds less than was written to it, as after a fail-over to a replica that lagged behind."""


class StoreDamaged(StoreError):
    """What is stored of a document is not what was written."""


class StoreTooNew(StoreError):
    """The store was written by a newer program than this one."""


class ExportError(FeedserviceError):
    """The folder or bucket that feeds are exported to cannot be used."""


class SourceError(FeedserviceError):
    """A source could not be read this time. What was stored before stays as it is."""


class FetchError(SourceError):
    """The network or the server failed. `status` is the HTTP status, `retry_after` seconds, where there were any."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class Forbidden(FetchError):
    """The address is one that this service never connects to, or robots.txt says no."""


class TooLarge(FetchError):
    """The answer was larger than allowed, before or after decompression."""


class Unreadable(SourceError):
    """The source answered, and what it answered makes no sense."""


class GateError(FeedserviceError):
    """A document did not pass the gate. `articles` are the ids of the guilty ones; empty when the whole is at fault."""

    def __init__(self, message: str, articles: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.articles = tuple(articles)
