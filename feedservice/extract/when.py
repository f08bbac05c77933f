"""When an article was published, and when it was last changed, among all the dates on its page."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from datetime import timezone as tz
from urllib.parse import urlsplit

from feedservice.extract.body import Body
from feedservice.extract.dates import Found, find_moments, parse_moment
from feedservice.extract.density import Ground
from feedservice.extract.dom import Tree
from feedservice.extract.elements import Element, inner_text
from feedservice.extract.labels import Label
from feedservice.extract.lines import Line
from feedservice.extract.scripted import Scripts
from feedservice.extract.splitdates import joined_date
from feedservice.extract.stated import Stated
from feedservice.extract.stateddates import Dated, scripted_dates, stated_dates, stated_updates
from feedservice.extract.wording import squeeze
from feedservice.extract.zone import Zone
from feedservice.model import Moment, Precision


@dataclass(frozen=True, slots=True)
class Times:
    """When the article was published and changed; None and "" where the page does not say."""

    published: Moment | None = None
    published_how: str = ""
    updated: Moment | None = None
    updated_how: str = ""


def read_times(
    ground: Ground,
    zone: Zone,
    labels: Sequence[Label],
    tail: Sequence[Label],
    stated: Stated,
    body: Body,
    url: str,
    timezone: str,
    scripts: Scripts,
) -> Times:
    """Choose the publication among the dates that the page shows and states, with the finest time told for that day."""
    month_first = _is_american(stated, url)
    rows = [
        *stated_dates(stated, timezone),
        *_labelled(labels, timezone, month_first, 9.2),
        *_in_lines([*zone.head, *reversed(zone.above)], timezone, month_first, 7.8),
        *_elements(ground, zone, timezone, month_first),
        *_labelled(tail, timezone, month_first, 7.0),
        *_at_the_end(body, timezone, month_first),
        *_in_address(url, timezone),
        *_in_lines(zone.tail[:4], timezone, month_first, 2.2),
        *_in_lines([line for line in zone.tail[4:] if _POSTED.search(line.text)], timezone, month_first, 2.2),
    ]
    rows = [row for row in rows if 1994 < row.moment.at.year < 2100]
    if not any(row.weight > 2.5 and row.moment.precision is not Precision.DAY for row in rows):
        rows += scripted_dates(scripts, timezone)
    if not any(row.weight > 2.5 for row in rows):
        rows += _guessed(ground.tree, url, timezone)
    rows = _without_changes(rows, [*labels, *tail], timezone, month_first)
    updated = next(iter(_updates(labels, tail, stated, timezone, month_first)), None)
    if not rows:
        return Times(updated.moment, updated.how) if updated else Times()
    best = max(rows, key=lambda row: row.weight)
    best = _corrected(best, rows)
    finest = _in_own_zone(_finest(best, rows), rows)
    if updated is not None and updated.moment.at <= finest.moment.at:
        updated = None
    return Times(finest.moment, finest.how, updated.moment if updated else None, updated.how if updated else "")


def _without_changes(rows: list[Dated], labels: Sequence[Label], timezone: str, month_first: bool) -> list[Dated]:
    """The dates but those stated times that the page shows as the time of the last change, if it shows another too."""
    changed = {
        found[0].moment.at
        for label in labels
        if label.kind == "updated"
        and (found := find_moments(label.value.replace("\x1f", " ")[:80], timezone, month_first=month_first))
    }
    kept = [row for row in rows if row.moment.at not in changed]
    return kept if any(row.how == "near the headline" for row in kept) else rows


_POSTED = re.compile(r"^\W*(?:posted|published|发表于|发布于|編輯於|發表於)", re.IGNORECASE)


def _is_american(stated: Stated, url: str) -> bool:
    language = (stated.language or "").lower()
    host = urlsplit(url).hostname or ""
    return language == "en-us" or (
        language in {"en", ""} and not re.search(r"\.(?:uk|ie|au|nz|in|za|eu|ca|[a-z]{2})$", host)
    )


def _labelled(labels: Sequence[Label], timezone: str, month_first: bool, weight: float) -> Iterable[Dated]:
    """Dates after a label; the first of a kind is trusted most."""
    clock = next((text for label in labels if _CLOCK_ONLY.fullmatch(text := _value(label))), "")
    for label in labels:
        value = _value(label)
        rank = {
            "published": 0.0,
            "updated": -5.0,
            "made": -5.5,
            "origin": -1.0,
            "author": -1.5,
            "editor": -1.5,
            "publisher": -1.0,
        }.get(label.kind)
        if rank is None or not (found := find_moments(value[:80], timezone, month_first=month_first)):
            continue
        if label.kind in {"published", "updated", "made"} and found[0].start > 12:
            continue
        if clock and label.kind == "published" and found[0].moment.precision is Precision.DAY:
            found = find_moments(f"{value[: found[0].end]} {clock}", timezone, month_first=month_first) or found
        yield Dated(weight + rank, found[0].moment, f"label {label.name}")
        weight -= 0.05


def _value(label: Label) -> str:
    return label.value.replace("\x1f", " ").strip()


_OTHER = re.compile(
    r"(?:mis[e]? à jour|updated|modified|aktualisiert|geändert|editiert|actualizado|atualizad[oa]|aggiornato|bijgewerkt"
    r"|обновлено|更新|修改|registriert|registered|joined|mitglied seit|erscheinungs(?:datum|termin)|geboren|born"
    r"|release date)\b[^\d]{0,16}$",
    re.IGNORECASE,
)
"""Words before a date that is not that of publication: of a change, of somebody's joining, of a book."""


def _in_lines(lines: Sequence[Line], timezone: str, month_first: bool, weight: float) -> Iterable[Dated]:
    """Dates in short lines around the headline; and those that are split over two lines."""
    for index, line in enumerate(lines):
        if line.size > 60:
            continue
        text = " ".join(piece.text for piece in line.pieces)
        found = find_moments(text, timezone, month_first=month_first) or find_moments(
            line.text, timezone, month_first=month_first
        )
        if not found and line.size <= 6 and re.search(r"\d", text):
            following = [" ".join(piece.text for piece in other.pieces) for other in lines[index + 1 : index + 4]]
            found = joined_date([text, *following], timezone, month_first)
        elif found and line.size <= 14 and found[-1].moment.precision is Precision.DAY:
            found = _clocked(text, lines[index + 1 : index + 2], timezone, month_first) or found
        for place, item in enumerate(found[:3]):
            alone = 0.3 if line.size < 14 else 0.0
            other = 4.5 if _OTHER.search(text[: item.start][-40:]) else 0.0
            yield Dated(weight + alone - other - 0.4 * place, item.moment, "near the headline")
        weight -= 0.08


_CLOCK_ONLY = re.compile(r"[012]?\d\s?[:：]\s?[0-5]\d(?:\s?[:：]\s?[0-5]\d)?")


def _clocked(text: str, following: Sequence[Line], timezone: str, month_first: bool) -> tuple[Found, ...]:
    """The date of a line with the time of day that fills the next; () where it does not."""
    if not following or not _CLOCK_ONLY.fullmatch(squeeze(following[0].text)):
        return ()
    return find_moments(f"{text.rstrip()} {squeeze(following[0].text)}", timezone, month_first=month_first)


_DATE_NAMES = re.compile(
    r"\b(?:date|time|datum|fecha|pubtime|pubdate|published|posted|timestamp|shijian|riqi|meta|byline)\b|date|time",
    re.IGNORECASE,
)


def _elements(ground: Ground, zone: Zone, timezone: str, month_first: bool) -> Iterable[Dated]:
    """time elements, and those whose itemprop or attributes tell a date."""
    near = {id(line.block) for line in (*zone.head, *zone.above)}
    elements = list(ground.tree.root.iter("time", "span", "abbr", "meta", "div", "p"))
    stamps = {text for element in elements if (text := _published_at(element))}
    for element in elements:
        prop = (element.get("itemprop") or "").lower()
        if element.tag != "time" and prop not in {"datepublished", "datecreated"} and not element.get("datetime"):
            continue
        text = element.get("datetime") or element.get("content") or element.get("title") or inner_text(element)
        moment = parse_moment(text.strip()[:100], timezone, None)
        if moment is None:
            continue
        weight = 8.6 if prop == "datepublished" or element.get("pubdate") is not None else 5.0
        lone = prop == "datepublished" and len(stamps) == 1
        if not lone and element in ground.tree.number and ground.in_furniture(ground.tree.number[element]):
            weight -= 3.0
        close = any(id(above) in near for above in (element, *element.iterancestors()))
        if "update" in f"{element.get('class')} {prop}".lower() or "modif" in f"{element.get('class')} {prop}".lower():
            weight -= 5.0
        yield Dated(
            weight + (2.6 if close and weight < 8 else 0.0), moment, f"<{element.tag}>{' ' + prop if prop else ''}"
        )


def _published_at(element: Element) -> str:
    """What an element with itemprop datePublished says."""
    if (element.get("itemprop") or "").lower() != "datepublished":
        return ""
    return (element.get("datetime") or element.get("content") or element.get("title") or inner_text(element)).strip()


_GUESS_LIMIT = 8_000


def _at_the_end(body: Body, timezone: str, month_first: bool) -> Iterable[Dated]:
    """The date that a notice is signed with, in the last lines of the text."""
    for text in [line for line in body.text.split("\n")[-4:] if len(line) < 40][::-1]:
        found = find_moments(text, timezone, month_first=month_first)
        if found and len(text) - (found[0].end - found[0].start) < 12:
            yield Dated(4.6, found[0].moment, "date at the end")


_ADDRESS = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[-/_]?(?P<m>0[1-9]|1[0-2]|[1-9](?=[-/_]))[-/_]?(?P<d>0[1-9]|[12]\d|3[01]"
    r"|[1-9](?=[-/_.]))(?=[-/_.]|$)|[/_-]t?(?P<stamp>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
    r"|3[01]))(?=[-/_.]|\d{0,8}(?:\D|$))"
)


_ARCHIVED = re.compile(r"^https?://[^/]+/web/\d{8,14}[a-z_]*/(?=https?:)")
"""What an archive puts before the address of a page that it keeps."""


def _in_address(url: str, timezone: str) -> Iterable[Dated]:
    """The day in an address such as /202409/t20240925_1224.html or /2024-05/13/."""
    found = _ADDRESS.search(urlsplit(_ARCHIVED.sub("", url)).path)
    if found:
        text = found["stamp"] or f"{found['y']}-{found['m']}-{found['d']}"
        if moment := parse_moment(text[:10], timezone, None):
            yield Dated(4.2, moment, "address")


def _guessed(tree: Tree, url: str, timezone: str) -> list[Dated]:
    """What htmldate makes of a page that tells no date where one is expected."""
    if len(tree.elements) > _GUESS_LIMIT:
        return []
    from htmldate import find_date

    day = find_date(copy.deepcopy(tree.root), original_date=True, url=url)
    moment = parse_moment(day, timezone, None) if day else None
    return [Dated(2.6, moment, "htmldate")] if moment else []


def _corrected(best: Dated, rows: Sequence[Dated]) -> Dated:
    """A date that only one weak place tells gives way to a day that several places agree on."""

    def agree(day: object) -> float:
        return sum(row.weight for row in rows if row.moment.at.date() == day and row.weight > 2)

    if best.weight >= 7:
        return best
    return max(rows, key=lambda row: (row.weight >= best.weight - 1.0, agree(row.moment.at.date()), row.weight))


def _finest(best: Dated, rows: Sequence[Dated]) -> Dated:
    """The same day told with the time of day, where the chosen date has none."""
    if best.moment.precision is not Precision.DAY:
        return best
    finer = [
        row
        for row in rows
        if row.moment.precision is not Precision.DAY
        and row.weight > 2
        and row.moment.at.date() == best.moment.at.date()
    ]
    if not finer:
        return best
    found = max(finer, key=lambda row: row.weight)
    return Dated(best.weight, found.moment, f"{best.how}, time from {found.how}")


_FARTHEST = timedelta(hours=14)
_STEP = timedelta(minutes=30)


def _in_own_zone(best: Dated, rows: Sequence[Dated]) -> Dated:
    """An instant that is stated in UTC, at the offset of the local time that the page shows for it."""
    at = best.moment.at
    if best.moment.precision is Precision.DAY or at.utcoffset():
        return best
    for row in rows:
        if row.how != "near the headline" or row.weight < 5 or row.moment.precision is Precision.DAY:
            continue
        shown = row.moment.at
        apart = shown.replace(tzinfo=UTC) - at.replace(tzinfo=UTC, second=shown.second, microsecond=0)
        if apart and shown.utcoffset() == at.utcoffset() and abs(apart) <= _FARTHEST and not apart % _STEP:
            there = at.replace(tzinfo=UTC).astimezone(tz(apart))
            return Dated(best.weight, Moment(there, best.moment.precision), f"{best.how}, zone of the time shown")
    return best


def _updates(
    labels: Sequence[Label], tail: Sequence[Label], stated: Stated, timezone: str, month_first: bool
) -> Iterable[Dated]:
    for label in (*labels, *tail):
        if label.kind == "updated":
            found = find_moments(label.value.replace("\x1f", " ")[:80], timezone, month_first=month_first)
            if found and found[0].start <= 12:
                yield Dated(9.0, found[0].moment, f"label {label.name}")
    yield from stated_updates(stated, timezone)
