"""The nouns: frozen values that flow through the house. Floor 1: imports errors only.

Each value is named by its stage of life: an `Offer` is what a source says is there, `Fields` are what is known of an
article's content, an `Article` is what the store remembers, an `Edition` is one feed as it stands at one moment,
a `Document` is published bytes.
"""

from __future__ import annotations

from feedservice.model.articles import Arrival, Article, Card, Carried, CategoryStep, Edit, Known, Revision
from feedservice.model.captures import Capture, CaptureBase
from feedservice.model.content import Attachment, Fields, Moment, Precision, as_told
from feedservice.model.documents import Coded, Document, DocumentHead, Representation
from feedservice.model.feeds import ArchivePage, Edition, Feed, FeedKind, FeedState, Member, Showing, Site
from feedservice.model.letters import Letter
from feedservice.model.reading import (
    FIRST_READ,
    Extraction,
    Memory,
    NotModified,
    Offer,
    Page,
    PollHints,
    Reading,
    Validators,
)
from feedservice.model.sources import AT_ONCE, Facts, Health, Intake, Seen, SourceState

__all__ = [
    "AT_ONCE",
    "FIRST_READ",
    "ArchivePage",
    "Arrival",
    "Article",
    "Attachment",
    "Capture",
    "CaptureBase",
    "Card",
    "Carried",
    "CategoryStep",
    "Coded",
    "Document",
    "DocumentHead",
    "Edit",
    "Edition",
    "Extraction",
    "Facts",
    "Feed",
    "FeedKind",
    "FeedState",
    "Fields",
    "Health",
    "Intake",
    "Known",
    "Letter",
    "Member",
    "Memory",
    "Moment",
    "NotModified",
    "Offer",
    "Page",
    "PollHints",
    "Precision",
    "Reading",
    "Representation",
    "Revision",
    "Seen",
    "Showing",
    "Site",
    "SourceState",
    "Validators",
    "as_told",
]
