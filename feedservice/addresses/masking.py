"""Addresses as they may stand in logs and on pages: without the secrets that they carry. All linear in time."""

from __future__ import annotations

import re

_SHOWN = 300
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_USERINFO = re.compile(r"(?<=//)[^/?#]*@")
_PAIR = re.compile(r"(?<=[?&;#])([^=?&;#]*)=[^&;#]*")
_NAMES = re.compile(r"token|key|secret|passw|pwd|auth|sig|session|sid|cred|ticket|code|jwt", re.IGNORECASE)
_ADDRESS = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s"'<>《》]+""")
# What stands in a sentence behind an address that holds blanks.
_REST = re.compile(r"""(?<=[?&])([^=?&;#\s]*)=([^&;#\s"'<>《》]*)""")
_MARKS = ":;,.!)]"


def shown(url: str) -> str:
    """`url` as it may stand in a log or on a page: one line, not too long, without user names and secret values."""
    text = _CONTROL.sub(lambda match: f"%{ord(match[0]):02X}", url)
    text = _PAIR.sub(_masked, _USERINFO.sub("***@", text))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def shown_in(text: str) -> str:
    """A text about a read, each address in it `shown`."""
    return _REST.sub(_masked_rest, _ADDRESS.sub(_shown_address, text))


def _masked(pair: re.Match[str]) -> str:
    return f"{pair[1]}=***" if _NAMES.search(pair[1]) else pair[0]


def _masked_rest(pair: re.Match[str]) -> str:
    return f"{pair[1]}=***{_marks(pair[2])}" if _NAMES.search(pair[1]) else pair[0]


def _shown_address(address: re.Match[str]) -> str:
    marks = _marks(address[0])
    return shown(address[0].removesuffix(marks)) + marks


def _marks(text: str) -> str:
    """The marks of the sentence that stand right behind an address."""
    return text[len(text.rstrip(_MARKS)) :]
