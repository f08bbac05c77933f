"""The field `Host` (RFC 9110 §7.2)."""

from __future__ import annotations

import re

_HOST = re.compile(r"(?:[A-Za-z0-9._~%!$&'()*+;=-]+|\[[0-9A-Za-z:.%_~-]+\])(?::[0-9]*)?")


def is_host(text: str) -> bool:
    """Whether this names one host, perhaps with a port; a list of two, as servers join fields, does not."""
    return _HOST.fullmatch(text) is not None
