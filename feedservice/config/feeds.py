"""What an operator may set of feeds, of all or of single ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from feedservice.config.closed import CLOSED, Model
from feedservice.config.values import NAMES, Duration, FeedName, Name, parse_list

Dialect = Literal["baidu", "partner", "kuaichuan"]
Dialects = Annotated[tuple[Dialect, ...], BeforeValidator(parse_list, json_schema_input_type=Dialect | list[Dialect])]


class FoloSettings(Model):
    """A claim of a feed by somebody at Folo; both numbers are what Folo shows."""

    feed: str = Field(pattern=r"^[0-9]{1,30}$", examples=["56144913816835091"])
    """The number of the feed."""
    user: str = Field(pattern=r"^[0-9]{1,30}$", examples=["70410173045150720"])
    """The number of the user."""


class OneFeedSettings(Model):
    """What one feed does otherwise than the others."""

    dates: Literal["truthful", "arrival"] | None = None
    """Whose dates it tells; see `feeds.dates`."""
    edits: Literal["quiet", "resurface"] | None = None
    """What a significant edit does; see `feeds.edits`."""
    dialects: Dialects | None = None
    """Which partners' dialects it is written in too; see `feeds.dialects`."""
    folo: FoloSettings | None = None
    """Who claims the feed at Folo; its RSS and JSON then say so (`follow_challenge`)."""


class FeedSettings(BaseModel):
    """How feeds are cut."""

    model_config = CLOSED

    items: int = Field(default=50, ge=1, le=500)
    """How many of the newest articles a feed holds at least; what is older is in its archive, 10 articles to a page."""
    max_bytes: int = Field(default=2_000_000, ge=10_000)
    """How large a feed may be; older articles go to the archive earlier to make room. Google News reads 2 MB.
    An archive page may be larger: it never leaves an article out."""
    ttl: Duration = timedelta(minutes=15)
    """How long readers may keep a feed before they ask again."""
    archive: bool = True
    """Whether feeds link to pages with all their older articles (RFC 5005); else they hold no more than `items`."""
    dates: Literal["truthful", "arrival"] = "truthful"
    """truthful: articles carry the date that their site tells. arrival: no article is dated before one that was served
    already, for bridges that remember only the newest date; the site's own date stands in the text."""
    edits: Literal["quiet", "resurface"] = "quiet"
    """quiet: an edited article stays where it is, with a new `updated`. resurface: it comes to the top again."""
    of: Annotated[dict[FeedName, OneFeedSettings], NAMES] = {}
    """What single feeds do otherwise, by feed name."""
    dialects: Dialects = ()
    """What partners take feeds in, beside RSS, Atom and JSON Feed. baidu: 百度's <document>, at /feeds/NAME.baidu.xml.
    partner: RSS with the text in <content>, at /feeds/NAME.partner.xml. kuaichuan: 360 快传号's JSON, at
    /feeds/NAME.kuaichuan.json. For some feeds only: `feeds.of.NAME.dialects`."""
    duplicates: Literal["show", "merge"] = "show"
    """merge: what a source brings nearly word for word like another before it, within 3 days and under the same
    headline, is shown by its own feed only; in all others the first one names all who carry it. It counts for what
    arrives from then on."""
    moved: Annotated[dict[FeedName, Name], NAMES] = {}
    """Feeds that are found under another name now, OLD: NEW. Readers are sent there (301), also when this is left out
    again later; a source or selection that takes the old name has it back."""
    gone: tuple[Name, ...] = ()
    """Feeds that are there no more. Readers are told so (410), for good like `moved`."""

    def dates_of(self, feed: str) -> str:
        """Whose dates a feed tells."""
        own = self.of.get(feed)
        return (own.dates if own else None) or self.dates

    def dialects_of(self, feed: str) -> tuple[str, ...]:
        """Which partners' dialects a feed is written in."""
        own = self.of.get(feed)
        return self.dialects if own is None or own.dialects is None else own.dialects

    def claim_of(self, feed: str) -> tuple[str, str] | None:
        """Who claims a feed at Folo: the numbers of the feed and of the user."""
        claim = self.of[feed].folo if feed in self.of else None
        return (claim.feed, claim.user) if claim else None

    def resurfaces(self, feed: str) -> bool:
        """Whether an edited article comes to the top of a feed again."""
        own = self.of.get(feed)
        return ((own.edits if own else None) or self.edits) == "resurface"
