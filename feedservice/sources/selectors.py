"""Selectors as operators write them: CSS, CSS@attribute, xpath:..., the first of a chain that finds something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from feedservice.config.expressions import check_css_signs, check_xpath_names
from feedservice.config.settings import Selectors
from feedservice.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

_ATTRIBUTE = re.compile(r"(.*?)@([A-Za-z_][\w:.-]*)", re.DOTALL)
_WANTED = "a CSS selector such as ul.list li or a@title, or xpath:..."


def _check(chain: Sequence[str]) -> Sequence[str]:
    from lxml.etree import Element, XPathError

    for selector in chain:
        expression, _ = _compile(selector)
        try:
            # What an engine sees only when it is at work, on a page where nothing is found.
            expression(Element("html"))
        except XPathError as error:
            raise ValueError(f"{_WANTED}; {error}") from None
    return chain


Chain = Annotated[Selectors, AfterValidator(_check)]
"""A selector or a chain of them, checked while the configuration is read."""


def _compile(selector: str) -> tuple[XPath, str]:
    """The expression of a selector and the attribute that it asks for. Raises ValueError saying what is wrong."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPath, XPathError

    attribute = ""
    try:
        if selector.startswith("xpath:"):
            text = selector.removeprefix("xpath:")
            check_xpath_names(text)
            return XPath(text, regexp=False, smart_strings=False), ""
        check_css_signs(selector)
        found = _ATTRIBUTE.fullmatch(selector)
        if found:
            selector, attribute = found[1] or "*", found[2]
        return CSSSelector(selector.removeprefix("css:"), translator="html"), attribute
    except (SelectorError, ValueError, AssertionError, XPathError, RecursionError) as error:
        raise ValueError(f"{_WANTED}; {error}") from None


def _found(selector: str, root: HtmlElement) -> tuple[list[object], str]:
    """What a selector finds, and the attribute that it asks for. Raises Unreadable when it cannot be applied."""
    from lxml.etree import XPathError

    try:
        expression, attribute = _compile(selector)
        found: object = expression(root)
    except (XPathError, ValueError) as error:
        raise Unreadable(f"the selector {selector!r} cannot be applied: {error}") from error
    return found if isinstance(found, list) else [found], attribute


def elements(chain: Sequence[str], root: HtmlElement) -> list[HtmlElement]:
    """The elements that the first selector of a chain to find any finds.

    Raises Unreadable when one cannot be applied.
    """
    from lxml.html import HtmlElement

    for selector in chain:
        found, _ = _found(selector, root)
        nodes = [node for node in found if isinstance(node, HtmlElement)]
        if nodes:
            return nodes
    return []


def values(chain: Sequence[str], root: HtmlElement) -> list[HtmlElement | str]:
    """What the first selector of a chain finds: elements, or texts where it asks for an attribute or a text.

    Raises Unreadable when one cannot be applied.
    """
    from lxml.html import HtmlElement

    for selector in chain:
        found, attribute = _found(selector, root)
        result: list[HtmlElement | str] = []
        for node in found:
            value = node.get(attribute) if attribute and isinstance(node, HtmlElement) else node
            if isinstance(value, (HtmlElement, str)) and not (isinstance(value, str) and not value.strip()):
                result.append(value)
        if result:
            return result
    return []
