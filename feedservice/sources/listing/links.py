"""The links of a page, each with where it stands and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.etree import ElementDefaultClassLookup, LxmlError, iterwalk
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from feedservice.errors import Unreadable
from feedservice.sources.addresses import absolute, leads_elsewhere, without_fragment
from feedservice.sources.markup import has_crowded_tag

_MOST_LINKS = 20_000
_LONGEST_PAGE = 12_000_000
_MOST_ATTRIBUTES = 5_000
_LONGEST_TEXT = 600
_LONGEST_CLASS = 4_000
_STATES = re.compile(
    r"first|last|odd|even|alt|on|off|active|cur|current|hover|selected|clearfix|cl|clear|fix|top|new|line|bold|red|sticky|hentry"
    r"|(?:no|has)?-?(?:image|img|pic|thumb|photo|pics)|(?:has|no|post|tag|category|type|status|format)-\S+"
    r"|\S+[_-](?:first|last|odd|even|alt|active|cur|current|selected|hover|sticky|top|new|on)"
)
_OPENED = re.compile(
    r"(?:[\w$.]{1,60}+\s*+\(|location(?:\.href)?\s*=)\s*[\"'](?P<address>(?:https?:/|\.{0,2})/[^\"'\s<>]{1,500}"
    r"|[^\"'\s<>:]{1,200}\.(?:s?html?|jspx?|aspx?|php)(?:[?#][^\"'\s<>]{0,300})?)[\"']"
)
"""A call or an assignment that leads to a page: window.open('/art/1.html'), location.href = "show.jsp?id=1"."""
_LONGEST_SCRIPT = 1_000
UNSEEN = frozenset({"script", "style", "noscript", "template"})
_DIGITS = re.compile(r"\d+")
_NUL = str.maketrans({"\x00": " "})


@dataclass(frozen=True, slots=True)
class Link:
    """One <a href>: its absolute address without fragment, its text on one line, and the group of its place.

    place: equal for links that stand in equal places (tags, classes and ids of all ancestors, digits left out).
    """

    element: HtmlElement
    url: str
    text: str
    place: int


def parse_page(html: str) -> HtmlElement:
    """The tree of a page. Raises Unreadable when there is nothing in it, and when it is longer than any list."""
    if len(html) > _LONGEST_PAGE:
        raise Unreadable(f"a page of more than {_LONGEST_PAGE:,} characters")
    if len(html) > 5 * _MOST_ATTRIBUTES and has_crowded_tag(html, _MOST_ATTRIBUTES):
        raise Unreadable(f"an element with more than {_MOST_ATTRIBUTES:,} attributes")
    text = html.translate(_NUL).strip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    parser = HTMLParser(remove_comments=True, remove_pis=True)
    # One class for all elements, which needs no question in Python for each of them.
    parser.set_element_class_lookup(ElementDefaultClassLookup(HtmlElement))
    try:
        root = document_fromstring(text, parser=parser)
    except (LxmlError, ValueError) as error:
        raise Unreadable(f"an empty page: {error}") from error
    if not isinstance(root, HtmlElement):
        raise Unreadable("an empty page")
    return root


def base_of(root: HtmlElement, url: str) -> str:
    """What relative links on a page start from: its <base>, else its own address."""
    for element in root.iter("base"):
        if element.get("href"):
            return absolute(url, element.get("href", "")) or url
    return url


def links_of(root: HtmlElement, url: str) -> Iterator[Link]:
    """The first 20,000 links of a page that lead to another one, in document order."""
    base = base_of(root, url)
    here = without_fragment(url)
    places = Places()
    for count, element in enumerate(root.iter("a")):
        if count >= _MOST_LINKS:
            return
        reference = element.get("href") or ""
        if not leads_elsewhere(reference) or reference.lower().startswith("javascript:"):
            reference = _opened(element, reference)
        if not reference:
            continue
        address = absolute(base, reference)
        if address is None:
            continue
        address = without_fragment(address)
        if address != here:
            yield Link(element, address, text_within(element), places.of(element))


def _opened(element: HtmlElement, reference: str) -> str:
    """The address that the script of a link without one opens; "" where it opens none."""
    for script in (element.get("onclick") or "", reference):
        found = _OPENED.search(script[:_LONGEST_SCRIPT])
        if found is not None:
            return found["address"]
    return ""


def text_within(element: HtmlElement, limit: int = _LONGEST_TEXT) -> str:
    """The words inside an element on one line, scripts left out, as far as the limit goes."""
    return join_pieces(pieces_of(element), limit)


def join_pieces(pieces: Iterable[str], limit: int) -> str:
    """Texts on one line with single spaces, as far as the limit goes."""
    parts: list[str] = []
    size = 0
    for part in pieces:
        parts.append(part[: limit + 1])
        size += len(part)
        if size > limit:
            break
    return " ".join(" ".join(parts).split())


def pieces_of(element: HtmlElement, without: HtmlElement | None = None) -> Iterator[str]:
    """The texts inside an element, node by node, without those of scripts and styles, and of `without`."""
    walk = iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            if node is not element and node.tail:
                yield node.tail
        elif node is without or node.tag in UNSEEN:
            walk.skip_subtree()
        elif node.text and isinstance(node.tag, str):
            yield node.text


class Places:
    """Numbers for the places of elements; equal places have equal numbers. One pass over all ancestors of all links."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._known: dict[HtmlElement, int] = {}

    def of(self, element: HtmlElement) -> int:
        """The number of an element's place."""
        chain: list[HtmlElement] = []
        node: HtmlElement | None = element
        while node is not None and node not in self._known:
            chain.append(node)
            node = node.getparent()
        number = self._known[node] if node is not None else 0
        for step in reversed(chain):
            number = self._numbers.setdefault((number, signature(step)), len(self._numbers) + 1)
            self._known[step] = number
        return number


def signature(element: HtmlElement) -> str:
    """An element's tag, and its class and id as far as they are the same for all rows of a list."""
    identity = _DIGITS.sub("", element.get("id") or "").strip("-_").lower()
    return f"{element.tag} {' '.join(sorted(names_of(element)))} #{identity}"


def classes_of(value: str | None) -> str:
    """What an attribute `class` says, as far as anybody would write one."""
    return (value or "")[:_LONGEST_CLASS]


def names_of(element: HtmlElement) -> frozenset[str]:
    """The classes of an element without numbers, states (odd, last, active) and the tags of the article it holds."""
    names = (_DIGITS.sub("", name).strip("-_") for name in classes_of(element.get("class")).lower().split())
    return frozenset(name for name in names if name and not _STATES.fullmatch(name))
