"""Which arrivals are new, and which are articles that are stored already, under whatever name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from feedservice.model import Arrival, Intake
from feedservice.store.articles.reading import keys_to_seqs, names_to_seqs
from feedservice.store.feeds.registry import latest_number
from feedservice.store.tables.text import index_key

_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The arrivals of one intake, told apart.

    fresh: new articles, by the seq that each is to have. again: the others, with the seq of the article that they are.
    keys, names: the source's keys, and the ids and aliases, that have to be remembered for an article.
    """

    fresh: Mapping[int, Arrival]
    again: Sequence[tuple[int, Arrival]]
    keys: Mapping[str, int]
    names: Mapping[str, int]


def recognise(connection: Connection, intake: Intake) -> Recognised:
    """Tell new articles from those that are stored, or came earlier in the same intake.

    An arrival is a stored article when its source offers that one under the same key, or when its id or one of its
    aliases is a name of that article. All its other names become names of that article too.
    """
    stored_keys = keys_to_seqs(connection, intake.source, (index_key(arrival.key) for arrival in intake.arrivals))
    stored_names = names_to_seqs(connection, (name for arrival in intake.arrivals for name in _names(arrival)))
    by_key, by_name = dict(stored_keys), dict(stored_names)
    first = latest_number(connection, "article") + 1
    fresh: dict[int, Arrival] = {}
    again: list[tuple[int, Arrival]] = []
    for arrival in intake.arrivals:
        key, own_names = index_key(arrival.key), _names(arrival)
        seq = by_key.get(key)
        if seq is None:
            seq = next((by_name[name] for name in own_names if name in by_name), None)
        if seq is None:
            seq = first + len(fresh)
            fresh[seq] = arrival
        else:
            again.append((seq, arrival))
        by_key.setdefault(key, seq)
        for name in own_names:
            by_name.setdefault(name, seq)
    return Recognised(
        fresh=fresh,
        again=again,
        keys={key: seq for key, seq in by_key.items() if key not in stored_keys},
        names={name: seq for name, seq in by_name.items() if name not in stored_names},
    )


def unlearned(connection: Connection, intake: Intake) -> Recognised:
    """Of the further keys of stored articles that an intake tells of, those that are not remembered yet.

    Only addresses are names too, whoever tells of them: any other source may have another article under the same id.
    """
    learned = {key: seq for name, seq in intake.learned.items() if (key := index_key(name))}
    known_keys = keys_to_seqs(connection, intake.source, learned)
    known_names = names_to_seqs(connection, learned)
    return Recognised(
        fresh={},
        again=(),
        keys={key: seq for key, seq in learned.items() if key not in known_keys},
        names={key: seq for key, seq in learned.items() if key not in known_names and _ADDRESS.fullmatch(key)},
    )


def _names(arrival: Arrival) -> tuple[str, ...]:
    return tuple(key for key in (index_key(name) for name in (arrival.id, *arrival.aliases)) if key)
