"""Three kinds of HTTP clients that poll one feed for ever: by entity tag, by date, and by nothing (RFC 9110 §13)."""

from __future__ import annotations

import gzip

from tests.emulators import entries_of
from tests.web_examples import Answer, Served


class Poller:
    """Asks for one feed, holds what it was sent last, and remembers every id that it ever saw there."""

    def __init__(self, path: str, *, by: str = "", coding: str = "identity") -> None:
        self.path, self.by, self.coding = path, by, coding
        self.body = b""
        self.seen: list[str] = []
        self.last_modified = ""
        self._validator = ""

    def poll(self, served: Served) -> None:
        """Ask once; a 304 has to mean that what it holds is what it would be sent."""
        fields = {"Accept_Encoding": self.coding}
        if self.by and self._validator:
            fields["If_None_Match" if self.by == "ETag" else "If_Modified_Since"] = self._validator
        answer = served.ask(self.path, **fields)
        whole = decoded(served.ask(self.path))
        if answer.status == 304:
            assert self.by
            assert answer.body == b""
            assert self.body == whole, f"{self.path} by {self.by}: not modified, and yet it is"
            return
        assert answer.status == 200
        assert self._validator == "" or not self.by or self.body != whole, f"{self.path} by {self.by}: the same again"
        self.body, self._validator = decoded(answer), answer[self.by] or "" if self.by else ""
        assert self.body == whole
        self._take(answer)

    def _take(self, answer: Answer) -> None:
        ids = [entry["id"] for entry in entries_of(self.body)]
        assert len(set(ids)) == len(ids)
        self.seen += [one for one in reversed(ids) if one not in self.seen]
        self.last_modified = answer["Last-Modified"] or ""


def decoded(answer: Answer) -> bytes:
    """The bytes of an answer without their coding."""
    return gzip.decompress(answer.body) if answer["Content-Encoding"] == "gzip" else answer.body


def pollers(path: str) -> list[Poller]:
    """One of each kind."""
    return [Poller(path), Poller(path, by="ETag", coding="gzip"), Poller(path, by="Last-Modified")]
