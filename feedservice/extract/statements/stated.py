"""What a page says of itself where no reader sees it: meta names, Open Graph, JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import inner_text
from feedservice.extract.text.wording import squeeze

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_ARTICLES = (
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
    "scholarlyarticle", "techarticle", "report", "socialmediaposting", "liveblogposting", "advertisercontentarticle",
    "backgroundnewsarticle", "reviewnewsarticle", "review", "posting", "discussionforumposting", "recipe",
    "videoobject", "webpage", "itempage", "creativework",
)  # fmt: skip
_MAX_JSON = 600_000
_MAX_NODES = 3_000
_BEFORE = ("<!--", "<![CDATA[", "//", "/*", "*/")
_AFTER = ("-->", "]]>", "//", "/*", "*/", ";")
"""What is put around scripts for readers of old, who knew none, or for XML. JSON neither begins nor ends so."""


LONGEST_TITLE = 1_000
"""Characters: what is longer is no title, and how titles are taken apart takes the square of their length."""


@dataclass(frozen=True, slots=True)
class Stated:
    """meta: content by lower-case name or property, first wins. article: the JSON-LD object of the article.

    trails: the breadcrumbs that JSON-LD lists, outermost first. later: whether it is a page of a discussion which
    another one comes before.
    """

    title: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    article: Mapping[str, Json] = field(default_factory=dict)
    trails: tuple[tuple[str, ...], ...] = ()
    language: str | None = None
    later: bool = False

    def first(self, *names: str) -> tuple[str, str] | None:
        """The first of these meta names that says something, with what it says."""
        for name in names:
            if value := self.meta.get(name):
                return name, value
        return None

    def text(self, name: str) -> str:
        """A JSON-LD property of the article as text; "" when it is none."""
        value = self.article.get(name)
        return squeeze(value) if isinstance(value, str) else ""

    @property
    def descriptions(self) -> tuple[str, ...]:
        """How the page describes the article in a sentence or two."""
        names = ("description", "og:description", "twitter:description")
        return tuple(dict.fromkeys(self.meta[name] for name in names if name in self.meta))

    def names(self, name: str) -> tuple[str, ...]:
        """The names of the persons or organisations of a JSON-LD property."""
        return tuple(dict.fromkeys(_names(self.article.get(name), 0)))

    def people(self, name: str) -> frozenset[str]:
        """The names of those objects of a JSON-LD property that are said to be persons."""
        value = self.article.get(name)
        objects = value[:50] if isinstance(value, list) else [value]
        return frozenset(
            text for item in objects if isinstance(item, dict) and "person" in _kinds(item) for text in _names(item, 1)
        )


def stated(tree: Tree) -> Stated:
    """Read what the page states of itself."""
    meta: dict[str, str] = {}
    for element in tree.root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = squeeze(element.get("content") or "")
        if name and content:
            meta.setdefault(squeeze(name).lower(), content[:5_000])
    objects = list(_objects(tree))
    article = _resolved(_best(objects), objects)
    title = tree.root.find(".//head/title")
    if title is None:
        title = tree.root.find(".//title")
    return Stated(
        title=squeeze(inner_text(title))[:LONGEST_TITLE] if title is not None else "",
        meta=meta,
        article=article,
        trails=tuple(trail for item in objects if (trail := _trail(item))),
        language=_language(tree, meta),
        later="discussionforumposting" in _kinds(article) and _has_page_before(tree),
    )


def _has_page_before(tree: Tree) -> bool:
    return any("prev" in (link.get("rel") or "").lower().split() for link in tree.root.iter("link"))


def _language(tree: Tree, meta: Mapping[str, str]) -> str | None:
    declared = tree.root.get("lang") or tree.root.get("xml:lang") or meta.get("og:locale") or meta.get("language") or ""
    code = declared.strip().replace("_", "-").split(",")[0].strip()
    parts = code.split("-")
    if (
        not (parts[0].isascii() and parts[0].isalpha() and 2 <= len(parts[0]) <= 3)
        or not code.isascii()
        or len(code) > 16
    ):
        return None
    return "-".join([parts[0].lower(), *parts[1:]])


def _objects(tree: Tree) -> Iterator[dict[str, Json]]:
    """Every JSON-LD object of the page, those inside @graph and lists too."""
    count = 0
    for script in tree.root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _MAX_JSON:
            continue
        waiting = [_load(script.text)]
        while waiting and count < _MAX_NODES:
            count += 1
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value[:200]
            elif isinstance(value, dict):
                yield value
                waiting += [
                    value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart") if key in value
                ]


def _load(text: str) -> Json:
    try:
        value: Json = json.loads(_unwrapped(text), strict=False)
    except (ValueError, RecursionError):
        return None
    return value


def _unwrapped(text: str) -> str:
    for _ in range(4):
        for token in _BEFORE:
            text = text.strip().removeprefix(token)
        for token in _AFTER:
            text = text.strip().removesuffix(token)
    return text


def _kinds(item: Mapping[str, Json]) -> list[str]:
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [name.rsplit("/", 1)[-1].lower() for name in kinds if isinstance(name, str)]


def _best(objects: list[dict[str, Json]]) -> Mapping[str, Json]:
    """The object that most looks like the article; a page that only says when it was made counts too."""
    ranked: list[tuple[int, int, dict[str, Json]]] = []
    for place, item in enumerate(objects):
        ranks = [_ARTICLES.index(kind) for kind in _kinds(item) if kind in _ARTICLES]
        if ranks:
            ranked.append((min(ranks), place, item))
        elif "pubDate" in item and "title" in item:
            ranked.append((len(_ARTICLES), place, {"headline": item["title"], "datePublished": item["pubDate"]}))
    return min(ranked, key=lambda row: row[:2])[2] if ranked else {}


def _resolved(article: Mapping[str, Json], objects: list[dict[str, Json]]) -> Mapping[str, Json]:
    """The article with those who made it written out where it only refers to them (JSON-LD 1.1, §3.1)."""
    nodes = {str(item["@id"]): item for item in objects if "@id" in item and "name" in item}

    def node(value: Json) -> Json:
        if isinstance(value, list):
            return [node(item) for item in value[:50]]
        if isinstance(value, dict) and "name" not in value:
            return nodes.get(str(value.get("@id")), value)
        return value

    return {**article, **{key: node(article[key]) for key in ("author", "publisher") if key in article}}


def _names(value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if squeeze(value) and not value.startswith(("http://", "https://")):
            yield squeeze(value)
    elif isinstance(value, list) and depth < 3:
        for item in value[:50]:
            yield from _names(item, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        yield from _names(value.get("name"), depth + 1)


def _trail(item: Mapping[str, Json]) -> tuple[str, ...]:
    if "breadcrumblist" not in _kinds(item):
        return ()
    elements = item.get("itemListElement")
    steps: list[tuple[float, str]] = []
    for place, element in enumerate(elements[:20] if isinstance(elements, list) else []):
        if isinstance(element, dict):
            inner = element.get("item")
            name = element.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
            position = element.get("position")
            if isinstance(name, str) and squeeze(name):
                steps.append((float(position) if isinstance(position, int | float) else place, squeeze(name)))
    return tuple(name for _, name in sorted(steps, key=lambda step: step[0]))
