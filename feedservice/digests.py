"""What a source told of an article, and what a reader would notice of it, as digests that are stored and compared."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from feedservice.addresses.spellings import homes, is_one, respelled
from feedservice.model import Fields, Known, Moment, Offer, as_told
from feedservice.stamps import Stamp, read_stamp
from feedservice.words.marks import balanced, without_width
from feedservice.words.noticing import noticed_addresses, noticed_words

_SPACE = re.compile(r"\s+")


def offer_digest(offer: Offer) -> str:
    """What the source said of an article, stamped before anything is completed from its page."""
    return _digest(_said(offer, [_moment(offer.fields.published), _moment(offer.fields.updated)]))


def _said(offer: Offer, times: Sequence[str]) -> list[object]:
    fields = offer.fields
    texts = noticed_words(fields.summary), noticed_words(fields.body)
    return [offer.url, _squeeze(fields.title), *times, *texts, *([offer.stamp] if offer.stamp else [])]


def is_told_otherwise(known: Known, offer: Offer) -> bool:
    """Whether a source tells of a stored article otherwise than it did; another spelling of its address is nothing."""
    before = read_stamp(known.offer_digest).digest
    return before not in (offer_digest(offer), offer_digest(_as_stored(offer, known)))


def stamp_after_nothing(known: Known, offer: Offer) -> str:
    """The offer_digest to remember of an article in which nothing was new, whatever its source told of it."""
    stamp = Stamp(offer_digest(offer))
    if is_told_otherwise(known, offer):
        stamp = read_stamp(known.offer_digest).after_nothing(stamp.digest, _words_digest(known, offer))
    return str(stamp)


def is_idle_talk(known: Known, offer: Offer) -> bool:
    """Whether only other times are told of an article, and that meant nothing before; a look at it costs a request."""
    asks = not offer.complete and offer.url is not None
    return asks and read_stamp(known.offer_digest).is_idle(_words_digest(known, offer))


def _words_digest(known: Known, offer: Offer) -> str:
    return _digest(_said(_as_stored(offer, known), ()))[:16]


def _as_stored(offer: Offer, known: Known) -> Offer:
    """An offer with its address spelled as that of its article is."""
    return replace(offer, url=known.url) if offer.url is not None and is_one(offer.url, known.url) else offer


def content_digest(fields: Fields) -> str:
    """What a reader would notice of an article: words, pictures, links, files; not markup, counters or clocks."""
    return next(_content_digests(fields, [str]))


def is_as_stored(known: Known, fields: Fields) -> bool:
    """Whether a reader would notice nothing new of a stored article.

    Its site may spell its own address anew, and that of other sites' pictures and links with the same scheme. Its title
    may lose marks and spaces that no reader misses: what those are was once decided otherwise.
    """
    if len(fields.title) < len(known.title) and _unspaced(known.title) == _unspaced(fields.title):
        fields = replace(fields, title=known.title)
    spells: list[Callable[[str], str]] = [str]
    spells += [partial(respelled, home=home, others=others) for home in homes(known.url) for others in (False, True)]
    return known.content_digest in _content_digests(fields, spells)


def _content_digests(fields: Fields, spells: Iterable[Callable[[str], str]]) -> Iterator[str]:
    """The digest with each of these spellings of its addresses; what the body says is looked for once."""
    words, addresses = noticed_words(fields.body), noticed_addresses(fields.body)
    for spell in spells:
        noticed = [
            _squeeze(fields.title),
            words,
            sorted(map(spell, addresses)),
            sorted(spell(attachment.url) for attachment in fields.attachments),
            list(fields.authors),
            list(fields.origins),
        ]
        yield _digest(noticed)


def _unspaced(title: str) -> str:
    return _SPACE.sub("", balanced(without_width(title)))


def is_other(before: Fields, after: Fields) -> bool:
    """Whether two readings of one page differ in any field, white space, markup, counters and clocks aside."""
    return content_digest(before) != content_digest(after) or _aside(before) != _aside(after)


def _aside(fields: Fields) -> list[object]:
    """What `content_digest` leaves out."""
    return [
        _moment(fields.published and _as_today(fields.published)),
        _moment(fields.updated and _as_today(fields.updated)),
        noticed_words(fields.summary),
        fields.language,
        _squeeze(fields.editor),
        [_squeeze(step) for step in fields.breadcrumb],
        [_squeeze(tag) for tag in fields.tags],
        fields.lead_image,
        [(file.url, _squeeze(file.name)) for file in fields.attachments],
        [(_squeeze(label), _squeeze(value)) for label, value in fields.extras],
    ]


def _as_today(moment: Moment) -> Moment:
    """A moment that may have been kept when midnight was still a time of day."""
    return as_told(moment.at, moment.precision)


def _moment(moment: Moment | None) -> str:
    return f"{moment.at.isoformat()}/{moment.precision}" if moment else ""


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _digest(values: Sequence[object]) -> str:
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def key_digest(key: str) -> str:
    """Twelve characters that stand for a key among a source's facts, whatever is in it."""
    return urlsafe_b64encode(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:9]).decode("ascii")
