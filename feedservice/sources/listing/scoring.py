"""How much a group of links looks like a page's list of articles.

A score is the number of different addresses (logarithm) times the length of the titles, more for dates and summaries
beside them, for headings and for addresses that look like articles, less for navigation and for links to other sites.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedservice.sources.addresses import site_of
from feedservice.sources.listing.links import Link, text_within
from feedservice.sources.listing.rows import title_of
from feedservice.sources.markup import count_words

ROW_TAGS = frozenset({"li", "tr", "tbody", "article", "dd", "dt", "section"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_LOOKED_AT = 200
_A_SUMMARY = 40
_A_LABEL = 1.5
_WRAPS_THE_PAGE = 0.6
_IS_THE_PAGE = 0.95
_ASIDE = re.compile(
    r"nav|menu|foot|crumb|position|dqwz|friend|yqlj|pagination|paging|(?<!auto)pager|fenye|sitemap"
    r"|(?:^|[\s_-])(?:path|wz|lang|login|search|tags?|tagcloud|share|copyright|bottom|toolbar)(?:[\s_-]|$)"
)
_BESIDE = re.compile(
    r"side|recommend|tuijian|paihang|xgwz|popular|comment|promo|sponsor"
    r"|(?:^|[\s_-])(?:hot|rank|related|widget|ads?|banner|focus|slides?|slider|slideshow|flexslider|ticker|carousel"
    r"|swiper|topic)(?:[\s_-]|\d|list|$)"
)
_BESIDE_IN_A_ROW = re.compile(
    r"recommend|tuijian|paihang|xgwz|popular|comment|promo|sponsor|(?:^|[\s_-])(?:hot|focus|related|ads?|banner)(?:[\s_-]|\d|list|$)"
)
_OF_A_ROW = re.compile(r"(?:^|\s)(?:(?:tag|category|post|type|status|format)-\S+|hot|focus|(?:\S+[-_])?bottom)(?=\s|$)")
_OF_POSTS = re.compile(r"(?:^|\s)widget blog(?=\s)")
_ARTICLE = re.compile(
    r"\d{4,}|[a-z0-9]+(?:[-_][a-z0-9]+){2,}|[?&/=]\d+|%[0-9a-f]{2}%[0-9a-f]{2}|[0-9a-f]{16,}", re.IGNORECASE
)


def score(
    links: Sequence[Link],
    rows: Sequence[HtmlElement],
    dated: float,
    url: str,
    text: Mapping[HtmlElement, int],
    *,
    labels: bool = False,
) -> float:
    """The score of a group of links with their rows, on the page at `url`.

    dated: the share of rows that show a date. text: how much link text each element of the page holds. labels: the
    links say nothing but 查看, so that the headlines are elsewhere in the rows.
    """
    some = links[:_LOOKED_AT]
    words = sum(weight(title_of(link.element)) for link in some) / len(some)
    if labels and dated > 0.5 and len(links) > 1:
        words = max(words, _A_LABEL)
    site = site_of(url)
    factors = (
        math.log1p(len(links)) * words,
        1 + 2.5 * dated,
        _placing(links, rows, text),
        0.4 + 0.6 * _share(is_article(link.url) for link in some),
        0.3 + 0.7 * _share(site_of(link.url) == site for link in some),
        max(len({link.text for link in links}) / len(links), 0.5 if dated > 0.5 else 0.1),
        1.15 if sum(row.tag in ROW_TAGS for row in rows) * 2 > len(rows) else 1.0,
        1 + _share(_tells_more(link, row, text) for link, row in zip(some, rows, strict=False)),
        1 + 0.35 * _share(_is_heading(link.element) for link in some),
    )
    return math.prod(factors)


def weight(text: str) -> float:
    """How much a title says: words, a Chinese character half of one, up to what a long headline has."""
    cjk = sum("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in text)
    return min(cjk * 0.5 + (count_words(text) - cjk), 16.0)


def link_text(links: Iterable[Link]) -> Counter[HtmlElement]:
    """How much link text each element of a page holds."""
    text: Counter[HtmlElement] = Counter()
    for link in links:
        size = min(len(link.text), 100)
        for above in link.element.iterancestors():
            text[above] += size
    return text


def _placing(links: Sequence[Link], rows: Sequence[HtmlElement], text: Mapping[HtmlElement, int]) -> float:
    """Less for what stands in navigation or beside the page's matter, judged by names that wrap only a part of it.

    Elements that are made for it count where they wrap most of the page too: menus are often longer than lists. What a
    row says of itself is no place: that it is hot, a topic, tagged with something; nor is its <header>.
    """
    factor = 1.0
    whole = max(text.values(), default=0)
    inside = len(links) > 1
    for node in (links[0].element, *links[0].element.iterancestors()):
        if node.tag in ("body", "html") or text.get(node, 0) > _IS_THE_PAGE * whole:
            break
        wraps = text.get(node, 0) > _WRAPS_THE_PAGE * whole
        names = "" if wraps else f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        names = (_OF_A_ROW if inside else _OF_POSTS).sub(" ", names)
        if node.tag in ("nav", "footer") or _ASIDE.search(names):
            return 0.1
        if node.tag == "aside" or (node.tag == "header" and not inside):
            factor = 0.35
        if (_BESIDE_IN_A_ROW if inside else _BESIDE).search(names):
            factor = 0.35
        inside = inside and node is not rows[0]
    return factor


def _tells_more(link: Link, row: HtmlElement, text: Mapping[HtmlElement, int]) -> bool:
    """Whether a row has words beside its links, as those with a summary have."""
    linked = len(title_of(link.element)) if row is link.element else text.get(row, 0)
    return len(text_within(row)) - linked > _A_SUMMARY


def _is_heading(link: HtmlElement) -> bool:
    return next(link.iter(*_HEADINGS), None) is not None or any(
        above.tag in _HEADINGS for above in islice(link.iterancestors(), 2)
    )


def is_article(url: str) -> bool:
    """Whether an address looks like that of one article: by a number, a date, or several words."""
    parts = urlsplit(url)
    return _ARTICLE.search(f"{parts.path}?{parts.query}") is not None


def out_of_place(link: HtmlElement, within: HtmlElement) -> bool:
    """Whether a link stands in navigation or beside the matter, as far as elements inside `within` say so."""
    for node in link.iterancestors():
        if node is within:
            return False
        names = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        if node.tag in ("nav", "footer", "aside") or _ASIDE.search(names):
            return True
    return False


def _share(facts: Iterable[bool]) -> float:
    values = list(facts)
    return sum(values) / len(values)
