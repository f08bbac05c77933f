"""What is remembered of how a source told of an article: a digest, and whether its times move for nothing."""

from __future__ import annotations

from dataclasses import dataclass

_ENOUGH = 2
_PART = "~"


@dataclass(frozen=True, slots=True)
class Stamp:
    """digest: of all that was told. idle: how many times in a row other times were told of an article that was the
    same; words: the digest of what was told besides them, where it was so."""

    digest: str
    idle: int = 0
    words: str = ""

    def __str__(self) -> str:
        return _PART.join((self.digest, str(self.idle), self.words)) if self.idle else self.digest

    def is_idle(self, words: str) -> bool:
        """Whether an article that is told of with the same words and other times is likely the same once more."""
        return self.idle >= _ENOUGH and self.words == words

    def after_nothing(self, digest: str, words: str) -> Stamp:
        """What is to be remembered where that was told, and nothing came of it."""
        return Stamp(digest, min(self.idle + 1, _ENOUGH) if self.words == words else 1, words)


def read_stamp(text: str) -> Stamp:
    """A stamp as it is stored; a digest alone is one."""
    digest, _, rest = text.partition(_PART)
    idle, _, words = rest.partition(_PART)
    return Stamp(digest, int(idle) if idle.isdecimal() else 0, words)
