"""What stands in the dictionaries that feedparser makes: texts, dictionaries, lists of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Entry = Mapping[str, object]


def string_of(value: Entry, name: str, *, strip: bool = True) -> str:
    """The text under a name, "" where there is none."""
    found = _under(value, name)
    text = found if isinstance(found, str) else ""
    return text.strip() if strip else text


def dict_of(value: Entry, name: str) -> Entry:
    """The dictionary under a name, {} where there is none."""
    found = _under(value, name)
    return found if isinstance(found, Mapping) else {}


def dicts_of(value: Entry, name: str) -> Sequence[Entry]:
    """The dictionaries in the list under a name."""
    found = _under(value, name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _under(value: Entry, name: str) -> object:
    # Past feedparser's own `get`, which warns and answers with another field.
    return dict.get(value, name) if isinstance(value, dict) else value.get(name)
