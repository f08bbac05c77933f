"""A server that is told to end twice is told once: its handlers run in the main thread, those of signals among them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from feedservice.web.porch.once import Once

ENDS = (signal.SIGUSR1, signal.SIGUSR2)


@pytest.fixture(autouse=True)
def handlers_as_before() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in (*ENDS, signal.SIGURG)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def test_one_word_is_let_through_whichever_comes_first() -> None:
    told: list[int] = []
    once = Once(ENDS)
    once.wake()
    assert not once.stands, "there is no handler yet to stand in front of"
    for each in ENDS:
        signal.signal(each, lambda number, frame: told.append(number))
    waker = threading.Thread(target=once.wake)
    waker.start()
    waker.join()
    assert once.stands
    for each in (signal.SIGUSR2, *ENDS, *ENDS):
        signal.raise_signal(each)
    assert told == [signal.SIGUSR2]


def test_word_that_comes_while_one_is_passed_on_is_none() -> None:
    told: list[int] = []

    def handler(number: int, frame: object) -> None:
        told.append(number)
        signal.raise_signal(signal.SIGUSR2)

    once = Once(ENDS)
    for each in ENDS:
        signal.signal(each, handler)
    once.wake()
    signal.raise_signal(signal.SIGUSR1)
    assert told == [signal.SIGUSR1]
