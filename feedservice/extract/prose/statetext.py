"""An article that a page keeps in the data of its scripts and draws from there: its text, and what stands beside it.

    {"title":"…","publishTime":"2024-09-28 10:30:00","source":"…","content":"<p>…</p>"}

It is written down as markup in the place of what the page shows, and read, judged and sanitised like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice

from feedservice.extract.dates.forms import parse_moment
from feedservice.extract.page.density import Ground
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.parsing import parse_root
from feedservice.extract.statements.scripted import Scripts, scripts_of
from feedservice.extract.statements.scriptstrings import LONGEST, string_at
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.wording import bare, squeeze, unescape, words
from feedservice.model import Precision

_ENOUGH, _SAME = 120, 20
_FEWEST, _SURE = 12, 30
_NEAR = 8_000
_MOST = 2_000
_MOST_PICTURES, _MOST_LISTS = 60, 4
_LONGEST_FACT, _LONGEST_NAME = 300, 16
_OPENING = r"""["']?\s*[:=]\s*(?:\w{1,20}\(\s*)?(?P<quote>\\?["'])"""
_MARKS = ("ontent", "article_body", "articleBody", "ich_text", "ichText", '"body"')
"""What the names of texts have in them, to look for at once: a program of a megabyte has few of these."""
_TEXTS = re.compile(
    r"(?:content_noencode|(?:news|article|notice|info|detail|html|rich|post|page)_?(?:[Cc]ontent|[Tt]ext|[Bb]ody)"
    r"|content_?(?:[Hh]tml|[Tt]ext)|content|\"body)" + _OPENING
)
_TITLES = re.compile(r"(?<![A-Za-z0-9])(?:news|article|info|notice|post)?_?[Tt]itle" + _OPENING)
_TIMES = re.compile(
    r"(?<![A-Za-z0-9_])(?:pub(?:lish(?:ed)?)?_?(?:[Tt]ime|[Dd]ate|At|at)|(?:create|release|post)_?(?:[Tt]ime|[Dd]ate))"
    r"""["']?\s*[:=]\s*(?:\w{1,20}\(\s*)?\\?["']?(?P<value>[\d年月日 T:.+Z/-]{8,32})"""
)
_SOURCES = re.compile(
    r"(?<![A-Za-z0-9_])(?:source(?:_?[Nn]ame)?|media_?[Nn]ame|copy_?[Ff]rom|article_?[Ss]ource|nick_?name)" + _OPENING
)
_AUTHORS = re.compile(r"(?<![A-Za-z0-9_])(?:author(?:_?[Nn]ame)?|writer)" + _OPENING)
_PICTURES = re.compile(r"(?<![A-Za-z0-9_])picture_page_info_list[\"']?\s*[:=]\s*\[")
_NESTING = re.compile(r"""[\[\]{}]|(?P<name>cdn_url["']?\s*:\s*(?:\w{1,20}\(\s*)?)?(?P<quote>["'])""")
_BLOCKS = re.compile(r"<(?:p|div|br|section|li|table|h[1-6]|img|article)\b", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|br|section|li|table|span|a|strong|img)\b", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_STOPS = re.compile(r"[。！？；，、]|[.,!?](?:\s|$)")


_PRECISIONS = {Precision.DAY: "%Y-%m-%d", Precision.MINUTE: "%Y-%m-%d %H:%M", Precision.SECOND: "%Y-%m-%d %H:%M:%S"}


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in a script: the script, where the text begins and ends in it, and what it says."""

    script: str
    start: int
    end: int
    value: str
    size: int


def with_state(ground: Ground, said: Stated, timezone: str) -> Tree | None:
    """The page with the article of its scripts in place of what it shows; None where that is prose, or hardly less."""
    shown = sum(ground.values)
    root = ground.tree.root
    body = root if root.tag == "body" else root.find("body")
    if shown > _ENOUGH or body is None:
        return None
    scripts = scripts_of(ground.tree)
    titles = (said.title, *(said.meta.get(name, "") for name in ("og:title", "twitter:title")))
    text = _article(scripts, bare(" ".join(titles).replace("\\n", "")), apart=shown > 0)
    if text is None or text.size <= shown or _is_shown(text, ground.tree):
        return None
    drawn = parse_root(_markup(text, scripts, timezone))
    parts = list(drawn.iterfind("body/*")) if drawn is not None else []
    for part in body:
        if isinstance(part.tag, str):
            part.set("hidden", "")
    for place, part in enumerate(parts):
        body.insert(place, part)
    return Tree(root) if parts else None


def _is_shown(text: _Text, tree: Tree) -> bool:
    """Whether the end of a text stands on the page already."""
    end = bare(unescape(_TAGS.sub("", text.value)))[-_SAME:]
    return end in bare("".join(line.text for line in tree.lines))


def _markup(text: _Text, scripts: Scripts, timezone: str) -> str:
    before, after = _around(text)
    title = _told(_TITLES, before, after)
    at = _time(before, after, timezone)
    facts = (("发布时间", at), ("来源", _told(_SOURCES, before, after)), ("作者", _told(_AUTHORS, before, after)))
    rows = "".join(f"<p>{label}：{escape(value)}</p>" for label, value in facts if value)
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    pictures = "".join(f'<p><img src="{escape(url)}"></p>' for url in _pictures(scripts))
    content = f"<div class=article-content>{_written(text.value)}{pictures}</div>"
    return f"<body><div>{heading}<div>{rows}</div>{content}</div></body>"


def _around(text: _Text) -> tuple[str, str]:
    """What stands before a text in its script, and behind it."""
    return text.script[max(0, text.start - _NEAR) : text.start], text.script[text.end : text.end + _NEAR]


def _article(scripts: Scripts, titles: str, apart: bool) -> _Text | None:
    """The longest text, of those that the page's title stands beside where there are several.

    titles: what the page calls itself. apart: whether a title must stand beside a lone one too.
    """
    texts: dict[str, _Text] = {}
    for text in _texts(scripts):
        texts.setdefault(bare(text.value), text)
    longest = sorted(texts.values(), key=lambda text: -text.size)
    alone = len(longest) < 2 or longest[1].size <= 0.3 * longest[0].size
    if apart or not alone or any(text.size < _SURE for text in longest[:1]):
        longest = [text for text in longest if _is_titled(text, titles)]
    return longest[0] if longest else None


def _is_titled(text: _Text, titles: str) -> bool:
    """Whether a title of the page's stands beside a text, or is how it begins, as of messages that have none."""
    title = bare(_told(_TITLES, *_around(text)))
    return (len(title) > 3 and title[:_SAME] in titles) or bare(text.value)[:_SAME] in titles


def _texts(scripts: Scripts) -> Iterator[_Text]:
    """What reads as prose among the strings that are named as a text."""
    count = 0
    for script in scripts.texts:
        end = 0
        for found in _named(script):
            if found.start() < end:
                continue
            value, end = string_at(script, found.end(), found["quote"])
            value = _as_markup(value)
            plain = squeeze(_TAGS.sub(" ", value)) if len(value) >= _FEWEST else ""
            size = words(plain)
            if size >= _FEWEST and _HAN.search(plain) and _STOPS.search(plain):
                yield _Text(script, found.start(), end, value, size)
            count += 1
            if count > _MOST:
                return


def _named(script: str) -> Iterator[re.Match[str]]:
    """The names of texts in a script that a string follows, in its order."""
    starts: set[int] = set()
    for mark in _MARKS:
        place = script.find(mark)
        while place >= 0:
            start = place
            while (
                start > 0
                and place - start < _LONGEST_NAME
                and (script[start - 1].isalnum() or script[start - 1] == "_")
            ):
                start -= 1
            starts.add(start)
            place = script.find(mark, place + len(mark))
    return (found for start in sorted(starts) if (found := _TEXTS.match(script, start)))


def _as_markup(text: str) -> str:
    """A text whose tags were escaped once more as the markup that it is."""
    return unescape(text) if _ESCAPED_TAG.search(text) and not _BLOCKS.search(text) else text


def _written(text: str) -> str:
    """A text as markup: as it stands, or in paragraphs where it has only line ends."""
    if _BLOCKS.search(text):
        return text
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line.strip())


def _told(pattern: re.Pattern[str], before: str, after: str) -> str:
    """The first line of the nearest value of a name: before the text first, where a row of data begins."""
    for found in (*reversed(list(pattern.finditer(before))), *pattern.finditer(after)):
        value, _ = string_at(found.string, found.end(), found["quote"])
        value = squeeze(unescape(_TAGS.sub("", value)).strip().split("\n")[0])
        if 1 < len(value) <= _LONGEST_FACT and not value.startswith(("http", "/")):
            return value
    return ""


def _time(before: str, after: str, timezone: str) -> str:
    for found in (*reversed(list(_TIMES.finditer(before))), *_TIMES.finditer(after)):
        moment = parse_moment(squeeze(found["value"]), timezone, None)
        if moment is not None:
            return moment.at.strftime(_PRECISIONS[moment.precision])
    return ""


def _pictures(scripts: Scripts) -> list[str]:
    """The pictures of a message that is nothing but pictures and a text."""
    lists = ((script, found.end()) for script in scripts.texts for found in _PICTURES.finditer(script))
    rows = (_addresses(script, start) for script, start in islice(lists, _MOST_LISTS))
    return next((row for row in rows if row), [])


def _addresses(script: str, start: int) -> list[str]:
    """The addresses that stand right in the rows of a list."""
    depth, place, addresses = 1, start, dict[str, None]()
    while depth > 0 and len(addresses) < _MOST_PICTURES:
        found = _NESTING.search(script, place, start + LONGEST)
        if found is None:
            break
        place = found.end()
        if quote := found["quote"]:
            value, place = string_at(script, place, quote)
            if place == found.end():
                break
            if found["name"] and depth == 2 and value.startswith("http"):
                addresses[unescape(value)] = None
        else:
            depth += 1 if found[0] in "[{" else -1
    return list(addresses)
