"""The WSGI server: granian, chosen by measurement; see docs/performance.md."""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from feedservice.errors import FeedserviceError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_log = logging.getLogger(__name__)
_GRACE = 20
_BACKLOG = 1024
_THREADS = 1
_HEAD_TIMEOUT = 10_000
_KEPT = ("LANG", "LC_ALL", "PATH", "SQLITE_TMPDIR", "TMPDIR", "TZ")
_PR_SET_PDEATHSIG = 1


def serve(target: str, *, host: str, port: int, processes: int) -> int:
    """Serve the application that the factory `target` ("module:function") makes, until told to stop.

    processes: each loads the documents for itself. SIGTERM and SIGINT end gracefully; SIGHUP replaces the processes one
    by one. Returns the exit code. Raises FeedserviceError when nothing can listen at that address.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    _check_free(host, port)
    server = Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=processes,
        # One thread answers fastest; what could hold it up is bounded, see `patient`.
        blocking_threads=_THREADS,
        websockets=False,
        backlog=_BACKLOG,
        # A client has this long to send its request's head; slow ones do not hold a connection for ever.
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_TIMEOUT),
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        log_level=LogLevels.warning,
        # What goes wrong is told in the service's own log.
        log_dictconfig={"handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": True}}},
    )
    _log.info("serving on http://%s:%d", f"[{host}]" if ":" in host else host, port)
    server.serve(target_loader=partial(_load, target, os.getpid()), wrap_loader=False)
    return 0


def _check_free(host: str, port: int) -> None:
    """Refuse an address that is taken: the serving processes share theirs, and would share it with strangers too."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise FeedserviceError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error


def _load(target: str, parent: int) -> WSGIApplication:
    """In a serving process: the application, in an environment without secrets."""
    # Until the server has handlers of its own here: the parent's, which came along, would swallow the word to end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    _end_with(parent)
    module, _, function = target.partition(":")
    factory: Callable[[], WSGIApplication] = getattr(importlib.import_module(module), function)
    try:
        app = factory()
    except FeedserviceError as error:
        _log.error("cannot serve: %s", error)
        raise SystemExit(1) from error
    # The server copies the environment into every request, where secrets would be shown by whatever prints one.
    for name in [name for name in os.environ if name not in _KEPT]:
        del os.environ[name]
    return app


def _end_with(parent: int) -> None:
    """Have the kernel end this process gracefully when its parent is gone, however that ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            raise SystemExit(1)
