"""What an element is, and what it says of itself."""

from __future__ import annotations

import re
from typing import TypeAlias, TypeGuard

from lxml.etree import _Element

from feedservice.extract.text.vocabulary import vocabulary

Element: TypeAlias = _Element

BLOCKS = vocabulary(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul"
)
UNSEEN = vocabulary(
    "script style noscript template svg math iframe object embed applet select option datalist textarea head canvas "
    "map frameset frame"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_element(thing: object) -> TypeGuard[Element]:
    """Whether something that an XPath found is a node of the tree, and no text or number."""
    return isinstance(thing, Element)


def inner_text(element: Element, between: str = "") -> str:
    """All the text inside an element, shown or not, as it stands."""
    return between.join(str(part) for part in element.itertext())


def names_of(element: Element) -> str:
    """The id and classes of an element, in lower case, with a space on both sides."""
    return f" {element.get('id') or ''} {element.get('class') or ''} ".lower()


_AWAY = vocabulary("hidden d-none hide is-hidden")
_BACK = re.compile(r"(?:^|\s)(?:(?:sm|md|lg|xl|2xl|print):[bfgitc]|d-(?:sm|md|lg|xl|xxl)-|visible|js-)")


def is_put_away(element: Element) -> bool:
    """Whether the element has one of the classes by which style sheets hide, on windows of every size.

    Less sure than is_hidden: a script may take the class away.
    """
    classes = element.get("class")
    return classes is not None and not _AWAY.isdisjoint(classes.split()) and not _BACK.search(classes)


def is_hidden(element: Element) -> bool:
    """Whether the element says of itself that it is not shown."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))
