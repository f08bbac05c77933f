"""The push API: articles are taken in, or taken back, and wait in the store for the worker, which alone admits them.

Errors are problem details (RFC 9457). Nothing is written on a GET.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections import Counter as Counted
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from feedservice.complaints import Complaints
from feedservice.errors import BadArticle, StoreError
from feedservice.model import Article, Facts, Known, Letter, Offer
from feedservice.protocols import Clock, Counter, Store
from feedservice.web.bodies import MOST, Bodies, Crowded
from feedservice.web.patient import Patient

_MOST_BYTES, _MOST_ARTICLES, _MOST_WAITING = 5_000_000, 100, 10_000
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_TAKEN_IN = ("new", "edited")
_NAME = "the push API"
_PATH = "/api/sources/<name>/articles"
Json = Mapping[str, object]


class _Problem(Exception):
    """What is wrong with a request, and how it is answered."""

    def __init__(self, status: HTTPStatus, detail: str, *, errors: list[Json] | None = None, **fields: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.fields = status, detail, errors, fields


def add_push_api(app: Flask, store: Store, counters: Mapping[str, Counter], clock: Clock) -> None:
    """Take in what is pushed to these sources."""
    desk = _Desk(store, counters, clock, Patient(store.document), Bodies(), Complaints())
    api = Blueprint("pushing", __name__)
    api.add_url_rule(_PATH, "push", desk.push, methods=["POST"])
    api.add_url_rule(_PATH, "state", desk.state, methods=["GET"])
    api.add_url_rule(_PATH, "withdraw", desk.withdraw, methods=["DELETE"])
    api.register_error_handler(_Problem, _told_of)
    api.register_error_handler(HTTPException, _told_of_http)
    app.register_blueprint(api)


@dataclass(frozen=True, slots=True)
class _Sent:
    """An article that came, and what is known of it. status: what becomes of it."""

    offer: Offer
    text: str
    status: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers the requests. patient, bodies: wait for the store and for what is sent, but not for long.

    complaints: that the store takes nothing in, until it does; on a full disk it can be read.
    """

    store: Store
    counters: Mapping[str, Counter]
    clock: Clock
    patient: Patient
    bodies: Bodies
    complaints: Complaints

    def push(self, name: str) -> Response:
        """Take in one article, or a list of them: all or none."""
        counter = self._admitted(name)
        data = _read_json(self._body())
        several = data if isinstance(data, list) else [data]
        if not several:
            raise _Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no article in the list.")
        if len(several) > _MOST_ARTICLES:
            raise _Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"From 1 to {_MOST_ARTICLES} articles at once.")
        read = _read_all(counter, several, listed=isinstance(data, list))
        sent = self._bounded(lambda: self._take_in(self.store.name_now(name), counter, read))
        told: list[Json] = [{"id": each.offer.key, "status": each.status} for each in sent]
        status = HTTPStatus.OK if all(each.status == "unchanged" for each in sent) else HTTPStatus.ACCEPTED
        if any(each.status in _TAKEN_IN for each in sent):
            self._has_taken_in()
        return _json(status, {"articles": told} if isinstance(data, list) else told[0])

    def state(self, name: str) -> Response:
        """How an article is: waiting, published, withdrawn, refused by the worker; and what became of its last word."""
        counter = self._admitted(name)
        key = _asked()
        known, letter, article, facts = self._bounded(lambda: self._look(self.store.name_now(name), key))
        problem = "" if letter else counter.why_refused(facts, key)
        if known is None and letter is None and not problem:
            raise _Problem(HTTPStatus.NOT_FOUND, "There is no such article.")
        stored = "refused" if known is None else "withdrawn" if known.withdrawn else "published"
        told: Json = {"id": key, "status": "waiting" if letter else stored} | (_told(article) if article else {})
        return _json(HTTPStatus.OK, {**told, "problem": problem} if problem else told)

    def withdraw(self, name: str) -> Response:
        """Take an article back, for good."""
        self._admitted(name)
        key = _asked()
        withdrawn = self._bounded(lambda: self._take_back(self.store.name_now(name), key))
        if withdrawn is None:
            raise _Problem(HTTPStatus.NOT_FOUND, "There is no such article.")
        status = HTTPStatus.OK if withdrawn else HTTPStatus.ACCEPTED
        if not withdrawn:
            self._has_taken_in()
        return _json(status, {"id": key, "status": "withdrawn" if withdrawn else "waiting"})

    def _has_taken_in(self) -> None:
        if self.complaints.ended(_NAME):
            _log.info("%s works again", _NAME)

    def _admitted(self, name: str) -> Counter:
        """The counter of a source, for who knows its token; nothing of the request's body is read before."""
        counter = self.counters.get(name)
        if counter is None:
            raise _Problem(HTTPStatus.NOT_FOUND, "Nothing can be pushed here.")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given, known = token.strip().encode("utf-8", "replace"), counter.token.encode()
        if not hmac.compare_digest(given, known) or scheme.lower() != "bearer":
            detail = "This asks for Authorization: Bearer and the source's token."
            raise _Problem(HTTPStatus.UNAUTHORIZED, detail, WWW_Authenticate=f'Bearer realm="{name}"')
        return counter

    def _body(self) -> bytes:
        """What is sent, whole."""
        length = _length()
        size = _MOST_BYTES + 1 if length is None else length
        # A client without an address came through the porch, behind which more threads answer.
        places = 1 if request.remote_addr else MOST
        try:
            sent = self.bodies.read(request.environ["wsgi.input"], size, places)
        except Crowded:
            detail = "Others are sending articles, slowly. Send it again."
            raise _Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, Retry_After="10", Connection="close") from None
        if len(sent) > _MOST_BYTES:
            raise _too_large()
        if length is not None and len(sent) < length:
            raise _Problem(HTTPStatus.BAD_REQUEST, "The body is cut.")
        return sent

    def _bounded(self, job: Callable[[], _Result]) -> _Result:
        try:
            return self.patient.wait_for(job)
        except StoreError as error:
            self.complaints.met(_NAME, f"{_NAME}: {error}")
            detail = "The store does not answer; what was sent may have been taken in all the same. Send it again."
            raise _Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, Retry_After="10") from None

    def _take_in(self, name: str, counter: Counter, read: list[tuple[Offer, str]]) -> list[_Sent]:
        with self.store.writing() as writer:
            known = self.store.known(name, [offer.key for offer, _ in read])
            sent = [_Sent(*each, self._fate(name, counter, known.get(each[0].key), *each)) for each in read]
            gone = [each.offer.key for each in sent if each.status == "withdrawn"]
            if gone:
                raise _Problem(HTTPStatus.GONE, f"Withdrawn for good: {', '.join(gone)}")
            new = [each for each in sent if each.status in _TAKEN_IN]
            if new and self.store.waiting(name) + len(new) > _MOST_WAITING:
                detail = f"{_MOST_WAITING:,} articles wait for the worker already."
                raise _Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, Retry_After="60")
            now = self.clock()
            writer.post([Letter(source=name, key=each.offer.key, text=each.text, at=now) for each in new])
        return sent

    def _fate(self, name: str, counter: Counter, known: Known | None, offer: Offer, text: str) -> str:
        """What becomes of an article that came: new, edited, unchanged, waiting already, or withdrawn before."""
        if known is not None and known.withdrawn:
            return "withdrawn"
        letter = self.store.letter(name, offer.key)
        if letter is not None and not letter.text:
            return "withdrawn"
        if letter is not None:
            return "waiting" if letter.text == text else "edited"
        if known is None or counter.is_new(known, offer):
            return "new"
        return "unchanged" if known.source != name or counter.is_told(known, offer) else "edited"

    def _take_back(self, name: str, key: str) -> bool | None:
        """Whether an article is withdrawn already; None where there is none."""
        with self.store.writing() as writer:
            known, letter = self.store.known(name, [key]).get(key), self.store.letter(name, key)
            if known is not None and known.source != name:
                if letter is None and known.offered and not known.withdrawn:
                    detail = "Another source brought this article: only that one takes it back."
                    raise _Problem(HTTPStatus.CONFLICT, detail)
                known = known if known.offered else None
            if known is None and letter is None:
                return None
            if known is not None and known.withdrawn:
                return True
            if letter is None or letter.text:
                writer.post([Letter(source=name, key=key, text="", at=self.clock())])
        return False

    def _look(self, name: str, key: str) -> tuple[Known | None, Letter | None, Article | None, Facts]:
        known, letter = self.store.known(name, [key]).get(key), self.store.letter(name, key)
        article = self.store.article(known.id) if known is not None else None
        return known, letter, article, self.store.state(name).facts


def _length() -> int | None:
    """How many bytes the body has that is to be read; None where that is not told."""
    if request.mimetype != "application/json":
        raise _Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    if request.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        raise _Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send it uncompressed.", Accept_Encoding="identity")
    length = request.content_length
    if length is not None and length > _MOST_BYTES:
        raise _too_large()
    return 0 if length is None and "Transfer-Encoding" not in request.headers else length


def _too_large() -> _Problem:
    return _Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {_MOST_BYTES:,} bytes.", Connection="close")


def _read_json(sent: bytes) -> object:
    try:
        return json.loads(sent.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise _Problem(HTTPStatus.BAD_REQUEST, "The body is no JSON in UTF-8.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names are unique: of others each reader takes something else (RFC 8259 §4)."""
    read = dict(pairs)
    if len(read) < len(pairs):
        (twice, _), *_ = Counted(name for name, _ in pairs).most_common(1)
        raise _Problem(HTTPStatus.BAD_REQUEST, f"{json.dumps(twice[:100])} is there twice in one object.")
    return read


def _read_all(counter: Counter, several: list[object], *, listed: bool) -> list[tuple[Offer, str]]:
    read: list[tuple[Offer, str]] = []
    errors: list[Json] = []
    for index, each in enumerate(several):
        try:
            read.append(counter.read(each))
        except BadArticle as bad:
            place = f"#/{index}" if listed else "#"
            errors += [{"detail": problem, "pointer": place + pointer} for pointer, problem in bad.faults]
    if errors:
        raise _Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was taken in: see errors.", errors=errors)
    keys = [offer.key for offer, _ in read]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            twice: list[Json] = [{"detail": f"{key} is there twice", "pointer": f"#/{index}"}]
            raise _Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was taken in: see errors.", errors=twice)
    return read


def _asked() -> str:
    key = request.args.get("id", "")
    if not key:
        raise _Problem(HTTPStatus.BAD_REQUEST, "Say which article: ?id=ID, percent-encoded.")
    return key


def _told(article: Article) -> dict[str, object]:
    return {
        "article": {
            "id": article.id,
            "url": article.url,
            "title": article.fields.title,
            "published": article.published.isoformat(),
            "updated": article.updated.isoformat(),
            "revision": article.revision,
            "categories": list(article.categories),
        }
    }


def _json(status: HTTPStatus, told: Json, media_type: str = "application/json", **fields: str) -> Response:
    body = json.dumps(told, ensure_ascii=False) + "\n"
    answer = Response(body, status, content_type=media_type)
    answer.headers["Cache-Control"] = "no-store"
    for name, value in fields.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def _told_of(problem: _Problem) -> Response:
    told: dict[str, object] = {"status": problem.status, "title": problem.status.phrase, "detail": problem.detail}
    if problem.errors is not None:
        told["errors"] = problem.errors
    return _json(problem.status, told, "application/problem+json", **problem.fields)


def _told_of_http(problem: HTTPException) -> Response:
    """What werkzeug refuses by itself."""
    status = HTTPStatus(problem.code or HTTPStatus.BAD_REQUEST)
    return _told_of(_Problem(status, status.description))
