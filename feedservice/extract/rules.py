"""Selectors from the configuration: where a field stands on the pages of one source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cssselect import SelectorError
from lxml import etree

from feedservice.extract.dom import Tree
from feedservice.extract.elements import Element, is_element
from feedservice.extract.lines import text_of
from feedservice.extract.wording import squeeze

_ATTRIBUTE = re.compile(r"^(?P<css>.*?)@(?P<name>[A-Za-z_][\w:.-]*)$", re.DOTALL)
_MAX_TEXT = 1_000_000


def select_text(selectors: Sequence[str], tree: Tree, source: str) -> tuple[str, str]:
    """What the first selector of a chain that finds something finds, as text; and that selector. Both "" if none does.

    source: the page's HTML text, for `regex:`. A selector that is no valid one finds nothing.
    """
    for selector in selectors:
        texts = [text for text in select_texts(selector, tree, source) if text]
        if texts:
            return texts[0], selector
    return "", ""


def select_texts(selector: str, tree: Tree, source: str) -> list[str]:
    """Every text that one selector finds, in page order."""
    kind, _, rest = selector.partition(":")
    if kind == "text":
        return [squeeze(rest)]
    if kind == "regex":
        return _matches(rest.strip(), source)
    attribute = None
    if kind != "xpath" and (found := _ATTRIBUTE.match(selector.strip())) and "[@" not in selector:
        selector, attribute = found["css"].strip() or "*", found["name"]
    texts: list[str] = []
    for item in _select(selector, tree):
        if isinstance(item, str):
            texts.append(squeeze(item))
        else:
            texts.append(squeeze(item.get(attribute) or "") if attribute else _shown(item))
    return texts


def _shown(element: Element) -> str:
    if element.tag == "meta":
        return squeeze(element.get("content") or "")
    if element.tag == "img":
        return next(
            (value for name in ("data-src", "data-original", "src") if (value := squeeze(element.get(name) or ""))), ""
        )
    if element.tag == "time" and element.get("datetime"):
        return squeeze(element.get("datetime") or "")
    return text_of(element)


def select_elements(selectors: Sequence[str], tree: Tree) -> tuple[list[Element], str]:
    """The elements that the first selector of a chain that finds any finds; and that selector."""
    for selector in selectors:
        found = [item for item in _select(selector, tree) if not isinstance(item, str) and item in tree.number]
        if found:
            return _outermost(found), selector
    return [], ""


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def _select(selector: str, tree: Tree) -> list[Element | str]:
    selector = selector.strip()
    try:
        if not selector.startswith("xpath:"):
            return list(tree.root.cssselect(selector.removeprefix("css:")))
        found = tree.root.xpath(selector.removeprefix("xpath:").strip(), smart_strings=False)
    except (etree.XPathError, SelectorError, ValueError):
        return []
    if not isinstance(found, list):
        return [str(found)]
    return [item for item in found if isinstance(item, str) or (is_element(item) and isinstance(item.tag, str))]


def _matches(pattern: str, source: str) -> list[str]:
    """What a regular expression finds in the page's source: its first group where it has one."""
    try:
        expression = re.compile(pattern, re.DOTALL)
    except re.error:
        return []
    found = expression.search(source[:_MAX_TEXT])
    return (
        [squeeze(found.group(1) if expression.groups else found.group())]
        if found and (found.group(1) if expression.groups else True)
        else []
    )
