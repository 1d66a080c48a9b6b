"""Where browsers say how quick a page was, when they leave it."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request

from kroi.analytics.counting.flusher import Flusher
from kroi.analytics.vitals import rules

shop = Blueprint("vitals", __name__)


@shop.post("/vitals")
def tell() -> Response:
    """Take a measure; it is written down a moment later, with those of others. Staff are not visitors."""
    found = rules.read(request.form)
    if found and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        flusher: Flusher = current_app.extensions["kroi.views"]
        path = urlsplit(request.headers.get("Referer", "")).path or "/"
        measured = " ".join(f"{metric.value}={bucket}" for metric, bucket in found.items())
        flusher.note((request.host, path, request.remote_addr or "", request.headers.get("User-Agent", ""), measured))
    return Response(status=204)
