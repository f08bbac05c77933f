"""What an entry says of its own text: the content itself, descriptions of it, captions of pictures beside it.

feedparser takes the second description of an entry for its content, whoever it is by. So the descriptions of other
vocabularies get names of their own before it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from feedservice.sources.feed.values import Entry, dict_of, dicts_of, string_of
from feedservice.sources.markup import count_words, is_cut, paragraphs, text_of

_LONGEST_SUMMARY = 1_000
_WHOLE_ARTICLE = 250
"""From how many words on the usual description of a feed is taken for the whole article."""
_BOUND = re.compile(r"\bxmlns:([\w.-]{1,30})\s*=\s*[\"']([^\"'<>]{1,100})[\"']")
_OTHERS = (
    ("http://purl.org/dc/elements/1.1", "description", "about"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "summary", "about"),
    ("http://search.yahoo.com/mrss", "description", "caption"),
)
_MOST_PREFIXES = 3
_ABOUT = ("itunes_about", "dc_about")
_CAPTION = "media_caption"
_END = 2_000
_DOTS = re.compile(r"[^\[\s](?:\.{3,9}|…)[\s”\"’'»]{0,9}\Z")
_MARKUP = re.compile(
    r"</(?:a|blockquote|div|figure|h[1-6]|iframe|ol|p|pre|section|table|ul)\s*>|<(?:br|hr|img)[\s/>]", re.IGNORECASE
)
_CONTENT = re.compile(r"<(?:content|(?!media:)[\w.-]{1,30}:(?:content|encoded|body)|body|fullitem)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """What an entry says of its own text.

    whole: it is marked as the content, not as a description of it. own_dots: it ends in dots, but is not cut there.
    """

    html: str
    summary: str
    whole: bool
    own_dots: bool = False


def with_descriptions_apart(xml: str) -> str:
    """A feed whose descriptions of other vocabularies (DC, iTunes, Media RSS) have names of their own."""
    bound = dict.fromkeys((prefix, uri.lower().rstrip("/")) for prefix, uri in _BOUND.findall(xml))
    for namespace, element, instead in _OTHERS:
        for prefix in [prefix for prefix, uri in bound if uri == namespace][:_MOST_PREFIXES]:
            if f"<{prefix}:{element}" in xml:
                xml = _renamed(xml, f"{prefix}:{element}", f"{prefix}:{instead}")
    return xml


def _renamed(xml: str, name: str, instead: str) -> str:
    # feedparser takes no text of an unknown element that has attributes.
    bare = re.sub(rf"<{re.escape(name)}(?=\s)(?![^<>]*xmlns)[^<>]*?(/?)>", rf"<{instead}\1>", xml)
    return re.sub(rf"<(/?){re.escape(name)}(?=[\s/>])", rf"<\1{instead}", bare)


def has_content(xml: str) -> bool:
    """Whether a feed marks content anywhere: content:encoded, Atom's content, xhtml:body."""
    return _CONTENT.search(xml) is not None


def text_of_entry(entry: Entry, *, marked: bool, typed: bool) -> Text:
    """What an entry says of its text.

    marked: its feed marks content; else all that it has are descriptions. typed: text is text, as in Atom; else it may
    as well be HTML.
    """
    contents = [_as_html(content, typed=typed) for content in dicts_of(entry, "content")]
    detail = dict_of(entry, "summary_detail")
    description = _as_html(detail, typed=typed) if detail else ""
    body = max(contents, key=len, default="") if marked else ""
    if body and not (description and len(description) > 2 * len(body)):
        summary = text_of(description) if description and description not in contents else ""
        return Text(body, _shorten(summary), whole=True)
    told = [description, *contents, *(string_of(entry, name) for name in _ABOUT)]
    longest = max(told, key=len) or string_of(entry, _CAPTION)
    return Text(longest, _shorten(text_of(description or longest)), whole=False)


def descriptions_are_whole(texts: Sequence[Text]) -> bool:
    """Whether a feed without marked content gives whole articles as descriptions, judged by all of them together."""
    words = [text_of(text.html) for text in texts if not text.whole and text.html]
    if not words:
        return False
    cut = sum(is_cut(text) for text in words)
    return cut * 4 < len(words) and median(count_words(text) for text in words) >= _WHOLE_ARTICLE


def with_own_dots(texts: Sequence[Text]) -> list[Text]:
    """The texts of a feed's entries, those told apart that end in dots of their author's.

    Long content is not cut where it ends so, as long as less than a quarter of the feed's does.
    """
    ends = [text.whole and _has_dots(text) and _DOTS.search(_end_of(text)) is not None for text in texts]
    if sum(ends) * 4 >= len(texts):
        return list(texts)
    return [
        replace(text, own_dots=True) if dots and count_words(text_of(text.html)) >= _WHOLE_ARTICLE else text
        for text, dots in zip(texts, ends, strict=True)
    ]


def is_teaser(text: Text) -> bool:
    """Whether a text ends as one does that goes on elsewhere."""
    return not text.own_dots and is_cut(_end_of(text))


def _has_dots(text: Text) -> bool:
    # Spares the rest for most: a character reference may be one of dots.
    end = text.html[-_END:]
    return "..." in end or "…" in end or "&" in end


def _end_of(text: Text) -> str:
    return text_of(text.html[-_END:])


def _as_html(content: Mapping[str, object], *, typed: bool) -> str:
    value = string_of(content, "value", strip=False)
    # Many leave the type of their HTML out.
    markup = _MARKUP.search(value) is not None if typed else "<" in value
    if string_of(content, "type") == "text/plain" and not markup:
        return paragraphs(value) if value.strip() else ""
    return value.strip()


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_SUMMARY else text[: _LONGEST_SUMMARY - 1].rstrip() + "…"
