"""The way out, and the time: what everybody who reads is handed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from feedservice.model import NotModified, Page, Validators

Clock = Callable[[], datetime]
"""Now, aware. Handed in, so that tests own the time."""


class Get(Protocol):
    """The only way to the network: guarded, polite, bounded. Made by `outbound`, handed to whoever reads."""

    def __call__(self, url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
        """Fetch `url` with GET.

        unless: asks conditionally (RFC 9110 §13); NotModified only ever comes when it was given.
        Raises FetchError (Forbidden, TooLarge) for everything that is not a 2xx answer or a 304.
        """


class ConditionalGet(Protocol):
    """A Get that remembers validators: bound by `refresh` to what the store knows of each address."""

    def __call__(self, url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
        """Fetch `url`; with `conditional`, NotModified when it is as it was at the last refresh that was stored.

        Raises FetchError for everything that is not a 2xx answer or a 304.
        """
