"""A folder of Markdown and HTML files with front matter: articles that somebody writes by hand."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, cast

from pydantic import AfterValidator, BaseModel, Field

from feedservice.config.settings import Model, Selectors
from feedservice.config.urls import check_address
from feedservice.config.values import check_folder
from feedservice.errors import Unreadable
from feedservice.model import FIRST_READ, Memory, Moment, Offer, Reading
from feedservice.protocols import ConditionalGet, KnownAmong, Opening, Source, SourceKind
from feedservice.sources.folder.frontmatter import FrontMatterError

_LARGEST = 5_000_000
_MOST_FILES = 20_000
_WANTED = "patterns below the folder, such as **/*.md"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def _check_patterns(patterns: Sequence[str]) -> Sequence[str]:
    for pattern in patterns:
        if ".." in Path(pattern).parts:
            raise ValueError(f"{_WANTED}; none leads out of the folder with ..")
        # Newer Pythons read what older ones refuse.
        if any("**" in part and part != "**" for part in Path(pattern).parts):
            raise ValueError(f"{_WANTED}; '**' can only be an entire path component")
        try:
            # The null device holds nothing, so that only the pattern is looked at.
            next(Path(os.devnull).glob(pattern), None)
        except (ValueError, NotImplementedError, OSError) as error:
            raise ValueError(f"{_WANTED}; {error}") from None
    return patterns


Patterns = Annotated[Selectors, AfterValidator(_check_patterns)]


class FolderOptions(Model):
    """A folder of Markdown or HTML files, each with a YAML block between --- lines at its head."""

    path: Annotated[str, AfterValidator(check_folder)] = Field(min_length=1)
    """The folder, relative to this file. Hidden files and folders are left out."""
    files: Patterns = ("**/*.md", "**/*.markdown", "**/*.html", "**/*.htm")
    """Which files are articles, as patterns below the folder."""
    media_url: (
        Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(?:/[^\s?#]*)?$"), AfterValidator(check_address)] | None
    ) = None
    """The public address of the folder, for pictures and files that stand beside an article. Left out: they are taken
    relative to the article's own url."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder source with its options bound."""

    options: FolderOptions
    opening: Opening

    def read(self, get: ConditionalGet, known: KnownAmong, memory: Memory = FIRST_READ) -> Reading:
        """Read every article in the folder, newest first, undated ones last. Never uses the network.

        A file, or a folder below this one, that cannot be read is a problem, not a failure. Raises Unreadable when the
        folder is not there or closed, or when there are files and none of them can be read.
        """
        root = Path(self.opening.base_folder, self.options.path)
        problems = self._closed(root)
        offers: list[Offer] = []
        failed = 0
        files = self._files(root)
        for file in files[:_MOST_FILES]:
            key = file.relative_to(root).as_posix()
            try:
                offer, found = self._article(root, file)
            except FrontMatterError as error:
                offer, found, failed = None, [(error.line, str(error))], failed + 1
            problems += [f"{self._shown(key)}:{line}: {text}" for line, text in found]
            if offer is not None:
                offers.append(offer)
        if failed and not offers:
            raise Unreadable("; ".join(problems[:5]))
        if len(files) > _MOST_FILES:
            next_one = self._shown(files[_MOST_FILES].relative_to(root).as_posix())
            problems.append(
                f"only the first {_MOST_FILES:,} of {len(files):,} files were read, up to that before {next_one}"
            )
        twins = _twins(offers, known)
        for key, own in twins.items():
            problems.append(f"{self._shown(key)}: left out: the id in it is that of {self._shown(own)}")
        offers = [offer for offer in offers if offer.key not in twins]
        offers.sort(key=lambda offer: (_age(offer), offer.key))
        # What is not there while files are copied, or a disk is away, was left out all the same when it is back.
        return Reading(offers=tuple(offers), problems=tuple(problems), paged=bool(offers))

    def _closed(self, root: Path) -> list[str]:
        """What is wrong with folders that hold articles and cannot be looked into. Raises Unreadable for the root."""
        failures: list[OSError] = []
        for _, folders, _ in os.walk(root, onerror=failures.append):
            folders[:] = [name for name in folders if not name.startswith(".")]
        problems: list[str] = []
        for error in failures:
            folder = Path(error.filename or root).relative_to(root)
            if folder == Path() and isinstance(error, (FileNotFoundError, NotADirectoryError)):
                raise Unreadable(f"{self.options.path}: no such folder")
            told = f"{self._shown(folder.as_posix())}: cannot be read: {error.strerror}"
            if folder == Path():
                raise Unreadable(told)
            if any(_leads_into(Path(pattern).parts, folder.parts) for pattern in self.options.files):
                problems.append(told)
        return problems

    def _shown(self, key: str) -> str:
        """A path below the folder, as it is told of."""
        folder = self.options.path.rstrip("/")
        return folder if key == "." else os.fsencode(f"{folder}/{key}").decode("utf-8", "backslashreplace")

    def _files(self, root: Path) -> list[Path]:
        try:
            found = {file for pattern in self.options.files for file in root.glob(pattern)}
        except (ValueError, NotImplementedError, OSError) as error:
            raise Unreadable(f"files: {error}") from error
        wanted = (file for file in found if _may_be_file(file) and not _hidden(file.relative_to(root)))
        return sorted(wanted)

    def _article(self, root: Path, file: Path) -> tuple[Offer | None, list[tuple[int, str]]]:
        """The article in a file, and what is odd about it. Raises FrontMatterError when it cannot be read."""
        from feedservice.sources.folder.writing import read_article

        try:
            if file.stat().st_size > _LARGEST:
                raise FrontMatterError(1, f"larger than {_LARGEST:,} bytes")
            body = file.read_bytes()
        except OSError as error:
            raise FrontMatterError(1, f"cannot be read: {error.strerror}") from error
        if not _is_text(file.relative_to(root).as_posix()):
            raise FrontMatterError(1, "its name is not UTF-8")
        text = self.opening.decode(body, "text/html" if file.suffix.lower().startswith(".htm") else "")
        return read_article(text, file, root, media_url=self.options.media_url, parse_moment=self._moment)

    def _moment(self, text: str) -> Moment | None:
        return self.opening.parse_moment(text, self.opening.timezone, None)


def _twins(offers: Sequence[Offer], known: KnownAmong) -> dict[str, str]:
    """The keys of offers whose permanent id another one has too, with the key of that: a known one, else the first.

    Somebody began an article with a copy of another one, and forgot the id.
    """
    by_id: dict[str, list[str]] = defaultdict(list)
    for offer in offers:
        if offer.permanent_id:
            by_id[offer.permanent_id].append(offer.key)
    twins: dict[str, str] = {}
    doubtful = [keys for keys in by_id.values() if len(keys) > 1]
    if doubtful:
        stored = known([key for keys in doubtful for key in keys])
        for keys in doubtful:
            own = min(keys, key=lambda key: (key not in stored, key))
            twins |= {key: own for key in keys if key != own}
    return twins


def _may_be_file(path: Path) -> bool:
    """Whether a path is that of a file, or of something that may be one and cannot be looked at."""
    try:
        return path.is_file()
    except OSError:
        return True


def _leads_into(pattern: Sequence[str], folder: Sequence[str]) -> bool:
    """Whether files below a folder may match a pattern, both in their parts."""
    for wanted, name in zip(pattern, folder, strict=False):
        if wanted == "**":
            return True
        if not fnmatchcase(name, wanted):
            return False
    return len(pattern) > len(folder)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _age(offer: Offer) -> float:
    published = offer.fields.published
    return -(published.at if published else _EARLIEST).timestamp()


def _open(options: BaseModel, opening: Opening) -> Source:
    return Folder(cast(FolderOptions, options), opening)


FOLDER = SourceKind(
    name="folder",
    summary="a folder of Markdown or HTML files with front matter",
    options=FolderOptions,
    open=_open,
    reads_pages=False,
    offer_wins=True,
)
