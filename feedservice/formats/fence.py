"""feedgen, fenced in: what it does to a process that more than a script lives in.

It asks the clock for dates that nobody gave, and switches the locale of the whole process for every RFC 822 date that
it writes, so that another thread may fail to write a Chinese one. So it is never given such a date: our own elements
carry them. And one thread at a time uses it, for nobody has promised that it is made for more.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedservice.protocols import Frame

_one_writer = threading.Lock()


@contextmanager
def generator() -> Iterator[FeedGenerator]:
    """A new generator that holds no date; nobody else has one until the block ends."""
    with _one_writer:
        feed = FeedGenerator()
        # There is no way to take back the date that its constructor sets.
        vars(feed)["_FeedGenerator__rss_lastBuildDate"] = None
        yield feed


@contextmanager
def entry() -> Iterator[FeedEntry]:
    """A new entry, to be given all its dates; nobody else has one until the block ends."""
    with _one_writer:
        yield FeedEntry()


def parted(document: bytes, closing: bytes) -> Frame:
    """A document of no items, as what stands before and behind them. Raises ValueError where it does not end so."""
    if not document.endswith(closing):
        raise ValueError(f"the document does not end with {closing!r}")
    return Frame(document.removesuffix(closing), closing)


def written(element: etree._Element, namespaces: dict[str, str]) -> bytes:
    """An element as it stands in a document whose root declares these namespaces, by prefix."""
    root = etree.Element("root", nsmap=dict(namespaces))
    root.append(element)
    document = etree.tostring(root, encoding="UTF-8")
    tag = f"<{element.tag}".encode()
    return document[document.index(tag) : -len(b"</root>")]
