"""Formulas: as pictures that stand in a sentence, and as MathML."""

from __future__ import annotations

import re
from itertools import islice

from feedservice.extract.page.elements import BLOCKS, Element, is_hidden, names_of
from feedservice.extract.page.links import absolute
from feedservice.extract.text.wording import squeeze

_NAMED = re.compile(r"formula|latex|mathjax|mathtype|equation|\btex\b", re.IGNORECASE)
_NOTES = ("data-latex", "data-formula", "data-tex", "data-equation")
_LONGEST, _DEPTH = 5_000, 6


def is_formula(address: str) -> bool:
    """Whether the address of a picture says that it is a formula."""
    return _NAMED.search(address) is not None


def formula_in(image: Element, base_url: str) -> tuple[str, str] | None:
    """The address of a picture that is a formula in a sentence, and how it is written; None for any other picture."""
    note = next((text for name in _NOTES if (text := image.get(name))), "")
    if not note and not _NAMED.search(names_of(image)) and not is_formula(image.get("src") or ""):
        return None
    url = absolute(image.get("src"), base_url)
    if url is None or not _in_sentence(image):
        return None
    return url, squeeze((image.get("alt") or note)[:_LONGEST])


def _in_sentence(image: Element) -> bool:
    """Whether words stand right before or behind a picture in its paragraph."""
    item = image
    for above in islice(image.iterancestors(), _DEPTH):
        before = item.getprevious()
        beside = (item.tail, above.text if before is None else before.tail)
        if any(squeeze(text or "") for text in beside):
            return True
        if above.tag in BLOCKS:
            return False
        item = above
    return False


def written(math: Element) -> str:
    """A formula as its author wrote it, for those who see no MathML, where that is on the page."""
    if any(is_hidden(above) for above in islice(math.iterancestors(), 3)):
        return ""
    note = next((item.text for item in math.iter("annotation") if "tex" in (item.get("encoding") or "")), None)
    return (math.get("alttext") or note or "")[:_LONGEST]
