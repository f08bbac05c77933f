"""The settings of a selection: a feed of the operator's own choice."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from feedservice.config.closed import Model
from feedservice.config.patterns import check_word
from feedservice.config.values import CategoryPath, Name, parse_list

WordList = Annotated[
    tuple[Annotated[str, AfterValidator(check_word), Field(pattern=r"\S")], ...],
    BeforeValidator(
        parse_list,
        json_schema_input_type=Annotated[str, Field(pattern=r"\S", examples=["公告", "regex:第[0-9]+号"])]
        | list[Annotated[str, Field(pattern=r"\S")]],
    ),
]


NameList = Annotated[tuple[Name, ...], BeforeValidator(parse_list, json_schema_input_type=Name | list[Name])]


class WordSettings(Model):
    """Words by the part of an article where they are looked for: plain text in any case, or `regex:` and a pattern."""

    title: WordList = ()
    """In the headline."""
    body: WordList = ()
    """In the text."""
    author: WordList = ()
    """In the names of those who wrote it."""
    origin: WordList = ()
    """In 来源, the publications that it names as where it comes from."""


class SelectionSettings(Model):
    """One selection: articles that fit all that is set here. What is left out fits every article."""

    title: str = ""
    """The feed's name for readers. Left out: its name here."""
    description: str = ""
    """One sentence about it."""
    sources: NameList = ()
    """Only what these sources bring."""
    categories: tuple[CategoryPath, ...] = ()
    """Only what stands on one of these shelves, or on one below."""
    include: WordSettings = WordSettings()
    """What must be in it: in each part that is named here, one of its words."""
    exclude: WordSettings = WordSettings()
    """What must not be in it: none of these words, in no part."""
    language: str | None = Field(
        default=None, pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$", examples=["zh", "zh-CN", "en"]
    )
    """Only articles in this language; zh takes zh-CN too. An article that states none is in the site's."""
    attachment: bool | None = None
    """true: only articles with files. false: only those without."""
