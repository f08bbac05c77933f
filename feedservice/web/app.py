"""What is asked seldom, by Flask: health, static files, errors."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from feedservice.web.answers import page_fields

_UNAVAILABLE = 503


def make_flask(missing: Callable[[], str]) -> Flask:
    """The application behind the hot path. missing: what keeps the service from being ready, "" for nothing."""
    app = Flask("feedservice.web", static_url_path="/static")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.url_map.merge_slashes = False
    app.before_request(_take_addresses_as_they_are)

    @app.get("/healthz")
    def healthz() -> Response:
        return _told(jsonify(status="alive"))

    @app.get("/readyz")
    def readyz() -> Response:
        reason = missing()
        answer = _told(jsonify(status="waiting", reason=reason) if reason else jsonify(status="ready"))
        if reason:
            answer.status_code = _UNAVAILABLE
            answer.headers["Retry-After"] = "5"
        return answer

    @app.get("/")
    def front() -> Response:
        # Only before the first feed is written: afterwards the hot path has the page.
        answer = _told(Response("The first feeds are being written; look again in a moment.\n", 503))
        answer.mimetype = "text/plain"
        answer.headers["Retry-After"] = "5"
        return answer

    @app.errorhandler(HTTPException)
    def error(problem: HTTPException) -> Response:
        answer = _told(Response(f"{problem.code} {problem.name}\n", problem.code, mimetype="text/plain"))
        allowed = problem.get_response().headers.get("Allow")
        if allowed:
            answer.headers["Allow"] = allowed
        return answer

    app.after_request(_harden)
    return app


def _take_addresses_as_they_are() -> None:
    # Flask takes // for the front page, of which it knows only that there is none yet.
    if request.environ["PATH_INFO"].startswith("//"):
        raise NotFound


def _harden(answer: Response) -> Response:
    for name, value in page_fields():
        answer.headers.setdefault(name, value)
    if "Allow" in answer.headers:
        # Of a set, which each process would tell in another order.
        answer.headers["Allow"] = ", ".join(sorted(answer.headers["Allow"].split(", ")))
    return answer


def _told(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
