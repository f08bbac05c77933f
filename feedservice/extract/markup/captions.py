"""Words that are named as captions: those of a picture, those left without one, and text that only bears the name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from feedservice.extract.markup.writer import Block
from feedservice.extract.page.elements import names_of
from feedservice.extract.text.wording import words

_ENDED = re.compile(r"[.!?][\"'”’»)]*(?=\s|$)|[。！？]")


def captioned(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with captions given to the pictures before them; a caption without a picture goes."""
    kept: list[Block] = []
    for block in blocks:
        if block.kind != "caption":
            kept.append(block)
        elif kept and kept[-1].kind == "figure" and "<figcaption>" not in kept[-1].html:
            inner = block.html.removeprefix("<p>").removesuffix("</p>")
            markup = kept[-1].html.removesuffix("</figure>") + f"<figcaption>{inner}</figcaption></figure>"
            kept[-1] = replace(kept[-1], html=markup)
        elif _is_prose(block):
            kept.append(replace(block, kind="p", size=words(block.text)))
    return kept


def _is_prose(block: Block) -> bool:
    """Whether a block is only named as captions are, as a column of text beside a picture may be."""
    if words(block.text) <= 25 or len(_ENDED.findall(block.text)) < 2:
        return False
    return block.element.tag != "figcaption" and "caption" not in names_of(block.element).lower()
