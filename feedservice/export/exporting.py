"""A target is brought up to date: what changed is written, what is served no more is removed, the rest is left alone.

The pages of archives come first, then the feeds that link to them, then the front page that links to the feeds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from feedservice.errors import ExportError, StoreDamaged
from feedservice.export.files import SUFFIXES, Bundle, bundle_of, name_of
from feedservice.export.manifest import (
    CHUNK,
    MANIFEST,
    Chunk,
    Manifest,
    Record,
    Records,
    chunk_from,
    chunk_name,
    manifest_from,
    sizes_of,
)
from feedservice.export.pages import SITE_PAGES, site_pages
from feedservice.export.redirects import redirects
from feedservice.export.targets import Target
from feedservice.model import DocumentHead, Site
from feedservice.protocols import Clock, Store
from feedservice.web.answers import Manner
from feedservice.web.past import Past

_log = logging.getLogger(__name__)
Pages = Mapping[str, Collection[int]]
"""By feed, the numbers of archive pages that were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What is exported, and how it is answered. ttl: of feeds, in seconds. suffixes: of the formats of archives."""

    store: Store
    site: Site
    ttl: int
    suffixes: Sequence[str]
    clock: Clock


@dataclass(slots=True, kw_only=True)
class Exported:
    """What came of an export. Counts documents; `bytes` is of all files written.

    refused: addresses that cannot be file names. damaged: those whose bytes the store cannot give; what was exported of
    them before stays, and the next full rebuild mends them. complete: False when it was told to stop before the end.
    """

    to: str
    written: int = 0
    removed: int = 0
    unchanged: int = 0
    bytes: int = 0
    refused: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    complete: bool = True


def export(
    outlet: Outlet, target: Target, *, changed: Pages | None = None, go_on: Callable[[], bool] = lambda: True
) -> Exported:
    """Bring a target up to date. Raises ExportError when it cannot be used, StoreError when the store cannot.

    changed: the archive pages written since the last export, where nothing else than these and feeds can have changed;
    None to look at everything, also at whether files are still there. go_on: asked between documents.
    """
    with target:
        manifest = manifest_from(target.read(MANIFEST))
        run = _Run(outlet, target, manifest, go_on, changed is None)
        if run.begin():
            run.archives(changed)
            run.documents()
            run.pages()
        run.finish()
        return run.told


class _Run:
    """One export."""

    def __init__(
        self, outlet: Outlet, target: Target, found: Manifest | None, go_on: Callable[[], bool], whole: bool
    ) -> None:
        self._outlet, self._store, self._target = outlet, outlet.store, target
        self._manner = Manner(ttl=outlet.ttl, site=outlet.site)
        self._past = Past(outlet.store.document, self._manner)
        self._manifest = found or Manifest()
        self._fields = f"ttl={outlet.ttl}" if target.keeps_fields else ""
        self._anew = self._manifest.fields != self._fields
        self._whole = whole or found is None or self._anew
        self._go_on = go_on
        self._before = self._manifest.model_dump_json()
        self._heads: Sequence[DocumentHead] = ()
        self.told = Exported(to=target.where)

    def begin(self) -> bool:
        """Whether the store has published anything. What lies there of an earlier store stays until a new one has."""
        # Before the pages are looked at: a feed that is newer than this may link to pages that were not there then.
        self._heads = self._store.heads_since(0 if self._whole else self._manifest.version)
        if not self._whole or any(head.codings for head in self._heads):
            return True
        # The versions of a new store begin anew, below those of an earlier one.
        self._manifest.version = 0
        if self._manifest.documents:
            _log.warning("the store has published nothing yet: what lies in %s stays as it is", self._target.where)
        return False

    # -- archives

    def archives(self, changed: Pages | None) -> None:
        """Bring the pages of feeds' pasts up to date, as many at once as a chunk remembers."""
        if changed is not None and not self._whole:
            for feed, numbers in sorted(changed.items()):
                for chunk, some in groupby(sorted(set(numbers)), lambda number: (number - 1) // CHUNK):
                    self._chunk(feed, chunk, tuple(some), whole=False)
            return
        retired = self._store.retired()
        there = [feed.name for feed in self._store.feeds() if feed.name not in retired]
        for feed in (*there, *sorted(self._manifest.archives.keys() - set(there))):
            self._past_of(feed, there=feed in there)

    def _past_of(self, feed: str, *, there: bool) -> None:
        """Bring all pages of a feed up to date. there: whether it has any still."""
        last = self._store.last_archive(feed) if there else None
        pages = last.number if last else 0
        most = max(pages, self._manifest.archives.get(feed, 0))
        for start in range(0, most, CHUNK):
            self._chunk(feed, start // CHUNK, range(start + 1, min(pages, start + CHUNK) + 1), whole=True)
        if not pages and self.told.complete:
            self._manifest.archives.pop(feed, None)

    def _chunk(self, feed: str, number: int, pages: Sequence[int], *, whole: bool) -> None:
        if not self._fit(f"/feeds/{feed}/archive/1.x") or not self.told.complete:
            return
        file = chunk_name(feed, number)
        chunk = chunk_from(self._target.read(file))
        paths = [f"/feeds/{feed}/archive/{page}.{suffix}" for page in pages for suffix in self._outlet.suffixes]
        heads = self._store.heads(paths)
        if pages and self._manifest.archives.get(feed, 0) < pages[-1]:
            self._manifest.archives[feed] = pages[-1]
            self._save()
        gone = (set(chunk.documents) if whole else set(paths) & set(chunk.documents)) - {head.path for head in heads}
        if self._sync(chunk.documents, heads, gone, lambda: self._target.write(file, _bytes(chunk))):
            if chunk.documents:
                self._target.write(file, _bytes(chunk))
            else:
                self._target.discard(file)

    # -- feeds

    def documents(self) -> None:
        """Bring all else that is stored up to date."""
        heads, records = self._heads, self._manifest.documents
        there = [head for head in heads if head.codings]
        dropped = {head.path for head in heads if not head.codings}
        gone = set(records) - {head.path for head in there} - set(SITE_PAGES) if self._whole else dropped & set(records)
        if self._sync(records, there, gone, self._save):
            self._save()
        if self.told.complete and heads:
            # What is damaged is looked at again: it may be mended under the version that it has.
            damaged = [head.version for head in heads if head.path in self.told.damaged]
            self._manifest.version = min([heads[-1].version, *(version - 1 for version in damaged)])

    def pages(self) -> None:
        """Bring the pages for people up to date."""
        records = self._manifest.documents
        feeds = [path for path in self._laid() if path not in SITE_PAGES]
        if not feeds or not self.told.complete:
            return
        for entry, bodies in site_pages(self._store, self._outlet.site, feeds):
            etag, before = entry.pieces["identity"].etag, records.get(entry.path)
            if before is not None and before.etag == etag and not self._lost(entry.path, before):
                self.told.unchanged += 1
                continue
            now = self._outlet.clock().replace(microsecond=0)
            # As with feeds: what changed is never dated as what it was before.
            modified = now if before is None else max(now, before.later)
            bundle = bundle_of(entry, bodies, modified)
            self._put(bundle)
            records[entry.path] = Record(etag=etag, last_modified=modified, version=0, sizes=_sizes(bundle))

    def finish(self) -> None:
        """Write down where retired feeds are now, and what was done."""
        for name, text in redirects(self._store.retired(), self._laid(), self._outlet.site.base_url).items():
            if self._target.read(name) != text.encode():
                self._target.write(name, text.encode())
        if self.told.complete:
            # Not before: whoever is stopped midway has to go through all files again.
            self._manifest.fields = self._fields
        if self._manifest.model_dump_json() != self._before:
            self._save()

    def _laid(self) -> Collection[str]:
        """The addresses of which files are there: not what was to be written and could not be, or is still to be."""
        return [path for path, record in self._manifest.documents.items() if record is not None]

    # -- both

    def _sync(
        self, records: Records, heads: Iterable[DocumentHead], gone: Iterable[str], save: Callable[[], None]
    ) -> bool:
        """Write and remove; returns whether `records` changed. `save` is called before a new address is written."""
        changed = [head for head in heads if not self._is_there(head, records.get(head.path)) and self._fit(head.path)]
        removed = sorted(gone)
        new = [head.path for head in changed if head.path not in records]
        if new:
            # Written down before the files are: what a crash leaves behind can be removed later.
            records.update(dict.fromkeys(new))
            save()
        for head in changed:
            if not self._keep_on():
                break
            self._bring(records, head)
        for path in removed:
            if not self._keep_on():
                break
            self._drop(records, path)
        return bool(changed or removed)

    def _is_there(self, head: DocumentHead, record: Record | None) -> bool:
        if record is None or not record.is_of(head) or self._anew or self._lost(head.path, record):
            return False
        self.told.unchanged += 1
        return True

    def _lost(self, path: str, record: Record) -> bool:
        return self._whole and not self._target.intact(name_of(path), record.sizes, record.last_modified)

    def _bring(self, records: Records, head: DocumentHead) -> None:
        """Write a document as it is now. It may be newer than its head: then the next run looks at it again."""
        try:
            bundle = self._bundle(head)
        except StoreDamaged as error:
            _log.error("%s", error)
            self.told.damaged.append(head.path)
            return
        if bundle is None:
            self._drop(records, head.path)
            return
        if not self.told.complete:
            return
        self._put(bundle)
        records[head.path] = Record(
            etag=head.codings[0].etag,
            last_modified=head.last_modified,
            version=head.version,
            sizes=_sizes(bundle) if bundle.modified == head.last_modified else sizes_of(head, SUFFIXES),
        )

    def _bundle(self, head: DocumentHead) -> Bundle | None:
        past = self._past.entry(head.path)
        if past is not None and past.pinned is not None:
            return bundle_of(past, past.pinned, past.last_modified or head.last_modified)
        document = self._store.document(head.path)
        if document is None:
            return None
        if document.feed and document.version > head.version:
            # It was published meanwhile: the pages that it links to come first.
            unchanged = self.told.unchanged
            self._past_of(document.feed, there=True)
            self.told.unchanged = unchanged
        bodies = {each.coding: each.body for each in document.representations}
        return bundle_of(self._manner.entry(document.head()), bodies, document.last_modified)

    def _put(self, bundle: Bundle) -> None:
        self._target.put(bundle)
        self.told.written += 1
        self.told.bytes += sum(_sizes(bundle).values())

    def _drop(self, records: Records, path: str) -> None:
        if self._fit(path):
            self._target.remove(name_of(path))
            self.told.removed += 1
        records.pop(path, None)

    def _keep_on(self) -> bool:
        self.told.complete = self.told.complete and self._go_on()
        return self.told.complete

    def _fit(self, path: str) -> bool:
        try:
            name_of(path)
        except ExportError as error:
            if path not in self.told.refused:
                _log.error("%s", error)
                self.told.refused.append(path)
            return False
        return True

    def _save(self) -> None:
        self._target.write(MANIFEST, _bytes(self._manifest))


def _sizes(bundle: Bundle) -> dict[str, int]:
    return {file.suffix: len(file.body) for file in bundle.files}


def _bytes(remembered: Manifest | Chunk) -> bytes:
    return remembered.model_dump_json().encode()
