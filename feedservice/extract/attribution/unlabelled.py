"""Publications without a label: beside the date, or in an element that is named as a source or an account."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from feedservice.extract.attribution.people import is_chinese_name, is_full_name
from feedservice.extract.dates.datewords import month_named
from feedservice.extract.dates.forms import find_moments
from feedservice.extract.page.controls import is_control
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.page.labels import EDGES, is_label_word, without_stoppers
from feedservice.extract.page.lines import Line, Piece
from feedservice.extract.page.noise import name_words
from feedservice.extract.prose.zone import Zone
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import bare, squeeze

Found = tuple[str, str]

_NONE: Found = ("", "")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SOURCE_NAMES = re.compile(
    r"source|media(?![-_](?:title|meta|content|area|wrp))|laiyuan|origin(?!al)|from|publisher|copyfrom"
    r"|\bly\b|\bjs_name\b|meta_nickname",
    re.IGNORECASE,
)
_NOT_SOURCE = re.compile(
    r"^(?:来自|发布于|编辑于|发表于|IP|网友|评论|首页|正文|原创|转载|专栏|订阅|更多|返回|查看|展开|收起|登录"
    r"|注册|我要|打印|字[体号大小]|\+|关闭|关注|"
    r"微信|微博|微博|分享|扫|复制|QQ|空间|收藏|点赞|举报|人参与|参与|跟|听新闻|朗读|语音|放大|缩小|正常|标准"
    r"|默认|加入|官方账号|作者|(?:当前|现在)(?:的)?位置)|^(?:字|大|中|小|[TA][+-]?|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西"
    r"|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)[市省]?$|官方账号$|\d{3,}|(?:参与|评论|阅读|浏览|点击|摄)$|记者|通讯员|编辑"
    r"|浏览|^发[布表]|点击|传送|推荐文章|只看该作者|^(?:阅读|浏览)|^第.{1,5}版|^[上下]一[版篇页条]|^\d+\s?[条个]"
    r"|手机版|^手机客户端|列印|链接|来源于?$|^\W*>|>>|频道$|时间|日期",
)


def unlabelled(
    zone: Zone, title: str, stated: Stated, tree: Tree, steps: tuple[str, ...], *, left_open: bool = False
) -> Found:
    """A publication's name that stands without a label beside the date, or in an element that is named as a source.

    steps: the way to the page. They are no publications, nor are the page's section and the entries of its menu.
    left_open: whether the page has a label for the publication with nothing behind it: what stands beside the date
    is none then.
    """
    found = _in_named(zone, title)
    if found[0] or left_open:
        return found
    people = {
        squeeze(piece.text) for line in zone.head for piece in line.pieces if _NICKNAMES.search(names_of(piece.element))
    }
    sections = _sections(stated, steps)
    sites = {stated.meta.get("og:site_name", ""), *stated.names("publisher")}
    called = {word for word in _TITLE_PARTS.split(stated.title)[-1].split() if len(word) >= _SHORTEST}
    menu = _menu(tree)
    for lines in (zone.head, zone.above):
        for index, line in enumerate(lines):
            if line.size <= 40 and find_moments(line.text, "UTC"):
                for text in _beside(lines, index):
                    name = source_name(text, title)
                    if not name or is_full_name(name) or name in people:
                        continue
                    if name in sites or (
                        (name in called or _is_publication(name)) and not _is_section(name, sections, menu)
                    ):
                        return name, "beside the date"
    return _NONE


def _in_named(zone: Zone, title: str) -> Found:
    for line in zone.head:
        for piece in line.pieces:
            around = _names_around(piece.element)
            if _SOURCE_NAMES.search(around) and (name := source_name(piece.text, title)):
                return name, f"class {around.strip().split()[0]}"
    return _NONE


def _sections(stated: Stated, steps: tuple[str, ...]) -> frozenset[str]:
    """What the page calls the places that it stands in."""
    told = [stated.meta.get(name, "") for name in ("article:section", "og:article:section", "section")]
    return frozenset(
        map(bare, [*told, stated.text("articleSection"), *steps, *(s for way in stated.trails for s in way)])
    )


def _is_section(name: str, sections: frozenset[str], menu: frozenset[str]) -> bool:
    """Whether a name is that of a section: of the page's own, or one that the menu leads to."""
    if _PAPER.search(folded(name)):
        return False
    if bare(name) in sections:
        return True
    return bare(name) in menu


def _menu(tree: Tree) -> frozenset[str]:
    """The texts of the links in the page's menus; what is nested is read once."""
    texts: set[str] = set()
    end = -1
    for number, element in enumerate(tree.elements):
        if number > end and (element.tag == "nav" or name_words(element) & _MENUS):
            end = tree.span(element)[1]
            texts |= {bare(inner_text(anchor)) for anchor in element.iter("a") if len(anchor) < _FEW}
    return frozenset(texts)


_FEW = 8
_TITLE_PARTS, _SHORTEST = re.compile(r"[_|｜–—-]"), 3
"""The last part of the window's title calls the site; a word of two characters there is rather a section."""
_MENUS = vocabulary("nav navi navbar navigation mainnav topnav subnav menu menus submenu mainmenu topmenu")
_PAPER = re.compile(r"[报報社网台]$")


def _is_publication(name: str) -> bool:
    """Whether a name reads as that of a paper, a station, a site, an authority or an account."""
    return bool(_LATIN.fullmatch(name) or _ENDS.search(folded(name)))


_ENDS = re.compile(
    r"[报社网台刊局厅委部处院办室馆校会联团队所站号府庭厂司组科][）)]?$|[日晚早时周商导]报|新闻|通讯|电视|网|杂志|周刊|月刊|期刊|中心|频道|在线"
    r"|发布|传媒|媒体|消息|财经|观察|客户端|大学|公司|集团|广播|之声|之家|资讯|热线|论坛|消防|公安|出版|评论|报道|世界|生活|科技"
)
"""How publications are called. What else stands beside a date is a button, a notice or a word of the page's."""


_NICKNAMES = re.compile(r"nick[-_]?name|user[-_]?name", re.IGNORECASE)
"""Elements for the nickname of whoever wrote on a platform: no publication's name."""


def _names_around(element: Element) -> str:
    above = element.getparent() if element.tag == "a" else element
    return names_of(element) + (names_of(above) if above is not None else "")


def _beside(lines: Sequence[Line], index: int) -> Iterator[str]:
    """What stands beside the date of a line: after it, before it, in the next short line, in the one above."""
    line = lines[index]
    dates = find_moments(line.text, "UTC")
    around = {line.block, *line.block.iterancestors()}
    pieces = [piece.text for piece in line.pieces if not _is_pressed(piece, around)]
    if len(line.pieces) == 1:
        yield re.split(r"  |(?<=\S)\s[|｜]\s", line.text[dates[-1].end :].lstrip(" |｜"))[0]
        yield re.split(r"\s{1,}", line.text[: dates[0].start].strip())[-1]
    yield from _after_date(pieces)
    yield from _before_date(pieces)
    for other in lines[index + 1 : index + 2]:
        if _may_name(other, around) and "：" not in other.text and not find_moments(other.text, "UTC"):
            yield other.text
    for other in lines[max(1, index - 1) : index]:
        if found := _JOINED.match(other.text):
            yield found["paper"]
        elif _may_name(other, around) and len(other.pieces) == 1:
            yield other.text


def _may_name(line: Line, around: Collection[Element]) -> bool:
    return line.size <= 12 and not any(is_control(piece.element, around) for piece in line.pieces)


def _is_pressed(piece: Piece, around: Collection[Element]) -> bool:
    """Whether a piece of a line is a button or the like; the piece with the date is none."""
    return is_control(piece.element, around) and not find_moments(piece.text, "UTC")


_JOINED = re.compile(
    r"^(?P<people>[\u4e00-\u9fff·]{2,4}(?:[\s、][\u4e00-\u9fff·]{2,4}){0,3})\s?[/／]\s?(?P<paper>[\u4e00-\u9fff]{3,16})$"
)
"""People and their paper in one line: 石佳/中国青年报."""


def with_paper(lines: Iterable[Line]) -> tuple[tuple[str, ...], str]:
    """The people of a line that names them with their paper."""
    for line in lines:
        found = _JOINED.match(line.text) if line.size <= 40 else None
        people = tuple(re.split(r"[\s、]", found["people"])) if found else ()
        if people and all(is_chinese_name(name) for name in people):
            return people, "line with the paper"
    return (), ""


def paper_of_reporter(lines: Iterable[Line]) -> Found:
    """The paper that stands before its reporter: 示例報／ 記者王小明／台北報導, 示例日报 记者 张三."""
    for line in lines:
        if line.size <= 40 and (found := _BEFORE_REPORTER.search(folded(line.text))):
            return line.text[slice(*found.span("paper"))], "before the reporter"
    return _NONE


_BEFORE_REPORTER = re.compile(
    r"(?<![\u4e00-\u9fff])(?!本|该|我)(?P<paper>[\u4e00-\u9fff]{1,9}[报社网台刊闻])(?:\s?[/／]\s?|\s|(?=全媒|融媒|记者))"
    r"(?:本报|特派|特约|实习|见习|全媒体?|融媒体?|首席)?(?:记者|特派员)(?!站)"
)


def _after_date(pieces: list[str]) -> list[str]:
    """The pieces of a line that come after the one with the date in it."""
    seen = False
    rest: list[str] = []
    for piece in pieces:
        dates = find_moments(piece, "UTC")
        seen = seen or bool(dates)
        text = piece[dates[-1].end :] if dates else piece
        if seen and (is_label_word(text) or text.rstrip().endswith(("：", ":"))):
            break
        if seen:
            rest.append(text)
    return rest


def _before_date(pieces: list[str]) -> list[str]:
    """The pieces of a line that come before the one with the date in it, the nearest first."""
    before: list[str] = []
    for piece in pieces:
        if dates := find_moments(piece, "UTC"):
            before.append(piece[: dates[0].start])
            break
        before.append(piece)
    return [text for text in reversed(before) if text.strip() and not is_label_word(text)]


def account(zone: Zone, title: str) -> Found:
    """The account that an article is published by, where its name stands in an element for the author."""
    for line in (*zone.head, *zone.above):
        for piece in line.pieces if line.size <= 16 else ():
            name = source_name(piece.text, title)
            if name and not is_chinese_name(name) and _ACCOUNT_NAMES.search(_names_around(piece.element)):
                return name, "account"
    return _NONE


_ACCOUNT_NAMES = re.compile(r"author|account|nick[-_]?name|user[-_]?name|profile|\bname\b", re.IGNORECASE)


def source_name(text: str, title: str) -> str:
    text = squeeze(text)
    if _REPORTED.search(folded(text)):
        return ""
    name = _ROLE_BEHIND.sub("", without_stoppers(_unquoted(text)).strip(EDGES))
    if re.search(r"[，,]\s*\S", text) or is_label_word(name) or _is_title(name, title):
        return ""
    if (
        not 2 <= len(name) <= 24
        or not (_HAN.search(name) or _LATIN.fullmatch(name))
        or _NOT_SOURCE.search(folded(name))
        or _DAYS.fullmatch(folded(name))
        or month_named(name)
        or re.search(r"[：:。！？!?|｜]", name)
    ):
        return ""
    return "" if find_moments(name, "UTC") else re.sub(r"\[[^\]]*$|\[[^\]]*\]$", "", name)


_REPORTED = re.compile(r"^\s*／|报导\s*$|(?:综合|连线|联合|现场|图文|摄影|／.*)报道\s*$")
"""The rest of a by-line, as where a report was made: ／桃園機場報導."""
_ROLE_BEHIND = re.compile(r"(?<=\S)\s+(?:(?:特派|[實实][習习]|本[報报])?(?:[記记]者|[編编][輯辑]|[撰摄攝][稿文影]))$")
_DAYS = re.compile(
    r"[(（]?(?:(?:星期|周|礼拜)[一二三四五六日天]|[月火水木金土日]曜日|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tue|wed|thu|fri|sat|sun|tweet|like|share|facebook|twitter|line|plurk|print|email|whatsapp|wechat|instagram|threads)"
    r"[)）]?",
    re.IGNORECASE,
)
"""Days of the week, and what networks call their buttons."""


def _unquoted(text: str) -> str:
    """The name of a paper out of its marks: 《 示例日报 》（."""
    found = re.match(r"^[\s(（]*《\s?([^《》]{2,20}?)\s?》", text)
    return found[1] if found else text


def _is_title(name: str, title: str) -> bool:
    """Whether a text is the headline, or so much of it that it is no name."""
    return bool(name) and bare(name) in bare(title) and len(bare(name)) > 0.5 * len(bare(title))


_LATIN = re.compile(r"[A-Z][A-Za-z]{2,}(?:[ .-]?[A-Za-z0-9]+){0,3}")
"""A publication that a Chinese page calls by a Latin name: CSDN, GameForce."""
