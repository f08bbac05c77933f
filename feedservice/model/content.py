"""What is known of an article's content, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Precision(StrEnum):
    """How exactly a source tells a time."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a source tells it: always aware, with the precision that was really given."""

    at: datetime
    precision: Precision = Precision.SECOND


def as_told(at: datetime, precision: Precision) -> Moment:
    """A time that is written down with a time of day: local midnight to the second is the day alone.

    Programs that know but the day write 00:00:00. What is stated in UTC is an instant: midnight there is a time of day
    nearly everywhere.
    """
    local = at.utcoffset() != timedelta(0) or isinstance(at.tzinfo, ZoneInfo)
    alone = local and precision is Precision.SECOND and at.time() == time()
    return Moment(at, Precision.DAY if alone else precision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that belongs to an article. `length` is in bytes; None where nobody has said it yet."""

    url: str
    name: str = ""
    media_type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What is known of an article's content. Anything may be missing: empty, or None.

    body: HTML. Sanitised and absolute once it has left `extract`; raw in an Offer.
    origins: the publications that the article names as where it comes from (来源), in order.
    authors: who wrote it; never the editor (责任编辑).
    breadcrumb: the titles on the way to the page, outermost first, without the headline itself.
    extras: labelled facts that have no field of their own (索引号, 文号, ...), in page order.
    """

    title: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    summary: str = ""
    body: str = ""
    language: str | None = None
    authors: tuple[str, ...] = ()
    editor: str = ""
    origins: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lead_image: str | None = None
    attachments: tuple[Attachment, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()
