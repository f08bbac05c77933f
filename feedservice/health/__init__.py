"""Is a source well, empty, quiet or broken? Decisions on data alone; a broken read changes nothing that is stored."""

from feedservice.health.judging import (
    Evidence,
    Verdict,
    after,
    forget_when_new,
    instead_of,
    is_silent,
    judge,
    seen_of,
    with_instead,
)

__all__ = [
    "Evidence",
    "Verdict",
    "after",
    "forget_when_new",
    "instead_of",
    "is_silent",
    "judge",
    "seen_of",
    "with_instead",
]
