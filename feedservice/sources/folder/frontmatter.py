"""Front matter: the YAML block at the head of a text file, read into fields with line numbers for faults."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import yaml

from feedservice.model import Moment

_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<block>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENED = re.compile(r"\A\ufeff?---[ \t]*\r?\n")
_SEVERAL = re.compile(r"\s*[、,，;；]\s*")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_NAMES: Mapping[str, str] = {
    "title": "title",
    "date": "date",
    "published": "date",
    "updated": "updated",
    "modified": "updated",
    "lastmod": "updated",
    "category": "category",
    "breadcrumb": "category",
    "source": "source",
    "origin": "source",
    "origins": "source",
    "author": "author",
    "authors": "author",
    "editor": "editor",
    "tags": "tags",
    "keywords": "tags",
    "image": "image",
    "lead_image": "image",
    "cover": "image",
    "attachments": "attachments",
    "files": "attachments",
    "url": "url",
    "link": "url",
    "id": "id",
    "summary": "summary",
    "description": "summary",
    "language": "language",
    "lang": "language",
    "extras": "extras",
    "draft": "draft",
}


class FrontMatterError(ValueError):
    """The front matter makes no sense. `line` counts from 1 in the whole file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written: one text, a list of texts, or a list of attachments' mappings; with the line it stands on."""

    line: int
    texts: tuple[str, ...] = ()
    pairs: tuple[tuple[tuple[str, str], ...], ...] = ()
    listed: bool = False

    @property
    def text(self) -> str:
        """The one text; "" when there is none."""
        return self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The known fields by their canonical names, the rest of the file, and what was odd without being wrong.

    body_line: the line, from 1, that the body starts on.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    remarks: tuple[tuple[int, str], ...] = ()

    def several(self, name: str, *, split: bool = True) -> tuple[str, ...]:
        """The texts of a field that may hold several: a YAML list, or one text divided by 、 , or ;."""
        value = self.values.get(name)
        if value is None:
            return ()
        if value.listed or not split:
            return tuple(text for text in value.texts if text)
        return tuple(text for text in _SEVERAL.split(value.text) if text)

    def text(self, name: str) -> str:
        """The text of a field; "" when it is missing."""
        value = self.values.get(name)
        return value.text if value else ""

    def moment(self, name: str, parse: Callable[[str], Moment | None]) -> Moment | None:
        """The time of a field. Raises FrontMatterError when it tells none."""
        value = self.values.get(name)
        if value is None or not value.text:
            return None
        moment = parse(value.text)
        if moment is None:
            raise FrontMatterError(value.line, f"{name}: {value.text!r} is not a date such as 2024-09-25 21:01")
        return moment


def split(text: str) -> FrontMatter:
    """Take a file apart into its front matter and its body; a file without front matter is all body.

    Raises FrontMatterError naming the line when the YAML cannot be read or a field has the wrong form.
    """
    found = _FENCE.match(text)
    if found is None:
        if _OPENED.match(text):
            raise FrontMatterError(1, "the front matter that begins with --- is never closed")
        return FrontMatter(body=text)
    block = found["block"]
    values, remarks = _read(block)
    return FrontMatter(
        values=values, body=text[found.end() :], body_line=text.count("\n", 0, found.end()) + 1, remarks=remarks
    )


def _read(block: str) -> tuple[dict[str, Value], tuple[tuple[int, str], ...]]:
    try:
        # BaseLoader makes every scalar a text: a title may be 2024 or "yes", and dates keep the precision they have.
        node = yaml.compose(block, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise FrontMatterError(_line_of(error), f"not YAML: {_reason(error)}") from error
    if node is None:
        return {}, ()
    if not isinstance(node, yaml.MappingNode):
        raise FrontMatterError(_line(node), "not a list of `field: value` lines")
    values: dict[str, Value] = {}
    remarks: list[tuple[int, str]] = []
    for key, content in node.value:
        name = _scalar(key, "a field name")
        canonical = _NAMES.get(name.lower())
        if canonical is None:
            nearest = difflib.get_close_matches(name.lower(), _NAMES, n=1, cutoff=0.75)
            if nearest:
                remarks.append((_line(key), f"unknown field {name!r}: did you mean {nearest[0]!r}?"))
            continue
        if canonical in values:
            raise FrontMatterError(_line(key), f"{name!r} is given twice")
        value = _value(content, name)
        if value.texts or value.pairs:
            values[canonical] = value
    return values, tuple(remarks)


def _value(node: yaml.Node, name: str) -> Value:
    line = _line(node)
    if isinstance(node, yaml.ScalarNode):
        text = _clean(node)
        return Value(line, (text,) if text else ())
    if isinstance(node, yaml.MappingNode):
        if name != "extras":
            raise FrontMatterError(line, f"{name}: a text or a list of texts belongs here")
        return Value(line, pairs=(_pairs(node, name),))
    texts: list[str] = []
    pairs: list[tuple[tuple[str, str], ...]] = []
    for item in node.value:
        if isinstance(item, yaml.MappingNode) and _NAMES.get(name.lower()) == "attachments":
            pairs.append(_pairs(item, name))
        else:
            text = _scalar(item, name)
            pairs.append((("url", text),))
            texts.append(text)
    return Value(line, tuple(texts), tuple(pairs), listed=True)


def _pairs(node: yaml.MappingNode, name: str) -> tuple[tuple[str, str], ...]:
    return tuple((_scalar(key, name), _scalar(content, name)) for key, content in node.value)


def _scalar(node: yaml.Node, name: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise FrontMatterError(_line(node), f"{name}: a plain text belongs here")
    return _clean(node)


def _clean(node: yaml.ScalarNode) -> str:
    text = str(node.value).strip()
    return "" if node.style is None and text in _NOTHING else text


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 2


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return int(mark.line) + 2 if mark is not None else 2


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None)
    return str(problem or error).splitlines()[0]
