"""What a page is at first sight, for the operator: its title and its first words."""

from __future__ import annotations

from feedservice.errors import Unreadable
from feedservice.extract.encoding.charset import decode
from feedservice.extract.page.dom import parse
from feedservice.extract.text.wording import legal, squeeze
from feedservice.model import Page, Seen

_LONGEST_TITLE, _LONGEST_WORDS, _LONGEST_READ = 120, 200, 200_000


def glance(page: Page) -> Seen:
    """The title and the first words of any answer, as far as it is text; never failing."""
    text = decode(page.body[:_LONGEST_READ], page.content_type)
    try:
        tree = parse(text)
    except Unreadable:
        return Seen(url=page.url, status=page.status, words=legal(squeeze(text[:_LONGEST_WORDS])))
    title = squeeze(tree.root.findtext(".//title") or "")
    words = squeeze(" ".join(line.text for line in tree.lines[:50] if not line.hidden))
    return Seen(
        url=page.url, status=page.status, title=legal(title[:_LONGEST_TITLE]), words=legal(words[:_LONGEST_WORDS])
    )
