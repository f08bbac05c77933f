"""Where retired feeds are now, for the servers in front of exported files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote

NGINX, CADDY = "retired.map", "retired.caddy"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
_KEPT = "%/:?#[]@!&'()*+,;=-._~"
_WORDS_OF_NGINX = ("default", "hostnames", "include", "volatile")
_WORDS_OF_CADDY = ("default", "import")
"""What means something else than a value where a line of a map begins with it."""
_HEAD = "# Made by `feedservice export`: feeds that were moved, with where they are now, or that are gone.\n"


def redirects(retired: Mapping[str, str | None], served: Collection[str], base_url: str) -> dict[str, str]:
    """What to include, by file name: the lines of a `map` of nginx, and of one of Caddy.

    They lead from a feed's name to the address that its new name begins with, or to `gone`.

    served: the addresses that there are: nobody is sent to a feed that has none.
    """
    with_documents = {path.removeprefix("/feeds/").partition(".")[0] for path in served if path.startswith("/feeds/")}
    lines: list[tuple[str, str]] = []
    for name, target in sorted(retired.items()):
        if not _NAME.fullmatch(name) or (target is not None and target not in with_documents):
            continue
        lines.append((name, "gone" if target is None else quote(f"{base_url}/feeds/{target}", safe=_KEPT)))
    return {
        NGINX: _HEAD + "".join(f'"{_in_nginx(name)}" "{where}";\n' for name, where in lines),
        CADDY: _HEAD + "".join(f'{_in_caddy(name)} "{where}"\n' for name, where in lines),
    }


def _in_nginx(name: str) -> str:
    return f"\\{name}" if name in _WORDS_OF_NGINX else name


def _in_caddy(name: str) -> str:
    """As a regular expression, where need be: Caddy has no other way to say that it is a value."""
    return f"~^{name}$" if name in _WORDS_OF_CADDY else name
