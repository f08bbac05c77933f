"""The titles that a page states for itself and for its window, without what does not belong to the headline."""

from __future__ import annotations

import re

from feedservice.extract.dates.forms import find_moments
from feedservice.extract.headlines.sites import is_site_name
from feedservice.extract.statements.stated import LONGEST_TITLE, Stated
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import bare, squeeze, unescape, words

_SEPARATOR = re.compile(
    r"\s*(?:_{1,3}|--+|[|｜»«›‹│┃¦❘]+|::|\s(?:[-–—·•:/<>~]|//)\s|[-–—](?=[^-–—]*(?:网|网站|政府|日报|频道|新闻|门户|委|局|厅"
    r"|办)[^-–—]*$|[^-–—]{2,20}(?:法院|检察院|大学|学院|医院)\s*$))\s*"
)
_OFFICE = re.compile(r"[\u4e00-\u9fff]{2}(?:人民政府|法院|检察院|委员会|大学|学院|医院|[局厅])$")
LOOSE = re.compile(r"\s*(?:[-–—_|｜»«›‹·•│┃¦❘]+|::)\s*")
"""What may stand between the parts of a window's title."""
_NO_TITLES = vocabulary(
    "home homepage start startseite accueil inicio início blog news aktuelles nachrichten artikel article detail "
    "details index hauptseite etusivu hem forside главная"
)
"""What windows of many sites are called besides, or instead of, the headline."""
_BEHIND = re.compile(r"\s*(?:[-–—|:@*→~]|//|[(\[])\s*(?P<site>[^-–—|:@*→~/(\[\])]{3,40})[)\]]?$")
_BEFORE = re.compile(r"^(?P<site>[^-–—|:@*→~/(\[\])]{3,40}?)\s*(?:[-–—|@*→~]|//|:(?=\s))\s*")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")
_MARKUP = re.compile(r"</?(?:em|i|b|strong|span|br|sup|sub|q|cite)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_LINES = r"\n\n"
"""Line ends that nobody resolved: a message without a title has all of its text for one."""
_AFTER_DAY = re.compile(r"\s*[-–—|:]\s+(?=\S.{7})")
_FAR = 40


def plain_title(text: str) -> str:
    """A title that a page escaped twice, or that has markup or lines in it, as plain text of a headline's length."""
    text = text[:LONGEST_TITLE]
    if "&" in text:
        text = _REFERENCE.sub(lambda one: unescape(one[0]), text)
    if "<" in text:
        text = squeeze(_MARKUP.sub("", text))
    return text.split(_LINES)[0].rstrip() or text


def without_day(text: str) -> str:
    """A headline without the date that a dash sets off before it."""
    found = find_moments(text[:_FAR], "UTC")
    rest = _AFTER_DAY.match(text, found[0].end) if found and not found[0].start else None
    return text[rest.end() :] if rest and words(text[rest.end() :]) > 1 else text


def without_site_behind(text: str, stated: Stated, host: str) -> str:
    """A headline without the site's name behind it, where another title of the page is the rest alone."""
    found = _BEHIND.search(text)
    if not found or not _is_site(found["site"], stated, host):
        return text
    rest = text[: found.start()]
    alone = any(bare(rest).lower() == bare(title).lower() for name, title in stated_titles(stated) if name != "<title>")
    return rest if alone else text


def without_site(text: str, stated: Stated, host: str) -> str:
    """A window title without the names of site and column that stand after it, or before it."""
    text = squeeze(plain_title(text))
    site = _site_name(stated)
    parts = [part for part in _SEPARATOR.split(text) if part.strip()]
    if len(parts) < 2:
        return _without_named_site(text, stated, host)
    if site and len(parts) > 1 and bare(parts[0]).lower() == site:
        return text[text.index(parts[1]) :] if len(parts) == 2 else max(parts[1:], key=len)
    if len(parts) == 2 and _OFFICE.search(parts[1]) and not _OFFICE.search(parts[0]):
        return parts[0]
    named = [part for part in parts if not is_site_name(part, host) and bare(part).lower() not in _NO_TITLES]
    if 0 < len(named) < len(parts):
        parts = named
    longest = max(parts, key=lambda part: len(bare(part)))
    return parts[0] if len(bare(parts[0])) >= 0.5 * len(bare(longest)) else longest


def _without_named_site(text: str, stated: Stated, host: str) -> str:
    """A title without the site's name, by a mark that only the name behind or before it makes a separator."""
    for pattern in (_BEHIND, _BEFORE):
        if (found := pattern.search(text)) and _is_site(found["site"], stated, host):
            rest = text[: found.start()] + text[found.end() :]
            return rest if words(rest) > 1 else text
    return text


def _is_site(text: str, stated: Stated, host: str) -> bool:
    name = bare(text).lower()
    return name == _site_name(stated) or is_site_name(text, host)


def _site_name(stated: Stated) -> str:
    return bare(stated.meta.get("og:site_name") or stated.meta.get("sitename") or "").lower()


def stated_titles(stated: Stated) -> list[tuple[str, str]]:
    """The titles as the page states them, and those of the window without the last part, which is the site's name."""
    rows = [("json-ld headline", stated.text("headline"))]
    rows += [(name, stated.meta.get(name, "")) for name in ("articletitle", "og:title", "twitter:title")]
    rows = [(name, plain_title(text)) for name, text in [*rows, ("<title>", stated.title)]]
    for name, text in list(rows):
        parts = _SEPARATOR.split(text)
        if len(parts) > 1 and len(bare(parts[-1])) < 30:
            rows.append((name, text[: text.rindex(parts[-1])].rstrip(" -–—_|｜·•:»«/│┃¦❘~")))
    return [(name, squeeze(text)) for name, text in rows if text]
