"""A JSON API of articles, as a CMS has it: rows and fields by JMESPath, or found by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, Field

from feedservice.config.settings import Model
from feedservice.errors import Unreadable
from feedservice.model import Offer, Page, Reading
from feedservice.protocols import ConditionalGet, Opening, Source, SourceKind
from feedservice.sources.addresses import absolute
from feedservice.sources.feed.jsonfeed import load as load_json
from feedservice.sources.json_offers import JsonManner, offer_of
from feedservice.sources.jsonlists import Row, as_list, find_list, scalar
from feedservice.sources.options import Addresses, FullText
from feedservice.sources.turning import Bounds, Sheet, read_each, read_list

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

ACCEPT = "application/json, */*;q=0.8"
_MOST_ROWS = 5_000
_HOLE = re.compile(r"\{([^{}]+)\}")
_JSONP = re.compile(r"\s*[\w.$]{1,80}\s*\((.*)\)\s*;?\s*", re.DOTALL)


def _check(path: str) -> str:
    _compile(path)
    return path


def _check_template(template: str) -> str:
    for hole in _HOLE.findall(template) if _is_template(template) else [template]:
        _compile(hole)
    return template


def _compile(path: str) -> ParsedResult:
    import jmespath

    try:
        return jmespath.compile(path)
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(f"a JMESPath expression such as data.rows[].title; {error}") from None


def _is_template(text: str) -> bool:
    return text.startswith(("http://", "https://", "/"))


Path = Annotated[str, Field(min_length=1), AfterValidator(_check)]
Template = Annotated[str, Field(min_length=1), AfterValidator(_check_template)]


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
    pages: str | None = Field(default=None, pattern=r"^https?://\S*\{(?:page|offset|cursor)\}\S*$")
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

    def read(self, get: ConditionalGet, known: Callable[[str], bool]) -> Reading:
        """Read every address, page by page until one holds nothing new. Raises SourceError when none can be read."""
        bounds = Bounds(self.opening.limit, self.options.max_pages)
        seen = [0]

        def read_page(page: Page, number: int) -> Sheet:
            sheet = self.read_page(page, number, seen[0])
            seen[0] += len(sheet.offers)
            return sheet

        def read_address(url: str) -> Reading:
            seen[0] = 0
            return read_list(url, read_page, get, known, bounds=bounds, accept=ACCEPT)

        return read_each(self.options.url, read_address)

    def read_page(self, page: Page, number: int, before: int = 0) -> Sheet:
        """What the n-th page offers, `before` articles having come already. Raises Unreadable when it is no list."""
        document = load(self.opening.decode(page.body, page.content_type), page.url)
        manner = JsonManner(page.url, self.opening.timezone, self.opening.parse_moment, self.options.full_text)
        offers = self._offers(document, manner)
        after = self._after(document, page.url, number, before + len(offers))
        return Sheet(offers, after, guessed=self.options.next is None)

    def _offers(self, document: object, manner: JsonManner) -> tuple[Offer, ...]:
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
        return tuple(self._with_key(offer, row) for offer, row in zip(offers, rows, strict=True) if offer is not None)

    def _rows(self, document: object, url: str) -> list[Row]:
        rows = _compile(self.options.items or "@").search(document)
        if not isinstance(rows, list):
            raise Unreadable(f"{url}: no list of articles: nothing at {self.options.items!r}")
        return [row for row in rows if isinstance(row, dict)]

    def _with_key(self, offer: Offer, row: Row) -> Offer:
        key = scalar(_compile(self.options.key).search(row)) if self.options.key else ""
        return replace(offer, key=key) if key else offer

    def _paths(self) -> Mapping[str, Callable[[Row], object]]:
        options = self.options
        told = {
            "title": options.headline, "published": options.published, "updated": options.updated, "key": options.key,
            "summary": options.summary, "body": options.body, "origin": options.origin, "author": options.author,
            "image": options.image, "tags": options.tags,
        }  # fmt: skip
        paths: dict[str, Callable[[Row], object]] = {
            name: _compile(path).search for name, path in told.items() if path is not None
        }
        if options.link is not None:
            link = options.link
            paths["url"] = (lambda row: fill(link, row)) if _is_template(link) else _compile(link).search
        return paths

    def _after(self, document: object, url: str, number: int, seen: int) -> str | None:
        cursor = ""
        if self.options.next is not None:
            cursor = scalar(_compile(self.options.next).search(document))
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
    wrapped = _JSONP.fullmatch(text)
    try:
        return load_json(wrapped[1] if wrapped else text)
    except Unreadable as error:
        raise Unreadable(f"{url}: {error}") from error


def fill(template: str, row: Row) -> str:
    """A template with its {paths} replaced by what the row holds; "" when it lacks one of them."""
    values = [scalar(_compile(hole).search(row)) for hole in _HOLE.findall(template)]
    if not all(values):
        return ""
    given = iter(values)
    return _HOLE.sub(lambda _: quote(next(given), safe="/:?=&%"), template)


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
