"""Which articles a selection takes. A decision on data alone, with bounded work whatever the article holds."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from feedservice.model import CategoryStep, Fields

MOST_SEARCHED = 100_000
"""How many characters of a text a plain word is looked for in."""
MOST_SEARCHED_BY_REGEX = 10_000
"""How many characters of a text a regular expression is tried on."""
_STRETCH = 400
_REGEX = "regex:"
_IN_LINE = r"a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|ruby|s|samp|small|span|strike|strong|sub|sup|u"
_TAG_IN_LINE = re.compile(rf"</?(?:{_IN_LINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_IN_LINE_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[\n ]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is looked for, by field: plain text, or a regular expression behind `regex:`. Empty: not looked at."""

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a selection takes: articles that fit all of this. What is left empty (or None) fits every article.

    sources: names. categories: paths of titles; what stands below one is in it. include: in each field that is named,
    one of its words. exclude: in no field any of its words. language: a tag that the article's own begins with, subtag
    by subtag (RFC 4647 §3.3.1); assumed: that of articles which state none. attachment: whether it has files.
    """

    sources: frozenset[str] = frozenset()
    categories: tuple[tuple[str, ...], ...] = ()
    include: Words = field(default_factory=Words)
    exclude: Words = field(default_factory=Words)
    language: str | None = None
    assumed: str = ""
    attachment: bool | None = None


def matches(rule: Rule, fields: Fields, source: str, categories: Sequence[Sequence[CategoryStep]]) -> bool:
    """Whether a selection takes an article that `source` brought, shelved under these paths.

    Plain words are found in any case and in any compatible writing (NFKC), across line-internal markup. Regular
    expressions see the text as it is written, case aside, its first 10,000 characters, line by line and in stretches:
    what is longer than 200 characters may be missed.
    """
    if rule.sources and source not in rule.sources:
        return False
    if rule.categories and not any(_is_below(path, shelf) for path in rule.categories for shelf in categories):
        return False
    if rule.attachment is not None and rule.attachment is not bool(fields.attachments):
        return False
    if rule.language and not _is_language(rule.language, fields.language or rule.assumed):
        return False
    texts = _Texts(fields)
    wanted = ((words, name) for name, words in _by_field(rule.include))
    if not all(texts.hold(words, name) for words, name in wanted):
        return False
    return not any(texts.hold(words, name) for name, words in _by_field(rule.exclude))


def selections_of(
    rules: Mapping[str, Rule], fields: Fields, source: str, categories: Sequence[Sequence[CategoryStep]]
) -> tuple[str, ...]:
    """The names of the selections that take an article, in the order of `rules`."""
    return tuple(name for name, rule in rules.items() if matches(rule, fields, source, categories))


def plain_text(body: str) -> str:
    """The words of an HTML body, a line to each block; markup inside of a line leaves no gap."""
    text = html.unescape(_TAG.sub("\n", _TAG_IN_LINE.sub("", _SPACE.sub(" ", body))))
    return _LINES.sub("\n", _IN_LINE_SPACE.sub(" ", text)).strip()


def folded(text: str) -> str:
    """A text as words are compared: compatible characters made one (NFKC), and no case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class _Texts:
    """An article's texts by the name of a field, each made when it is first asked for."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._written: dict[str, tuple[str, ...]] = {}
        self._folded: dict[str, tuple[str, ...]] = {}

    def hold(self, words: Iterable[str], name: str) -> bool:
        """Whether one of the words is in the field."""
        return any(self._holds(word, name) for word in words)

    def _holds(self, word: str, name: str) -> bool:
        if word.startswith(_REGEX):
            pattern = _compiled(word.removeprefix(_REGEX))
            return any(pattern.search(piece) for text in self._texts(name) for piece in _stretches(text))
        if name not in self._folded:
            self._folded[name] = tuple(folded(text) for text in self._texts(name))
        sought = folded(word)
        return any(sought in text for text in self._folded[name])

    def _texts(self, name: str) -> tuple[str, ...]:
        if name not in self._written:
            fields = self._fields
            found: tuple[str, ...]
            if name == "body":
                found = (plain_text(fields.body[: 10 * MOST_SEARCHED]),)
            else:
                found = {"title": (fields.title,), "author": fields.authors, "origin": fields.origins}[name]
            self._written[name] = tuple(text[:MOST_SEARCHED] for text in found)
        return self._written[name]


def _by_field(words: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in ("title", "author", "origin", "body"):  # the dearest last
        if given := getattr(words, name):
            yield name, given


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _stretches(text: str) -> Iterator[str]:
    """A text's lines, long ones in pieces that overlap by half, so that backtracking stays small."""
    for line in text[:MOST_SEARCHED_BY_REGEX].split("\n"):
        yield line[:_STRETCH]
        for start in range(_STRETCH // 2, len(line) - _STRETCH // 2, _STRETCH // 2):
            yield line[start : start + _STRETCH]


def _is_below(path: Sequence[str], shelf: Sequence[CategoryStep]) -> bool:
    return tuple(step.title for step in shelf[: len(path)]) == tuple(path)


def _is_language(wanted: str, tag: str) -> bool:
    return tag.lower() == wanted.lower() or tag.lower().startswith(f"{wanted.lower()}-")
