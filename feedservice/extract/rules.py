"""Selectors from the configuration: where a field stands on the pages of one source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from feedservice.config.expressions import check_css_signs, check_xpath_names
from feedservice.extract.attribution.origins import name_in
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import BLOCKS, Element, is_element
from feedservice.extract.page.labels import labelled_in
from feedservice.extract.page.lines import text_of
from feedservice.extract.text.wording import squeeze, unescape

_ATTRIBUTE = re.compile(r"^(?P<css>.*?)@(?P<name>[A-Za-z_][\w:.-]*)$", re.DOTALL)
_MAX_TEXT = 1_000_000
_TEXTS = re.compile(r"^xpath:[^|]*(?:/|::|:\s*)(?:text\(\)|@[\w:-]+)\s*(?:\[[^\[\]|]*\]\s*)*$")
_MARKUP = re.compile(r"<!--.*?-->|</?([A-Za-z][\w:-]*)[^<>]*>", re.DOTALL)
_CUT_OFF = re.compile(r"<(?:[/!]|[A-Za-z]|$)[^<>]*$")
_APART = BLOCKS | {"br"}
_ELEMENTS = frozenset(("body", "drop"))
"""Fields for which whole elements are looked for."""
_WANTED = "a CSS selector such as .headline or time@datetime, or xpath:..., regex:..., text:..."


def select_text(selectors: Sequence[str], tree: Tree, source: str, label: str = "") -> tuple[str, str]:
    """What the first selector of a chain that finds something finds, as text; and that selector. Both "" if none does.

    source: the page's HTML text, for `regex:`. label: the kind of label that goes where the text has one. A selector
    that is no valid one finds nothing, and is noted in the tree.
    """
    for selector in selectors:
        texts = select_texts(selector, tree, source)
        if label and not selector.startswith("text:"):
            texts = [_unlabelled(text, label) for text in texts]
        texts = [text for text in texts if text]
        if texts:
            return texts[0], selector
    return "", ""


def _unlabelled(text: str, kind: str) -> str:
    value = labelled_in(text, kind)
    if value is None:
        return text
    return value if kind == "author" else name_in(value) or value


def select_texts(selector: str, tree: Tree, source: str) -> list[str]:
    """Every text that one selector finds, in page order."""
    kind, _, rest = selector.partition(":")
    if kind == "text":
        return [squeeze(rest)]
    if kind == "regex":
        return _matches(rest.strip(), source)
    selector, attribute = _split(selector)
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
        if _split(selector)[1]:
            continue
        found = [item for item in _select(selector, tree) if not isinstance(item, str) and item in tree.number]
        if found:
            return _outermost(found), selector
    return [], ""


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def check_rule(field: str, selector: str) -> None:
    """Let a selector for a field of ArticleRules through. Raises ValueError that says what is allowed."""
    kind, _, rest = selector.partition(":")
    if field in _ELEMENTS and kind in ("text", "regex"):
        raise ValueError("an element, by a CSS selector or xpath:...")
    if kind == "text":
        return
    if kind == "regex":
        _pattern(rest.strip())
        return
    css, _ = _split(selector) if field not in _ELEMENTS else (selector, None)
    expression = _compile(css)
    try:
        found = expression(etree.Element("html"))
    except etree.XPathError as error:
        raise ValueError(f"{_WANTED}; {error}") from None
    if field in _ELEMENTS and (not isinstance(found, list) or _TEXTS.search(selector)):
        raise ValueError("an element, by a CSS selector or xpath:...; this XPath finds texts, attributes or a number")


def _split(selector: str) -> tuple[str, str | None]:
    """A selector and the attribute that it asks for."""
    found = _ATTRIBUTE.match(selector.strip())
    if found and not selector.strip().startswith("xpath:") and "[@" not in selector:
        return found["css"].strip() or "*", found["name"]
    return selector, None


def _compile(selector: str) -> etree.XPath:
    """Raises ValueError that says what is allowed when the selector is none."""
    selector = selector.strip()
    try:
        if not selector.startswith("xpath:"):
            check_css_signs(selector)
            return CSSSelector(selector.removeprefix("css:"), translator="html")
        text = selector.removeprefix("xpath:").strip()
        check_xpath_names(text)
        return etree.XPath(text, smart_strings=False)
    except (etree.XPathError, SelectorError, ValueError, AssertionError, RecursionError) as error:
        raise ValueError(f"{_WANTED}; {error}") from None


def _select(selector: str, tree: Tree) -> list[Element | str]:
    try:
        found = _compile(selector)(tree.root)
    except (etree.XPathError, ValueError) as error:
        tree.complaints[selector] = str(error)
        return []
    if not isinstance(found, list):
        return [str(found)]
    return [item for item in found if isinstance(item, str) or (is_element(item) and isinstance(item.tag, str))]


def _pattern(pattern: str) -> re.Pattern[str]:
    """Raises ValueError that says what is allowed when a regular expression is none."""
    if not pattern:
        raise ValueError("a regular expression that is not empty")
    try:
        return re.compile(pattern, re.DOTALL)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"a regular expression that can be read; {error}") from None


def _matches(pattern: str, source: str) -> list[str]:
    """What a regular expression finds in the page's source, as text: its first group where it has one."""
    try:
        expression = _pattern(pattern)
    except ValueError:
        return []
    found = expression.search(source[:_MAX_TEXT])
    text = (found.group(1) if expression.groups else found.group()) if found else None
    return [_without_tags(text)] if text else []


def _without_tags(html: str) -> str:
    """The text of a piece of HTML source, which may begin or end within a tag."""
    html = _CUT_OFF.sub("", _MARKUP.sub(lambda tag: " " if (tag[1] or "").lower() in _APART else "", html))
    return squeeze(unescape(html))
