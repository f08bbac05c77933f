"""The codings that cost most are made when nothing waits to be written; a document is served meanwhile as it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

from feedservice.errors import StoreDamaged
from feedservice.model import Document
from feedservice.protocols import Store
from feedservice.publish.codings import finish

_log = logging.getLogger(__name__)
_TOGETHER, _MOST_BYTES = 16, 6_000_000
"""How many documents, and bytes of them, are published in one transaction: so many forced writes to the disk less."""
_AT_ONCE = 2
"""Threads that compress: the libraries let go of Python's lock meanwhile."""


def finish_documents(store: Store, go_on: Callable[[], bool] = lambda: True) -> int:
    """Make the codings that are still lacking, of the longest waiting documents first; returns of how many.

    go_on: asked before each document. What changes meanwhile is left for its next time. The feed of a document whose
    bytes are damaged is marked, to be written whole. Raises StoreError.
    """
    done = 0
    damaged: set[str] = set()
    with ThreadPoolExecutor(_AT_ONCE, "coding") as compressors:
        while paths := store.partial(_TOGETHER):
            finished = _finish_some(store, paths, go_on, compressors, damaged)
            with store.writing() as writer:
                done += writer.add_codings(finished)
            # What is damaged waits until its feed is written anew, and would be offered again and again.
            if not finished or not go_on():
                break
    if damaged:
        with store.writing() as writer:
            writer.mark_stale([head.feed for head in store.heads(sorted(damaged))], whole=True)
    return done


def _finish_some(
    store: Store, paths: Sequence[str], go_on: Callable[[], bool], compressors: Executor, damaged: set[str]
) -> Sequence[Document]:
    """The first of these documents in all codings, one at least, unless they are gone or there is no going on.

    damaged: where those are added to that cannot be read.
    """
    waiting = []
    size = 0
    for path in paths:
        if path in damaged:
            continue
        try:
            document = store.document(path) if size < _MOST_BYTES and go_on() else None
        except StoreDamaged as error:
            _log.error("%s; it waits until its feed is written anew", error)
            damaged.add(path)
            continue
        if document is not None:
            size += sum(len(each.body) for each in document.representations)
            waiting.append(compressors.submit(_finished, document))
    return [each.result() for each in waiting]


def _finished(document: Document) -> Document:
    return replace(document, representations=finish(document))
