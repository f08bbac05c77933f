"""A JSON API of articles, as a CMS has it: rows and fields by JMESPath, or found by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, cast
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, Field

from feedservice.config.settings import Model
from feedservice.config.urls import check_address
from feedservice.errors import Unreadable
from feedservice.model import FIRST_READ, Memory, Offer, Page, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening, Source, SourceKind
from feedservice.sources.addresses import absolute
from feedservice.sources.feed.jsonfeed import load as load_json
from feedservice.sources.json_api.jmespaths import HOLE, check_path, check_template, follow, is_template
from feedservice.sources.json_offers import JsonManner, SharedLinks, identity_of, offer_of
from feedservice.sources.jsonlists import Row, as_list, find_list, scalar
from feedservice.sources.options import Addresses, FullText
from feedservice.sources.turning import Bounds, ReadSheet, Sheet, read_each, read_list

ACCEPT = "application/json, */*;q=0.8"
_MOST_ROWS = 5_000
_CALL = re.compile(r"\s*+[\w.$]{1,80}+\s*+\(")


Path = Annotated[str, Field(min_length=1), AfterValidator(check_path)]
Template = Annotated[str, Field(min_length=1), AfterValidator(check_template)]


class JsonOptions(Model):
    """A JSON API of articles. With nothing but its address, rows and fields are found automatically.

    A path is JMESPath (https://jmespath.org), for a field inside a row.
    """

    url: Addresses = Field(min_length=1)
    """The address, or several of them."""
    items: Path | None = None
    """The rows: data.rows."""
    key: Path | None = None
    """What tells rows apart. Left out: the link."""
    headline: Path | None = None
    """The headline."""
    link: Template | None = None
    """The article's address: a path, or a template such as https://www.example.org/news/{docid}.html."""
    published: Path | None = None
    """When it was published: Unix seconds or milliseconds, or a date in any common form."""
    updated: Path | None = None
    """When it was last changed."""
    summary: Path | None = None
    """A short text."""
    body: Path | None = None
    """The text, as HTML or plain."""
    origin: Path | None = None
    """来源: where it comes from."""
    author: Path | None = None
    """Who wrote it."""
    image: Path | None = None
    """The main picture."""
    tags: Path | None = None
    """Keywords."""
    full_text: FullText = "auto"
    """Where an article's text comes from: feed (the API), page (its own page), or auto: the API where it has it."""
    pages: (
        Annotated[str, Field(pattern=r"^https?://\S*\{(?:page|offset|cursor)\}\S*$"), AfterValidator(check_address)]
        | None
    ) = Field(default=None, examples=["https://www.example.org/news.json?page={page}"])
    """The address of further pages, with {page}, {offset} or {cursor} in it."""
    second_page: int = Field(default=2, ge=0)
    """The number of the second page in `pages`."""
    next: Path | None = None
    """In the whole answer: the next page's address, or the cursor for `pages`."""
    max_pages: int = Field(default=50, ge=1, le=10_000)
    """How many pages are read at most. Reading stops at the first page of which every article is known."""


@dataclass(frozen=True, slots=True)
class JsonApi:
    """A JSON source with its options bound."""

    options: JsonOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Read every address, page by page until one holds nothing new. Raises SourceError when none can be read."""
        bounds = Bounds(self.opening.limit, self.options.max_pages, memory)
        return read_each(
            self.options.url,
            lambda url: read_list(url, self.reader(), get, known, bounds=bounds, accept=ACCEPT),
        )

    def reader(self) -> ReadSheet:
        """What reads the pages of one list in their order. Raises Unreadable when one is no list."""
        links, seen = SharedLinks(), 0

        def read_page(page: Page, number: int) -> Sheet:
            nonlocal seen
            sheet = self._read_page(page, number, seen, links)
            seen += len(sheet.offers)
            return sheet

        return read_page

    def _read_page(self, page: Page, number: int, before: int, links: SharedLinks) -> Sheet:
        document = load(self.opening.decode(page.body, page.content_type), page.url)
        manner = JsonManner(page.url, self.opening.timezone, self.opening.parse_moment, self.options.full_text)
        offers = links.settle(self._offers(document, manner))
        after = self._after(document, page.url, number, before + len(offers))
        return Sheet(offers, after, guessed=self.options.next is None)

    def _offers(self, document: object, manner: JsonManner) -> list[tuple[Offer, str]]:
        if self.options.items is None:
            found = find_list(document)
            if found is None:
                raise Unreadable(f"{manner.base}: no list of articles found: say with `items` where it is")
        else:
            found = as_list(self._rows(document, manner.base), self.options.items)
        paths, rows = self._paths(), found.rows[:_MOST_ROWS]

        def value(row: Row, name: str) -> object:
            return paths[name](row) if name in paths else found.value(row, name)

        offers = [offer_of(row, value, manner) for row in rows]
        if rows and not any(offers):
            raise Unreadable(f"{manner.base}: none of {len(rows)} rows has a title and an address")
        return [
            (self._with_key(offer, row), identity_of(row, value))
            for offer, row in zip(offers, rows, strict=True)
            if offer is not None
        ]

    def _rows(self, document: object, url: str) -> list[Row]:
        rows = follow(self.options.items or "@", "items")(document)
        if not isinstance(rows, list):
            raise Unreadable(f"{url}: no list of articles: nothing at {self.options.items!r}")
        return [row for row in rows if isinstance(row, dict)]

    def _with_key(self, offer: Offer, row: Row) -> Offer:
        key = scalar(follow(self.options.key, "key")(row)) if self.options.key else ""
        return replace(offer, key=key) if key else offer

    def _paths(self) -> Mapping[str, Callable[[Row], object]]:
        options = self.options
        told = {
            "headline": options.headline, "published": options.published, "updated": options.updated,
            "key": options.key, "summary": options.summary, "body": options.body, "origin": options.origin,
            "author": options.author, "image": options.image, "tags": options.tags,
        }  # fmt: skip
        paths: dict[str, Callable[[Row], object]] = {
            "title" if name == "headline" else name: follow(path, name)
            for name, path in told.items()
            if path is not None
        }
        if options.link is not None:
            link = options.link
            paths["url"] = (lambda row: fill(link, row)) if is_template(link) else follow(link, "link")
        return paths

    def _after(self, document: object, url: str, number: int, seen: int) -> str | None:
        cursor = ""
        if self.options.next is not None:
            cursor = scalar(follow(self.options.next, "next")(document))
            if not cursor:
                return None
            if self.options.pages is None:
                return absolute(url, cursor)
        if self.options.pages is None:
            return None
        page = self.options.second_page + number - 1
        filled = self.options.pages.replace("{page}", str(page)).replace("{offset}", str(seen))
        return filled.replace("{cursor}", quote(cursor, safe=""))


def load(text: str, url: str) -> object:
    """The JSON in an answer, also inside the call of a JSONP callback. Raises Unreadable when it is none."""
    try:
        return load_json(_argument(text))
    except Unreadable as error:
        raise Unreadable(f"{url}: {error}") from error


def _argument(text: str) -> str:
    """What a text that is one call is called with; another text as it is."""
    call = _CALL.match(text)
    end = text.rstrip().removesuffix(";").rstrip()
    return end[call.end() : -1] if call and end.endswith(")") else text


def fill(template: str, row: Row) -> str:
    """A template with its {paths} replaced by what the row holds; "" when it lacks one of them."""
    values = [scalar(follow(hole, "link")(row)) for hole in HOLE.findall(template)]
    if not all(values):
        return ""
    given = iter(values)
    return HOLE.sub(lambda _: quote(next(given), safe="/:?=&%"), template)


def _open(options: BaseModel, opening: Opening) -> Source:
    return JsonApi(cast(JsonOptions, options), opening)


JSON = SourceKind(
    name="json",
    summary="a JSON API of articles",
    options=JsonOptions,
    open=_open,
    offer_wins=True,
    selectors=frozenset(JsonOptions.model_fields) - {"url", "full_text", "pages", "second_page", "next", "max_pages"},
)
