"""From a feed's bytes to XML that a parser can read: the right characters, nothing dangerous, nothing half declared."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from feedservice.errors import Unreadable
from feedservice.sources.feed.files import with_bare_images_apart
from feedservice.sources.feed.links import with_whole_links
from feedservice.sources.feed.texts import with_descriptions_apart
from feedservice.sources.xmltext import mend_xml

Decode = Callable[[bytes, str], str]

_HEAD = 65_536
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as the next one does
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
)
_WIDENED = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
# Python knows codecs that no document is written in; some of them cannot even read what is damaged.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
_WESTERN = frozenset({"iso8859-1", "cp1252", "ascii"})
_TOLERATED = 0.002
_ROOT = re.compile(
    r"<(?P<prefix>[A-Za-z_][\w.-]{0,30}:)?(?P<name>(?:rss|feed|rdf|channel)(?=[\s>/])"
    r"|entry(?=\s[^<>]{0,2000}=\s*[\"']http://www\.w3\.org/2005/Atom[\"']))",
    re.IGNORECASE,
)
"""Where a feed begins, or an entry on its own (RFC 4287 §2)."""
_CHANNEL = re.compile(r"<(?P<prefix>[A-Za-z_][\w.-]{0,30}:)?channel(?=[\s>/])", re.IGNORECASE)
_ATOM = frozenset({"feed", "entry"})
_OPML = re.compile(r"<opml\b", re.IGNORECASE)
_NAME_AS_GUID = re.compile(r"<guid\b[^<>]{0,200}>(?=\s*+(?:<!\[CDATA\[)?+\s*+(?!https?:|/)[^\s<])", re.IGNORECASE)
_NAME_AS_ID = re.compile(r"<((?:[\w.-]{1,30}:)?id)>(?=\s*+(?:<!\[CDATA\[)?+\s*+(?![A-Za-z][A-Za-z0-9+.-]*+:)[^\s<])")
_PAGE = re.compile(r"<(?:html|head|body)\b", re.IGNORECASE)
_LONGEST_BODY_TAG = 1_000
_NOTHING_BEFORE = re.compile(rf"<body\b[^<>]{{0,{_LONGEST_BODY_TAG}}}>\s{{0,{_LONGEST_BODY_TAG}}}\Z", re.IGNORECASE)


def to_text(body: bytes, content_type: str, decode: Decode | None) -> str:
    """The characters of a feed (RFC 7303 §3): BOM, then what is declared as far as it is true, then UTF-8.

    decode: reads what nothing fits; without it such bytes are taken for GB 18030, or else Windows-1252.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = _declared(body, content_type)
    utf8 = _strictly(body, "utf-8")
    if utf8 is not None and (not declared or declared[0] in _WESTERN or "utf-8" in declared):
        return utf8
    for name in declared:
        text = body.decode(name, "replace")
        if text.count("\ufffd") <= _TOLERATED * len(text) and not (name in _WESTERN and not body.isascii() and decode):
            return text
    if utf8 is not None:
        return utf8
    if decode is not None:
        return decode(body, content_type)
    return _strictly(body, "gb18030") or _strictly(body, "big5hkscs") or body.decode("cp1252", "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    http, own = _CHARSET.search(content_type), _ENCODING.search(body[:4096])
    labels = [http[1] if http else "", own[1].decode("ascii") if own else ""]
    names = [name for name in map(_codec, labels) if name]
    return sorted(dict.fromkeys(names), key=lambda name: name in _WESTERN)


def _codec(label: str) -> str | None:
    label = _WIDENED.get(label.lower(), label)
    try:
        name = codecs.lookup(label).name
        return name if name not in _NO_CHARSETS and isinstance(b"a".decode(name), str) else None
    except (LookupError, UnicodeError, ValueError, AssertionError):
        return None


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError as error:
        # A body that was cut in the middle of a character is still what it is.
        return body[: error.start].decode(name) if error.start >= len(body) - 4 and error.start else None


def repair(text: str) -> bytes:
    """The feed in `text` as well-formed a UTF-8 XML document as can be had without guessing at its elements.

    Raises Unreadable when it is a web page or no feed at all, and when its document type is dangerous.
    """
    root = _ROOT.search(text, 0, _HEAD)
    if root is None or is_page(text):
        raise Unreadable("a web page, not a feed" if is_page(text) else "neither RSS, Atom, RDF nor JSON Feed")
    body = mend_xml(text, root)
    if root["name"].lower() == "rss":
        body = _without_prefix(body, root["prefix"] or "")
    body = with_whole_links(with_bare_images_apart(with_descriptions_apart(body)))
    # Many forget to say that a guid is no address; feedparser would make one of it.
    body = _NAME_AS_GUID.sub('<guid isPermaLink="false">', body)
    if root["name"].lower() in _ATOM:
        body = _NAME_AS_ID.sub(r'<\1 isPermaLink="false">', body)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'.encode()


def _without_prefix(body: str, prefix: str) -> str:
    """RSS whose own elements bear a prefix: the root's, or that of a channel under a bare root."""
    channel = None if prefix else _CHANNEL.search(body, 0, _HEAD)
    prefix = prefix or (channel["prefix"] or "" if channel else "")
    return body.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") if prefix else body


def is_page(text: str) -> bool:
    """Whether a text is a web page rather than a feed; a page that holds nothing but a feed is one."""
    page = None if _OPML.search(text, 0, _HEAD) else _PAGE.search(text, 0, _HEAD)
    root = _ROOT.search(text, 0, _HEAD)
    if page is None or (root is not None and root.start() < page.start()):
        return False
    near = max(0, root.start() - 2 * _LONGEST_BODY_TAG) if root else 0
    return root is None or _NOTHING_BEFORE.search(text, near, root.start()) is None
