"""Articles that somebody pushes by the API: what they may look like, and how they wait for the worker as letters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, ValidationError, model_validator

from feedservice.config.settings import CategoryPath, Model
from feedservice.errors import BadArticle
from feedservice.model import Attachment, Fields, Letter, Moment, Offer, Reading
from feedservice.protocols import ConditionalGet, Opening, Source, SourceKind
from feedservice.sources.dates import read_time
from feedservice.sources.markup import paragraphs
from feedservice.sources.options import Address

_Line = Annotated[str, Field(max_length=1_000, pattern=r"\S")]
_Several = Annotated[tuple[_Line, ...], Field(max_length=50)]
_Text = Annotated[str, Field(max_length=1_000_000)]
_Time = Annotated[str, Field(min_length=8, max_length=60)]


class PushOptions(Model):
    """Articles that somebody pushes: POST /api/sources/NAME/articles. docs/operating.md tells how."""

    token: SecretStr | None = Field(default=None, min_length=16)
    """What whoever pushes has to know, sent as `Authorization: Bearer TOKEN`: "${PUSH_TOKEN}". At least 16 characters.
    Left out: nobody can push."""


class PushedFile(Model):
    """A file that belongs to an article."""

    url: Address
    name: Annotated[str, Field(max_length=1_000)] = ""
    type: Annotated[str, Field(max_length=200)] | None = None
    length: Annotated[int, Field(ge=0)] | None = None


class PushedArticle(Model):
    """An article as it is pushed."""

    id: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^\S+$")] | None = None
    url: Annotated[Address, Field(max_length=2_000)] | None = None
    title: _Line
    html: _Text = ""
    text: _Text = ""
    summary: _Text = ""
    published: _Time | None = None
    updated: _Time | None = None
    authors: _Several = ()
    origin: _Several = ()
    category: CategoryPath | None = None
    tags: _Several = ()
    language: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$")] | None = None
    image: Address | None = None
    attachments: Annotated[tuple[PushedFile, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _check_whole(self) -> PushedArticle:
        if self.id is None and self.url is None:
            raise ValueError("an id or a url is needed, by which the article is known for ever")
        if self.html and self.text:
            raise ValueError("html or text, not both")
        return self

    @property
    def key(self) -> str:
        """What tells the article from the source's others."""
        return self.id or self.url or ""


def read_pushed(data: object, timezone: str) -> tuple[Offer, str]:
    """An article that was pushed, from JSON values: its offer, and the text of its letter.

    timezone: IANA name, for times that come without a zone. Raises BadArticle with everything that is wrong.
    """
    try:
        article = PushedArticle.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise BadArticle(tuple(_faults(error))) from None
    text = json.dumps(article.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    return _offer(article, text, timezone), text


def _offer(article: PushedArticle, text: str, timezone: str) -> Offer:
    times = {name: _moment(name, getattr(article, name), timezone) for name in ("published", "updated")}
    fields = Fields(
        title=" ".join(article.title.split()),
        published=times["published"],
        updated=times["updated"],
        summary=article.summary,
        body=article.html or paragraphs(article.text),
        language=article.language,
        authors=article.authors,
        origins=article.origin,
        breadcrumb=article.category or (),
        tags=article.tags,
        lead_image=article.image,
        attachments=tuple(
            Attachment(url=file.url, name=file.name, media_type=file.type, length=file.length)
            for file in article.attachments
        ),
    )
    stamp = hashlib.sha256(text.encode()).hexdigest()
    return Offer(key=article.key, url=article.url, permanent_id=article.id, fields=fields, complete=True, stamp=stamp)


def _moment(name: str, text: str | None, timezone: str) -> Moment | None:
    moment = read_time(text, timezone) if text is not None else None
    if text is not None and moment is None:
        raise BadArticle(((f"/{name}", "no time such as 2026-01-05T11:00:00+08:00, 2026-01-05 11:00 or 2026-01-05"),))
    return moment


def _faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        place = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in one["loc"])
        yield place, one["msg"].removeprefix("Value error, ")


@dataclass(frozen=True, slots=True)
class Push:
    """A source that is told of articles, with its options bound. letters: those that wait for it, oldest first."""

    timezone: str
    letters: Callable[[], Sequence[Letter]]

    def read(self, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        """What was pushed since the last time, newest first; of each article the last word counts. No network."""
        letters = self.letters()
        if not letters:
            return Reading(unchanged=True)
        last = {letter.key: letter for letter in letters}
        offers: list[Offer] = []
        problems: list[str] = []
        for letter in sorted(last.values(), key=lambda letter: letter.number, reverse=True):
            try:
                offers += [read_pushed(json.loads(letter.text), self.timezone)[0]] if letter.text else []
            except (BadArticle, ValueError) as error:
                problems.append(f"{letter.key}: cannot be read any more: {error}")
        return Reading(
            offers=tuple(offers),
            problems=tuple(problems),
            withdrawn=tuple(letter.key for letter in last.values() if not letter.text),
            letters=letters[-1].number,
        )


def _open(options: BaseModel, opening: Opening) -> Source:
    return Push(opening.timezone, opening.letters)


PUSH = SourceKind(
    name="push",
    summary="articles that somebody pushes by the API",
    options=PushOptions,
    open=_open,
    reads_pages=False,
    offer_wins=True,
    pushed=True,
)
