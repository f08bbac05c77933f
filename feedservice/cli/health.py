"""Asks the service on this machine whether it is ready. The one connection that is not `outbound`'s: loopback only."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue

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
    answer: SimpleQueue[Answer] = SimpleQueue()
    # What listens there may be anything, and say a little now and then: then it is left behind in a thread of its own.
    threading.Thread(target=lambda: answer.put(_ask(place, url, patience)), daemon=True).start()
    try:
        return answer.get(timeout=patience)
    except Empty:
        return Answer(False, url, 0, "no answer: timed out")


def _ask(place: str, url: str, patience: float) -> Answer:
    connection = http.client.HTTPConnection(place, timeout=patience)
    try:
        connection.request("GET", "/readyz", headers={"Connection": "close"})
        response = connection.getresponse()
        body = response.read(_LONGEST).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return Answer(False, url, 0, f"no answer: {error}")
    finally:
        connection.close()
    ready = response.status == http.HTTPStatus.OK
    return Answer(ready, url, response.status, "" if ready else _first_line(body) or response.reason)


def _first_line(body: str) -> str:
    try:
        document = json.loads(body)
    except ValueError:
        return body.partition("\n")[0][:200]
    reason = document.get("reason", "") if isinstance(document, dict) else ""
    return str(reason)
