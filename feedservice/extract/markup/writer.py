"""Blocks as they are written: their markup, their text, and the inline runs that become paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html import escape

from feedservice.extract.page.elements import Element
from feedservice.extract.text.wording import encoded_once, legal, squeeze, unescape, words

_RUN = re.compile(r"[ \t\r\n\f\u00a0\u200b\u2060\ufeff]+|(?<=\u3000)\u3000{3,}")
_EDGES = " \t\r\n\f\u00a0\u3000"
_BREAKS = re.compile(r"<br>(?:\s?<br>)+|<br>\s?(?=\u3000\u3000)")
"""Where one run of text is several paragraphs: at empty lines, and before a line that is set in by two characters."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article: its markup, its text, and the element that it came from.

    kind: "p", "h", "list", "table", "quote", "pre", "figure", "caption", "media", "rule".
    links: which part of the words is in links, 0 to 1. size: in words.
    """

    kind: str
    html: str
    text: str
    element: Element
    links: float = 0.0
    size: int = 0


class Writer:
    """Collects inline markup into paragraphs while `walk` goes through the children of an element."""

    def __init__(self, base_url: str, dropped: set[Element], walk: Walk) -> None:
        self.walk = walk
        self.base_url = base_url
        self.dropped = dropped
        self.blocks: list[Block] = []
        self.markup: list[str] = []
        self.text: list[str] = []
        self.words = 0
        self.linked = 0
        self.in_link = 0
        self.opened = 0
        self.said = False
        self.owner: Element | None = None

    def add_text(self, text: str | None, owner: Element) -> None:
        if not text:
            return
        clean = _RUN.sub(" ", legal(encoded_once(text)))
        if clean == " " and not self.markup:
            return
        self.markup.append(escape(clean, quote=False))
        self.text.append(clean)
        self.said = self.said or bool(squeeze(clean))
        count = words(clean)
        self.words += count
        self.linked += count if self.in_link else 0
        if count and self.owner is None:
            self.owner = owner

    def flush(self, owner: Element, tag: str = "p") -> None:
        """End the paragraph that is being written."""
        markup, text = "".join(self.markup), squeeze("".join(self.text))
        owner = self.owner if self.owner is not None else owner
        share = self.linked / self.words if self.words else 0.0
        size = self.words
        self.forget()
        self.text, self.words, self.linked, self.owner = [], 0, 0, None
        kind = "p" if tag == "p" else "h"
        if not text:
            return
        for part in _BREAKS.split(markup):
            self._paragraph(part, text, owner, tag, kind, share, size)

    def open_tag(self, tag: str) -> None:
        """Begin an inline element."""
        self.markup.append(tag)
        self.opened += 1

    def close_tag(self, tag: str, name: str) -> None:
        """End the inline element that `tag` began; one with nothing in it was none."""
        if self.markup and self.markup[-1] == tag:
            self.markup.pop()
        else:
            self.markup.append(f"</{name}>")
        self.opened -= 1

    def forget(self) -> None:
        """Let go of the markup of the run that is being written, and of what is open in it."""
        self.markup, self.opened, self.said = [], 0, False

    def _paragraph(self, part: str, text: str, owner: Element, tag: str, kind: str, share: float, size: int) -> None:
        inner = _trim(part)
        if inner:
            plain = text if kind == "h" else squeeze(_plain(inner))
            if plain:
                count = size if plain == text else words(plain)
                self.blocks.append(Block(kind, f"<{tag}>{inner}</{tag}>", plain, owner, share, count))

    def add_block(self, kind: str, markup: str, text: str, owner: Element, links: float = 0.0) -> None:
        self.blocks.append(Block(kind, markup, squeeze(text), owner, links, words(text)))

    def inside(self, element: Element, depth: int, dropped: Collection[Element] = ()) -> list[Block]:
        """The blocks inside an element, written apart from what is being written here.

        dropped: elements further down that are written by themselves, and are left out here.
        """
        self.dropped.update(dropped)
        nested = Writer(self.base_url, self.dropped, self.walk)
        nested.in_link = self.in_link
        self.walk(nested, element, depth)
        nested.flush(element)
        return nested.blocks


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^<>]*>", "", markup.replace("<br>", "\n")))


def _trim(markup: str) -> str:
    """Cut white space and line breaks at both ends, ideographic indents included."""
    before = None
    while markup != before:
        before = markup
        markup = markup.strip(_EDGES).removeprefix("<br>").removesuffix("<br>")
        markup = re.sub(r"^((?:<[a-z][^<>]*>)*)[\s\u3000]+", r"\1", markup)
    return _balanced(markup)


def _balanced(markup: str) -> str:
    """Close and open what a cut inside inline markup has left open."""
    opened: list[str] = []
    prefix = ""
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)[^<>]*>", markup):
        if name in {"br", "img"}:
            continue
        if not closing:
            opened.append(name)
        elif opened and opened[-1] == name:
            opened.pop()
        else:
            prefix = f"<{name}>" + prefix if name != "a" else "<span>" + prefix
    return prefix + markup + "".join(f"</{name}>" for name in reversed(opened))


Walk = Callable[[Writer, Element, int], None]
