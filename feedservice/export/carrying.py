"""Documents are brought to a target by what is remembered of those that lie there: written, removed, or left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from feedservice.errors import ExportError, StoreDamaged
from feedservice.export.files import SUFFIXES, Bundle, bundle_of, name_of
from feedservice.export.manifest import Record, Records, sizes_of
from feedservice.export.targets import Target
from feedservice.model import DocumentHead, Site
from feedservice.protocols import Clock, Store
from feedservice.web.answers import Manner
from feedservice.web.past import Past

_log = logging.getLogger(__name__)
_REMEMBERED, _AT_FIRST = 100, frozenset((10, 20, 40, 70))
"""After how many documents it is written down what was put; sooner at first, for whoever has few."""


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


class Carrier:
    """What carries documents of a store to a target, and counts them."""

    def __init__(
        self,
        outlet: Outlet,
        target: Target,
        *,
        whole: bool,
        anew: bool,
        go_on: Callable[[], bool],
        newer: Callable[[str], None],
    ) -> None:
        """whole: whether files are looked for where they are remembered. anew: whether all are written again.

        go_on: asked between documents. newer: told the feed of a document that was published after its head was read.
        """
        self._store, self._target = outlet.store, target
        self._manner = Manner(ttl=outlet.ttl, site=outlet.site)
        self._past = Past(outlet.store.document, self._manner)
        self._whole, self._anew = whole, anew
        self._go_on, self._newer = go_on, newer
        self.told = Exported(to=target.where)

    def sync(
        self, records: Records, heads: Iterable[DocumentHead], gone: Iterable[str], save: Callable[[], None]
    ) -> bool:
        """Write and remove; returns whether `records` changed.

        `save` is called before a new address is written, and now and then.
        """
        changed = [head for head in heads if not self._is_there(head, records.get(head.path)) and self.fits(head.path)]
        removed = sorted(gone)
        new = [head.path for head in changed if head.path not in records]
        if new:
            # Written down before the files are: what a crash leaves behind can be removed later.
            records.update(dict.fromkeys(new))
            save()
        for number, head in enumerate(changed, 1):
            if not self._keep_on():
                break
            self._bring(records, head)
            if number in _AT_FIRST or not number % _REMEMBERED:
                # Whoever fails or is killed later goes on from here.
                save()
        for path in removed:
            if not self._keep_on():
                break
            self._drop(records, path)
        return bool(changed or removed)

    def lost(self, path: str, record: Record) -> bool:
        """Whether what is remembered is not to be found there; asked only where everything is looked at."""
        return self._whole and not self._target.intact(name_of(path), record.sizes, record.last_modified)

    def put(self, bundle: Bundle) -> None:
        """Write a document's files."""
        self._target.put(bundle)
        self.told.written += 1
        self.told.bytes += sum(sizes_in(bundle).values())

    def fits(self, path: str) -> bool:
        """Whether an address can be a file's name; it is told once where it cannot."""
        try:
            name_of(path)
        except ExportError as error:
            if path not in self.told.refused:
                _log.error("%s", error)
                self.told.refused.append(path)
            return False
        return True

    def _is_there(self, head: DocumentHead, record: Record | None) -> bool:
        if record is None or not record.is_of(head) or self._anew or self.lost(head.path, record):
            return False
        self.told.unchanged += 1
        return True

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
        self.put(bundle)
        records[head.path] = Record(
            etag=head.codings[0].etag,
            last_modified=head.last_modified,
            version=head.version,
            sizes=sizes_in(bundle) if bundle.modified == head.last_modified else sizes_of(head, SUFFIXES),
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
            self._newer(document.feed)
        bodies = {each.coding: each.body for each in document.representations}
        return bundle_of(self._manner.entry(document.head()), bodies, document.last_modified)

    def _drop(self, records: Records, path: str) -> None:
        if self.fits(path):
            self._target.remove(name_of(path))
            self.told.removed += 1
        records.pop(path, None)

    def _keep_on(self) -> bool:
        self.told.complete = self.told.complete and self._go_on()
        return self.told.complete


def sizes_in(bundle: Bundle) -> dict[str, int]:
    """The sizes of a document's files by their suffixes, in bytes."""
    return {file.suffix: len(file.body) for file in bundle.files}
