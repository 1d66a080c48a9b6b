"""The pictures themselves: always from our own address, for ever the same under one name."""

from flask import Blueprint, Response, make_response, send_file

from kroi.catalogue.photos import rules
from kroi.catalogue.photos.store import here
from kroi.db.tenancy import current_dealership_id

media = Blueprint("media", __name__)

_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@media.get("/media/<name>")
def picture(name: str) -> Response:
    """One picture of this dealership."""
    path = here().path(current_dealership_id(), name) if rules.is_file_name(name) else None
    if path is None or not path.is_file():
        return make_response(("", 404, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}))
    response = send_file(path, mimetype=_TYPES[path.suffix[1:]], etag=name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
