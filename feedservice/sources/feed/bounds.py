"""What keeps the reading of a hostile feed bounded: how deep it nests, how many attributes and entries it has."""

from __future__ import annotations

from lxml import etree

from feedservice.errors import Unreadable
from feedservice.sources.markup import has_crowded_tag
from feedservice.sources.xmltext import local_name

MOST_ENTRIES = 5_000
_MOST_ATTRIBUTES = 500
_MOST_ELEMENTS = 300_000
_MOST_OUTSIDE = 20_000
_LARGEST_ILL_FORMED = 1_000_000
_MOST_ILL_FORMED = 40_000
_CROWDED = etree.XPath(f"boolean(//*[count(@*) > {_MOST_ATTRIBUTES}])")
_BASE = b"xml:base="
_MOST_BASES = 100


def within_bounds(xml: bytes) -> tuple[bytes, int]:
    """The feed as it may be parsed, and how many of its entries were left out.

    A well-formed one nests 256 levels at most. One that is not is left to feedparser's lenient parser as long as it is
    small, for that takes time; a larger one is mended by libxml2 first. Raises Unreadable for more elements, in all
    or outside of entries, or more attributes on one of them, than any feed has.
    """
    root = _parse(xml, recover=False)
    if root is None and (len(xml) > _LARGEST_ILL_FORMED or xml.count(b"<") > _MOST_ILL_FORMED):
        xml = well_formed(xml)
        # What is left are prefixes that nothing declares, which are a part of the name to libxml2.
        root = _parse(xml, recover=True)
    if has_crowded_tag(xml.decode(), _MOST_ATTRIBUTES) if root is None else _CROWDED(root):
        raise Unreadable(f"an element with more than {_MOST_ATTRIBUTES} attributes")
    if root is None:
        # Each nested base makes those inside it longer; nobody ends an element that repeats them so often.
        return (xml if xml.count(_BASE) <= _MOST_BASES else xml.replace(_BASE, b"data-base=")), 0
    elements = sum(1 for _ in root.iter())
    if elements > _MOST_ELEMENTS:
        raise Unreadable(f"more than {_MOST_ELEMENTS:,} elements")
    entries = [node for node in root.iter(etree.Element) if local_name(str(node.tag)).lower() in ("item", "entry")]
    # Of each entry, RSS 1.0 has an element outside it.
    if elements - sum(1 for entry in entries for _ in entry.iter()) - len(entries) > _MOST_OUTSIDE:
        raise Unreadable(f"more than {_MOST_OUTSIDE:,} elements outside of entries")
    surplus = entries[MOST_ENTRIES:]
    for node in surplus:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    return (etree.tostring(root, encoding="utf-8") if surplus else xml), len(surplus)


def well_formed(xml: bytes) -> bytes:
    """What libxml2 makes of a damaged feed: well-formed, though perhaps not all of it. Raises Unreadable."""
    root = _parse(xml, recover=True)
    if root is None:
        raise Unreadable("not XML")
    return etree.tostring(root, encoding="utf-8")


def _parse(xml: bytes, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover, remove_comments=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None
