"""Selections as they are configured: what takes new articles, and which stored ones come in when a rule changes."""

from __future__ import annotations

import hashlib
import logging
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple

from feedservice.config.selections import SelectionSettings, WordSettings
from feedservice.model import CategoryStep, Feed, FeedKind, Fields
from feedservice.protocols import Store
from feedservice.selecting import Rule, Words, selections_of

_log = logging.getLogger(__name__)
_AT_ONCE = 5_000
_NOTE = "selection:"
Path = tuple[CategoryStep, ...]
Select = Callable[[Fields, tuple[Path, ...]], tuple[str, ...]]
"""The names of the selections that take an article, by its fields and the paths of its categories."""


def rules_of(selections: Mapping[str, SelectionSettings], language: str) -> dict[str, Rule]:
    """What each selection takes. language: that of articles which state none."""
    return {
        name: Rule(
            sources=frozenset(selection.sources),
            categories=selection.categories,
            include=_words(selection.include),
            exclude=_words(selection.exclude),
            language=selection.language,
            assumed=language,
            attachment=selection.attachment,
        )
        for name, selection in selections.items()
    }


def feeds_of(selections: Mapping[str, SelectionSettings]) -> tuple[Feed, ...]:
    """The feeds of selections."""
    return tuple(
        Feed(
            name=name,
            kind=FeedKind.SELECTION,
            title=selection.title or name,
            description=selection.description,
        )
        for name, selection in selections.items()
    )


def select_for(rules: Mapping[str, Rule], source: str) -> Select:
    """What decides for the articles of a source."""
    return lambda fields, categories: selections_of(rules, fields, source, categories)


def admit(store: Store, rules: Mapping[str, Rule], *, room: int = 0) -> None:
    """Put stored articles into the selections whose rule is another than at the last time, or new.

    room: how many articles a feed holds where it has no archive; 0 where it has one.
    Nothing is taken out: what was served stays, and what a feed shows is not pushed out by what arrived before it. A
    walk that is cut short is begun anew the next time. Few articles are held at once, besides the numbers of those that
    are taken. Raises StoreError.
    """
    digests = {name: _digest(rule) for name, rule in rules.items()}
    unruled = [feed.name for feed in store.feeds() if feed.kind is FeedKind.SELECTION and feed.name not in rules]
    with store.writing() as writer:
        for name in unruled:
            # What comes while it is not configured does not come into it: if it is put back, all is looked through.
            writer.note(_NOTE + name, "")
        changed = {name: rules[name] for name, digest in digests.items() if writer.settle(_NOTE + name, "") != digest}
    if not changed:
        return
    taken, held = _walk(store, changed), store.counts()
    for name, seqs in taken.items():
        # In order of arrival, as they would have come in one by one.
        ordered = array("q", sorted(set(seqs)))
        # Without an archive, what joined before all that a feed shows has left it: for what there is room, comes last.
        last = max(0, len(ordered) - max(0, room - held.get(name, 0)))
        for start in range(0, last, _AT_ONCE):
            with store.writing() as writer:
                writer.admit(name, ordered[start : min(start + _AT_ONCE, last)], among=True)
        if last < len(ordered):
            with store.writing() as writer:
                writer.admit(name, ordered[last:])
    with store.writing() as writer:
        for name in changed:
            writer.note(_NOTE + name, digests[name])
    _log.info("selections looked through all stored articles: %s", ", ".join(changed))


def _walk(store: Store, rules: Mapping[str, Rule]) -> dict[str, array[int]]:
    """The seqs of all stored articles that each selection takes."""
    paths = _paths(store)
    taken = {name: array("q") for name in rules}
    for source in [feed.name for feed in store.feeds() if feed.kind is FeedKind.SOURCE]:
        for article in store.every(source, offered=True):
            shelves = tuple(paths[slug] for slug in article.categories if slug in paths)
            for name in selections_of(rules, article.fields, source, shelves):
                taken[name].append(article.seq)
    return taken


def _paths(store: Store) -> dict[str, Path]:
    """The path of each category, by its slug."""
    found: dict[str, Path] = {}
    for feed in store.feeds():  # parents before children
        if feed.kind is FeedKind.CATEGORY:
            above = found.get(feed.parent or "", ())
            found[feed.name] = (*above, CategoryStep(title=feed.title, slug=feed.name))
    return found


def _words(settings: WordSettings) -> Words:
    return Words(title=settings.title, body=settings.body, author=settings.author, origin=settings.origin)


def _digest(rule: Rule) -> str:
    return hashlib.sha256(repr(list(_plain(rule))).encode()).hexdigest()


def _plain(rule: Rule) -> Iterator[object]:
    """A rule as values whose text is the same in every process: sets have no order."""
    for value in astuple(rule):
        yield sorted(value) if isinstance(value, frozenset) else value
