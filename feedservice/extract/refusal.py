"""Pages that are no article although they came with 200: challenges, refusals, maintenance, errors, logins, shells."""

from __future__ import annotations

from feedservice.extract.page.dom import Tree
from feedservice.extract.text.wording import squeeze
from feedservice.words import signs

_FEW = 40
_SHORT = 160


def reason_for_none(tree: Tree, source: str, body_words: int, title: str, has_pictures: bool) -> str:
    """Why a page has no article on it; "" when it may well have one.

    body_words: how many words of text were found. Careful on purpose: an article about error 404 is an article.
    """
    words = sum(line.size for line in tree.lines if not line.hidden)
    if body_words < _FEW and words < 2 * _SHORT and (sign := signs.in_markup(source)):
        return f"{sign}, not an article"
    if words < 2 * _SHORT and signs.is_program(source):
        return f"{signs.CHALLENGE}, not an article"
    if body_words < _SHORT and (sign := _instead(tree, body_words, words, title)):
        return f"{sign}, not an article"
    if body_words == 0 and not has_pictures:
        if words < _FEW and (signs.is_shell(source) or "<script" in source):
            return "a page that is only made by JavaScript"
        return "no article text was found on the page"
    if body_words < _FEW // 2 and words < _FEW and not has_pictures and signs.is_shell(source):
        return "a page that is only made by JavaScript"
    return ""


def _instead(tree: Tree, body_words: int, words: int, title: str) -> str:
    """What a page of few words is instead of an article; "" when it says nothing of that kind."""
    window = squeeze(tree.root.findtext(".//title") or "")
    text = " ".join(line.text for line in tree.lines[:200] if line.size < _FEW)[:6_000]
    told = signs.in_title(window) or signs.in_title(title)
    if told and told is not signs.LOGIN:
        return told
    if body_words >= _FEW:
        return ""
    if words < 600 and (sign := signs.in_text(text, title)) and (sign is signs.ERROR or words < 2 * _SHORT):
        return sign
    if words < 2 * _SHORT and _has_password(tree) and (told or not title):
        return signs.LOGIN
    if body_words < _FEW // 2 and words < _SHORT and signs.asks_for_login(text):
        return signs.LOGIN
    return ""


def _has_password(tree: Tree) -> bool:
    return any((item.get("type") or "").lower() == "password" for item in tree.root.iter("input"))
