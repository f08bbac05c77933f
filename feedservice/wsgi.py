"""For any WSGI server: `granian --interface wsgi --factory feedservice.wsgi:create_app`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def create_app() -> WSGIApplication:
    """The web application of one serving process, by the config that FEEDSERVICE_CONFIG names. Raises ConfigError."""
    from feedservice import assembly

    return assembly.serving_app(os.environ.get("FEEDSERVICE_CONFIG"))
