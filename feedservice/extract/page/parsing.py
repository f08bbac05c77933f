"""From an HTML text to its root element, within limits: nothing later needs to fear its size or its depth."""

from __future__ import annotations

import re

from lxml import etree, html

from feedservice.errors import Unreadable
from feedservice.extract.page.crowding import without_crowds
from feedservice.extract.page.elements import UNSEEN, Element, inner_text
from feedservice.extract.page.limits import measured

MAX_DEPTH = 250
MAX_TEXT = 6_000_000
"""How many characters of text a page may show: what is read later takes some two seconds for a million."""

_DATA_URL = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,60}(?:;[a-z0-9=-]{1,40})*,[A-Za-z0-9+/=%]{200,}", re.IGNORECASE)

_WRITTEN = re.compile(
    r"<script\b[^<>]{0,100}>\s{0,20}document\.write(?:ln)?\(\s{0,9}([\"'])(?P<text>[^\"'<>\\]{1,100})\1\s{0,9}\)\s{0,9};?\s{0,20}</script\s*>",
    re.IGNORECASE,
)
"""A script that does nothing but write words where it stands: a reader sees the words."""

_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""Ends of the page; where headers are pages of their own they come before the article, and browsers read on."""
_TEMPLATE = re.compile(
    r"(?P<before>itemprop=[\"']articleBody[\"'][^<>]{0,200}>\s{0,20})<script\b[^<>]{0,60}text/template[^<>]{0,60}>",
    re.IGNORECASE,
)
"""An article's text that a script puts on the page from a template standing in its place."""


def parse_root(text: str) -> Element | None:
    """The root element of an HTML text; None when it holds nothing.

    Raises Unreadable past the limits: those of `limits`, or more than MAX_TEXT characters of text. No text is cut, for
    half an article is worse than none; only what is nested deeper than MAX_DEPTH becomes plain text.
    """
    text, fault = measured(text)
    if fault:
        raise Unreadable(f"the page {fault}")
    text = _tame(text)
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    # One class for all elements, which needs no question in Python for each of them.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(html.HtmlElement, html.HtmlComment))
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if root is None or not isinstance(root.tag, str):
        return None
    _flatten(root)
    if len(text) > MAX_TEXT and _shown(root) > MAX_TEXT:
        raise Unreadable(f"the page shows more than {MAX_TEXT} characters of text")
    return root


def _shown(root: Element) -> int:
    """How many characters of text there are, scripts and the like left out."""
    inside = sum(len(item.text or "") for item in root.iter(etree.Element) if item.tag not in UNSEEN)
    return inside + sum(len(item.tail or "") for item in root.iter())


def _tame(text: str) -> str:
    """Shorten what makes parsing slow: data: addresses, and tags with thousands of attributes."""
    if sum(text.count(end) for end in ("</body", "</html", "</BODY", "</HTML")) > 2:
        text = _ENDS.sub("", text)
    if "text/template" in text:
        text = _unfolded(text)
    if "document.write" in text:
        text = _WRITTEN.sub(r"\g<text>", text)
    return without_crowds(_DATA_URL.sub("data:,", text) if "data:" in text else text)


def _unfolded(text: str) -> str:
    """Put texts that stand in a template where a script would put them."""
    kept: list[str] = []
    start = 0
    for found in _TEMPLATE.finditer(text):
        end = text.find("</script>", found.end()) if found.start() >= start else -1
        if end >= 0:
            kept += [text[start : found.start()], found["before"], "<div>", text[found.end() : end], "</div>"]
            start = end + len("</script>")
    return "".join(kept) + text[start:]


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
