"""Links that hang on a headline and are no articles of their own: its files, names that others have too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from feedservice.sources.listing.links import Link
from feedservice.sources.listing.scoring import weight

_LONGEST = 40
_A_NAME = 3.0
_LEAST = 3
_FILE = re.compile(
    r"[\W_]*+(?:(?:download|view|open|as)\s++)?+(?:pdf|docx?|xlsx?|x?html?|word|excel|txt|epub|rtf|odt|ods|zip|mp3)"
    r"(?:[\W_]*+\d[\d.,]*+\s?+(?:[kmg]i?b|bytes?|pages?|seiten|ページ|页))?+[\W_]*+",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"[\W_]*+(?:视频|音频|图解|图片|图集|图文|文字|动画|文件)(?:版|解读|回放|直播|实录|集锦|链接)?+\d*+[\W_]*+|[\W_]*+(?:文字)?实录[\W_]*+"
    r"|[\W_]*+(?:video|audio|photos?|slides|transcript|webcast|annex|anlage)[\W_]*+",
    re.IGNORECASE,
)


def without_files(links: Sequence[Link]) -> Sequence[Link]:
    """The links without those that say no more than what kind of file or show they lead to, in a headline's element."""
    files = {link.element for link in links if _is_file(link)}
    if not files:
        return links
    headed = {link.element.getparent() for link in links if link.element not in files and link.text}
    return [link for link in links if link.element not in files or link.element.getparent() not in headed]


def without_names(links: Sequence[Link]) -> Sequence[Link]:
    """The links without short ones that several rows have, to one address and with the same words: an office.

    Where more than half of all links are such, the page says everything twice.
    """
    told = Counter((link.url, link.text) for link in links if link.text)
    names = [pair for pair, times in told.items() if times > 1 and weight(pair[1]) < _A_NAME]
    if not 0 < sum(told[pair] for pair in names) * 2 <= len(links) or len(told) - len(names) < _LEAST:
        return links
    refused = set(names)
    return [link for link in links if (link.url, link.text) not in refused]


def _is_file(link: Link) -> bool:
    text = link.text or next((image.get("alt") or "" for image in link.element.iter("img")), "")
    return len(text) <= _LONGEST and (_FILE.fullmatch(text) or _SHOWN.fullmatch(text)) is not None
