"""Regular expressions that an operator may look for articles with: those whose work stays small on any text.

Python's engine tries alternatives one after the other, so some patterns take time without end on some texts. Refused
are those that repeat what repeats already, go back or look around, and those with too many ways to match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

REGEX = "regex:"
_LONGEST = 500
_MOST_WIDE = 2
_MOST_WAYS = 500
_NARROW = 10
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEAT = re.compile(r"(?:[*+?]|\{([0-9]*)(,?)([0-9]*)\})[?+]?")
_BACK = re.compile(r"\\[1-9]")


def check_word(word: str) -> str:
    """Let plain text, and a regular expression that is bounded, through. Raises ValueError for any other."""
    if word.startswith(REGEX):
        pattern = word.removeprefix(REGEX)
        try:
            re.compile(pattern, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"a regular expression that can be read ({error})") from None
        refused = _too_much(pattern)
        if refused or not pattern:
            raise ValueError(f"a regular expression {refused or 'that is not empty'}")
    return word


@dataclass(slots=True)
class _Group:
    """An open group: whether anything in it repeats, and how many ways there are through it."""

    repeats: bool = False
    branches: int = 1


@dataclass(slots=True)
class _Count:
    wide: int = 0
    ways: int = 1
    groups: list[_Group] = field(default_factory=lambda: [_Group()])


def _too_much(pattern: str) -> str:
    """What a pattern must be other than it is; "" when nothing."""
    if len(pattern) > _LONGEST:
        return f"of at most {_LONGEST} characters"
    count, closed, place = _Count(), _Group(), 0
    while place < len(pattern):
        here = pattern[place]
        repeat = _REPEAT.match(pattern, place)
        if repeat is not None and place > 0:
            refused = _repeat(count, closed, repeat)
            if refused:
                return refused
            closed, place = _Group(), repeat.end()
            continue
        closed = _Group()
        if here == "(":
            if pattern.startswith("(?", place) and not pattern.startswith("(?:", place):
                return "without (?...) other than (?:...)"
            count.groups.append(_Group())
            place += 3 if pattern.startswith("(?:", place) else 1
            continue
        if here == ")":
            closed = count.groups.pop()
            count.ways *= closed.branches
            count.groups[-1].repeats |= closed.repeats
        elif here == "|":
            count.groups[-1].branches += 1
        elif _BACK.match(pattern, place):
            return "without references back (\\1)"
        place = _after(pattern, place)
    return "with fewer ways to match: fewer ?, | and {m,n}" if count.ways > _MOST_WAYS else ""


def _repeat(count: _Count, closed: _Group, repeat: re.Match[str]) -> str:
    """Take a quantifier into account; says what must be otherwise."""
    sign = repeat[0][0]
    low, comma, high = repeat[1] or "0", repeat[2] or "", repeat[3] or ""
    if sign == "{" and not (repeat[1] or high):
        return ""
    most = {"?": 1}.get(sign, int(high or (low if not comma else 10**9)) if sign == "{" else 10**9)
    least = int(low) if sign == "{" else int(sign == "+")
    if most > 1 and (closed.repeats or closed.branches > 1):
        return "that repeats no group with *, +, ?, {m,n} or | in it"
    if most != least:
        count.groups[-1].repeats = True
    if most - least > _NARROW:
        count.wide += 1
        if count.wide > _MOST_WIDE:
            return f"with at most {_MOST_WIDE} of *, + and {{m,n}} beyond {_NARROW} characters"
    else:
        count.ways *= most - least + 1
    return ""


def _after(pattern: str, place: int) -> int:
    """Where the next character, escape or class begins."""
    found = _CLASS.match(pattern, place) if pattern[place] == "[" else None
    if found is not None:
        return found.end()
    return place + (2 if pattern[place] == "\\" else 1)
