"""Feeds' names among one another: no two feeds have one, and moves lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from feedservice.config.marks import Place
from feedservice.config.wording import Complaint, nearest

RESERVED = {"all": "the feed of everything has this name"}
_Data = Mapping[str, object]


def misnamed(data: _Data) -> Iterator[Complaint]:
    """What is wrong with feeds' names in the settings as they stand in the file, where each by itself is well-formed.

    Anything of another shape than the settings allow is passed over: that is told elsewhere.
    """
    sources, selections, feeds = (_mapping(data.get(name)) for name in ("sources", "selections", "feeds"))
    moved = {old: new for old, new in _mapping(feeds.get("moved")).items() if isinstance(new, str)}
    gone = feeds.get("gone")
    lost = {name: index for index, name in enumerate(gone) if isinstance(name, str)} if isinstance(gone, list) else {}
    yield from _selections(sources, selections)
    taken = {**dict.fromkeys(sources, "source"), **dict.fromkeys(selections, "selection")}
    yield from _retired(moved, lost, taken)


def _selections(sources: _Data, selections: _Data) -> Iterator[Complaint]:
    for name, selection in selections.items():
        place: Place = ("selections", str(name))
        if name in RESERVED or name in sources:
            problem = RESERVED.get(str(name), "a source has this name")
            yield Complaint(place=place, problem=problem, at_key=True, allowed="another name")
        wanted = _mapping(selection).get("sources")
        if isinstance(wanted, str) and wanted not in sources:
            yield _no_source((*place, "sources"), wanted, sources)
        for index, source in enumerate(wanted if isinstance(wanted, list) else ()):
            if isinstance(source, str) and source not in sources:
                yield _no_source((*place, "sources", index), source, sources)


def _no_source(place: Place, name: str, sources: _Data) -> Complaint:
    known = [str(source) for source in sources]
    return Complaint(
        place=place,
        problem="there is no such source",
        value=name,
        has_value=True,
        allowed="the name of a source in this file",
        nearest=nearest(name, known),
    )


def _retired(moved: Mapping[str, str], gone: Mapping[str, int], taken: _Data) -> Iterator[Complaint]:
    for old, new in moved.items():
        place: Place = ("feeds", "moved", str(old))
        problem = _still_there(str(old), taken)
        if problem:
            yield Complaint(
                place=place, problem=problem, at_key=True, allowed="the name of a feed that is there no more"
            )
        elif old in gone:
            yield Complaint(
                place=place, problem="moved and gone exclude each other", at_key=True, allowed="one of the two"
            )
        elif _leads_back(moved, str(old)):
            yield _nowhere(place, new, "the moves go round in a circle")
        elif new in gone:
            yield _nowhere(place, new, "this feed is gone")
    for name, index in gone.items():
        problem = _still_there(name, taken)
        if problem:
            allowed = "the name of a feed that is there no more"
            yield Complaint(
                place=("feeds", "gone", index), problem=problem, value=name, has_value=True, allowed=allowed
            )


def _nowhere(place: Place, new: str, problem: str) -> Complaint:
    return Complaint(
        place=place, problem=problem, value=new, has_value=True, allowed="the name of a feed that is served"
    )


def _still_there(name: str, taken: _Data) -> str:
    return RESERVED.get(name) or (f"a {taken[name]} has this name" if name in taken else "")


def _leads_back(moved: Mapping[str, str], name: str) -> bool:
    """Whether the moves from `name` on lead to `name` again; what leads into a circle elsewhere is not at fault."""
    here = moved.get(name)
    for _ in moved:
        if here is None or here == name:
            break
        here = moved.get(here)
    return here == name


def _mapping(value: object) -> _Data:
    return value if isinstance(value, Mapping) else {}
