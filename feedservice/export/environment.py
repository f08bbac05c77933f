"""What the environment says of object stores, looked at before obstore is: it panics at what it cannot take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from feedservice.config.urls import check_address
from feedservice.errors import ExportError

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_ELSEWHERE = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_WORDS = (*_KEYS, "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION")
_NO_WORD = re.compile(r"[\x00-\x20\x7f]")


def is_plain(environ: Mapping[str, str]) -> bool:
    """Whether the store is asked without TLS. Raises ExportError, without any value, where that cannot be done."""
    given = [bool(environ.get(name)) for name in _KEYS]
    # Without keys, the address of a cloud's metadata service would be asked, for minutes where there is none.
    if not all(given) and (any(given) or not any(environ.get(name) for name in _ELSEWHERE)):
        raise ExportError("s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
    for name in _WORDS:
        if _NO_WORD.search(environ.get(name, "")):
            raise ExportError(f"{name} in the environment holds a blank or a line break")
    addresses = {name: environ[name] for name in _ENDPOINTS if name in environ}
    for name, address in addresses.items():
        if not _can_be_asked(address):
            # What is wrong in particular is not told: there may be a secret in it.
            raise ExportError(
                f"{name} in the environment has to be an address such as https://s3.example.org, without user and query"
            )
    return any(address.startswith("http://") for address in addresses.values())


def _can_be_asked(address: str) -> bool:
    try:
        parts = urlsplit(check_address(address))
    except ValueError:
        return False
    return not ("@" in parts.netloc or parts.query or parts.fragment or _NO_WORD.search(address))
