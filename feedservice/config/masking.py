"""What must not be shown: passwords inside addresses, and the values of settings that are named like secrets."""

from __future__ import annotations

import re

MASK = "***"
_PASSWORD = re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://[^\s/@:'\"]*:)(?P<secret>[^\s'\"]+)(?=@)")
_NAMED = re.compile(
    r"(?i)(?P<before>[\w-]*(?:cookie|authorization|token|secret|passw|api-?_?key|credential)[\w-]*[\"']?\s*:\s+)"
    r"(?P<secret>\S.*)"
)
_VARIABLE = re.compile(r"[\"']?\$\{[^}]*\}[\"']?")


def mask_line(line: str) -> str:
    """A line of a configuration with stars over what looks like a secret; every column stays where it is."""
    return _NAMED.sub(_stars, _PASSWORD.sub(_stars, line))


def mask_address(address: str) -> str:
    """An address without its password."""
    return _PASSWORD.sub(lambda match: f"{match['before']}{MASK}", address)


def _stars(match: re.Match[str]) -> str:
    secret = match["secret"]
    return match["before"] + (secret if _VARIABLE.fullmatch(secret.strip()) else "*" * len(secret))
