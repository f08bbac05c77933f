"""The WSGI server: granian, chosen by measurement; see docs/performance.md."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from feedservice.errors import FeedserviceError
from feedservice.web.bodies import MOST
from feedservice.web.reloading import Reloading
from feedservice.web.waking import Deaths, Waking

if TYPE_CHECKING:
    from types import FrameType

    from _typeshed.wsgi import WSGIApplication
    from granian.server import MPServer

_log = logging.getLogger(__name__)
_GRACE = 20
_BACKLOG = 1024
_THREADS = (2, MOST + 1)
"""That answer: without and with the porch in front of them."""
_HEAD_TIMEOUT = 10_000
_KEPT = ("LANG", "LC_ALL", "PATH", "SQLITE_TMPDIR", "TMPDIR", "TZ")
_PR_SET_PDEATHSIG = 1
_LONGEST_PATH = 107
"""Of a Unix socket, in bytes."""


def serve(
    target: str,
    *,
    host: str,
    port: int,
    processes: int,
    porch: bool = True,
    checking: Sequence[str] = (),
    listening: Callable[[], None] = lambda: None,
) -> int:
    """Serve the application that the factory `target` ("module:function") makes, until told to stop.

    processes: each loads the documents for itself. porch: whether what memory knows is answered in front of the WSGI
    server, which then is not told who asks. SIGTERM and SIGINT end gracefully; SIGHUP replaces the processes one
    by one, where there is a command `checking` only if that ends with 0. listening: called when the address is ours.
    Returns the exit code. Raises FeedserviceError when nothing can listen at that address.
    """
    # Until the WSGI server has handlers of its own: else a folder would stay behind that was made meanwhile.
    signal.signal(signal.SIGTERM, _end)
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(_listen(host, port))
        house = _socket_path(stack) if porch and sys.platform == "linux" else None
        if house is None:
            # The WSGI server listens itself; that the address is free was seen.
            listener.close()
        granian = _make_server(target, host, port, processes, house, porch=porch)
        granian.interrupt_children = deaths = Deaths(lambda number: granian.wrks[number].inner.is_alive())
        granian.main_loop_interrupt = Waking(
            lambda: granian.interrupt_signal or granian.reload_signal or len(deaths) > 0
        )
        if checking:
            granian.on_startup(Reloading(checking, granian.signal_handler_reload).listen)
        listening()
        _log.info("serving on http://%s:%d", f"[{host}]" if ":" in host else host, port)
        entrance = (listener, house) if house else None
        told = partial(getattr, granian, "interrupt_signal")
        granian.serve(target_loader=partial(_load, target, os.getpid(), entrance, told), wrap_loader=False)
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _make_server(target: str, host: str, port: int, processes: int, house: str | None, *, porch: bool) -> MPServer:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import MPServer

    return MPServer(
        target,
        address=host,
        port=port,
        uds=Path(house) if house else None,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=processes,
        # Few threads answer fastest. All but one may wait for a body (`bodies`); what else could hold them up is
        # bounded, see `patient`.
        blocking_threads=_THREADS[porch],
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


def _listen(host: str, port: int) -> socket.socket:
    """The public socket, of which there is one for all processes: connections wait in it while these are replaced.

    An address that is taken is refused, for to share it would be to share it with strangers too.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise FeedserviceError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    return listener


def _socket_path(stack: contextlib.ExitStack) -> str | None:
    """Where the WSGI server listens behind the porch, in a folder that is gone with the stack; None without a place."""
    try:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="feedservice-", ignore_cleanup_errors=True))
    except OSError as error:
        _log.warning("no folder for a socket, so that all requests go the longer way: %s", error)
        return None
    path = f"{folder}/wsgi"
    if len(os.fsencode(path)) > _LONGEST_PATH:
        _log.warning("too long a path for a socket, so that all requests go the longer way: %s", path)
        return None
    return path


def _load(
    target: str, parent: int, entrance: tuple[socket.socket, str] | None, told_to_end: Callable[[], bool]
) -> WSGIApplication:
    """In a serving process: the application, in an environment without secrets, and the porch in front of it.

    entrance: the public socket and the path of the WSGI server's. told_to_end: whether the parent's handlers, which
    came along, have heard the word to end.
    """
    # Until the server has handlers of its own here: the parent's would go on to swallow that word.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if told_to_end():
        raise SystemExit(0)
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
    if entrance is None:
        from feedservice.web.porch.once import heed

        heed((signal.SIGTERM, signal.SIGINT))
    else:
        from feedservice.web.hot import HotPath
        from feedservice.web.limits import Limited
        from feedservice.web.porch.porch import Porch

        if isinstance(app, Limited):
            _log.warning("server.per_hour was set after the start; it holds when the service is started anew")
            app = app.behind
        listener, house = entrance
        ended = partial(_clean_up, house, parent)
        Porch(listener, house, app if isinstance(app, HotPath) else None, grace=_GRACE, ended=ended).open()
    return app


def _clean_up(house: str, parent: int) -> None:
    """Remove what the process that started this one leaves behind when it is killed."""
    if os.getppid() != parent:
        shutil.rmtree(Path(house).parent, ignore_errors=True)


def _end_with(parent: int) -> None:
    """Have the kernel end this process gracefully when its parent is gone, however that ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            raise SystemExit(1)
