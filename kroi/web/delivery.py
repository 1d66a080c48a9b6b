"""How text leaves: compressed when the browser can, with an ETag so that a second visit is a 304."""

import functools
import gzip
import hashlib

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from kroi.web.headers import HEADERS

_TEXT = {"text/html", "text/plain", "text/css", "application/json", "application/xml", "image/svg+xml"}
_GUARDS = repr(HEADERS).encode()  # a 304 does not repeat them, so with others a page is another one
LEAST = 500  # bytes; below, compressing costs more than it saves


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
    response.set_etag(hashlib.sha256(_GUARDS + response.get_data()).hexdigest()[:24], weak=True)
    response.make_conditional(request)


def _compress(response: Response) -> None:
    body = response.get_data()
    found = coding(request.headers.get("Accept-Encoding", ""))
    if found and len(body) >= LEAST:
        response.set_data(compressed(body, found))
        response.headers["Content-Encoding"] = found


@functools.lru_cache(maxsize=512)
def coding(accepted: str) -> str:
    """The best content coding for who sent this Accept-Encoding: `br`, `gzip`, or empty for none."""
    said = parse_accept_header(accepted, Accept)
    return next((name for name in ("br", "gzip") if said[name] > 0), "")


def decompressed(body: bytes, coding: str) -> bytes:
    """The body without this content coding."""
    return brotli.decompress(body) if coding == "br" else gzip.decompress(body)


def compressed(body: bytes, coding: str) -> bytes:
    """The body in this content coding."""
    return brotli.compress(body, quality=5) if coding == "br" else gzip.compress(body, compresslevel=6, mtime=0)
