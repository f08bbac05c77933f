"""Links to a headline's files: PDF, Word and the like beside it, which are no articles of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedservice.sources.listing.links import Link

_LONGEST = 40
_FILE = re.compile(
    r"[\W_]*+(?:(?:download|view|open|as)\s++)?+(?:pdf|docx?|xlsx?|x?html?|word|excel|txt|epub|rtf|odt|ods|zip|mp3)"
    r"(?:[\W_]*+\d[\d.,]*+\s?+(?:[kmg]i?b|bytes?|pages?|seiten|ページ|页))?+[\W_]*+",
    re.IGNORECASE,
)


def without_files(links: Sequence[Link]) -> Sequence[Link]:
    """The links without those that say no more than what kind of file they lead to, in the element of a headline."""
    files = {link.element for link in links if _is_file(link)}
    if not files:
        return links
    headed = {link.element.getparent() for link in links if link.element not in files and link.text}
    return [link for link in links if link.element not in files or link.element.getparent() not in headed]


def _is_file(link: Link) -> bool:
    text = link.text or next((image.get("alt") or "" for image in link.element.iter("img")), "")
    return len(text) <= _LONGEST and _FILE.fullmatch(text) is not None
