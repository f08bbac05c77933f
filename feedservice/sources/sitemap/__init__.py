"""A sitemap (https://www.sitemaps.org/protocol.html): url sets, index files, gzip, news sitemaps, plain lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, Field, field_validator

from feedservice.allowance import bounded
from feedservice.config.settings import Model
from feedservice.errors import SourceError, Unreadable
from feedservice.model import FIRST_READ, Fields, Memory, Moment, NotModified, Offer, Page, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening, Source, SourceKind
from feedservice.sources.addresses import absolute
from feedservice.sources.dates import read_time
from feedservice.sources.hints import hints_of_answer
from feedservice.sources.markup import title_from_html
from feedservice.sources.options import Address
from feedservice.sources.packed import unpacked
from feedservice.sources.sitemap.latest import Told, newest_first
from feedservice.sources.sitemap.newcomers import choose
from feedservice.sources.xmltext import local_name, mend_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

ACCEPT = "application/xml, text/xml, text/plain;q=0.8, */*;q=0.5"
_MOST_URLS = 50_000
_MOST_FILES = 100
_DEEPEST = 3
_LOOKED_AT = 200_000
_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(?:urlset|sitemapindex)(?=[\s>/])")
_PLAIN = re.compile(r"\s*https?://\S+(?:\s+https?://\S+)*\s*", re.DOTALL)


class SitemapOptions(Model):
    """A sitemap or an index of sitemaps; plain, gzipped, or a news sitemap."""

    url: Address
    """The sitemap's address."""
    include: str = ""
    """A regular expression: only addresses in which it finds something are articles. Left out: all."""
    exclude: str = ""
    """A regular expression: addresses in which it finds something are left out."""
    max_files: int = Field(default=20, ge=1, le=_MOST_FILES)
    """How many sitemaps of an index are read at most, the latest ones."""

    @field_validator("include", "exclude")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"a regular expression; {error}") from None
        return value


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a sitemap or of an index, with what it says of it."""

    url: str
    title: str = ""
    published: Moment | None = None
    changed: Moment | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """What stands in one file: articles' addresses, or other files'."""

    entries: tuple[Entry, ...]
    is_index: bool = False


@dataclass(slots=True)
class _Walk:
    """read: the addresses of files, each of which is read once: an index may name itself."""

    get: ConditionalGet
    read: set[str]
    found: dict[str, Entry] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    files: int = 0
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap source with its options bound."""

    options: SitemapOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Read the sitemap, of an index the files that changed last; the newest addresses first.

        A file of an index that cannot be read is a problem. Raises SourceError when the first one cannot be read.
        """
        answer = get(self.options.url, conditional=True, accept=ACCEPT)
        if isinstance(answer, NotModified):
            return Reading(unchanged=True)
        return self.read_answer(answer, get, known, memory)

    def read_answer(self, answer: Page, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Like `read`, from a first file that was fetched already."""
        walk = _Walk(get, {self.options.url, answer.url})
        self._take(answer, walk, depth=1)
        wanted = [entry for entry in walk.found.values() if self._is_wanted(entry.url)]
        partial = bool(walk.problems)
        choice = choose(_told(wanted), known, memory, limit=self.opening.limit, partial=partial, unread=walk.unread)
        return Reading(
            offers=tuple(_offer(walk.found[url]) for url in choice.offered),
            problems=(*walk.problems, *choice.problems),
            hints=hints_of_answer(answer),
            volatile=(self.options.url,) if walk.files > 1 or partial or choice.cut else (),
            unfinished=choice.cut,
            partial=partial,
            paged=len(choice.offered) < len(wanted),
            beyond=tuple(choice.beyond),
            notes=choice.notes,
        )

    def _take(self, answer: Page, walk: _Walk, depth: int) -> None:
        walk.files += 1
        content = bounded(parse_sitemap)(answer, self.opening)
        if not content.is_index:
            for entry in content.entries:
                walk.found.setdefault(entry.url, entry)
            return
        if depth >= _DEEPEST:
            walk.problems.append(f"{answer.url}: an index inside an index inside an index is not read")
            return
        walk.unread = walk.unread or len(content.entries) > self.options.max_files
        if depth == 1 and content.entries and all(entry.url in walk.read for entry in content.entries):
            walk.problems.append(f"{answer.url}: an index of nothing but itself")
        for entry in _latest(content.entries, self.options.max_files):
            if walk.files > self.options.max_files or len(walk.found) >= _MOST_URLS:
                walk.unread = True
                break
            if entry.url in walk.read:
                continue
            walk.read.add(entry.url)
            try:
                further = walk.get(entry.url, accept=ACCEPT)
                if isinstance(further, Page) and (further.url == entry.url or further.url not in walk.read):
                    walk.read.add(further.url)
                    self._take(further, walk, depth + 1)
            except SourceError as error:
                walk.problems.append(f"{entry.url}: {error}")

    def _is_wanted(self, url: str) -> bool:
        include, exclude = self.options.include, self.options.exclude
        return not (include and not re.search(include, url)) and not (exclude and re.search(exclude, url))


def _latest(entries: Sequence[Entry], most: int) -> list[Entry]:
    return [entries[place] for place in newest_first(_told(entries))[:most]]


def _told(entries: Sequence[Entry]) -> list[Told]:
    moments = ((entry.url, entry.published or entry.changed) for entry in entries)
    return [(url, moment.at if moment else None) for url, moment in moments]


def _offer(entry: Entry) -> Offer:
    fields = Fields(
        title=entry.title,
        published=entry.published,
        updated=entry.changed,
        language=entry.language or None,
        tags=entry.tags,
        lead_image=entry.image,
    )
    return Offer(key=entry.url, url=entry.url, fields=fields)


def parse_sitemap(answer: Page, opening: Opening) -> SitemapFile:
    """Read one sitemap file. Pure. Raises Unreadable when it is none, or unpacks to more than 50 MB."""
    body = unpacked(answer.body, answer.url)
    text = opening.decode(body, "" if body is not answer.body else answer.content_type)
    if _PLAIN.fullmatch(_beginning(text)):
        words = (word for word in text.split()[:_MOST_URLS] if word.startswith(("http://", "https://")))
        addresses = dict.fromkeys(absolute(answer.url, word) for word in words)
        return SitemapFile(tuple(Entry(url) for url in addresses if url is not None))
    start = _ROOT.search(text, 0, 100_000)
    if start is None:
        raise Unreadable(f"{answer.url}: not a sitemap")
    return _parse_xml(mend_xml(text, start), answer.url, opening)


def _beginning(text: str) -> str:
    """As much of a text as is looked at, whole words."""
    return text if len(text) <= _LOOKED_AT else "".join(text[:_LOOKED_AT].rsplit(None, 1)[:1])


def _parse_xml(xml: str, url: str, opening: Opening) -> SitemapFile:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{url}: not XML: {error}") from error
    if root is None:
        raise Unreadable(f"{url}: not XML")
    entries: dict[str, Entry] = {}
    for node in root:
        facts = _facts(node)
        address = absolute(url, facts.get("loc") or _bare_address(node))
        if address is not None and len(entries) < _MOST_URLS:
            entries.setdefault(address, _entry(address, facts, opening))
    return SitemapFile(tuple(entries.values()), is_index=local_name(str(root.tag)) == "sitemapindex")


def _entry(address: str, facts: Mapping[str, str], opening: Opening) -> Entry:
    def time(name: str) -> Moment | None:
        return read_time(facts.get(name, ""), opening.timezone, opening.parse_moment)

    tags = (tag.strip() for tag in facts.get("keywords", "").split(","))
    return Entry(
        url=address,
        title=title_from_html(facts.get("title", "")),
        published=time("publication_date"),
        changed=time("lastmod"),
        language=facts.get("language", ""),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        image=absolute(address, facts.get("image/loc", "")),
    )


def _facts(node: _Element) -> dict[str, str]:
    """The texts inside a <url> or <sitemap> by their names; of those inside <image:image>, by image/NAME."""
    facts: dict[str, str] = {}
    for inner in node.iter():
        if not isinstance(inner.tag, str) or not inner.text:
            continue
        name = local_name(inner.tag)
        parent = inner.getparent()
        if parent is not None and parent is not node and local_name(str(parent.tag)) in ("image", "video"):
            name = f"{local_name(str(parent.tag))}/{name}"
        facts.setdefault(name, inner.text.strip())
    return facts


def _bare_address(node: _Element) -> str:
    """The address that stands in a <sitemap> or <url> itself, where it has no <loc>; "" where none does."""
    text = (node.text or "").strip() if isinstance(node.tag, str) else ""
    return text if text.startswith(("http://", "https://")) else ""


def _open(options: BaseModel, opening: Opening) -> Source:
    return Sitemap(cast(SitemapOptions, options), opening)


SITEMAP = SourceKind(
    name="sitemap",
    summary="a sitemap, an index of sitemaps, or a news sitemap",
    options=SitemapOptions,
    open=_open,
)
