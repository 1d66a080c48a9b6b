"""How text leaves: compressed when the browser can, with an ETag so that a second visit is a 304."""

import gzip
import hashlib

import brotli
from flask import Flask, Response, request

_TEXT = {"text/html", "text/plain", "text/css", "application/json", "application/xml", "image/svg+xml"}
_LEAST = 500  # bytes; below, compressing costs more than it saves


def install(app: Flask) -> None:
    """Compress and tag every text answer of `app`."""
    app.after_request(deliver)


def deliver(response: Response) -> Response:
    """The answer as it goes out."""
    if response.direct_passthrough or response.mimetype not in _TEXT:
        return response
    response.vary.add("Accept-Encoding")
    _tag(response)
    if response.status_code != 304 and "Content-Encoding" not in response.headers:
        _compress(response)
    return response


def _tag(response: Response) -> None:
    cacheable = request.method in ("GET", "HEAD") and response.status_code == 200
    if not cacheable or "no-store" in response.headers.get("Cache-Control", ""):
        return
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
    response.make_conditional(request)


def _compress(response: Response) -> None:
    body = response.get_data()
    if len(body) < _LEAST:
        return
    accepted = request.accept_encodings
    if accepted["br"] > 0:
        response.set_data(brotli.compress(body, quality=5))
        response.headers["Content-Encoding"] = "br"
    elif accepted["gzip"] > 0:
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
