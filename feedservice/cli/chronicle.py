"""What the commands about single articles print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from feedservice.cli import telling
from feedservice.words.differences import Line, difference

if TYPE_CHECKING:
    from feedservice.model import Article, Revision
    from feedservice.operating.explain import Explanation
    from feedservice.operating.reextract import Reextraction, Reread
    from feedservice.operating.taking_back import Withdrawal

_COLOURS = {"-": "red", "+": "green"}


def unknown(name: str) -> None:
    """That there is no such article."""
    click.echo(f"error: there is no article {name!r}: give its id, or its address as the feeds show it", err=True)


def withdrawn(result: Withdrawal, *, as_json: bool) -> None:
    """Which articles were taken back, and what becomes of the feeds that showed them."""
    if as_json:
        rows = [
            {
                "asked": each.asked,
                "id": each.id,
                "title": each.title,
                "withdrawn": each.withdrawn.isoformat() if each.withdrawn else None,
                "new": each.new,
            }
            for each in result.articles
        ]
        telling.as_json({"articles": rows, "feeds": list(result.feeds), "rewritten": result.rewritten})
    for each in result.articles:
        if each.id is None:
            unknown(each.asked)
        elif not as_json:
            since = "" if each.new else f" already, since {each.withdrawn:%Y-%m-%d %H:%M} UTC"
            click.echo(f"withdrawn{since}: {each.title or each.id}")
    if result.feeds and not as_json:
        names = ", ".join(result.feeds)
        click.echo(f"rewritten: {names}" if result.rewritten else f"the worker rewrites: {names}")


def history(article: Article, revisions: Sequence[Revision], *, as_json: bool, lively: bool) -> None:
    """Every version of an article, oldest first, and how each differs from the one before."""
    changes = [
        (),
        *(difference(one.fields, other.fields) for one, other in pairwise(revisions)),
    ]
    if as_json:
        rows = [
            {
                "number": each.number,
                "taken_at": each.taken_at.isoformat(),
                "significant": each.significant,
                "updated": each.updated.isoformat(),
                "title": each.fields.title,
                "changes": _plain(lines),
            }
            for each, lines in zip(revisions, changes, strict=True)
        ]
        gone = article.withdrawn.isoformat() if article.withdrawn else None
        telling.as_json({"id": article.id, "url": article.url, "withdrawn": gone, "revisions": rows})
        return
    click.echo(article.id)
    for each, lines in zip(revisions, changes, strict=True):
        weight = "" if each.significant else ", not significant"
        click.echo(f"\n{each.number}: {each.taken_at:%Y-%m-%d %H:%M} UTC{weight}: {each.fields.title}")
        for line in lines:
            click.echo(_shown(line, lively), color=lively)
        if each.number > 1 and not lines:
            click.echo("  nothing that readers see")
    if article.withdrawn:
        click.echo(f"\nwithdrawn: {article.withdrawn:%Y-%m-%d %H:%M} UTC")


def reread(article: Reread, *, lively: bool) -> None:
    """An article that the rules read otherwise now, or could not read."""
    click.echo(f"{article.title or article.id}\n  {article.url}")
    for line in article.lines:
        click.echo(f"  {_shown(line, lively)}", color=lively)
    if any(line.field == "published" for line in article.lines):
        click.echo("  (the date that was served stays)")
    if article.problem:
        click.echo(f"  left as it is: {article.problem}")
    elif not article.lines:
        click.echo("  nothing that readers see")
    click.echo()


def reextracted(result: Reextraction, told: Sequence[Reread], *, as_json: bool) -> None:
    """What came of reading a source's articles anew. told: all that was told, for JSON."""
    if as_json:
        rows = [
            {
                "id": each.id,
                "url": each.url,
                "title": each.title,
                "changes": _plain(each.lines),
                "problem": each.problem,
            }
            for each in told
        ]
        telling.as_json({**asdict(result), "articles": rows})
        return
    changed = f"{result.changed} {'changed' if result.stored else 'would change'}"
    kept = f"{result.refused} left as they are, {result.unkept} of which no page is kept"
    click.echo(f"{result.source}: {changed}, {result.unchanged} unchanged, {kept}")


def explained(explanation: Explanation, *, as_json: bool) -> None:
    """Where everything about an article comes from."""
    if as_json:
        telling.as_json(
            {
                "decided": {fact.name: {"value": fact.value, "how": fact.how} for fact in explanation.decided},
                "fields": {
                    fact.name: {"value": fact.value, "how": fact.how, "now": fact.now} for fact in explanation.fields
                },
                "taken": explanation.taken.isoformat() if explanation.taken else None,
                "pages": list(explanation.pages),
                "problem": explanation.problem,
            }
        )
        return
    click.echo("Decided once:")
    for fact in explanation.decided:
        _fact(fact.name, fact.value, fact.how)
    at = f", by its page of {explanation.taken:%Y-%m-%d %H:%M} UTC" if explanation.taken else ""
    click.echo(f"\nWhat it says, and how each field was found{at}:")
    for fact in explanation.fields:
        _fact(fact.name, fact.value, fact.how if fact.now is None else "")
        if fact.now is not None:
            _fact("  the present rules find", fact.now, fact.how)
    if any(fact.now is not None for fact in explanation.fields):
        click.echo("\n`feedservice reextract` stores what the present rules find.")
    if explanation.problem:
        click.echo(f"error: {explanation.problem}", err=True)


def _fact(name: str, value: str, how: str) -> None:
    click.echo(f"  {name}: {_short(value) or '(nothing)'}{f'   [{how}]' if how else ''}")


def _short(text: str) -> str:
    return " ".join(text.split())[:200]


def _plain(lines: Sequence[Line]) -> list[dict[str, str]]:
    return [{"field": line.field, "sign": line.sign, "text": line.text} for line in lines]


def _shown(line: Line, lively: bool) -> str:
    label = "" if line.field == "text" else f"{line.field}: "
    if not lively:
        return f"{line.sign} {label}{line.text}"
    colour = _COLOURS[line.sign]
    text = "".join(click.style(each.text, fg=colour, bold=each.changed, underline=each.changed) for each in line.pieces)
    return f"{click.style(f'{line.sign} {label}', fg=colour)}{text}"
