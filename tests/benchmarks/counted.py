"""Kroi as it is served, but it also tells how often a request reached Flask: all others the page cache answered."""

from typing import Any

from flask import request_started

from app import app as kroi
from tests.benchmarks.servers import ENTERED

_entered = [0]


def _note(sender: object, **more: object) -> None:
    _entered[0] += 1


request_started.connect(_note, kroi)


def app(environ: dict[str, Any], start_response: Any) -> Any:
    """WSGI: one address of our own, all others are Kroi's."""
    if environ["PATH_INFO"] != ENTERED:
        return kroi(environ, start_response)
    body = str(_entered[0]).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
