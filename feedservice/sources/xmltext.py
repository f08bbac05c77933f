"""XML as it comes from careless programs, made well-formed without guessing at its elements.

Entities are never expanded by a parser: a document type is read here, refused where it nests or reaches outside, and
taken away. All passes are linear in the size of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5

from feedservice.errors import Unreadable

_ENTITY = re.compile(r"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[\w.:-]+)\s+(?P<rest>[^>]{0,2000})>")
_SHORT = re.compile(r"(?P<quote>[\"'])(?P<value>[^\"'<]{0,60})(?P=quote)\s*")
_REFERENCE = re.compile(r"&(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9a-fA-F]{1,7});|(?P<name>[A-Za-z][\w.-]{0,40});)?")
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNTOUCHED = re.compile(r"<!\[CDATA\[|<!--")
_MOST_PREFIXES = 100
_PREFIXES = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,30}):[A-Za-z_][\w.-]{0,60}(?=[\s=>/])")
_DECLARED = re.compile(r"xmlns:([\w.-]+)\s*=")
_DECLARATION = re.compile(r"<\?xml[^>]{0,400}\?>", re.IGNORECASE)
_NAMESPACES: Mapping[str, str] = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
}


def local_name(tag: str) -> str:
    """A tag's name without its namespace or prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def mend_xml(text: str, root: re.Match[str]) -> str:
    """The document in `text` from its root element on, without its declaration and document type.

    root: where the root's start tag begins, matched up to its name. Junk before it goes, characters that XML forbids
    too; bare ampersands and HTML's entities become what they mean; prefixes that nobody declared are declared. Raises
    Unreadable when the document type declares entities that nest, are long or reach outside.
    """
    entities = _entities(text[: root.start()])
    rest = _DECLARATION.sub("", _FORBIDDEN.sub("", text[root.start() :]))
    # What declares something inside the document cannot be meant, and no parser shall see it.
    body = "".join(_mend_text(part.replace("<!", "&lt;!"), entities) if plain else part for part, plain in _parts(rest))
    return _declare_prefixes(body, root.end() - root.start())


def _entities(head: str) -> dict[str, str]:
    """What the document type before the root declares, as far as it is short plain text."""
    if "<!ENTITY" not in head:
        return {}
    found: dict[str, str] = {}
    for entity in _ENTITY.finditer(head):
        if entity["parameter"]:
            continue  # the sets of HTML entities, which are known here
        value = _SHORT.fullmatch(entity["rest"])
        if value is None or re.search(r"&(?!#)|%", value["value"]):
            raise Unreadable(f"declares the entity {entity['name']}, which nests, is long, or reaches outside")
        found[entity["name"]] = _REFERENCE.sub(lambda match: _character(match) or "", value["value"])
    if head.count("<!ENTITY") > len(list(_ENTITY.finditer(head))):
        raise Unreadable("declares entities in a form that is not read")
    return found


def _parts(text: str) -> list[tuple[str, bool]]:
    """The text cut at CDATA sections and comments; True for what lies between them."""
    parts: list[tuple[str, bool]] = []
    place = 0
    while True:
        opened = _UNTOUCHED.search(text, place)
        if opened is None:
            return [*parts, (text[place:], True)]
        start = opened.start()
        close = "]]>" if text.startswith("<![CDATA[", start) else "-->"
        end = text.find(close, start)
        if end < 0:
            return [*parts, (text[place:start], True), (text[start:] + close, False)]
        end += len(close)
        parts += [(text[place:start], True), (text[start:end], False)]
        place = end


def _mend_text(part: str, entities: Mapping[str, str]) -> str:
    def mend(match: re.Match[str]) -> str:
        name = match["name"]
        if name in _XML_OWN:
            return match[0]
        if name is not None:
            known = entities.get(name) or html5.get(f"{name};")
            return _escape(known) if known else f"&amp;{name};"
        character = _character(match)
        return "&amp;" if character is None else _escape(character)

    return _REFERENCE.sub(mend, part)


def _character(match: re.Match[str]) -> str | None:
    """The character of a numeric reference, "" where XML forbids it; None where there is no number."""
    digits = match["decimal"] or match["hex"]
    if digits is None:
        return None
    code = int(digits, 10 if match["decimal"] else 16)
    if 128 <= code < 160:
        return bytes([code]).decode("cp1252", "ignore")
    if code > 0x10FFFF:
        return ""
    return _FORBIDDEN.sub("", chr(code))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _declare_prefixes(body: str, name_end: int) -> str:
    declared = {"xml", "xmlns", *_DECLARED.findall(body)}
    used = dict.fromkeys(found[1] for found in _PREFIXES.finditer(body))
    missing = [prefix for prefix in used if prefix not in declared][:_MOST_PREFIXES]
    if not missing:
        return body
    added = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix.lower(), f"urn:undeclared:{prefix}")}"' for prefix in sorted(missing)
    )
    return f"{body[:name_end]}{added}{body[name_end:]}"
