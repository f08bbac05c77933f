"""The dates that a page states where no reader sees them: JSON-LD, meta names, and what its scripts hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedservice.extract.dates.forms import parse_moment
from feedservice.extract.statements.scripted import Scripts
from feedservice.extract.statements.stated import Stated
from feedservice.model import Moment

_META = {
    "pubdate": 9.0, "article:published_time": 8.5, "og:published_time": 8.5, "og:article:published_time": 8.5,
    "weibo: article:create_at": 9.0, "og:time": 8.5,
    "publishdate": 7.5, "publish-date": 8.0, "publish_date": 8.0, "publish_time": 8.0,
    "publishtime": 8.0, "pub_date": 8.0, "publicationdate": 8.0, "publication_date": 8.0, "datepublished": 8.5,
    "date.published": 8.0, "article.published": 8.5, "firstpublishedtime": 9.0, "parsely-pub-date": 8.5,
    "sailthru.date": 8.0, "cxenseparse:recs:publishtime": 8.0, "dc.date.issued": 8.0, "dcterms.issued": 8.0,
    "dcterms.created": 7.0, "dc.date.created": 7.5, "dc.date": 6.5, "dcterms.date": 6.5, "dc.terms.created": 7.0,
    "date": 6.5, "created": 6.0, "article:published": 8.5, "article_date_original": 8.5, "originalpublicationdate": 8.5,
    "bt:pubdate": 8.5, "citation_publication_date": 8.0, "citation_date": 7.0, "iso-8601-publish-date": 8.5,
    "analyticsattributes.articledate": 8.0, "displaydate": 7.0, "rnews:datepublished": 8.5,
    "shareaholic:article_published_time": 8.5, "vr:published_time": 8.5, "ptime": 7.0, "pdate": 7.0,
    "eomportal-lastupdate": 3.0, "video:release_date": 6.0, "article:create_at": 8.5, "release_date": 7.0,
    "apub:time": 7.5, "dateupdate": 6.4, "publishtime_new": 8.0, "pubtime": 8.0, "createtime": 6.5, "makedate": 6.0,
    "og:release_date": 8.0, "published_at": 8.0, "published": 8.0, "posted": 7.0, "post_date": 8.0, "postdate": 8.0,
    "last-modified": 2.0, "lastmod": 2.0, "revised": 2.0, "og:updated_time": 2.5, "article:modified_time": 2.5,
}  # fmt: skip
_META_UPDATED = (
    "article:modified_time", "og:updated_time", "weibo: article:update_at", "article:modified", "dcterms.modified",
    "dc.date.modified", "datemodified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the page, how much it is trusted to be the day of publication, and how it was found."""

    weight: float
    moment: Moment
    how: str


def stated_dates(stated: Stated, timezone: str) -> Iterable[Dated]:
    """Times of publication that JSON-LD and meta names tell, each with its trust."""
    for name, weight in (("datePublished", 9.0), ("uploadDate", 6.0), ("dateCreated", 7.0), ("dateModified", 2.4)):
        if moment := parse_moment(stated.text(name), timezone, None):
            yield Dated(min(weight, 4.0) if stated.later else weight, moment, f"json-ld {name}")
    for name, weight in _META.items():
        if (text := stated.meta.get(name)) and (moment := parse_moment(text, timezone, None)):
            yield Dated(weight, moment, f"meta {name}")


def scripted_dates(scripts: Scripts, timezone: str) -> Iterable[Dated]:
    """Times of publication in the variables and the data of a page's scripts; the first name is trusted most."""
    for place, (name, text) in enumerate(scripts.times(timezone)):
        if moment := parse_moment(text, timezone, None):
            yield Dated(5.2 - 0.05 * place, moment, f"script {name}")


def stated_updates(stated: Stated, timezone: str) -> Iterable[Dated]:
    """When the page says, unseen, that the article was changed."""
    if moment := parse_moment(stated.text("dateModified"), timezone, None):
        yield Dated(8.0, moment, "json-ld dateModified")
    for name in _META_UPDATED:
        if (text := stated.meta.get(name)) and (moment := parse_moment(text, timezone, None)):
            yield Dated(7.0, moment, f"meta {name}")
