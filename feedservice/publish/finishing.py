"""The codings that cost most are made when nothing waits to be written; a document is served meanwhile as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from feedservice.protocols import Store
from feedservice.publish.codings import finish

_TOGETHER = 6
"""How many documents are published in one transaction: so many forced writes to the disk less."""


def finish_documents(store: Store, go_on: Callable[[], bool] = lambda: True) -> int:
    """Make the codings that are still lacking, of the longest waiting documents first; returns of how many.

    go_on: asked before each document. What changes meanwhile is left for its next time. Raises StoreError.
    """
    done = 0
    while paths := store.partial(_TOGETHER):
        finished = []
        for path in paths:
            document = store.document(path) if go_on() else None
            if document is not None:
                finished.append(replace(document, representations=finish(document)))
        with store.writing() as writer:
            done += sum(writer.add_codings(document) for document in finished)
        if not go_on():
            break
    return done
