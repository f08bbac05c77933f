"""Sets of words that are written down as one text."""

from __future__ import annotations


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text, told apart by white space."""
    return frozenset(text.split())
