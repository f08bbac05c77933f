"""Articles that go on over several pages: which addresses come next, and how the parts are joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from feedservice.extract.encoding.charset import decode
from feedservice.extract.page.dom import parse
from feedservice.extract.page.elements import Element, inner_text
from feedservice.extract.page.links import absolute
from feedservice.extract.page.noise import name_words
from feedservice.extract.text.wording import squeeze
from feedservice.model import Attachment, Extraction, Page

_NEXT = re.compile(
    r"^[\W_]*(?:下一?页|后一页|后页|next(?: page)?|nächste(?: seite)?|weiter|suivant[e]?|siguiente|próxima"
    r"|successiva)[\W_]*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[\W_]*(\d{1,2})[\W_]*$")
_SUFFIX = re.compile(r"^(?P<stem>.*?)(?:[_-](?P<n>\d{1,2}))?(?P<ext>\.[a-z]{3,5})?$", re.IGNORECASE)
_PAGERS = re.compile(r"page|pager|fy|fenye|zdfy|pagination|nav-links|split", re.IGNORECASE)
_MAX_PAGES = 30
_SCRIPT = re.compile(
    r"createPageHTML\s*\(\s*(?P<count>\d{1,3})\s*,\s*(?P<now>\d{1,3})\s*,\s*[\"'](?P<name>[\w-]{1,80})[\"']\s*,"
    r"\s*[\"'](?P<ext>\w{1,8})[\"']"
)


def next_pages(page: Page) -> tuple[str, ...]:
    """The addresses of the further pages of an article, in order; () when it has but one or this is not its first.

    A page follows when its address is the first one's with a number more (NAME_1.html, NAME-2.html, ?page=2) and the
    link to it is a number or says "next page".
    """
    tree = parse(decode(page.body, page.content_type))
    found: dict[int, str] = {}
    for anchor in tree.root.iter("a"):
        text = squeeze(inner_text(anchor))
        number = _NUMBER.match(text)
        if not (number or _NEXT.match(text)) or not _in_pager(anchor):
            continue
        url = absolute(anchor.get("href"), page.url)
        place = _place(page.url, url.partition("#")[0]) if url else None
        if url and place:
            found.setdefault(place, url.partition("#")[0])
    if not found:
        found = _scripted(page.url, "".join(script.text or "" for script in tree.root.iter("script"))[:400_000])
    places = sorted(found)
    return tuple(found[place] for place in places[:_MAX_PAGES]) if places and places[0] <= 2 else ()


def _in_pager(anchor: Element) -> bool:
    """Whether a link stands among others of its kind: short texts only, or in an element named as a pager."""
    above = anchor.getparent()
    for _ in range(3):
        if above is None:
            return False
        if any(_PAGERS.search(word) for word in name_words(above)):
            return True
        text = squeeze(inner_text(above))
        if len(text) > 80:
            return False
        if sum(1 for _ in above.iter("a")) > 1 or re.search(r"\d\s*\D{0,6}\s*\d", text):
            return True
        above = above.getparent()
    return False


def _place(first: str, other: str) -> int | None:
    """Which number the other address carries beyond the first one's; None when it is another article."""
    a, b = urlsplit(first), urlsplit(other)
    if (a.scheme, a.netloc) != (b.scheme, b.netloc):
        return None
    if a.path == b.path:
        extra = re.search(r"(?:^|&)(?:page|p|pn|pageno|currentpage|cp)=(\d{1,2})(?:&|$)", b.query, re.IGNORECASE)
        return int(extra[1]) if extra and int(extra[1]) > 1 and a.query != b.query else None
    own, theirs = _SUFFIX.match(a.path), _SUFFIX.match(b.path)
    if own and theirs and theirs["n"] and (own["ext"] or "") == (theirs["ext"] or ""):
        stem = a.path.removesuffix(own["ext"] or "")
        if theirs["stem"] == stem and int(theirs["n"]) >= 1:
            return int(theirs["n"])
    tail = re.fullmatch(re.escape(a.path.rstrip("/")) + r"/(?:page/)?(\d{1,2})/?", b.path)
    return int(tail[1]) if tail and int(tail[1]) > 1 else None


def _scripted(url: str, scripts: str) -> dict[int, str]:
    """Pages that only a script names: createPageHTML(3, 0, "t20240925_1224", "html")."""
    call = _SCRIPT.search(scripts)
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    if not call or int(call["now"]) != 0 or name.rpartition(".")[0] != call["name"]:
        return {}
    rows = (
        (n, absolute(f"{call['name']}_{n}.{call['ext']}", url)) for n in range(1, min(int(call["count"]), _MAX_PAGES))
    )
    return {n: address for n, address in rows if address}


def join(first: Extraction, rest: Sequence[Extraction]) -> Extraction:
    """One article out of its pages: bodies one after the other, attachments and pictures of all; else the first's."""
    bodies = [first.fields.body]
    files: dict[str, Attachment] = {item.url: item for item in first.fields.attachments}
    lead = first.fields.lead_image
    editor = first.fields.editor
    for part in rest:
        if part.fields.body and part.fields.body not in bodies:
            bodies.append(part.fields.body)
        for item in part.fields.attachments:
            files.setdefault(item.url, item)
        lead = lead or part.fields.lead_image
        editor = editor or part.fields.editor
    fields = replace(
        first.fields,
        body="\n".join(body for body in bodies if body),
        attachments=tuple(files.values()),
        lead_image=lead,
        editor=editor,
    )
    return Extraction(
        fields,
        {**first.found, "body": f"{first.found.get('body', '')}, {len(bodies)} pages"}
        if len(bodies) > 1
        else first.found,
    )
