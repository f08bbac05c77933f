"""How one version of an article differs from another, for people: by words, in Chinese by characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

from feedservice.model import Fields, Moment, Precision
from feedservice.words.noticing import lines_of, noticed_addresses

_TOKEN = re.compile(r"[A-Za-z0-9À-ɏ]+(?:['’.,_-][A-Za-z0-9À-ɏ]+)*|\s+|.", re.DOTALL)
_MOST_WORK = 4_000_000
"""How many pairs of tokens, or of paragraphs, are compared at most; beyond, the old is gone and the new is there."""
_CONTEXT = 20
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, and whether it is what was changed about its line."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is there no more ("-") or only now ("+"). field: what it is of: "title", "text", "link", ..."""

    field: str
    sign: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line without marks. What stands far from any change is left out."""
        return "".join(piece.text for piece in self.pieces)


def difference(before: Fields, after: Fields) -> tuple[Line, ...]:
    """What is there no more and what is there only now, line by line; () when people would notice nothing."""
    found = list(_texts("title", [before.title], [after.title]))
    text = list(_texts("text", _paragraphs(before.body), _paragraphs(after.body)))
    # Most summaries are made of the text, and tell of its changes once more.
    found += text or _texts("summary", [before.summary], [after.summary])
    for field, old, new in (
        ("author", before.authors, after.authors),
        ("origin", before.origins, after.origins),
        ("link", noticed_addresses(before.body), noticed_addresses(after.body)),
        ("file", [file.url for file in before.attachments], [file.url for file in after.attachments]),
    ):
        found += _listed(field, old, new)
    return tuple(found)


def whole_difference(before: Fields, after: Fields) -> tuple[Line, ...]:
    """The same of every field, whether readers see it or not."""
    found = list(difference(before, after))
    for field, of in _UNSEEN:
        found += _listed(field, of(before), of(after))
    return tuple(found)


def _listed(field: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    yield from (Line(field, "-", (Piece(text, True),)) for text in dict.fromkeys(old) if text and text not in new)
    yield from (Line(field, "+", (Piece(text, True),)) for text in dict.fromkeys(new) if text and text not in old)


def _moment(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return moment.at.date().isoformat() if moment.precision is Precision.DAY else moment.at.isoformat()


_UNSEEN: Sequence[tuple[str, Callable[[Fields], Sequence[str]]]] = (
    ("published", lambda fields: (_moment(fields.published),)),
    ("updated", lambda fields: (_moment(fields.updated),)),
    ("editor", lambda fields: (fields.editor,)),
    ("breadcrumb", lambda fields: (" > ".join(fields.breadcrumb),)),
    ("tag", lambda fields: fields.tags),
    ("language", lambda fields: (fields.language or "",)),
    ("picture", lambda fields: (fields.lead_image or "",)),
    ("file name", lambda fields: tuple(file.name for file in fields.attachments)),
    ("label", lambda fields: tuple(f"{label}：{value}" for label, value in fields.extras)),
)


def _paragraphs(html: str) -> list[str]:
    return [unescape(line) for line in lines_of(html)]


def _texts(field: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for some_old, some_new in _replaced(old, new):
        for index in range(max(len(some_old), len(some_new))):
            gone, come = some_old[index : index + 1], some_new[index : index + 1]
            yield from _changed(field, gone[0] if gone else "", come[0] if come else "")


def _changed(field: str, old: str, new: str) -> Iterator[Line]:
    old_pieces, new_pieces = _compared(_TOKEN.findall(old), _TOKEN.findall(new))
    if old.strip():
        yield Line(field, "-", old_pieces)
    if new.strip():
        yield Line(field, "+", new_pieces)


def _compared(old: list[str], new: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    changes = list(_spans(old, new))
    return (
        _pieces(old, [(start, end) for start, end, _, _ in changes]),
        _pieces(new, [(start, end) for _, _, start, end in changes]),
    )


def _pieces(tokens: list[str], changed: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = 0
    for start, end in (*changed, (len(tokens), len(tokens))):
        kept = _near("".join(tokens[at:start]), is_first=at == 0, is_last=start == len(tokens))
        if kept:
            found.append(Piece(kept))
        if end > start:
            found.append(Piece("".join(tokens[start:end]), True))
        at = end
    return tuple(found)


def _near(text: str, *, is_first: bool, is_last: bool) -> str:
    """What of an unchanged run stands near a change."""
    if len(text) <= 2 * _CONTEXT + 1:
        return text
    head = "" if is_first else text[:_CONTEXT]
    tail = "" if is_last else text[-_CONTEXT:]
    return f"{head}{_ELLIPSIS}{tail}"


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for start, end, new_start, new_end in _spans(old, new):
        yield old[start:end], new[new_start:new_end]


def _spans(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where two sequences differ: start and end in the old one, start and end in the new one."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(one) * len(other) > _MOST_WORK:
        yield head, len(old) - tail, head, len(new) - tail
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield head + start, head + end, head + new_start, head + new_end
