"""What the WSGI server's main loop waits for: nothing that it is told is lost, whatever moment it is told in."""

from __future__ import annotations

import threading
import time

import pytest
from granian.server import MPServer

from feedservice.web.waking import Deaths, Waking


class Family:
    """The loop of the WSGI server as it is, over processes that are no more than numbers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dead: set[int] = set()
        self.replaced: list[int] = []
        self.server = MPServer("nobody:nothing", workers=3, respawn_failed_workers=True, log_enabled=False)
        self.deaths = Deaths(self.lives)
        self.server.interrupt_children = self.deaths
        self.server.main_loop_interrupt = Waking(
            lambda: self.server.interrupt_signal or self.server.reload_signal or len(self.deaths) > 0
        )
        monkeypatch.setattr(self.server, "_respawn_workers", self.replace)
        self.meanwhile: list[int] = []

    def lives(self, number: int) -> bool:
        # The server is in the middle of looking through them.
        while self.meanwhile:
            self.die(self.meanwhile.pop())
        return number not in self.dead

    def die(self, number: int) -> None:
        self.dead.add(number)
        self.deaths.append(number)
        self.server.main_loop_interrupt.set()

    def replace(self, numbers: list[int], *_: object, **__: object) -> None:
        self.replaced += numbers
        self.dead -= {*numbers}
        if not self.dead:
            self.server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def run(self) -> bool:
        """Whether the loop came to its end."""
        loop = threading.Thread(target=self.server._serve_loop, args=(None, None), daemon=True)
        loop.start()
        loop.join(10)
        return not loop.is_alive()


def test_process_that_dies_while_another_one_is_looked_at_is_replaced_too(monkeypatch: pytest.MonkeyPatch) -> None:
    family = Family(monkeypatch)
    family.meanwhile = [2]
    family.die(0)
    assert family.run()
    assert sorted(family.replaced) == [0, 2]


def test_process_that_dies_before_its_turn_at_a_reload_does_not_end_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server would take it for one that dies as soon as it is started, and end."""
    family = Family(monkeypatch)

    def reload(numbers: list[int], *_: object, **__: object) -> None:
        first = not family.replaced
        if first:
            family.die(1)
        family.replaced += numbers
        family.dead -= {*numbers}
        family.server.respawned_wrks = {1: time.monotonic()}
        if first:
            threading.Timer(0.2, family.die, [0]).start()
        elif numbers:
            family.server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    monkeypatch.setattr(family.server, "_respawn_workers", reload)
    family.server.signal_handler_reload()  # type: ignore[no-untyped-call]
    assert family.run()
    assert family.replaced == [0, 1, 2, 0]
