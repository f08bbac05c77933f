"""Who an article comes from: origins (来源), authors, and the editor, who is neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedservice.extract.attribution.authors import Clues, find_authors
from feedservice.extract.attribution.origins import find_origins, labelled
from feedservice.extract.attribution.people import is_chinese_name
from feedservice.extract.page.dom import Tree
from feedservice.extract.page.labels import Label
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import is_of_another
from feedservice.extract.prose.zone import Zone
from feedservice.extract.statements.scripted import Scripts
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.folding import folded
from feedservice.extract.text.wording import squeeze

_NUMBERED = re.compile(r"\s+[A-Z]{1,3}\d{2,6}$|(?<=[\u3400-\u9fff])_\w{2,20}$")
"""The number of an editor's desk behind the name, or the name of the account: 责任编辑：张三 PN054, 李四_NS4215."""


_NEXT_ROLE = re.compile(
    r"(?:\s*[/／|｜]\s*[\u3400-\u9fff]{2,4}\s*[:：]|\s+[\u3400-\u9fff]{2,4}\s?[|｜丨]).*$", re.DOTALL
)
"""What follows an editor in the same line: 陈曦 / 编发：冯军, 张三 校读|李四."""
_REACHED = re.compile(
    r"[\s，,;；(（]+(?:qq|tel|e-?mail|(?:联系)?电话|手机|微信|邮箱|联系方式)[号码]?\s*[:：].*$",
    re.DOTALL | re.IGNORECASE,
)
"""How an editor is reached: 【编辑：张三 QQ：10000；TEL：010-12345678】."""
_PAIRED = re.compile(r"(?:^|\s)(?:责任编辑|责编|编辑)\s(?P<name>[\u3400-\u9fff]{2,4})(?=\s|$)")


def _paired(lines: Sequence[Line]) -> tuple[str, str]:
    """The editor in a line of roles and names without colons: 编辑 张三 校对 李四."""
    for line in lines:
        found = _PAIRED.search(folded(squeeze(line.text))) if line.size <= 40 else None
        if found and is_chinese_name(name := squeeze(line.text)[slice(*found.span("name"))]):
            return name, "role before the name"
    return "", ""


@dataclass(frozen=True, slots=True)
class Byline:
    """Origins, authors and editor, each with how it was found; "" and () where there are none."""

    origins: tuple[str, ...] = ()
    origins_how: str = ""
    authors: tuple[str, ...] = ()
    authors_how: str = ""
    editor: str = ""
    editor_how: str = ""


def read_byline(
    zone: Zone,
    head: Sequence[Label],
    tail: Sequence[Label],
    stated: Stated,
    body_text: str,
    tree: Tree,
    title: str,
    scripts: Scripts,
    steps: tuple[str, ...],
) -> Byline:
    """Find origins, authors and editor in the labelled facts before and after the text, and in what the page states.

    steps: the way to the page.
    """
    tail = [label for label in tail if label.kind != "author" or not is_of_another(label.element)]
    labels = [*head, *tail]
    editor, editor_how = labelled([label for label in labels if label.word.startswith("责")], "editor")
    if not editor:
        editor, editor_how = labelled(labels, "editor")
    if not editor:
        editor, editor_how = _paired([*zone.inside[-4:], *zone.tail[:4]])
    editor = _NEXT_ROLE.sub("", _NUMBERED.sub("", _REACHED.sub("", editor)))
    origins, origins_how = find_origins(zone, head, tail, stated, scripts, title, tree, steps)
    editors = " ".join(label.value for label in labels if label.kind in {"editor", "staff"})
    authors, authors_how = find_authors(
        Clues(
            zone=zone,
            head=head,
            tail=tail,
            stated=stated,
            editor=editors,
            origins=origins,
            body_text=body_text,
            tree=tree,
            title=title,
        )
    )
    return Byline(origins, origins_how, authors, authors_how, editor, editor_how)
