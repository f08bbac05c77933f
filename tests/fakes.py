"""A network and a clock that tests own. The only seam that is faked is the network; the store is always real."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feedservice.errors import FetchError
from feedservice.model import NotModified, Page, Validators


class FakeClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class FakeWeb:
    """A `Get`: answers from a dictionary, with validators made from the bytes, and remembers what was asked."""

    def __init__(self, pages: Mapping[str, bytes | str | Page | Exception] | None = None) -> None:
        self.pages: dict[str, bytes | str | Page | Exception] = dict(pages or {})
        self.asked: list[str] = []
        self.types: dict[str, str] = {}

    def put(self, url: str, answer: bytes | str | Page | Exception, content_type: str = "text/html") -> None:
        self.pages[url] = answer
        self.types[url] = content_type

    def serve_folder(self, base: str, folder: Path) -> None:
        """Put every file below `folder` at base/..., with index.html also at its folder."""
        types = {".html": "text/html", ".json": "application/json", ".xml": "text/xml", ".pdf": "application/pdf"}
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            url = f"{base}/{file.relative_to(folder).as_posix()}"
            self.put(url, file.read_bytes(), types.get(file.suffix, "application/octet-stream"))

    def __call__(self, url: str, *, unless: Validators | None = None, accept: str = "*/*") -> Page | NotModified:
        self.asked.append(url)
        answer = self.pages.get(url) or self.pages.get(unquote(url))
        if answer is None:
            raise FetchError(f"{url}: 404 Not Found", status=404)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Page):
            return answer
        body = answer.encode() if isinstance(answer, str) else answer
        digest = hashlib.sha256(body).hexdigest()
        validators = Validators(etag=f'"{digest[:16]}"', body_digest=digest)
        if unless is not None and (unless.etag == validators.etag or unless.body_digest == digest):
            return NotModified(url)
        content_type = self.types.get(url, "text/html")
        return Page(
            url=url,
            status=200,
            content_type=content_type,
            body=body,
            headers={"content-type": content_type, "host": urlsplit(url).netloc},
            validators=validators,
        )
