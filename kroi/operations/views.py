"""What machines ask: is everything in order, how is the database, and what was counted?"""

import hmac
import ipaddress
import time

from flask import Blueprint, Response, current_app, jsonify, make_response, request
from flask_babel import gettext as _

from kroi.core import clock
from kroi.core.errors import TooMany
from kroi.core.version import VERSION
from kroi.db import statistics
from kroi.operations.health import rules, service
from kroi.operations.health.rules import Counter, State
from kroi.operations.metrics.service import Book
from kroi.web.settings import settings

machine = Blueprint("operations", __name__)
_STARTED = clock.now()
_counter = Counter()
_NOT_KEPT = {"Cache-Control": "no-store"}
_PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


@machine.get("/api/health")
def health() -> Response:
    """The state of every part: 200 when healthy or degraded, 503 when not. Nobody need be signed in."""
    _count()
    found = service.look(settings())
    answer = {
        "status": found.state,
        "version": VERSION,
        "uptime_seconds": int((clock.now() - _STARTED).total_seconds()),
        "checks": {name: {"status": part.state, **part.facts} for name, part in found.parts.items()},
    }
    return _answer(answer, found.state)


@machine.get("/api/health/db")
def database() -> Response:
    """The database as this process knows it: how soon it answers, its pools, how many statements were slow."""
    _count()
    part, counted = service.look(settings()).parts["database"], statistics.counts()
    queries = {"count": counted.queries, "slow": counted.slow, "failed": counted.failed, "refused": counted.refused}
    slowest = max((query.milliseconds for query in statistics.slow()), default=0.0)
    told = rules.records(part, statistics.pools(), {**queries, "slowest_milliseconds": round(slowest)})
    return _answer(told, part.state)


@machine.get("/metrics")
def metrics() -> Response:
    """What Prometheus reads; for this machine itself, and for who brings the token."""
    if not _may_read():
        _count()
        said = {**_NOT_KEPT, "WWW-Authenticate": 'Bearer realm="metrics"'}
        return Response("This needs METRICS_TOKEN.\n", 401, said, mimetype="text/plain")
    book: Book = current_app.extensions["kroi.metrics"]
    return Response(book.say(), 200, _NOT_KEPT, content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read() -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    token = settings().metrics_token
    if token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), token.encode())
    return not scheme and _is_this_machine()


def _is_this_machine() -> bool:
    """Did a program on this machine ask by itself? A proxy beside us asks for strangers, and says so."""
    peer = request.environ.get("werkzeug.proxy_fix.orig", request.environ).get("REMOTE_ADDR", "")
    try:
        ours = ipaddress.ip_address(peer).is_loopback
    except ValueError:  # none, or a socket's name
        return False
    return ours and not any(name in request.headers for name in _PASSED_ON)


def _count() -> None:
    wait = _counter.wait(request.remote_addr or "", time.monotonic())
    if wait:
        raise TooMany(_("You ask too often. Please wait a moment."), wait)


def _answer(told: dict[str, object], state: State) -> Response:
    return make_response(jsonify(told), 503 if state is State.UNHEALTHY else 200, _NOT_KEPT)
