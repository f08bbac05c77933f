"""Which links of a page are its list: groups of links in equal places, the best of them, the rows that they head."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from feedservice.sources.addresses import site_of
from feedservice.sources.listing.around import (
    dates_beside,
    days_above,
    days_under_months,
    headlines_of,
    years_above,
)
from feedservice.sources.listing.columns import days_of_columns, of_columns
from feedservice.sources.listing.habits import habits_of, months_first, short_order
from feedservice.sources.listing.hangers import without_files, without_names
from feedservice.sources.listing.leads import leads, shape
from feedservice.sources.listing.links import Link, names_of, signature, text_within
from feedservice.sources.listing.rows import Item, make_item
from feedservice.sources.listing.scoring import ROW_TAGS, is_article, link_text, score, weight
from feedservice.sources.listing.showing import date_among, date_of, only_date
from feedservice.sources.rowdates import Calendar

_LEAST_SCORE = 4.0
_SOUND_SCORE = 8.0
_MOST_SCORED = 40
_LOOKED_AT, _A_FEW = 200, 20
_LONG_ROW = 3_000
_LONGEST_LABEL = 40
_A_HEADLINE = 3.0
_ENTRY = 4.0
"""How much the headline of a lone entry says at least, and the labels of a menu less."""
_MOST_IN_A_ROW = 4
_HAS_WORDS, _NUMBERED = re.compile(r"[^\W\d_]{2}"), re.compile(r"\S*\d\S*")
_MORE = re.compile(
    r"\W*+(?:更多|详细|详情|查看(?:更多|详情|详细|全文)?|阅读(?:全文|更多|原文)?|全文|点击查看|下载|评论|留言|回复|分享|打印"
    r"|(?:查看|浏览)?(?:全部|所有)|read ?(?:more|on)|(?:view |see |show |browse )?(?:more|all)|(?:view )?details?"
    r"|continue reading|learn more|comments?|reply|share|\d+\s*(?:条?评论|comments?|replies)"
    r"|weiterlesen|mehr(?: lesen)?|lire (?:la suite|plus)|en savoir plus|leer más|ver (?:más|todo)|leia mais|saiba mais"
    r"|leggi(?: tutto)?|lees (?:meer|verder)|подробнее|читать (?:далее|полностью)|все новости|続きを読む|もっと見る"
    r"|詳しく見る|더\s?보기|자세히(?: 보기)?|xem (?:thêm|chi tiết)|devamı(?:nı oku)?|المزيد|اقرأ المزيد|ادامه مطلب)"
    r"\W*+(?:\d++\W*+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NEIGHBOUR = re.compile(r"\W*[上下前后]一?[篇条则][\s:：]|(?:previous|next) (?:post|article|entry)\s*:", re.IGNORECASE)
_TURN = re.compile(
    r"\W*(?:\d{1,4}|首页|尾页|末页|上一?[页頁]|下一?[页頁]|前一页|后一页|第[一\d]+页|最后一页|prev(?:ious)?|next|first|last"
    r"|(?:old|new)er(?: posts)?|home)\W*|\W*[上下前后]一?[篇条則则][\s:：].*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Links in equal places, each a different address; `rows` holds the element that each heads.

    dated: the share of rows that show a date.
    """

    links: Sequence[Link]
    rows: Sequence[HtmlElement]
    score: float
    dated: float


def find_group(links: Sequence[Link], url: str, calendar: Calendar, *, sure: bool = False) -> Group | None:
    """The group of links that is the page's list; None when no group looks like one.

    sure: there is one, so that the best is taken however little it looks like it.
    """
    by_place: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_place[link.place].append(link)
    candidates = [found for found in map(_distinct, by_place.values()) if found]
    candidates.sort(key=_rough, reverse=True)
    text = link_text(links)
    groups = [_group(found, url, calendar, text) for found in candidates[:_MOST_SCORED]]
    groups = _without_menus([group for group in groups if not _tells_days(group)] or groups[:1])
    best = max(groups, key=lambda group: group.score, default=None)
    if best is not None and len(best.links) == 1:
        # A lone link, however well it looks, is the list only where nothing else is one.
        several = max((group for group in groups if len(group.links) > 2), key=lambda group: group.score, default=best)
        best = several if several.score >= _SOUND_SCORE else best
    return best if best is not None and (sure or best.score >= _LEAST_SCORE) else None


def _without_menus(groups: list[Group]) -> list[Group]:
    """The groups without those of short labels, where one or two entries look like articles beside them.

    A column that has just begun is shorter than the menu beside it.
    """
    few = [group for group in groups if len(group.links) <= 2 and _is_short_list(group)]
    if all(group.score < _LEAST_SCORE for group in few):
        return groups
    return [group for group in groups if not _says_little(group) or _leads_to_articles(group)]


def _is_short_list(group: Group) -> bool:
    return all(is_article(link.url) and weight(link.text) >= _ENTRY for link in group.links)


def _says_little(group: Group) -> bool:
    """Whether the links of a group are labels without dates: 机构概况, 法规文件."""
    words = sum(weight(link.text) for link in group.links)
    return not group.dated and len(group.links) > 2 and words < _ENTRY * len(group.links)


def _leads_to_articles(group: Group) -> bool:
    """Whether any link of a group may lead to an article, by an address that is not that of a folder."""
    return any(is_article(link.url) and not _FOLDER.search(link.url) for link in group.links)


_FOLDER = re.compile(r"/(?:index\.\w{2,5})?(?:\?|$)")


def _tells_days(group: Group) -> bool:
    """Whether the links of a group say nothing but days, as those to archives do."""
    days = sum(_YEAR.search(link.text) is not None and only_date(link.text) for link in group.links)
    return days * 2 > len(group.links)


def items_of(group: Group, links: Sequence[Link], url: str, calendar: Calendar) -> tuple[Item, ...]:
    """The items of a group in page order, with those rows of the same list whose link stands a little otherwise."""
    twins: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        twins[link.url].append(link)
    heads = dict(zip((link.element for link in group.links), group.rows, strict=True))
    heads.update((link.element, row) for link, row in _sisters(group, links, url))
    if len(group.rows) > 2 and group.dated >= 0.5:  # what stands above an undated list is a choice of its own
        heads.update(leads(group.rows, group.links, links))
    headed = [(link, heads[link.element]) for link in links if link.element in heads]
    habits = habits_of([link.element for link, _ in headed[:_LOOKED_AT]])
    beside = _beside(headed, calendar)
    told = {**days_of_columns(heads.values()), **beside} or _under_headings(headed, calendar)
    above = headlines_of([(link.element, row) for link, row in headed]) if habits.names else {}
    years = years_above(heads.values())
    texts = [beside.get(row) or text_within(row, _LONG_ROW) for _, row in headed[:_LOOKED_AT]]
    calendar = replace(calendar, month_first=months_first(texts, calendar), short=short_order(texts, calendar))
    items: dict[str, Item] = {}
    for link, row in headed:
        if link.url not in items:
            own = replace(calendar, year=years.get(row))
            near = told.get(row, "")
            over = above.get(row, "")
            items[link.url] = make_item(link, row, twins[link.url][:10], own, habits=habits, beside=near, above=over)
    return tuple(items.values())


def _beside(headed: Sequence[tuple[Link, HtmlElement]], calendar: Calendar) -> Mapping[HtmlElement, str]:
    """Where the dates of a list stand that stand in none of its rows."""
    if len(headed) < 2 or any(date_of(link, row, calendar) is not None for link, row in headed[:_LOOKED_AT]):
        return {}
    return dates_beside([row for _, row in headed], [link.url for link, _ in headed], calendar)


def _under_headings(headed: Sequence[tuple[Link, HtmlElement]], calendar: Calendar) -> Mapping[HtmlElement, str]:
    """The days of a list whose rows tell no more than the number of a day or the time."""
    if any(date_of(link, row, calendar) is not None for link, row in headed[:_A_FEW]):
        return {}
    rows = [row for _, row in headed]
    return days_under_months(rows, calendar) or days_above(rows, calendar)


def _distinct(found: Sequence[Link], *, in_a_row: bool = False) -> list[Link]:
    """The links of a place or a row that can be headlines, one for each address: the first that says enough or most.

    Where all say 详情, the headlines are no links, and these are what there is.
    """
    if not in_a_row and all(len(link.text) <= _LONGEST_LABEL and _MORE.fullmatch(link.text) for link in found):
        if len(found) <= 2:
            return []
        # Of 查看 and 下载 in one cell the first counts.
        first = list({link.element.getparent(): link for link in reversed(found)}.values())[::-1]
        return list({link.url: link for link in (first if len(first) > 2 else found)}.values())
    found = without_names(without_files(found))
    usual = Counter(() if in_a_row else (link.url for link in found))
    kept: dict[str, Link] = {}
    for link in found:
        if len(link.text) <= _LONGEST_LABEL and (_TURN.fullmatch(link.text) or _MORE.fullmatch(link.text)):
            continue
        if _NEIGHBOUR.match(link.text):
            continue  # on an article's page
        if usual[link.url] > 2 and usual[link.url] * 10 > len(found) and len(usual) > 3:
            continue  # a category's name before each title
        before = kept.get(link.url)
        if before is None or _says_more(link.text, before.text):
            kept[link.url] = link
    if not in_a_row:
        kept = {link.url: link for link in of_columns(list(kept.values()))}
    if len(kept) < 3 and len(found) > 3 * len(kept):
        return []  # an author's name behind each title
    return list(kept.values())


def _says_more(text: str, before: str) -> bool:
    """Whether a link is rather the headline than one before it to the same address: a name, an index number."""
    if _HAS_WORDS.search(text) and not _HAS_WORDS.search(before):
        return True
    return len(text) > len(before) and weight(_NUMBERED.sub(" ", before)) < _A_HEADLINE


def _rough(found: Sequence[Link]) -> float:
    return math.log1p(len(found)) * sum(min(len(link.text), 80) for link in found) / len(found)


def _group(found: Sequence[Link], url: str, calendar: Calendar, text: Mapping[HtmlElement, int]) -> Group:
    found, rows = _without_strays(found, _rows(found), calendar)
    some = list(zip(found[:_LOOKED_AT], rows, strict=False))
    dated = sum(date_of(link, row, calendar) is not None for link, row in some) / len(some)
    if not dated and (_beside(some, calendar) or short_order((text_within(row) for _, row in some[:_A_FEW]), calendar)):
        dated = 1.0
    labels = all(not link.text or (len(link.text) <= _LONGEST_LABEL and _MORE.fullmatch(link.text)) for link in found)
    return Group(found, rows, score(found, rows, dated, url, text, labels=labels), dated)


def _without_strays(
    found: Sequence[Link], rows: Sequence[HtmlElement], calendar: Calendar
) -> tuple[Sequence[Link], Sequence[HtmlElement]]:
    """The rows without those that only look like them: a menu with short titles and no date beside a dated list."""
    holders: dict[HtmlElement | None, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        holders[row.getparent()].append(index)
    if len(holders) < 2 or len(found) > _LOOKED_AT:
        return found, rows
    headed = list(zip(found, rows, strict=True))
    beside = _beside(headed, calendar)
    dated = [
        (date_among(beside[row].split("\n"), calendar, link.url) if beside else date_of(link, row, calendar))
        is not None
        for link, row in headed
    ]
    if sum(dated) * 2 < len(found):
        return found, rows
    usual = sum(weight(link.text) for link, told in zip(found, dated, strict=True) if told) / sum(dated)
    kept = [
        index
        for indexes in holders.values()
        if any(dated[index] for index in indexes)
        or sum(weight(found[index].text) for index in indexes) * 2 >= usual * len(indexes)
        for index in indexes
    ]
    return [found[index] for index in sorted(kept)], [rows[index] for index in sorted(kept)]


def _rows(found: Sequence[Link]) -> list[HtmlElement]:
    """For each link the highest element above it that holds no other link of the group."""
    holds: Counter[HtmlElement] = Counter()
    for link in found:
        holds.update(link.element.iterancestors())
    rows: list[HtmlElement] = []
    for link in found:
        row = link.element
        for above in link.element.iterancestors():
            if holds[above] > 1 or above.tag in ("body", "html"):
                break
            if len(found) == 1 and above.tag != "dl" and (row.tag in ROW_TAGS or _holds_a_list(above)):
                break
            row = above
        rows.append(row)
    return rows


def _holds_a_list(element: HtmlElement) -> bool:
    return len({link.get("href") for link in islice(element.iter("a"), _LOOKED_AT)}) > _MOST_IN_A_ROW


def _sisters(group: Group, links: Sequence[Link], url: str) -> Iterator[tuple[Link, HtmlElement]]:
    """Rows beside those of the group that hold none of its links, each with its headline: pinned and marked ones."""
    tag = Counter(row.tag for row in group.rows).most_common(1)[0][0]
    if tag == "a" or len(group.rows) < 2:
        return
    own = set(group.rows)
    beside = {row.getparent() for row in group.rows if row.tag == tag}
    by_row: dict[HtmlElement, list[Link]] = defaultdict(list)
    for link in links:
        row = next((above for above in link.element.iterancestors(tag) if above.getparent() in beside), None)
        if row is not None and row not in own:
            by_row[row].append(link)
    common = _common_names(group.rows)
    signatures = {signature(row) for row in group.rows}
    named = frozenset.intersection(*(names_of(link.element) for link in group.links))
    frames = {_frame(link) for link in group.links}
    shapes = {shape(link.url) for link in group.links}
    site = site_of(url)
    for row, inside in by_row.items():
        near = [link for link in _distinct(inside, in_a_row=True) if site_of(link.url) == site]
        fit = [link for link in near if weight(link.text) >= 2]
        framed = [link for link in fit if _frame(link) in frames or named & names_of(link.element)]
        if framed and (tag in ROW_TAGS or common & names_of(row)):
            yield max(framed, key=lambda link: weight(link.text)), row
        elif fit and len({link.url for link in inside}) <= 3 and (tag in ROW_TAGS or signature(row) in signatures):
            best = max(fit, key=lambda link: weight(link.text))
            if shape(best.url) in shapes:
                yield best, row


def _common_names(rows: Iterable[HtmlElement]) -> frozenset[str]:
    return frozenset.intersection(*(names_of(row) for row in rows))


def _frame(link: Link) -> tuple[str, str]:
    """What a link stands in: the element around it and the one around that."""
    parent = link.element.getparent()
    above = parent.getparent() if parent is not None else None
    return signature(parent) if parent is not None else "", str(above.tag) if above is not None else ""
