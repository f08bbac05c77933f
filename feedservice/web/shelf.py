"""The documents of a serving process: how each is answered, and as many bodies as there is room for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from feedservice.model import Document
from feedservice.protocols import Store
from feedservice.web.answers import Entry, Manner


class Shelf:
    """Entries by address, each replaced as a whole, so that no reader ever sees half of a document.

    room: how many bytes of bodies are held; beyond it the least recently asked for are read from the store again.
    """

    def __init__(self, store: Store, manner: Manner, *, room: int) -> None:
        self._store = store
        self._manner = manner
        self._entries: dict[str, Entry] = {}
        self._bodies: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._room = room
        self._held = 0
        self._lock = threading.Lock()

    def get(self, path: str) -> Entry | None:
        """What is answered at an address."""
        return self._entries.get(path)

    def pin(self, entry: Entry) -> None:
        """Answer this entry from now on."""
        self._entries[entry.path] = entry

    def body(self, entry: Entry, coding: str) -> bytes | None:
        """The bytes of an entry in one of its codings; None when it has been replaced and must be looked up anew.

        Raises StoreError when they are not in memory and the store cannot be used.
        """
        if entry.pinned is not None:
            return entry.pinned[coding]
        key = (entry.path, coding)
        current = self._entries.get(entry.path)
        with self._lock:
            found = self._bodies.get(key)
            if found is not None:
                self._bodies.move_to_end(key)
        if found is not None and current is entry:
            return found
        return self._fetch(entry, coding)

    def update(self, since: int) -> int:
        """Take over the documents that changed after version `since`; returns the newest version.

        Bodies that were held are replaced with their entries. Raises StoreError.
        """
        for head in self._store.heads_since(since):
            since = max(since, head.version)
            if any((head.path, each.coding) in self._bodies for each in head.codings):
                document = self._store.document(head.path)
                if document is not None:
                    self._put(document)
            else:
                self._entries[head.path] = self._manner.entry(head)
        return since

    def fill(self) -> None:
        """Hold bodies while half of the room is free: they outlive the connection to the store. Raises StoreError."""
        for path in sorted(self._entries):
            if self._held >= self._room // 2:
                return
            if self._entries[path].pinned is None:
                document = self._store.document(path)
                if document is not None:
                    self._put(document)

    def paths(self) -> Iterable[str]:
        """All addresses that are answered."""
        return tuple(self._entries)

    def _fetch(self, entry: Entry, coding: str) -> bytes | None:
        document = self._store.document(entry.path)
        if document is None:
            return None
        if document.version != entry.version:
            self._put(document)
            return None
        body = next((each.body for each in document.representations if each.coding == coding), None)
        if body is not None:
            with self._lock:
                self._hold((entry.path, coding), body)
        return body

    def _put(self, document: Document) -> None:
        """Swap in a document with all its bodies."""
        entry = self._manner.entry(document.head())
        with self._lock:
            for each in document.representations:
                self._hold((document.path, each.coding), each.body)
            self._entries[document.path] = entry

    def _hold(self, key: tuple[str, str], body: bytes) -> None:
        before = self._bodies.pop(key, None)
        self._held -= len(before) if before is not None else 0
        if len(body) > self._room:
            return
        self._bodies[key] = body
        self._held += len(body)
        while self._held > self._room:
            _, dropped = self._bodies.popitem(last=False)
            self._held -= len(dropped)
