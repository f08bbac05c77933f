"""What readers press and do not read: buttons, links that run a script, share, print, or lead to a login."""

from __future__ import annotations

import re
from collections.abc import Collection

from feedservice.extract.page.elements import Element
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import name_words
from feedservice.extract.text.vocabulary import vocabulary

_NOWHERE = re.compile(r"\s*(?:javascript:|#|mailto:|tel:|sms:|whatsapp:|line:|weixin:)", re.IGNORECASE)
_SHARES = re.compile(
    r"(?:https?:)?//[^/]*\b(?:facebook\.com/(?:sharer|share|dialog)|fb\.me|(?:twitter|x)\.com/(?:share|intent)|line\.me"
    r"|linkedin\.com/(?:share|cws)|pinterest\.[a-z.]+/pin|plurk\.com|t\.me/share|telegram\.me/share|wa\.me|whatsapp\.com"
    r"|weibo\.com/share|connect\.qq\.com|qzone\.qq\.com|reddit\.com/submit|addtoany|addthis|jiathis|bshare|hatena"
    r"|kakao|band\.us)",
    re.IGNORECASE,
)
_NAMES = vocabulary(
    "share sharing shares sharer shareto sns social socials print printer tool tools toolbar toolbox login signin "
    "member members membership fontsize font-size fontbox textsize text-size fontresize zoom"
)
_PREFIXES = ("share", "print")


def is_control(element: Element, around: Collection[Element] = ()) -> bool:
    """Whether an element is something to press, or inside of it.

    around: elements whose names say nothing of this one, since they hold the rest of the line too.
    """
    for above in (element, *element.iterancestors()):
        if above in around:
            return False
        if above.tag == "button" or (above.get("role") or "").lower() == "button" or _leads_nowhere(above):
            return True
        words = name_words(above)
        if not words.isdisjoint(_NAMES) or any(word.startswith(_PREFIXES) for word in words):
            return True
    return False


def is_pressed(line: Line) -> bool:
    """Whether a line is made of things to press: 文字 收听 打印."""
    around = {line.block, *line.block.iterancestors()}
    return all(is_control(piece.element, around) for piece in line.pieces)


def _leads_nowhere(element: Element) -> bool:
    href = element.get("href") if element.tag == "a" else None
    return href is not None and bool(_NOWHERE.match(href) or _SHARES.match(href))
