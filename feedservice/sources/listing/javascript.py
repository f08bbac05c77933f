"""JSON in the scripts of a page, those values too that JavaScript writes without quotes or inside a string."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from feedservice.sources.markup import unescape

_SCRIPT = re.compile(r"<script\b([^>]{0,1000}+)>", re.IGNORECASE)
_OPENING = re.compile(r"(?:=|\(|^|:|return)\s*(?=[\[{])")
_PARSED = re.compile(r"\bJSON\.parse\(\s*(?:decodeURIComponent\(\s*)?(?=[\"'])")
_JSON_TYPE = re.compile(r"application/(?:ld\+)?json|text/json", re.IGNORECASE)
_FLIGHT = re.compile(r"^[0-9a-f]{1,6}:(?=[\[{])", re.MULTILINE)
_ATTRIBUTE = re.compile(r"\s[\w:@.-]{1,40}=([\"'])(?=\s{0,20}(?:\[\s{0,20})?\{\s{0,20}(?:\"|&quot;|&#34;))")
_LEAST_DATA = 200
_MOST_SCRIPTS = 300
_MOST_STARTS = 60
_LARGEST_SCRIPT = 3_000_000
_LARGEST_LITERAL = 100_000
_MOST_IN_VAIN = 3_000_000
_BARE_KEY = re.compile(r"(?<=[{,])\s*([A-Za-z_$][\w$]*)\s*:")
_SINGLE = re.compile(r"'((?:[^'\\\n]|\\.)*)'")
_TRAILING = re.compile(r",\s*(?=[}\]])")
_LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'", re.DOTALL)
_ESCAPED = re.compile(r"\\.|\"", re.DOTALL)
_MARK = re.compile(r"[\[{]|[\]}]|\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?", re.DOTALL)
_PUSHED = re.compile(r"\.push\(\s*\Z")


@dataclass(slots=True)
class _Patience:
    """How many characters of a page may still be looked at in vain."""

    left: int = _MOST_IN_VAIN


def documents(html: str) -> Iterator[object]:
    """The JSON values in the scripts of a page; last what React streams in pieces (self.__next_f.push)."""
    place = 0
    patience = _Patience()
    flight: list[str] = []
    for _ in range(_MOST_SCRIPTS):
        opened = _SCRIPT.search(html, place)
        if opened is None:
            break
        end = html.find("</script", opened.end())
        place = end if end >= 0 else len(html)
        text = html[opened.end() : min(place, opened.end() + _LARGEST_SCRIPT)]
        if _JSON_TYPE.search(opened[1]):
            value = _load(text.strip().removeprefix("<!--").removesuffix("-->"))
            if value is not None:
                yield value
        elif "src=" not in opened[1] or text.strip():
            for value in _assigned(text, patience):
                piece = value[1] if isinstance(value, list) and len(value) == 2 and value[0] == 1 else None
                if isinstance(piece, str):
                    flight.append(piece)
                else:
                    yield value
            yield from _parsed(text)
    yield from _flown("".join(flight), patience)
    yield from _attributes(html)


def _attributes(html: str) -> Iterator[object]:
    """The JSON values in the attributes of a page, as components get them: data-page="{&quot;props&quot;:...}"."""
    place = 0
    for _ in range(_MOST_STARTS):
        found = _ATTRIBUTE.search(html, place)
        if found is None:
            return
        end = html.find(found[1], found.end())
        place = end if end >= 0 else len(html)
        text = html[found.end() : min(place, found.end() + _LARGEST_SCRIPT)]
        value = _load(unescape(text)) if len(text) >= _LEAST_DATA else None
        if isinstance(value, (dict, list)):
            yield value


def _parsed(text: str) -> Iterator[object]:
    """The values that a script reads out of strings: JSON.parse("{\\"list\\":[...]}")."""
    for count, found in enumerate(_PARSED.finditer(text)):
        if count >= _MOST_STARTS:
            return
        literal = _string(text, found.end())
        value = _load(unquote(literal) if "decodeURI" in found[0] else literal) if literal else None
        if isinstance(value, (dict, list)):
            yield value


def _string(text: str, start: int) -> str:
    """What a JavaScript string that begins at `start` says; "" when it never ends."""
    literal = _LITERAL.match(text, start)
    if literal is None:
        return ""
    inner = literal[0][1:-1]
    if literal[0].startswith("'"):
        inner = _ESCAPED.sub(lambda found: "'" if found[0] == "\\'" else '\\"' if found[0] == '"' else found[0], inner)
    value = _load(f'"{inner}"')
    return value if isinstance(value, str) else ""


def _flown(text: str, patience: _Patience) -> Iterator[object]:
    for count, found in enumerate(_FLIGHT.finditer(text)):
        if count >= _MOST_STARTS or patience.left <= 0:
            return
        value, _ = _decoded(text, found.end(), patience)
        if value is not None:
            yield value


def _assigned(text: str, patience: _Patience) -> Iterator[object]:
    """The values that a script assigns; those that it pushes one by one come together as a list."""
    place = 0
    pushed: list[object] = []
    for _ in range(_MOST_STARTS):
        found = _OPENING.search(text, place)
        if found is None or patience.left <= 0:
            break
        start = found.end()
        place = start + 1
        if not re.match(r"[\[{]\s*(?:[\[{\"'A-Za-z_]|1,\")", text[start : start + 50]):
            continue
        value, end = _decoded(text, start, patience)
        if value is None:
            value, end = _literal(text, start, patience)
        if value is None:
            continue
        place = end
        if isinstance(value, dict) and value and _PUSHED.search(text[max(0, start - 20) : start]):
            pushed.append(value)
        elif isinstance(value, (dict, list)) and value:
            yield value
    if pushed:
        yield pushed


def _load(text: str) -> object | None:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _decoded(text: str, start: int, patience: _Patience) -> tuple[object | None, int]:
    """The JSON value that begins at `start`, and where it ends; None when there is none."""
    try:
        value: object
        value, end = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        patience.left -= max(error.pos - start, 0)
    except (ValueError, RecursionError):
        patience.left -= _LARGEST_LITERAL
    else:
        return value, end
    return None, start


def _literal(text: str, start: int, patience: _Patience) -> tuple[object | None, int]:
    """The same of a value as JavaScript writes it."""
    block = _balanced(text, start)
    value = _load(_quoted(block)) if block else None
    if value is None:
        patience.left -= len(block) or min(len(text) - start, _LARGEST_LITERAL)
    return value, start + len(block)


def _balanced(text: str, start: int) -> str:
    """The bracketed expression that begins at `start`, strings skipped; "" when it never ends or is too long."""
    depth = 0
    for mark in _MARK.finditer(text, start, start + _LARGEST_LITERAL):
        if mark[0] in ("[", "{"):
            depth += 1
        elif mark[0] in ("]", "}"):
            depth -= 1
            if depth == 0:
                return text[start : mark.end()]
    return ""


def _quoted(text: str) -> str:
    """A JavaScript literal as JSON: quotes around bare keys and in the place of single ones, no comma at an end."""
    text = _SINGLE.sub(lambda found: json.dumps(found[1].replace("\\'", "'")), text)
    return _TRAILING.sub("", _BARE_KEY.sub(r'"\1":', text))
