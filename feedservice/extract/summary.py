"""A short text for lists: what the page states, or how the article begins."""

from __future__ import annotations

import re

from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.wording import bare, squeeze, unescape

_LONGEST = 200
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")
_STOP = re.compile(r"[。！？!?；;](?=[^。！？!?；;]*$)|\.(?=\s[^.]*$)")


def summary_of(stated: Stated, body_text: str) -> tuple[str, str]:
    """A summary, and where it is from. A stated description counts only when the article bears it out."""
    found = stated.first("og:description", "description", "twitter:description")
    if found:
        # Some pages escape twice: what is plain text by now still says &ldquo;.
        text = squeeze(_REFERENCE.sub(lambda one: unescape(one[0]), found[1]))
        start = bare(text)[:12]
        if len(text) >= 15 and start and start in bare(body_text)[:4_000]:
            return shortened(text), f"meta {found[0]}"
    lines = [line for line in body_text.split("\n") if len(line) > 15]
    return (shortened(" ".join(lines[:3])), "first paragraphs") if lines else ("", "")


def shortened(text: str) -> str:
    """The text up to about 200 characters, cut after a sentence where there is one, else with an ellipsis."""
    text = squeeze(text)
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST]
    stop = _STOP.search(cut)
    if stop and stop.end() > _LONGEST // 3:
        return cut[: stop.end()].rstrip()
    if " " in cut[_LONGEST // 2 :] and cut[-1].isascii():
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip("，,、：: ") + "…"
