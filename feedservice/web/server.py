"""The WSGI server: granian, chosen by measurement; see docs/performance.md."""

from __future__ import annotations

import logging

_GRACE = 20
_FROM_OUTSIDE = 1024


def serve(target: str, *, host: str, port: int, processes: int) -> int:
    """Serve the application that the factory `target` ("module:function") makes, until told to stop.

    processes: each loads the documents for itself. SIGTERM and SIGINT end gracefully; SIGHUP replaces the processes one
    by one. Returns the exit code.
    """
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    server = Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        factory=True,
        websockets=False,
        backlog=_FROM_OUTSIDE,
        # A client has this long to send its request's head; slow ones do not hold a connection for ever.
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        log_enabled=False,
    )
    logging.getLogger(__name__).info("serving on http://%s:%d", f"[{host}]" if ":" in host else host, port)
    server.serve()
    return 0
