"""Selectors as operators write them: CSS, CSS@attribute, xpath:..., the first of a chain that finds something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from feedservice.config.settings import Selectors

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

_ATTRIBUTE = re.compile(r"(.*?)@([A-Za-z_][\w:.-]*)", re.DOTALL)


def _check(chain: Sequence[str]) -> Sequence[str]:
    for selector in chain:
        _compile(selector)
    return chain


Chain = Annotated[Selectors, AfterValidator(_check)]
"""A selector or a chain of them, checked while the configuration is read."""


def _compile(selector: str) -> tuple[XPath, str]:
    """The expression of a selector and the attribute that it asks for. Raises ValueError saying what is wrong."""
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPath, XPathError

    attribute = ""
    if selector.startswith("xpath:"):
        try:
            return XPath(selector.removeprefix("xpath:"), regexp=False, smart_strings=False), ""
        except XPathError as error:
            raise ValueError(f"an XPath expression; {error}") from None
    found = _ATTRIBUTE.fullmatch(selector)
    if found:
        selector, attribute = found[1], found[2]
    try:
        return CSSSelector(selector or "*", translator="html"), attribute
    except (SyntaxError, ValueError, ImportError, AssertionError, XPathError) as error:
        raise ValueError(f"a CSS selector such as ul.list li, or xpath:...; {error}") from None


def elements(chain: Sequence[str], root: HtmlElement) -> list[HtmlElement]:
    """The elements that the first selector of a chain to find any finds."""
    from lxml.html import HtmlElement

    for selector in chain:
        expression, _ = _compile(selector)
        found = expression(root)
        nodes = [node for node in found if isinstance(node, HtmlElement)] if isinstance(found, list) else []
        if nodes:
            return nodes
    return []


def values(chain: Sequence[str], root: HtmlElement) -> list[HtmlElement | str]:
    """What the first selector of a chain finds: elements, or texts where it asks for an attribute or a text."""
    from lxml.html import HtmlElement

    for selector in chain:
        expression, attribute = _compile(selector)
        found = expression(root)
        nodes = found if isinstance(found, list) else [found]
        result: list[HtmlElement | str] = []
        for node in nodes:
            value = node.get(attribute) if attribute and isinstance(node, HtmlElement) else node
            if isinstance(value, (HtmlElement, str)) and not (isinstance(value, str) and not value.strip()):
                result.append(value)
        if result:
            return result
    return []
