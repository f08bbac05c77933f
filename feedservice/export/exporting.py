"""A target is brought up to date: what changed is written, what is served no more is removed, the rest is left alone.

The pages of archives come first, then the feeds that link to them, then the front page that links to the feeds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby

from feedservice.export.carrying import Carrier, Exported, Outlet, sizes_in
from feedservice.export.files import bundle_of
from feedservice.export.manifest import (
    CHUNK,
    MANIFEST,
    Chunk,
    Manifest,
    Record,
    chunk_from,
    chunk_name,
    manifest_from,
)
from feedservice.export.pages import SITE_PAGES, site_pages
from feedservice.export.redirects import redirects
from feedservice.export.targets import Target
from feedservice.model import DocumentHead

_log = logging.getLogger(__name__)
Pages = Mapping[str, Collection[int]]
"""By feed, the numbers of archive pages that were written."""


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
        self._fields = f"ttl={outlet.ttl}" if target.keeps_fields else ""
        self._manifest = found or self._first()
        anew = self._manifest.fields != self._fields
        self._whole = whole or found is None or anew
        self._before = self._manifest.model_dump_json()
        self._heads: Sequence[DocumentHead] = ()
        self._carrier = Carrier(outlet, target, whole=self._whole, anew=anew, go_on=go_on, newer=self._past_anew)
        self.told = self._carrier.told

    def _first(self) -> Manifest:
        """The manifest to begin with. Where fields are kept, whatever is put from now on has those of now: who is
        stopped midway goes on there, and believes no chunk that lies there from before."""
        return Manifest(fields=self._fields, began=self._outlet.clock().isoformat() if self._fields else "")

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

    def _past_anew(self, feed: str) -> None:
        """Bring the pages up to date once more, of a feed that is newer than when they were."""
        unchanged = self.told.unchanged
        self._past_of(feed, there=True)
        self.told.unchanged = unchanged

    def _chunk(self, feed: str, number: int, pages: Sequence[int], *, whole: bool) -> None:
        if not self._carrier.fits(f"/feeds/{feed}/archive/1.x") or not self.told.complete:
            return
        file = chunk_name(feed, number)
        chunk = chunk_from(self._target.read(file))
        if chunk.began != self._manifest.began:
            chunk = Chunk(began=self._manifest.began, documents=dict.fromkeys(chunk.documents))
        paths = [f"/feeds/{feed}/archive/{page}.{suffix}" for page in pages for suffix in self._outlet.suffixes]
        heads = self._store.heads(paths)
        if pages and self._manifest.archives.get(feed, 0) < pages[-1]:
            self._manifest.archives[feed] = pages[-1]
            self._save()
        gone = (set(chunk.documents) if whole else set(paths) & set(chunk.documents)) - {head.path for head in heads}
        if self._carrier.sync(chunk.documents, heads, gone, lambda: self._target.write(file, _bytes(chunk))):
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
        if self._carrier.sync(records, there, gone, self._save):
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
            if before is not None and before.etag == etag and not self._carrier.lost(entry.path, before):
                self.told.unchanged += 1
                continue
            now = self._outlet.clock().replace(microsecond=0)
            # As with feeds: what changed is never dated as what it was before.
            modified = now if before is None else max(now, before.later)
            bundle = bundle_of(entry, bodies, modified)
            self._carrier.put(bundle)
            records[entry.path] = Record(etag=etag, last_modified=modified, version=0, sizes=sizes_in(bundle))

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

    def _save(self) -> None:
        self._target.write(MANIFEST, _bytes(self._manifest))


def _bytes(remembered: Manifest | Chunk) -> bytes:
    return remembered.model_dump_json().encode()
