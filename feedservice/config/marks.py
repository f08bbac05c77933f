"""YAML text -> plain values and where each of them stands. Knows nothing of what the values mean.

Plain text becomes a number, true, false or nothing by the rules of YAML 1.2's core schema, as in editors: `no` is text,
`1:30` is text, a date is text. An alias stands for a copy, up to a limit; tags and merge keys (<<) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import yaml

from feedservice.config.masking import mask_line
from feedservice.config.mistyped import odd_line, odd_name
from feedservice.errors import Fault

Place = tuple[str | int, ...]
_DEEPEST = 30
_LARGEST = 5_000_000
_MOST_COPIED = 100_000
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BAD_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SAID = (
    ("found character '\\t'", "a tab; YAML is indented with spaces"),
    (
        "mapping values are not allowed",
        "a colon where none can stand; is one missing above, or are quotes around the text?",
    ),
    ("expected <block end>", "this does not line up with what stands above it"),
    ("could not find expected ':'", "a name without a colon and a value"),
    ("found unexpected end of stream", "the quotes are never closed"),
    ("expected ',' or ']'", "the list in [ ] is never closed"),
    ("expected ',' or '}'", "the settings in { } are never closed"),
    ("found unknown escape character", "\\ means something else in double quotes; single quotes leave it alone"),
    ("expected alphabetic or numeric character", "text that begins with * or & needs quotes"),
    (
        "the node content, but found '<stream end>'",
        "the file ends within { } or [ ]; # without quotes begins a comment",
    ),
    ("that cannot start any token", "text that begins with this character needs quotes"),
    ("special characters are not allowed", "a control character"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands: lines and columns from 1, the end behind its last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(slots=True)
class Marked:
    """A YAML document as plain values. `keys` and `values` say where each place in it stands.

    hidden: places of secrets, which no fault shows. spoiled: places whose value could not be had; the fault is told.
    """

    file: str
    lines: list[str]
    data: object = None
    keys: dict[Place, Span] = field(default_factory=dict)
    values: dict[Place, Span] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    hidden: set[Place] = field(default_factory=set)
    spoiled: set[Place] = field(default_factory=set)

    def fault(self, place: Place, problem: str, *, at_key: bool = False, **more: str) -> Fault:
        """A fault at a place, with its line shown; at the nearest place above where the place itself is missing."""
        here = place
        while here and here not in self.values and here not in self.keys:
            here, at_key = here[:-1], True
        marks = (self.keys, self.values) if at_key else (self.values, self.keys)
        span = marks[0].get(here) or marks[1].get(here) or Span(1, 1, 1, 1)
        return self.fault_at(span.line, span.column, problem, key=".".join(map(str, place)), **more)

    def fault_at(self, line: int, column: int, problem: str, *, key: str = "", **more: str) -> Fault:
        """A fault at a line and column, with the line shown and what is secret in it covered."""
        excerpt = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        for place in self.hidden:
            excerpt = _cover(excerpt, line, self.values.get(place))
        return Fault(self.file, line, column, key, problem, excerpt=_UNSEEN.sub(" ", mask_line(excerpt)), **more)


class _Loader(yaml.SafeLoader):
    """PyYAML's, but that a ? within plain text is text in { } and [ ] too (YAML 1.2), as in most addresses of lists."""

    _within_text = False

    def scan_plain(self) -> yaml.ScalarToken:
        """PyYAML calls this for text without quotes."""
        self._within_text = True
        try:
            return super().scan_plain()
        finally:
            self._within_text = False

    def peek(self, index: int = 0) -> str:
        """PyYAML looks by this at the characters to come."""
        found = super().peek(index)
        return "_" if found == "?" and self._within_text else found


class _Stop(Exception):
    """Reading on makes no sense; the fault is recorded."""


def resolve(text: str) -> str | int | float | bool | None:
    """What plain text means by YAML 1.2's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def read_yaml(text: str, file: str) -> Marked:
    """Parse one YAML document. Every duplicate key, and the first syntax fault, is in `faults`; nothing is raised."""
    marked = Marked(file=file, lines=_BREAK.split(text))
    if len(text) > _LARGEST:
        marked.faults.append(Fault(file, 0, 0, "", f"the file is larger than {_LARGEST:,} characters"))
        return marked
    try:
        marked.data = _Builder(marked, yaml.parse(text, Loader=_Loader)).document()
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        fault = _syntax_fault(marked, error)
        told = {(each.line, each.column) for each in marked.faults}
        marked.faults += [fault] if (fault.line, fault.column) not in told else []
    except yaml.reader.ReaderError as error:
        before = _BREAK.split(text[: error.position])
        marked.faults.append(marked.fault_at(len(before), len(before[-1]) + 1, _in_words(error.reason)))
    return marked


def _syntax_fault(marked: Marked, error: yaml.MarkedYAMLError) -> Fault:
    problem = _in_words(error.problem or "")
    mark = error.problem_mark
    if error.context_mark is not None and (mark is None or "never closed" in problem or "without a colon" in problem):
        mark = error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    line, column, problem = odd_line(marked.lines, line) or (line, column, problem)
    return marked.fault_at(line, column, f"not YAML: {problem}")


def _in_words(problem: str) -> str:
    return next((said for begin, said in _SAID if begin in problem), problem or "it cannot be read")


def _cover(excerpt: str, line: int, span: Span | None) -> str:
    """Stars in place of the characters of a span, so that columns stay where they are."""
    if span is None or not span.line <= line <= span.end_line:
        return excerpt
    start = span.column - 1 if line == span.line else 0
    end = span.end_column - 1 if line == span.end_line else len(excerpt)
    return excerpt[:start] + "*" * (end - start) + excerpt[end:]


@dataclass(slots=True)
class _Anchor:
    value: object
    place: Place
    entries: list[tuple[Place, Span | None, Span]]


class _Builder:
    """Builds values from YAML's events, keeping marks."""

    def __init__(self, marked: Marked, events: Iterator[yaml.Event]) -> None:
        self._marked = marked
        self._events = events
        self._entries: list[tuple[Place, Span | None, Span]] = []
        self._anchors: dict[str, _Anchor] = {}
        self._copied = 0

    def document(self) -> object:
        value: object = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if self._entries:
                    self._add(event, "a second document (---); one file holds one configuration")
                    raise _Stop
                value = self._node(event, (), None)
        return value

    def _node(self, event: yaml.Event, place: Place, key: Span | None) -> object:
        if isinstance(event, yaml.AliasEvent):
            return self._copy(event, place, key)
        if len(place) > _DEEPEST:
            self._add(event, f"nested deeper than {_DEEPEST} levels", place[:1])
            raise _Stop
        position = len(self._entries)
        if getattr(event, "tag", None) not in (None, "!", "tag:yaml.org,2002:str"):
            self._add(event, "tags (!name) are not allowed", place)
        self._enter(place, key, _span(event))
        if isinstance(event, yaml.MappingStartEvent):
            value: object = self._mapping(place)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(place)
        else:
            value = self._scalar(event, place)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = _Anchor(value, place, self._entries[position:])
        return value

    def _enter(self, place: Place, key: Span | None, span: Span) -> None:
        self._entries.append((place, key, span))
        self._marked.values[place] = span
        if key is not None:
            self._marked.keys[place] = key

    def _scalar(self, event: yaml.Event, place: Place) -> object:
        text = str(getattr(event, "value", ""))
        if _BAD_TEXT.search(text):
            self._add(event, "a control character, or half of one that takes two", place)
            return ""
        plain = getattr(event, "style", None) is None and getattr(event, "tag", None) is None
        return resolve(text) if plain else text

    def _sequence(self, place: Place) -> list[object]:
        made: list[object] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            made.append(self._node(event, (*place, len(made)), None))
        return made

    def _mapping(self, place: Place) -> dict[str, object]:
        made: dict[str, object] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._add(event, "a name must be plain text", place)
                raise _Stop
            name, here = event.value, (*place, event.value)
            refused = self._refusal(name, name in made, here)
            if refused:
                self._add(event, refused, here)
                self._node(next(self._events), (*place, f"{name} (refused)"), None)
            else:
                made[name] = self._node(next(self._events), here, _span(event))
        return made

    def _refusal(self, name: str, again: bool, here: Place) -> str:
        if name == "<<":
            self._marked.spoiled.add(here[:-1])
            return "merge keys (<<) are not allowed; an alias (*name) can stand for a whole value"
        if odd := odd_name(name):
            self._marked.spoiled.add(here[:-1])
            return odd
        return f"given twice; the first time in line {self._marked.keys[here].line}" if again else ""

    def _copy(self, event: yaml.AliasEvent, place: Place, key: Span | None) -> object:
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            self._add(event, f"*{event.anchor} stands for nothing above it", place)
            return None
        self._copied += len(anchor.entries)
        deepest = max(len(at) - len(anchor.place) for at, _, _ in anchor.entries)
        if self._copied > _MOST_COPIED or len(place) + deepest > _DEEPEST:
            self._add(
                event, f"aliases (*name) that stand for more than {_MOST_COPIED:,} values or nest too deep", place
            )
            raise _Stop
        self._enter(place, key, _span(event))
        for at, own_key, span in anchor.entries[1:]:
            self._enter((*place, *at[len(anchor.place) :]), own_key, span)
        return anchor.value

    def _add(self, event: yaml.Event, problem: str, place: Place = ()) -> None:
        self._marked.spoiled.add(place)
        span, key = _span(event), ".".join(map(str, place))
        self._marked.faults.append(self._marked.fault_at(span.line, span.column, problem, key=key))


def _span(event: yaml.Event) -> Span:
    start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
