"""Where a list goes on: a link, the script of a CMS that draws the page numbers, or a pattern from the options."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedservice.sources.addresses import absolute, site_of, without_fragment
from feedservice.sources.listing.links import base_of, pieces_of, text_within
from feedservice.sources.listing.scripts import next_group

_NEXT_TEXT = re.compile(
    r"[\s\[<«‹(（]*(?:下一?[页頁]|后一?页|次(?:の(?:ページ|頁|\d+件))?へ?|次(?:ページ|頁)へ?|다음(?:\s?페이지)?"
    r"|next(?:\s+(?:page|entries|posts|results))?|older(?:\s+(?:posts|entries|articles))?"
    r"|weiter|nächste(?:\s+seite)?|ältere (?:beiträge|artikel|einträge)"
    r"|(?:page\s+)?suivante?s?|articles plus anciens|(?:p[aá]gina\s+)?siguientes?|entradas antiguas"
    r"|(?:p[aá]gina\s+)?(?:seguinte|próxim[ao]|successiva)|avanti|volgende(?:\s+pagina)?|nästa(?:\s+sida)?"
    r"|næste|neste|seuraava|następn[ay](?:\s+strona)?|dalej|další(?: stránka)?|következő|următoarea"
    r"|sonraki(?: sayfa)?|(?:trang\s+)?(?:tiếp(?: theo)?|sau)|berikutnya|selanjutnya"
    r"|след(?:ующая|\.)?(?:\s+страница)?|вперёд|вперед|далее|дальше|наступна|επόμεν[ηο](?:\s+σελίδα)?"
    r"|(?:الصفحة\s+)?التالية?|(?:صفحه[ٔ\s\u200c]+)?بعد[يی]?|(?:לעמוד\s+)?הבאה?|(?:หน้า)?ถัดไป|अगला(?:\s+पृष्ठ)?)"
    r"[\s\]>»›→)）←‹«]*",
    re.IGNORECASE,
)
_READ_ON = re.compile(r"weiter|avanti|dalej|далее|дальше|вперёд|вперед|older|suivante?s?", re.IGNORECASE)
"""What leads to the rest of a teaser as well."""
_NEXT_CLASS = re.compile(
    r"(?:^|[\s_-])next(?:[\s_-]?(?:page|posts?|link))?(?:\s|$)|page-?next|pagination-?next", re.IGNORECASE
)
_PAGER = re.compile(r"pag(?:e|ing|er|ina)|fenye|(?:^|[\s_-])fy(?:[\s_-]|$)|nav-?links", re.IGNORECASE)
_CURRENT = re.compile(
    r"(?:^|[\s_-])(?:active|current|cur|on|selected|this|thisclass|now|here)(?:[\s_-]|$)", re.IGNORECASE
)
_GAPS = re.compile(r"[\s|\[\]()（）【】]+")
_MOST_PLAIN = 2
_MOST_PIECES, _LONGEST_PIECE = 500, 200
_MOST_PAGERS, _MOST_NUMBERED = 100, 2_000
"""How many rows of page numbers are looked at, and how many links of each."""
_CALL = re.compile(r"\bcreatePageHTML\w*\s*\(([^)]{1,300})\)")
_WRITTEN = re.compile(
    r"href=\\?[\"'](\w{1,40})[\"']?\s*(?:\+\s*[\"'])?_[\"']\s*\+\s*nextPage\s*\+\s*[\"']\.(?:[\"']\s*\+\s*[\"'])?([a-z]{3,5})\b"
)
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
    read_on: dict[str | None, HtmlElement] = {}
    for element in root.iter("a"):
        text = text_within(element, 40)
        if any(_NEXT_TEXT.fullmatch(label) for label in _labels(element, text)):
            if not _READ_ON.search(text):
                return _address(element, base)
            read_on.setdefault(_address(element, base), element)
        elif labelled is None and len(text) < 12 and _NEXT_CLASS.search(_names(element)) and _in_pager(element):
            labelled = _address(element, base)
    if len(read_on) > 1:
        read_on = {address: element for address, element in read_on.items() if _in_pager(element)}
    return next(iter(read_on), None) or labelled


def _labels(element: HtmlElement, text: str) -> Iterator[str]:
    """What a link says, and what it is said to be where that is no words."""
    yield text
    if not any(char.isalnum() for char in text):
        yield element.get("title") or ""
        yield element.get("aria-label") or ""
        yield from (image.get("alt") or "" for image in element.iter("img"))


def _in_pager(element: HtmlElement) -> bool:
    return any(_PAGER.search(_names(above)) for above in element.iterancestors())


def _address(element: HtmlElement, base: str) -> str | None:
    reference = element.get("href") or ""
    found = absolute(base, reference) if not reference.startswith("#") else None
    return without_fragment(found) if found else None


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _numbered(root: HtmlElement, url: str) -> str | None:
    """In a row of page numbers, the one after the number that is no link, or is marked as the current one."""
    base, here = base_of(root, url), without_fragment(url)
    seen: set[HtmlElement] = set()
    for element in root.iter("a"):
        parent = element.getparent()
        if parent is None or not _is_number(text_within(element, 10)):
            continue
        # Counting what an element holds takes as long as it is: of many thousand numbers each would be counted.
        is_alone = element.getnext() is None and element.getprevious() is None
        pager = parent.getparent() if is_alone else parent
        if pager is None or pager in seen:
            continue
        if len(seen) == _MOST_PAGERS:
            break
        seen.add(pager)
        found = _after(pager, base, here)
        if found is not None:
            return found
    return None


def _after(pager: HtmlElement, base: str, here: str) -> str | None:
    """The page after the current one, by a row of page numbers."""
    numbers: dict[int, str] = {}
    marked: int | None = None
    words = Counter(_words(pager))
    for link in islice(pager.iter("a"), _MOST_NUMBERED):
        text, address = text_within(link, 10), _address(link, base)
        if address is None:
            continue
        words.subtract(_words(link))
        if not _is_number(text):
            continue
        numbers[int(text)] = address
        around = link.getparent()
        names = _names(link) if around is None or around is pager else f"{_names(link)} {_names(around)}"
        if address == here or _CURRENT.search(names):
            marked = int(text)
    if marked is not None:
        return numbers.get(marked + 1)
    plain = {int(word) for word, times in words.items() if times > 0 and _is_number(word)} - numbers.keys()
    own = [number for number in plain if number + 1 in numbers and (number == 1 or number - 1 in numbers)]
    if len(own) != 1 or len(plain) > _MOST_PLAIN or _in_calendar(pager):
        return None
    return numbers[own[0] + 1]


def _words(element: HtmlElement) -> Iterator[str]:
    return (word for piece in islice(pieces_of(element), _MOST_PIECES) for word in _GAPS.split(piece[:_LONGEST_PIECE]))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 5


def _in_calendar(element: HtmlElement) -> bool:
    return any("calendar" in _names(above).lower() for above in (element, *element.iterancestors()))


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
    return _written(html, url)


def _written(html: str, url: str) -> str | None:
    """The next page by the older script that writes the links itself: "index"+"_" + nextPage + "."+"html"."""
    link = _WRITTEN.search(html)
    numbers = _variables(html) if link else {}
    count, told = numbers.get("countPage"), numbers.get("currentPage")
    if link is None or count is None or told is None:
        return None
    current = _current(url, link[1], told)
    return absolute(url, f"{link[1]}_{current + 1}.{link[2]}") if current < count - 1 else None


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
