"""The codings that cost most are made when nothing waits to be written; a document is served meanwhile as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

from feedservice.model import Document
from feedservice.protocols import Store
from feedservice.publish.codings import finish

_TOGETHER, _MOST_BYTES = 16, 6_000_000
"""How many documents, and bytes of them, are published in one transaction: so many forced writes to the disk less."""
_AT_ONCE = 2
"""Threads that compress: the libraries let go of Python's lock meanwhile."""


def finish_documents(store: Store, go_on: Callable[[], bool] = lambda: True) -> int:
    """Make the codings that are still lacking, of the longest waiting documents first; returns of how many.

    go_on: asked before each document. What changes meanwhile is left for its next time. Raises StoreError.
    """
    done = 0
    with ThreadPoolExecutor(_AT_ONCE, "coding") as compressors:
        while paths := store.partial(_TOGETHER):
            finished = _finish_some(store, paths, go_on, compressors)
            with store.writing() as writer:
                done += sum(writer.add_codings(document) for document in finished)
            if not go_on():
                break
    return done


def _finish_some(
    store: Store, paths: Sequence[str], go_on: Callable[[], bool], compressors: Executor
) -> Sequence[Document]:
    """The first of these documents in all codings, one at least, unless it is gone or there is no going on."""
    waiting = []
    size = 0
    for path in paths:
        document = store.document(path) if size < _MOST_BYTES and go_on() else None
        if document is not None:
            size += sum(len(each.body) for each in document.representations)
            waiting.append(compressors.submit(_finished, document))
    return [each.result() for each in waiting]


def _finished(document: Document) -> Document:
    return replace(document, representations=finish(document))
