"""What commands print on stdout: lines for people, or JSON for programs. docs/commands.md describes the JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from feedservice.errors import Fault

if TYPE_CHECKING:
    from feedservice.cli.health import Answer
    from feedservice.config.reading import Config
    from feedservice.export import Exported
    from feedservice.model import SourceState
    from feedservice.operating.preview import Preview
    from feedservice.publish import Published
    from feedservice.refresh import RefreshReport
    from feedservice.store.engines.copying import Copied


def as_json(document: object) -> None:
    """Print a document as JSON."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def faults(found: Sequence[Fault], *, as_json: bool) -> None:
    """What is wrong with a configuration."""
    if as_json:
        _print({"ok": False, "faults": [asdict(fault) for fault in found]})
        return
    click.echo("\n\n".join(map(str, found)))
    click.echo(f"\n{_count(len(found), 'fault')}")


def no_faults(config: Config, *, as_json: bool) -> None:
    """That a configuration is right."""
    if as_json:
        _print({"ok": True, "faults": []})
        return
    click.echo(f"{config.path}: {_count(len(config.sources), 'source')}, no faults")


def settings(config: Config, *, origin: bool, as_json: bool) -> None:
    """Every setting with its value, and where it comes from."""
    from feedservice.config.showing import rows

    shown = rows(config)
    if as_json:
        keep = ("key", "value", "origin") if origin else ("key", "value")
        _print([{name: value for name, value in asdict(row).items() if name in keep} for row in shown])
        return
    for row in shown:
        line = f"{row.key}: {row.text}"
        click.echo(f"{line}   # {row.origin}" if origin else line)


def refreshed(reports: Sequence[RefreshReport], *, as_json: bool) -> None:
    """What came of reading sources."""
    if as_json:
        _print([asdict(report) for report in reports])
        return
    for report in reports:
        reason = f" ({report.reason})" if report.reason else ""
        click.echo(f"{report.source}: {report.health}{reason}, {report.new} new, {report.edited} edited")
        if report.seen:
            click.echo(f"  seen instead: {report.seen}")
        if report.instead:
            click.echo(f"  {report.instead}")
        for problem in report.problems:
            click.echo(f"  {problem}")


def rebuilt(published: Sequence[Published], *, as_json: bool) -> None:
    """What came of writing feeds."""
    if as_json:
        # The command writes to the end: nothing is unfinished.
        _print([{name: told for name, told in asdict(result).items() if name != "unfinished"} for result in published])
        return
    for result in published:
        click.echo(f"{result.feed}: {_count(result.documents_changed, 'document')} changed")
        for article in result.shortened:
            click.echo(f"  too large for a feed, told by its summary: {article}")
        for article, reason in result.isolated:
            click.echo(f"  left out {article}: {reason}")
        for document in result.cut:
            click.echo(f"  cut: {document}")
        for failure in result.failures:
            click.echo(f"  keeps its last good document: {failure}")


def exported(told: Exported, *, as_json: bool) -> None:
    """What came of an export."""
    if as_json:
        _print(asdict(told))
        return
    counts = f"{told.written} written, {told.removed} removed, {told.unchanged} unchanged, {told.bytes:,} bytes"
    click.echo(f"{told.to}: {counts}")
    for path in told.refused:
        click.echo(f"  left out, since its address cannot be a file's name: {path}")
    for path in told.damaged:
        click.echo(f"  left as it was, since the store's bytes are damaged: {path}; feedservice rebuild mends it")


def adopted(copied: Copied, *, as_json: bool) -> None:
    """What came of taking over another store."""
    if as_json:
        _print(asdict(copied))
        return
    click.echo(f"{copied.articles:,} articles, and all that belongs to them, are in {copied.target} now")
    click.echo(f"{copied.origin} is as it was")


def preview(report: Preview, *, as_json: bool) -> None:
    """What a source would bring."""
    if as_json:
        offers = [dict(zip(("title", "url", "published"), offer, strict=True)) for offer in report.offers]
        article = {
            name: {"value": value, "found": report.found.get(name, "")} for name, value in report.article.items()
        }
        _print(
            {
                "source": report.source,
                "offers": offers,
                "article": article,
                "problems": report.problems,
                "drop": report.drop,
                "lines": report.lines,
            }
        )
        return
    for title, url, published in report.offers:
        click.echo(f"{published or '(no date)':<10}  {title or '(no title)'}\n            {url}")
    if report.article:
        click.echo("\nThe first article, and how each field was found:")
    _fields(report.article, report.found)
    for problem in report.problems:
        click.echo(f"problem: {problem}")
    if not report.offers:
        click.echo("nothing is on offer")
    if report.lines:
        left_out = ", ".join(report.drop) or "none, there are no selectors"
        click.echo(f"\nLeft out for this look: {left_out}. To read the source like this from now on:\n")
        click.echo("\n".join(report.lines))


def health(answer: Answer, states: Sequence[SourceState] = (), *, as_json: bool) -> None:
    """Whether the local service is ready, and how sources are."""
    if as_json:
        _print({**asdict(answer), "sources": [_state(state) for state in states]})
        return
    click.echo(f"{answer.url}: {'ready' if answer.ready else f'not ready: {answer.reason}'}")
    for state in states:
        _tell_state(state)


def _state(state: SourceState) -> Mapping[str, object]:
    from feedservice.health import instead_of, seen_of

    seen = seen_of(state)
    times = ("since", "last_run", "last_success", "last_new")
    return {
        "name": state.name,
        "health": state.health,
        "reason": state.reason,
        "failures": state.failures,
        **{name: _time(getattr(state, name)) or None for name in times},
        "next_run": _time(_next_run(state)) or None,
        "seen": asdict(seen) if seen else None,
        "instead": instead_of(state),
    }


def _tell_state(state: SourceState) -> None:
    from feedservice.health import instead_of, seen_of

    reason = f": {state.reason}" if state.reason else ""
    since = f" since {_time(state.since)}" if state.since else ""
    click.echo(f"{state.name} is {state.health}{since}{reason}")
    if state.failures:
        last = _time(state.last_success) or "never"
        click.echo(f"  broken reads in a row: {state.failures}; last good read: {last}")
    if seen := seen_of(state):
        click.echo(f"  seen instead: {seen}")
    if instead := instead_of(state):
        click.echo(f"  {instead}")


def _next_run(state: SourceState) -> datetime | None:
    """When a source is read next; one that something waits for has been due since it was read last."""
    from feedservice.model import AT_ONCE

    return state.last_run if state.next_run == AT_ONCE else state.next_run


def _time(instant: datetime | None) -> str:
    return instant.isoformat(timespec="seconds") if instant else ""


def _fields(article: Mapping[str, str], found: Mapping[str, str]) -> None:
    for name, value in article.items():
        how = f"   [{found[name]}]" if found.get(name) else ""
        click.echo(f"  {name}: {' '.join(value.split())[:200]}{how}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_print = as_json
