"""From an HTML text to its root element, within limits: nothing later needs to fear its size or its depth."""

from __future__ import annotations

import re

from lxml import etree, html

from feedservice.errors import Unreadable
from feedservice.extract.elements import Element, inner_text

MAX_CHARS = 6_000_000
MAX_TAGS = 120_000
MAX_DEPTH = 250
_MAX_ATTRIBUTES = 60

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_XML_HEAD = re.compile(r"<\?xml\b[^>]{0,400}>")
_DATA_URL = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,60}(?:;[a-z0-9=-]{1,40})*,[A-Za-z0-9+/=%]{200,}", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\s/]+")


def parse_root(text: str) -> Element | None:
    """The root element of an HTML text within the limits; None when it holds nothing. Raises Unreadable past them."""
    if len(text) > MAX_CHARS:
        raise Unreadable(f"the page is longer than {MAX_CHARS} characters")
    text = _CONTROLS.sub("", text).lstrip()
    if head := _XML_HEAD.match(text):
        text = text[head.end() :]
    if text.count("<") > MAX_TAGS:
        text = _without_unseen(text)
        if text.count("<") > MAX_TAGS:
            raise Unreadable(f"the page has more than {MAX_TAGS} tags")
    text = _tame(text)
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if root is None or not isinstance(root.tag, str):
        return None
    _flatten(root)
    return root


_UNSEEN_BLOCK = re.compile(r"<(script|style|svg)\b", re.IGNORECASE)


def _without_unseen(text: str) -> str:
    """Cut scripts, styles and drawings out of the text; in linear time, whatever is in it."""
    lower = text.lower()
    kept: list[str] = []
    start = 0
    for found in _UNSEEN_BLOCK.finditer(text):
        if found.start() < start:
            continue
        closing = f"</{found.group(1).lower()}"
        end = lower.find(closing, found.end())
        if end < 0:
            break
        kept.append(text[start : found.start()])
        start = end + len(closing)
    kept.append(text[start:])
    return "<i".join(kept)


def _tame(text: str) -> str:
    """Shorten what makes parsing slow: data: addresses, and tags with thousands of attributes."""
    if "data:" in text:
        text = _DATA_URL.sub("data:,", text)
    parts = text.split(">")
    changed = False
    for index, part in enumerate(parts):
        if len(part) > 4_000:
            opened = part.find("<")
            tag = part[opened:] if opened >= 0 else ""
            if len(tag) > 4_000 and sum(map(tag.count, " \t\r\n\f=\"'/")) > 20 * _MAX_ATTRIBUTES:
                parts[index] = _fewer_attributes(part, opened)
                changed = True
    return ">".join(parts) if changed else text


def _fewer_attributes(part: str, start: int) -> str:
    """Keep the text up to `start`, a bounded number of words of the tag that begins there, and a last closing tag."""
    words_in_tag = _SEPARATOR.split(part[start:], maxsplit=_MAX_ATTRIBUTES)
    if len(words_in_tag) <= 1 or not words_in_tag[0][1:2].isalpha():
        return part
    last = part.rfind("<")
    tail = part[last:] if last > start and part[last : last + 2] == "</" else ""
    kept = (word[:2_000].replace('"', "").replace("'", "") for word in words_in_tag[:_MAX_ATTRIBUTES])
    return part[:start] + " ".join(kept) + (">" + tail if tail else "")


def _flatten(root: Element) -> None:
    """Turn what is deeper than MAX_DEPTH into plain text, so that nobody has to walk it."""
    depth = 0
    cut: list[Element] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, item in walk:
        if event == "start":
            depth += 1
            if depth >= MAX_DEPTH and len(item):
                cut.append(item)
                walk.skip_subtree()
        else:
            depth -= 1
    for item in cut:
        text = inner_text(item, " ")
        for child in list(item):
            item.remove(child)
        item.text = text
