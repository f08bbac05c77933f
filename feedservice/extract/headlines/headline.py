"""The headline of an article: the visible line that the page's own titles agree on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedservice.extract.headlines.kickers import headline_alone
from feedservice.extract.headlines.overfacts import COLUMN, PORTAL, over_facts, stands_over_facts
from feedservice.extract.headlines.sections import sections_of
from feedservice.extract.headlines.sites import is_site_link, site_of
from feedservice.extract.headlines.titles import (
    LOOSE,
    plain_title,
    stated_titles,
    without_day,
    without_site,
    without_site_behind,
)
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element, is_put_away
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import name_words
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import bare, squeeze

_SPACED_LETTER = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]")
"""A letter or digit of a script that sets its words apart."""
_TITLE_NAMES = vocabulary(
    "title titles tit headline header-title bt biaoti wzbt article-title articletitle arttitle art-title post-title "
    "entry-title news-title newstitle maintitle main-title topic subject h-title detail-title detailtitle "
    "page-title story-title content-title contenttitle tt"
)
_KIND = re.compile(
    r"(?:信件|来信|留言|问题|咨询|诉求|提案|文章|新闻|信息|内容|公告|通知|政策|办件)?(?:详情|详细|正文|内容)(?:页面?|信息|内容)?"
)
"""A heading that only tells what kind of page it is over: 信件详情."""
_PAPER = re.compile(r"(?:数字报刊?|电子报|电子版|[日晚早时周商都导]报)$")
_TAG_WEIGHT = {"h1": 3.0, "h2": 2.0, "h3": 1.5, "h4": 1.0, "h5": 0.5}
_MAX = 300


_Candidate = tuple[float, int, Element, str]
"""How well an element fits, its number, itself and its text."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The title, how it was found, and the element that shows it, where one does."""

    text: str
    how: str
    element: Element | None


def find_headline(ground: Ground, stated: Stated, body: Element | None, url: str) -> Headline:
    """The article's headline; its text is "" when the page has none."""
    hints = _hints(stated, site_of(url))
    best: _Candidate | None = None
    start = _start(ground, body)
    places = {id(line): place for place, line in enumerate(ground.tree.lines)}
    sections = sections_of(ground.tree)
    settled = _is_settled(hints, stated)
    for number, element in enumerate(ground.tree.elements):
        weight = _weight(element)
        if not weight:
            continue
        lines = ground.tree.lines_of(element) if 0 < ground.size_in(element) < _MAX else []
        text = squeeze(" ".join(line.text for line in lines))
        if not 2 <= len(text) <= _MAX or len(lines) > (3 if element.tag in _TAG_WEIGHT else 1):
            continue
        if is_site_link(element, url) or sections.is_step(element):
            continue
        agreement = _agreement(text, hints, stated, main=element.tag == "h1" and not ground.links_in(element))
        score = weight + agreement + _place(ground, number, element, start, agreement)
        score += 1.5 if element in sections.named else 0.0
        score += 2.5 if score < 4.0 and stands_over_facts(ground, places[id(lines[-1])]) else 0.0
        score -= 1.0 if agreement <= 0.0 and sections.is_listed(text) else 0.0
        score -= 9.0 if agreement <= 0.0 and is_put_away(element) else 0.0
        score -= 4.0 if agreement <= 0.0 and _KIND.fullmatch(text) else 0.0
        score -= 2.0 if agreement <= 0.0 and settled and _is_linked(element, ground) else 0.0
        if best is None or score >= best[0]:
            best = (score, number, element, text)
    if best is None or (best[0] < 4.0 and best[2] not in sections.named):
        window = LOOSE.split(stated.title)
        parts = 2 if _PAPER.search(window[0]) else 1
        best = _line_like(ground, hints, window[:parts], start, bare(stated.title).lower()) or best
    return _decided(best, ground, hints, stated, url, start)


def _decided(
    best: _Candidate | None, ground: Ground, hints: list[tuple[str, str]], stated: Stated, url: str, start: int
) -> Headline:
    """The best line where it is good enough; the one over the date where that is a column's or an office's name."""
    if best is not None and best[0] >= (3.0 if hints else 2.0):
        told = over_facts(ground, start) if COLUMN.fullmatch(best[3]) else None
        if told is not None and _heads(told, best[2], ground):
            return Headline(told.text, "over the date", told.block)
        return _shortened(best[2], best[3], stated, site_of(url))
    if (not hints or PORTAL.search(hints[0][1])) and (told := over_facts(ground, start)) is not None:
        return Headline(told.text, "over the date", told.block)
    if hints:
        how, text = hints[0]
        return Headline(text, how, None)
    return Headline(best[3], f"<{best[2].tag}>", best[2]) if best else Headline("", "", None)


def _heads(line: Line, column: Element, ground: Ground) -> bool:
    """Whether a line stands below a column's name and is not the name of an office."""
    return ground.tree.number[line.block] > ground.tree.span(column)[1] and not PORTAL.search(line.text)


def _hints(stated: Stated, site: str) -> list[tuple[str, str]]:
    """What the page calls itself, the most trusted first, without the site's own name."""
    rows: list[tuple[str, str]] = []
    if found := stated.first("articletitle", "contenttitle"):
        rows.append((f"meta {found[0]}", found[1]))
    if headline := plain_title(stated.text("headline")):
        rows.append(("json-ld headline", headline))
    names = ("og:title", "twitter:title", "dc.title", "dcterms.title", "title")
    rows += [(name, without_site(text, stated, site)) for name in names if (text := stated.meta.get(name))]
    if window := without_site(stated.title, stated, site):
        rows.append(("<title>", window))
    return [(how, squeeze(text)) for how, text in rows if squeeze(text)]


def _is_settled(hints: Sequence[tuple[str, str]], stated: Stated) -> bool:
    """Whether two places state the same title, other than the site's name: a linked heading without it leads away."""
    titles = [bare(text).lower() for _, text in hints]
    site = bare(stated.meta.get("og:site_name") or "").lower()
    return bool(titles) and titles[0] != site and titles.count(titles[0]) > 1


def _weight(element: Element) -> float:
    weight = _TAG_WEIGHT.get(element.tag, 0.0)
    if element.tag in {"a", "li", "ul", "body", "head", "title", "img", "html", "meta", "svg"}:
        return 0.0
    if element.get("itemprop") == "alternativeHeadline":
        return min(weight, 1.0)
    if element.get("itemprop") == "headline":
        weight += 2.5
    elif name_words(element) & _TITLE_NAMES:
        weight += 1.5
    return weight


def _agreement(text: str, hints: list[tuple[str, str]], stated: Stated, *, main: bool) -> float:
    """How well a line fits what the page calls itself. main: whether it stands in the heading of the page."""
    line = bare(text).lower()
    best = 0.0
    for how, hint in hints:
        wanted = bare(hint).lower()
        trust = 5.0 if how.startswith(("meta", "json")) else 4.0
        if line == wanted:
            best = max(best, trust)
        elif len(wanted) > 5 and wanted in line and len(line) < 2.5 * len(wanted):
            best = max(best, trust - 1.0)
        elif len(line) > 5 and line in wanted:
            best = max(best, (trust - 0.5) * min(1.0, 0.3 + len(line) / len(wanted)))
        else:
            best = max(best, trust * 0.8 * _overlap(text, hint))
    window = [bare(part).lower() for part in LOOSE.split(stated.title) if bare(part)]
    if len(window) > 1 and line in window[1:] and line != window[0] and best < 4.0:
        best -= 4.0
    if main and len(window) > 1 and line == window[0]:
        best = max(best, 4.0)
    site = bare(stated.meta.get("og:site_name") or stated.meta.get("sitename") or "").lower()
    return best - 4.0 if site and line == site else best


def _overlap(left: str, right: str) -> float:
    """Which share of character pairs two texts have in common: 0 to 1."""
    a, b = bare(left).lower(), bare(right).lower()
    first, second = {a[i : i + 2] for i in range(len(a) - 1)}, {b[i : i + 2] for i in range(len(b) - 1)}
    common = len(first & second)
    share = 2 * common / (len(first) + len(second)) if first and second else 0.0
    return share if share > 0.45 else 0.0


def _start(ground: Ground, body: Element | None) -> int:
    """The number of the element that holds the body's first prose."""
    if body is None:
        return len(ground.tree.elements)
    first, last = ground.tree.span(body)
    for value, number in zip(ground.values, ground.tree.line_numbers, strict=True):
        if first <= number <= last and value > 12:
            return number
    return first


def _is_linked(element: Element, ground: Ground) -> bool:
    """Whether most of an element's words are links."""
    return ground.links_in(element) > 0.6 * ground.size_in(element)


def _place(ground: Ground, number: int, element: Element, start: int, agreement: float) -> float:
    score = 0.0
    if ground.in_furniture(number):
        score -= 3.0 if element.tag != "h1" or not agreement else 0.0
    if number > start:
        score -= 2.5
    if _is_linked(element, ground):
        score -= 1.0 if element.tag in {"h1", "h2"} else 3.0
    return score


def _line_like(
    ground: Ground, hints: list[tuple[str, str]], window: list[str], start: int, whole: str
) -> _Candidate | None:
    """A plain line that says exactly what the page calls itself, the last one before the body; or two that do so.

    whole: the window's title, bare. What it says before a mark is what it calls itself too.
    """
    wanted = [bare(text).lower() for _, text in hints] + [bare(text).lower() for text in window]
    found: _Candidate | None = None
    for place, (line, number) in enumerate(zip(ground.tree.lines, ground.tree.line_numbers, strict=True)):
        if number > start and (found or (hints and PORTAL.search(hints[0][1]))):
            break
        text = bare(line.text).lower()
        if len(text) < 4 or line.link_share >= 0.5 or ground.in_furniture(number):
            continue
        if text in wanted or (len(text) >= _WHOLE and whole.startswith(text) and LOOSE.match(whole, len(text))):
            found = (5.0, number, line.block, line.text)
        elif (both := _with_next(ground, place)) and bare(both[1]).lower() in wanted:
            return (5.0, number, *both)
        elif (
            found is None
            and len(text) >= 8
            and any(begin.startswith(text) and len(text) > 0.6 * len(begin) for begin in wanted)
        ):
            found = (4.5, number, line.block, line.text)
    return found


_WHOLE = 12


def _with_next(ground: Ground, place: int) -> tuple[Element, str] | None:
    """What holds a line and the next one and nothing else, with the words of both: a headline in two paragraphs."""
    pair = ground.tree.lines[place : place + 2]
    above = pair[0].block.getparent()
    if len(pair) < 2 or above is None or pair[1].block.getparent() is not above:
        return None
    alone = ground.size_in(above) == pair[0].size + pair[1].size
    return (above, f"{pair[0].text} {pair[1].text}") if alone else None


def _shortened(element: Element, text: str, stated: Stated, site: str) -> Headline:
    """The element's text; without a kicker before it when what the page states does not have it."""
    how = f"<{element.tag}>" + (f" .{element.get('class')}" if element.get("class") else "")
    titles = stated_titles(stated)
    if element.tag in _TAG_WEIGHT or element.get("itemprop") == "headline":
        text = headline_alone(element, [title for _, title in titles]) or text
    line = bare(text).lower()
    text = _unbroken(text, titles)
    for name, wanted in titles:
        short = bare(wanted).lower()
        if len(short) >= 8 and text.startswith(wanted) and _FACTS.match(text, len(wanted)):
            return Headline(wanted, f"{name}, {how}", element)
        if len(short) >= 8 and line != short and _ends_with(text, wanted) and len(short) > 0.45 * len(line):
            return Headline(wanted, f"{name}, {how}", element)
    return Headline(without_day(without_site_behind(text, stated, site)), how, element)


def _unbroken(text: str, titles: Sequence[tuple[str, str]]) -> str:
    """A heading as the page states it elsewhere, where only its spaces differ.

    A Chinese one of several lines may be broken at another place; the words of one in pieces that a style sheet sets
    apart may lack their spaces.
    """
    alike = [wanted for _, title in titles for wanted in (title, *LOOSE.split(title)) if bare(wanted) == bare(text)]
    if _BROKEN.search(text):
        return min((wanted for wanted in alike if len(wanted) < len(text)), key=len, default=text)
    spaced = [squeeze(wanted) for wanted in alike if wanted.count(" ") > text.count(" ")]
    return spaced[0] if spaced and spaced[0].replace(" ", "") == text.replace(" ", "") else text


_FACTS = re.compile(r"\s(?:(?:19|20)\d\d[-/.年]|[【（(]?(?:(?:信息)?来源|发布|时间|日期|字[号体]))")
"""What a heading that was never closed goes on with."""
_BROKEN = re.compile(r"[\u3400-\u9fff》”）] [\u3400-\u9fff《“（]")


def _ends_with(text: str, end: str) -> bool:
    """Whether a line has another at its end, whole words of it."""
    head = text[: -len(end)] if text.lower().endswith(end.lower()) else ""
    inside = _SPACED_LETTER.match(head[-1:]) and _SPACED_LETTER.match(end)
    return not inside and bare(text).lower().endswith(bare(end).lower())
