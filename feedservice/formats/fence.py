"""feedgen, fenced in: what it does to a process that more than a script lives in.

It asks the clock for dates that nobody gave, and switches the locale of the whole process for every RFC 822 date that
it writes, so that another thread may fail to write a Chinese one. So it is never given such a date: our own elements
carry them. And one thread at a time uses it, for nobody has promised that it is made for more.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from feedgen.feed import FeedGenerator

_one_writer = threading.Lock()


@contextmanager
def generator() -> Iterator[FeedGenerator]:
    """A new generator that holds no date; nobody else has one until the block ends."""
    with _one_writer:
        feed = FeedGenerator()
        # There is no way to take back the date that its constructor sets.
        vars(feed)["_FeedGenerator__rss_lastBuildDate"] = None
        yield feed
