"""What machines ask: is everything in order?"""

import time

from flask import Blueprint, Response, jsonify, make_response, request
from flask_babel import gettext as _

from kroi.core import clock
from kroi.core.errors import TooMany
from kroi.core.version import VERSION
from kroi.operations.health.rules import Counter, State
from kroi.operations.health.service import Watch
from kroi.web.settings import settings

machine = Blueprint("operations", __name__)
_STARTED = clock.now()
_watch, _counter = Watch(), Counter()


@machine.get("/api/health")
def health() -> Response:
    """The state of every part: 200 when healthy or degraded, 503 when not. Nobody need be signed in."""
    wait = _counter.wait(request.remote_addr or "", time.monotonic())
    if wait:
        raise TooMany(_("You ask too often. Please wait a moment."), wait)
    found = _watch.look(settings())
    answer = {
        "status": found.state,
        "version": VERSION,
        "uptime_seconds": int((clock.now() - _STARTED).total_seconds()),
        "checks": {name: {"status": part.state, **part.facts} for name, part in found.parts.items()},
    }
    status = 503 if found.state is State.UNHEALTHY else 200
    return make_response(jsonify(answer), status, {"Cache-Control": "no-store"})
