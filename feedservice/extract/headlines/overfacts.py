"""Headlines that only stand over what tells of an article, on pages that bear the name of an office or a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedservice.extract.dates.forms import find_moments
from feedservice.extract.dates.splitdates import joined_date
from feedservice.extract.page.density import Ground
from feedservice.extract.page.labels import read_labels
from feedservice.extract.page.lines import Line

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5"])
PORTAL = re.compile(
    r"(?:门户网站?|政府网|官方?网站?|网站|网站首页|首页|新闻网|公众网|信息网|欢迎您.{0,3}"
    r"|人民政府|法院|检察院|委员会|[局厅处]|办公室|^[\u4e00-\u9fff]{2,6}网|大学|学院|研究所|研究院|中学|小学|医院|政协|人大)$"
)
"""Ends of the names of sites and of those whose they are, which windows of old pages bear on every page."""


COLUMN = re.compile(
    r"(?:[\u4e00-\u9fff]{2}|公示|通知)?(?:通知|公告|公示|动态|要闻|新闻|资讯|快讯|信息)|通知公告|公示公告|政策文件|政策解读|学术讲座"
)
"""Names of columns, which stand in the first heading of pages whose headline is but a line."""
_NO_HEADLINE = re.compile(r"[>＞»]|位置|^[（(—]|^[\u4e00-\u9fff]{2,12}[〔\[（(]\d{4}[〕\]）)]")
"""A trail, or the number of a document."""


def over_facts(ground: Ground, start: int) -> Line | None:
    """The line right above the first one that tells date or publication, on a page that is only titled as its site."""
    for place, (line, number) in enumerate(zip(ground.tree.lines, ground.tree.line_numbers, strict=True)):
        if number > start:
            break
        fits = 6 <= line.size <= 60 and not line.link_share and not line.hidden and not ground.in_furniture(number)
        if (
            fits
            and not _NO_HEADLINE.search(line.text)
            and not find_moments(line.text, "UTC")
            and stands_over_facts(ground, place)
        ):
            return line
    return None


def stands_over_facts(ground: Ground, place: int) -> bool:
    """Whether one of the lines after the one at a place tells when an article was published, or what it is from."""
    following = ground.tree.lines[place + 1 : place + 4]
    if following and following[0].block.tag in _HEADINGS and not _tells_facts(following[:1]):
        return False
    following = [other for other in following if other.size <= 40]
    if _tells_facts(following) or any(find_moments(other.text, "UTC") for other in following[:2]):
        return True
    texts = [other.text for other in following]
    return bool(texts) and bool(_DAY.fullmatch(texts[0])) and bool(joined_date(texts, "UTC", month_first=False))


def _tells_facts(lines: Sequence[Line]) -> bool:
    """Whether lines have a label for the publication or its day."""
    return not {"published", "origin"}.isdisjoint(label.kind for label in read_labels(lines))


_DAY = re.compile(r"(?:[0-3]?\d|(?:19|20)\d\d|[01]?\d[-/.月][0-3]?\d)\s?[日年]?")
"""What begins a date that stands in two lines: a big day over a small month, a year over a day."""
