"""Asks the service on this machine whether it is ready. The one connection that is not `outbound`'s: loopback only."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from dataclasses import dataclass

_PATIENCE = 2.5
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """What the local service says. status: 0 when nobody answers."""

    ready: bool
    url: str
    status: int
    reason: str


def address_of(host: str, port: int) -> str:
    """Where a service that listens on `host` is reached from its own machine."""
    local = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{local}]:{port}" if ":" in local else f"{local}:{port}"


def ask(host: str, port: int, patience: float = _PATIENCE) -> Answer:
    """GET /readyz of the local service; never raises for a service that is down, slow or broken."""
    place = address_of(host, port)
    url = f"http://{place}/readyz"
    connection = http.client.HTTPConnection(place, timeout=patience)
    end = threading.Timer(patience, _hang_up, [connection])
    end.daemon = True
    try:
        end.start()
        connection.request("GET", "/readyz", headers={"Connection": "close"})
        response = connection.getresponse()
        body = response.read(_LONGEST).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return Answer(False, url, 0, f"no answer: {error}")
    finally:
        end.cancel()
        connection.close()
    ready = response.status == http.HTTPStatus.OK
    return Answer(ready, url, response.status, "" if ready else _first_line(body) or response.reason)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """End a talk in which something is said now and then, and never all."""
    with contextlib.suppress(OSError, AttributeError):  # the latter when there is no connection, or none any more
        connection.sock.shutdown(socket.SHUT_RDWR)


def _first_line(body: str) -> str:
    try:
        document = json.loads(body)
    except ValueError:
        return body.partition("\n")[0][:200]
    reason = document.get("reason", "") if isinstance(document, dict) else ""
    return str(reason)
