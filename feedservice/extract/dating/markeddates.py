"""The dates that elements of a page are marked with: <time>, itemprop, and the class names of hAtom and h-entry."""

from __future__ import annotations

from collections.abc import Iterable

from feedservice.extract.dates.forms import parse_moment
from feedservice.extract.dating.stateddates import Dated
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element, inner_text
from feedservice.extract.prose.zone import Zone

_PUBLISHED = frozenset(["published", "dt-published"])
_PROP, _CLASS = "datepublished", "published"
_STAMPS = ("datetime", "data-datetime", "data-timestamp", "data-time", "data-date", "data-epoch")
_USUAL = frozenset(["time", "span", "abbr", "meta", "div", "p"])
_TRUST = {_PROP: 8.6, _CLASS: 7.0}


def marked_dates(ground: Ground, zone: Zone, timezone: str) -> Iterable[Dated]:
    """time elements, and those whose itemprop or attributes tell a date."""
    near = {id(line.block) for line in (*zone.head, *zone.above)}
    elements = [item for item in ground.tree.root.iter("*") if item.tag in _USUAL or item.get("itemprop")]
    stamps = {mark: {_said(item) for item in elements if _mark(item) == mark and _said(item)} for mark in _TRUST}
    for element in elements:
        prop = (element.get("itemprop") or "").lower()
        if element.tag != "time" and prop not in {_PROP, "datecreated"} and not _stamp(element):
            continue
        close = any(id(above) in near for above in (element, *element.iterancestors()))
        if not close and element.tag != "time" and not (prop or element.get("datetime")):
            continue
        moment = parse_moment(_said(element)[:100], timezone, None)
        if moment is None:
            continue
        mark = _mark(element)
        lone = mark in stamps and len(stamps[mark]) == 1
        weight = _TRUST[mark] if mark == _PROP or (lone and element.tag == "time") else 5.0
        weight = 8.6 if element.get("pubdate") is not None else weight
        aside = not lone and element in ground.tree.number and ground.in_furniture(ground.tree.number[element])
        weight -= 3.0 if aside else 0.0
        if mark != _CLASS and _is_change(element) and element.get("pubdate") is None:
            weight -= 5.0
        name = f"<{element.tag}>{' ' + prop if prop else ''}"
        yield Dated(weight + (2.6 if close and weight < 7 and not (aside and mark) else 0.0), moment, name)


def marked_changes(ground: Ground, timezone: str) -> Iterable[Dated]:
    """When the page's elements say, with itemprop dateModified, that the article was changed."""
    for element in ground.tree.root.iter("time", "span", "meta"):
        marked = (element.get("itemprop") or "").lower() == "datemodified"
        if marked and (moment := parse_moment(_said(element)[:100], timezone, None)):
            yield Dated(7.0, moment, f"<{element.tag}> datemodified")


def _mark(element: Element) -> str:
    """What marks an element as the date of publication; "" where nothing does."""
    if (element.get("itemprop") or "").lower() == _PROP:
        return _PROP
    return _CLASS if _PUBLISHED & set((element.get("class") or "").lower().split()) else ""


def _is_change(element: Element) -> bool:
    names = f"{element.get('class')} {element.get('itemprop')}".lower()
    return "update" in names or "modif" in names


def _stamp(element: Element) -> str:
    """The moment that an element tells to scripts."""
    return next((text for name in _STAMPS if (text := element.get(name))), "")


def _said(element: Element) -> str:
    text = _stamp(element) or element.get("content") or element.get("title") or inner_text(element)
    return text.strip()
