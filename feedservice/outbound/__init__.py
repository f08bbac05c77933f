"""The only door to the network: guarded, polite, conditional, bounded."""

from __future__ import annotations

import time
from collections.abc import Callable

from feedservice.config.settings import FetchSettings
from feedservice.outbound.connecting import Resolve
from feedservice.outbound.door import Door
from feedservice.protocols import Clock

__all__ = ["Door", "open_door"]


def open_door(
    settings: FetchSettings,
    clock: Clock,
    *,
    version: str,
    resolve: Resolve | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Door:
    """Open the way to the network; close it with `Door.close`.

    version: of this program, for the User-Agent. resolve: (host, port) -> addresses; None for the system's.
    sleep: seconds; called while a host's turn has not come.
    """
    from feedservice.outbound.adapter import GuardedAdapter
    from feedservice.outbound.addresses import read_exceptions
    from feedservice.outbound.connecting import Dialer, Patience, look_up
    from feedservice.outbound.exchange import Wire

    patience = Patience()
    direct = Dialer(resolve or look_up, read_exceptions(settings.allow), patience)
    to_proxy = Dialer(resolve or look_up, direct.exceptions, patience, trusting=True)
    adapter = GuardedAdapter(direct, to_proxy, per_host=settings.per_host)
    return Door(settings, clock, Wire(adapter, direct, settings), version=version, sleep=sleep)
