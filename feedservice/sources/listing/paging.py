"""Where a list goes on: a link, the script of a CMS that draws the page numbers, or a pattern from the options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedservice.sources.addresses import absolute, site_of, without_fragment
from feedservice.sources.listing.links import base_of, text_within
from feedservice.sources.listing.scripts import next_group

_NEXT_TEXT = re.compile(
    r"[\s\[<«‹(（]*(?:下一?[页頁]|后一?页|次へ|다음|next(?:\s+page)?|older(?:\s+(?:posts|entries|articles))?|weiter"
    r"|(?:page\s+)?suivante?|siguiente|nächste(?:\s+seite)?)[\s\]>»›→)）]*",
    re.IGNORECASE,
)
_NEXT_CLASS = re.compile(
    r"(?:^|[\s_-])next(?:[\s_-]?(?:page|posts?|link))?(?:\s|$)|page-?next|pagination-?next", re.IGNORECASE
)
_PAGER = re.compile(r"pag(?:e|ing|er|ination)|fenye|(?:^|[\s_-])fy(?:[\s_-]|$)|nav-?links", re.IGNORECASE)
_CALL = re.compile(r"\bcreatePageHTML\w*\s*\(([^)]{1,300})\)")
_ARGUMENT = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([^,'\"\s][^,]*))\s*(?:,|\Z)")
_VARIABLE = re.compile(r"\bvar\s+([A-Za-z_]\w{0,40})\s*=\s*[\"']?(\d{1,6})")
_MOST_CALLS = 10
_MOST_VARIABLES = 1_000


def next_page(root: HtmlElement, html: str, url: str) -> str | None:
    """The address of the page after this one; None on the last page, and where none can be told."""
    found = _linked(root, url) or script_page(html, url) or next_group(html, url) or _numbered(root, url)
    return found if found is not None and found != without_fragment(url) and site_of(found) == site_of(url) else None


def _linked(root: HtmlElement, url: str) -> str | None:
    base = base_of(root, url)
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
            return _address(element, base)
    labelled = None
    for element in root.iter("a"):
        text = text_within(element, 40)
        label = text or element.get("title") or element.get("aria-label") or ""
        if _NEXT_TEXT.fullmatch(label):
            return _address(element, base)
        if labelled is None and len(text) < 12 and _NEXT_CLASS.search(_names(element)) and _in_pager(element):
            labelled = _address(element, base)
    return labelled


def _in_pager(element: HtmlElement) -> bool:
    return any(_PAGER.search(_names(above)) for above in element.iterancestors())


def _address(element: HtmlElement, base: str) -> str | None:
    reference = element.get("href") or ""
    found = absolute(base, reference) if not reference.startswith("#") else None
    return without_fragment(found) if found else None


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _numbered(root: HtmlElement, url: str) -> str | None:
    """In a row of page numbers, the one after the number that is no link."""
    base = base_of(root, url)
    for element in root.iter("a"):
        text = text_within(element, 10)
        parent = element.getparent()
        if text != "2" or parent is None:
            continue
        numbers: dict[int, str] = {}
        pager = parent if len(parent) > 1 else parent.getparent()
        for link in pager.iter("a") if pager is not None else ():
            number = text_within(link, 10)
            address = _address(link, base)
            if number.isdecimal() and len(number) < 5 and address:
                numbers[int(number)] = address
        here = without_fragment(url)
        own = next((number for number, address in numbers.items() if address == here), None)
        if own is None:
            own = 1 if 1 not in numbers else _missing(numbers)
        return numbers.get(own + 1)
    return None


def _missing(numbers: dict[int, str]) -> int:
    return next((number for number in range(1, max(numbers)) if number not in numbers), max(numbers) + 1)


def script_page(html: str, url: str) -> str | None:
    """The next page by TRS's createPageHTML(pages, current, name, ending), in its several forms.

    The first page is NAME.ENDING, the n-th after it NAME_n.ENDING, beside the page itself. The form that first names an
    element counts the pages from one: the second is NAME_2.ENDING.
    """
    variables: Mapping[str, int] | None = None
    for call in islice(_CALL.finditer(html), _MOST_CALLS):
        arguments = [(match[1] or match[2], (match[3] or "").strip()) for match in _ARGUMENT.finditer(call[1])]
        if variables is None and any(bare and not bare.isdecimal() for _, bare in arguments):
            variables = _variables(html)
        numbers = [_number(bare, variables or {}) if bare else _number(quoted or "", {}) for quoted, bare in arguments]
        names = [quoted for quoted, _ in arguments if quoted and not quoted.isdecimal()]
        counts = [number for number in numbers if number is not None]
        if len(counts) < 2 or len(names) < 2:
            continue
        name, ending = names[-2], names[-1].lstrip(".")
        last = counts[0] if numbers[0] is None and counts[1] > 0 else counts[0] - 1
        current = _current(url, name, counts[1])
        return absolute(url, f"{name}_{current + 1}.{ending}") if current < last else None
    return None


def _current(url: str, name: str, told: int) -> int:
    """Which page this is: by its own address where that says so, for the script may be a copy of the first page's."""
    found = re.search(rf"/{re.escape(name)}_(\d{{1,5}})\.\w+\Z", urlsplit(url).path)
    return int(found[1]) if found else told


def _number(text: str, variables: Mapping[str, int]) -> int | None:
    return int(text[:6]) if text.isdecimal() else variables.get(text)


def _variables(html: str) -> dict[str, int]:
    """The numbers that the scripts of a page give names to, by the first that each name gets."""
    numbers: dict[str, int] = {}
    for found in islice(_VARIABLE.finditer(html), _MOST_VARIABLES):
        numbers.setdefault(found[1], int(found[2]))
    return numbers


def pattern_page(pattern: str, number: int) -> str:
    """The address of a page by a pattern such as https://www.example.org/news/index_{page}.html."""
    return pattern.replace("{page}", str(number))
