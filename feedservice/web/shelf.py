"""The documents of a serving process: how each is answered, and as many bodies as there is room for."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping

from feedservice.errors import StoreDamaged
from feedservice.model import Document, DocumentHead
from feedservice.protocols import Store
from feedservice.web.answers import Entry, Manner
from feedservice.web.moved import Answer, answer_moved, name_in

_log = logging.getLogger(__name__)
_Key = tuple[str, str]
"""A body's path and entity tag: so no head is ever sent with other bytes than its own."""


class Shelf:
    """Entries by address, each replaced as a whole, so that no reader ever sees half of a document.

    room: how many bytes of bodies are held; beyond it the least recently asked for are read again, by `read`.
    """

    def __init__(self, store: Store, manner: Manner, *, room: int, read: Callable[[str], Document | None]) -> None:
        self._store = store
        self._read = read
        self._manner = manner
        self._entries: dict[str, Entry] = {}
        self._retired: Mapping[str, str | None] = {}
        self._bodies: OrderedDict[_Key, bytes] = OrderedDict()
        self._room = room
        self._held = 0
        self._lock = threading.Lock()

    def get(self, path: str) -> Entry | None:
        """What is answered at an address."""
        return self._entries.get(path)

    def moved(self, path: str, query: str, method: str) -> Answer | None:
        """What is answered at the address of a feed that was moved or is gone; None for any other."""
        return answer_moved(
            path,
            query,
            method,
            retired=self._retired,
            is_served=self._entries.__contains__,
            base_url=self._manner.site.base_url,
        )

    def pin(self, entry: Entry) -> None:
        """Answer this entry from now on."""
        self._entries[entry.path] = entry

    def body(self, entry: Entry, coding: str) -> bytes | None:
        """The bytes of an entry in one of its codings; None when it has been replaced and must be looked up anew.

        Raises StoreError when they are not in memory and the store cannot be used.
        """
        if entry.pinned is not None:
            return entry.pinned[coding]
        piece = entry.pieces[coding]
        found = self.held(entry, coding)
        return found if found is not None else self._fetch(entry, piece.etag)

    def held(self, entry: Entry, coding: str) -> bytes | None:
        """The bytes of an entry in one of its codings, where they are in memory."""
        if entry.pinned is not None:
            return entry.pinned[coding]
        key = (entry.path, entry.pieces[coding].etag)
        with self._lock:
            found = self._bodies.get(key)
            if found is not None:
                self._bodies.move_to_end(key)
        return found

    def update(self, since: int) -> int:
        """Take over the documents that changed after version `since`; returns the newest version.

        since: 0 for all there are, whatever is answered now; where there are none, that stays. Bodies that were held
        are replaced with their entries. Raises StoreError.
        """
        anew, heads = not since, self._store.heads_since(since)
        if anew and heads:
            self._leave(head.path for head in heads)
        for head in heads:
            since = max(since, head.version)
            wanted = self._wanted(head)
            document = self._whole(head.path, wanted) if wanted else None
            with self._lock:
                if head.codings:
                    self._swap(self._manner.entry(head), anew=anew)
                else:
                    self._remove(head.path)
            if document is not None:
                self._hold_all(document)
        # Read after the documents: what is retired meanwhile is dropped now, what is restored comes with the next look.
        self._retire(self._store.retired())
        return since

    def _whole(self, path: str, codings: Collection[str] = ()) -> Document | None:
        """A document from the store; None also for one that is damaged there, which must not keep others back."""
        try:
            return self._store.document(path, codings)
        except StoreDamaged as error:
            _log.error("%s", error)
            return None

    def _wanted(self, head: DocumentHead) -> list[str]:
        """The codings of a changed document to read now: those held of it before, or all while there is much room."""
        entry = self._entries.get(head.path)
        if entry is None:
            return []
        with self._lock:
            held = {
                coding: piece.etag for coding, piece in entry.pieces.items() if (head.path, piece.etag) in self._bodies
            }
        roomy = bool(held) and self._held < self._room // 2
        wanted = (each for each in head.codings if roomy or each.coding in held)
        return [each.coding for each in wanted if each.etag not in held.values()]

    def _retire(self, retired: Mapping[str, str | None]) -> None:
        self._retired = retired
        with self._lock:
            for path in [path for path in self._entries if name_in(path) in retired]:
                self._remove(path)

    def _leave(self, paths: Iterable[str]) -> None:
        """Answer no documents but these."""
        kept = frozenset(paths)
        with self._lock:
            for path in [path for path, entry in self._entries.items() if entry.pinned is None and path not in kept]:
                self._remove(path)

    def _remove(self, path: str) -> None:
        """Answer nothing at an address from now on, where anything was."""
        entry = self._entries.pop(path, None)
        for piece in entry.pieces.values() if entry is not None else ():
            self._drop((path, piece.etag))

    def fill(self) -> None:
        """Hold bodies while half of the room is free: they outlive the connection to the store. Raises StoreError."""
        for path in sorted(self._entries):
            if self._held >= self._room // 2:
                return
            if self._entries[path].pinned is None:
                document = self._whole(path)
                if document is not None:
                    self._put(document)

    def paths(self) -> Iterable[str]:
        """All addresses that are answered."""
        return tuple(self._entries)

    def _fetch(self, entry: Entry, etag: str) -> bytes | None:
        document = self._read(entry.path)
        if document is None:
            return None
        body = next((each.body for each in document.representations if each.etag == etag), None)
        if body is None:
            self._put(document)
            return None
        with self._lock:
            current = self._entries.get(entry.path)
            if current is not None and any(piece.etag == etag for piece in current.pieces.values()):
                self._hold((entry.path, etag), body)
        return body

    def _put(self, document: Document) -> None:
        """Swap in a document with all its bodies, where there still is one."""
        entry = self._manner.entry(document.head())
        with self._lock:
            swapped = document.path in self._entries and self._swap(entry)
        if swapped:
            self._hold_all(document)

    def _hold_all(self, document: Document) -> None:
        """Hold the bodies of a document that are of the entry at its address."""
        with self._lock:
            entry = self._entries.get(document.path)
            tags = {piece.etag for piece in entry.pieces.values()} if entry is not None else set()
            for each in document.representations:
                if each.etag in tags:
                    self._hold((document.path, each.etag), each.body)

    def _swap(self, entry: Entry, *, anew: bool = False) -> bool:
        """Answer `entry` at its address; the one before goes, with its bodies. anew: even where that one is newer."""
        before = self._entries.get(entry.path)
        if before is not None and before.version > entry.version and not anew:
            return False
        self._entries[entry.path] = entry
        if before is not None:
            kept = {piece.etag for piece in entry.pieces.values()}
            for piece in before.pieces.values():
                if piece.etag not in kept:
                    self._drop((before.path, piece.etag))
        return True

    def _drop(self, key: _Key) -> None:
        before = self._bodies.pop(key, None)
        self._held -= len(before) if before is not None else 0

    def _hold(self, key: _Key, body: bytes) -> None:
        self._drop(key)
        if len(body) > self._room:
            return
        self._bodies[key] = body
        self._held += len(body)
        while self._held > self._room:
            _, dropped = self._bodies.popitem(last=False)
            self._held -= len(dropped)
