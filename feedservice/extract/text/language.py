"""The language of an article, from what the page declares and the script it is written in."""

from __future__ import annotations

import re

_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")
_TRADITIONAL = frozenset(
    "們個這來時說國會後對學過還開關發當經應實為與從體點電長門問間書車東樂華萬業義習讓認證處買賣變廣務費產題類顯觀"
)
_SIMPLIFIED = frozenset(
    "们个这来时说国会后对学过还开关发当经应实为与从体点电长门问间书车东乐华万业义习让认证处买卖变广务费产题类显观"
)
_SAMPLE = 4_000


def language_of(text: str, declared: str | None) -> str | None:
    """An RFC 5646 code: what is declared, unless the script of the text says that it cannot be; None if unknown."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters < 20:
        return declared
    han, kana, hangul = (len(pattern.findall(sample)) for pattern in (_HAN, _KANA, _HANGUL))
    if hangul > 0.3 * letters:
        return _kept(declared, "ko")
    if kana > 0.1 * letters:
        return _kept(declared, "ja")
    if han > 0.3 * letters:
        return _kept(declared, _chinese(sample))
    if declared and declared.split("-")[0] in {"zh", "ja", "ko"}:
        return "en" if sum(char.isascii() for char in sample) > 0.95 * len(sample) else None
    return declared


def _kept(declared: str | None, seen: str) -> str:
    return declared if declared and declared.split("-")[0] == seen.split("-")[0] and "-" in declared else seen


def _chinese(sample: str) -> str:
    traditional = sum(char in _TRADITIONAL and char not in _SIMPLIFIED for char in sample)
    simplified = sum(char in _SIMPLIFIED and char not in _TRADITIONAL for char in sample)
    return "zh-TW" if traditional > 2 * simplified + 2 else "zh-CN"
