"""The way to the page: 当前位置：首页 > 资讯动态 > 其他信息."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedservice.extract.headlines.headline import Headline
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import name_words
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import bare, squeeze, words

_LABEL = re.compile(
    r"(?:您|你)在这里\s*[:：>＞]?|(?:您|你)?(?:现在|目前|当前)?(?:的|所在的?|所处的?)?(?:当前)?(?:位置|栏目|页面)(?:是|在)?\s*[:：>＞]"
    r"|^(?:you are here|sie (?:sind|befinden sich) hier|aktuelle seite|vous êtes ici|est[áa]s en|usted está en"
    r"|você está em|sei in|je bent hier|u bent hier|jesteś tutaj|location)\s*[:：]?",
    re.IGNORECASE,
)
_HERE = re.compile(r"(?:您|你)?(?:的|所在的?)?(?:现在|目前|当前)(?:的|所在的?)?(?:位置|栏目)(?:是|在)?")
"""A label in an element of its own, with nothing behind it."""
_NAMES = vocabulary(
    "breadcrumb breadcrumbs crumb crumbs crumbnav bread bread-crumb bread_crumb "
    "sitepath dqwz weizhi curpos cur-pos currentposition current-position navpath nav-path channel-path "
    "site-nav-path crumb-nav post_crumb mbx mianbaoxie daohang dangqian news-position art_location "
    "breadnav breadlist lujing subnav-path"
)
_WEAK_NAMES = vocabulary("location local loc position path route wz place where mb")
"""Names that mean much else besides: they count as a whole, and where what is inside looks like a way."""
_LAID_OUT = re.compile(
    r"-?[mp][trblxyse]?-(?:\d+|auto|\[.*\])|position-(?:relative|absolute|static|fixed|sticky)"
    r"|place-(?:items|content|self)-.*"
)
"""The classes by which Bootstrap and Tailwind set margins and places: they tell nothing of what is inside."""
_BETWEEN = re.compile(r"[>＞»›→⟩]|^/|\s/\s")
_SEPARATORS = re.compile(r"\s*(?:>{1,3}|＞{1,2}|»|›|→|»|/|\||｜|-&gt;|->|\\|—>|——|→|⟩|>>|∕|·(?=\s))\s*")
_ARROW = re.compile(r"[^\w]*(?:>|＞|»|›|→)")
_END = re.compile(
    r"^(?:正文|正文内容|内容|(?:详情|详细)(?:内容|信息|页面?)?|文章(?:正文|内容|详情)|信息(?:内容|正文|详情)"
    r"|阅读(?:正文|文章)?|浏览(?:文章)?|查看(?:文章|信息)?|内容页|全文|当前页面?|>+)$"
)
_ENCLOSED = re.compile(r"^[\[【〔]([^\[\]【】〔〕]+)[\]】〕]$")
"""A step that is set in brackets: [首页] >> 新闻动态."""
_TOOLS = re.compile(r"^(?:[【\[]?字\s*[体号]|打\s*印|分享|收藏|关闭)")
_HOMES = re.compile(r"首页|主页|网首$|^home(?:page)?$|startseite|accueil|inicio|início", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b|\b(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}\b"
    r"|\d{1,2}\.? \w{3,12} (?:19|20)\d\d\b"
)
"""A line that holds a day tells who wrote the article and when, not where it stands."""
_PLAIN = re.compile(r"(?:网站|本站)?[首主]页(?:\s?(?:[>»›→/]|->){1,2}\s?[^\s>»›→/|]{2,20}){1,6}")
"""A way without a link: 首页 > 互动交流 > 市长信箱."""
_MAX_STEPS, _SHORT = 8, 40
_LONGEST_LINE = 20_000
"""Words of a line that may hold a trail: some pages are one line, the trail in front."""


def find_trail(ground: Ground, headline: Headline, stated: Stated) -> tuple[tuple[str, ...], str]:
    """The titles on the way to the page, outermost first, without the headline; and how they were found."""
    tree = ground.tree
    limit = tree.number[headline.element] + 30 if headline.element is not None else len(tree.elements) // 2
    rows = [*_named(ground, headline, limit), *_lines_shown(ground, headline, limit)]
    best = max(rows, key=lambda row: row.score, default=None)
    if best is not None and not best.weak:
        return best.steps, best.how
    for trail in stated.trails:
        steps = _cleaned(list(trail), headline.text)
        if steps:
            return steps, "json-ld BreadcrumbList"
    if best is not None:
        return best.steps, best.how
    if found := stated.first("columnname"):
        return (found[1],), f"meta {found[0]}"
    return (), ""


@dataclass(frozen=True, slots=True)
class _Way:
    """Steps that may be the way to the page. weak: whether what the page states in JSON-LD goes before them."""

    score: float
    steps: tuple[str, ...]
    how: str
    weak: bool = False


def _named(ground: Ground, headline: Headline, limit: int) -> Iterator[_Way]:
    """Candidates among the elements, with a score: those named as a trail, near above the headline."""
    tree = ground.tree
    done: set[Element] = set()
    for number, element in enumerate(tree.elements[:limit]):
        if any(above in done for above in element.iterancestors()):
            continue
        named = bool(_telling(element) & _NAMES) or "breadcrumb" in (element.get("itemtype") or "").lower()
        weak = not named and not _WEAK_NAMES.isdisjoint(names_of(element).split())
        if not (named or weak) or element.tag in {"html", "body", "script", "link", "img", "form"}:
            continue
        size = ground.size_in(element)
        if not 0 < size <= 90:
            continue
        steps = _without_heading(_cleaned(_steps(element), headline.text), element)
        if steps and (named or _looks_like_way(element, steps)):
            done.add(element)
            shape = 2.0 if ground.links_in(element) and len(steps) > 1 else 0.0
            score = 3.0 + shape + _near(number, limit) + _extra(element, steps)
            yield _Way(score, steps, f"named {names_of(element).strip()[:40]}", weak)


def _without_heading(steps: tuple[str, ...], element: Element) -> tuple[str, ...]:
    """Steps without the last, where it is the one before again and no link: the column's name over its articles."""
    if len(steps) < 2 or steps[-1] != steps[-2]:
        return steps
    links = [squeeze(inner_text(link)) for link in element.iter("a")]
    return steps if links.count(steps[-1]) > 1 else steps[:-1]


def _telling(element: Element) -> frozenset[str]:
    """The words of an element's names, without those by which it is only laid out."""
    laid_out = [name for name in names_of(element).split() if _LAID_OUT.fullmatch(name)]
    return name_words(element, laid_out)


def _looks_like_way(element: Element, steps: tuple[str, ...]) -> bool:
    """Whether there is a home, a label, or what stands between steps, beside the links of an element."""
    if _HOMES.search(folded(steps[0])) or _LABEL.search(folded(inner_text(element))):
        return True
    beside = [item.text for item in element.iter() if isinstance(item.tag, str) and item.tag != "a"]
    beside += [item.tail for item in element.iterdescendants()]
    return any(_BETWEEN.search(squeeze(text)) for text in beside if text and len(text) < _SHORT)


def _lines_shown(ground: Ground, headline: Headline, limit: int) -> Iterator[_Way]:
    """Candidates among the lines: after a label, or in the shape of a trail."""
    following = [*ground.tree.line_numbers[1:], len(ground.tree.elements)]
    over = ground.tree.number[headline.element] if headline.element is not None else None
    for line, number, after in zip(ground.tree.lines, ground.tree.line_numbers, following, strict=True):
        if number > limit or line.hidden or line.size > _LONGEST_LINE:
            continue
        label = _LABEL.search(folded(line.text))
        if label is None and not _may_be_trail(line, headline.text):
            if (
                line.size <= _SHORT
                and _PLAIN.fullmatch(folded(squeeze(line.text)))
                and (steps := _cleaned(_line_steps(line), headline.text))
            ):
                yield _Way(4.0 + _near(number, limit), steps, "shape")
            continue
        steps = _cleaned(_line_steps(line), headline.text)
        if label and (group := _group(line)) is not None:
            steps = _cleaned(_steps(group), headline.text) or steps
        if label and steps:
            yield _Way(6.5 + _near(number, limit), steps, f"label {squeeze(line.text[slice(*label.span())])}")
        elif _looks_like_trail(line, steps, headline.text):
            yield _Way(4.0 + _near(number, limit), steps, "shape")
        elif (
            over is not None and number < over <= after and not ground.in_furniture(number) and _is_dotted(line, steps)
        ):
            yield _Way(3.0, steps, "shape over the headline", weak=True)


def _near(number: int, limit: int) -> float:
    """The nearer above the headline, the better."""
    return max(0.0, 1.0 - (limit - number) / 400)


def _extra(element: Element, steps: tuple[str, ...]) -> float:
    home = 1.0 if _HOMES.search(folded(steps[0])) else 0.0
    return home + (0.5 if _LABEL.search(folded(inner_text(element))) else 0.0) - (0.0 if len(steps) <= 5 else 2.0)


def _group(line: Line) -> Element | None:
    """The list or row that a label's line is the first part of: <li>当前位置：</li><li>首页</li>...

    The first cell of a row may hold the home too, and the next the rest of the way.
    """
    if len(squeeze(inner_text(line.block))) <= 120 and sum(1 for _ in line.block.iter("a")) > len(line.pieces):
        return line.block
    links = sum(piece.element.tag == "a" for piece in line.pieces)
    above = line.block.getparent()
    if links > 1 or (links and line.block.tag != "td"):
        return None
    if above is None or above.tag in {"body", "html"} or len(squeeze(inner_text(above))) > 120:
        return None
    return above


def _steps(element: Element) -> list[str]:
    """The texts inside an element, link by link, and what stands between the links."""
    parts: list[str] = []
    for item in element.iter():
        if not isinstance(item.tag, str) or item.tag in {"script", "style"}:
            if item.tail and item is not element:
                parts += _split(item.tail)
            continue
        inside = any(above.tag == "a" for above in item.iterancestors() if above is not element)
        if item.tag == "a":
            parts.append(squeeze(inner_text(item)))
        elif item.text and not inside:
            parts += _split(item.text)
        if item.tail and item is not element and not any(above.tag == "a" for above in item.iterancestors()):
            parts += _split(item.tail)
    return parts


def _split(text: str) -> list[str]:
    return [part for part in _SEPARATORS.split(_unlabelled(squeeze(text))) if part]


def _unlabelled(text: str) -> str:
    kept, end = [], 0
    for found in _LABEL.finditer(folded(text)):
        kept.append(text[end : found.start()])
        end = found.end()
    return "".join([*kept, text[end:]])


def _line_steps(line: Line) -> list[str]:
    parts: list[str] = []
    for piece in line.pieces:
        parts += [squeeze(piece.text)] if piece.element.tag == "a" else _split(piece.text)
    return parts


def _may_be_trail(line: Line, title: str = "") -> bool:
    """Whether a line with links is short enough, the headline at its end left out."""
    if not any(piece.element.tag == "a" for piece in line.pieces):
        return False
    if line.size <= 50:
        return True
    return line.size <= 200 and bare(line.text).endswith(bare(title)) and line.size - words(title) <= 50


def _looks_like_trail(line: Line, steps: tuple[str, ...], title: str) -> bool:
    """A short line of links with arrows between them."""
    if not _may_be_trail(line, title):
        return False
    links = sum(piece.element.tag == "a" for piece in line.pieces)
    between = [squeeze(piece.text) for piece in line.pieces if piece.element.tag != "a"]
    within = [squeeze(piece.text) for piece in line.pieces[1:] if piece.element.tag == "a"]
    arrows = sum(bool(_ARROW.match(text)) for text in [*between, *within])
    slashes = sum(text.startswith("/") for text in between)
    home = bool(steps and _HOMES.search(folded(steps[0])))
    return len(steps) >= (1 if home else 2) and (arrows >= max(1, links - 1) or (home and slashes >= max(1, links - 1)))


def _is_dotted(line: Line, steps: tuple[str, ...]) -> bool:
    """A home and a column or two with dots, bars or pictures between them: 首页 · 新闻中心 · 综合信息."""
    if not _may_be_trail(line) or not 2 <= len(steps) <= 4 or not _HOMES.search(folded(steps[0])):
        return False
    links = sum(piece.element.tag == "a" for piece in line.pieces)
    between = {squeeze(piece.text) for piece in line.pieces if piece.element.tag != "a"} - {""}
    if links != len(steps) or len(between) > 1:
        return False
    if between:
        return not between.isdisjoint(_DOTS)
    holders = [image.getparent() for image in line.block.iter("img")]
    return sum(holder is not None and holder.tag != "a" for holder in holders) >= links - 1


_DOTS = frozenset("·•∙・|｜")


def _cleaned(parts: list[str], title: str) -> tuple[str, ...]:
    """Steps without labels, separators, the headline, and what follows 正文."""
    steps: list[str] = []
    wanted = bare(title)
    for part in parts:
        text = _ENCLOSED.sub(r"\1", squeeze(_unlabelled(part)).strip(" >＞»›→/|｜:：-·\\,，、;；"))
        if steps and (_END.match(folded(text)) or _TOOLS.match(folded(text))):
            break
        plain = bare(text)
        if not any(map(str.isalnum, plain)) or len(text) > 40 or _END.match(folded(text)):
            continue
        if not steps and _HERE.fullmatch(folded(plain)):
            continue
        if _DATE.search(text):
            return ()
        if wanted and (plain == wanted or (len(plain) > 8 and wanted.startswith(plain.rstrip(".…")))):
            break
        steps.append(text)
    return tuple(steps) if len(steps) <= _MAX_STEPS else ()
