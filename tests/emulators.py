"""Subscribers as they are found behind WeChat: small pollers, each with its own idea of what a new article is.

Each class copies the memory of one kind of bridge, with its faults. `poll` is given the bytes that a feed's address
answered and returns the links of the articles that this subscriber takes for new, in the order in which it pushes them.
A subscriber that is stopped by a feed raises, as its model does.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from calendar import timegm
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol, cast

import feedparser
from lxml import etree

from tests.fakes import FakeWeb

Entry = dict[str, str]
_BEFORE_ALL = -(10**12)
"""A watermark, in seconds since 1970, of who has seen nothing yet."""


class Subscriber(Protocol):
    """A poller with a memory. reads: the suffix of the format that it is subscribed to."""

    reads: str

    def poll(self, body: bytes, url: str) -> list[str]:
        """The links of the articles that are new to it. url: the address that it is subscribed to."""


@lru_cache(maxsize=8)  # Most of the subscribers are given the same bytes, one after the other.
def entries_of(body: bytes) -> list[Entry]:
    """A feed's entries as feedparser tells them, in feed order. Raises ValueError for what is not well-formed."""
    parsed = feedparser.parse(io.BytesIO(body))
    if parsed.bozo:
        raise ValueError(f"not well-formed: {parsed.bozo_exception}")
    return cast("list[Entry]", parsed.entries)


def seconds_of(entry: Entry) -> int | None:
    """An entry's date in seconds since 1970; None where it has none that can be read."""
    told = cast("time.struct_time | None", entry.get("published_parsed") or entry.get("updated_parsed"))
    return None if told is None else timegm(told)


class NewestFirst:
    """RSS by strict XML; reads down to the first old date; parses the offset of a date and then ignores it."""

    reads = "rss"

    def __init__(self, most: int | None = None) -> None:
        self.last, self.most = _BEFORE_ALL, most

    def poll(self, body: bytes, url: str) -> list[str]:
        new: dict[str, int] = {}
        for item in etree.fromstring(body).iterfind(".//item"):
            said = {tag: item.findtext(tag) for tag in ("title", "link", "description", "pubDate")}
            told = time.strptime(said["pubDate"] or "", "%a, %d %b %Y %H:%M:%S %z")
            if not (said["title"] and said["link"] and said["description"]):
                raise ValueError(f"an item without all of its texts: {said}")
            # Without the offset, as mktime() sees it, whatever zone this machine is in.
            if timegm((*told[:6], 0, 0, 0)) <= self.last:
                break
            new[said["link"]] = timegm((*told[:6], 0, 0, 0))
        self.last = max([self.last, *new.values()])
        return list(new)[: self.most]


class Watermark:
    """Remembers the newest date of a feed; whatever is not strictly newer is old. A date missing spoils the rest."""

    reads = "rss"

    def __init__(self) -> None:
        self.last: float = _BEFORE_ALL

    def poll(self, body: bytes, url: str) -> list[str]:
        dates = {entry["link"]: seconds_of(entry) for entry in entries_of(body)}
        new = [link for link, date in dates.items() if date is not None and date > self.last]
        self.last = max((date if date is not None else float("inf") for date in dates.values()), default=self.last)
        return new


class Cursor:
    """Remembers the largest pair of date and id."""

    reads = "atom"

    def __init__(self) -> None:
        self.last = (_BEFORE_ALL, "")

    def poll(self, body: bytes, url: str) -> list[str]:
        pairs = {(seconds_of(entry) or 0, entry["id"]): entry["link"] for entry in entries_of(body)}
        new = sorted(pair for pair in pairs if pair > self.last)
        self.last = max([self.last, *new])
        return [pairs[pair] for pair in new]


class FirstFive:
    """Looks at the first five entries, whatever there is, and remembers their links."""

    reads = "rss"

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def poll(self, body: bytes, url: str) -> list[str]:
        new = [entry["link"] for entry in entries_of(body)[:5] if entry["link"] not in self.seen]
        self.seen.update(new)
        return new


class LinkSubstring:
    """Remembers links in one text and looks there for a link as a part of it; needs date and description."""

    reads = "rss"

    def __init__(self) -> None:
        self.text = ""

    def poll(self, body: bytes, url: str) -> list[str]:
        new = []
        for entry in entries_of(body):
            if not (entry["title"] and entry["published"] and entry["description"]):
                raise ValueError(f"an entry without all of its texts: {entry['link']}")
            if entry["link"] not in self.text:
                self.text += f"{entry['link']}\n"
                new.append(entry["link"])
        return new


class Remembering:
    """Remembers one key of each entry for ever."""

    def __init__(self, key: Callable[[Entry, str], str], reads: str = "rss") -> None:
        self.key, self.reads = key, reads
        self.seen: set[str] = set()

    def poll(self, body: bytes, url: str) -> list[str]:
        new = []
        for entry in entries_of(body):
            key = self.key(entry, url)
            if key not in self.seen:
                self.seen.add(key)
                new.append(entry["link"])
        return new


def title_and_day(entry: Entry, url: str) -> str:
    """md5 of title, feed and day: an article with another title is another article."""
    day = time.strftime("%Y-%m-%d", time.gmtime((seconds_of(entry) or 0) + 8 * 3600))
    return hashlib.md5(f"{entry['title']}|{url}|{day}".encode(), usedforsecurity=False).hexdigest()


def feed_and_guid(entry: Entry, url: str) -> str:
    """FNV-1 of the feed's address and the guid, in 32 bits."""
    number = 0x811C9DC5
    for byte in f"{url}||{entry.get('id', '')}".encode():
        number = (number * 0x01000193 % 2**32) ^ byte
    return f"{number:08x}"


def guid_that_is_an_address(entry: Entry, url: str) -> str:
    """The guid where it is an address of the web, else the link; without either every poll would be a new article."""
    for name in ("id", "link"):
        if entry.get(name, "").startswith(("http://", "https://")):
            return entry[name]
    raise ValueError(f"an entry without an address: {entry.get('title')!r}")


def every_field(entry: Entry, url: str) -> str:
    """The id, of an entry that has to have everything else too."""
    for name in ("id", "link", "title", "summary", "published", "description", "content"):
        if not entry[name]:
            raise ValueError(f"an entry whose {name} is empty: {entry['id']}")
    return entry["id"]


class Forgetting:
    """Remembers guids, else links: as many as the feed has, and a few; older ones are forgotten."""

    def __init__(self, reads: str = "rss", spare: int = 5) -> None:
        self.reads, self.spare = reads, spare
        self.seen: list[str] = []

    def poll(self, body: bytes, url: str) -> list[str]:
        if not body:
            return []
        entries = {entry.get("id") or entry["link"]: entry["link"] for entry in entries_of(body)}
        new = [key for key in entries if key not in self.seen]
        old = [key for key in self.seen if key not in entries]
        self.seen = old[max(0, len(old) - self.spare) :] + list(entries)
        return [entries[key] for key in new]


WATERMARKED = ("newest first", "watermark", "cursor")
"""Those that never see what is dated before what they have seen."""
BY_TITLE = ("title and day",)
"""Those to whom an article with a new title is a new article."""


def subscribers() -> dict[str, Subscriber]:
    """One of each, with empty memories, by name."""
    return {
        "newest first": NewestFirst(),
        "watermark": Watermark(),
        "cursor": Cursor(),
        "first five": FirstFive(),
        "link substring": LinkSubstring(),
        "title and day": Remembering(title_and_day),
        "feed and guid": Remembering(feed_and_guid, reads="atom"),
        "guid that is an address": Remembering(guid_that_is_an_address),
        "forgetting, RSS": Forgetting(),
        "forgetting, Atom": Forgetting(reads="atom"),
        "every field, RSS": Remembering(every_field),
        "every field, Atom": Remembering(every_field, reads="atom"),
    }


def surplus(pushed: list[str]) -> Iterator[str]:
    """The links that were pushed more than once, each as often as it was too many."""
    seen: set[str] = set()
    for link in pushed:
        if link in seen:
            yield link
        seen.add(link)


class Newsroom:
    """The site at the other end: a JSON Feed of its articles, the newest on top, on a fake network."""

    def __init__(self, web: FakeWeb, home: str = "http://news.example.org", name: str = "开发区") -> None:
        self.web, self.home, self.name = web, home, name
        self.items: list[dict[str, str]] = []
        self.put()

    @property
    def url(self) -> str:
        """Where the site's feed is."""
        return f"{self.home}/feed.json"

    def publish(self, *dates: str | None, title: str = "", body: str = "") -> list[str]:
        """Put articles on top, the last one topmost; returns their links. dates: as it writes them."""
        links = []
        for date in dates:
            number = len(self.items) + 1
            link = f"{self.home}/a/{number}.html"
            item = {"id": link, "url": link, "title": title or f"{self.name}第{number}号通知"}
            item["content_html"] = body or f"<p>关于第{number}件事的通知，请各单位遵照执行。</p>"
            if date is not None:
                item["date_published"] = date
            self.items.insert(0, item)
            links.append(link)
        self.put()
        return links

    def edit(self, link: str, *, title: str | None = None, body: str | None = None) -> None:
        """Give an article another title, another body, or both."""
        item = next(item for item in self.items if item["url"] == link)
        item.update({name: text for name, text in (("title", title), ("content_html", body)) if text is not None})
        self.put()

    def put(self) -> None:
        """Bring what the network answers up to date."""
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": self.name, "items": self.items}
        self.web.put(self.url, json.dumps(feed), "application/feed+json")
