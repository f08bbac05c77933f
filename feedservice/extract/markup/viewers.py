"""Files and films that a page shows in a viewer: a frame, a plug-in, or an element that a script turns into a player.

<iframe src="/pdfjs/web/viewer.html?file=/files/1.pdf">   <div pdfsrc="/1.pdf">   <script vurl="/1.mp4">
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from feedservice.extract.page.elements import Element
from feedservice.extract.page.links import absolute
from feedservice.extract.text.wording import squeeze

_FRAMES = ("iframe", "embed", "object")
_HOLDERS = ("div", "span", "section", "p", "script")
_NEAR, _MOST = 2, 400
_NO_ADDRESS = frozenset(["class", "id", "style", "title", "name", "type", "width", "height", "align", "href", "action"])
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd)$", re.IGNORECASE)
_FILM = re.compile(r"\.(?:mp4|m4v|webm|mp3|m4a)$", re.IGNORECASE)
_NAME = re.compile(r"[\"']([^\"'<>:/]{1,120}\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd))[\"']", re.IGNORECASE)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What a viewer shows: its address, what it is called, and whether it is a film or a sound."""

    url: str
    name: str
    plays: bool


def may_show(element: Element) -> bool:
    """Whether an element can be a viewer: a frame or plug-in, or one that holds nothing, with an address on it."""
    if element.tag in _FRAMES:
        return True
    if element.tag not in _HOLDERS or len(element):
        return False
    return element.tag == "script" or not squeeze(element.text or "")


def shown_in(element: Element, base_url: str) -> Shown | None:
    """The file or film that an element shows; None where it shows none."""
    # Not by name: damaged pages have names that lxml refuses to be asked for.
    for name, value in ((str(name), str(value)) for name, value in element.items()):
        if name in _NO_ADDRESS or name.startswith("on") or "." not in value or len(value) > _LONGEST:
            continue
        for address in _addresses(value):
            plays = _FILM.search(address) is not None
            if (plays or _FILE.search(address)) and (url := absolute(address, base_url)):
                return Shown(url, _named(element, address), plays)
    return None


def is_linked(element: Element, url: str, base_url: str) -> bool:
    """Whether a link near a viewer leads to the same address."""
    near = next(islice(element.iterancestors(), _NEAR, None), element)
    name = url.rsplit("/", 1)[-1]
    addresses = (item.get("href") or "" for item in islice(near.iter(), _MOST) if item.tag == "a")
    return any(address.endswith(name) and absolute(address, base_url) == url for address in addresses)


def viewers_in(root: Element, base_url: str) -> Iterator[tuple[Element, Shown]]:
    """What is shown inside an element, in page order."""
    for element in root.iter(*_FRAMES, *_HOLDERS):
        if may_show(element) and (shown := shown_in(element, base_url)):
            yield element, shown


def _addresses(value: str) -> list[str]:
    """An attribute as an address, and the one that a viewer is asked to open by its query."""
    if any(char in value for char in "{<\n"):
        return []
    plain = value.split("#")[0]
    path, _, query = plain.partition("?")
    return [path, *(unquote(part.partition("=")[2]).partition("?")[0] for part in query.split("&"))]


def _named(element: Element, path: str) -> str:
    """The name that an element gives its file: its title, or what a quoted name in another attribute says."""
    title = squeeze(element.get("title") or "")
    values = [str(value)[:_LONGEST] for value in element.values()]
    told = next((found[1] for value in values if (found := _NAME.search(value))), "")
    return squeeze(title or told or unquote(path).rsplit("/", 1)[-1])
