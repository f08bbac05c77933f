"""Objects in an S3-compatible store. Each is replaced in one step; obstore lives here only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from feedservice.errors import ExportError
from feedservice.export.environment import is_plain
from feedservice.export.files import OWN, SUFFIXES, Bundle

if TYPE_CHECKING:
    from obstore.store import BackoffConfig, S3Store

_ADDRESS = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<prefix>(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?"
)
_TIMEOUT = timedelta(seconds=30)
# Some ten seconds in all; obstore's own three tries are over in half of one.
_BACKOFF: BackoffConfig = {"init_backoff": timedelta(seconds=0.25), "max_backoff": timedelta(seconds=4), "base": 4}
_SHOWN = 300
# How obstore tells of a request that failed, of what it was answered, and, behind that, of what it met.
_ASKED = re.compile(r"Error performing (?P<request>\S+ \S+) in [^\n]*? - (?P<answer>.*)", re.DOTALL)
_SAID = re.compile(r"<(?:Code|Message)>([^<]+)</")
_CAUSE = re.compile(r'\b(?:message|error): "([^"]+)"')
_LATE = re.compile(r"\bTimedOut\b")
_OWN_FIELDS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class Bucket:
    """s3://BUCKET/PREFIX, reached as the environment says: AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_REGION, ..."""

    keeps_fields = True

    def __init__(self, address: str) -> None:
        """Raises ExportError when the address or the environment is not enough, or the package is missing."""
        named = _ADDRESS.fullmatch(address)
        if named is None:
            raise ExportError("an object store is named s3://BUCKET or s3://BUCKET/PREFIX; keys go in the environment")
        self._where = address.rstrip("/")
        self._prefix = named["prefix"][1:] + "/" if named["prefix"] else ""
        self._store = self._connect(named["bucket"])
        # A call of obstore lets no signal through until it is answered: it is made, and waited for, beside this thread.
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="bucket")

    @property
    def where(self) -> str:
        return self._where

    def __enter__(self) -> Bucket:
        return self

    def __exit__(self, *_: object) -> None:
        self._asking.shutdown(wait=False, cancel_futures=True)

    def put(self, bundle: Bundle) -> None:
        for file in bundle.files:
            self._put(self._prefix + bundle.name + file.suffix, file.body, file.fields)
        missing = set(SUFFIXES.values()) - {file.suffix for file in bundle.files}
        self._delete([self._prefix + bundle.name + suffix for suffix in sorted(missing)])

    def remove(self, name: str) -> None:
        self._delete([self._prefix + name + suffix for suffix in SUFFIXES.values()])

    def intact(self, name: str, sizes: Mapping[str, int], modified: datetime) -> bool:
        """Believed: asking would cost a request for each."""
        return True

    def read(self, name: str) -> bytes | None:
        import obstore

        def get() -> bytes | None:
            try:
                return bytes(obstore.get(self._store, self._own(name)).bytes())
            except FileNotFoundError:
                return None

        with self._told():
            return self._asking.submit(get).result()

    def write(self, name: str, body: bytes) -> None:
        self._put(self._own(name), body, _OWN_FIELDS)

    def discard(self, name: str) -> None:
        self._delete([self._own(name)])

    def _connect(self, bucket: str) -> S3Store:
        try:
            from obstore.store import S3Store
        except ImportError:
            raise ExportError('s3:// needs the extra "s3": pip install "feedservice[s3]"') from None
        plain = is_plain(os.environ)
        with self._told():
            return S3Store(
                bucket,
                client_options={"timeout": _TIMEOUT, "connect_timeout": _TIMEOUT / 3, "allow_http": plain},
                retry_config={"max_retries": 6, "retry_timeout": _TIMEOUT, "backoff": _BACKOFF},
            )

    def _own(self, name: str) -> str:
        return f"{self._prefix}{OWN}/{name}"

    def _put(self, key: str, body: bytes, fields: Mapping[str, str]) -> None:
        import obstore

        with self._told():
            put = partial(obstore.put, attributes=dict(fields), use_multipart=False)
            self._asking.submit(put, self._store, key, body).result()

    def _delete(self, keys: list[str]) -> None:
        import obstore

        with self._told():
            if keys:
                self._asking.submit(obstore.delete, self._store, keys).result()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one line what went wrong. Raises ExportError."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as error:
            raise ExportError(f"{self._where} cannot be used: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What went wrong, in one line that begins with what the store, or the system, says of it."""
    told, _, inside = str(error).partition("\n\nDebug source:")
    asked = _ASKED.search(told)
    if asked is None:
        return " ".join(told.split())[:_SHOWN]
    answer = asked["answer"].removeprefix("Server returned non-2xx status code: ")
    said = _SAID.findall(answer) or _CAUSE.findall(inside) or ["no answer in time" for _ in _LATE.findall(inside)]
    parts = [*said[-2:], answer.partition("<")[0].rstrip(": \n"), asked["request"]]
    return " ".join("; ".join(parts).split())[:_SHOWN]
