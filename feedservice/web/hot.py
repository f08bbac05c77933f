"""The hot path: a look-up, a comparison, stored bytes. Stands before Flask, which most requests never reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from feedservice.complaints import Complaints
from feedservice.errors import StoreDamaged, StoreError
from feedservice.web.accepting import IDENTITY, Preferences
from feedservice.web.answers import Entry, Fields, Piece, not_allowed, options, short
from feedservice.web.conditions import fails, has_tag, unmodified
from feedservice.web.cutting import BadQuery, Cuts, read_query
from feedservice.web.deltas import Deltas, wants_delta
from feedservice.web.hosts import is_host
from feedservice.web.items import can_take_apart
from feedservice.web.past import Past
from feedservice.web.shelf import Shelf

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

    from feedservice.web.watcher import Watcher

_OK, _NOT_MODIFIED, _IM_USED = "200 OK", "304 Not Modified", "226 IM Used"
_OLD = "HTTP/1"
"""Version 1.0, as the server behind calls it, which needs no Host."""
_TRIES = 3
_SERVER = "*"
"""The target of an OPTIONS that means no document but the server, as checks of its health do (RFC 9110 §9.3.7)."""
_OWN = ("/feeds/", "/opml.xml")


class HotPath:
    """A WSGI application: documents from the shelf, the rest from the application behind it."""

    def __init__(
        self,
        shelf: Shelf,
        past: Past,
        cuts: Cuts,
        deltas: Deltas | None,
        *,
        behind: WSGIApplication,
        watcher: Watcher,
        lent: int = 0,
    ) -> None:
        self.lent = lent
        """How many bytes of bodies may be held once more, for the kernel to send."""
        self._shelf = shelf
        self._past = past
        self._behind = behind
        self._watcher = watcher
        self._preferred = Preferences()
        self._cuts = cuts
        self._deltas = deltas
        self._complaints = Complaints()

    def start(self) -> None:
        """Load what there is, and follow the store from now on. Raises StoreError."""
        self._watcher.start()

    def look(self) -> None:
        """Take over what was published since the last look; after `start` this happens by itself. Raises StoreError."""
        self._watcher.look()

    def close(self) -> None:
        """Stop to follow the store, and close it."""
        self._watcher.stop()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        path, host = environ["PATH_INFO"], environ.get("HTTP_HOST")
        if host is not None and not is_host(host) and (host or environ.get("SERVER_PROTOCOL") != _OLD):
            return _send(environ, start_response, short("400 Bad Request", "Say in one Host field whom you mean."))
        entry = self._shelf.get(path)
        if entry is None:
            if not path.startswith(_OWN):
                if path == _SERVER and environ["REQUEST_METHOD"] == "OPTIONS":
                    return _send(environ, start_response, options())
                return self._behind(environ, start_response)
            found = self._past_or_answer(environ, path)
            if not isinstance(found, Entry):
                return _send(environ, start_response, found)
            entry = found
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _send(environ, start_response, options() if method == "OPTIONS" else not_allowed())
        query = environ.get("QUERY_STRING")
        if query and can_take_apart(path):
            cut = self._cut_or_answer(entry, query)
            if not isinstance(cut, Entry):
                return _send(environ, start_response, cut)
            entry = cut
        return self._answer(environ, start_response, entry)

    def prepared(
        self, path: str, accept_encoding: str | None, none_match: str | None, modified_since: str | None
    ) -> tuple[Entry, str, Piece] | None:
        """What answers a GET or HEAD with these fields, for whoever sends it himself: (entry, status line, piece).

        Only for addresses without a query and clients that ask for no delta; None where memory alone cannot tell.
        """
        entry = self._shelf.get(path)
        if entry is None:
            return None
        piece = _choose(entry, self._preferred(accept_encoding), none_match)
        same = unmodified(none_match, modified_since, piece.etag, entry.last_modified, entry.modified_text)
        return entry, _NOT_MODIFIED if same else _OK, piece

    def serves(self, entry: Entry) -> bool:
        """Whether this is what is answered at its address."""
        return self._shelf.get(entry.path) is entry

    def held(self, entry: Entry, coding: str) -> bytes | None:
        """The bytes of an entry in one of its codings, where they are in memory."""
        return self._shelf.held(entry, coding)

    def _answer(self, environ: dict[str, Any], start_response: StartResponse, entry: Entry) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        codings = self._preferred(environ.get("HTTP_ACCEPT_ENCODING"))
        none_match, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        for _ in range(_TRIES):
            codings = _wished(environ, entry, codings)
            if not codings:
                return _send(environ, start_response, _another())
            piece = _choose(entry, codings, none_match)
            if unmodified(none_match, since, piece.etag, entry.last_modified, entry.modified_text):
                if self._deltas is not None:
                    self._note(environ, entry)
                start_response(_NOT_MODIFIED, piece.unmodified.copy())
                return []
            if method == "HEAD":
                start_response(_OK, piece.full.copy())
                return []
            try:
                if self._deltas is not None:
                    delta = self._delta(environ, entry, codings)
                    if delta is not None:
                        start_response(_IM_USED, delta[0])
                        return [delta[1]]
                body = self._shelf.body(entry, piece.coding)
            except StoreError as error:
                self._tell_of_damage(error)
                return self._answer_from_memory(environ, start_response, entry, codings)
            if body is not None:
                start_response(_OK, piece.full.copy())
                return [body]
            entry = self._shelf.get(entry.path) or entry
        return _send(environ, start_response, _later())

    def _delta(self, environ: dict[str, Any], entry: Entry, codings: Iterable[str]) -> tuple[Fields, bytes] | None:
        """What is new for a reader that asks for only that. Raises StoreError."""
        asked = environ.get("HTTP_A_IM")
        if self._deltas is None or not asked or environ.get("QUERY_STRING") or not wants_delta(asked):
            return None
        none_match = environ.get("HTTP_IF_NONE_MATCH")
        return self._deltas.answer(entry, codings, none_match, lambda: self._shelf.body(entry, IDENTITY))

    def _note(self, environ: dict[str, Any], entry: Entry) -> None:
        """Remember what a reader of deltas has, so that its next visit is answered with what is new."""
        try:
            self._delta(environ, entry, ())
        except StoreError as error:
            self._tell_of_damage(error)

    def _tell_of_damage(self, error: StoreError) -> None:
        """Log that a document is damaged; that the store is away, whoever reads it tells."""
        if isinstance(error, StoreDamaged):
            self._complaints.met(str(error), f"what is asked for is answered 503: {error}")

    def _answer_from_memory(
        self, environ: dict[str, Any], start_response: StartResponse, entry: Entry, codings: Iterable[str]
    ) -> Iterable[bytes]:
        """While the store is silent: a coding that the client takes, though not the best, if its bytes are held."""
        for coding in codings:
            body = self._shelf.held(entry, coding) if coding in entry.pieces else None
            if body is not None:
                start_response(_OK, entry.pieces[coding].full.copy())
                return [body]
        return _send(environ, start_response, _later())

    def _past_or_answer(self, environ: dict[str, Any], path: str) -> Entry | tuple[str, Fields, bytes]:
        """What is no feed: a page of a feed's archive, the new address of one that moved, or a refusal."""
        moved = self._shelf.moved(path, environ.get("QUERY_STRING", ""), environ["REQUEST_METHOD"])
        if moved is not None:
            return moved
        try:
            entry = self._past.entry(path)
        except StoreError as error:
            self._tell_of_damage(error)
            return _later()
        if entry is not None or self._watcher.loaded:
            return entry or short("404 Not Found", "There is no such feed; / lists them all.")
        # Of a store that is new, or was lost, nobody can say yet that a feed is not there.
        return _later("The first feeds are being written; look again in a moment.")

    def _cut_or_answer(self, entry: Entry, query: str) -> Entry | tuple[str, Fields, bytes]:
        """The document with only the items that a query asks for; itself when it asks for nothing that we know."""
        try:
            wanted = read_query(query)
            if wanted is None:
                return entry
            shown: Entry = entry
            cut = self._cuts.entry(shown, lambda: self._shelf.body(shown, IDENTITY), wanted)
        except BadQuery as problem:
            return short("400 Bad Request", str(problem))
        except StoreError as error:
            self._tell_of_damage(error)
            return _later()
        return cut or _later()


def _later(text: str = "Try again in a minute.") -> tuple[str, Fields, bytes]:
    return short("503 Service Unavailable", text, ("Retry-After", "60"))


def _another() -> tuple[str, Fields, bytes]:
    return short("412 Precondition Failed", "What is here now is not what you asked for.")


def _wished(environ: dict[str, Any], entry: Entry, codings: tuple[str, ...]) -> tuple[str, ...]:
    """Of the codings that the client takes those in which it gets what it wishes for, where it wishes for nothing else.

    () where that is not here any more (RFC 9110 §13.1.1, §13.1.4).
    """
    match, since = environ.get("HTTP_IF_MATCH"), environ.get("HTTP_IF_UNMODIFIED_SINCE")
    if match is None and since is None:
        return codings
    there = [coding for coding in codings if coding in entry.pieces]
    return tuple(each for each in there if not fails(match, since, entry.pieces[each].etag, entry.last_modified))


def _choose(entry: Entry, codings: Iterable[str], none_match: str | None) -> Piece:
    """The best representation that the client takes, but the one that it has, where that is one of those.

    Codings that come later so change nothing for whoever has the document already.
    """
    pieces = entry.pieces
    best: Piece | None = None
    for coding in codings:
        piece = pieces.get(coding)
        if piece is None:
            continue
        if none_match is None or piece.etag == none_match:
            return piece
        best = best or piece
    if best is None:
        return pieces[IDENTITY]
    if none_match is not None and not has_tag(none_match, best.etag):
        for coding in codings:
            piece = pieces.get(coding)
            if piece is not None and has_tag(none_match, piece.etag):
                return piece
    return best


def _send(environ: dict[str, Any], start_response: StartResponse, answer: tuple[str, Fields, bytes]) -> Iterable[bytes]:
    status, fields, body = answer
    start_response(status, fields)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
