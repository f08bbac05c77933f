"""Lists of articles inside JSON of unknown shape: found by what their fields are called and by what stands in them."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from feedservice.sources.dates import from_epoch, read_time
from feedservice.sources.markup import count_words, text_of

_MOST_NODES = 200_000
_MOST_DEPTH = 12
_LOOKED_AT = 30
Row = Mapping[str, object]
_DOC = r"(?:(?:n?vc|dt|str|[cdfsn])_)?(?:doc|news|article|content|info|main|page|post|show|list|item)?_?"
_NAMES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "title": rf"{_DOC}(?:full_?)?(?:title|headline|subject)|bt|biaoti|name|caption",
        "url": rf"{_DOC}(?:detail|link|web|static|pub|share|pc|html|out|source|canonical)?_?(?:pub)?_?"
        r"(?:url|link|href|uri)s?|permalink|path|lj",
        "slug": rf"{_DOC}(?:slug|alias|handle|url_?(?:key|name)|(?:seo|pretty)_?url)s?(?:_?name)?",
        "published": rf"{_DOC}(?:first|display)?_?"
        r"(?:pub(?:lish(?:ed)?)?|rel(?:ease)?|post(?:ed)?|issue|fb|add|deploy|input)_?(?:date|time|at|on|sj|rq|dt)?(?:time|_?str|stamp|_?gmt)?|(?:doc|news|article|content|info|post|show)?_?date(?:published|time|_?gmt)?|time(?:stamp)?"
        r"|fbsj|fbrq|ptime|pdate|_?created?(?:_?(?:date|time|at|on|utc))?|ctime|operate_?time|writetime|crtime",
        "updated": r"(?:doc|last)?_?(?:updated?|modif(?:y|ied)|mod|edit(?:ed)?)_?(?:date|time|at|on)?(?:_?gmt)?"
        r"|datemodified|mtime",
        "summary": rf"{_DOC}(?:summary|abstract|abs|description|desc|digest|intro(?:duction)?|excerpt|zy|brief|lead)",
        "origin": rf"{_DOC}(?:pub)?_?(?:source|origin|from|media|ly|laiyuan)_?(?:name|title)?",
        "author": rf"{_DOC}(?:author|writer|creator|zz)s?_?(?:name)?|byline",
        "image": r"(?:title|list|cover|head|main|lead|focus|small|thumb|top|doc|index)?_?"
        r"(?:image|img|pic(?:ture)?|photo|thumb(?:nail)?|cover|logo)s?_?(?:url|path|src|href)?",
        "body": r"(?:doc|news|article|html)?_?(?:content|body|text|html)(?:_?html|_?text)?",
        "key": rf"{_DOC}(?:manuscript)?_?(?:id|guid|uuid|no|code)",
        "tags": r"tags?|keywords?|(?:doc)?keys?",
    }.items()
}
_MADE = re.compile(r"creat|ctime|crtime|add|input|deploy", re.IGNORECASE)
"""Times at which somebody began to write: taken for the publication where no other is told."""
_RARE = re.compile(r"(?:n?vc|dt|str|[cdfsn])_.*|.*_dt|(?:doc|news|article|content|info|post|show)_?date", re.IGNORECASE)
"""Names that are taken only where no plainer one fits as well."""
_TOLD = ("rendered", "text", "name", "title", "value", "url", "src")
_TOLD_RARELY = ("current", "alias", "href")
_NAMING = frozenset({"author", "origin", "tags"})
_WRAPPERS = ("attributes", "_source", "fields", "data")
"""Where JSON:API and Strapi, Elasticsearch, Contentful and Airtable, and several search services keep the article."""
_BESIDE = ("id", "_id", "slug", "url", "link", "permalink")
"""What stands beside that."""
_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s<>\"]+|/?[\w.~%+@-]*(?:/[\w.~%+@:,;=-]+)+/?(?:[?#]\S*)?|[\w%-]+\.(?:s?html?|jspx?|aspx?|php)\S*"
)
_SLUG = re.compile(r"(?=\w*[^\W\d_])[\w%]+(?:[-_.~][\w%]+)*", re.ASCII)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|css|js|ico|mp4|mp3)(?:[?#]|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JsonList:
    """A list of objects that look like articles, where it was found, and which of their keys hold which field."""

    rows: Sequence[Row]
    where: str
    keys: Mapping[str, str] = field(default_factory=dict)

    def value(self, row: Row, name: str) -> object:
        """What a row holds of a field; None when it holds nothing."""
        key = self.keys.get(name)
        return row.get(key) if key is not None else None

    def text(self, row: Row, name: str) -> str:
        """What a row holds of a field, as text on one line."""
        return scalar(self.value(row, name))


def scalar(value: object) -> str:
    """A JSON value as text; of WordPress's {"rendered": ...} what is rendered, of a list the first; "" for the rest."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, dict):
        for name in (*_TOLD, *_TOLD_RARELY):
            if isinstance(value.get(name), str):
                return str(value[name]).strip()
    if isinstance(value, list) and value:
        return scalar(value[0])
    return ""


def find_list(document: object, *, slugs: bool = False) -> JsonList | None:
    """The best list of articles anywhere in a JSON document; None when nothing in it looks like one.

    slugs: one whose rows have a date and but the last part of an address is one too. Looks at 200,000 values at most,
    twelve levels deep.
    """
    best: JsonList | None = None
    best_score = 0.0
    for where, rows in _lists(document):
        candidate = JsonList(rows, where, _keys(rows))
        score = _score(candidate, slugs=slugs)
        if score > best_score:
            best, best_score = candidate, score
    return best


def as_list(rows: Sequence[Row], where: str) -> JsonList:
    """Rows that somebody else found, with the keys that hold their fields."""
    return JsonList(rows, where, _keys(rows))


def _lists(document: object) -> Iterator[tuple[str, Sequence[Row]]]:
    waiting: deque[tuple[object, str, int]] = deque([(document, "", 0)])
    seen = 0
    while waiting and seen < _MOST_NODES:
        value, where, depth = waiting.popleft()
        seen += 1
        if depth > _MOST_DEPTH:
            continue
        if isinstance(value, dict):
            if value.get("@type") == "BreadcrumbList":
                continue
            start = f"{where}." if where else ""
            waiting.extend((child, f"{start}{name}", depth + 1) for name, child in value.items())
            if len(value) > 1 and all(isinstance(child, dict) for child in value.values()):
                yield f"values({where or '@'})", list(value.values())
        elif isinstance(value, list) and value:
            rows = [_unwrapped(row) for row in value if isinstance(row, dict)]
            if rows and len(rows) * 10 >= len(value) * 6:
                yield where or "@", rows
            nested = (child for child in value[:2_000] if isinstance(child, (dict, list)))
            waiting.extend((child, f"{where}[]", depth + 1) for child in nested)


def _unwrapped(row: Row) -> Row:
    """The article in a schema.org ListItem, or whatever else says {"item": {...}} and little more.

    In what JSON:API, search engines and content stores answer it lies in an object of its own, beside an id or address.
    """
    inner = row.get("item") or row.get("node")
    if isinstance(inner, dict) and len(row) <= 4:
        return inner
    within = next((value for name in _WRAPPERS if isinstance(value := row.get(name), dict)), None)
    if within is None or any(map(_NAMES["title"].fullmatch, row)):
        return row
    return {**{name: row[name] for name in _BESIDE if name in row}, **within}


def _keys(rows: Sequence[Row]) -> dict[str, str]:
    """The best key for each field: its name fits, and what stands in it too."""
    names = dict.fromkeys(name for row in rows[:_LOOKED_AT] for name in row if isinstance(name, str))
    keys: dict[str, str] = {}
    for wanted, pattern in _NAMES.items():
        fitting = [name for name in names if pattern.fullmatch(name) and name not in keys.values()]
        scored = [(_weighed(wanted, name, rows[:_LOOKED_AT]), name) for name in fitting]
        if scored:
            fit, name = max(scored, key=lambda pair: pair[0])
            if fit > 0:
                keys[wanted] = name
    return keys


def _weighed(wanted: str, name: str, rows: Sequence[Row]) -> float:
    """How well a key fits a field, by its values and by what else its name may mean."""
    fit = _fit(wanted, [scalar(row.get(name)) for row in rows])
    rare = _RARE.fullmatch(name) or any(isinstance(value := row.get(name), dict) and not _tells(value) for row in rows)
    return fit / 2 if rare or (wanted == "published" and _MADE.search(name)) else fit


def _tells(value: Row) -> bool:
    return any(isinstance(value.get(name), str) for name in _TOLD)


def _fit(wanted: str, values: Sequence[str]) -> float:
    """From 0 to 1, how well the values of a key can be those of a field; ties go to the earlier key."""
    given = [value for value in values if value]
    if not given:
        return 0.0
    filled = len(given) / len(values)
    if wanted == "title":
        words = sum(min(count_words(text_of(value)), 12) for value in given) / len(given)
        plain = sum(not _ADDRESS.fullmatch(value) and not value.isdecimal() for value in given) / len(given)
        return filled * plain * words / 12 * len(set(given)) / len(given) if words >= 1.5 else 0.0
    if wanted == "url":
        fit = sum(_ADDRESS.fullmatch(value) is not None and not _FILE.search(value) for value in given) / len(given)
        return filled * fit * len(set(given)) / len(given)
    if wanted == "slug":
        return (
            filled
            * sum(_SLUG.fullmatch(value) is not None for value in given)
            / len(given)
            * len(set(given))
            / len(given)
        )
    if wanted in ("published", "updated"):
        return filled * sum(_is_time(value) for value in given) / len(given)
    if wanted == "image":
        return filled * sum(_ADDRESS.fullmatch(value) is not None for value in given) / len(given)
    if wanted == "body":
        return min(1.0, sum(len(value) for value in given) / len(given) / 400) * filled
    if wanted == "key":
        return filled * len(set(given)) / len(given)
    if wanted in _NAMING and all(value.isdecimal() for value in given):
        return 0.0  # WordPress gives the numbers of its authors and tags
    return filled if all(not _ADDRESS.fullmatch(value) for value in given) else 0.0


def _is_time(value: str) -> bool:
    if value.replace(".", "", 1).isdecimal():
        return from_epoch(float(value)) is not None or read_time(value, "UTC") is not None
    return read_time(value, "UTC") is not None


def _score(found: JsonList, *, slugs: bool) -> float:
    dated_slugs = slugs and {"slug", "published"} <= found.keys.keys()  # categories have slugs too
    if "title" not in found.keys or not (dated_slugs or {"url", "body"} & found.keys.keys()):
        return 0.0
    titles = [text_of(found.text(row, "title")) for row in found.rows[:_LOOKED_AT]]
    words = sum(min(count_words(title), 20) for title in titles) / len(titles)
    dated = 2.5 if "published" in found.keys else 1.0
    linked = 1.5 if "url" in found.keys else 1.0
    return math.log1p(len(found.rows)) * words * dated * linked if words >= 2 else 0.0


def texts(values: Iterable[object]) -> tuple[str, ...]:
    """The distinct texts among JSON values, in their order."""
    return tuple(dict.fromkeys(text for text in map(scalar, values) if text))
