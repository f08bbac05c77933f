"""The pages that articles were read from, kept as they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from feedservice.model.content import Fields


@dataclass(frozen=True, slots=True)
class CaptureBase:
    """A page that others of its source are packed against: what they have in common with it is not kept again.

    name: a digest of what is in it. packed: bytes that only `packing` knows to read.
    """

    name: str
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """All pages of one article as they came, packed against `base`.

    taken: when. digest: of the pages and the offer; equal digests, equal captures. offer: what the source itself said
    of the article, before anything was taken from its page. packed: bytes that only `packing` knows to read.
    """

    taken: datetime
    digest: str
    base: CaptureBase
    packed: bytes
    offer: Fields = field(default_factory=Fields)
