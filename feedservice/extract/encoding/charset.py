"""From bytes to text: which character encoding a page is really written in.

The order is BOM, HTTP, meta or XML declaration in the first 4 kB, valid UTF-8, detection over the whole; markup full of
zeros needs no word of anybody. What is declared is believed only as long as few characters turn out to be unreadable;
gb2312 and gbk are read as gb18030, as browsers do (WHATWG Encoding Standard, names and labels).
"""

from __future__ import annotations

import codecs
import re

from feedservice.extract.encoding.webnames import python_name

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = (("utf-32-be", (0, 1, 2)), ("utf-32-le", (1, 2, 3)), ("utf-16-be", (0, 2)), ("utf-16-le", (1, 3)))
"""Where of four bytes markup has its zeros in encodings of two and four bytes (XML 1.0, appendix F)."""
_PRESCAN = 4096
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_WESTERN = frozenset({"cp1252", "cp1254"})
_TOLERATED = 0.002
"""The share of unreadable characters up to which a declaration is still believed."""
_ESCAPE = b"\x1b$"
"""Changes the character set in ISO-2022 (RFC 1468, RFC 1557); nothing else in a page begins so."""
_THREE_BYTES = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


def decode(body: bytes, content_type: str) -> str:
    """Read the bytes of a page or a feed as text.

    content_type: the raw Content-Type field value of the answer, "" when there was none. Never raises: what no encoding
    fits is read with U+FFFD in the place of what cannot be read.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if wide := _wide(body):
        return body.decode(wide, "replace")
    declared = _declared(body, content_type)
    if _is_utf8(body) and not _believes_legacy(body, declared) and _ESCAPE not in body:
        return body.decode("utf-8")
    for name in declared:
        text = body.decode(name, "replace")
        if text.count("\ufffd") <= _TOLERATED * len(text):
            return text
    name = _detect(body)
    text = body.decode(name, "replace")
    for other in declared:
        attempt = body.decode(other, "replace")
        if attempt.count("\ufffd") < text.count("\ufffd"):
            text = attempt
    return text


def _wide(body: bytes) -> str | None:
    """The encoding of two or four bytes a character, which none of the others can be taken for; None for others."""
    head = body[:_PRESCAN]
    zeros = [head[place::4].count(0) for place in range(4)]
    for name, places in _WIDE:
        if all(zeros[place] > len(head) // 16 if place in places else not zeros[place] for place in range(4)):
            return name
    return None


def _declared(body: bytes, content_type: str) -> tuple[str, ...]:
    """The encodings that are declared, the most trusted first.

    A western encoding in the HTTP header is the default of many servers, so that the page's own word goes before it.
    """
    http = _HTTP_CHARSET.search(content_type)
    head = body[:_PRESCAN]
    own = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    names = [python_name(http.group(1)) if http else None, python_name(own.group(1).decode("ascii")) if own else None]
    if names[0] in _WESTERN and names[1]:
        names.reverse()
    return tuple(dict.fromkeys(name for name in names if name))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _believes_legacy(body: bytes, declared: tuple[str, ...]) -> bool:
    """Whether bytes that happen to be valid UTF-8 are all the same what they are declared to be.

    Short texts in GBK and its like can be valid UTF-8 by accident, but never with several three-byte sequences.
    """
    if not declared or declared[0] == "utf-8" or body.isascii():
        return bool(declared) and declared[0] in {"iso2022_jp", "hz", "iso2022_kr"}
    if declared[0] in _WESTERN:
        return False
    return len(_THREE_BYTES.findall(body)) < 3


def _detect(body: bytes) -> str:
    from feedservice.extract.encoding.guessing import guess

    return guess(body)
