"""Articles that somebody pushes by the API: what they may look like, and how they wait for the worker as letters."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator

from feedservice.config.settings import CategoryPath, Model
from feedservice.errors import BadArticle
from feedservice.model import FIRST_READ, Attachment, Fields, Letter, Memory, Moment, Offer, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening, Source, SourceKind
from feedservice.sources.dates import read_time
from feedservice.sources.markup import paragraphs
from feedservice.sources.options import Address
from feedservice.sources.push.faults import NO_TIME, faults
from feedservice.sources.titles import title_from_text

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
"""What a title cannot be made of alone, by its Unicode general category."""
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_LONG = frozenset({"html", "text", "summary"})
_Line = Annotated[str, Field(max_length=1_000, pattern=r"\S")]
_Several = Annotated[tuple[_Line, ...], Field(max_length=50)]
_Text = Annotated[str, Field(max_length=1_000_000)]
_Time = Annotated[str, Field(min_length=8, max_length=60)]


class PushOptions(Model):
    """Articles that somebody pushes: POST /api/sources/NAME/articles. docs/operating.md tells how."""

    token: SecretStr | None = Field(default=None, min_length=16)
    """What whoever pushes has to know, sent as `Authorization: Bearer TOKEN`: "${PUSH_TOKEN}". At least 16 characters.
    Left out: nobody can push."""


class _Pushed(Model):
    """What is pushed, in which a name whose value is null is one left out: many programs write all that they have."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_null(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None or name not in cls.model_fields}


class PushedFile(_Pushed):
    """A file that belongs to an article."""

    url: Address
    name: Annotated[str, Field(max_length=1_000)] = ""
    type: Annotated[str, Field(max_length=200)] | None = None
    length: Annotated[int, Field(ge=0, lt=10**15)] | None = None


class PushedArticle(_Pushed):
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

    @field_validator("id", "url")
    @classmethod
    def _check_name(cls, name: str | None) -> str | None:
        # The store keeps none of them: two articles that only they tell apart would be one.
        if name is not None and _CONTROL.search(name):
            raise ValueError("without control characters")
        return name

    @field_validator("title")
    @classmethod
    def _check_title(cls, title: str) -> str:
        said = _NO_CHARACTER.sub("", title_from_text(title))
        if all(unicodedata.category(character) in _UNSEEN for character in said):
            raise ValueError("nothing of it can be seen")
        return title

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
        raise BadArticle(tuple(faults(error))) from None
    text = json.dumps(article.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    return _offer(article, text, timezone), text


def _offer(article: PushedArticle, text: str, timezone: str) -> Offer:
    times = {name: _moment(name, getattr(article, name), timezone) for name in ("published", "updated")}
    fields = Fields(
        title=title_from_text(article.title),
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
        raise BadArticle(((f"/{name}", NO_TIME),))
    return moment


@dataclass(frozen=True, slots=True)
class Push:
    """A source that is told of articles, with its options bound. letters: those that wait for it, oldest first."""

    timezone: str
    letters: Callable[[], Sequence[Letter]]

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """What was pushed since the last time, newest first; of each article the last word counts. No network.

        What was pushed and taken back before it was ever stored is on offer too, so that it is remembered.
        """
        words = _together(_words(self.letters()))
        if not words:
            return Reading(unchanged=True)
        newest = tuple(_newest_first(words))
        stored = known([key for key, told in newest if told.taken_back])
        offers: list[Offer] = []
        withdrawn: list[str] = []
        refused: dict[str, str] = {}
        for key, told in newest:
            if told.taken_back:
                withdrawn.append(key)
            if told.article is None or (key in stored):
                continue
            try:
                offer, _ = read_pushed(told.article, self.timezone)
            except BadArticle as error:
                refused[key] = f"{key}: cannot be read any more: {error}"
                continue
            offers.append(replace(offer, url=offer.url or told.url, came=told.came))
        return Reading(
            offers=tuple(offers),
            problems=tuple(refused.values()),
            withdrawn=tuple(withdrawn),
            refused=refused,
            letters=words[-1].number,
        )


@dataclass(frozen=True, slots=True)
class _Word:
    """What one letter tells of an article: JSON values; None where it takes the article back."""

    key: str
    values: Mapping[str, object] | None
    at: datetime
    number: int

    @property
    def url(self) -> str | None:
        """The address that it tells."""
        url = (self.values or {}).get("url")
        return url if isinstance(url, str) else None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the letters of one turn tell of an article.

    article: its last words, as JSON values; None where there are none. url: the address that it was told with last.
    came: when the first of them came. taken_back: the last of them says so; what it said is not to be read any more.
    """

    article: Mapping[str, object] | None
    url: str | None
    came: datetime
    taken_back: bool


def _words(letters: Sequence[Letter]) -> Sequence[_Word]:
    """What letters tell, under the whole keys of their articles: the store shortens long ones."""
    read = [(letter, _values_in(letter.text) if letter.text else None) for letter in letters]
    whole = {letter.key: values.get("id") or values.get("url") for letter, values in read if values}
    keys = {short: key for short, key in whole.items() if isinstance(key, str)}
    return [_Word(keys.get(letter.key, letter.key), values, letter.at, letter.number) for letter, values in read]


def _values_in(text: str) -> Mapping[str, object]:
    """The JSON values that a letter carries; none where it is not to be read."""
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _together(words: Sequence[_Word]) -> Sequence[_Word]:
    """The first words, up to one that means by its address an article that one before it gives an id: it waits.

    What waits with it and takes back what came before it counts already.
    """
    keys: dict[str, str] = {}
    for place, word in enumerate(words):
        if keys.get(word.key, word.key) != word.key:
            told, last = {each.key for each in words[:place]}, words[place - 1].number
            back = [each for each in words[place:] if each.values is None and each.key in told]
            return [*words[:place], *(replace(each, number=last) for each in back)]
        if word.url:
            keys.setdefault(word.url, word.key)
    return words


def _newest_first(words: Sequence[_Word]) -> Iterator[tuple[str, _Told]]:
    """What is told of each article, by its key; those first of which the last word came last."""
    by_key: dict[str, list[_Word]] = {}
    for word in words:
        by_key[word.key] = [*by_key.pop(word.key, []), word]
    for key, some in reversed(by_key.items()):
        article = next((word.values for word in reversed(some) if word.values is not None), None)
        taken_back = some[-1].values is None
        if article is not None and taken_back:
            article = {name: value for name, value in article.items() if name not in _LONG}
        url = next((word.url for word in reversed(some) if word.url), None)
        yield key, _Told(article, url, some[0].at, taken_back)


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
