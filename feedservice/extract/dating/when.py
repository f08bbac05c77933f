"""When an article was published, and when it was last changed, among all the dates on its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from feedservice.extract.dates.datewords import month_named
from feedservice.extract.dates.forms import Found, find_moments
from feedservice.extract.dates.splitdates import between_bars, joined_date
from feedservice.extract.dating.addressdates import dates_in_address
from feedservice.extract.dating.chosen import NEAR, chosen, not_after, without_changes
from feedservice.extract.dating.markeddates import marked_changes, marked_dates
from feedservice.extract.dating.stateddates import Dated, scripted_dates, stated_dates, stated_updates
from feedservice.extract.dating.supposed import supposed_day
from feedservice.extract.page.density import Ground
from feedservice.extract.page.labels import Label
from feedservice.extract.page.lines import Line
from feedservice.extract.prose.body import Body
from feedservice.extract.prose.zone import Zone
from feedservice.extract.statements.scripted import Scripts
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import squeeze
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
    month_first = _is_american(stated, url, body.text)
    rows = [
        *stated_dates(stated, timezone),
        *_labelled(labels, timezone, month_first, 9.2),
        *_in_lines([*zone.head, *zone.below, *reversed(zone.above)], timezone, month_first, 7.8),
        *marked_dates(ground, zone, timezone),
        *_labelled(tail, timezone, month_first, 7.0),
        *_at_the_end(body, timezone, month_first),
        *dates_in_address(url, timezone),
        *_in_lines(zone.tail[:4], timezone, month_first, 2.2),
        *_in_lines([line for line in zone.tail[4:] if _POSTED.search(folded(line.text))], timezone, month_first, 2.2),
        *_said_in_words([*zone.inside, *zone.tail], timezone, month_first),
    ]
    rows = _possible(rows)
    if not any(row.weight > 2.5 and row.moment.precision is not Precision.DAY for row in rows):
        rows += _possible(scripted_dates(scripts, timezone))
    if not any(row.weight > 2.5 for row in rows):
        supposed = supposed_day(ground.tree, url, timezone)
        rows += [Dated(2.6, supposed, "htmldate")] if supposed else []
    changes = _changed_at([*labels, *tail], timezone, month_first)
    rows = without_changes(not_after(rows, changes), changes)
    updated = next(iter(_updates(labels, tail, stated, timezone, month_first)), None)
    if not rows:
        return Times(updated.moment, updated.how) if updated else Times()
    told = [*stated_updates(stated, timezone), *marked_changes(ground, timezone)]
    finest = chosen(rows, [row.moment.at for row in told])
    if updated is not None and updated.moment.at <= finest.moment.at:
        updated = None
    return Times(finest.moment, finest.how, updated.moment if updated else None, updated.how if updated else "")


def _possible(rows: Iterable[Dated]) -> list[Dated]:
    """The dates but those from before there were sites, such as the 1 January 1970 of a time that is not set.

    Archives tell older ones, in two places at least: in the page's data and in the address, or beside the headline.
    """
    rows = [row for row in rows if 1900 < row.moment.at.year < 2100]
    places: dict[date, set[str]] = {}
    for row in rows:
        places.setdefault(row.moment.at.date(), set()).add(row.how.partition(" ")[0])
    told = {day for day, hows in places.items() if len(hows) > 1 and (day.month, day.day) not in _UNSET}
    return [row for row in rows if row.moment.at.year >= _FIRST_SITES or row.moment.at.date() in told]


_FIRST_SITES = 1995
_UNSET = {(1, 1), (12, 31)}
"""The days of a time that is not set: at midnight of 1 January 1970 in Greenwich it was 31 December in America."""


def _changed_at(labels: Sequence[Label], timezone: str, month_first: bool) -> set[datetime]:
    """When the page shows that it was changed."""
    return {
        found[0].moment.at
        for label in labels
        if label.kind == "updated"
        and (found := find_moments(label.value.replace("\x1f", " ")[:80], timezone, month_first=month_first))
    }


_POSTED = re.compile(r"^\W*(?:posted|published|发表于|发布于|编辑于)", re.IGNORECASE)


_SAID = re.compile(
    r"^\W*(?:(?:first |originally )?published|(?:zuerst )?(?:veröffentlicht|erschienen)|publiée?|paru|publicad[oa]"
    r"|pubblicato|gepubliceerd|publicerad|publisert|publiceret|udgivet|julkaistu|opublikowano|publikováno"
    r"|опубликовано|опубліковано|yayınlan(?:dı|ma))\b[^\d.!?]{0,20}",
    re.IGNORECASE,
)


def _said_in_words(lines: Sequence[Line], timezone: str, month_first: bool) -> list[Dated]:
    """The day that short lines in the text or below it call that of publication, where they tell only one."""
    said: list[Dated] = []
    for line in lines:
        start = _SAID.match(line.text) if line.size <= 30 and not line.hidden else None
        found = find_moments(line.text, timezone, month_first=month_first) if start else ()
        if start and found and found[0].start <= start.end():
            said.append(Dated(4.4, found[0].moment, "said below"))
    return said[:1] if len({row.moment.at.date() for row in said}) == 1 else []


_ENGLISH = re.compile(r"\s(?:the|and|of)\s")
_SAMPLE, _FEW = 4_000, 5


def _is_american(stated: Stated, url: str, text: str) -> bool:
    """Whether 9/4/2024 is of September, as far as language and address tell."""
    language = (stated.language or "").lower()
    if not language:
        language = "en" if len(_ENGLISH.findall(text[:_SAMPLE])) > _FEW else "?"
    host = urlsplit(url).hostname or ""
    return language == "en-us" or (language == "en" and not re.search(r"\.(?:uk|ie|au|nz|in|za|eu|ca|[a-z]{2})$", host))


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
        if label.kind == "published" and _ENTERED.match(label.word):
            rank = -0.5
        if clock and label.kind == "published" and found[0].moment.precision is Precision.DAY:
            found = find_moments(f"{value[: found[0].end]} {clock}", timezone, month_first=month_first) or found
        yield Dated(weight + rank, found[0].moment, f"label {label.name}")
        weight -= 0.05


_ENTERED = re.compile(r"录入|添加|创建|建立|建档|提交|上传")
"""What is done with a text before it is published."""


def _value(label: Label) -> str:
    return label.value.replace("\x1f", " ").strip()


_OTHER = re.compile(
    r"(?:mis[e]? à jour|modifié|updated|modified|re(?:viewed|vised)|last (?:change|edit|update)|aktualisiert|geändert"
    r"|editiert|actualizad[oa]|atualizad[oa]|aggiorna(?:to|mento)|actualiza(?:t|re)|bijgewerkt|päivitetty|muokattu"
    r"|uppdatera[dt]|oppdatert|opdateret|zaktualizowano|aktualizacja|aktualizováno|frissítve|güncelle(?:me|ndi|nme)"
    r"|diperbarui|cập nhật|оновлено|ενημερώθηκε|обновлено|更新(?:日时?|时间|日期|于)?|修改(?:时间|日期)?"
    r"|최종\s?수정|수정|آخر تحديث|تم التحديث"
    r"|עודכן|עדכון אחרון|registriert|registered|joined|mitglied seit|erscheinungs(?:datum|termin)|geboren|born"
    r"|release date)"
    r"\b[^\d]{0,16}$",
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
        if not found and (barred := between_bars(line.text, timezone)) is not None:
            yield Dated(weight, barred, NEAR)
        elif not found and line.size <= 6 and (re.search(r"\d", text) or month_named(text.strip())):
            following = [" ".join(piece.text for piece in other.pieces) for other in lines[index + 1 : index + 4]]
            found = joined_date([text, *following], timezone, month_first)
        elif found and line.size <= 14 and found[-1].moment.precision is Precision.DAY:
            found = _clocked(text, lines[index + 1 : index + 2], timezone, month_first) or found
        for place, item in enumerate(found[:3]):
            alone = 0.3 if line.size < 14 else 0.0
            changed = _OTHER.search(folded(text[: item.start][-40:])) or _CHANGED.match(folded(text[item.end :][:40]))
            other = 4.5 if changed else _aside(line, text, item)
            yield Dated(weight + alone - other - 0.4 * place, item.moment, NEAR)
        weight -= 0.08


_CHANGED = re.compile(
    r"\W{0,6}(?:last )?(?:updated|modified|aktualisiert|mis a jour|actualizado|aggiornato|bijgewerkt)\W{0,3}"
    r"(?:at\s|um\s|a\s|alle\s|om\s)?[0-2]?\d[:.h]?[0-5]\d",
    re.IGNORECASE,
)
"""What follows a date that is of a change: the time of that day at which it was made."""
_NEIGHBOUR = re.compile(r"\s*[«‹←⟵<]|.*[»›→⟶>]\s*$")
"""A line that leads to the article before this one or to the next."""
_SENTENCE, _BYLINE = 200, 60


def _aside(line: Line, text: str, item: Found) -> float:
    """How much less a date counts for standing deep in a sentence, or among the words of a heading."""
    if (len(text) > _SENTENCE and item.start > _BYLINE) or (line.links and _NEIGHBOUR.match(text)):
        return 3.8
    return 0.5 if line.block.tag in _HEADINGS and len(text) - (item.end - item.start) > 12 else 0.0


_HEADINGS = frozenset(["h1", "h2", "h3"])
_CLOCK_ONLY = re.compile(r"[012]?\d\s?[:：]\s?[0-5]\d(?:\s?[:：]\s?[0-5]\d)?")
_PLACE_TIME = re.compile(
    r"^(?:香港|澳门|北京|台北|当地|新加坡)时间\s?(?P<hour>[012]?\d)[时點点:](?P<minute>[0-5]\d)分?$"
)
"""A time of day with the place whose it is, as authorities sign their releases: 香港時間16時30分."""


def _clocked(text: str, following: Sequence[Line], timezone: str, month_first: bool) -> tuple[Found, ...]:
    """The date of a line with the time of day that fills the next; () where it does not."""
    clock = squeeze(following[0].text) if following else ""
    if told := _PLACE_TIME.match(folded(clock)):
        clock = f"{told['hour']}:{told['minute']}"
    if not _CLOCK_ONLY.fullmatch(clock):
        return ()
    dates = find_moments(text, timezone, month_first=month_first)
    return find_moments(f"{text[: dates[-1].end]} {clock}", timezone, month_first=month_first) if dates else ()


def _at_the_end(body: Body, timezone: str, month_first: bool) -> Iterable[Dated]:
    """The date that a notice is signed with, in the last lines of the text."""
    for text in [line for line in body.text.split("\n")[-4:] if len(line) < 40][::-1]:
        found = find_moments(text, timezone, month_first=month_first)
        if found and len(text) - (found[0].end - found[0].start) < 12:
            yield Dated(4.6, found[0].moment, "date at the end")


def _updates(
    labels: Sequence[Label], tail: Sequence[Label], stated: Stated, timezone: str, month_first: bool
) -> Iterable[Dated]:
    for label in (*labels, *tail):
        if label.kind == "updated":
            found = find_moments(label.value.replace("\x1f", " ")[:80], timezone, month_first=month_first)
            if found and found[0].start <= 12:
                yield Dated(9.0, found[0].moment, f"label {label.name}")
    yield from stated_updates(stated, timezone)
