"""Pages that are nothing but the way to another one, though their status does not say so."""

from __future__ import annotations

import html
import re

from feedservice.outbound.answering import is_html
from feedservice.outbound.exchange import Answer

_LARGEST = 20_000
_FEW = 200
_APART = re.compile(r"<!--|<(noscript|script|style|title)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_META = re.compile(r"<meta\b[^<>]*\bhttp-equiv\s*=\s*[\"']?\s*refresh\b[^<>]*>", re.IGNORECASE)
_CONTENT = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_AT_ONCE = re.compile(r"\s*[01](?:\.\d*)?\s*[;,\s]\s*(?:url\s*=)?(.*)", re.IGNORECASE | re.DOTALL)
_GOES = re.compile(
    r"(?:(?:window|self|top|parent|document)\.)?location"
    r"(?:(?:\.href)?\s*=\s*([\"'])([^\"'\\]+)\1|\.(?:replace|assign)\(\s*([\"'])([^\"'\\]+)\3\s*\))\s*;?"
)


def leads_to(answer: Answer) -> str | None:
    """Where a page sends its reader at once, by `Refresh` or by a script of one line; None where there is more to it.

    As it stands in the page, whose bytes are read as Latin-1 like those of a field.
    """
    if answer.status != 200 or len(answer.body) > _LARGEST or not is_html(answer):
        return None
    outside, scripts = _taken_apart(answer.body.decode("latin-1"))
    words = html.unescape(_TAG.sub(" ", outside)).split()
    if len("".join(words)) > _FEW:
        return None
    meta = _META.search(outside)
    content = _CONTENT.search(meta[0]) if meta else None
    told = answer.headers.get("refresh") or (content and next(filter(None, content.groups()), None))
    if told:
        found = _AT_ONCE.fullmatch(html.unescape(told))
        return (found and found[1].strip().strip("\"'").strip()) or None
    goes = _GOES.fullmatch(scripts.strip()) if not words else None
    return goes and (goes[2] or goes[4])


def _taken_apart(text: str) -> tuple[str, str]:
    """What stands outside of comments, titles, styles, scripts and what is for those who run none; and the scripts."""
    lower, at = text.lower(), 0
    outside: list[str] = []
    scripts: list[str] = []
    while found := _APART.search(text, at):
        outside.append(text[at : found.start()])
        name = (found[1] or "").lower()
        end = lower.find(f"</{name}" if name else "-->", found.end())
        at = len(text) if end < 0 else end
        if name == "script":
            scripts.append(text[found.end() : at])
    return "".join((*outside, text[at:])), "".join(scripts)
